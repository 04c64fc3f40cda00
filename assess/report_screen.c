/* Eighty columns of cells, not bytes: Vietnamese takes two or three bytes a letter, Chinese two
 * cells. */
#include "assess/report_screen.h"

#include <string.h>

#include "base/arena.h"
#include "base/message.h"

enum { COLUMNS = 80 };

const char *
screen_words(const struct screen *screen, const char *english)
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

static size_t
cells(const char *word, size_t size)
{
	size_t used;

	fitting(word, size, SIZE_MAX, &used);
	return used;
}

size_t
screen_cells(const char *clean)
{
	return cells(clean, strlen(clean));
}

/* Writes clean words from column `column`, breaking at spaces or within a word longer than a line.
 */
static void
wrap(struct screen *screen, const char *string, size_t column, size_t hang)
{
	bool fresh = true; /* nothing on this line yet */

	for (const char *at = string + strspn(string, " "); *at; at += strspn(at, " ")) {
		size_t size = strcspn(at, " "), used;

		if (!fresh && column + 1 + cells(at, size) > COLUMNS) {
			text_printf(&screen->out, "\n%*s", (int)hang, "");
			column = hang;
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
			text_printf(&screen->out, "\n%*s", (int)hang, "");
			column = hang;
		}
	}
	text_put(&screen->out, "\n");
}

void
screen_paragraph(
    struct screen *screen, size_t indent, size_t hang, const char *label, const char *string)
{
	const char *clean = string ? report_clean(screen->job, string) : NULL;
	const char *line = clean && label ? arena_printf(screen->job, "%s%s", label, clean) : NULL;

	if (!line) {
		screen->out.failed = true;
		return;
	}
	text_printf(&screen->out, "%*s", (int)indent, "");
	wrap(screen, line, indent, hang);
}

void
screen_continue(struct screen *screen, size_t column, size_t hang, const char *string)
{
	const char *clean = string ? report_clean(screen->job, string) : NULL;

	if (clean)
		wrap(screen, clean, column, hang);
	else
		screen->out.failed = true;
}

void
screen_line(struct screen *screen, size_t indent, const char *string)
{
	screen_paragraph(screen, indent, indent + 2, "", string);
}

void
screen_labelled(struct screen *screen, size_t indent, const char *english, const char *string)
{
	screen_paragraph(screen, indent, indent + 2,
	    arena_printf(screen->job, "%s: ", screen_words(screen, english)), string);
}

void
screen_excerpt(struct screen *screen, size_t indent, const char *excerpt)
{
	if (excerpt != NULL && excerpt[0] != '\0')
		screen_paragraph(screen, indent, indent + 2, "| ", excerpt);
}

void
screen_start_colour(struct screen *screen, enum verdict verdict)
{
	static const char *const colours[] = {"32", "31", "33", "36"};

	if (screen->colour)
		text_printf(&screen->out, "\033[1;%sm", colours[verdict]);
}

void
screen_end_colour(struct screen *screen)
{
	if (screen->colour)
		text_put(&screen->out, "\033[0m");
}

void
screen_heading(struct screen *screen, const char *english)
{
	text_put(&screen->out, screen->colour ? "\n\033[1m" : "\n");
	text_put(&screen->out, screen_words(screen, english));
	screen_end_colour(screen);
	text_put(&screen->out, "\n");
}

const char *
screen_clause(const struct screen *screen, const struct profile_requirement *requirement)
{
	if (!requirement->provision || !*requirement->provision)
		return requirement->id;
	return arena_printf(screen->job, "%s (%s)", requirement->id, requirement->provision);
}

const char *
screen_clauses(const struct screen *screen, const struct requirement_result *const *requirements,
    size_t count, size_t limit)
{
	struct text out = text_new(screen->job);
	const char *string;

	for (size_t i = 0; i < count && i < limit; i++) {
		const char *clause = screen_clause(screen, requirements[i]->requirement);

		if (!clause)
			return NULL;
		text_printf(&out, "%s%s", i ? ", " : "", clause);
	}
	if (count > limit)
		text_printf(&out, " + %zu %s", count - limit, screen_words(screen, "more"));
	return text_finish(&out, &string) == STATUS_OK ? string : NULL;
}
