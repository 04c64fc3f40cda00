/* What opens a camera is seldom in passwd: web servers, vendors' databases and defaults hold it. */
#include "firmware/collectors/service_accounts.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"
#include "firmware/sqlite.h"

#define MAX_ACCOUNTS 512 /* of one file */
#define MAX_TEXT ((size_t)1 << 20)
#define MAX_DATABASE ((size_t)64 << 20)
#define MAX_FILES 16 /* files of one image whose hashes are tried */
#define MAX_WALKED ((size_t)1 << 18)
#define MAX_VALUE 200
#define OPAQUE 24 /* so many letters of base64 are no password that somebody types */

static bool
wants(const struct node *node, struct span head)
{
	if (node->type == NODE_FILE && sqlite_is(head))
		return node->bytes <= MAX_DATABASE && !service_is_page(node);
	if (node->type != NODE_FILE || node->bytes > MAX_TEXT || head.size == 0 ||
	    span_starts_with(head, "\177ELF", 4) || span_starts_with(head, "#!", 2))
		return false;
	return (span_looks_like_text(head) || service_is_default_file(node)) &&
	       service_reader_of(node, head) != NULL;
}

/* Only the first few are tried: a hostile image may hold thousands. */
static bool
is_among_first(const struct tree *tree, const struct node *node)
{
	const struct node *at = tree == NULL ? NULL : tree->root;
	size_t before = 0, walked = 0;

	if (tree != NULL && !service_may_be_read(node))
		return false;
	for (; at != NULL && at != node && before < MAX_FILES; at = node_after(at)) {
		before += service_may_be_read(at);
		if (++walked == MAX_WALKED)
			return false;
	}
	return before < MAX_FILES;
}

/* A value that the product fills in, or a mask. */
static bool
is_placeholder(struct span value)
{
	static const char *const words[] = {
	    "null", "none", "nil", "(null)", "undefined", "your_password", "true", "false"};
	bool same = value.size > 2;

	if (value.size > MAX_VALUE * 2 || (value.at[0] == '%' && value.size == 2) ||
	    (span_begins(value, "<") && span_ends(value, ">")) ||
	    (value.size > 2 && strchr("%@", value.at[0]) != NULL &&
		value.at[value.size - 1] == value.at[0]))
		return true;
	if (value.at[0] == '$' && (value.size < 3 || strchr("{(_", value.at[1]) != NULL ||
				      span_find(value, "$", 1, 1) == SIZE_MAX))
		return true;
	for (size_t i = 1; i < value.size; i++)
		same = same && value.at[i] == value.at[0];
	if (same && strchr("*xX.?-", value.at[0]) != NULL)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (span_is_word(value, words[i]))
			return true;
	return false;
}

static bool
is_opaque(struct span value)
{
	for (size_t i = 0; i < value.size; i++) {
		uint8_t c = value.at[i];

		if (c <= ' ' || c > '~' || strchr("!@#%^&*()?-.,:;'\"", c) != NULL)
			return false;
	}
	return value.size >= OPAQUE;
}

static enum status
judge(struct service_reading *reading, const struct service_account *account,
    struct account_fact *fact)
{
	struct password_hash hash;

	fact->enabled = account->in_force && reading->in_force ? 1 : UNKNOWN;
	fact->empty_password = 0;
	if (account->defers || account->password.size == 0) {
		fact->scheme = "none";
		fact->empty_password = account->defers ? 0 : 1;
		fact->enabled = account->defers ? UNKNOWN : fact->enabled;
		return STATUS_OK;
	}
	fact->hash = span_text(reading->job, account->password);
	TRY(password_hash_read(reading->job, account->store, account->password, &hash));
	if (fact->hash == NULL)
		return STATUS_LIMIT;
	hash.user = account->user;
	hash.realm = account->realm;
	if (hash.scheme != NULL) {
		fact->scheme = hash.scheme;
		fact->tried = 0;
		return reading->attack == NULL ? STATUS_OK
					       : password_attack_try(reading->attack, &hash,
						     fact->user == NULL ? "" : fact->user, fact);
	}
	if (strchr("!*", account->password.at[0]) != NULL) {
		fact->scheme = "locked";
		fact->enabled = 0;
	} else if (strchr("${", account->password.at[0]) != NULL || is_opaque(account->password)) {
		fact->scheme = "unrecognised";
		fact->enabled = UNKNOWN;
	} else {
		fact->scheme = "plain";
		fact->password = fact->hash;
	}
	return STATUS_OK;
}

enum status
service_accounts_add(struct service_reading *reading, const struct service_account *account)
{
	struct span where = account->user.size != 0 ? account->user : account->password;
	const uint8_t *end = reading->content.at + reading->content.size;
	bool inside = where.at >= reading->content.at && where.at < end;
	struct fact fact = fact_in(FACT_account, reading->node,
	    inside ? (uint64_t)(where.at - reading->content.at) : reading->row_offset);

	if (!inside)
		fact.excerpt = ""; /* what it must not show stands in other pages */
	if (where.size == 0 || account->user.size > MAX_VALUE ||
	    (account->password.size != 0 && is_placeholder(account->password)))
		return STATUS_OK;
	if (reading->count++ == MAX_ACCOUNTS)
		return fail(
		    reading->job, STATUS_LIMIT, "limit: more than %d accounts", MAX_ACCOUNTS);
	fact.hide = account->password;
	fact.as.account.service = account->service;
	if (account->user.size != 0) {
		fact.as.account.user = span_text(reading->job, account->user);
		if (fact.as.account.user == NULL)
			return STATUS_LIMIT;
	}
	TRY(judge(reading, account, &fact.as.account));
	return evidence_add(reading->evidence, reading->job, &fact);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct span content = offer->content;
	const struct service_reader *of = service_reader_of(
	    offer->node, span_part(content, 0, content.size < 64 ? content.size : 64));
	struct service_reading reading = {.job = job,
	    .node = offer->node,
	    .content = content,
	    .evidence = evidence,
	    .is_sofia = service_is_sofia_folder(offer->node) ||
			strcasestr(offer->node->name, "Account") != NULL,
	    .is_general = service_is_general(offer->node),
	    .in_force = service_is_in_force(offer->node)};

	if (of == NULL)
		return STATUS_OK;
	if (is_among_first(collection->tree, offer->node)) {
		reading.attack = password_attack_new(job, collection);
		if (reading.attack == NULL)
			return STATUS_LIMIT;
	}
	return of->read(&reading);
}

static const enum fact_kind looks_for[] = {FACT_account};

const struct collector collector_service_accounts = {
    .name = "service_accounts",
    .title =
	"accounts of web servers (htpasswd, htdigest, lighttpd, BusyBox httpd), of OpenWrt's "
	"rpcd and uhttpd, Wi-Fi keys, factory defaults (nvram), and vendors' databases in UCI, "
	"JSON, XML, ini, YAML, TOML and SQLite",
    .source = "Apache httpd Password Formats; lighttpd mod_auth; BusyBox httpd; OpenWrt UCI; "
	      "hostapd.conf",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
