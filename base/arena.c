/* An arena is a chain of blocks, each twice as large as the one before, up to its budget. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK ((size_t)64 << 10)
#define LARGEST_BLOCK ((size_t)8 << 20)
#define ALIGNMENT ((size_t)16)
/*
 * A block let go is kept for the next one: a fresh one costs a page fault
 * every 4 KiB.  Not under the sanitizers, which find what is used too late.
 */
#ifdef HOPQUY_SANITIZE
#define LARGEST_SPARE ((size_t)0)
#else
#define LARGEST_SPARE ((size_t)64 << 20)
#endif

struct block {
	struct block *previous;
	size_t room;
	size_t used;
	size_t padding;
	uint8_t bytes[];
};

struct arena {
	struct block *block;
	struct block *spare; /* the largest let go; may be NULL */
	size_t budget;
	size_t total; /* handed out */
	size_t fail_after;
	size_t refusals;
};

struct arena *
arena_new(size_t budget)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (arena != NULL)
		arena->budget = budget;
	return arena;
}

static void
drop_blocks(struct arena *arena, const struct block *until)
{
	while (arena->block != until) {
		struct block *block = arena->block;

		arena->block = block->previous;
		if (block->room <= LARGEST_SPARE &&
		    (arena->spare == NULL || arena->spare->room < block->room)) {
			free(arena->spare);
			arena->spare = block;
		} else {
			free(block);
		}
	}
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	drop_blocks(arena, NULL);
	free(arena->spare);
	free(arena);
}

static bool
add_block(struct arena *arena, size_t need)
{
	size_t room = arena->block == NULL ? FIRST_BLOCK : arena->block->room * 2;
	struct block *block;

	if (room > LARGEST_BLOCK)
		room = LARGEST_BLOCK;
	if (room < need)
		room = need;
	if (arena->spare != NULL && arena->spare->room >= room) {
		block = arena->spare;
		room = block->room;
		arena->spare = NULL;
	} else {
		block = malloc(sizeof *block + room);
	}
	if (block == NULL)
		return false;
	*block = (struct block){.previous = arena->block, .room = room};
	arena->block = block;
	return true;
}

static bool
refused_by_test(struct arena *arena)
{
	return arena->fail_after != 0 && --arena->fail_after == 0;
}

void *
arena_allocate(struct job *job, size_t size)
{
	struct arena *arena = job->arena;
	size_t rounded;
	void *result;

	if (size == 0)
		size = 1;
	if (!size_add(size, ALIGNMENT - 1, &rounded) ||
	    (rounded &= ~(ALIGNMENT - 1)) > arena->budget - arena->total ||
	    refused_by_test(arena)) {
		arena->refusals++;
		fail(job, STATUS_LIMIT, "memory budget of %zu bytes used up", arena->budget);
		return NULL;
	}
	if (arena->block == NULL || arena->block->room - arena->block->used < rounded) {
		if (!add_block(arena, rounded)) {
			arena->refusals++;
			fail(job, STATUS_LIMIT, "no memory left for %zu bytes", size);
			return NULL;
		}
	}
	result = arena->block->bytes + arena->block->used;
	arena->block->used += rounded;
	arena->total += rounded;
	return memset(result, 0, rounded);
}

void *
arena_array(struct job *job, size_t count, size_t size)
{
	size_t total;

	if (!size_mul(count, size, &total)) {
		fail(job, STATUS_LIMIT, "memory budget: %zu elements of %zu bytes", count, size);
		return NULL;
	}
	return arena_allocate(job, total);
}

char *
arena_string(struct job *job, const char *at, size_t size)
{
	size_t with_end;
	char *copy;

	if (!size_add(size, 1, &with_end))
		return NULL;
	copy = arena_allocate(job, with_end);
	if (copy != NULL && size != 0)
		memcpy(copy, at, size);
	return copy;
}

char *
arena_copy_string(struct job *job, const char *string)
{
	return arena_string(job, string, strlen(string));
}

char *
arena_printf(struct job *job, const char *format, ...)
{
	va_list arguments, again;
	char *out = NULL;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	if (size >= 0)
		out = arena_allocate(job, (size_t)size + 1);
	if (out != NULL)
		vsnprintf(out, (size_t)size + 1, format, again);
	va_end(again);
	va_end(arguments);
	return out;
}

struct arena_mark
arena_mark(const struct arena *arena)
{
	return (struct arena_mark){
	    .block = arena->block,
	    .used = arena->block == NULL ? 0 : arena->block->used,
	    .total = arena->total,
	};
}

void
arena_release(struct arena *arena, struct arena_mark mark)
{
	drop_blocks(arena, mark.block);
	if (arena->block != NULL)
		arena->block->used = mark.used;
	arena->total = mark.total;
}

size_t
arena_refusals(const struct arena *arena)
{
	return arena->refusals;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->total;
}

void
arena_fail_after(struct arena *arena, size_t allocations)
{
	arena->fail_after = allocations;
}

void *
block_resize(void *block, size_t size)
{
	return realloc(block, size == 0 ? 1 : size);
}

void
block_free(void *block)
{
	free(block);
}
