/* Wrong, locked and not yet set up are all 401: the XML behind it says which. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_login.h"
#include "device/interfaces.h"
#include "device/markup.h"

#define VALUE_MAX 40

static bool
is(struct job *job, const struct markup *markup, const char *name, const char *value)
{
	const char *said = markup_text_of(job, markup, 0, name, VALUE_MAX);

	return said != NULL && text_equal_ignoring_case(said, value);
}

enum status
isapi_read(struct job *job, int status, struct span body, enum interface_says *says, bool *last_try)
{
	struct markup markup;
	enum status read;
	const char *until, *left;
	int64_t number;

	*says = SAYS_OTHER;
	*last_try = false;
	if (body.size == 0 || (status != 200 && status != 401))
		return STATUS_OK;
	read = markup_read(job, body, &markup);
	if (fault_is_ours(read))
		return read;
	if (read != STATUS_OK || markup.count == 0 ||
	    strcmp(markup.elements[0].name, "userCheck") != 0)
		return STATUS_OK;
	if (!is(job, &markup, "statusValue", status == 200 ? "200" : "401") ||
	    is(job, &markup, "isActivated", "false"))
		return STATUS_OK;
	until = markup_text_of(job, &markup, 0, "unlockTime", VALUE_MAX);
	if (until != NULL && text_parse_integer(until, 1, INT64_MAX, &number))
		*says = SAYS_LOCKED;
	else if (is(job, &markup, "lockStatus", "lock") || is(job, &markup, "lockStatus", "locked"))
		*says = SAYS_LOCKED;
	else
		*says = status == 200 ? SAYS_IN : SAYS_REFUSED;
	left = markup_text_of(job, &markup, 0, "retryLoginTime", VALUE_MAX);
	*last_try = left != NULL && text_parse_integer(left, 0, 1, &number);
	return STATUS_OK;
}

enum status
login_try_isapi(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct http_request request = {.method = "GET",
	    .path = login->path,
	    .protocol = "HTTP/1.1",
	    .headers = "",
	    .body_limit = INTERFACE_BODY_MAX};
	struct http_response *response = arena_allocate(job, sizeof *response);
	enum interface_says says;
	bool asked;

	(void)control;
	if (response == NULL)
		return STATUS_LIMIT;
	TRY(http_ask_as(job, target, login, &request, user, password, response, &asked));
	if (!asked)
		return fail(job, STATUS_UNDECIDED, "port %u: no %s challenge any more", login->port,
		    login->scheme);
	TRY(isapi_read(job, response->status, response->body, &says, &result->last_try));
	result->exchange = response->exchange;
	result->answer = says == SAYS_IN        ? LOGIN_ACCEPTED
			 : says == SAYS_REFUSED ? LOGIN_REFUSED
						: LOGIN_UNSURE;
	if (says == SAYS_REFUSED || says == SAYS_LOCKED)
		result->error_text_class = says == SAYS_LOCKED ? "locked" : "generic";
	result->trace = arena_printf(job, "%d %d", response->status, (int)says);
	return result->trace == NULL ? STATUS_LIMIT : STATUS_OK;
}
