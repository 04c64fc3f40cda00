/*
 * What is known of a unit so far: the looked rows, the facts, the transcript.
 */
#ifndef APP_PROBED_H
#define APP_PROBED_H

#include "app/process_probe.h"
#include "device/probe.h"

/* What one probe is known to have looked for so far. */
struct row {
	const struct probe *probe;
	enum fact_kind kind;
	struct fact looked;
	int64_t count; /* facts that came */
};

struct probed {
	struct job *job;
	const struct probe_request *request;
	const char *address;
	struct row *rows;
	size_t row_count;
	struct scan scan;
	uint8_t udp[PORT_SET_SIZE]; /* ports a datagram was answered from */
	int64_t waited_ms;          /* so long it let us wait, as the prober says */
	struct fact_list *facts;
	uint8_t *transcript; /* block */
	size_t transcript_size;
	size_t transcript_room;
	unsigned news_count; /* of passwords, told to the operator */
};

/* One row "not run" for each (probe, kind). */
enum status probed_make_rows(
    struct probed *probed, const struct probe *const *probes, size_t count);

/* Rows of chosen probes that never came say why. */
void probed_explain(struct probed *probed, const struct probe *const *probes, const bool *chosen,
    size_t count, const char *why);

/*
 * Takes a FRAME_FACT: a looked row, or a fact from a probe that declares its
 * kind, about a port that is open.  STATUS_MALFORMED for any other.
 */
enum status probed_take_fact(struct probed *probed, struct span payload);

/* Takes a FRAME_EVENT: one line of JSON; a prober that writes otherwise is not believed. */
enum status probed_take_event(struct probed *probed, struct span payload);

/* Adds the rows to the facts, sorts them, copies the transcript (NULL: not wanted). */
enum status probed_finish(struct probed *probed, struct span *transcript);

#endif
