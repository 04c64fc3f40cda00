/*
 * What the registry does is an event signed by its registrar; the receipt is
 * the acceptance with the proof that it stands in the public log.
 */
#ifndef CERT_EVENT_H
#define CERT_EVENT_H

#include "cert/authority.h"
#include "cert/checkpoint.h"
#include "cert/log.h"
#include "cert/status.h"

#define RECEIPT_MAX_SIZE ((size_t)16 << 10)

struct event {
	const char *type;           /* event_type_name */
	const char *number;         /* of the certificate: number.h */
	struct digest certificate;  /* SHA-256 of its XML, the signed content */
	int64_t time;               /* the log's, Unix seconds */
	int64_t trust_sequence;     /* of the trust list by which it was decided */
	const char *reason;         /* NULL for acceptance */
	const char *const *removed; /* reduce: firmware versions or models no longer covered */
	size_t removed_count;
};

struct receipt {
	int64_t index;     /* of the acceptance in the log */
	struct span event; /* signed */
	const struct digest *proof;
	size_t proof_count;
	struct span checkpoint; /* signed note */
};

enum status event_sign(struct job *job, const struct event *event, const struct key *key,
    const struct identity *registrar, struct span *der);
/* STATUS_REFUSED: not signed by that registrar. */
enum status event_verify(struct job *job, struct identity_cache *cache, struct span der,
    const struct digest *registrar, struct event *event);
/* Reads the content of a signed event, without its signature. */
enum status event_read(struct job *job, struct span xml, struct event *event);
/* The bytes are meant to be an event. */
bool event_is(struct span xml);

enum status receipt_write(struct job *job, const struct receipt *receipt, struct span *bytes);
/*
 * Reads and checks a receipt: acceptance of the certificate of that digest,
 * signed by the registrar of the trust list, included in the log's checkpoint.
 *
 * STATUS_MALFORMED, STATUS_REFUSED  it proves nothing
 */
enum status receipt_verify(struct job *job, struct identity_cache *cache, struct span bytes,
    const struct trust *trust, const struct digest *certificate, struct event *acceptance);

#endif
