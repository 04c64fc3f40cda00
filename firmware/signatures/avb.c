/* A vbmeta signs itself; what it says of partitions is digests, and the bytes lie elsewhere. */
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/signature.h"

#define HEADER_SIZE 256u
#define LARGEST ((uint64_t)1 << 20)
#define MAX_DESCRIPTORS 64u

enum { TAG_HASH_TREE = 1, TAG_HASH = 2, TAG_CHAIN = 4 };
enum { FLAG_NO_TREES = 1, FLAG_NO_VERIFICATION = 2 };

struct vbmeta {
	uint32_t algorithm, flags;
	uint64_t rollback;
	struct span header, auxiliary, hash, signature, key, descriptors;
};

static const struct {
	enum digest_kind digest;
	size_t bits;
} algorithms[] = {{DIGEST_SHA256, 0}, {DIGEST_SHA256, 2048}, {DIGEST_SHA256, 4096},
    {DIGEST_SHA256, 8192}, {DIGEST_SHA512, 2048}, {DIGEST_SHA512, 4096}, {DIGEST_SHA512, 8192}};

static bool
read_vbmeta(struct span at, struct vbmeta *vbmeta)
{
	struct reader reader = {.rest = at};
	uint64_t sizes[2], places[10];
	struct span authentication;

	if (!span_starts_with(read_bytes(&reader, 4), "AVB0", 4) || read_u32_be(&reader) != 1)
		return false;
	read_u32_be(&reader);
	sizes[0] = read_u64_be(&reader);
	sizes[1] = read_u64_be(&reader);
	vbmeta->algorithm = read_u32_be(&reader);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) /* hash, signature, key, its data, list */
		places[i] = read_u64_be(&reader);
	vbmeta->rollback = read_u64_be(&reader);
	vbmeta->flags = read_u32_be(&reader);
	if (reader.overrun || sizes[0] > LARGEST || sizes[1] > LARGEST)
		return false;
	vbmeta->header = span_part(at, 0, HEADER_SIZE);
	authentication = span_part(at, HEADER_SIZE, sizes[0]);
	vbmeta->auxiliary = span_part(at, HEADER_SIZE + sizes[0], sizes[1]);
	vbmeta->hash = span_part(authentication, places[0], places[1]);
	vbmeta->signature = span_part(authentication, places[2], places[3]);
	vbmeta->key = span_part(vbmeta->auxiliary, places[4], places[5]);
	vbmeta->descriptors = span_part(vbmeta->auxiliary, places[8], places[9]);
	return vbmeta->header.size != 0 && vbmeta->auxiliary.size == sizes[1];
}

/* Where the vbmeta begins: a hash tree may stand before it. */
static bool
find_vbmeta(struct span content, struct vbmeta *vbmeta)
{
	for (size_t at = 0; (at = span_find(content, "AVB0", 4, at)) < content.size; at++)
		if (read_vbmeta(span_from(content, at), vbmeta))
			return true;
	return false;
}

/* Bits, a helper of Montgomery's, the modulus, one more helper; the exponent is 65537. */
static enum status
read_key(struct signing *signing, struct span key)
{
	static const uint8_t exponent[] = {1, 0, 1};
	struct reader reader = {.rest = key};
	uint32_t bits = read_u32_be(&reader);
	struct span modulus;

	read_bytes(&reader, 4);
	modulus = read_bytes(&reader, bits / 8);
	if (reader.overrun)
		return STATUS_OK;
	return key_make_rsa(signing->job, "vbmeta", modulus,
	    (struct span){exponent, sizeof exponent}, &signing->own);
}

static void
count_descriptors(struct signing *signing, const struct vbmeta *vbmeta)
{
	struct reader reader = {.rest = vbmeta->descriptors};
	unsigned partitions = 0, chains = 0;

	for (unsigned i = 0; i < MAX_DESCRIPTORS && reader.rest.size >= 16; i++) {
		uint64_t tag = read_u64_be(&reader), size = read_u64_be(&reader);

		read_bytes(&reader, size > reader.rest.size ? reader.rest.size : (size_t)size);
		partitions += tag == TAG_HASH_TREE || tag == TAG_HASH;
		chains += tag == TAG_CHAIN;
	}
	signing_say(signing, "signs the digests of %u partitions and the keys of %u more",
	    partitions, chains);
	if (vbmeta->flags & (FLAG_NO_TREES | FLAG_NO_VERIFICATION)) {
		signing->fact.covers = "part";
		signing_say(signing, "its flags switch verification off");
	}
}

static enum status
try_vbmeta(struct signing *signing, const struct vbmeta *vbmeta, struct trial *trial)
{
	const struct span parts[] = {vbmeta->header, vbmeta->auxiliary};
	enum digest_kind kind = algorithms[vbmeta->algorithm].digest;
	uint8_t digest[DIGEST_LARGEST];
	size_t size = signing_digest(kind, parts, 2, digest);
	struct raw_signature raw = {.scheme = SIGN_RSA,
	    .digest = kind,
	    .signed_bytes = {digest, size},
	    .value = vbmeta->signature};

	if (size == 0)
		return STATUS_LIMIT;
	TRY(read_key(signing, vbmeta->key));
	TRY(signing_name(signing, &raw, algorithms[vbmeta->algorithm].bits));
	*trial = signing_try(signing, &raw);
	if (vbmeta->hash.size != size || memcmp(vbmeta->hash.at, digest, size) != 0)
		trial->outcome = OUTCOME_BAD;
	return STATUS_OK;
}

static enum status
read_signature(struct signing *signing)
{
	struct update_signature_fact *fact = &signing->fact;
	struct vbmeta vbmeta = {0};
	struct trial trial;

	if (!find_vbmeta(signing->content, &vbmeta))
		return STATUS_OK;
	signing->found = true;
	fact->covers = "header";
	if (vbmeta.algorithm == 0) {
		fact->scheme = "none";
		fact->present = 0;
		return STATUS_OK;
	}
	if (vbmeta.algorithm >= ARRAY_SIZE(algorithms)) {
		fact->scheme = "opaque";
		fact->present = 1;
		signing_say(signing, "algorithm %u is not known here", vbmeta.algorithm);
		return STATUS_OK;
	}
	TRY(try_vbmeta(signing, &vbmeta, &trial));
	count_descriptors(signing, &vbmeta);
	fact->version =
	    arena_printf(signing->job, "rollback index %llu", (unsigned long long)vbmeta.rollback);
	fact->rollback_protected = vbmeta.rollback != 0;
	return fact->version == NULL ? STATUS_LIMIT : signing_conclude(signing, &trial);
}

static bool
begins(struct span head)
{
	return span_starts_with(head, "AVB0\0\0\0\1", 8);
}

const struct signature_kind signature_kind_avb = {
    .name = "avb",
    .title = "Android Verified Boot: RSA over header and descriptors of a vbmeta",
    .source = "AOSP external/avb/libavb: avb_vbmeta_image.h, avb_crypto.h",
    .gaps = "whether partitions agree with the digests is told by the format, beside",
    .formats = {"avb"},
    .begins = begins,
    .read = read_signature,
};
