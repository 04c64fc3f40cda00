/* A name is a key when "=" or ":" stands behind it; the rest of both syntaxes is brackets. */
#include "firmware/settings.h"

#include <string.h>

enum token { TOKEN_END, TOKEN_TEXT, TOKEN_SIGN };

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
next_token(struct settings *settings)
{
	size_t size = 0;

	skip(&settings->rest);
	if (settings->rest.size == 0)
		return TOKEN_END;
	if (is_sign(settings->rest.at[0])) {
		settings->sign = settings->rest.at[0];
		settings->rest = span_from(settings->rest, 1);
		return TOKEN_SIGN;
	}
	if (settings->rest.at[0] == '"') {
		settings->rest = span_from(settings->rest, 1);
		while (size < settings->rest.size && settings->rest.at[size] != '"')
			size += settings->rest.at[size] == '\\' ? 2 : 1;
		if (size > settings->rest.size)
			size = settings->rest.size;
		settings->value = span_part(settings->rest, 0, size);
		settings->rest = size < settings->rest.size ? span_from(settings->rest, size + 1)
							    : (struct span){0};
		return TOKEN_TEXT;
	}
	while (size < settings->rest.size && !is_blank(settings->rest.at[size]) &&
	       !is_sign(settings->rest.at[size]) && settings->rest.at[size] != '"')
		size++;
	settings->value = span_part(settings->rest, 0, size);
	settings->rest = span_from(settings->rest, size);
	return TOKEN_TEXT;
}

static bool
begins_key(struct settings *settings)
{
	skip(&settings->rest);
	return settings->rest.size != 0 &&
	       (settings->rest.at[0] == '=' || settings->rest.at[0] == ':');
}

enum settings_event
settings_next(struct settings *settings)
{
	enum token token;

	while ((token = next_token(settings)) == TOKEN_SIGN) {
		if (settings->sign == '{') {
			settings->depth++;
			return SETTINGS_OPEN;
		}
		if (settings->sign == '}' && settings->depth != 0) {
			settings->depth--;
			return SETTINGS_CLOSE;
		}
	}
	if (token == TOKEN_END)
		return SETTINGS_END;
	if (!begins_key(settings))
		return SETTINGS_VALUE;
	settings->key = settings->value;
	return SETTINGS_KEY;
}
