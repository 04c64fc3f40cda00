/* A connected socket is handed over as SCM_RIGHTS, so the process that reads never has to connect.
 */
#include "device/dialer.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
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

enum dial_result
dialer_connect(const struct address *address, unsigned port, int timeout_ms, int *descriptor)
{
	struct address with = *address;
	int opened = socket(
	    address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	enum dial_result result;

	*descriptor = -1;
	if (opened < 0)
		return DIAL_FAULT;
	address_set_port(&with, port);
	if (connect(opened, (struct sockaddr *)&with.socket, with.size) == 0)
		result = DIAL_OPEN;
	else
		result =
		    result_of(errno == EINPROGRESS ? wait_connected(opened, timeout_ms) : errno);
	if (result == DIAL_OPEN && dialer_is_self_connected(opened))
		result = DIAL_REFUSED;
	if (result == DIAL_OPEN && fcntl(opened, F_SETFL, 0) == 0)
		*descriptor = opened;
	else
		close(opened);
	return result;
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

enum status
dialer_serve(struct job *job, const struct address *address, int descriptor)
{
	for (unsigned served = 0; served < DIAL_MAX_CONNECTIONS; served++) {
		uint8_t request[2];
		ssize_t got;
		enum dial_result result;
		int opened;
		bool sent;

		do
			got = recv(descriptor, request, sizeof request,
			    MSG_TRUNC); /* the true size, also of a longer packet */
		while (got < 0 && errno == EINTR);
		if (got == 0)
			return STATUS_OK;
		if (got != (ssize_t)sizeof request)
			return fail(
			    job, STATUS_MALFORMED, "dialer: a request of %zd bytes, 2 wanted", got);
		result = dialer_connect(
		    address, request[0] | (unsigned)request[1] << 8, DIAL_TIMEOUT_MS, &opened);
		sent = send_reply(descriptor, result, opened);
		if (opened >= 0)
			close(opened);
		if (!sent)
			return STATUS_OK;
	}
	return fail(job, STATUS_LIMIT, "dialer: more than %d connections", DIAL_MAX_CONNECTIONS);
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
dialer_ask(struct job *job, int dial, unsigned port, enum dial_result *result, int *descriptor)
{
	uint8_t request[2] = {(uint8_t)port, (uint8_t)(port >> 8)};
	uint8_t byte = DIAL_RESULT_COUNT;
	struct iovec part = {&byte, 1};
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof control};
	struct pollfd wait = {.fd = dial, .events = POLLIN};
	int ready;

	*descriptor = -1;
	if (send(dial, request, sizeof request, MSG_NOSIGNAL) != (ssize_t)sizeof request)
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
