/*
 * One unit of work: its memory, its limits and the reason it failed.
 *
 * A job is the first argument of everything that can fail.  A function that
 * fails records one English line for a person with fail() and returns a status
 * other than STATUS_OK; statuses are always checked.  A fault of the input is
 * evidence or STATUS_MALFORMED; a limit or a fault of ours ends the job.
 */
#ifndef BASE_JOB_H
#define BASE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum status {
	STATUS_OK = 0,
	STATUS_NO,          /* a clear answer: no */
	STATUS_UNDECIDED,   /* cannot be told */
	STATUS_USAGE,       /* the command line is wrong */
	STATUS_MALFORMED,   /* the input is not what it should be */
	STATUS_MISSING,     /* an input cannot be opened */
	STATUS_UNAVAILABLE, /* a needed thing is unavailable: token, device, server */
	STATUS_FAULT,       /* a fault of ours, or a limit of the job */
	STATUS_LIMIT,       /* memory, time, depth or size budget used up */
	STATUS_CANNOT_CREATE,
	STATUS_IO,
	STATUS_BUSY,
	STATUS_REFUSED, /* not authorised, bad signature, stale */
};

struct arena;

struct job {
	struct arena *arena;
	char reason[512]; /* why it failed: format, what, where, got, wanted */
};

/* A job over a fresh arena of at most `budget` bytes; NULL when there is no memory. */
struct job *job_new(size_t budget);
void job_free(struct job *job);

/* Records the reason and returns `status`. */
enum status fail(struct job *job, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* Puts "format" before the recorded reason: "case x.hopquy: …". */
enum status fail_in(struct job *job, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* The process exit status of the contract for a status of ours (docs/hopquy.1). */
int status_exit_code(enum status status);

/* The only macro that returns. */
#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum status try_status_ = (call);                                                  \
		if (try_status_ != STATUS_OK)                                                      \
			return try_status_;                                                        \
	} while (0)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Sums that cannot wrap: false on overflow, `*result` then untouched. */
static inline bool
size_add(size_t a, size_t b, size_t *result)
{
	return !__builtin_add_overflow(a, b, result);
}

static inline bool
size_mul(size_t a, size_t b, size_t *result)
{
	return !__builtin_mul_overflow(a, b, result);
}

#endif
