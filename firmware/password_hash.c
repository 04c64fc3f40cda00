/* How many candidates a hash gets depends on what one costs, never on the clock. */
#include "firmware/password_hash.h"

#include <crypt.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/password_digest.h"
#include "firmware/reading.h"

#define FAST 65536u /* a bare digest: more than any dictionary here holds */

enum form { FORM_CRYPT, FORM_APR1, FORM_SHA1, FORM_HEX, FORM_REALM, FORM_SOFIA };

struct scheme {
	const char *prefix, *name;
	unsigned candidates;
	enum form form;
};

static const struct scheme of_crypt[] = {
    {"$1$", "md5crypt", 6000, FORM_CRYPT},
    {"$5$", "sha256crypt", 600, FORM_CRYPT},
    {"$6$", "sha512crypt", 600, FORM_CRYPT},
    {"$2a$", "bcrypt", 20, FORM_CRYPT},
    {"$2b$", "bcrypt", 20, FORM_CRYPT},
    {"$2x$", "bcrypt", 20, FORM_CRYPT},
    {"$2y$", "bcrypt", 20, FORM_CRYPT},
    {"$y$", "yescrypt", 40, FORM_CRYPT},
    {"$gy$", "gost-yescrypt", 40, FORM_CRYPT},
    {"$7$", "scrypt", 12, FORM_CRYPT},
    {"$sha1$", "sha1crypt", 600, FORM_CRYPT},
    {"$md5", "sunmd5", 400, FORM_CRYPT},
    {"$3$", "nthash", 20000, FORM_CRYPT},
};
static const struct scheme des = {"", "des", 20000, FORM_CRYPT};
static const struct scheme bsdicrypt = {"_", "bsdicrypt", 4000, FORM_CRYPT};

static const struct scheme of_service[] = {
    {"$apr1$", "apr1", 4000, FORM_APR1},
    {"{SHA}", "sha1", FAST, FORM_SHA1},
    {"{SSHA}", "sha1", FAST, FORM_SHA1},
};

/* By the number of hexadecimal digits. */
static const struct {
	size_t digits;
	enum digest_kind kind;
	struct scheme scheme;
} of_hex[] = {
    {32, DIGEST_MD5, {"", "md5", FAST, FORM_HEX}},
    {40, DIGEST_SHA1, {"", "sha1", FAST, FORM_HEX}},
    {64, DIGEST_SHA256, {"", "sha256", FAST, FORM_HEX}},
    {128, DIGEST_SHA512, {"", "sha512", FAST, FORM_HEX}},
};
static const struct scheme of_realm = {"", "digest", FAST, FORM_REALM};
static const struct scheme sofia = {"", "sofia", FAST, FORM_SOFIA};

struct password_hasher {
	struct crypt_data data;
};

/* Where a letter stands in crypt(3)'s alphabet; -1 outside it. */
static int
value_of(uint8_t c)
{
	if (c == '.' || c == '/')
		return c - '.';
	if (c >= '0' && c <= '9')
		return c - '0' + 2;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 12;
	return c >= 'a' && c <= 'z' ? c - 'a' + 38 : -1;
}

static bool
is_crypt_alphabet(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (value_of(bytes.at[i]) < 0)
			return false;
	return true;
}

static bool
is_hexadecimal(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (strchr("0123456789abcdefABCDEF", bytes.at[i]) == NULL || bytes.at[i] == '\0')
			return false;
	return true;
}

static const struct scheme *
crypt_scheme_of(struct span hash)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_crypt); i++)
		if (span_begins(hash, of_crypt[i].prefix) &&
		    hash.size > strlen(of_crypt[i].prefix) + 8)
			return &of_crypt[i];
	if (hash.size == 20 && hash.at[0] == '_' && is_crypt_alphabet(span_from(hash, 1)))
		return &bsdicrypt;
	return hash.size == 13 && is_crypt_alphabet(hash) ? &des : NULL;
}

static const struct scheme *
hex_scheme_of(struct span hash)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_hex); i++)
		if (hash.size == of_hex[i].digits && is_hexadecimal(hash))
			return &of_hex[i].scheme;
	return NULL;
}

static const struct scheme *
scheme_of(enum password_store store, struct span hash)
{
	const struct scheme *scheme = NULL;

	if (store == PASSWORD_OF_REALM)
		return hex_scheme_of(hash) == NULL ? NULL : &of_realm;
	for (size_t i = 0; store != PASSWORD_OF_SYSTEM && i < ARRAY_SIZE(of_service); i++)
		if (span_begins(hash, of_service[i].prefix) &&
		    hash.size > strlen(of_service[i].prefix) + 8)
			scheme = &of_service[i];
	if (scheme == NULL && store != PASSWORD_OF_SYSTEM)
		scheme = hex_scheme_of(hash);
	if (scheme == NULL && store == PASSWORD_OF_SOFIA && hash.size == 8)
		return &sofia;
	return scheme != NULL ? scheme : crypt_scheme_of(hash);
}

/* Fewer where the hash says that a try costs more than `usual` of its own unit. */
static unsigned
scaled(unsigned candidates, int64_t cost, int64_t usual)
{
	if (cost < 1)
		return 0;
	return cost <= usual ? candidates : (unsigned)((int64_t)candidates * usual / cost);
}

/* Each step of its cost doubles the price of a try; `candidates` is what ten are worth. */
static unsigned
bcrypt_budget(unsigned candidates, struct span rest)
{
	int64_t cost = span_number(field_next(&rest, '$'), 31);

	if (cost < 4)
		return 0;
	return cost <= 10 ? candidates << (10 - cost) : candidates >> (cost - 10);
}

/* libxcrypt's own parameters, or cheaper ones; what others cost is not known. */
static unsigned
memory_budget(const struct scheme *scheme, struct span rest)
{
	if (strcmp(scheme->name, "scrypt") == 0)
		return rest.size > 11 && value_of(rest.at[0]) >= 0 && rest.at[0] <= 'C' &&
			       span_begins(span_from(rest, 1), "U..../....")
			   ? scheme->candidates
			   : 0;
	return rest.size > 4 && rest.at[0] == 'j' && rest.at[1] <= '9' && rest.at[2] == 'T' &&
		       rest.at[3] == '$'
		   ? scheme->candidates
		   : 0;
}

/* "rounds=N$" in front of the salt. */
static int64_t
rounds_of(struct span rest, int64_t usual)
{
	if (!span_begins(rest, "rounds="))
		return usual;
	rest = span_from(rest, 7);
	return span_number(field_next(&rest, '$'), 999999999);
}

static unsigned
budget_of(const struct scheme *scheme, struct span hash)
{
	struct span rest = span_from(hash, strlen(scheme->prefix));
	int64_t cost = 0;

	if (strcmp(scheme->name, "bcrypt") == 0)
		return bcrypt_budget(scheme->candidates, rest);
	if (strstr(scheme->name, "yescrypt") != NULL || strcmp(scheme->name, "scrypt") == 0)
		return memory_budget(scheme, rest);
	if (strcmp(scheme->name, "sha1crypt") == 0)
		return scaled(
		    scheme->candidates, span_number(field_next(&rest, '$'), UINT32_MAX), 20000);
	if (strcmp(scheme->name, "sunmd5") == 0) {
		cost = span_begins(rest, ",") ? rounds_of(span_from(rest, 1), 0) : 0;
		return cost < 0 ? 0 : scaled(scheme->candidates, cost + 4096, 4096);
	}
	if (scheme == &bsdicrypt) {
		for (int i = 3; i >= 0; i--) /* its alphabet was looked at */
			cost = cost * 64 + value_of(rest.at[i]);
		return scaled(scheme->candidates, cost, 1000);
	}
	if (span_begins(hash, "$5$") || span_begins(hash, "$6$"))
		return scaled(scheme->candidates, rounds_of(rest, 5000), 5000);
	return scheme->candidates;
}

enum status
password_hash_read(
    struct job *job, enum password_store store, struct span stored, struct password_hash *hash)
{
	const struct scheme *scheme =
	    stored.size <= PASSWORD_HASH_MAX ? scheme_of(store, stored) : NULL;
	char *text;

	*hash = (struct password_hash){0};
	if (scheme == NULL || memchr(stored.at, '\0', stored.size) != NULL)
		return STATUS_OK;
	text = arena_allocate(job, stored.size + 1);
	if (text == NULL)
		return STATUS_LIMIT;
	memcpy(text, stored.at, stored.size);
	hash->stored = text;
	hash->scheme = scheme->name;
	hash->budget = budget_of(scheme, stored);
	hash->form = scheme->form;
	return STATUS_OK;
}

struct password_hasher *
password_hasher_new(struct job *job)
{
	return arena_allocate(job, sizeof(struct password_hasher));
}

static bool
opens_by_crypt(struct password_hasher *hasher, const char *stored, const char *password)
{
	const char *result = crypt_r(password, stored, &hasher->data);

	return result != NULL && strcmp(result, stored) == 0;
}

static bool
opens_by_digest(const struct password_hash *hash, struct span stored, struct span password)
{
	struct span parts[3] = {password};
	char between[2 * PASSWORD_HASH_MAX];
	size_t size = hash->user.size + hash->realm.size + 2;

	if (hash->form == FORM_REALM) {
		if (size > sizeof between)
			return false;
		if (hash->user.size != 0)
			memcpy(between, hash->user.at, hash->user.size);
		between[hash->user.size] = ':';
		if (hash->realm.size != 0)
			memcpy(between + hash->user.size + 1, hash->realm.at, hash->realm.size);
		between[size - 1] = ':';
		parts[0] = (struct span){(const uint8_t *)between, size};
		parts[1] = password;
	}
	for (size_t i = 0; i < ARRAY_SIZE(of_hex); i++)
		if (stored.size == of_hex[i].digits)
			return password_is_hex_digest(of_hex[i].kind, parts, stored);
	return false;
}

bool
password_hash_opens(
    struct password_hasher *hasher, const struct password_hash *hash, const char *password)
{
	struct span stored = span_of_string(hash->stored), tried = span_of_string(password);

	switch ((enum form)hash->form) {
	case FORM_APR1:
		return password_is_apr1(tried, stored);
	case FORM_SHA1:
		return password_is_base64_sha1(
		    tried, span_from(stored, span_find(stored, "}", 1, 0) + 1));
	case FORM_SOFIA:
		return password_is_sofia(tried, stored);
	case FORM_HEX:
	case FORM_REALM:
		return opens_by_digest(hash, stored, tried);
	case FORM_CRYPT:
		break;
	}
	return opens_by_crypt(hasher, hash->stored, password);
}
