/* A connected socket is handed over as SCM_RIGHTS, so the process that reads never has to connect.
 */
#include "device/dialer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/frames.h"

static enum dial_result
result_of(int error)
{
	switch (error) {
	case 0:
		return DIAL_OPEN;
	case ECONNREFUSED:
	case ECONNRESET:
		return DIAL_REFUSED;
	case ETIMEDOUT:
		return DIAL_SILENT;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
		return DIAL_UNREACHABLE;
	default:
		return DIAL_FAULT;
	}
}

/* Waits for a connection under way; the error number it ended with. */
static int
wait_connected(int descriptor, int timeout_ms)
{
	struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
	int64_t until = monotonic_ms() + timeout_ms;
	int ready, error = 0;
	socklen_t size = sizeof error;

	do {
		int64_t left = until - monotonic_ms();

		ready = poll(&wait, 1, left < 0 ? 0 : (int)left);
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return ETIMEDOUT;
	return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

bool
dialer_is_self_connected(int descriptor)
{
	struct sockaddr_storage own = {0}, peer = {0};
	socklen_t own_size = sizeof own, peer_size = sizeof peer;

	return getsockname(descriptor, (struct sockaddr *)&own, &own_size) == 0 &&
	       getpeername(descriptor, (struct sockaddr *)&peer, &peer_size) == 0 &&
	       own_size == peer_size && memcmp(&own, &peer, own_size) == 0;
}

/* Binds to an address of our own; the port is the system's choice. */
static bool
bind_source(int descriptor, const struct address *source)
{
	int late = 1;

	if (source == NULL)
		return true;
	(void)setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
	return bind(descriptor, (const struct sockaddr *)&source->socket, source->size) == 0;
}

static enum dial_result
finish(int opened, enum dial_result result, int *descriptor)
{
	*descriptor = -1;
	if (result == DIAL_OPEN && fcntl(opened, F_SETFL, 0) == 0)
		*descriptor = opened;
	else
		close(opened);
	return result;
}

static enum dial_result
connect_from(const struct address *address, const struct address *source, unsigned port,
    int timeout_ms, int *descriptor)
{
	struct address with = *address;
	int at_once = 1; /* a question in two portions must not wait for an acknowledgement */
	int opened = socket(
	    address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	enum dial_result result;

	*descriptor = -1;
	if (opened < 0)
		return DIAL_FAULT;
	address_set_port(&with, port);
	(void)setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
	if (!bind_source(opened, source))
		result = DIAL_FAULT;
	else if (connect(opened, (struct sockaddr *)&with.socket, with.size) == 0)
		result = DIAL_OPEN;
	else
		result =
		    result_of(errno == EINPROGRESS ? wait_connected(opened, timeout_ms) : errno);
	if (result == DIAL_OPEN && dialer_is_self_connected(opened))
		result = DIAL_REFUSED;
	return finish(opened, result, descriptor);
}

enum dial_result
dialer_connect(const struct address *address, unsigned port, int timeout_ms, int *descriptor)
{
	return connect_from(address, NULL, port, timeout_ms, descriptor);
}

static enum dial_result
open_udp(
    const struct address *address, const struct address *source, unsigned port, int *descriptor)
{
	struct address with = *address;
	int opened = socket(address->socket.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);

	*descriptor = -1;
	if (opened < 0)
		return DIAL_FAULT;
	address_set_port(&with, port);
	if (!bind_source(opened, source))
		return finish(opened, DIAL_FAULT, descriptor);
	return finish(opened,
	    connect(opened, (struct sockaddr *)&with.socket, with.size) == 0 ? DIAL_OPEN
									     : result_of(errno),
	    descriptor);
}

/* The group's address in the unit's family, the interface being the one that leads to the unit. */
static bool
group_address(const struct address *unit, enum dial_group group, struct address *address)
{
	static const struct {
		const char *v4, *v6;
		uint16_t port;
	} groups[GROUP_COUNT] = {[GROUP_SSDP] = {"239.255.255.250", "ff02::c", 1900},
	    [GROUP_WS_DISCOVERY] = {"239.255.255.250", "ff02::c", 3702},
	    [GROUP_MDNS] = {"224.0.0.251", "ff02::fb", 5353}};
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address->socket;
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address->socket;

	*address = (struct address){.size = unit->size};
	address->socket.ss_family = unit->socket.ss_family;
	address_set_port(address, groups[group].port);
	if (unit->socket.ss_family != AF_INET6)
		return inet_pton(AF_INET, groups[group].v4, &v4->sin_addr) == 1;
	v6->sin6_scope_id = ((const struct sockaddr_in6 *)&unit->socket)->sin6_scope_id;
	return inet_pton(AF_INET6, groups[group].v6, &v6->sin6_addr) == 1;
}

/* Of several networks, the one by which the unit is reached. */
static bool
choose_interface(int descriptor, const struct address *unit, const struct address *source)
{
	struct sockaddr_storage own = {0};
	socklen_t size = sizeof own;
	int way;
	bool known;

	if (unit->socket.ss_family != AF_INET)
		return true;
	if (open_udp(unit, source, 9, &way) != DIAL_OPEN)
		return false;
	known = getsockname(way, (struct sockaddr *)&own, &size) == 0;
	close(way);
	return known && setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_IF,
			    &((struct sockaddr_in *)&own)->sin_addr, sizeof(struct in_addr)) == 0;
}

/* Sends the prober's datagram to a group; the socket then hears whoever answers. */
static enum dial_result
ask_group(const struct address *unit, const struct address *source,
    const struct dial_request *request, int *descriptor)
{
	struct address group;
	int opened = socket(unit->socket.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);

	*descriptor = -1;
	if (opened < 0)
		return DIAL_FAULT;
	if (!bind_source(opened, source) || !choose_interface(opened, unit, source) ||
	    !group_address(unit, request->group, &group) ||
	    sendto(opened, request->datagram.at, request->datagram.size, MSG_NOSIGNAL,
		(struct sockaddr *)&group.socket, group.size) < 0)
		return finish(opened, DIAL_UNREACHABLE, descriptor);
	return finish(opened, DIAL_OPEN, descriptor);
}

/* Sends the prober's datagram to a port of the unit, over a socket that hears all its ports. */
static enum dial_result
ask_unit(const struct address *unit, const struct address *source,
    const struct dial_request *request, int *descriptor)
{
	struct address to = *unit;
	int opened = socket(unit->socket.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);

	*descriptor = -1;
	if (opened < 0)
		return DIAL_FAULT;
	address_set_port(&to, request->port);
	if (!bind_source(opened, source))
		return finish(opened, DIAL_FAULT, descriptor);
	if (sendto(opened, request->datagram.at, request->datagram.size, MSG_NOSIGNAL,
		(struct sockaddr *)&to.socket, to.size) < 0)
		return finish(opened, result_of(errno), descriptor);
	return finish(opened, DIAL_OPEN, descriptor);
}

enum dial_result
dialer_open(const struct address *address, const struct address *source,
    const struct dial_request *request, int *descriptor)
{
	switch (request->way) {
	case DIAL_TCP:
		return connect_from(address, source, request->port, DIAL_TIMEOUT_MS, descriptor);
	case DIAL_UDP:
		return open_udp(address, source, request->port, descriptor);
	case DIAL_TO_GROUP:
		return ask_group(address, source, request, descriptor);
	case DIAL_TO_UNIT:
		return ask_unit(address, source, request, descriptor);
	}
	*descriptor = -1;
	return DIAL_FAULT;
}

void
dial_request_encode(struct text *out, const struct dial_request *request)
{
	put_u8(out, (uint8_t)request->way);
	put_u8(out, (uint8_t)request->source);
	put_u16(out, request->port);
	put_u16(out, (uint16_t)request->group);
	if (request->datagram.size != 0)
		text_put_bytes(out, request->datagram.at, request->datagram.size);
}

bool
dial_request_decode(struct span packet, struct dial_request *request)
{
	struct reader reader = {.rest = packet};
	uint8_t way = read_u8(&reader);
	uint16_t group;

	*request = (struct dial_request){.way = (enum dial_way)way};
	request->source = read_u8(&reader);
	request->port = read_u16_le(&reader);
	group = read_u16_le(&reader);
	request->group = (enum dial_group)group;
	request->datagram = reader.rest;
	return !reader.overrun && way <= DIAL_TO_UNIT && group < GROUP_COUNT &&
	       request->source < DIAL_MAX_SOURCES && request->datagram.size <= DIAL_DATAGRAM_MAX &&
	       (way >= DIAL_TO_GROUP) == (request->datagram.size != 0);
}

static bool
send_reply(int to, enum dial_result result, int descriptor)
{
	uint8_t byte = (uint8_t)result;
	struct iovec part = {&byte, 1};
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (descriptor >= 0) {
		struct cmsghdr *header;

		message.msg_control = control;
		message.msg_controllen = sizeof control;
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof descriptor);
		memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
	}
	return sendmsg(to, &message, MSG_NOSIGNAL) == 1;
}

/* What is granted is opened; anything else is a fault. */
static enum dial_result
serve_one(const struct address *address, const struct dial_grant *grant,
    const struct dial_request *request, int *opened)
{
	const struct address *source =
	    grant->source_count == 0 ? NULL : &grant->sources[request->source];

	*opened = -1;
	if ((request->way == DIAL_TO_GROUP && !grant->groups) ||
	    (request->source != 0 && request->source >= grant->source_count))
		return DIAL_UNREACHABLE;
	return dialer_open(address, source, request, opened);
}

enum status
dialer_serve(
    struct job *job, const struct address *address, const struct dial_grant *grant, int descriptor)
{
	unsigned most = grant->connections == 0 ? DIAL_MAX_CONNECTIONS : grant->connections;

	for (unsigned served = 0;; served++) {
		uint8_t packet[DIAL_REQUEST_SIZE + DIAL_DATAGRAM_MAX];
		struct dial_request request;
		ssize_t got;
		enum dial_result result;
		int opened;
		bool sent;

		do
			got = recv(descriptor, packet, sizeof packet,
			    MSG_TRUNC); /* the true size, also of a longer packet */
		while (got < 0 && errno == EINTR);
		if (got == 0)
			return STATUS_OK;
		if (got < 0 || got > (ssize_t)sizeof packet ||
		    !dial_request_decode((struct span){packet, (size_t)got}, &request))
			return fail(
			    job, STATUS_MALFORMED, "dialer: a request of %zd bytes is none", got);
		opened = -1;
		result = served < most ? serve_one(address, grant, &request, &opened) : DIAL_SPENT;
		sent = send_reply(descriptor, result, opened);
		if (opened >= 0)
			close(opened);
		if (!sent)
			return STATUS_OK;
	}
}

/* The descriptor a message carries, or −1. */
static int
carried_descriptor(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int descriptor = -1;

	if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof descriptor))
		memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
	return descriptor;
}

enum status
dialer_ask(struct job *job, int dial, const struct dial_request *request, enum dial_result *result,
    int *descriptor)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct text packet = text_new(job);
	uint8_t byte = DIAL_RESULT_COUNT;
	struct iovec part = {&byte, 1};
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof control};
	struct pollfd wait = {.fd = dial, .events = POLLIN};
	bool sent;
	int ready;

	*descriptor = -1;
	dial_request_encode(&packet, request);
	if (packet.failed)
		return STATUS_LIMIT;
	sent = send(dial, packet.at, packet.size, MSG_NOSIGNAL) == (ssize_t)packet.size;
	arena_release(job->arena, mark);
	if (!sent)
		return fail(job, STATUS_UNAVAILABLE, "the dialer is gone");
	do
		ready = poll(&wait, 1, 2 * DIAL_TIMEOUT_MS);
	while (ready < 0 && errno == EINTR);
	if (ready != 1 || recvmsg(dial, &message, MSG_CMSG_CLOEXEC) != 1 ||
	    byte >= DIAL_RESULT_COUNT)
		return fail(job, STATUS_UNAVAILABLE, "the dialer is gone");
	*result = (enum dial_result)byte;
	*descriptor = carried_descriptor(&message);
	if ((*result == DIAL_OPEN) != (*descriptor >= 0))
		return fail(
		    job, STATUS_FAULT, "dialer: result %u and descriptor %d", byte, *descriptor);
	return STATUS_OK;
}

void
scan_encode(struct text *out, const struct scan *scan)
{
	put_u8(out, scan->reached);
	put_u8(out, scan->complete);
	put_string(out, scan->reason);
	put_u32(out, scan->required);
	put_u32(out, scan->closed);
	put_u32(out, scan->filtered);
	put_u32(out, scan->untried);
	put_u32(out, (uint32_t)scan->open_count);
	for (size_t i = 0; i < scan->open_count; i++)
		put_u16(out, scan->open[i]);
}

enum status
scan_decode(struct job *job, struct span bytes, struct scan *scan)
{
	struct reader reader = {.rest = bytes};
	uint16_t *open;

	*scan = (struct scan){0};
	scan->reached = read_u8(&reader) == 1;
	scan->complete = read_u8(&reader) == 1;
	if (!get_string(job, &reader, FACT_TEXT_MAX, &scan->reason))
		return fail(job, STATUS_MALFORMED, "scan: bad reason");
	scan->required = read_u32_le(&reader);
	scan->closed = read_u32_le(&reader);
	scan->filtered = read_u32_le(&reader);
	scan->untried = read_u32_le(&reader);
	scan->open_count = read_u32_le(&reader);
	if (reader.overrun || scan->open_count >= PORT_COUNT ||
	    reader.rest.size != 2 * scan->open_count)
		return fail(job, STATUS_MALFORMED, "scan: %zu open ports in %zu bytes",
		    scan->open_count, reader.rest.size);
	open = arena_array(job, scan->open_count, sizeof *open);
	if (open == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < scan->open_count; i++)
		open[i] = read_u16_le(&reader);
	scan->open = open;
	return STATUS_OK;
}
