/* AVM's loader wants an LZMA stream without its length, which stands before it in a record of its
 * own. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)12)
#define STREAM_HEADER_SIZE ((uint64_t)24)
#define TRAILER_SIZE ((uint64_t)12) /* sum, end mark, entry point */
#define PLAIN_HEADER_SIZE ((size_t)13)
#define LARGEST ((uint32_t)64 << 20)
#define KIND_LZMA 0x075a0201u

struct header {
	uint32_t record, load, kind, packed, unpacked, crc;
	struct span properties;
	uint64_t payload;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->record = read_u32_le(&reader);
	header->load = read_u32_le(&reader);
	header->kind = read_u32_le(&reader);
	header->packed = read_u32_le(&reader);
	header->unpacked = read_u32_le(&reader);
	header->crc = read_u32_le(&reader);
	header->properties = read_bytes(&reader, 5);
	read_bytes(&reader, 3);
	header->payload = at.size - reader.rest.size;
	return !reader.overrun && header->kind == KIND_LZMA && header->packed <= LARGEST &&
	       header->packed != 0 && header->unpacked != 0 &&
	       header->record >= STREAM_HEADER_SIZE + header->packed &&
	       header->record - header->packed <= 2 * STREAM_HEADER_SIZE;
}

/* The stream as everyone else writes it. */
static bool
rebuild(struct span packed, const struct header *header, struct buffer *stream)
{
	stream->limit = LARGEST + PLAIN_HEADER_SIZE;
	if (!buffer_reserve(stream, PLAIN_HEADER_SIZE + packed.size))
		return false;
	memset(stream->at, 0, PLAIN_HEADER_SIZE);
	memcpy(stream->at, header->properties.at, header->properties.size);
	for (unsigned i = 0; i < 4; i++)
		stream->at[5 + i] = (uint8_t)(header->unpacked >> 8 * i);
	memcpy(stream->at + PLAIN_HEADER_SIZE, packed.at, packed.size);
	stream->size = PLAIN_HEADER_SIZE + packed.size;
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct buffer stream = {0};
	struct header header;
	struct span packed;
	enum stream_end end = STREAM_CUT;
	size_t used = 0;
	bool whole, good;

	if (!read_header(at, &header))
		return;
	whole = header_claim(claim, at, HEADER_SIZE + header.record + TRAILER_SIZE);
	packed = span_part(at, header.payload, header.packed);
	good = packed.size != 0 && crc32_of(0, packed) == header.crc;
	if (packed.size == 0)
		packed = span_from(at, header.payload);
	if (rebuild(packed, &header, &stream))
		end = lzma_decode(buffer_span(&stream), &claim->decoded, &used);
	buffer_free(&stream);
	claim->detail = arena_printf(job, "load %08x, %u bytes when unpacked, crc32 %s%s",
	    header.load, header.unpacked, good ? "good" : "bad", whole ? "" : ", cut short");
	if (end != STREAM_ENDED && claim->coverage == COVERAGE_READ) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the kernel cannot be unpacked whole";
	}
}

static const struct magic magics[] = {
    {.pattern = "\\x81\\x12\\xed\\xfe", .length = 4},
};

const struct format format_avm_kernel = {
    .name = "avm_kernel",
    .title = "AVM FRITZ!Box kernel (EVA loader)",
    .source = "OpenWrt firmware-utils: lzma2eva.c",
    .gaps = "the record's own sum; a second kernel (FEEDB007) in images of two processors",
    .nature = NATURE_STREAM,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
