/* Scratch files stand below build/ and carry the process id, so tests can run side by side. */
#include "tests/support/support.h"

#include <sys/stat.h>
#include <unistd.h>

int
setup_job(void **state)
{
	*state = job_new(TEST_BUDGET);
	return *state == NULL;
}

int
teardown_job(void **state)
{
	job_free(*state);
	return 0;
}

const char *
scratch_path(struct job *job, const char *name)
{
	mkdir("build", 0755);
	mkdir("build/scratch", 0755);
	return arena_printf(job, "build/scratch/%d-%s", (int)getpid(), name);
}
