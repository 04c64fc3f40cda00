/*
 * What a shell script would run, as far as it can be told without running it.
 *
 * Conditions are yes, no or maybe: a test of a file of the image, a comparison
 * of values that are known, and nothing else is ever more than maybe.  Calls of
 * functions, of other scripts of the image and of sourced ones are followed.
 *
 * Source: POSIX.1-2017, Shell Command Language; OpenWrt /lib/functions.sh, rc.common, procd.sh
 */
#ifndef FIRMWARE_SCRIPT_H
#define FIRMWARE_SCRIPT_H

#include "base/text.h"
#include "firmware/kept.h"
#include "firmware/places.h"
#include "firmware/shell.h"
#include "firmware/uci.h"

enum truth { NEVER, MAYBE, SURELY };

static inline enum truth
truth_and(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

static inline enum truth
truth_not(enum truth a)
{
	return SURELY - a;
}

#define SCRIPT_MAX_BLOCKS 192
#define SCRIPT_MAX_FUNCTIONS 256
#define SCRIPT_MAX_STEPS ((size_t)1000000) /* commands of one image */
#define SCRIPT_MAX_DEPTH 24                /* of calls */
#define SCRIPT_MAX_CALLS 48                /* of one function within one script */
#define SCRIPT_MAX_MEMORY 1024             /* scripts already run, with their arguments */
#define SCRIPT_MAX_VALUES 64               /* a `for` goes through */

struct script_function {
	char name[40];
	const struct kept_file *file;
	size_t at;
	size_t calls;
};

/* A script that was run with these arguments, as surely as this: again it would start the same. */
struct script_memory {
	const struct kept_file *file;
	uint64_t arguments;
	enum truth truth;
};

enum block_kind {
	BLOCK_CALL,   /* of a script of its own */
	BLOCK_SOURCE, /* of a sourced one */
	BLOCK_INVOKE, /* of a function */
	BLOCK_IF,
	BLOCK_LOOP,
	BLOCK_FOR,
	BLOCK_CASE,
	BLOCK_BRACE,
	BLOCK_PAREN,
};

struct block {
	enum block_kind kind;
	enum truth now;   /* of what stands here, within the call */
	enum truth entry; /* as it was when the frame began; of a call: where it was made */
	enum truth rest;  /* of branches yet to come */
	enum truth base;  /* of a call: that it is made at all */
	enum truth value; /* of the last command */
	char chain;       /* '&' or '|': how the next command hangs on that value */
	bool negative, until, piped;
	bool by_program;     /* that value is a program's: in practice it succeeds */
	bool pending;        /* a group has ended, and how it hangs on comes next */
	bool pattern;        /* of case: patterns come next */
	enum truth matches;  /* of the patterns so far */
	size_t body;         /* of a loop */
	const char *subject; /* of case, NULL where not known; or the variable of `for` */
	const char *values[SCRIPT_MAX_VALUES];
	size_t value_count, value_at;
	const struct shell *saved; /* of a call: what comes back with its end */
	const struct kept_file *file;
	size_t functions;
};

/* Who runs a script, and learns what it starts. */
struct script {
	struct job *job;
	const struct places *places;
	const struct node *root;
	void *context;
	/* The kept content of a node; NULL when it was not kept. */
	const struct kept_file *(*file)(void *context, const struct node *node);
	/* A command that is neither built in nor a script of the image; `user` may be NULL. */
	enum status (*command)(void *context, const struct kept_file *file,
	    const struct shell_command *command, size_t offset, enum truth truth, const char *user);
	/* A script is begun: so it is not left lying about. */
	void (*begun)(void *context, const struct kept_file *file, enum truth truth);
	/* state */
	const struct kept_file *at;
	struct shell shell;
	struct shell *saved;            /* one a depth */
	struct shell_command *commands; /* at hand, one a depth */
	struct block *frames;
	size_t frame_count;
	enum truth value; /* of the last call */
	struct script_function functions[SCRIPT_MAX_FUNCTIONS];
	size_t function_count;
	bool function_follows; /* the body of a definition comes next */
	struct uci uci;
	struct text *procd; /* command of the instance that is being described; NULL outside */
	const char *procd_user;
	const struct kept_file *procd_file; /* where that command stands; NULL: nowhere yet */
	size_t procd_offset;
	size_t steps, depth;
	struct script_memory memory[SCRIPT_MAX_MEMORY];
	size_t memory_count;
	bool gave_up; /* the limit of all was reached: not everything was followed */
	const struct kept_file *unknown; /* a script that runs nobody knows what; NULL */
	bool lost;                       /* something was not: it calls itself, or too deeply */
};

/* A runner with nothing run yet; NULL when out of budget. */
struct script *script_new(struct job *job);

/* Runs a script with these arguments, `truth` being whether it is run at all. */
enum status script_run(struct script *script, const struct kept_file *file,
    const char *const *arguments, size_t argument_count, enum truth truth);

/* The script that `path` leads to in the image; NULL where there is none. */
const struct kept_file *script_find(const struct script *script, const char *path);

/*
 * The text of "sh -c TEXT", `*at` being the shell's place and then the text's; NULL where there is
 * none: then `*at` is what the shell is given as a script, or where it was.
 */
const char *script_text(const struct shell_command *command, size_t *at);

/* Runs a text, the words from `from` on being its arguments. */
enum status script_run_text(struct script *script, const char *text, struct shell_command *command,
    size_t from, enum truth here, enum block_kind kind);
/* eval, and an alias, of which `first` is the text: the words are read again. */
enum status script_run_again(
    struct script *script, const char *first, struct shell_command *command, enum truth here);
enum status script_run_trap(struct script *script, struct shell_command *command, enum truth here);
void script_set_aliases(struct script *script, const struct shell_command *command);
/* The words that stand for a name, where it is not one of them itself; NULL. */
const char *script_alias(const struct script *script, const char *word);
/* A shell that reads its script from another command, or from what follows. */
bool script_reads_on(
    const struct script *script, const struct shell_command *command, size_t program, size_t at);
/* Whether a word is "$NAME" of what nothing has set: nothing stands there. */
bool script_is_nothing(const struct script *script, const char *word);
/* Whether it is only known when it runs which program a word names … */
bool script_is_open(const struct script *script, const char *word);
/* … and that such a one is run, if `here`. */
void script_note_open(struct script *script, enum truth here);

/* Of the files script*.c, for one another. */
struct block *script_top(struct script *script);
/* Puts a frame on; NULL with `gave_up` when there are too many. */
struct block *script_push(struct script *script, enum block_kind kind, enum truth now);
void script_pop(struct script *script);
bool script_is_call(const struct block *frame);
/* The innermost frame of a kind (or of the other) within the innermost call; NULL: none. */
struct block *script_nearest(struct script *script, enum block_kind kind, enum block_kind other);
void script_pop_to(struct script *script, const struct block *frame);
/* What the next command here is worth, by the && or || before it. */
enum truth script_here(const struct block *frame);
/* The value of a command becomes that of its list; its end says how the next one hangs on. */
void script_conclude(struct script *script, enum truth value, const char *ended_by);

/*
 * Takes words of the grammar off the front of the command: `*done` when
 * nothing is left of it to run.
 */
enum status script_flow(struct script *script, struct shell_command *command, bool *done);
/* Runs a simple command, which is run if `here`. */
enum status script_words(
    struct script *script, struct shell_command *command, enum truth here, enum truth *value);
/* Runs the script behind a command's words, if there is one. */
enum status script_follow(
    struct script *script, struct shell_command *command, enum truth here, bool *known);
enum truth script_test(
    const struct script *script, const struct shell_command *command, size_t from);
/* OpenWrt's functions of /lib/functions.sh and procd.sh; `*known` when it is one. */
enum status script_openwrt(struct script *script, struct shell_command *command, enum truth here,
    enum truth *value, bool *known);

/* Calls a function of that name, with the words from `from` on; `*known` when there is one. */
enum status script_invoke(struct script *script, const char *name,
    const struct shell_command *command, size_t from, enum truth here, bool *known);
/* Calls a script: sourced, or of its own. */
enum status script_call(struct script *script, const struct kept_file *file,
    const struct shell_command *command, size_t from, enum truth here, enum block_kind kind);
/* return or exit (`whole`). */
void script_leave(struct script *script, bool whole, enum truth here, enum truth value);

#endif
