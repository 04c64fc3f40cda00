/* One program, subcommands as in git; what is not built yet is not offered. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/words.h"
#include "assess/report_screen.h"
#include "base/arena.h"
#include "base/message.h"
#include "base/text.h"
#include "base/xml.h"

#define BUDGET ((size_t)8 << 30)

#define COMMAND(name) extern const struct command command_##name;
#include "app/catalogue.def"
#undef COMMAND

static const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "app/catalogue.def"
#undef COMMAND
};

static enum status
say_screen(struct screen *screen)
{
	const char *out;

	TRY(text_finish(&screen->out, &out));
	say("%s", out);
	return STATUS_OK;
}

static enum status
print_help(struct job *job, int language)
{
	struct report_options options = {.language = language};
	struct screen screen = {job, NULL, &options, false, text_new(job)};

	screen_line(&screen, 0,
	    message(language,
		"usage: hopquy COMMAND [ARGUMENTS]   (hopquy COMMAND --help tells more)"));
	text_put(&screen.out, "\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		screen_paragraph(&screen, 2, 15, arena_printf(job, "%-12s ", commands[i]->name),
		    message(language, commands[i]->summary));
	text_put(&screen.out, "\n");
	screen_line(&screen, 0,
	    message(language,
		"--lang vi|en chooses the language; exit status: 0 yes, 1 no, 2 cannot be told."));
	return say_screen(&screen);
}

/* One line a form of the command, and on from there where it is long. */
static enum status
print_usage(struct job *job, const struct command *command, int language)
{
	struct report_options options = {.language = language};
	struct screen screen = {job, NULL, &options, false, text_new(job)};
	const char *label = arena_printf(job, "%s hopquy ", message(language, "usage:"));

	if (label == NULL)
		return STATUS_LIMIT;
	for (const char *at = command->usage; *at != '\0';) {
		size_t indent = strspn(at, " "), size = strcspn(at, "\n");

		screen_paragraph(&screen, indent,
		    indent == 0   ? 19
		    : indent < 12 ? 19
				  : indent,
		    at == command->usage ? label : "",
		    arena_string(job, at + indent, size - indent));
		at += size + (at[size] == '\n');
	}
	text_put(&screen.out, "\n");
	screen_line(&screen, 0, message(language, command->summary));
	return say_screen(&screen);
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Takes "--lang X" or "--lang=X" out of the arguments, wherever it stands. */
static enum status
take_language(struct invocation *invocation, int *language)
{
	int kept = 0;

	for (int i = 0; i < invocation->argc; i++) {
		const char *argument = invocation->argv[i], *value = NULL;

		if (strcmp(argument, "--lang") == 0)
			value = i + 1 < invocation->argc ? invocation->argv[++i] : "";
		else if (text_starts_with(argument, "--lang="))
			value = argument + strlen("--lang=");
		if (value == NULL) {
			invocation->argv[kept++] = invocation->argv[i];
			continue;
		}
		if (strcmp(value, "vi") != 0 && strcmp(value, "en") != 0)
			return fail(invocation->job, STATUS_USAGE,
			    "--lang wants vi or en, not '%s'", value);
		*language = strcmp(value, "vi") == 0;
	}
	invocation->argc = kept;
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	const struct command *command;

	TRY(take_language(invocation, &invocation->language));
	if (invocation->argc == 0 || strcmp(invocation->argv[0], "--help") == 0 ||
	    strcmp(invocation->argv[0], "help") == 0) {
		TRY(print_help(invocation->job, invocation->language));
		return invocation->argc == 0
			   ? fail(invocation->job, STATUS_USAGE, "no command given")
			   : STATUS_OK;
	}
	if (strcmp(invocation->argv[0], "--version") == 0) {
		say("hopquy %s\n", HOPQUY_VERSION);
		return STATUS_OK;
	}
	command = find_command(invocation->argv[0]);
	if (command == NULL)
		return fail(invocation->job, STATUS_USAGE,
		    "there is no command '%s'; hopquy --help lists them", invocation->argv[0]);
	invocation->argc--;
	invocation->argv++;
	/* also behind the name of a step, or whatever else there is one word of */
	if ((invocation->argc == 1 || invocation->argc == 2) &&
	    strcmp(invocation->argv[invocation->argc - 1], "--help") == 0) {
		return print_usage(invocation->job, command, invocation->language);
	}
	return command->run(invocation);
}

/* In English where the budget is spent: a reason is told in any case. */
static void
tell_reason(const struct invocation *invocation)
{
	char english[sizeof invocation->job->reason];
	const char *words;

	memcpy(english, invocation->job->reason, sizeof english);
	words = message_of(invocation->job, invocation->language, english);
	tell("hopquy: %s\n", words_clean(invocation->job, words == NULL ? english : words));
}

int
main(int argc, char **argv)
{
	const char *language = getenv("LC_ALL");
	struct invocation invocation = {
	    .argc = argc - 1, .argv = argv + 1, .now = (int64_t)time(NULL)};
	enum status status;
	int code;

	signal(SIGPIPE, SIG_IGN);
	if (language == NULL || language[0] == '\0')
		language = getenv("LC_MESSAGES");
	if (language == NULL || language[0] == '\0')
		language = getenv("LANG");
	invocation.language = language != NULL && text_starts_with(language, "vi");
	invocation.job = job_new(BUDGET);
	if (invocation.job == NULL)
		return status_exit_code(STATUS_FAULT);
	xml_start();
	status = run(&invocation);
	if (invocation.job->reason[0] != '\0' && status != STATUS_OK)
		tell_reason(&invocation);
	code = status_exit_code(status);
	/* fflush alone forgets what an earlier, full buffer lost; an answer that nobody got is none
	 */
	if ((fflush(stdout) != 0 || ferror(stdout)) && code <= 2) {
		tell("hopquy: standard output: cannot be written\n");
		code = status_exit_code(STATUS_IO);
	}
	xml_stop();
	job_free(invocation.job);
	return code;
}
