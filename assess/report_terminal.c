/* What a person reads first: the verdict, what to mend, and what is still to be done. */
#include "assess/report_advice.h"
#include "assess/report_screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	PLACES_MAX = 6,  /* of one repair */
	CLAUSES_MAX = 8, /* of one repair or step */
};

static void
put_top(struct screen *screen)
{
	const struct assessment *assessment = screen->assessment;
	const struct profile *profile = assessment->profile;

	screen_start_colour(screen, assessment->overall);
	text_put(&screen->out, screen_words(screen, verdict_name(assessment->overall)));
	screen_end_colour(screen);
	text_put(&screen->out, "\n");
	if (assessment->trial)
		text_put(&screen->out, TRIAL_BANNER_EN " / " TRIAL_BANNER_VI "\n");
	screen_line(screen, 0, screen_words(screen, report_verdict_sentence(assessment)));
	if (assessment->refer)
		screen_line(screen, 0,
		    screen_words(screen,
			"A requirement added by the programme failed: no certificate may be "
			"issued before a person has looked into it."));
	text_put(&screen->out, "\n");
	screen_labelled(screen, 0, "Product",
	    report_product(
		screen->job, assessment, screen_words(screen, "Product without a name")));
	screen_labelled(screen, 0, "Standard", profile->regulation);
}

static void
put_counts(struct screen *screen)
{
	const struct assessment *assessment = screen->assessment;
	struct report_counts counts = report_count(assessment);
	struct text line = text_new(screen->job);
	const char *string;

	for (size_t verdict = 0; verdict < 4; verdict++)
		text_printf(&line, "%s%s %zu (+%zu)", verdict ? ", " : "",
		    screen_words(screen, verdict_name((enum verdict)verdict)),
		    counts.mandatory[verdict], counts.other[verdict]);
	if (text_finish(&line, &string) == STATUS_OK)
		screen_labelled(screen, 0, "Mandatory requirements (+ others)", string);
	else
		screen->out.failed = true;
	screen_explained(screen);
	line = text_new(screen->job);
	text_printf(&line, "%s %lld, %s %lld, %s %lld, %s %lld, %s %zu",
	    screen_words(screen, "by machine"), (long long)assessment->rules_decided.machine,
	    screen_words(screen, "by a person"), (long long)assessment->rules_decided.person,
	    screen_words(screen, "by machine and person"),
	    (long long)assessment->rules_decided.both, screen_words(screen, "by nobody yet"),
	    (long long)report_undecided(assessment, &counts),
	    screen_words(screen, "not applicable"), counts.not_applicable);
	if (text_finish(&line, &string) == STATUS_OK)
		screen_labelled(screen, 0, "Test cases decided", string);
	else
		screen->out.failed = true;
}

static void
put_clauses(struct screen *screen, const char *english,
    const struct requirement_result *const *requirements, size_t count)
{
	screen_labelled(
	    screen, 4, english, screen_clauses(screen, requirements, count, CLAUSES_MAX));
}

static int
compare_ids(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* What was found, with the id by which it is explained, and whether an earlier case knows it. */
static void
put_detail(struct screen *screen, const struct finding *finding)
{
	const struct report_options *options = screen->options;
	const char *detail = report_detail(screen->job, options->language, finding);
	bool known =
	    options->known_count != 0 && bsearch(&finding->id, options->known, options->known_count,
					     sizeof *options->known, compare_ids) != NULL;

	if (detail == NULL) {
		screen->out.failed = true;
		return;
	}
	screen_line(screen, 6,
	    arena_printf(screen->job, "%s%s[%s]%s%s", detail, detail[0] != '\0' ? " " : "",
		finding->id, known ? " " : "",
		known ? screen_words(screen, "(in the baseline)") : ""));
}

/* Each place once, with all that was found there below it. */
static void
put_places(struct screen *screen, const struct repair *repair)
{
	const char *label = arena_printf(screen->job, "%s: ", screen_words(screen, "where"));
	const char *last = "", *command;

	for (size_t i = 0; i < repair->finding_count && i < PLACES_MAX; i++) {
		const struct finding *finding = repair->findings[i];
		int language = screen->options->language;

		if (finding->place && *finding->place && strcmp(finding->place, last) != 0)
			screen_paragraph(screen, 4, 8, label,
			    report_place(screen->job, language, finding->place));
		if (finding->place && strcmp(finding->place, last) != 0)
			screen_excerpt(screen, 6, finding->excerpt);
		last = finding->place ? finding->place : "";
		put_detail(screen, finding);
		command = report_repair_command(screen->job, repair, finding);
		if (command)
			screen_labelled(screen, 6, "what was said there", command);
	}
	if (repair->finding_count > PLACES_MAX)
		text_printf(&screen->out, "      + %zu %s\n", repair->finding_count - PLACES_MAX,
		    screen_words(screen, "more"));
}

static void
put_repair(struct screen *screen, const struct repair *repair, size_t number)
{
	const char *claim, *remedy, *source;

	report_repair_words(screen->assessment, repair, &claim, &remedy, &source);
	screen_start_colour(screen, VERDICT_FAIL);
	screen_paragraph(screen, 0, 4,
	    arena_printf(screen->job, "%2zu. %s: ", number, screen_words(screen, "Not met")),
	    screen_words(screen, claim));
	screen_end_colour(screen);
	put_clauses(screen, "clauses it fails", repair->requirements, repair->requirement_count);
	if (!repair->finding_count || !repair->findings[0]->check)
		screen_labelled(screen, 4, "test case", repair->rule->rule->test_case);
	put_places(screen, repair);
	if (remedy)
		screen_labelled(screen, 4, "remedy", screen_words(screen, remedy));
}

static enum status
put_repairs(struct screen *screen)
{
	struct repair *repairs;
	size_t count;

	TRY(report_repairs(screen->job, screen->assessment, &repairs, &count));
	if (count > 0)
		screen_heading(screen, "What to fix first");
	for (size_t i = 0; i < count; i++)
		put_repair(screen, &repairs[i], i + 1);
	return STATUS_OK;
}

static void
put_step(struct screen *screen, const struct step *step, size_t number)
{
	const char *sentence, *command;

	report_step_words(
	    screen->job, screen->assessment, screen->options->language, step, &sentence, &command);
	screen_paragraph(screen, 0, 4, arena_printf(screen->job, "%2zu. ", number), sentence);
	if (command)
		screen_paragraph(screen, 4, 6, "$ ", command);
	put_clauses(
	    screen, "clauses that wait for it", step->requirements, step->requirement_count);
}

static enum status
put_steps(struct screen *screen)
{
	struct step *steps;
	size_t count, waiting;

	TRY(report_steps(screen->job, screen->assessment, &steps, &count, &waiting));
	if (waiting == 0)
		return STATUS_OK;
	screen_heading(screen, "What could not be told yet");
	screen_line(screen, 0,
	    arena_printf(screen->job,
		screen_words(screen,
		    "Mandatory requirements without a verdict: %zu. What would settle them:"),
		waiting));
	for (size_t i = 0; i < count; i++)
		put_step(screen, &steps[i], i + 1);
	return STATUS_OK;
}

/* The public form names the clauses only. */
static void
put_requirements(struct screen *screen, const char *heading, enum verdict verdict)
{
	bool first = true;

	for (size_t i = 0; i < screen->assessment->requirement_count; i++) {
		const struct requirement_result *result = &screen->assessment->requirements[i];
		const char *clause = screen_clause(screen, result->requirement);

		if (result->verdict != verdict || !result->requirement->mandatory)
			continue;
		if (first)
			screen_heading(screen, heading);
		first = false;
		screen_paragraph(screen, 0, 2,
		    clause ? arena_printf(screen->job, "%s ", clause) : NULL,
		    report_choose(result->requirement->title, screen->options->language));
	}
}

enum status
report_terminal(struct job *job, const struct assessment *assessment,
    const struct report_options *options, bool colour, const char **out)
{
	struct screen screen = {job, assessment, options, colour, text_new(job)};
	struct assessment without;

	if (options->is_public) {
		TRY(report_public(job, assessment, &without));
		screen.assessment = &without;
	}
	put_top(&screen);
	put_counts(&screen);
	if (options->is_public) {
		put_requirements(&screen, "Requirements not met", VERDICT_FAIL);
		put_requirements(&screen, "What could not be told yet", VERDICT_INCONCLUSIVE);
	} else {
		TRY(put_repairs(&screen));
		TRY(screen_explanations(&screen));
		TRY(put_steps(&screen));
	}
	return text_finish(&screen.out, out);
}
