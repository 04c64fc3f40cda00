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
	else if (text_equal_ignoring_case(name, "qop"))
		challenge->qop_auth = strstr(value, "auth") != NULL;
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
	while ((value = http_header(response, "WWW-Authenticate", &from)) != NULL)
		TRY(read_header(job, value, challenges, count));
	return STATUS_OK;
}

static const EVP_MD *
hash_of(const struct http_challenge *challenge, bool *session)
{
	const char *name = challenge->algorithm == NULL ? "MD5" : challenge->algorithm;

	*session = text_equal_ignoring_case(name, "MD5-sess") ||
		   text_equal_ignoring_case(name, "SHA-256-sess");
	if (text_equal_ignoring_case(name, "MD5") || text_equal_ignoring_case(name, "MD5-sess"))
		return EVP_md5();
	if (text_equal_ignoring_case(name, "SHA-256") ||
	    text_equal_ignoring_case(name, "SHA-256-sess"))
		return EVP_sha256();
	return NULL;
}

bool
http_can_answer(const struct http_challenge *challenge)
{
	bool session;

	if (strcmp(challenge->scheme, "basic") == 0)
		return true;
	return strcmp(challenge->scheme, "digest") == 0 && challenge->realm != NULL &&
	       challenge->nonce != NULL && hash_of(challenge, &session) != NULL;
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
	if (session)
		ha1 = hash_hex(
		    job, hash, arena_printf(job, "%s:%s:%s", ha1, challenge->nonce, client));
	response = hash_hex(job, hash,
	    challenge->qop_auth
		? arena_printf(job, "%s:%s:00000001:%s:auth:%s", ha1, challenge->nonce, client, ha2)
		: arena_printf(job, "%s:%s:%s", ha1, challenge->nonce, ha2));
	if (ha1 == NULL || response == NULL)
		return STATUS_LIMIT;
	text_printf(&out,
	    "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", "
	    "response=\"%s\"",
	    user, challenge->realm, challenge->nonce, path, response);
	if (challenge->algorithm != NULL)
		text_printf(&out, ", algorithm=%s", challenge->algorithm);
	if (challenge->opaque != NULL)
		text_printf(&out, ", opaque=\"%s\"", challenge->opaque);
	if (challenge->qop_auth || session)
		text_printf(&out, ", qop=auth, nc=00000001, cnonce=\"%s\"", client);
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
	if (strcmp(challenge->scheme, "digest") == 0)
		return answer_digest(job, target, challenge, method, path, user, password, line);
	if (pair == NULL || (base64 = arena_allocate(job, strlen(pair) * 2 + 8)) == NULL)
		return STATUS_LIMIT;
	EVP_EncodeBlock((uint8_t *)base64, (const uint8_t *)pair, (int)strlen(pair));
	*line = arena_printf(job, "Authorization: Basic %s\r\n", base64);
	return *line == NULL ? STATUS_LIMIT : STATUS_OK;
}
