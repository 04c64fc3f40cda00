/* Every wait has a deadline and every connection a budget, so no unit can hold the prober. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "device/channel.h"

static int64_t
time_left(const struct channel *channel)
{
	return channel->deadline - target_live_ms(channel->target);
}

/* Waits for `events`; false after `patience_ms`, the connection's deadline, or an error. */
static bool
wait_for(struct channel *channel, short events, int patience_ms)
{
	struct pollfd wait = {.fd = channel->descriptor, .events = events};
	int64_t end = target_live_ms(channel->target) + patience_ms;
	int ready;

	if (end > channel->deadline)
		end = channel->deadline;
	do {
		int64_t left = end - target_live_ms(channel->target);

		ready = poll(&wait, 1, target_real_ms(channel->target, left));
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
	int64_t until = target_live_ms(channel->target) + patience_ms;
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
		int64_t left = until - target_live_ms(channel->target);

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

/* ---- above it ---- */

enum status
channel_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size, int patience_ms,
    size_t *got)
{
	int64_t began = target_now(channel->target);
	enum status status = channel_take(job, channel, at, size, patience_ms, got);

	if (status == STATUS_OK && *got > 0 && !channel->datagram)
		target_heard(channel->target, target_now(channel->target) - began);
	if (status == STATUS_OK && channel->judges)
		target_judged(channel->target, target_now(channel->target) - began);
	return status;
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
