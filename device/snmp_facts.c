/* What an engine, a community or a user gave becomes facts. */
#include "device/snmp_facts.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/ber.h"

#define READ_QUESTION 0x6000
#define INTERFACES_MAX 16
#define ENGINE_MAC 3
#define ENGINE_TEXT 4

/* ---- facts ---- */

enum status
snmp_add_disclosure(struct snmp_talk *talk, const char *type, const char *value)
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

enum status
snmp_add_resource(struct snmp_talk *talk, const char *name, const char *access, bool needs_login,
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
enum status
snmp_add_port(struct snmp_talk *talk)
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

enum status
snmp_add_login(struct snmp_talk *talk, const char *scheme, int64_t encrypted, bool recognised)
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
enum status
snmp_tell_engine(struct snmp_talk *talk)
{
	const struct snmp_engine *engine = &talk->engine;
	struct reader reader = {.rest = {engine->id, engine->id_size}};
	uint32_t enterprise = read_u32_be(&reader);
	uint8_t format = read_u8(&reader);
	bool is_new = (enterprise & 0x80000000u) != 0 && !reader.overrun;

	TRY(snmp_add_disclosure(talk, "other",
	    arena_printf(talk->job, "engine %s%s",
		hex_of_bytes(talk->job, (struct span){engine->id, engine->id_size}),
		reader.overrun ? ""
			       : arena_printf(talk->job, ", enterprise %u",
				     (unsigned)(enterprise & 0x7fffffffu)))));
	TRY(snmp_add_disclosure(talk, "other",
	    arena_printf(talk->job, "engine started %lld times, the last %lld s ago",
		(long long)engine->boots, (long long)engine->time)));
	if (is_new && format == ENGINE_MAC && reader.rest.size == 6)
		TRY(snmp_add_disclosure(talk, "mac", colons(talk->job, reader.rest)));
	if (is_new && format == ENGINE_TEXT && reader.rest.size > 0)
		TRY(snmp_add_disclosure(talk, "hostname",
		    text_from_bytes(talk->job, reader.rest.at, reader.rest.size, 100)));
	return STATUS_OK;
}

/* ---- versions 1 and 2c ---- */

bool
snmp_has_value(const struct snmp_answer *answer)
{
	return answer->pdu == SNMP_RESPONSE && answer->error == 0 && answer->count > 0 &&
	       answer->bindings[0].tag == BER_OCTETS;
}

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
	return snmp_add_disclosure(talk, type, words_of(talk->job, &answer.bindings[0]));
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
			TRY(snmp_add_disclosure(talk, "mac", colons(talk->job, found->value)));
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
	if (!snmp_has_value(&answer) || answer.bindings[0].value.size > 200)
		return STATUS_OK;
	question.pdu = SNMP_SET;
	question.id++;
	question.value = answer.bindings[0].value;
	TRY(snmp_ask(talk->job, channel, &question, &answer));
	return snmp_add_resource(talk, "1.3.6.1.2.1.1.5.0", "write",
	    answer.error != 0 || !talk->careless,
	    arena_printf(talk->job, "the community %s %s write it",
		text_from_bytes(talk->job, trial->community, strlen(trial->community), 60),
		answer.error == 0 ? "can" : "cannot"));
}

/* What the accepted communities open. */
enum status
snmp_use_trials(
    struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trials, size_t count)
{
	const struct snmp_trial *first = NULL;

	for (size_t i = 0; i < count; i++)
		if (first == NULL && (trials[i].v1 || trials[i].v2c))
			first = &trials[i];
	if (first == NULL)
		return STATUS_OK;
	TRY(snmp_add_port(talk));
	TRY(snmp_add_login(talk, "community", false, true));
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
