/* The kernel's own handshake says open, closed or nothing, and no byte is ever read. */
#include "device/scan_connect.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>

#define SHORTEST_TIMEOUT_MS 300
#define LOCAL_FAULTS_MAX 20000
#define WORTH_HELP 4096 /* ports */

/* A reset instead of a farewell leaves no TIME_WAIT behind, here or there. */
static void
drop(struct slot *slot)
{
	struct linger reset = {.l_onoff = 1, .l_linger = 0};

	if (slot->descriptor < 0)
		return;
	setsockopt(slot->descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	close(slot->descriptor);
	slot->descriptor = -1;
}

static void
answered(struct scanner *scanner, struct slot *slot, enum port_state state)
{
	int64_t took = monotonic_ms() - slot->started;

	scanner->state[slot->port] = (uint8_t)state;
	scanner->reached = true;
	if (took > scanner->slowest_ms)
		scanner->slowest_ms = took;
}

/* The connection of a slot has ended with `error`. */
static void
settle(struct scanner *scanner, struct slot *slot, int error)
{
	if (slot->waiting)
		scanner->waiting--;
	slot->waiting = false;
	switch (error) {
	case 0:
	case EISCONN:
		answered(scanner, slot,
		    dialer_is_self_connected(slot->descriptor) ? PORT_CLOSED : PORT_OPEN);
		drop(slot);
		return;
	case ECONNREFUSED:
	case ECONNRESET:
		answered(scanner, slot, PORT_CLOSED);
		return;
	case EHOSTUNREACH:
	case EHOSTDOWN:
		scanner->unreachable++;
		scanner->state[slot->port] = PORT_SILENT;
		break;
	case ETIMEDOUT:
		scanner->state[slot->port] = PORT_SILENT;
		break;
	default: /* ours: no descriptor, no local port, no route, a local firewall */
		scanner->faults++;
	}
	drop(slot);
}

/* Starts one connection; on this machine the answer is often there at once. */
static void
start(struct scanner *scanner, struct slot *slot, uint16_t port)
{
	struct epoll_event event = {
	    .events = EPOLLOUT, .data.u32 = (uint32_t)(slot - scanner->slots)};

	slot->port = port;
	slot->started = monotonic_ms();
	if (slot->descriptor < 0)
		slot->descriptor = socket(scanner->address.socket.ss_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	if (slot->descriptor < 0) {
		settle(scanner, slot, EMFILE);
		return;
	}
	address_set_port(&scanner->address, port);
	for (unsigned again = 0; again < 2; again++) {
		if (connect(slot->descriptor, (struct sockaddr *)&scanner->address.socket,
			scanner->address.size) == 0) {
			settle(scanner, slot, 0);
			return;
		}
		if (errno != EINPROGRESS && errno != EALREADY) {
			settle(scanner, slot, errno);
			return;
		}
	}
	slot->waiting = true;
	scanner->waiting++;
	if (epoll_ctl(scanner->epoll, EPOLL_CTL_ADD, slot->descriptor, &event) != 0)
		settle(scanner, slot, errno);
}

static void
collect(struct scanner *scanner)
{
	struct epoll_event events[128];
	int ready =
	    epoll_wait(scanner->epoll, events, ARRAY_SIZE(events), scanner->waiting == 0 ? 0 : 20);

	for (int i = 0; i < ready; i++) {
		struct slot *slot = &scanner->slots[events[i].data.u32];
		int error = 0;
		socklen_t size = sizeof error;

		if (!slot->waiting)
			continue;
		if (getsockopt(slot->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
			error = errno;
		settle(scanner, slot, error);
		drop(slot);
	}
}

static void
expire(struct scanner *scanner)
{
	int64_t now = monotonic_ms();

	for (size_t i = 0; i < WINDOW; i++)
		if (scanner->slots[i].waiting &&
		    now - scanner->slots[i].started >= scanner->timeout_ms)
			settle(scanner, &scanner->slots[i], ETIMEDOUT);
}

static void
adapt(struct scanner *scanner)
{
	int64_t timeout = 4 * scanner->slowest_ms + 100;

	if (!scanner->reached || scanner->timeout_ms > FIRST_TIMEOUT_MS)
		return;
	timeout = timeout < SHORTEST_TIMEOUT_MS ? SHORTEST_TIMEOUT_MS : timeout;
	scanner->timeout_ms = (int)(timeout > FIRST_TIMEOUT_MS ? FIRST_TIMEOUT_MS : timeout);
}

/* The next port that nobody has taken; 0: all are. */
static uint16_t
take(struct scanner *scanner)
{
	struct share *share = scanner->share;
	uint32_t at;

	if (atomic_load(&share->taken) >= share->count ||
	    atomic_fetch_add(&share->taken, 1) >= share->count)
		return 0;
	at = scanner->next++;
	return share->todo[scanner->from_above ? share->count - 1 - at : at];
}

static void
report(const struct scanner *scanner, uint32_t *reported)
{
	uint32_t count = scanner->share->count, taken = atomic_load(&scanner->share->taken);

	if (scanner->progress == NULL || taken - *reported < 4096)
		return;
	*reported = taken;
	scanner->progress->report(scanner->progress->context, taken < count ? taken : count, count);
}

static void
work(void *context)
{
	struct scanner *scanner = context;
	uint32_t reported = 0;
	bool all = false;

	scanner->next = 0;
	while ((!all || scanner->waiting > 0) && monotonic_ms() < scanner->end &&
	       scanner->faults < LOCAL_FAULTS_MAX) {
		for (size_t i = 0; i < scanner->window && !all; i++) {
			uint16_t port = scanner->slots[i].waiting ? 0 : take(scanner);

			if (port != 0)
				start(scanner, &scanner->slots[i], port);
			else
				all = !scanner->slots[i].waiting;
		}
		collect(scanner);
		expire(scanner);
		adapt(scanner);
		report(scanner, &reported);
	}
	for (size_t i = 0; i < WINDOW; i++)
		if (scanner->slots[i].waiting) {
			scanner->slots[i].waiting = false;
			drop(&scanner->slots[i]);
		}
	scanner->waiting = 0;
}

/* The same by two, with as many connections under way as by one. */
static void
work_together(struct scanner *scanner)
{
	struct scanner *second = scanner->second;
	size_t window = scanner->window;

	scanner->window = (window + 1) / 2;
	second->address = scanner->address;
	second->share = scanner->share;
	second->state = scanner->state;
	second->timeout_ms = scanner->timeout_ms;
	second->slowest_ms = scanner->slowest_ms;
	second->end = scanner->end;
	second->window = scanner->window;
	second->reached = scanner->reached;
	second->from_above = true;
	scan_helper_begin(scanner->helper, work, second);
	work(scanner);
	scan_helper_await(scanner->helper);
	scanner->window = window;
	scanner->reached = scanner->reached || second->reached;
	if (second->slowest_ms > scanner->slowest_ms)
		scanner->slowest_ms = second->slowest_ms;
	scanner->unreachable += second->unreachable;
	scanner->faults += second->faults;
	second->unreachable = second->faults = 0;
}

void
connect_pass(struct scanner *scanner, const uint16_t *todo, uint32_t count, int timeout_ms)
{
	struct share share = {.todo = todo, .count = count};

	scanner->share = &share;
	scanner->timeout_ms = timeout_ms;
	if (scanner->helper != NULL && count >= WORTH_HELP)
		work_together(scanner);
	else
		work(scanner);
	scanner->share = NULL;
}

void
connect_end(struct scanner *scanner)
{
	for (size_t i = 0; i < WINDOW; i++)
		drop(&scanner->slots[i]);
	close(scanner->epoll);
}
