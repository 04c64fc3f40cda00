/* The dialer may connect and reads nothing; the prober reads everything and may not connect. */
#include "app/process_dial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/frames.h"
#include "base/json_read.h"
#include "base/sandbox.h"
#include "device/channel.h"
#include "device/dialer.h"
#include "device/liveness.h"
#include "device/ssh_client.h"
#include "device/transcript.h"

#define DIALER_MEMORY ((size_t)64 << 20)
#define PROBER_MEMORY ((size_t)512 << 20)
#define REPLAY_MEMORY ((size_t)1 << 30)
#define PROBER_ADDRESS_SPACE ((size_t)2 << 30)
#define CPU_SECONDS 1800

/* Makes the worker's pipe and its shared page, and forks.  pid 0 in the child, which keeps
 * *child_end. */
static enum status
start(struct job *job, struct worker *worker, int *child_end)
{
	int pair[2];
	void *page =
	    mmap(NULL, WORKER_NAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*worker = (struct worker){.frames = -1, .pid = -1};
	if (page == MAP_FAILED)
		return fail(job, STATUS_FAULT, "worker: %s", strerror(errno));
	worker->doing = page;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(job, STATUS_FAULT, "worker: %s", strerror(errno));
	worker->pid = fork();
	if (worker->pid < 0) {
		close(pair[0]);
		close(pair[1]);
		return fail(job, STATUS_FAULT, "worker: %s", strerror(errno));
	}
	close(worker->pid == 0 ? pair[0] : pair[1]);
	worker->frames = worker->pid == 0 ? -1 : pair[0];
	*child_end = pair[1];
	return STATUS_OK;
}

void
worker_end(struct job *job, struct worker *worker, const char *name, const char **words)
{
	char doing[WORKER_NAME_SIZE] = {0};
	int state = 0;

	*words = NULL;
	if (worker->frames >= 0)
		close(worker->frames);
	if (worker->pid > 0) {
		kill(worker->pid, SIGKILL);
		while (waitpid(worker->pid, &state, 0) < 0 && errno == EINTR)
			;
	}
	for (size_t i = 0; worker->doing != NULL && i + 1 < sizeof doing; i++)
		doing[i] = worker->doing[i];
	if (worker->pid > 0 && WIFSIGNALED(state))
		*words = arena_printf(job, "%s ended by signal %d in %s", name, WTERMSIG(state),
		    doing[0] == '\0' ? "its start" : doing);
	else
		*words = arena_printf(
		    job, "%s ended early in %s", name, doing[0] == '\0' ? "its start" : doing);
	if (worker->doing != NULL)
		munmap((void *)(uintptr_t)worker->doing, WORKER_NAME_SIZE);
	*worker = (struct worker){.frames = -1, .pid = -1};
}

static void
say_doing(volatile char *doing, const char *name)
{
	size_t size = strlen(name);

	for (size_t i = 0; i < WORKER_NAME_SIZE; i++)
		doing[i] = i < size && i + 1 < WORKER_NAME_SIZE ? name[i] : '\0';
}

static enum status
enter(struct job *job, const struct probe_request *request, enum sandbox_role role, size_t memory)
{
	struct sandbox_report report;

	TRY(sandbox_limits(job, memory, CPU_SECONDS));
	return request->no_sandbox ? STATUS_OK
				   : sandbox_enter(job, role, request->mask_landlock, &report);
}

/* The last frame of a worker: how it went. */
static void
send_done(struct job *job, int frames, enum status status)
{
	struct text out = text_new(job);

	put_u16(&out, (uint16_t)status);
	put_string(&out, job->reason);
	(void)frame_send(job, frames, FRAME_DONE, (struct span){(const uint8_t *)out.at, out.size});
}

struct reporter {
	struct job *job;
	int frames;
};

static void
report_progress(void *context, uint32_t done, uint32_t all)
{
	const struct reporter *reporter = context;
	struct arena_mark mark = arena_mark(reporter->job->arena);
	const char *words = arena_printf(reporter->job, "scanning: %u of %u ports", done, all);

	if (words != NULL)
		(void)frame_send(
		    reporter->job, reporter->frames, FRAME_NOTE, span_of_string(words));
	arena_release(reporter->job->arena, mark);
}

/* What the request grants the prober. */
static enum status
make_grant(struct job *job, const struct probe_request *request, struct dial_grant *grant)
{
	*grant = (struct dial_grant){.connections = request->connections,
	    .groups = request->reach == NULL || strcmp(request->reach, "local") == 0};
	for (size_t i = 0; i < DIAL_MAX_SOURCES && request->sources[i] != NULL; i++)
		TRY(address_parse(job, request->sources[i], &grant->sources[grant->source_count++]));
	return STATUS_OK;
}

static enum status
dial(struct job *job, const struct probe_request *request, const struct address *address,
    const uint8_t *ports, int frames, int service)
{
	struct reporter reporter = {.job = job, .frames = frames};
	struct dial_progress progress = {.report = report_progress, .context = &reporter};
	struct text out = text_new(job);
	struct dial_grant grant;
	struct scan scan;

	TRY(make_grant(job, request, &grant));
	TRY(enter(job, request, SANDBOX_DIAL, 0));
	TRY(dialer_scan(job, address, ports, &progress, &scan));
	scan_encode(&out, &scan);
	if (out.failed)
		return STATUS_LIMIT;
	TRY(frame_send(job, frames, FRAME_REPLY, (struct span){(const uint8_t *)out.at, out.size}));
	return dialer_serve(job, address, &grant, service);
}

enum status
dial_start(struct job *job, const struct probe_request *request, const struct address *address,
    const uint8_t ports[PORT_SET_SIZE], struct worker *dialer, int *service)
{
	int pair[2], frames = -1;
	enum status status;

	*dialer = (struct worker){.frames = -1, .pid = -1};
	*service = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(job, STATUS_FAULT, "dialer: %s", strerror(errno));
	status = start(job, dialer, &frames);
	if (status == STATUS_OK && dialer->pid == 0) {
		struct job *own = sandbox_keep_only((int *const[]){&frames, &pair[1]}, 2)
				      ? job_new(DIALER_MEMORY)
				      : NULL;

		say_doing(dialer->doing, "the scan");
		if (own != NULL &&
		    (status = dial(own, request, address, ports, frames, pair[1])) != STATUS_OK)
			send_done(own, frames, status);
		_exit(own == NULL || status != STATUS_OK);
	}
	close(pair[1]);
	if (status != STATUS_OK)
		close(pair[0]);
	else
		*service = pair[0];
	return status;
}

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
	target->deadline = target_now(target) + talk_limit_ms(request, probe);
	if (request->limit_ms != 0 && target->deadline > request->limit_ms)
		target->deadline = request->limit_ms;
	if (!is_allowed(request, probe)) {
		outcome.lack = arena_printf(job, "level %s", request->level);
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
		say_doing(doing, probe->name);
		TRY(frame_send(job, frames, FRAME_NOTE, span_of_string(probe->name)));
		TRY(run_probe(job, plan->request, probe, target, &evidence));
		if (before == target->transcript.exchange)
			continue;
		TRY(liveness_check(job, target, probe->name, &gone));
		if (gone)
			TRY(excuse(job, plan, i + 1,
			    arena_printf(job, "the unit no longer answered after the probe %s",
				probe->name),
			    &evidence));
	}
	return STATUS_OK;
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
	TRY(enter(job, plan->request, SANDBOX_TALK, PROBER_ADDRESS_SPACE));
	TRY(transcript_write_head(job, target, &head));
	target->began = monotonic_ms();
	return run_probes(job, plan, target, frames, doing);
}

/* ---- playing a transcript again ---- */

static enum status
send_head(struct job *job, int frames, const struct target *target, const struct transcript_head *head)
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
	TRY(enter(job, &request, SANDBOX_TALK, PROBER_ADDRESS_SPACE));
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
	enum status status = start(job, prober, &frames);

	if (status == STATUS_OK && prober->pid == 0) {
		struct job *own =
		    sandbox_keep_only((int *const[]){&frames}, 1) ? job_new(REPLAY_MEMORY) : NULL;

		if (own == NULL)
			_exit(1);
		status = replay(own, request, transcript, frames, prober->doing);
		send_done(own, frames, status);
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
	target->guess_budget = request->guess_budget;
	target->min_pairs = request->min_pairs;
	target->guesses = guesses;
	target->guess_count = request->pair_count;
	target->credentials = request->credentials;
	target->credential_count = request->credential_count;
	for (size_t i = 0; i < DIAL_MAX_SOURCES && request->sources[i] != NULL; i++)
		target->source_count++;
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
	enum status status = start(job, prober, &frames);

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
		send_done(own, frames, status);
		_exit(0);
	}
	close(service);
	return status;
}
