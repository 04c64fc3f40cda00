/* A CoAP server lists what it has to anybody; whether it gives that too is asked for each. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/coap_message.h"
#include "device/dtls_hello.h"
#include "device/findings.h"
#include "device/probe.h"

#define RESOURCES_MAX 16
#define PATH_SIZE 200
#define CORE_SIZE 60

struct coap_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	uint16_t port;
	bool known;     /* another probe had an answer from there */
	bool wants_key; /* something was refused to a stranger */
	int64_t exchange;
};

/* ---- facts ---- */

static enum status
add_port(struct coap_talk *talk, const char *name, bool tls)
{
	const struct finding finding = {
	    talk->job, talk->evidence, name, talk->port, talk->exchange};

	if (talk->known)
		return STATUS_OK;
	talk->known = true;
	return finding_udp_port(&finding, talk->target, tls);
}

/* A place that asks for a key nobody here has. */
static enum status
add_login(struct coap_talk *talk, const char *protocol, const char *scheme, bool encrypted)
{
	struct login login = {
	    .port = talk->port, .tls = encrypted, .protocol = protocol, .scheme = scheme};
	const struct finding finding = {
	    talk->job, talk->evidence, protocol, talk->port, talk->exchange};

	target_add_login(talk->target, &login);
	return finding_login(&finding, scheme, encrypted, NULL, false);
}

static enum status
add_resource(struct coap_talk *talk, const char *path, const struct coap_message *message)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "coap", talk->port, talk->exchange};
	const char *detail;
	bool given = message->code >> 5 == 2;
	const char *words =
	    text_from_bytes(talk->job, message->payload.at, message->payload.size, CORE_SIZE);

	detail = arena_printf(talk->job, "%u.%02u, %zu bytes%s%s", message->code >> 5,
	    message->code & 0x1f, message->payload.size,
	    given && message->payload.size != 0 ? ": " : "", given && words != NULL ? words : "");
	if (words == NULL || detail == NULL)
		return STATUS_LIMIT;
	return finding_resource(&finding, path, "read", !given, detail);
}

/* ---- one resource after the other ---- */

static enum status
ask_resource(struct coap_talk *talk, struct channel *channel, const char *path)
{
	struct coap_message message;
	enum status status = coap_get(talk->job, channel, path, &message);

	if (status == STATUS_UNDECIDED) { /* some take their time */
		outcome_lack(talk->job, &talk->outcome, "%s: %s", path, talk->job->reason);
		return STATUS_OK;
	}
	TRY(status);
	if (message.code == COAP_CODE(4, 1) || message.code == COAP_CODE(4, 3)) {
		talk->wants_key = true;
		return add_resource(talk, path, &message);
	}
	if (message.type != COAP_RESET && message.code == COAP_CODE(2, 5))
		return add_resource(talk, path, &message);
	/* Not there, or not to be read at all: nothing is given to anybody. */
	return STATUS_OK;
}

/* A path on this server; links to elsewhere are nobody's to follow. */
static const char *
path_of(struct job *job, struct span target)
{
	if (target.size == 0 || target.size > PATH_SIZE || target.at[0] != '/' ||
	    (target.size > 1 && target.at[1] == '/') ||
	    memchr(target.at, '\0', target.size) != NULL ||
	    !text_is_utf8((const char *)target.at, target.size))
		return NULL;
	return arena_string(job, (const char *)target.at, target.size);
}

static enum status
ask_links(struct coap_talk *talk, struct channel *channel, struct span links)
{
	struct span target;
	unsigned asked = 0;

	while (coap_next_link(&links, &target)) {
		const char *path = path_of(talk->job, target);

		if (path == NULL || strcmp(path, "/.well-known/core") == 0)
			continue;
		if (asked++ == RESOURCES_MAX) {
			outcome_lack(talk->job, &talk->outcome, "port %u: more than %d resources",
			    talk->port, RESOURCES_MAX);
			return STATUS_OK;
		}
		TRY(ask_resource(talk, channel, path));
	}
	return STATUS_OK;
}

static enum status
talk_coap_clear(struct coap_talk *talk, struct channel *channel)
{
	struct coap_message message;

	TRY(coap_get(talk->job, channel, "/.well-known/core", &message));
	TRY(add_port(talk, "coap", false));
	if (message.type == COAP_RESET || message.code != COAP_CODE(2, 5)) {
		talk->wants_key =
		    message.code == COAP_CODE(4, 1) || message.code == COAP_CODE(4, 3);
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: coap: what is there is not listed: %u.%02u", talk->port,
		    message.code >> 5, message.code & 0x1f);
	} else {
		if (message.has_more)
			outcome_lack(talk->job, &talk->outcome,
			    "port %u: coap: only the first part of the list was read", talk->port);
		TRY(ask_links(talk, channel, message.payload));
	}
	return talk->wants_key ? add_login(talk, "coap", NULL, false) : STATUS_OK;
}

static enum status
talk_coap_dtls(struct coap_talk *talk, struct channel *channel)
{
	enum dtls_answer_type type;

	TRY(dtls_ask(talk->job, channel, &type));
	if (type == DTLS_NOTHING)
		return fail(
		    talk->job, STATUS_MALFORMED, "port %u: an answer that is not DTLS", talk->port);
	TRY(add_port(talk, "coaps", true));
	return add_login(talk, "coaps", type == DTLS_SERVER_HELLO ? "psk" : NULL, true);
}

/* ---- the ports ---- */

static enum status
ask_port(struct coap_talk *talk, bool dtls)
{
	struct channel channel;
	enum status status = channel_open_udp(talk->job, talk->target, talk->port, &channel);

	talk->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = dtls ? talk_coap_dtls(talk, &channel) : talk_coap_clear(talk, &channel);
	channel_hang_up(talk->job, &channel);
	if (status == STATUS_OK || fault_is_ours(status))
		return status;
	/* Nobody listens; or nobody answers a question that every server answers. */
	if (!talk->known &&
	    (status == STATUS_UNDECIDED ||
		(status == STATUS_UNAVAILABLE && text_ends_with(talk->job->reason, "refused")))) {
		if (status == STATUS_UNDECIDED)
			talk->outcome.note =
			    arena_printf(talk->job, "port %u is silent", talk->port);
		return STATUS_OK;
	}
	outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	return STATUS_OK;
}

static bool
is_known(const struct target *target, uint16_t port)
{
	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].udp && target->services[i].port == port)
			return true;
	return false;
}

static enum status
talk_coap(struct job *job, struct target *target, struct evidence *evidence)
{
	static const uint16_t ports[] = {COAP_PORT, COAPS_PORT};
	struct coap_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN}};

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		talk.port = ports[i];
		talk.known = is_known(target, ports[i]);
		talk.wants_key = false;
		TRY(ask_port(&talk, ports[i] == COAPS_PORT));
	}
	if (talk.outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.outcome.lack;
	TRY(outcome_look(job, &talk.outcome, evidence, FACT_open_port));
	TRY(outcome_look(job, &talk.outcome, evidence, FACT_login_service));
	return outcome_look(job, &talk.outcome, evidence, FACT_resource);
}

const struct probe probe_coap = {
    .name = "coap",
    .title = "What a CoAP server lists, and what of it a stranger may read",
    .source = "RFC 7252, RFC 6690, RFC 7959",
    .looks_for = {"open_port", "login_service", "resource"},
    .needs = "ports",
    .speaks = "coap,coaps",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk_coap,
};
