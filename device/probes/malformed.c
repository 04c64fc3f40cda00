/* Each service is sent what no specification allows, and must answer the next visitor.  An end is
 * one when it comes twice, and for all of our addresses: a ban of one of them is a defence. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/channel.h"
#include "device/liveness.h"
#include "device/probe.h"

#define LISTEN_MS 300 /* for a word that ends the connection */
#define PAUSE_MS 1000
#define RETURN_MS 40000 /* a small product's reboot */

static const struct message {
	const char *service;
	const char *name;
	struct span head;
	struct span fill;
	unsigned count;
	struct span tail;
} messages[] = {
#define TEXT(string)                                                                               \
	{                                                                                          \
		(const uint8_t *)(string), sizeof(string) - 1                                      \
	}
#define MALFORMED(service, name, head, fill, count, tail)                                          \
	{service, name, TEXT(head), TEXT(fill), count, TEXT(tail)},
#include "device/malformed.def"
#undef MALFORMED
};

struct barrage {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct service *service;
	bool over; /* the service did not come back */
};

static bool
speaks(const struct service *service, const char *name)
{
	size_t size = strlen(name);

	/* https, rtsps and mqtts are http, rtsp and mqtt */
	return !service->udp && strncmp(service->name, name, size) == 0 &&
	       strcmp(service->name + size, service->tls ? "s" : "") == 0;
}

/* Sends one; what comes back is of no interest.  *exchange UNKNOWN: nobody listens. */
static enum status
send_message(const struct barrage *barrage, const struct message *message, int64_t *exchange)
{
	struct job *job = barrage->job;
	struct channel channel;
	struct tls_peer peer;
	struct arena_mark mark = arena_mark(job->arena);
	struct text out = text_new(job);
	const char *built;
	uint8_t word[256];
	size_t got;
	enum status status;

	text_put_bytes(&out, message->head.at, message->head.size);
	for (unsigned i = 0; i < message->count; i++)
		text_put_bytes(&out, message->fill.at, message->fill.size);
	text_put_bytes(&out, message->tail.at, message->tail.size);
	TRY(text_finish(&out, &built));
	*exchange = UNKNOWN;
	status = channel_open(job, barrage->target, barrage->service->port, &channel);
	if (status == STATUS_OK && barrage->service->tls)
		status = channel_start_tls(job, &channel, &peer);
	if (status == STATUS_OK) {
		*exchange = channel.exchange;
		status =
		    channel_send(job, &channel, (struct span){(const uint8_t *)built, out.size});
	}
	if (status == STATUS_OK)
		status = channel_receive(job, &channel, word, sizeof word, LISTEN_MS, &got);
	channel_hang_up(job, &channel);
	arena_release(job->arena, mark);
	return fault_is_ours(status) ? status : STATUS_OK;
}

/* From any of our addresses: one that is shut out alone is a defence, no end. */
static enum status
answers_somebody(const struct barrage *barrage, bool *alive)
{
	struct target *target = barrage->target;
	unsigned mine = target->source, all = target->source_count > 1 ? target->source_count : 1;
	enum status status = STATUS_OK;

	*alive = false;
	for (unsigned i = 0; i < all && !*alive && status == STATUS_OK; i++) {
		target->source = (mine + i) % all;
		status = liveness_port_answers(barrage->job, target, barrage->service->port, alive);
	}
	target->source = mine;
	return status;
}

static enum status
wait_for_return(const struct barrage *barrage, bool *back)
{
	int64_t end = target_now(barrage->target) + RETURN_MS;

	*back = false;
	while (!*back && target_now(barrage->target) < end) {
		if (target_wait(barrage->job, barrage->target, PAUSE_MS) == STATUS_UNAVAILABLE)
			return STATUS_OK;
		TRY(answers_somebody(barrage, back));
	}
	return STATUS_OK;
}

/* Sends it, and looks whether the service still answers; *back where it did not at once. */
static enum status
strike(const struct barrage *barrage, const struct message *message, int64_t *exchange, bool *alive,
    bool *back)
{
	TRY(send_message(barrage, message, exchange));
	TRY(answers_somebody(barrage, alive));
	*back = *alive;
	return *alive ? STATUS_OK : wait_for_return(barrage, back);
}

static enum status
add_trial(struct barrage *barrage, const struct message *message, int64_t exchange, int64_t tried,
    int64_t processed, const char *detail)
{
	struct fact fact = fact_new(FACT_input_trial);

	fact.port = barrage->service->port;
	fact.exchange = exchange;
	fact.as.input_trial.protocol = barrage->service->name;
	fact.as.input_trial.role = "none";
	fact.as.input_trial.class = "malformed";
	fact.as.input_trial.place = message->name;
	fact.as.input_trial.tried = tried;
	fact.as.input_trial.processed = processed;
	fact.as.input_trial.detail = detail;
	barrage->outcome.count++;
	return evidence_add(barrage->evidence, barrage->job, &fact);
}

static enum status
try_message(struct barrage *barrage, const struct message *message)
{
	int64_t exchange, again;
	bool alive, back, twice = false, returned;

	TRY(strike(barrage, message, &exchange, &alive, &back));
	if (exchange == UNKNOWN) {
		outcome_lack(barrage->job, &barrage->outcome, "%s", barrage->job->reason);
		return STATUS_OK;
	}
	if (alive)
		return add_trial(barrage, message, exchange, 1, 0, NULL);
	barrage->over = !back;
	if (!back)
		return add_trial(barrage, message, exchange, 1, UNKNOWN,
		    "the service answered no more, and did not come back in the time waited");
	TRY(strike(barrage, message, &again, &twice, &returned));
	barrage->over = !returned;
	if (twice)
		return add_trial(barrage, message, exchange, 2, UNKNOWN,
		    "the service answered no more for a while, once of two times");
	if (barrage->target->source_count < 2)
		return add_trial(barrage, message, exchange, 2, UNKNOWN,
		    "the service answered no more, twice; with one address of ours an end cannot "
		    "be told from a ban");
	return add_trial(barrage, message, again, 2, 1,
	    returned ? "the service answered nobody any more, twice, until it was started again"
		     : "the service answered nobody any more, twice, and did not come back");
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct barrage barrage = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target), .required = 0}};

	for (size_t i = 0; i < target->service_count; i++) {
		barrage.service = &target->services[i];
		barrage.over = false;
		for (size_t j = 0; j < ARRAY_SIZE(messages) && !barrage.over; j++) {
			if (!speaks(barrage.service, messages[j].service))
				continue;
			barrage.outcome.required++;
			if (target_time_is_up(target)) {
				outcome_lack(job, &barrage.outcome, "port %u: time is up",
				    barrage.service->port);
				break;
			}
			TRY(try_message(&barrage, &messages[j]));
			barrage.outcome.tried++;
		}
		if (barrage.over)
			outcome_lack(job, &barrage.outcome,
			    "port %u: it did not come back, and was sent no more",
			    barrage.service->port);
	}
	return outcome_look(job, &barrage.outcome, evidence, FACT_input_trial);
}

const struct probe probe_malformed = {
    .name = "malformed",
    .title = "Whether services outlive messages that no specification allows",
    .source = "EN 303 645 provision 5.13-1, TS 103 701 test case 5.13-1-2",
    .looks_for = {"input_trial"},
    .needs = "ports,http,rtsp",
    .intrusion = INTRUSION_STRESS,
    .limit_ms = 5 * 60 * 1000,
    .talk = talk,
};
