/* A TRX (Broadcom) is a checksum and up to four offsets before a loader, a kernel and a root file
 * system. */
#include "base/arena.h"
#include "firmware/unpack.h"

#define MAX_PARTS 4

struct header {
	uint32_t size, crc;
	uint16_t flags, version;
	uint32_t parts[MAX_PARTS];
	size_t part_count, header_size;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->size = read_u32_le(&reader);
	header->crc = read_u32_le(&reader);
	header->flags = read_u16_le(&reader);
	header->version = read_u16_le(&reader);
	if (header->version != 1 && header->version != 2)
		return false;
	header->part_count = header->version == 2 ? 4 : 3;
	for (size_t i = 0; i < header->part_count; i++)
		header->parts[i] = read_u32_le(&reader);
	header->header_size = 16 + 4 * header->part_count;
	return !reader.overrun && header->size >= header->header_size;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	static const uint64_t covered_from = 12; /* flags to the end */
	struct header header;
	struct span whole;
	bool cut, good;

	if (!read_header(at, &header))
		return;
	cut = header.size > at.size;
	for (size_t i = 0; i < header.part_count; i++)
		if (header.parts[i] >= header.size)
			return;
	whole = span_part(at, 0, cut ? at.size : header.size);
	/* the CRC is stored without its final inversion */
	good = !cut && crc32_of(0, span_from(whole, covered_from)) == ~header.crc;
	claim->searched = whole.size;
	if (!good && !claim->expected && header.parts[0] != header.header_size)
		return;
	claim->bytes = whole.size;
	claim->detail = arena_printf(job, "version %u, crc32 %s%s", header.version,
	    good ? "good" : "bad", cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the image is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct hint hints[MAX_PARTS];
	struct header header;
	size_t count = 0;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "trx: header cut short");
	for (size_t i = 0; i < header.part_count; i++)
		if (header.parts[i] >= header.header_size && header.parts[i] < content.size)
			hints[count++] = (struct hint){header.parts[i], "lzma"};
	return unpack_search(unpack, container, content, header.header_size, hints, count);
}

static const struct magic magics[] = {{.pattern = "HDR0", .length = 4}};

const struct format format_trx = {
    .name = "trx",
    .title = "Broadcom TRX image",
    .source = "OpenWrt tools/firmware-utils trx.c; Linux drivers/mtd/parsers/parser_trx.c",
    .gaps = "vendor headers before it are gaps",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
