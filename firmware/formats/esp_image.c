/* An ESP32 image is segments for the boot ROM; what signs it lies behind it, in the same or the
 * next sector. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/esp_segments.h"

#define HEADER_SIZE 24
#define SECTOR ((uint64_t)4096)
#define ECDSA_V1_SIZE 68
#define BLOCK_SIZE 1216
#define BLOCK_CRC_AT 1196
#define MAX_BLOCKS 3u
#define APP_MAGIC 0xabcd5432u
#define LOADER_MAGIC 0x50u

struct header {
	uint8_t segments, hash_appended;
	uint16_t chip;
};

/* What stands behind the last segment. */
struct tail {
	uint64_t sum_end, hash_end;
	uint64_t signature_at, end;
	bool sum_good, hash_good, cut;
	bool v1;
	unsigned blocks; /* of a version 2 signature */
	uint8_t block_version;
	bool digest_good;
};

static bool
fits(uint32_t address)
{
	return address >= 0x30000000 && address < 0x60200000;
}

static const char *
chip_name(uint16_t chip)
{
	static const char *const names[] = {[0] = "ESP32",
	    [2] = "ESP32-S2",
	    [5] = "ESP32-C3",
	    [9] = "ESP32-S3",
	    [12] = "ESP32-C2",
	    [13] = "ESP32-C6",
	    [16] = "ESP32-H2",
	    [18] = "ESP32-P4",
	    [20] = "ESP32-C61",
	    [23] = "ESP32-C5",
	    [25] = "ESP32-H21",
	    [28] = "ESP32-H4"};

	return chip < ARRAY_SIZE(names) && names[chip] != NULL ? names[chip] : "unknown chip";
}

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	uint8_t mode, pin;
	uint32_t entry, reserved;

	if (read_u8(&reader) != 0xe9)
		return false;
	header->segments = read_u8(&reader);
	mode = read_u8(&reader);
	read_u8(&reader); /* speed and size of the flash */
	entry = read_u32_le(&reader);
	pin = read_u8(&reader);
	read_bytes(&reader, 3); /* how pins drive */
	header->chip = read_u16_le(&reader);
	read_bytes(&reader, 5); /* chip revisions */
	reserved = read_u32_le(&reader);
	header->hash_appended = read_u8(&reader);
	return !reader.overrun && header->segments >= 1 && header->segments <= ESP_MAX_SEGMENTS &&
	       mode <= 5 && fits(entry) && (pin == 0xee || pin < 64) && header->chip < 64 &&
	       reserved == 0 && header->hash_appended <= 1;
}

/* Signature blocks of secure boot version 2 in the sector at `at`; their count. */
static unsigned
count_blocks(struct span image, uint64_t at, struct tail *tail)
{
	unsigned count = 0;

	for (; count < MAX_BLOCKS; count++) {
		struct span block = span_part(image, at + count * BLOCK_SIZE, BLOCK_SIZE);
		struct reader reader = {.rest = block};
		uint8_t magic = read_u8(&reader), version = read_u8(&reader);
		struct span digest;
		bool good;

		read_bytes(&reader, 2);
		digest = read_bytes(&reader, DIGEST_SIZE);
		if (block.size == 0 || magic != 0xe7 || version < 2 || version > 3)
			break;
		reader.rest = span_from(block, BLOCK_CRC_AT);
		if (read_u32_le(&reader) != crc32_of(0, span_part(block, 0, BLOCK_CRC_AT)))
			break;
		good = digest_matches(DIGEST_SHA256, span_part(image, 0, at), digest);
		tail->digest_good = good && (count == 0 || tail->digest_good);
		tail->block_version = version;
	}
	return count;
}

/* Whether the sum is good or not: what was changed is signed all the same. */
static void
find_signature(struct span image, struct tail *tail)
{
	uint64_t sector = (tail->hash_end + SECTOR - 1) & ~(SECTOR - 1);
	struct span signature = span_part(image, tail->hash_end, ECDSA_V1_SIZE);
	struct span rest = span_from(image, tail->hash_end + ECDSA_V1_SIZE);

	tail->blocks = count_blocks(image, sector, tail);
	if (tail->blocks != 0) {
		tail->signature_at = sector;
		tail->end = sector + SECTOR < image.size ? sector + SECTOR : image.size;
		return;
	}
	/* version 0 is all that marks it, so it must be the last thing */
	tail->v1 = signature.size != 0 && rest.size < 16 &&
		   span_starts_with(signature, "\0\0\0\0", 4) &&
		   !esp_is_fill(span_from(signature, 4));
	if (tail->v1) {
		tail->signature_at = tail->hash_end;
		tail->end = image.size;
	}
}

static struct tail
read_tail(struct span image, const struct header *header, const struct esp_segments *segments)
{
	struct tail tail = {.sum_end = esp_sum_end(segments->end)};
	struct span summed = span_part(image, 0, tail.sum_end);

	tail.hash_end = tail.sum_end + (header->hash_appended ? DIGEST_SIZE : 0);
	tail.end = tail.hash_end;
	tail.cut = tail.hash_end > image.size;
	if (summed.size != 0)
		tail.sum_good = summed.at[summed.size - 1] == esp_segments_sum(segments);
	if (tail.cut)
		return tail;
	tail.hash_good = header->hash_appended && digest_matches(DIGEST_SHA256, summed,
						      span_part(image, tail.sum_end, DIGEST_SIZE));
	find_signature(image, &tail);
	return tail;
}

static const char *
text_of(struct job *job, struct reader *reader, size_t size)
{
	struct span field = read_bytes(reader, size);
	const char *text = text_from_bytes(
	    job, field.at, field.size == 0 ? 0 : strnlen((const char *)field.at, field.size), 48);

	return text == NULL ? "" : text;
}

/* The description that IDF puts first into the first segment. */
static void
put_description(struct job *job, struct text *text, struct span segment)
{
	struct reader reader = {.rest = segment};
	const char *version, *project, *time, *date, *framework;

	if (read_u32_le(&reader) == APP_MAGIC) {
		uint32_t secure = read_u32_le(&reader);

		read_bytes(&reader, 8);
		version = text_of(job, &reader, 32);
		project = text_of(job, &reader, 32);
		time = text_of(job, &reader, 16);
		date = text_of(job, &reader, 16);
		framework = text_of(job, &reader, 32);
		if (!reader.overrun)
			text_printf(text, ", \"%s\" %s, IDF %s, built %s %s, security version %u",
			    project, version, framework, date, time, secure);
		return;
	}
	reader = (struct reader){.rest = segment};
	if (read_u32_le(&reader) != LOADER_MAGIC)
		return;
	read_bytes(&reader, 4); /* version */
	framework = text_of(job, &reader, 32);
	date = text_of(job, &reader, 24);
	if (!reader.overrun && framework[0] == 'v')
		text_printf(text, ", boot loader, IDF %s, built %s", framework, date);
}

static void
put_signature(struct text *text, const struct tail *tail)
{
	if (tail->blocks != 0)
		text_printf(text, ", secure boot v2: %u %s signature%s, its digest %s",
		    tail->blocks, tail->block_version == 2 ? "RSA-3072" : "ECDSA",
		    tail->blocks == 1 ? "" : "s", tail->digest_good ? "good" : "bad");
	else if (tail->v1)
		text_put(text, ", secure boot v1: ECDSA P-256 signature");
	else
		text_put(text, ", unsigned");
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	struct esp_segments segments;
	struct tail tail;
	struct text text = text_new(job);

	if (!read_header(at, &header))
		return;
	segments = esp_segments_read(at, HEADER_SIZE, header.segments, fits);
	claim->tried = true;
	if ((!segments.plausible || segments.count == 0) && !claim->expected)
		return;
	tail = read_tail(at, &header, &segments);
	text_printf(&text, "%s, %zu segments", chip_name(header.chip), segments.count);
	if (segments.count < header.segments || tail.cut) {
		claim->bytes = segments.plausible ? at.size : segments.end;
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    segments.plausible ? "the image is cut short" : "a segment makes no sense";
		text_printf(&text, " of %u, %s", header.segments, claim->incomplete);
	} else {
		claim->bytes = tail.end;
		text_printf(&text, ", checksum %s", tail.sum_good ? "good" : "bad");
		if (header.hash_appended)
			text_printf(&text, ", sha256 %s", tail.hash_good ? "good" : "bad");
		if (!tail.sum_good || (header.hash_appended && !tail.hash_good)) {
			claim->coverage = COVERAGE_DAMAGED;
			claim->incomplete = "a checksum is bad";
		}
		put_signature(&text, &tail);
	}
	if (segments.count != 0)
		put_description(job, &text, segments.segments[0].content);
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct esp_segments segments;
	struct tail tail;
	uint64_t signature_end;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "esp: no header");
	segments = esp_segments_read(content, HEADER_SIZE, header.segments, fits);
	TRY(esp_segments_add(unpack, container, &segments));
	tail = read_tail(content, &header, &segments);
	if (segments.count < header.segments || tail.cut || tail.signature_at == 0)
		return STATUS_OK;
	signature_end =
	    tail.signature_at + (tail.v1 ? ECDSA_V1_SIZE : (uint64_t)tail.blocks * BLOCK_SIZE);
	TRY(esp_add_slack(unpack, container, "before_signature.bin",
	    span_part(content, tail.hash_end, tail.signature_at - tail.hash_end)));
	return esp_add_slack(
	    unpack, container, "after_signature.bin", span_from(content, signature_end));
}

/* One byte is no magic: an image is looked for where something begins, and where an application
 * describes itself. */
static const struct magic magics[] = {
    {.pattern = "^\\xe9[\\x01-\\x10][\\x00-\\x05]....[\\x40\\x4f]", .length = 8},
    {.pattern = "\\x32\\x54\\xcd\\xab", .length = 4, .offset = 32},
};

const struct format format_esp_image = {
    .name = "esp_image",
    .title = "Espressif ESP32 application or boot loader",
    .source = "ESP-IDF esp_app_format.h, esp_image_format.h, secure boot v1 and v2 guides",
    .gaps = "signatures are verified by the collector update_signature; flash-encrypted images "
	    "have no header and are not recognised; boot loaders only where something begins",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
