/* A hash in a header finds an accident: whoever may change the bytes may change it too. */
#include "firmware/hashes.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/job.h"
#include "firmware/codecs/codec.h"

struct algorithm {
	const char *name;
	const EVP_MD *(*digest)(void);
};

static const struct algorithm algorithms[] = {
    {"md5", EVP_md5},
    {"sha1", EVP_sha1},
    {"sha224", EVP_sha224},
    {"sha256", EVP_sha256},
    {"sha384", EVP_sha384},
    {"sha512", EVP_sha512},
};

static enum hash_verdict
check_crc32(struct span bytes, struct span said)
{
	struct reader reader = {.rest = said};

	return said.size == 4 && read_u32_be(&reader) == crc32_of(0, bytes) ? HASH_GOOD : HASH_BAD;
}

enum hash_verdict
hash_check(struct span algorithm, struct span bytes, struct span said)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (span_equal(algorithm, span_of_string("crc32")))
		return check_crc32(bytes, said);
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		if (!span_equal(algorithm, span_of_string(algorithms[i].name)))
			continue;
		if (EVP_Digest(bytes.at, bytes.size, digest, &size, algorithms[i].digest(), NULL) !=
		    1)
			return HASH_UNKNOWN; /* not in this build of the library */
		return span_equal(said, (struct span){digest, size}) ? HASH_GOOD : HASH_BAD;
	}
	return HASH_UNKNOWN;
}
