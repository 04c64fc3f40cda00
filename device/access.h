/*
 * What a unit lets be done by whom, while the probe "access" asks it.
 */
#ifndef DEVICE_ACCESS_H
#define DEVICE_ACCESS_H

#include "device/login.h"
#include "facts/evidence.h"

enum access_role { ACCESS_NONE, ACCESS_WRONG, ACCESS_LOW, ACCESS_RIGHT, ACCESS_ROLES };

/* Asking at one log-in. */
struct access {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome trials;
	struct outcome told;
	const struct login *login;
	const struct credential *right;     /* the owner's pair; never NULL */
	const struct credential *low;       /* of a user with fewer rights; NULL */
	struct credential wrong;            /* a pair that nobody can have set */
	const struct login_result *control; /* what it came to */
	int64_t control_ms;                 /* and how long that took */
};

/* `allowed` 0, 1 or UNKNOWN; the strings have to last. */
enum status access_add_trial(struct access *access, enum access_role role, const char *function,
    const char *kind, int64_t allowed, const char *detail, int64_t exchange);

/*
 * By the protocol of a log-in: asks for its functions in every role.  The
 * right pair was accepted there before.  A protocol with functions of its own
 * has a line in the table of probes/access.c.
 */
enum status access_try_web(struct access *access);
enum status access_try_onvif(struct access *access);

/*
 * Does the log-in tell whether a user exists?  A few wrong passwords of the owner's and of
 * users that cannot be; then the owner logs in.  `control` and `right` are known.
 */
enum status access_compare_users(struct access *access);

#endif
