/* Secure boot of Espressif: version 1 ends in an ECDSA signature without its key, version 2 in a
 * sector of blocks that each carry the key they are to be verified with. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/codecs/codec.h"
#include "firmware/esp_segments.h"
#include "firmware/signature.h"

#define SECTOR ((uint64_t)4096)
#define BLOCK_SIZE 1216u
#define BLOCK_CRC_AT 1196u
#define MAX_BLOCKS 3u
#define V1_SIZE 68u
#define RSA_SIZE 384u
#define APP_MAGIC 0xabcd5432u
#define HEADER_SIZE 24u

static bool
any_address(uint32_t address)
{
	(void)address; /* which memory a chip has is the format's matter */
	return true;
}

/* Where sum and digest end, behind the last segment; 0 when it is no image. */
static uint64_t
find_end(struct span image, bool *sum_good)
{
	struct esp_segments segments;
	uint64_t end;

	if (image.size < HEADER_SIZE || image.at[0] != 0xe9 || image.at[1] > ESP_MAX_SEGMENTS)
		return 0;
	segments = esp_segments_read(image, HEADER_SIZE, image.at[1], any_address);
	end = esp_sum_end(segments.end);
	if (!segments.plausible || segments.cut || segments.count != image.at[1] ||
	    end > image.size)
		return 0;
	*sum_good = image.at[end - 1] == esp_segments_sum(&segments);
	return end + (image.at[HEADER_SIZE - 1] == 1 ? DIGEST_SIZE : 0);
}

/* Numbers of the blocks are little-endian. */
static struct span
reversed(struct job *job, struct span bytes)
{
	uint8_t *out = arena_allocate(job, bytes.size);

	for (size_t i = 0; out != NULL && i < bytes.size; i++)
		out[i] = bytes.at[bytes.size - 1 - i];
	return (struct span){out, out == NULL ? 0 : bytes.size};
}

static EVP_PKEY *
ec_key(const char *group, struct span x, struct span y)
{
	uint8_t point[65] = {4};
	OSSL_PARAM parameters[] = {
	    OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)group, 0),
	    OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + x.size + y.size),
	    OSSL_PARAM_END};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (x.size == 0 || 1 + x.size + y.size > sizeof point)
		return NULL;
	memcpy(point + 1, x.at, x.size);
	memcpy(point + 1 + x.size, y.at, y.size);
	if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

static enum status
read_rsa_block(struct signing *signing, struct span block, struct raw_signature *raw)
{
	struct span modulus = reversed(signing->job, span_part(block, 36, RSA_SIZE));
	struct span exponent = reversed(signing->job, span_part(block, 420, 4));

	raw->scheme = SIGN_RSA_PSS;
	raw->value = reversed(signing->job, span_part(block, 812, RSA_SIZE));
	if (raw->value.size == 0)
		return STATUS_LIMIT;
	return key_make_rsa(signing->job, "signature block", modulus, exponent, &signing->own);
}

static enum status
read_ec_block(struct signing *signing, struct span block, struct raw_signature *raw, size_t *bits)
{
	bool small = block.at[36] == 1;
	size_t half = small ? 24 : 32;
	struct span x = reversed(signing->job, span_part(block, 37, half));
	struct span y = reversed(signing->job, span_part(block, 37 + half, half));
	struct span r = reversed(signing->job, span_part(block, 101, half));
	struct span s = reversed(signing->job, span_part(block, 101 + half, half));
	uint8_t *pair = arena_allocate(signing->job, 2 * half);

	if (pair == NULL || x.size == 0 || y.size == 0 || r.size == 0 || s.size == 0)
		return STATUS_LIMIT;
	memcpy(pair, r.at, half);
	memcpy(pair + half, s.at, half);
	raw->scheme = SIGN_ECDSA_RAW;
	raw->value = (struct span){pair, 2 * half};
	*bits = small ? 192 : 256;
	return key_make(signing->job, "signature block",
	    ec_key(small ? "prime192v1" : "prime256v1", x, y), &signing->own);
}

/* A block of version 2 or 3 whose sum is good. */
static bool
is_block(struct span block)
{
	struct reader reader = {.rest = span_from(block, BLOCK_CRC_AT)};

	return block.size == BLOCK_SIZE && block.at[0] == 0xe7 && block.at[1] >= 2 &&
	       block.at[1] <= 3 &&
	       read_u32_le(&reader) == crc32_of(0, span_part(block, 0, BLOCK_CRC_AT));
}

static enum status
try_block(struct signing *signing, struct span image, struct span block, struct trial *trial)
{
	struct raw_signature raw = {
	    .digest = DIGEST_SHA256, .signed_bytes = span_part(block, 4, DIGEST_SIZE)};
	size_t bits = 3072;

	EVP_PKEY_free(signing->own.public_key);
	signing->own = (struct key){0};
	if (block.at[1] == 2) {
		TRY(read_rsa_block(signing, block, &raw));
	} else if (block.at[36] == 1 || block.at[36] == 2) {
		TRY(read_ec_block(signing, block, &raw, &bits));
	} else {
		signing_say(signing, "a block of a curve that is not read");
		return STATUS_OK;
	}
	TRY(signing_name(signing, &raw, bits));
	if (signing->own.public_key == NULL) {
		*trial = (struct trial){.outcome = OUTCOME_BAD};
		return STATUS_OK;
	}
	*trial = signing_try(signing, &raw);
	if (!digest_matches(DIGEST_SHA256, image, raw.signed_bytes)) {
		trial->outcome = OUTCOME_BAD;
		signing_say(signing, "the digest in the block is not that of the image");
	}
	return STATUS_OK;
}

static enum status
try_v1(struct signing *signing, struct span image, struct span value, struct trial *trial)
{
	uint8_t digest[DIGEST_LARGEST];
	struct raw_signature raw = {.scheme = SIGN_ECDSA_RAW,
	    .digest = DIGEST_SHA256,
	    .value = value,
	    .signed_bytes = {digest, DIGEST_SIZE}};

	if (signing_digest(DIGEST_SHA256, &image, 1, digest) == 0)
		return STATUS_LIMIT;
	TRY(signing_name(signing, &raw, 256));
	*trial = signing_try(signing, &raw);
	signing_say(signing, "secure boot version 1");
	return STATUS_OK;
}

/* What the framework's description of an application, first in the first segment, says. */
static enum status
read_version(struct signing *signing, struct span image)
{
	struct reader reader = {.rest = span_from(image, HEADER_SIZE + 8)};
	uint32_t counter;
	struct span text;

	if (read_u32_le(&reader) != APP_MAGIC) {
		signing->fact.rollback_protected = 0;
		return STATUS_OK;
	}
	counter = read_u32_le(&reader);
	read_bytes(&reader, 8);
	text = read_bytes(&reader, 32);
	if (text.size != 0)
		text.size = strnlen((const char *)text.at, text.size);
	signing->fact.version = arena_printf(signing->job, "%s, secure version %u",
	    text_from_bytes(signing->job, text.at, text.size, 64), counter);
	/* the boot loader compares the number alone, and 0 is what nobody set */
	signing->fact.rollback_protected = counter != 0;
	if (counter == 0)
		signing_say(signing, "its secure version is 0: an older image is as good");
	return signing->fact.version == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
read_signature(struct signing *signing)
{
	struct span image = signing->content;
	bool sum_good = false;
	uint64_t end = find_end(image, &sum_good), sector = (end + SECTOR - 1) & ~(SECTOR - 1);
	struct span v1 = span_part(image, end, V1_SIZE), all = span_part(image, 0, sector);
	struct trial trial = {.outcome = OUTCOME_BAD};
	unsigned blocks = 0;

	if (end == 0)
		return STATUS_OK;
	signing->found = true;
	signing->fact.covers = "everything";
	for (; blocks < MAX_BLOCKS; blocks++) {
		struct span block = span_part(image, sector + blocks * BLOCK_SIZE, BLOCK_SIZE);
		struct trial one = {.outcome = OUTCOME_NO_KEY};

		if (!is_block(block))
			break;
		TRY(try_block(signing, all, block, &one));
		if (blocks == 0 || one.outcome < trial.outcome)
			trial = one;
		if (trial.outcome == OUTCOME_GOOD)
			break;
	}
	/* little marks version 1: where no format vouches for the image, its sum has to */
	if (blocks == 0 && v1.size != 0 && (sum_good || signing->format != NULL) &&
	    image.size - end < V1_SIZE + 16 && span_starts_with(v1, "\0\0\0\0", 4)) {
		TRY(try_v1(signing, span_part(image, 0, end), span_from(v1, 4), &trial));
	} else if (blocks == 0 && !(trial.outcome == OUTCOME_GOOD)) {
		bool hashed = image.at[HEADER_SIZE - 1] == 1;

		signing->fact.scheme = "checksum";
		signing->fact.algorithm = hashed ? "sha256" : "xor8";
		signing->fact.present = 0;
		return STATUS_OK;
	}
	TRY(read_version(signing, image));
	return signing_conclude(signing, &trial);
}

static bool
begins(struct span head)
{
	return head.size > 3 && head.at[0] == 0xe9 && head.at[1] >= 1 &&
	       head.at[1] <= ESP_MAX_SEGMENTS && head.at[2] <= 5;
}

const struct signature_kind signature_kind_esp = {
    .name = "esp",
    .title = "Espressif secure boot, version 1 (ECDSA) and 2 (RSA-PSS, ECDSA)",
    .source = "ESP-IDF secure boot v1 and v2 guides, esp_app_format.h",
    .gaps = "ECDSA on P-384",
    .formats = {"esp_image"},
    .begins = begins,
    .read = read_signature,
};
