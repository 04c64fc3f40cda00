/* A conversation is the same to a probe whether the unit is live or played again. */
#include "device/channel.h"

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
	TRY(transcript_next(job, channel->target, channel->exchange, name, event));
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
is_no_event(enum status status)
{
	return status != STATUS_OK && status != STATUS_UNAVAILABLE && status != STATUS_UNDECIDED &&
	       status != STATUS_MALFORMED;
}

enum status
channel_tell(struct job *job, struct channel *channel, const char *event, enum status status,
    struct span bytes)
{
	return is_no_event(status) ? status : write_event(job, channel, event, status, bytes);
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

/* What is sent in a replay must be what was sent. */
static enum status
send_again(struct job *job, struct channel *channel, struct span bytes)
{
	struct event event;

	TRY(read_event(job, channel, "sent", &event));
	if (transcript_is_fed(channel->target))
		return STATUS_OK;
	if (event.bytes.size != bytes.size ||
	    (bytes.size != 0 && memcmp(event.bytes.at, bytes.at, bytes.size) != 0))
		return transcript_diverged(job, channel->target,
		    "exchange %lld: other bytes are sent than were", (long long)channel->exchange);
	/* What became of it: the next event, when it is a failure to send. */
	return STATUS_OK;
}

/* ---- opening ---- */

static void
begin(struct target *target, uint16_t port, struct channel *channel)
{
	bool live = target->transcript.replay == NULL;
	int64_t end = (live ? target_live_ms(target) : target->clock) + CHANNEL_LIFE_MS;

	*channel = (struct channel){
	    .target = target, .descriptor = -1, .port = port, .budget = CHANNEL_BUDGET};
	channel->deadline = target->deadline < end ? target->deadline : end;
	channel->exchange = ++target->transcript.exchange;
}

void
channel_adopt(struct target *target, int descriptor, uint16_t port, struct channel *channel)
{
	begin(target, port, channel);
	channel->descriptor = descriptor;
	channel->open = true;
}

static const char spent[] = "the connections granted are used up";

/* Asks the dialer; the reason of a refusal is the same live and replayed. */
static enum status
dial(struct job *job, struct channel *channel, const struct dial_request *request)
{
	const char *const words[] = {[DIAL_REFUSED] = "refused",
	    [DIAL_SILENT] = "silent",
	    [DIAL_UNREACHABLE] = "unreachable",
	    [DIAL_FAULT] = "cannot connect from here",
	    [DIAL_SPENT] = spent};
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
	channel->foreign = request->way >= DIAL_TO_GROUP;
	if (channel_is_replay(channel)) {
		TRY(read_event(job, channel, "connected", &event));
		channel->open = true;
		return STATUS_OK;
	}
	status = dial(job, channel, request);
	channel->open = status == STATUS_OK;
	return is_no_event(status)
		   ? status
		   : write_event(job, channel, status == STATUS_OK ? "connected" : "failed", status,
			 (struct span){0});
}

enum status
channel_open(struct job *job, struct target *target, uint16_t port, struct channel *channel)
{
	struct dial_request request = {.way = DIAL_TCP, .source = target->source, .port = port};
	enum status status = open_by(job, target, &request, channel);

	if (status == STATUS_OK)
		target_note_talk(target, port);
	/* by its words: so it is in a replay */
	target->spent |= status == STATUS_UNAVAILABLE && strstr(job->reason, spent) != NULL;
	return status;
}

enum status
channel_open_udp(struct job *job, struct target *target, uint16_t port, struct channel *channel)
{
	struct dial_request request = {.way = DIAL_UDP, .source = target->source, .port = port};

	return open_by(job, target, &request, channel);
}

/* What the dialer sent for us, in the record. */
static enum status
tell_sent(struct job *job, struct channel *channel, struct span datagram, bool secret)
{
	struct event event = {.exchange = channel->exchange,
	    .port = channel->port,
	    .name = "sent",
	    .bytes = datagram,
	    .secret = secret};

	if (channel_is_replay(channel))
		return send_again(job, channel, datagram);
	return transcript_write(job, channel->target, &event);
}

enum status
channel_ask_unit(struct job *job, struct target *target, uint16_t port, struct span datagram,
    bool secret, struct channel *channel)
{
	struct dial_request request = {
	    .way = DIAL_TO_UNIT, .source = target->source, .port = port, .datagram = datagram};

	TRY(open_by(job, target, &request, channel));
	return tell_sent(job, channel, datagram, secret);
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
	return tell_sent(job, channel, datagram, false);
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

/* ---- talking ---- */

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
	if (is_no_event(status))
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
	channel->judges = true;
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
	if (transcript_is_fed(channel->target) && event.bytes.size > size)
		event.bytes.size = size;
	if (strcmp(event.name, "received") != 0 || event.bytes.size > size || event.bytes.size == 0)
		return transcript_diverged(job, channel->target,
		    "exchange %lld: \"received\" where \"%s\" of %zu bytes was recorded",
		    (long long)channel->exchange, event.name, event.bytes.size);
	if (event.bytes.size > channel->budget)
		return fail(job, STATUS_MALFORMED,
		    "port %u: more than %zu bytes in one conversation", channel->port,
		    CHANNEL_BUDGET);
	channel->budget -= event.bytes.size;
	memcpy(at, event.bytes.at, event.bytes.size);
	*got = event.bytes.size;
	return STATUS_OK;
}

enum status
channel_take(struct job *job, struct channel *channel, uint8_t *at, size_t size, int patience_ms,
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
	if (is_no_event(status))
		return status;
	if (status != STATUS_OK)
		return write_event(job, channel, status == STATUS_UNDECIDED ? "silence" : "failed",
		    status, (struct span){0});
	channel->ended = *got == 0;
	return write_event(
	    job, channel, *got == 0 ? "ended" : "received", STATUS_OK, (struct span){at, *got});
}

static enum status
start_tls_again(struct job *job, struct channel *channel, struct tls_peer *peer)
{
	struct event event;
	char *space;

	TRY(read_event(job, channel, "tls", &event));
	if (transcript_is_fed(channel->target)) {
		*peer = (struct tls_peer){.version = "TLSv1.2", .cipher = "unknown"};
		return STATUS_OK;
	}
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
	if (is_no_event(status))
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

enum status
channel_renegotiate(struct job *job, struct channel *channel, bool *agreed)
{
	struct span bytes;
	uint8_t word;

	*agreed = false;
	if (channel_is_replay(channel)) {
		TRY(channel_retell(job, channel, "renegotiation", &bytes));
		*agreed = bytes.size == 1 && bytes.at[0] == 'y';
		return STATUS_OK;
	}
	TRY(channel_tls_renegotiate(job, channel, agreed));
	word = *agreed ? 'y' : 'n';
	return channel_tell(job, channel, "renegotiation", STATUS_OK, (struct span){&word, 1});
}
