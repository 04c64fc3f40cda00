/* config TYPE [NAME], then "option KEY VALUE" and "list KEY VALUE" until the next. */
#include "firmware/uci.h"

#include <string.h>

#include "firmware/reading.h"

/* A word, or what stands in quotes. */
static struct span
next_value(struct span *rest)
{
	struct span word, quoted = span_trim(*rest);
	const uint8_t *end;

	if (quoted.size > 1 && (quoted.at[0] == '\'' || quoted.at[0] == '"')) {
		end = memchr(quoted.at + 1, quoted.at[0], quoted.size - 1);
		if (end != NULL) {
			word = (struct span){quoted.at + 1, (size_t)(end - quoted.at) - 1};
			*rest = span_from(quoted, word.size + 2);
			return word;
		}
	}
	return word_next(rest, &word) ? word : (struct span){0};
}

struct uci
uci_read(struct span content)
{
	struct uci uci = {.loaded = true, .content = content};
	struct span rest = content, line, word;

	while (line_next(&rest, &line)) {
		if (!word_next(&line, &word) || !span_is(word, "config") ||
		    uci.count == UCI_MAX_SECTIONS)
			continue;
		uci.sections[uci.count].type = next_value(&line);
		uci.sections[uci.count].name = next_value(&line);
		uci.sections[uci.count++].lines = rest;
	}
	return uci;
}

size_t
uci_find(const struct uci *uci, const char *name)
{
	struct span rest = span_of_string(name), type, number;
	int64_t wanted;

	if (name[0] == '#') {
		wanted = span_number(span_from(rest, 1), UCI_MAX_SECTIONS);
		return wanted < 0 || (size_t)wanted >= uci->count ? UCI_MAX_SECTIONS
								  : (size_t)wanted;
	}
	if (name[0] == '@') {
		rest = span_from(rest, 1);
		type = field_next(&rest, '[');
		number = field_next(&rest, ']');
		wanted = span_number(number, UCI_MAX_SECTIONS);
		for (size_t i = 0; i < uci->count; i++)
			if (span_equal(uci->sections[i].type, type) && wanted-- == 0)
				return i;
		return UCI_MAX_SECTIONS;
	}
	for (size_t i = 0; i < uci->count; i++)
		if (name[0] != '\0' && span_is(uci->sections[i].name, name))
			return i;
	return UCI_MAX_SECTIONS;
}

struct span
uci_option(const struct uci *uci, size_t section, const char *name, size_t n)
{
	struct span rest, line, word, value;

	if (section >= uci->count)
		return (struct span){0};
	rest = uci->sections[section].lines;
	while (line_next(&rest, &line)) {
		if (!word_next(&line, &word))
			continue;
		if (span_is(word, "config"))
			break;
		if (!span_is(word, "option") && !span_is(word, "list"))
			continue;
		word = next_value(&line);
		value = next_value(&line);
		if (span_is(word, name) && n-- == 0)
			return value.at == NULL ? span_of_string("") : value;
	}
	return (struct span){0};
}
