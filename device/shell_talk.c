/* What a shell says is told apart as a telnet server's words are, whatever carries them. */
#include "device/shell_talk.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define QUIET_MS 400
#define PATIENCE_MS 4000
#define PORTIONS_MAX 200

bool
shell_is_behind(const struct login *login)
{
	return login_is_shell(login);
}

static bool
is_ssh(const struct shell *shell)
{
	return strcmp(shell->login->protocol, "ssh") == 0;
}

/* Until it asks something and falls silent. */
static enum status
listen_ssh(struct job *job, struct shell *shell)
{
	struct text out = text_new(job);
	struct text ignored = text_new(job);

	shell->telnet.words = out;
	shell->prompt = TELNET_NOTHING;
	for (unsigned i = 0; i < PORTIONS_MAX; i++) {
		struct span words;
		enum status status = ssh_shell_receive(job, &shell->ssh,
		    shell->telnet.words.size == 0 ? PATIENCE_MS : QUIET_MS, &words);

		if (status == STATUS_UNDECIDED)
			break;
		TRY(status);
		if (words.size == 0)
			return fail(job, STATUS_UNAVAILABLE, "port %u: ssh: it hung up",
			    shell->login->port);
		telnet_take(&shell->telnet, words, &ignored);
		if (shell->telnet.words.failed)
			return STATUS_LIMIT;
	}
	if (shell->telnet.words.size > 0)
		shell->prompt = telnet_prompt_of(telnet_words(&shell->telnet));
	return STATUS_OK;
}

static enum status
hear(struct job *job, struct shell *shell)
{
	enum status status =
	    is_ssh(shell) ? listen_ssh(job, shell)
			  : telnet_listen(job, &shell->channel, &shell->telnet, &shell->prompt);

	shell->words = telnet_words(&shell->telnet);
	return status;
}

static enum status
refused(struct job *job, const struct shell *shell)
{
	return fail(job, STATUS_REFUSED, "port %u: %s: the password opens no shell",
	    shell->login->port, shell->login->protocol);
}

static enum status
open_telnet(struct job *job, struct shell *shell, const char *user, const char *password)
{
	struct login_result result = {.answer = LOGIN_REFUSED};
	bool asked = false;
	enum status status;

	TRY(login_begin_telnet(job, &shell->channel, &shell->telnet, user, &result, &asked));
	shell->prompt = result.forced_change ? TELNET_NEW_PASSWORD : TELNET_SHELL;
	if (!asked)
		return result.answer == LOGIN_ACCEPTED ? STATUS_OK : refused(job, shell);
	shell->telnet.said = password;
	TRY(telnet_say_secret(job, &shell->channel, password));
	status = hear(job, shell);
	/* Hanging up on a wrong password is a refusal. */
	if (status == STATUS_UNAVAILABLE && shell->channel.ended)
		return refused(job, shell);
	TRY(status);
	if (shell->prompt == TELNET_OTHER)
		TRY(telnet_knock(job, &shell->channel, &shell->telnet, &shell->prompt));
	if (shell->prompt == TELNET_OTHER || shell->prompt == TELNET_NOTHING)
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no shell behind the log-in",
		    shell->login->port);
	return shell->prompt == TELNET_SHELL || shell->prompt == TELNET_NEW_PASSWORD
		   ? STATUS_OK
		   : refused(job, shell);
}

static enum status
open_ssh(struct job *job, struct shell *shell, const char *password)
{
	enum ssh_login answer;
	struct ssh_ways ways;

	TRY(ssh_ask_ways(job, &shell->ssh, &ways));
	if (!ways.none) {
		if (!ways.password && !ways.interactive)
			return refused(job, shell);
		TRY(ssh_try_password(job, &shell->ssh, password, !ways.password, &answer));
		if (answer != SSH_LOGIN_ACCEPTED)
			return refused(job, shell);
	}
	TRY(ssh_shell_open(job, &shell->ssh));
	TRY(hear(job, shell));
	return shell->prompt == TELNET_SHELL || shell->prompt == TELNET_NEW_PASSWORD ||
		       shell->prompt == TELNET_PASSWORD
		   ? STATUS_OK
		   : fail(job, STATUS_UNDECIDED, "port %u: ssh: no shell behind the log-in",
			 shell->login->port);
}

enum status
shell_open(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, struct shell *shell)
{
	struct span blob;
	enum status status;

	*shell = (struct shell){.login = login,
	    .channel = {.target = target, .descriptor = -1},
	    .ssh = {.channel = {.target = target, .descriptor = -1}},
	    .telnet = {.state = TELNET_DATA},
	    .words = "",
	    .exchange = UNKNOWN};
	if (is_ssh(shell)) {
		status = ssh_begin(job, target, login->port, NULL, user, &shell->ssh, &blob);
		shell->exchange = shell->ssh.channel.exchange;
		shell->ssh.channel.deadline = target->deadline; /* a dialogue takes its time */
		return status == STATUS_OK ? open_ssh(job, shell, password) : status;
	}
	status =
	    telnet_begin(job, target, login->port, login->tls, &shell->channel, &shell->telnet);
	shell->exchange = shell->channel.exchange;
	shell->channel.deadline = target->deadline;
	return status == STATUS_OK ? open_telnet(job, shell, user, password) : status;
}

enum status
shell_ask(struct job *job, struct shell *shell, const char *line, bool secret)
{
	shell->telnet.said = line;
	if (is_ssh(shell))
		TRY(ssh_shell_send(job, &shell->ssh, line));
	else if (secret)
		TRY(telnet_say_secret(job, &shell->channel, line));
	else
		TRY(telnet_say(job, &shell->channel, line));
	return hear(job, shell);
}

void
shell_close(struct job *job, struct shell *shell)
{
	if (is_ssh(shell))
		ssh_end(job, &shell->ssh);
	else
		channel_hang_up(job, &shell->channel);
}
