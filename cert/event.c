/*
 * A receipt is believed only where three things agree: registrar, log and certificate.
 */
#include "cert/event.h"

#include <string.h>

#include "cert/number.h"

#define STRUCTURE event
#include "cert/record_fields.h"

static const struct record_field event_fields[] = {
    TEXT_FIELD(type),
    TEXT_FIELD(number),
    DIGEST_FIELD(certificate),
    TIME_FIELD(time),
    INTEGER_FIELD(trust_sequence),
    OPTIONAL_TEXT(reason),
    TEXT_LIST(removed, 64),
};
static const struct record_shape event_shape = {
    "event", "urn:hopquy:event:1", event_fields, ARRAY_SIZE(event_fields), sizeof(struct event)};

#undef STRUCTURE
#define STRUCTURE receipt
static const struct record_field receipt_fields[] = {
    INTEGER_FIELD(index),
    BYTES_FIELD(event, 8192),
    DIGEST_LIST(proof, LOG_PROOF_MAX),
    BYTES_FIELD(checkpoint, CHECKPOINT_MAX_SIZE),
};
static const struct record_shape receipt_shape = {"receipt", "urn:hopquy:receipt:1", receipt_fields,
    ARRAY_SIZE(receipt_fields), sizeof(struct receipt)};

static enum status
check(struct job *job, const struct event *event)
{
	enum event_type type = event_type_named(event->type);

	if (type == EVENT_TYPE_COUNT)
		return fail(job, STATUS_MALFORMED, "event: unknown type");
	if (!number_read(event->number, NULL, NULL))
		return fail(job, STATUS_MALFORMED, "event: not a certificate number");
	if ((type == EVENT_ACCEPTANCE) != (event->reason == NULL))
		return fail(job, STATUS_MALFORMED, "event: %s %s a reason", event->type,
		    event->reason == NULL ? "needs" : "takes no");
	if ((type == EVENT_REDUCE) != (event->removed_count > 0))
		return fail(
		    job, STATUS_MALFORMED, "event: reduce, and only reduce, names what is removed");
	return STATUS_OK;
}

enum status
event_sign(struct job *job, const struct event *event, const struct key *key,
    const struct identity *registrar, struct span *der)
{
	struct span xml;

	TRY(record_write(job, &event_shape, event, &xml));
	TRY(check(job, event));
	return signature_make(job, key, registrar, xml, false, event->time, der);
}

enum status
event_verify(struct job *job, struct identity_cache *cache, struct span der,
    const struct digest *registrar, struct event *event)
{
	struct signature signature;
	const struct identity *signer;

	TRY(signature_read(job, der, (struct span){0}, &signature));
	TRY(signature_check(job, cache, &signature, &signer));
	if (!digest_equal(&signer->fingerprint, registrar))
		return fail(
		    job, STATUS_REFUSED, "event: signed by %s, not by the registrar", signer->name);
	return event_read(job, signature.content, event);
}

enum status
event_read(struct job *job, struct span xml, struct event *event)
{
	TRY(record_read(job, &event_shape, xml, event));
	return check(job, event);
}

bool
event_is(struct span xml)
{
	return record_is(&event_shape, xml);
}

enum status
receipt_write(struct job *job, const struct receipt *receipt, struct span *bytes)
{
	return record_write(job, &receipt_shape, receipt, bytes);
}

static enum status
check_inclusion(struct job *job, const struct receipt *receipt, const struct checkpoint *checkpoint)
{
	struct log_proof proof = {.count = receipt->proof_count};
	struct digest leaf;

	if (proof.count > 0)
		memcpy(proof.path, receipt->proof, proof.count * sizeof(struct digest));
	TRY(log_leaf_hash(job, receipt->event, &leaf));
	return log_check_inclusion(
	    job, &leaf, (uint64_t)receipt->index, checkpoint->size, &proof, &checkpoint->root);
}

enum status
receipt_verify(struct job *job, struct identity_cache *cache, struct span bytes,
    const struct trust *trust, const struct digest *certificate, struct event *acceptance)
{
	struct receipt receipt;
	struct checkpoint checkpoint;

	if (bytes.size > RECEIPT_MAX_SIZE)
		return fail(job, STATUS_MALFORMED, "receipt: %zu bytes", bytes.size);
	TRY(record_read(job, &receipt_shape, bytes, &receipt));
	TRY(event_verify(job, cache, receipt.event, &trust->registrar, acceptance));
	if (event_type_named(acceptance->type) != EVENT_ACCEPTANCE ||
	    !digest_equal(&acceptance->certificate, certificate))
		return fail(job, STATUS_REFUSED, "receipt: of another certificate");
	TRY(checkpoint_read(job, receipt.checkpoint, trust->log, &trust->log_key, &checkpoint));
	return check_inclusion(job, &receipt, &checkpoint);
}
