/* The supervisor believes neither worker: it writes the looked rows first, and checks every fact
 * that comes. */
#include "app/process_probe.h"

#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/process_dial.h"
#include "base/arena.h"
#include "base/frames.h"
#include "device/channel.h"
#include "device/dialer.h"

#define FACTS_MAX 50000
#define SCAN_WAIT_MS (20 * 60 * 1000)
#define GRACE_MS 60000

/* What one probe is known to have looked for so far. */
struct row {
	const struct probe *probe;
	enum fact_kind kind;
	struct fact looked;
	int64_t count; /* facts that came */
};

struct collection {
	struct job *job;
	const struct probe_request *request;
	const char *address;
	struct row *rows;
	size_t row_count;
	struct scan scan;
	struct fact_list *facts;
	uint8_t *transcript; /* block */
	size_t transcript_size;
	size_t transcript_room;
};

/* ---- what was looked for ---- */

static struct fact
not_run(const struct row *row)
{
	struct fact fact = fact_new(FACT_looked);

	fact.source = row->probe->name;
	fact.as.looked.kind = fact_kinds[row->kind].name;
	fact.as.looked.from_source = row->probe->name;
	fact.as.looked.complete = 0;
	fact.as.looked.reason = "not run";
	fact.as.looked.tool_version = HOPQUY_VERSION;
	return fact;
}

static enum status
make_rows(struct collection *collection, const struct probe *const *probes, size_t count)
{
	collection->rows =
	    arena_array(collection->job, count * PROBE_MAX_KINDS, sizeof *collection->rows);
	if (collection->rows == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < PROBE_MAX_KINDS && probes[i]->looks_for[j] != NULL; j++) {
			struct row *row = &collection->rows[collection->row_count++];

			row->probe = probes[i];
			row->kind = fact_kind_named(probes[i]->looks_for[j]);
			row->looked = not_run(row);
		}
	return STATUS_OK;
}

/* Rows of chosen probes that never came say why. */
static void
explain_missing(struct collection *collection, const struct probe *const *probes,
    const bool *chosen, size_t count, const char *why)
{
	for (size_t i = 0; i < collection->row_count; i++) {
		struct row *row = &collection->rows[i];

		for (size_t j = 0; j < count; j++)
			if (probes[j] == row->probe && chosen[j] &&
			    strcmp(row->looked.as.looked.reason == NULL
				       ? ""
				       : row->looked.as.looked.reason,
				"not run") == 0)
				row->looked.as.looked.reason = why;
	}
}

static struct row *
find_row(struct collection *collection, const char *source, const char *kind)
{
	for (size_t i = 0; i < collection->row_count; i++) {
		struct row *row = &collection->rows[i];

		if (source != NULL && kind != NULL && strcmp(row->probe->name, source) == 0 &&
		    strcmp(fact_kinds[row->kind].name, kind) == 0)
			return row;
	}
	return NULL;
}

/* ---- facts ---- */

static bool
is_open(const struct scan *scan, int64_t port)
{
	for (size_t i = 0; i < scan->open_count; i++)
		if (scan->open[i] == port)
			return true;
	return false;
}

static void
stamp(const struct collection *collection, struct fact *fact)
{
	fact->address = collection->address;
	fact->state = collection->request->state;
	fact->reach = collection->request->reach;
	fact->level = collection->request->level;
	fact->path = NULL;
	fact->offset = UNKNOWN;
}

static enum status
keep(struct collection *collection, struct fact *fact)
{
	struct evidence list = evidence_to_list(collection->facts);

	stamp(collection, fact);
	return evidence_add(&list, collection->job, fact);
}

/* A fact is taken only from a probe that declares its kind, about a port that is open. */
static enum status
take_fact(struct collection *collection, struct span payload)
{
	struct job *job = collection->job;
	struct fact fact;
	struct row *row;

	TRY(fact_decode(job, payload, &fact));
	TRY(fact_check(job, &fact));
	if (fact.kind == FACT_looked) {
		row = find_row(collection, fact.source, fact.as.looked.kind);
		if (row == NULL)
			return fail(job, STATUS_MALFORMED, "prober: a looked row nobody declared");
		row->looked = fact;
		return STATUS_OK;
	}
	row = find_row(collection, fact.source, fact_kinds[fact.kind].name);
	if (row == NULL)
		return fail(job, STATUS_MALFORMED, "prober: a fact of kind %s nobody declared",
		    fact_kinds[fact.kind].name);
	if (fact.port != UNKNOWN && !is_open(&collection->scan, fact.port))
		return fail(job, STATUS_MALFORMED,
		    "prober: a fact about port %lld, which is not open", (long long)fact.port);
	if (collection->facts->count >= FACTS_MAX)
		return fail(job, STATUS_MALFORMED, "prober: more than %d facts", FACTS_MAX);
	row->count++;
	return keep(collection, &fact);
}

/* One event is one line of JSON; a prober that writes otherwise is not believed. */
static enum status
take_event(struct collection *collection, struct span payload)
{
	size_t need = collection->transcript_size + payload.size + 1;

	if (!text_is_utf8((const char *)payload.at, payload.size) ||
	    span_find(payload, "\n", 1, 0) != SIZE_MAX)
		return fail(collection->job, STATUS_MALFORMED,
		    "prober: an event that is not one line of text");
	if (need > TRANSCRIPT_MAX_SIZE + FRAME_MAX_SIZE)
		return STATUS_OK;
	if (need > collection->transcript_room) {
		size_t room = need * 2;
		uint8_t *block = block_resize(collection->transcript, room);

		if (block == NULL)
			return fail(collection->job, STATUS_LIMIT, "transcript: out of memory");
		collection->transcript = block;
		collection->transcript_room = room;
	}
	memcpy(collection->transcript + collection->transcript_size, payload.at, payload.size);
	collection->transcript[need - 1] = '\n';
	collection->transcript_size = need;
	return STATUS_OK;
}

static void
tell_progress(const struct collection *collection, struct span payload)
{
	if (isatty(STDERR_FILENO) && text_is_utf8((const char *)payload.at, payload.size))
		tell(
		    "%s: %.*s\n", collection->address, (int)payload.size, (const char *)payload.at);
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
await_scan(struct collection *collection, const struct worker *dialer, const char **why)
{
	struct job *job = collection->job;
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
			return scan_decode(job, payload, &collection->scan);
		if (kind == FRAME_DONE)
			return read_done(job, payload, why);
		tell_progress(collection, payload);
	}
	return fail(job, STATUS_UNAVAILABLE, "the dialer took too long");
}

/* Everything the prober sends, up to its last frame. */
static enum status
await_facts(
    struct collection *collection, const struct worker *prober, int64_t limit_ms, const char **why)
{
	struct job *job = collection->job;
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
			TRY(take_fact(collection, payload));
			continue;
		}
		if (kind == FRAME_EVENT)
			TRY(take_event(collection, payload));
		else
			tell_progress(collection, payload);
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
run_prober(struct collection *collection, const struct probe *const *probes, const bool *chosen,
    size_t count, int service)
{
	struct job *job = collection->job;
	struct worker prober = {.frames = -1, .pid = -1};
	const char *why = NULL, *end = NULL;
	int64_t limit_ms = GRACE_MS;
	enum status status;

	for (size_t i = 0; i < count; i++)
		limit_ms += chosen[i] ? talk_limit_ms(collection->request, probes[i]) : 0;
	status = talk_start(
	    job, collection->request, probes, chosen, count, &collection->scan, service, &prober);
	if (status == STATUS_OK)
		status = await_facts(collection, &prober, limit_ms, &why);
	if (status != STATUS_OK && why == NULL)
		why = arena_copy_string(job, job->reason);
	worker_end(job, &prober, "prober", &end);
	if (status == STATUS_UNAVAILABLE && end != NULL)
		why = end;
	explain_missing(
	    collection, probes, chosen, count, why == NULL ? "the prober did not report" : why);
	return is_ours(status) ? status : STATUS_OK;
}

static enum status
run_workers(struct collection *collection, const struct probe *const *probes, const bool *chosen,
    size_t count, const struct address *address, const uint8_t *ports)
{
	struct job *job = collection->job;
	struct worker dialer;
	const char *why = NULL, *end = NULL;
	int service = -1;
	enum status status =
	    dial_start(job, collection->request, address, ports, &dialer, &service);

	if (status == STATUS_OK)
		status = await_scan(collection, &dialer, &why);
	if (status != STATUS_OK && why == NULL)
		why = arena_copy_string(job, job->reason);
	if (status == STATUS_OK && why == NULL) {
		status = run_prober(collection, probes, chosen, count, service);
		service = -1;
	}
	if (service >= 0)
		close(service);
	worker_end(job, &dialer, "dialer", &end);
	if (status == STATUS_UNAVAILABLE && end != NULL)
		why = end;
	if (why != NULL)
		explain_missing(collection, probes, chosen, count, why);
	return is_ours(status) ? status : STATUS_OK;
}

/* ---- the whole ---- */

static size_t
probe_named(const struct probe *const *probes, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(probes[i]->name) == size && memcmp(probes[i]->name, name, size) == 0)
			return i;
	return count;
}

static enum status
choose_list(struct job *job, const struct probe *const *probes, size_t count, const char *list,
    bool *chosen)
{
	for (const char *at = list; *at != '\0';) {
		size_t size = strcspn(at, ",");
		size_t i = probe_named(probes, count, at, size);

		if (i == count)
			return fail(
			    job, STATUS_USAGE, "probe: there is no probe \"%.*s\"", (int)size, at);
		chosen[i] = true;
		at += size + (at[size] == ',');
	}
	return STATUS_OK;
}

/* The probes asked for and those they rest on. */
static enum status
choose(struct job *job, const struct probe *const *probes, size_t count, const char *only,
    bool *chosen)
{
	if (only != NULL)
		TRY(choose_list(job, probes, count, only, chosen));
	for (size_t i = count; i-- > 0;) {
		chosen[i] = chosen[i] || only == NULL;
		if (chosen[i])
			TRY(choose_list(job, probes, count, probes[i]->needs, chosen));
	}
	return STATUS_OK;
}

/* An open port the prober kept to itself is reported all the same. */
static enum status
add_missing_ports(struct collection *collection)
{
	struct row *row = find_row(collection, "ports", fact_kinds[FACT_open_port].name);
	size_t had = collection->facts->count;

	for (size_t i = 0; row != NULL && i < collection->scan.open_count; i++) {
		struct fact fact = fact_new(FACT_open_port);
		bool seen = false;

		for (size_t j = 0; j < had && !seen; j++)
			seen = collection->facts->facts[j].kind == FACT_open_port &&
			       collection->facts->facts[j].port == collection->scan.open[i];
		if (seen)
			continue;
		fact.source = row->probe->name;
		fact.port = collection->scan.open[i];
		fact.as.open_port.transport = "tcp";
		fact.as.open_port.status = "open";
		row->count++;
		TRY(keep(collection, &fact));
	}
	return STATUS_OK;
}

static enum status
finish(struct collection *collection, struct span *transcript)
{
	TRY(add_missing_ports(collection));
	for (size_t i = 0; i < collection->row_count; i++) {
		struct row *row = &collection->rows[i];

		row->looked.as.looked.count = row->count;
		TRY(keep(collection, &row->looked));
	}
	fact_list_sort(collection->facts);
	if (transcript != NULL) {
		uint8_t *copy = arena_allocate(collection->job, collection->transcript_size);

		if (copy == NULL)
			return STATUS_LIMIT;
		if (collection->transcript_size != 0)
			memcpy(copy, collection->transcript, collection->transcript_size);
		*transcript = (struct span){copy, collection->transcript_size};
	}
	return STATUS_OK;
}

enum status
process_probe_with(struct job *job, const struct probe_request *request,
    const struct probe *const *probes, size_t count, struct fact_list *facts,
    struct span *transcript)
{
	struct collection collection = {.job = job, .request = request, .facts = facts};
	bool *chosen = arena_array(job, count, sizeof *chosen);
	uint8_t *ports = arena_allocate(job, PORT_SET_SIZE);
	struct address *address = arena_allocate(job, sizeof *address);
	enum status status;

	*facts = (struct fact_list){0};
	if (chosen == NULL || ports == NULL || address == NULL)
		return STATUS_LIMIT;
	TRY(address_parse(job, request->address, address));
	TRY(port_set_parse(job, request->ports, ports));
	TRY(choose(job, probes, count, request->only, chosen));
	collection.address = address->text;
	TRY(make_rows(&collection, probes, count));
	status = run_workers(&collection, probes, chosen, count, address, ports);
	if (status == STATUS_OK)
		status = finish(&collection, transcript);
	block_free(collection.transcript);
	return status;
}

enum status
process_probe(struct job *job, const struct probe_request *request, struct fact_list *facts,
    struct span *transcript)
{
	return process_probe_with(
	    job, request, probe_catalogue, probe_catalogue_count, facts, transcript);
}
