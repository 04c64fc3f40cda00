/*
 * Client hellos made by hand, SSL 3.0 to TLS 1.3, and a reader of what comes
 * back: a library would refuse to offer what must be found out.
 *
 * Source: RFC 6101, RFC 2246, RFC 4346, RFC 5246 section 7.4, RFC 8446 section 4.1,
 * RFC 5746, RFC 8422 section 5.4.
 */
#ifndef DEVICE_TLS_HELLO_H
#define DEVICE_TLS_HELLO_H

#include "device/channel.h"

#define SSL_3_0 0x0300
#define TLS_1_0 0x0301
#define TLS_1_1 0x0302
#define TLS_1_2 0x0303
#define TLS_1_3 0x0304

#define TLS_CHAIN_MAX 16

struct tls_suite {
	uint16_t code;
	bool of_13; /* a suite of TLS 1.3, unknown to earlier versions */
	const char *name;
};

extern const struct tls_suite tls_suites[];
extern const size_t tls_suite_count;

struct tls_group {
	uint16_t code;
	const char *name;
};

extern const struct tls_group tls_groups[];
extern const size_t tls_group_count;

/* The IANA name; NULL for a number that is not in the table. */
const char *tls_suite_name(uint16_t code);
/* "SSLv3", "TLSv1.0" … "TLSv1.3"; NULL for any other. */
const char *tls_version_name(uint16_t version);
/* "x25519", "secp256r1" …; NULL when not in the table. */
const char *tls_group_name(uint16_t group);

enum tls_answer_type {
	TLS_MORE,   /* not enough bytes yet */
	TLS_HELLO,  /* the unit chose */
	TLS_ALERT,  /* the unit declined */
	TLS_CLOSED, /* it hung up without a word */
	TLS_SILENT, /* it said nothing */
	TLS_STRANGE /* not TLS, or TLS that contradicts itself */
};

struct tls_answer {
	enum tls_answer_type type;
	uint16_t version;
	uint16_t suite;
	uint16_t group; /* 0: not said */
	uint8_t compression;
	uint8_t alert;                    /* description, of TLS_ALERT */
	bool secure_renegotiation;        /* RFC 5746 */
	size_t chain_count;               /* certificates in the clear: up to TLS 1.2 */
	struct span chain[TLS_CHAIN_MAX]; /* DER, borrowed from the bytes parsed */
};

struct tls_offer {
	uint16_t version;
	const uint16_t *suites;
	size_t count;
	bool compression; /* DEFLATE beside none */
};

/* One record with one hello that offers exactly `offer`. */
enum status tls_hello_make(
    struct job *job, struct target *target, const struct tls_offer *offer, struct span *record);

/*
 * Reads all bytes received so far.  TLS_MORE asks for more; `last` says there
 * is no more, and then a hello without the rest of its flight is TLS_HELLO.
 * Handshake messages are reassembled in the arena.
 */
enum status tls_answer_parse(
    struct job *job, struct span received, bool last, struct tls_answer *answer);

/*
 * Connects, offers, reads the answer.  STATUS_UNAVAILABLE only where there was
 * no connection at all.  *exchange is the connection's number.
 */
enum status tls_ask(struct job *job, struct target *target, uint16_t port,
    const struct tls_offer *offer, struct tls_answer *answer, int64_t *exchange);

#endif
