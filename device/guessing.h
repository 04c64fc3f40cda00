/*
 * Guessing at log-ins: several tries at once where a unit takes seconds to
 * refuse, each told as a fact.
 */
#ifndef DEVICE_GUESSING_H
#define DEVICE_GUESSING_H

#include "device/login.h"

#define GUESSING_MAX_USERS 2048
#define GUESSING_OVERLAP 4 /* tries under way at one door whose unit takes its time */

/*
 * Log-ins that a product usually keeps one list of users, and so one count of
 * failures, for.  The guess budget is what each such count may see of a user.
 */
enum family { FAMILY_WEB, FAMILY_SYSTEM, FAMILY_OTHER, FAMILY_COUNT };

/* Tries so far of one user name: what a lock-out counts. */
struct user_count {
	const char *user;
	int64_t tries[FAMILY_COUNT];
};

/* One try under way. */
struct attempt {
	struct guess guess;
	bool control;
	struct login_talk talk;
};

/* One log-in while it is tried. */
struct door {
	const struct login *login;
	enum family family;
	bool closed;    /* its control was accepted or unsure, or it is lost */
	bool open;      /* one pair was accepted: more would only cost tries */
	bool done;      /* its own words are all tried */
	int64_t dealt;  /* distinct pairs begun */
	int64_t pairs;  /* and carried out */
	int64_t wanted; /* pairs the plan has for it */
	int64_t depth;  /* of them, those of the user it usually has */
	bool told;      /* the laboratory has pairs for it, be one of them right or not */
	const struct credential
	    *right; /* that opened it at the beginning; NULL: nobody knows one */
	struct login_result control;
	size_t overlap; /* how many tries may be under way */
	size_t waiting;
	struct attempt *attempts[GUESSING_OVERLAP]; /* the oldest first */
};

struct attack {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	struct door doors[TARGET_MAX_LOGINS];
	size_t door_count;
	int64_t wanted; /* pairs at each door */
	int64_t refused, accepted, unsure;
	int64_t waited_ms; /* for answers */
	struct user_count users[GUESSING_MAX_USERS];
	size_t user_count;
};

/*
 * One pair at one door; its answer may come later, by guessing_drain.  Twice
 * where the first time there was no answer; a door that gives none is closed,
 * with a lack.
 */
enum status guessing_try(
    struct attack *attack, struct door *door, const struct guess *guess, bool control);
/* Awaits the oldest tries, until `keep` are under way. */
enum status guessing_drain(struct attack *attack, struct door *door, size_t keep);

/* A pair nobody can have set: drawn from the job's nonce. */
enum status guessing_make_control(
    struct attack *attack, const struct login *login, struct guess *guess);
/* Looks for a pair of the laboratory's that opens the door, whose control was refused. */
enum status guessing_find_right(struct attack *attack, struct door *door);
/* Does the right pair still open it?  Else it is closed, with a lack: a lock may say nothing. */
enum status guessing_confirm(struct attack *attack, struct door *door);
/* An acceptance counts while a pair that nobody has is refused; else it is unsure. */
enum status guessing_believe(struct attack *attack, struct door *door, struct login_result *result);

bool guessing_is_by_community(const struct login *login);
/* All words at once, unless the probe of SNMP has tried them. */
enum status guessing_try_communities(struct attack *attack, struct door *door);

/* The fact of a try. */
enum status guessing_add(struct attack *attack, const struct door *door, const struct guess *guess,
    bool control, const struct login_result *result);

#endif
