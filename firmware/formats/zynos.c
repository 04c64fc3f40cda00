/* ZyXEL's ZynOS objects are 48 bytes of header, "SIG" among them, before what they hold, compressed
 * or not. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)48)
#define LARGEST ((uint32_t)64 << 20)
#define FLAG_PACKED_SUM 0x20u
#define FLAG_PLAIN_SUM 0x40u
#define FLAG_PACKED 0x80u

struct header {
	uint32_t load, size, packed;
	uint8_t type, flags;
	uint16_t plain_sum, packed_sum;
	struct span version;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	header->load = read_u32_be(&reader);
	read_bytes(&reader, 5); /* fill, magic */
	header->type = read_u8(&reader);
	header->size = read_u32_be(&reader);
	header->packed = read_u32_be(&reader);
	header->flags = read_u8(&reader);
	read_bytes(&reader, 1);
	header->plain_sum = read_u16_be(&reader);
	header->packed_sum = read_u16_be(&reader);
	header->version = read_bytes(&reader, 15);
	read_bytes(&reader, 9);
	return !reader.overrun && header->size != 0 && header->size <= LARGEST &&
	       ((header->flags & FLAG_PACKED) == 0 ||
		   (header->packed != 0 && header->packed <= header->size));
}

/* The sum of big-endian words, with what overflows added at the low end. */
static uint16_t
sum_of(struct span bytes)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes.size; i += 2) {
		sum += (uint32_t)bytes.at[i] << 8 | (i + 1 < bytes.size ? bytes.at[i + 1] : 0u);
		if (sum > 0xffff)
			sum = (sum + 1) & 0xffff;
	}
	return (uint16_t)sum;
}

/* Is the sum that can be checked there and good? */
static bool
sum_is_good(const struct header *header, struct span body)
{
	bool packed = (header->flags & FLAG_PACKED) != 0;

	if ((header->flags & (packed ? FLAG_PACKED_SUM : FLAG_PLAIN_SUM)) == 0)
		return false;
	return body.size != 0 && sum_of(body) == (packed ? header->packed_sum : header->plain_sum);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	uint32_t size;
	bool good;

	if (!read_header(at, &header))
		return;
	size = (header.flags & FLAG_PACKED) != 0 ? header.packed : header.size;
	claim->searched = size;
	good = sum_is_good(&header, span_part(at, HEADER_SIZE, size));
	if (!good && !claim->expected)
		return;
	claim->detail =
	    arena_printf(job, "type %02x, load %08x, %u bytes%s, version \"%s\", sum %s%s",
		header.type, header.load, size, (header.flags & FLAG_PACKED) != 0 ? " packed" : "",
		header_text(job, header.version), good ? "good" : "not good",
		header_claim(claim, at, HEADER_SIZE + size) ? "" : ", cut short");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hints[] = {{HEADER_SIZE, "lzma"}, {HEADER_SIZE, NULL}};

	(void)job;
	return unpack_search(unpack, container, content, HEADER_SIZE, hints, ARRAY_SIZE(hints));
}

static const struct magic magics[] = {
    {.pattern = "\\x00\\x00SIG[\\x01-\\x07\\x80-\\x82]", .length = 6, .offset = 4}};

const struct format format_zynos = {
    .name = "zynos",
    .title = "ZyXEL ZynOS object (SIG)",
    .source = "OpenWrt firmware-utils: zynos.h, mkzynfw.c",
    .gaps = "the memory map; ZyXEL's own compression is told as a gap",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
