/* Switches that run Marvell's ROS (once Radlan's) ship an "RNTP" package: a table of named parts.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define NAME_SIZE ((size_t)16)

struct image {
	bool is_big;
	struct span version;
	struct blob parts[HEADER_MAX_BLOBS];
	uint32_t part_count;
	uint64_t table_end, end;
};

static uint32_t
number(struct reader *reader, bool is_big)
{
	return is_big ? read_u32_be(reader) : read_u32_le(reader);
}

/* The header's size by its version; 0: not known. */
static size_t
header_size(struct span version)
{
	if (span_starts_with(version, "1.01", 4))
		return 48;
	return span_starts_with(version, "2.00", 4) ? 80 : 0;
}

static bool
read_parts(struct span at, struct image *image)
{
	struct reader reader = {.rest = span_from(at, image->table_end)};

	for (uint32_t i = 0; i < image->part_count; i++) {
		struct blob *part = &image->parts[i];

		part->name = read_bytes(&reader, NAME_SIZE);
		part->offset = number(&reader, image->is_big);
		part->bytes = number(&reader, image->is_big);
		read_bytes(&reader, 8);
		if (reader.overrun || !header_text_is_good(part->name))
			return false;
		part->name = header_trim(part->name);
		if (part->offset + part->bytes > image->end)
			image->end = part->offset + part->bytes;
	}
	image->table_end = at.size - reader.rest.size;
	for (uint32_t i = 0; i < image->part_count; i++)
		if (image->parts[i].offset < image->table_end)
			return false;
	return true;
}

static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};
	struct span pack, count;

	*image = (struct image){0};
	read_bytes(&reader, 4); /* magic */
	image->version = read_bytes(&reader, 4);
	read_bytes(&reader, 16); /* time and flags */
	pack = read_bytes(&reader, 8);
	count = read_bytes(&reader, 4);
	if (reader.overrun || header_size(image->version) == 0 ||
	    !span_starts_with(pack, "PACK", 4))
		return false;
	image->is_big = count.at[0] == 0;
	reader = (struct reader){.rest = count};
	image->part_count = number(&reader, image->is_big);
	image->table_end = header_size(image->version);
	return image->part_count != 0 && image->part_count <= HEADER_MAX_BLOBS &&
	       read_parts(at, image);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	bool whole;

	if (!read_image(at, &image))
		return;
	whole = header_claim(claim, at, image.end);
	claim->detail =
	    arena_printf(job, "version %.4s, %s-endian, %u parts%s", (const char *)image.version.at,
		image.is_big ? "big" : "little", image.part_count, whole ? "" : ", cut short");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;

	if (!read_image(content, &image))
		return fail(job, STATUS_MALFORMED, "ros: table cut short");
	TRY(header_add_blobs(unpack, container, content, image.parts, image.part_count));
	return header_add_rest(
	    job, unpack, container, content, image.table_end, image.parts, image.part_count);
}

static const struct magic magics[] = {{.pattern = "RNTP[12]\\.0[01]", .length = 8}};

const struct format format_ros = {
    .name = "ros",
    .title = "Marvell ROS (Radlan) package of switches",
    .source = "fkie-cad fact_extractor: plugins/unpacking/ros",
    .gaps = "time, flags and checksums, whose meaning is not published, are not read",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
