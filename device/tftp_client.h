/*
 * TFTP: a name is asked for in one datagram, the answer comes from a port of its own.
 *
 * Source: RFC 1350.
 */
#ifndef DEVICE_TFTP_CLIENT_H
#define DEVICE_TFTP_CLIENT_H

#include "device/channel.h"

#define TFTP_DATAGRAM_MAX 600

enum tftp_kind { TFTP_DATA, TFTP_ERROR };

struct tftp_answer {
	enum tftp_kind kind;
	unsigned code;       /* of an error */
	const char *message; /* of an error, as text */
	size_t size;         /* bytes of the first block */
};

/* Reads an answer to a read request.  False when it is none. */
bool tftp_read_answer(struct job *job, struct span datagram, struct tftp_answer *answer);

/* The read request for a name, in the arena; empty when out of budget. */
struct span tftp_request(struct job *job, const char *name);

#endif
