/*
 * A terminal of eighty columns while it is written: paragraphs, labels, colours.
 */
#ifndef ASSESS_REPORT_SCREEN_H
#define ASSESS_REPORT_SCREEN_H

#include "assess/report_text.h"

struct screen {
	struct job *job;
	const struct assessment *assessment;
	const struct report_options *options;
	bool colour;
	struct text out;
};

/* Our own words in the reader's language. */
const char *screen_words(const struct screen *screen, const char *english);

/* Columns that clean words take: letters are counted, not bytes, and Chinese ones twice. */
size_t screen_cells(const char *clean);

/*
 * A paragraph of anybody's words from column `indent` after `label` (ours, or
 * ""), which goes on at column `hang` when it is longer than a line.
 */
void screen_paragraph(
    struct screen *screen, size_t indent, size_t hang, const char *label, const char *string);
/* The rest of a line that stands at column `column` already. */
void screen_continue(struct screen *screen, size_t column, size_t hang, const char *string);
/* A paragraph that hangs by two columns; and with "label: " before it, translated. */
void screen_line(struct screen *screen, size_t indent, const char *string);
void screen_labelled(struct screen *screen, size_t indent, const char *english, const char *string);

/* What stands at a place, marked as such; nothing when there is none. */
void screen_excerpt(struct screen *screen, size_t indent, const char *excerpt);

/* How many findings the supplier explained, by what became of it; nothing when there is none. */
void screen_explained(struct screen *screen);
/* … and what they are. */
enum status screen_explanations(struct screen *screen);

/* An empty line and a heading. */
void screen_heading(struct screen *screen, const char *english);
void screen_start_colour(struct screen *screen, enum verdict verdict);
void screen_end_colour(struct screen *screen);

/* "VN135-01.1 (5.1-1)"; NULL only when out of budget. */
const char *screen_clause(
    const struct screen *screen, const struct profile_requirement *requirement);
/* The clauses in one string, at most `limit` of them; NULL only when out of budget. */
const char *screen_clauses(const struct screen *screen,
    const struct requirement_result *const *requirements, size_t count, size_t limit);

#endif
