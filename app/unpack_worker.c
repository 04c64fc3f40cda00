/* Whatever opens, starts or compiles comes before the sandbox; the image's first byte after it. */
#include "app/unpack_worker.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/sandbox.h"
#include "facts/evidence.h"

#define DEFAULT_MEMORY ((size_t)1 << 30)
#define DEFAULT_CPU_SECONDS 600u
#define OVERHEAD                                                                                   \
	((size_t)320 << 20) /* stacks, decoders' dictionaries, what the supervisor holds           \
			     */
#define CONTENT_PART ((size_t)256 << 10)
#define MAX_HELPERS 7

unsigned
unpack_worker_seconds(const struct unpack_request *request)
{
	return request->cpu_seconds == 0 ? DEFAULT_CPU_SECONDS : request->cpu_seconds;
}

/* The worker itself decompresses too. */
static unsigned
helpers_for(long cores)
{
	if (cores < 2)
		return 0;
	return cores > MAX_HELPERS ? MAX_HELPERS : (unsigned)cores - 1;
}

static enum status
send_content(void *context, struct job *job, const struct node *node, struct span content)
{
	const int *descriptor = context;

	while (content.size > 0) {
		struct arena_mark mark = arena_mark(job->arena);
		size_t size = content.size < CONTENT_PART ? content.size : CONTENT_PART;
		struct text out = text_new(job);
		const char *bytes;

		put_string(&out, node->path);
		text_put_bytes(&out, content.at, size);
		TRY(text_finish(&out, &bytes));
		TRY(frame_send(job, *descriptor, FRAME_CONTENT,
		    (struct span){(const uint8_t *)bytes, out.size}));
		arena_release(job->arena, mark);
		content = span_from(content, size);
	}
	return STATUS_OK;
}

static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum status
enter_sandbox(struct job *job, const struct unpack_request *request)
{
	struct sandbox_report report;

	if (request->no_sandbox)
		return STATUS_OK;
	return sandbox_enter(job, SANDBOX_COMPUTE, request->mask_landlock, &report);
}

static enum status
unpack_and_send(struct job *job, const struct unpack_request *request, size_t memory,
    int descriptor, volatile struct progress *progress)
{
	struct evidence evidence = evidence_to_descriptor(&descriptor);
	struct unpack_options options = {
	    .memory = memory,
	    .helpers = helpers_for(sysconf(_SC_NPROCESSORS_ONLN)),
	    .collect = request->mode == UNPACK_FACTS,
	    .candidates = request->candidates,
	    .candidate_count = request->candidate_count,
	    .trusted = request->trusted,
	    .trusted_count = request->trusted_count,
	    .milliseconds = milliseconds,
	    .evidence = &evidence,
	    .progress = progress,
	    .content = request->mode == UNPACK_FILES ? send_content : NULL,
	    .context = &descriptor,
	};
	const struct tree *tree;
	struct unpack *unpack;

	/* libraries look these up at their first use, by opening files */
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC0", 1);
	tzset();
	TRY(sandbox_limits(job, memory + OVERHEAD, unpack_worker_seconds(request)));
	unpack = unpack_new(job, &options);
	if (unpack == NULL)
		return fail_in(job, STATUS_FAULT, "unpacker");
	TRY(enter_sandbox(job, request));
	TRY(unpack_run(unpack, request->image, &tree));
	if (!tree->complete)
		return fail(job, STATUS_LIMIT, "%.500s", tree->incomplete_reason);
	return STATUS_OK;
}

void
unpack_worker(
    const struct unpack_request *request, int descriptor, volatile struct progress *progress)
{
	size_t memory = request->memory == 0 ? DEFAULT_MEMORY : request->memory;
	struct job *job = job_new(memory);
	struct job *last = job_new((size_t)1 << 16); /* for its words when nothing is left */
	struct text done;
	enum status status;

	if (job == NULL || last == NULL)
		_exit(1);
	status = unpack_and_send(job, request, memory, descriptor, progress);
	done = text_new(last);
	put_u16(&done, (uint16_t)status);
	put_string(&done, status == STATUS_OK ? NULL : job->reason);
	if (!done.failed)
		frame_send(job, descriptor, FRAME_DONE,
		    (struct span){(const uint8_t *)done.at, done.size});
	_exit(0);
}
