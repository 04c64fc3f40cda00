/*
 * The little of SOAP 1.2 and WS-Security that asking an ONVIF service takes.
 *
 * Source: SOAP 1.2 part 1; OASIS WS-Security UsernameToken profile 1.1.
 */
#ifndef DEVICE_SOAP_H
#define DEVICE_SOAP_H

#include "device/markup.h"
#include "device/target.h"

#define SOAP_TIME_SIZE 32

/* An envelope around `body`, with `header` in its header ("" for none). NULL: out of memory. */
const char *soap_envelope(struct job *job, const char *header, const char *body);

/*
 * The header that says who asks: Base64(SHA-1(nonce + created + password)).
 *
 * created  the unit's own time, "2026-11-30T12:00:00Z"
 *
 * STATUS_LIMIT, STATUS_FAULT
 */
enum status soap_username_token(struct job *job, struct target *target, const char *user,
    const char *password, const char *created, const char **header);
/* The same of a nonce of the caller's. */
enum status soap_token_of(struct job *job, struct span nonce, const char *user,
    const char *password, const char *created, const char **header);

/* A random urn:uuid of version 4. */
enum status soap_message_id(struct job *job, struct target *target, const char **id);

struct soap_answer {
	struct markup markup;
	size_t body; /* the first element in the Body */
	bool is_fault;
	bool not_authorized; /* the fault says that a log-in is missing or wrong */
	const char *reason;  /* of a fault: its innermost code and its text; NULL */
};

/* STATUS_MALFORMED: no envelope with a body. */
enum status soap_read(struct job *job, struct span bytes, struct soap_answer *answer);

#endif
