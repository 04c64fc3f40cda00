/* A password hash in a firmware image is one password on every unit that runs it. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/accounts.h"
#include "firmware/password_attack.h"
#include "firmware/reading.h"

#define MAX_ROWS 1024 /* accounts of one file */
#define MAX_FILES 8   /* files of one image whose hashes are searched */
#define MAX_USER 256
#define MAX_WALKED ((size_t)1 << 18) /* nodes that are asked whether they are such files */

enum row_kind { ROW_NONE, ROW_PASSWD, ROW_SHADOW };

struct row {
	enum row_kind kind;
	struct span user, hash, uid, shell;
};

struct reading {
	struct job *job;
	struct password_attack *attack;
	bool may_search;
	bool in_force; /* the file is the live one, not a copy of it */
};

static bool
names_accounts(const char *name)
{
	const char *rest =
	    strncmp(name, "passwd", 6) == 0 || strncmp(name, "shadow", 6) == 0 ? name + 6 : NULL;

	return rest != NULL && (*rest == '\0' || strchr("-._~", *rest) != NULL);
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || !names_accounts(node->name))
		return false;
	return span_looks_like_text(head) ||
	       (accounts_is_exact(node->name) && !accounts_among_programs(node));
}

/* Of the files that name accounts, only the first few are searched: a hostile image may hold
 * thousands. */
static bool
is_among_first(const struct tree *tree, const struct node *node)
{
	const struct node *at = tree == NULL ? NULL : tree->root;
	size_t before = 0, walked = 0;

	for (; at != NULL && at != node && before < MAX_FILES; at = node_after(at)) {
		before += at->type == NODE_FILE && names_accounts(at->name);
		if (++walked == MAX_WALKED)
			return false;
	}
	return before < MAX_FILES;
}

/* Only where it stands in its usual place is it known what such a program does. */
static bool
is_login_shell(struct span shell)
{
	static const char *const folders[] = {"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"};
	static const char *const names[] = {"nologin", "false", "true", "sync", "halt", "shutdown"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		for (size_t n = 0; span_begins(shell, folders[i]) && n < ARRAY_SIZE(names); n++)
			if (span_is(span_from(shell, strlen(folders[i])), names[n]))
				return false;
	return true;
}

/* As strtoul(3) reads it: blanks and a sign may come first. */
static int64_t
number_of(struct span field)
{
	field = span_trim(field);
	if (field.size > 1 && (field.at[0] == '+' || field.at[0] == '-'))
		field = span_from(field, 1);
	return span_number(field, UINT32_MAX);
}

static bool
names_user(struct span user, bool exact)
{
	if (user.size == 0 || user.size > MAX_USER || strchr("+-#", user.at[0]) != NULL)
		return false;
	return exact ||
	       (strchr(";/[", user.at[0]) == NULL && memchr(user.at, ' ', user.size) == NULL &&
		   memchr(user.at, '\t', user.size) == NULL &&
		   text_is_utf8((const char *)user.at, user.size));
}

/* The C library asks for five fields of either file, and skips blanks before the first. */
static enum row_kind
kind_of(const struct span *fields, size_t count, const char *name)
{
	bool exact = accounts_is_exact(name), shadow = strncmp(name, "shadow", 6) == 0;
	bool numbers =
	    count >= 5 && number_of(fields[2]) != UNKNOWN && number_of(fields[3]) != UNKNOWN;

	if (numbers && count == 7 && (!shadow || span_begins(fields[6], "/")))
		return ROW_PASSWD;
	if (numbers && exact && !shadow)
		return ROW_PASSWD;
	if (count >= (shadow ? 5u : 8u) &&
	    (exact || fields[2].size == 0 || number_of(fields[2]) != UNKNOWN))
		return ROW_SHADOW;
	return ROW_NONE;
}

static bool
read_row(struct span line, const char *name, struct row *row)
{
	struct span fields[10] = {0};
	size_t count = 0;

	*row = (struct row){0};
	if (accounts_is_exact(name))
		line = span_trim(line);
	while (count < ARRAY_SIZE(fields)) {
		const uint8_t *end = line.size == 0 ? NULL : memchr(line.at, ':', line.size);

		fields[count++] = field_next(&line, ':');
		if (end == NULL)
			break;
	}
	row->user = fields[0];
	row->hash = fields[1];
	if (count < 2 || row->hash.size > PASSWORD_HASH_MAX ||
	    !names_user(row->user, accounts_is_exact(name)))
		return false;
	row->kind = kind_of(fields, count, name);
	if (row->kind == ROW_PASSWD) {
		row->uid = span_trim(fields[2]);
		row->shell = span_trim(fields[6]);
	}
	return row->kind != ROW_NONE;
}

/* What the hash field says of itself: scheme, and whether anybody may log in by it. */
static enum status
judge_hash(struct reading *reading, const struct row *row, struct account_fact *account)
{
	struct password_hash hash;
	bool login = row->kind != ROW_PASSWD || is_login_shell(row->shell);

	if (row->hash.size == 0) {
		account->scheme = "none";
		account->empty_password = login;
		/* Whether a shadow row counts at all, only the passwd row beside it can say. */
		account->enabled = row->kind == ROW_SHADOW ? UNKNOWN : login;
		return STATUS_OK;
	}
	account->empty_password = 0;
	if (span_is(row->hash, "x") && row->kind == ROW_PASSWD) {
		account->scheme = "none";
		account->empty_password = UNKNOWN;
		account->enabled = login ? UNKNOWN : 0;
		return STATUS_OK;
	}
	account->hash = span_text(reading->job, row->hash);
	if (account->hash == NULL)
		return STATUS_LIMIT;
	TRY(password_hash_read(reading->job, PASSWORD_OF_SYSTEM, row->hash, &hash));
	if (hash.scheme != NULL) {
		account->scheme = hash.scheme;
		account->enabled = login;
		account->tried = 0;
		return reading->may_search
			   ? password_attack_try(reading->attack, &hash, account->user, account)
			   : STATUS_OK;
	}
	account->scheme = "unrecognised";
	if (strchr("!*", row->hash.at[0]) != NULL || span_is(row->hash, "x") ||
	    span_is(row->hash, "NP") || span_is(row->hash, "LK")) {
		account->scheme = "locked";
		account->enabled = 0;
	}
	return STATUS_OK;
}

static enum status
add_account(struct reading *reading, const struct node *node, size_t offset, const struct row *row,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_account, node, offset);
	struct account_fact *account = &fact.as.account;

	fact.hide = row->hash;
	account->service = "system";
	account->user = span_text(reading->job, row->user);
	if (account->user == NULL)
		return STATUS_LIMIT;
	account->uid = number_of(row->uid);
	if (row->shell.size != 0)
		account->shell = span_text(reading->job, row->shell);
	TRY(judge_hash(reading, row, account));
	if (!reading->in_force && account->enabled == 1)
		account->enabled = UNKNOWN;
	return evidence_add(evidence, reading->job, &fact);
}

/* A line with the fields of an account that was read as none: libraries differ on numbers too large
 * or missing. */
static bool
may_be_row(struct span line)
{
	size_t colons = 0;

	line = span_trim(line);
	if (line.size == 0 || memchr("#+-", line.at[0], 3) != NULL)
		return false;
	for (size_t i = 0; i < line.size; i++)
		colons += line.at[i] == ':';
	return colons >= 6;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct reading reading = {.job = job, .attack = password_attack_new(job, collection)};
	struct span rest = content, line;
	struct row row;
	size_t rows = 0;
	bool doubtful = false;

	if (reading.attack == NULL)
		return STATUS_LIMIT;
	reading.may_search = is_among_first(collection->tree, node);
	reading.in_force = accounts_is_exact(node->name) && !accounts_beside(node);
	while (line_next(&rest, &line)) {
		if (!read_row(line, node->name, &row)) {
			doubtful |= reading.in_force && may_be_row(line);
			continue;
		}
		if (rows++ == MAX_ROWS)
			return fail(job, STATUS_LIMIT, "limit: more than %d accounts", MAX_ROWS);
		TRY(add_account(&reading, node, (size_t)(line.at - content.at), &row, evidence));
	}
	if (accounts_is_exact(node->name) && content.size != 0 && !accounts_among_programs(node) &&
	    memchr(content.at, 0, content.size) != NULL)
		return fail(job, STATUS_MALFORMED, "it holds bytes that are no text");
	return doubtful ? fail(job, STATUS_MALFORMED,
			      "it holds a line that not every C library would pass over")
			: STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_account};

const struct collector collector_accounts = {
    .name = "accounts",
    .title = "accounts and password hashes of passwd and shadow files",
    .source = "passwd(5), shadow(5), crypt(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
    .conclude = accounts_conclude,
};
