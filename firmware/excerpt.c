/* An excerpt shows where a thing was found; it must not pass on what was found. */
#include "firmware/excerpt.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"

#define BEFORE 64
#define AFTER 96
#define BYTES 12
#define LONGEST_VALUE ((size_t)1000)
#define WHOLLY 2 /* hidden, its first letters too */

/* Words before ':' or '=' whose value is a secret. */
static const char *const words[] = {"password", "passwd", "passphrase", "passwort", "secret", "psk",
    "token", "apikey", "api_key", "api-key", "private_key", "secret_key", "access_key", "aes_key",
    "pwd"};
/* The same, where nothing of a longer word stands before them. */
static const char *const short_words[] = {"pass", "pw", "auth"};

static bool
is_text(uint8_t byte)
{
	return byte >= 0x20 && byte != 0x7f;
}

static uint8_t
lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

/* The bytes of a line or string around `offset`. */
static struct span
line_at(struct span content, uint64_t offset)
{
	uint64_t start = offset, end = offset;

	while (start > 0 && offset - start < BEFORE &&
	       (is_text(content.at[start - 1]) || content.at[start - 1] == '\t'))
		start--;
	while (end < content.size && end - offset < AFTER &&
	       (is_text(content.at[end]) || content.at[end] == '\t'))
		end++;
	return span_part(content, start, end - start);
}

static bool
stands_before(struct span line, size_t end, const char *word)
{
	size_t size = strlen(word);

	if (end < size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (lower(line.at[end - size + i]) != (uint8_t)word[i])
			return false;
	return true;
}

static bool
is_of_word(uint8_t byte)
{
	return (lower(byte) >= 'a' && lower(byte) <= 'z') || (byte >= '0' && byte <= '9');
}

static bool
ends_secret_word(struct span line, size_t end)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (stands_before(line, end, words[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(short_words); i++) {
		size_t size = strlen(short_words[i]);

		if (stands_before(line, end, short_words[i]) &&
		    (end == size || !is_of_word(line.at[end - size - 1])))
			return true;
	}
	return false;
}

/* "--password VALUE": an option ends at `end`, and a blank. */
static bool
ends_option(struct span line, size_t end)
{
	size_t start = end;

	if (end >= line.size || (line.at[end] != ' ' && line.at[end] != '\t'))
		return false;
	while (start > 0 && (is_of_word(line.at[start - 1]) || line.at[start - 1] == '_' ||
				line.at[start - 1] == '-'))
		start--;
	return line.at[start] == '-' && (start == 0 || !is_text(line.at[start - 1]) ||
					    strchr(" \"'=", line.at[start - 1]) != NULL);
}

/* Where the value of a secret word begins, when one ends at `at`; 0 when none does. */
static size_t
value_after(struct span line, size_t at)
{
	bool known = ends_secret_word(line, at), option = known && ends_option(line, at);
	size_t start = at;

	while (known && start < line.size && memchr("\"' \t", line.at[start], 4) != NULL)
		start++;
	if (!known || start >= line.size)
		return 0;
	if (line.at[start] != '=' && line.at[start] != ':')
		return option ? start : 0;
	start++;
	while (start < line.size && memchr("\"' \t:=", line.at[start], 6) != NULL)
		start++;
	return start;
}

static size_t
value_end(struct span line, size_t start)
{
	while (start < line.size && memchr("\"'& \t,;<>", line.at[start], 9) == NULL)
		start++;
	return start;
}

/* "-u USER:PASSWORD", as curl and many others take it: where the word begins; 0 for none. */
static size_t
login_after(struct span line, size_t at)
{
	static const char *const options[] = {" -u", " --user", " --proxy-user"};
	bool known = false;
	size_t start = at;

	for (size_t i = 0; i < ARRAY_SIZE(options) && !known; i++)
		known = stands_before(line, at, options[i]);
	while (known && start < line.size && memchr("= \t\"'", line.at[start], 5) != NULL)
		start++;
	return known && start != at ? start : 0;
}

static void
hide_login(struct span line, size_t start, uint8_t *hidden)
{
	size_t end = value_end(line, start);
	const uint8_t *colon = start < end ? memchr(line.at + start, ':', end - start) : NULL;

	if (colon != NULL)
		memset(hidden + (colon - line.at) + 1, 1, end - (size_t)(colon - line.at) - 1);
}

/* Marks in `hidden`, a byte a byte of the line, what is not shown. */
static void
hide_known(struct span line, uint8_t *hidden)
{
	for (size_t i = 0; i < line.size; i++) {
		size_t start = value_after(line, i), end;

		if (start != 0) {
			end = value_end(line, start);
			memset(hidden + start, 1, end - start);
		}
		start = login_after(line, i);
		if (start != 0)
			hide_login(line, start, hidden);
		if (i < 3 || memcmp(line.at + i - 3, "://", 3) != 0)
			continue;
		for (start = 0, end = i; end < line.size && line.at[end] > ' ' &&
					 memchr("/\"'<>@", line.at[end], 6) == NULL;
		     end++)
			if (line.at[end] == ':' && start == 0)
				start = end + 1;
		if (start != 0 && end < line.size && line.at[end] == '@')
			memset(hidden + start, 1, end - start);
	}
}

/* Options of programs that take a password behind one letter: sshpass -p X, curl -u user:X. */
static void
hide_options(struct span line, uint8_t *hidden)
{
	static const struct {
		const char *program, *option;
		char after; /* the secret begins behind it; 0: with the value */
	} known[] = {{"sshpass", " -p", '\0'}, {"curl", " -u", ':'}, {"wget", " -u", ':'},
	    {"mosquitto_", " -P", '\0'}, {"chpasswd", "echo", ':'}, {"lftp", " -u", ','},
	    {"smbclient", " -U", '%'}};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t size = strlen(known[i].option), start = 0, end;

		if (span_find(line, known[i].program, strlen(known[i].program), 0) == SIZE_MAX)
			continue;
		while ((start = span_find(line, known[i].option, size, start)) != SIZE_MAX) {
			start += size;
			while (start < line.size && memchr("\"' \t=", line.at[start], 5) != NULL)
				start++;
			end = value_end(line, start);
			for (; known[i].after != '\0' && start < end; start++)
				if (line.at[start] == (uint8_t)known[i].after) {
					start++;
					break;
				}
			memset(hidden + start, 1, end - start);
		}
	}
}

/* A secret that was put together elsewhere is hidden wherever its bytes stand in the line. */
static void
hide_content(struct span content, struct span line, struct span hide, uint8_t *hidden)
{
	size_t first = (size_t)(line.at - content.at), at;
	size_t from = first > hide.size ? first - hide.size : 0;

	while ((at = span_find(content, hide.at, hide.size, from)) != SIZE_MAX &&
	       at < first + line.size) {
		bool part =
		    hide.size < 4 &&
		    ((at > 0 && is_of_word(content.at[at - 1])) ||
			(at + hide.size < content.size && is_of_word(content.at[at + hide.size])));

		for (size_t i = at; i < at + hide.size && !part; i++)
			if (i >= first && i < first + line.size)
				hidden[i - first] = 1;
		from = at + 1;
	}
}

/* A PEM key in one line: what stands between its frames, or beside the one that is seen. */
static void
hide_pem(struct span line, uint8_t *hidden)
{
	size_t from = 0, at;

	while ((at = span_find(line, "PRIVATE KEY-----", 16, from)) != SIZE_MAX) {
		size_t begin = span_find(line, "-----BEGIN ", 11, from);
		size_t after = at + 16, end;

		if (begin != SIZE_MAX && begin < at) {
			end = span_find(line, "-----END ", 9, after);
			end = end == SIZE_MAX ? line.size : end;
			memset(hidden + after, WHOLLY, end - after);
		} else if ((end = span_find(line, "-----END ", 9, from)) != SIZE_MAX && end < at) {
			memset(hidden + from, WHOLLY, end - from);
		}
		from = after;
	}
}

static void
put_line(struct job *job, struct text *text, struct span line, const uint8_t *hidden)
{
	for (size_t i = 0, end; i < line.size; i = end) {
		size_t shown;
		const char *part;

		end = i;
		while (end < line.size && hidden[end] == hidden[i])
			end++;
		shown = !hidden[i]            ? end - i
			: hidden[i] == WHOLLY ? 0
			: end - i > 6         ? 2
			: end - i > 2         ? 1
					      : 0;
		part = text_from_bytes(job, line.at + i, shown, 1024);
		text_put(text, part == NULL ? "" : part);
		text_put(text, hidden[i] ? "…" : "");
	}
}

static const char *
bytes_at(struct job *job, struct span content, uint64_t offset, struct span hide)
{
	struct text text = text_new(job);
	struct span rest = span_from(content, offset);
	const char *made;
	size_t i;

	for (i = 0; i < BYTES && i < rest.size; i++) {
		if (hide.size != 0 && rest.at + i >= hide.at && rest.at + i < hide.at + hide.size)
			break;
		text_printf(&text, i == 0 ? "hex %02x" : " %02x", rest.at[i]);
	}
	if (i != 0 && i < rest.size)
		text_put(&text, " …");
	return text_finish(&text, &made) == STATUS_OK ? made : NULL;
}

static bool
lies_in(struct span content, struct span part)
{
	return (uintptr_t)part.at >= (uintptr_t)content.at &&
	       (uintptr_t)part.at < (uintptr_t)content.at + content.size;
}

const char *
excerpt_make(struct job *job, struct span content, uint64_t offset, struct span hide)
{
	struct text text = text_new(job);
	struct span line;
	uint8_t hidden[BEFORE + AFTER] = {0};
	const char *made;

	if (offset >= content.size)
		return "";
	line = line_at(content, offset);
	if (line.size < 4)
		return bytes_at(job, content, offset, hide);
	for (size_t i = 0; i < line.size && hide.size != 0; i++)
		hidden[i] = line.at + i >= hide.at && line.at + i < hide.at + hide.size;
	if (hide.size != 0 && !lies_in(content, hide))
		hide_content(content, line, hide, hidden);
	hide_known(line, hidden);
	hide_options(line, hidden);
	hide_pem(line, hidden);
	put_line(job, &text, line, hidden);
	return text_finish(&text, &made) == STATUS_OK ? made : NULL;
}

const char *
excerpt_value(struct job *job, struct span line)
{
	struct text text = text_new(job);
	uint8_t *hidden;
	const char *made;

	/* each byte may become four */
	line = span_part(line, 0, line.size < LONGEST_VALUE ? line.size : LONGEST_VALUE);
	hidden = arena_array(job, line.size + 1, 1);
	if (hidden == NULL)
		return NULL;
	memset(hidden, 0, line.size + 1);
	hide_known(line, hidden);
	hide_options(line, hidden);
	if (memchr(hidden, 1, line.size) == NULL)
		return span_text(job, line);
	put_line(job, &text, line, hidden);
	return text_finish(&text, &made) == STATUS_OK ? made : NULL;
}
