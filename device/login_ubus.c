/* LuCI's pages, and others, call the router's bus by HTTP: a status of 6 is "permission denied". */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_read.h"
#include "device/interfaces.h"

#define DENIED 6 /* UBUS_STATUS_PERMISSION_DENIED */
#define NOBODY "00000000000000000000000000000000"

enum status
interface_ask(struct job *job, struct target *target, uint16_t port, bool tls, const char *path,
    const char *body, bool secret, struct http_response *response)
{
	struct http_request request = {.method = "POST",
	    .path = path,
	    .protocol = "HTTP/1.1",
	    .headers = "",
	    .body = body,
	    .media = "application/json",
	    .secret = secret,
	    .body_limit = INTERFACE_BODY_MAX};

	return http_ask(job, target, port, tls, &request, response);
}

/* Thirty-two digits. */
static bool
is_session(const char *text)
{
	return text != NULL && strlen(text) == 32 && strspn(text, "0123456789abcdefABCDEF") == 32;
}

/* A body of 64 KiB may be cut: then it is no JSON, and says nothing. */
static enum status
pick(struct job *job, int status, struct span body, const char *const *paths, size_t count,
    struct json_member *members, bool *read)
{
	enum status picked;

	*read = false;
	if (status != 200 || body.size == 0)
		return STATUS_OK;
	picked = json_pick(job, body, paths, count, members);
	*read = picked == STATUS_OK;
	return fault_is_ours(picked) ? picked : STATUS_OK;
}

enum status
ubus_read(
    struct job *job, int status, struct span body, enum interface_says *says, const char **session)
{
	enum { VERSION, CODE, SESSION, SECOND, PATHS };
	static const char *const paths[PATHS] = {
	    "jsonrpc", "result.0", "result.1.ubus_rpc_session", "result.1"};
	struct json_member is[PATHS];
	bool read;

	*says = SAYS_OTHER;
	*session = NULL;
	TRY(pick(job, status, body, paths, PATHS, is, &read));
	if (!read || is[VERSION].string == NULL || strcmp(is[VERSION].string, "2.0") != 0 ||
	    is[CODE].name == NULL || is[CODE].string != NULL || is[CODE].boolean)
		return STATUS_OK;
	if (is[CODE].integer == 0 && is_session(is[SESSION].string)) {
		*says = SAYS_IN;
		*session = is[SESSION].string;
	} else if (is[CODE].integer == DENIED && is[SESSION].name == NULL &&
		   is[SECOND].name == NULL) {
		*says = SAYS_REFUSED;
	}
	return STATUS_OK;
}

enum status
ubus_look(struct job *job, struct target *target, uint16_t port, bool tls,
    struct http_response *response, bool *speaks)
{
	enum { VERSION, USER, PASSWORD, PATHS };
	static const char *const paths[PATHS] = {
	    "jsonrpc", "result.session.login.username", "result.session.login.password"};
	struct json_member is[PATHS];

	TRY(interface_ask(job, target, port, tls, UBUS_PATH,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"list\",\"params\":[\"session\"]}", false,
	    response));
	TRY(pick(job, response->status, response->body, paths, PATHS, is, speaks));
	*speaks = *speaks && is[VERSION].string != NULL && strcmp(is[VERSION].string, "2.0") == 0 &&
		  is[USER].name != NULL && is[PASSWORD].name != NULL;
	return STATUS_OK;
}

/* `session` calls `function` of the object "session" with one or two words. */
static enum status
call(struct job *job, struct target *target, const struct login *login, const char *session,
    const char *function, const char *const *words, size_t count, struct http_response *response)
{
	struct json json = json_new(job);
	const char *body;

	json_open_object(&json);
	json_member_string(&json, "jsonrpc", "2.0");
	json_member_integer(&json, "id", 1);
	json_member_string(&json, "method", "call");
	json_name(&json, "params");
	json_open_array(&json);
	json_string(&json, session);
	json_string(&json, "session");
	json_string(&json, function);
	json_open_object(&json);
	for (size_t i = 0; i + 1 < count; i += 2)
		json_member_string(&json, words[i], words[i + 1]);
	json_close_object(&json);
	json_close_array(&json);
	json_close_object(&json);
	TRY(json_finish(&json, &body));
	return interface_ask(
	    job, target, login->port, login->tls, login->path, body, true, response);
}

enum status
login_try_ubus(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct http_response *response = arena_allocate(job, sizeof *response);
	const char *words[] = {"username", user, "password", password};
	enum interface_says says;
	const char *session;
	enum status status;

	(void)control;
	if (response == NULL)
		return STATUS_LIMIT;
	TRY(call(job, target, login, NOBODY, "login", words, ARRAY_SIZE(words), response));
	TRY(ubus_read(job, response->status, response->body, &says, &session));
	result->exchange = response->exchange;
	result->answer = says == SAYS_IN        ? LOGIN_ACCEPTED
			 : says == SAYS_REFUSED ? LOGIN_REFUSED
						: LOGIN_UNSURE;
	result->error_text_class = says == SAYS_REFUSED ? "generic" : NULL;
	result->trace = arena_printf(job, "%d %d", response->status, (int)says);
	if (result->trace == NULL)
		return STATUS_LIMIT;
	if (says != SAYS_IN)
		return STATUS_OK;
	words[0] = "ubus_rpc_session";
	words[1] = session;
	status = call(job, target, login, session, "destroy", words, 2, response);
	return fault_is_ours(status) ? status : STATUS_OK;
}
