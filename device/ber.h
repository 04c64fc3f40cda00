/*
 * The Basic Encoding Rules, as far as SNMP uses them.
 *
 * Reading: definite lengths and tags of one byte; whatever else, or reaches
 * beyond its surroundings, is refused.  Nothing is nested by the reader itself:
 * the caller goes in as deep as its message does.
 *
 * Writing goes from the end to the front, so that lengths are known.
 *
 * Source: ITU-T X.690 section 8; RFC 3417 section 8.
 */
#ifndef DEVICE_BER_H
#define DEVICE_BER_H

#include "base/job.h"
#include "base/span.h"

#define BER_INTEGER 0x02
#define BER_OCTETS 0x04
#define BER_NULL 0x05
#define BER_OID 0x06
#define BER_SEQUENCE 0x30

#define BER_ROOM 512

struct ber_item {
	uint8_t tag;
	struct span value;
};

/* Takes the next item off the front of *rest; false (and *rest untouched) when there is none. */
bool ber_next(struct span *rest, struct ber_item *item);
/* The same where it must be of `tag`. */
bool ber_take(struct span *rest, uint8_t tag, struct span *value);
/* A signed integer of at most eight bytes. */
bool ber_take_integer(struct span *rest, int64_t *value);
/* An integer's bytes, signed. */
bool ber_read_integer(struct span value, int64_t *number);
/* "1.3.6.1…" of an object identifier; NULL when it is none, or out of budget. */
const char *ber_oid_text(struct job *job, struct span value);

struct ber_writer {
	uint8_t bytes[BER_ROOM];
	size_t start;
	bool failed; /* it did not fit */
};

void ber_begin(struct ber_writer *writer);
/* Each puts one item before what is there. */
void ber_put(struct ber_writer *writer, uint8_t tag, struct span value);
void ber_put_integer(struct ber_writer *writer, uint8_t tag, int64_t value);
/* Makes everything from the front to `end` the contents of one item. */
void ber_wrap(struct ber_writer *writer, uint8_t tag, size_t end);
/* What was written. */
struct span ber_bytes(const struct ber_writer *writer);

#endif
