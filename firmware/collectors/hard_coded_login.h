/*
 * What the parts of the collector hard_coded_login share.
 */
#ifndef FIRMWARE_COLLECTORS_HARD_CODED_LOGIN_H
#define FIRMWARE_COLLECTORS_HARD_CODED_LOGIN_H

#include "firmware/collector.h"

#define HARD_CODED_MAX 64 /* log-ins told of one file */

struct login_reading {
	struct job *job;
	const struct node *node;
	struct span content;
	struct evidence *evidence;
	size_t count;
	size_t places[HARD_CODED_MAX]; /* of those told */
};

/* A user (empty: not said) and a password that a file states; `at` is where in the file. */
struct hard_coded {
	struct span user, password;
	size_t at;
	const char *confidence;
};

/* Adds it, shortened. */
enum status hard_coded_add(struct login_reading *reading, const struct hard_coded *login);
/* Is it a password somebody may type, and no place-holder, variable or word for people? */
bool hard_coded_is_literal(struct span password);

/* Commands of a shell script that set a password or log in with one. */
enum status hard_coded_read_commands(struct login_reading *reading);

#endif
