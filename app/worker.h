/*
 * What the two network workers have in common: how they start, what they are at, how they end.
 */
#ifndef APP_WORKER_H
#define APP_WORKER_H

#include "app/process_probe.h"
#include "base/sandbox.h"

#define WORKER_NAME_SIZE 32

/* A worker, seen from the supervisor. */
struct worker {
	int frames; /* what it sends; −1 once closed */
	int pid;
	volatile char *doing; /* WORKER_NAME_SIZE bytes of a shared page: what it was at */
};

/*
 * Makes the worker's pipe and its shared page, and forks.  pid 0 in the child,
 * which keeps *child_end.
 */
enum status worker_start(struct job *job, struct worker *worker, int *child_end);

/* In the worker: into the cage, unless the request says otherwise. */
enum status worker_enter(
    struct job *job, const struct probe_request *request, enum sandbox_role role, size_t memory);
/* What it is at, for whoever finds it dead. */
void worker_say(volatile char *doing, const char *name);
/* Its last frame: how it went. */
void worker_done(struct job *job, int frames, enum status status);

/* Ends a worker, by force unless it has ended; *words says how it ended, in the arena. */
void worker_end(struct job *job, struct worker *worker, const char *name, const char **words);

#endif
