/*
 * Which protocol an open port speaks: what it says unasked, then its answers to
 * a TLS hello and to the questions of tcp_questions.def.  The port's number
 * decides only which of them is asked first, never what the port is.
 */
#ifndef DEVICE_RECOGNISE_H
#define DEVICE_RECOGNISE_H

#include "device/channel.h"

#define BANNER_SIZE 200

struct recognition {
	const char *service;  /* a name of struct service */
	const char *starttls; /* as in struct service */
	const char *banner;   /* what it said first, as text; NULL: nothing */
	bool tls;
	int64_t exchange; /* where it said it */
	bool talked;      /* at least one connection was made */
};

/* STATUS_OK also when nothing was recognised: then the service is "unknown". */
enum status recognise(
    struct job *job, struct target *target, uint16_t port, struct recognition *recognition);

/* The protocol of words said unasked, never one that waits to be spoken to; "unknown". */
const char *recognise_banner(struct span banner);
/* The protocol of an answer to the question of service `asked`; "unknown". */
const char *recognise_answer(const char *asked, struct span answer);

/*
 * What is said to a service that has greeted, to hear whether it starts TLS;
 * NULL: nothing.  The answer tells: see recognise_starttls.
 */
const char *recognise_followup(const char *service);
/* The name of the way to start TLS, of greeting and answer (which may be empty); NULL: none. */
const char *recognise_starttls(const char *service, struct span greeting, struct span answer);

#endif
