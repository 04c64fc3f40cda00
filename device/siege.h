/*
 * Wrong passwords at one log-in, as fast as the unit answers: how each is met.
 */
#ifndef DEVICE_SIEGE_H
#define DEVICE_SIEGE_H

#include "device/login.h"

#define SIEGE_POLLS_MS 90000

/* How a wrong password is met. */
enum reaction {
	REACTION_JUDGED,  /* refused as at first */
	REACTION_ANOTHER, /* other words, another status: locked, too many … */
	REACTION_NONE,    /* silence, no connection */
	REACTION_OPENED   /* it let us in */
};

struct siege {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct login *login;
	const char *user;
	bool known; /* `right` opens it */
	struct credential right;
	struct login_result first; /* what the first wrong password came to */
	int64_t answered;
	int64_t began, ended;
	int64_t until; /* no wrong password is sent after it */
	bool locked;
	bool odd_is_judged; /* the right password opened it in spite of odd answers */
	bool opens_to_all;  /* a random password opened it: there is nothing to measure */
	int64_t exchange;
	size_t overlap;           /* how many tries may be under way */
	struct login_talk *talks; /* under way, the oldest first */
	size_t waiting;
};

enum status siege_draw_password(struct siege *siege, const char **password);

/* One password, answered before anything else is done. */
enum status siege_ask_once(struct siege *siege, const char *password, enum reaction *reaction);

/* Is the unit ready to judge?  With a known password it must open, else a wrong one be refused. */
enum status siege_is_ready(struct siege *siege, bool *ready);

/* Polls until it is; false when it is not within SIEGE_POLLS_MS, or time is up. */
enum status siege_await_ready(struct siege *siege, bool *ready);

/*
 * Up to `count` wrong passwords; stops when the unit no longer judges them,
 * twice in a row: one lost connection is no lock.
 */
enum status siege_storm(struct siege *siege, int64_t count);

#endif
