/*
 * A shell of the unit, over telnet or SSH, once somebody is logged in.
 */
#ifndef DEVICE_SHELL_TALK_H
#define DEVICE_SHELL_TALK_H

#include "device/login.h"

struct shell {
	const struct login *login;
	struct channel channel; /* of telnet */
	struct telnet telnet;
	struct ssh_talk ssh;
	const char *words; /* what it said last */
	enum telnet_prompt prompt;
	int64_t exchange;
};

/* Protocols that lead to a shell. */
bool shell_is_behind(const struct login *login);

/*
 * Logs in and listens: shell->prompt and shell->words are what it says then,
 * TELNET_SHELL or TELNET_NEW_PASSWORD after a log-in.  STATUS_REFUSED when the
 * password was not taken.  shell_close also after a failure.
 */
enum status shell_open(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, struct shell *shell);

/* Types a line, and listens. `secret`: the line is a password. */
enum status shell_ask(struct job *job, struct shell *shell, const char *line, bool secret);

void shell_close(struct job *job, struct shell *shell);

#endif
