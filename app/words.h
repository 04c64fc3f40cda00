/*
 * What command lines of the authority and the registry have in common.
 */
#ifndef APP_WORDS_H
#define APP_WORDS_H

#include "app/command.h"

struct subcommand {
	const char *name;
	enum status (*run)(struct invocation *invocation);
};

/* Runs the subcommand that the first argument names. */
enum status subcommand_run(
    struct invocation *invocation, const struct subcommand *subcommands, size_t count);

/* "a,b,c" into items, none empty, at most 64; items is an array of `count`. */
enum status words_split(struct job *job, const char *list, const char ***items, size_t *count);

/* A day, as its first or its last second, or a time with Z; STATUS_USAGE names the option. */
enum status words_moment(
    struct job *job, const char *option, const char *text, bool last, int64_t *moment);

/* `english` in the language, each {} replaced by the next of data (at most 3).  Never NULL. */
const char *words_fill(
    struct job *job, int language, const char *english, const char *const data[3]);
/* Prints `english` in the invocation's language, each {} replaced by the next of data (at most 3).
 */
void say_words(int language, const char *english, const char *const data[3]);
/* The same, and a newline. */
void say_message(int language, const char *english, const char *const data[3]);

/* A name or a reason on a terminal: as facts show it where it holds control characters, and
 * harmless in any case.  Never NULL. */
const char *words_clean(struct job *job, const char *string);

/* A required option; STATUS_USAGE when it is NULL. */
enum status words_need(struct job *job, const char *option, const char *value);

#endif
