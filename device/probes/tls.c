/* Every TLS service in turn: versions and suites, then what rests on those, then its certificates.
 */
#include "device/probes/tls.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "device/certificate_facts.h"
#include "device/starttls.h"

struct tls_spoken *
tls_spoken_in(struct tls_talk *talk, uint16_t version)
{
	return &talk->spoken[version - SSL_3_0];
}

uint16_t
tls_highest_before_13(struct tls_talk *talk)
{
	for (uint16_t version = TLS_1_2; version >= SSL_3_0; version--)
		if (tls_spoken_in(talk, version)->count > 0)
			return version;
	return 0;
}

size_t
tls_choose(struct tls_talk *talk, uint16_t version, bool (*fits)(const char *name),
    uint16_t suites[TLS_SUITES_MAX])
{
	const struct tls_spoken *spoken = tls_spoken_in(talk, version);
	size_t count = 0;

	for (size_t i = 0; i < spoken->count; i++) {
		const char *name = tls_suite_name(spoken->suites[i]);

		if (name != NULL && fits(name))
			suites[count++] = spoken->suites[i];
	}
	return count;
}

static struct fact
fact_about(const struct tls_talk *talk, enum fact_kind kind, int64_t exchange)
{
	struct fact fact = fact_new(kind);

	fact.port = talk->port;
	fact.exchange = exchange;
	return fact;
}

enum status
tls_add_offer(struct tls_talk *talk, uint16_t version, const char *cipher,
    const struct tls_answer *answer, bool accepted, int64_t exchange)
{
	struct fact fact = fact_about(talk, FACT_tls_offer, exchange);

	fact.as.tls_offer.version = tls_version_name(version);
	fact.as.tls_offer.accepted = accepted;
	fact.as.tls_offer.cipher = cipher;
	if (answer != NULL) {
		fact.as.tls_offer.named_group = answer->explicit_curve
						    ? "arbitrary_explicit_curve"
						    : tls_group_name(answer->group);
		fact.as.tls_offer.signature_algorithm = tls_scheme_name(answer->scheme);
	}
	return evidence_add(talk->evidence, talk->job, &fact);
}

enum status
tls_add_parameter(struct tls_talk *talk, uint16_t version, const char *class, const char *name,
    int64_t accepted, int64_t exchange)
{
	struct fact fact = fact_about(talk, FACT_tls_parameter, exchange);

	fact.as.tls_parameter.version = tls_version_name(version);
	fact.as.tls_parameter.class = class;
	fact.as.tls_parameter.name = name;
	fact.as.tls_parameter.accepted = accepted;
	return evidence_add(talk->evidence, talk->job, &fact);
}

enum status
tls_add_weakness(
    struct tls_talk *talk, const char *name, int64_t present, const char *detail, int64_t exchange)
{
	struct fact fact = fact_about(talk, FACT_tls_weakness, exchange);

	fact.as.tls_weakness.name = name;
	fact.as.tls_weakness.present = present;
	fact.as.tls_weakness.detail = detail;
	if (present == UNKNOWN)
		outcome_lack(talk->job, &talk->weaknesses, "port %u: %s: %s", talk->port, name,
		    detail == NULL ? "not told" : detail);
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* Certificates not shown before become facts. */
enum status
tls_add_chain(struct tls_talk *talk, const struct span *chain, size_t count, int64_t exchange)
{
	for (size_t i = 0; i < count; i++) {
		struct digest digest;
		bool known = false, read;

		TRY(digest_of(talk->job, chain[i], &digest));
		for (size_t j = 0; j < talk->seen_count && !known; j++)
			known = digest_equal(&digest, &talk->seen[j]);
		if (known)
			continue;
		if (talk->seen_count == TLS_CERTIFICATES_MAX) {
			outcome_lack(talk->job, &talk->certificates,
			    "port %u: more than %d certificates", talk->port, TLS_CERTIFICATES_MAX);
			return STATUS_OK;
		}
		talk->seen[talk->seen_count++] = digest;
		if (i == 0 && talk->host[0] == '\0')
			certificate_host(chain[i], talk->host, sizeof talk->host);
		TRY(certificate_add_facts(
		    talk->job, talk->evidence, chain[i], talk->port, exchange, &read));
		if (!read)
			outcome_lack(talk->job, &talk->certificates,
			    "port %u: a certificate that cannot be read", talk->port);
	}
	return STATUS_OK;
}

/* Some take few connections at a time and forget the last ones slowly. */
static const int pauses_ms[] = {0, 200, 400, 800, 1600, 3200};

bool
tls_try_again(struct tls_talk *talk, enum status status, unsigned *tries)
{
	if (status != STATUS_UNAVAILABLE || *tries + 1 >= ARRAY_SIZE(pauses_ms))
		return false;
	(*tries)++;
	return target_wait(talk->job, talk->target, pauses_ms[*tries]) == STATUS_OK;
}

enum status
tls_try(
    struct tls_talk *talk, struct tls_offer *offer, struct tls_answer *answer, int64_t *exchange)
{
	unsigned tries = 0;
	bool once = false, silent;
	enum status status;

	offer->starttls = talk->starttls;
	offer->server_name = talk->server_name;
	offer->plain = talk->plain;
	do {
		status = tls_ask(talk->job, talk->target, talk->port, offer, answer, exchange);
		silent = status == STATUS_OK &&
			 (answer->type == TLS_CLOSED || answer->type == TLS_SILENT ||
			     answer->type == TLS_STRANGE) &&
			 !once;
		once = once || silent;
	} while (silent || tls_try_again(talk, status, &tries));
	return status;
}

enum status
tls_open(struct tls_talk *talk, struct channel *channel)
{
	unsigned tries = 0;
	enum status status;

	for (;;) {
		status = channel_open(talk->job, talk->target, talk->port, channel);
		if (status == STATUS_OK && talk->starttls != NULL)
			status = starttls_begin(talk->job, channel, talk->starttls);
		if (status == STATUS_UNDECIDED || status == STATUS_MALFORMED)
			status = STATUS_UNAVAILABLE;
		channel->server_name = talk->server_name;
		if (status == STATUS_OK)
			return STATUS_OK;
		channel_hang_up(talk->job, channel);
		if (!tls_try_again(talk, status, &tries))
			return status;
	}
}

/* TLS 1.3 shows its certificates only there. */
enum status
tls_shake_hands(struct tls_talk *talk, const char *schemes)
{
	struct channel channel;
	struct tls_peer peer;
	enum status status;

	TRY(tls_open(talk, &channel));
	channel.schemes = schemes;
	status = channel_start_tls(talk->job, &channel, &peer);
	if (status == STATUS_OK)
		status = tls_add_chain(talk, peer.chain, peer.chain_count, channel.exchange);
	channel_hang_up(talk->job, &channel);
	return status == STATUS_MALFORMED || status == STATUS_UNAVAILABLE ||
		       status == STATUS_UNDECIDED
		   ? STATUS_OK
		   : status;
}

/*
 * A unit with two certificates shows each only to who takes no other.  Before
 * TLS 1.3 the suites say which; from there on the signature does.
 */
static enum status
collect_certificates(struct tls_talk *talk)
{
	static const char *const kinds[] = {"ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448",
	    "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+"
	    "SHA1"};

	if (tls_spoken_in(talk, TLS_1_3)->count > 0)
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			TRY(tls_shake_hands(talk, kinds[i]));
	if (talk->seen_count == 0)
		TRY(tls_shake_hands(talk, NULL));
	if (talk->seen_count == 0)
		outcome_lack(talk->job, &talk->certificates, "port %u shows no certificate: %s",
		    talk->port, talk->job->reason[0] == '\0' ? "no handshake" : talk->job->reason);
	return STATUS_OK;
}

static void
lack_everywhere(struct tls_talk *talk, const char *reason)
{
	outcome_lack(talk->job, &talk->offers, "%s", reason);
	outcome_lack(talk->job, &talk->parameters, "%s", reason);
	outcome_lack(talk->job, &talk->weaknesses, "%s", reason);
	outcome_lack(talk->job, &talk->certificates, "%s", reason);
}

static bool
speaks(const struct tls_talk *talk)
{
	bool any = talk->ssl2;

	for (size_t i = 0; i < TLS_VERSIONS; i++)
		any = any || talk->spoken[i].count > 0;
	return any;
}

/* What is known of its versions, from `oldest` on. */
static void
forget(struct tls_talk *talk, uint16_t oldest)
{
	talk->lacking = talk->alone = talk->heartbeat = talk->heartbeat_known = talk->plain = false;
	talk->senseless = 0;
	talk->dh_count = 0;
	talk->dh_least = UINT32_MAX;
	talk->dh_common = NULL;
	talk->dh_exchange = talk->feature_exchange = UNKNOWN;
	for (uint16_t version = oldest; version <= TLS_1_3; version++)
		*tls_spoken_in(talk, version) = (struct tls_spoken){.exchange = UNKNOWN};
}

static enum status
ask_further(struct tls_talk *talk)
{
	TRY(tls_look_at_parameters(talk));
	TRY(tls_look_at_features(talk));
	TRY(tls_look_for_weaknesses(talk));
	return tls_try_attacks(talk);
}

/* All of it again, of a service that is another one to who knows its name. */
static enum status
ask_by_name(struct tls_talk *talk)
{
	const char *name = talk->host[0] == '\0' ? "camera.local" : talk->host;
	bool differs;

	TRY(tls_try_name(talk, name, &differs));
	if (!differs)
		return STATUS_OK;
	if (talk->note[0] == '\0')
		snprintf(talk->note, sizeof talk->note,
		    "port %u: listed again with the name %s, to which it answers otherwise",
		    talk->port, name);
	talk->offers.note = talk->note;
	forget(talk, TLS_1_0);
	talk->server_name = name;
	TRY(tls_enumerate(talk));
	TRY(collect_certificates(talk));
	return ask_further(talk);
}

static enum status
ask_parts(struct tls_talk *talk)
{
	TRY(tls_enumerate(talk));
	if (!speaks(talk)) {
		lack_everywhere(talk, arena_printf(talk->job,
					  "port %u speaks TLS and accepted no suite", talk->port));
		return STATUS_OK;
	}
	TRY(collect_certificates(talk));
	TRY(ask_further(talk));
	return ask_by_name(talk);
}

static enum status
ask_service(struct tls_talk *talk, const struct service *service)
{
	enum status status;

	talk->port = service->port;
	talk->starttls = service->tls ? NULL : service->starttls;
	talk->server_name = NULL;
	talk->host[0] = '\0';
	talk->ssl2 = false;
	talk->seen_count = talk->ssl2_count = 0;
	talk->ssl2_exchange = UNKNOWN;
	forget(talk, SSL_3_0);
	status = ask_parts(talk);
	if (status != STATUS_UNAVAILABLE)
		return status;
	lack_everywhere(talk, talk->job->reason);
	return STATUS_OK;
}

/* What the probe of UDP has recognised: nobody speaks DTLS unasked. */
static enum status
ask_datagrams(struct tls_talk *talk, const struct service *service)
{
	enum status status;

	talk->port = service->port;
	status = tls_list_datagrams(talk);
	if (status != STATUS_UNAVAILABLE)
		return status;
	outcome_lack(talk->job, &talk->offers, "%s", talk->job->reason);
	return STATUS_OK;
}

static bool
is_dtls(const struct service *service)
{
	return service->udp && strcmp(service->name, "dtls") == 0;
}

static int
lack_count(const struct tls_talk *talk)
{
	return (talk->offers.lack != NULL) + (talk->parameters.lack != NULL) +
	       (talk->weaknesses.lack != NULL) + (talk->certificates.lack != NULL);
}

static enum status
talk_tls(struct job *job, struct target *target, struct evidence *evidence)
{
	struct tls_talk *talk = arena_allocate(job, sizeof *talk);
	struct outcome none = {
	    .lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN};

	if (talk == NULL)
		return STATUS_LIMIT;
	*talk = (struct tls_talk){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .offers = none,
	    .parameters = none,
	    .weaknesses = none,
	    .certificates = none};
	for (size_t i = 0; i < target->service_count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		int before = lack_count(talk);

		if (is_dtls(&target->services[i]))
			TRY(ask_datagrams(talk, &target->services[i]));
		else if (!target->services[i].udp &&
			 (target->services[i].tls || target->services[i].starttls != NULL))
			TRY(ask_service(talk, &target->services[i]));
		if (lack_count(talk) == before) /* nothing of it is wanted any more */
			arena_release(job->arena, mark);
	}
	TRY(outcome_look(job, &talk->offers, evidence, FACT_tls_offer));
	TRY(outcome_look(job, &talk->parameters, evidence, FACT_tls_parameter));
	TRY(outcome_look(job, &talk->weaknesses, evidence, FACT_tls_weakness));
	TRY(outcome_look(job, &talk->certificates, evidence, FACT_certificate));
	return outcome_look(job, &talk->certificates, evidence, FACT_key);
}

const struct probe probe_tls = {
    .name = "tls",
    .title =
	"Every TLS version, cipher suite, group and signature scheme a unit accepts, its known "
	"weaknesses and its certificates",
    .source =
	"RFC 8446, RFC 5246, RFC 6101, draft-hickman-netscape-ssl, RFC 5746, RFC 7507, RFC 7627, "
	"RFC 7366, RFC 7919, RFC 5280, RFC 6347",
    .looks_for = {"tls_offer", "tls_parameter", "tls_weakness", "certificate", "key"},
    .needs = "ports",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 10 * 60 * 1000,
    .talk = talk_tls,
};
