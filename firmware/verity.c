/* Hash blocks lie root first; each level is checked against the one above it, so nothing is kept.
 */
#include "firmware/verity.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/digest.h"

#define PER_BLOCK (VERITY_BLOCK / DIGEST_SIZE)
#define MAX_LEVELS 9u /* of 128 hashes a block, 2^63 blocks */

struct verity {
	EVP_MD_CTX *salted; /* after the salt, before the block */
	EVP_MD_CTX *work;
};

static bool
hash_block(struct verity *verity, struct span block, uint8_t digest[DIGEST_SIZE])
{
	return EVP_MD_CTX_copy_ex(verity->work, verity->salted) == 1 &&
	       EVP_DigestUpdate(verity->work, block.at, block.size) == 1 &&
	       EVP_DigestFinal_ex(verity->work, digest, NULL) == 1;
}

/* Does every block of `below` have its hash in `above`? */
static bool
level_is_good(struct verity *verity, struct span below, struct span above)
{
	uint8_t digest[DIGEST_SIZE];

	for (size_t i = 0; i < below.size / VERITY_BLOCK; i++) {
		struct span said = span_part(above, i * DIGEST_SIZE, DIGEST_SIZE);

		if (said.size == 0 ||
		    !hash_block(verity, span_part(below, i * VERITY_BLOCK, VERITY_BLOCK), digest) ||
		    memcmp(said.at, digest, DIGEST_SIZE) != 0)
			return false;
	}
	return true;
}

/* Walks the levels, the last in `hashes` first. */
static bool
tree_is_good(struct verity *verity, struct span data, struct span hashes, struct span root)
{
	struct span below = data;
	size_t end = hashes.size / VERITY_BLOCK;

	if (data.size == 0 || data.size % VERITY_BLOCK != 0 || hashes.size % VERITY_BLOCK != 0)
		return false;
	for (unsigned i = 0; i < MAX_LEVELS && below.size > VERITY_BLOCK; i++) {
		size_t blocks = (below.size / VERITY_BLOCK + PER_BLOCK - 1) / PER_BLOCK;
		struct span level;

		if (blocks > end)
			return false;
		end -= blocks;
		level = span_part(hashes, end * VERITY_BLOCK, blocks * VERITY_BLOCK);
		if (!level_is_good(verity, below, level))
			return false;
		below = level;
	}
	return end == 0 && below.size == VERITY_BLOCK && level_is_good(verity, below, root);
}

bool
verity_is_good(struct span data, struct span hashes, struct span salt, struct span root)
{
	struct verity verity = {.salted = EVP_MD_CTX_new(), .work = EVP_MD_CTX_new()};
	bool good = verity.salted != NULL && verity.work != NULL && root.size == DIGEST_SIZE &&
		    EVP_DigestInit_ex(verity.salted, EVP_sha256(), NULL) == 1 &&
		    EVP_DigestUpdate(verity.salted, salt.at, salt.size) == 1 &&
		    tree_is_good(&verity, data, hashes, root);

	EVP_MD_CTX_free(verity.salted);
	EVP_MD_CTX_free(verity.work);
	return good;
}
