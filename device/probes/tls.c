/* One hello a suite: the unit is offered what is left of the list until it declines. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/certificate_facts.h"
#include "device/probe.h"
#include "device/tls_hello.h"

#define CHUNK 64 /* suites in one hello: a longer one makes some units fall over */
#define CERTIFICATES_MAX 64

/* One TLS port while it is asked. */
struct service_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome offers;
	struct outcome certificates;
	uint16_t port;
	size_t accepted; /* pairs, all versions */
	bool renegotiation_told;
	bool compression_told;
	struct digest seen[CERTIFICATES_MAX];
	size_t seen_count;
};

static enum status
add_offer(
    struct service_talk *talk, uint16_t version, const struct tls_answer *answer, int64_t exchange)
{
	struct fact fact = fact_new(FACT_tls_offer);

	fact.port = talk->port;
	fact.exchange = exchange;
	fact.as.tls_offer.version = tls_version_name(version);
	fact.as.tls_offer.accepted = answer != NULL;
	if (answer != NULL) {
		fact.as.tls_offer.cipher = tls_suite_name(answer->suite);
		fact.as.tls_offer.named_group = tls_group_name(answer->group);
		talk->accepted++;
	}
	return evidence_add(talk->evidence, talk->job, &fact);
}

static enum status
add_weakness(struct service_talk *talk, const char *name, bool present, int64_t exchange)
{
	struct fact fact = fact_new(FACT_tls_weakness);

	fact.port = talk->port;
	fact.exchange = exchange;
	fact.as.tls_weakness.name = name;
	fact.as.tls_weakness.present = present;
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* Certificates not shown before become facts. */
static enum status
add_chain(struct service_talk *talk, const struct span *chain, size_t count, int64_t exchange)
{
	for (size_t i = 0; i < count; i++) {
		struct digest digest;
		bool known = false, read;

		TRY(digest_of(talk->job, chain[i], &digest));
		for (size_t j = 0; j < talk->seen_count && !known; j++)
			known = digest_equal(&digest, &talk->seen[j]);
		if (known)
			continue;
		if (talk->seen_count == CERTIFICATES_MAX) {
			outcome_lack(talk->job, &talk->certificates,
			    "port %u: more than %d certificates", talk->port, CERTIFICATES_MAX);
			return STATUS_OK;
		}
		talk->seen[talk->seen_count++] = digest;
		TRY(certificate_add_facts(
		    talk->job, talk->evidence, chain[i], talk->port, exchange, &read));
		if (!read)
			outcome_lack(talk->job, &talk->certificates,
			    "port %u: a certificate that cannot be read", talk->port);
	}
	return STATUS_OK;
}

static bool
is_refusal(enum tls_answer_type type)
{
	return type == TLS_ALERT || type == TLS_CLOSED;
}

/* Asks once, and again where the first answer was no answer. */
static enum status
ask(struct service_talk *talk, const struct tls_offer *offer, struct tls_answer *answer,
    int64_t *exchange)
{
	enum status status = tls_ask(talk->job, talk->target, talk->port, offer, answer, exchange);

	if (status == STATUS_UNAVAILABLE ||
	    (status == STATUS_OK && (answer->type == TLS_CLOSED || answer->type == TLS_SILENT ||
					answer->type == TLS_STRANGE)))
		status = tls_ask(talk->job, talk->target, talk->port, offer, answer, exchange);
	return status;
}

static bool
take_out(uint16_t *suites, size_t *count, uint16_t suite)
{
	for (size_t i = 0; i < *count; i++)
		if (suites[i] == suite) {
			memmove(&suites[i], &suites[i + 1], (*count - i - 1) * sizeof *suites);
			(*count)--;
			return true;
		}
	return false;
}

/*
 * Offers `count` suites of one version until none is accepted any more.
 * *over says that the unit does not speak this version at all.
 */
static enum status
ask_chunk(struct service_talk *talk, uint16_t version, uint16_t *suites, size_t count, bool *over)
{
	while (count > 0) {
		struct tls_offer offer = {.version = version, .suites = suites, .count = count};
		struct arena_mark mark = arena_mark(talk->job->arena);
		struct tls_answer answer;
		int64_t exchange;

		TRY(ask(talk, &offer, &answer, &exchange));
		*over = (answer.type == TLS_HELLO && answer.version != version) ||
			(answer.type == TLS_ALERT && answer.alert == 70);
		if (*over || is_refusal(answer.type))
			return STATUS_OK;
		if (answer.type != TLS_HELLO || !take_out(suites, &count, answer.suite)) {
			outcome_lack(talk->job, &talk->offers,
			    "port %u: no sensible answer to a %s hello", talk->port,
			    tls_version_name(version));
			*over = true;
			return STATUS_OK;
		}
		TRY(add_offer(talk, version, &answer, exchange));
		TRY(add_chain(talk, answer.chain, answer.chain_count, exchange));
		if (version < TLS_1_3 && !talk->renegotiation_told)
			TRY(add_weakness(talk, "secure renegotiation missing",
			    !answer.secure_renegotiation, exchange));
		talk->renegotiation_told = talk->renegotiation_told || version < TLS_1_3;
		if (talk->offers.lack == NULL && talk->certificates.lack == NULL)
			arena_release(talk->job->arena, mark);
	}
	return STATUS_OK;
}

/* All suites of one version; a row "not accepted" where there was none. */
static enum status
ask_version(struct service_talk *talk, uint16_t version)
{
	size_t before = talk->accepted;
	bool over = false;

	for (size_t i = 0; i < tls_suite_count && !over;) {
		uint16_t chunk[CHUNK];
		size_t count = 0;

		for (; i < tls_suite_count && count < CHUNK; i++)
			if (tls_suites[i].of_13 == (version == TLS_1_3))
				chunk[count++] = tls_suites[i].code;
		TRY(ask_chunk(talk, version, chunk, count, &over));
	}
	if (talk->accepted == before && talk->offers.lack == NULL)
		TRY(add_offer(talk, version, NULL, UNKNOWN));
	return STATUS_OK;
}

/* DEFLATE beside none: a unit that chooses it lets secrets be guessed by length (RFC 7457
 * section 2.6). */
static enum status
ask_compression(struct service_talk *talk)
{
	for (uint16_t version = TLS_1_2; version >= SSL_3_0; version--) {
		static const uint16_t usual[] = {0xc02f, 0xc02b, 0xc030, 0xc02c, 0xc013, 0xc009,
		    0xc014, 0xc00a, 0x009c, 0x002f, 0x0035, 0x0039, 0x0033, 0x000a, 0x0005};
		struct tls_offer offer = {.version = version,
		    .suites = usual,
		    .count = ARRAY_SIZE(usual),
		    .compression = true};
		struct tls_answer answer;
		int64_t exchange;

		TRY(ask(talk, &offer, &answer, &exchange));
		if (answer.type == TLS_HELLO && answer.version == version)
			return add_weakness(talk, "compression", answer.compression != 0, exchange);
	}
	return STATUS_OK;
}

/* One whole handshake by libssl: TLS 1.3 shows its certificates only there. */
static enum status
shake_hands(struct service_talk *talk)
{
	struct channel channel;
	struct tls_peer peer;
	enum status status = channel_open(talk->job, talk->target, talk->port, &channel);

	if (status == STATUS_OK)
		status = channel_start_tls(talk->job, &channel, &peer);
	if (status == STATUS_OK)
		status = add_chain(talk, peer.chain, peer.chain_count, channel.exchange);
	channel_hang_up(talk->job, &channel);
	if (status == STATUS_MALFORMED || status == STATUS_UNAVAILABLE ||
	    status == STATUS_UNDECIDED) {
		if (talk->seen_count == 0)
			outcome_lack(talk->job, &talk->certificates, "%s", talk->job->reason);
		return STATUS_OK;
	}
	return status;
}

static enum status
ask_service(struct service_talk *talk)
{
	enum status status = STATUS_OK;

	talk->accepted = talk->seen_count = 0;
	talk->renegotiation_told = false;
	for (uint16_t version = SSL_3_0; version <= TLS_1_3 && status == STATUS_OK; version++)
		status = ask_version(talk, version);
	if (status == STATUS_OK)
		status = ask_compression(talk);
	if (status == STATUS_OK)
		status = shake_hands(talk);
	if (status == STATUS_UNAVAILABLE) {
		outcome_lack(talk->job, &talk->offers, "%s", talk->job->reason);
		outcome_lack(talk->job, &talk->certificates, "%s", talk->job->reason);
		return STATUS_OK;
	}
	TRY(status);
	if (talk->accepted == 0)
		outcome_lack(talk->job, &talk->offers, "port %u speaks TLS and accepted no suite",
		    talk->port);
	return STATUS_OK;
}

static enum status
talk_tls(struct job *job, struct target *target, struct evidence *evidence)
{
	struct service_talk *talk = arena_allocate(job, sizeof *talk);
	struct outcome none = {
	    .lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN};

	if (talk == NULL)
		return STATUS_LIMIT;
	*talk = (struct service_talk){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .offers = none,
	    .certificates = none};
	for (size_t i = 0; i < target->service_count; i++) {
		if (!target->services[i].tls)
			continue;
		talk->port = target->services[i].port;
		TRY(ask_service(talk));
	}
	TRY(outcome_look(job, &talk->offers, evidence, FACT_tls_offer));
	TRY(outcome_look(job, &talk->offers, evidence, FACT_tls_weakness));
	TRY(outcome_look(job, &talk->certificates, evidence, FACT_certificate));
	return outcome_look(job, &talk->certificates, evidence, FACT_key);
}

const struct probe probe_tls = {
    .name = "tls",
    .title = "Every TLS version and cipher suite a unit accepts, and its certificates",
    .source = "RFC 8446, RFC 5246, RFC 5746, RFC 5280",
    .looks_for = {"tls_offer", "tls_weakness", "certificate", "key"},
    .needs = "ports",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 10 * 60 * 1000,
    .talk = talk_tls,
};
