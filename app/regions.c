/* What lies in a wrapper lies in the image; what a stream holds lies nowhere in it. */
#include "app/regions.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/format.h"
#include "firmware/gap.h"

static int
compare(const void *left, const void *right)
{
	const struct region_line *a = left, *b = right;
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
compare_paths(const void *left, const void *right)
{
	const struct region_line *const *a = left, *const *b = right;

	return strcmp((*a)->fact->path, (*b)->fact->path);
}

bool
region_is_container(const struct fact *fact)
{
	return fact->as.region.format != NULL && fact->as.region.format[0] != '\0' &&
	       fact->path != NULL;
}

static const struct region_line *
container_at(const struct region_lines *lines, const char *path)
{
	const struct fact fact = {.path = path};
	const struct region_line key = {.fact = &fact}, *wanted = &key;
	const struct region_line **found =
	    lines->container_count == 0
		? NULL
		: bsearch(&wanted, lines->containers, lines->container_count,
		      sizeof *lines->containers, compare_paths);

	return found == NULL ? NULL : *found;
}

/* Cuts components off the parent's path until a region's is left. */
static enum status
set_owner(struct job *job, const struct region_lines *lines, struct region_line *line)
{
	const char *parent = line->fact->as.region.parent;
	char *path = arena_copy_string(job, parent == NULL ? "" : parent);

	if (path == NULL)
		return STATUS_LIMIT;
	while (path[0] != '\0' && container_at(lines, path) == NULL) {
		char *slash = strrchr(path, '/');

		*(slash == NULL ? path : slash) = '\0';
	}
	line->owner = path;
	line->file = parent == NULL || strcmp(path, parent) == 0 ? "" : parent;
	return STATUS_OK;
}

/* Only bytes of wrappers are searched where they are. */
static void
set_place(const struct region_lines *lines, struct region_line *line)
{
	const struct region_line *owner = line;
	uint64_t at = 0;
	unsigned depth;

	for (depth = 0; depth < REGIONS_MAX_DEPTH; depth++) {
		const struct format *format;

		at += owner->fact->offset < 0 ? 0 : (uint64_t)owner->fact->offset;
		if (owner->file[0] != '\0')
			return;
		if (owner->owner[0] == '\0')
			break;
		owner = container_at(lines, owner->owner);
		format = format_named(owner->fact->as.region.format);
		if (format == NULL || format->nature != NATURE_WRAPPER)
			return;
	}
	line->in_image = true;
	line->at = at;
	line->depth = depth;
}

enum status
regions_collect(struct job *job, const struct fact_list *facts, struct region_lines *lines)
{
	*lines = (struct region_lines){
	    .lines = arena_array(job, facts->count, sizeof *lines->lines),
	    .containers = arena_array(job, facts->count, sizeof *lines->containers),
	};
	if (lines->lines == NULL || lines->containers == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_region)
			lines->lines[lines->count++].fact = &facts->facts[i];
	for (size_t i = 0; i < lines->count; i++)
		if (region_is_container(lines->lines[i].fact))
			lines->containers[lines->container_count++] = &lines->lines[i];
	qsort(lines->containers, lines->container_count, sizeof *lines->containers, compare_paths);
	for (size_t i = 0; i < lines->count; i++)
		TRY(set_owner(job, lines, &lines->lines[i]));
	for (size_t i = 0; i < lines->count; i++)
		set_place(lines, &lines->lines[i]);
	qsort(lines->lines, lines->count, sizeof *lines->lines, compare);
	lines->container_count = 0; /* they have moved */
	for (size_t i = 0; i < lines->count; i++)
		if (region_is_container(lines->lines[i].fact))
			lines->containers[lines->container_count++] = &lines->lines[i];
	qsort(lines->containers, lines->container_count, sizeof *lines->containers, compare_paths);
	return STATUS_OK;
}

size_t
regions_first(const struct region_lines *lines, const char *path)
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

/* Sums of sizes a hostile image claims stop at the largest number. */
static void
count(uint64_t *sum, const struct fact *fact)
{
	if (fact->as.region.bytes > 0 &&
	    __builtin_add_overflow(*sum, (uint64_t)fact->as.region.bytes, sum))
		*sum = UINT64_MAX;
}

static bool
is_read(const struct fact *fact)
{
	return strcmp(fact->as.region.coverage, "read") == 0 ||
	       strcmp(fact->as.region.coverage, "padding") == 0;
}

/* Bytes of something that is unread as a whole are counted with it. */
static bool
is_counted_outside(const struct region_lines *lines, const struct region_line *line)
{
	for (unsigned depth = 0; depth < REGIONS_MAX_DEPTH && line->owner[0] != '\0'; depth++) {
		const char *file = line->file;

		line = container_at(lines, line->owner);
		if (!is_read(line->fact) && line->in_image && file[0] == '\0')
			return true;
	}
	return false;
}

struct unread
regions_unread(const struct region_lines *lines)
{
	struct unread unread = {0};

	for (size_t i = 0; i < lines->count; i++) {
		const struct fact *fact = lines->lines[i].fact;
		const char *coverage = fact->as.region.coverage;
		bool dense = fact->as.region.entropy >= (int64_t)GAP_DENSE_MILLIBITS &&
			     fact->as.region.bytes >= (int64_t)GAP_DENSE_SIZE;

		if (is_read(fact) ||
		    (lines->lines[i].in_image && is_counted_outside(lines, &lines->lines[i])))
			continue;
		count(!lines->lines[i].in_image              ? &unread.inside
		      : strcmp(coverage, "encrypted") == 0   ? &unread.encrypted
		      : strcmp(coverage, "damaged") == 0     ? &unread.damaged
		      : strcmp(coverage, "unsupported") == 0 ? &unread.unsupported
		      : dense                                ? &unread.dense
							     : &unread.plain,
		    fact);
	}
	return unread;
}
