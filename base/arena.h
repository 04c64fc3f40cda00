/*
 * Memory that is let go all at once.
 *
 * An arena has a budget; an allocation beyond it returns NULL and records
 * STATUS_LIMIT's reason in the job.  Memory is zeroed and aligned to 16.  No
 * other folder calls malloc.  One arena a thread.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/job.h"

struct arena;

struct arena_mark {
	void *block;
	size_t used;
	size_t total;
};

struct arena *arena_new(size_t budget);
void arena_free(struct arena *arena);

/* `size` zeroed bytes (1 when 0 is asked), or NULL: see above. */
void *arena_allocate(struct job *job, size_t size);

/* An array of `count` elements of `size` bytes, or NULL (also when count × size overflows). */
void *arena_array(struct job *job, size_t count, size_t size);

/* Copies; the string form ends in NUL.  NULL when out of budget. */
char *arena_string(struct job *job, const char *at, size_t size);
char *arena_copy_string(struct job *job, const char *string);
char *arena_printf(struct job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Everything allocated after the mark is let go by release. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

/* How many allocations were refused so far. */
size_t arena_refusals(const struct arena *arena);

/* Makes the n-th allocation from now on fail (tests); 0 turns it off. */
void arena_fail_after(struct arena *arena, size_t allocations);

/* A block outside any arena for what outlives a job or grows: NULL when there is none. */
void *block_resize(void *block, size_t size);
void block_free(void *block);

#endif
