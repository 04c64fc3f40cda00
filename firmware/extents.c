/* A container names its parts; what hides between them is named by nobody. */
#include "firmware/extents.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define ALIGNMENT 16u
#define WORD 4u
#define LEAST_PADDING 64u

enum status
extents_add(struct job *job, struct extents *extents, uint64_t from, uint64_t size)
{
	uint64_t to;

	if (size == 0)
		return STATUS_OK;
	if (__builtin_add_overflow(from, size, &to))
		to = UINT64_MAX;
	if (extents->count == extents->room) {
		size_t room = extents->room == 0 ? 16 : extents->room * 2;
		struct extent *grown = arena_array(job, room, sizeof *grown);

		if (grown == NULL)
			return STATUS_LIMIT;
		if (extents->count != 0)
			memcpy(grown, extents->at, extents->count * sizeof *grown);
		extents->at = grown;
		extents->room = room;
	}
	extents->at[extents->count++] = (struct extent){from, to};
	return STATUS_OK;
}

static int
compare(const void *left, const void *right)
{
	const struct extent *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

static bool
is_fill(uint8_t byte)
{
	return byte == 0 || byte == 0xff;
}

/* Fill at the ends of a hole is no part of what hides in it. */
static void
trim(struct span content, uint64_t *from, uint64_t *to)
{
	const uint8_t first = content.at[*from], last = content.at[*to - 1];

	while (is_fill(first) && *from < *to && content.at[*from] == first)
		++*from;
	while (is_fill(last) && *to > *from && content.at[*to - 1] == last)
		--*to;
}

static bool
is_alignment(struct span bytes)
{
	if (bytes.size < WORD)
		return true; /* mkimage leaves there what was in memory */
	for (size_t i = 1; i < bytes.size && bytes.size < ALIGNMENT; i++)
		if (bytes.at[i] != bytes.at[0])
			return false;
	return bytes.size < ALIGNMENT;
}

/* Searches a hole, unless it is as short as alignment makes it. */
static enum status
tell_hole(
    struct unpack *unpack, struct node *container, struct span content, uint64_t from, uint64_t to)
{
	uint64_t begin = from, end = to;

	trim(content, &begin, &end);
	if (begin == end ? to - from < LEAST_PADDING
			 : is_alignment(span_part(content, begin, end - begin)))
		return STATUS_OK;
	return unpack_search_part(unpack, container, content, from, to, NULL);
}

enum status
extents_tell_rest(
    struct extents *extents, struct unpack *unpack, struct node *container, struct span content)
{
	uint64_t done = 0;

	if (extents->count > 1)
		qsort(extents->at, extents->count, sizeof *extents->at, compare);
	for (size_t i = 0; i <= extents->count && done < content.size; i++) {
		bool last = i == extents->count;
		uint64_t from = last ? content.size : extents->at[i].from;
		uint64_t to = last ? content.size : extents->at[i].to;

		if (from > content.size)
			from = content.size;
		if (from > done)
			TRY(tell_hole(unpack, container, content, done, from));
		if (to > done)
			done = to;
	}
	return STATUS_OK;
}
