/*
 * DER, the one spelling of ASN.1: definite, minimal lengths and nothing left over.
 *
 * Source: ITU-T X.690 section 10.
 */
#ifndef CERT_DER_H
#define CERT_DER_H

#include "base/span.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0,
	DER_CONTEXT_1 = 0xa1,
};

/*
 * Takes one element of that tag off the front of `*rest`: its content, and
 * (when `whole` is not NULL) the element with its header.  False leaves `*rest`.
 */
bool der_take(struct span *rest, enum der_tag tag, struct span *content, struct span *whole);

/* Takes one element that must be these very bytes. */
bool der_take_literal(struct span *rest, const void *literal, size_t size);

/* UTCTime or GeneralizedTime in the form RFC 5280 section 4.1.2.5 prescribes. */
bool der_take_time(struct span *rest, int64_t *unix_seconds);

#endif
