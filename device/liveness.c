/* A port that answered and now does not is a finding of its own, whatever the probe was about. */
#include "device/liveness.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/channel.h"

#define WITNESSES 3
#define RETURN_MS 40000 /* a small product's reboot */
#define PAUSE_MS 2000
#define TIME_MS 90000
#define MUTE_MS 5000 /* accepted, and not a word */

/* What is known to speak, by a greeting or a handshake (NULL), or when it is asked. */
static const struct speaker {
	const char *name;
	const char *question;
	size_t size;
} speakers[] = {
#define ASKED(name, text)                                                                          \
	{                                                                                          \
		name, text, sizeof(text) - 1                                                       \
	}
    ASKED("http", "HEAD / HTTP/1.0\r\n\r\n"),
    ASKED("rtsp", "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
    ASKED("mqtt", "\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04"
		  "life"),
#undef ASKED
    {"https", NULL, 0},
    {"rtsps", NULL, 0},
    {"mqtts", NULL, 0},
    {"ssh", NULL, 0},
    {"ftp", NULL, 0},
    {"telnet", NULL, 0},
};

/* NULL: nobody knows what would be said there. */
static const struct service *
speaker_at(const struct target *target, uint16_t port, const struct speaker **speaker)
{
	for (size_t i = 0; i < target->service_count; i++) {
		const struct service *service = &target->services[i];

		for (size_t j = 0; j < ARRAY_SIZE(speakers); j++)
			if (!service->udp && service->port == port &&
			    strcmp(service->name, speakers[j].name) == 0) {
				*speaker = &speakers[j];
				return service;
			}
	}
	return NULL;
}

/* Is the word it had before said again?  A farewell is one: only silence is not. */
static enum status
hear_word(struct job *job, const struct service *service, const struct speaker *speaker,
    struct channel *channel, bool *alive)
{
	struct tls_peer peer;
	uint8_t byte;
	size_t got;
	int64_t asked = target_now(channel->target);
	enum status status = STATUS_OK;

	/* a handshake is a word of the program's own */
	if (service->tls)
		status = channel_start_tls(job, channel, &peer);
	else if (speaker->question != NULL)
		status = channel_send(
		    job, channel, (struct span){(const uint8_t *)speaker->question, speaker->size});
	if (status == STATUS_OK && !service->tls)
		status = channel_receive(job, channel, &byte, 1, MUTE_MS, &got);
	*alive = status == STATUS_OK || target_now(channel->target) - asked < MUTE_MS / 2;
	return fault_is_ours(status) ? status : STATUS_OK;
}

enum status
liveness_port_answers(struct job *job, struct target *target, uint16_t port, bool *alive)
{
	const struct speaker *speaker = NULL;
	const struct service *service = speaker_at(target, port, &speaker);
	struct channel channel;
	enum status status = channel_open(job, target, port, &channel);

	*alive = status == STATUS_OK;
	/* The system accepts for a program that hangs. */
	if (*alive && service != NULL)
		status = hear_word(job, service, speaker, &channel, alive);
	channel_hang_up(job, &channel);
	return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
}

/* The first open ports, then those the probe came to last. */
static size_t
choose_witnesses(const struct target *target, uint16_t ports[WITNESSES + TARGET_TALKED])
{
	size_t count = target->scan.open_count < WITNESSES ? target->scan.open_count : WITNESSES;

	memcpy(ports, target->scan.open, count * sizeof ports[0]);
	for (size_t i = 0; i < target->talked_count; i++) {
		bool known = true;

		/* one that was open from the first: a data port of FTP was there for a moment */
		for (size_t j = 0; j < target->scan.open_count; j++)
			known = known && target->scan.open[j] != target->talked[i];
		for (size_t j = 0; j < count; j++)
			known = known || ports[j] == target->talked[i];
		if (!known)
			ports[count++] = target->talked[i];
	}
	return count;
}

/* `silent` are named. */
static enum status
ask_witnesses(struct job *job, struct target *target, size_t *alive, const char **silent)
{
	struct text out = text_new(job);
	uint16_t ports[WITNESSES + TARGET_TALKED];
	size_t count = choose_witnesses(target, ports);

	*alive = 0;
	for (size_t i = 0; i < count; i++) {
		bool one;

		TRY(liveness_port_answers(job, target, ports[i], &one));
		*alive += one;
		if (!one)
			text_printf(&out, "%s%u", out.size == 0 ? "port " : ", ", ports[i]);
	}
	return text_finish(&out, silent);
}

static enum status
wait_for_return(struct job *job, struct target *target, bool *back)
{
	int64_t end = target_now(target) + RETURN_MS;

	*back = false;
	while (!*back && target_now(target) < end) {
		size_t alive;
		const char *silent;

		if (target_wait(job, target, PAUSE_MS) == STATUS_UNAVAILABLE)
			return STATUS_OK;
		TRY(ask_witnesses(job, target, &alive, &silent));
		*back = silent[0] == '\0';
	}
	return STATUS_OK;
}

/* Those that answered a moment ago are asked; the next probe has its own. */
static enum status
check(struct job *job, struct target *target, const char *after, bool *gone)
{
	size_t alive;
	const char *silent;
	int64_t last = target->transcript.exchange;
	bool back = false;

	*gone = false;
	if (target->scan.open_count == 0 || target->death_count == TARGET_MAX_DEATHS)
		return STATUS_OK;
	target_allow(target, TIME_MS);
	if (target_time_is_up(target)) {
		/* nobody was asked: neither alive nor dead */
		if (target->liveness_lack == NULL)
			target->liveness_lack =
			    arena_printf(job, "time was up after the probe %s", after);
		return STATUS_OK;
	}
	TRY(ask_witnesses(job, target, &alive, &silent));
	if (silent[0] == '\0')
		return STATUS_OK;
	if (target->spent) {
		/* the limit is ours, and says nothing about the unit */
		if (target->liveness_lack == NULL)
			target->liveness_lack = "the connections granted are used up";
		return STATUS_OK;
	}
	TRY(wait_for_return(job, target, &back));
	*gone = alive == 0 && !back;
	target->deaths[target->death_count++] = (struct death){.after = after,
	    .exchange = last,
	    .came_back = back,
	    .detail = arena_printf(
		job, "%s no longer answered%s", silent, back ? ", and did again later" : "")};
	return STATUS_OK;
}

enum status
liveness_check(struct job *job, struct target *target, const char *after, bool *gone)
{
	enum status status = check(job, target, after, gone);

	target->talked_count = 0;
	return status;
}
