/* A scan of all ports, by connecting or by SYNs: its passes, and what they come to. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "device/scan_connect.h"

#define SECOND_TIMEOUT_MS 1300 /* longer than the kernel's first retransmission */
#define GREETINGS 16
#define GREETING_TIMEOUT_MS 3500 /* longer than an unanswered ARP question */
#define ROUNDS_MAX 4             /* of silent ports, while a round finds some that answer */
#define SCAN_LIMIT_MS (15 * 60 * 1000)
#define WITNESSES 8 /* ports that answered and must answer again at the end */

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
	else if (scanner->lossy)
		scan->reason = arena_printf(job,
		    "packets were lost to the end: %u silent ports may be open", scan->filtered);
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
	connect_pass(scanner, few, number, GREETING_TIMEOUT_MS);
	for (uint32_t i = 0; i < number; i++)
		if (scanner->state[few[i]] == PORT_SILENT)
			scanner->state[few[i]] = PORT_UNTRIED;
	return scanner->reached || scanner->unreachable + scanner->faults < number;
}

/*
 * The silent ones again: an answer now means that packets were lost, and further rounds go with
 * fewer connections at a time until one brings nothing more.
 */
static bool
sweep_silent(struct job *job, struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE])
{
	uint32_t before, count;
	const uint16_t *todo = ports_in(job, scanner, ports, PORT_SILENT, &count);

	for (unsigned round = 0; todo != NULL && scanner->reached; round++) {
		scanner->lossy = round == ROUNDS_MAX && count > 0;
		if (count == 0 || round == ROUNDS_MAX)
			break;
		before = count;
		connect_pass(scanner, todo, count, SECOND_TIMEOUT_MS);
		todo = ports_in(job, scanner, ports, PORT_SILENT, &count);
		if (count == before)
			break;
		scanner->window = scanner->window / 3 + 1;
	}
	return todo != NULL;
}

/* Every port once, then the ones this machine could not try, then the silent ones again. */
static bool
sweep(struct job *job, struct scanner *scanner, const uint8_t ports[PORT_SET_SIZE])
{
	for (size_t i = 0; i < 2; i++) {
		uint32_t count;
		const uint16_t *todo = ports_in(job, scanner, ports, PORT_UNTRIED, &count);

		if (todo == NULL)
			return false;
		if (i == 0 && !greet(scanner, todo, count))
			return true;
		if (i == 0)
			todo = ports_in(job, scanner, ports, PORT_UNTRIED, &count);
		if (todo == NULL)
			return false;
		if (i == 0 || scanner->reached)
			connect_pass(
			    scanner, todo, count, i == 0 ? FIRST_TIMEOUT_MS : SECOND_TIMEOUT_MS);
	}
	return sweep_silent(job, scanner, ports);
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
	connect_pass(scanner, todo, count, DIAL_TIMEOUT_MS);
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
	scanner->lossy = syn.lossy;
	return confirm(job, scanner, ports);
}

static bool
begin(struct scanner *scanner)
{
	scanner->window = WINDOW;
	scanner->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < WINDOW; i++)
		scanner->slots[i].descriptor = -1;
	return scanner->epoll >= 0;
}

static enum status
scan_by(struct job *job, bool syn, const struct address *address,
    const uint8_t ports[PORT_SET_SIZE], const struct dial_means *means, struct scan *scan)
{
	struct scanner *scanner = arena_allocate(job, sizeof *scanner);
	struct scanner *second = arena_allocate(job, sizeof *second);
	enum status status;

	*scan = (struct scan){0};
	if (scanner == NULL || second == NULL ||
	    (scanner->state = arena_allocate(job, PORT_COUNT)) == NULL)
		return STATUS_LIMIT;
	scanner->address = *address;
	scanner->progress = means == NULL ? NULL : means->progress;
	scanner->helper = means == NULL ? NULL : means->helper;
	scanner->second = second;
	scanner->end = monotonic_ms() + SCAN_LIMIT_MS;
	if (!begin(scanner) || !begin(second))
		return fail(job, STATUS_FAULT, "scan: epoll: %s", strerror(errno));
	for (unsigned port = 1; port < PORT_COUNT; port++)
		scan->required += port_set_has(ports, port);
	if (syn)
		status = sweep_by_syn(job, scanner, ports);
	else
		status = sweep(job, scanner, ports) ? STATUS_OK : STATUS_LIMIT;
	connect_end(scanner);
	connect_end(second);
	return status != STATUS_OK ? status : summarise(job, scanner, ports, scan);
}

enum status
dialer_scan(struct job *job, const struct address *address, const uint8_t ports[PORT_SET_SIZE],
    const struct dial_means *means, struct scan *scan)
{
	return scan_by(job, false, address, ports, means, scan);
}

enum status
dialer_scan_syn(struct job *job, const struct address *address, const uint8_t ports[PORT_SET_SIZE],
    const struct dial_means *means, struct scan *scan)
{
	return scan_by(job, true, address, ports, means, scan);
}
