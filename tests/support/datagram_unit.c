/* A pair of datagram sockets knows no farewell: an empty datagram that finds nobody tells it. */
#include "tests/support/datagram_unit.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"

#define LOOK_MS 50

size_t
unit_hear_datagram(int socket, uint8_t *at, size_t room)
{
	struct pollfd wait = {.fd = socket, .events = POLLIN};

	for (;;) {
		ssize_t got;

		if (poll(&wait, 1, LOOK_MS) == 1) {
			got = recv(socket, at, room, MSG_DONTWAIT);
			if (got > 0)
				return (size_t)got;
		}
		/* An empty one is nothing to the prober. */
		if (send(socket, "", 0, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			return 0;
	}
}

void
unit_mutilate(
    struct job *job, struct span whole, void (*read)(struct job *job, struct span part, bool cut))
{
	for (size_t size = 0; size < whole.size; size++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *copy = arena_allocate(job, size);

		if (size != 0)
			memcpy(copy, whole.at, size);
		read(job, (struct span){copy, size}, true);
		arena_release(job->arena, mark);
	}
	for (size_t bit = 0; bit < whole.size * 8; bit++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *copy = arena_allocate(job, whole.size);

		memcpy(copy, whole.at, whole.size);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		read(job, (struct span){copy, whole.size}, false);
		arena_release(job->arena, mark);
	}
}
