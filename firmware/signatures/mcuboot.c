/* What signs an MCUboot image lies in the records behind it, and may be torn off: it covers the
 * protected ones alone. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/signature.h"

#define MAGIC 0x96f3b83du
#define PROTECTED 0x6908u
#define UNPROTECTED 0x6907u
#define AREA_HEADER 4u
#define MAX_RECORDS 64u
#define MAX_SIGNATURES 4u

enum {
	RECORD_KEY_HASH = 0x01,
	RECORD_PUBLIC_KEY = 0x02,
	RECORD_SHA256 = 0x10,
	RECORD_SHA384 = 0x11,
	RECORD_SHA512 = 0x12,
	RECORD_RSA2048 = 0x20,
	RECORD_ECDSA224 = 0x21,
	RECORD_ECDSA = 0x22,
	RECORD_RSA3072 = 0x23,
	RECORD_ED25519 = 0x24,
	RECORD_PURE = 0x25,
	RECORD_COUNTER = 0x50,
};

#define FLAGS_ENCRYPTED 0xcu

struct image {
	uint32_t flags, counter;
	unsigned version[4];
	struct span covered; /* header, payload, protected records */
	bool has_counter, pure;
	uint16_t digest_type;
	struct span digest, public_key;
	struct signature {
		uint16_t type;
		struct span value, key_hash;
	} signatures[MAX_SIGNATURES];
	size_t count;
};

static void
take_record(
    struct image *image, uint16_t type, struct span value, bool is_protected, struct span *key_hash)
{
	struct reader reader = {.rest = value};

	if (type == RECORD_KEY_HASH) {
		*key_hash = value;
	} else if (type == RECORD_PUBLIC_KEY) {
		image->public_key = value;
	} else if (type >= RECORD_SHA256 && type <= RECORD_SHA512) {
		image->digest_type = type;
		image->digest = value;
	} else if (type == RECORD_PURE) {
		image->pure = true;
	} else if (type == RECORD_COUNTER && is_protected) {
		image->counter = read_u32_le(&reader);
		image->has_counter = !reader.overrun;
	} else if (type >= RECORD_RSA2048 && type <= RECORD_ED25519 &&
		   image->count < MAX_SIGNATURES) {
		image->signatures[image->count++] = (struct signature){type, value, *key_hash};
		*key_hash = (struct span){0};
	}
}

static bool
read_area(struct span at, uint64_t from, uint16_t magic, struct image *image)
{
	struct reader reader = {.rest = span_from(at, from)};
	bool found = read_u16_le(&reader) == magic;
	uint16_t size = read_u16_le(&reader);
	struct span key_hash = {0};

	if (!found || reader.overrun || size < AREA_HEADER)
		return false;
	reader.rest = span_part(at, from + AREA_HEADER, size - AREA_HEADER);
	for (unsigned i = 0; i < MAX_RECORDS && reader.rest.size != 0; i++) {
		uint16_t type = read_u16_le(&reader), length = read_u16_le(&reader);
		struct span value = read_bytes(&reader, length);

		if (!reader.overrun)
			take_record(image, type, value, magic == PROTECTED, &key_hash);
	}
	return true;
}

static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};
	uint32_t magic = read_u32_le(&reader), size;
	uint16_t header_size, protected_size;
	uint64_t end;

	*image = (struct image){0};
	read_bytes(&reader, 4); /* load address */
	header_size = read_u16_le(&reader);
	protected_size = read_u16_le(&reader);
	size = read_u32_le(&reader);
	image->flags = read_u32_le(&reader);
	image->version[0] = read_u8(&reader);
	image->version[1] = read_u8(&reader);
	image->version[2] = read_u16_le(&reader);
	image->version[3] = read_u32_le(&reader);
	end = (uint64_t)header_size + size;
	if (reader.overrun || magic != MAGIC || header_size < 32)
		return false;
	if (protected_size != 0 && !read_area(at, end, PROTECTED, image))
		return false;
	end += protected_size;
	image->covered = span_part(at, 0, end);
	return image->covered.size != 0 && read_area(at, end, UNPROTECTED, image);
}

/* The digest of the public key as imgtool writes it: PKCS #1 of an RSA key, else its
 * SubjectPublicKeyInfo. */
static bool
names(const struct raw_signature *signature, const struct key *key)
{
	unsigned char *der = NULL;
	int size = EVP_PKEY_is_a(key->public_key, "RSA") == 1 ? i2d_PublicKey(key->public_key, &der)
							      : i2d_PUBKEY(key->public_key, &der);
	enum digest_kind kind = signature->named.size == 48   ? DIGEST_SHA384
				: signature->named.size == 64 ? DIGEST_SHA512
							      : DIGEST_SHA256;
	bool same =
	    size > 0 && digest_matches(kind, (struct span){der, (size_t)size}, signature->named);

	OPENSSL_free(der);
	return same;
}

static enum digest_kind
digest_kind_of(const struct image *image)
{
	return image->digest_type == RECORD_SHA384   ? DIGEST_SHA384
	       : image->digest_type == RECORD_SHA512 ? DIGEST_SHA512
						     : DIGEST_SHA256;
}

static enum status
try_one(struct signing *signing, const struct image *image, const struct signature *signature,
    struct trial *trial)
{
	struct raw_signature raw = {.digest = digest_kind_of(image),
	    .signed_bytes = image->digest,
	    .value = signature->value,
	    .named = signature->key_hash,
	    .names = signature->key_hash.size == 0 ? NULL : names};
	size_t bits = 0;

	switch (signature->type) {
	case RECORD_RSA2048:
	case RECORD_RSA3072:
		raw.scheme = SIGN_RSA_PSS;
		bits = signature->type == RECORD_RSA2048 ? 2048 : 3072;
		break;
	case RECORD_ED25519:
		raw.scheme = SIGN_ED25519;
		if (image->pure)
			raw.signed_bytes = image->covered;
		break;
	default:
		raw.scheme = SIGN_ECDSA;
		bits = signature->type == RECORD_ECDSA224 ? 224
		       : raw.digest == DIGEST_SHA384      ? 384
							  : 256;
		/* older ones are padded to a fixed size */
		if (raw.value.size > 2 && raw.value.at[0] == 0x30 &&
		    raw.value.at[1] + 2u < raw.value.size)
			raw.value.size = raw.value.at[1] + 2u;
	}
	TRY(signing_name(signing, &raw, bits));
	*trial = signing_try(signing, &raw);
	return STATUS_OK;
}

/* What the digest says of the bytes; false: they are not those that were signed. */
static bool
compare_digest(struct signing *signing, const struct image *image)
{
	if (image->digest.size == 0)
		return image->pure;
	if (digest_matches(digest_kind_of(image), image->covered, image->digest))
		return true;
	if ((image->flags & FLAGS_ENCRYPTED) == 0) {
		signing_say(signing, "the digest is not that of header and payload");
		return false;
	}
	signing->uncompared = "the encrypted payload";
	return true;
}

static enum status
read_version(struct signing *signing, const struct image *image)
{
	const unsigned *version = image->version;

	signing->fact.version =
	    image->has_counter ? arena_printf(signing->job, "%u.%u.%u+%u, security counter %u",
				     version[0], version[1], version[2], version[3], image->counter)
			       : arena_printf(signing->job, "%u.%u.%u+%u", version[0], version[1],
				     version[2], version[3]);
	signing->fact.rollback_protected =
	    image->has_counter || (version[0] | version[1] | version[2] | version[3]) != 0;
	if (!signing->fact.rollback_protected)
		signing_say(signing, "the version signed is 0.0.0+0 and no security counter is: "
				     "an older image looks the same");
	return signing->fact.version == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
read_signature(struct signing *signing)
{
	struct update_signature_fact *fact = &signing->fact;
	struct image image;
	struct trial trial = {.outcome = OUTCOME_NO_KEY};
	struct span key = {0};
	const unsigned char *at;
	bool whole;

	if (!read_image(signing->content, &image))
		return STATUS_OK;
	signing->found = true;
	fact->present = image.count != 0;
	fact->covers = "everything";
	if (image.count == 0) {
		fact->scheme = image.digest.size == 0 ? "none" : "checksum";
		fact->algorithm = image.digest.size == 0 ? NULL : "sha256";
		signing_say(signing, "a digest only: whoever changes the image changes it too");
		return STATUS_OK;
	}
	key = image.public_key;
	at = key.at;
	if (key.size != 0)
		TRY(key_make(
		    signing->job, "record", d2i_PUBKEY(NULL, &at, (long)key.size), &signing->own));
	for (size_t i = 0; i < image.count; i++) {
		struct trial one;

		TRY(try_one(signing, &image, &image.signatures[i], &one));
		/* of several signatures one known one will do, as for the boot loader */
		if (i == 0 || one.outcome < trial.outcome)
			trial = one;
	}
	whole = compare_digest(signing, &image);
	if (!whole)
		trial.outcome = OUTCOME_BAD;
	TRY(read_version(signing, &image));
	return signing_conclude(signing, &trial);
}

static bool
begins(struct span head)
{
	return span_starts_with(head, "\x3d\xb8\xf3\x96", 4);
}

const struct signature_kind signature_kind_mcuboot = {
    .name = "mcuboot",
    .title = "MCUboot: RSA-PSS, ECDSA or Ed25519 over the digest of header, payload and protected "
	     "records",
    .source = "MCUboot docs/design.md, boot/bootutil image.h",
    .gaps = "encrypted payloads are not compared with the digest",
    .formats = {"mcuboot"},
    .begins = begins,
    .read = read_signature,
};
