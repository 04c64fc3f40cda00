/*
 * Which protocol an open port speaks: what it says unasked, then its answer to
 * a TLS hello, to HTTP, to RTSP and to MQTT, in that order.
 */
#ifndef DEVICE_RECOGNISE_H
#define DEVICE_RECOGNISE_H

#include "device/channel.h"

#define BANNER_SIZE 200

struct recognition {
	const char *service; /* a name of struct service */
	const char *banner;  /* what it said first, as text; NULL: nothing */
	bool tls;
	int64_t exchange; /* where it said it */
	bool talked;      /* at least one connection was made */
};

/* STATUS_OK also when nothing was recognised: then the service is "unknown". */
enum status recognise(
    struct job *job, struct target *target, uint16_t port, struct recognition *recognition);

/* The protocol of words said unasked, never HTTP, RTSP or MQTT; "unknown". */
const char *recognise_banner(struct span banner);
/* The protocol of an answer to a request; "unknown". */
const char *recognise_answer(struct span answer);

#endif
