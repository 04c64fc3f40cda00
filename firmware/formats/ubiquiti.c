/* Ubiquiti's images are a line of version, named parts with a CRC each, and an end that signs or
 * sums them. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/header.h"

#define VERSION_SIZE ((size_t)256)
#define HEADER_SIZE (4 + VERSION_SIZE + 4 + 4)
#define PART_HEADER_SIZE ((size_t)56)
#define PART_TRAILER_SIZE ((size_t)8)
#define SIGNATURE_SIZE ((size_t)256)

struct part {
	struct span name;
	uint64_t offset, bytes; /* of its data */
	bool crc_good;
};

struct image {
	struct span version;
	bool header_good;
	struct part parts[HEADER_MAX_BLOBS];
	size_t part_count, bad_parts;
	uint64_t bytes;  /* up to the end of what could be walked */
	const char *end; /* how it ends; NULL: it does not */
};

static bool
is_part(struct span at)
{
	static const char *const kinds[] = {"PART", "EXEC", "FILE", "BOOT"};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (span_starts_with(at, kinds[i], 4))
			return true;
	return false;
}

/* One part at `offset`; false: there is none, or it leaves the image. */
static bool
read_part(struct span at, uint64_t offset, struct part *part)
{
	struct reader reader = {.rest = span_from(at, offset)};
	struct span summed;

	if (!is_part(reader.rest))
		return false;
	read_bytes(&reader, 4);
	part->name = header_trim(read_bytes(&reader, 16));
	read_bytes(&reader, 12 + 16); /* fill; load address, index, place in flash, entry point */
	part->bytes = read_u32_be(&reader);
	read_bytes(&reader, 4); /* room in flash */
	part->offset = offset + PART_HEADER_SIZE;
	summed = span_part(at, offset, PART_HEADER_SIZE + part->bytes);
	read_bytes(&reader, part->bytes);
	part->crc_good = crc32_of(0, summed) == read_u32_be(&reader);
	read_bytes(&reader, 4);
	return !reader.overrun && part->name.size != 0;
}

/* The section that ends the image: a CRC over all before it, or a signature. */
static void
read_end(struct span at, uint64_t offset, struct image *image)
{
	struct reader reader = {.rest = span_from(at, offset)};
	struct span mark = read_bytes(&reader, 4);

	if (span_starts_with(mark, "END.", 4)) {
		bool good = crc32_of(0, span_part(at, 0, offset)) == read_u32_be(&reader);

		read_bytes(&reader, 4);
		image->end = good ? "crc32 good" : "crc32 bad";
	} else if (span_starts_with(mark, "ENDS", 4)) {
		read_bytes(&reader, SIGNATURE_SIZE + 4);
		image->end = "with an RSA signature";
	}
	if (reader.overrun)
		image->end = NULL;
	if (image->end != NULL)
		image->bytes = at.size - reader.rest.size;
}

static bool
read_image(struct span at, bool expected, struct image *image)
{
	struct reader reader = {.rest = at};
	struct part part;

	*image = (struct image){.bytes = HEADER_SIZE};
	read_bytes(&reader, 4);
	image->version = read_bytes(&reader, VERSION_SIZE);
	image->header_good =
	    crc32_of(0, span_part(at, 0, 4 + VERSION_SIZE)) == read_u32_be(&reader);
	read_bytes(&reader, 4);
	if (reader.overrun || header_trim(image->version).size == 0)
		return false;
	if (!image->header_good && !(expected && is_part(reader.rest)))
		return false;
	while (image->part_count < HEADER_MAX_BLOBS && read_part(at, image->bytes, &part)) {
		image->parts[image->part_count++] = part;
		image->bad_parts += !part.crc_good;
		image->bytes = part.offset + part.bytes + PART_TRAILER_SIZE;
	}
	read_end(at, image->bytes, image);
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;

	if (!read_image(at, claim->expected, &image))
		return;
	claim->bytes = image.end != NULL ? image.bytes : at.size;
	claim->detail =
	    arena_printf(job, "%.4s \"%s\", header crc32 %s, %zu parts, %s%s", (const char *)at.at,
		header_text(job, image.version), image.header_good ? "good" : "bad",
		image.part_count, image.bad_parts == 0 ? "" : "crc32 of a part bad, ",
		image.end != NULL ? image.end : "cut short");
	if (image.end == NULL) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the image has no end";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct blob blobs[HEADER_MAX_BLOBS];
	struct image image;

	if (!read_image(content, true, &image))
		return fail(job, STATUS_MALFORMED, "ubiquiti: header cut short");
	for (size_t i = 0; i < image.part_count; i++)
		blobs[i] =
		    (struct blob){image.parts[i].name, image.parts[i].offset, image.parts[i].bytes};
	TRY(header_add_blobs(unpack, container, content, blobs, image.part_count));
	/* what follows the last part that is whole */
	return header_add_rest(job, unpack, container, content, image.bytes, NULL, 0);
}

static const struct magic magics[] = {
    {.pattern = "(UBNT|OPEN|GEOS)[0-9A-Za-z._\\-]{5}", .length = 9}};

const struct format format_ubiquiti = {
    .name = "ubiquiti",
    .title = "Ubiquiti airOS and UniFi image (UBNT, OPEN, GEOS)",
    .source = "OpenWrt firmware-utils: fw.h, mkfwimage.c",
    .gaps = "the RSA signature is named, not checked",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
