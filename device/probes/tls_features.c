/* What a unit can beside its suites shows in the extensions of one answer. */
#include <string.h>

#include "base/arena.h"
#include "device/probes/tls.h"

static bool
is_any(const char *name)
{
	return name[0] != '\0';
}

bool
tls_is_cbc(const char *name)
{
	return strstr(name, "_CBC_") != NULL;
}

/* A hello of one version with the suites that fit; *answered when the unit chose one. */
static enum status
ask(struct tls_talk *talk, struct tls_offer *offer, bool (*fits)(const char *name),
    struct tls_answer *answer, int64_t *exchange, bool *answered)
{
	uint16_t *suites = arena_array(talk->job, TLS_SUITES_MAX, sizeof *suites);

	*answered = false;
	*exchange = UNKNOWN;
	if (suites == NULL)
		return STATUS_LIMIT;
	offer->suites = suites;
	offer->count = tls_choose(talk, offer->version, fits, suites);
	if (offer->count == 0)
		return STATUS_OK;
	TRY(tls_try(talk, offer, answer, exchange));
	*answered = answer->type == TLS_HELLO && answer->version == offer->version;
	return STATUS_OK;
}

static enum status
tell_features(
    struct tls_talk *talk, uint16_t version, const struct tls_answer *answer, int64_t exchange)
{
	talk->heartbeat_known = true;
	talk->heartbeat = answer->heartbeat;
	talk->feature_exchange = exchange;
	TRY(tls_add_weakness(
	    talk, "compression", answer->compression != 0, tls_version_name(version), exchange));
	TRY(tls_add_parameter(
	    talk, version, "resumption", "session id offered", answer->session_id, exchange));
	if (version == SSL_3_0) /* that hello had no extensions */
		return STATUS_OK;
	TRY(tls_add_parameter(talk, version, "resumption", "session ticket offered",
	    answer->session_ticket, exchange));
	TRY(tls_add_parameter(talk, version, "extended_master_secret", "RFC 7627",
	    answer->extended_master_secret, exchange));
	return tls_add_parameter(
	    talk, version, "heartbeat", "RFC 6520", answer->heartbeat, exchange);
}

/* Everything in one hello; where that is too much, compression alone. */
static enum status
look_before_13(struct tls_talk *talk, uint16_t version)
{
	struct tls_offer offer = {.version = version, .features = true, .compression = true};
	struct tls_answer answer;
	int64_t exchange;
	bool answered;

	TRY(ask(talk, &offer, is_any, &answer, &exchange, &answered));
	if (answered)
		return tell_features(talk, version, &answer, exchange);
	outcome_lack(talk->job, &talk->parameters,
	    "port %u: no answer to a hello with features in %s", talk->port,
	    tls_version_name(version));
	offer = (struct tls_offer){.version = version, .compression = true};
	TRY(ask(talk, &offer, is_any, &answer, &exchange, &answered));
	return tls_add_weakness(talk, "compression", answered ? answer.compression != 0 : UNKNOWN,
	    answered ? tls_version_name(version) : "no answer to a hello that offers it", exchange);
}

/* It is answered beside a CBC suite only. */
static enum status
look_at_mac(struct tls_talk *talk, uint16_t version)
{
	struct tls_offer offer = {.version = version, .encrypt_then_mac = true};
	struct tls_answer answer;
	int64_t exchange;
	bool answered;

	if (version == SSL_3_0)
		return STATUS_OK;
	TRY(ask(talk, &offer, tls_is_cbc, &answer, &exchange, &answered));
	return answered ? tls_add_parameter(talk, version, "encrypt_then_mac", "RFC 7366",
			      answer.encrypt_then_mac, exchange)
			: STATUS_OK;
}

/* Its own order stands when the suite it chose first is chosen from the end of the list too. */
static enum status
look_at_preference(struct tls_talk *talk, uint16_t version)
{
	const struct tls_spoken *spoken = tls_spoken_in(talk, version);
	uint16_t suites[TLS_SUITES_MAX];
	struct tls_offer offer = {.version = version, .suites = suites, .count = spoken->count};
	struct tls_answer answer;
	int64_t exchange;

	if (spoken->count < 2)
		return STATUS_OK;
	for (size_t i = 0; i < spoken->count; i++)
		suites[i] = spoken->suites[spoken->count - 1 - i];
	TRY(tls_try(talk, &offer, &answer, &exchange));
	return answer.type == TLS_HELLO
		   ? tls_add_parameter(talk, version, "preference", "the unit's own order",
			 answer.suite == spoken->suites[0], exchange)
		   : STATUS_OK;
}

/* RFC 8701: what nobody gave a meaning is passed over. */
static enum status
look_at_tolerance(struct tls_talk *talk, uint16_t version)
{
	struct tls_offer offer = {.version = version, .unknown = true};
	struct tls_answer answer;
	int64_t exchange;
	bool answered;

	TRY(ask(talk, &offer, is_any, &answer, &exchange, &answered));
	return tls_add_parameter(
	    talk, version, "tolerance", "unknown codes are ignored", answered, exchange);
}

static enum status
look_at_protocols(struct tls_talk *talk, uint16_t version)
{
	struct tls_offer offer = {.version = version, .protocols = true};
	struct tls_answer answer;
	const char *name;
	int64_t exchange;
	bool answered;

	if (version == SSL_3_0)
		return STATUS_OK;
	TRY(ask(talk, &offer, is_any, &answer, &exchange, &answered));
	if (!answered || answer.protocol.size == 0)
		return STATUS_OK;
	name =
	    text_from_bytes(talk->job, answer.protocol.at, answer.protocol.size, TLS_PROTOCOL_MAX);
	return name == NULL ? STATUS_LIMIT
			    : tls_add_parameter(talk, version, "alpn", name, 1, exchange);
}

/*
 * RFC 7507: who says it would rather speak a higher version is refused by a
 * unit that speaks it.  With one version there is nothing to fall back to.
 */
static enum status
look_at_fallback(struct tls_talk *talk, uint16_t version)
{
	struct tls_offer offer = {.version = version, .fallback = true};
	struct tls_answer answer = {0};
	int64_t exchange;
	bool answered;

	TRY(ask(talk, &offer, is_any, &answer, &exchange, &answered));
	TRY(tls_add_parameter(talk, version, "fallback_scsv", "RFC 7507",
	    answered                                                ? 0
	    : answer.type == TLS_ALERT || answer.type == TLS_CLOSED ? 1
								    : UNKNOWN,
	    exchange));
	if (!answered && answer.type != TLS_ALERT && answer.type != TLS_CLOSED)
		return tls_add_weakness(
		    talk, "fallback scsv missing", UNKNOWN, "no answer", exchange);
	return tls_add_weakness(
	    talk, "fallback scsv missing", answered, tls_version_name(version), exchange);
}

/* The highest version below another that is spoken; 0 when there are not two. */
static uint16_t
second_version(struct tls_talk *talk)
{
	bool one = false;

	for (uint16_t version = TLS_1_3; version >= SSL_3_0; version--) {
		if (tls_spoken_in(talk, version)->count == 0)
			continue;
		if (one)
			return version;
		one = true;
	}
	return 0;
}

enum status
tls_look_at_features(struct tls_talk *talk)
{
	uint16_t version = tls_highest_before_13(talk), second = second_version(talk);
	uint16_t highest = tls_spoken_in(talk, TLS_1_3)->count > 0 ? TLS_1_3 : version;
	struct arena_mark mark;

	if (highest == 0)
		return STATUS_OK;
	if (version == 0)
		TRY(tls_add_weakness(talk, "compression", 0, "TLSv1.3 has none", UNKNOWN));
	else
		TRY(look_before_13(talk, version));
	mark = arena_mark(talk->job->arena);
	if (version != 0) {
		TRY(look_at_mac(talk, version));
		TRY(look_at_preference(talk, version));
		TRY(look_at_protocols(talk, version));
	}
	TRY(look_at_tolerance(talk, highest));
	arena_release(talk->job->arena, mark);
	if (second != 0)
		return look_at_fallback(talk, second);
	return tls_add_weakness(talk, "fallback scsv missing", 0, "it speaks one version", UNKNOWN);
}
