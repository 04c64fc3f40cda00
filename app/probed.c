/* A prober may be in the hands of the unit it talked to: every fact it sends is checked against
 * what was asked for. */
#include "app/probed.h"

#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "device/transcript.h"

#define FACTS_MAX 50000

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

enum status
probed_make_rows(struct probed *probed, const struct probe *const *probes, size_t count)
{
	probed->rows = arena_array(probed->job, count * PROBE_MAX_KINDS, sizeof *probed->rows);
	if (probed->rows == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < PROBE_MAX_KINDS && probes[i]->looks_for[j] != NULL; j++) {
			struct row *row = &probed->rows[probed->row_count++];

			row->probe = probes[i];
			row->kind = fact_kind_named(probes[i]->looks_for[j]);
			row->looked = not_run(row);
		}
	return STATUS_OK;
}

void
probed_explain(struct probed *probed, const struct probe *const *probes, const bool *chosen,
    size_t count, const char *why)
{
	for (size_t i = 0; i < probed->row_count; i++) {
		struct row *row = &probed->rows[i];

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
find_row(struct probed *probed, const char *source, const char *kind)
{
	for (size_t i = 0; i < probed->row_count; i++) {
		struct row *row = &probed->rows[i];

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

static bool
is_udp(const struct probed *probed, int64_t port)
{
	return port > 0 && port < PORT_COUNT && port_set_has(probed->udp, (unsigned)port);
}

static void
set_udp(struct probed *probed, int64_t port)
{
	probed->udp[port / 8] = (uint8_t)(probed->udp[port / 8] | 1u << (port % 8));
}

static void
stamp(const struct probed *probed, struct fact *fact)
{
	fact->address = probed->address;
	fact->state = probed->request->state;
	fact->reach = probed->request->reach;
	fact->level = probed->request->level;
	fact->path = NULL;
	fact->offset = UNKNOWN;
}

static enum status
keep(struct probed *probed, struct fact *fact)
{
	struct evidence list = evidence_to_list(probed->facts);

	stamp(probed, fact);
	return evidence_add(&list, probed->job, fact);
}

enum status
probed_take_fact(struct probed *probed, struct span payload)
{
	struct job *job = probed->job;
	struct fact fact;
	struct row *row;

	TRY(fact_decode(job, payload, &fact));
	TRY(fact_check(job, &fact));
	if (fact.kind == FACT_looked) {
		row = find_row(probed, fact.source, fact.as.looked.kind);
		if (row == NULL)
			return fail(job, STATUS_MALFORMED, "prober: a looked row nobody declared");
		row->looked = fact;
		return STATUS_OK;
	}
	row = find_row(probed, fact.source, fact_kinds[fact.kind].name);
	if (row == NULL)
		return fail(job, STATUS_MALFORMED, "prober: a fact of kind %s nobody declared",
		    fact_kinds[fact.kind].name);
	if (fact.kind == FACT_open_port && fact.port > 0 && fact.port < PORT_COUNT &&
	    fact.as.open_port.transport != NULL && strcmp(fact.as.open_port.transport, "udp") == 0)
		set_udp(probed, fact.port); /* the prober is the only witness of datagrams */
	else if (fact.port != UNKNOWN && !is_open(&probed->scan, fact.port) &&
		 !is_udp(probed, fact.port))
		return fail(job, STATUS_MALFORMED,
		    "prober: a fact about port %lld, which is not open", (long long)fact.port);
	if (probed->facts->count >= FACTS_MAX)
		return fail(job, STATUS_MALFORMED, "prober: more than %d facts", FACTS_MAX);
	row->count++;
	return keep(probed, &fact);
}

enum status
probed_take_event(struct probed *probed, struct span payload)
{
	size_t need = probed->transcript_size + payload.size + 1;

	if (!text_is_utf8((const char *)payload.at, payload.size) ||
	    span_find(payload, "\n", 1, 0) != SIZE_MAX)
		return fail(
		    probed->job, STATUS_MALFORMED, "prober: an event that is not one line of text");
	if (need > TRANSCRIPT_MAX_SIZE + FRAME_MAX_SIZE)
		return STATUS_OK;
	if (need > probed->transcript_room) {
		size_t room = need * 2;
		uint8_t *block = block_resize(probed->transcript, room);

		if (block == NULL)
			return fail(probed->job, STATUS_LIMIT, "transcript: out of memory");
		probed->transcript = block;
		probed->transcript_room = room;
	}
	memcpy(probed->transcript + probed->transcript_size, payload.at, payload.size);
	probed->transcript[need - 1] = '\n';
	probed->transcript_size = need;
	return STATUS_OK;
}

/* An open port the prober kept to itself is reported all the same. */
static enum status
add_missing_ports(struct probed *probed)
{
	struct row *row = find_row(probed, "ports", fact_kinds[FACT_open_port].name);
	size_t had = probed->facts->count;

	for (size_t i = 0; row != NULL && i < probed->scan.open_count; i++) {
		struct fact fact = fact_new(FACT_open_port);
		bool seen = false;

		for (size_t j = 0; j < had && !seen; j++)
			seen = probed->facts->facts[j].kind == FACT_open_port &&
			       probed->facts->facts[j].port == probed->scan.open[i] &&
			       strcmp(probed->facts->facts[j].source, row->probe->name) == 0;
		if (seen)
			continue;
		fact.source = row->probe->name;
		fact.port = probed->scan.open[i];
		fact.as.open_port.transport = "tcp";
		fact.as.open_port.status = "open";
		row->count++;
		TRY(keep(probed, &fact));
	}
	return STATUS_OK;
}

enum status
probed_finish(struct probed *probed, struct span *transcript)
{
	TRY(add_missing_ports(probed));
	for (size_t i = 0; i < probed->row_count; i++) {
		struct row *row = &probed->rows[i];

		row->looked.as.looked.count = row->count;
		TRY(keep(probed, &row->looked));
	}
	fact_list_sort(probed->facts);
	if (transcript != NULL) {
		uint8_t *copy = arena_allocate(probed->job, probed->transcript_size);

		if (copy == NULL)
			return STATUS_LIMIT;
		if (probed->transcript_size != 0)
			memcpy(copy, probed->transcript, probed->transcript_size);
		*transcript = (struct span){copy, probed->transcript_size};
	}
	return STATUS_OK;
}
