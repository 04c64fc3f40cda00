/* A product that names its services to the network names itself as well. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ask.h"
#include "device/discovery.h"
#include "device/dns_message.h"
#include "device/probe.h"

#define MDNS_PORT 5353
#define PATIENCE_MS 1200
#define BROWSE_PATIENCE_MS 500 /* of a unit that has answered */
#define TYPES_MAX 32
#define INSTANCES_MAX 64
#define ALL_TYPES "_services._dns-sd._udp.local"

struct names_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	bool by_group; /* only the group is answered */
	bool heard;
	struct dns_message *message;
	struct discovery *discovery;
	const char *types[TYPES_MAX];
	size_t type_count;
	const char *instances[INSTANCES_MAX];
	size_t instance_count;
	const char *described[2 * INSTANCES_MAX]; /* records that came unasked, "TYPE NAME" */
	size_t described_count;
	const char *told[4 * INSTANCES_MAX];
	size_t told_count;
};

/* Keys of TXT records, in small letters, and what they tell (RFC 6763 section 6; makers' papers).
 */
static const struct {
	const char *key;
	const char *type;
} keys[] = {{"model", "model"}, {"md", "model"}, {"ty", "model"}, {"product", "model"},
    {"modelname", "model"}, {"usb_mdl", "model"}, {"devicemodel", "model"}, {"am", "model"},
    {"serial", "serial"}, {"serialnumber", "serial"}, {"sn", "serial"}, {"deviceserial", "serial"},
    {"mac", "mac"}, {"macaddress", "mac"}, {"deviceid", "mac"}, {"id", "uuid"}, {"uuid", "uuid"},
    {"version", "version"}, {"ver", "version"}, {"srcvers", "version"}, {"vers", "version"},
    {"fw", "firmware"}, {"fv", "firmware"}, {"firmware", "firmware"}, {"fwversion", "firmware"},
    {"firmwareversion", "firmware"}, {"vs", "version"}, {"manufacturer", "manufacturer"},
    {"vendor", "manufacturer"}, {"mfg", "manufacturer"}, {"usb_mfg", "manufacturer"},
    {"fn", "name"}, {"n", "name"}};

static enum status
tell(struct names_talk *talk, const char *type, const char *value)
{
	const char *words = arena_printf(talk->job, "%s=%s", type, value);

	if (words == NULL)
		return STATUS_LIMIT;
	if (!discovery_is_new(talk->told, &talk->told_count, ARRAY_SIZE(talk->told), words))
		return STATUS_OK;
	return discovery_tell(
	    talk->job, talk->evidence, MDNS_PORT, talk->discovery->exchange, "mdns", type, value);
}

static enum status
tell_string(struct names_talk *talk, const char *string)
{
	const char *value = strchr(string, '=');
	const char *key;

	if (value == NULL || value[1] == '\0')
		return STATUS_OK;
	key = arena_string(talk->job, string, (size_t)(value - string));
	if (key == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (text_equal_ignoring_case(keys[i].key, key))
			return tell(talk, keys[i].type, value + 1);
	return STATUS_OK;
}

/* The first label of an instance is what people read: "Yard camera". */
static enum status
tell_instance(struct names_talk *talk, const char *instance)
{
	struct text label = text_new(talk->job);
	const char *name;

	for (const char *at = instance; *at != '\0' && *at != '.'; at++) {
		at += *at == '\\' && at[1] != '\0';
		text_put_bytes(&label, at, 1);
	}
	TRY(text_finish(&label, &name));
	return name[0] == '_' ? STATUS_OK : tell(talk, "name", name);
}

static enum status
take_record(struct names_talk *talk, const struct dns_record *record)
{
	bool to_type = text_equal_ignoring_case(record->name, ALL_TYPES);
	const char *words = arena_printf(talk->job, "%u %s", record->type, record->name);

	if (words == NULL)
		return STATUS_LIMIT;
	if (record->type == DNS_TYPE_TXT || record->type == DNS_TYPE_SRV)
		(void)discovery_is_new(
		    talk->described, &talk->described_count, ARRAY_SIZE(talk->described), words);

	if (record->type == DNS_TYPE_PTR && to_type)
		(void)discovery_is_new(talk->types, &talk->type_count, TYPES_MAX, record->target);
	/* _sub._printer._tcp.local and the reverse of addresses are no instances. */
	else if (record->type == DNS_TYPE_PTR && record->name[0] == '_' &&
		 discovery_is_new(
		     talk->instances, &talk->instance_count, INSTANCES_MAX, record->target))
		return tell_instance(talk, record->target);
	else if (record->type == DNS_TYPE_SRV)
		return tell(talk, "hostname", record->target);
	else if (record->type == DNS_TYPE_TXT)
		for (size_t i = 0; i < record->string_count; i++)
			TRY(tell_string(talk, record->strings[i]));
	return STATUS_OK;
}

static enum status
take_answers(struct names_talk *talk)
{
	for (size_t i = 0; i < talk->discovery->count; i++) {
		enum status status =
		    dns_read(talk->job, talk->discovery->datagrams[i], talk->message);

		if (fault_is_ours(status))
			return status;
		/* A group's questions come by as well; they are no answers. */
		if (status != STATUS_OK)
			continue;
		if (!talk->heard)
			TRY(discovery_add_port(talk->job, talk->evidence, MDNS_PORT, "mdns",
			    talk->discovery->exchange));
		talk->heard = true;
		for (size_t j = 0; j < talk->message->count; j++)
			TRY(take_record(talk, &talk->message->records[j]));
	}
	return STATUS_OK;
}

static enum status
ask(struct names_talk *talk, const char *name, uint16_t type)
{
	int patience_ms = talk->heard ? BROWSE_PATIENCE_MS : PATIENCE_MS;
	struct span question;
	uint8_t id[2] = {0};

	if (!talk->by_group)
		TRY(target_random(talk->job, talk->target, id, sizeof id));
	TRY(dns_make_question(talk->job, (uint16_t)(id[0] << 8 | id[1]), name, type, &question));
	if (talk->by_group)
		TRY(discovery_ask_group(
		    talk->job, talk->target, GROUP_MDNS, question, patience_ms, talk->discovery));
	else
		TRY(discovery_ask_unit(
		    talk->job, talk->target, MDNS_PORT, question, patience_ms, talk->discovery));
	if (talk->discovery->lack != NULL)
		outcome_lack(talk->job, &talk->outcome, "%s", talk->discovery->lack);
	if (talk->discovery->no_group)
		talk->outcome.note = "its group cannot be asked from here";
	return take_answers(talk);
}

/* A record of an instance, unless it came with another answer. */
static enum status
ask_record(struct names_talk *talk, const char *instance, uint16_t type)
{
	const char *words = arena_printf(talk->job, "%u %s", type, instance);

	if (words == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < talk->described_count; i++)
		if (strcmp(talk->described[i], words) == 0)
			return STATUS_OK;
	return ask(talk, instance, type);
}

static enum status
browse(struct names_talk *talk)
{
	for (size_t i = 0; i < talk->type_count; i++)
		TRY(ask(talk, talk->types[i], DNS_TYPE_PTR));
	for (size_t i = 0; i < talk->instance_count; i++) {
		TRY(ask_record(talk, talk->instances[i], DNS_TYPE_TXT));
		TRY(ask_record(talk, talk->instances[i], DNS_TYPE_SRV));
	}
	if (talk->type_count == TYPES_MAX || talk->instance_count == INSTANCES_MAX)
		outcome_lack(talk->job, &talk->outcome, "more services than are asked for");
	return STATUS_OK;
}

static enum status
talk_mdns(struct job *job, struct target *target, struct evidence *evidence)
{
	struct names_talk *talk = arena_allocate(job, sizeof *talk);

	if (talk == NULL)
		return STATUS_LIMIT;
	*talk = (struct names_talk){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.required = UNKNOWN, .tried = UNKNOWN},
	    .message = arena_allocate(job, sizeof *talk->message),
	    .discovery = arena_allocate(job, sizeof *talk->discovery)};
	if (talk->message == NULL || talk->discovery == NULL)
		return STATUS_LIMIT;
	TRY(ask(talk, ALL_TYPES, DNS_TYPE_PTR));
	talk->by_group = !talk->heard;
	if (!talk->heard)
		TRY(ask(talk, ALL_TYPES, DNS_TYPE_PTR));
	TRY(browse(talk));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_open_port));
	return outcome_look(job, &talk->outcome, evidence, FACT_disclosure);
}

const struct probe probe_mdns = {
    .name = "mdns",
    .title = "What a unit's DNS service discovery tells the network",
    .source = "RFC 6762, RFC 6763",
    .looks_for = {"open_port", "disclosure"},
    .needs = "ports",
    .speaks = "mdns", /* it has no log-in */
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_mdns,
};
