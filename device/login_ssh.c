/* The server's own answer decides: nothing has to be read out of words. */
#include "device/login.h"
#include "device/ssh_client.h"

/* The ways in are each user's own: one may have a password where others need a key. */
static enum status
talk_ssh(struct job *job, struct ssh_talk *talk, const char *password, enum ssh_login *answer)
{
	struct ssh_ways ways = {0};

	TRY(ssh_ask_ways(job, talk, &ways));
	*answer = ways.none ? SSH_LOGIN_ACCEPTED : SSH_LOGIN_REFUSED;
	if (ways.none || (!ways.password && !ways.interactive))
		return STATUS_OK;
	return ssh_try_password(job, talk, password, !ways.password, answer);
}

enum status
login_try_ssh(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct ssh_talk talk;
	struct span blob;
	enum ssh_login answer = SSH_LOGIN_REFUSED;
	enum status status = ssh_begin(job, target, login->port, NULL, user, &talk, &blob);

	(void)control;
	result->exchange = talk.channel.exchange;
	if (status == STATUS_OK)
		status = talk_ssh(job, &talk, password, &answer);
	ssh_end(job, &talk);
	if (answer == SSH_LOGIN_ACCEPTED)
		result->answer = LOGIN_ACCEPTED;
	else if (answer == SSH_LOGIN_PARTIAL)
		result->answer = LOGIN_UNSURE;
	return status;
}
