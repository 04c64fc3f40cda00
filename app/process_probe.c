/* The supervisor believes neither worker: it writes the looked rows first, and checks every fact
 * that comes. */
#include "app/process_probe.h"

#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/password_watch.h"
#include "app/probed.h"
#include "app/process_dial.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/frames.h"
#include "base/message.h"
#include "device/channel.h"
#include "device/dialer.h"

#define SCAN_WAIT_MS (20 * 60 * 1000)
#define GRACE_MS 60000
#define LIVENESS_MS 90000
#define REPLAY_LIMIT_MS (5 * 60 * 1000)
#define PASSWORD_NEWS_MAX 1000
#define PASSWORD_NEWS_SIZE ((size_t)256)

/* The dialer's "scanning: N of M ports" in the reader's language; other notes are names of probes.
 */
static const char *
progress_words(const struct probed *probed, const char *note)
{
	static const char scanning[] = "scanning: ", of[] = " of ", ports[] = " ports";
	const char *middle = strstr(note, of), *end = strstr(note, ports);
	const char *done = note + sizeof scanning - 1, *all;

	if (!text_starts_with(note, scanning) || middle == NULL || middle < done || end == NULL ||
	    end < middle + sizeof of - 1)
		return note;
	all = middle + sizeof of - 1;
	return words_fill(probed->job, probed->request->language, "scanning: {} of {} ports",
	    (const char *const[3]){arena_string(probed->job, done, (size_t)(middle - done)),
		arena_string(probed->job, all, (size_t)(end - all)), NULL});
}

static void
tell_progress(const struct probed *probed, struct span payload)
{
	struct arena_mark mark = arena_mark(probed->job->arena);
	const char *note = arena_string(probed->job, (const char *)payload.at, payload.size);

	if (isatty(STDERR_FILENO) && note != NULL)
		tell("%s: %s\n", probed->address,
		    words_clean(probed->job, progress_words(probed, note)));
	arena_release(probed->job->arena, mark);
}

/* The prober's last note is about its waits; the others are progress. */
static void
take_note(struct probed *probed, struct span payload)
{
	const size_t size = strlen(PROBER_WAITED);
	int64_t most = 24 * 60 * 60 * 1000;
	const char *number =
	    payload.size < size
		? NULL
		: arena_string(probed->job, (const char *)payload.at + size, payload.size - size);

	if (!span_starts_with(payload, PROBER_WAITED, size))
		tell_progress(probed, payload);
	else if (number == NULL || !text_parse_integer(number, 0, most, &probed->waited_ms))
		probed->waited_ms = 0;
}

/* A change that is cut off leaves the unit with a password that nobody chose. */
static enum status
watch_password(const struct probed *probed)
{
	const char *line = arena_printf(probed->job, "\n%s: %s\n", probed->address,
	    message(probed->request->language,
		"a password is being changed: ends when it is set back; again to end now"));

	if (line == NULL)
		return STATUS_LIMIT;
	password_watch_begin(line);
	return STATUS_OK;
}

/*
 * At once, and whoever listens: where everything of ours ends now, this line is what the laboratory
 * has left of its unit's password.  A prober in the hands of the unit may say a little, no more.
 */
static enum status
tell_password(struct probed *probed, struct span payload)
{
	static const char *const words[PASSWORD_NEWS_COUNT] = {
	    [PASSWORD_TO_BE] =
		"{}: the password of {} may be \"{}\" from now on, until the old one is set back",
	    [PASSWORD_IS_BACK] = "{}: the password of {} is the old one again",
	    [PASSWORD_IS_LOST] =
		"{}: THE PASSWORD OF {} COULD NOT BE SET BACK, it may be \"{}\": set it by hand",
	};
	struct reader reader = {.rest = payload};
	struct job *job = probed->job;
	uint16_t news = read_u16_le(&reader);
	const char *data[3];

	for (size_t i = 0; i < ARRAY_SIZE(data); i++)
		if (!get_string(job, &reader, PASSWORD_NEWS_SIZE, &data[i]) || data[i] == NULL)
			return fail(job, STATUS_MALFORMED, "prober: bad news of a password");
	if (reader.overrun || reader.rest.size != 0 || news >= PASSWORD_NEWS_COUNT ||
	    ++probed->news_count > PASSWORD_NEWS_MAX)
		return fail(job, STATUS_MALFORMED, "prober: bad news of a password");
	for (size_t i = 0; i < ARRAY_SIZE(data); i++)
		data[i] = words_clean(job, data[i]);
	if (news == PASSWORD_TO_BE)
		TRY(watch_password(probed));
	tell("%s: %s\n", probed->address,
	    words_fill(job, probed->request->language, words[news], data));
	if (news != PASSWORD_TO_BE)
		password_watch_end();
	return STATUS_OK;
}

/* ---- the two workers ---- */

/* The reason a worker gives in its last frame. */
static enum status
read_done(struct job *job, struct span payload, const char **words)
{
	struct reader reader = {.rest = payload};
	uint16_t status = read_u16_le(&reader);

	*words = NULL;
	if (!get_string(job, &reader, FACT_TEXT_MAX, words) || reader.overrun)
		return fail(job, STATUS_MALFORMED, "worker: bad last frame");
	if (status == STATUS_OK)
		*words = NULL;
	else if (*words != NULL)
		*words = text_from_bytes(job, *words, strlen(*words), 400);
	return STATUS_OK;
}

/* The scan the dialer sends; *why it did not, else NULL. */
static enum status
await_scan(struct probed *probed, const struct worker *dialer, const char **why)
{
	struct job *job = probed->job;
	int64_t end = monotonic_ms() + SCAN_WAIT_MS;

	*why = NULL;
	while (monotonic_ms() < end) {
		enum frame_kind kind;
		struct span payload;
		bool ended;

		TRY(frame_receive(job, dialer->frames, SCAN_WAIT_MS, &kind, &payload, &ended));
		if (ended)
			return fail(job, STATUS_UNAVAILABLE, "the dialer ended early");
		if (kind == FRAME_REPLY)
			return scan_decode(job, payload, &probed->scan);
		if (kind == FRAME_DONE)
			return read_done(job, payload, why);
		tell_progress(probed, payload);
	}
	return fail(job, STATUS_UNAVAILABLE, "the dialer took too long");
}

/* Everything the prober sends, up to its last frame. */
static enum status
await_facts(struct probed *probed, const struct worker *prober, int64_t limit_ms, const char **why)
{
	struct job *job = probed->job;
	int64_t end = monotonic_ms() + limit_ms;

	for (;;) {
		int64_t left = end - monotonic_ms();
		struct arena_mark mark = arena_mark(job->arena);
		enum frame_kind kind;
		struct span payload;
		bool ended;

		if (left <= 0)
			return fail(job, STATUS_UNAVAILABLE, "the prober took too long");
		TRY(frame_receive(job, prober->frames, left > INT32_MAX ? INT32_MAX : (int)left,
		    &kind, &payload, &ended));
		if (ended)
			return fail(job, STATUS_UNAVAILABLE, "the prober ended early");
		if (kind == FRAME_DONE)
			return read_done(job, payload, why);
		if (kind == FRAME_FACT) {
			TRY(probed_take_fact(probed, payload));
			continue;
		}
		if (kind == FRAME_EVENT)
			TRY(probed_take_event(probed, payload));
		else if (kind == FRAME_PASSWORD)
			TRY(tell_password(probed, payload));
		else
			take_note(probed, payload);
		arena_release(job->arena, mark);
	}
}

/* Faults of a worker become the reason of incomplete rows; only our own limits end the job. */
static bool
is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT;
}

static enum status
run_prober(struct probed *probed, const struct probe *const *probes, const bool *chosen,
    size_t count, int service, int64_t scan_ms)
{
	struct job *job = probed->job;
	struct worker prober = {.frames = -1, .pid = -1};
	const char *why = NULL, *end = NULL;
	struct probe_request left = *probed->request;
	int64_t limit_ms = GRACE_MS;
	enum status status;

	/* What the scan took is gone for the talk. */
	if (left.limit_ms != 0)
		left.limit_ms = left.limit_ms > scan_ms ? left.limit_ms - scan_ms : 1;
	for (size_t i = 0; i < count; i++)
		limit_ms += chosen[i] ? talk_limit_ms(probed->request, probes[i]) + LIVENESS_MS : 0;
	status = talk_start(job, &left, probes, chosen, count, &probed->scan, service, &prober);
	if (status == STATUS_OK)
		status = await_facts(probed, &prober, limit_ms, &why);
	if (status != STATUS_OK && why == NULL)
		why = arena_copy_string(job, job->reason);
	worker_end(job, &prober, "prober", &end);
	password_watch_end();
	if (status == STATUS_UNAVAILABLE && end != NULL)
		why = end;
	probed_explain(
	    probed, probes, chosen, count, why == NULL ? "the prober did not report" : why);
	return is_ours(status) ? status : STATUS_OK;
}

static enum status
run_workers(struct probed *probed, const struct probe *const *probes, const bool *chosen,
    size_t count, const struct address *address, const uint8_t *ports)
{
	struct job *job = probed->job;
	struct worker dialer;
	const char *why = NULL, *end = NULL;
	int service = -1;
	int64_t began = monotonic_ms();
	enum status status = dial_start(job, probed->request, address, ports, &dialer, &service);

	if (status == STATUS_OK)
		status = await_scan(probed, &dialer, &why);
	if (status != STATUS_OK && why == NULL)
		why = arena_copy_string(job, job->reason);
	if (status == STATUS_OK && why == NULL) {
		status = run_prober(probed, probes, chosen, count, service, monotonic_ms() - began);
		service = -1;
	}
	if (service >= 0)
		close(service);
	worker_end(job, &dialer, "dialer", &end);
	if (status == STATUS_UNAVAILABLE && end != NULL)
		why = end;
	if (why != NULL)
		probed_explain(probed, probes, chosen, count, why);
	return is_ours(status) ? status : STATUS_OK;
}

/* ---- the whole ---- */

enum status
probe_check_ports(struct job *job, const char *ports)
{
	uint8_t *set = arena_allocate(job, PORT_SET_SIZE);

	return set == NULL ? STATUS_LIMIT : port_set_parse(job, ports, set);
}

enum status
process_probe_with(struct job *job, const struct probe_request *request,
    const struct probe *const *probes, size_t count, struct fact_list *facts,
    struct span *transcript, int64_t *waited_ms)
{
	struct probed probed = {.job = job, .request = request, .facts = facts};
	bool *chosen = arena_array(job, count, sizeof *chosen);
	uint8_t *ports = arena_allocate(job, PORT_SET_SIZE);
	struct address *address = arena_allocate(job, sizeof *address);
	enum status status;

	*facts = (struct fact_list){0};
	if (chosen == NULL || ports == NULL || address == NULL)
		return STATUS_LIMIT;
	TRY(address_parse(job, request->address, address));
	TRY(port_set_parse(job, request->ports, ports));
	TRY(probe_choose(job, probes, count, request->only, chosen));
	if (request->syn)
		TRY(dialer_may_syn(job, address));
	probed.address = address->text;
	TRY(probed_make_rows(&probed, probes, count));
	status = run_workers(&probed, probes, chosen, count, address, ports);
	if (status == STATUS_OK)
		status = probed_finish(&probed, transcript);
	block_free(probed.transcript);
	if (waited_ms != NULL)
		*waited_ms = probed.waited_ms;
	return status;
}

enum status
process_probe(struct job *job, const struct probe_request *request, struct fact_list *facts,
    struct span *transcript, int64_t *waited_ms)
{
	return process_probe_with(
	    job, request, probe_catalogue, probe_catalogue_count, facts, transcript, waited_ms);
}

/* ---- playing a transcript again ---- */

/* What the first line of the transcript says, in the prober's reading. */
static enum status
await_head(struct probed *probed, const struct worker *prober, struct probe_request *request)
{
	struct job *job = probed->job;
	enum frame_kind kind;
	struct span payload;
	const char *why;
	bool ended;

	TRY(frame_receive(job, prober->frames, REPLAY_LIMIT_MS, &kind, &payload, &ended));
	if (ended)
		return fail(job, STATUS_UNAVAILABLE, "the prober ended early");
	if (kind == FRAME_DONE) {
		TRY(read_done(job, payload, &why));
		return fail(job, STATUS_MALFORMED, "%s", why == NULL ? "replay: nothing" : why);
	}
	if (kind != FRAME_REPLY)
		return fail(job, STATUS_MALFORMED, "replay: no head");
	return replay_head_decode(job, payload, request, &probed->scan);
}

static enum status
follow_replay(struct probed *probed, const struct worker *prober, struct probe_request *request)
{
	struct job *job = probed->job;
	struct address *address = arena_allocate(job, sizeof *address);
	bool *chosen = arena_array(job, probe_catalogue_count, sizeof *chosen);
	const char *why = NULL;

	if (address == NULL || chosen == NULL)
		return STATUS_LIMIT;
	TRY(await_head(probed, prober, request));
	TRY(address_parse_recorded(job, request->address, address));
	probed->address = address->text;
	probed->request = request;
	TRY(probe_choose(job, probe_catalogue, probe_catalogue_count, request->only, chosen));
	TRY(probed_make_rows(probed, probe_catalogue, probe_catalogue_count));
	TRY(await_facts(probed, prober, REPLAY_LIMIT_MS, &why));
	if (why != NULL)
		return fail(job, STATUS_MALFORMED, "%s", why);
	return probed_finish(probed, NULL);
}

enum status
process_replay(
    struct job *job, struct span transcript, struct probe_request *request, struct fact_list *facts)
{
	struct probed probed = {.job = job, .request = request, .facts = facts};
	struct worker prober = {.frames = -1, .pid = -1};
	const char *end;
	enum status status;

	*facts = (struct fact_list){0};
	status = replay_start(job, request, transcript, &prober);
	if (status == STATUS_OK)
		status = follow_replay(&probed, &prober, request);
	worker_end(job, &prober, "prober", &end);
	if (status == STATUS_UNAVAILABLE && end != NULL)
		return fail(job, STATUS_MALFORMED, "%s", end);
	return status;
}
