/*
 * One operation of an ONVIF service, asked with or without a name.
 *
 * Source: ONVIF Core specification, sections 5 and 8; Media specification.
 */
#ifndef DEVICE_ONVIF_CLIENT_H
#define DEVICE_ONVIF_CLIENT_H

#include "device/ask.h"
#include "device/soap.h"

enum onvif_service { ONVIF_DEVICE, ONVIF_MEDIA };

struct onvif_operation {
	enum onvif_service service;
	const char *name;
	const char *access_class; /* PRE_AUTH, READ_SYSTEM … */
	const char *body;
};
extern const struct onvif_operation onvif_operations[];
extern const size_t onvif_operation_count;

/* Who asks. */
struct onvif_who {
	const char *token;         /* header of soap_username_token; NULL */
	const char *authorization; /* header line of http_answer; NULL */
};

enum onvif_result {
	ONVIF_ANSWERED,  /* the operation's own response */
	ONVIF_REFUSED,   /* a log-in is missing or wrong */
	ONVIF_OTHERWISE, /* a fault, an error, a page */
};

struct onvif_answer {
	enum onvif_result result;
	bool is_soap;
	struct soap_answer soap;
	struct http_response http;
	const char *reason; /* in one line; NULL when answered */
};

struct onvif_place {
	uint16_t port;
	bool tls;
	const char *path;
};

/*
 * Asks `operation` at `place`; its fields lie in *answer until the next call
 * with the same `ask`.  The unit's nonsense is ONVIF_OTHERWISE.
 *
 * STATUS_UNAVAILABLE, STATUS_UNDECIDED, STATUS_MALFORMED: no answer of HTTP
 */
enum status onvif_call(struct ask *ask, const struct onvif_place *place,
    const struct onvif_operation *operation, const struct onvif_who *who,
    struct onvif_answer *answer);

/* The operation of that name; NULL. */
const struct onvif_operation *onvif_operation_named(const char *name);

/*
 * The unit's own time by GetSystemDateAndTime, which ONVIF lets anybody ask.
 * "1970-01-01T00:00:00Z" where it tells none that makes sense.
 */
enum status onvif_clock(struct ask *ask, const struct onvif_place *place,
    struct onvif_answer *answer, const char **created);

#endif
