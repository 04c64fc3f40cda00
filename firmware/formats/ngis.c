/* IKEA sells Zigbee OTA files between a key and a signature of its own. */
#include "base/arena.h"
#include "firmware/unpack.h"

#define LEAST_HEADER 28u

struct header {
	uint32_t offset, size, end;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 16); /* magic, and what is not known */
	header->offset = read_u32_le(&reader);
	header->size = read_u32_le(&reader);
	header->end = read_u32_le(&reader);
	return !reader.overrun && header->offset >= LEAST_HEADER && header->size != 0 &&
	       header->offset < 1u << 20 && header->size < 1u << 30 &&
	       header->end == header->offset + header->size;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;

	if (!read_header(at, &header))
		return;
	/* how long the signature is, only the end of the file tells */
	claim->bytes = at.size;
	claim->detail = arena_printf(job, "image at 0x%x, %u bytes, signature of %zu bytes",
	    header.offset, header.size, at.size > header.end ? at.size - header.end : 0);
	if (header.end >= at.size) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct span image;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "ngis: no header");
	if (header.offset >= content.size)
		return STATUS_OK;
	TRY(unpack_part(unpack, container, "key.bin",
	    span_part(content, LEAST_HEADER, header.offset - LEAST_HEADER)));
	image = span_from(content, header.offset);
	if (image.size > header.size)
		image.size = header.size;
	TRY(unpack_part(unpack, container, "image.bin", image));
	return header.end < content.size
		   ? unpack_part(unpack, container, "signature.bin", span_from(content, header.end))
		   : STATUS_OK;
}

static const struct magic magics[] = {{.pattern = "^NGIS\\x0c\\x00\\x00\\x00", .length = 8}};

const struct format format_ngis = {
    .name = "ngis",
    .title = "IKEA signed image",
    .source = "zigpy zigpy/ota/image.py, which takes it off; the other fields are not published",
    .gaps = "the key and the signature are files, not verified",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
