/* Words that name nothing, and those of which nobody knows what they name before they run. */
#include <string.h>

#include "firmware/launch.h"
#include "firmware/script.h"
#include "firmware/shell_expand.h"

#define MAX_PROGRAMS 1024 /* of a folder: where there are more, any may be meant */

/* "$NAME" or "${NAME:+WORDS}" of what nothing has set: nothing stands there. */
bool
script_is_nothing(const struct script *script, const char *word)
{
	char name[32];
	size_t brace = word[0] == '$' && word[1] == '{', size = 0;
	const struct shell_variable *variable;
	const char *rest = word + 1 + brace;

	if (word[0] != '$' || script->shell.forgot)
		return false;
	while (shell_is_name(rest[size], size == 0))
		size++;
	if (size == 0 || size >= sizeof name)
		return false;
	memcpy(name, rest, size);
	name[size] = '\0';
	rest += size;
	variable = shell_variable(&script->shell, name);
	/* "x=$x" of what was not set leaves it so */
	if (variable != NULL &&
	    (variable->value[0] != '$' || strcmp(variable->value + 1, name) != 0))
		return false;
	if (brace == 0)
		return *rest == '\0';
	return strcmp(rest, "}") == 0 || (rest[0] == ':' && rest[1] == '+') || rest[0] == '+';
}

/* A name of which the beginning is known, and no program of the image begins so: a function's. */
static bool
may_be_function(const struct script *script, const char *word)
{
	static const char *const folders[] = {"/bin", "/sbin", "/usr/bin", "/usr/sbin"};
	size_t size = strcspn(word, "$`");

	if (size < 4 || strcspn(word, "/*?") != strlen(word))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		const struct node *folder =
		    places_find(script->places, script->root, NULL, folders[i]);

		size_t seen = 0;

		for (const struct node *node = folder == NULL ? NULL : folder->child; node != NULL;
		     node = node->next)
			if (seen++ == MAX_PROGRAMS || strncmp(node->name, word, size) == 0)
				return false;
	}
	return true;
}

/* Which program a word names is only known when it runs. */
bool
script_is_open(const struct script *script, const char *word)
{
	const char *name = launch_base_name(word), *sign = strchr(word, '=');
	size_t size = strcspn(word, "<>"); /* behind it stands where the program writes */

	if (script->unknown != NULL)
		return false; /* one is enough */
	if (size != strlen(word) && strpbrk(word, "$`*?{[") >= word + size)
		return false;
	if (word[0] == '$' && sign != NULL && strcspn(word, "(`/ ") > (size_t)(sign - word))
		return false; /* it sets a variable whose name is not known */
	if (word[strspn(word, "{}")] == '\0' || may_be_function(script, word))
		return false;
	if (strstr(word, "$(") != NULL || strpbrk(name, "$`*?{}") != NULL)
		return true;
	return strchr(name, '[') != NULL && strchr(name, ']') != NULL;
}

void
script_note_open(struct script *script, enum truth here)
{
	for (size_t i = script->frame_count; i-- > 0;)
		if (script_is_call(&script->frames[i])) {
			here = truth_and(here, script->frames[i].base);
			break;
		}
	if (here != NEVER && script->unknown == NULL)
		script->unknown = script->at;
}
