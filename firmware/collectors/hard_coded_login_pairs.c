/* A password that code holds against a literal is a log-in where the same condition names the user.
 */
#include <string.h>

#include "firmware/collectors/hard_coded_login.h"
#include "firmware/reading.h"

#define NEAR ((size_t)240) /* bytes between a user and the password that belongs to it */

/* How a name gets, or is held against, its value. */
enum relation { RELATION_NONE, ASSIGNED, COMPARED };

/* How a user belongs to a password, the better last. */
enum bond {
	BOND_NONE,
	APART,   /* statements, or alternatives */
	NEAR_BY, /* one inside the other, or not known */
	JOINED   /* one condition, or neighbours in one list */
};

/* A word, and the literal that it is related to. */
struct related {
	size_t begin, end; /* of all of it */
	struct span word, value;
	enum relation relation;
	bool by_call; /* strcmp, whose 0 is equal */
};

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
	size_t i = hard_coded_skip(content, *at, "\"')]} \t");
	enum relation relation = RELATION_NONE;

	for (size_t n = 0; n < ARRAY_SIZE(members); n++)
		if (stands_at(content, i, members[n]))
			i = hard_coded_skip(content, i + strlen(members[n]), ") \t");
	if (stands_at(content, i, "==") || stands_at(content, i, "eq ") ||
	    stands_at(content, i, ".equals(")) {
		relation = COMPARED;
		i = hard_coded_skip(content, i, ".equals(=");
	} else if (stands_at(content, i, ",") && (stands_before(content, begin, "cmp(") ||
						     stands_before(content, begin, "define("))) {
		relation = stands_before(content, begin, "cmp(") ? COMPARED : ASSIGNED;
		i++;
	} else if (stands_at(content, i, "=") || stands_at(content, i, ":")) {
		relation = content.at[i] == '=' && (stands_before(content, begin, "[ ") ||
						       stands_before(content, begin, "test "))
			       ? COMPARED
			       : ASSIGNED;
		i += stands_at(content, i, "=>") || stands_at(content, i, ":=") ? 2 : 1;
	}
	*at = hard_coded_skip(content, i, " \t");
	return relation;
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
	return *relation == RELATION_NONE
		   ? (struct span){0}
		   : unguarded(content, begin, hard_coded_literal_at(content, at));
}

/* Reads the word around byte `at`; false when no literal belongs to it. */
static bool
read_related(struct span content, size_t at, struct related *related)
{
	related->word = hard_coded_word_around(content, at, &related->begin);
	related->value = value_of(
	    content, related->begin, related->begin + related->word.size, &related->relation);
	if (related->value.size == 0)
		return false;
	related->end = (size_t)(related->value.at - content.at) + related->value.size + 1;
	related->by_call = stands_before(content, related->begin, "cmp(");
	return true;
}

static bool
holds(struct span text, const char *part)
{
	return span_find(text, part, strlen(part), 0) != SIZE_MAX;
}

/* Does a condition go on from one of these lines to the next? */
static bool
goes_on(struct span line, struct span next)
{
	static const char *const joints[] = {"&&", "||", "and", "\\", ".", "("};

	for (size_t i = 0; i < ARRAY_SIZE(joints); i++)
		if (span_ends(line, joints[i]) || span_begins(next, joints[i]))
			return true;
	return false;
}

/* What the code between a user and a password says of the two. */
static enum bond
bond_of(struct span between, bool by_call)
{
	bool either =
	    !by_call && (holds(between, "||") || holds(between, " or ") || holds(between, " -o "));
	bool both = holds(between, "&&") || holds(between, " and ") || holds(between, " -a ") ||
		    (by_call && holds(between, "||"));
	struct span rest = between, line = {0}, next;

	if (either || holds(between, ";") || holds(between, "}"))
		return APART;
	if (!both || holds(between, "{"))
		return NEAR_BY;
	line_next(&rest, &line);
	while (line_next(&rest, &next)) {
		if (!goes_on(span_trim(line), span_trim(next)))
			return NEAR_BY;
		line = next;
	}
	return JOINED;
}

/* Members of one list, the one behind the other: {user: "x", password: "y"}. */
static bool
are_neighbours(struct span between)
{
	for (size_t i = 0; i < between.size; i++)
		if (strchr(", \t\r\n\"'[", between.at[i]) == NULL || between.at[i] == '\0')
			return false;
	return memchr(between.at, ',', between.size) != NULL;
}

static enum bond
bond_between(struct span content, const struct related *user, const struct related *password)
{
	const struct related *first = user->begin < password->begin ? user : password;
	const struct related *second = first == user ? password : user;
	struct span between;

	if (user->relation != password->relation || second->begin < first->end)
		return BOND_NONE;
	between = span_part(content, first->end, second->begin - first->end);
	if (user->relation == ASSIGNED)
		return first == user && are_neighbours(between) ? JOINED : NEAR_BY;
	return bond_of(between, password->by_call);
}

/* In page code whose names were made short: u == "x" && p == "y". */
static bool
is_short(struct span word, const char *name)
{
	return span_is(word, name) ||
	       (word.size == 2 && span_begins(word, name) && word.at[1] == 'n');
}

static bool
names_user(struct span word, bool is_short_password)
{
	return hard_coded_is_user_word(word) || (is_short_password && is_short(word, "u"));
}

/* The user that belongs best to the password; of equals the last before it, or the first behind. */
static enum bond
user_near(struct span content, const struct related *password, bool short_names, struct span *user)
{
	size_t from = password->begin > NEAR ? password->begin - NEAR : 0, at = from;
	size_t to = content.size - password->begin > NEAR ? password->begin + NEAR : content.size;
	enum bond best = BOND_NONE;

	while (at < to) {
		struct related found;
		size_t end = at;
		enum bond bond;

		while (end < to && hard_coded_is_letter(content.at[end]))
			end++;
		if (end == at) {
			at++;
			continue;
		}
		if (names_user(span_part(content, at, end - at), short_names) &&
		    read_related(content, at, &found) && found.value.size <= 32 &&
		    hard_coded_is_literal(found.value)) {
			bond = bond_between(content, &found, password);
			if (bond > best || (bond == best && at < password->begin)) {
				best = bond;
				*user = found.value;
			}
		}
		at = end;
	}
	return best;
}

/* switch (user) { case "x": password == "y" */
static enum bond
user_of_case(struct span content, const struct related *password, struct span *user)
{
	size_t from = password->begin > NEAR ? password->begin - NEAR : 0, at = 0, last = SIZE_MAX;
	struct span before = span_part(content, from, password->begin - from), rest;
	size_t chosen = span_find(before, "switch", 6, 0), open, close;

	if (password->relation != COMPARED || chosen == SIZE_MAX)
		return BOND_NONE;
	open = span_find(before, "(", 1, chosen);
	close = open == SIZE_MAX ? SIZE_MAX : span_find(before, ")", 1, open);
	if (close == SIZE_MAX || !hard_coded_is_user_word(hard_coded_word_around(
				     before, close == 0 ? 0 : close - 1, &at)))
		return BOND_NONE;
	for (at = close; (at = span_find(before, "case ", 5, at)) != SIZE_MAX; at += 5)
		last = at + 5;
	if (last == SIZE_MAX)
		return BOND_NONE;
	*user = hard_coded_literal_at(before, hard_coded_skip(before, last, " \t("));
	rest = span_from(before, last);
	return user->size == 0 || holds(rest, "break") || holds(rest, "}") ? BOND_NONE : NEAR_BY;
}

/* Is it a log-in, or text, a field's name, a rule about passwords? NULL when it is none. */
static const char *
confidence_of(const struct login_reading *reading, const struct related *password, enum bond bond,
    struct span user)
{
	bool is_word = hard_coded_is_password_word(password->value);
	bool usual = hard_coded_is_usual_user(user);

	if (bond == BOND_NONE || (is_word && (!usual || hard_coded_is_user_word(user))))
		return NULL;
	if (password->relation == ASSIGNED) {
		/* names of fields and their texts are given to them like values */
		bool is_text = is_word && (reading->is_page || (password->value.at[0] & 0x20) == 0);
		bool is_made = bond == JOINED && hard_coded_looks_made(password->value) &&
			       !hard_coded_is_user_word(user);

		return !is_text && (usual || is_made) ? "likely" : NULL;
	}
	if (bond == JOINED)
		return reading->is_page ? "likely" : "certain"; /* a page does not decide */
	if (is_word || (bond == APART && reading->is_page))
		return NULL;
	return "likely";
}

/* A word for password with a literal, and a user with one beside it. */
enum status
hard_coded_read_pair(struct login_reading *reading, size_t found)
{
	struct related password;
	struct span user = {0};
	const char *confidence;
	bool short_names;
	enum bond bond;

	if (!read_related(reading->content, found, &password) ||
	    (reading->count != 0 && reading->places[reading->count - 1] == password.begin))
		return STATUS_OK;
	short_names = span_is(password.word, "p") || span_is(password.word, "pw");
	if (!(short_names || hard_coded_is_password_word(password.word)) ||
	    !hard_coded_is_literal(password.value) ||
	    hard_coded_is_remark(reading->content, password.begin))
		return STATUS_OK;
	bond = user_near(reading->content, &password, short_names, &user);
	if (bond == BOND_NONE)
		bond = user_of_case(reading->content, &password, &user);
	if (short_names && (bond != JOINED || password.relation != COMPARED ||
			       !hard_coded_looks_made(password.value)))
		return STATUS_OK;
	confidence = confidence_of(reading, &password, bond, user);
	if (confidence != NULL && short_names)
		confidence = "likely"; /* so short a name may mean something else */
	return confidence == NULL ? STATUS_OK
				  : hard_coded_add(reading, &(struct hard_coded){.user = user,
								.password = password.value,
								.at = password.begin,
								.confidence = confidence});
}
