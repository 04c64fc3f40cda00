/* A supplier's explanations enter a case as what they are: its own file, and statements about
 * findings that others have to accept. */
#include "app/case_explain.h"

#include <string.h>

#include "app/case_command.h"
#include "app/case_steps.h"
#include "app/process_read.h"
#include "assess/found.h"
#include "assess/report_text.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/xml.h"
#include "profiles/explanations.h"

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static enum status
store(struct work *work, const char *path, struct span bytes, const struct fact_list *facts)
{
	char hex[DIGEST_HEX_SIZE];

	TRY(case_attach(work->job, work->file, base_name(path), bytes, hex));
	return work_add_facts(work, facts, 0);
}

/* Nobody has explained anything yet that is dated after now. */
static enum status
check_times(struct job *job, const char *path, const struct fact_list *facts, int64_t now)
{
	for (size_t i = 0; i < facts->count; i++) {
		char time[32];

		if (facts->facts[i].as.explanation.time <= now)
			continue;
		text_format_time(facts->facts[i].as.explanation.time, time);
		return fail(
		    job, STATUS_MALFORMED, "%s: a time that is yet to come: %s", path, time);
	}
	return STATUS_OK;
}

enum status
work_add_explanations(struct work *work, const char *path)
{
	struct fact_list facts = {0};
	struct span bytes;

	TRY(file_read(work->job, path, EXPLANATIONS_MAX_SIZE, &bytes));
	TRY(process_read_explanations(work->job, bytes, path, &facts));
	TRY(check_times(work->job, path, &facts, work->now));
	TRY(work_begin(work, "explain", base_name(path)));
	return work_finish(work, store(work, path, bytes, &facts));
}

void
case_tell_idle(struct job *job, int language, const struct assessment *assessment)
{
	for (size_t i = 0; i < assessment->idle_explanation_count; i++) {
		const char *id =
		    report_clean(job, assessment->idle_explanations[i]->as.explanation.finding);

		tell(message(language,
			 "hopquy: no finding that fails has the id %s: its explanation changes "
			 "nothing\n"),
		    id == NULL ? "" : id);
	}
}

/* Words in a comment: "--" would end it. */
static void
put_comment(struct text *out, struct job *job, const char *label, const char *words)
{
	const char *clean = report_clean(job, words);

	if (clean == NULL) {
		out->failed = true;
		return;
	}
	text_printf(out, "\t\t%s: ", label);
	for (; *clean != '\0'; clean++) {
		text_put_bytes(out, clean, 1);
		if (clean[0] == '-' && (clean[1] == '-' || clean[1] == '\0'))
			text_put(out, " ");
	}
	text_put(out, "\n");
}

static void
put_found(struct text *out, struct job *job, int language, const struct assessment *assessment,
    const struct found *found)
{
	const struct finding *first = found_first(found);
	const char *claim = first->check, *remedy, *source;
	char now[32];

	text_format_time(assessment->now, now);
	check_texts(assessment, first->check, &claim, &remedy, &source);
	text_put(out, "\t<!--\n");
	put_comment(out, job, message(language, "Not met"), message(language, claim));
	put_comment(out, job, message(language, "where"), first->place);
	if (first->excerpt != NULL && first->excerpt[0] != '\0')
		put_comment(out, job, message(language, "what stands there"), first->excerpt);
	if (first->detail != NULL && first->detail[0] != '\0')
		put_comment(out, job, message(language, "what was found"),
		    message(language, first->detail));
	text_printf(out, "\t-->\n\t<explanation person=\"\" time=\"%s\">\n", now);
	for (size_t i = 0; i < found->bearing_count; i++)
		text_printf(out, "\t\t<finding id=\"%s\"/> <!-- %s -->\n",
		    found->bearings[i].finding->id,
		    found->bearings[i].requirement->requirement->id);
	text_put(out, "\t\t<reason></reason>\n\t</explanation>\n");
}

static bool
fails(const void *context, const struct finding *finding)
{
	(void)context;
	return finding_weight(finding) == VERDICT_FAIL;
}

static enum status
make_template(struct job *job, int language, const struct assessment *assessment, const char **out)
{
	struct text text = text_new(job);
	struct found_group *groups;
	size_t count;

	TRY(found_collect(job, assessment, fails, NULL, &groups, &count));
	text_printf(&text,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- %s -->\n"
	    "<explanations xmlns=\"urn:hopquy:explanations:1\">\n",
	    message(language,
		"Keep what you can explain, with a name and a reason; delete the rest. An "
		"explanation is a statement: the finding stays, and a tester rules on it."));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < groups[i].found_count; j++)
			put_found(&text, job, language, assessment, &groups[i].found[j]);
	text_put(&text, "</explanations>\n");
	return text_finish(&text, out);
}

struct explaining {
	const char *file, *out;
};

/* Which statements are about something that fails, under the case's own profile, now. */
static enum status
do_explain(struct work *work, void *context)
{
	const struct explaining *explaining = context;
	struct assessment assessment;

	TRY(work_add_explanations(work, explaining->file));
	TRY(work_evaluate(work, NULL, work->now, &assessment));
	case_tell_idle(work->job, work->language, &assessment);
	say(message(work->language,
		"Findings that are explained: %lld. Now run \"hopquy case assess\".\n"),
	    (long long)assessment.explained.open + (long long)assessment.explained.accepted +
		(long long)assessment.explained.refused);
	return STATUS_OK;
}

static bool
has_failed(const struct assessment *assessment)
{
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++)
				if (rule->findings[k].check != NULL &&
				    fails(NULL, &rule->findings[k]))
					return true;
		}
	return false;
}

static enum status
do_template(struct work *work, void *context)
{
	const struct explaining *explaining = context;
	struct assessment assessment;
	const char *out;

	TRY(work_evaluate(work, NULL, work->now, &assessment));
	TRY(make_template(work->job, work->language, &assessment, &out));
	if (!has_failed(&assessment))
		tell("%s\n",
		    message(work->language, "hopquy: no check fails: there is nothing to explain"));
	if (explaining->out != NULL)
		return file_write(work->job, explaining->out, span_of_string(out), 0644);
	say("%s", out);
	return STATUS_OK;
}

enum status
case_run_explain(struct invocation *invocation)
{
	struct explaining explaining = {0};
	bool template = false;
	const struct option options[] = {
	    {"template", OPTION_FLAG, &template}, {"output", OPTION_TEXT, &explaining.out}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 2, &operands));
	if (template != (operands.count == 1) || (explaining.out != NULL && !template))
		return fail(invocation->job, STATUS_USAGE,
		    "case explain wants a case and a file, or a case and --template");
	work = case_start(invocation, operands.values[0]);
	if (template)
		return case_with(&work, false, do_template, &explaining);
	explaining.file = operands.values[1];
	return case_with(&work, true, do_explain, &explaining);
}
