/* Which files hold accounts, only their names and their first bytes can say beforehand. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/service_accounts.h"
#include "firmware/reading.h"
#include "firmware/sqlite.h"

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
is_uci_of_accounts(const struct node *node)
{
	static const char *const names[] = {"rpcd", "uhttpd", "luci", "wireless", "httpd", "web",
	    "webserver", "ftp", "vsftpd", "onvif", "rtsp", "telnet", "login"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(node->name, names[i]) == 0)
			return true;
	return has(node->name, "account") || has(node->name, "user") || has(node->name, "admin");
}

/* Or of a vendor, who keeps accounts beside other settings; not of what it connects to. */
static bool
is_uci_file(const struct node *node)
{
	return strstr(node->local, "/etc/config/") != NULL &&
	       (is_uci_of_accounts(node) || (strcmp(node->name, "network") != 0 &&
						!service_is_elsewhere(span_of_string(node->name))));
}

bool
service_is_default_file(const struct node *node)
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

bool
service_is_page(const struct node *node)
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

	if (service_is_page(node))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcasecmp(node->name, names[i]) == 0)
			return true;
	return speaks_of_accounts(node) &&
	       (strchr(node->name, '.') == NULL || text_ends_with(node->name, ending) ||
		   text_ends_with(node->name, ".cfg") || text_ends_with(node->name, ".conf") ||
		   text_ends_with(node->name, ".custom"));
}

/* YAML says nothing of itself at its start. */
static bool
is_yaml(const struct node *node)
{
	static const char *const endings[] = {".yaml", ".yml"};
	static const char *const names[] = {"config.yaml", "config.yml", "default.yaml",
	    "default.yml", "settings.yaml", "settings.yml", "camera.yaml", "camera.yml"};

	return !service_is_page(node) && ends(node->name, endings, ARRAY_SIZE(endings)) &&
	       (speaks_of_accounts(node) || ends(node->name, names, ARRAY_SIZE(names)));
}

static bool
is_toml(const struct node *node)
{
	return text_ends_with(node->name, ".toml") &&
	       (speaks_of_accounts(node) || text_ends_with(node->name, "config.toml") ||
		   text_ends_with(node->name, "settings.toml") ||
		   text_ends_with(node->name, "default.toml"));
}

bool
service_is_sofia_folder(const struct node *node)
{
	return strstr(node->local, "/Config/") != NULL || text_starts_with(node->local, "/mnt/mtd");
}

const struct service_reader *
service_reader_of(const struct node *node, struct span head)
{
	static const struct service_reader htpasswd = {"htpasswd", service_accounts_read_htpasswd};
	static const struct service_reader htdigest = {"htdigest", service_accounts_read_htdigest};
	static const struct service_reader httpd = {"httpd.conf", service_accounts_read_httpd_conf};
	static const struct service_reader numbered = {"passwd", service_accounts_read_numbered};
	static const struct service_reader uci = {"uci", service_accounts_read_uci};
	static const struct service_reader values = {"values", service_accounts_read_values};
	static const struct service_reader json = {"json", service_accounts_read_json};
	static const struct service_reader xml = {"xml", service_accounts_read_xml};
	static const struct service_reader yaml = {"yaml", service_accounts_read_yaml};
	static const struct service_reader database = {"sqlite", service_accounts_read_database};
	struct span start = span_trim(head);

	if (sqlite_is(head))
		return &database;
	if (is_digest_file(node))
		return &htdigest;
	if (is_user_file(node))
		return &htpasswd;
	if (strcmp(node->name, "httpd.conf") == 0)
		return &httpd;
	if (strcmp(node->name, "passwd") == 0 && service_is_sofia_folder(node))
		return &numbered;
	if (is_uci_file(node))
		return &uci;
	if ((span_begins(start, "{") || span_begins(start, "[{") || span_begins(start, "[ {") ||
		span_begins(start, "[\n") || span_begins(start, "[\r")) &&
	    is_database(node, ".json"))
		return &json;
	if (span_begins(start, "<") && is_database(node, ".xml"))
		return &xml;
	if (is_yaml(node))
		return &yaml;
	if (is_toml(node) || service_is_default_file(node) ||
	    text_starts_with(node->name, "hostapd") || text_ends_with(node->name, "_cfg.ini") ||
	    (text_ends_with(node->name, ".ini") && speaks_of_accounts(node)))
		return span_begins(start, "<") || service_is_page(node) ? NULL : &values;
	return NULL;
}

bool
service_may_be_read(const struct node *node)
{
	return node->type == NODE_FILE &&
	       (is_user_file(node) || is_digest_file(node) || is_uci_file(node) ||
		   service_is_default_file(node) || is_database(node, ".json") || is_yaml(node) ||
		   is_toml(node) || is_database(node, ".xml") ||
		   text_ends_with(node->name, ".db") || text_ends_with(node->name, ".sqlite3") ||
		   text_ends_with(node->name, ".sqlite"));
}

bool
service_is_in_force(const struct node *node)
{
	static const char *const parts[] = {"default", "factory", "example", "sample", "template",
	    ".bak", ".orig", ".dist", "/doc/", "/share/", "/test", "_test/", "chroot", "RT2860"};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (has(node->local, parts[i]))
			return false;
	return !text_ends_with(node->name, "~") && !text_ends_with(node->name, "-");
}

bool
service_is_general(const struct node *node)
{
	return (is_uci_file(node) && !is_uci_of_accounts(node)) ||
	       ((is_yaml(node) || is_toml(node)) && !speaks_of_accounts(node));
}
