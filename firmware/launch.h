/*
 * Which word of a command is the program, behind what only starts it, and as whom it runs.
 */
#ifndef FIRMWARE_LAUNCH_H
#define FIRMWARE_LAUNCH_H

#include "firmware/shell.h"

struct launch {
	size_t program;   /* word_count where there is none */
	size_t arguments; /* where the program's own words begin */
	bool starts;      /* a starter of services: whatever it names stays */
	bool stops;       /* it ends the program instead */
	const char *user; /* borrowed from the command; NULL where it does not say */
};

struct launch launch_read(const struct shell_command *command);
/* "service_start", "start_daemon": names of functions that start what they are given. */
bool launch_is_start(const char *word);
/* What stands behind the last "/". */
const char *launch_base_name(const char *path);

#endif
