/*
 * Wrong passwords at one log-in, as fast as the unit answers: how each is met.
 */
#ifndef DEVICE_SIEGE_H
#define DEVICE_SIEGE_H

#include "device/login.h"

#define SIEGE_POLLS_MS 90000
#define SIEGE_TIMES 16
#define SIEGE_AT_ONCE_MAX 32
#define SIEGE_GAP_MS 2000 /* a lock that is over sooner stops nobody */

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
	bool silent;    /* nothing but silence, or slowness, says so */
	unsigned gaps;  /* silences that were over when the next password was sent */
	int64_t gap_ms; /* all of them */
	int64_t gaps_ended, gaps_answered; /* when the last one was over, and answers until then */
	int64_t stalled_ms; /* a silence that did not come again: no part of the rate */
	bool deaf;    /* sent many at once, it answers nothing any more, for whatever reason */
	int64_t best; /* a minute, of those sent at once */
	bool is_most; /* more at once bring no more */
	int64_t times[SIEGE_TIMES]; /* the last answers took so long */
	size_t time_count;
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
 * Up to `count` wrong passwords; stops when the unit no longer judges them at once, twice in a
 * row.  A single one is a gap, if it lasted: a lock that drops packets may be over when the
 * patience with the first is.
 */
enum status siege_storm(struct siege *siege, int64_t count);

/* How long an answer usually takes, one password at a time: the median. */
int64_t siege_usual_ms(const struct siege *siege);
/* An answer to one password took so long. */
void siege_note_time(struct siege *siege, int64_t ms);

/* How wrong passwords sent at once were met. */
struct burst {
	size_t judged, another;
	size_t lost; /* not taken, or dropped at once: more connections than it has room for */
	size_t late; /* no answer long after the usual time */
	int64_t per_minute;
};

/* `many` wrong passwords at once, then all their answers; many ≤ the room in `talks`. */
enum status siege_burst(struct siege *siege, size_t many, struct burst *burst);

/*
 * More and more wrong passwords at once, where answers are slow, until that brings an attacker no
 * more a minute: sets best, is_most and overlap, or locked, or deaf.  Ends at siege->until.
 */
enum status siege_press(struct siege *siege);

#endif
