/* A log-in is believed only against the answer to a pair that cannot exist. */
#include "device/login.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/ssh_client.h"
#include "device/telnet_client.h"

static const struct {
	const char *words;
	const char *class;
} classes[] = {
    {"unknown user", "names_user"},
    {"no such user", "names_user"},
    {"user does not exist", "names_user"},
    {"invalid user", "names_user"},
    {"user not found", "names_user"},
    {"wrong user", "names_user"},
    {"wrong password", "names_password"},
    {"bad password", "names_password"},
    {"incorrect password", "names_password"},
    {"password incorrect", "names_password"},
    {"password is incorrect", "names_password"},
    {"invalid password", "names_password"},
};

/* "Invalid user name or password": the same sentence speaks of the other part as well. */
static bool
names_both(const char *words, const char *at, size_t size)
{
	const char *first = at, *end = at + size + strcspn(at + size, ".!\n");
	size_t before, after;

	while (first > words && strchr(".!\n", first[-1]) == NULL)
		first--;
	before = (size_t)(at - first);
	after = (size_t)(end - at - (ptrdiff_t)size);
	for (size_t i = 0; i + 8 <= before; i++)
		if (strncasecmp(first + i, "password", 8) == 0)
			return true;
	for (size_t i = 0; i + 4 <= before; i++)
		if (strncasecmp(first + i, "user", 4) == 0 ||
		    strncasecmp(first + i, "name", 4) == 0)
			return true;
	for (size_t i = 0; i + 4 <= after; i++) {
		const char *word = at + size + i;

		if (strncasecmp(word, "user", 4) == 0 ||
		    (i + 8 <= after && strncasecmp(word, "password", 8) == 0))
			return true;
	}
	return false;
}

const char *
login_error_class(const char *words)
{
	if (words == NULL || words[0] == '\0')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		const char *at = strcasestr(words, classes[i].words);

		if (at != NULL && !names_both(words, at, strlen(classes[i].words)))
			return classes[i].class;
	}
	return "generic";
}

/* From the password on: what the unit makes of it. */
static enum status
judge_telnet(
    struct job *job, struct channel *channel, struct telnet *telnet, struct login_result *result)
{
	enum telnet_prompt prompt;
	enum status status = telnet_listen(job, channel, telnet, &prompt);

	/* Hanging up on a wrong password is a refusal. */
	if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
		return status;
	if (status == STATUS_UNAVAILABLE && !channel->ended)
		return status;
	result->answer = LOGIN_UNSURE;
	result->forced_change = prompt == TELNET_NEW_PASSWORD;
	if (prompt == TELNET_SHELL || prompt == TELNET_NEW_PASSWORD)
		result->answer = LOGIN_ACCEPTED;
	else if (prompt == TELNET_REFUSED || prompt == TELNET_LOGIN || prompt == TELNET_PASSWORD ||
		 status == STATUS_UNAVAILABLE)
		result->answer = LOGIN_REFUSED;
	if (result->answer == LOGIN_REFUSED && telnet->words.size > 0)
		result->error_text_class = login_error_class(telnet->words.at);
	return STATUS_OK;
}

static enum status
talk_telnet(struct job *job, struct channel *channel, const char *user, const char *password,
    struct login_result *result)
{
	struct telnet telnet = {.state = TELNET_DATA};
	enum telnet_prompt prompt;

	TRY(telnet_listen(job, channel, &telnet, &prompt));
	if (prompt != TELNET_LOGIN)
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no question for a user",
		    channel->port);
	TRY(telnet_say(job, channel, user));
	TRY(telnet_listen(job, channel, &telnet, &prompt));
	if (prompt == TELNET_SHELL) {
		result->answer = LOGIN_ACCEPTED;
		return STATUS_OK;
	}
	if (prompt == TELNET_REFUSED) {
		result->error_text_class = login_error_class(telnet.words.at);
		return STATUS_OK;
	}
	if (prompt != TELNET_PASSWORD)
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no question for a password",
		    channel->port);
	TRY(telnet_say(job, channel, password));
	return judge_telnet(job, channel, &telnet, result);
}

enum status
login_try_telnet(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result)
{
	struct channel channel;
	enum status status = channel_open(job, target, login->port, &channel);

	(void)control;
	result->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = talk_telnet(job, &channel, user, password, result);
	channel_hang_up(job, &channel);
	return status;
}

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

enum status
login_try(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	*result = (struct login_result){.answer = LOGIN_REFUSED, .exchange = UNKNOWN};
#define LOGIN(protocol_, name)                                                                     \
	if (strcmp(login->protocol, protocol_) == 0)                                               \
		return login_try_##name(job, target, login, user, password, control, result);
#include "device/logins.def"
#undef LOGIN
	return fail(job, STATUS_UNDECIDED, "port %u: nobody here knows how to log in by %s",
	    login->port, login->protocol);
}
