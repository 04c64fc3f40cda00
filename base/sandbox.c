/* On Linux the cage is a seccomp filter that lists what is allowed, and Landlock with no rule at
 * all. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What every role may do: compute, wait, and use the descriptors it has. */
static const int common_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(getrusage),
    SCMP_SYS(prlimit64),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(membarrier),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
};

/* Talking over sockets that were handed over: no address is ever named. */
static const int talk_calls[] = {
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(fcntl),
    SCMP_SYS(ioctl),
};

static const int dial_calls[] = {
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind), /* an address of our own; listen and accept are not there */
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(sendto),
};

static bool
allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	return true;
}

/* Sending is allowed on a connected socket only: sendto with no address, sendmsg as it carries
 * descriptors. */
static bool
allow_role(scmp_filter_ctx filter, enum sandbox_role role)
{
	const struct scmp_arg_cmp no_address = {4, SCMP_CMP_EQ, 0, 0};

	if (!allow(filter, common_calls, ARRAY_SIZE(common_calls)))
		return false;
	if (role == SANDBOX_COMPUTE)
		return true;
	if (!allow(filter, talk_calls, ARRAY_SIZE(talk_calls)))
		return false;
	if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 1, &no_address) != 0)
		return false;
	if (role == SANDBOX_TALK)
		return true;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), 0) == 0 &&
	       allow(filter, dial_calls, ARRAY_SIZE(dial_calls));
}

static enum status
enter_seccomp(struct job *job, enum sandbox_role role)
{
#if defined(HOPQUY_SANITIZE) || defined(HOPQUY_SANDBOX_ERRNO)
	uint32_t otherwise = SCMP_ACT_ERRNO(EPERM);
#else
	uint32_t otherwise = SCMP_ACT_KILL_PROCESS;
#endif
	scmp_filter_ctx filter = seccomp_init(otherwise);
	bool good = filter != NULL && allow_role(filter, role) &&
		    seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
		    seccomp_load(filter) == 0;

	if (filter != NULL)
		seccomp_release(filter);
	return good ? STATUS_OK
		    : fail(job, STATUS_UNAVAILABLE,
			  "sandbox: this kernel has no seccomp filter; refusing to parse untrusted "
			  "input");
}

#define KEEP_MAX 8
#define HIGH 16 /* out of the way of 3 … 3 + KEEP_MAX */

bool
sandbox_keep_only(int *const descriptors[], size_t count)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), high[KEEP_MAX];

	if (null < 0 || count > KEEP_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		if ((high[i] = fcntl(*descriptors[i], F_DUPFD_CLOEXEC, HIGH)) < 0)
			return false;
	for (size_t i = 0; i < count; i++) {
		*descriptors[i] = 3 + (int)i;
		if (dup2(high[i], *descriptors[i]) < 0)
			return false;
	}
	return dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	       close_range(3 + (unsigned)count, ~0U, 0) == 0;
}

int
sandbox_landlock_abi(bool mask_landlock)
{
	long abi = mask_landlock ? -1
				 : syscall(SYS_landlock_create_ruleset, NULL, 0,
				       LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 1 ? 0 : (int)abi;
}

/* A ruleset that handles every kind of access and allows none. */
static void
enter_landlock(struct sandbox_report *report)
{
	int abi = sandbox_landlock_abi(false);
	struct landlock_ruleset_attr attributes = {
	    .handled_access_fs = abi >= 2 ? (1ULL << 14) - 1 : (1ULL << 13) - 1};
	int rules;

	if (abi < 1)
		return;
	rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	if (rules < 0)
		return;
	if (syscall(SYS_landlock_restrict_self, rules, 0) == 0) {
		report->landlock = true;
		report->landlock_abi = (int)abi;
	}
	close(rules);
}

enum status
sandbox_enter(
    struct job *job, enum sandbox_role role, bool mask_landlock, struct sandbox_report *report)
{
	*report = (struct sandbox_report){0};
	tzset(); /* else the first date would open the time zone's file */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail(job, STATUS_UNAVAILABLE, "sandbox: no_new_privs: %s", strerror(errno));
	if (!mask_landlock)
		enter_landlock(report);
	return enter_seccomp(job, role);
}

enum status
sandbox_limits(struct job *job, size_t memory, unsigned cpu_seconds)
{
	struct rlimit none = {0, 0};
	struct rlimit cpu = {cpu_seconds, cpu_seconds};

	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    (cpu_seconds != 0 && setrlimit(RLIMIT_CPU, &cpu) != 0))
		return fail(job, STATUS_FAULT, "sandbox: limits: %s", strerror(errno));
#ifndef HOPQUY_SANITIZE
	if (memory != 0) {
		struct rlimit data = {memory, memory};

		/* not the address space: mapped images and reserved addresses hold no memory */
		if (setrlimit(RLIMIT_DATA, &data) != 0)
			return fail(
			    job, STATUS_FAULT, "sandbox: memory limit: %s", strerror(errno));
	}
#else
	(void)memory; /* the sanitizer takes what it needs: the arena's budget bounds instead */
#endif
	return STATUS_OK;
}
