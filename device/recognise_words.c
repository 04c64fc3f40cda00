/* Which protocol some words are of: pure functions of hostile bytes. */
#include <string.h>

#include "device/recognise.h"
#include "device/telnet_client.h"

#define IAC 0xff
#define PROMPT_MAX 160 /* the last line of a prompt is short */

static bool
says(struct span words, const char *what)
{
	return span_find(words, what, strlen(what), 0) != SIZE_MAX;
}

static bool
begins(struct span words, const char *what)
{
	return span_starts_with(words, what, strlen(what));
}

static bool
is_at(struct span words, size_t at, const void *what, size_t size)
{
	return words.size >= at + size && memcmp(words.at + at, what, size) == 0;
}

/* Protocol 10 of MySQL: length, number 0, the version as text. */
static bool
is_mysql(struct span banner)
{
	if (banner.size < 8 || banner.at[2] != 0 || banner.at[3] != 0)
		return false;
	return (banner.at[4] == 10 && banner.at[5] >= '0' && banner.at[5] <= '9') ||
	       (banner.at[4] == 0xff && (says(banner, "MariaDB") || says(banner, "MySQL")));
}

/* It ends in what only a shell asks for more with. */
static bool
is_shell_prompt(struct span banner)
{
	char words[PROMPT_MAX + 1];
	size_t size = banner.size < PROMPT_MAX ? banner.size : PROMPT_MAX;

	for (size_t i = 0; i < size; i++) {
		uint8_t byte = banner.at[banner.size - size + i];

		if (byte == 0 ||
		    (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t' && byte != 0x1b))
			return false;
		words[i] = (char)byte;
	}
	words[size] = '\0';
	return telnet_prompt_of(words) == TELNET_SHELL;
}

/* Both greet with 220; only what they say tells them apart. */
static const char *
of_220(struct span banner)
{
	if (says(banner, "SMTP") || says(banner, "smtp"))
		return "smtp";
	return "ftp";
}

const char *
recognise_banner(struct span banner)
{
	static const struct {
		const char *words, *service;
	} greetings[] = {{"SSH-", "ssh"}, {"RFB 00", "vnc"}, {"+OK", "pop3"}, {"* OK", "imap"},
	    {"* PREAUTH", "imap"}, {"@RSYNCD:", "rsync"}, {"\"IMPLEMENTATION\"", "sieve"}};

	if (banner.size == 0)
		return "unknown";
	if (banner.at[0] == IAC || says(banner, "login:") || says(banner, "Login:") ||
	    says(banner, "sername:") || says(banner, "assword:"))
		return "telnet";
	for (size_t i = 0; i < ARRAY_SIZE(greetings); i++)
		if (begins(banner, greetings[i].words))
			return greetings[i].service;
	if (begins(banner, "220"))
		return of_220(banner);
	if (begins(banner, "200 ") && (says(banner, "NNTP") || says(banner, "news")))
		return "nntp";
	if (is_mysql(banner))
		return "mysql";
	return is_shell_prompt(banner) ? "shell" : "unknown";
}

static bool
is_modbus(struct span answer)
{
	return is_at(answer, 0, "\0\1\0\0", 4) && answer.size > 8 &&
	       (answer.at[7] == 0x2b || answer.at[7] == 0xab);
}

/*
 * A CONNACK, with whatever the broker sends behind it: of versions 3.1 and 3.1.1 two bytes, of
 * version 5 with properties, whose length stands before them.
 */
static bool
is_connack(struct span answer)
{
	if (answer.size < 4 || answer.at[0] != 0x20 || answer.at[2] > 1)
		return false;
	if (answer.at[1] == 2)
		return answer.at[3] <= 5 || answer.at[3] >= 0x80;
	return answer.at[1] >= 3 && answer.at[1] < 0x80 &&
	       (answer.at[3] == 0 || (answer.at[3] >= 0x80 && answer.at[3] < 0xa3)) &&
	       answer.size >= 5 && answer.at[4] == answer.at[1] - 3;
}

/* Answers whose few bytes mean something only after the question. */
static bool
is_what_was_asked(const char *asked, struct span answer)
{
	uint8_t first = answer.at[0];

	if (strcmp(asked, "mqtt") == 0)
		return is_connack(answer);
	if (strcmp(asked, "dns") == 0)
		return is_at(answer, 2, "hq", 2) && answer.size > 4 && (answer.at[4] & 0x80) != 0;
	if (strcmp(asked, "gdb") == 0)
		return is_at(answer, 0, "+$", 2) || (first == '$' && says(answer, "#"));
	if (strcmp(asked, "shell") == 0)
		return says(answer, "hopquy") && !says(answer, "echo hopquy");
	if (strcmp(asked, "rdp") == 0)
		return is_at(answer, 0, "\3\0\0", 3) && is_at(answer, 5, "\xd0", 1);
	if (strcmp(asked, "redis") == 0)
		return begins(answer, "+PONG") || begins(answer, "-NOAUTH") ||
		       begins(answer, "-DENIED");
	if (strcmp(asked, "postgresql") == 0)
		return answer.size == 1 && (first == 'S' || first == 'N');
	if (strcmp(asked, "socks") == 0)
		return answer.size == 2 && first == 5 &&
		       (answer.at[1] <= 2 || answer.at[1] == 0xff);
	if (strcmp(asked, "dvrip") == 0)
		return is_at(answer, 0, "\xff\1", 2) && answer.size >= 20;
	return strcmp(asked, "modbus") == 0 && is_modbus(answer);
}

const char *
recognise_answer(const char *asked, struct span answer)
{
	if (answer.size == 0)
		return "unknown";
	if (begins(answer, "HTTP/"))
		return strcmp(asked, "mqtt-websocket") == 0 && says(answer, " 101 ") &&
			       says(answer, "mqtt")
			   ? "mqtt-websocket"
			   : "http";
	if (begins(answer, "RTSP/"))
		return "rtsp";
	if (begins(answer, "SIP/2.0 "))
		return "sip";
	if (is_at(answer, 5, "SMB", 3) && (answer.at[4] == 0xfe || answer.at[4] == 0xff))
		return "smb";
	if (strcmp(asked, "adb") == 0 && answer.size >= 24 &&
	    (begins(answer, "CNXN") || begins(answer, "AUTH") || begins(answer, "STLS")))
		return "adb";
	if (strcmp(asked, "dhip") == 0 && is_at(answer, 4, "DHIP", 4))
		return "dhip";
	if (strcmp(asked, "amqp") == 0 &&
	    (begins(answer, "AMQP") || is_at(answer, 7, "\0\x0a\0\x0a", 4)))
		return "amqp";
	if (strcmp(asked, "xmpp") == 0 && says(answer, "http://etherx.jabber.org/streams"))
		return "xmpp";
	return is_what_was_asked(asked, answer) ? asked : "unknown";
}

/* ---- TLS that is asked for ---- */

const char *
recognise_followup(const char *service)
{
	static const struct {
		const char *service, *words;
	} list[] = {{"smtp", "EHLO hopquy.invalid\r\n"}, {"imap", "a1 CAPABILITY\r\n"},
	    {"pop3", "CAPA\r\n"}, {"ftp", "AUTH TLS\r\n"}, {"nntp", "CAPABILITIES\r\n"}};

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (strcmp(service, list[i].service) == 0)
			return list[i].words;
	return NULL;
}

/* The capability to switch to TLS in a greeting of MySQL: two bytes after version, number, salt. */
static bool
mysql_has_tls(struct span greeting)
{
	size_t end = span_find(greeting, "", 1, 5);

	return end != SIZE_MAX && greeting.size >= end + 16 && greeting.at[4] == 10 &&
	       (greeting.at[end + 15] & 0x08) != 0;
}

const char *
recognise_starttls(const char *service, struct span greeting, struct span answer)
{
	if ((strcmp(service, "smtp") == 0 || strcmp(service, "imap") == 0 ||
		strcmp(service, "nntp") == 0) &&
	    says(answer, "STARTTLS"))
		return service;
	if (strcmp(service, "pop3") == 0 && says(answer, "STLS"))
		return service;
	if (strcmp(service, "ftp") == 0 && begins(answer, "234"))
		return service;
	if (strcmp(service, "mysql") == 0 && mysql_has_tls(greeting))
		return service;
	if (strcmp(service, "sieve") == 0 && says(greeting, "\"STARTTLS\""))
		return service;
	if (strcmp(service, "postgresql") == 0 && answer.size == 1 && answer.at[0] == 'S')
		return service;
	if (strcmp(service, "xmpp") == 0 && says(answer, "urn:ietf:params:xml:ns:xmpp-tls"))
		return service;
	return NULL;
}
