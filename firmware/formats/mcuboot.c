/* An MCUboot image is a payload between a header and two lists of what vouches for it. */
#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define HEADER_SIZE 32u
#define AREA_HEADER 4u
#define MAX_RECORDS 64u
#define DIGEST_KINDS 3u
#define PROTECTED 0x6908u
#define UNPROTECTED 0x6907u

enum {
	FLAG_AES128 = 0x4,
	FLAG_AES256 = 0x8,
	FLAG_NON_BOOTABLE = 0x10,
	FLAG_RAM_LOAD = 0x20,
	FLAG_LZMA1 = 0x200,
	FLAG_LZMA2 = 0x400,
};

enum {
	RECORD_KEY_HASH = 0x01,
	RECORD_SHA256 = 0x10,
	RECORD_SHA384 = 0x11,
	RECORD_SHA512 = 0x12,
	RECORD_DEPENDENCY = 0x40,
	RECORD_SECURITY_COUNTER = 0x50,
};

struct header {
	uint32_t load_address, size, flags, build;
	uint16_t header_size, protected_size, revision;
	uint8_t major, minor;
};

struct image {
	struct header header;
	struct span digested; /* header, payload and the protected records */
	uint64_t end;
	bool cut, damaged;
	bool has_digest, digest_good;
	struct span said[DIGEST_KINDS]; /* the digests of the records */
	const char *digest, *signature, *encryption;
	struct text records; /* what else they say */
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	if (read_u32_le(&reader) != 0x96f3b83d)
		return false;
	header->load_address = read_u32_le(&reader);
	header->header_size = read_u16_le(&reader);
	header->protected_size = read_u16_le(&reader);
	header->size = read_u32_le(&reader);
	header->flags = read_u32_le(&reader);
	header->major = read_u8(&reader);
	header->minor = read_u8(&reader);
	header->revision = read_u16_le(&reader);
	header->build = read_u32_le(&reader);
	return read_u32_le(&reader) == 0 && !reader.overrun && header->header_size >= HEADER_SIZE &&
	       header->size != 0 && header->flags >> 16 == 0;
}

static const char *
signature_name(uint16_t type)
{
	static const char *const names[] = {
	    "RSA-2048", "ECDSA P-224", "ECDSA", "RSA-3072", "Ed25519"};

	return type >= 0x20 && type - 0x20u < ARRAY_SIZE(names) ? names[type - 0x20] : NULL;
}

static const char *
encryption_name(uint16_t type)
{
	static const char *const names[] = {
	    "RSA-2048", "AES-KW", "ECIES P-256", "ECIES X25519", "ECIES X25519 and SHA-512"};

	return type >= 0x30 && type - 0x30u < ARRAY_SIZE(names) ? names[type - 0x30] : NULL;
}

/* Once all records are read and the image is claimed: many headers may share one payload. */
static void
check_digests(struct image *image)
{
	static const char *const names[] = {"sha256", "sha384", "sha512"};
	static const enum digest_kind kinds[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512};

	for (size_t i = 0; i < DIGEST_KINDS; i++) {
		bool good;

		if (image->said[i].size == 0)
			continue;
		good = !image->cut && digest_matches(kinds[i], image->digested, image->said[i]);
		image->digest_good = good && (!image->has_digest || image->digest_good);
		image->has_digest = true;
		image->digest = names[i];
	}
}

/* Two records of one kind that differ cannot both be right. */
static void
take_digest(struct image *image, struct span *said, struct span value)
{
	if (value.size == 0 || (said->size != 0 && !span_equal(*said, value)))
		image->damaged = true;
	*said = value;
}

static void
take_record(struct image *image, uint16_t type, struct span value)
{
	struct reader reader = {.rest = value};

	if (type >= RECORD_SHA256 && type <= RECORD_SHA512)
		take_digest(image, &image->said[type - RECORD_SHA256], value);
	else if (signature_name(type) != NULL)
		image->signature = signature_name(type);
	else if (encryption_name(type) != NULL)
		image->encryption = encryption_name(type);
	else if (type == RECORD_SECURITY_COUNTER)
		text_printf(&image->records, ", security counter %u", read_u32_le(&reader));
	else if (type == RECORD_DEPENDENCY) {
		unsigned number = read_u32_le(&reader) & 0xff, major = read_u8(&reader);
		unsigned minor = read_u8(&reader), revision = read_u16_le(&reader);

		text_printf(&image->records, ", needs image %u of %u.%u.%u or later", number, major,
		    minor, revision);
	}
}

/* One list of records; false when there is none. */
static bool
read_area(struct span at, uint64_t from, uint16_t magic, struct image *image)
{
	struct reader reader = {.rest = span_from(at, from)};
	bool found = read_u16_le(&reader) == magic && !reader.overrun;
	uint16_t size = read_u16_le(&reader);
	struct reader records = {.rest = span_part(at, from + AREA_HEADER, size - AREA_HEADER)};

	if (!found || size < AREA_HEADER)
		return false;
	if (records.rest.size != size - AREA_HEADER) {
		image->cut = true;
		return true;
	}
	for (unsigned i = 0; i < MAX_RECORDS && records.rest.size != 0; i++) {
		uint16_t type = read_u16_le(&records), length = read_u16_le(&records);
		struct span value = read_bytes(&records, length);

		image->damaged |= records.overrun;
		if (!records.overrun)
			take_record(image, type, value);
	}
	image->damaged |= records.rest.size != 0;
	image->end = from + size;
	return true;
}

/* False: it is none. */
static bool
read_image(struct job *job, struct span at, struct image *image)
{
	uint64_t payload_end;
	bool good = true;

	*image = (struct image){.records = text_new(job)};
	if (!read_header(at, &image->header))
		return false;
	payload_end = (uint64_t)image->header.header_size + image->header.size;
	image->end = payload_end + image->header.protected_size;
	image->digested = span_part(at, 0, image->end);
	image->cut = image->end + AREA_HEADER > at.size;
	if (image->cut)
		return true;
	if (image->header.protected_size != 0)
		good = read_area(at, payload_end, PROTECTED, image) &&
		       image->end == payload_end + image->header.protected_size;
	return good &&
	       read_area(at, payload_end + image->header.protected_size, UNPROTECTED, image);
}

/* In the slot it runs from, an image is deciphered and its header still says it is not. */
static bool
is_encrypted(const struct image *image)
{
	return (image->header.flags & (FLAG_AES128 | FLAG_AES256)) != 0 && !image->digest_good;
}

static void
put_flags(struct text *text, const struct image *image)
{
	uint32_t flags = image->header.flags;

	if (image->header.load_address != 0 || (flags & FLAG_RAM_LOAD) != 0)
		text_printf(text, ", load at 0x%08x", image->header.load_address);
	if (flags & FLAG_NON_BOOTABLE)
		text_put(text, ", not bootable");
	if (flags & (FLAG_LZMA1 | FLAG_LZMA2))
		text_put(text, flags & FLAG_LZMA1 ? ", lzma" : ", lzma2");
	if (is_encrypted(image))
		text_printf(text, ", encrypted by AES-%u, key by %s",
		    flags & FLAG_AES256 ? 256u : 128u,
		    image->encryption == NULL ? "no record" : image->encryption);
}

static void
put_trust(struct text *text, const struct image *image)
{
	const char *curve = "";

	if (image->has_digest && !is_encrypted(image))
		text_printf(text, ", %s %s", image->digest, image->digest_good ? "good" : "bad");
	else if (!image->has_digest)
		text_put(text, ", no digest");
	if (image->signature == NULL) {
		text_put(text, ", unsigned");
		return;
	}
	if (image->signature == signature_name(0x22) && image->has_digest)
		curve = image->digest[3] == '3' ? " P-384" : " P-256";
	text_printf(text, ", %s%s signature", image->signature, curve);
}

static void
set_coverage(const struct image *image, struct claim *claim)
{
	if (image->cut || image->damaged) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    image->cut ? "the image is cut short" : "a record after the payload is damaged";
	} else if (is_encrypted(image)) {
		claim->coverage = COVERAGE_ENCRYPTED;
		claim->incomplete = "the payload is encrypted";
	} else if (image->header.flags & (FLAG_LZMA1 | FLAG_LZMA2)) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "mcuboot: compressed payloads are not read";
	} else if (!image->has_digest || !image->digest_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the digest of the payload is bad";
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	struct text text = text_new(job);
	const char *records = "";

	if (!read_image(job, at, &image))
		return;
	claim->tried = true;
	if (!claim->expected && (image.cut || image.damaged))
		return; /* loaders and tools hold the magic as well */
	check_digests(&image);
	claim->bytes = image.end < at.size ? image.end : at.size;
	set_coverage(&image, claim);
	text_printf(&text, "version %u.%u.%u+%u", image.header.major, image.header.minor,
	    image.header.revision, image.header.build);
	put_flags(&text, &image);
	if (image.cut)
		text_put(&text, ", cut short");
	else
		put_trust(&text, &image);
	if (text_finish(&image.records, &records) == STATUS_OK)
		text_put(&text, records);
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct span payload, slack;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "mcuboot: no header");
	payload = span_from(content, header.header_size);
	if (payload.size > header.size)
		payload.size = header.size;
	slack = span_part(content, HEADER_SIZE, header.header_size - HEADER_SIZE);
	for (size_t i = 1; i < slack.size; i++)
		if (slack.at[i] != slack.at[0]) {
			TRY(unpack_part(unpack, container, "after_header.bin", slack));
			break;
		}
	return unpack_part(unpack, container, "payload.bin", payload);
}

static const struct magic magics[] = {{.pattern = "\\x3d\\xb8\\xf3\\x96", .length = 4}};

const struct format format_mcuboot = {
    .name = "mcuboot",
    .title = "MCUboot image",
    .source = "MCUboot docs/design.md, boot/bootutil image.h",
    .gaps = "compressed payloads; signatures are verified by the collector update_signature, where "
	    "a key is given",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
