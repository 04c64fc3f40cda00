/* A challenge is a list of lists without brackets: a word without "=" begins the next one. */
#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/http_client.h"

#define PARAMETERS_MAX 64
#define HEX_MAX (2 * EVP_MAX_MD_SIZE + 1)

static const char *
skip(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == ',')
		at++;
	return at;
}

static size_t
word_size(const char *at)
{
	return strcspn(at, " \t,=\"");
}

/* A quoted or bare value; *end is behind it. */
static const char *
read_value(struct job *job, const char *at, const char **end)
{
	struct text out = text_new(job);
	const char *value;

	if (*at != '"') {
		*end = at + strcspn(at, " \t,");
		return arena_string(job, at, (size_t)(*end - at));
	}
	for (at++; *at != '\0' && *at != '"'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		text_put_bytes(&out, at, 1);
	}
	*end = *at == '"' ? at + 1 : at;
	return text_finish(&out, &value) == STATUS_OK ? value : NULL;
}

/* auth-int would cover a body: it is left to others. */
static void
set_quality(struct http_challenge *challenge, const char *value)
{
	challenge->qop = true;
	for (value = skip(value); *value != '\0'; value = skip(value)) {
		size_t size = strcspn(value, " \t,");

		if (size == 4 && strncasecmp(value, "auth", 4) == 0)
			challenge->qop_auth = true;
		value += size;
	}
}

static void
set_parameter(struct http_challenge *challenge, const char *name, const char *value)
{
	if (text_equal_ignoring_case(name, "realm"))
		challenge->realm = value;
	else if (text_equal_ignoring_case(name, "nonce"))
		challenge->nonce = value;
	else if (text_equal_ignoring_case(name, "algorithm"))
		challenge->algorithm = value;
	else if (text_equal_ignoring_case(name, "opaque"))
		challenge->opaque = value;
	else if (text_equal_ignoring_case(name, "userhash"))
		challenge->userhash = text_equal_ignoring_case(value, "true");
	else if (text_equal_ignoring_case(name, "stale"))
		challenge->stale = text_equal_ignoring_case(value, "true");
	else if (text_equal_ignoring_case(name, "qop"))
		set_quality(challenge, value);
}

static char *
lower(struct job *job, const char *at, size_t size)
{
	char *word = arena_string(job, at, size);

	for (size_t i = 0; word != NULL && i < size; i++)
		word[i] = (char)tolower((unsigned char)word[i]);
	return word;
}

static enum status
read_header(struct job *job, const char *at, struct http_challenge *challenges, size_t *count)
{
	struct http_challenge *current = NULL;

	for (unsigned i = 0; i < PARAMETERS_MAX && *(at = skip(at)) != '\0'; i++) {
		size_t size = word_size(at);
		const char *after = at + size, *word = lower(job, at, size);

		if (word == NULL)
			return STATUS_LIMIT;
		if (size == 0)
			return STATUS_OK;
		after += strspn(after, " \t");
		if (*after == '=' && current != NULL) {
			const char *value =
			    read_value(job, after + 1 + strspn(after + 1, " \t"), &at);

			if (value == NULL)
				return STATUS_LIMIT;
			set_parameter(current, word, value);
			continue;
		}
		if (*after == '=' || *count == HTTP_CHALLENGES_MAX)
			return STATUS_OK;
		current = &challenges[(*count)++];
		*current = (struct http_challenge){.scheme = word};
		at += size;
	}
	return STATUS_OK;
}

enum status
http_read_challenges(struct job *job, const struct http_response *response,
    struct http_challenge *challenges, size_t *count)
{
	const char *value;
	size_t from = 0;

	*count = 0;
	while ((value = http_header(response, "WWW-Authenticate", &from)) != NULL) {
		size_t first = *count;

		TRY(read_header(job, value, challenges, count));
		for (size_t i = first; i < *count; i++)
			challenges[i].escaped = response->headers[from - 1].escaped;
	}
	return STATUS_OK;
}

static const EVP_MD *
hash_of(const struct http_challenge *challenge, bool *session)
{
	const char *name = challenge->algorithm == NULL ? "MD5" : challenge->algorithm;
	size_t size = strlen(name);

	*session = size > 5 && strcasecmp(name + size - 5, "-sess") == 0;
	size -= *session ? 5 : 0;
	if (size == 3 && strncasecmp(name, "MD5", size) == 0)
		return EVP_md5();
	if (size == 7 && strncasecmp(name, "SHA-256", size) == 0)
		return EVP_sha256();
	if (size == 11 && strncasecmp(name, "SHA-512-256", size) == 0)
		return EVP_sha512_256();
	return NULL;
}

bool
http_can_answer(const struct http_challenge *challenge)
{
	bool session;

	if (strcmp(challenge->scheme, "basic") == 0)
		return true;
	/* A realm in other letters than those sent would make every password wrong. */
	return strcmp(challenge->scheme, "digest") == 0 && !challenge->escaped &&
	       challenge->realm != NULL && challenge->nonce != NULL &&
	       hash_of(challenge, &session) != NULL && (!challenge->qop || challenge->qop_auth);
}

/* H() of RFC 7616: the digest as hexadecimal; NULL when something failed. */
static const char *
hash_hex(struct job *job, const EVP_MD *hash, const char *words)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (words == NULL || EVP_Digest(words, strlen(words), digest, &size, hash, NULL) != 1)
		return NULL;
	return hex_of_bytes(job, (struct span){digest, size});
}

/* A quoted string of RFC 9110 section 5.6.4. */
static void
put_quoted(struct text *out, const char *name, const char *value)
{
	text_printf(out, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			text_put(out, "\\");
		text_put_bytes(out, value, 1);
	}
	text_put(out, "\"");
}

/* RFC 7616 section 3.4.1; without qop as RFC 2069 has it. */
static const char *
digest_response(struct job *job, const struct http_challenge *challenge, const char *client,
    const char *ha1, const char *ha2)
{
	bool session;
	const EVP_MD *hash = hash_of(challenge, &session);

	if (session)
		ha1 = hash_hex(
		    job, hash, arena_printf(job, "%s:%s:%s", ha1, challenge->nonce, client));
	if (ha1 == NULL)
		return NULL;
	return hash_hex(job, hash,
	    challenge->qop_auth
		? arena_printf(job, "%s:%s:00000001:%s:auth:%s", ha1, challenge->nonce, client, ha2)
		: arena_printf(job, "%s:%s:%s", ha1, challenge->nonce, ha2));
}

static enum status
answer_digest(struct job *job, struct target *target, const struct http_challenge *challenge,
    const char *method, const char *path, const char *user, const char *password, const char **line)
{
	bool session;
	const EVP_MD *hash = hash_of(challenge, &session);
	const char *ha1, *ha2, *response, *client;
	uint8_t random[8];
	struct text out = text_new(job);

	TRY(target_random(job, target, random, sizeof random));
	client = hex_of_bytes(job, (struct span){random, sizeof random});
	ha1 = hash_hex(job, hash, arena_printf(job, "%s:%s:%s", user, challenge->realm, password));
	ha2 = hash_hex(job, hash, arena_printf(job, "%s:%s", method, path));
	if (client == NULL || ha1 == NULL || ha2 == NULL)
		return STATUS_LIMIT;
	response = digest_response(job, challenge, client, ha1, ha2);
	if (challenge->userhash)
		user = hash_hex(job, hash, arena_printf(job, "%s:%s", user, challenge->realm));
	if (response == NULL || user == NULL)
		return STATUS_LIMIT;
	text_put(&out, "Authorization: Digest ");
	put_quoted(&out, "username", user);
	put_quoted(&out, ", realm", challenge->realm);
	put_quoted(&out, ", nonce", challenge->nonce);
	text_printf(&out, ", uri=\"%s\", response=\"%s\"", path, response);
	if (challenge->algorithm != NULL)
		text_printf(&out, ", algorithm=%s", challenge->algorithm);
	if (challenge->opaque != NULL)
		put_quoted(&out, ", opaque", challenge->opaque);
	if (challenge->qop_auth)
		text_put(&out, ", qop=auth, nc=00000001");
	if (challenge->qop_auth || session)
		text_printf(&out, ", cnonce=\"%s\"", client);
	if (challenge->userhash)
		text_put(&out, ", userhash=true");
	text_put(&out, "\r\n");
	return text_finish(&out, line);
}

enum status
http_answer(struct job *job, struct target *target, const struct http_challenge *challenge,
    const char *method, const char *path, const char *user, const char *password, const char **line)
{
	const char *pair = arena_printf(job, "%s:%s", user, password);
	char *base64;

	if (!http_can_answer(challenge))
		return fail(job, STATUS_UNDECIDED, "http: a challenge nobody here can answer: %s",
		    challenge->scheme);
	if (strpbrk(user, "\r\n") != NULL)
		return fail(job, STATUS_UNDECIDED, "http: a user of more than one line");
	if (strcmp(challenge->scheme, "digest") == 0)
		return answer_digest(job, target, challenge, method, path, user, password, line);
	if (pair == NULL || (base64 = arena_allocate(job, strlen(pair) * 2 + 8)) == NULL)
		return STATUS_LIMIT;
	EVP_EncodeBlock((uint8_t *)base64, (const uint8_t *)pair, (int)strlen(pair));
	*line = arena_printf(job, "Authorization: Basic %s\r\n", base64);
	return *line == NULL ? STATUS_LIMIT : STATUS_OK;
}
