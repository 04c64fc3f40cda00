/* One harness for all formats: the descriptors decide what a random image is. */
#include <locale.h>
#include <stdlib.h>

#include "base/arena.h"
#include "firmware/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status
check(struct evidence *self, struct job *job, const struct fact *fact)
{
	(void)self;
	return fact_check(job, fact);
}

/* A fact the parser makes must be one the supervisor takes: anything but these ends is a bug. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct job *job;
	static struct unpack *unpack;
	static struct evidence evidence = {.add = check};
	const struct tree *tree;
	struct arena_mark mark;
	enum status status;

	if (job == NULL) {
		struct unpack_options options = {.memory = (size_t)32 << 20, .evidence = &evidence};

		setlocale(LC_CTYPE, "C.UTF-8");
		job = job_new((size_t)64 << 20);
		unpack = unpack_new(job, &options);
		if (unpack == NULL)
			abort();
	}
	mark = arena_mark(job->arena);
	status = unpack_run(unpack, (struct span){data, size}, &tree);
	if (status != STATUS_OK && status != STATUS_MALFORMED && status != STATUS_LIMIT)
		abort();
	arena_release(job->arena, mark);
	return 0;
}
