/* Every option but echo and suppress-go-ahead is refused, so the unit soon speaks plain words. */
#include "device/telnet_client.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "base/text.h"

#define ANSWERS_MAX 256
#define PATIENCE_MS 4000
#define QUIET_MS 800       /* after some words: is that all? */
#define PROMPT_QUIET_MS 60 /* after a question */
#define SHELL_QUIET_MS 300 /* after what looks like a shell's prompt */
#define LISTEN_MS 20000

enum { IAC = 255, DONT = 254, DO = 253, WONT = 252, WILL = 251, SB = 250, SE = 240 };
enum { OPTION_ECHO = 1, OPTION_SUPPRESS_GO_AHEAD = 3 };

static void
answer_option(struct telnet *telnet, uint8_t option, struct text *reply)
{
	bool wanted = option == OPTION_ECHO || option == OPTION_SUPPRESS_GO_AHEAD;
	uint8_t verb;

	if (telnet->verb == WILL)
		verb = wanted ? DO : DONT;
	else if (telnet->verb == DO)
		verb = option == OPTION_SUPPRESS_GO_AHEAD ? WILL : WONT;
	else
		return; /* a refusal needs no answer */
	if (telnet->answers++ >= ANSWERS_MAX)
		return;
	put_u8(reply, IAC);
	put_u8(reply, verb);
	put_u8(reply, option);
}

static void
take_data(struct telnet *telnet, uint8_t byte)
{
	if (byte != 0 && byte != '\r' && telnet->words.size < TELNET_WORDS_MAX)
		put_u8(&telnet->words, byte);
}

static void
take_command(struct telnet *telnet, uint8_t byte)
{
	telnet->state = TELNET_DATA;
	if (byte == IAC)
		take_data(telnet, byte);
	else if (byte == SB)
		telnet->state = TELNET_SUB;
	else if (byte >= WILL) {
		telnet->verb = byte;
		telnet->state = TELNET_OPTION;
	}
}

void
telnet_take(struct telnet *telnet, struct span received, struct text *reply)
{
	for (size_t i = 0; i < received.size; i++) {
		uint8_t byte = received.at[i];

		switch (telnet->state) {
		case TELNET_DATA:
			if (byte == IAC)
				telnet->state = TELNET_IAC;
			else
				take_data(telnet, byte);
			break;
		case TELNET_IAC:
			take_command(telnet, byte);
			break;
		case TELNET_OPTION:
			answer_option(telnet, byte, reply);
			telnet->state = TELNET_DATA;
			break;
		case TELNET_SUB:
			if (byte == IAC)
				telnet->state = TELNET_SUB_IAC;
			break;
		case TELNET_SUB_IAC:
			telnet->state = byte == SE ? TELNET_DATA : TELNET_SUB;
			break;
		}
	}
}

/* Lower case, without trailing blanks and the escape sequences of coloured prompts. */
static size_t
simplify(const char *words, char *out, size_t room)
{
	size_t size = 0;
	size_t length = strlen(words);

	for (size_t i = length > room ? length - room : 0; i < length && size + 1 < room; i++) {
		if (words[i] == '\033') {
			while (i + 1 < length && !isalpha((unsigned char)words[i]))
				i++;
			continue;
		}
		out[size++] = (char)tolower((unsigned char)words[i]);
	}
	while (size > 0 && isspace((unsigned char)out[size - 1]))
		size--;
	out[size] = '\0';
	return size;
}

static bool
has_any(const char *words, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(words, list[i]) != NULL)
			return true;
	return false;
}

enum telnet_prompt
telnet_prompt_of(const char *words)
{
	static const char *const refusals[] = {"incorrect", "failed", "failure", "denied",
	    "invalid", "wrong", "bad password", "not allowed", "locked"};
	static const char *const renewals[] = {
	    "new password:", "new unix password:", "change your password", "must change"};
	char text[2048];
	size_t size = simplify(words, text, sizeof text);
	const char *line;

	if (size == 0)
		return TELNET_NOTHING;
	if (has_any(text, renewals, ARRAY_SIZE(renewals)))
		return TELNET_NEW_PASSWORD;
	if (has_any(text, refusals, ARRAY_SIZE(refusals)))
		return TELNET_REFUSED;
	line = strrchr(text, '\n') == NULL ? text : strrchr(text, '\n') + 1;
	if (text_ends_with(line, "login:") || text_ends_with(line, "username:") ||
	    text_ends_with(line, "user name:") || text_ends_with(line, "user:") ||
	    text_ends_with(line, "account:"))
		return TELNET_LOGIN;
	if (text_ends_with(line, "password:") || text_ends_with(line, "passwd:") ||
	    text_ends_with(line, "passcode:"))
		return TELNET_PASSWORD;
	if (strchr("#$%>", text[size - 1]) != NULL)
		return TELNET_SHELL;
	return TELNET_OTHER;
}

/* One portion: words taken, negotiation answered. */
static enum status
take_portion(
    struct job *job, struct channel *channel, struct telnet *telnet, int patience_ms, size_t *got)
{
	uint8_t bytes[2048];
	struct text reply = text_new(job);

	TRY(channel_receive(job, channel, bytes, sizeof bytes, patience_ms, got));
	telnet_take(telnet, (struct span){bytes, *got}, &reply);
	if (telnet->words.failed || reply.failed)
		return STATUS_LIMIT;
	if (reply.size == 0)
		return STATUS_OK;
	return channel_send(job, channel, (struct span){(const uint8_t *)reply.at, reply.size});
}

enum status
telnet_listen(
    struct job *job, struct channel *channel, struct telnet *telnet, enum telnet_prompt *prompt)
{
	int64_t end = target_now(channel->target) + LISTEN_MS;

	telnet->words = text_new(job);
	*prompt = TELNET_NOTHING;
	while (target_now(channel->target) < end) {
		bool asks = *prompt == TELNET_LOGIN || *prompt == TELNET_PASSWORD ||
			    *prompt == TELNET_REFUSED;
		int patience_ms = *prompt == TELNET_NOTHING ? PATIENCE_MS
				  : asks                    ? PROMPT_QUIET_MS
				  : *prompt == TELNET_OTHER ? QUIET_MS
							    : SHELL_QUIET_MS;
		size_t got;
		enum status status = take_portion(job, channel, telnet, patience_ms, &got);

		if (status == STATUS_UNDECIDED)
			return STATUS_OK;
		TRY(status);
		if (telnet->words.size > 0)
			*prompt = telnet_prompt_of(telnet->words.at);
		if (got == 0)
			return fail(
			    job, STATUS_UNAVAILABLE, "port %u: telnet: it hung up", channel->port);
	}
	return STATUS_OK;
}

enum status
telnet_say(struct job *job, struct channel *channel, const char *line)
{
	const char *bytes = arena_printf(job, "%s\r\n", line);

	return bytes == NULL ? STATUS_LIMIT : channel_send(job, channel, span_of_string(bytes));
}

enum status
telnet_say_secret(struct job *job, struct channel *channel, const char *line)
{
	const char *bytes = arena_printf(job, "%s\r\n", line);

	return bytes == NULL ? STATUS_LIMIT
			     : channel_send_secret(job, channel, span_of_string(bytes));
}
