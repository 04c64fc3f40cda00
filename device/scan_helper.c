/* One thread, one piece of work at a time. */
#include "device/scan_helper.h"

#include <pthread.h>

#include "base/arena.h"

struct scan_helper {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void (*work)(void *context); /* NULL: idle */
	void *context;
	bool started;
	bool ending;
};

static void *
help(void *context)
{
	struct scan_helper *helper = context;

	pthread_mutex_lock(&helper->lock);
	helper->started = true;
	pthread_cond_broadcast(&helper->changed);
	while (!helper->ending) {
		if (helper->work == NULL) {
			pthread_cond_wait(&helper->changed, &helper->lock);
			continue;
		}
		pthread_mutex_unlock(&helper->lock);
		helper->work(helper->context);
		pthread_mutex_lock(&helper->lock);
		helper->work = NULL;
		pthread_cond_broadcast(&helper->changed);
	}
	pthread_mutex_unlock(&helper->lock);
	return NULL;
}

struct scan_helper *
scan_helper_new(struct job *job)
{
	struct scan_helper *helper = arena_allocate(job, sizeof *helper);

	if (helper == NULL)
		return NULL;
	pthread_mutex_init(&helper->lock, NULL);
	pthread_cond_init(&helper->changed, NULL);
	if (pthread_create(&helper->thread, NULL, help, helper) != 0)
		return NULL;
	pthread_mutex_lock(&helper->lock);
	while (!helper->started)
		pthread_cond_wait(&helper->changed, &helper->lock);
	pthread_mutex_unlock(&helper->lock);
	return helper;
}

void
scan_helper_begin(struct scan_helper *helper, void (*work)(void *context), void *context)
{
	pthread_mutex_lock(&helper->lock);
	helper->context = context;
	helper->work = work;
	pthread_cond_broadcast(&helper->changed);
	pthread_mutex_unlock(&helper->lock);
}

void
scan_helper_await(struct scan_helper *helper)
{
	pthread_mutex_lock(&helper->lock);
	while (helper->work != NULL)
		pthread_cond_wait(&helper->changed, &helper->lock);
	pthread_mutex_unlock(&helper->lock);
}

void
scan_helper_free(struct scan_helper *helper)
{
	if (helper == NULL)
		return;
	pthread_mutex_lock(&helper->lock);
	helper->ending = true;
	pthread_cond_broadcast(&helper->changed);
	pthread_mutex_unlock(&helper->lock);
	pthread_join(helper->thread, NULL);
	pthread_cond_destroy(&helper->changed);
	pthread_mutex_destroy(&helper->lock);
}
