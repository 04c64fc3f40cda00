/* A service is as safe as the few lines of its configuration that matter. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_FACTS 512 /* settings of one file */
#define MAX_LIST 64   /* lines of one value */

/* How a line gives a name its value. */
enum shape {
	WORDS,     /* PermitRootLogin no */
	EQUALS,    /* server.port = 80 */
	FLAGS,     /* the same, and names alone: enable-tftp */
	SEMICOLON, /* listen 443 ssl; */
	COLON,     /* rtspAddress: :8554 */
	OPTION     /* option Port '22' */
};

struct service {
	const char *name;
	const char *file;      /* its file's name */
	const char *folder;    /* part of its path; "" anywhere */
	const char *fragments; /* folder whose files are read as parts of it; NULL none */
	enum shape shape;
	const char *keys[36]; /* "!KEY": only that it is set is told */
};

static const struct service services[] = {
#define SERVICE(name, file, folder, fragments, shape, ...)                                         \
	{name, file, folder, fragments, shape, {__VA_ARGS__}},
#include "firmware/collectors/settings.def"
#undef SERVICE
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
		if (span_is_word(word, service->keys[i] + (service->keys[i][0] == '!')))
			return service->keys[i];
	return NULL;
}

/* Without " # …" behind it, where the file's readers take that for a comment. */
static struct span
without_comment(const struct service *service, struct span line)
{
	char quote = '\0';

	if (strcmp(service->name, "sshd") != 0 && strcmp(service->name, "lighttpd") != 0 &&
	    service->shape != COLON)
		return line;
	for (size_t i = 0; i < line.size; i++) {
		char c = (char)line.at[i];

		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '#' && i != 0 && (line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
			return span_part(line, 0, i);
	}
	return line;
}

/* Splits a line into its key and the value as written. */
static bool
split(const struct service *service, struct span line, struct span *key, struct span *value)
{
	struct span rest = span_trim(without_comment(service, line));

	if (rest.size == 0 || rest.at[0] == '#' || rest.at[0] == ';')
		return false;
	if (service->shape == EQUALS || service->shape == FLAGS || service->shape == COLON) {
		bool sign = memchr(rest.at, service->shape == COLON ? ':' : '=', rest.size) != NULL;

		*key = field_next(&rest, service->shape == COLON ? ':' : '=');
		if (key->size != 0 && strchr("+:", key->at[key->size - 1]) != NULL) /* += and := */
			key->size--;
		*key = span_trim(*key);
		*value = span_unquote(span_trim(rest));
		return sign || service->shape == FLAGS;
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
	/* "KEY=VALUE" without a blank */
	if (service->shape == WORDS && memchr(key->at, '=', key->size) != NULL) {
		rest = *key;
		*key = field_next(&rest, '=');
	} else if (service->shape == WORDS && span_begins(rest, "="))
		rest = span_trim(span_from(rest, 1));
	*value = span_unquote(span_trim(rest));
	return true;
}

/*
 * What of a line may be a setting: all of it; nginx ends each with a sign, so that a whole server
 * may stand in one line.
 */
static bool
statement_next(const struct service *service, struct span *line, struct span *statement)
{
	size_t size = service->shape == SEMICOLON ? 0 : line->size;
	char quote = '\0', before = ' ', c;

	if (line->size == 0)
		return false;
	for (; size < line->size; size++, before = c) {
		bool starts = before == ' ' || before == '\t';

		c = (char)line->at[size];
		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (starts && (c == '"' || c == '\''))
			quote = c;
		else if (starts && c == '#')
			*line = span_part(*line, 0, size);
		else if (before == '$' && c == '{') /* a variable */
			quote = '}';
		else if (c == ';' || c == '{' || c == '}')
			break;
	}
	if (size > line->size) /* a comment */
		size = line->size;
	*statement = span_part(*line, 0, size);
	*line = size < line->size ? span_from(*line, size + 1) : (struct span){0};
	return true;
}

/* A list of lighttpd's in parentheses goes on to the line that ends it, as one value. */
static enum status
read_on(struct job *job, const struct service *service, struct span *rest, struct span *value)
{
	struct text text = text_new(job);
	struct span line;
	const char *joined;
	bool ended = false;

	text_put_bytes(&text, value->at, value->size);
	for (size_t lines = 0; lines < MAX_LIST && !ended && line_next(rest, &line); lines++) {
		line = span_trim(without_comment(service, line));
		if (line.size == 0 || line.at[0] == '#')
			continue;
		text_put(&text, " ");
		text_put_bytes(&text, line.at, line.size);
		ended = memchr(line.at, ')', line.size) != NULL;
	}
	TRY(text_finish(&text, &joined));
	*value = span_of_string(joined);
	return STATUS_OK;
}

static bool
is_begun_list(const struct service *service, struct span value)
{
	return strcmp(service->name, "lighttpd") == 0 && span_begins(value, "(") &&
	       memchr(value.at, ')', value.size) == NULL;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	const struct service *service = service_of(node);
	struct span rest = content, line = {0}, statement, key, value;
	const char *within = "";
	size_t count = 0;

	(void)collection;
	while (service != NULL && count < MAX_FACTS) {
		struct fact fact = fact_in(FACT_setting, node, 0);
		const char *known;

		if (!statement_next(service, &line, &statement)) {
			if (!line_next(&rest, &line))
				break;
			continue;
		}
		fact.offset = (int64_t)(statement.at - content.at);
		if (!split(service, statement, &key, &value))
			continue;
		/* what follows a Match line of sshd_config holds only for some log-ins */
		if (service->shape == WORDS && span_is_word(key, "Match"))
			within = span_is_word(value, "all") ? "" : "Match.";
		known = key_of(service, key);
		if (known == NULL)
			continue;
		if (is_begun_list(service, value))
			TRY(read_on(job, service, &rest, &value));
		fact.as.setting.name =
		    arena_printf(job, "%s.%s%s", service->name, within, known + (known[0] == '!'));
		fact.as.setting.value = known[0] == '!' ? "(set)" : span_text(job, value);
		if (known[0] == '!')
			fact.hide = value;
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
    .title =
	"settings of the services that matter: SSH, web, TLS, MQTT, SNMP, FTP, TFTP, UPnP, DLNA, "
	"SMB, RTSP, ONVIF, Wi-Fi, DNS and DHCP, VPN, databases, OpenWrt's",
    .source =
	"sshd_config(5), lighttpd and nginx documentation, mosquitto.conf(5), snmpd.conf(5), "
	"vsftpd.conf(5), stunnel(8), hostapd.conf, dnsmasq(8), openvpn(8), wg(8), ipsec.conf(5), "
	"MediaMTX documentation, OpenWrt UCI",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
