/*
 * One pass of a connect scan over a list of ports; scan.c decides which passes there are.
 */
#ifndef DEVICE_SCAN_CONNECT_H
#define DEVICE_SCAN_CONNECT_H

#include <stdatomic.h>

#include "device/scan_helper.h"
#include "device/scan_syn.h"

#define WINDOW 900            /* connections under way; below the usual limit of 1024 descriptors */
#define FIRST_TIMEOUT_MS 1000 /* until the unit has shown how fast it answers */

struct slot {
	int descriptor; /* −1: free; kept over refusals, which leave a socket usable */
	bool waiting;
	uint16_t port;
	int64_t started;
};

/* The ports of one pass; who has a helper begins at the low end and the helper at the high one. */
struct share {
	const uint16_t *todo;
	uint32_t count;
	atomic_uint taken; /* from both ends */
};

struct scanner {
	struct scan_helper *helper; /* NULL: none */
	struct scanner *second;     /* the helper's */
	struct share *share;
	struct address address;
	const struct dial_progress *progress;
	int epoll;
	uint8_t *state; /* one enum port_state a port */
	uint32_t next;  /* taken from this end */
	bool from_above;
	uint32_t faults;
	uint32_t unreachable; /* times the network said there is no way */
	uint32_t waiting;
	int timeout_ms;
	int64_t slowest_ms; /* answer seen */
	int64_t end;
	size_t window; /* connections under way at most */
	bool lossy;    /* packets were lost to the end: silence may be a loss */
	bool reached;
	struct slot slots[WINDOW];
};

/* Goes once through the ports of `todo`. */
void connect_pass(struct scanner *scanner, const uint16_t *todo, uint32_t count, int timeout_ms);
/* Closes what is left. */
void connect_end(struct scanner *scanner);

#endif
