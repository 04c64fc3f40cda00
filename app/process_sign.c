/*
 * One question, one answer: the signer lives no longer than that.
 */
#include "app/process_sign.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/frames.h"

#define SIGNER_TIMEOUT_MS 30000

extern char **environ;

const char *
signer_path(struct job *job)
{
	char path[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (size <= 0)
		return "hopquy-signer";
	path[size] = '\0';
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	return file_path_join(job, path, "hopquy-signer");
}

static enum status
start(struct job *job, const struct sign_files *files, int descriptor, pid_t *child)
{
	const char *const words[] = {files->program, "--key", files->key, "--cert",
	    files->certificate, "--trust", files->trust};
	char *arguments[ARRAY_SIZE(words) + 1] = {NULL};
	posix_spawn_file_actions_t actions;
	int failure;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		arguments[i] = arena_copy_string(job, words[i]);
		if (arguments[i] == NULL)
			return STATUS_LIMIT;
	}
	if (posix_spawn_file_actions_init(&actions) != 0)
		return fail(job, STATUS_FAULT, "signer: cannot be prepared");
	failure = posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO);
	if (failure == 0)
		failure = posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO);
	if (failure == 0)
		failure = posix_spawn(child, files->program, &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failure != 0)
		return fail(
		    job, STATUS_UNAVAILABLE, "signer %s: %s", files->program, strerror(failure));
	return STATUS_OK;
}

/* The reason of a refusal comes from the signer, and stands for ours. */
static enum status
read_refusal(struct job *job, struct span payload)
{
	struct reader reader = {.rest = payload};
	uint16_t status = read_u16_le(&reader);
	const char *reason;

	if (!get_string(job, &reader, sizeof(job->reason), &reason) || reason == NULL ||
	    status == STATUS_OK || status > STATUS_REFUSED)
		return fail(job, STATUS_FAULT, "signer: its answer makes no sense");
	return fail(job, (enum status)status, "signer: %s", reason);
}

static enum status
talk(struct job *job, int descriptor, struct span request, struct span *der)
{
	enum frame_kind kind;
	struct span payload;
	bool ended = false;

	TRY(frame_send(job, descriptor, FRAME_REQUEST, request));
	TRY(frame_receive(job, descriptor, SIGNER_TIMEOUT_MS, &kind, &payload, &ended));
	if (ended)
		return fail(job, STATUS_UNAVAILABLE, "signer: it ended without an answer");
	if (kind == FRAME_DONE)
		return read_refusal(job, payload);
	if (kind != FRAME_REPLY)
		return fail(job, STATUS_FAULT, "signer: its answer makes no sense");
	*der = payload;
	return STATUS_OK;
}

enum status
process_sign(struct job *job, const struct sign_files *files, struct span request, struct span *der)
{
	int pair[2], ended;
	pid_t child;
	enum status status;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(job, STATUS_FAULT, "signer: %s", strerror(errno));
	status = start(job, files, pair[1], &child);
	close(pair[1]);
	if (status == STATUS_OK) {
		status = talk(job, pair[0], request, der);
		if (status == STATUS_IO)
			status = fail_in(job, STATUS_UNAVAILABLE, "signer");
		if (status != STATUS_OK)
			kill(child, SIGKILL);
		while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
			;
	}
	close(pair[0]);
	return status;
}
