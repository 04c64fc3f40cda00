/* A queue under one lock: blocks are large enough that nobody waits for it. */
#include "firmware/pool.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"

#define MAX_HELPERS 15u

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a task was added, or the end was */
	pthread_cond_t done; /* a task was finished, or a thread has started */
	struct task *first, *last;
	unsigned started;
	unsigned helpers;
	bool ending;
	struct codec_states states; /* the caller's */
	pthread_t threads[MAX_HELPERS];
};

static void
run(struct task *task, struct codec_states *states)
{
	if (task->codec != NULL) {
		task->good =
		    codec_decode(states, task->codec, task->in, task->out, task->room, &task->size);
		return;
	}
	task->good = task->in.size <= task->room;
	if (task->good && task->in.size != 0)
		memcpy(task->out, task->in.at, task->in.size);
	task->size = task->good ? task->in.size : 0;
}

/* Takes and runs the first task; the lock is held on entry and on return. */
static void
run_first(struct pool *pool, struct codec_states *states)
{
	struct task *task = pool->first;

	pool->first = task->next;
	if (pool->first == NULL)
		pool->last = NULL;
	pthread_mutex_unlock(&pool->lock);
	run(task, states);
	pthread_mutex_lock(&pool->lock);
	task->done = true;
	pthread_cond_broadcast(&pool->done);
}

static void *
help(void *context)
{
	struct pool *pool = context;
	struct codec_states states = {0};

	/* the C library sets up a thread's heap at its first use: before the sandbox, please */
	block_free(block_resize(NULL, 64));
	pthread_mutex_lock(&pool->lock);
	pool->started++;
	pthread_cond_broadcast(&pool->done);
	while (!pool->ending || pool->first != NULL) {
		if (pool->first != NULL)
			run_first(pool, &states);
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	codec_states_close(&states);
	return NULL;
}

struct pool *
pool_new(struct job *job, unsigned helpers)
{
	struct pool *pool = arena_allocate(job, sizeof *pool);

	if (pool == NULL)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->done, NULL);
	if (helpers > MAX_HELPERS)
		helpers = MAX_HELPERS;
	while (pool->helpers < helpers &&
	       pthread_create(&pool->threads[pool->helpers], NULL, help, pool) == 0)
		pool->helpers++;
	pthread_mutex_lock(&pool->lock);
	while (pool->started < pool->helpers)
		pthread_cond_wait(&pool->done, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return pool;
}

void
pool_free(struct pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->helpers; i++)
		pthread_join(pool->threads[i], NULL);
	codec_states_close(&pool->states);
	pthread_cond_destroy(&pool->done);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
}

void
pool_add(struct pool *pool, struct task *task)
{
	task->done = false;
	task->next = NULL;
	pthread_mutex_lock(&pool->lock);
	if (pool->last == NULL)
		pool->first = task;
	else
		pool->last->next = task;
	pool->last = task;
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void
pool_wait(struct pool *pool, struct task *task)
{
	pthread_mutex_lock(&pool->lock);
	while (!task->done) {
		if (pool->first != NULL)
			run_first(pool, &pool->states);
		else
			pthread_cond_wait(&pool->done, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
}
