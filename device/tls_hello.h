/*
 * Client hellos made by hand, SSL 3.0 to TLS 1.3, and a reader of what comes
 * back: a library would refuse to offer what must be found out.
 *
 * Source: RFC 6101, RFC 2246, RFC 4346, RFC 5246 section 7.4, RFC 8446 section 4.1,
 * RFC 5746, RFC 6066 section 3, RFC 8422 section 5.4, RFC 7507, RFC 7627, RFC 7366, RFC 5077, RFC
 * 7301, RFC 6520.
 */
#ifndef DEVICE_TLS_HELLO_H
#define DEVICE_TLS_HELLO_H

#include "device/channel.h"

#define SSL_2_0 0x0002
#define SSL_3_0 0x0300
#define TLS_1_0 0x0301
#define TLS_1_1 0x0302
#define TLS_1_2 0x0303
#define TLS_1_3 0x0304
#define DTLS_1_0 0xfeff
#define DTLS_1_2 0xfefd

#define TLS_CHAIN_MAX 16
#define TLS_PROTOCOL_MAX 32 /* bytes of an ALPN name kept */

struct tls_suite {
	uint16_t code;
	bool of_13; /* a suite of TLS 1.3, unknown to earlier versions */
	const char *name;
};

extern const struct tls_suite tls_suites[];
extern const size_t tls_suite_count;

/* A group or a signature scheme. */
struct tls_code {
	uint16_t code;
	const char *name;
};

extern const struct tls_code tls_groups[];
extern const size_t tls_group_count;
extern const struct tls_code tls_schemes[];
extern const size_t tls_scheme_count;

/* The IANA name; NULL for a number that is not in the table. */
const char *tls_suite_name(uint16_t code);
/* "SSLv2", "SSLv3", "TLSv1.0" … "TLSv1.3", "DTLSv1.0", "DTLSv1.2"; NULL for any other. */
const char *tls_version_name(uint16_t version);
/* "x25519", "secp256r1" …; NULL when not in the table. */
const char *tls_group_name(uint16_t group);
/* "rsa_pkcs1_sha256", "ecdsa_secp256r1_sha256" …; NULL when not in the table. */
const char *tls_scheme_name(uint16_t scheme);

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
	uint16_t group;  /* 0: not said */
	uint16_t scheme; /* of the key exchange's signature, TLS 1.2; 0: not said */
	uint8_t compression;
	uint8_t alert;             /* description, of TLS_ALERT */
	bool done;                 /* its flight is whole: a ServerHelloDone came */
	bool retry;                /* a HelloRetryRequest */
	bool asks_certificate;     /* a CertificateRequest came */
	bool explicit_curve;       /* curve parameters written out: no named group */
	bool secure_renegotiation; /* RFC 5746 */
	bool extended_master_secret;
	bool encrypt_then_mac;
	bool session_ticket;
	bool session_id; /* it gave the session a number */
	bool heartbeat;
	struct span dh_prime;             /* borrowed; empty: not said */
	struct span protocol;             /* ALPN, borrowed */
	size_t chain_count;               /* certificates in the clear: up to TLS 1.2 */
	struct span chain[TLS_CHAIN_MAX]; /* DER, borrowed from the bytes parsed */
};

/* What one hello offers; lists left NULL hold everything that is known. */
struct tls_offer {
	uint16_t version;
	const uint16_t *suites;
	size_t count;
	const uint16_t *groups;
	size_t group_count;
	const uint16_t *schemes;
	size_t scheme_count;
	const char *starttls;    /* as in struct service */
	const char *server_name; /* RFC 6066 section 3; NULL: none is told */
	bool compression;        /* DEFLATE beside none */
	bool fallback;           /* TLS_FALLBACK_SCSV: "I could do better" */
	bool no_share;           /* TLS 1.3: no key share, the unit names the group it wants */
	bool features;           /* extended master secret, session ticket, heartbeat */
	bool encrypt_then_mac;
	bool protocols; /* ALPN: h2, http/1.1 … */
	bool plain;     /* no extensions at all, as before 2003 */
	bool unknown;   /* codes that nobody gave a meaning, which must be ignored (RFC 8701) */
};

/* One record with one hello that offers exactly `offer`. */
enum status tls_hello_make(
    struct job *job, struct target *target, const struct tls_offer *offer, struct span *record);

/*
 * Reads all bytes received so far.  TLS_MORE asks for more; `last` says there
 * is no more, and then a hello without the rest of its flight is TLS_HELLO.
 * `whole` wants the flight to its end.  Handshake messages are reassembled in
 * the arena.
 */
enum status tls_answer_parse(
    struct job *job, struct span received, bool last, struct tls_answer *answer);
enum status tls_flight_parse(
    struct job *job, struct span received, bool last, struct tls_answer *answer);

/*
 * Connects, offers, reads the answer.  STATUS_UNAVAILABLE only where there was
 * no connection at all, or no STARTTLS.  *exchange is the connection's number.
 */
enum status tls_ask(struct job *job, struct target *target, uint16_t port,
    const struct tls_offer *offer, struct tls_answer *answer, int64_t *exchange);

/*
 * The two halves of it, for questions that are asked beside each other: `channel`
 * is hung up when the answer was heard, and the caller's to hang up before.
 */
enum status tls_question_put(struct job *job, struct target *target, uint16_t port,
    const struct tls_offer *offer, struct channel *channel);
enum status tls_question_hear(struct job *job, struct tls_answer *answer, struct channel *channel);

/*
 * tls_ask, reading the flight to its end, and the connection stays open for
 * what comes next; the caller hangs up, also after failure.
 */
enum status tls_ask_openly(struct job *job, struct target *target, uint16_t port,
    const struct tls_offer *offer, struct tls_answer *answer, struct channel *channel);

/* ---- SSL 2.0, which shares nothing with its successors ---- */

#define SSL2_SUITES_MAX 32

struct ssl2_answer {
	enum tls_answer_type type;
	struct span certificate; /* DER, borrowed; empty: none */
	size_t count;
	uint32_t suites[SSL2_SUITES_MAX]; /* three bytes each; all the server has, by its answer */
};

/* SSL_CK_…; NULL for a number that is none of the draft's. */
const char *ssl2_suite_name(uint32_t code);
enum status ssl2_hello_make(struct job *job, struct target *target, struct span *record);
void ssl2_answer_parse(struct span received, bool last, struct ssl2_answer *answer);
enum status ssl2_ask(struct job *job, struct target *target, uint16_t port, const char *starttls,
    struct ssl2_answer *answer, int64_t *exchange);

/* ---- Diffie-Hellman primes ---- */

struct tls_prime {
	uint16_t bits;
	uint16_t group;  /* of RFC 7919; 0: none */
	uint64_t digest; /* the first bytes of SHA-256 over the prime without leading zeros */
	const char *name;
};

/* Bits of a big-endian number. */
uint32_t tls_prime_bits(struct span prime);
/* *known is NULL for a prime that many do not share. */
enum status tls_prime_find(struct job *job, struct span prime, const struct tls_prime **known);

#endif
