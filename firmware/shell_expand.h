/*
 * Words of a shell command while they are put together.
 *
 * Source: POSIX.1-2017, Shell Command Language, section 2.6
 */
#ifndef FIRMWARE_SHELL_EXPAND_H
#define FIRMWARE_SHELL_EXPAND_H

#include "firmware/shell.h"

#define SHELL_MAX_UNENDED 32 /* after so many that do not end, no end is looked for */

/* Where the words of one command are put together. */
struct shell_writer {
	struct shell_command *command;
	size_t used;
	bool in_word;
};

void shell_put(struct shell_writer *writer, char c);
void shell_end_word(struct shell_writer *writer);
/* An empty pair of quotes is a word too. */
void shell_begin_word(struct shell_writer *writer);
bool shell_is_name(char c, bool first);
/* "$(…)" or "`…`" at shell->at; false when it does not end. */
bool shell_put_substitution(struct shell *shell, struct shell_writer *writer);
/* "$NAME", "${NAME}" or "${NAME:-default}" at shell->at: its value, or as written. */
void shell_put_variable(struct shell *shell, struct shell_writer *writer, bool quoted);

#endif
