/* Telnet has no answer but words: what they mean is told by the question they end in. */
#include <string.h>

#include "base/arena.h"
#include "device/login.h"
#include "device/telnet_client.h"

static void
note_refusal(const char *words, struct login_result *result)
{
	result->answer = LOGIN_REFUSED;
	if (words[0] == '\0')
		return;
	result->error_text_class = login_error_class(words);
	result->last_try = login_says_last_try(words);
}

/*
 * A menu, perhaps: who is in is not asked for a log-in when he presses a key, who is out is.
 * Of the control pair, and where words of refusal come again, that it is asked for alone tells.
 */
static enum status
knock(struct job *job, struct channel *channel, struct telnet *telnet, bool may_be_in,
    struct login_result *result)
{
	const char *words = arena_copy_string(job, telnet_words(telnet));
	enum telnet_prompt prompt;
	enum status status;

	if (words == NULL)
		return STATUS_LIMIT;
	status = telnet_knock(job, channel, telnet, &prompt);
	if (status != STATUS_OK && (status != STATUS_UNAVAILABLE || !channel->ended))
		return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
	if (prompt == TELNET_LOGIN || prompt == TELNET_PASSWORD || prompt == TELNET_REFUSED ||
	    (status == STATUS_UNAVAILABLE && telnet_has_refusal(words)))
		note_refusal(words, result);
	else if (status == STATUS_OK && may_be_in &&
		 (prompt == TELNET_SHELL || prompt == TELNET_OTHER) &&
		 !telnet_has_refusal(telnet_words(telnet)))
		result->answer = LOGIN_ACCEPTED;
	return STATUS_OK;
}

static enum status
judge_prompt(struct job *job, const struct channel *channel, const struct telnet *telnet,
    enum telnet_prompt prompt, struct login_result *result)
{
	if (prompt == TELNET_LOCKED) {
		result->answer = LOGIN_UNSURE;
		result->error_text_class = "locked";
		return fail(job, STATUS_UNAVAILABLE,
		    "port %u: telnet: locked: passwords are not judged", channel->port);
	}
	result->answer = LOGIN_UNSURE;
	result->forced_change = prompt == TELNET_NEW_PASSWORD;
	if (prompt == TELNET_SHELL || prompt == TELNET_NEW_PASSWORD)
		result->answer = LOGIN_ACCEPTED;
	else if (prompt == TELNET_REFUSED || prompt == TELNET_LOGIN || prompt == TELNET_PASSWORD)
		note_refusal(telnet_words(telnet), result);
	return STATUS_OK;
}

enum status
login_judge_telnet(struct job *job, struct channel *channel, struct telnet *telnet,
    const struct login_result *control, struct login_result *result)
{
	enum telnet_prompt prompt;
	enum status status = telnet_listen(job, channel, telnet, &prompt);
	bool may_be_in = control != NULL && control->answer == LOGIN_REFUSED;

	if (status == STATUS_UNAVAILABLE && !channel->ended)
		return status;
	if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
		return status;
	TRY(judge_prompt(job, channel, telnet, prompt, result));
	/* Some hang up on a wrong password; so does who was about to let us in and failed to. */
	if (prompt == TELNET_OTHER && status == STATUS_OK &&
	    (may_be_in || telnet_has_refusal(telnet_words(telnet))))
		return knock(job, channel, telnet, may_be_in, result);
	return STATUS_OK;
}

enum status
login_begin_telnet(struct job *job, struct channel *channel, struct telnet *telnet,
    const char *user, struct login_result *result, bool *asked)
{
	enum telnet_prompt prompt;

	TRY(telnet_greet(job, channel, telnet, &prompt));
	*asked = prompt == TELNET_PASSWORD; /* some know one user only */
	if (*asked)
		return STATUS_OK;
	if (prompt == TELNET_LOCKED)
		return judge_prompt(job, channel, telnet, prompt, result);
	if (prompt != TELNET_LOGIN)
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no question for a user",
		    channel->port);
	telnet->said = user;
	TRY(telnet_say(job, channel, user));
	TRY(telnet_listen(job, channel, telnet, &prompt));
	*asked = prompt == TELNET_PASSWORD;
	if (*asked)
		return STATUS_OK;
	if (prompt != TELNET_SHELL && prompt != TELNET_REFUSED && prompt != TELNET_LOCKED &&
	    prompt != TELNET_NEW_PASSWORD)
		return fail(job, STATUS_UNDECIDED, "port %u: telnet: no question for a password",
		    channel->port);
	return judge_prompt(job, channel, telnet, prompt, result);
}

enum status
login_try_telnet(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result)
{
	struct channel channel;
	struct telnet telnet;
	bool asked = false;
	enum status status = telnet_begin(job, target, login->port, login->tls, &channel, &telnet);

	result->exchange = channel.exchange;
	if (status == STATUS_OK)
		status = login_begin_telnet(job, &channel, &telnet, user, result, &asked);
	telnet.said = asked ? password : NULL;
	if (status == STATUS_OK && asked)
		status = telnet_say_secret(job, &channel, password);
	if (status == STATUS_OK && asked)
		status = login_judge_telnet(job, &channel, &telnet, control, result);
	channel_hang_up(job, &channel);
	return status;
}
