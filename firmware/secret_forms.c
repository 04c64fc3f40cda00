/* A token's form says whose it is; what is all one letter or says EXAMPLE opens nothing. */
#include "firmware/secret_forms.h"

#include <string.h>

#include "base/job.h"
#include "firmware/reading.h"

#define LONGEST_VALUE 512
#define MANY_LETTERS 8 /* different ones, at least, in a token or key */

enum alphabet { UPPER, LETTERS, WORD, DOTTED, CLAIMS, BASE64, PATH };

static const struct {
	const char *type;
	size_t prefix, least, most; /* bytes of the prefix and of the whole */
	enum alphabet alphabet;
} forms[] = {
#define FORM(prefix, length, type, least, most, alphabet) {type, length, least, most, alphabet},
#include "firmware/secret_forms.def"
#undef FORM
};

const size_t secret_form_count = ARRAY_SIZE(forms);

const char *
secret_form_type(size_t form)
{
	return forms[form].type;
}

static bool
is_upper(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool
is_letter(uint8_t c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool
belongs(uint8_t c, enum alphabet alphabet)
{
	switch (alphabet) {
	case UPPER:
		return is_upper(c);
	case LETTERS:
		return is_letter(c);
	case WORD:
		return is_letter(c) || c == '_' || c == '-';
	case DOTTED:
	case CLAIMS:
		return is_letter(c) || c == '_' || c == '-' || c == '.';
	case BASE64:
		return is_letter(c) || c == '+' || c == '/' || c == '=';
	case PATH:
		return is_letter(c) || c == '/';
	}
	return false;
}

static size_t
different_letters(struct span bytes)
{
	bool seen[256] = {false};
	size_t count = 0;

	for (size_t i = 0; i < bytes.size; i++) {
		count += !seen[bytes.at[i]];
		seen[bytes.at[i]] = true;
	}
	return count;
}

/* header.claims.signature, the first two JSON objects in base64url */
static bool
is_web_token(struct span token)
{
	struct span rest = token, header = field_next(&rest, '.'), claims = field_next(&rest, '.');

	return header.size >= 16 && claims.size >= 8 && span_begins(claims, "eyJ") &&
	       rest.size >= 20 && span_find(rest, ".", 1, 0) == SIZE_MAX;
}

struct span
secret_form_read(size_t form, struct span content, size_t at)
{
	size_t prefix = forms[form].prefix, end = at + prefix;
	struct span token;

	if (at != 0 && forms[form].alphabet != PATH &&
	    (is_letter(content.at[at - 1]) || content.at[at - 1] == '_'))
		return (struct span){0};
	while (end < content.size && end - at <= forms[form].most &&
	       belongs(content.at[end], forms[form].alphabet))
		end++;
	token = span_part(content, at, end - at);
	if (token.size < forms[form].least || token.size > forms[form].most ||
	    different_letters(span_from(token, prefix)) < MANY_LETTERS ||
	    span_find(token, "EXAMPLE", 7, 0) != SIZE_MAX ||
	    (forms[form].alphabet == CLAIMS && !is_web_token(token)))
		return (struct span){0};
	return token;
}

bool
secret_is_placeholder(struct span value)
{
	static const char *const words[] = {"yes", "no", "true", "false", "none", "null", "nil",
	    "password", "passwd", "pass", "pwd", "secret", "token", "key", "on", "off", "undefined",
	    "changeme", "string", "default", "required", "optional", "todo", "nopassword", "n/a"};
	/* where the secret is kept, not the secret */
	static const char *const folders[] = {
	    "/etc/", "/usr/", "/var/", "/tmp/", "/dev/", "/mnt/", "/data/", "/opt/", "./", "../"};

	if (value.size == 0 || value.size > LONGEST_VALUE ||
	    memchr("$%<{@*(", value.at[0], 7) != NULL || different_letters(value) == 1)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (span_is_word(value, words[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (span_begins(value, folders[i]))
			return true;
	return span_find(value, "EXAMPLE", 7, 0) != SIZE_MAX ||
	       span_find(value, "xxxx", 4, 0) != SIZE_MAX || span_begins(value, "YOUR_") ||
	       span_begins(value, "your_") || span_begins(value, "your-");
}

static bool
is_hexadecimal(struct span value)
{
	for (size_t i = 0; i < value.size; i++)
		if (!(value.at[i] >= '0' && value.at[i] <= '9') &&
		    !((value.at[i] | 0x20) >= 'a' && (value.at[i] | 0x20) <= 'f'))
			return false;
	return true;
}

static bool
is_base64(struct span value)
{
	for (size_t i = 0; i < value.size; i++)
		if (!belongs(value.at[i], BASE64) || (value.at[i] == '=' && i + 2 < value.size))
			return false;
	return true;
}

/* Letters and digits both: neither a word nor a number. */
static bool
is_mixed(struct span value)
{
	bool digit = false, letter = false;

	for (size_t i = 0; i < value.size; i++) {
		if (value.at[i] <= ' ' || value.at[i] >= 0x7f)
			return false;
		digit = digit || (value.at[i] >= '0' && value.at[i] <= '9');
		letter = letter ||
			 (is_letter(value.at[i]) && !(value.at[i] >= '0' && value.at[i] <= '9'));
	}
	return digit && (letter || value.size == 16);
}

bool
secret_is_symmetric_key(struct span value)
{
	if (secret_is_placeholder(value) || different_letters(value) < 4)
		return false;
	if (value.size == 32 || value.size == 48 || value.size == 64)
		if (is_hexadecimal(value))
			return true;
	if ((value.size == 24 || value.size == 32 || value.size == 44) && is_base64(value) &&
	    is_mixed(value))
		return true;
	return (value.size == 16 || value.size == 24 || value.size == 32) && is_mixed(value);
}
