/* Every wait has a deadline and every connection a budget, so no unit can hold the prober. */
#include "device/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/frames.h"
#include "device/dialer.h"

void
channel_adopt(struct target *target, int descriptor, uint16_t port, struct channel *channel)
{
	int64_t end = monotonic_ms() + CHANNEL_LIFE_MS;

	*channel = (struct channel){
	    .target = target, .descriptor = descriptor, .port = port, .budget = CHANNEL_BUDGET};
	channel->deadline = target->deadline < end ? target->deadline : end;
	channel->exchange = ++target->transcript.exchange;
}

enum status
channel_open(struct job *job, struct target *target, uint16_t port, struct channel *channel)
{
	static const char *const words[] = {[DIAL_REFUSED] = "refused",
	    [DIAL_SILENT] = "silent",
	    [DIAL_UNREACHABLE] = "unreachable",
	    [DIAL_FAULT] = "cannot connect from here"};
	enum dial_result result;
	int descriptor;

	*channel = (struct channel){.target = target, .descriptor = -1};
	if (monotonic_ms() >= target->deadline)
		return fail(job, STATUS_UNAVAILABLE, "port %u: time is up", port);
	TRY(dialer_ask(job, target->dial, port, &result, &descriptor));
	if (result != DIAL_OPEN)
		return fail(job, STATUS_UNAVAILABLE, "port %u: %s", port, words[result]);
	channel_adopt(target, descriptor, port, channel);
	return channel_record(job, channel, "connected", (struct span){0});
}

void
channel_hang_up(struct job *job, struct channel *channel)
{
	if (channel->descriptor < 0)
		return;
	channel_tls_close(channel);
	(void)channel_record(job, channel, "closed", (struct span){0});
	close(channel->descriptor);
	channel->descriptor = -1;
}

/* Bytes as an auditor reads them: text where they are text, else hexadecimal. */
static void
write_bytes(struct job *job, struct json *json, struct span bytes)
{
	bool text = text_is_utf8((const char *)bytes.at, bytes.size) &&
		    memchr(bytes.at, 0, bytes.size) == NULL;

	if (text)
		json_member_string(
		    json, "text", arena_string(job, (const char *)bytes.at, bytes.size));
	else
		json_member_string(json, "hex", hex_of_bytes(job, bytes));
}

enum status
channel_record(struct job *job, struct channel *channel, const char *event, struct span bytes)
{
	struct transcript *transcript = &channel->target->transcript;
	struct arena_mark mark = arena_mark(job->arena);
	struct json json;
	const char *line;
	enum status status;

	if (transcript->descriptor < 0 || transcript->size >= TRANSCRIPT_MAX_SIZE)
		return STATUS_OK;
	json = json_new(job);
	json_open_object(&json);
	json_member_integer(&json, "exchange", channel->exchange);
	json_member_integer(&json, "port", channel->port);
	json_member_string(&json, "event", event);
	if (bytes.size != 0)
		write_bytes(job, &json, bytes);
	json_close_object(&json);
	status = json_finish(&json, &line);
	if (status == STATUS_OK)
		transcript->size += strlen(line) + 1;
	if (status == STATUS_OK && transcript->size >= TRANSCRIPT_MAX_SIZE)
		line = "{\"event\":\"transcript full\"}";
	if (status == STATUS_OK)
		status = frame_send(job, transcript->descriptor, FRAME_EVENT, span_of_string(line));
	arena_release(job->arena, mark);
	return status;
}

/* Waits for `events`; false after `patience_ms`, the connection's deadline, or an error. */
static bool
wait_for(struct channel *channel, short events, int patience_ms)
{
	struct pollfd wait = {.fd = channel->descriptor, .events = events};
	int64_t end = monotonic_ms() + patience_ms;
	int ready;

	if (end > channel->deadline)
		end = channel->deadline;
	do {
		int64_t left = end - monotonic_ms();

		ready = poll(&wait, 1, left < 0 ? 0 : (int)left);
	} while (ready < 0 && errno == EINTR);
	return ready == 1;
}

enum status
channel_raw_send(struct job *job, struct channel *channel, struct span bytes)
{
	while (bytes.size > 0) {
		ssize_t sent;

		if (!wait_for(channel, POLLOUT, CHANNEL_LIFE_MS))
			return fail(job, STATUS_UNAVAILABLE, "port %u: it takes no more bytes",
			    channel->port);
		sent = send(channel->descriptor, bytes.at, bytes.size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (sent < 0)
			return fail(
			    job, STATUS_UNAVAILABLE, "port %u: %s", channel->port, strerror(errno));
		bytes = span_from(bytes, (uint64_t)sent);
	}
	return STATUS_OK;
}

enum status
channel_raw_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got)
{
	ssize_t received;

	*got = 0;
	if (channel->ended)
		return STATUS_OK;
	if (size > channel->budget)
		size = channel->budget;
	if (size == 0)
		return fail(job, STATUS_MALFORMED,
		    "port %u: more than %zu bytes in one conversation", channel->port,
		    CHANNEL_BUDGET);
	do {
		if (!wait_for(channel, POLLIN, patience_ms)) {
			if (monotonic_ms() >= channel->deadline)
				return fail(
				    job, STATUS_UNAVAILABLE, "port %u: time is up", channel->port);
			return fail(job, STATUS_UNDECIDED, "port %u: silence for %d ms",
			    channel->port, patience_ms);
		}
		received = recv(channel->descriptor, at, size, MSG_DONTWAIT);
	} while (received < 0 && (errno == EINTR || errno == EAGAIN));
	if (received < 0)
		return fail(job, STATUS_UNAVAILABLE, "port %u: %s", channel->port, strerror(errno));
	channel->ended = received == 0;
	*got = (size_t)received;
	channel->budget -= *got;
	return STATUS_OK;
}

enum status
channel_send(struct job *job, struct channel *channel, struct span bytes)
{
	TRY(channel_record(job, channel, "sent", bytes));
	return channel->tls != NULL ? channel_tls_send(job, channel, bytes)
				    : channel_raw_send(job, channel, bytes);
}

enum status
channel_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size, int patience_ms,
    size_t *got)
{
	if (channel->tls != NULL)
		TRY(channel_tls_receive(job, channel, at, size, patience_ms, got));
	else
		TRY(channel_raw_receive(job, channel, at, size, patience_ms, got));
	return channel_record(
	    job, channel, *got == 0 ? "ended" : "received", (struct span){at, *got});
}

enum status
channel_receive_up_to(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got)
{
	*got = 0;
	while (*got < size) {
		size_t more;
		enum status status =
		    channel_receive(job, channel, at + *got, size - *got, patience_ms, &more);

		if (status == STATUS_UNDECIDED)
			return STATUS_OK;
		TRY(status);
		if (more == 0)
			return STATUS_OK;
		*got += more;
	}
	return STATUS_OK;
}
