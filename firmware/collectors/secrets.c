/* A secret in an image is no secret: everyone who has the image has it. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"
#include "firmware/secret_forms.h"

#define MAX_FACTS 128 /* secrets of one file */
#define MAX_TEXT ((size_t)1 << 20)
#define MAX_VALUE 256
#define MAX_LINE ((size_t)1024)

/* Names that give a secret its value, and what it is; '_', '-' and '.' in a name do not count. */
static const struct {
	const char *key, *type;
} names[] = {
    {"psk", "psk"},
    {"wpapsk", "psk"},
    {"wpapassphrase", "psk"},
    {"wpapsk1", "psk"},
    {"wifipassword", "psk"},
    {"wifipsk", "psk"},
    {"wlanpsk", "psk"},
    {"appassword", "psk"},
    {"presharedkey", "psk"},
    {"password", "password"},
    {"passwd", "password"},
    {"passphrase", "password"},
    {"userpassword", "password"},
    {"adminpassword", "password"},
    {"adminpasswd", "password"},
    {"pppoepasswd", "password"},
    {"httppasswd", "password"},
    {"mqttpassword", "password"},
    {"mqttpasswd", "password"},
    {"mqttpass", "password"},
    {"remotepassword", "password"},
    {"ftppassword", "password"},
    {"smtppassword", "password"},
    {"rtsppassword", "password"},
    {"rtsppasswd", "password"},
    {"dbpassword", "password"},
    {"keypassword", "password"},
    {"secret", "token"},
    {"secretkey", "token"},
    {"apikey", "token"},
    {"apisecret", "token"},
    {"accesstoken", "token"},
    {"authtoken", "token"},
    {"clientsecret", "token"},
    {"appsecret", "token"},
    {"accesskeysecret", "token"},
    {"awssecretaccesskey", "token"},
    {"secretaccesskey", "token"},
    {"devicesecret", "token"},
    {"productsecret", "token"},
    {"p2pkey", "token"},
    {"p2psecret", "token"},
    {"authkey", "token"},
    {"auzkey", "token"},
    {"aeskey", "symmetric key"},
    {"aes128key", "symmetric key"},
    {"aes256key", "symmetric key"},
    {"deskey", "symmetric key"},
    {"encryptionkey", "symmetric key"},
    {"encryptkey", "symmetric key"},
    {"decryptkey", "symmetric key"},
    {"cryptkey", "symmetric key"},
    {"cryptokey", "symmetric key"},
    {"aesiv", "initial vector"},
    {"privatekey", "private key"},
};

struct reading {
	struct job *job;
	const struct node *node;
	struct span content;
	struct evidence *evidence;
	struct span network; /* the last ssid seen */
	size_t count;
};

static bool
is_configuration(const struct node *node)
{
	static const char *const endings[] = {".conf", ".cfg", ".ini", ".config", ".properties",
	    ".json", ".yaml", ".yml", ".env", ".psk", ".nvram", ".default"};

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(node->name, endings[i]))
			return true;
	return strstr(node->local, "/etc/config/") != NULL;
}

static bool
is_json(const struct node *node)
{
	return text_ends_with(node->name, ".json");
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE)
		return false;
	return span_starts_with(head, "\177ELF", 4) ||
	       (span_looks_like_text(head) && node->bytes <= MAX_TEXT);
}

/* Examples open nothing, as a rule. */
static bool
is_example(const struct node *node)
{
	static const char *const places[] = {
	    "/share/doc/", "/share/man/", "/test/", "/tests/", "/examples/", "/testdata/"};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strstr(node->local, places[i]) != NULL)
			return true;
	return false;
}

/*
 * "ab… (12 bytes)": enough to find it again, not enough to use it.  The
 * excerpt names it and shows nothing of it: what stands beside it in the line
 * may be another.
 */
static enum status
add(struct reading *reading, const char *type, struct span name, struct span value,
    const char *confidence, size_t offset)
{
	struct fact fact = fact_in(FACT_secret, reading->node, offset);
	size_t shown = value.size > 6 ? 2 : value.size > 2 ? 1 : 0;
	const char *start = text_from_bytes(reading->job, value.at, shown, 16);
	const char *called = name.size == 0 ? type : span_text(reading->job, name);

	if (start == NULL || called == NULL || reading->count++ >= MAX_FACTS)
		return start == NULL || called == NULL ? STATUS_LIMIT : STATUS_OK;
	fact.hide = value;
	fact.as.secret.type = type;
	fact.as.secret.name = name.size == 0 ? NULL : called;
	fact.as.secret.detail = arena_printf(reading->job, "%s… (%zu bytes)", start, value.size);
	fact.as.secret.confidence = is_example(reading->node) ? "possible" : confidence;
	fact.excerpt = arena_printf(reading->job, "%s: …", called);
	if (fact.as.secret.detail == NULL || fact.excerpt == NULL)
		return STATUS_LIMIT;
	return evidence_add(reading->evidence, reading->job, &fact);
}

static enum status
read_token(struct reading *reading, size_t at, size_t form)
{
	struct span token = secret_form_read(form, reading->content, at);

	return token.size == 0
		   ? STATUS_OK
		   : add(reading, secret_form_type(form), (struct span){0}, token, "likely", at);
}

/* "(.*)": a regular expression of addresses, not an address. */
static bool
is_pattern(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (strchr("()[]{}|\\", bytes.at[i]) != NULL)
			return true;
	return false;
}

/* scheme://user:password@host; `at` is behind "://" */
static enum status
read_url(struct reading *reading, size_t at)
{
	struct span rest = span_from(reading->content, at), user, password;
	size_t end = 0;

	while (end < rest.size && end < MAX_VALUE && rest.at[end] > ' ' && rest.at[end] < 0x7f &&
	       strchr("/\"'<>@", rest.at[end]) == NULL)
		end++;
	if (end == 0 || end >= rest.size || rest.at[end] != '@')
		return STATUS_OK;
	password = span_part(rest, 0, end);
	user = field_next(&password, ':');
	if (user.size == 0 || is_pattern(password) || secret_is_placeholder(user) ||
	    secret_is_placeholder(password))
		return STATUS_OK;
	return add(reading, "url password", user, password, "likely", at);
}

static size_t
offset_of(const struct reading *reading, struct span part)
{
	return (size_t)(part.at - reading->content.at);
}

/* The line, or the string of a program, from `at` on. */
static struct span
line_from(const struct reading *reading, size_t at)
{
	struct span rest = span_from(reading->content, at);
	size_t end = 0;

	while (end < rest.size && end < MAX_LINE && rest.at[end] != '\n' && rest.at[end] != 0)
		end++;
	return span_part(rest, 0, end);
}

/* openssl(1): -K and -iv are hexadecimal, -k is a password, -pass and its like may hold one. */
static enum status
read_openssl(struct reading *reading, size_t at)
{
	struct span line = line_from(reading, at), word, option, behind;
	bool ended = false;

	for (int i = 0; i < 64 && word_next(&line, &word); i++) {
		const char *type = NULL;

		if (strchr(";|&#", word.at[0]) != NULL || ended)
			return STATUS_OK;
		option = word;
		behind = line;
		if (option.at[0] != '-' || !word_next(&line, &word))
			continue;
		ended = span_ends(word, ";"); /* the command's last word */
		word.size -= ended;
		word = span_unquote(word);
		if (span_begins(word, "pass:")) {
			word = span_unquote(span_from(word, 5));
			type = span_begins(option, "-pass") ? "password" : NULL;
		} else if (span_is(option, "-K") || span_is(option, "-iv")) {
			type = !secret_is_symmetric_key(word) ? NULL
			       : span_is(option, "-K")        ? "symmetric key"
							      : "initial vector";
		} else if (span_is(option, "-k")) {
			type = "password";
		} else if (word.size != 0 && word.at[0] == '-') {
			line = behind; /* that option had no value */
			ended = false;
		}
		if (type != NULL && !secret_is_placeholder(word) &&
		    memchr(word.at, '$', word.size) == NULL &&
		    memchr(word.at, '%', word.size) == NULL)
			TRY(add(reading, type, option, word, "certain", offset_of(reading, word)));
	}
	return STATUS_OK;
}

/* CryptoJS.enc.Utf8.parse('0123…'): a key or vector that a page holds; `at` is behind "(". */
static enum status
read_literal(struct reading *reading, size_t at)
{
	struct span line = line_from(reading, at), value;
	uint8_t quote = line.size == 0 ? 0 : line.at[0];

	if (quote != '"' && quote != '\'')
		return STATUS_OK;
	line = span_from(line, 1);
	value = field_next(&line, (char)quote);
	return secret_is_symmetric_key(value)
		   ? add(reading, "symmetric key", (struct span){0}, value, "likely", at)
		   : STATUS_OK;
}

/* aes_key = "…", AES_KEY: '…', aesKey[16] = {0x…}: `at` is behind the name. */
static enum status
read_assigned(struct reading *reading, size_t at, struct span name, const char *type)
{
	struct span line = line_from(reading, at), value;
	size_t start = 0, bytes = 0;

	while (
	    start < line.size && start < 24 && strchr("\"' \t[]0123456789", line.at[start]) != NULL)
		start++;
	if (start >= line.size || strchr("=:", line.at[start]) == NULL)
		return STATUS_OK;
	line = span_trim(span_from(line, start + 1));
	if (line.size < 8)
		return STATUS_OK;
	if (line.at[0] == '{' || line.at[0] == '[') {
		value = span_part(line, 0, span_find(line, line.at[0] == '{' ? "}" : "]", 1, 0));
		for (size_t i = 0; i + 1 < value.size; i++)
			bytes += value.at[i] == '0' && (value.at[i + 1] | 0x20) == 'x';
		if (bytes != 16 && bytes != 24 && bytes != 32)
			return STATUS_OK;
	} else {
		uint8_t quote = line.at[0];

		if (quote != '"' && quote != '\'')
			return STATUS_OK;
		line = span_from(line, 1);
		value = field_next(&line, (char)quote);
		if (!secret_is_symmetric_key(value))
			return STATUS_OK;
	}
	return add(reading, type, name, value, "likely", offset_of(reading, value));
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Is it that name, whatever joins its words? */
static bool
is_named(struct span key, const char *name)
{
	for (size_t i = 0; i < key.size; i++) {
		if (strchr("_-.", key.at[i]) != NULL)
			continue;
		if (*name == '\0' || lower(key.at[i]) != (uint8_t)*name)
			return false;
		name++;
	}
	return *name == '\0';
}

static const char *
type_of(struct span key)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (is_named(key, names[i].key))
			return names[i].type;
	return NULL;
}

/* key = value, "key": "value", or UCI's option key 'value' */
static enum status
read_line(struct reading *reading, struct span line)
{
	struct span rest = span_trim(line), key, value;
	bool colon = is_json(reading->node) || text_ends_with(reading->node->name, ".yaml") ||
		     text_ends_with(reading->node->name, ".yml");
	const char *type;

	if (rest.size == 0 || strchr("#;/", rest.at[0]) != NULL)
		return STATUS_OK;
	if (span_begins(rest, "option ") || span_begins(rest, "option\t")) {
		word_next(&rest, &key);
		word_next(&rest, &key);
		value = rest;
		if (span_is(key, "key") && text_ends_with(reading->node->local, "/wireless"))
			key = span_of_string("psk");
	} else {
		value = rest;
		key = field_next(&value, colon ? ':' : '=');
	}
	key = span_unquote(span_trim(key));
	value = span_trim(value);
	if (span_ends(value, ","))
		value.size--;
	value = span_unquote(value);
	type = type_of(key);
	if (is_named(key, "ssid"))
		reading->network = value;
	if (type == NULL || secret_is_placeholder(value))
		return STATUS_OK;
	if (strcmp(type, "psk") == 0 && reading->network.size != 0)
		key = reading->network;
	return add(reading, type, key, value, "likely", offset_of(reading, line));
}

/* JSON need not have lines: what stands between braces and commas is one. */
static bool
member_next(struct span *rest, struct span *member)
{
	bool quoted = false;
	size_t end = 0;

	if (rest->size == 0)
		return false;
	for (; end < rest->size; end++) {
		uint8_t c = rest->at[end];

		if (c == '\\' && quoted)
			end++;
		else if (c == '"')
			quoted = !quoted;
		if (c == '\n' || (!quoted && strchr("{}[],", c) != NULL && c != 0))
			break;
	}
	end = end < rest->size ? end : rest->size;
	*member = span_part(*rest, 0, end);
	*rest = span_from(*rest, end < rest->size ? end + 1 : end);
	return true;
}

#define FORM(prefix, length, type, least, most, alphabet) +1
enum {
	FORMS = 0
#include "firmware/secret_forms.def"
};
#undef FORM

enum { SEEKS_URL = FORMS, SEEKS_OPENSSL, SEEKS_LITERAL_1, SEEKS_LITERAL_2, SEEKS_ASSIGNED };

/* The forms, in their order; addresses, commands, literals; then names that a program assigns to.
 */
static const struct pattern seeks[] = {
#define FORM(prefix, size, type, least, most, alphabet) {.expression = prefix, .length = size},
#include "firmware/secret_forms.def"
#undef FORM
    {.expression = "://", .length = 3},
    {.expression = "openssl ", .length = 8},
    {.expression = "Utf8\\.parse\\(", .length = 11},
    {.expression = "enc\\.Hex\\.parse\\(", .length = 14},
    {.expression = "aes_key", .length = 7, .caseless = true},
    {.expression = "aeskey", .length = 6, .caseless = true},
    {.expression = "aes_iv", .length = 6, .caseless = true},
    {.expression = "encrypt_key", .length = 11, .caseless = true},
    {.expression = "encryption_key", .length = 14, .caseless = true},
    {.expression = "crypto_key", .length = 10, .caseless = true},
};

static enum status
read_find(struct reading *reading, const struct find *find)
{
	size_t length = seeks[find->sought].length;
	struct span name = span_part(reading->content, find->at, length);

	if (find->sought < FORMS)
		return read_token(reading, find->at, find->sought);
	switch (find->sought) {
	case SEEKS_URL:
		return read_url(reading, find->at + length);
	case SEEKS_OPENSSL:
		return read_openssl(reading, find->at + length);
	case SEEKS_LITERAL_1:
	case SEEKS_LITERAL_2:
		return read_literal(reading, find->at + length);
	default:
		/* a configuration is read line by line */
		return is_configuration(reading->node)
			   ? STATUS_OK
			   : read_assigned(reading, find->at + length, name,
				 span_ends(name, "v") || span_ends(name, "V") ? "initial vector"
									      : "symmetric key");
	}
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct reading reading = {
	    .job = job, .node = node, .content = offer->content, .evidence = evidence};
	struct span rest = offer->content, line;
	bool (*next)(struct span *, struct span *) = is_json(node) ? member_next : line_next;

	(void)collection;
	for (size_t i = 0; i < offer->find_count && reading.count < MAX_FACTS; i++)
		TRY(read_find(&reading, &offer->finds[i]));
	if (!is_configuration(node) || offer->content.size > MAX_TEXT)
		return STATUS_OK;
	while (reading.count < MAX_FACTS && next(&rest, &line))
		TRY(read_line(&reading, line));
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_secret};

const struct collector collector_secrets = {
    .name = "secrets",
    .title = "pre-shared keys, tokens, symmetric keys and passwords in configurations, scripts, "
	     "pages and programs",
    .source =
	"wpa_supplicant.conf(5), RFC 3986 section 3.2.1, openssl-enc(1), RFC 7519, forms published "
	"by the token issuers (firmware/secret_forms.def)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
