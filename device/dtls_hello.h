/*
 * A DTLS 1.2 hello that offers pre-shared keys alone, and what comes back.
 *
 * Source: RFC 6347 section 4.2, RFC 4279, RFC 7252 section 9.
 */
#ifndef DEVICE_DTLS_HELLO_H
#define DEVICE_DTLS_HELLO_H

#include "device/channel.h"

#define DTLS_RANDOM_SIZE 32

enum dtls_answer_type { DTLS_NOTHING, DTLS_COOKIE, DTLS_SERVER_HELLO, DTLS_ALERT };

struct dtls_answer {
	enum dtls_answer_type type;
	struct span cookie;
};

/* The hello of number `sequence`, 0 without a cookie. */
enum status dtls_write_hello(struct job *job, const uint8_t random[DTLS_RANDOM_SIZE],
    uint8_t sequence, struct span cookie, struct span *datagram);
/* Reads the first record of a datagram. */
void dtls_read(struct span datagram, struct dtls_answer *answer);

/*
 * Says hello, and again with the cookie it was given.  DTLS_SERVER_HELLO: a
 * pre-shared key would do; DTLS_ALERT or DTLS_COOKIE: DTLS is spoken there.
 */
enum status dtls_ask(struct job *job, struct channel *channel, enum dtls_answer_type *type);

#endif
