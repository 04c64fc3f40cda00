/* A weakness of a suite is there when the suite was accepted; that it is not needs all of them
 * asked. */
#include <string.h>

#include "base/arena.h"
#include "device/probes/tls.h"

#define SHORT_DH 2048

bool
tls_is_static_rsa(const char *name)
{
	return strstr(name, "TLS_RSA_WITH_") != NULL || strstr(name, "TLS_RSA_EXPORT") != NULL ||
	       strstr(name, "SSL_RSA_") != NULL || strstr(name, "_CK_") != NULL;
}

static bool
is_rc4(const char *name)
{
	return strstr(name, "_RC4_") != NULL;
}

/* Blocks of 64 bits repeat after some gigabytes. */
static bool
is_sweet32(const char *name)
{
	return strstr(name, "_3DES_") != NULL || strstr(name, "_DES_") != NULL ||
	       strstr(name, "_DES40_") != NULL || strstr(name, "_IDEA_") != NULL ||
	       strstr(name, "_RC2_") != NULL;
}

static bool
is_export(const char *name)
{
	return strstr(name, "EXPORT") != NULL;
}

static bool
is_anonymous(const char *name)
{
	return strstr(name, "_anon_") != NULL || strcmp(name, "TLS_NULL_WITH_NULL_NULL") == 0;
}

static bool
is_null(const char *name)
{
	return strstr(name, "_WITH_NULL_") != NULL || strstr(name, "CK_NULL") != NULL ||
	       strcmp(name, "TLS_SHA256_SHA256") == 0 || strcmp(name, "TLS_SHA384_SHA384") == 0;
}

static bool
has_forward_secrecy(const char *name)
{
	return strstr(name, "DHE_") != NULL || strstr(name, "_anon_") != NULL ||
	       strstr(name, "_ECCPWD_") != NULL;
}

/* The first accepted suite that fits, of any version; *spoken is where. */
static const char *
first_with(struct tls_talk *talk, bool (*fits)(const char *name), int64_t *exchange)
{
	*exchange = UNKNOWN;
	for (size_t i = 0; i < talk->ssl2_count; i++) {
		const char *name = ssl2_suite_name(talk->ssl2_suites[i]);

		if (name != NULL && fits(name)) {
			*exchange = talk->ssl2_exchange;
			return name;
		}
	}
	for (uint16_t version = SSL_3_0; version <= TLS_1_3; version++) {
		const struct tls_spoken *spoken = tls_spoken_in(talk, version);

		for (size_t i = 0; i < spoken->count; i++) {
			const char *name = tls_suite_name(spoken->suites[i]);

			if (name == NULL || !fits(name))
				continue;
			*exchange = spoken->exchange;
			return arena_printf(talk->job, "%s in %s", name, tls_version_name(version));
		}
	}
	return NULL;
}

/* Present when found; absent only when every suite was asked for. */
static int64_t
presence(const struct tls_talk *talk, bool found)
{
	return found ? 1 : talk->lacking ? UNKNOWN : 0;
}

static const char *
unless_lacking(const struct tls_talk *talk, const char *detail)
{
	return detail == NULL && talk->lacking ? "not every suite could be asked for" : detail;
}

static enum status
look_at_suites(struct tls_talk *talk)
{
	static const struct {
		const char *name;
		bool (*fits)(const char *name);
	} weak[] = {{"rc4", is_rc4}, {"sweet32", is_sweet32}, {"export", is_export},
	    {"anonymous", is_anonymous}, {"null", is_null}};

	for (size_t i = 0; i < ARRAY_SIZE(weak); i++) {
		int64_t exchange;
		const char *first = first_with(talk, weak[i].fits, &exchange);

		TRY(tls_add_weakness(talk, weak[i].name, presence(talk, first != NULL),
		    unless_lacking(talk, first), exchange));
	}
	return STATUS_OK;
}

static enum status
look_at_versions(struct tls_talk *talk)
{
	const struct tls_spoken *ssl3 = tls_spoken_in(talk, SSL_3_0);
	bool cbc = false;

	for (size_t i = 0; i < ssl3->count; i++) {
		const char *name = tls_suite_name(ssl3->suites[i]);

		cbc = cbc || (name != NULL && tls_is_cbc(name));
	}
	TRY(tls_add_weakness(talk, "sslv2", talk->ssl2,
	    !talk->ssl2             ? NULL
	    : talk->ssl2_count == 0 ? "it answers, and lists no suite"
				    : "DROWN",
	    talk->ssl2_exchange));
	return tls_add_weakness(talk, "sslv3", presence(talk, ssl3->count > 0),
	    unless_lacking(talk, ssl3->count == 0 ? NULL
				 : cbc            ? "with CBC suites: POODLE"
						  : "without CBC suites"),
	    ssl3->exchange);
}

/* Nothing better than CBC, nothing better than keys sent under the certificate's. */
static enum status
look_at_what_is_missing(struct tls_talk *talk)
{
	bool modern = tls_spoken_in(talk, TLS_1_3)->count > 0, aead = modern, secret = modern;
	bool cbc = false, early = false;
	int64_t exchange = UNKNOWN, ignored;

	for (uint16_t version = SSL_3_0; version <= TLS_1_2; version++) {
		const struct tls_spoken *spoken = tls_spoken_in(talk, version);

		for (size_t i = 0; i < spoken->count; i++) {
			const char *name = tls_suite_name(spoken->suites[i]);

			if (name == NULL)
				continue;
			exchange = spoken->exchange;
			cbc = cbc || tls_is_cbc(name);
			early = early || (tls_is_cbc(name) && version <= TLS_1_0);
			aead = aead || strstr(name, "_GCM_") != NULL ||
			       strstr(name, "_CCM") != NULL || strstr(name, "POLY1305") != NULL;
			secret = secret || has_forward_secrecy(name);
		}
	}
	TRY(tls_add_weakness(talk, "cbc only", aead || !cbc ? presence(talk, false) : 1,
	    unless_lacking(talk, early ? "CBC before TLSv1.1 too: BEAST" : NULL), exchange));
	return tls_add_weakness(talk, "static rsa only",
	    secret ? 0 : presence(talk, first_with(talk, tls_is_static_rsa, &ignored) != NULL),
	    unless_lacking(talk, NULL), exchange);
}

static enum status
look_at_primes(struct tls_talk *talk)
{
	bool any = talk->dh_least != UINT32_MAX;

	TRY(tls_add_weakness(talk, "short dh", presence(talk, any && talk->dh_least < SHORT_DH),
	    any ? arena_printf(talk->job, "%u bits at least", talk->dh_least)
		: unless_lacking(talk, NULL),
	    talk->dh_exchange));
	return tls_add_weakness(talk, "common dh prime", presence(talk, talk->dh_common != NULL),
	    unless_lacking(talk, talk->dh_common), talk->dh_exchange);
}

/* RFC 5746 is told in the first answer of a version: see tls_enumerate.c. */
static enum status
look_at_renegotiation(struct tls_talk *talk)
{
	uint16_t version = tls_highest_before_13(talk);
	const struct tls_spoken *spoken;
	uint16_t suites[TLS_SUITES_MAX];
	struct tls_offer offer = {.version = version, .suites = suites};
	struct tls_answer answer;
	int64_t exchange;

	if (version == 0)
		return tls_add_weakness(talk, "secure renegotiation missing", 0,
		    "TLSv1.3 has no renegotiation", UNKNOWN);
	spoken = tls_spoken_in(talk, version);
	offer.count = spoken->count;
	memcpy(suites, spoken->suites, spoken->count * sizeof *suites);
	TRY(tls_try(talk, &offer, &answer, &exchange));
	return tls_add_weakness(talk, "secure renegotiation missing",
	    answer.type != TLS_HELLO ? UNKNOWN : !answer.secure_renegotiation,
	    answer.type != TLS_HELLO ? "no answer" : tls_version_name(version), exchange);
}

enum status
tls_look_for_weaknesses(struct tls_talk *talk)
{
	TRY(look_at_suites(talk));
	TRY(look_at_versions(talk));
	TRY(look_at_what_is_missing(talk));
	TRY(look_at_primes(talk));
	return look_at_renegotiation(talk);
}
