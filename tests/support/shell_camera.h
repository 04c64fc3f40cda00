/*
 * A unit with a shell behind telnet that bears wrong, changed and first passwords in its own way.
 */
#ifndef TESTS_SUPPORT_SHELL_CAMERA_H
#define TESTS_SUPPORT_SHELL_CAMERA_H

#include "device/probe.h"
#include "tests/support/scripted_unit.h"

/* A shell behind telnet, with one account, and its bad habits. */
struct camera {
	struct scripted_unit unit;
	pthread_mutex_t lock;
	char password[128];
	unsigned wrong;       /* since the last right one, by any address */
	unsigned wrong_of[2]; /* by address */
	unsigned lock_after;  /* 0: never */
	int64_t lock_ms;
	int64_t locked_until, locked_until_of[2];
	bool lock_by_address; /* else by account */
	bool lock_in_words;   /* "Account locked"; else wrong as ever, also for the right one */
	bool lock_is_said;    /* only: the right one opens all the same, wrong ones are judged */
	bool lock_by_silence; /* it hangs up at once */
	unsigned delay_ms;    /* before each refusal */
	bool growing;         /* twice as long each time */
	bool opens_to_all;
	bool asks_for_change;
	bool mentions_change; /* in its greeting, and that is all */
	bool password_alone;
	unsigned passwd_runs;
	unsigned hang_up_at_run;  /* after the first "New password:", 0: never */
	bool takes_half;          /* and has it then, all the same */
	unsigned refuse_from_run; /* "failure" from this one on; 0: never */
	unsigned shortest;        /* password it takes */
};

/* Lets it answer, at a pace of its own; its password is "s3cret-one" unless it has one. */
void camera_start(struct camera *camera, struct target *target);
/* Runs one probe against it: its only log-in is known. *looked is the last of the facts. */
void camera_run(struct job *job, struct camera *camera, const struct probe *probe,
    bool with_credential, struct target *target, struct fact_list *facts,
    const struct looked_fact **looked);

#endif
