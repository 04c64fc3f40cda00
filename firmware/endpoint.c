/* A name with dots is a host only where what stands around it, or its ending, says so. */
#include "firmware/endpoint.h"

#include <string.h>

#include "base/text.h"
#include "firmware/reading.h"

#define MAX_URL 512

static const char *const schemes[] = {"http", "https", "ftp", "ftps", "sftp", "tftp", "mqtt",
    "mqtts", "rtsp", "rtsps", "rtmp", "rtmps", "ntp", "ws", "wss", "coap", "coaps", "ldap", "ldaps",
    "stun", "turn", "tcp", "udp", "ssl", "tls", "amqp", "amqps"};

#define PROVIDER(suffix, name, country, purpose) {suffix, name, country, purpose},
static const struct provider providers[] = {
#include "firmware/providers.def"
};
#undef PROVIDER

#define NAME_ONLY(suffix, because) suffix,
static const char *const names_only[] = {
#include "firmware/names_only.def"
};
#undef NAME_ONLY

static const struct top {
	const char *label, *country;
	int bare;
} tops[] = {
#define TOP(label, country, bare) {label, country, bare},
#include "firmware/top_labels.def"
#undef TOP
};

static bool
is_host_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || c == '_';
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

bool
endpoint_has_word(struct span bytes, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= bytes.size; i++) {
		size_t k = 0;

		while (k < size && lower(bytes.at[i + k]) == (uint8_t)word[k])
			k++;
		if (k == size)
			return true;
	}
	return false;
}

const char *
endpoint_scheme_before(struct span content, size_t at)
{
	size_t start = at;
	struct span word;

	while (start > 0 && at - start < 8 &&
	       ((content.at[start - 1] | 0x20) >= 'a' && (content.at[start - 1] | 0x20) <= 'z'))
		start--;
	word = span_part(content, start, at - start);
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (span_is_word(word, schemes[i]))
			return schemes[i];
	return NULL;
}

/* The address between [ and ], when it has colons as RFC 4291 wants. */
static struct span
address_in_brackets(struct span rest)
{
	size_t size = 1, colons = 0;

	for (; size < rest.size && size < 46 && rest.at[size] != ']'; size++)
		colons += rest.at[size] == ':';
	return colons >= 2 && size < rest.size && rest.at[size] == ']'
		   ? span_part(rest, 1, size - 1)
		   : (struct span){0};
}

struct span
endpoint_host(struct span rest)
{
	size_t end = 0, size = 0;
	struct span host;

	rest = span_part(rest, 0, rest.size < MAX_URL ? rest.size : MAX_URL);
	while (end < rest.size && rest.at[end] > ' ' && rest.at[end] < 0x7f &&
	       strchr("/\"'<>?#,;)", rest.at[end]) == NULL)
		end++;
	for (size_t i = end; i > 0; i--)
		if (rest.at[i - 1] == '@') {
			rest = span_from(rest, i);
			break;
		}
	if (span_begins(rest, "["))
		return address_in_brackets(rest);
	while (size < rest.size && size < ENDPOINT_MAX_HOST && is_host_byte(rest.at[size]))
		size++;
	host = span_part(rest, 0, size);
	/* a variable in the name: the name is not known */
	if (size < rest.size && strchr("%$*{[", rest.at[size]) != NULL && rest.at[size] != 0)
		return (struct span){0};
	while (host.size != 0 && host.at[host.size - 1] == '.') /* a sentence ends */
		host.size--;
	if (host.size < 4 || memchr(host.at, '.', host.size) == NULL || host.at[0] == '.')
		return (struct span){0};
	return host;
}

struct span
endpoint_url(struct span bytes)
{
	size_t size = 0;

	while (size < bytes.size && size < MAX_URL && bytes.at[size] > ' ' &&
	       bytes.at[size] < 0x7f && strchr("\"'<>\\|`", bytes.at[size]) == NULL)
		size++;
	return span_part(bytes, 0, size);
}

/* The four numbers; false when it is no address. */
static bool
numbers_of(struct span host, int64_t numbers[4])
{
	for (int i = 0; i < 4; i++) {
		struct span part = field_next(&host, '.');

		if (part.size == 0 || part.size > 3 || (part.size > 1 && part.at[0] == '0'))
			return false;
		numbers[i] = span_number(part, 255);
		if (numbers[i] < 0)
			return false;
		if (i < 3 && host.at == NULL)
			return false;
	}
	return host.at == NULL;
}

bool
endpoint_is_address(struct span host)
{
	int64_t numbers[4];

	return numbers_of(host, numbers);
}

bool
endpoint_is_public(struct span address)
{
	int64_t n[4];

	if (!numbers_of(address, n) || n[0] == 0 || n[0] == 10 || n[0] == 127 || n[0] >= 224)
		return false;
	if (n[3] == 0 || n[3] == 255) /* of a network as a whole */
		return false;
	return !(n[0] == 100 && n[1] >= 64 && n[1] < 128) && !(n[0] == 169 && n[1] == 254) &&
	       !(n[0] == 172 && n[1] >= 16 && n[1] < 32) && !(n[0] == 192 && n[1] == 168) &&
	       !(n[0] == 192 && n[1] == 0 && (n[2] == 2 || n[2] == 0)) &&
	       !(n[0] == 198 && (n[1] == 18 || n[1] == 19 || (n[1] == 51 && n[2] == 100))) &&
	       !(n[0] == 203 && n[1] == 0 && n[2] == 113);
}

bool
endpoint_is_loopback(struct span host)
{
	int64_t n[4];

	return span_is_word(host, "localhost") || span_is(host, "::1") || span_is(host, "::") ||
	       (numbers_of(host, n) && (n[0] == 127 || (n[0] == 0 && n[3] == 0)));
}

/* Is `suffix` the host, or the labels at its end? */
static bool
is_below(struct span host, const char *suffix)
{
	size_t size = strlen(suffix);

	return host.size >= size && span_is_word(span_from(host, host.size - size), suffix) &&
	       (host.size == size || host.at[host.size - size - 1] == '.');
}

/* "your.dyndns.org", "xxx.xxx.xxx.xxx": to be filled in. */
static bool
is_placeholder(struct span host)
{
	static const char *const first[] = {"your", "yourname", "yourhost", "yourdomain",
	    "yourserver", "your-domain", "mydomain", "myhost", "myserver", "domain", "foo"};
	struct span rest = host, label = field_next(&rest, '.');
	size_t i = 0;

	while (i < host.size && (lower(host.at[i]) == 'x' || host.at[i] == '.'))
		i++;
	if (i == host.size)
		return true;
	for (i = 0; i < ARRAY_SIZE(first); i++)
		if (span_is_word(label, first[i]))
			return true;
	return false;
}

/* A group of the local network, or a mask: nobody's. */
static bool
is_group(struct span host)
{
	int64_t n[4];

	return numbers_of(host, n) && n[0] >= 224;
}

bool
endpoint_is_name_only(struct span host)
{
	if (endpoint_is_loopback(host) || is_placeholder(host) || is_group(host))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names_only); i++)
		if (is_below(host, names_only[i]))
			return true;
	return false;
}

const struct provider *
endpoint_provider(struct span host)
{
	const struct provider *best = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(providers); i++)
		if (is_below(host, providers[i].suffix) &&
		    (best == NULL || strlen(best->suffix) < strlen(providers[i].suffix)))
			best = &providers[i];
	return best;
}

static const struct top *
top_of(struct span host)
{
	size_t start = host.size;

	while (start > 0 && host.at[start - 1] != '.')
		start--;
	if (start == 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
		if (span_is_word(span_from(host, start), tops[i].label))
			return &tops[i];
	return NULL;
}

const char *
endpoint_country(struct span host)
{
	const struct top *top = endpoint_is_address(host) ? NULL : top_of(host);

	return top == NULL || top->country[0] == '\0' ? NULL : top->country;
}

/* Labels of letters, digits and hyphens; how many, 0 when one is not so. */
static size_t
count_labels(struct span host)
{
	size_t count = 0, letters = 0;
	struct span rest = host;

	while (rest.at != NULL) {
		struct span label = field_next(&rest, '.');

		if (label.size == 0 || label.size > 63 || label.at[0] == '-' ||
		    label.at[label.size - 1] == '-')
			return 0;
		for (size_t i = 0; i < label.size; i++) {
			if (!is_host_byte(label.at[i]) || label.at[i] == '_')
				return 0;
			letters += lower(label.at[i]) >= 'a' && lower(label.at[i]) <= 'z';
		}
		count++;
	}
	return letters == 0 ? 0 : count;
}

bool
endpoint_is_bare_host(struct span host, bool told)
{
	/* names that begin as hosts end: org.freedesktop.DBus, com.vendor.app; and co.uk */
	static const char *const reversed[] = {"com", "org", "net", "cn", "io", "edu", "gov", "co",
	    "ac", "vn", "java", "javax", "android"};
	struct span rest = host, first = field_next(&rest, '.');
	const struct top *top = top_of(host);
	size_t labels = count_labels(host);

	if (host.size < 6 || labels < 2 || endpoint_is_name_only(host))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(reversed); i++)
		if (span_is_word(first, reversed[i]))
			return false;
	if (endpoint_provider(host) != NULL)
		return true;
	if (top == NULL)
		return false;
	if (told)
		return labels >= 4 || top->bare > 0;
	return top->bare == 2 ? labels >= 3 || first.size >= 4 : top->bare == 1 && labels >= 3;
}
