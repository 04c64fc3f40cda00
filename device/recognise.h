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

/*
 * What a port that speaks TLS says in clear: to a page asked for, and after a silence, which all
 * the ports are listened to for at once.  No words, or none but "speak TLS": a banner of NULL.
 */
enum status recognise_asking(
    struct job *job, struct target *target, uint16_t port, struct recognition *clear);
enum status recognise_listening(struct job *job, struct target *target, const uint16_t *ports,
    size_t count, struct recognition *clear);
/* Words in clear of a port that speaks nothing but TLS: an alert, or an error that says so. */
bool recognise_only_tls(struct span words);

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
