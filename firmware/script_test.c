/* A test of a file is answered by the image; what a running product would answer stays open. */
#include <string.h>

#include "firmware/reading.h"
#include "firmware/script.h"

/* Where programs lie is settled when the image is made; elsewhere files may come later. */
static enum truth
exists(const struct script *script, const char *path, char kind)
{
	static const char *const settled[] = {
	    "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/lib/", "/usr/lib/"};
	const struct node *node;
	char folder[16];

	if (path[0] != '/' || strpbrk(path, "$`*?") != NULL)
		return MAYBE;
	node = places_find(script->places, script->root, NULL, path);
	if (node != NULL && node->type != NODE_LINK) {
		if (kind == 'd')
			return node->type == NODE_FOLDER ? SURELY : NEVER;
		if (kind == 'x' && node->type == NODE_FILE)
			return (node->mode & 0111) != 0 ? SURELY : NEVER;
		if (kind == 's' && node->type == NODE_FILE)
			return node->bytes != 0 ? SURELY : MAYBE;
		if (kind == 'f')
			return node->type == NODE_FILE ? SURELY : NEVER;
		return kind == 'e' || kind == 'r' ? SURELY : MAYBE;
	}
	for (size_t i = 0; i < ARRAY_SIZE(settled); i++)
		if (text_starts_with(path, settled[i])) {
			memcpy(folder, settled[i], strlen(settled[i]) + 1);
			node = places_find(script->places, script->root, NULL, folder);
			return node != NULL && node->child != NULL ? NEVER : MAYBE;
		}
	return MAYBE;
}

static enum truth
compare(const char *a, const char *sign, const char *b)
{
	struct span left = span_of_string(a), right = span_of_string(b);
	int64_t x, y;

	if (strpbrk(a, "$`") != NULL || strpbrk(b, "$`") != NULL)
		return MAYBE;
	if (strcmp(sign, "=") == 0 || strcmp(sign, "==") == 0)
		return strcmp(a, b) == 0 ? SURELY : NEVER;
	if (strcmp(sign, "!=") == 0)
		return strcmp(a, b) == 0 ? NEVER : SURELY;
	x = span_number(left, INT32_MAX);
	y = span_number(right, INT32_MAX);
	if (x == UNKNOWN || y == UNKNOWN)
		return MAYBE;
	if (strcmp(sign, "-eq") == 0)
		return x == y ? SURELY : NEVER;
	if (strcmp(sign, "-ne") == 0)
		return x != y ? SURELY : NEVER;
	if (strcmp(sign, "-gt") == 0)
		return x > y ? SURELY : NEVER;
	if (strcmp(sign, "-ge") == 0)
		return x >= y ? SURELY : NEVER;
	if (strcmp(sign, "-lt") == 0)
		return x < y ? SURELY : NEVER;
	return strcmp(sign, "-le") != 0 ? MAYBE : x <= y ? SURELY : NEVER;
}

/* One expression without -a and -o: words [from, to). */
static enum truth
primary(const struct script *script, const struct shell_command *command, size_t from, size_t to)
{
	const char *const *words = command->words;
	bool negative = false;
	enum truth truth = MAYBE;

	while (from < to && strcmp(words[from], "!") == 0) {
		negative = !negative;
		from++;
	}
	if (to - from == 1)
		truth = strpbrk(words[from], "$`") != NULL ? MAYBE
			: words[from][0] == '\0'           ? NEVER
							   : SURELY;
	else if (to - from == 2 && words[from][0] == '-') {
		char kind = words[from][1];
		const char *word = words[from + 1];

		if (kind == 'n' || kind == 'z')
			truth = strpbrk(word, "$`") != NULL          ? MAYBE
				: (word[0] == '\0') == (kind == 'z') ? SURELY
								     : NEVER;
		else
			truth = exists(script, word, kind);
	} else if (to - from == 3)
		truth = compare(words[from], words[from + 1], words[from + 2]);
	return negative ? truth_not(truth) : truth;
}

/* "[ A -a B -o C ]", "test A": -a binds closer. */
enum truth
script_test(const struct script *script, const struct shell_command *command, size_t from)
{
	size_t to = command->word_count, start = from;
	bool bracket = command->words[from - 1][0] == '[';
	enum truth any = NEVER, all = SURELY;

	while (to > from && strpbrk(command->words[to - 1], "<>") != NULL)
		to--;
	if (bracket && (to == from || command->words[to - 1][0] != ']'))
		return MAYBE;
	to -= bracket;
	if (command->doubtful && to > from) {
		/* what rests on unknown words is no more than maybe, unless it is a file's name */
		return MAYBE;
	}
	for (size_t i = from; i <= to; i++) {
		bool end = i == to, or = !end && strcmp(command->words[i], "-o") == 0,
		     and = !end && strcmp(command->words[i], "-a") == 0 && i > start;

		if (!end && ! or &&!and)
			continue;
		all = truth_and(all, primary(script, command, start, i));
		start = i + 1;
		if (and)
			continue;
		any = any > all ? any : all;
		all = SURELY;
	}
	return any;
}
