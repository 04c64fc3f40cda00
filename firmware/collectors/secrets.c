/* A secret in an image is no secret: everyone who has the image has it. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_FACTS 128 /* secrets of one file */
#define MAX_TEXT ((size_t)1 << 20)
#define MAX_VALUE 256

/* Names that give a secret its value, and what it is. */
static const struct {
	const char *key, *type;
} names[] = {
    {"psk", "psk"},
    {"wpa_psk", "psk"},
    {"wpa_passphrase", "psk"},
    {"wpapsk", "psk"},
    {"wpapsk1", "psk"},
    {"password", "password"},
    {"passwd", "password"},
    {"passphrase", "password"},
    {"userpassword", "password"},
    {"adminpassword", "password"},
    {"admin_password", "password"},
    {"pppoe_passwd", "password"},
    {"http_passwd", "password"},
    {"mqtt_password", "password"},
    {"remote_password", "password"},
    {"secret", "token"},
    {"secret_key", "token"},
    {"secretkey", "token"},
    {"api_key", "token"},
    {"apikey", "token"},
    {"access_token", "token"},
    {"auth_token", "token"},
    {"client_secret", "token"},
    {"appsecret", "token"},
    {"aes_key", "symmetric key"},
    {"aeskey", "symmetric key"},
    {"encryption_key", "symmetric key"},
};

/* Tokens recognisable by their own form. */
static const struct {
	const char *prefix, *type;
	size_t size; /* of the whole token */
	bool upper;  /* capitals and digits only */
} tokens[] = {
    {"AKIA", "AWS access key", 20, true},
    {"ASIA", "AWS access key", 20, true},
    {"AIzaSy", "Google API key", 39, false},
    {"ghp_", "GitHub token", 40, false},
};

struct reading {
	struct job *job;
	const struct node *node;
	struct evidence *evidence;
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
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE)
		return false;
	return span_starts_with(head, "\177ELF", 4) ||
	       (span_looks_like_text(head) && node->bytes <= MAX_TEXT);
}

/* "ab… (12 bytes)": enough to find it again, not enough to use it. */
static enum status
add(struct reading *reading, const char *type, struct span value, const char *confidence,
    size_t offset)
{
	struct fact fact = fact_in(FACT_secret, reading->node, offset);
	size_t shown = value.size > 6 ? 2 : value.size > 2 ? 1 : 0;
	const char *start = text_from_bytes(reading->job, value.at, shown, 16);

	if (start == NULL)
		return STATUS_LIMIT;
	fact.hide = value;
	fact.as.secret.type = type;
	fact.as.secret.detail = arena_printf(reading->job, "%s… (%zu bytes)", start, value.size);
	fact.as.secret.confidence = confidence;
	if (fact.as.secret.detail == NULL)
		return STATUS_LIMIT;
	reading->count++;
	return evidence_add(reading->evidence, reading->job, &fact);
}

static bool
is_alphanumeric(uint8_t c, bool upper)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (!upper && ((c >= 'a' && c <= 'z') || c == '_' || c == '-'));
}

static enum status
read_token(struct reading *reading, struct span content, size_t at, size_t index)
{
	size_t end = at;

	while (end < content.size && end - at <= tokens[index].size &&
	       is_alphanumeric(content.at[end], tokens[index].upper))
		end++;
	if (end - at != tokens[index].size ||
	    (at != 0 && is_alphanumeric(content.at[at - 1], false)))
		return STATUS_OK;
	return add(reading, tokens[index].type, span_part(content, at, end - at), "likely", at);
}

/* A value the program fills in later, or a mask. */
static bool
is_placeholder(struct span value)
{
	bool same = true;

	if (value.size == 0 || value.size > MAX_VALUE || strchr("$%<{@*", value.at[0]) != NULL)
		return true;
	for (size_t i = 1; i < value.size; i++)
		same = same && value.at[i] == value.at[0];
	return same || span_is_word(value, "yes") || span_is_word(value, "no") ||
	       span_is_word(value, "true") || span_is_word(value, "false") ||
	       span_is_word(value, "none") || span_is_word(value, "null") ||
	       span_is_word(value, "password") || span_is_word(value, "on") ||
	       span_is_word(value, "off");
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
read_url(struct reading *reading, struct span content, size_t at)
{
	struct span rest = span_from(content, at), user, password;
	size_t end = 0;

	while (end < rest.size && end < MAX_VALUE && rest.at[end] > ' ' && rest.at[end] < 0x7f &&
	       strchr("/\"'<>@", rest.at[end]) == NULL)
		end++;
	if (end == 0 || end >= rest.size || rest.at[end] != '@')
		return STATUS_OK;
	password = span_part(rest, 0, end);
	user = field_next(&password, ':');
	if (user.size == 0 || is_pattern(password) || is_placeholder(user) ||
	    is_placeholder(password))
		return STATUS_OK;
	return add(reading, "url password", password, "likely", at);
}

static const char *
type_of(struct span key)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (span_is_word(key, names[i].key))
			return names[i].type;
	return NULL;
}

/* key = value, "key": "value", or UCI's option key 'value' */
static enum status
read_line(struct reading *reading, struct span line, size_t offset)
{
	struct span rest = span_trim(line), key, value;
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
		bool colon = text_ends_with(reading->node->name, ".json") ||
			     text_ends_with(reading->node->name, ".yaml") ||
			     text_ends_with(reading->node->name, ".yml");

		value = rest;
		key = field_next(&value, colon ? ':' : '=');
	}
	type = type_of(span_unquote(span_trim(key)));
	value = span_trim(value);
	if (span_ends(value, ","))
		value.size--;
	value = span_unquote(value);
	return type == NULL || is_placeholder(value) ? STATUS_OK
						     : add(reading, type, value, "likely", offset);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct reading reading = {.job = job, .node = node, .evidence = evidence};
	struct span rest = content, line;

	(void)collection;
	for (size_t i = 0; i < offer->find_count && reading.count < MAX_FACTS; i++) {
		const struct find *find = &offer->finds[i];

		TRY(find->sought < ARRAY_SIZE(tokens)
			? read_token(&reading, content, find->at, find->sought)
			: read_url(&reading, content, find->at + 3));
	}
	if (!is_configuration(node) || content.size > MAX_TEXT)
		return STATUS_OK;
	while (reading.count < MAX_FACTS && line_next(&rest, &line))
		TRY(read_line(&reading, line, (size_t)(line.at - content.at)));
	return STATUS_OK;
}

/* The tokens, in their order, then addresses. */
static const struct pattern seeks[] = {
    {.expression = "AKIA", .length = 4},
    {.expression = "ASIA", .length = 4},
    {.expression = "AIzaSy", .length = 6},
    {.expression = "ghp_", .length = 4},
    {.expression = "://", .length = 3},
};
_Static_assert(ARRAY_SIZE(seeks) == ARRAY_SIZE(tokens) + 1, "in step");

static const enum fact_kind looks_for[] = {FACT_secret};

const struct collector collector_secrets = {
    .name = "secrets",
    .title = "pre-shared keys, tokens and passwords in configurations and programs",
    .source =
	"wpa_supplicant.conf(5), RFC 3986 section 3.2.1, forms published by the token issuers",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
