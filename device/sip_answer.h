/*
 * A SIP response, as far as it tells who answers.
 *
 * Source: RFC 3261 sections 7 and 22.
 */
#ifndef DEVICE_SIP_ANSWER_H
#define DEVICE_SIP_ANSWER_H

#include "base/job.h"
#include "base/span.h"

struct sip_answer {
	unsigned code;
	const char *server; /* Server or User-Agent; NULL */
	const char *scheme; /* basic, digest; NULL: no log-in asked for */
	const char *realm;
};

/*
 * False for anything but the head of a response; what stands behind an empty
 * line is not read.  Strings live in the arena.
 */
bool sip_read(struct job *job, struct span bytes, struct sip_answer *answer);

#endif
