/* sw-description is groups of settings, by libconfig or in JSON: one tokeniser reads both. */
#include <string.h>

#include "firmware/formats/swu.h"

#define MAX_DEPTH 32u

enum token { TOKEN_END, TOKEN_TEXT, TOKEN_SIGN };

struct parse {
	struct span rest;
	struct span text; /* of a string, without quotes, or of a word */
	uint8_t sign;
	struct span key;
	struct swu_artefact groups[MAX_DEPTH]; /* what each open group said so far */
	unsigned depth;
	struct swu_description *description;
};

static bool
is(struct span text, const char *string)
{
	return span_equal(text, span_of_string(string));
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_sign(uint8_t c)
{
	return c != 0 && strchr("{}()[]=:;,", c) != NULL;
}

/* Takes blanks and comments off the rest. */
static void
skip(struct span *rest)
{
	for (;;) {
		const char *end = NULL;
		size_t at;

		while (rest->size != 0 && is_blank(rest->at[0]))
			*rest = span_from(*rest, 1);
		if (span_starts_with(*rest, "#", 1) || span_starts_with(*rest, "//", 2))
			end = "\n";
		else if (span_starts_with(*rest, "/*", 2))
			end = "*/";
		if (end == NULL)
			return;
		at = span_find(*rest, end, strlen(end), 1);
		*rest = at == SIZE_MAX ? (struct span){0} : span_from(*rest, at + strlen(end));
	}
}

static enum token
next(struct parse *parse)
{
	size_t size = 0;

	skip(&parse->rest);
	if (parse->rest.size == 0)
		return TOKEN_END;
	if (is_sign(parse->rest.at[0])) {
		parse->sign = parse->rest.at[0];
		parse->rest = span_from(parse->rest, 1);
		return TOKEN_SIGN;
	}
	if (parse->rest.at[0] == '"') {
		parse->rest = span_from(parse->rest, 1);
		while (size < parse->rest.size && parse->rest.at[size] != '"')
			size += parse->rest.at[size] == '\\' ? 2 : 1;
		if (size > parse->rest.size)
			size = parse->rest.size;
		parse->text = span_part(parse->rest, 0, size);
		parse->rest =
		    size < parse->rest.size ? span_from(parse->rest, size + 1) : (struct span){0};
		return TOKEN_TEXT;
	}
	while (size < parse->rest.size && !is_blank(parse->rest.at[size]) &&
	       !is_sign(parse->rest.at[size]) && parse->rest.at[size] != '"')
		size++;
	parse->text = span_part(parse->rest, 0, size);
	parse->rest = span_from(parse->rest, size);
	return TOKEN_TEXT;
}

static bool
begins_key(struct parse *parse)
{
	skip(&parse->rest);
	return parse->rest.size != 0 && (parse->rest.at[0] == '=' || parse->rest.at[0] == ':');
}

static void
set(struct parse *parse)
{
	struct swu_artefact *group = &parse->groups[parse->depth];
	struct swu_description *description = parse->description;

	if (is(parse->key, "filename"))
		group->name = parse->text;
	else if (is(parse->key, "sha256"))
		group->sha256 = parse->text;
	else if (is(parse->key, "encrypted"))
		group->encrypted = !is(parse->text, "false") && !is(parse->text, "0");
	else if (is(parse->key, "compressed"))
		group->compressed = !is(parse->text, "false") && !is(parse->text, "0");
	else if (is(parse->key, "version") && parse->depth <= 2 && description->version.size == 0)
		description->version = parse->text;
	else if (is(parse->key, "hardware-compatibility") && description->hardware.size == 0)
		description->hardware = parse->text;
}

static void
keep(struct swu_description *description, const struct swu_artefact *artefact)
{
	if (artefact->name.size == 0)
		return;
	if (description->count < SWU_MAX_ARTEFACTS)
		description->artefacts[description->count++] = *artefact;
	else
		description->cut = true;
}

/* False when it is nested deeper than can be followed. */
static bool
take_sign(struct parse *parse)
{
	if (parse->sign == '{') {
		if (parse->depth + 1 >= MAX_DEPTH)
			return false;
		parse->groups[++parse->depth] = (struct swu_artefact){0};
	} else if (parse->sign == '}' && parse->depth != 0) {
		keep(parse->description, &parse->groups[parse->depth]);
		parse->depth--;
	}
	return true;
}

void
swu_read_description(struct span text, struct swu_description *description)
{
	struct parse parse = {.rest = text, .description = description};
	enum token token;

	*description = (struct swu_description){0};
	while ((token = next(&parse)) != TOKEN_END) {
		if (token == TOKEN_SIGN && !take_sign(&parse)) {
			description->cut = true;
			break;
		}
		if (token != TOKEN_TEXT)
			continue;
		if (begins_key(&parse)) {
			parse.key = parse.text;
			description->readable |= is(parse.key, "software");
		} else {
			set(&parse);
		}
	}
}

const struct swu_artefact *
swu_artefact_of(const struct swu_description *description, struct span name)
{
	for (size_t i = 0; i < description->count; i++)
		if (span_equal(description->artefacts[i].name, name))
			return &description->artefacts[i];
	return NULL;
}
