/*
 * A scan by SYNs written by hand: nothing is ever connected, so a port costs two small packets.
 *
 * The sequence number of each SYN is random and only an answer that acknowledges it counts, so
 * nobody who does not see the SYN can forge a port.  The kernel knows no connection for what
 * comes back and ends it with a reset.  How fast is decided by the unit: each answer pays for two
 * further SYNs, and without answers no more than BASE_RATE are sent; once packets were lost, always
 * fewer.
 *
 * Source: RFC 9293 sections 3.1 and 3.5.
 */
#include "device/scan_syn.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/arena.h"

#define SYN_SIZE 24 /* a header and the option MSS */
#define BASE_RATE 8 /* SYNs a millisecond where nothing answers */
#define BURST 512   /* SYNs that may go out at once */
#define FLIGHT 4096 /* SYNs unanswered at a time */
#define ROUNDS_MAX 6
#define FIRST_TIMEOUT_MS 1000
#define SHORTEST_TIMEOUT_MS 300
#define LATER_TIMEOUT_MS 1300
#define FAULTS_MAX 20000

struct sweeper {
	struct syn_sweep *sweep;
	struct syn_socket socket;
	uint32_t *sequence; /* a port */
	uint32_t *sent;     /* when, a port; milliseconds since `began` */
	bool *waiting;      /* a port */
	int64_t began;
	uint32_t flight;
	uint32_t credit;
	uint32_t rate;
	bool pays; /* answers earn credit: in the first round only, while no loss was seen */
	uint32_t faults;
	uint32_t answers; /* of this round */
	int64_t refilled;
};

static void
store_u16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
store_u32(uint8_t *at, uint32_t value)
{
	store_u16(at, value >> 16);
	store_u16(at + 2, value);
}

static uint32_t
load_u32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* ---- sending ---- */

static void
make_syn(const struct sweeper *sweeper, uint16_t port, uint8_t packet[SYN_SIZE])
{
	uint32_t sum;

	memset(packet, 0, SYN_SIZE);
	store_u16(packet, sweeper->socket.own_port);
	store_u16(packet + 2, port);
	store_u32(packet + 4, sweeper->sequence[port]);
	packet[12] = SYN_SIZE / 4 << 4;
	packet[13] = FLAG_SYN;
	store_u16(packet + 14, 64240);
	packet[20] = 2; /* the option MSS, of 4 bytes */
	packet[21] = 4;
	store_u16(packet + 22, sweeper->socket.v6 ? 1440 : 1460);
	if (sweeper->socket.v6)
		return; /* the kernel does the sum */
	sum = syn_sum(packet, SYN_SIZE, sweeper->socket.pseudo);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	store_u16(packet + 16, ~sum);
}

enum sending { SENT, HELD_UP, NOT_SENT };

/* A pending error of an earlier packet is told once, to whoever calls next. */
static enum sending
send_syn(struct sweeper *sweeper, uint16_t port)
{
	uint8_t packet[SYN_SIZE] = {0};

	make_syn(sweeper, port, packet);
	for (unsigned again = 0; again < 3; again++) {
		if (send(sweeper->socket.raw, packet, sizeof packet, MSG_NOSIGNAL) ==
		    (ssize_t)sizeof packet) {
			sweeper->waiting[port] = true;
			sweeper->sent[port] = (uint32_t)(monotonic_ms() - sweeper->began);
			sweeper->flight++;
			return SENT;
		}
		if (errno == ENOBUFS || errno == EAGAIN || errno == ENOMEM)
			return HELD_UP;
	}
	sweeper->faults++;
	return NOT_SENT;
}

/* ---- receiving ---- */

/* One segment; only what acknowledges our number is an answer. */
static void
take(struct sweeper *sweeper, const uint8_t *at, size_t size)
{
	struct syn_sweep *sweep = sweeper->sweep;
	size_t skip = sweeper->socket.v6 || size == 0 ? 0 : (size_t)(at[0] & 15) * 4;
	uint16_t port;
	int64_t took;

	if (size < skip + 20)
		return;
	at += skip;
	port = (uint16_t)(at[0] << 8 | at[1]);
	if ((at[2] << 8 | at[3]) != sweeper->socket.own_port || (at[13] & FLAG_ACK) == 0 ||
	    sweeper->sequence[port] == 0 || load_u32(at + 8) != sweeper->sequence[port] + 1 ||
	    sweep->state[port] == PORT_OPEN || sweep->state[port] == PORT_CLOSED)
		return;
	sweep->state[port] = (at[13] & FLAG_RST) != 0 ? PORT_CLOSED : PORT_OPEN;
	sweep->reached = true;
	sweeper->answers++;
	if (sweeper->pays && sweeper->credit < BURST)
		sweeper->credit += 2;
	if (!sweeper->waiting[port])
		return;
	sweeper->waiting[port] = false;
	sweeper->flight--;
	took = monotonic_ms() - sweeper->began - sweeper->sent[port];
	if (took > sweep->slowest_ms)
		sweep->slowest_ms = took;
}

static void
drain(struct sweeper *sweeper)
{
	uint8_t packet[256];

	for (unsigned i = 0; i < 2 * BURST; i++) {
		ssize_t got = recv(sweeper->socket.raw, packet, sizeof packet, MSG_DONTWAIT);

		if (got < 0 && errno == EAGAIN)
			return;
		if (got > 0)
			take(sweeper, packet, (size_t)got);
	}
}

/* ---- a round ---- */

static int
timeout_of(const struct sweeper *sweeper, unsigned round)
{
	int64_t timeout = 4 * sweeper->sweep->slowest_ms + 100;

	if (round > 0)
		return LATER_TIMEOUT_MS;
	if (!sweeper->sweep->reached || timeout > FIRST_TIMEOUT_MS)
		return FIRST_TIMEOUT_MS;
	return timeout < SHORTEST_TIMEOUT_MS ? SHORTEST_TIMEOUT_MS : (int)timeout;
}

static void
refill(struct sweeper *sweeper, int64_t now)
{
	int64_t more = (now - sweeper->refilled) * sweeper->rate;
	uint32_t most = sweeper->pays ? BURST : 4 * sweeper->rate;

	sweeper->refilled = now;
	if (sweeper->credit < most && more > 0)
		sweeper->credit += (uint32_t)(more < most ? more : most);
}

/* Sends what credit and flight allow, from todo[*next] on; false when nothing could be sent. */
static bool
send_some(struct sweeper *sweeper, const uint16_t *todo, uint32_t count, uint32_t *next)
{
	uint32_t first = *next;

	for (unsigned i = 0;
	     i < 64 && *next < count && sweeper->credit > 0 && sweeper->flight < FLIGHT; i++) {
		if (send_syn(sweeper, todo[*next]) == HELD_UP) {
			sweeper->credit /= 2;
			return false;
		}
		sweeper->credit--;
		++*next;
	}
	return *next != first;
}

/* Gives up those that waited too long; they were sent in the order of `todo`. */
static uint32_t
expire(struct sweeper *sweeper, const uint16_t *todo, uint32_t oldest, uint32_t next, int timeout)
{
	uint32_t now = (uint32_t)(monotonic_ms() - sweeper->began);

	for (; oldest < next; oldest++) {
		uint16_t port = todo[oldest];

		if (!sweeper->waiting[port])
			continue;
		if (now - sweeper->sent[port] < (uint32_t)timeout)
			break;
		sweeper->waiting[port] = false;
		sweeper->flight--;
		sweeper->sweep->state[port] = PORT_SILENT;
	}
	return oldest;
}

static void
run_round(struct sweeper *sweeper, unsigned round, const uint16_t *todo, uint32_t count)
{
	const struct syn_sweep *sweep = sweeper->sweep;
	uint32_t next = 0, oldest = 0, told = 0;

	sweeper->answers = 0;
	sweeper->pays = round == 0;
	sweeper->credit = round == 0 ? 64 : 0;
	sweeper->refilled = monotonic_ms();
	while (oldest < count && sweeper->refilled < sweep->end && sweeper->faults < FAULTS_MAX) {
		struct pollfd wait = {.fd = sweeper->socket.raw, .events = POLLIN};

		refill(sweeper, monotonic_ms());
		if (!send_some(sweeper, todo, count, &next))
			(void)poll(&wait, 1, 1);
		drain(sweeper);
		oldest = expire(sweeper, todo, oldest, next, timeout_of(sweeper, round));
		if (sweep->progress != NULL && next - told >= 4096) {
			told = next;
			sweep->progress->report(sweep->progress->context, next, count);
		}
	}
}

/* The silent ones of `todo`, into `silent`. */
static uint32_t
pick_silent(const struct syn_sweep *sweep, uint16_t *silent)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < sweep->count; i++)
		if (sweep->state[sweep->todo[i]] == PORT_SILENT)
			silent[count++] = sweep->todo[i];
	return count;
}

/*
 * A second round for all that were silent; an answer there means that packets
 * were lost, and further rounds go slower until one brings nothing more.
 */
static void
run_rounds(struct sweeper *sweeper, uint16_t *silent)
{
	struct syn_sweep *sweep = sweeper->sweep;
	uint32_t count;

	run_round(sweeper, 0, sweep->todo, sweep->count);
	for (unsigned round = 1; round < ROUNDS_MAX && sweep->reached; round++) {
		count = pick_silent(sweep, silent);
		if (count == 0)
			return;
		run_round(sweeper, round, silent, count);
		if (sweeper->answers == 0)
			return;
		sweeper->rate = sweeper->rate / 2 > 0 ? sweeper->rate / 2 : 1;
	}
	sweep->lossy = sweep->reached && pick_silent(sweep, silent) > 0;
}

enum status
syn_sweep(struct job *job, struct syn_sweep *sweep)
{
	struct sweeper sweeper = {.sweep = sweep, .rate = BASE_RATE, .began = monotonic_ms()};
	uint16_t *silent = arena_array(job, sweep->count, sizeof *silent);
	enum status status;

	sweeper.sequence = arena_array(job, PORT_COUNT, sizeof *sweeper.sequence);
	sweeper.sent = arena_array(job, PORT_COUNT, sizeof *sweeper.sent);
	sweeper.waiting = arena_array(job, PORT_COUNT, sizeof *sweeper.waiting);
	if (silent == NULL || sweeper.sequence == NULL || sweeper.sent == NULL ||
	    sweeper.waiting == NULL)
		return STATUS_LIMIT;
	if (getrandom(sweeper.sequence, PORT_COUNT * sizeof *sweeper.sequence, 0) !=
	    (ssize_t)(PORT_COUNT * sizeof *sweeper.sequence))
		return fail(job, STATUS_FAULT, "SYN scan: no random bytes");
	status = syn_socket_open(job, sweep->address, &sweeper.socket);
	if (status == STATUS_OK)
		run_rounds(&sweeper, silent);
	syn_socket_close(&sweeper.socket);
	return status;
}
