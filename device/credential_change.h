/*
 * One account whose password is changed and set back, while the probe
 * "credential_changes" works on it.
 */
#ifndef DEVICE_CREDENTIAL_CHANGE_H
#define DEVICE_CREDENTIAL_CHANGE_H

#include "device/shell_talk.h"
#include "facts/evidence.h"

struct change {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct login *login;
	const char *place; /* "ssh port 22" */
	const char *user;
	const char *old;
	const char *current; /* what opens it now, as far as is known */
	const char *sent;    /* what was sent last, taken or not */
	struct shell *first; /* opened with the old password, and kept open; NULL: not a shell */
	const char *rights;  /* the account's level, by ONVIF */
	int64_t exchange;
	bool open; /* another password was told to be, and the old one not yet to be back */
	bool lost; /* the old password could not be set back */
};

/*
 * Logs in with `as` and sets `new`.  *said is what the unit's answer came to:
 * taken, not taken, UNKNOWN; a unit that gives none is no failure.
 */
enum status change_by_shell(struct change *change, const char *as, const char *new, int64_t *said);
/* The same in the shell that was opened first: no log-in is needed. */
enum status change_by_first_shell(struct change *change, const char *new, int64_t *said);
/* Source: ONVIF Core specification, section 8.4 (GetUsers, SetUser). */
enum status change_by_onvif(struct change *change, const char *as, const char *new, int64_t *said);

/*
 * Finds change->rights, which SetUser sets as well.  STATUS_UNDECIDED when the
 * service does not tell them: then nothing must be set.
 */
enum status change_find_rights(struct change *change);

#endif
