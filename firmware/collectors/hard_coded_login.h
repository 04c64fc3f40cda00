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

/* A letter, digit or underscore. */
bool hard_coded_is_letter(uint8_t c);
/*
 * In a remark nothing is done: behind // # -- or * on its line, or between the
 * signs of C and HTML.
 */
bool hard_coded_is_remark(struct span content, size_t at);

/* "root:HASH:0:0:" in a program or a script that writes it: `colon` is the one behind the hash. */
enum status hard_coded_read_row(struct login_reading *reading, size_t colon);
/* "root:$1$salt$hash:", whatever stands behind it: `colon` is the one before the hash. */
enum status hard_coded_read_hash(struct login_reading *reading, size_t colon);

/* Commands of a shell script that set a password or log in with one. */
enum status hard_coded_read_commands(struct login_reading *reading);

#endif
