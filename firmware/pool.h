/*
 * Threads that decompress blocks while their file is being read.
 *
 * Whoever waits for a task works on others meanwhile, so a pool without
 * helpers works too and the result never depends on their number.
 */
#ifndef FIRMWARE_POOL_H
#define FIRMWARE_POOL_H

#include "base/job.h"
#include "firmware/codecs/codec.h"

/* One block to decode; the owner keeps it in place until it is done. */
struct task {
	const struct codec *codec; /* NULL: the block is stored as it is */
	struct span in;
	uint8_t *out;
	size_t room;
	/* out */
	size_t size;
	bool good;
	/* the pool's own */
	bool done;
	struct task *next;
};

struct pool;

/*
 * Starts `helpers` threads beside the caller; all of them run before it
 * returns, so a sandbox entered afterwards holds them too.  NULL when there
 * is no memory.
 */
struct pool *pool_new(struct job *job, unsigned helpers);
void pool_free(struct pool *pool);

void pool_add(struct pool *pool, struct task *task);
/* Returns when the task is done. */
void pool_wait(struct pool *pool, struct task *task);

#endif
