/* One clause whole, for the person who has to mend it or to answer for it. */
#include "assess/report_screen.h"

#include <string.h>

#include "base/arena.h"

enum {
	ID_COLUMNS = 12,
	ROWS_MAX = 24,
	PASSES_MAX = 6
}; /* findings of one check, of each verdict */

static const char *
verdict_words(const struct screen *screen, enum verdict verdict)
{
	return screen_words(screen, verdict_name(verdict));
}

static void
put_verdict(struct screen *screen, enum verdict verdict)
{
	screen_start_colour(screen, verdict);
	text_put(&screen->out, verdict_words(screen, verdict));
	screen_end_colour(screen);
}

/* The widest verdict in the reader's language. */
static size_t
verdict_columns(const struct screen *screen)
{
	size_t widest = 0;

	for (int verdict = 0; verdict < 4; verdict++) {
		size_t cells = screen_cells(verdict_words(screen, (enum verdict)verdict));

		widest = cells > widest ? cells : widest;
	}
	return widest;
}

static void
put_row(struct screen *screen, const struct requirement_result *result)
{
	const char *id = result->requirement->id;
	size_t wide = screen_cells(id), verdict = verdict_columns(screen);
	size_t cells = screen_cells(verdict_words(screen, result->verdict));
	size_t title = ID_COLUMNS + verdict + 2;

	text_printf(
	    &screen->out, "%s%*s", id, wide < ID_COLUMNS ? (int)(ID_COLUMNS - wide) : 1, "");
	put_verdict(screen, result->verdict);
	text_printf(&screen->out, "%*s", (int)(verdict - cells + 2), "");
	screen_continue(screen, title, title,
	    report_choose(result->requirement->title, screen->options->language));
}

/* "place: detail [id, fact 12]" */
static const char *
finding_words(const struct screen *screen, const struct finding *finding)
{
	int language = screen->options->language;
	const char *place = report_place(screen->job, language, finding->place);
	const char *detail = report_detail(screen->job, language, finding);
	struct text line = text_new(screen->job);
	const char *string;

	if (!place || !detail)
		return NULL;
	text_printf(&line, "%s%s%s [%s", place, *place && *detail ? ": " : "", detail, finding->id);
	if (finding->fact != 0)
		text_printf(
		    &line, ", %s %lld", screen_words(screen, "fact"), (long long)finding->fact);
	if (finding->check && finding->exchange != 0)
		text_printf(&line, ", %s %lld", screen_words(screen, "exchange"),
		    (long long)finding->exchange);
	text_put(&line, "]");
	return text_finish(&line, &string) == STATUS_OK ? string : NULL;
}

static void
put_finding(struct screen *screen, const struct rule_result *rule, const struct finding *finding)
{
	enum verdict verdict = report_verdict(rule, finding);
	const char *ruling = report_ruling(screen->job, screen->options->language, finding);

	text_put(&screen->out, "    ");
	put_verdict(screen, verdict);
	text_put(&screen->out, " ");
	screen_continue(screen, 5 + screen_cells(verdict_words(screen, verdict)), 6,
	    finding_words(screen, finding));
	screen_excerpt(screen, 6, finding->excerpt);
	if (!ruling || *ruling)
		screen_paragraph(screen, 6, 8, "— ", ruling);
}

/* The claim of a check and, where it failed, its remedy. */
static void
put_check(struct screen *screen, const char *check, bool failed)
{
	const char *claim, *remedy, *source;

	screen_labelled(screen, 2, "check", check);
	if (!check_texts(screen->assessment, check, &claim, &remedy, &source))
		return;
	screen_line(screen, 4, screen_words(screen, claim));
	if (failed)
		screen_labelled(screen, 4, "remedy", screen_words(screen, remedy));
}

/* The findings of one check or procedure, the worst first. */
static void
put_source(struct screen *screen, const struct rule_result *rule, size_t from, size_t to)
{
	static const struct {
		enum verdict verdict;
		size_t most;
	} order[] = {{VERDICT_FAIL, ROWS_MAX}, {VERDICT_INCONCLUSIVE, ROWS_MAX},
	    {VERDICT_NOT_APPLICABLE, ROWS_MAX}, {VERDICT_PASS, PASSES_MAX}};
	const struct finding *findings = rule->findings;
	size_t left_out = 0;
	bool failed = false;

	for (size_t i = from; i < to; i++)
		failed |= findings[i].verdict == VERDICT_FAIL && finding_stands(&findings[i]);
	if (findings[from].check)
		put_check(screen, findings[from].check, failed);
	else
		screen_labelled(screen, 2, "procedure",
		    findings[from].procedure ? findings[from].procedure : "");
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		size_t count = 0;

		for (size_t j = from; j < to; j++)
			if (findings[j].verdict == order[i].verdict && count++ < order[i].most)
				put_finding(screen, rule, &findings[j]);
		left_out += count > order[i].most ? count - order[i].most : 0;
	}
	if (left_out > 0)
		text_printf(&screen->out, "    + %zu %s\n", left_out,
		    screen_words(screen, "more, all in the JSON form of this report"));
}

static void
put_rule(struct screen *screen, const struct rule_result *rule)
{
	text_printf(&screen->out, "\n%s ", rule->rule->test_case);
	put_verdict(screen, rule->verdict);
	text_printf(&screen->out, " (%s)\n", screen_words(screen, report_decided_by(rule)));
	screen_line(screen, 2, report_choose(rule->rule->purpose, screen->options->language));
	if (report_reason(rule))
		screen_line(screen, 2,
		    report_translate(screen->job, screen->options->language, report_reason(rule)));
	for (size_t from = 0, to; from < rule->finding_count; from = to) {
		to = finding_group_end(rule, from);
		put_source(screen, rule, from, to);
	}
}

static void
put_whole(struct screen *screen, const struct requirement_result *result)
{
	const struct profile_requirement *requirement = result->requirement;
	const char *clause = screen_clause(screen, requirement);

	put_verdict(screen, result->verdict);
	text_printf(&screen->out, " — %s\n", screen_words(screen, report_obligation(requirement)));
	screen_paragraph(screen, 0, 2, clause ? arena_printf(screen->job, "%s ", clause) : NULL,
	    report_choose(requirement->title, screen->options->language));
	for (size_t i = 0; i < result->rule_count; i++)
		put_rule(screen, &result->rules[i]);
}

enum status
report_show(struct job *job, const struct assessment *assessment,
    const struct report_options *options, const char *clause, bool colour, const char **out)
{
	struct screen screen = {job, assessment, options, colour, text_new(job)};
	bool found = false;

	for (size_t i = 0; i < assessment->requirement_count; i++) {
		const struct requirement_result *result = &assessment->requirements[i];

		if (!clause) {
			put_row(&screen, result);
		} else if (strcmp(clause, result->requirement->id) == 0 ||
			   strcmp(clause, result->requirement->provision) == 0) {
			text_put(&screen.out, found ? "\n" : "");
			put_whole(&screen, result);
			found = true;
		}
	}
	if (clause && !found)
		return fail(job, STATUS_USAGE, "the profile has no clause '%s'", clause);
	return text_finish(&screen.out, out);
}
