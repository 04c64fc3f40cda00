/*
 * The cage of a worker: seccomp always, Landlock where the kernel has it.
 *
 * seccomp missing is a refusal; Landlock missing is recorded, because seccomp
 * alone denies every open.  Threads start after fork and before entering.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/job.h"

enum sandbox_role {
	SANDBOX_COMPUTE, /* read and write the descriptors it has, memory, time; never open, socket,
			    connect, exec, fork */
	SANDBOX_TALK, /* the same and send, recv, poll, recvmsg with descriptors, on sockets handed
			 to it; never connect or sendto an address */
	SANDBOX_DIAL, /* the same and socket, connect, bind to no port, epoll; never open, exec,
			 fork */
};

struct sandbox_report {
	bool landlock;    /* Landlock held as well */
	int landlock_abi; /* 0 when absent */
};

/*
 * Enters the cage for the rest of the process's life.  Closes no descriptor.
 * A refused call returns EPERM under the sanitizer build and in builds with
 * HOPQUY_SANDBOX_ERRNO, and ends the process with SIGSYS otherwise.
 *
 * mask_landlock  behave as on a kernel without Landlock (tests).
 *
 * STATUS_UNAVAILABLE  the kernel has no seccomp filter: do not go on
 */
enum status sandbox_enter(
    struct job *job, enum sandbox_role role, bool mask_landlock, struct sandbox_report *report);

/*
 * After fork: keeps `count` descriptors (at most 8), renumbered from 3 on, and
 * stderr; standard input and output become /dev/null and everything else is
 * closed, the case's file above all.  False when that cannot be done: leave.
 */
bool sandbox_keep_only(int *const descriptors[], size_t count);

/* Version of Landlock this kernel has; 0 when it has none (or `mask_landlock`). */
int sandbox_landlock_abi(bool mask_landlock);

/*
 * Limits of a worker, set before entering: bytes of private memory it may write to, what it
 * has when this is called included (ignored by the sanitizer build; 0 = none), CPU seconds (0 =
 * none), no core dumps, no new privileges, die with the parent.
 */
enum status sandbox_limits(struct job *job, size_t memory, unsigned cpu_seconds);

#endif
