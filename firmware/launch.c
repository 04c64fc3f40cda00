/* nohup, sudo, su, chpst, start-stop-daemon: each has options of its own before the program. */
#include "firmware/launch.h"

#include <string.h>

#include "base/job.h"

struct starter {
	const char *name;
	const char *valued;      /* letters of options that take the next word */
	char user;               /* the one that names a user */
	unsigned char arguments; /* words of its own behind the options */
	bool starts;
};

static const struct starter starters[] = {
    {"exec", "", 0, 0, false},
    {"nohup", "", 0, 0, false},
    {"setsid", "", 0, 0, false},
    {"time", "", 0, 0, false},
    {"command", "", 0, 0, false},
    {"eval", "", 0, 0, false},
    {"busybox", "", 0, 0, false},
    {"toybox", "", 0, 0, false},
    {"nice", "n", 0, 0, false},
    {"ionice", "cn", 0, 0, false},
    {"chrt", "", 0, 1, false},
    {"taskset", "", 0, 1, false},
    {"timeout", "sk", 0, 1, false},
    {"env", "uC", 0, 0, false},
    {"sudo", "ugpC", 'u', 0, false},
    {"chpst", "uUben/mdofpcrt", 'u', 0, false},
    {"setuidgid", "", 1, 1, false},
    {"s6-setuidgid", "", 1, 1, false},
    {"gosu", "", 1, 1, false},
    {"su-exec", "", 1, 1, false},
    {"runuser", "ugG", 'u', 0, false},
    {"setpriv", "", 0, 0, false},
    {"chroot", "", 0, 1, false},
    {"service_start", "", 0, 0, true},
    {"SERVICE_START", "", 0, 0, true},
    {"daemon", "", 'u', 0, true},
    {"daemonize", "acpou", 'u', 0, true},
    {"start_daemon", "pn", 0, 0, true},
    {"startproc", "pnu", 'u', 0, true},
    {"respawn", "", 0, 0, true},
    {"xargs", "adEIiLnPs", 0, 0, false},
    {"cttyhack", "", 0, 0, false},
    {"linux32", "", 0, 0, false},
    {"stdbuf", "ioe", 0, 0, false},
    {"firejail", "", 0, 0, false},
};

const char *
launch_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static const struct starter *
starter_of(const char *word)
{
	const char *name = launch_base_name(word);

	for (size_t i = 0; i < ARRAY_SIZE(starters); i++)
		if (strcmp(name, starters[i].name) == 0)
			return &starters[i];
	return NULL;
}

bool
launch_is_start(const char *word)
{
	const struct starter *starter = starter_of(word);

	return starter != NULL && starter->starts;
}

/* "user:group" names a user too: the buffer is the command's own, and its group is of no use. */
static const char *
user_of(const char *word)
{
	return word[0] == '\0' || word[0] == '$' ? NULL : word;
}

/* Index behind a starter's own options and words. */
static size_t
skip_options(const struct shell_command *command, size_t at, const struct starter *starter,
    struct launch *launch)
{
	for (; at < command->word_count && command->words[at][0] == '-'; at++) {
		const char *word = command->words[at];
		char letter = word[1];

		if (strcmp(word, "--") == 0)
			return at + 1;
		if (strncmp(word, "--user=", 7) == 0)
			launch->user = user_of(word + 7);
		if (letter == '-' || letter == '\0' || strchr(starter->valued, letter) == NULL)
			continue;
		if (letter == starter->user)
			launch->user =
			    user_of(word[2] != '\0'                ? word + 2
				    : at + 1 < command->word_count ? command->words[at + 1]
								   : "");
		at += word[2] == '\0';
	}
	if (starter->user == 1 && at < command->word_count)
		launch->user = user_of(command->words[at]);
	return at + starter->arguments;
}

static bool
is_long(const char *word, const char *name)
{
	return word[0] == '-' && word[1] == '-' && strncmp(word + 2, name, strlen(name)) == 0 &&
	       (word[2 + strlen(name)] == '\0' || word[2 + strlen(name)] == '=');
}

/* One letter of a cluster like "-Sbx". */
static void
read_letter(char letter, const char *value, size_t value_at, struct launch *launch)
{
	if (letter == 'K' || letter == 'T' || letter == 'H')
		launch->stops = true;
	else if (letter == 'c')
		launch->user = user_of(value);
	else if (letter == 'x' && launch->program == 0)
		launch->program = value_at;
	else if (letter == 'a')
		launch->program = value_at;
}

/* start-stop-daemon -S -b -c USER -x PROGRAM -- ARGUMENTS */
static void
read_start_stop(const struct shell_command *command, size_t at, struct launch *launch)
{
	static const char valued[] = "xapucngskrdNPIORv";
	size_t end = command->word_count;

	launch->program = 0;
	for (size_t i = at + 1; i < end && strcmp(command->words[i], "--") != 0; i++) {
		const char *word = command->words[i];
		bool next = i + 1 < end;
		const char *value = next ? command->words[i + 1] : "";

		if (word[0] != '-')
			continue;
		if (is_long(word, "stop") || is_long(word, "status") || is_long(word, "test"))
			launch->stops = true;
		else if ((is_long(word, "exec") || is_long(word, "startas")) && next)
			launch->program = launch->program == 0 || is_long(word, "startas")
					      ? i + 1
					      : launch->program;
		else if (is_long(word, "chuid") || is_long(word, "user"))
			launch->user = is_long(word, "chuid") ? user_of(value) : launch->user;
		if (word[1] == '-')
			continue;
		for (const char *letter = word + 1; *letter != '\0'; letter++) {
			bool takes = strchr(valued, *letter) != NULL && *letter != 'v';

			read_letter(*letter, takes && letter[1] == '\0' ? value : letter + 1,
			    next ? i + 1 : end, launch);
			if (takes) {
				i += letter[1] == '\0';
				break;
			}
		}
	}
	if (launch->program == 0)
		launch->program = end;
	launch->arguments = end;
	for (size_t i = at + 1; i < end && launch->arguments == end; i++)
		if (strcmp(command->words[i], "--") == 0)
			launch->arguments = i + 1;
	launch->starts = true;
}

/* su [-] [-s SHELL] USER -c "COMMAND": the command is one word. */
static void
read_su(const struct shell_command *command, size_t at, struct launch *launch)
{
	launch->program = launch->arguments = command->word_count;
	for (size_t i = at + 1; i < command->word_count; i++) {
		const char *word = command->words[i];

		if (strcmp(word, "-c") == 0 && i + 1 < command->word_count)
			launch->program = ++i;
		else if (strcmp(word, "-s") == 0)
			i++;
		else if (word[0] != '-' && launch->user == NULL)
			launch->user = user_of(word);
	}
}

struct launch
launch_read(const struct shell_command *command)
{
	struct launch launch = {0};
	size_t at = 0;

	for (int i = 0; i < 8 && at < command->word_count; i++) {
		const struct starter *starter;
		const char *name = launch_base_name(command->words[at]);

		if (strcmp(name, "start-stop-daemon") == 0) {
			read_start_stop(command, at, &launch);
			return launch;
		}
		if (strcmp(name, "su") == 0) {
			read_su(command, at, &launch);
			return launch;
		}
		/* NAME=VALUE before the program */
		if (strchr(command->words[at], '=') != NULL && command->words[at][0] != '-' &&
		    strchr(command->words[at], '/') > strchr(command->words[at], '=')) {
			at++;
			continue;
		}
		starter = starter_of(name);
		if (starter == NULL)
			break;
		launch.starts |= starter->starts;
		at = skip_options(command, at + 1, starter, &launch);
	}
	launch.program = at < command->word_count ? at : command->word_count;
	launch.arguments = launch.program + 1;
	return launch;
}
