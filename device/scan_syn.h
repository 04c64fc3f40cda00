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
	bool lossy;         /* packets were lost to the end: silence may be a loss */
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

/* A raw socket that sends to the unit alone and hears only resets and SYN-ACKs of it. */
struct syn_socket {
	int raw;
	int reserved; /* holds our port, so that nobody else on this machine talks from it */
	bool v6;      /* then the kernel makes the checksum */
	uint16_t own_port;
	uint32_t pseudo; /* checksum so far: addresses, protocol, size */
};

#define SYN_SIZE 24 /* a header and the option MSS */
#define FLAG_SYN 0x02
#define FLAG_RST 0x04
#define FLAG_ACK 0x10

/* STATUS_UNAVAILABLE without the right to raw sockets.  Close it also after a failure. */
enum status syn_socket_open(struct job *job, const struct address *address, struct syn_socket *syn);
void syn_socket_close(struct syn_socket *syn);
/* Adds 16-bit words to a checksum that is not folded yet. */
uint32_t syn_sum(const uint8_t *at, size_t size, uint32_t sum);

#endif
