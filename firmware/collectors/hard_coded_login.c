/* A password in a program opens every unit that runs it, whatever its owner sets. */
#include "firmware/collectors/hard_coded_login.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"

#define MAX_TEXT ((size_t)2 << 20)
#define NEAR ((size_t)240)    /* bytes between a user and the password that belongs to it */
#define REMARK ((size_t)4096) /* how far back a remark may begin */
#define MAX_LITERAL 64

/* How a name gets, or is held against, its value. */
enum relation { RELATION_NONE, ASSIGNED, COMPARED };

bool
hard_coded_is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

static bool
is_script(const struct node *node, struct span head)
{
	return span_starts_with(head, "#!", 2) || text_ends_with(node->name, ".sh") ||
	       strstr(node->local, "/init.d/") != NULL || strcmp(node->name, "rcS") == 0 ||
	       strcmp(node->name, "rc.local") == 0;
}

static bool
lies_beside(const struct node *node)
{
	static const char *const folders[] = {"/doc/", "/docs/", "/example", "/test/", "/tests/",
	    "/_test/", "/man/", "/locale", "/lang", "/i18n"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (strstr(node->local, folders[i]) != NULL)
			return true;
	return false;
}

static bool
wants(const struct node *node, struct span head)
{
	static const char *const endings[] = {".lua", ".php", ".js", ".htm", ".html", ".asp",
	    ".cgi", ".py", ".pl", ".rb", ".jsp", ".shtml"};

	if (node->type != NODE_FILE || node->bytes > MAX_TEXT)
		return false;
	if (span_starts_with(head, "\177ELF", 4))
		return true;
	if (!span_looks_like_text(head) || lies_beside(node))
		return false;
	if (is_script(node, head) || strstr(node->local, "/cgi-bin/") != NULL)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(node->name, endings[i]))
			return true;
	return false;
}

/* Without what programmers put before the word that counts. */
static struct span
bare(struct span word)
{
	static const char *const before[] = {"admin", "default", "def", "root", "http", "web",
	    "login", "user", "telnet", "ftp", "form", "input", "str", "my", "sz", "_"};
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
			size_t size = strlen(before[i]);

			if (word.size > size + 2 &&
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

static bool
is_password_word(struct span word)
{
	static const char *const words[] = {"password", "passwd", "pass", "pwd", "psw", "passcode"};

	return is_one_of(bare(word), words, ARRAY_SIZE(words));
}

static bool
is_user_word(struct span word)
{
	static const char *const words[] = {
	    "user", "username", "login", "uname", "usr", "account", "userid", "loginname"};

	return is_one_of(word, words, ARRAY_SIZE(words)) ||
	       is_one_of(bare(word), words, ARRAY_SIZE(words)) ||
	       (bare(word).size != word.size && span_is_word(bare(word), "name"));
}

/* Names of accounts that products come with. */
static bool
is_usual_user(struct span user)
{
	static const char *const users[] = {"admin", "root", "administrator", "user", "guest",
	    "support", "service", "operator", "supervisor", "default", "super", "manager", "666666",
	    "888888"};

	return is_one_of(user, users, ARRAY_SIZE(users));
}

bool
hard_coded_is_literal(struct span password)
{
	static const char *const words[] = {"true", "false", "null", "none", "undefined", "string",
	    "text", "hidden", "yes", "no", "on", "off", "ok", "nil", "disabled", "enabled",
	    "function"};
	bool same = password.size > 2;

	if (password.size == 0 || password.size > MAX_LITERAL ||
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

enum status
hard_coded_add(struct login_reading *reading, const struct hard_coded *login)
{
	struct fact fact = fact_in(FACT_secret, reading->node, login->at);
	size_t shown = login->password.size > 6 ? 2 : login->password.size > 2 ? 1 : 0;
	const char *start;

	if (reading->count == HARD_CODED_MAX)
		return STATUS_OK; /* so many say enough */
	reading->places[reading->count++] = login->at;
	start = text_from_bytes(reading->job, login->password.at, shown, 16);
	if (start == NULL)
		return STATUS_LIMIT;
	fact.hide = login->password;
	fact.as.secret.type = "hard-coded login";
	fact.as.secret.detail =
	    arena_printf(reading->job, "%s… (%zu bytes)", start, login->password.size);
	fact.as.secret.confidence = login->confidence;
	if (login->user.size != 0)
		fact.as.secret.name = span_text(reading->job, login->user);
	if (fact.as.secret.detail == NULL || (login->user.size != 0 && fact.as.secret.name == NULL))
		return STATUS_LIMIT;
	return evidence_add(reading->evidence, reading->job, &fact);
}

/* The identifier around byte `at`. */
static struct span
word_around(struct span content, size_t at, size_t *begin)
{
	size_t end = at;

	*begin = at;
	while (
	    *begin > 0 && at - *begin < MAX_LITERAL && hard_coded_is_letter(content.at[*begin - 1]))
		(*begin)--;
	while (
	    end < content.size && end - at < MAX_LITERAL && hard_coded_is_letter(content.at[end]))
		end++;
	return span_part(content, *begin, end - *begin);
}

static size_t
skip_any(struct span content, size_t at, const char *bytes)
{
	while (at < content.size && content.at[at] != '\0' && strchr(bytes, content.at[at]) != NULL)
		at++;
	return at;
}

static bool
stands_at(struct span content, size_t at, const char *text)
{
	return span_begins(span_from(content, at), text);
}

/* Does `text` stand on the same line before `at`, at most 48 bytes back? */
static bool
stands_before(struct span content, size_t at, const char *text)
{
	size_t from = at > 48 ? at - 48 : 0;

	for (size_t i = at; i > from; i--)
		if (content.at[i - 1] == '\n')
			from = i;
	return span_find(span_part(content, from, at - from), text, strlen(text), 0) != SIZE_MAX;
}

/* What stands between a name that ends at `*at` and its value; `*at` moves on to the value. */
static enum relation
relation_at(struct span content, size_t begin, size_t *at)
{
	static const char *const members[] = {".value", ".val()", ".trim()", ".toString()"};
	size_t i = skip_any(content, *at, "\"')]} \t");
	enum relation relation = RELATION_NONE;

	for (size_t n = 0; n < ARRAY_SIZE(members); n++)
		if (stands_at(content, i, members[n]))
			i = skip_any(content, i + strlen(members[n]), ") \t");
	if (stands_at(content, i, "==") || stands_at(content, i, "eq ") ||
	    stands_at(content, i, ".equals(")) {
		relation = COMPARED;
		i = skip_any(content, i, ".equals(=");
	} else if (stands_at(content, i, ",") && stands_before(content, begin, "cmp(")) {
		relation = COMPARED;
		i++;
	} else if (stands_at(content, i, "=") || stands_at(content, i, ":")) {
		relation = content.at[i] == '=' && (stands_before(content, begin, "[ ") ||
						       stands_before(content, begin, "test "))
			       ? COMPARED
			       : ASSIGNED;
		i += stands_at(content, i, "=>") || stands_at(content, i, ":=") ? 2 : 1;
	}
	*at = skip_any(content, i, " \t");
	return relation;
}

/* The literal at `at`: between quotes, on one line. */
static struct span
literal_at(struct span content, size_t at)
{
	size_t end;
	uint8_t quote = at < content.size ? content.at[at] : 0;

	if (quote != '"' && quote != '\'')
		return (struct span){0};
	for (end = at + 1; end < content.size && end - at <= MAX_LITERAL; end++)
		if (content.at[end] == quote)
			return span_part(content, at + 1, end - at - 1);
		else if (content.at[end] == '\n')
			break;
	return (struct span){0};
}

/* "x$password" against "xadmin": the guard against an empty variable. */
static struct span
unguarded(struct span content, size_t begin, struct span literal)
{
	if (begin >= 2 && content.at[begin - 1] == '$' && (content.at[begin - 2] | 0x20) == 'x' &&
	    literal.size > 1 && (literal.at[0] | 0x20) == 'x')
		return span_from(literal, 1);
	return literal;
}

/* The value of the word there, if its relation to it is `wanted`. */
static struct span
value_of(struct span content, size_t begin, size_t end, enum relation *relation)
{
	size_t at = end;

	*relation = relation_at(content, begin, &at);
	return *relation == RELATION_NONE ? (struct span){0}
					  : unguarded(content, begin, literal_at(content, at));
}

/* The nearest user, before or behind the password, in the same relation to a literal. */
static struct span
user_near(struct span content, size_t password, enum relation wanted)
{
	size_t from = password > NEAR ? password - NEAR : 0, begin = from;
	size_t to = content.size - password > NEAR ? password + NEAR : content.size;
	struct span user = {0};

	while (begin < to && (begin < password || user.size == 0)) {
		size_t end = begin;
		enum relation relation;
		struct span value;

		while (end < to && hard_coded_is_letter(content.at[end]))
			end++;
		if (end == begin) {
			begin++;
			continue;
		}
		if (is_user_word(span_part(content, begin, end - begin))) {
			value = value_of(content, begin, end, &relation);
			if (relation == wanted && value.size != 0 && value.size <= 32 &&
			    hard_coded_is_literal(value))
				user = value;
		}
		begin = end;
	}
	return user;
}

bool
hard_coded_is_remark(struct span content, size_t at)
{
	size_t line = at, from = at > REMARK ? at - REMARK : 0;
	struct span rest;

	while (line > from && content.at[line - 1] != '\n')
		line--;
	rest = span_trim(span_part(content, line, at - line));
	if (span_begins(rest, "#") || span_begins(rest, "//") || span_begins(rest, "--") ||
	    span_begins(rest, "*"))
		return true;
	for (size_t i = at; i > from; i--) {
		struct span before = span_part(content, from, i - from);

		if (span_ends(before, "*/") || span_ends(before, "-->"))
			return false;
		if (span_ends(before, "/*") || span_ends(before, "<!--"))
			return true;
	}
	return false;
}

/* A word for password with a literal, and a user with one beside it. */
static enum status
read_pair(struct login_reading *reading, size_t found)
{
	struct span content = reading->content, word, value, user;
	enum relation relation;
	size_t begin;

	word = word_around(content, found, &begin);
	if (!is_password_word(word))
		return STATUS_OK;
	value = value_of(content, begin, begin + word.size, &relation);
	if (!hard_coded_is_literal(value) || hard_coded_is_remark(content, begin))
		return STATUS_OK;
	user = user_near(content, begin, relation);
	/* names of fields are given to them like values */
	if (user.size == 0 || (relation == ASSIGNED && !is_usual_user(user)) ||
	    (is_password_word(value) && (!is_usual_user(user) || is_user_word(user))))
		return STATUS_OK;
	return hard_coded_add(
	    reading, &(struct hard_coded){.user = user,
			 .password = value,
			 .at = begin,
			 .confidence = relation == COMPARED ? "certain" : "likely"});
}

static const struct pattern seeks[] = {
    {.expression = "pass", .length = 4, .caseless = true},
    {.expression = "pwd", .length = 3, .caseless = true},
    {.expression = "psw", .length = 3, .caseless = true},
    {.expression = ":0:0:", .length = 5},
    {.expression = ":\\$[156]\\$", .length = 4},
};
#define WORDS 3u /* of them that name a password; what follows is of rows */

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct login_reading reading = {
	    .job = job, .node = offer->node, .content = offer->content, .evidence = evidence};
	struct span head =
	    span_part(offer->content, 0, offer->content.size < 64 ? offer->content.size : 64);
	bool program = span_starts_with(head, "\177ELF", 4);

	(void)collection;
	for (size_t i = 0; i < offer->find_count && reading.count < HARD_CODED_MAX; i++) {
		const struct find *find = &offer->finds[i];

		if (find->sought == WORDS)
			TRY(hard_coded_read_row(&reading, find->at));
		else if (find->sought > WORDS)
			TRY(hard_coded_read_hash(&reading, find->at));
		else if (!program)
			TRY(read_pair(&reading, find->at));
	}
	return is_script(offer->node, head) ? hard_coded_read_commands(&reading) : STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_secret};

const struct collector collector_hard_coded_login = {
    .name = "hard_coded_login",
    .title = "users with their passwords in scripts, web pages and programs: compared, assigned, "
	     "set by a "
	     "command, or written into passwd",
    .source = "TS 103 701 test case 5.4-3-1; chpasswd(8), passwd(1), htpasswd(1)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
