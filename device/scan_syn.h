/*
 * What scan.c and scan_syn.c share: the state of a port, and a sweep by raw SYNs.
 */
#ifndef DEVICE_SCAN_SYN_H
#define DEVICE_SCAN_SYN_H

#include "device/dialer.h"

enum port_state { PORT_UNTRIED = 0, PORT_OPEN, PORT_CLOSED, PORT_SILENT };

struct syn_sweep {
	const struct address *address;
	const struct dial_progress *progress; /* NULL allowed */
	uint8_t *state;                       /* one enum port_state a port, PORT_COUNT of them */
	const uint16_t *todo;                 /* ports to ask */
	uint32_t count;
	int64_t slowest_ms; /* an answer was seen to take that long */
	int64_t end;        /* by monotonic_ms */
	bool reached;       /* something answered */
};

/*
 * Asks every port of `todo` by a SYN, silent ones again until a whole round
 * brings no answer more; what answers with SYN and ACK is PORT_OPEN, which is
 * still to be confirmed.  Ports that this machine could not send to stay
 * PORT_UNTRIED.
 *
 * STATUS_UNAVAILABLE  no right to raw sockets
 */
enum status syn_sweep(struct job *job, struct syn_sweep *sweep);

#endif
