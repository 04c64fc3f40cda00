/* The prober reads everything and may not connect; over a transcript it has no socket at all. */
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "app/process_dial.h"
#include "app/worker.h"
#include "base/arena.h"
#include "base/frames.h"
#include "base/json_read.h"
#include "base/sandbox.h"
#include "device/channel.h"
#include "device/dialer.h"
#include "device/liveness.h"
#include "device/ssh_client.h"
#include "device/transcript.h"

#define PROBER_MEMORY ((size_t)512 << 20)
#define REPLAY_MEMORY ((size_t)1 << 30)
#define PROBER_ADDRESS_SPACE ((size_t)2 << 30)

int64_t
talk_limit_ms(const struct probe_request *request, const struct probe *probe)
{
	int64_t most = 2 * 60 * 60 * 1000;
	int64_t limit = probe->limit_ms;

	if (probe->intrusion >=
	    INTRUSION_LOGIN) /* each pair at up to ten seconds on up to four log-ins */
		limit += (int64_t)(request->pair_count < 1000 ? request->pair_count : 1000) * 40000;
	return limit < most ? limit : most;
}

static bool
is_allowed(const struct probe_request *request, const struct probe *probe)
{
	enum intrusion granted = INTRUSION_OBSERVE;

	return intrusion_parse(request->level, &granted) && probe->intrusion <= granted;
}

/* One probe, whose rows are incomplete with the reason when it fails. */
static enum status
run_probe(struct job *job, const struct probe_request *request, const struct probe *probe,
    struct target *target, struct evidence *evidence)
{
	struct outcome outcome = {.count = UNKNOWN, .required = UNKNOWN, .tried = UNKNOWN};
	enum status status = STATUS_OK;

	evidence->source = probe->name;
	(void)intrusion_parse(request->level, &target->granted);
	TRY(transcript_mark(job, target, probe->name));
	target_allow(target, talk_limit_ms(request, probe));
	if (!is_allowed(request, probe)) {
		outcome.lack =
		    arena_printf(job, "level %s is needed", intrusion_name(probe->intrusion));
	} else {
		status = probe->talk(job, target, evidence);
		if (status == STATUS_OK)
			return STATUS_OK;
		outcome_lack(job, &outcome, "%s", job->reason);
	}
	for (size_t i = 0; i < PROBE_MAX_KINDS && probe->looks_for[i] != NULL; i++)
		TRY(outcome_look(job, &outcome, evidence, fact_kind_named(probe->looks_for[i])));
	return STATUS_OK;
}

struct talk_plan {
	const struct probe_request *request;
	const struct probe *const *probes;
	const bool *chosen;
	size_t count;
};

/* The rows of probes that were not run any more say why. */
static enum status
excuse(struct job *job, const struct talk_plan *plan, size_t from, const char *why,
    struct evidence *evidence)
{
	struct outcome outcome = {
	    .lack = why, .count = UNKNOWN, .required = UNKNOWN, .tried = UNKNOWN};

	for (size_t i = from; i < plan->count; i++) {
		const struct probe *probe = plan->probes[i];

		if (!plan->chosen[i] || strcmp(probe->name, "liveness") == 0)
			continue;
		evidence->source = probe->name;
		for (size_t j = 0; j < PROBE_MAX_KINDS && probe->looks_for[j] != NULL; j++)
			TRY(outcome_look(
			    job, &outcome, evidence, fact_kind_named(probe->looks_for[j])));
	}
	return STATUS_OK;
}

/* How long the unit let us wait, for the person at the bench. */
static enum status
note_waits(struct job *job, const struct target *target, int frames)
{
	const char *note = arena_printf(job, PROBER_WAITED "%lld", (long long)target->waited_ms);

	return note == NULL ? STATUS_LIMIT
			    : frame_send(job, frames, FRAME_NOTE, span_of_string(note));
}

/* Each probe, and after each a look whether the unit still lives. */
static enum status
run_probes(struct job *job, const struct talk_plan *plan, struct target *target, int frames,
    volatile char *doing)
{
	struct evidence evidence = evidence_to_descriptor(&frames);
	bool gone = false;

	for (size_t i = 0; i < plan->count; i++) {
		const struct probe *probe = plan->probes[i];
		int64_t before = target->transcript.exchange;

		if (!plan->chosen[i] || (gone && strcmp(probe->name, "liveness") != 0))
			continue;
		worker_say(doing, probe->name);
		TRY(frame_send(job, frames, FRAME_NOTE, span_of_string(probe->name)));
		TRY(run_probe(job, plan->request, probe, target, &evidence));
		if (before == target->transcript.exchange)
			continue;
		TRY(liveness_check(job, target, probe->name, &gone));
		if (gone)
			TRY(excuse(job, plan, i + 1,
			    arena_printf(
				job, "the unit no longer answered after the probe %s", probe->name),
			    &evidence));
	}
	return note_waits(job, target, frames);
}

/* What libraries would open later is read now: the time zone, libssl's and libssh's tables. */
static enum status
prepare_libraries(struct job *job, struct target *target)
{
	tzset();
	json_prepare();
	TRY(channel_tls_prepare(job, target));
	return ssh_prepare(job);
}

static enum status
talk(struct job *job, const struct talk_plan *plan, struct target *target, int frames,
    volatile char *doing)
{
	struct transcript_head head = {.state = plan->request->state,
	    .reach = plan->request->reach,
	    .level = plan->request->level,
	    .only = plan->request->only,
	    .program = HOPQUY_VERSION,
	    .now = plan->request->now};

	TRY(prepare_libraries(job, target));
	TRY(worker_enter(job, plan->request, SANDBOX_TALK, PROBER_ADDRESS_SPACE));
	TRY(transcript_write_head(job, target, &head));
	target->began = monotonic_ms();
	return run_probes(job, plan, target, frames, doing);
}

/* ---- playing a transcript again ---- */

static enum status
send_head(
    struct job *job, int frames, const struct target *target, const struct transcript_head *head)
{
	struct text out = text_new(job);

	put_string(&out, target->address);
	put_string(&out, head->state);
	put_string(&out, head->reach);
	put_string(&out, head->level);
	put_string(&out, head->only);
	put_u64(&out, (uint64_t)head->now);
	scan_encode(&out, &target->scan);
	if (out.failed)
		return STATUS_LIMIT;
	return frame_send(
	    job, frames, FRAME_REPLY, (struct span){(const uint8_t *)out.at, out.size});
}

enum status
replay_head_decode(
    struct job *job, struct span bytes, struct probe_request *request, struct scan *scan)
{
	struct reader reader = {.rest = bytes};

	if (!get_string(job, &reader, FACT_TEXT_MAX, &request->address) ||
	    !get_string(job, &reader, FACT_TEXT_MAX, &request->state) ||
	    !get_string(job, &reader, FACT_TEXT_MAX, &request->reach) ||
	    !get_string(job, &reader, FACT_TEXT_MAX, &request->level) ||
	    !get_string(job, &reader, FACT_TEXT_MAX, &request->only))
		return fail(job, STATUS_MALFORMED, "replay: bad head");
	request->now = (int64_t)read_u64_le(&reader);
	if (reader.overrun || request->address == NULL || request->level == NULL)
		return fail(job, STATUS_MALFORMED, "replay: bad head");
	return scan_decode(job, reader.rest, scan);
}

static enum status
replay(struct job *job, const struct probe_request *asked, struct span transcript, int frames,
    volatile char *doing)
{
	struct probe_request request = *asked;
	struct target *target = arena_allocate(job, sizeof *target);
	bool *chosen = arena_array(job, probe_catalogue_count, sizeof *chosen);
	struct talk_plan plan = {&request, probe_catalogue, chosen, probe_catalogue_count};
	struct transcript_head head;
	const char *difference;

	if (target == NULL || chosen == NULL)
		return STATUS_LIMIT;
	TRY(prepare_libraries(job, target));
	TRY(worker_enter(job, &request, SANDBOX_TALK, PROBER_ADDRESS_SPACE));
	TRY(transcript_read(job, transcript, target, &head));
	target->services_lack = "the services were not looked at";
	request.level = head.level == NULL ? "observe" : head.level;
	request.pair_count = target->guess_count;
	TRY(send_head(job, frames, target, &head));
	TRY(probe_choose(job, plan.probes, plan.count, head.only, chosen));
	TRY(run_probes(job, &plan, target, frames, doing));
	difference = transcript_difference(job, target);
	return difference == NULL
		   ? STATUS_OK
		   : fail(job, STATUS_MALFORMED,
			 "the transcript is not that of this program's probes: %s", difference);
}

enum status
replay_start(struct job *job, const struct probe_request *request, struct span transcript,
    struct worker *prober)
{
	int frames = -1;
	enum status status = worker_start(job, prober, &frames);

	if (status == STATUS_OK && prober->pid == 0) {
		struct job *own =
		    sandbox_keep_only((int *const[]){&frames}, 1) ? job_new(REPLAY_MEMORY) : NULL;

		if (own == NULL)
			_exit(1);
		status = replay(own, request, transcript, frames, prober->doing);
		worker_done(own, frames, status);
		_exit(0);
	}
	return status;
}

/* The unit as the prober first knows it. */
static enum status
make_target(struct job *job, const struct probe_request *request, const struct scan *scan,
    int service, int frames, struct target **made)
{
	struct target *target = arena_allocate(job, sizeof *target);
	struct address sources[DIAL_MAX_SOURCES];
	struct guess *guesses = arena_array(job, request->pair_count, sizeof *guesses);

	if (target == NULL || guesses == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < request->pair_count; i++)
		guesses[i] = (struct guess){
		    request->pairs[i].user, request->pairs[i].password, request->pairs[i].origin};
	target->address = request->address;
	target->dial = service;
	target->transcript = (struct transcript){.descriptor = frames};
	target->scan = *scan;
	target->services_lack = "the services were not looked at";
	target->limit = request->limit_ms;
	target->connections = request->connections;
	target->guess_budget = request->guess_budget;
	target->min_pairs = request->min_pairs;
	target->guesses = guesses;
	target->guess_count = request->pair_count;
	target->credentials = request->credentials;
	target->credential_count = request->credential_count;
	TRY(request_sources(job, request, sources, &target->source_count));
	TRY(address_parse(job, request->address, &target->peer));
	if (getrandom(target->nonce, sizeof target->nonce, 0) != (ssize_t)sizeof target->nonce)
		return fail(job, STATUS_FAULT, "prober: no random bytes");
	*made = target;
	return STATUS_OK;
}

enum status
talk_start(struct job *job, const struct probe_request *request, const struct probe *const *probes,
    const bool *chosen, size_t count, const struct scan *scan, int service, struct worker *prober)
{
	struct talk_plan plan = {request, probes, chosen, count};
	int frames = -1;
	enum status status = worker_start(job, prober, &frames);

	if (status == STATUS_OK && prober->pid == 0) {
		struct job *own = sandbox_keep_only((int *const[]){&frames, &service}, 2)
				      ? job_new(PROBER_MEMORY)
				      : NULL;
		struct target *target = NULL;

		if (own == NULL)
			_exit(1);
		status = make_target(own, request, scan, service, frames, &target);
		if (status == STATUS_OK)
			status = talk(own, &plan, target, frames, prober->doing);
		worker_done(own, frames, status);
		_exit(0);
	}
	close(service);
	return status;
}
