/* Telnet and SSH: a shell's log-in takes its time to refuse, so sending a password and awaiting the
 * answer are two steps. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"

#define LISTENINGS 4

enum status
login_start_telnet(
    struct job *job, struct target *target, const char *user, struct login_talk *talk)
{
	const struct login *login = talk->login;
	bool asked = false;
	enum status status =
	    telnet_begin(job, target, login->port, login->tls, &talk->channel, &talk->telnet);

	talk->result.exchange = talk->channel.exchange;
	if (status == STATUS_OK)
		status = login_begin_telnet(
		    job, &talk->channel, &talk->telnet, user, &talk->result, &asked);
	talk->telnet.said = asked ? talk->password : NULL;
	if (status == STATUS_OK && asked)
		status = telnet_say_secret(job, &talk->channel, talk->password);
	talk->waiting = status == STATUS_OK && asked;
	if (!talk->waiting)
		channel_hang_up(job, &talk->channel);
	return status;
}

enum status
login_finish_telnet(struct job *job, struct login_talk *talk)
{
	enum status status = STATUS_OK;

	/* Some think for many seconds before they refuse. */
	for (unsigned i = 0; i < LISTENINGS && status == STATUS_OK; i++) {
		status = login_judge_telnet(
		    job, &talk->channel, &talk->telnet, talk->control, &talk->result);
		if (talk->result.answer != LOGIN_UNSURE || telnet_words(&talk->telnet)[0] != '\0')
			break;
	}
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
	take_answer(talk, ways.none  ? SSH_LOGIN_ACCEPTED
			  : ways.key ? SSH_LOGIN_REFUSED
				     : SSH_LOGIN_PARTIAL); /* no way in at all: nobody was judged */
	if (ways.none || (!ways.password && !ways.interactive))
		return STATUS_OK;
	talk->interactive = !ways.password;
	if (!talk->interactive)
		ssh_start_password(&talk->ssh, talk->password);
	talk->result.answer = LOGIN_REFUSED;
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
