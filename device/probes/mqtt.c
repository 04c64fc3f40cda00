/* A broker that lets a stranger in tells him every topic, unless it has rules of who may read what.
 */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/mqtt_client.h"
#include "device/probe.h"

#define TLS_PORT 8883
#define LISTEN_MS 2000
#define ECHO_MS 1500
#define PACKETS_MAX 200
#define TOPICS_MAX 8
#define TOPIC_SIZE 60

struct mqtt_probe {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	struct outcome logins;
	const struct service *service;
	int64_t exchange;
	bool withheld; /* a stranger gets in, and not all of what he asks for */
};

/* The topics of one filter. */
struct topics {
	const char *filter;
	bool granted;
	unsigned count; /* messages */
	struct text names;
};

static const char *
name_of(enum mqtt_version version)
{
	return version == MQTT_5 ? "MQTT 5" : "MQTT 3.1.1";
}

/* ---- facts ---- */

static enum status
add_resource(struct mqtt_probe *probe, const char *name, const char *access, bool needs_login,
    const char *detail)
{
	const struct finding finding = {
	    probe->job, probe->evidence, "mqtt", probe->service->port, probe->exchange};

	return detail == NULL ? STATUS_LIMIT
			      : finding_resource(&finding, name, access, needs_login, detail);
}

static enum status
add_login(struct mqtt_probe *probe, const char *scheme, bool recognised)
{
	struct login login = {.port = probe->service->port,
	    .tls = probe->service->tls,
	    .protocol = "mqtt",
	    .scheme = scheme,
	    .recognised = recognised};
	const struct finding finding = {
	    probe->job, probe->evidence, "mqtt", login.port, probe->exchange};

	target_add_login(probe->target, &login);
	return finding_login(&finding, scheme, login.tls, NULL, recognised);
}

/* ---- a stranger who was let in ---- */

static void
note_topic(struct mqtt_probe *probe, struct topics *topics, struct span topic)
{
	const char *name;

	topics->count++;
	if (topics->count > TOPICS_MAX)
		return;
	name = text_from_bytes(probe->job, topic.at, topic.size, TOPIC_SIZE);
	text_printf(
	    &topics->names, "%s%s", topics->count == 1 ? "" : ", ", name == NULL ? "?" : name);
}

/* What the broker makes of the two filters: 128 and above is a refusal. */
static void
note_grants(const struct mqtt_talk *talk, const struct mqtt_packet *packet,
    struct topics topics[MQTT_FILTERS_MAX])
{
	struct span codes;

	if (!mqtt_read_suback(talk->version, packet, &codes) || codes.size != MQTT_FILTERS_MAX)
		return;
	for (size_t i = 0; i < MQTT_FILTERS_MAX; i++)
		topics[i].granted = codes.at[i] < 0x80;
}

/* Everything that comes for so long; ends early when `until` comes (NULL: nothing). */
static enum status
listen_for(struct mqtt_probe *probe, struct mqtt_talk *talk, int ms, const char *until,
    struct topics topics[MQTT_FILTERS_MAX], bool *came)
{
	int64_t end = target_now(probe->target) + ms;

	*came = false;
	for (unsigned i = 0; i < PACKETS_MAX && target_now(probe->target) < end && !*came; i++) {
		struct mqtt_packet packet = {0};
		struct span topic;
		enum status status =
		    mqtt_next(probe->job, talk, (int)(end - target_now(probe->target)), &packet);

		/* Silence is the usual end; a broker that hangs up has said what it has said. */
		if (status != STATUS_OK)
			return fault_is_ours(status) ? status : STATUS_OK;
		note_grants(talk, &packet, topics);
		if (!mqtt_read_topic(&packet, &topic))
			continue;
		*came = until != NULL && span_equal(topic, span_of_string(until));
		if (!*came)
			note_topic(probe, &topics[span_starts_with(topic, "$", 1)], topic);
	}
	return STATUS_OK;
}

static enum status
tell_topics(struct mqtt_probe *probe, struct topics topics[MQTT_FILTERS_MAX])
{
	for (size_t i = 0; i < MQTT_FILTERS_MAX; i++) {
		const char *names;

		TRY(text_finish(&topics[i].names, &names));
		if (topics[i].granted || topics[i].count > 0)
			TRY(add_resource(probe, topics[i].filter, "read", false,
			    arena_printf(probe->job, "%u messages in %d s%s%s", topics[i].count,
				LISTEN_MS / 1000, names[0] == '\0' ? "" : ": ", names)));
		else
			TRY(add_resource(
			    probe, topics[i].filter, "read", true, "the subscription is refused"));
		probe->withheld = probe->withheld || (!topics[i].granted && topics[i].count == 0);
	}
	return STATUS_OK;
}

/* A message of ours on a topic nobody else has, which comes back where it was taken. */
static enum status
try_publish(
    struct mqtt_probe *probe, struct mqtt_talk *talk, struct topics topics[MQTT_FILTERS_MAX])
{
	struct span packet;
	const char *topic;
	uint8_t random[6];
	bool came;
	enum status status;

	TRY(target_random(probe->job, probe->target, random, sizeof random));
	topic = arena_printf(
	    probe->job, "home/%s", hex_of_bytes(probe->job, (struct span){random, sizeof random}));
	if (topic == NULL)
		return STATUS_LIMIT;
	TRY(mqtt_write_publish(probe->job, talk->version, topic, &packet));
	status = channel_send(probe->job, &talk->channel, packet);
	if (status != STATUS_OK)
		return fault_is_ours(status) ? status : STATUS_OK;
	TRY(listen_for(probe, talk, ECHO_MS, topic, topics, &came));
	return came ? add_resource(probe, "home/…", "write", false, "a message came back")
		    : STATUS_OK;
}

static enum status
look_around(struct mqtt_probe *probe, struct mqtt_talk *talk)
{
	static const char *const filters[MQTT_FILTERS_MAX] = {"#", "$SYS/#"};
	struct topics topics[MQTT_FILTERS_MAX];
	struct span packet;
	bool came;
	enum status status;

	for (size_t i = 0; i < MQTT_FILTERS_MAX; i++)
		topics[i] = (struct topics){.filter = filters[i], .names = text_new(probe->job)};
	TRY(add_resource(probe, "CONNECT", NULL, false,
	    arena_printf(probe->job, "%s: accepted without a log-in", name_of(talk->version))));
	TRY(mqtt_write_subscribe(probe->job, talk->version, filters, MQTT_FILTERS_MAX, &packet));
	status = channel_send(probe->job, &talk->channel, packet);
	if (status == STATUS_OK)
		status = listen_for(probe, talk, LISTEN_MS, NULL, topics, &came);
	if (fault_is_ours(status))
		return status;
	if (probe->target->granted >= INTRUSION_STRESS && topics[0].granted)
		TRY(try_publish(probe, talk, topics));
	return tell_topics(probe, topics);
}

/* ---- the broker ---- */

static enum status
knock(struct mqtt_probe *probe, enum mqtt_version version, enum mqtt_welcome *welcome)
{
	struct mqtt_talk talk;
	uint8_t code = 0;
	enum status status = mqtt_begin(probe->job, probe->target, probe->service->port,
	    probe->service->tls, version, NULL, NULL, &talk, welcome, &code);

	probe->exchange = talk.channel.exchange;
	if (status == STATUS_OK && *welcome == MQTT_ACCEPTED)
		status = look_around(probe, &talk);
	if (status == STATUS_OK && *welcome == MQTT_STRANGE)
		outcome_lack(probe->job, &probe->outcome, "port %u: %s: CONNACK %u",
		    probe->service->port, name_of(version), code);
	mqtt_end(probe->job, &talk);
	return status;
}

/*
 * A broker that lets a stranger in may know users all the same, who get more.
 * It refuses a pair that nobody has; or, when it takes that too, no password
 * of its can be told from another.
 */
static enum status
look_for_users(struct mqtt_probe *probe, enum mqtt_version version)
{
	struct mqtt_talk talk;
	enum mqtt_welcome welcome = MQTT_STRANGE;
	uint8_t random[16], code;
	const char *name;
	enum status status;

	if (probe->target->granted < INTRUSION_LOGIN) {
		outcome_lack(probe->job, &probe->logins,
		    "port %u: whether users get more than strangers shows at level login",
		    probe->service->port);
		return STATUS_OK;
	}
	TRY(target_random(probe->job, probe->target, random, sizeof random));
	name = hex_of_bytes(probe->job, (struct span){random, sizeof random});
	if (name == NULL)
		return STATUS_LIMIT;
	status = mqtt_begin(probe->job, probe->target, probe->service->port, probe->service->tls,
	    version, name, name + 16, &talk, &welcome, &code);
	mqtt_end(probe->job, &talk);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK && welcome == MQTT_ACCEPTED && !probe->withheld)
		return STATUS_OK;
	return add_login(probe, "password", status == STATUS_OK && welcome == MQTT_REFUSED);
}

/* By both versions where the first does not let us in. */
static enum status
ask_broker(struct mqtt_probe *probe)
{
	enum mqtt_welcome first, second;

	probe->withheld = false;
	TRY(knock(probe, MQTT_3_1_1, &first));
	if (first == MQTT_ACCEPTED)
		return look_for_users(probe, MQTT_3_1_1);
	TRY(knock(probe, MQTT_5, &second));
	if (second == MQTT_ACCEPTED)
		return look_for_users(probe, MQTT_5);
	if (first == MQTT_REFUSED || second == MQTT_REFUSED) {
		TRY(add_resource(probe, "#", "read", true, "CONNECT is refused without a log-in"));
		return add_login(probe, "password", true);
	}
	outcome_lack(probe->job, &probe->outcome, "port %u: mqtt: neither version is spoken",
	    probe->service->port);
	return STATUS_OK;
}

/* One that wants a certificate of ours lets nobody come to the protocol. */
static enum status
judge_failure(struct mqtt_probe *probe)
{
	if (probe->service->tls && strstr(probe->job->reason, "certificate required") != NULL)
		return add_login(probe, "certificate", false);
	if (strcmp(probe->service->name, "mqtt") == 0)
		outcome_lack(probe->job, &probe->outcome, "%s", probe->job->reason);
	return STATUS_OK;
}

static enum status
talk_mqtt(struct job *job, struct target *target, struct evidence *evidence)
{
	struct mqtt_probe probe = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target),
		.required = UNKNOWN,
		.tried = UNKNOWN},
	    .logins = {.required = UNKNOWN, .tried = UNKNOWN}};

	for (size_t i = 0; i < target->service_count; i++) {
		const struct service *service = &target->services[i];
		enum status status;

		if (service->udp ||
		    (strcmp(service->name, "mqtt") != 0 &&
			(service->port != TLS_PORT || strcmp(service->name, "tls") != 0)))
			continue;
		probe.service = service;
		status = ask_broker(&probe);
		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK)
			TRY(judge_failure(&probe));
	}
	probe.logins.count = probe.outcome.count;
	if (probe.outcome.lack != NULL)
		probe.logins.lack = probe.outcome.lack;
	if (probe.logins.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = probe.logins.lack;
	TRY(outcome_look(job, &probe.logins, evidence, FACT_login_service));
	return outcome_look(job, &probe.outcome, evidence, FACT_resource);
}

const struct probe probe_mqtt = {
    .name = "mqtt",
    .title = "Whether an MQTT broker lets a stranger in, and what it shows him",
    .source = "OASIS MQTT 3.1.1 and 5.0",
    .looks_for = {"login_service", "resource"},
    .needs = "ports",
    .speaks = "mqtt",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk_mqtt,
};
