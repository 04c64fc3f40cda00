/* A service is as safe as the few lines of its configuration that matter. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_FACTS 512 /* settings of one file */

/* How a line gives a name its value. */
enum shape {
	WORDS,     /* PermitRootLogin no */
	EQUALS,    /* server.port = 80 */
	SEMICOLON, /* listen 443 ssl; */
	OPTION     /* option Port '22' */
};

struct service {
	const char *name;
	const char *file;      /* its file's name */
	const char *folder;    /* part of its path; "" anywhere */
	const char *fragments; /* folder whose files are read as parts of it; NULL none */
	enum shape shape;
	const char *keys[24];
};

static const struct service services[] = {
    {"sshd", "sshd_config", "", "/sshd_config.d/", WORDS,
	{"PermitRootLogin", "PasswordAuthentication", "PermitEmptyPasswords",
	    "PubkeyAuthentication", "ChallengeResponseAuthentication",
	    "KbdInteractiveAuthentication", "Ciphers", "MACs", "KexAlgorithms", "HostKeyAlgorithms",
	    "Protocol", "Port", "ListenAddress", "UsePAM", "X11Forwarding", "AllowTcpForwarding",
	    "MaxAuthTries", "HostKey", "AllowUsers", "StrictModes", "IgnoreRhosts"}},
    {"lighttpd", "lighttpd.conf", "", "/lighttpd/conf-enabled/", EQUALS,
	{"server.port", "server.bind", "ssl.engine", "ssl.pemfile", "ssl.privkey",
	    "ssl.cipher-list", "ssl.use-sslv2", "ssl.use-sslv3", "ssl.openssl.ssl-conf-cmd",
	    "server.username", "server.groupname", "dir-listing.activate", "auth.backend",
	    "auth.require", "server.tag", "server.modules"}},
    {"nginx", "nginx.conf", "", "/nginx/", SEMICOLON,
	{"listen", "ssl", "ssl_protocols", "ssl_ciphers", "ssl_certificate", "ssl_certificate_key",
	    "auth_basic", "auth_basic_user_file", "autoindex", "server_tokens", "user"}},
    {"mosquitto", "mosquitto.conf", "", "/mosquitto/conf.d/", WORDS,
	{"allow_anonymous", "listener", "port", "bind_address", "password_file", "cafile",
	    "certfile", "keyfile", "require_certificate", "tls_version", "psk_file", "acl_file",
	    "user"}},
    {"snmpd", "snmpd.conf", "", "/snmpd.conf.d/", WORDS,
	{"rocommunity", "rwcommunity", "rocommunity6", "rwcommunity6", "com2sec", "rouser",
	    "rwuser", "createUser", "agentAddress", "trapcommunity"}},
    {"vsftpd", "vsftpd.conf", "", NULL, EQUALS,
	{"anonymous_enable", "local_enable", "write_enable", "anon_upload_enable", "ssl_enable",
	    "ssl_sslv2", "ssl_sslv3", "ssl_tlsv1", "force_local_logins_ssl", "chroot_local_user",
	    "listen_port"}},
    {"proftpd", "proftpd.conf", "", NULL, WORDS,
	{"Port", "RootLogin", "TLSEngine", "TLSProtocol", "User"}},
    {"dropbear", "dropbear", "/etc/config/", NULL, OPTION,
	{"PasswordAuth", "RootPasswordAuth", "RootLogin", "Port", "Interface", "enable"}},
    {"uhttpd", "uhttpd", "/etc/config/", NULL, OPTION,
	{"listen_http", "listen_https", "redirect_https", "cert", "key", "realm",
	    "rfc1918_filter"}},
    {"upnpd", "upnpd", "/etc/config/", NULL, OPTION,
	{"enabled", "enable_upnp", "enable_natpmp", "secure_mode"}},
    {"upnpd", "miniupnpd.conf", "", NULL, EQUALS,
	{"enable_upnp", "enable_natpmp", "secure_mode", "listening_ip", "port"}},
    {"boa", "boa.conf", "", NULL, WORDS,
	{"Port", "Listen", "User", "Group", "DocumentRoot", "Auth"}},
    {"samba", "smb.conf", "", NULL, EQUALS,
	{"security", "map to guest", "guest ok", "server min protocol", "min protocol",
	    "null passwords", "encrypt passwords", "interfaces"}},
    {"telnetd", "telnet", "/etc/config/", NULL, OPTION, {"enabled", "Port"}},
};

static const struct service *
service_of(const struct node *node)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (strcmp(node->name, services[i].file) == 0 &&
		    strstr(node->local, services[i].folder) != NULL)
			return &services[i];
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (services[i].fragments != NULL &&
		    strstr(node->local, services[i].fragments) != NULL)
			return &services[i];
	return NULL;
}

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && span_looks_like_text(head) && service_of(node) != NULL;
}

/* The key as the table spells it; NULL when it does not matter. */
static const char *
key_of(const struct service *service, struct span word)
{
	for (size_t i = 0; i < ARRAY_SIZE(service->keys) && service->keys[i] != NULL; i++)
		if (span_is_word(word, service->keys[i]))
			return service->keys[i];
	return NULL;
}

/* Splits a line into its key and the value as written. */
static bool
split(const struct service *service, struct span line, struct span *key, struct span *value)
{
	struct span rest = span_trim(line);

	if (rest.size == 0 || rest.at[0] == '#' || rest.at[0] == ';')
		return false;
	if (service->shape == EQUALS) {
		*key = field_next(&rest, '=');
		if (key->size != 0 && strchr("+:", key->at[key->size - 1]) != NULL) /* += and := */
			key->size--;
		*key = span_trim(*key);
		*value = span_unquote(span_trim(rest));
		return rest.size != 0;
	}
	if (!word_next(&rest, key))
		return false;
	if (service->shape == OPTION) {
		if (!span_is(*key, "option") && !span_is(*key, "list"))
			return false;
		if (!word_next(&rest, key))
			return false;
		*key = span_unquote(*key);
	}
	rest = span_trim(rest);
	if (service->shape == WORDS && span_begins(rest, "="))
		rest = span_trim(span_from(rest, 1));
	if (service->shape == SEMICOLON)
		rest = field_next(&rest, ';');
	*value = span_unquote(span_trim(rest));
	return true;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	const struct service *service = service_of(node);
	struct span rest = content, line, key, value;
	const char *within = "";
	size_t count = 0;

	(void)collection;
	while (service != NULL && count < MAX_FACTS && line_next(&rest, &line)) {
		struct fact fact = fact_in(FACT_setting, node, (size_t)(line.at - content.at));
		const char *known;

		if (!split(service, line, &key, &value))
			continue;
		/* what follows a Match line of sshd_config holds only for some log-ins */
		if (service->shape == WORDS && span_is_word(key, "Match"))
			within = span_is_word(value, "all") ? "" : "Match.";
		known = key_of(service, key);
		if (known == NULL)
			continue;
		fact.as.setting.name = arena_printf(job, "%s.%s%s", service->name, within, known);
		fact.as.setting.value = span_text(job, value);
		if (fact.as.setting.name == NULL || fact.as.setting.value == NULL)
			return STATUS_LIMIT;
		TRY(evidence_add(evidence, job, &fact));
		count++;
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_setting};

const struct collector collector_settings = {
    .name = "settings",
    .title = "settings of the services that matter: sshd, web, MQTT, SNMP, FTP, UPnP, dropbear",
    .source = "sshd_config(5), lighttpd and nginx documentation, mosquitto.conf(5), snmpd.conf(5), "
	      "vsftpd.conf(5), OpenWrt UCI",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
