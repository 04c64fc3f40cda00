/* Every option but echo and suppress-go-ahead is refused, so the unit soon speaks plain words. */
#include "device/telnet_client.h"

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
	bool greeting = !telnet->greeted;

	telnet->words = text_new(job);
	telnet->greeted = true;
	*prompt = TELNET_NOTHING;
	while (target_now(channel->target) < end) {
		bool asks = *prompt == TELNET_LOGIN || *prompt == TELNET_PASSWORD ||
			    *prompt == TELNET_NEW_PASSWORD || *prompt == TELNET_REFUSED;
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
			*prompt = greeting ? telnet_question_of(telnet_words(telnet))
					   : telnet_prompt_of(telnet_words(telnet));
		if (got > 0)
			continue;
		if (*prompt == TELNET_OTHER && !greeting &&
		    telnet_has_refusal(telnet_words(telnet)))
			*prompt = TELNET_REFUSED;
		return fail(job, STATUS_UNAVAILABLE, "port %u: telnet: it hung up", channel->port);
	}
	return STATUS_OK;
}

const char *
telnet_words(const struct telnet *telnet)
{
	const char *words = telnet->words.size == 0 ? "" : telnet->words.at;
	size_t size = telnet->said == NULL ? 0 : strlen(telnet->said);

	/* What we said comes back: that is not what the unit says. */
	words += strspn(words, "\n");
	if (size > 0 && strncmp(words, telnet->said, size) == 0)
		words += size;
	return words;
}

/* NULL: it cannot be sent (a byte of 255 would be a command, a line end another answer), or there
 * is no memory. */
static const char *
line_of(struct job *job, const struct channel *channel, const char *words)
{
	if (strpbrk(words, "\r\n\xff") == NULL)
		return arena_printf(job, "%s\r\n", words);
	fail(job, STATUS_UNDECIDED, "port %u: telnet: a word that cannot be sent", channel->port);
	return NULL;
}

static enum status
why_no_line(const char *words)
{
	return strpbrk(words, "\r\n\xff") == NULL ? STATUS_LIMIT : STATUS_UNDECIDED;
}

enum status
telnet_say(struct job *job, struct channel *channel, const char *line)
{
	const char *bytes = line_of(job, channel, line);

	return bytes == NULL ? why_no_line(line)
			     : channel_send(job, channel, span_of_string(bytes));
}

enum status
telnet_say_secret(struct job *job, struct channel *channel, const char *line)
{
	const char *bytes = line_of(job, channel, line);

	return bytes == NULL ? why_no_line(line)
			     : channel_send_secret(job, channel, span_of_string(bytes));
}

enum status
telnet_begin(struct job *job, struct target *target, uint16_t port, bool tls,
    struct channel *channel, struct telnet *telnet)
{
	struct tls_peer peer;

	*telnet = (struct telnet){.state = TELNET_DATA};
	TRY(channel_open(job, target, port, channel));
	return tls ? channel_start_tls(job, channel, &peer) : STATUS_OK;
}

static bool
wants_a_key(const char *words)
{
	static const char *const invitations[] = {"press any key", "press enter", "press return",
	    "hit enter", "hit any key", "press <enter>"};

	for (size_t i = 0; i < ARRAY_SIZE(invitations); i++)
		if (strcasestr(words, invitations[i]) != NULL)
			return true;
	return false;
}

enum status
telnet_greet(
    struct job *job, struct channel *channel, struct telnet *telnet, enum telnet_prompt *prompt)
{
	struct text first;

	TRY(telnet_listen(job, channel, telnet, prompt));
	if (*prompt != TELNET_NOTHING && (*prompt == TELNET_LOGIN || *prompt == TELNET_PASSWORD ||
					     !wants_a_key(telnet_words(telnet))))
		return STATUS_OK;
	first = telnet->words;
	telnet->greeted = false;
	TRY(telnet_say(job, channel, ""));
	TRY(telnet_listen(job, channel, telnet, prompt));
	if (first.size > 0 && telnet->words.size > 0)
		text_put_bytes(&first, telnet->words.at, telnet->words.size);
	if (first.failed)
		return STATUS_LIMIT;
	if (first.size > 0)
		telnet->words = first;
	return STATUS_OK;
}

enum status
telnet_knock(
    struct job *job, struct channel *channel, struct telnet *telnet, enum telnet_prompt *prompt)
{
	static const char *const knocks[] = {"", "help"};

	*prompt = TELNET_NOTHING;
	for (size_t i = 0; i < ARRAY_SIZE(knocks) && *prompt == TELNET_NOTHING; i++) {
		telnet->said = knocks[i];
		TRY(telnet_say(job, channel, knocks[i]));
		TRY(telnet_listen(job, channel, telnet, prompt));
	}
	return STATUS_OK;
}
