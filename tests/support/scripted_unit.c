/* The prober's side cannot tell this thread from a dialer and a network. */
#include "tests/support/scripted_unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "device/dialer.h"

static void
reply(int to, enum dial_result result, int descriptor)
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
	(void)sendmsg(to, &message, MSG_NOSIGNAL);
}

#define SERVERS_MAX 1024

struct visit {
	struct scripted_unit *unit;
	int socket;
	unsigned number;
};

static void *
serve_visit(void *context)
{
	struct visit *visit = context;

	visit->unit->serve(visit->unit->context, visit->socket, visit->number);
	close(visit->socket);
	free(visit);
	return NULL;
}

static void
serve_apart(struct scripted_unit *unit, int socket)
{
	struct visit *visit = malloc(sizeof *visit);

	if (visit == NULL || unit->server_count == SERVERS_MAX)
		_exit(97);
	*visit = (struct visit){unit, socket, unit->served++};
	if (pthread_create(&unit->servers[unit->server_count++], NULL, serve_visit, visit) != 0)
		_exit(97);
}

static void *
live(void *context)
{
	struct scripted_unit *unit = context;
	uint8_t packet[DIAL_REQUEST_SIZE + DIAL_DATAGRAM_MAX];
	ssize_t got;

	while ((got = recv(unit->own, packet, sizeof packet, 0)) > 0 &&
	       dial_request_decode((struct span){packet, (size_t)got}, &unit->request)) {
		bool stream = unit->request.way == DIAL_TCP;
		int pair[2];

		if ((unit->connections_left != 0 && unit->served >= unit->connections_left) ||
		    (unit->refuses != NULL && unit->refuses(unit->context)) ||
		    socketpair(AF_UNIX, stream ? SOCK_STREAM : SOCK_DGRAM, 0, pair) != 0) {
			reply(unit->own, DIAL_REFUSED, -1);
			continue;
		}
		reply(unit->own, DIAL_OPEN, pair[1]);
		close(pair[1]);
		if (unit->at_once) {
			serve_apart(unit, pair[0]);
			continue;
		}
		unit->serve(unit->context, pair[0], unit->served++);
		close(pair[0]);
	}
	return NULL;
}

void
unit_start(struct scripted_unit *unit, struct target *target)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		_exit(99);
	unit->own = pair[0];
	unit->served = 0;
	unit->server_count = 0;
	unit->servers = unit->at_once ? calloc(SERVERS_MAX, sizeof(pthread_t)) : NULL;
	if (pthread_create(&unit->thread, NULL, live, unit) != 0)
		_exit(99);
	*target = (struct target){.address = "192.0.2.1",
	    .dial = pair[1],
	    .began = monotonic_ms(),
	    .pace = unit->pace,
	    .deadline = 60000,
	    .transcript = {.descriptor = -1}};
}

void
unit_stop(struct scripted_unit *unit, struct target *target)
{
	close(target->dial);
	pthread_join(unit->thread, NULL);
	for (unsigned i = 0; i < unit->server_count; i++)
		pthread_join(unit->servers[i], NULL);
	free(unit->servers);
	close(unit->own);
}

int64_t
unit_now(const struct scripted_unit *unit)
{
	return monotonic_ms() * (unit->pace > 1 ? unit->pace : 1);
}

void
unit_pause(const struct scripted_unit *unit, int64_t ms)
{
	int64_t real = ms * 1000 / (unit->pace > 1 ? unit->pace : 1);
	const struct timespec pause = {.tv_sec = real / 1000000, .tv_nsec = real % 1000000 * 1000};

	nanosleep(&pause, NULL);
}

void
unit_say(int socket, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t sent = send(socket, at, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		at += sent;
		size -= (size_t)sent;
	}
}

void
unit_say_text(int socket, const char *text)
{
	unit_say(socket, text, strlen(text));
}

size_t
unit_hear(int socket, char *at, size_t room, const char *until)
{
	size_t size = 0;

	at[0] = '\0';
	while (size + 1 < room && strstr(at, until) == NULL) {
		ssize_t got = recv(socket, at + size, room - 1 - size, 0);

		if (got <= 0)
			break;
		size += (size_t)got;
		at[size] = '\0';
	}
	return size;
}

struct span
unit_fixture(struct job *job, const char *path)
{
	struct span bytes = {0};

	if (file_read(job, path, (size_t)1 << 20, &bytes) != STATUS_OK)
		_exit(98);
	return bytes;
}
