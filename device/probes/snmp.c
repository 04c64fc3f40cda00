/* Version 3 answers a stranger with who it is; versions 1 and 2c answer nothing but a right
 * community. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/ber.h"
#include "device/probe.h"
#include "device/snmp_client.h"

#define USER_QUESTION 0x5000
#define READ_QUESTION 0x6000
#define INTERFACES_MAX 16
#define ENGINE_MAC 3
#define ENGINE_TEXT 4

extern const struct probe probe_snmp;

static const char *const users[] = {"admin", "user", "public", "private", "snmp", "snmpuser",
    "snmpv3", "initial", "root", "guest", "monitor", "manager", "operator", "test", "default"};

struct snmp_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	uint16_t port;
	bool known;    /* a datagram was answered from there */
	bool v3;       /* an engine named itself */
	bool careless; /* a community that cannot exist is answered */
	struct snmp_engine engine;
	int64_t exchange;
};

static bool
is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO;
}

/* ---- facts ---- */

static enum status
add_disclosure(struct snmp_talk *talk, const char *type, const char *value)
{
	struct fact fact = fact_new(FACT_disclosure);

	if (value == NULL)
		return STATUS_LIMIT;
	fact.port = talk->port;
	fact.exchange = talk->exchange;
	fact.as.disclosure.protocol = "snmp";
	fact.as.disclosure.type = type;
	fact.as.disclosure.value = value;
	return evidence_add(talk->evidence, talk->job, &fact);
}

static enum status
add_resource(struct snmp_talk *talk, const char *name, const char *access, bool needs_login,
    const char *detail)
{
	struct fact fact = fact_new(FACT_resource);

	if (detail == NULL)
		return STATUS_LIMIT;
	fact.port = talk->port;
	fact.exchange = talk->exchange;
	fact.as.resource.protocol = "snmp";
	fact.as.resource.name = name;
	fact.as.resource.access = access;
	fact.as.resource.needs_login = needs_login;
	fact.as.resource.detail = detail;
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* An answer came: the port is open, whoever found it first. */
static enum status
add_port(struct snmp_talk *talk)
{
	struct fact fact = fact_new(FACT_open_port);

	if (talk->known)
		return STATUS_OK;
	talk->known = true;
	target_add_service(
	    talk->target, &(struct service){.port = talk->port, .udp = true, .name = "snmp"});
	fact.port = talk->port;
	fact.exchange = talk->exchange;
	fact.as.open_port.transport = "udp";
	fact.as.open_port.status = "open";
	fact.as.open_port.service = "snmp";
	fact.as.open_port.tls = false;
	return evidence_add(talk->evidence, talk->job, &fact);
}

static enum status
add_login(struct snmp_talk *talk, const char *scheme, int64_t encrypted, bool recognised)
{
	struct fact fact = fact_new(FACT_login_service);

	fact.port = talk->port;
	fact.exchange = talk->exchange;
	fact.as.login_service.protocol = "snmp";
	fact.as.login_service.scheme = scheme;
	fact.as.login_service.encrypted = encrypted;
	fact.as.login_service.recognised = recognised;
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* ---- version 3 ---- */

static const char *
colons(struct job *job, struct span bytes)
{
	struct text out = text_new(job);
	const char *string;

	for (size_t i = 0; i < bytes.size; i++)
		text_printf(&out, "%s%02x", i == 0 ? "" : ":", bytes.at[i]);
	return text_finish(&out, &string) == STATUS_OK ? string : NULL;
}

/* RFC 3411 section 5, SnmpEngineID. */
static enum status
tell_engine(struct snmp_talk *talk)
{
	const struct snmp_engine *engine = &talk->engine;
	struct reader reader = {.rest = {engine->id, engine->id_size}};
	uint32_t enterprise = read_u32_be(&reader);
	uint8_t format = read_u8(&reader);
	bool is_new = (enterprise & 0x80000000u) != 0 && !reader.overrun;

	TRY(add_disclosure(talk, "other",
	    arena_printf(talk->job, "engine %s%s",
		hex_of_bytes(talk->job, (struct span){engine->id, engine->id_size}),
		reader.overrun ? ""
			       : arena_printf(talk->job, ", enterprise %u",
				     (unsigned)(enterprise & 0x7fffffffu)))));
	TRY(add_disclosure(talk, "other",
	    arena_printf(talk->job, "engine started %lld times, the last %lld s ago",
		(long long)engine->boots, (long long)engine->time)));
	if (is_new && format == ENGINE_MAC && reader.rest.size == 6)
		TRY(add_disclosure(talk, "mac", colons(talk->job, reader.rest)));
	if (is_new && format == ENGINE_TEXT && reader.rest.size > 0)
		TRY(add_disclosure(talk, "hostname",
		    text_from_bytes(talk->job, reader.rest.at, reader.rest.size, 100)));
	return STATUS_OK;
}

/* What a user without password comes to: an answer, or the report that says why not. */
static enum status
ask_user(struct snmp_talk *talk, struct channel *channel, const char *user, int64_t number,
    struct snmp_answer *answer)
{
	struct snmp_question question = {.version = SNMP_V3,
	    .name = user,
	    .pdu = SNMP_GET,
	    .id = USER_QUESTION + number,
	    .object = snmp_sys_descr,
	    .engine = &talk->engine};

	return snmp_ask(talk->job, channel, &question, answer);
}

static bool
reports(const struct snmp_answer *answer, struct span what)
{
	return answer->pdu == SNMP_REPORT && answer->count > 0 &&
	       span_equal(answer->bindings[0].object, what);
}

static bool
has_value(const struct snmp_answer *answer)
{
	return answer->pdu == SNMP_RESPONSE && answer->error == 0 && answer->count > 0 &&
	       answer->bindings[0].tag == BER_OCTETS;
}

static enum status
tell_user(struct snmp_talk *talk, const char *user, const struct snmp_answer *answer)
{
	if (has_value(answer))
		return add_resource(talk, "1.3.6.1.2.1.1.1.0", "read", false,
		    arena_printf(talk->job, "version 3, user %s without a password", user));
	/* Other words than for a user who cannot exist: this one does. */
	if (reports(answer, snmp_unsupported_level) || answer->pdu == SNMP_RESPONSE)
		return add_disclosure(
		    talk, "user_list", arena_printf(talk->job, "there is a user %s", user));
	return STATUS_OK;
}

static enum status
ask_users(struct snmp_talk *talk, struct channel *channel)
{
	struct snmp_answer answer;
	uint8_t random[6];

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	TRY(ask_user(talk, channel, hex_of_bytes(talk->job, (struct span){random, sizeof random}),
	    0, &answer));
	if (has_value(&answer))
		return add_resource(talk, "1.3.6.1.2.1.1.1.0", "read", false,
		    "version 3, a user who cannot exist, without a password");
	if (!reports(&answer, snmp_unknown_user))
		return STATUS_OK; /* nothing can be told from it */
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		TRY(ask_user(talk, channel, users[i], 1 + (int64_t)i, &answer));
		TRY(tell_user(talk, users[i], &answer));
	}
	return STATUS_OK;
}

/* ---- versions 1 and 2c ---- */

static struct snmp_question
question_with(const struct snmp_trial *trial, uint8_t pdu, int64_t number, struct span object)
{
	return (struct snmp_question){.version = trial->v2c ? SNMP_V2C : SNMP_V1,
	    .name = trial->community,
	    .pdu = pdu,
	    .id = READ_QUESTION + number,
	    .object = object};
}

static const char *
words_of(struct job *job, const struct snmp_binding *binding)
{
	if (binding->tag == BER_OID)
		return ber_oid_text(job, binding->value);
	return text_from_bytes(job, binding->value.at, binding->value.size, 200);
}

/* One object that a community reads. */
static enum status
tell_object(struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trial,
    struct span object, const char *type)
{
	struct snmp_question question = question_with(trial, SNMP_GET, object.at[6], object);
	struct snmp_answer answer;

	TRY(snmp_ask(talk->job, channel, &question, &answer));
	if (answer.error != 0 || answer.count == 0 || answer.bindings[0].value.size == 0 ||
	    (answer.bindings[0].tag != BER_OCTETS && answer.bindings[0].tag != BER_OID))
		return STATUS_OK;
	if (strcmp(type, "version") == 0 &&
	    memchr(answer.bindings[0].value.at, '.', answer.bindings[0].value.size) == NULL)
		type = "banner";
	return add_disclosure(talk, type, words_of(talk->job, &answer.bindings[0]));
}

/* The hardware addresses of the interfaces, as far as they are in order. */
static enum status
tell_interfaces(struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trial)
{
	struct span at = snmp_if_phys_address;

	for (unsigned i = 0; i < INTERFACES_MAX; i++) {
		struct snmp_question question = question_with(trial, SNMP_GET_NEXT, 0x100 + i, at);
		struct snmp_answer answer;
		const struct snmp_binding *found = &answer.bindings[0];

		TRY(snmp_ask(talk->job, channel, &question, &answer));
		if (answer.error != 0 || answer.count == 0 || found->tag != BER_OCTETS ||
		    found->object.size > 64 ||
		    !span_starts_with(
			found->object, snmp_if_phys_address.at, snmp_if_phys_address.size) ||
		    span_equal(found->object, at))
			return STATUS_OK;
		at = found->object;
		if (found->value.size == 6 && memcmp(found->value.at, "\0\0\0\0\0\0", 6) != 0)
			TRY(add_disclosure(talk, "mac", colons(talk->job, found->value)));
	}
	return STATUS_OK;
}

/* A name is set to what it is: nothing changes, and the answer tells whether it could. */
static enum status
try_write(struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trial)
{
	struct snmp_question question = question_with(trial, SNMP_GET, 0x200, snmp_sys_name);
	struct snmp_answer answer;

	TRY(snmp_ask(talk->job, channel, &question, &answer));
	if (!has_value(&answer) || answer.bindings[0].value.size > 200)
		return STATUS_OK;
	question.pdu = SNMP_SET;
	question.id++;
	question.value = answer.bindings[0].value;
	TRY(snmp_ask(talk->job, channel, &question, &answer));
	return add_resource(talk, "1.3.6.1.2.1.1.5.0", "write",
	    answer.error != 0 || !talk->careless,
	    arena_printf(talk->job, "the community %s %s write it",
		text_from_bytes(talk->job, trial->community, strlen(trial->community), 60),
		answer.error == 0 ? "can" : "cannot"));
}

/* What the accepted communities open. */
static enum status
use_trials(
    struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trials, size_t count)
{
	const struct snmp_trial *first = NULL;

	for (size_t i = 0; i < count; i++)
		if (first == NULL && (trials[i].v1 || trials[i].v2c))
			first = &trials[i];
	if (first == NULL)
		return STATUS_OK;
	TRY(add_port(talk));
	TRY(add_login(talk, "community", false, true));
	TRY(tell_object(talk, channel, first, snmp_sys_descr, "version"));
	TRY(tell_object(talk, channel, first, snmp_sys_object_id, "other"));
	TRY(tell_object(talk, channel, first, snmp_sys_name, "hostname"));
	TRY(tell_interfaces(talk, channel, first));
	if (talk->target->granted < INTRUSION_STRESS || talk->careless)
		return STATUS_OK;
	for (size_t i = 0; i < count; i++)
		if (trials[i].v1 || trials[i].v2c)
			TRY(try_write(talk, channel, &trials[i]));
	return STATUS_OK;
}

static enum status
try_communities(struct snmp_talk *talk, struct channel *channel)
{
	struct snmp_trial *trials;
	struct guess *guesses;
	size_t count;

	TRY(snmp_guesses(talk->job, talk->target, &guesses, &count));
	trials = arena_array(talk->job, count, sizeof *trials);
	if (trials == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		trials[i].community = guesses[i].password;
	TRY(snmp_try(talk->job, channel, trials, count));
	return use_trials(talk, channel, trials, count);
}

/* ---- the port ---- */

static bool
is_closed(const struct job *job, enum status status)
{
	return status == STATUS_UNAVAILABLE && text_ends_with(job->reason, "refused");
}

/* A word that nobody can have set is answered only where any word is. */
static enum status
try_nonsense(struct snmp_talk *talk, struct channel *channel)
{
	uint8_t random[8];
	struct snmp_trial trial = {0};

	TRY(target_random(talk->job, talk->target, random, sizeof random));
	trial.community = hex_of_bytes(talk->job, (struct span){random, sizeof random});
	if (trial.community == NULL)
		return STATUS_LIMIT;
	TRY(snmp_try(talk->job, channel, &trial, 1));
	talk->careless = trial.v1 || trial.v2c;
	if (trial.doubtful || talk->careless)
		TRY(add_port(talk));
	if (!talk->careless)
		return STATUS_OK;
	TRY(add_resource(talk, "1.3.6.1.2.1.1.1.0", "read", false,
	    arena_printf(talk->job, "version %s, any community", trial.v2c ? "2c" : "1")));
	return use_trials(talk, channel, &trial, 1);
}

/* Whether version 3 is answered there; *closed when nothing listens. */
static enum status
find_engine(struct snmp_talk *talk, struct channel *channel, bool *closed)
{
	enum status status = snmp_discover(talk->job, channel, &talk->engine);

	*closed = is_closed(talk->job, status);
	if (*closed || status == STATUS_UNDECIDED)
		return STATUS_OK;
	TRY(status);
	talk->v3 = true;
	TRY(add_port(talk));
	TRY(add_login(talk, "usm", UNKNOWN, true));
	return tell_engine(talk);
}

/* One conversation each: it lives half a minute at most. */
static enum status
converse(struct snmp_talk *talk, enum status (*about)(struct snmp_talk *, struct channel *))
{
	struct channel channel;
	enum status status = channel_open_udp(talk->job, talk->target, talk->port, &channel);

	talk->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = about(talk, &channel);
	channel_hang_up(talk->job, &channel);
	/* An answer that failed to come in the middle ends this talk alone. */
	if (status == STATUS_OK || is_ours(status))
		return status;
	outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	return STATUS_OK;
}

static enum status
ask_first(struct snmp_talk *talk, struct channel *channel)
{
	bool closed;

	TRY(find_engine(talk, channel, &closed));
	return closed ? STATUS_NO : try_nonsense(talk, channel);
}

/* What the probe of passwords may try here. */
static void
remember_logins(struct snmp_talk *talk)
{
	struct login login = {
	    .port = talk->port, .protocol = "snmp", .scheme = "community", .recognised = true};

	target_add_login(talk->target, &login);
	if (!talk->v3)
		return;
	login.scheme = "usm";
	target_add_login(talk->target, &login);
}

static enum status
ask_port(struct snmp_talk *talk)
{
	struct channel channel;
	enum status status = channel_open_udp(talk->job, talk->target, talk->port, &channel);

	talk->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = ask_first(talk, &channel);
	channel_hang_up(talk->job, &channel);
	if (status == STATUS_NO || is_closed(talk->job, status))
		return STATUS_OK;
	if (is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	if (talk->target->granted >= INTRUSION_LOGIN && !talk->careless)
		TRY(converse(talk, try_communities));
	if (talk->target->granted >= INTRUSION_LOGIN && talk->v3)
		TRY(converse(talk, ask_users));
	if (talk->known)
		remember_logins(talk);
	else if (talk->target->granted < INTRUSION_LOGIN)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u is silent: communities are tried at level login", talk->port);
	else
		talk->outcome.note = arena_printf(
		    talk->job, "port %u is silent, also to the usual communities", talk->port);
	return STATUS_OK;
}

static enum status
talk_snmp(struct job *job, struct target *target, struct evidence *evidence)
{
	struct snmp_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN}};
	size_t count = target->service_count;
	bool usual = false;

	for (size_t i = 0; i <= count; i++) {
		const struct service *service = i < count ? &target->services[i] : NULL;

		if (service == NULL ? usual : !service->udp || strcmp(service->name, "snmp") != 0)
			continue;
		talk.port = service == NULL ? SNMP_PORT : service->port;
		usual = usual || talk.port == SNMP_PORT;
		talk.known = service != NULL;
		talk.v3 = talk.careless = false;
		TRY(ask_port(&talk));
	}
	if (talk.outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.outcome.lack;
	for (size_t i = 0; i < ARRAY_SIZE(probe_snmp.looks_for) && probe_snmp.looks_for[i] != NULL;
	     i++)
		TRY(outcome_look(
		    job, &talk.outcome, evidence, fact_kind_named(probe_snmp.looks_for[i])));
	return STATUS_OK;
}

const struct probe probe_snmp = {
    .name = "snmp",
    .title = "Whether SNMP names itself to strangers, and which community or user it answers",
    .source = "RFC 3410 to RFC 3416, RFC 3584",
    .looks_for = {"open_port", "login_service", "resource", "disclosure"},
    .needs = "ports",
    .speaks = "snmp",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk_snmp,
};
