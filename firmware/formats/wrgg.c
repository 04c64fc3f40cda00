/* Alpha Networks' WRGG header stands before images of D-Link's access points; its MD5 takes in two
 * of its own fields. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)0xa0)
#define OFFSET_AT ((uint64_t)0x6c)
#define DEVICE_SIZE ((size_t)32)

struct header {
	struct span signature, version, model, build, summed, md5;
	uint64_t size;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	struct reader again;

	header->signature = read_bytes(&reader, 32);
	read_bytes(&reader, 8); /* magic, twice */
	header->version = read_bytes(&reader, 16);
	header->model = read_bytes(&reader, 16);
	read_bytes(&reader, 16); /* flags, reserve */
	header->build = read_bytes(&reader, 16);
	again = reader;
	header->size = read_u32_le(&reader);
	if (header->size > read_u32_be(&again)) { /* the smaller of both orders makes sense */
		again = reader;
		again.rest = span_from(at, OFFSET_AT - 4);
		header->size = read_u32_be(&again);
	}
	header->summed = read_bytes(&reader, 4 + DEVICE_SIZE);
	header->md5 = read_bytes(&reader, HEADER_MD5_SIZE);
	return !reader.overrun && header->size != 0 && header_text_is_good(header->signature) &&
	       header_text_is_good(header->model);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	bool whole, good;

	if (!read_header(at, &header))
		return;
	whole = header_claim(claim, at, HEADER_SIZE + header.size);
	good = whole && header_md5_is(
			    (struct span[]){header.summed, span_part(at, HEADER_SIZE, header.size)},
			    2, header.md5);
	claim->detail = arena_printf(job, "%s, model %s, version %s, build %s, %s",
	    header_text(job, header.signature), header_text(job, header.model),
	    header_text(job, header.version), header_text(job, header.build),
	    !whole ? "cut short"
	    : good ? "md5 good"
		   : "md5 bad");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hints[] = {{HEADER_SIZE, "lzma"}, {HEADER_SIZE, NULL}};

	(void)job;
	return unpack_search(unpack, container, content, HEADER_SIZE, hints, ARRAY_SIZE(hints));
}

static const struct magic magics[] = {
    {.pattern = "\\x21\\x03\\x08\\x20\\x21\\x03\\x08\\x20", .length = 8, .offset = 32}};

const struct format format_wrgg = {
    .name = "wrgg",
    .title = "D-Link and Alpha Networks WRGG header",
    .source = "OpenWrt firmware-utils: mkwrggimg.c",
    .gaps = "payloads that are enciphered under a key of the signature are gaps",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
