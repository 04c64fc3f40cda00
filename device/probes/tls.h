/*
 * One TLS service while it is asked: what its parts of the probe hand on to one another.
 */
#ifndef DEVICE_PROBES_TLS_H
#define DEVICE_PROBES_TLS_H

#include "base/digest.h"
#include "device/probe.h"
#include "device/tls_hello.h"

#define TLS_SUITES_MAX 512
#define TLS_CERTIFICATES_MAX 64
#define TLS_SIZES_MAX 16
#define TLS_HOST_SIZE 254 /* of a name, with NUL */
#define TLS_VERSIONS (TLS_1_3 - SSL_3_0 + 1)

/* What was accepted in one version, in the order the unit chose it. */
struct tls_spoken {
	uint16_t suites[TLS_SUITES_MAX];
	size_t count;
	int64_t exchange; /* of the first; UNKNOWN */
};

struct tls_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome offers;
	struct outcome parameters;
	struct outcome weaknesses;
	struct outcome certificates;
	char note[2 * TLS_HOST_SIZE]; /* of a service that is another one to who knows its name */
	/* ---- of the service being asked ---- */
	uint16_t port;
	const char *starttls;
	const char *server_name;  /* told in every hello; NULL: none */
	char host[TLS_HOST_SIZE]; /* the first that a certificate is for; "": not known */
	bool lacking;             /* its suites are not all known */
	bool plain;               /* hellos without extensions, while that is all it understands */
	bool alone;               /* one connection at a time: beside another it answered nothing */
	unsigned senseless;       /* versions that were not answered sensibly */
	struct tls_spoken spoken[TLS_VERSIONS];
	bool ssl2;
	int64_t ssl2_exchange;
	uint32_t ssl2_suites[SSL2_SUITES_MAX];
	size_t ssl2_count;
	uint32_t dh_bits[TLS_SIZES_MAX]; /* different ones */
	size_t dh_count;
	uint32_t dh_least; /* UINT32_MAX: none */
	int64_t dh_exchange;
	const char *dh_common; /* whose prime below 2048 bits many share; NULL */
	bool heartbeat_known;
	bool heartbeat;
	int64_t feature_exchange;
	struct digest seen[TLS_CERTIFICATES_MAX];
	size_t seen_count;
};

/* The spoken record of a version from SSL 3.0 on. */
struct tls_spoken *tls_spoken_in(struct tls_talk *talk, uint16_t version);
/* The highest version below TLS 1.3 in which a suite was accepted; 0. */
uint16_t tls_highest_before_13(struct tls_talk *talk);
/* Suites accepted in a version whose name `fits`; at most TLS_SUITES_MAX. */
size_t tls_choose(struct tls_talk *talk, uint16_t version, bool (*fits)(const char *name),
    uint16_t suites[TLS_SUITES_MAX]);

/* Facts about the service. */
enum status tls_add_offer(struct tls_talk *talk, uint16_t version, const char *cipher,
    const struct tls_answer *answer, bool accepted, int64_t exchange);
enum status tls_add_parameter(struct tls_talk *talk, uint16_t version, const char *class,
    const char *name, int64_t accepted, int64_t exchange);
enum status tls_add_weakness(
    struct tls_talk *talk, const char *name, int64_t present, const char *detail, int64_t exchange);
enum status tls_add_chain(
    struct tls_talk *talk, const struct span *chain, size_t count, int64_t exchange);

/*
 * After a connection that was not made: waits, longer each time, and says
 * whether to try again.  *tries begins at 0.
 */
bool tls_try_again(struct tls_talk *talk, enum status status, unsigned *tries);
/* A connection of which the next byte is TLS.  STATUS_UNAVAILABLE after all tries. */
enum status tls_open(struct tls_talk *talk, struct channel *channel);
/* Asks, and again where the first answer was no answer; fills in how TLS is started. */
enum status tls_try(
    struct tls_talk *talk, struct tls_offer *offer, struct tls_answer *answer, int64_t *exchange);

/* One whole handshake by libssl, which takes these signatures (NULL: all), for its certificates. */
enum status tls_shake_hands(struct tls_talk *talk, const char *schemes);

/* Every suite a version can have. */
size_t tls_suites_of(uint16_t version, uint16_t suites[TLS_SUITES_MAX]);
/* A suite that the unit chose, and what its answer tells beside. */
enum status tls_note_suite(
    struct tls_talk *talk, uint16_t version, const struct tls_answer *answer, int64_t exchange);
/* False when `suite` is not in the list. */
bool tls_take_out(uint16_t *suites, size_t *count, uint16_t suite);
/*
 * Asks for the rest of a version's suites, several questions at a time, as soon as it has
 * accepted some.  What is accepted is noted and taken out; of what is left nothing is known.
 */
enum status tls_hurry(struct tls_talk *talk, uint16_t version, uint16_t *suites, size_t *count);

/*
 * Servers have settings for each name: does this one take more from who tells it a name than it
 * took from who did not, or show another certificate?
 */
enum status tls_try_name(struct tls_talk *talk, const char *name, bool *differs);

/* The parts. Each leaves the reason why it could not see everything in an outcome. */
enum status tls_enumerate(struct tls_talk *talk);
enum status tls_look_at_parameters(struct tls_talk *talk);
enum status tls_look_at_features(struct tls_talk *talk);
enum status tls_look_for_weaknesses(struct tls_talk *talk);
enum status tls_try_attacks(struct tls_talk *talk);
/* The versions and suites of a service that speaks DTLS. */
enum status tls_list_datagrams(struct tls_talk *talk);

/* What a suite's name says. */
bool tls_is_cbc(const char *name);
bool tls_is_static_rsa(const char *name);

#endif
