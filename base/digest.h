/*
 * SHA-256 (FIPS 180-4) and hexadecimal, through OpenSSL.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/job.h"
#include "base/span.h"

#define DIGEST_SIZE 32
#define DIGEST_HEX_SIZE 65

struct digest {
	uint8_t bytes[DIGEST_SIZE];
};

struct digest_stream; /* one running SHA-256 */

/* One-shot digest of a span. */
enum status digest_of(struct job *job, struct span bytes, struct digest *digest);

/* A running digest; digest_stream_finish releases it, also after a failure. */
struct digest_stream *digest_stream_new(void);
void digest_stream_add(struct digest_stream *stream, const void *at, size_t size);
enum status digest_stream_finish(
    struct job *job, struct digest_stream *stream, struct digest *digest);

/* Kinds a container may name; our own is SHA-256. */
enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };
#define DIGEST_LARGEST 64
/* How many bytes a digest of that kind has. */
size_t digest_size(enum digest_kind kind);
/* The digest of three spans, one behind the other; false when OpenSSL has it not. */
bool digest_of_three(
    enum digest_kind kind, const struct span parts[3], uint8_t digest[DIGEST_LARGEST]);
/* Is `said`, over its full length, the digest of `bytes`? */
bool digest_matches(enum digest_kind kind, struct span bytes, struct span said);

void digest_to_hex(const struct digest *digest, char hex[DIGEST_HEX_SIZE]);
bool digest_from_hex(const char *hex, struct digest *digest);
bool digest_equal(const struct digest *a, const struct digest *b);
/* Lower-case hexadecimal of any bytes, in the arena. */
char *hex_of_bytes(struct job *job, struct span bytes);

#endif
