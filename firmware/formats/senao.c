/* Senao (EnGenius) hides an image under a key of 32 bits that stands before it. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)0x60)
#define SUM_AT ((size_t)0x58)
#define CAPWAP_SIZE ((uint64_t)40)
#define MAX_MODEL 64u
#define KEY 0x12345678u

struct header {
	uint32_t vendor, product, type, size, sum;
	struct span version, md5, model;
	uint64_t payload;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	uint32_t zero, model;

	read_bytes(&reader, 4);
	header->vendor = read_u32_be(&reader);
	header->product = read_u32_be(&reader);
	header->version = read_bytes(&reader, 16);
	header->type = read_u32_be(&reader);
	header->size = read_u32_be(&reader);
	zero = read_u32_be(&reader);
	header->md5 = read_bytes(&reader, HEADER_MD5_SIZE);
	read_bytes(&reader, 32);
	header->sum = read_u32_be(&reader);
	read_bytes(&reader, 4); /* key */
	header->payload = HEADER_SIZE;
	header->model = (struct span){0};
	if (header->type == 0) { /* a combined image has a second header */
		read_bytes(&reader, CAPWAP_SIZE - 4);
		model = read_u32_be(&reader);
		if (model > MAX_MODEL)
			return false;
		header->model = read_bytes(&reader, model);
		header->payload += CAPWAP_SIZE + model;
	}
	return !reader.overrun && zero == 0 && header->type <= 12 && header->size != 0;
}

/* All bytes of the headers, with the sum's own as zero. */
static uint32_t
sum_of(struct span at, uint64_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size && i < at.size; i++)
		sum += i - SUM_AT < 4 ? 0 : at.at[i];
	return sum;
}

static uint8_t
key_at(size_t offset)
{
	return (uint8_t)(KEY >> (offset % 8));
}

/* Some images are filled up with zeros, which are hidden as well. */
static uint64_t
end_of_fill(struct span at, const struct header *header)
{
	uint64_t end = header->payload + header->size;

	while (end < at.size && at.at[end] == key_at(end - header->payload))
		end++;
	return end;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	struct span hidden, plain;
	struct buffer *out = &claim->decoded;
	bool whole, good;

	if (!read_header(at, &header) || sum_of(at, header.payload) != header.sum)
		return;
	whole = header_claim(claim, at, header.payload + header.size);
	hidden = span_part(at, header.payload, claim->bytes - header.payload);
	if (!buffer_reserve(out, hidden.size) || out->room < hidden.size) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "an image is larger than the limit when unpacked";
		return;
	}
	for (size_t i = 0; i < hidden.size; i++)
		out->at[i] = hidden.at[i] ^ key_at(i);
	out->size = hidden.size;
	plain = buffer_span(out);
	good = header_md5_is(&plain, 1, header.md5);
	if (whole)
		claim->bytes = end_of_fill(at, &header);
	claim->detail = arena_printf(job,
	    "vendor %x, product %x%s%s, version \"%s\", type %u, header sum good, %s",
	    header.vendor, header.product, header.model.size == 0 ? "" : ", model ",
	    header_text(job, header.model), header_text(job, header.version), header.type,
	    !whole ? "cut short"
	    : good ? "md5 good"
		   : "md5 bad");
}

static const struct magic magics[] = {
    {.pattern = "\\x12\\x34\\x56\\x78", .length = 4, .offset = 0x5c}};

const struct format format_senao = {
    .name = "senao",
    .title = "Senao and EnGenius image",
    .source = "OpenWrt firmware-utils: mksenaofw.c",
    .gaps = "keys other than 0x12345678",
    .nature = NATURE_STREAM,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
