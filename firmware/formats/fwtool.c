/* OpenWrt appends blocks to an image: what it is for, then a signature; each ends in a trailer with
 * a sum over everything before that. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define TRAILER_SIZE 16u
#define LARGEST ((uint32_t)64 << 10)
#define DESCRIPTION_HEADER 8u
#define MAX_TEXT 120u

enum { TYPE_SIGNATURE = 0, TYPE_DESCRIPTION = 1 };

struct trailer {
	uint32_t sum, size; /* of the whole block */
	uint8_t type;
};

static bool
read_trailer(struct span at, struct trailer *trailer)
{
	struct reader reader = {.rest = at};
	struct span padding;

	read_bytes(&reader, 4); /* magic */
	trailer->sum = read_u32_be(&reader);
	trailer->type = read_u8(&reader);
	padding = read_bytes(&reader, 3);
	trailer->size = read_u32_be(&reader);
	return !reader.overrun && trailer->type <= TYPE_DESCRIPTION &&
	       memcmp(padding.at, "\0\0\0", 3) == 0 && trailer->size > TRAILER_SIZE &&
	       trailer->size <= LARGEST;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct trailer trailer;
	struct span data;
	const char *text = "";

	if (!read_trailer(at, &trailer) || claim->before.size <= trailer.size - TRAILER_SIZE ||
	    claim->before.size > claim->comparable)
		return;
	claim->comparable -= claim->before.size;
	claim->searched = claim->before.size;
	if (trailer.sum != (uint32_t)~crc32_of(0, claim->before))
		return; /* programs that know the magic hold it as well */
	data = span_from(claim->before, claim->before.size - (trailer.size - TRAILER_SIZE));
	claim->bytes = TRAILER_SIZE;
	claim->back = data.size;
	if (trailer.type == TYPE_DESCRIPTION) {
		data = span_from(data, DESCRIPTION_HEADER);
		text = text_from_bytes(job, data.at, data.size, MAX_TEXT);
	}
	claim->detail = trailer.type == TYPE_SIGNATURE
			    ? "a signature, crc32 good"
			    : arena_printf(job, "%s, crc32 good", text == NULL ? "" : text);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct trailer trailer;
	struct span data;

	if (content.size < TRAILER_SIZE ||
	    !read_trailer(span_from(content, content.size - TRAILER_SIZE), &trailer))
		return fail(job, STATUS_MALFORMED, "fwtool: no trailer");
	data = span_part(content, 0, content.size - TRAILER_SIZE);
	if (data.size == 0)
		return STATUS_OK; /* another claim has them */
	if (trailer.type == TYPE_SIGNATURE)
		return unpack_part(unpack, container, "signature", data);
	return unpack_part(unpack, container, "metadata.json", span_from(data, DESCRIPTION_HEADER));
}

static const struct magic magics[] = {{.pattern = "FWx0", .length = 4}};

const struct format format_fwtool = {
    .name = "fwtool",
    .title = "OpenWrt's blocks behind an image: description, signature",
    .source = "OpenWrt fwtool.c, fwimage.h",
    .gaps = "none known",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
