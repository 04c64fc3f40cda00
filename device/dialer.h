/*
 * The only part that connects: it scans the ports of one address and hands
 * connected sockets on.  It never reads a byte of what the unit says.
 */
#ifndef DEVICE_DIALER_H
#define DEVICE_DIALER_H

#include "device/target.h"

enum dial_result {
	DIAL_OPEN = 0,
	DIAL_REFUSED,     /* the unit answered: nobody listens */
	DIAL_SILENT,      /* no answer in time */
	DIAL_UNREACHABLE, /* the network says there is no way */
	DIAL_FAULT,       /* of this machine: descriptors, local ports, a local firewall */
	DIAL_RESULT_COUNT
};

#define DIAL_TIMEOUT_MS 4000
#define DIAL_MAX_CONNECTIONS 50000

/*
 * Connects to every port of `ports` and writes what it found into `*scan`
 * (arrays in the arena).  A port that stays silent is tried twice.  A
 * self-connection, where the source port is the target port, proves that
 * nobody listens.  At the end the unit must still answer where it did before.
 * The network gone is an incomplete scan, not a failure.
 *
 * progress  called now and then with ports done and to do; NULL allowed
 */
struct dial_progress {
	void (*report)(void *context, uint32_t done, uint32_t all);
	void *context;
};
enum status dialer_scan(struct job *job, const struct address *address,
    const uint8_t ports[PORT_SET_SIZE], const struct dial_progress *progress, struct scan *scan);

/* One connection; *descriptor is the caller's to close, −1 unless DIAL_OPEN. Blocking mode. */
enum dial_result dialer_connect(
    const struct address *address, unsigned port, int timeout_ms, int *descriptor);

/*
 * Serves the prober until it hangs up or DIAL_MAX_CONNECTIONS are used: each
 * request is a packet of two bytes, the port (little-endian); each reply one
 * byte of enum dial_result, with the socket as SCM_RIGHTS when it is open.
 */
enum status dialer_serve(struct job *job, const struct address *address, int descriptor);

/* The prober's side of it. */
enum status dialer_ask(
    struct job *job, int dial, unsigned port, enum dial_result *result, int *descriptor);

/* The socket talks to itself: its port was picked as its own target. */
bool dialer_is_self_connected(int descriptor);

/* The wire form of a scan between dialer and supervisor. */
void scan_encode(struct text *out, const struct scan *scan);
enum status scan_decode(struct job *job, struct span bytes, struct scan *scan);

#endif
