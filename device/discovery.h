/*
 * Products that answer when a network asks who is there: datagrams to the unit
 * and to its group, answered by the unit alone.
 *
 * Source: WS-Discovery (April 2005); UPnP Device Architecture 1.1; RFC 6762.
 */
#ifndef DEVICE_DISCOVERY_H
#define DEVICE_DISCOVERY_H

#include "device/channel.h"

#define DISCOVERY_DATAGRAMS_MAX 64
#define DISCOVERY_DATAGRAM_SIZE 65536

/* What one question was answered with. */
struct discovery {
	size_t count;
	struct span datagrams[DISCOVERY_DATAGRAMS_MAX];
	int64_t exchange; /* of the question */
	const char *lack; /* why it could not be asked, or not to the end; NULL */
	bool no_group;    /* groups are not within reach from here */
};

/*
 * Asks by one datagram, to the unit's port or to `group`, and keeps what comes
 * until `patience_ms` of silence.  A closed port and a unit that says nothing
 * are no answers, not failures.
 *
 * STATUS_LIMIT, STATUS_FAULT, STATUS_IO
 */
enum status discovery_ask_unit(struct job *job, struct target *target, uint16_t port,
    struct span question, int patience_ms, struct discovery *discovery);
enum status discovery_ask_group(struct job *job, struct target *target, enum dial_group group,
    struct span question, int patience_ms, struct discovery *discovery);

/* The fact that a UDP port answered; `service` is its name. */
enum status discovery_add_port(struct job *job, struct evidence *evidence, uint16_t port,
    const char *service, int64_t exchange);

/*
 * A disclosure at a port; nothing when `value` is NULL or empty.  A `type` of
 * data/disclosure_types.tsv, or name, manufacturer, location, hardware.
 */
enum status discovery_tell(struct job *job, struct evidence *evidence, uint16_t port,
    int64_t exchange, const char *protocol, const char *type, const char *value);

/* True the first time, and noted in `list`: the same is told by several records.  False when it is
 * full. */
bool discovery_is_new(const char **list, size_t *count, size_t room, const char *word);

#define WS_MATCHES_MAX 16

/* One service that WS-Discovery names. */
struct ws_match {
	const char *address; /* of its endpoint: urn:uuid:…; "" */
	const char *scopes;  /* separated by spaces; "" */
	const char *places;  /* XAddrs, separated by spaces; "" */
};

/* The Probe message that asks for every service, or for cameras only. NULL: out of memory. */
const char *ws_probe_message(struct job *job, const char *message_id, bool cameras);
/* STATUS_MALFORMED: no ProbeMatches.  Matches behind the 16th are left out. */
enum status ws_read_matches(
    struct job *job, struct span datagram, struct ws_match matches[WS_MATCHES_MAX], size_t *count);

/* The next word of a list separated by white space, percent-decoded when `decode`; NULL at the end
 * or out of memory. */
const char *list_word(struct job *job, const char **at, bool decode);

#endif
