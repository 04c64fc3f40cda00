/* Each try is a connection of its own: a server that counts tries counts them by connection. */
#include <string.h>

#include "device/ftp_client.h"
#include "device/login.h"

/* What a reply to USER or PASS comes to. */
static enum status
judge(struct job *job, uint16_t port, const struct ftp_reply *reply, struct login_result *result)
{
	if (reply->code == 230 || reply->code == 202 || reply->code == 232) {
		result->answer = LOGIN_ACCEPTED;
		result->forced_change = strcasestr(reply->text, "must change") != NULL ||
					strcasestr(reply->text, "expired") != NULL;
		return STATUS_OK;
	}
	/* Too many at once, or shut out: the pair was not judged. */
	if (reply->code == 421 || reply->code == 450 || reply->code == 451)
		return fail(
		    job, STATUS_UNAVAILABLE, "port %u: ftp: %d %s", port, reply->code, reply->text);
	/* Only these speak of the pair (RFC 959 section 5.4), and not where they ask for TLS. */
	if ((reply->code != 530 && reply->code != 430 && reply->code != 535 &&
		reply->code != 550) ||
	    strstr(reply->text, "TLS") != NULL || strstr(reply->text, "SSL") != NULL ||
	    strcasestr(reply->text, "encrypt") != NULL) {
		result->answer = LOGIN_UNSURE;
		return STATUS_OK;
	}
	login_refuse(result, reply->text);
	return STATUS_OK;
}

static enum status
talk(struct job *job, struct ftp *ftp, const char *user, const char *password,
    struct login_result *result)
{
	struct ftp_reply reply;

	TRY(ftp_ask(job, ftp, "USER", user, &reply));
	if (reply.code != 331)
		return judge(job, ftp->channel.port, &reply, result);
	TRY(ftp_ask(job, ftp, "PASS", password, &reply));
	return judge(job, ftp->channel.port, &reply, result);
}

enum status
login_try_ftp(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	bool implicit = login->tls && login->path != NULL, secured = true;
	struct ftp_reply welcome;
	struct ftp ftp;
	enum status status = ftp_begin(job, target, login->port, implicit, &ftp, &welcome);

	(void)control;
	result->exchange = ftp.channel.exchange;
	if (status == STATUS_OK && login->tls && !implicit)
		status = ftp_secure(job, &ftp, &secured);
	if (status == STATUS_OK && !secured)
		status = fail(
		    job, STATUS_UNDECIDED, "port %u: ftp: it no longer offers TLS", login->port);
	if (status == STATUS_OK)
		status = talk(job, &ftp, user, password, result);
	ftp_end(job, &ftp);
	return status;
}
