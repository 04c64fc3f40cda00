/* OPTIONS is asked by anybody and rings nowhere: REGISTER and INVITE are not sent. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/channel.h"
#include "device/findings.h"
#include "device/probe.h"
#include "device/sip_answer.h"

#define SIP_PORT 5060
#define SIPS_PORT 5061
#define ANSWER_ROOM 4096
#define UDP_PATIENCE_MS 1500
#define TCP_PATIENCE_MS 3000

struct sip_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	uint16_t port;
	bool udp, tls;
	bool known; /* of UDP: another probe had an answer from there */
	int64_t exchange;
};

/* ---- facts ---- */

static struct finding
found(const struct sip_talk *talk)
{
	return (struct finding){
	    talk->job, talk->evidence, talk->tls ? "sips" : "sip", talk->port, talk->exchange};
}

static enum status
add_port(struct sip_talk *talk)
{
	const struct finding finding = found(talk);

	if (!talk->udp || talk->known)
		return STATUS_OK;
	talk->known = true;
	return finding_udp_port(&finding, talk->target, false);
}

static enum status
add_login(struct sip_talk *talk, const struct sip_answer *answer)
{
	const struct finding finding = found(talk);
	struct login login = {.port = talk->port,
	    .tls = talk->tls,
	    .protocol = finding.protocol,
	    .scheme = answer->scheme};

	target_add_login(talk->target, &login);
	return finding_login(&finding, answer->scheme, talk->tls, answer->realm, false);
}

static enum status
tell_answer(struct sip_talk *talk, const struct sip_answer *answer)
{
	const struct finding finding = found(talk);

	TRY(add_port(talk));
	if (answer->code == 401 || answer->code == 407)
		TRY(add_login(talk, answer));
	if (answer->server == NULL || answer->server[0] == '\0')
		return STATUS_OK;
	return finding_disclosure(&finding, finding_banner_type(answer->server), answer->server);
}

/* ---- asking ---- */

static enum status
write_options(const struct sip_talk *talk, struct span *request)
{
	struct job *job = talk->job;
	struct text out = text_new(job);
	bool v6 = strchr(talk->target->address, ':') != NULL;
	/* a zone is ours, not the unit's */
	const char *host = arena_printf(job, "%s%.*s%s", v6 ? "[" : "",
	    (int)strcspn(talk->target->address, "%"), talk->target->address, v6 ? "]" : "");
	uint8_t random[24];
	const char *word;

	TRY(target_random(job, talk->target, random, sizeof random));
	word = hex_of_bytes(job, (struct span){random, sizeof random});
	if (word == NULL || host == NULL)
		return STATUS_LIMIT;
	text_printf(&out, "OPTIONS sip:%s SIP/2.0\r\n", host);
	text_printf(&out, "Via: SIP/2.0/%s hopquy.invalid:%u;branch=z9hG4bK%.16s;rport\r\n",
	    talk->udp   ? "UDP"
	    : talk->tls ? "TLS"
			: "TCP",
	    talk->port, word);
	text_printf(
	    &out, "Max-Forwards: 70\r\nFrom: <sip:hopquy@hopquy.invalid>;tag=%.16s\r\n", word + 16);
	text_printf(&out, "To: <sip:%s>\r\nCall-ID: %.16s@hopquy.invalid\r\n", host, word + 32);
	text_put(&out, "CSeq: 1 OPTIONS\r\nContact: <sip:hopquy@hopquy.invalid>\r\n"
		       "Accept: application/sdp\r\nContent-Length: 0\r\n\r\n");
	if (out.failed)
		return STATUS_LIMIT;
	*request = (struct span){(const uint8_t *)out.at, out.size};
	return STATUS_OK;
}

/* The answer in one datagram, or in the first bytes of a stream; 100 is no answer yet. */
static enum status
await(struct sip_talk *talk, struct channel *channel, struct sip_answer *answer, bool *came)
{
	uint8_t *bytes = arena_allocate(talk->job, ANSWER_ROOM);
	size_t size = 0;

	*came = false;
	if (bytes == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < 32 && size < ANSWER_ROOM && !*came; i++) {
		size_t got;

		TRY(channel_receive(talk->job, channel, bytes + size, ANSWER_ROOM - size,
		    talk->udp ? UDP_PATIENCE_MS : TCP_PATIENCE_MS, &got));
		if (got == 0)
			return STATUS_OK;
		size += got;
		*came = sip_read(talk->job, (struct span){bytes, size}, answer);
		if (*came && answer->code < 200)
			*came = false;
		if (talk->udp || (!*came && answer->code >= 100 && answer->code < 200))
			size = 0;
	}
	return STATUS_OK;
}

static enum status
ask(struct sip_talk *talk, struct channel *channel, struct sip_answer *answer, bool *came)
{
	enum status status = STATUS_UNDECIDED;
	struct tls_peer peer;
	struct span request;

	if (talk->tls)
		TRY(channel_start_tls(talk->job, channel, &peer));
	TRY(write_options(talk, &request));
	for (unsigned again = 0; again < (talk->udp ? 2u : 1u) && status == STATUS_UNDECIDED;
	     again++) {
		TRY(channel_send(talk->job, channel, request));
		status = await(talk, channel, answer, came);
	}
	return status;
}

/* *came tells whether SIP is spoken there. */
static enum status
ask_port(struct sip_talk *talk, bool *came)
{
	struct sip_answer answer = {0};
	struct channel channel;
	enum status status;

	*came = false;
	if (talk->udp)
		status = channel_open_udp(talk->job, talk->target, talk->port, &channel);
	else
		status = channel_open(talk->job, talk->target, talk->port, &channel);
	talk->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = ask(talk, &channel, &answer, came);
	channel_hang_up(talk->job, &channel);
	if (fault_is_ours(status))
		return status;
	if (*came)
		return tell_answer(talk, &answer);
	/* What answers a stranger nothing may still be there: only time is ours to lack. */
	if (target_time_is_up(talk->target) || (talk->udp && talk->known))
		outcome_lack(talk->job, &talk->outcome, "%s",
		    status == STATUS_OK ? "sip: no answer" : talk->job->reason);
	else if (talk->udp && status != STATUS_UNAVAILABLE)
		talk->outcome.note = arena_printf(talk->job, "port %u is silent", talk->port);
	return STATUS_OK;
}

static bool
is_known(const struct target *target)
{
	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].udp && target->services[i].port == SIP_PORT)
			return true;
	return false;
}

/* Where a scan found a port of SIP's that nobody could name. */
static enum status
ask_streams(struct sip_talk *talk)
{
	for (size_t i = 0; i < talk->target->service_count; i++) {
		struct service *service = &talk->target->services[i];
		bool came;

		if (service->udp || (service->port != SIP_PORT && service->port != SIPS_PORT) ||
		    (strcmp(service->name, "unknown") != 0 && strcmp(service->name, "tls") != 0 &&
			strcmp(service->name, "sip") != 0))
			continue;
		talk->port = service->port;
		talk->udp = false;
		talk->tls = service->tls;
		TRY(ask_port(talk, &came));
		if (came)
			service->name = talk->tls ? "sips" : "sip";
	}
	return STATUS_OK;
}

static enum status
talk_sip(struct job *job, struct target *target, struct evidence *evidence)
{
	struct sip_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target),
		.required = UNKNOWN,
		.tried = UNKNOWN},
	    .port = SIP_PORT,
	    .udp = true,
	    .known = is_known(target)};
	bool came;

	TRY(ask_port(&talk, &came));
	TRY(ask_streams(&talk));
	if (talk.outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.outcome.lack;
	TRY(outcome_look(job, &talk.outcome, evidence, FACT_open_port));
	TRY(outcome_look(job, &talk.outcome, evidence, FACT_login_service));
	return outcome_look(job, &talk.outcome, evidence, FACT_disclosure);
}

const struct probe probe_sip = {
    .name = "sip",
    .title = "What a SIP telephone tells whoever asks for its options",
    .source = "RFC 3261 section 11, RFC 3581",
    .looks_for = {"open_port", "login_service", "disclosure"},
    .needs = "ports",
    .speaks = "sip,sips",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 60 * 1000,
    .talk = talk_sip,
};
