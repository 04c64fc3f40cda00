/* The first question is refused with a realm and a random number; the second carries a hash made of
 * them, and is refused with a number that says why. */
#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/json_read.h"
#include "device/interfaces.h"

#define CHALLENGED 268632079 /* "login challenge!" */
#define NOT_VALID 268632085  /* "User or password not valid!" */
#define LOCKED 268632081     /* "User locked" */

enum { RESULT, CODE, MESSAGE, REALM, RANDOM, ENCRYPTION, SESSION, ALIVE, LEFT, PATHS };
static const char *const paths[PATHS] = {[RESULT] = "result",
    [CODE] = "error.code",
    [MESSAGE] = "error.message",
    [REALM] = "params.realm",
    [RANDOM] = "params.random",
    [ENCRYPTION] = "params.encryption",
    [SESSION] = "session",
    [ALIVE] = "params.keepAliveInterval",
    [LEFT] = "params.remainLoginTimes"};

/* Older firmware gives words instead of numbers. */
static const struct {
	int64_t code;        /* 0: any */
	const char *message; /* NULL: any */
	enum interface_says says;
	const char *class;
} refusals[] = {{NOT_VALID, NULL, SAYS_REFUSED, "generic"}, {LOCKED, NULL, SAYS_LOCKED, "locked"},
    {0, "UserNotValidt", SAYS_REFUSED, "names_user"},
    {0, "PasswordNotValid", SAYS_REFUSED, "names_password"},
    {0, "HasBeenLocked", SAYS_LOCKED, "locked"}};

static void
judge(const struct json_member *is, struct rpc2_answer *answer)
{
	bool told = is[RESULT].name != NULL && is[RESULT].boolean;
	const char *message = is[MESSAGE].string;
	int64_t code = is[CODE].string != NULL ? 0 : is[CODE].integer;

	if (!told)
		return;
	if (is[RESULT].integer != 0) {
		if (is[CODE].name == NULL && answer->session != NULL && is[ALIVE].name != NULL)
			answer->says = SAYS_IN;
		return;
	}
	if ((code == CHALLENGED || code == 401) && answer->realm != NULL &&
	    answer->random != NULL && answer->session != NULL)
		answer->says = SAYS_CHALLENGE;
	for (size_t i = 0; i < ARRAY_SIZE(refusals) && answer->says == SAYS_OTHER; i++)
		if ((refusals[i].code != 0 && refusals[i].code == code) ||
		    (refusals[i].message != NULL && message != NULL &&
			strcmp(refusals[i].message, message) == 0)) {
			answer->says = refusals[i].says;
			answer->class = refusals[i].class;
			answer->last_try = is[LEFT].name != NULL && is[LEFT].string == NULL &&
					   is[LEFT].integer <= 1;
		}
}

/* A number or a string, to be sent back as it came. */
static enum status
read_session(struct job *job, const struct json_member *session, const char **text)
{
	struct json json = json_new(job);

	*text = NULL;
	if (session->name == NULL || session->boolean)
		return STATUS_OK;
	if (session->string != NULL)
		json_string(&json, session->string);
	else
		json_integer(&json, session->integer);
	return json_finish(&json, text);
}

enum status
rpc2_read(struct job *job, int status, struct span body, struct rpc2_answer *answer)
{
	struct json_member is[PATHS];
	enum status read;

	*answer = (struct rpc2_answer){.says = SAYS_OTHER};
	if (status != 200 || body.size > INTERFACE_BODY_MAX)
		return STATUS_OK;
	read = json_pick(job, body, paths, PATHS, is);
	if (fault_is_ours(read))
		return read;
	if (read != STATUS_OK)
		return STATUS_OK;
	answer->realm = is[REALM].string;
	answer->random = is[RANDOM].string;
	answer->encryption = is[ENCRYPTION].string;
	TRY(read_session(job, &is[SESSION], &answer->session));
	judge(is, answer);
	return STATUS_OK;
}

bool
rpc2_can_answer(const struct rpc2_answer *challenge)
{
	return challenge->says == SAYS_CHALLENGE && challenge->encryption != NULL &&
	       strcmp(challenge->encryption, "Default") == 0;
}

/* MD5 in capital letters; NULL: out of memory. */
static const char *
hash(struct job *job, const char *words)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	char *hex;

	if (words == NULL || EVP_Digest(words, strlen(words), digest, &size, EVP_md5(), NULL) != 1)
		return NULL;
	hex = hex_of_bytes(job, (struct span){digest, size});
	for (char *at = hex; at != NULL && *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	return hex;
}

const char *
rpc2_hash(
    struct job *job, const struct rpc2_answer *challenge, const char *user, const char *password)
{
	const char *kept =
	    hash(job, arena_printf(job, "%s:%s:%s", user, challenge->realm, password));

	return kept == NULL
		   ? NULL
		   : hash(job, arena_printf(job, "%s:%s:%s", user, challenge->random, kept));
}

enum status
rpc2_write_login(
    struct job *job, const char *user, const char *password, const char *session, const char **body)
{
	struct json json = json_new(job);

	json_open_object(&json);
	json_member_string(&json, "method", "global.login");
	json_name(&json, "params");
	json_open_object(&json);
	json_member_string(&json, "userName", user);
	json_member_string(&json, "password", password);
	json_member_string(&json, "clientType", "Web3.0");
	json_member_string(&json, "loginType", "Direct");
	if (session != NULL) {
		json_member_string(&json, "authorityType", "Default");
		json_member_string(&json, "passwordType", "Default");
	}
	json_close_object(&json);
	json_member_integer(&json, "id", session == NULL ? 1 : 2);
	TRY(json_finish(&json, body));
	*body = session == NULL ? arena_printf(job, "%s}", *body)
				: arena_printf(job, "%s,\"session\":%s}", *body, session);
	return *body == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
rpc2_begin(struct job *job, struct target *target, uint16_t port, bool tls, const char *user,
    struct http_response *response, struct rpc2_answer *answer)
{
	const char *body;

	TRY(rpc2_write_login(job, user, "", NULL, &body));
	TRY(interface_ask(job, target, port, tls, RPC2_PATH, body, false, response));
	return rpc2_read(job, response->status, response->body, answer);
}

const char *
rpc2_logout(struct job *job, const char *session)
{
	return arena_printf(
	    job, "{\"method\":\"global.logout\",\"params\":null,\"id\":3,\"session\":%s}", session);
}

enum status
rpc2_conclude(struct job *job, const struct rpc2_answer *answer, struct login_result *result)
{
	result->answer = answer->says == SAYS_IN        ? LOGIN_ACCEPTED
			 : answer->says == SAYS_REFUSED ? LOGIN_REFUSED
							: LOGIN_UNSURE;
	result->error_text_class = answer->class;
	result->last_try = answer->last_try;
	result->trace = arena_printf(
	    job, "%d %s", (int)answer->says, answer->class == NULL ? "-" : answer->class);
	return result->trace == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* A session that is left open may keep others out; whether it was closed shows nothing. */
static enum status
log_out(struct job *job, struct target *target, const struct login *login, const char *session,
    struct http_response *response)
{
	const char *body = rpc2_logout(job, session);
	enum status status;

	if (body == NULL)
		return STATUS_LIMIT;
	status = interface_ask(job, target, login->port, login->tls, "/RPC2", body, true, response);
	return fault_is_ours(status) ? status : STATUS_OK;
}

enum status
login_try_rpc2(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct http_response *response = arena_allocate(job, sizeof *response);
	struct rpc2_answer challenge, answer;
	const char *body, *hashed;

	(void)control;
	if (response == NULL)
		return STATUS_LIMIT;
	TRY(rpc2_begin(job, target, login->port, login->tls, user, response, &challenge));
	answer = challenge; /* who is locked out may not even be challenged */
	if (rpc2_can_answer(&challenge)) {
		hashed = rpc2_hash(job, &challenge, user, password);
		if (hashed == NULL)
			return STATUS_LIMIT;
		TRY(rpc2_write_login(job, user, hashed, challenge.session, &body));
		TRY(interface_ask(
		    job, target, login->port, login->tls, login->path, body, true, response));
		TRY(rpc2_read(job, response->status, response->body, &answer));
	} else if (challenge.says != SAYS_LOCKED) {
		return fail(
		    job, STATUS_UNDECIDED, "port %u: no challenge of RPC2 any more", login->port);
	}
	result->exchange = response->exchange;
	TRY(rpc2_conclude(job, &answer, result));
	return answer.says == SAYS_IN ? log_out(job, target, login, answer.session, response)
				      : STATUS_OK;
}
