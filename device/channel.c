/* Every wait has a deadline and every connection a budget, so no unit can hold the prober. */
#include "device/channel.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/transcript.h"

/* ---- the record ---- */

bool
channel_is_replay(const struct channel *channel)
{
	return channel->target->transcript.replay != NULL;
}

/* Writes one event of this conversation down; a failure with the job's reason. */
static enum status
write_event(struct job *job, struct channel *channel, const char *name, enum status status,
    struct span bytes)
{
	struct event event = {.exchange = channel->exchange,
	    .port = channel->port,
	    .name = name,
	    .bytes = bytes,
	    .status = status,
	    .reason = status == STATUS_OK ? NULL : job->reason};

	TRY(transcript_write(job, channel->target, &event));
	return status;
}

/* The next event, which must be `name`; a recorded failure is returned as it was. */
static enum status
read_event(struct job *job, struct channel *channel, const char *name, struct event *event)
{
	TRY(transcript_next(job, channel->target, channel->exchange, event));
	if (event->status != STATUS_OK)
		return fail(job, event->status, "%s", event->reason == NULL ? "?" : event->reason);
	if (name != NULL && strcmp(event->name, name) != 0)
		return transcript_diverged(job, channel->target,
		    "exchange %lld: \"%s\" where \"%s\" was recorded", (long long)channel->exchange,
		    name, event->name);
	return STATUS_OK;
}

/* A fault of ours, or of our limits: no event. */
static bool
is_ours(enum status status)
{
	return status != STATUS_OK && status != STATUS_UNAVAILABLE && status != STATUS_UNDECIDED &&
	       status != STATUS_MALFORMED;
}

enum status
channel_tell(struct job *job, struct channel *channel, const char *event, enum status status,
    struct span bytes)
{
	return is_ours(status) ? status : write_event(job, channel, event, status, bytes);
}

enum status
channel_retell(struct job *job, struct channel *channel, const char *event, struct span *bytes)
{
	struct event found;

	*bytes = (struct span){0};
	TRY(read_event(job, channel, event, &found));
	*bytes = found.bytes;
	return STATUS_OK;
}

/* ---- opening ---- */

static void
begin(struct target *target, uint16_t port, struct channel *channel)
{
	int64_t end = target_now(target) + CHANNEL_LIFE_MS;

	*channel = (struct channel){
	    .target = target, .descriptor = -1, .port = port, .budget = CHANNEL_BUDGET};
	channel->deadline = target->deadline < end ? target->deadline : end;
	channel->exchange = ++target->transcript.exchange;
}

void
channel_adopt(struct target *target, int descriptor, uint16_t port, struct channel *channel)
{
	target->clock = monotonic_ms() - target->began;
	begin(target, port, channel);
	channel->descriptor = descriptor;
	channel->open = true;
}

/* Asks the dialer; the reason of a refusal is the same live and replayed. */
static enum status
dial(struct job *job, struct channel *channel, const struct dial_request *request)
{
	static const char *const words[] = {[DIAL_REFUSED] = "refused",
	    [DIAL_SILENT] = "silent",
	    [DIAL_UNREACHABLE] = "unreachable",
	    [DIAL_FAULT] = "cannot connect from here"};
	enum dial_result result;

	TRY(dialer_ask(job, channel->target->dial, request, &result, &channel->descriptor));
	return result == DIAL_OPEN
		   ? STATUS_OK
		   : fail(job, STATUS_UNAVAILABLE, "port %u: %s", channel->port, words[result]);
}

static enum status
open_by(struct job *job, struct target *target, const struct dial_request *request,
    struct channel *channel)
{
	struct event event;
	enum status status;

	if (target_time_is_up(target)) {
		*channel = (struct channel){.target = target, .descriptor = -1};
		return fail(job, STATUS_UNAVAILABLE, "port %u: time is up", request->port);
	}
	begin(target, request->port, channel);
	channel->datagram = request->way != DIAL_TCP;
	channel->foreign = request->way == DIAL_TO_GROUP;
	if (channel_is_replay(channel)) {
		TRY(read_event(job, channel, "connected", &event));
		channel->open = true;
		return STATUS_OK;
	}
	status = dial(job, channel, request);
	channel->open = status == STATUS_OK;
	return is_ours(status)
		   ? status
		   : write_event(job, channel, status == STATUS_OK ? "connected" : "failed", status,
			 (struct span){0});
}

enum status
channel_open(struct job *job, struct target *target, uint16_t port, struct channel *channel)
{
	struct dial_request request = {.way = DIAL_TCP, .source = target->source, .port = port};

	return open_by(job, target, &request, channel);
}

enum status
channel_open_udp(struct job *job, struct target *target, uint16_t port, struct channel *channel)
{
	struct dial_request request = {.way = DIAL_UDP, .source = target->source, .port = port};

	return open_by(job, target, &request, channel);
}

enum status
channel_ask_group(struct job *job, struct target *target, enum dial_group group,
    struct span datagram, struct channel *channel)
{
	static const uint16_t ports[GROUP_COUNT] = {
	    [GROUP_SSDP] = 1900, [GROUP_WS_DISCOVERY] = 3702, [GROUP_MDNS] = 5353};
	struct dial_request request = {.way = DIAL_TO_GROUP,
	    .source = target->source,
	    .port = ports[group],
	    .group = group,
	    .datagram = datagram};

	TRY(open_by(job, target, &request, channel));
	if (!channel_is_replay(channel))
		return write_event(job, channel, "sent", STATUS_OK, datagram);
	return read_event(job, channel, "sent", &(struct event){0});
}

void
channel_hang_up(struct job *job, struct channel *channel)
{
	struct event event;

	if (!channel->open)
		return;
	channel->open = false;
	channel_tls_close(channel);
	if (channel_is_replay(channel)) {
		(void)read_event(job, channel, "closed", &event);
		return;
	}
	(void)write_event(job, channel, "closed", STATUS_OK, (struct span){0});
	close(channel->descriptor);
	channel->descriptor = -1;
}

/* ---- the socket itself ---- */

static int64_t
time_left(const struct channel *channel)
{
	return channel->target->began + channel->deadline - monotonic_ms();
}

/* Waits for `events`; false after `patience_ms`, the connection's deadline, or an error. */
static bool
wait_for(struct channel *channel, short events, int patience_ms)
{
	struct pollfd wait = {.fd = channel->descriptor, .events = events};
	int64_t end = monotonic_ms() + patience_ms;
	int ready;

	if (end > channel->target->began + channel->deadline)
		end = channel->target->began + channel->deadline;
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
		if (sent < 0 && errno == ECONNREFUSED)
			return fail(job, STATUS_UNAVAILABLE, "port %u: refused", channel->port);
		if (sent < 0)
			return fail(
			    job, STATUS_UNAVAILABLE, "port %u: %s", channel->port, strerror(errno));
		bytes = span_from(bytes, (uint64_t)sent);
	}
	return STATUS_OK;
}

/* Does a datagram of a group come from the unit? */
static bool
is_from_unit(const struct channel *channel, const struct sockaddr_storage *sender)
{
	const struct sockaddr_storage *unit = &channel->target->peer.socket;

	if (sender->ss_family != unit->ss_family)
		return false;
	if (unit->ss_family == AF_INET6)
		return memcmp(&((const struct sockaddr_in6 *)sender)->sin6_addr,
			   &((const struct sockaddr_in6 *)unit)->sin6_addr,
			   sizeof(struct in6_addr)) == 0;
	return memcmp(&((const struct sockaddr_in *)sender)->sin_addr,
		   &((const struct sockaddr_in *)unit)->sin_addr, sizeof(struct in_addr)) == 0;
}

/* One read; a datagram without bytes, or of another sender, is none: errno EAGAIN. */
static ssize_t
read_once(struct channel *channel, uint8_t *at, size_t size)
{
	struct sockaddr_storage sender = {0};
	socklen_t sender_size = sizeof sender;
	ssize_t received;

	if (!channel->foreign)
		received = recv(channel->descriptor, at, size, MSG_DONTWAIT);
	else
		received = recvfrom(channel->descriptor, at, size, MSG_DONTWAIT,
		    (struct sockaddr *)&sender, &sender_size);
	if (received < 0 || !channel->datagram)
		return received;
	if (received == 0 || (channel->foreign && !is_from_unit(channel, &sender))) {
		errno = EAGAIN;
		return -1;
	}
	return received;
}

enum status
channel_raw_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got)
{
	int64_t until = monotonic_ms() + patience_ms;
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
		int64_t left = until - monotonic_ms();

		if (!wait_for(channel, POLLIN, left < 0 ? 0 : (int)left)) {
			if (time_left(channel) <= 0)
				return fail(
				    job, STATUS_UNAVAILABLE, "port %u: time is up", channel->port);
			return fail(job, STATUS_UNDECIDED, "port %u: silence for %d ms",
			    channel->port, patience_ms);
		}
		received = read_once(channel, at, size);
	} while (received < 0 && (errno == EINTR || errno == EAGAIN));
	if (received < 0)
		return fail(job, STATUS_UNAVAILABLE, "port %u: %s", channel->port,
		    errno == ECONNREFUSED ? "refused" : strerror(errno));
	channel->ended = received == 0;
	*got = (size_t)received;
	channel->budget -= *got;
	return STATUS_OK;
}

/* ---- talking ---- */

/* What is sent in a replay must be what was sent. */
static enum status
send_again(struct job *job, struct channel *channel, struct span bytes)
{
	struct event event;

	TRY(read_event(job, channel, "sent", &event));
	if (event.bytes.size != bytes.size ||
	    (bytes.size != 0 && memcmp(event.bytes.at, bytes.at, bytes.size) != 0))
		return transcript_diverged(job, channel->target,
		    "exchange %lld: other bytes are sent than were", (long long)channel->exchange);
	/* What became of it: the next event, when it is a failure to send. */
	return STATUS_OK;
}

static enum status
send_bytes(struct job *job, struct channel *channel, struct span bytes, bool secret)
{
	struct event event = {.exchange = channel->exchange,
	    .port = channel->port,
	    .name = "sent",
	    .bytes = bytes,
	    .secret = secret};
	enum status status;

	if (channel_is_replay(channel))
		return send_again(job, channel, bytes);
	status = channel->tls != NULL ? channel_tls_send(job, channel, bytes)
				      : channel_raw_send(job, channel, bytes);
	if (is_ours(status))
		return status;
	event.status = status;
	event.reason = status == STATUS_OK ? NULL : job->reason;
	TRY(transcript_write(job, channel->target, &event));
	return status;
}

enum status
channel_send(struct job *job, struct channel *channel, struct span bytes)
{
	return send_bytes(job, channel, bytes, false);
}

enum status
channel_send_secret(struct job *job, struct channel *channel, struct span bytes)
{
	return send_bytes(job, channel, bytes, true);
}

static enum status
receive_again(struct job *job, struct channel *channel, uint8_t *at, size_t size, size_t *got)
{
	struct event event;

	*got = 0;
	TRY(read_event(job, channel, NULL, &event));
	if (strcmp(event.name, "ended") == 0) {
		channel->ended = true;
		return STATUS_OK;
	}
	if (strcmp(event.name, "received") != 0 || event.bytes.size > size || event.bytes.size == 0)
		return transcript_diverged(job, channel->target,
		    "exchange %lld: \"received\" where \"%s\" of %zu bytes was recorded",
		    (long long)channel->exchange, event.name, event.bytes.size);
	memcpy(at, event.bytes.at, event.bytes.size);
	*got = event.bytes.size;
	return STATUS_OK;
}

enum status
channel_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size, int patience_ms,
    size_t *got)
{
	enum status status;

	*got = 0;
	if (channel->ended)
		return STATUS_OK;
	if (channel_is_replay(channel))
		return receive_again(job, channel, at, size, got);
	if (channel->tls != NULL)
		status = channel_tls_receive(job, channel, at, size, patience_ms, got);
	else
		status = channel_raw_receive(job, channel, at, size, patience_ms, got);
	if (is_ours(status))
		return status;
	if (status != STATUS_OK)
		return write_event(job, channel, status == STATUS_UNDECIDED ? "silence" : "failed",
		    status, (struct span){0});
	channel->ended = *got == 0;
	return write_event(
	    job, channel, *got == 0 ? "ended" : "received", STATUS_OK, (struct span){at, *got});
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

static enum status
start_tls_again(struct job *job, struct channel *channel, struct tls_peer *peer)
{
	struct event event;
	char *space;

	TRY(read_event(job, channel, "tls", &event));
	peer->version = arena_string(job, (const char *)event.bytes.at, event.bytes.size);
	peer->chain = arena_array(job, TLS_PEER_CHAIN_MAX, sizeof *peer->chain);
	if (peer->version == NULL || peer->chain == NULL)
		return STATUS_LIMIT;
	space = strchr(peer->version, ' ');
	if (space == NULL)
		return transcript_diverged(job, channel->target, "a TLS handshake without suite");
	*space = '\0';
	peer->cipher = space + 1;
	for (;;) {
		TRY(read_event(job, channel, NULL, &event));
		if (strcmp(event.name, "certificate") != 0)
			break;
		if (peer->chain_count == TLS_PEER_CHAIN_MAX)
			return transcript_diverged(job, channel->target, "too many certificates");
		peer->chain[peer->chain_count++] = event.bytes;
	}
	return strcmp(event.name, "tls done") == 0
		   ? STATUS_OK
		   : transcript_diverged(job, channel->target, "a TLS handshake without end");
}

enum status
channel_start_tls(struct job *job, struct channel *channel, struct tls_peer *peer)
{
	enum status status;
	const char *words;

	*peer = (struct tls_peer){0};
	if (channel_is_replay(channel))
		return start_tls_again(job, channel, peer);
	status = channel_tls_handshake(job, channel, peer);
	if (is_ours(status))
		return status;
	if (status != STATUS_OK)
		return write_event(job, channel, "tls", status, (struct span){0});
	words = arena_printf(job, "%s %s", peer->version, peer->cipher);
	if (words == NULL)
		return STATUS_LIMIT;
	TRY(write_event(job, channel, "tls", STATUS_OK, span_of_string(words)));
	for (size_t i = 0; i < peer->chain_count; i++)
		TRY(write_event(job, channel, "certificate", STATUS_OK, peer->chain[i]));
	return write_event(job, channel, "tls done", STATUS_OK, (struct span){0});
}
