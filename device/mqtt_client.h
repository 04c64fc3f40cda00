/*
 * The few MQTT packets a stranger needs: CONNECT, SUBSCRIBE, and what comes back.
 *
 * Source: OASIS MQTT 3.1.1 and 5.0.
 */
#ifndef DEVICE_MQTT_CLIENT_H
#define DEVICE_MQTT_CLIENT_H

#include "base/text.h"
#include "device/channel.h"

#define MQTT_CONNACK 2
#define MQTT_PUBLISH 3
#define MQTT_SUBACK 9
#define MQTT_DISCONNECT 14

#define MQTT_PACKET_MAX 65536 /* longer ones are not waited for */
#define MQTT_FILTERS_MAX 2

enum mqtt_version { MQTT_3_1_1 = 4, MQTT_5 = 5 };

struct mqtt_packet {
	uint8_t type, flags;
	struct span body;
};

/* What a broker says to CONNECT. */
enum mqtt_welcome {
	MQTT_ACCEPTED,
	MQTT_REFUSED,       /* without a log-in, or with this one */
	MQTT_OTHER_VERSION, /* it does not speak this version */
	MQTT_STRANGE,       /* busy, moved, banned, identifier refused … */
};

/*
 * Takes the first packet off `bytes`.  False: not whole yet (*size 0), or none
 * at all, or longer than MQTT_PACKET_MAX (*size SIZE_MAX).
 */
bool mqtt_take(struct span bytes, struct mqtt_packet *packet, size_t *size);
/* The reason code of a CONNACK; false when it is none. */
bool mqtt_read_connack(const struct mqtt_packet *packet, uint8_t *code);
enum mqtt_welcome mqtt_judge(enum mqtt_version version, uint8_t code);
/* Topic of a PUBLISH; false when it is none. */
bool mqtt_read_topic(const struct mqtt_packet *packet, struct span *topic);
/* The return codes of a SUBACK; false when it is none. */
bool mqtt_read_suback(
    enum mqtt_version version, const struct mqtt_packet *packet, struct span *codes);

/* CONNECT with a clean session; user NULL: without a log-in. */
enum status mqtt_write_connect(struct job *job, enum mqtt_version version, const char *client,
    const char *user, const char *password, struct span *packet);
/* SUBSCRIBE to filters at QoS 0, packet number 1. */
enum status mqtt_write_subscribe(struct job *job, enum mqtt_version version,
    const char *const filters[], size_t count, struct span *packet);
/* PUBLISH of a few words at QoS 0, not kept by the broker. */
enum status mqtt_write_publish(
    struct job *job, enum mqtt_version version, const char *topic, struct span *packet);

/* A conversation with a broker: what came and is not taken yet. */
struct mqtt_talk {
	struct channel channel;
	enum mqtt_version version;
	uint8_t *bytes; /* of MQTT_PACKET_MAX */
	size_t size, taken;
};

/*
 * Connects, over TLS where `tls`, and says CONNECT.
 *
 * STATUS_UNAVAILABLE, STATUS_UNDECIDED, STATUS_MALFORMED: it did not answer as
 * a broker does.  mqtt_end is called in any case.
 */
enum status mqtt_begin(struct job *job, struct target *target, uint16_t port, bool tls,
    enum mqtt_version version, const char *user, const char *password, struct mqtt_talk *talk,
    enum mqtt_welcome *welcome, uint8_t *code);
/* The next packet, its body in the talk's buffer until the next call. */
enum status mqtt_next(
    struct job *job, struct mqtt_talk *talk, int patience_ms, struct mqtt_packet *packet);
void mqtt_end(struct job *job, struct mqtt_talk *talk);

#endif
