/* Eighty columns of cells, not bytes: Vietnamese takes two or three bytes a letter, Chinese two
 * cells. */
#include "assess/report_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/message.h"

enum {
	COLUMNS = 80,
	PLACES_MAX = 3,     /* of one repair */
	QUESTIONS_MAX = 12, /* undecided requirements named */
};

struct screen {
	struct job *job;
	const struct assessment *assessment;
	const struct report_options *options;
	bool colour;
	struct text out;
};

static const char *
words(const struct screen *screen, const char *english)
{
	return message(screen->options->language, english);
}

static size_t
cells_of(int32_t character)
{
	if (character >= 0x300 && character < 0x370)
		return 0; /* a mark over the letter before */
	if ((character >= 0x1100 && character < 0x1160) ||
	    (character >= 0x2e80 && character < 0xa4d0) ||
	    (character >= 0xac00 && character < 0xd7a4) ||
	    (character >= 0xf900 && character < 0xfb00) ||
	    (character >= 0xfe30 && character < 0xfe70) ||
	    (character >= 0xff00 && character < 0xff61) ||
	    (character >= 0x1f300 && character < 0x1fb00) || character >= 0x20000)
		return 2;
	return 1;
}

/* Bytes of a word that fit in `cells`; `*used` says how many cells they take. */
static size_t
fitting(const char *word, size_t size, size_t cells, size_t *used)
{
	const char *at = word;

	*used = 0;
	while (at < word + size) {
		const char *next = at;
		size_t wide = cells_of(report_next_character(&next));

		if (*used + wide > cells)
			break;
		*used += wide;
		at = next;
	}
	return (size_t)(at - word);
}

/* The cells of `size` bytes. */
static size_t
cells(const char *word, size_t size)
{
	size_t used;

	fitting(word, size, SIZE_MAX, &used);
	return used;
}

/*
 * Writes `string`, already clean, from column `indent`, breaking at spaces (or
 * within a word longer than a line) and indenting what follows by two more.
 */
static void
wrap(struct screen *screen, const char *string, size_t indent)
{
	size_t column = indent;
	bool fresh = true; /* nothing on this line yet */

	for (const char *at = string + strspn(string, " "); *at; at += strspn(at, " ")) {
		size_t size = strcspn(at, " "), used;

		if (!fresh && column + 1 + cells(at, size) > COLUMNS) {
			text_printf(&screen->out, "\n%*s", (int)indent + 2, "");
			column = indent + 2;
			fresh = true;
		}
		if (!fresh) {
			text_put(&screen->out, " ");
			column++;
		}
		size = fitting(at, size, COLUMNS - column, &used);
		text_put_bytes(&screen->out, at, size);
		column += used;
		at += size;
		fresh = *at != ' ' && *at && column + 2 > COLUMNS;
		if (fresh) {
			text_printf(&screen->out, "\n%*s", (int)indent + 2, "");
			column = indent + 2;
		}
	}
	text_put(&screen->out, "\n");
}

/* One paragraph: a label of ours in the indent's place, then any words. */
static void
put_line(struct screen *screen, size_t indent, const char *label, const char *string)
{
	const char *clean = report_clean(screen->job, string);
	const char *line = clean ? arena_printf(screen->job, "%s%s", label, clean) : NULL;

	if (!line) {
		screen->out.failed = true;
		return;
	}
	text_printf(&screen->out, "%*s", (int)indent, "");
	wrap(screen, line, indent);
}

static void
put_labelled(struct screen *screen, size_t indent, const char *english, const char *string)
{
	const char *label = arena_printf(screen->job, "%s: ", words(screen, english));

	if (label)
		put_line(screen, indent, label, string);
	else
		screen->out.failed = true;
}

static void
start_colour(struct screen *screen, enum verdict verdict)
{
	static const char *const colours[] = {"32", "31", "33", "36"};

	if (screen->colour)
		text_printf(&screen->out, "\033[1;%sm", colours[verdict]);
}

static void
end_colour(struct screen *screen)
{
	if (screen->colour)
		text_put(&screen->out, "\033[0m");
}

static void
put_heading(struct screen *screen, const char *english)
{
	text_put(&screen->out, screen->colour ? "\n\033[1m" : "\n");
	text_put(&screen->out, words(screen, english));
	end_colour(screen);
	text_put(&screen->out, "\n");
}

static void
put_top(struct screen *screen)
{
	const struct assessment *assessment = screen->assessment;
	const struct profile *profile = assessment->profile;

	start_colour(screen, assessment->overall);
	text_put(&screen->out, words(screen, verdict_name(assessment->overall)));
	end_colour(screen);
	text_put(&screen->out, "\n");
	if (assessment->trial)
		text_put(&screen->out, TRIAL_BANNER_EN " / " TRIAL_BANNER_VI "\n");
	put_line(screen, 0, "", words(screen, report_verdict_sentence(assessment)));
	if (assessment->refer)
		put_line(screen, 0, "",
		    words(screen,
			"A requirement added by the programme failed: no certificate may be "
			"issued before a person has looked into it."));
	text_put(&screen->out, "\n");
	put_labelled(screen, 0, "Product",
	    report_product(screen->job, assessment, words(screen, "Product without a name")));
	put_labelled(screen, 0, "Standard", profile->regulation);
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
		    words(screen, verdict_name((enum verdict)verdict)), counts.mandatory[verdict],
		    counts.other[verdict]);
	if (text_finish(&line, &string) == STATUS_OK)
		put_labelled(screen, 0, "Mandatory requirements (+ others)", string);
	else
		screen->out.failed = true;
	line = text_new(screen->job);
	text_printf(&line, "%s %lld, %s %lld, %s %lld, %s %lld", words(screen, "by machine"),
	    (long long)assessment->rules_decided.machine, words(screen, "by a person"),
	    (long long)assessment->rules_decided.person, words(screen, "by machine and person"),
	    (long long)assessment->rules_decided.both, words(screen, "by nobody yet"),
	    (long long)assessment->rules_decided.nobody);
	if (text_finish(&line, &string) == STATUS_OK)
		put_labelled(screen, 0, "Test cases decided", string);
	else
		screen->out.failed = true;
}

static void
put_clause(struct screen *screen, const struct requirement_result *result, enum verdict verdict)
{
	const struct profile_requirement *requirement = result->requirement;
	bool provision = requirement->provision && *requirement->provision;
	const char *line = arena_printf(screen->job, "%s%s%s%s %s", requirement->id,
	    provision ? " (" : "", provision ? requirement->provision : "", provision ? ")" : "",
	    report_choose(requirement->title, screen->options->language));

	if (!line) {
		screen->out.failed = true;
		return;
	}
	start_colour(screen, verdict);
	put_line(screen, 0, "", line);
	end_colour(screen);
}

static void
put_places(struct screen *screen, const struct repair *repair)
{
	for (size_t i = 0; i < repair->finding_count && i < PLACES_MAX; i++) {
		const struct finding *finding = repair->findings[i];

		if (finding->place && *finding->place)
			put_labelled(screen, 4, "where", finding->place);
		if (finding->detail && *finding->detail)
			put_labelled(screen, 4, "found",
			    report_translate(
				screen->job, screen->options->language, finding->detail));
	}
	if (repair->finding_count > PLACES_MAX)
		text_printf(&screen->out, "    + %zu %s\n", repair->finding_count - PLACES_MAX,
		    words(screen, "more"));
}

static void
put_repair(struct screen *screen, const struct repair *repair)
{
	const char *claim, *remedy, *source;

	put_clause(screen, repair->requirement, VERDICT_FAIL);
	report_repair_words(screen->assessment, repair, &claim, &remedy, &source);
	put_labelled(screen, 2, "not met", words(screen, claim));
	put_places(screen, repair);
	if (remedy)
		put_labelled(screen, 2, "remedy", words(screen, remedy));
}

static enum status
put_repairs(struct screen *screen)
{
	struct repair *repairs;
	size_t count;

	TRY(report_repairs(screen->job, screen->assessment, &repairs, &count));
	if (count > 0)
		put_heading(screen, "What to fix first");
	for (size_t i = 0; i < count; i++)
		put_repair(screen, &repairs[i]);
	return STATUS_OK;
}

/* Why a rule is open: its reason, or the first finding that keeps it so. */
static const char *
rule_question(const struct rule_result *rule)
{
	if (rule->reason && *rule->reason)
		return rule->reason;
	for (size_t i = 0; i < rule->finding_count; i++) {
		const struct finding *finding = &rule->findings[i];

		if (finding->verdict == VERDICT_INCONCLUSIVE && finding_stands(finding) &&
		    finding->detail)
			return finding->detail;
	}
	return NULL;
}

static const char *
open_reason(const struct requirement_result *result)
{
	for (size_t i = 0; i < result->rule_count; i++) {
		const struct rule_result *rule = &result->rules[i];
		const char *question =
		    rule->verdict == VERDICT_INCONCLUSIVE ? rule_question(rule) : NULL;

		if (question)
			return question;
	}
	return NULL;
}

static void
put_questions(struct screen *screen)
{
	const char *last = NULL; /* a reason is said once, not under each clause */
	size_t count = 0;

	for (size_t i = 0; i < screen->assessment->requirement_count; i++) {
		const struct requirement_result *result = &screen->assessment->requirements[i];
		const char *reason = open_reason(result);

		if (result->verdict != VERDICT_INCONCLUSIVE || !result->requirement->mandatory)
			continue;
		if (count++ == 0)
			put_heading(screen, "What could not be told yet");
		if (count > QUESTIONS_MAX)
			continue;
		put_clause(screen, result, VERDICT_INCONCLUSIVE);
		if (reason && (!last || strcmp(last, reason) != 0))
			put_line(screen, 2, "",
			    report_translate(screen->job, screen->options->language, reason));
		last = reason ? reason : last;
	}
	if (count > QUESTIONS_MAX)
		text_printf(
		    &screen->out, "+ %zu %s\n", count - QUESTIONS_MAX, words(screen, "more"));
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
	TRY(put_repairs(&screen));
	put_questions(&screen);
	return text_finish(&screen.out, out);
}
