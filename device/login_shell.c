/* Telnet and SSH: a shell's log-in takes its time to refuse, so sending a password and awaiting the
 * answer are two steps. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"

#define LISTENINGS 4

/* From the password on: what the unit makes of it. */
static enum status
judge_telnet(struct job *job, struct login_talk *talk)
{
	struct login_result *result = &talk->result;
	enum telnet_prompt prompt = TELNET_NOTHING;
	enum status status = STATUS_OK;

	/* Some think for many seconds before they refuse. */
	for (unsigned i = 0; i < LISTENINGS && status == STATUS_OK && prompt == TELNET_NOTHING; i++)
		status = telnet_listen(job, &talk->channel, &talk->telnet, &prompt);
	/* Hanging up on a wrong password is a refusal. */
	if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
		return status;
	if (status == STATUS_UNAVAILABLE && !talk->channel.ended)
		return status;
	result->answer = LOGIN_UNSURE;
	result->forced_change = prompt == TELNET_NEW_PASSWORD;
	if (prompt == TELNET_SHELL || prompt == TELNET_NEW_PASSWORD)
		result->answer = LOGIN_ACCEPTED;
	else if (prompt == TELNET_REFUSED || prompt == TELNET_LOGIN || prompt == TELNET_PASSWORD ||
		 status == STATUS_UNAVAILABLE)
		result->answer = LOGIN_REFUSED;
	if (result->answer == LOGIN_REFUSED && talk->telnet.words.size > 0)
		result->error_text_class = login_error_class(talk->telnet.words.at);
	return STATUS_OK;
}

/* Up to the password; talk->waiting when it was sent. */
static enum status
begin_telnet(struct job *job, const char *user, struct login_talk *talk)
{
	struct channel *channel = &talk->channel;
	enum telnet_prompt prompt;

	TRY(telnet_listen(job, channel, &talk->telnet, &prompt));
	if (prompt == TELNET_LOGIN) {
		TRY(telnet_say(job, channel, user));
		TRY(telnet_listen(job, channel, &talk->telnet, &prompt));
	} else if (!talk->login->no_user || prompt != TELNET_PASSWORD) {
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no question for a user",
		    channel->port);
	}
	if (prompt == TELNET_SHELL) {
		talk->result.answer = LOGIN_ACCEPTED;
		return STATUS_OK;
	}
	if (prompt == TELNET_REFUSED) {
		talk->result.error_text_class = login_error_class(talk->telnet.words.at);
		return STATUS_OK;
	}
	if (prompt != TELNET_PASSWORD)
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no question for a password",
		    channel->port);
	TRY(telnet_say_secret(job, channel, talk->password));
	talk->waiting = true;
	return STATUS_OK;
}

enum status
login_start_telnet(
    struct job *job, struct target *target, const char *user, struct login_talk *talk)
{
	enum status status = channel_open(job, target, talk->login->port, &talk->channel);

	talk->telnet = (struct telnet){.state = TELNET_DATA};
	talk->result.exchange = talk->channel.exchange;
	if (status == STATUS_OK)
		status = begin_telnet(job, user, talk);
	if (!talk->waiting)
		channel_hang_up(job, &talk->channel);
	return status;
}

enum status
login_finish_telnet(struct job *job, struct login_talk *talk)
{
	enum status status = judge_telnet(job, talk);

	talk->waiting = false;
	channel_hang_up(job, &talk->channel);
	return status;
}

static void
take_answer(struct login_talk *talk, enum ssh_login answer)
{
	if (answer == SSH_LOGIN_ACCEPTED)
		talk->result.answer = LOGIN_ACCEPTED;
	else if (answer == SSH_LOGIN_PARTIAL)
		talk->result.answer = LOGIN_UNSURE;
}

/* The ways in are each user's own: one may have a password where others need a key. */
static enum status
begin_ssh(struct job *job, struct login_talk *talk)
{
	struct ssh_ways ways = {0};

	TRY(ssh_ask_ways(job, &talk->ssh, &ways));
	take_answer(talk, ways.none ? SSH_LOGIN_ACCEPTED : SSH_LOGIN_REFUSED);
	if (ways.none || (!ways.password && !ways.interactive))
		return STATUS_OK;
	talk->interactive = !ways.password;
	if (!talk->interactive)
		ssh_start_password(&talk->ssh, talk->password);
	talk->waiting = true;
	return STATUS_OK;
}

enum status
login_start_ssh(struct job *job, struct target *target, const char *user, struct login_talk *talk)
{
	struct span blob;
	enum status status =
	    ssh_begin(job, target, talk->login->port, NULL, user, &talk->ssh, &blob);

	talk->result.exchange = talk->ssh.channel.exchange;
	if (status == STATUS_OK)
		status = begin_ssh(job, talk);
	if (!talk->waiting)
		ssh_end(job, &talk->ssh);
	return status;
}

enum status
login_finish_ssh(struct job *job, struct login_talk *talk)
{
	enum ssh_login answer = SSH_LOGIN_REFUSED;
	enum status status =
	    ssh_try_password(job, &talk->ssh, talk->password, talk->interactive, &answer);

	talk->waiting = false;
	take_answer(talk, answer);
	ssh_end(job, &talk->ssh);
	return status;
}

/* The same in one step, for logins.def. */
static enum status
try_whole(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, struct login_result *result)
{
	struct login_talk talk;
	enum status status = login_start(job, target, login, user, password, NULL, &talk);

	*result = talk.result;
	return status == STATUS_OK ? login_finish(job, target, &talk, result) : status;
}

enum status
login_try_telnet(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result)
{
	(void)control;
	return try_whole(job, target, login, user, password, result);
}

enum status
login_try_ssh(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	(void)control;
	return try_whole(job, target, login, user, password, result);
}
