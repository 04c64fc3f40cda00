/* A script that sets a password sets the same one on every unit. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/hard_coded_login.h"
#include "firmware/reading.h"
#include "firmware/shell.h"

#define MAX_COMMANDS 20000
#define MAX_SAID 256
#define MAX_USER 33

/* What the commands so far said, for the one that reads it from a pipe. */
struct said {
	char user[MAX_USER]; /* that "nvram set http_username=" gave last */
	char text[MAX_SAID]; /* what echo or printf wrote last */
	size_t offset;
	unsigned age; /* commands since */
	bool expires; /* the script has the password changed at the first log-in */
};

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
	size_t at = span_find(reading->content, text.at, text.size, from);

	return at == SIZE_MAX || at > from + SHELL_MAX_COMMAND ? from : at;
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
add(struct login_reading *reading, size_t from, struct span user, struct span password,
    const char *confidence)
{
	struct hard_coded login = {.user = user, .password = password, .confidence = confidence};

	if (!hard_coded_is_literal(password) ||
	    memchr(user.at == NULL ? (const void *)"" : user.at, '$', user.size) != NULL)
		return STATUS_OK;
	login.at = place_of(reading, from, password);
	return is_told(reading, login.at) ? STATUS_OK : hard_coded_add(reading, &login);
}

static void
remember(struct said *said, const struct shell_command *command)
{
	size_t size = 0;

	for (size_t i = 1; i < command->word_count; i++) {
		size_t more = strlen(command->words[i]);

		if (command->words[i][0] == '-' && more < 4 && size == 0)
			continue;
		if (size + more + 2 > MAX_SAID)
			break;
		if (size != 0)
			said->text[size++] = ' ';
		memcpy(said->text + size, command->words[i], more);
		size += more;
	}
	said->text[size] = '\0';
	said->offset = command->offset;
	said->age = 0;
}

/* "user:password" read by chpasswd; an encrypted one is no password, but opens as well. */
static enum status
read_chpasswd(struct login_reading *reading, const struct said *said, const char *confidence)
{
	struct span rest = span_of_string(said->text), user = field_next(&rest, ':');
	size_t end = span_find(rest, "\\n", 2, 0), line = span_find(rest, "\n", 1, 0);

	end = line < end ? line : end;
	if (user.size == 0 || user.size > 32 || memchr(user.at, ' ', user.size) != NULL)
		return STATUS_OK;
	return add(reading, said->offset, user,
	    span_part(rest, 0, end == SIZE_MAX ? rest.size : end), confidence);
}

/* The same line twice, read by passwd. */
static enum status
read_passwd(struct login_reading *reading, const struct said *said,
    const struct shell_command *command, const char *confidence)
{
	struct span whole = span_of_string(said->text), user = span_of_string("root"), again;
	size_t end = span_find(whole, "\\n", 2, 0);

	if (end == SIZE_MAX)
		return STATUS_OK;
	again = span_from(whole, end + 2);
	whole.size = end;
	end = span_find(again, "\\n", 2, 0);
	again.size = end == SIZE_MAX ? again.size : end;
	if (!span_equal(whole, again))
		return STATUS_OK;
	for (size_t i = 1; i < command->word_count; i++)
		if (command->words[i][0] != '-')
			user = span_of_string(command->words[i]);
	return add(reading, said->offset, user, whole, confidence);
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
read_setting(struct login_reading *reading, struct said *said, const struct shell_command *command)
{
	struct span value, name;

	if (command->word_count < 3 || strcmp(command->words[1], "set") != 0)
		return STATUS_OK;
	value = span_of_string(command->words[2]);
	name = field_next(&value, '=');
	if (span_is(name, "http_username") || span_is(name, "login_name")) {
		if (value.size < MAX_USER && value.size != 0)
			memcpy(said->user, value.at, value.size);
		said->user[value.size < MAX_USER ? value.size : 0] = '\0';
		return STATUS_OK;
	}
	if (!span_is(name, "http_passwd") && !span_is(name, "http_password") &&
	    !span_is(name, "login_password"))
		return STATUS_OK;
	return add(reading, command->offset, span_of_string(said->user), value, "likely");
}

static enum status
read_command(struct login_reading *reading, struct said *said, const struct shell_command *command)
{
	const char *name = base_name_of(command->words[0]);
	const char *confidence = said->expires ? "possible" : "certain";

	said->age++;
	if (strcmp(name, "busybox") == 0 && command->word_count > 1)
		name = base_name_of(command->words[1]);
	if (strcmp(name, "echo") == 0 || strcmp(name, "printf") == 0)
		remember(said, command);
	else if (strcmp(name, "chpasswd") == 0 && said->age == 1)
		return read_chpasswd(reading, said, confidence);
	else if (strcmp(name, "passwd") == 0 && said->age == 1)
		return read_passwd(reading, said, command, confidence);
	else if (strcmp(name, "htpasswd") == 0)
		return read_htpasswd(reading, command);
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
	struct said said = {.age = 2, .expires = makes_it_expire(reading->content)};

	if (shell == NULL || command == NULL)
		return STATUS_LIMIT;
	*shell = shell_new(reading->content);
	for (size_t i = 0; i < MAX_COMMANDS && shell_next(shell, command); i++)
		if (command->word_count != 0)
			TRY(read_command(reading, &said, command));
	return STATUS_OK;
}
