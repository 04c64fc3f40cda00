/* A worker that dies or runs over a limit is a result, never a crash of the supervisor. */
#include "app/worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/password_watch.h"
#include "base/arena.h"
#include "base/frames.h"

#define CPU_SECONDS 1800

enum status
worker_start(struct job *job, struct worker *worker, int *child_end)
{
	int pair[2];
	pid_t supervisor = getpid();
	void *page =
	    mmap(NULL, WORKER_NAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*worker = (struct worker){.frames = -1, .pid = -1};
	if (page == MAP_FAILED)
		return fail(job, STATUS_FAULT, "worker: %s", strerror(errno));
	worker->doing = page;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(job, STATUS_FAULT, "worker: %s", strerror(errno));
	worker->pid = fork();
	if (worker->pid < 0) {
		close(pair[0]);
		close(pair[1]);
		return fail(job, STATUS_FAULT, "worker: %s", strerror(errno));
	}
	if (worker->pid == 0) {
		password_watch_leave();
		/* which does not end with the group ends with its supervisor, from the start */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != supervisor)
			_exit(1);
	}
	close(worker->pid == 0 ? pair[0] : pair[1]);
	worker->frames = worker->pid == 0 ? -1 : pair[0];
	*child_end = pair[1];
	return STATUS_OK;
}

void
worker_end(struct job *job, struct worker *worker, const char *name, const char **words)
{
	char doing[WORKER_NAME_SIZE] = {0};
	int state = 0;

	*words = NULL;
	if (worker->frames >= 0)
		close(worker->frames);
	if (worker->pid > 0) {
		kill(worker->pid, SIGKILL);
		while (waitpid(worker->pid, &state, 0) < 0 && errno == EINTR)
			;
	}
	for (size_t i = 0; worker->doing != NULL && i + 1 < sizeof doing; i++)
		doing[i] = worker->doing[i];
	if (worker->pid > 0 && WIFSIGNALED(state))
		*words = arena_printf(job, "%s ended by signal %d in %s", name, WTERMSIG(state),
		    doing[0] == '\0' ? "its start" : doing);
	else
		*words = arena_printf(
		    job, "%s ended early in %s", name, doing[0] == '\0' ? "its start" : doing);
	if (worker->doing != NULL)
		munmap((void *)(uintptr_t)worker->doing, WORKER_NAME_SIZE);
	*worker = (struct worker){.frames = -1, .pid = -1};
}

void
worker_say(volatile char *doing, const char *name)
{
	size_t size = strlen(name);

	for (size_t i = 0; i < WORKER_NAME_SIZE; i++)
		doing[i] = i < size && i + 1 < WORKER_NAME_SIZE ? name[i] : '\0';
}

enum status
worker_enter(
    struct job *job, const struct probe_request *request, enum sandbox_role role, size_t memory)
{
	struct sandbox_report report;

	TRY(sandbox_limits(job, memory, CPU_SECONDS));
	return request->no_sandbox ? STATUS_OK
				   : sandbox_enter(job, role, request->mask_landlock, &report);
}

void
worker_done(struct job *job, int frames, enum status status)
{
	struct text out = text_new(job);

	put_u16(&out, (uint16_t)status);
	put_string(&out, job->reason);
	(void)frame_send(job, frames, FRAME_DONE, (struct span){(const uint8_t *)out.at, out.size});
}
