/*
 * The simple commands of a shell script, one after the other, without running it.
 *
 * Enough of the grammar for boot scripts: quotes, comments, continuation lines,
 * separators, NAME=VALUE and $NAME of variables set earlier in the same script.
 * What is not known stays as written ("$port").  A function's name before "()"
 * is no command.
 *
 * Source: POSIX.1-2017, Shell Command Language, sections 2.2, 2.3, 2.6, 2.9.
 */
#ifndef FIRMWARE_SHELL_H
#define FIRMWARE_SHELL_H

#include "base/span.h"

#define SHELL_MAX_WORDS 48
#define SHELL_MAX_COMMAND 1024
#define SHELL_MAX_VARIABLES 256
#define SHELL_MAX_ARGUMENTS 9

struct shell_variable {
	char name[32];
	char value[160];
	bool doubtful; /* set where it is not known whether the script gets there */
};

struct shell {
	struct span script;
	size_t at;
	struct shell_variable variables[SHELL_MAX_VARIABLES];
	size_t variable_count;
	int depth; /* of if, case, while, until, for, and braces around the command just read */
	const char *arguments[SHELL_MAX_ARGUMENTS]; /* $1, $2 … */
	size_t argument_count;
	bool has_arguments; /* they are known, if only to be none */
	bool forgot;        /* a variable that could not be kept: what is not set may be */
	bool doubt;         /* a word of the command being read rests on what is not known */
	unsigned unended;   /* "$(" and "`" whose end was looked for in vain */
	char here[32];      /* where the text of "<<" that begins with the next line ends */
};

struct shell_command {
	size_t offset; /* of its first word in the script */
	size_t word_count;
	const char *words[SHELL_MAX_WORDS];
	bool cut;             /* longer than we keep: the words after the first are not all there */
	bool doubtful;        /* its words rest on what is not known */
	bool after_case;      /* ";;" stands before it */
	const char *ended_by; /* "&&", "||", "|", "&", ";", "\n", "(", ")", "`"; "" at the end */
	char bytes[SHELL_MAX_COMMAND];
};

/* A reader of `script`, of which no more than 256 KiB are read. */
struct shell shell_new(struct span script);

/* The next simple command; assignments alone are remembered, not returned.  False at the end. */
bool shell_next(struct shell *shell, struct shell_command *command);

/*
 * The same, as it stands: with reserved words ("if", "{", "esac"), assignments,
 * and commands without a word.  Text of "<<" is passed over.
 */
bool shell_read(struct shell *shell, struct shell_command *command);

/* Remembers `word` when it is NAME=VALUE; false when it is not. */
bool shell_assign(struct shell *shell, const char *word, bool doubtful);
void shell_set(struct shell *shell, const char *name, const char *value, bool doubtful);
/* NULL when nothing has set it. */
const struct shell_variable *shell_variable(const struct shell *shell, const char *name);

/* A command line that is no script: blanks and quotes only. */
void shell_split(struct span line, struct shell_command *command);
/* The same, with the variables of `shell`, whose script it becomes. */
void shell_split_with(struct shell *shell, struct span line, struct shell_command *command);

#endif
