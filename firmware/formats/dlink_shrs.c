/* D-Link's SHRS images are AES under one key for many models; three SHA-512 sums tell whether it is
 * that one. */
#include <openssl/evp.h>

#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)0x6dc)
#define SUM_SIZE ((size_t)64)

struct header {
	uint32_t padded, size;
	struct span iv, plain_sum, sealed_sum;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->padded = read_u32_be(&reader);
	header->size = read_u32_be(&reader);
	header->iv = read_bytes(&reader, 16);
	read_bytes(&reader, SUM_SIZE); /* of what is inside, and a key */
	header->plain_sum = read_bytes(&reader, SUM_SIZE);
	header->sealed_sum = read_bytes(&reader, SUM_SIZE);
	return !reader.overrun && header->size != 0 && header->padded >= header->size &&
	       header->padded - header->size <= 16 && header->padded % 16 == 0;
}

static bool
sum_is(struct span bytes, struct span expected)
{
	uint8_t sum[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	return EVP_Digest(bytes.at, bytes.size, sum, &size, EVP_sha512(), NULL) == 1 &&
	       span_equal((struct span){sum, size}, expected);
}

/* Either length may be the one that was summed. */
static bool
sum_is_of_either(struct span bytes, const struct header *header, struct span expected)
{
	return sum_is(span_part(bytes, 0, header->size), expected) ||
	       sum_is(span_part(bytes, 0, header->padded), expected);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	static const uint8_t key[] = {0xc0, 0x5f, 0xbf, 0x19, 0x36, 0xc9, 0x94, 0x29, 0xce, 0x2a,
	    0x07, 0x81, 0xf0, 0x8d, 0x6a, 0xd8};
	struct header header;
	struct span sealed;
	bool whole, good;

	if (!read_header(at, &header))
		return;
	sealed = span_part(at, HEADER_SIZE, header.padded);
	whole = sealed.size == header.padded;
	claim->costly = whole;
	good = whole && sum_is_of_either(sealed, &header, header.sealed_sum);
	if (!good && !claim->expected)
		return;
	header_claim(claim, at, HEADER_SIZE + header.padded);
	if (whole &&
	    aes_cbc_decode((struct span){key, sizeof key}, header.iv, sealed, &claim->decoded) &&
	    sum_is_of_either(buffer_span(&claim->decoded), &header, header.plain_sum)) {
		claim->decoded.size = header.size;
		claim->detail =
		    arena_printf(job, "AES-128 under the known key, sha512 %s, two signatures",
			good ? "good" : "bad");
		return;
	}
	claim->coverage = COVERAGE_ENCRYPTED;
	claim->detail = whole ? "encrypted under another key" : "encrypted, cut short";
	claim->incomplete = "a D-Link SHRS image is encrypted under a key that is not known";
}

static const struct magic magics[] = {{.pattern = "SHRS[\\x00-\\x0f]", .length = 5}};

const struct format format_dlink_shrs = {
    .name = "dlink_shrs",
    .title = "D-Link SHRS image",
    .source = "unblob: handlers/archive/dlink/shrs.py",
    .gaps = "keys other than the published one; the two signatures are not checked",
    .nature = NATURE_STREAM,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
