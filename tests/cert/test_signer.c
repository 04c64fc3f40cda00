/*
 * The signer as it is shipped: another program, in its cage, asked as the
 * supervisor asks.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/process_sign.h"
#include "base/file.h"
#include "base/frames.h"
#include "base/text.h"
#include "cert/day.h"

extern char **environ;

struct world {
	struct pki *pki;
	struct sign_files files;
	char issued[32], expires[32];
	struct issue_input input;
};

/* hopquy-signer stands in the root of the build folder that this test is in. */
static const char *
program(struct job *job)
{
	char path[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

	assert_true(size > 0);
	path[size] = '\0';
	for (char *slash; (slash = strrchr(path, '/')) != NULL;) {
		const char *candidate;

		*slash = '\0';
		candidate = arena_printf(job, "%s/hopquy-signer", path);
		if (candidate != NULL && access(candidate, X_OK) == 0)
			return candidate;
	}
	fail_msg("hopquy-signer is not built");
	return NULL;
}

static int
setup(void **state)
{
	struct pki *pki = pki_new_at((int64_t)time(NULL));
	struct world *world = arena_allocate(pki->job, sizeof(*world));
	struct span pem;

	assert_non_null(world);
	world->pki = pki;
	world->files = (struct sign_files){.program = program(pki->job),
	    .key = file_path_join(pki->job, pki->folder, "body.key"),
	    .certificate = file_path_join(pki->job, pki->folder, "body.pem"),
	    .trust = file_path_join(pki->job, pki->authority, "trust.p7m")};
	assert_ok(pki->job, key_write_new(pki->job, pki->body_key, world->files.key));
	assert_ok(pki->job, identity_to_pem(pki->job, pki->body.der, &pem));
	assert_ok(pki->job, file_write(pki->job, world->files.certificate, pem, 0644));
	world->input.claims = pki_claims(pki);
	day_of(pki->now, world->issued);
	day_of(pki->now + INT64_C(300) * 86400, world->expires);
	world->input.claims.issued = world->issued;
	world->input.claims.expires = world->expires;
	world->input.claims.assessed_at = pki->now;
	pki_sign_statements(pki, &world->input);
	*state = world;
	return 0;
}

static int
teardown(void **state)
{
	pki_free(((struct world *)*state)->pki);
	return 0;
}

static void
it_signs_what_was_decided(void **state)
{
	struct world *world = *state;
	struct job *job = world->pki->job;
	struct span request, der, wanted;
	struct signature signature;
	const struct identity *signer;

	assert_ok(job, issue_request_write(job, &world->input, &request));
	assert_ok(job, process_sign(job, &world->files, request, &der));
	assert_ok(job, signature_read(job, der, (struct span){0}, &signature));
	assert_ok(job, signature_check(job, NULL, &signature, &signer));
	assert_true(digest_equal(&signer->fingerprint, &world->pki->body.fingerprint));
	assert_ok(job, certificate_write(job, &world->input.claims, &wanted));
	assert_true(span_equal(signature.content, wanted));
}

static void
it_refuses_with_its_reason(void **state)
{
	struct world *world = *state;
	struct job *job = world->pki->job;
	struct span request, der;

	world->input.claims.model = "C-300";
	assert_ok(job, issue_request_write(job, &world->input, &request));
	assert_int_equal(process_sign(job, &world->files, request, &der), STATUS_REFUSED);
	assert_non_null(strstr(job->reason, "the model asked for"));
	assert_int_equal(
	    process_sign(job, &world->files, span_of_string("<x/>"), &der), STATUS_MALFORMED);
}

static void
a_token_is_said_to_be_unsupported(void **state)
{
	struct world *world = *state;
	struct job *job = world->pki->job;
	struct span request, der;

	world->files.key = "pkcs11:token=x";
	assert_ok(job, issue_request_write(job, &world->input, &request));
	assert_int_equal(process_sign(job, &world->files, request, &der), STATUS_UNAVAILABLE);
	assert_non_null(strstr(job->reason, "no token support"));
}

static void
a_missing_signer_is_unavailable(void **state)
{
	struct world *world = *state;
	struct job *job = world->pki->job;
	struct span request, der;

	world->files.program = "/nonexistent/hopquy-signer";
	assert_ok(job, issue_request_write(job, &world->input, &request));
	assert_int_equal(process_sign(job, &world->files, request, &der), STATUS_UNAVAILABLE);
}

/* Waits until the process has a seccomp filter; false after two seconds. */
static bool
becomes_caged(struct job *job, pid_t child)
{
	const char *path = arena_printf(job, "/proc/%d/status", (int)child);
	const struct timespec pause = {0, 10 * 1000 * 1000};

	for (unsigned i = 0; i < 200 && path != NULL; i++) {
		struct span status;

		if (file_read(job, path, 65536, &status) == STATUS_OK &&
		    span_find(status, "Seccomp:\t2", 10, 0) != SIZE_MAX)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static void
it_is_caged_before_it_reads_the_request(void **state)
{
	struct world *world = *state;
	struct job *job = world->pki->job;
	char *arguments[8] = {NULL};
	const char *const words[] = {world->files.program, "--key", world->files.key, "--cert",
	    world->files.certificate, "--trust", world->files.trust};
	posix_spawn_file_actions_t actions;
	int pair[2], ended;
	pid_t child;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		arguments[i] = arena_copy_string(job, words[i]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], 0);
	posix_spawn_file_actions_adddup2(&actions, pair[1], 1);
	assert_int_equal(posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	assert_true(becomes_caged(job, child));
	close(pair[1]);
	shutdown(pair[0], SHUT_WR);
	assert_int_equal(waitpid(child, &ended, 0), child);
	close(pair[0]);
	assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 65);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(it_signs_what_was_decided),
	    TEST(it_refuses_with_its_reason),
	    TEST(a_token_is_said_to_be_unsupported),
	    TEST(a_missing_signer_is_unavailable),
	    TEST(it_is_caged_before_it_reads_the_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
