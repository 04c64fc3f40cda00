/*
 * What the parts of the collector hard_coded_login share.
 */
#ifndef FIRMWARE_COLLECTORS_HARD_CODED_LOGIN_H
#define FIRMWARE_COLLECTORS_HARD_CODED_LOGIN_H

#include "firmware/collector.h"
#include "firmware/shell.h"

#define HARD_CODED_MAX 64     /* log-ins told of one file */
#define HARD_CODED_SAID 256   /* bytes kept of what a command writes */
#define HARD_CODED_LINES 16   /* of a text that is handed to a command */
#define HARD_CODED_USER 33    /* bytes of a user's name, with its end */
#define HARD_CODED_LITERAL 64 /* bytes of a word, user or password */

struct login_reading {
	struct job *job;
	const struct node *node;
	struct span content;
	struct evidence *evidence;
	bool is_page; /* its code runs in a browser */
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
/* Has it what passwords have and words, addresses and paths have not? */
bool hard_coded_looks_made(struct span password);

/* The identifier around byte `at`, which begins at `*begin`. */
struct span hard_coded_word_around(struct span content, size_t at, size_t *begin);
/* Behind all that is of `bytes`, from `at` on. */
size_t hard_coded_skip(struct span content, size_t at, const char *bytes);
/* The literal at `at`: between quotes, on one line; empty when there is none. */
struct span hard_coded_literal_at(struct span content, size_t at);

/* Names that code gives to a password, a user, a table of users. */
bool hard_coded_is_password_word(struct span word);
bool hard_coded_is_user_word(struct span word);
bool hard_coded_is_users_word(struct span word);
/* Names of accounts that products come with. */
bool hard_coded_is_usual_user(struct span user);

/* A letter, digit or underscore. */
bool hard_coded_is_letter(uint8_t c);
/*
 * In a remark nothing is done: behind // # -- or * on its line, or between the
 * signs of C and HTML.
 */
bool hard_coded_is_remark(struct span content, size_t at);

/* A word for a password around byte `found`, with its value, and a user with one near it. */
enum status hard_coded_read_pair(struct login_reading *reading, size_t found);
/* A table of users and their passwords that is assigned to the word around byte `found`. */
enum status hard_coded_read_users(struct login_reading *reading, size_t found);

/* "root:HASH:0:0:" in a program or a script that writes it: `colon` is the one behind the hash. */
enum status hard_coded_read_row(struct login_reading *reading, size_t colon);
/* "root:$1$salt$hash:", whatever stands behind it: `colon` is the one before the hash. */
enum status hard_coded_read_hash(struct login_reading *reading, size_t colon);

/* What the commands so far said, for the one that reads it from a pipe. */
struct hard_coded_said {
	char user[HARD_CODED_USER];   /* that "nvram set http_username=" gave last */
	char text[HARD_CODED_SAID];   /* what echo or printf wrote last, "\\n" between its lines */
	char before[HARD_CODED_SAID]; /* and the one directly before that */
	size_t offset;
	unsigned age; /* commands since */
	bool expires; /* the script has the password changed at the first log-in */
};

/* Keeps what echo writes, or printf by its format. */
void hard_coded_remember(struct hard_coded_said *said, const struct shell_command *command);
/* Keeps the lines behind "<<WORD" up to WORD, or "<<<TEXT"; false where the command has none. */
bool hard_coded_remember_text(const struct login_reading *reading, struct hard_coded_said *said,
    const struct shell_command *command);
/* Takes the next line off what was said. */
struct span hard_coded_said_next(struct span *rest);

/* Commands of a shell script that set a password or log in with one. */
enum status hard_coded_read_commands(struct login_reading *reading);

#endif
