/* Every one of them is a few lines said in turn, so the protocols are a table. */
#include "device/starttls.h"

#include <string.h>

#include "base/arena.h"

#define PATIENCE_MS 8000 /* some look the caller's name up before they greet */
#define WORDS_MAX 8192
#define STEPS_MAX 3

/*
 * Says `say`, then waits for a line that begins with `good`, or with `bad`.
 * '#' is any digit.  A pattern that begins with '*' may stand anywhere.
 */
struct step {
	const char *say;
	const char *good;
	const char *bad;
};

static const struct {
	const char *how;
	struct step steps[STEPS_MAX];
} ways[] = {
    {"smtp", {{"", "220 ", "### "}, {"EHLO localhost\r\n", "250 ", "### "},
		 {"STARTTLS\r\n", "220 ", "### "}}},
    {"lmtp", {{"", "220 ", "### "}, {"LHLO localhost\r\n", "250 ", "### "},
		 {"STARTTLS\r\n", "220 ", "### "}}},
    {"imap", {{"", "* OK", "* "}, {"a STARTTLS\r\n", "a OK", "a "}}},
    {"pop3", {{"", "+OK", "-"}, {"STLS\r\n", "+OK", "-"}}},
    {"ftp", {{"", "220 ", "### "}, {"AUTH TLS\r\n", "234 ", "### "}}},
    {"nntp", {{"", "20", "###"}, {"STARTTLS\r\n", "382", "###"}}},
    {"sieve", {{"", "OK", "NO"}, {"STARTTLS\r\n", "OK", "NO"}}},
    {"irc", {{"STARTTLS\r\n", "*670 ", "*691 "}}},
    {"xmpp",
	{{"<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
	  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
	     "*</stream:features>", "*</stream:stream>"},
	    {"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "*<proceed", "*<failure"}}},
};

/* What is not in lines: a request of bytes, and the bytes an answer that agrees holds. */
static const uint8_t ldap_request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
				      "1.3.6.1.4.1.1466.20037";
static const uint8_t postgres_request[] = {0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f};
/* Capabilities: SSL, protocol 4.1, secure connection; 16 MiB packets; UTF-8. */
static const uint8_t mysql_request[] = {32, 0, 0, 1, 0x05, 0x8a, 0, 0, 0, 0, 0, 1, 33, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

static bool
begins(struct span line, const char *pattern)
{
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		if (i >= line.size)
			return false;
		if (pattern[i] == '#' ? line.at[i] < '0' || line.at[i] > '9'
				      : line.at[i] != (uint8_t)pattern[i])
			return false;
	}
	return true;
}

/* Does a whole line match? */
static bool
heard(struct span words, const char *pattern)
{
	if (pattern[0] == '*' && pattern[1] != ' ')
		return span_find(words, pattern + 1, strlen(pattern + 1), 0) != SIZE_MAX;
	for (size_t at = 0; at < words.size;) {
		size_t end = span_find(words, "\n", 1, at);

		if (end == SIZE_MAX)
			return false;
		if (begins(span_part(words, at, end - at), pattern))
			return true;
		at = end + 1;
	}
	return false;
}

static enum status
refused(struct job *job, const struct channel *channel, const char *how)
{
	return fail(job, STATUS_UNAVAILABLE, "port %u: %s will not start TLS", channel->port, how);
}

static enum status
take_step(struct job *job, struct channel *channel, const char *how, const struct step *step)
{
	uint8_t *words = arena_allocate(job, WORDS_MAX);
	int64_t until = target_now(channel->target) + PATIENCE_MS;
	size_t size = 0, got;

	if (words == NULL)
		return STATUS_LIMIT;
	if (step->say[0] != '\0')
		TRY(channel_send(job, channel, span_of_string(step->say)));
	while (size < WORDS_MAX && target_now(channel->target) <= until) {
		struct span all;

		TRY(channel_receive(
		    job, channel, words + size, WORDS_MAX - size, PATIENCE_MS, &got));
		if (got == 0)
			return refused(job, channel, how);
		size += got;
		all = (struct span){words, size};
		if (heard(all, step->good))
			return STATUS_OK;
		if (heard(all, step->bad))
			return refused(job, channel, how);
	}
	return fail(job, STATUS_MALFORMED, "port %u: words without end before TLS", channel->port);
}

/* One packet of at least `least` bytes. */
static enum status
hear_packet(
    struct job *job, struct channel *channel, uint8_t *at, size_t room, size_t least, size_t *size)
{
	TRY(channel_receive(job, channel, at, room, PATIENCE_MS, size));
	while (*size < least && *size < room) {
		size_t got;

		TRY(channel_receive(job, channel, at + *size, room - *size, PATIENCE_MS, &got));
		if (got == 0)
			break;
		*size += got;
	}
	return STATUS_OK;
}

/* RFC 4511 section 4.14.2: an ExtendedResponse (0x78) whose resultCode is success. */
static enum status
begin_ldap(struct job *job, struct channel *channel)
{
	static const uint8_t success[] = {0x0a, 1, 0};
	uint8_t words[512];
	size_t size;

	TRY(channel_send(job, channel, (struct span){ldap_request, sizeof ldap_request - 1}));
	TRY(hear_packet(job, channel, words, sizeof words, 12, &size));
	if (span_find((struct span){words, size}, "\x78", 1, 0) == SIZE_MAX ||
	    span_find((struct span){words, size}, success, sizeof success, 0) == SIZE_MAX)
		return refused(job, channel, "ldap");
	return STATUS_OK;
}

static enum status
begin_postgres(struct job *job, struct channel *channel)
{
	uint8_t word;
	size_t size;

	TRY(channel_send(job, channel, (struct span){postgres_request, sizeof postgres_request}));
	TRY(hear_packet(job, channel, &word, 1, 1, &size));
	return size == 1 && word == 'S' ? STATUS_OK : refused(job, channel, "postgres");
}

/* The server greets; one that has no SSL in its capabilities would only hang up. */
static enum status
begin_mysql(struct job *job, struct channel *channel)
{
	uint8_t words[1024];
	size_t size;

	TRY(hear_packet(job, channel, words, sizeof words, 5, &size));
	if (size < 5 || words[4] != 10)
		return refused(job, channel, "mysql");
	return channel_send(job, channel, (struct span){mysql_request, sizeof mysql_request});
}

enum status
starttls_begin(struct job *job, struct channel *channel, const char *how)
{
	if (strcmp(how, "ldap") == 0)
		return begin_ldap(job, channel);
	if (strcmp(how, "postgres") == 0 || strcmp(how, "postgresql") == 0)
		return begin_postgres(job, channel);
	if (strcmp(how, "mysql") == 0)
		return begin_mysql(job, channel);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(ways[i].how, how) != 0)
			continue;
		for (size_t j = 0; j < STEPS_MAX && ways[i].steps[j].say != NULL; j++)
			TRY(take_step(job, channel, how, &ways[i].steps[j]));
		return STATUS_OK;
	}
	return fail(
	    job, STATUS_MALFORMED, "port %u: nobody knows how %s starts TLS", channel->port, how);
}
