/* What every test needs: cmocka with its includes, and a job that is let go. */
#ifndef TESTS_SUPPORT_SUPPORT_H
#define TESTS_SUPPORT_SUPPORT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours is in base/job.h */
#undef fail_msg
#define fail_msg(...)                                                                              \
	do {                                                                                       \
		print_error("ERROR: " __VA_ARGS__);                                                \
		print_error("\n");                                                                 \
		_fail(__FILE__, __LINE__);                                                         \
	} while (0)
/* clang-format on */

#include "base/arena.h"
#include "base/job.h"

#define TEST_BUDGET ((size_t)256 << 20)

/* cmocka's set-up and tear-down: *state is a struct job. */
int setup_job(void **state);
int teardown_job(void **state);

#define assert_ok(job, call)                                                                       \
	do {                                                                                       \
		enum status assert_status_ = (call);                                               \
		if (assert_status_ != STATUS_OK)                                                   \
			fail_msg("%s: status %d: %s", #call, (int)assert_status_, (job)->reason);  \
	} while (0)

/* A path below build/ that no other running test uses. */
const char *scratch_path(struct job *job, const char *name);

#endif
