/* Regions come sorted as facts are; a person wants them as they lie in the image. */
#include "app/print_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/quantity.h"
#include "app/regions.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/message.h"

#define COLUMNS 80
#define DETAIL_COLUMN 38
#define LEAST_DETAIL 20
#define OFFSET_COLUMNS 14
#define MAX_INDENT 8

/* Prints text from DETAIL_COLUMN on, broken between words. */
static void
print_wrapped(const char *text, size_t column)
{
	size_t room = COLUMNS - DETAIL_COLUMN;

	if (column > DETAIL_COLUMN)
		say("\n%*s", DETAIL_COLUMN, "");
	else
		say("%*s", (int)(DETAIL_COLUMN - column), "");
	while (strlen(text) > room) {
		size_t cut = room;

		while (cut > LEAST_DETAIL && text[cut] != ' ')
			cut--;
		if (text[cut] != ' ')
			cut = room;
		while (cut > 1 && ((unsigned char)text[cut] & 0xc0) == 0x80)
			cut--; /* not inside a UTF-8 character */
		say("%.*s\n%*s", (int)cut, text, DETAIL_COLUMN, "");
		text += cut;
		text += *text == ' ';
	}
	say("%s\n", text);
}

static const char *
detail_of(struct job *job, const struct fact *fact)
{
	const char *detail = fact->as.region.detail == NULL ? "" : fact->as.region.detail;
	const char *coverage = fact->as.region.coverage;
	const char *comma = detail[0] == '\0' ? "" : ", ";
	int64_t entropy = fact->as.region.entropy;

	if (strcmp(coverage, "gap") == 0)
		return arena_printf(job, "entropy %" PRId64 ".%02" PRId64 " bits a byte%s%s",
		    entropy / 1000, entropy % 1000 / 10, comma, detail);
	if (fact->as.region.format == NULL || fact->as.region.format[0] == '\0')
		return detail;
	if (strcmp(coverage, "damaged") == 0 || strcmp(coverage, "unsupported") == 0 ||
	    strcmp(coverage, "encrypted") == 0)
		return arena_printf(job, "%s%s%s", coverage, comma, detail);
	return detail;
}

static enum status
print_line(struct job *job, const struct fact *fact, unsigned depth)
{
	struct arena_mark mark = arena_mark(job->arena);
	const char *format = fact->as.region.format, *detail = detail_of(job, fact);
	const char *what = format != NULL && format[0] != '\0' ? format : fact->as.region.coverage;
	int indent = depth > MAX_INDENT / 2 ? MAX_INDENT : (int)(2 * depth);
	char *start;

	if (detail == NULL)
		return STATUS_LIMIT;
	start = arena_printf(job, "%*s%-*" PRIx64 " %11" PRId64 " %s ", indent, "",
	    OFFSET_COLUMNS - indent, (uint64_t)fact->offset, fact->as.region.bytes, what);
	if (start == NULL)
		return STATUS_LIMIT;
	say("%s", start);
	print_wrapped(detail, strlen(start));
	arena_release(job->arena, mark);
	return STATUS_OK;
}

/* A file that is a container is named once, before what is in it. */
static void
print_file(const struct region_line *line, unsigned depth)
{
	const char *name = line->file + strlen(line->owner);
	size_t room = COLUMNS - 2 * (size_t)depth - 4;

	if (strcmp(name, "/data") == 0)
		return;
	if (strlen(name) > room)
		name += strlen(name) - room;
	say("%*sin %s\n", (int)(2 * depth), "", name);
}

static enum status
print_below(struct job *job, const struct region_lines *lines, const char *path, unsigned depth)
{
	const char *file = "";

	if (depth > REGIONS_MAX_DEPTH)
		return STATUS_OK;
	for (size_t i = regions_first(lines, path); i < lines->count; i++) {
		const struct region_line *line = &lines->lines[i];

		if (strcmp(line->owner, path) != 0)
			break;
		if (strcmp(line->file, file) != 0) {
			file = line->file;
			print_file(line, depth);
		}
		TRY(print_line(job, line->fact, depth));
		if (region_is_container(line->fact) && strcmp(line->fact->path, path) != 0)
			TRY(print_below(job, lines, line->fact->path, depth + 1));
	}
	return STATUS_OK;
}

/* "98.7 % of 3,535,872 bytes explained; 45 KiB unknown, high entropy" */
static void
put_coverage(struct job *job, const struct region_lines *lines, uint64_t image_bytes, int language)
{
	struct unread unread = regions_unread(lines);
	const struct {
		uint64_t bytes;
		const char *words;
	} parts[] = {
	    {unread.dense, "; {} unknown, high entropy"},
	    {unread.plain, "; {} unknown"},
	    {unread.encrypted, "; {} encrypted"},
	    {unread.damaged, "; {} damaged"},
	    {unread.unsupported, "; {} not supported"},
	};
	uint64_t left = image_bytes;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		left -= parts[i].bytes < left ? parts[i].bytes : left;
	say_words(language, "{} of {} bytes explained",
	    (const char *const[3]){quantity_percent(job, left, image_bytes, language),
		quantity_grouped(job, image_bytes, language)});
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].bytes != 0)
			say_words(language, parts[i].words,
			    (const char *const[3]){quantity_bytes(job, parts[i].bytes, language)});
	say("\n");
	if (unread.inside != 0)
		say_message(language, "inside what was unpacked, {} were not read",
		    (const char *const[3]){quantity_bytes(job, unread.inside, language)});
}

enum status
print_tree(struct job *job, const struct fact_list *facts, uint64_t image_bytes, const char *name,
    int language)
{
	struct region_lines lines;

	TRY(regions_collect(job, facts, &lines));
	say("%s\n%s\n", words_clean(job, name),
	    message(language, "OFFSET               BYTES WHAT"));
	TRY(print_below(job, &lines, "", 0));
	put_coverage(job, &lines, image_bytes, language);
	return STATUS_OK;
}

enum status
print_coverage(struct job *job, const struct fact_list *facts, uint64_t image_bytes, int language)
{
	struct region_lines lines;

	TRY(regions_collect(job, facts, &lines));
	put_coverage(job, &lines, image_bytes, language);
	return STATUS_OK;
}
