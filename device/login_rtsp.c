/* Asking for a description is enough to be asked for a password, and opens nothing. */
#include <string.h>

#include "base/arena.h"
#include "device/login.h"
#include "device/rtsp_client.h"

/*
 * No more than a stream that is not there after a password that was right: the
 * same path had answered 401 without one.  What a busy or locked unit says
 * stands for nothing.
 */
static enum login_answer
judge(int status, bool control)
{
	if (status == 401)
		return LOGIN_REFUSED;
	if (control)
		return LOGIN_UNSURE;
	return status == 200 || status == 404 ? LOGIN_ACCEPTED : LOGIN_UNSURE;
}

static enum status
try_pair(struct rtsp *rtsp, const struct login *login, const char *user, const char *password,
    bool control, struct login_result *result)
{
	struct job *job = rtsp->ask.job;
	struct http_response *response = arena_allocate(job, sizeof *response);
	bool asked;

	if (response == NULL)
		return STATUS_LIMIT;
	TRY(rtsp_describe_as(rtsp, login->path, login->scheme, user, password, &asked, response));
	if (!asked)
		return fail(job, STATUS_UNDECIDED, "port %u: no %s challenge any more", login->port,
		    login->scheme);
	result->exchange = response->exchange;
	result->answer = judge(response->status, control);
	result->status = response->status;
	if (result->answer == LOGIN_REFUSED)
		result->error_text_class = "generic";
	return STATUS_OK;
}

enum status
login_try_rtsp(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct service service = {.port = login->port, .tls = login->tls, .name = "rtsp"};
	struct rtsp rtsp;
	enum status status;

	TRY(rtsp_begin(job, target, &service, &rtsp));
	status = try_pair(&rtsp, login, user, password, control == NULL, result);
	rtsp_end(&rtsp);
	return status;
}
