/* A script that sets a password sets the same one on every unit. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/hard_coded_login.h"
#include "firmware/password_hash.h"
#include "firmware/reading.h"
#include "firmware/shell.h"

#define MAX_COMMANDS 20000

static const char *
base_name_of(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash == NULL ? word : slash + 1;
}

/* Where the literal text of `words` stands in the script: behind `from`. */
static size_t
place_of(const struct login_reading *reading, size_t from, struct span text)
{
	struct span near = span_from(reading->content, from);
	size_t at;

	near.size = near.size < 2 * SHELL_MAX_COMMAND ? near.size : 2 * SHELL_MAX_COMMAND;
	at = span_find(near, text.at, text.size, 0);
	return at == SIZE_MAX ? from : from + at;
}

/* One on the same line was told already, as an assignment. */
static bool
is_told(const struct login_reading *reading, size_t at)
{
	for (size_t i = 0; i < reading->count; i++) {
		size_t told = reading->places[i], first = told < at ? told : at;
		size_t between = told < at ? at - told : told - at;

		if (between < SHELL_MAX_COMMAND &&
		    memchr(reading->content.at + first, '\n', between) == NULL)
			return true;
	}
	return false;
}

static enum status
is_hash(const struct login_reading *reading, struct span password, bool *is)
{
	struct password_hash hash = {0};

	*is = false;
	if (password.size == 0 || password.size > PASSWORD_HASH_MAX)
		return STATUS_OK;
	TRY(password_hash_read(reading->job, PASSWORD_OF_SYSTEM, password, &hash));
	*is = hash.scheme != NULL;
	return STATUS_OK;
}

/* Adds a password that somebody may type, or its hash, which opens as well. */
static enum status
add(struct login_reading *reading, size_t from, struct span user, struct span password,
    const char *confidence)
{
	struct hard_coded login = {.user = user, .password = password, .confidence = confidence};
	bool hashed;

	TRY(is_hash(reading, password, &hashed));
	if (!(hashed || hard_coded_is_literal(password)) || span_is(password, "!") ||
	    span_is(password, "*") ||
	    memchr(user.at == NULL ? (const void *)"" : user.at, '$', user.size) != NULL)
		return STATUS_OK;
	login.at = place_of(reading, from, password);
	return is_told(reading, login.at) ? STATUS_OK : hard_coded_add(reading, &login);
}

/* "user:password" read by chpasswd; an encrypted one is no password, but opens as well. */
static enum status
read_chpasswd(
    struct login_reading *reading, const struct hard_coded_said *said, const char *confidence)
{
	struct span rest = span_of_string(said->text);

	for (int i = 0; i < HARD_CODED_LINES && rest.size != 0; i++) {
		struct span password = hard_coded_said_next(&rest),
			    user = field_next(&password, ':');

		if (user.size != 0 && user.size <= 32 && memchr(user.at, ' ', user.size) == NULL)
			TRY(add(reading, said->offset, user, password, confidence));
	}
	return STATUS_OK;
}

/* The same line twice, read by passwd. */
static enum status
read_passwd(struct login_reading *reading, const struct hard_coded_said *said,
    const struct shell_command *command, const char *confidence)
{
	struct span rest = span_of_string(said->text), before = span_of_string(said->before);
	struct span first = hard_coded_said_next(&rest), again = hard_coded_said_next(&rest);
	struct span user = span_of_string("root");

	if (again.size == 0)
		again = hard_coded_said_next(&before); /* (echo x; echo x) */
	if (!span_equal(first, again))
		return STATUS_OK;
	for (size_t i = 1; i < command->word_count && command->words[i][0] != '<'; i++)
		if (command->words[i][0] != '-')
			user = span_of_string(command->words[i]);
	return add(reading, said->offset, user, first, confidence);
}

/* usermod -p HASH USER */
static enum status
read_usermod(
    struct login_reading *reading, const struct shell_command *command, const char *confidence)
{
	bool hashed;
	struct span hash = {0};
	struct span user = span_of_string(command->words[command->word_count - 1]);

	for (size_t i = 1; i + 2 < command->word_count; i++)
		if (strcmp(command->words[i], "-p") == 0 ||
		    strcmp(command->words[i], "--password") == 0)
			hash = span_of_string(command->words[i + 1]);
	TRY(is_hash(reading, hash, &hashed));
	return !hashed ? STATUS_OK : add(reading, command->offset, user, hash, confidence);
}

/* dropbear -Y PASSWORD: opens every account */
static enum status
read_dropbear(struct login_reading *reading, const struct shell_command *command)
{
	for (size_t i = 1; i + 1 < command->word_count; i++)
		if (strcmp(command->words[i], "-Y") == 0)
			return add(reading, command->offset, span_of_string("root"),
			    span_of_string(command->words[i + 1]), "likely");
	return STATUS_OK;
}

/* htpasswd -b FILE USER PASSWORD */
static enum status
read_htpasswd(struct login_reading *reading, const struct shell_command *command)
{
	const char *words[3] = {NULL};
	size_t count = 0;
	bool batch = false, shown = false;

	for (size_t i = 1; i < command->word_count; i++) {
		if (command->words[i][0] == '-') {
			batch = batch || strchr(command->words[i], 'b') != NULL;
			shown = shown || strchr(command->words[i], 'n') != NULL;
		} else if (count < 3) {
			words[count++] = command->words[i];
		}
	}
	if (!batch || count < (shown ? 2u : 3u))
		return STATUS_OK;
	return add(reading, command->offset, span_of_string(words[count - 2]),
	    span_of_string(words[count - 1]), "certain");
}

/* curl -u USER:PASSWORD, wget --user=USER --password=PASSWORD, sshpass -p PASSWORD */
static enum status
read_client(struct login_reading *reading, const struct shell_command *command, const char *name)
{
	struct span user = {0}, password = {0};

	for (size_t i = 1; i < command->word_count; i++) {
		struct span word = span_of_string(command->words[i]);
		struct span next = i + 1 < command->word_count
				       ? span_of_string(command->words[i + 1])
				       : (struct span){0};

		if (strcmp(name, "curl") == 0 && (span_is(word, "-u") || span_is(word, "--user"))) {
			user = field_next(&next, ':');
			password = next;
		} else if (strcmp(name, "sshpass") == 0 && span_begins(word, "-p")) {
			password = word.size > 2 ? span_from(word, 2) : next;
			break;
		} else if (strcmp(name, "wget") == 0) {
			struct span option = field_next(&word, '=');

			if (span_ends(option, "user"))
				user = word;
			if (span_ends(option, "-password") || span_ends(option, "-passwd"))
				password = word;
		}
	}
	return add(reading, command->offset, user, password, "likely");
}

/* nvram set http_username=USER, nvram set http_passwd=PASSWORD: the default of every unit. */
static enum status
read_setting(struct login_reading *reading, struct hard_coded_said *said,
    const struct shell_command *command)
{
	struct span value, name;

	if (command->word_count < 3 || strcmp(command->words[1], "set") != 0)
		return STATUS_OK;
	value = span_of_string(command->words[2]);
	name = field_next(&value, '=');
	if (span_is(name, "http_username") || span_is(name, "login_name")) {
		if (value.size < HARD_CODED_USER && value.size != 0)
			memcpy(said->user, value.at, value.size);
		said->user[value.size < HARD_CODED_USER ? value.size : 0] = '\0';
		return STATUS_OK;
	}
	if (!span_is(name, "http_passwd") && !span_is(name, "http_password") &&
	    !span_is(name, "login_password"))
		return STATUS_OK;
	return add(reading, command->offset, span_of_string(said->user), value, "likely");
}

/* uci set rpcd.@login[0].password=PASSWORD, of packages whose passwords open the product */
static enum status
read_uci(struct login_reading *reading, struct hard_coded_said *said,
    const struct shell_command *command)
{
	static const char *const parts[] = {"rpcd", "login", "user", "admin", "account", "web",
	    "httpd", "luci", "cam", "onvif", "rtsp", "telnet"};
	struct span value = span_of_string(command->words[command->word_count - 1]);
	struct span name = field_next(&value, '='), package = field_next(&name, '.');
	bool opens = false;

	value = span_unquote(value);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		opens = opens || span_find(package, parts[i], strlen(parts[i]), 0) != SIZE_MAX;
	if (!opens || value.size == 0)
		return STATUS_OK;
	field_next(&name, '.');
	if (hard_coded_is_user_word(name) && value.size < HARD_CODED_USER) {
		memcpy(said->user, value.at, value.size);
		said->user[value.size] = '\0';
	}
	return hard_coded_is_password_word(name)
		   ? add(reading, command->offset, span_of_string(said->user), value, "likely")
		   : STATUS_OK;
}

/* Commands that read the password from a pipe or a text. */
static enum status
read_reader(struct login_reading *reading, struct hard_coded_said *said,
    const struct shell_command *command, const char *name)
{
	const char *confidence = said->expires ? "possible" : "certain";

	if (!hard_coded_remember_text(reading, said, command) && said->age != 1)
		return STATUS_OK;
	return strcmp(name, "passwd") == 0 ? read_passwd(reading, said, command, confidence)
					   : read_chpasswd(reading, said, confidence);
}

static enum status
read_command(struct login_reading *reading, struct hard_coded_said *said,
    const struct shell_command *command)
{
	const char *name = base_name_of(command->words[0]);

	if (strcmp(name, "busybox") == 0 && command->word_count > 1)
		name = base_name_of(command->words[1]);
	if (strcmp(name, "sleep") == 0)
		return STATUS_OK; /* says nothing between two lines */
	said->age++;
	if (strcmp(name, "echo") == 0 || strcmp(name, "printf") == 0)
		hard_coded_remember(said, command);
	else if (strcmp(name, "cat") == 0 && hard_coded_remember_text(reading, said, command))
		said->age = 0;
	else if (strcmp(name, "chpasswd") == 0 || strcmp(name, "passwd") == 0)
		return read_reader(reading, said, command, name);
	else if (strcmp(name, "htpasswd") == 0)
		return read_htpasswd(reading, command);
	else if (strcmp(name, "usermod") == 0 || strcmp(name, "useradd") == 0)
		return read_usermod(reading, command, said->expires ? "possible" : "certain");
	else if (strcmp(name, "dropbear") == 0)
		return read_dropbear(reading, command);
	else if (strcmp(name, "uci") == 0 || strcmp(name, "set") == 0)
		return read_uci(reading, said, command);
	else if (strcmp(name, "nvram") == 0)
		return read_setting(reading, said, command);
	else if (strcmp(name, "curl") == 0 || strcmp(name, "wget") == 0 ||
		 strcmp(name, "sshpass") == 0)
		return read_client(reading, command, name);
	return STATUS_OK;
}

/* "passwd -e", "chage -d 0": whoever logs in first has to set another. */
static bool
makes_it_expire(struct span script)
{
	static const char *const words[] = {
	    "passwd -e", "passwd --expire", "chage -d 0", "chage -d0"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (span_find(script, words[i], strlen(words[i]), 0) != SIZE_MAX)
			return true;
	return false;
}

enum status
hard_coded_read_commands(struct login_reading *reading)
{
	struct shell *shell = arena_allocate(reading->job, sizeof *shell);
	struct shell_command *command = arena_allocate(reading->job, sizeof *command);
	struct hard_coded_said said = {.age = 2, .expires = makes_it_expire(reading->content)};

	if (shell == NULL || command == NULL)
		return STATUS_LIMIT;
	*shell = shell_new(reading->content);
	for (size_t i = 0; i < MAX_COMMANDS && shell_next(shell, command); i++)
		if (command->word_count != 0)
			TRY(read_command(reading, &said, command));
	return STATUS_OK;
}
