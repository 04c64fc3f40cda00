/* What an engine, a community or a user gave becomes facts. */
#include "device/snmp_facts.h"
#include "device/findings.h"

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

static struct finding
found(const struct snmp_talk *talk)
{
	return (struct finding){talk->job, talk->evidence, "snmp", talk->port, talk->exchange};
}

enum status
snmp_add_disclosure(struct snmp_talk *talk, const char *type, const char *value)
{
	const struct finding finding = found(talk);

	return finding_disclosure(&finding, type, value);
}

enum status
snmp_add_resource(struct snmp_talk *talk, const char *name, const char *access, bool needs_login,
    const char *detail)
{
	const struct finding finding = found(talk);

	return detail == NULL ? STATUS_LIMIT
			      : finding_resource(&finding, name, access, needs_login, detail);
}

/* An answer came: the port is open, whoever found it first. */
enum status
snmp_add_port(struct snmp_talk *talk)
{
	const struct finding finding = found(talk);

	if (talk->known)
		return STATUS_OK;
	talk->known = true;
	return finding_udp_port(&finding, talk->target, false);
}

enum status
snmp_add_login(struct snmp_talk *talk, const char *scheme, int64_t encrypted, bool recognised)
{
	const struct finding finding = found(talk);

	return finding_login(&finding, scheme, encrypted, NULL, recognised);
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

/* A text is set to what it is: nothing changes, and the answer tells whether it could. */
static enum status
try_text(struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trial,
    struct span object, bool *written)
{
	struct snmp_question question =
	    question_with(trial, SNMP_GET, 0x200 + 2 * object.at[6], object);
	struct snmp_answer answer;

	*written = false;
	TRY(snmp_ask(talk->job, channel, &question, &answer));
	if (!snmp_has_value(&answer) || answer.bindings[0].value.size > 200)
		return STATUS_OK;
	question.pdu = SNMP_SET;
	question.id++;
	question.value = answer.bindings[0].value;
	TRY(snmp_ask(talk->job, channel, &question, &answer));
	*written = answer.error == 0;
	return STATUS_OK;
}

/* Name, contact, place: one may be fixed in a file where the others are not. */
static enum status
try_write(struct snmp_talk *talk, struct channel *channel, const struct snmp_trial *trial)
{
	const struct span texts[] = {snmp_sys_name, snmp_sys_contact, snmp_sys_location};
	const char *community =
	    text_from_bytes(talk->job, trial->community, strlen(trial->community), 60);
	bool written = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts) && !written; i++)
		TRY(try_text(talk, channel, trial, texts[i], &written));
	if (community == NULL)
		return STATUS_LIMIT;
	if (written)
		return snmp_add_resource(talk, ber_oid_text(talk->job, texts[i - 1]), "write",
		    !talk->careless,
		    arena_printf(talk->job, "the community %s can write it", community));
	return snmp_add_resource(talk, "1.3.6.1.2.1.1", "write", true,
	    arena_printf(
		talk->job, "the community %s writes no name, contact or place", community));
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
