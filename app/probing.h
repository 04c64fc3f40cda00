/*
 * How units are to be probed: the options that probe, case probe and test share.
 */
#ifndef APP_PROBING_H
#define APP_PROBING_H

#include "app/command.h"
#include "app/process_probe.h"

#define PROBING_OPTIONS 10

/* Unless told: a password nobody asked to try is worse than a look that stays incomplete. */
#define PROBING_LEVEL "observe"

struct probing {
	const char *state, *reach, *level, *ports, *only;
	const char *credentials; /* file: what is known to open the unit */
	const char *from;        /* own addresses to connect from, two a family, comma-separated */
	const char *max_connections, *max_minutes;
	bool syn;
};

/* Writes the options into `options`, which has room for PROBING_OPTIONS more after `count`. */
size_t probing_options(struct probing *probing, struct option *options, size_t count);

/* An address as it is typed: no name, with the interface where it needs one.  STATUS_USAGE. */
enum status probing_parse_address(struct job *job, const char *literal, struct address *address);

/* Did nobody answer at that address? */
bool probing_is_unreached(const struct fact_list *facts);

/* Tells how many passwords will be tried, and what else may happen to the unit. */
void probing_tell_plan(
    struct job *job, const char *level, int64_t pairs, int64_t tries, int language);

/* When a talk began, by monotonic_ms, and what of it the unit's own delays and locks took. */
struct probing_time {
	int64_t began, waited_ms;
};

/* Tells that the talk with `who` is over, what was found open, and how long all that took. */
enum status probing_tell_done(struct job *job, const char *who, const struct fact_list *facts,
    const struct probing_time *time, int language);

/*
 * Words that are known, ports, addresses, numbers: STATUS_USAGE with the reason.
 * STATUS_UNAVAILABLE when an address of --from is not this machine's.
 */
enum status probing_check(struct job *job, const struct probing *probing);

/* What of it goes into a request; reads the credentials. */
enum status probing_fill(
    struct job *job, const struct probing *probing, struct probe_request *request);

/* The options, for a command's usage. */
#define PROBING_USAGE                                                                              \
	"[--level observe|login|stress] [--state factory_default|initialised|after_reset]\n"       \
	"                   [--reach local|remote] [--ports LIST] [--only PROBE,…]\n"            \
	"                   [--credentials FILE] [--from ADDRESS[,ADDRESS]…] [--syn]\n"          \
	"                   [--max-connections N] [--max-minutes N]\n"                             \
	"                   (--level is " PROBING_LEVEL " unless told: no password is tried)"

#endif
