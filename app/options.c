/* Long options only, so a command line reads as a sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "base/arena.h"

static const struct option *
find_option(const struct option *options, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(options[i].name) == size && strncmp(options[i].name, name, size) == 0)
			return &options[i];
	return NULL;
}

static enum status
set_option(struct invocation *invocation, const struct option *option, const char *value)
{
	struct option_list *list = option->target;

	if (option->type == OPTION_FLAG) {
		*(bool *)option->target = true;
	} else if (option->type == OPTION_TEXT) {
		*(const char **)option->target = value;
	} else {
		if (list->count == ARRAY_SIZE(list->values))
			return fail(invocation->job, STATUS_USAGE,
			    "--%s is given more than %zu times", option->name,
			    ARRAY_SIZE(list->values));
		list->values[list->count++] = value;
	}
	return STATUS_OK;
}

/* The two short options of the contract, by their long names. */
static const char *
long_name(const char *argument)
{
	if (strcmp(argument, "-o") == 0)
		return "output";
	return strcmp(argument, "-C") == 0 ? "into" : argument + 2;
}

static enum status
take_option(struct invocation *invocation, const struct option *options, size_t count, int *at)
{
	const char *given = invocation->argv[*at];
	const char *argument = long_name(given), *equals = strchr(argument, '=');
	size_t size = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
	const struct option *option = find_option(options, count, argument, size);

	if (option == NULL)
		return fail(invocation->job, STATUS_USAGE, "there is no option %.*s here",
		    (int)strcspn(given, "="), given);
	if (option->type == OPTION_FLAG && equals != NULL)
		return fail(invocation->job, STATUS_USAGE, "--%s takes no value", option->name);
	if (option->type == OPTION_FLAG || equals != NULL)
		return set_option(invocation, option, equals == NULL ? NULL : equals + 1);
	if (*at + 1 >= invocation->argc)
		return fail(invocation->job, STATUS_USAGE, "%s wants a value", given);
	return set_option(invocation, option, invocation->argv[++*at]);
}

enum status
options_parse(struct invocation *invocation, const struct option *options, size_t count,
    size_t minimum, size_t maximum, struct option_list *operands)
{
	bool ended = false;

	operands->count = 0;
	for (int i = 0; i < invocation->argc; i++) {
		const char *argument = invocation->argv[i];

		if (!ended && strcmp(argument, "--") == 0) {
			ended = true;
		} else if (!ended &&
			   (strncmp(argument, "--", 2) == 0 || strcmp(argument, "-o") == 0 ||
			       strcmp(argument, "-C") == 0)) {
			TRY(take_option(invocation, options, count, &i));
		} else if (!ended && argument[0] == '-' && argument[1] != '\0') {
			return fail(invocation->job, STATUS_USAGE,
			    "there is no option %s here; options are long, as in --help", argument);
		} else {
			if (operands->count == ARRAY_SIZE(operands->values))
				return fail(invocation->job, STATUS_USAGE, "more than %zu operands",
				    ARRAY_SIZE(operands->values));
			operands->values[operands->count++] = argument;
		}
	}
	if (operands->count > maximum)
		return fail(invocation->job, STATUS_USAGE, "unexpected argument: %s",
		    operands->values[maximum]);
	if (operands->count < minimum)
		return fail(invocation->job, STATUS_USAGE,
		    "%zu of at least %zu operands given; --help tells more", operands->count,
		    minimum);
	return STATUS_OK;
}

/* The program's own folder, or an ancestor of it, that holds profiles/ and checks/. */
const char *
app_home(struct job *job)
{
	const char *chosen = getenv("HOPQUY_HOME");
	char path[4096];
	ssize_t size;

	if (chosen != NULL && chosen[0] != '\0')
		return chosen;
	size = readlink("/proc/self/exe", path, sizeof path - 1);
	if (size <= 0)
		return ".";
	path[size] = '\0';
	for (char *slash; (slash = strrchr(path, '/')) != NULL && slash != path;) {
		char *checks;

		*slash = '\0';
		checks = arena_printf(job, "%s/checks/crypto", path);
		if (checks != NULL && access(checks, F_OK) == 0)
			return arena_copy_string(job, path);
		checks = arena_printf(job, "%s/share/hopquy/checks", path);
		if (checks != NULL && access(checks, F_OK) == 0)
			return arena_printf(job, "%s/share/hopquy", path);
	}
	return ".";
}

bool
wants_colour(void)
{
	const char *refused = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (refused == NULL || refused[0] == '\0');
}

void
say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
}

void
tell(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
}
