/* What code calls users and passwords, and what it gives them that somebody may type. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/hard_coded_login.h"
#include "firmware/reading.h"

/* Without what programmers put before the word that counts. */
static struct span
bare(struct span word)
{
	static const char *const before[] = {"admin", "default", "def", "root", "http", "web",
	    "login", "user", "telnet", "ftp", "form", "input", "str", "my", "sz", "_", "php",
	    "auth", "basic", "valid"};
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
			size_t size = strlen(before[i]);

			if (word.size > size + 1 &&
			    span_is_word(span_part(word, 0, size), before[i])) {
				word = span_from(word, size);
				again = true;
			}
		}
	}
	return word;
}

static bool
is_one_of(struct span word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_is_word(word, words[i]))
			return true;
	return false;
}

bool
hard_coded_is_password_word(struct span word)
{
	static const char *const words[] = {
	    "password", "passwd", "pass", "pwd", "psw", "passcode", "pw"};

	return is_one_of(bare(word), words, ARRAY_SIZE(words));
}

bool
hard_coded_is_user_word(struct span word)
{
	static const char *const words[] = {
	    "user", "username", "login", "uname", "usr", "account", "userid", "loginname"};

	return is_one_of(word, words, ARRAY_SIZE(words)) ||
	       is_one_of(bare(word), words, ARRAY_SIZE(words)) ||
	       (bare(word).size != word.size && span_is_word(bare(word), "name"));
}

bool
hard_coded_is_usual_user(struct span user)
{
	static const char *const users[] = {"admin", "root", "administrator", "user", "guest",
	    "support", "service", "operator", "supervisor", "default", "super", "manager", "666666",
	    "888888"};

	return is_one_of(user, users, ARRAY_SIZE(users));
}

bool
hard_coded_is_users_word(struct span word)
{
	static const char *const words[] = {"users", "accounts", "logins", "credentials"};

	return is_one_of(bare(word), words, ARRAY_SIZE(words));
}

bool
hard_coded_is_literal(struct span password)
{
	static const char *const words[] = {"true", "false", "null", "none", "undefined", "string",
	    "text", "hidden", "yes", "no", "on", "off", "ok", "nil", "disabled", "enabled",
	    "function"};
	bool same = password.size > 2;

	if (password.size == 0 || password.size > HARD_CODED_LITERAL ||
	    is_one_of(password, words, ARRAY_SIZE(words)))
		return false;
	for (size_t i = 0; i < password.size; i++) {
		if (password.at[i] <= ' ' || password.at[i] >= 0x7f ||
		    strchr("$`<>{}%\"'\\", password.at[i]) != NULL)
			return false;
		same = same && password.at[i] == password.at[0];
	}
	return !same || strchr("*x.?-", password.at[0]) == NULL;
}

bool
hard_coded_looks_made(struct span password)
{
	bool odd = false;

	for (size_t i = 0; i < password.size; i++) {
		uint8_t c = password.at[i];

		if (c == '.' || c == '/' || c == ':')
			return false;
		odd = odd || (c >= '0' && c <= '9') || !hard_coded_is_letter(c);
	}
	return odd && password.size >= 5;
}

struct span
hard_coded_word_around(struct span content, size_t at, size_t *begin)
{
	size_t end = at;

	*begin = at;
	while (*begin > 0 && at - *begin < HARD_CODED_LITERAL &&
	       hard_coded_is_letter(content.at[*begin - 1]))
		(*begin)--;
	while (end < content.size && end - at < HARD_CODED_LITERAL &&
	       hard_coded_is_letter(content.at[end]))
		end++;
	return span_part(content, *begin, end - *begin);
}

size_t
hard_coded_skip(struct span content, size_t at, const char *bytes)
{
	while (at < content.size && content.at[at] != '\0' && strchr(bytes, content.at[at]) != NULL)
		at++;
	return at;
}

struct span
hard_coded_literal_at(struct span content, size_t at)
{
	size_t end;
	uint8_t quote = at < content.size ? content.at[at] : 0;

	if (quote != '"' && quote != '\'')
		return (struct span){0};
	for (end = at + 1; end < content.size && end - at <= HARD_CODED_LITERAL; end++)
		if (content.at[end] == quote)
			return span_part(content, at + 1, end - at - 1);
		else if (content.at[end] == '\n')
			break;
	return (struct span){0};
}
