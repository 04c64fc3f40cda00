/* The dialer may connect and reads nothing of what a unit says. */
#include "app/process_dial.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/worker.h"
#include "base/arena.h"
#include "base/frames.h"
#include "base/sandbox.h"
#include "device/dialer.h"

#define DIALER_MEMORY ((size_t)64 << 20)

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

enum status
request_sources(struct job *job, const struct probe_request *request,
    struct address sources[DIAL_MAX_SOURCES], unsigned *count)
{
	struct address unit;

	*count = 0;
	TRY(address_parse(job, request->address, &unit));
	for (size_t i = 0; i < PROBE_SOURCES_MAX && request->sources[i] != NULL; i++) {
		struct address own;

		TRY(address_parse(job, request->sources[i], &own));
		if (own.socket.ss_family == unit.socket.ss_family && *count < DIAL_MAX_SOURCES)
			sources[(*count)++] = own;
	}
	return STATUS_OK;
}

/* What the request grants the prober. */
static enum status
make_grant(struct job *job, const struct probe_request *request, struct dial_grant *grant)
{
	*grant = (struct dial_grant){.connections = request->connections,
	    .groups = request->reach == NULL || strcmp(request->reach, "local") == 0};
	TRY(request_sources(job, request, grant->sources, &grant->source_count));
	return STATUS_OK;
}

static enum status
dial(struct job *job, const struct probe_request *request, const struct address *address,
    const uint8_t *ports, int frames, int service)
{
	struct reporter reporter = {.job = job, .frames = frames};
	struct dial_progress progress = {.report = report_progress, .context = &reporter};
	struct dial_means means = {.progress = &progress};
	struct text out = text_new(job);
	struct dial_grant grant;
	struct scan scan = {0};
	enum status status;

	TRY(make_grant(job, request, &grant));
	if (!request->syn)
		means.helper = scan_helper_new(job); /* before the sandbox: it holds both */
	status = worker_enter(job, request, SANDBOX_DIAL, 0);
	if (status == STATUS_OK)
		status = (request->syn ? dialer_scan_syn : dialer_scan)(
		    job, address, ports, &means, &scan);
	scan_helper_free(means.helper);
	TRY(status);
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
	status = worker_start(job, dialer, &frames);
	if (status == STATUS_OK && dialer->pid == 0) {
		struct job *own = sandbox_keep_only((int *const[]){&frames, &pair[1]}, 2)
				      ? job_new(DIALER_MEMORY)
				      : NULL;

		worker_say(dialer->doing, "the scan");
		if (own != NULL &&
		    (status = dial(own, request, address, ports, frames, pair[1])) != STATUS_OK)
			worker_done(own, frames, status);
		_exit(own == NULL || status != STATUS_OK);
	}
	close(pair[1]);
	if (status != STATUS_OK)
		close(pair[0]);
	else
		*service = pair[0];
	return status;
}
