/* A job is an arena and the reason it failed; both live in one block. */
#include "base/job.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct job *
job_new(size_t budget)
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->arena = arena_new(budget);
	if (job->arena == NULL) {
		free(job);
		return NULL;
	}
	return job;
}

void
job_free(struct job *job)
{
	if (job == NULL)
		return;
	arena_free(job->arena);
	free(job);
}

enum status
fail(struct job *job, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(job->reason, sizeof job->reason, format, arguments);
	va_end(arguments);
	return status;
}

enum status
fail_in(struct job *job, enum status status, const char *format, ...)
{
	char inner[sizeof job->reason];
	va_list arguments;
	size_t used;

	memcpy(inner, job->reason, sizeof inner);
	va_start(arguments, format);
	vsnprintf(job->reason, sizeof job->reason, format, arguments);
	va_end(arguments);
	used = strlen(job->reason);
	snprintf(job->reason + used, sizeof job->reason - used, ": %s", inner);
	return status;
}

int
status_exit_code(enum status status)
{
	static const int codes[] = {
	    [STATUS_OK] = 0,
	    [STATUS_NO] = 1,
	    [STATUS_UNDECIDED] = 2,
	    [STATUS_USAGE] = 64,
	    [STATUS_MALFORMED] = 65,
	    [STATUS_MISSING] = 66,
	    [STATUS_UNAVAILABLE] = 69,
	    [STATUS_FAULT] = 70,
	    [STATUS_LIMIT] = 70,
	    [STATUS_CANNOT_CREATE] = 73,
	    [STATUS_IO] = 74,
	    [STATUS_BUSY] = 75,
	    [STATUS_REFUSED] = 77,
	};

	return (size_t)status < ARRAY_SIZE(codes) ? codes[status] : 70;
}
