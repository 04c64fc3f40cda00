/* SHA-256 is OpenSSL's, which uses the processor's own instructions. */
#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"

struct digest_stream {
	EVP_MD_CTX *context;
	bool failed;
};

enum status
digest_of(struct job *job, struct span bytes, struct digest *digest)
{
	static const uint8_t nothing[1];

	if (EVP_Digest(bytes.at == NULL ? nothing : bytes.at, bytes.size, digest->bytes, NULL,
		EVP_sha256(), NULL) != 1)
		return fail(job, STATUS_FAULT, "SHA-256 is not available from OpenSSL");
	return STATUS_OK;
}

static const EVP_MD *
kind_of(enum digest_kind kind)
{
	const EVP_MD *const kinds[] = {
	    [DIGEST_MD5] = EVP_md5(),
	    [DIGEST_SHA1] = EVP_sha1(),
	    [DIGEST_SHA256] = EVP_sha256(),
	    [DIGEST_SHA384] = EVP_sha384(),
	    [DIGEST_SHA512] = EVP_sha512(),
	};

	return kinds[kind];
}

size_t
digest_size(enum digest_kind kind)
{
	static const size_t sizes[] = {
	    [DIGEST_MD5] = 16,
	    [DIGEST_SHA1] = 20,
	    [DIGEST_SHA256] = 32,
	    [DIGEST_SHA384] = 48,
	    [DIGEST_SHA512] = 64,
	};

	return sizes[kind];
}

bool
digest_of_three(enum digest_kind kind, const struct span parts[3], uint8_t digest[DIGEST_LARGEST])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL && EVP_DigestInit_ex(context, kind_of(kind), NULL) == 1;

	for (size_t i = 0; i < 3 && good; i++)
		good = parts[i].size == 0 ||
		       EVP_DigestUpdate(context, parts[i].at, parts[i].size) == 1;
	good = good && EVP_DigestFinal_ex(context, digest, NULL) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

bool
digest_matches(enum digest_kind kind, struct span bytes, struct span said)
{
	static const uint8_t nothing[1];
	uint8_t computed[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	return EVP_Digest(bytes.at == NULL ? nothing : bytes.at, bytes.size, computed, &size,
		   kind_of(kind), NULL) == 1 &&
	       size == said.size && memcmp(computed, said.at, size) == 0;
}

struct digest_stream *
digest_stream_new(void)
{
	struct digest_stream *stream = block_resize(NULL, sizeof *stream);

	if (stream == NULL)
		return NULL;
	stream->context = EVP_MD_CTX_new();
	stream->failed =
	    stream->context == NULL || EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) != 1;
	return stream;
}

void
digest_stream_add(struct digest_stream *stream, const void *at, size_t size)
{
	if (stream == NULL || stream->failed || size == 0)
		return;
	stream->failed = EVP_DigestUpdate(stream->context, at, size) != 1;
}

enum status
digest_stream_finish(struct job *job, struct digest_stream *stream, struct digest *digest)
{
	bool good;

	if (stream == NULL)
		return fail(job, STATUS_LIMIT, "no memory left for a digest");
	good = !stream->failed && EVP_DigestFinal_ex(stream->context, digest->bytes, NULL) == 1;
	EVP_MD_CTX_free(stream->context);
	block_free(stream);
	return good ? STATUS_OK : fail(job, STATUS_FAULT, "SHA-256 failed in OpenSSL");
}

static void
to_hex(const uint8_t *bytes, size_t size, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * size] = '\0';
}

void
digest_to_hex(const struct digest *digest, char hex[DIGEST_HEX_SIZE])
{
	to_hex(digest->bytes, DIGEST_SIZE, hex);
}

static int
nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
digest_from_hex(const char *hex, struct digest *digest)
{
	struct digest parsed;

	if (strlen(hex) != 2 * (size_t)DIGEST_SIZE)
		return false;
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		parsed.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*digest = parsed;
	return true;
}

bool
digest_equal(const struct digest *a, const struct digest *b)
{
	return CRYPTO_memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

char *
hex_of_bytes(struct job *job, struct span bytes)
{
	size_t size;
	char *hex;

	if (!size_mul(bytes.size, 2, &size))
		return NULL;
	hex = arena_allocate(job, size + 1);
	if (hex != NULL)
		to_hex(bytes.at, bytes.size, hex);
	return hex;
}
