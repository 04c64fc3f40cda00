/*
 * DNS messages, as far as products announce themselves by them.
 *
 * Source: RFC 1035 section 4, RFC 6762, RFC 6763.
 */
#ifndef DEVICE_DNS_MESSAGE_H
#define DEVICE_DNS_MESSAGE_H

#include "base/job.h"
#include "base/span.h"

#define DNS_TYPE_PTR 12
#define DNS_TYPE_TXT 16
#define DNS_TYPE_AAAA 28
#define DNS_TYPE_A 1
#define DNS_TYPE_SRV 33

#define DNS_RECORDS_MAX 128
#define DNS_STRINGS_MAX 32

struct dns_record {
	const char
	    *name; /* labels joined by dots, as text; their own dots and backslashes escaped */
	uint16_t type;
	const char *target;                   /* of PTR and SRV */
	uint16_t port;                        /* of SRV */
	const char *strings[DNS_STRINGS_MAX]; /* of TXT, as text */
	size_t string_count;
};

struct dns_message {
	size_t count;
	struct dns_record records[DNS_RECORDS_MAX]; /* of all sections but questions */
};

/* A question for `type` records of `name`, answered to the asker; `id` 0 for a group. STATUS_LIMIT.
 */
enum status dns_make_question(
    struct job *job, uint16_t id, const char *name, uint16_t type, struct span *question);

/*
 * Reads a response.  Records behind the 128th are left out, and of other types
 * than those above only name and type are kept.
 *
 * STATUS_MALFORMED  no response, cut short, a name that points forward or in a ring
 */
enum status dns_read(struct job *job, struct span bytes, struct dns_message *message);

#endif
