/* A connect scan: the kernel's own handshake says open, closed or nothing, and no byte is ever
 * read. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "device/scan_syn.h"

#define WINDOW 900            /* connections under way; below the usual limit of 1024 descriptors */
#define FIRST_TIMEOUT_MS 1000 /* until the unit has shown how fast it answers */
#define SHORTEST_TIMEOUT_MS 300
#define SECOND_TIMEOUT_MS 1300 /* longer than the kernel's first retransmission */
#define GREETINGS 16
#define GREETING_TIMEOUT_MS 3500 /* longer than an unanswered ARP question */
#define SCAN_LIMIT_MS (15 * 60 * 1000)
#define LOCAL_FAULTS_MAX 20000
#define WITNESSES 8 /* ports that answered and must answer again at the end */

struct slot {
	int descriptor; /* −1: free; kept over refusals, which leave a socket usable */
	bool waiting;
	uint16_t port;
	int64_t started;
};

struct scanner {
	struct address address;
	const struct dial_progress *progress;
	int epoll;
	uint8_t *state; /* one enum port_state a port */
	uint32_t next;
	uint32_t done;
	uint32_t faults;
	uint32_t unreachable; /* times the network said there is no way */
	uint32_t waiting;
	int timeout_ms;
	int64_t slowest_ms; /* answer seen */
	int64_t end;
	bool reached;
	struct slot slots[WINDOW];
};

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
	scanner->done++;
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

/* Goes once through the ports of `todo`. */
static void
pass(struct scanner *scanner, const uint16_t *todo, uint32_t count, int timeout_ms)
{
	uint32_t since_report = 0;

	scanner->next = 0;
	scanner->done = 0;
	scanner->timeout_ms = timeout_ms;
	while ((scanner->next < count || scanner->waiting > 0) && monotonic_ms() < scanner->end &&
	       scanner->faults < LOCAL_FAULTS_MAX) {
		for (size_t i = 0; i < WINDOW && scanner->next < count; i++)
			if (!scanner->slots[i].waiting)
				start(scanner, &scanner->slots[i], todo[scanner->next++]);
		collect(scanner);
		expire(scanner);
		adapt(scanner);
		if (scanner->progress != NULL && scanner->done - since_report >= 4096) {
			since_report = scanner->done;
			scanner->progress->report(scanner->progress->context, scanner->done, count);
		}
	}
	for (size_t i = 0; i < WINDOW; i++)
		if (scanner->slots[i].waiting) {
			scanner->slots[i].waiting = false;
			drop(&scanner->slots[i]);
		}
	scanner->waiting = 0;
}

/* Ports of `ports` in a state, ascending, in the arena. */
static uint16_t *
ports_in(struct job *job, const struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE],
    enum port_state state, uint32_t *count)
{
	uint16_t *list = arena_array(job, PORT_COUNT, sizeof *list);

	*count = 0;
	for (unsigned port = 1; list != NULL && port < PORT_COUNT; port++)
		if (port_set_has(ports, port) && scanner->state[port] == state)
			list[(*count)++] = (uint16_t)port;
	return list;
}

/* Does the unit still answer as it did?  The reason why not, or NULL. */
static const char *
check_alive(
    struct job *job, const struct address *address, const struct scan *scan, const uint8_t *state)
{
	unsigned closed = 0;
	int descriptor = -1;

	for (size_t i = 0; i < scan->open_count && i < WITNESSES; i++) {
		enum dial_result result =
		    dialer_connect(address, scan->open[i], DIAL_TIMEOUT_MS, &descriptor);

		if (descriptor >= 0)
			close(descriptor);
		if (result != DIAL_OPEN)
			return arena_printf(job,
			    "port %u answered first and not at the end: the unit or the network "
			    "went away",
			    scan->open[i]);
	}
	for (unsigned port = PORT_COUNT - 1; port > 0 && closed == 0; port--)
		if (state[port] == PORT_CLOSED)
			closed = port;
	if (closed != 0 &&
	    dialer_connect(address, closed, DIAL_TIMEOUT_MS, &descriptor) == DIAL_SILENT)
		return arena_printf(job,
		    "port %u refused first and was silent at the end: the unit or the network went "
		    "away",
		    closed);
	if (descriptor >= 0 && closed != 0)
		close(descriptor);
	return NULL;
}

static enum status
summarise(struct job *job, const struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE],
    struct scan *scan)
{
	uint32_t open;

	scan->open = ports_in(job, scanner, ports, PORT_OPEN, &open);
	if (scan->open == NULL)
		return STATUS_LIMIT;
	scan->open_count = open;
	if (ports_in(job, scanner, ports, PORT_CLOSED, &scan->closed) == NULL ||
	    ports_in(job, scanner, ports, PORT_SILENT, &scan->filtered) == NULL ||
	    ports_in(job, scanner, ports, PORT_UNTRIED, &scan->untried) == NULL)
		return STATUS_LIMIT;
	scan->reached = scanner->reached;
	if (!scan->reached)
		scan->reason = "unreachable: no port answered";
	else if (scan->untried > 0)
		scan->reason = arena_printf(
		    job, "%u of %u ports could not be tried", scan->untried, scan->required);
	else
		scan->reason = check_alive(job, &scanner->address, scan, scanner->state);
	if (scan->reason == NULL && scan->required < PORT_COUNT - 1)
		scan->reason = arena_printf(
		    job, "only %u of %d ports were to be tried", scan->required, PORT_COUNT - 1);
	scan->complete = scan->reason == NULL;
	return STATUS_OK;
}

/* A few ports first, patiently: is there any way to the unit at all? */
static bool
greet(struct scanner *scanner, const uint16_t *todo, uint32_t count)
{
	uint16_t few[GREETINGS] = {0};
	uint32_t number = count < GREETINGS ? count : GREETINGS;

	for (uint32_t i = 0; i < number; i++)
		few[i] = todo[(uint64_t)i * count / number];
	pass(scanner, few, number, GREETING_TIMEOUT_MS);
	for (uint32_t i = 0; i < number; i++)
		if (scanner->state[few[i]] == PORT_SILENT)
			scanner->state[few[i]] = PORT_UNTRIED;
	return scanner->reached || scanner->unreachable + scanner->faults < number;
}

/* Every port once, then the ones this machine could not try, then the silent ones again. */
static bool
sweep(struct job *job, struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE])
{
	static const enum port_state which[] = {PORT_UNTRIED, PORT_UNTRIED, PORT_SILENT};

	for (size_t i = 0; i < ARRAY_SIZE(which); i++) {
		uint32_t count;
		const uint16_t *todo = ports_in(job, scanner, ports, which[i], &count);

		if (todo == NULL)
			return false;
		if (i == 0 && !greet(scanner, todo, count))
			return true;
		if (i == 0)
			todo = ports_in(job, scanner, ports, PORT_UNTRIED, &count);
		if (todo == NULL)
			return false;
		if (i == 0 || scanner->reached)
			pass(scanner, todo, count, i == 0 ? FIRST_TIMEOUT_MS : SECOND_TIMEOUT_MS);
	}
	return true;
}

/* What answered a SYN as open is open only when it can be connected to. */
static enum status
confirm(struct job *job, struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE])
{
	uint32_t count;
	const uint16_t *todo = ports_in(job, scanner, ports, PORT_OPEN, &count);

	if (todo == NULL)
		return STATUS_LIMIT;
	for (uint32_t i = 0; i < count; i++)
		scanner->state[todo[i]] = PORT_UNTRIED;
	pass(scanner, todo, count, DIAL_TIMEOUT_MS);
	return STATUS_OK;
}

/* The same by SYNs, after the same greeting. */
static enum status
sweep_by_syn(struct job *job, struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE])
{
	struct syn_sweep syn = {.address = &scanner->address,
	    .progress = scanner->progress,
	    .state = scanner->state,
	    .end = scanner->end};

	syn.todo = ports_in(job, scanner, ports, PORT_UNTRIED, &syn.count);
	if (syn.todo == NULL)
		return STATUS_LIMIT;
	if (!greet(scanner, syn.todo, syn.count))
		return STATUS_OK;
	syn.todo = ports_in(job, scanner, ports, PORT_UNTRIED, &syn.count);
	if (syn.todo == NULL)
		return STATUS_LIMIT;
	syn.reached = scanner->reached;
	syn.slowest_ms = scanner->slowest_ms;
	address_set_port(&scanner->address, 0);
	TRY(syn_sweep(job, &syn));
	scanner->reached = syn.reached;
	return confirm(job, scanner, ports);
}

static enum status
scan_by(struct job *job, bool syn, const struct address *address,
    const uint8_t ports[PORT_SET_SIZE], const struct dial_progress *progress, struct scan *scan)
{
	struct scanner *scanner = arena_allocate(job, sizeof *scanner);
	enum status status;

	*scan = (struct scan){0};
	if (scanner == NULL || (scanner->state = arena_allocate(job, PORT_COUNT)) == NULL)
		return STATUS_LIMIT;
	scanner->address = *address;
	scanner->progress = progress;
	scanner->end = monotonic_ms() + SCAN_LIMIT_MS;
	scanner->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (scanner->epoll < 0)
		return fail(job, STATUS_FAULT, "scan: epoll: %s", strerror(errno));
	for (size_t i = 0; i < WINDOW; i++)
		scanner->slots[i].descriptor = -1;
	for (unsigned port = 1; port < PORT_COUNT; port++)
		scan->required += port_set_has(ports, port);
	if (syn)
		status = sweep_by_syn(job, scanner, ports);
	else
		status = sweep(job, scanner, ports) ? STATUS_OK : STATUS_LIMIT;
	for (size_t i = 0; i < WINDOW; i++)
		drop(&scanner->slots[i]);
	close(scanner->epoll);
	return status != STATUS_OK ? status : summarise(job, scanner, ports, scan);
}

enum status
dialer_scan(struct job *job, const struct address *address, const uint8_t ports[PORT_SET_SIZE],
    const struct dial_progress *progress, struct scan *scan)
{
	return scan_by(job, false, address, ports, progress, scan);
}

enum status
dialer_scan_syn(struct job *job, const struct address *address, const uint8_t ports[PORT_SET_SIZE],
    const struct dial_progress *progress, struct scan *scan)
{
	return scan_by(job, true, address, ports, progress, scan);
}
