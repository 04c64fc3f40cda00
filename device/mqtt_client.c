/* A broker's packets are taken as they come; one that is longer than ours may be ends the talk. */
#include "device/mqtt_client.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/frames.h"

#define ANSWER_PATIENCE_MS 4000
#define NAME_MAX_SIZE 65535

/* ---- reading ---- */

bool
mqtt_take(struct span bytes, struct mqtt_packet *packet, size_t *size)
{
	struct reader reader = {.rest = bytes};
	uint8_t head = read_u8(&reader), byte = 0x80;
	uint32_t length = 0;

	*size = 0;
	for (unsigned i = 0; i < 4 && (byte & 0x80) != 0; i++) {
		byte = read_u8(&reader);
		if (reader.overrun)
			return false;
		length |= (uint32_t)(byte & 0x7f) << (7 * i);
	}
	/* The fifth byte of a length is against the rule. */
	if ((byte & 0x80) != 0 || length > MQTT_PACKET_MAX - 5) {
		*size = SIZE_MAX;
		return false;
	}
	*packet = (struct mqtt_packet){
	    .type = head >> 4, .flags = head & 0x0f, .body = read_bytes(&reader, length)};
	if (reader.overrun)
		return false;
	*size = bytes.size - reader.rest.size;
	return true;
}

bool
mqtt_read_connack(const struct mqtt_packet *packet, uint8_t *code)
{
	if (packet->type != MQTT_CONNACK || packet->flags != 0 || packet->body.size < 2)
		return false;
	*code = packet->body.at[1];
	return true;
}

enum mqtt_welcome
mqtt_judge(enum mqtt_version version, uint8_t code)
{
	if (code == 0)
		return MQTT_ACCEPTED;
	/* Brokers of one version answer the other in their own words. */
	if (code == 0x01 || code == 0x84)
		return MQTT_OTHER_VERSION;
	/* bad user name or password, not authorised, bad authentication method */
	if (code == 0x04 || code == 0x05)
		return MQTT_REFUSED;
	if (version == MQTT_5 && (code == 0x86 || code == 0x87 || code == 0x8c))
		return MQTT_REFUSED;
	return MQTT_STRANGE;
}

bool
mqtt_read_topic(const struct mqtt_packet *packet, struct span *topic)
{
	struct reader reader = {.rest = packet->body};
	uint16_t size = read_u16_be(&reader);

	*topic = read_bytes(&reader, size);
	return packet->type == MQTT_PUBLISH && !reader.overrun;
}

bool
mqtt_read_suback(enum mqtt_version version, const struct mqtt_packet *packet, struct span *codes)
{
	struct reader reader = {.rest = packet->body};
	uint8_t byte = 0x80;
	uint32_t length = 0;

	(void)read_u16_be(&reader);
	if (version == MQTT_5) { /* properties */
		for (unsigned i = 0; i < 4 && (byte & 0x80) != 0; i++) {
			byte = read_u8(&reader);
			length |= (uint32_t)(byte & 0x7f) << (7 * i);
		}
		(void)read_bytes(&reader, length);
	}
	*codes = reader.rest;
	return packet->type == MQTT_SUBACK && !reader.overrun && codes->size > 0;
}

/* ---- writing ---- */

static void
put_u16_be(struct text *out, size_t value)
{
	put_u8(out, (uint8_t)(value >> 8));
	put_u8(out, (uint8_t)value);
}

static void
put_name(struct text *out, const char *name)
{
	put_u16_be(out, strlen(name));
	text_put(out, name);
}

/* The head before the body. */
static enum status
finish(struct job *job, uint8_t head, const struct text *body, struct span *packet)
{
	struct text out = text_new(job);
	size_t rest = body->size;

	put_u8(&out, head);
	do {
		put_u8(&out, (uint8_t)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
		rest >>= 7;
	} while (rest > 0);
	text_put_bytes(&out, body->at, body->size);
	if (out.failed || body->failed)
		return STATUS_LIMIT;
	*packet = (struct span){(const uint8_t *)out.at, out.size};
	return STATUS_OK;
}

enum status
mqtt_write_connect(struct job *job, enum mqtt_version version, const char *client, const char *user,
    const char *password, struct span *packet)
{
	struct text body = text_new(job);
	unsigned flags = 0x02; /* clean session */

	if (user != NULL && (strlen(user) > NAME_MAX_SIZE || strlen(password) > NAME_MAX_SIZE))
		return fail(job, STATUS_USAGE, "mqtt: a name or password is too long");
	if (user != NULL)
		flags |= 0xc0;
	put_name(&body, "MQTT");
	put_u8(&body, (uint8_t)version);
	put_u8(&body, (uint8_t)flags);
	put_u16_be(&body, 30); /* seconds */
	if (version == MQTT_5)
		put_u8(&body, 0);
	put_name(&body, client);
	if (user != NULL) {
		put_name(&body, user);
		put_name(&body, password);
	}
	return finish(job, 0x10, &body, packet);
}

enum status
mqtt_write_subscribe(struct job *job, enum mqtt_version version, const char *const filters[],
    size_t count, struct span *packet)
{
	struct text body = text_new(job);

	put_u16_be(&body, 1);
	if (version == MQTT_5)
		put_u8(&body, 0);
	for (size_t i = 0; i < count; i++) {
		put_name(&body, filters[i]);
		put_u8(&body, 0);
	}
	return finish(job, 0x82, &body, packet);
}

enum status
mqtt_write_publish(
    struct job *job, enum mqtt_version version, const char *topic, struct span *packet)
{
	struct text body = text_new(job);

	put_name(&body, topic);
	if (version == MQTT_5)
		put_u8(&body, 0);
	text_put(&body, "test");
	return finish(job, 0x30, &body, packet);
}

/* ---- talking ---- */

enum status
mqtt_next(struct job *job, struct mqtt_talk *talk, int patience_ms, struct mqtt_packet *packet)
{
	for (;;) {
		struct span rest = {talk->bytes + talk->taken, talk->size - talk->taken};
		size_t got, size;

		if (mqtt_take(rest, packet, &size)) {
			talk->taken += size;
			return STATUS_OK;
		}
		if (size == SIZE_MAX)
			return fail(job, STATUS_MALFORMED,
			    "port %u: mqtt: a packet without end or too long", talk->channel.port);
		if (talk->taken != 0 && rest.size != 0)
			memmove(talk->bytes, rest.at, rest.size);
		talk->size = rest.size;
		talk->taken = 0;
		TRY(channel_receive(job, &talk->channel, talk->bytes + talk->size,
		    MQTT_PACKET_MAX - talk->size, patience_ms, &got));
		if (got == 0)
			return fail(job, STATUS_UNAVAILABLE, "port %u: mqtt: it hung up",
			    talk->channel.port);
		talk->size += got;
	}
}

/* A name of our own each time: a broker ends an older session of the same name. */
static enum status
say_hello(struct job *job, struct target *target, struct mqtt_talk *talk, const char *user,
    const char *password)
{
	uint8_t random[6];
	const char *client;
	struct span packet;

	TRY(target_random(job, target, random, sizeof random));
	client =
	    arena_printf(job, "mqttjs_%s", hex_of_bytes(job, (struct span){random, sizeof random}));
	if (client == NULL)
		return STATUS_LIMIT;
	TRY(mqtt_write_connect(job, talk->version, client, user, password, &packet));
	return user == NULL ? channel_send(job, &talk->channel, packet)
			    : channel_send_secret(job, &talk->channel, packet);
}

enum status
mqtt_begin(struct job *job, struct target *target, uint16_t port, bool tls,
    enum mqtt_version version, const char *user, const char *password, struct mqtt_talk *talk,
    enum mqtt_welcome *welcome, uint8_t *code)
{
	struct tls_peer peer;
	struct mqtt_packet packet = {0};

	*welcome = MQTT_STRANGE;
	*talk =
	    (struct mqtt_talk){.version = version, .bytes = arena_allocate(job, MQTT_PACKET_MAX)};
	talk->channel.target = target;
	talk->channel.descriptor = -1;
	if (talk->bytes == NULL)
		return STATUS_LIMIT;
	TRY(channel_open(job, target, port, &talk->channel));
	if (tls)
		TRY(channel_start_tls(job, &talk->channel, &peer));
	TRY(say_hello(job, target, talk, user, password));
	TRY(mqtt_next(job, talk, ANSWER_PATIENCE_MS, &packet));
	if (!mqtt_read_connack(&packet, code))
		return fail(job, STATUS_MALFORMED, "port %u: mqtt: no CONNACK", port);
	*welcome = mqtt_judge(version, *code);
	return STATUS_OK;
}

void
mqtt_end(struct job *job, struct mqtt_talk *talk)
{
	channel_hang_up(job, &talk->channel);
}
