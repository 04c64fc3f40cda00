/* Regions come sorted as facts are; a person wants them as they lie in the image. */
#include "app/print_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/words.h"
#include "base/arena.h"
#include "base/message.h"

#define COLUMNS 80
#define DETAIL_COLUMN 38
#define LEAST_DETAIL 20
#define OFFSET_COLUMNS 14
#define MAX_INDENT 8
#define MAX_DEPTH 32u

/* A region, and the nearest region around it; between the two may stand a file that is a container.
 */
struct line {
	const struct fact *fact;
	const char *owner; /* path of that region; "" for the image */
	const char *file;  /* path of that file; "" when there is none */
};

struct lines {
	struct line *lines;
	size_t count;
	const char **paths; /* of all regions, sorted */
	size_t path_count;
};

static int
compare(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	int order = strcmp(a->owner, b->owner);

	if (order == 0)
		order = strcmp(a->file, b->file);
	if (order != 0)
		return order;
	if (a->fact->offset != b->fact->offset)
		return a->fact->offset < b->fact->offset ? -1 : 1;
	return strcmp(a->fact->path, b->fact->path);
}

static int
compare_strings(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static bool
is_region(const struct lines *lines, const char *path)
{
	return bsearch(&path, lines->paths, lines->path_count, sizeof *lines->paths,
		   compare_strings) != NULL;
}

/* Cuts components off the parent's path until a region's is left. */
static enum status
set_owner(struct job *job, const struct lines *lines, struct line *line)
{
	const char *parent = line->fact->as.region.parent;
	char *path = arena_copy_string(job, parent == NULL ? "" : parent);

	if (path == NULL)
		return STATUS_LIMIT;
	while (path[0] != '\0' && !is_region(lines, path)) {
		char *slash = strrchr(path, '/');

		*(slash == NULL ? path : slash) = '\0';
	}
	line->owner = path;
	line->file = parent == NULL || strcmp(path, parent) == 0 ? "" : parent;
	return STATUS_OK;
}

static bool
is_container(const struct fact *fact)
{
	return fact->as.region.format != NULL && fact->as.region.format[0] != '\0' &&
	       fact->path != NULL;
}

static enum status
collect_lines(struct job *job, const struct fact_list *facts, struct lines *lines)
{
	lines->lines = arena_array(job, facts->count, sizeof *lines->lines);
	lines->paths = arena_array(job, facts->count, sizeof *lines->paths);
	if (lines->lines == NULL || lines->paths == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++) {
		if (facts->facts[i].kind != FACT_region)
			continue;
		lines->lines[lines->count++].fact = &facts->facts[i];
		if (is_container(&facts->facts[i]))
			lines->paths[lines->path_count++] = facts->facts[i].path;
	}
	qsort(lines->paths, lines->path_count, sizeof *lines->paths, compare_strings);
	for (size_t i = 0; i < lines->count; i++)
		TRY(set_owner(job, lines, &lines->lines[i]));
	qsort(lines->lines, lines->count, sizeof *lines->lines, compare);
	return STATUS_OK;
}

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

/* The first line owned by `path`. */
static size_t
first_of(const struct lines *lines, const char *path)
{
	size_t low = 0, high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(lines->lines[middle].owner, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A file that is a container is named once, before what is in it. */
static void
print_file(const struct line *line, unsigned depth)
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
print_below(struct job *job, const struct lines *lines, const char *path, unsigned depth)
{
	const char *file = "";

	if (depth > MAX_DEPTH)
		return STATUS_OK;
	for (size_t i = first_of(lines, path); i < lines->count; i++) {
		const struct line *line = &lines->lines[i];

		if (strcmp(line->owner, path) != 0)
			break;
		if (strcmp(line->file, file) != 0) {
			file = line->file;
			print_file(line, depth);
		}
		TRY(print_line(job, line->fact, depth));
		if (is_container(line->fact) && strcmp(line->fact->path, path) != 0)
			TRY(print_below(job, lines, line->fact->path, depth + 1));
	}
	return STATUS_OK;
}

/* What was read of the image itself; what lies unread in decompressed layers is told apart. */
static void
print_coverage(struct job *job, const struct lines *lines, uint64_t image_bytes, int language)
{
	uint64_t unread = 0, inside = 0, read;

	for (size_t i = 0; i < lines->count; i++) {
		const struct fact *fact = lines->lines[i].fact;
		const char *coverage = fact->as.region.coverage;
		uint64_t *sum = lines->lines[i].owner[0] == '\0' ? &unread : &inside;

		if (strcmp(coverage, "read") != 0 && strcmp(coverage, "padding") != 0 &&
		    __builtin_add_overflow(*sum, (uint64_t)fact->as.region.bytes, sum))
			*sum = UINT64_MAX;
	}
	read = unread > image_bytes ? 0 : image_bytes - unread;
	say_message(language, "read {} of {} bytes ({} %)",
	    (const char *const[3]){arena_printf(job, "%" PRIu64, read),
		arena_printf(job, "%" PRIu64, image_bytes),
		arena_printf(job, "%" PRIu64 ".%" PRIu64,
		    image_bytes == 0 ? 100 : read * 100 / image_bytes,
		    image_bytes == 0 ? 0 : read * 1000 / image_bytes % 10)});
	if (inside != 0)
		say_message(language, "inside it, {} bytes were not read",
		    (const char *const[3]){arena_printf(job, "%" PRIu64, inside)});
}

enum status
print_tree(struct job *job, const struct fact_list *facts, uint64_t image_bytes, const char *name,
    int language)
{
	struct lines lines = {0};

	TRY(collect_lines(job, facts, &lines));
	say("%s\n%s\n", name, message(language, "OFFSET               BYTES WHAT"));
	TRY(print_below(job, &lines, "", 0));
	print_coverage(job, &lines, image_bytes, language);
	return STATUS_OK;
}
