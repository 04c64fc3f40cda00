/* A uImage is 64 bytes of header before what the boot loader is told is there; some tell it wrong.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define HEADER_SIZE 64
#define HEADER_CRC_AT 4

struct header {
	uint32_t header_crc, size, data_crc;
	uint8_t system, machine, type, compression;
	struct span name;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->header_crc = read_u32_be(&reader);
	read_bytes(&reader, 4); /* time */
	header->size = read_u32_be(&reader);
	read_bytes(&reader, 8); /* load address, entry point */
	header->data_crc = read_u32_be(&reader);
	header->system = read_u8(&reader);
	header->machine = read_u8(&reader);
	header->type = read_u8(&reader);
	header->compression = read_u8(&reader);
	header->name = read_bytes(&reader, 32);
	return !reader.overrun;
}

/* The header's own checksum, with that field as zero. */
static uint32_t
header_crc(struct span at)
{
	uint8_t copy[HEADER_SIZE];

	memcpy(copy, at.at, sizeof copy);
	memset(copy + HEADER_CRC_AT, 0, 4);
	return crc32_of(0, (struct span){copy, sizeof copy});
}

static const char *
compression_name(uint8_t compression)
{
	static const char *const names[] = {"none", "gzip", "bzip2", "lzma", "lzo", "lz4", "zstd"};

	return compression < ARRAY_SIZE(names) ? names[compression] : "unknown";
}

static const char *
type_name(uint8_t type)
{
	static const char *const names[] = {"invalid", "standalone", "kernel", "ramdisk", "multi",
	    "firmware", "script", "filesystem", "flat device tree"};

	return type < ARRAY_SIZE(names) ? names[type] : "other";
}

/* Values U-Boot knows, with room for those it may learn. */
static bool
is_plausible(const struct header *header)
{
	return header->size != 0 && header->system < 40 && header->machine < 40 &&
	       header->type < 64 && header->compression < 16;
}

static bool
begins_like(struct span payload, uint8_t compression)
{
	static const char gzip[] = "\x1f\x8b", bzip2[] = "BZh", zstd[] = "\x28\xb5\x2f\xfd";

	switch (compression) {
	case 1:
		return span_starts_with(payload, gzip, 2);
	case 2:
		return span_starts_with(payload, bzip2, 3);
	case 6:
		return span_starts_with(payload, zstd, 4);
	default:
		return true;
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	struct span payload, rest = span_from(at, HEADER_SIZE);
	bool header_good, whole, data_good;
	const char *name;

	if (!read_header(at, &header))
		return;
	header_good = header_crc(at) == header.header_crc;
	whole = header.size <= rest.size;
	if (!header_good && !(claim->expected && is_plausible(&header)))
		return;
	payload = span_part(rest, 0, whole ? header.size : rest.size);
	data_good = whole && crc32_of(0, payload) == header.data_crc;
	name = text_from_bytes(
	    job, header.name.at, strnlen((const char *)header.name.at, header.name.size), 64);
	claim->bytes = HEADER_SIZE + payload.size;
	claim->detail = arena_printf(job, "header crc32 %s, data crc32 %s, %s, %s%s, \"%s\"%s",
	    header_good ? "good" : "bad", data_good ? "good" : "bad", type_name(header.type),
	    compression_name(header.compression),
	    begins_like(payload, header.compression) ? "" : " claimed but not there",
	    name == NULL ? "" : name, whole ? "" : ", cut short");
	if (!whole) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the payload is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	/* LZMA has no magic worth the name: the header's word is needed */
	static const struct hint lzma = {.offset = HEADER_SIZE, .format = "lzma"};
	struct header header;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "uimage: header cut short");
	return unpack_search(
	    unpack, container, content, HEADER_SIZE, &lzma, header.compression == 3 ? 1 : 0);
}

static const struct magic magics[] = {{.pattern = "\\x27\\x05\\x19\\x56", .length = 4}};

const struct format format_uimage = {
    .name = "uimage",
    .title = "U-Boot legacy image",
    .source = "U-Boot include/image.h, struct legacy_img_hdr",
    .gaps = "the parts of a multi-file image are found by their magics, not by its table of sizes",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
