/*
 * The only part that connects: it scans the ports of one address and hands
 * connected sockets on.  It never reads a byte of what the unit says.
 */
#ifndef DEVICE_DIALER_H
#define DEVICE_DIALER_H

#include "device/scan_helper.h"
#include "device/target.h"

enum dial_result {
	DIAL_OPEN = 0,
	DIAL_REFUSED,     /* the unit answered: nobody listens */
	DIAL_SILENT,      /* no answer in time */
	DIAL_UNREACHABLE, /* the network says there is no way */
	DIAL_FAULT,       /* of this machine: descriptors, local ports, a local firewall */
	DIAL_SPENT,       /* the connections granted are used up */
	DIAL_RESULT_COUNT
};

#define DIAL_TIMEOUT_MS 4000
#define DIAL_MAX_CONNECTIONS 50000
#define DIAL_MAX_SOURCES 2
#define DIAL_DATAGRAM_MAX 1400

/* What the prober may ask for. */
enum dial_way {
	DIAL_TCP = 0,
	DIAL_UDP,      /* a connected UDP socket */
	DIAL_TO_GROUP, /* a datagram of the prober's goes to a group; the socket hears who answers
			*/
	DIAL_TO_UNIT   /* it goes to a port of the unit, which may answer from another one */
};

/* The multicast groups by which products are found: link-local, one hop. */
enum dial_group { GROUP_SSDP = 0, GROUP_WS_DISCOVERY, GROUP_MDNS, GROUP_COUNT };

/* What the dialer grants to the prober. */
struct dial_grant {
	struct address sources[DIAL_MAX_SOURCES]; /* of our own; none: the system's choice */
	unsigned source_count;
	unsigned connections; /* at most DIAL_MAX_CONNECTIONS; 0: that */
	bool groups;          /* groups may be asked */
};

/* A request is one packet: these, then the datagram. */
struct dial_request {
	enum dial_way way;
	unsigned source; /* index into the grant's sources */
	uint16_t port;
	enum dial_group group;
	struct span datagram; /* of DIAL_TO_GROUP and DIAL_TO_UNIT */
};
#define DIAL_REQUEST_SIZE 6

/*
 * Connects to every port of `ports` and writes what it found into `*scan`
 * (arrays in the arena).  A port that stays silent is tried twice.  A
 * self-connection, where the source port is the target port, proves that
 * nobody listens.  At the end the unit must still answer where it did before.
 * The network gone is an incomplete scan, not a failure.
 *
 * means  NULL: none of them
 */
struct dial_progress {
	void (*report)(void *context, uint32_t done, uint32_t all);
	void *context;
};
struct dial_means {
	const struct dial_progress *progress; /* called now and then; NULL allowed */
	struct scan_helper *helper;           /* takes half of a scan by connecting; NULL allowed */
};
enum status dialer_scan(struct job *job, const struct address *address,
    const uint8_t ports[PORT_SET_SIZE], const struct dial_means *means, struct scan *scan);

/*
 * The same by raw SYNs; each port seen open is confirmed by connecting to it.
 * STATUS_UNAVAILABLE where this process has no right to raw sockets, which
 * dialer_may_syn asks before.
 */
enum status dialer_scan_syn(struct job *job, const struct address *address,
    const uint8_t ports[PORT_SET_SIZE], const struct dial_means *means, struct scan *scan);
enum status dialer_may_syn(struct job *job, const struct address *address);

/* One connection; *descriptor is the caller's to close, −1 unless DIAL_OPEN. Blocking mode. */
enum dial_result dialer_connect(
    const struct address *address, unsigned port, int timeout_ms, int *descriptor);
/* The same of any way, from one of our own addresses (NULL: the system's choice). */
enum dial_result dialer_open(const struct address *address, const struct address *source,
    const struct dial_request *request, int *descriptor);

/*
 * Serves the prober until it hangs up: each request is a packet, each reply one
 * byte of enum dial_result, with the socket as SCM_RIGHTS when it is open.
 */
enum status dialer_serve(
    struct job *job, const struct address *address, const struct dial_grant *grant, int descriptor);

/* The prober's side of it. */
enum status dialer_ask(struct job *job, int dial, const struct dial_request *request,
    enum dial_result *result, int *descriptor);

/* The wire form of a request; false when it is none. */
void dial_request_encode(struct text *out, const struct dial_request *request);
bool dial_request_decode(struct span packet, struct dial_request *request);

/* The socket talks to itself: its port was picked as its own target. */
bool dialer_is_self_connected(int descriptor);

/* The wire form of a scan between dialer and supervisor. */
void scan_encode(struct text *out, const struct scan *scan);
enum status scan_decode(struct job *job, struct span bytes, struct scan *scan);

#endif
