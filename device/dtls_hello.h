/*
 * Hellos of DTLS, and what comes back: one that offers pre-shared keys alone, and those of TLS.
 *
 * Source: RFC 6347 section 4.2, RFC 4347, RFC 4279, RFC 7252 section 9.
 */
#ifndef DEVICE_DTLS_HELLO_H
#define DEVICE_DTLS_HELLO_H

#include "device/tls_hello.h"

#define DTLS_RANDOM_SIZE 32

enum dtls_answer_type { DTLS_NOTHING, DTLS_COOKIE, DTLS_SERVER_HELLO, DTLS_ALERT };

struct dtls_answer {
	enum dtls_answer_type type;
	struct span cookie;
	struct span hello; /* the ServerHello's body; empty when it comes in fragments */
	uint8_t alert;     /* description */
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

/*
 * Offers over UDP what tls_ask offers over TCP, TLS_1_1 being DTLS 1.0 and TLS_1_2 DTLS 1.2 in
 * offer and answer; of the answer no more is read than its ServerHello.  TLS_CLOSED: the network
 * says that nobody listens.  The unit is told that the handshake ends here.
 */
enum status dtls_offer(struct job *job, struct target *target, uint16_t port,
    const struct tls_offer *offer, struct tls_answer *answer, int64_t *exchange);

#endif
