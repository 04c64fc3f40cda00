/* A fetch without verification is one option on one line, in a script or in a string of a program.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/update_client.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"
#include "firmware/shell_expand.h"

#define MAX_COMMAND ((size_t)1024)
#define MAX_WORDS 64
#define MAX_SCRIPT ((size_t)64 << 10) /* where a variable's value is looked for */
#define MAX_LOOKS 64                  /* variables of one file that are looked for */
#define MAX_VALUES 8                  /* values of one variable */

/* What the options of one command say. */
struct command {
	struct span rest;      /* not read yet */
	struct span url;       /* first word that is one, or a variable */
	bool fetches_securely; /* the URL's scheme is one with certificates, or not known */
	bool local;            /* it talks to this machine or its own network */
	const char *off;       /* the option that turns verification off */
	struct span pin;       /* file or digest it insists on */
	bool key, configured;  /* of swupdate: -k, -f */
	bool s_client_verifies;
	bool by_variable; /* what turns it off stands in a variable, which may have other values */
};

/* Does a command begin at `at`, not the end of another word, nor what is printed for a person? */
static bool
begins_command(const struct update_client *client, size_t at)
{
	struct span front = endpoint_before(&client->place, at), trimmed = span_trim(front);
	uint8_t last = front.size == 0 ? 0 : front.at[front.size - 1];

	if (endpoint_in_comment(&client->place, at))
		return false;
	if (last != 0 && strchr(" \t/;|&(`\"'=", last) == NULL)
		return false;
	if (span_begins(trimmed, "echo ") && span_find(trimmed, "$(", 2, 0) == SIZE_MAX &&
	    span_find(trimmed, ";", 1, 0) == SIZE_MAX && span_find(trimmed, "|", 1, 0) == SIZE_MAX)
		return false;
	return !endpoint_has_word(trimmed, "usage:");
}

/* The bytes of the command: lines joined by a backslash, to the end of a line or a string. */
static struct span
bytes_of(struct span content, size_t at)
{
	size_t end = at;

	while (end < content.size && end - at < MAX_COMMAND && content.at[end] != 0 &&
	       content.at[end] < 0x7f && (content.at[end] != '\n' || content.at[end - 1] == '\\'))
		end++;
	return span_part(content, at, end - at);
}

/* Takes the next word; false at the end of the command. Quotes hold a word together. */
static bool
next_word(struct span *rest, struct span *word)
{
	size_t start = 0, end;
	uint8_t quote = 0;

	while (start < rest->size && strchr(" \t\n\\", rest->at[start]) != NULL)
		start++;
	for (end = start; end < rest->size; end++) {
		uint8_t byte = rest->at[end];

		if (quote != 0) {
			quote = byte == quote ? 0 : quote;
			continue;
		}
		if (byte == '"' || byte == '\'')
			quote = byte;
		else if (strchr(" \t\n;|)`<>", byte) != NULL)
			break;
	}
	*word = span_unquote(span_part(*rest, start, end - start));
	*rest = span_from(*rest, end);
	return end != start;
}

static void
note_url(struct command *command, struct span word)
{
	static const char *const secure[] = {"https://", "ftps://", "wss://", "mqtts://", "$"};
	struct span host;

	command->url = word;
	command->fetches_securely = false;
	for (size_t i = 0; i < ARRAY_SIZE(secure); i++)
		command->fetches_securely |= span_begins(word, secure[i]);
	if (span_begins(word, "%")) /* of a format string */
		command->fetches_securely = true;
	if (span_find(word, "://", 3, 0) == SIZE_MAX)
		return;
	host = endpoint_host(span_from(word, span_find(word, "://", 3, 0) + 3));
	command->local =
	    span_find(word, "//localhost", 11, 0) != SIZE_MAX ||
	    (host.size != 0 && (endpoint_is_loopback(host) ||
				   (endpoint_is_address(host) && !endpoint_is_public(host))));
}

/* Letters behind one '-' of curl; true when the next word is the last one's value. */
static bool
read_letters(struct command *command, struct span word)
{
	for (size_t i = 1; i < word.size; i++) {
		if (word.at[i] == 'k')
			command->off = "off: curl -k";
		if (strchr("oAHduxXmTFbceErwyYzKCDPQt", word.at[i]) != NULL)
			return i + 1 == word.size;
	}
	return false;
}

static bool
takes_value(struct span word)
{
	static const char *const options[] = {"--output", "--user-agent", "--header", "--data",
	    "--user", "--proxy", "--request", "--max-time", "--connect-timeout", "--retry", "-O",
	    "-U", "-P", "-T", "-t", "-a", "-o"};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (span_is(word, options[i]))
			return true;
	return false;
}

/* Options that wget, uclient-fetch, aria2c and curl write out. */
static void
read_long(struct command *command, struct span word)
{
	static const struct {
		const char *option, *off;
	} offs[] = {{"--insecure", "off: curl --insecure"},
	    {"--no-check-certificate", "off: --no-check-certificate"},
	    {"--check-certificate=false", "off: --check-certificate=false"},
	    {"--check-certificate=off", "off: --check-certificate=off"},
	    {"--tls-no-verify", "off: --tls-no-verify"}};
	static const char *const pins[] = {
	    "--cacert", "--pinnedpubkey", "--ca-certificate", "--capath", "--ca-directory"};
	struct span rest = word, name = field_next(&rest, '=');

	for (size_t i = 0; i < ARRAY_SIZE(offs); i++)
		if (span_is(word, offs[i].option))
			command->off = offs[i].off;
	for (size_t i = 0; i < ARRAY_SIZE(pins); i++)
		if (span_is(name, pins[i])) {
			command->pin = rest;
			if (rest.at == NULL)
				next_word(&command->rest, &command->pin);
		}
	command->s_client_verifies |= span_is(word, "-verify_return_error");
}

static void
read_word(struct command *command, struct span word, bool curl)
{
	command->key |= span_is(word, "-k") || span_is(word, "--key");
	command->configured |= span_is(word, "-f") || span_is(word, "--config");
	if (word.size == 0)
		return;
	if (curl && word.at[0] == '-' && word.size > 1 && word.at[1] != '-') {
		if (read_letters(command, word))
			next_word(&command->rest, &word);
	} else if (word.at[0] == '-') {
		read_long(command, word);
		if (takes_value(word))
			next_word(&command->rest, &word);
	} else if (command->url.size == 0 && (span_find(word, "://", 3, 0) != SIZE_MAX ||
						 word.at[0] == '$' || word.at[0] == '%')) {
		note_url(command, word);
	}
}

/* The name in "$NAME" or "${NAME}", if that is the whole word. */
static struct span
variable_in(struct span word)
{
	size_t size = 0;

	word = span_from(word, 1);
	if (span_begins(word, "{") && span_ends(word, "}"))
		word = span_part(word, 1, word.size - 2);
	while (size < word.size && shell_is_name((char)word.at[size], size == 0))
		size++;
	return size == word.size ? word : (struct span){0};
}

/* Options that a script keeps in a variable: in any of its values, since which one holds is not
 * known. */
static bool
read_variable(
    const struct update_client *client, struct command *command, struct span name, bool curl)
{
	struct span script = span_part(client->offer->content, 0,
	    client->offer->content.size < MAX_SCRIPT ? client->offer->content.size : MAX_SCRIPT);
	struct span after = command->rest;
	bool options = false;
	size_t at = 0;

	for (int i = 0; i < MAX_VALUES; i++, at += name.size) {
		struct span word;

		at = span_find(script, (const char *)name.at, name.size, at);
		if (at == SIZE_MAX)
			break;
		command->rest = span_from(script, at + name.size);
		if ((at != 0 && strchr(" \t\n;", script.at[at - 1]) == NULL) ||
		    !span_begins(command->rest, "="))
			continue;
		command->rest = span_from(command->rest, 1);
		if (!next_word(&command->rest, &word) || !span_begins(word, "-"))
			continue;
		options = true;
		command->rest = word;
		for (int k = 0; k < MAX_WORDS && next_word(&command->rest, &word); k++)
			if (!span_begins(word, "$"))
				read_word(command, word, curl);
	}
	command->rest = after;
	return options;
}

static void
read_words(struct update_client *client, struct command *command, bool curl)
{
	struct span word;

	for (int i = 0; i < MAX_WORDS && next_word(&command->rest, &word); i++) {
		struct span name = span_begins(word, "$") ? variable_in(word) : (struct span){0};
		bool was_off = command->off != NULL;

		if (name.size != 0 && client->place.text && client->looks < MAX_LOOKS) {
			client->looks++;
			if (read_variable(client, command, name, curl)) {
				command->by_variable |= !was_off && command->off != NULL;
				continue;
			}
		}
		read_word(command, word, curl);
	}
}

static enum status
told(struct update_client *client, const struct command *command, size_t at)
{
	const char *confidence = update_client_confidence(client, at);

	if (command->local || (command->url.size != 0 && !command->fetches_securely))
		return STATUS_OK;
	if (command->off != NULL && command->by_variable && confidence != NULL)
		return update_client_add(client, UPDATE_VERIFY,
		    strcmp(confidence, "certain") == 0 ? "likely" : confidence, command->off,
		    (struct span){0}, at);
	if (command->off != NULL)
		return update_client_verify(client, command->off, at);
	if (command->pin.size == 0)
		return STATUS_OK;
	return update_client_add(client, confidence == NULL ? CLIENT_VERIFY : UPDATE_VERIFY,
	    confidence, "pinned:", command->pin, at);
}

/* swupdate verifies what it installs only where it is given a key, here or in its configuration. */
static enum status
told_of_swupdate(struct update_client *client, const struct command *command, size_t at)
{
	if (command->key)
		return update_client_add(
		    client, UPDATE_SIGNATURE, "likely", "on: swupdate -k", (struct span){0}, at);
	if (command->configured)
		return STATUS_OK;
	return update_client_add(
	    client, UPDATE_SIGNATURE, "possible", "off: swupdate without -k", (struct span){0}, at);
}

enum status
update_client_read_command(struct update_client *client, size_t at)
{
	struct command command = {.rest = bytes_of(client->offer->content, at)};
	struct span name;

	if (!begins_command(client, at) || !next_word(&command.rest, &name))
		return STATUS_OK;
	/* a program is no evidence by its own manual: "curl -k" there comes with no URL */
	read_words(client, &command, span_is(name, "curl"));
	if (!client->place.text && command.url.size == 0)
		return STATUS_OK;
	if (span_is(name, "swupdate")) {
		bool installs = client->place.script;

		return installs ? told_of_swupdate(client, &command, at) : STATUS_OK;
	}
	if (span_is(name, "s_client")) {
		if (command.s_client_verifies || update_client_confidence(client, at) == NULL)
			return STATUS_OK;
		return update_client_add(client, UPDATE_VERIFY, "possible",
		    "off: s_client without -verify_return_error", (struct span){0}, at);
	}
	return told(client, &command, at);
}
