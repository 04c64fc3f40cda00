/*
 * One SNMP question and its answer, versions 1, 2c and 3 (without security).
 *
 * Source: RFC 1157, RFC 3416, RFC 3412, RFC 3414.
 */
#ifndef DEVICE_SNMP_CLIENT_H
#define DEVICE_SNMP_CLIENT_H

#include "base/digest.h"
#include "device/channel.h"

#define SNMP_PORT 161
#define SNMP_BINDINGS_MAX 4
#define SNMP_DATAGRAM_MAX 4096
#define SNMP_PATIENCE_MS 800

#define SNMP_GET 0xa0
#define SNMP_GET_NEXT 0xa1
#define SNMP_RESPONSE 0xa2
#define SNMP_SET 0xa3
#define SNMP_REPORT 0xa8

#define SNMP_NO_SUCH_OBJECT 0x80
#define SNMP_NO_SUCH_INSTANCE 0x81
#define SNMP_END_OF_VIEW 0x82

enum snmp_version { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };

/* Who an SNMPv3 engine says it is. */
struct snmp_engine {
	uint8_t id[32];
	size_t id_size;
	int64_t boots, time;
};

/* What a user of version 3 signs with: made of his password for one engine. */
struct snmp_key {
	enum digest_kind kind;
	uint8_t bytes[DIGEST_LARGEST];
	size_t signature_size; /* as much of the digest as is sent */
};

struct snmp_question {
	enum snmp_version version;
	const char *name; /* community, or user of version 3; never NULL */
	uint8_t pdu;
	int64_t id;
	struct span object;               /* encoded identifier; empty: no variable at all */
	struct span value;                /* of a SET: an octet string */
	const struct snmp_engine *engine; /* of version 3; NULL: not known yet */
	const struct snmp_key *key;       /* of version 3; NULL: it is not signed */
};

struct snmp_binding {
	struct span object;
	uint8_t tag;
	struct span value;
};

/* Spans point into the datagram. */
struct snmp_answer {
	int64_t version, id, message_id; /* message_id of version 3 alone */
	struct span name;                /* community, or user */
	uint8_t pdu;
	int64_t error;
	struct snmp_engine engine;
	struct snmp_binding bindings[SNMP_BINDINGS_MAX];
	size_t count; /* further ones are not kept */
};

/* The objects asked for, encoded. */
extern const struct span snmp_sys_descr, snmp_sys_object_id, snmp_sys_name, snmp_if_phys_address;
/* usmStats: what a report says is wrong. */
extern const struct span snmp_unsupported_level, snmp_unknown_user, snmp_unknown_engine,
    snmp_wrong_digest;

/* The datagram of a question, in the arena.  STATUS_USAGE when it does not fit. */
enum status snmp_write(
    struct job *job, const struct snmp_question *question, struct span *datagram);

/* False for anything but one whole answer. */
bool snmp_read(struct span datagram, struct snmp_answer *answer);

/*
 * Asks over an open channel, twice where the first time nobody answers, and
 * waits for the answer with the question's number.  The datagram lies in the
 * arena.
 *
 * STATUS_UNDECIDED    no answer, which of a wrong community is the usual one
 * STATUS_UNAVAILABLE  the port is closed
 */
enum status snmp_ask(struct job *job, struct channel *channel, const struct snmp_question *question,
    struct snmp_answer *answer);

/* An engine's own identity; the same statuses. */
enum status snmp_discover(struct job *job, struct channel *channel, struct snmp_engine *engine);

/* What one community came to. */
struct snmp_trial {
	const char *community;
	bool v1, v2c;  /* answered without error */
	bool doubtful; /* answered with an error */
};

/*
 * Tries communities by versions 1 and 2c, many at a time: a wrong one is
 * answered by silence, and silence takes time.
 *
 * STATUS_UNAVAILABLE  the port is closed, or time is up
 */
enum status snmp_try(
    struct job *job, struct channel *channel, struct snmp_trial *trials, size_t count);

/* How many digests users sign with, the usual ones first. */
#define SNMP_KEY_KINDS 4
/*
 * The key of a password, by the n-th kind of digest.  STATUS_NO: an empty
 * password makes none.
 */
enum status snmp_make_key(struct job *job, unsigned n, const char *password,
    const struct snmp_engine *engine, struct snmp_key *key);
/* Signs a message whose signature, now zeros, stands at `at`. */
enum status snmp_sign(
    struct job *job, const struct snmp_key *key, uint8_t *message, size_t size, size_t at);

/* The usual communities as guesses, and those of the plan without user that come from the firmware.
 */
enum status snmp_guesses(
    struct job *job, const struct target *target, struct guess **guesses, size_t *count);

#endif
