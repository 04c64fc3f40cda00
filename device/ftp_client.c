/* A reply ends where its code stands again before a blank: everything else is its words. */
#include "device/ftp_client.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define PATIENCE_MS 10000 /* some look the caller's name up first */
#define LIST_PATIENCE_MS 4000
#define DELAYS_MAX 4
#define TEXT_MAX 600

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* The code a line begins with; 0: none.  *last: a blank or nothing follows it. */
static int
code_of(struct span line, bool *last)
{
	if (line.size < 3 || !is_digit(line.at[0]) || !is_digit(line.at[1]) ||
	    !is_digit(line.at[2]))
		return 0;
	*last = line.size == 3 || line.at[3] == ' ' || line.at[3] == '\r';
	if (!*last && line.at[3] != '-')
		return 0;
	return (line.at[0] - '0') * 100 + (line.at[1] - '0') * 10 + (line.at[2] - '0');
}

/* Its words in one line, codes left out. */
static enum status
keep_text(struct job *job, struct ftp_reply *reply)
{
	struct text out = text_new(job);
	struct span rest = reply->words;

	while (rest.size > 0) {
		size_t end = span_find(rest, "\n", 1, 0);
		struct span line = span_part(rest, 0, end == SIZE_MAX ? rest.size : end);
		bool last;

		rest = end == SIZE_MAX ? (struct span){0} : span_from(rest, end + 1);
		if (code_of(line, &last) == reply->code)
			line = line.size > 4 ? span_from(line, 4) : (struct span){0};
		while (line.size > 0 && strchr("\r ", line.at[line.size - 1]) != NULL)
			line.size--;
		if (line.size == 0)
			continue;
		if (out.size > 0)
			text_put(&out, "\n");
		text_put_bytes(&out, line.at, line.size);
	}
	if (out.failed)
		return STATUS_LIMIT;
	reply->text = text_from_bytes(job, out.at == NULL ? "" : out.at, out.size, TEXT_MAX);
	return reply->text == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
ftp_read_reply(struct job *job, struct span received, struct ftp_reply *reply, size_t *used)
{
	int code = 0;

	*used = 0;
	*reply = (struct ftp_reply){0};
	for (size_t from = 0; from < received.size;) {
		size_t end = span_find(received, "\n", 1, from);
		bool last = false;
		int found;

		if (end == SIZE_MAX)
			break;
		found = code_of(span_part(received, from, end - from), &last);
		from = end + 1;
		if (code == 0 && (found < 100 || found > 599))
			return fail(job, STATUS_MALFORMED, "ftp: a reply without code");
		if (code == 0)
			code = found;
		if (found != code || !last)
			continue;
		*used = from;
		reply->code = code;
		reply->words = span_part(received, 0, from);
		return keep_text(job, reply);
	}
	if (received.size >= FTP_REPLY_MAX_SIZE)
		return fail(
		    job, STATUS_MALFORMED, "ftp: no end of a reply in %zu bytes", received.size);
	return STATUS_OK;
}

/* A decimal number of at most five digits at *at, which moves behind it; −1: none. */
static long
take_number(struct span words, size_t *at)
{
	long number = 0;
	size_t begin = *at;

	while (*at < words.size && *at - begin < 5 && is_digit(words.at[*at]))
		number = number * 10 + (words.at[(*at)++] - '0');
	return *at == begin ? -1 : number;
}

uint16_t
ftp_data_port(const struct ftp_reply *reply)
{
	struct span words = reply->words;
	size_t at = span_find(words, "(", 1, 0);
	long parts[6] = {0};

	if (reply->code == 229) { /* (|||port|) */
		at = span_find(words, "|||", 3, 0);
		if (at == SIZE_MAX)
			return 0;
		at += 3;
		parts[5] = take_number(words, &at);
		return parts[5] > 0 && parts[5] < 65536 ? (uint16_t)parts[5] : 0;
	}
	if (reply->code != 227)
		return 0;
	/* Some leave the brackets out: then the first digit behind the code. */
	for (at = at == SIZE_MAX ? 3 : at; at < words.size && !is_digit(words.at[at]);)
		at++;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		parts[i] = take_number(words, &at);
		if (parts[i] < 0 || parts[i] > 255 ||
		    (i < 5 && (at >= words.size || words.at[at++] != ',')))
			return 0;
	}
	return (uint16_t)(parts[4] * 256 + parts[5]);
}

enum status
ftp_hear(struct job *job, struct ftp *ftp, struct ftp_reply *reply)
{
	for (;;) {
		struct span rest = {ftp->bytes + ftp->used, ftp->size - ftp->used};
		size_t used, got;

		TRY(ftp_read_reply(job, rest, reply, &used));
		ftp->used += used;
		if (used != 0)
			return STATUS_OK;
		/* What was read is let go, but for the reply that has begun. */
		memmove(ftp->bytes, rest.at, rest.size);
		ftp->size = rest.size;
		ftp->used = 0;
		TRY(channel_receive(job, &ftp->channel, ftp->bytes + ftp->size,
		    FTP_REPLY_MAX_SIZE - ftp->size, PATIENCE_MS, &got));
		if (got == 0)
			return fail(
			    job, STATUS_UNAVAILABLE, "port %u: ftp: it hung up", ftp->channel.port);
		ftp->size += got;
	}
}

enum status
ftp_begin(struct job *job, struct target *target, uint16_t port, bool tls, struct ftp *ftp,
    struct ftp_reply *welcome)
{
	struct tls_peer peer;

	*ftp = (struct ftp){.channel = {.target = target, .descriptor = -1},
	    .bytes = arena_allocate(job, FTP_REPLY_MAX_SIZE)};
	*welcome = (struct ftp_reply){0};
	if (ftp->bytes == NULL)
		return STATUS_LIMIT;
	TRY(channel_open(job, target, port, &ftp->channel));
	if (tls)
		TRY(channel_start_tls(job, &ftp->channel, &peer));
	TRY(ftp_hear(job, ftp, welcome));
	for (unsigned i = 0; i < DELAYS_MAX && welcome->code == 120; i++)
		TRY(ftp_hear(job, ftp, welcome));
	if (welcome->code != 220)
		return fail(job, STATUS_UNAVAILABLE, "port %u: ftp: it is not ready: %d %s", port,
		    welcome->code, welcome->text);
	return STATUS_OK;
}

enum status
ftp_ask(struct job *job, struct ftp *ftp, const char *verb, const char *argument,
    struct ftp_reply *reply)
{
	bool secret = strcmp(verb, "PASS") == 0 && strcmp(argument, "anonymous@") != 0;
	const char *line;
	struct span bytes;

	if (argument != NULL && strpbrk(argument, "\r\n\xff") != NULL)
		return fail(job, STATUS_UNDECIDED, "port %u: ftp: a word that cannot be sent",
		    ftp->channel.port);
	line = argument == NULL ? arena_printf(job, "%s\r\n", verb)
				: arena_printf(job, "%s %s\r\n", verb, argument);
	if (line == NULL)
		return STATUS_LIMIT;
	bytes = span_of_string(line);
	/* What came before the question is no answer to it. */
	ftp->used = ftp->size;
	TRY(secret ? channel_send_secret(job, &ftp->channel, bytes)
		   : channel_send(job, &ftp->channel, bytes));
	return ftp_hear(job, ftp, reply);
}

enum status
ftp_secure(struct job *job, struct ftp *ftp, bool *secured)
{
	struct ftp_reply reply = {0};
	struct tls_peer peer;

	*secured = false;
	TRY(ftp_ask(job, ftp, "AUTH", "TLS", &reply));
	if (reply.code != 234 && reply.code != 334)
		return STATUS_OK;
	TRY(channel_start_tls(job, &ftp->channel, &peer));
	ftp->used = ftp->size; /* words in the clear do not count as said under TLS */
	*secured = true;
	return STATUS_OK;
}

/* The files themselves, over a connection of their own. */
static enum status
receive_list(struct job *job, struct channel *data, const char **words)
{
	uint8_t *bytes = arena_allocate(job, FTP_LIST_MAX_SIZE);
	size_t got, kept = 0;

	if (bytes == NULL)
		return STATUS_LIMIT;
	TRY(channel_receive_up_to(job, data, bytes, FTP_LIST_MAX_SIZE, LIST_PATIENCE_MS, &got));
	for (size_t i = 0; i < got; i++) {
		if (bytes[i] == '\n')
			bytes[kept++] = ';';
		else if (bytes[i] != '\r')
			bytes[kept++] = bytes[i];
	}
	*words = text_from_bytes(job, bytes, kept, TEXT_MAX);
	return *words == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
ftp_list(struct job *job, struct ftp *ftp, bool *listed, const char **words)
{
	struct ftp_reply reply;
	struct channel data;
	uint16_t port;
	enum status status;

	*listed = false;
	TRY(ftp_ask(job, ftp, "EPSV", NULL, &reply));
	if (reply.code != 229)
		TRY(ftp_ask(job, ftp, "PASV", NULL, &reply));
	*words = reply.text;
	port = ftp_data_port(&reply);
	if (port == 0)
		return STATUS_OK;
	status = channel_open(job, ftp->channel.target, port, &data);
	if (status == STATUS_OK)
		status = ftp_ask(job, ftp, "LIST", NULL, &reply);
	if (status == STATUS_OK) {
		*words = reply.text;
		*listed = reply.code >= 100 && reply.code < 300;
	}
	if (*listed)
		status = receive_list(job, &data, words);
	channel_hang_up(job, &data);
	return status;
}

void
ftp_end(struct job *job, struct ftp *ftp)
{
	channel_hang_up(job, &ftp->channel);
}
