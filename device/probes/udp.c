/*
 * Real questions of the protocols that products speak over UDP: all are sent, then all answers are
 * awaited together, three times over, since datagrams get lost.
 *
 * A port that answers is open, one whose host says "refused" is closed, and of a silent one nothing
 * is known.  Hosts ration their refusals, so that many closed ports look silent.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/channel.h"
#include "device/probe.h"

#define ROUNDS 3
#define ANSWER_SIZE 1500
#define PADDED_SIZE 1200 /* RFC 9000 section 14.1 */
#define BANNER_MAX 400
#define HOLDS_MAX 64 /* rows of the table, one socket each */

enum { ANY_PORT = 1, PADDED = 2, ENCRYPTED = 4 };
#define ANYWHERE SIZE_MAX

struct question {
	uint16_t port;
	const char *service;
	unsigned flags;
	size_t at;
	struct span expected;
	struct span request;
};

#define BYTES(literal)                                                                             \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}
#define UDP(port, service, flags, at, expected, request, source)                                   \
	{port, service, flags, at, BYTES(expected), BYTES(request)},
static const struct question questions[] = {
#include "device/udp_requests.def"
};
#undef UDP
#define QUESTIONS ARRAY_SIZE(questions)
_Static_assert(QUESTIONS <= HOLDS_MAX, "a socket a question");

enum fate { FATE_SILENT, FATE_ANSWERED, FATE_REFUSED, FATE_LOST };

/* One question and what became of it. */
struct asked {
	struct channel channels[ROUNDS];
	size_t channel_count;
	enum fate fate;
	int64_t exchange;
	const char *service;
	const char *banner;
};

static const int waits_ms[ROUNDS] = {700, 1000, 1300};

static enum status
request_of(struct job *job, const struct question *question, struct span *request)
{
	uint8_t *padded;

	*request = question->request;
	if ((question->flags & PADDED) == 0)
		return STATUS_OK;
	padded = arena_allocate(job, PADDED_SIZE);
	if (padded == NULL)
		return STATUS_LIMIT;
	memcpy(padded, question->request.at, question->request.size);
	*request = (struct span){padded, PADDED_SIZE};
	return STATUS_OK;
}

/* The unit's host says that nobody listens: the contract of channel_open_udp. */
static bool
is_refusal(const struct job *job, enum status status)
{
	return status == STATUS_UNAVAILABLE && strstr(job->reason, "refused") != NULL;
}

static enum status
note_failure(const struct job *job, enum status status, struct asked *asked)
{
	if (fault_is_ours(status))
		return status;
	if (is_refusal(job, status))
		asked->fate = FATE_REFUSED;
	else if (status == STATUS_UNAVAILABLE)
		asked->fate = FATE_LOST;
	return STATUS_OK;
}

/* Asks once, over the socket there is, or over a new one that hears every port of the unit. */
static enum status
ask(struct job *job, struct target *target, const struct question *question, unsigned round,
    struct asked *asked)
{
	struct channel *channel = &asked->channels[asked->channel_count];
	struct span request;
	enum status status;

	TRY(request_of(job, question, &request));
	if (round > 0 && (question->flags & ANY_PORT) != 0) {
		asked->channel_count++;
		status = channel_ask_unit(job, target, question->port, request, false, channel);
		return note_failure(job, status, asked);
	}
	if (round > 0) {
		channel = &asked->channels[0];
	} else {
		asked->channel_count++;
		status = channel_open_udp(job, target, question->port, channel);
		if (status != STATUS_OK)
			return note_failure(job, status, asked);
	}
	return note_failure(job, channel_send(job, channel, request), asked);
}

/* Whether the answer is one of the protocol asked for; what says our words again is an echo. */
static const char *
service_of(const struct question *question, struct span answer)
{
	struct span part;

	if (span_equal(answer, question->request))
		return "echo";
	if (question->at == ANYWHERE)
		return span_find(answer, question->expected.at, question->expected.size, 0) ==
			       SIZE_MAX
			   ? "unknown"
			   : question->service;
	part = span_part(answer, question->at, question->expected.size);
	return span_equal(part, question->expected) && answer.size > question->expected.size
		   ? question->service
		   : "unknown";
}

/* Looks whether something came over one of the sockets. */
static enum status
hear(struct job *job, const struct question *question, struct asked *asked)
{
	for (size_t i = 0; i < asked->channel_count && asked->fate == FATE_SILENT; i++) {
		struct channel *channel = &asked->channels[i];
		uint8_t bytes[ANSWER_SIZE];
		size_t got = 0;
		enum status status;

		if (!channel->open)
			continue;
		status = channel_receive(job, channel, bytes, sizeof bytes, 0, &got);
		if (status == STATUS_UNDECIDED)
			continue;
		if (status != STATUS_OK) {
			TRY(note_failure(job, status, asked));
			continue;
		}
		if (got == 0)
			continue;
		asked->fate = FATE_ANSWERED;
		asked->exchange = channel->exchange;
		asked->service = service_of(question, (struct span){bytes, got});
		asked->banner = text_from_bytes(job, bytes, got, BANNER_MAX);
		if (asked->banner == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}

static enum status
run_round(struct job *job, struct target *target, struct asked *asked, unsigned round)
{
	bool waiting = false;

	for (size_t i = 0; i < QUESTIONS; i++) {
		if (asked[i].fate != FATE_SILENT)
			continue;
		TRY(ask(job, target, &questions[i], round, &asked[i]));
		waiting = waiting || asked[i].fate == FATE_SILENT;
	}
	if (waiting)
		TRY(target_wait(job, target, waits_ms[round]));
	for (size_t i = 0; i < QUESTIONS; i++)
		TRY(hear(job, &questions[i], &asked[i]));
	return STATUS_OK;
}

static void
hang_up(struct job *job, struct asked *asked)
{
	for (size_t i = 0; i < QUESTIONS; i++)
		for (size_t j = 0; j < asked[i].channel_count; j++)
			channel_hang_up(job, &asked[i].channels[j]);
}

/* ---- the facts ---- */

/* Of several questions to one port: the first that was understood, else answered, else refused. */
static size_t
best_of_port(const struct asked *asked, size_t first)
{
	size_t best = first;

	for (size_t i = first; i < QUESTIONS && questions[i].port == questions[first].port; i++) {
		bool known =
		    asked[i].fate == FATE_ANSWERED && strcmp(asked[i].service, "unknown") != 0;

		if (known)
			return i;
		if (asked[i].fate == FATE_ANSWERED && asked[best].fate != FATE_ANSWERED)
			best = i;
		if (asked[i].fate == FATE_REFUSED && asked[best].fate == FATE_SILENT)
			best = i;
	}
	return best;
}

static enum status
add_port(struct job *job, struct target *target, struct evidence *evidence,
    const struct question *question, const struct asked *asked)
{
	struct fact fact = fact_new(FACT_open_port);
	bool known;

	fact.port = question->port;
	fact.as.open_port.transport = "udp";
	if (asked->fate == FATE_REFUSED) {
		fact.as.open_port.status = "closed";
		return evidence_add(evidence, job, &fact);
	}
	known = strcmp(asked->service, question->service) == 0;
	fact.exchange = asked->exchange;
	fact.as.open_port.status = "open";
	fact.as.open_port.service = asked->service;
	fact.as.open_port.banner = asked->banner;
	if (known)
		fact.as.open_port.tls = (question->flags & ENCRYPTED) != 0;
	target_add_service(target, &(struct service){.port = question->port,
				       .udp = true,
				       .tls = known && (question->flags & ENCRYPTED) != 0,
				       .name = asked->service});
	return evidence_add(evidence, job, &fact);
}

struct tally {
	unsigned ports, answered, refused, silent, lost;
};

static enum status
add_ports(struct job *job, struct target *target, struct evidence *evidence,
    const struct asked *asked, struct tally *tally)
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct asked *best;
		size_t at;

		if (i > 0 && questions[i].port == questions[i - 1].port)
			continue;
		at = best_of_port(asked, i);
		best = &asked[at];
		tally->ports++;
		tally->answered += best->fate == FATE_ANSWERED;
		tally->refused += best->fate == FATE_REFUSED;
		tally->silent += best->fate == FATE_SILENT;
		tally->lost += best->fate == FATE_LOST;
		if (best->fate == FATE_ANSWERED || best->fate == FATE_REFUSED)
			TRY(add_port(job, target, evidence, &questions[at], best));
	}
	return STATUS_OK;
}

static enum status
report(struct job *job, struct target *target, struct evidence *evidence, const struct asked *asked,
    bool all_rounds)
{
	struct outcome outcome = {0};
	struct tally tally = {0};

	TRY(add_ports(job, target, evidence, asked, &tally));
	outcome.count = tally.answered + tally.refused;
	outcome.required = tally.ports;
	outcome.tried = tally.ports - tally.lost;
	outcome.note = arena_printf(job,
	    "%u UDP ports asked in their protocol: %u answered, %u closed, %u silent; the other %u "
	    "were not asked",
	    tally.ports, tally.answered, tally.refused, tally.silent, PORT_COUNT - 1 - tally.ports);
	if (outcome.note == NULL)
		return STATUS_LIMIT;
	if (!all_rounds)
		outcome_lack(job, &outcome, "time was up before every question was asked again");
	if (tally.lost > 0)
		outcome_lack(job, &outcome, "%u UDP ports could not be asked", tally.lost);
	if (!target->scan.reached && tally.answered + tally.refused == 0)
		outcome_lack(job, &outcome, "unreachable: no port answered");
	return outcome_look(job, &outcome, evidence, FACT_open_port);
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct asked *asked = arena_array(job, QUESTIONS, sizeof *asked);
	enum status status = STATUS_OK;

	if (asked == NULL)
		return STATUS_LIMIT;
	for (unsigned round = 0; round < ROUNDS && status == STATUS_OK; round++)
		status = run_round(job, target, asked, round);
	hang_up(job, asked);
	if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
		return status;
	return report(job, target, evidence, asked, status == STATUS_OK);
}

const struct probe probe_udp = {
    .name = "udp",
    .title = "UDP ports that speak, each asked in its own protocol",
    .source = "RFC 768; RFC 1122 section 4.1.3.1; device/udp_requests.def names each protocol's",
    .looks_for = {"open_port"},
    .needs = "ports",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 60 * 1000,
    .talk = talk,
};
