/* The parser of hostile bytes lives in a process that can do nothing but think and talk to this
 * one. */
#include "app/process_unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/unpack_folder.h"
#include "app/unpack_worker.h"
#include "base/arena.h"
#include "base/sandbox.h"
#include "firmware/collect.h"
#include "firmware/unpack.h"

#define MAX_FACTS ((size_t)4 << 20)

/* One row of kind `looked` to be. */
struct row {
	const char *source;
	enum fact_kind kind;
	int64_t count;
	const char *reason; /* why its source says it is not complete */
};

struct supervision {
	struct job *job;
	struct job *scratch; /* a frame at a time */
	const struct unpack_request *request;
	struct fact_list *facts;
	struct evidence sink;
	struct row *rows;
	size_t row_count;
	uint64_t unread;
	struct unpack_folder folder;
	bool done;
	enum status end; /* as the worker says */
	const char *reason;
};

static struct row *
find_row(const struct supervision *supervision, const char *source, enum fact_kind kind)
{
	for (size_t i = 0; source != NULL && i < supervision->row_count; i++)
		if (supervision->rows[i].kind == kind &&
		    strcmp(supervision->rows[i].source, source) == 0)
			return &supervision->rows[i];
	return NULL;
}

static enum status
make_rows(struct supervision *supervision)
{
	bool collect = supervision->request->mode == UNPACK_FACTS;
	size_t count = 3;

	for (size_t i = 0; collect && i < firmware_collector_count; i++)
		count += firmware_collectors[i]->looks_for_count;
	supervision->rows = arena_array(supervision->job, count, sizeof *supervision->rows);
	if (supervision->rows == NULL)
		return STATUS_LIMIT;
	supervision->rows[0] = (struct row){.source = COLLECT_SOURCE, .kind = FACT_region};
	supervision->rows[1] = (struct row){.source = COLLECT_SOURCE, .kind = FACT_file};
	supervision->rows[2] = (struct row){.source = COLLECT_SOURCE, .kind = FACT_attribute};
	supervision->row_count = 3;
	for (size_t i = 0; collect && i < firmware_collector_count; i++)
		for (size_t k = 0; k < firmware_collectors[i]->looks_for_count; k++)
			supervision->rows[supervision->row_count++] = (struct row){
			    .source = firmware_collectors[i]->name,
			    .kind = firmware_collectors[i]->looks_for[k],
			};
	return STATUS_OK;
}

static enum status
not_ours(struct supervision *supervision, const char *what)
{
	return fail(
	    supervision->scratch, STATUS_MALFORMED, "unpacker sent what none sends: %s", what);
}

/* A collector says that it did not look at everything. */
static enum status
take_looked(struct supervision *supervision, const struct fact *fact)
{
	const char *kind = fact->as.looked.kind;
	struct row *row = kind == NULL ? NULL
				       : find_row(supervision, fact->as.looked.from_source,
					     fact_kind_named(kind));

	if (row == NULL)
		return not_ours(supervision, "a looked row of nobody");
	if (fact->as.looked.complete == 1 || row->reason != NULL)
		return STATUS_OK;
	row->reason = arena_copy_string(supervision->job,
	    fact->as.looked.reason == NULL ? "not complete" : fact->as.looked.reason);
	return row->reason == NULL ? STATUS_LIMIT : STATUS_OK;
}

static void
count_unread(struct supervision *supervision, const struct fact *fact)
{
	const char *coverage = fact->as.region.coverage;
	int64_t bytes = fact->as.region.bytes;

	if (coverage == NULL || bytes < 0 || strcmp(coverage, "read") == 0 ||
	    strcmp(coverage, "padding") == 0)
		return;
	if (__builtin_add_overflow(supervision->unread, (uint64_t)bytes, &supervision->unread))
		supervision->unread = UINT64_MAX;
}

static enum status
take_fact(struct supervision *supervision, struct span payload)
{
	struct fact fact;
	struct row *row;

	TRY(fact_decode(supervision->scratch, payload, &fact));
	TRY(fact_check(supervision->scratch, &fact));
	if (fact.kind == FACT_looked)
		return take_looked(supervision, &fact);
	row = find_row(supervision, fact.source, fact.kind);
	if (row == NULL)
		return not_ours(supervision, "a fact its source does not look for");
	if (supervision->facts->count >= MAX_FACTS)
		return fail(supervision->scratch, STATUS_LIMIT, "more than %zu facts", MAX_FACTS);
	row->count++;
	if (fact.kind == FACT_region)
		count_unread(supervision, &fact);
	if (fact.kind == FACT_file && supervision->request->mode == UNPACK_FILES &&
	    fact.as.file.type != NULL && strcmp(fact.as.file.type, "file") == 0)
		TRY(unpack_folder_file(supervision->scratch, &supervision->folder, &fact));
	TRY(fact_decode(supervision->job, payload, &fact));
	return evidence_add(&supervision->sink, supervision->job, &fact);
}

static enum status
take_content(struct supervision *supervision, struct span payload)
{
	struct reader reader = {.rest = payload};
	const char *path;

	if (supervision->request->mode != UNPACK_FILES ||
	    !get_string(supervision->scratch, &reader, FACT_TEXT_MAX, &path) || path == NULL)
		return not_ours(supervision, "content nobody asked for");
	return unpack_folder_content(supervision->scratch, &supervision->folder, path, reader.rest);
}

static enum status
take_done(struct supervision *supervision, struct span payload)
{
	struct reader reader = {.rest = payload};
	uint16_t status = read_u16_le(&reader);
	const char *reason;

	if (!get_string(supervision->job, &reader, sizeof supervision->job->reason, &reason))
		return not_ours(supervision, "a garbled end");
	supervision->done = true;
	supervision->end = (enum status)status;
	supervision->reason = reason;
	return STATUS_OK;
}

static enum status
take_frame(struct supervision *supervision, enum frame_kind kind, struct span payload)
{
	switch (kind) {
	case FRAME_FACT:
		return take_fact(supervision, payload);
	case FRAME_CONTENT:
		return take_content(supervision, payload);
	case FRAME_DONE:
		return take_done(supervision, payload);
	default:
		return not_ours(supervision, "a frame of another process");
	}
}

/* Until the worker's last words, its end, or its first wrong word. */
static enum status
receive(struct supervision *supervision, int descriptor)
{
	unsigned seconds = unpack_worker_seconds(supervision->request);
	enum status status = STATUS_OK;
	bool ended = false;

	while (status == STATUS_OK && !ended && !supervision->done) {
		enum frame_kind kind;
		struct span payload;
		struct job *scratch = supervision->scratch;
		struct arena_mark mark = arena_mark(scratch->arena);

		status = frame_receive(
		    scratch, descriptor, (int)(seconds + 60) * 1000, &kind, &payload, &ended);
		if (status == STATUS_OK && !ended)
			status = take_frame(supervision, kind, payload);
		arena_release(scratch->arena, mark);
	}
	return status;
}

/* How the worker ended, when it did not say so itself. */
static const char *
describe_death(struct job *job, int ended, const volatile struct progress *progress)
{
	uint32_t index = progress->format;
	const char *format = index == 0 || index > firmware_format_count
				 ? "search"
				 : firmware_formats[index - 1]->name;
	uint64_t offset = progress->offset;

	if (WIFSIGNALED(ended))
		return arena_printf(job, "unpacker ended by signal %d%s in %s at 0x%" PRIx64,
		    WTERMSIG(ended),
		    WTERMSIG(ended) == SIGXCPU || WTERMSIG(ended) == SIGKILL
			? " (time or memory limit)"
			: "",
		    format, offset);
	return arena_printf(job, "unpacker ended with status %d in %s at 0x%" PRIx64,
	    WEXITSTATUS(ended), format, offset);
}

/* The rows of kind `looked`: complete only where nothing speaks against it. */
static enum status
add_rows(struct supervision *supervision, const char *reason)
{
	const struct unpack_request *request = supervision->request;
	const char *unread = NULL;

	if (request->max_unread_bytes >= 0 &&
	    supervision->unread > (uint64_t)request->max_unread_bytes) {
		unread = arena_printf(supervision->job,
		    "%" PRIu64 " bytes of the image were not read, at most %" PRId64 " may be",
		    supervision->unread, request->max_unread_bytes);
		if (unread == NULL)
			return STATUS_LIMIT;
	}
	for (size_t i = 0; i < supervision->row_count; i++) {
		const struct row *row = &supervision->rows[i];
		const char *why = reason != NULL        ? reason
				  : row->reason != NULL ? row->reason
							: unread;
		struct fact fact = fact_new(FACT_looked);

		fact.source = row->source;
		fact.as.looked.kind = fact_kinds[row->kind].name;
		fact.as.looked.from_source = row->source;
		fact.as.looked.complete = why == NULL;
		fact.as.looked.reason = why;
		fact.as.looked.count = row->count;
		fact.as.looked.tool_version = HOPQUY_VERSION;
		TRY(evidence_add(&supervision->sink, supervision->job, &fact));
	}
	return STATUS_OK;
}

static enum status
send_lines(const struct supervision *supervision)
{
	const struct fact_list *facts = supervision->facts;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];
		const char *line;

		if (fact->kind != FACT_file || fact->as.file.sha256 == NULL)
			continue;
		/* as sha256sum does: a backslash before a line whose name has escapes */
		line = arena_printf(supervision->job, "%s%s  %s",
		    strchr(fact->path, '\\') == NULL ? "" : "\\", fact->as.file.sha256, fact->path);
		if (line == NULL)
			return STATUS_LIMIT;
		supervision->request->line(supervision->request->context, line);
	}
	return STATUS_OK;
}

/* What the run comes to, when the worker is gone. */
static enum status
conclude(struct supervision *supervision, enum status received, int ended,
    const volatile struct progress *progress)
{
	struct job *job = supervision->job;
	const char *reason = supervision->reason;

	if (received == STATUS_MALFORMED || received == STATUS_LIMIT)
		reason = arena_copy_string(job, supervision->scratch->reason);
	else if (received != STATUS_OK)
		return fail(job, received, "%s", supervision->scratch->reason);
	else if (!supervision->done)
		reason = describe_death(job, ended, progress);
	if (reason == NULL && (!supervision->done || supervision->end != STATUS_OK))
		reason = "unpacker gave up";
	TRY(add_rows(supervision, reason));
	fact_list_sort(supervision->facts);
	if (supervision->done && supervision->end == STATUS_MALFORMED)
		return fail(job, STATUS_MALFORMED, "%s", reason);
	if (supervision->done &&
	    (supervision->end == STATUS_UNAVAILABLE || supervision->end == STATUS_FAULT))
		return fail(job, supervision->end, "%s", reason);
	if (supervision->request->mode == UNPACK_FILES)
		TRY(unpack_folder_finish(job, &supervision->folder, supervision->facts));
	return supervision->request->line == NULL ? STATUS_OK : send_lines(supervision);
}

/* Forks the worker and hears it out; `*ended` is how it ended. */
static enum status
run_worker(struct supervision *supervision, volatile struct progress *progress, int *ended)
{
	enum status status;
	int pair[2];
	pid_t worker;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(supervision->scratch, STATUS_FAULT, "unpacker: %s", strerror(errno));
	worker = fork();
	if (worker == 0) {
		if (sandbox_keep_only((int *const[]){&pair[1]}, 1))
			unpack_worker(supervision->request, pair[1], progress);
		_exit(1);
	}
	close(pair[1]);
	status = worker < 0
		     ? fail(supervision->scratch, STATUS_FAULT, "unpacker: %s", strerror(errno))
		     : receive(supervision, pair[0]);
	close(pair[0]);
	if (worker > 0) {
		if (status != STATUS_OK)
			kill(worker, SIGKILL);
		while (waitpid(worker, ended, 0) < 0 && errno == EINTR)
			;
	}
	return status;
}

enum status
process_unpack(struct job *job, const struct unpack_request *request, struct fact_list *facts)
{
	struct supervision supervision = {
	    .job = job,
	    .request = request,
	    .facts = facts,
	    .sink = evidence_to_list(facts),
	    .folder = unpack_folder_new(request->folder),
	};
	volatile struct progress *progress =
	    mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	enum status status;
	int ended = 0;

	if (progress == MAP_FAILED)
		return fail(job, STATUS_FAULT, "unpacker: %s", strerror(errno));
	*facts = (struct fact_list){0};
	supervision.scratch = job_new((size_t)16 << 20);
	status = supervision.scratch == NULL ? fail(job, STATUS_FAULT, "unpacker: no memory")
					     : make_rows(&supervision);
	if (status == STATUS_OK) {
		status = run_worker(&supervision, progress, &ended);
		status = conclude(&supervision, status, ended, progress);
	}
	unpack_folder_close(&supervision.folder);
	job_free(supervision.scratch);
	munmap((void *)(uintptr_t)progress, sizeof *progress);
	return status;
}
