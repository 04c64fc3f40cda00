/*
 * A unit that says what a test tells it to: a thread that takes the dialer's
 * place and answers each connection by a function.
 */
#ifndef TESTS_SUPPORT_SCRIPTED_UNIT_H
#define TESTS_SUPPORT_SCRIPTED_UNIT_H

#include <pthread.h>

#include "device/channel.h"

struct scripted_unit {
	/* Serves one connection; it is closed afterwards. */
	void (*serve)(void *context, int socket, unsigned number);
	/* Is this connection refused?  NULL: none is, but for connections_left. */
	bool (*refuses)(void *context);
	void *context;
	bool at_once; /* each connection in a thread of its own; `serve` locks what it shares */
	int64_t pace; /* 0: real time; else all waits, the prober's and unit_pause, are so many
			 times shorter */
	unsigned connections_left; /* then every connection is refused; 0 = no limit */
	unsigned served;
	struct dial_request request; /* the last one, for `serve` to look at */
	int own;
	pthread_t thread;
	pthread_t *servers; /* of at_once */
	unsigned server_count;
};

/* Makes `target` talk to the unit: local time limit a minute, no transcript. */
void unit_start(struct scripted_unit *unit, struct target *target);
void unit_stop(struct scripted_unit *unit, struct target *target);

/* Milliseconds of the unit's clock, at its pace. */
int64_t unit_now(const struct scripted_unit *unit);
void unit_pause(const struct scripted_unit *unit, int64_t ms);

/* Sends all, as far as the other side takes it. */
void unit_say(int socket, const void *bytes, size_t size);
void unit_say_text(int socket, const char *text);
/* Reads until `until` was seen, at most `room` − 1 bytes; ends in NUL. */
size_t unit_hear(int socket, char *at, size_t room, const char *until);

/* A file of the repository, in the job's arena. */
struct span unit_fixture(struct job *job, const char *path);

#endif
