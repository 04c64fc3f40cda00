/* The hash is the same each time: who hears it once can log in. */
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_read.h"
#include "device/camera_frames.h"

#define LOGIN 1000
#define LOGOUT 1002

static const struct {
	int64_t code;
	enum interface_says says;
	const char *class;
} codes[] = {{100, SAYS_IN, NULL}, {106, SAYS_REFUSED, "generic"},
    {203, SAYS_REFUSED, "names_password"}, {204, SAYS_REFUSED, "names_user"},
    {113, SAYS_REFUSED, "names_user"}, {205, SAYS_LOCKED, "locked"}};

const char *
dvrip_hash(struct job *job, const char *password)
{
	static const char letters[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint8_t digest[EVP_MAX_MD_SIZE];
	char hash[9] = "";
	unsigned size = 0;

	if (EVP_Digest(password, strlen(password), digest, &size, EVP_md5(), NULL) != 1)
		return NULL;
	for (unsigned i = 0; i < 8; i++)
		hash[i] = letters[(digest[2 * i] + digest[2 * i + 1]) % 62];
	return arena_copy_string(job, hash);
}

enum status
dvrip_read(struct job *job, struct span body, enum interface_says *says, const char **class,
    const char **session)
{
	static const char *const paths[] = {"Ret", "SessionID"};
	struct json_member is[2];
	enum status status;

	*says = SAYS_OTHER;
	*class = *session = NULL;
	if (body.size == 0)
		return STATUS_OK;
	status = json_pick(job, body, paths, 2, is);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK || is[0].name == NULL || is[0].string != NULL || is[0].boolean)
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == is[0].integer) {
			*says = codes[i].says;
			*class = codes[i].class;
		}
	*session = is[1].string;
	if (*says == SAYS_IN && *session == NULL)
		*says = SAYS_OTHER;
	return STATUS_OK;
}

static enum status
write_login(struct job *job, const char *user, const char *password, const char **body)
{
	struct json json = json_new(job);
	const char *hash = dvrip_hash(job, password);

	if (hash == NULL)
		return STATUS_LIMIT;
	json_open_object(&json);
	json_member_string(&json, "EncryptType", "MD5");
	json_member_string(&json, "LoginType", "DVRIP-Web");
	json_member_string(&json, "PassWord", hash);
	json_member_string(&json, "UserName", user);
	json_close_object(&json);
	return json_finish(&json, body);
}

/* A session left open may keep others out; whether it was closed shows nothing. */
static enum status
log_out(
    struct job *job, struct channel *channel, const struct camera_frame *in, const char *session)
{
	struct camera_frame question = {.kind = CAMERA_DVRIP,
				.type = LOGOUT,
				.session = in->session},
			    answer;
	struct json json = json_new(job);
	const char *body;
	enum status status;

	json_open_object(&json);
	json_member_string(&json, "Name", "");
	json_member_string(&json, "SessionID", session);
	json_close_object(&json);
	TRY(json_finish(&json, &body));
	question.body = span_of_string(body);
	status = camera_frame_ask(job, channel, &question, true, &answer);
	return fault_is_ours(status) ? status : STATUS_OK;
}

static enum status
try_pair(struct job *job, struct channel *channel, const char *user, const char *password,
    bool control, struct login_result *result)
{
	struct camera_frame question = {.kind = CAMERA_DVRIP, .type = LOGIN}, answer;
	enum interface_says says;
	const char *body, *session;

	TRY(write_login(job, user, password, &body));
	question.body = span_of_string(body);
	TRY(camera_frame_ask(job, channel, &question, true, &answer));
	TRY(dvrip_read(job, answer.body, &says, &result->error_text_class, &session));
	result->exchange = channel->exchange;
	/* Some firmware says so of a user that is not there: in any case nobody was let in. */
	if (says == SAYS_LOCKED && control)
		says = SAYS_REFUSED;
	result->answer = says == SAYS_IN        ? LOGIN_ACCEPTED
			 : says == SAYS_REFUSED ? LOGIN_REFUSED
						: LOGIN_UNSURE;
	result->trace = arena_printf(job, "%d %s", (int)says,
	    result->error_text_class == NULL ? "-" : result->error_text_class);
	if (result->trace == NULL)
		return STATUS_LIMIT;
	return says == SAYS_IN ? log_out(job, channel, &answer, session) : STATUS_OK;
}

enum status
login_try_dvrip(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct channel channel;
	struct tls_peer peer;
	enum status status = channel_open(job, target, login->port, &channel);

	if (status == STATUS_OK && login->tls)
		status = channel_start_tls(job, &channel, &peer);
	if (status == STATUS_OK)
		status = try_pair(job, &channel, user, password, control == NULL, result);
	channel_hang_up(job, &channel);
	return status;
}
