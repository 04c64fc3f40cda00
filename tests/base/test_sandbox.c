/* The cage is proven from inside: a child enters it, tries what it must not, and says what the
 * kernel answered. */
#include "tests/support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"

enum attempt {
	ATTEMPT_NOTHING,
	ATTEMPT_OPEN,
	ATTEMPT_SOCKET,
	ATTEMPT_CONNECT,
	ATTEMPT_EXEC,
	ATTEMPT_FORK,
	ATTEMPT_SENDTO,
	ATTEMPT_BIND,
	ATTEMPT_LISTEN
};

static int outside = -1; /* a socket made before the cage, for connect and sendto */

static bool
try_it(enum attempt attempt)
{
	struct sockaddr_in to = {
	    .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char *const arguments[] = {(char[]){"true"}, NULL};

	switch (attempt) {
	case ATTEMPT_OPEN:
		return open("/etc/passwd", O_RDONLY) >= 0;
	case ATTEMPT_SOCKET:
		return socket(AF_INET, SOCK_STREAM, 0) >= 0;
	case ATTEMPT_CONNECT:
		return connect(outside, (struct sockaddr *)&to, sizeof to) == 0 || errno != EPERM;
	case ATTEMPT_EXEC:
		return execv("/bin/true", arguments) == 0;
	case ATTEMPT_FORK:
		return fork() >= 0;
	case ATTEMPT_SENDTO:
		return sendto(outside, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1;
	case ATTEMPT_BIND:
		to.sin_port = 0;
		return bind(outside, (struct sockaddr *)&to, sizeof to) == 0;
	case ATTEMPT_LISTEN:
		return listen(outside, 1) == 0 || errno != EPERM;
	default:
		return true;
	}
}

/* 0: it was allowed; 1: the kernel refused it, by EPERM or by ending the process. */
static int
refused(enum sandbox_role role, enum attempt attempt, bool mask_landlock)
{
	pid_t child;
	int how;

	outside = socket(AF_INET, SOCK_DGRAM, 0);
	assert_true(outside >= 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct job *job = job_new(1 << 20);
		struct sandbox_report report;

		if (sandbox_limits(job, 0, 5) != STATUS_OK ||
		    sandbox_enter(job, role, mask_landlock, &report) != STATUS_OK)
			_exit(9);
		_exit(try_it(attempt) ? 0 : 1);
	}
	close(outside);
	assert_int_equal(waitpid(child, &how, 0), child);
	if (WIFSIGNALED(how)) {
		assert_int_equal(WTERMSIG(how), SIGSYS);
		return 1;
	}
	assert_int_not_equal(WEXITSTATUS(how), 9);
	return WEXITSTATUS(how);
}

static void
a_worker_that_computes_can_reach_nothing(void **state)
{
	(void)state;
	assert_int_equal(refused(SANDBOX_COMPUTE, ATTEMPT_NOTHING, false), 0);
	for (enum attempt attempt = ATTEMPT_OPEN; attempt <= ATTEMPT_LISTEN; attempt++)
		assert_int_equal(refused(SANDBOX_COMPUTE, attempt, false), 1);
}

static void
seccomp_alone_holds_where_the_kernel_has_no_landlock(void **state)
{
	(void)state;
	assert_int_equal(refused(SANDBOX_COMPUTE, ATTEMPT_NOTHING, true), 0);
	for (enum attempt attempt = ATTEMPT_OPEN; attempt <= ATTEMPT_LISTEN; attempt++)
		assert_int_equal(refused(SANDBOX_COMPUTE, attempt, true), 1);
}

static void
a_prober_cannot_name_an_address(void **state)
{
	(void)state;
	assert_int_equal(refused(SANDBOX_TALK, ATTEMPT_NOTHING, false), 0);
	for (enum attempt attempt = ATTEMPT_OPEN; attempt <= ATTEMPT_LISTEN; attempt++)
		assert_int_equal(refused(SANDBOX_TALK, attempt, false), 1);
}

static void
a_dialer_connects_and_does_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(refused(SANDBOX_DIAL, ATTEMPT_SOCKET, false), 0);
	assert_int_equal(refused(SANDBOX_DIAL, ATTEMPT_CONNECT, false), 0);
	assert_int_equal(
	    refused(SANDBOX_DIAL, ATTEMPT_BIND, false), 0); /* to send from an address */
	assert_int_equal(refused(SANDBOX_DIAL, ATTEMPT_LISTEN, false), 1);
	assert_int_equal(refused(SANDBOX_DIAL, ATTEMPT_OPEN, false), 1);
	assert_int_equal(refused(SANDBOX_DIAL, ATTEMPT_EXEC, false), 1);
	assert_int_equal(refused(SANDBOX_DIAL, ATTEMPT_FORK, false), 1);
}

/* How a child ends that may hold `memory` bytes more than it has and asks for `wanted`. */
static int
ask_for_memory(size_t memory, size_t wanted)
{
	pid_t child = fork();
	int how;

	assert_true(child >= 0);
	if (child == 0) {
		struct job *job = job_new(1 << 20);
		void *block;

		if (sandbox_limits(job, memory, 5) != STATUS_OK)
			_exit(9);
		block = malloc(wanted);
		if (block != NULL)
			memset(block, 1, wanted);
		_exit(block == NULL ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFEXITED(how));
	return WEXITSTATUS(how);
}

static void
a_worker_gets_no_more_memory_than_its_limit(void **state)
{
	(void)state;
#ifdef HOPQUY_SANITIZE
	skip(); /* the sanitizer's own memory would count: the release build is tested as well */
#endif
	assert_int_equal(ask_for_memory((size_t)64 << 20, (size_t)32 << 20), 0);
	assert_int_equal(ask_for_memory((size_t)64 << 20, (size_t)80 << 20), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_worker_that_computes_can_reach_nothing),
	    cmocka_unit_test(seccomp_alone_holds_where_the_kernel_has_no_landlock),
	    cmocka_unit_test(a_prober_cannot_name_an_address),
	    cmocka_unit_test(a_dialer_connects_and_does_nothing_else),
	    cmocka_unit_test(a_worker_gets_no_more_memory_than_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
