/* A partition ends where its table says, whatever is in it believes to be larger. */
#include "firmware/partitions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define LONGEST_LIST 2000 /* bytes of a line for a person */

bool
partitions_add(struct partitions *partitions, const struct partition *partition)
{
	if (partitions->count >= PARTITIONS_MAX)
		return false;
	partitions->all[partitions->count++] = *partition;
	return true;
}

static int
compare(const void *left, const void *right)
{
	const struct partition *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

void
partitions_sort(struct partitions *partitions)
{
	qsort(partitions->all, partitions->count, sizeof *partitions->all, compare);
}

uint64_t
partitions_end(const struct partitions *partitions)
{
	uint64_t end = 0;

	for (size_t i = 0; i < partitions->count; i++)
		if (partitions->all[i].to > end)
			end = partitions->all[i].to;
	return end;
}

const char *
partition_size(struct job *job, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;

	while (unit + 1 < ARRAY_SIZE(units) && bytes != 0 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	return arena_printf(job, "%" PRIu64 " %s", bytes, units[unit]);
}

const char *
partitions_describe(struct job *job, const struct partitions *partitions)
{
	struct text text = text_new(job);
	const char *line;

	for (size_t i = 0; i < partitions->count; i++)
		if (text.size > LONGEST_LIST) {
			text_put(&text, "; …");
			break;
		} else if (partitions->all[i].legend != NULL)
			text_printf(
			    &text, "%s%s", text.size == 0 ? "" : "; ", partitions->all[i].legend);
	return text_finish(&text, &line) == STATUS_OK ? line : NULL;
}

/* Something that begins where the partition begins was read to its own end. */
static bool
holds_a_whole_thing(struct unpack *unpack, const struct node *container, uint64_t from)
{
	const struct tree *tree = unpack_tree(unpack);

	for (size_t i = tree->region_count; i-- > 0;) {
		const struct region *region = &tree->regions[i];

		if (region->offset == from && strcmp(region->parent, container->path) == 0)
			return region->format[0] != '\0' && region->coverage == COVERAGE_READ;
	}
	return false;
}

/* Images are often shorter than their last partition: what is in it may still be whole. */
static enum status
search_cut(struct unpack *unpack, struct node *container, struct span content, uint64_t from,
    const struct partition *partition)
{
	if (from < content.size)
		TRY(unpack_search_part(
		    unpack, container, content, from, content.size, partition->name));
	if (holds_a_whole_thing(unpack, container, partition->from))
		return STATUS_OK;
	return unpack_damage(unpack, container, content.size, 0, COVERAGE_DAMAGED,
	    "partition %s ends %" PRIu64 " bytes behind the image", partition->legend,
	    partition->to - content.size);
}

static enum status
search_one(struct unpack *unpack, struct node *container, struct span content,
    const struct partition *partition, uint64_t cursor)
{
	uint64_t from = partition->from;

	if (from < cursor) {
		TRY(unpack_damage(unpack, container, from, cursor - from, COVERAGE_DAMAGED,
		    "partition %s overlaps what stands before it",
		    partition->legend == NULL ? "table" : partition->legend));
		from = cursor;
	}
	if (partition->name == NULL)
		return STATUS_OK;
	if (partition->to > content.size)
		return search_cut(unpack, container, content, from, partition);
	return from >= partition->to ? STATUS_OK
				     : unpack_search_part(unpack, container, content, from,
					   partition->to, partition->name);
}

enum status
partitions_search(struct unpack *unpack, struct node *container, struct span content,
    const struct partitions *partitions)
{
	uint64_t cursor = 0;

	for (size_t i = 0; i < partitions->count; i++) {
		const struct partition *partition = &partitions->all[i];
		uint64_t from = partition->from < content.size ? partition->from : content.size;

		if (from > cursor)
			TRY(unpack_search_part(unpack, container, content, cursor, from, NULL));
		TRY(search_one(unpack, container, content, partition, cursor));
		if (from > cursor)
			cursor = from;
		if (partition->to > cursor)
			cursor = partition->to < content.size ? partition->to : content.size;
	}
	return unpack_search_part(unpack, container, content, cursor, content.size, NULL);
}
