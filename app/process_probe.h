/*
 * The dialer and the prober: two sandboxed processes that turn a live unit into facts.
 */
#ifndef APP_PROCESS_PROBE_H
#define APP_PROCESS_PROBE_H

#include "device/target.h"
#include "facts/evidence.h"

#define PROBE_SOURCES_MAX 4

struct credential_pair {
	const char *user;
	const char *password;
	const char *origin; /* firmware, vendor, common */
};

struct probe_request {
	const char *address;  /* IPv4 or IPv6 literal */
	const char *state;    /* factory_default, initialised, after_reset */
	const char *reach;    /* local or remote */
	const char *level;    /* observe, login or stress */
	const char *ports;    /* "1-65535" when NULL; lists and ranges */
	const char *only;     /* comma-separated probe names, or NULL for all */
	int64_t guess_budget; /* tries a user a window, all protocols together; default 4 */
	int64_t min_pairs;    /* the profile's minimum, stands in looked.required */
	const struct credential_pair *pairs; /* the plan, in order */
	size_t pair_count;
	const struct credential *credentials; /* what is known to open the unit */
	size_t credential_count;
	/* own addresses to connect from, those of the unit's family count; NULL: the system's
	 * choice */
	const char *sources[PROBE_SOURCES_MAX];
	unsigned connections; /* at most; 0: as many as the dialer ever makes */
	int64_t limit_ms;     /* for the whole talk; 0: the sum of the probes' own */
	bool syn;             /* scan by SYN, which needs the right to raw sockets */
	bool no_sandbox;
	bool mask_landlock;
	int language; /* of what is told on the way */
	int64_t now;  /* Unix seconds, for certificates' validity wording only */
};

/*
 * The same facts from a transcript, without a network: address, state, reach
 * and level are the transcript's own, and written into *request.
 *
 * STATUS_MALFORMED  it is no transcript, or the probes of this program do
 *                   something else than was recorded: the reason says where
 */
enum status process_replay(struct job *job, struct span transcript, struct probe_request *request,
    struct fact_list *facts);

/* Whether process_probe would take `ports`; NULL is all.  STATUS_USAGE. */
enum status probe_check_ports(struct job *job, const char *ports);

/*
 * Facts of every probe with address, port, state, reach, level filled in
 * (subject 0), and a `looked` row for each (probe, kind) it declares: complete,
 * or not with the reason.  The network gone in the middle, a dead worker, a
 * refused sandbox: incomplete rows, not a failure.  Sorted with fact_compare.
 *
 * transcript  every event, for the case's attachment (NULL: not wanted)
 * waited_ms   how long the unit's own delays and locks took of it (NULL: not wanted)
 */
enum status process_probe(struct job *job, const struct probe_request *request,
    struct fact_list *facts, struct span *transcript, int64_t *waited_ms);

#endif
