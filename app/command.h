/*
 * A command of the program: one file, one line in app/catalogue.def.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "base/job.h"

struct invocation {
	struct job *job;
	int argc; /* after the command's (and subcommand's) name */
	char **argv;
	int language; /* 0 English, 1 Vietnamese (--lang) */
	int64_t now;  /* Unix seconds; only app/ reads the clock */
};

struct command {
	const char *name;    /* "unpack", or "registry audit" for a subcommand */
	const char *summary; /* one line */
	const char *usage;   /* what --help prints after "usage: hopquy NAME " */
	/* STATUS_OK, STATUS_NO, STATUS_UNDECIDED or a failure, with the reason in the job. */
	enum status (*run)(struct invocation *invocation);
};

/* catalogue.def: COMMAND(file_suffix) a line; app/command_SUFFIX.c defines `const struct command
 * command_SUFFIX`. */

/*
 * Options: long only, "--name value" or "--name=value"; "--" ends them; others
 * are operands, in order.  A repeated OPTION_LIST collects.
 */
enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option_list {
	const char *values[64];
	size_t count;
};

struct option {
	const char *name; /* without the dashes */
	enum option_type type;
	void *target; /* bool *, const char **, struct option_list * */
};

/* STATUS_USAGE with the reason for an unknown option, a missing value, or an operand count outside
 * [minimum, maximum]. */
enum status options_parse(struct invocation *invocation, const struct option *options, size_t count,
    size_t minimum, size_t maximum, struct option_list *operands);

/* Folder with profiles/, checks/, data/, po/ …: HOPQUY_HOME, else the installed place, else beside
 * the program. */
const char *app_home(struct job *job);

/* Colour is for people: never in a pipe, and not for who asks for none (NO_COLOR). */
bool wants_colour(void);

/* Results go to stdout, progress and reasons to stderr. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
