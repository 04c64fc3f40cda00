/* A password hash in a firmware image is one password on every unit that runs it. */
#include <crypt.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_ROWS 1024  /* accounts of one file */
#define MAX_SEARCHED 8 /* distinct hashes of one file searched */
#define MAX_FILES 8    /* files of one image whose hashes are searched */
#define MAX_HASH 512   /* crypt(3) makes none longer than 384 */
#define MAX_USER 256
#define MAX_CANDIDATES 65536

/* How many candidates a hash gets depends on what one costs, never on the clock. */
struct scheme {
	const char *prefix, *name;
	unsigned candidates;
};

static const struct scheme schemes[] = {
    {"$1$", "md5crypt", 2000},
    {"$5$", "sha256crypt", 600},
    {"$6$", "sha512crypt", 600},
    {"$2a$", "bcrypt", 20},
    {"$2b$", "bcrypt", 20},
    {"$2y$", "bcrypt", 20},
    {"$y$", "yescrypt", 40},
};
static const struct scheme des = {"", "des", 4000};

enum row_kind { ROW_NONE, ROW_PASSWD, ROW_SHADOW, ROW_SERVICE };

struct row {
	enum row_kind kind;
	struct span user, hash, uid, shell;
};

/* Passwords of the dictionary without repetition, and which of them each pair names. */
struct dictionary {
	const char **passwords;
	size_t password_count;
	uint32_t *of_pair;
	size_t pair_count;
	uint8_t *tried; /* one byte a password, cleared for each hash */
};

struct searched {
	const char *user, *hash, *password;
	int64_t tried;
};

struct reading {
	struct job *job;
	const struct collection *collection;
	struct crypt_data *crypt; /* NULL until the first hash is searched */
	struct dictionary dictionary;
	struct searched searched[MAX_SEARCHED];
	size_t searched_count;
	bool may_search;
	bool in_force; /* the file is the live one, not a copy of it */
};

static bool
names_accounts(const char *name)
{
	const char *rest =
	    strncmp(name, "passwd", 6) == 0 || strncmp(name, "shadow", 6) == 0 ? name + 6 : NULL;

	if (strstr(name, "htpasswd") != NULL)
		return true;
	return rest != NULL && (*rest == '\0' || strchr("-._~", *rest) != NULL);
}

/* The files that the C library reads; the others are copies, or somebody else's. */
static bool
is_exact(const char *name)
{
	return strcmp(name, "passwd") == 0 || strcmp(name, "shadow") == 0;
}

/* Programs, their pages and their settings have those names as well. */
static bool
lies_among_programs(const struct node *node)
{
	static const char *const folders[] = {
	    "/bin/", "/sbin/", "/pam.d/", "/completions/", "/init.d/"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		size_t size = strlen(folders[i]) + strlen(node->name), whole = strlen(node->local);

		if (whole + 1 == size &&
		    strncmp(node->local, folders[i] + 1, size - strlen(node->name) - 1) == 0)
			return true;
		if (whole >= size &&
		    strncmp(node->local + whole - size, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return false;
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || !names_accounts(node->name))
		return false;
	return span_looks_like_text(head) || (is_exact(node->name) && !lies_among_programs(node));
}

/* Of the files that name accounts, only the first few are searched: a hostile image may hold
 * thousands. */
static bool
is_among_first(const struct tree *tree, const struct node *node)
{
	const struct node *at = tree == NULL ? NULL : tree->root;
	size_t before = 0;

	for (; at != NULL && at != node && before < MAX_FILES; at = node_after(at))
		if (at->type == NODE_FILE && names_accounts(at->name))
			before++;
	return before < MAX_FILES;
}

static bool
is_crypt_alphabet(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		uint8_t c = bytes.at[i];

		if (!((c >= '.' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return true;
}

static const struct scheme *
scheme_of(struct span hash)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (span_begins(hash, schemes[i].prefix) &&
		    hash.size > strlen(schemes[i].prefix) + 8)
			return &schemes[i];
	return hash.size == 13 && is_crypt_alphabet(hash) ? &des : NULL;
}

/* The scheme's budget, less for a hash that says it costs more. */
static unsigned
budget_of(const struct scheme *scheme, struct span hash)
{
	struct span rest = span_from(hash, strlen(scheme->prefix));
	int64_t cost;

	if (strcmp(scheme->name, "bcrypt") == 0) {
		cost = span_number(field_next(&rest, '$'), 31);
		return cost < 4     ? 0
		       : cost <= 10 ? scheme->candidates
				    : scheme->candidates >> (cost - 10);
	}
	if (strcmp(scheme->name, "yescrypt") == 0) /* libxcrypt's own default, or cheaper */
		return rest.size > 4 && rest.at[0] == 'j' && rest.at[1] <= '9' &&
			       rest.at[2] == 'T' && rest.at[3] == '$'
			   ? scheme->candidates
			   : 0;
	if (span_begins(rest, "rounds=")) {
		rest = span_from(rest, 7);
		cost = span_number(field_next(&rest, '$'), 999999999);
		return cost < 1       ? 0
		       : cost <= 5000 ? scheme->candidates
				      : (unsigned)(scheme->candidates * 5000 / cost);
	}
	return scheme->candidates;
}

static uint32_t
slot_of(const char *password, size_t slots)
{
	uint32_t hash = 2166136261u;

	for (; *password != '\0'; password++)
		hash = (hash ^ (uint8_t)*password) * 16777619u;
	return hash & (uint32_t)(slots - 1);
}

static enum status
read_dictionary(struct reading *reading)
{
	struct dictionary *dictionary = &reading->dictionary;
	size_t count = reading->collection->candidate_count, slots = 64;
	uint32_t *table;

	count = count < MAX_CANDIDATES ? count : MAX_CANDIDATES;
	while (slots < count * 2)
		slots *= 2;
	table = arena_array(reading->job, slots, sizeof *table); /* index + 1 */
	dictionary->passwords = arena_array(reading->job, count, sizeof *dictionary->passwords);
	dictionary->of_pair = arena_array(reading->job, count, sizeof *dictionary->of_pair);
	dictionary->tried = arena_array(reading->job, count, 1);
	if (table == NULL || dictionary->passwords == NULL || dictionary->of_pair == NULL ||
	    dictionary->tried == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++) {
		const char *tab = strchr(reading->collection->candidates[i], '\t');
		const char *password = tab == NULL ? "" : tab + 1;
		uint32_t slot = slot_of(password, slots);

		while (table[slot] != 0 &&
		       strcmp(dictionary->passwords[table[slot] - 1], password) != 0)
			slot = (slot + 1) & (uint32_t)(slots - 1);
		if (table[slot] == 0) {
			dictionary->passwords[dictionary->password_count++] = password;
			table[slot] = (uint32_t)dictionary->password_count;
		}
		dictionary->of_pair[i] = table[slot] - 1;
	}
	dictionary->pair_count = count;
	return STATUS_OK;
}

static bool
opens(struct reading *reading, struct searched *search, const char *password)
{
	const char *result = crypt_r(password, search->hash, reading->crypt);

	search->tried++;
	if (result == NULL || strcmp(result, search->hash) != 0)
		return false;
	search->password = password;
	return true;
}

/* Tries the user's own pairs, the user's name, then every other password, in the dictionary's
 * order. */
static void
search_hash(struct reading *reading, struct searched *search, unsigned budget)
{
	struct dictionary *dictionary = &reading->dictionary;
	size_t user_size = strlen(search->user);

	if (dictionary->password_count != 0)
		memset(dictionary->tried, 0, dictionary->password_count);
	for (size_t i = 0; i < dictionary->pair_count && search->tried < budget; i++) {
		const char *pair = reading->collection->candidates[i];
		uint32_t password = dictionary->of_pair[i];

		if (strncmp(pair, search->user, user_size) != 0 || pair[user_size] != '\t' ||
		    dictionary->tried[password])
			continue;
		dictionary->tried[password] = 1;
		if (opens(reading, search, dictionary->passwords[password]))
			return;
	}
	if (search->tried < budget && opens(reading, search, search->user))
		return;
	for (size_t i = 0; i < dictionary->password_count && search->tried < budget; i++)
		if (!dictionary->tried[i] && opens(reading, search, dictionary->passwords[i]))
			return;
}

static enum status
find_password(struct reading *reading, struct account_fact *account, const struct scheme *scheme,
    struct span hash)
{
	unsigned budget = budget_of(scheme, hash);
	struct searched *search = NULL;

	account->tried = 0;
	for (size_t i = 0; i < reading->searched_count && search == NULL; i++)
		if (strcmp(reading->searched[i].hash, account->hash) == 0)
			search = &reading->searched[i];
	if (search == NULL) {
		if (!reading->may_search || budget == 0 || reading->searched_count == MAX_SEARCHED)
			return STATUS_OK;
		if (reading->crypt == NULL) {
			TRY(read_dictionary(reading));
			reading->crypt = arena_allocate(reading->job, sizeof *reading->crypt);
			if (reading->crypt == NULL)
				return STATUS_LIMIT;
		}
		search = &reading->searched[reading->searched_count++];
		*search = (struct searched){.user = account->user, .hash = account->hash};
		search_hash(reading, search, budget);
	}
	account->tried = search->tried;
	if (search->password != NULL)
		account->password =
		    text_from_bytes(reading->job, search->password, strlen(search->password), 256);
	return STATUS_OK;
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
	return exact || (strchr("; \t/[", user.at[0]) == NULL &&
			    text_is_utf8((const char *)user.at, user.size));
}

/* The C library asks for five fields of either file, and skips blanks before the first. */
static enum row_kind
kind_of(const struct span *fields, size_t count, const char *name)
{
	bool exact = is_exact(name), shadow = strncmp(name, "shadow", 6) == 0;
	bool numbers =
	    count >= 5 && number_of(fields[2]) != UNKNOWN && number_of(fields[3]) != UNKNOWN;

	if (numbers && count == 7 && (!shadow || span_begins(fields[6], "/")))
		return ROW_PASSWD;
	if (strstr(name, "htpasswd") != NULL && fields[1].size != 0)
		return ROW_SERVICE;
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
	if (is_exact(name))
		line = span_trim(line);
	while (count < ARRAY_SIZE(fields)) {
		const uint8_t *end = line.size == 0 ? NULL : memchr(line.at, ':', line.size);

		fields[count++] = field_next(&line, ':');
		if (end == NULL)
			break;
	}
	row->user = fields[0];
	row->hash = fields[1];
	if (count < 2 || row->hash.size > MAX_HASH || !names_user(row->user, is_exact(name)))
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
	const struct scheme *scheme = scheme_of(row->hash);
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
	if (scheme != NULL) {
		account->scheme = scheme->name;
		account->enabled = login;
		return find_password(reading, account, scheme, row->hash);
	}
	if (strchr("!*", row->hash.at[0]) != NULL || span_is(row->hash, "x") ||
	    span_is(row->hash, "NP") || span_is(row->hash, "LK")) {
		account->scheme = "locked";
		account->enabled = 0;
	} else if (row->kind == ROW_SERVICE && row->hash.at[0] != '$' && row->hash.at[0] != '{') {
		account->scheme = "plain";
		account->password = account->hash;
		account->enabled = 1;
	} else
		account->scheme = "unrecognised";
	return STATUS_OK;
}

static enum status
add_account(struct reading *reading, const struct node *node, size_t offset, const struct row *row,
    struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_account, node, offset);
	struct account_fact *account = &fact.as.account;

	fact.hide = row->hash;
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

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct reading reading = {.job = job, .collection = collection};
	struct span rest = content, line;
	struct row row;
	size_t rows = 0;

	reading.may_search = is_among_first(collection->tree, node);
	reading.in_force = strcmp(node->name, "passwd") == 0 || strcmp(node->name, "shadow") == 0 ||
			   strstr(node->name, "htpasswd") != NULL;
	while (line_next(&rest, &line)) {
		if (!read_row(line, node->name, &row))
			continue;
		if (rows++ == MAX_ROWS)
			return fail(job, STATUS_LIMIT, "limit: more than %d accounts", MAX_ROWS);
		TRY(add_account(&reading, node, (size_t)(line.at - content.at), &row, evidence));
	}
	if (is_exact(node->name) && content.size != 0 && !lies_among_programs(node) &&
	    memchr(content.at, 0, content.size) != NULL)
		return fail(job, STATUS_MALFORMED, "it holds bytes that are no text");
	return STATUS_OK;
}

/* The file system or archive a node lies in. */
static const struct node *
top_of(const struct node *node)
{
	while (node->parent != NULL && node->type != NODE_CONTAINER)
		node = node->parent;
	return node;
}

static const struct node *
child_named(const struct node *folder, struct span name)
{
	const struct node *child = folder->child;

	while (child != NULL && (child->type == NODE_CONTAINER || !span_is(name, child->name)))
		child = child->next;
	return child;
}

/* What a link names, where no folder on the way is a link itself; NULL when that is nothing. */
static const struct node *
target_of(const struct node *from, const char *target)
{
	struct span rest = span_of_string(target);
	const struct node *at = target[0] == '/' ? top_of(from) : from;

	while (at != NULL && rest.size != 0) {
		struct span name = field_next(&rest, '/');

		if (span_is(name, "..")) {
			if (at->type != NODE_CONTAINER && at->parent != NULL)
				at = at->parent;
		} else if (name.size != 0 && !span_is(name, ".")) {
			at = child_named(at, name);
		}
	}
	return at;
}

/* An account file that is a link was read only if what it names was. */
static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct node *node = collection->tree->root;

	(void)evidence;
	for (; node != NULL; node = node_after(node)) {
		const struct node *target;

		if (node->type != NODE_LINK || node->link_target == NULL || node->parent == NULL ||
		    !is_exact(node->name) || lies_among_programs(node))
			continue;
		target = target_of(node->parent, node->link_target);
		if (target == NULL) /* a hard link of an archive names it from the top */
			target = target_of(top_of(node), node->link_target);
		if (target == NULL || target->type != NODE_FILE ||
		    strcmp(target->name, node->name) != 0)
			return fail(job, STATUS_MALFORMED,
			    "%.200s is a link to %.200s, which was not read as such", node->path,
			    node->link_target);
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_account};

const struct collector collector_accounts = {
    .name = "accounts",
    .title = "accounts and password hashes of passwd, shadow and htpasswd files",
    .source = "passwd(5), shadow(5), crypt(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
