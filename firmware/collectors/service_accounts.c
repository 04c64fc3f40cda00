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

struct reader_of {
	const char *what;
	enum status (*read)(struct service_reading *reading);
};

static bool
has(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

static bool
ends(const char *name, const char *const *endings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_ends_with(name, endings[i]))
			return true;
	return false;
}

/* Names under which web servers keep lines "user:password". */
static bool
is_user_file(const struct node *node)
{
	static const char *const servers[] = {
	    "lighttpd", "httpd", "nginx", "boa", "goahead", "appweb", "hiawatha"};
	static const char *const starts[] = {"user", "passw", "auth", "htpass", ".pass", ".user"};
	static const char *const endings[] = {".user", ".users", ".passwd", ".pwd", ".htpasswd"};

	if (has(node->name, "htpasswd"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(servers); i++) {
		if (!has(node->local, servers[i]))
			continue;
		if (ends(node->name, endings, ARRAY_SIZE(endings)))
			return true;
		for (size_t n = 0; n < ARRAY_SIZE(starts); n++)
			if (text_starts_with(node->name, starts[n]) &&
			    strchr(node->name, '.') == (node->name[0] == '.' ? node->name : NULL))
				return true;
	}
	return false;
}

static bool
is_digest_file(const struct node *node)
{
	return has(node->name, "htdigest") || text_ends_with(node->name, ".digest");
}

/* Names of UCI files whose sections give accounts of the product itself. */
static bool
is_uci_file(const struct node *node)
{
	static const char *const names[] = {"rpcd", "uhttpd", "luci", "wireless", "httpd", "web",
	    "webserver", "ftp", "vsftpd", "onvif", "rtsp", "telnet", "login"};

	if (strstr(node->local, "/etc/config/") == NULL)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(node->name, names[i]) == 0)
			return true;
	return has(node->name, "account") || has(node->name, "user") || has(node->name, "admin");
}

/* Factory defaults as routers keep them: NAME=VALUE in lines, or between NUL bytes. */
static bool
is_default_file(const struct node *node)
{
	static const char *const endings[] = {".dat", ".ini", ".conf", ".cfg", ".txt", ".default",
	    ".nvram", ".defaults", "nvram_default", "nvram_defaults", "router_defaults", "nvram"};

	if (has(node->name, "RT2860") || has(node->name, "RT61AP") || has(node->name, "MT7628"))
		return true;
	return (has(node->name, "nvram") || has(node->name, "default") ||
		   has(node->name, "factory")) &&
	       ends(node->name, endings, ARRAY_SIZE(endings));
}

static bool
speaks_of_accounts(const struct node *node)
{
	static const char *const parts[] = {"account", "user", "passw", "login", "admin"};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (has(node->name, parts[i]))
			return true;
	return false;
}

/* Pages and their programs have such names too. */
static bool
is_page(const struct node *node)
{
	static const char *const folders[] = {
	    "/www/", "/web/", "/webs/", "/html/", "/locale", "/lang", "/i18n", "/doc/"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (has(node->local, folders[i]))
			return true;
	return false;
}

static bool
is_database(const struct node *node, const char *ending)
{
	static const char *const names[] = {"config.xml", "default.xml", "default.cfg",
	    "config.json", "default.json", "romfile.cfg", "system.xml", "device.xml",
	    "config_default.xml", "default_config.xml", "defaultCfg.xml", "sysconfig.json"};

	if (is_page(node))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcasecmp(node->name, names[i]) == 0)
			return true;
	return speaks_of_accounts(node) &&
	       (strchr(node->name, '.') == NULL || text_ends_with(node->name, ending) ||
		   text_ends_with(node->name, ".cfg") || text_ends_with(node->name, ".conf") ||
		   text_ends_with(node->name, ".custom"));
}

/* Xiongmai, Dahua and their like: JSON in Account1, numbered lines in passwd. */
static bool
is_sofia_folder(const struct node *node)
{
	return strstr(node->local, "/Config/") != NULL || text_starts_with(node->local, "/mnt/mtd");
}

static const struct reader_of *
reader_of_text(const struct node *node, struct span head)
{
	static const struct reader_of htpasswd = {"htpasswd", service_accounts_read_htpasswd};
	static const struct reader_of htdigest = {"htdigest", service_accounts_read_htdigest};
	static const struct reader_of httpd = {"httpd.conf", service_accounts_read_httpd_conf};
	static const struct reader_of numbered = {"passwd", service_accounts_read_numbered};
	static const struct reader_of uci = {"uci", service_accounts_read_uci};
	static const struct reader_of values = {"values", service_accounts_read_values};
	static const struct reader_of json = {"json", service_accounts_read_json};
	static const struct reader_of xml = {"xml", service_accounts_read_xml};
	static const struct reader_of database = {"sqlite", service_accounts_read_database};
	struct span start = span_trim(head);

	if (sqlite_is(head))
		return &database;
	if (is_digest_file(node))
		return &htdigest;
	if (is_user_file(node))
		return &htpasswd;
	if (strcmp(node->name, "httpd.conf") == 0)
		return &httpd;
	if (strcmp(node->name, "passwd") == 0 && is_sofia_folder(node))
		return &numbered;
	if (is_uci_file(node))
		return &uci;
	if ((span_begins(start, "{") || span_begins(start, "[{") || span_begins(start, "[ {") ||
		span_begins(start, "[\n") || span_begins(start, "[\r")) &&
	    is_database(node, ".json"))
		return &json;
	if (span_begins(start, "<") && is_database(node, ".xml"))
		return &xml;
	if (is_default_file(node) || text_starts_with(node->name, "hostapd") ||
	    text_ends_with(node->name, "_cfg.ini") ||
	    (text_ends_with(node->name, ".ini") && speaks_of_accounts(node)))
		return span_begins(start, "<") || is_page(node) ? NULL : &values;
	return NULL;
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type == NODE_FILE && sqlite_is(head))
		return node->bytes <= MAX_DATABASE && !is_page(node);
	if (node->type != NODE_FILE || node->bytes > MAX_TEXT || head.size == 0 ||
	    span_starts_with(head, "\177ELF", 4) || span_starts_with(head, "#!", 2))
		return false;
	return (span_looks_like_text(head) || is_default_file(node)) &&
	       reader_of_text(node, head) != NULL;
}

/* By its name alone: the bytes of other files are not at hand. */
static bool
may_be_read(const struct node *node)
{
	return node->type == NODE_FILE &&
	       (is_user_file(node) || is_digest_file(node) || is_uci_file(node) ||
		   is_default_file(node) || is_database(node, ".json") ||
		   is_database(node, ".xml") || text_ends_with(node->name, ".db") ||
		   text_ends_with(node->name, ".sqlite3") || text_ends_with(node->name, ".sqlite"));
}

/* Only the first few are tried: a hostile image may hold thousands. */
static bool
is_among_first(const struct tree *tree, const struct node *node)
{
	const struct node *at = tree == NULL ? NULL : tree->root;
	size_t before = 0, walked = 0;

	if (tree != NULL && !may_be_read(node))
		return false;
	for (; at != NULL && at != node && before < MAX_FILES; at = node_after(at)) {
		before += may_be_read(at);
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

/* A default, an example or a copy opens nothing by itself. */
static bool
is_in_force(const struct node *node)
{
	static const char *const parts[] = {"default", "factory", "example", "sample", "template",
	    ".bak", ".orig", ".dist", "/doc/", "/share/", "/test", "_test/", "chroot", "RT2860"};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (has(node->local, parts[i]))
			return false;
	return !text_ends_with(node->name, "~") && !text_ends_with(node->name, "-");
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct span content = offer->content;
	const struct reader_of *of = reader_of_text(
	    offer->node, span_part(content, 0, content.size < 64 ? content.size : 64));
	struct service_reading reading = {.job = job,
	    .node = offer->node,
	    .content = content,
	    .evidence = evidence,
	    .is_sofia = is_sofia_folder(offer->node) || has(offer->node->name, "Account"),
	    .in_force = is_in_force(offer->node)};

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
	"rpcd and uhttpd, Wi-Fi keys, factory defaults (nvram), and vendors' databases in JSON, "
	"XML, ini and SQLite",
    .source = "Apache httpd Password Formats; lighttpd mod_auth; BusyBox httpd; OpenWrt UCI; "
	      "hostapd.conf",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
