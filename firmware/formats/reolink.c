/* Reolink's and Swann's PAK is two tables, of sections and of flash partitions, before the
 * sections.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)12)
#define SECTION_SIZE ((uint64_t)64)
#define PARTITION_SIZE ((uint64_t)76)
#define NAME_SIZE ((size_t)32)
#define VERSION_SIZE ((size_t)24)

struct image {
	uint32_t crc, type;
	struct blob sections[HEADER_MAX_BLOBS];
	struct span version; /* of the first section that tells one */
	uint64_t data, end;
	size_t count;
};

static void
read_section(struct reader *reader, struct image *image)
{
	struct blob *section = &image->sections[image->count];
	struct span version;

	section->name = header_trim(read_bytes(reader, NAME_SIZE));
	version = read_bytes(reader, VERSION_SIZE);
	section->offset = read_u32_le(reader);
	section->bytes = read_u32_le(reader);
	if (image->version.size == 0)
		image->version = header_trim(version);
	if (section->offset + section->bytes > image->end)
		image->end = section->offset + section->bytes;
}

/* How many there are follows from where the first one lies. */
static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};
	struct reader first = {.rest = span_from(at, HEADER_SIZE + NAME_SIZE + VERSION_SIZE)};
	uint64_t count, tables;

	*image = (struct image){0};
	read_bytes(&reader, 4); /* magic */
	image->crc = read_u32_le(&reader);
	image->type = read_u32_le(&reader);
	image->data = read_u32_le(&first);
	if (first.overrun || image->data <= HEADER_SIZE)
		return false;
	tables = image->data - HEADER_SIZE;
	count = tables / (SECTION_SIZE + PARTITION_SIZE);
	if (tables % (SECTION_SIZE + PARTITION_SIZE) != 0 || count > HEADER_MAX_BLOBS)
		return false;
	for (; image->count < count; image->count++) {
		read_section(&reader, image);
		if (image->sections[image->count].offset < image->data)
			return false;
	}
	return !reader.overrun && header_text_is_good(read_bytes(&reader, NAME_SIZE));
}

/* Over the sections, a number, and their table. */
static bool
crc_is_good(struct span at, const struct image *image)
{
	static const uint8_t two[4] = {2};
	uint32_t crc = crc32_of(UINT32_MAX, span_part(at, image->data, image->end - image->data));

	crc = crc32_of(crc, (struct span){two, sizeof two});
	crc = crc32_of(crc, span_part(at, HEADER_SIZE, image->count * SECTION_SIZE));
	return ~crc == image->crc;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	bool whole, good;

	if (!read_image(at, &image))
		return;
	whole = image.end <= at.size;
	claim->searched = whole ? image.end : 0;
	good = whole && crc_is_good(at, &image);
	if (!good && !claim->expected)
		return;
	header_claim(claim, at, image.end);
	claim->detail = arena_printf(job, "type %x, %zu sections, version %s, %s", image.type,
	    image.count, header_text(job, image.version),
	    !whole ? "cut short"
	    : good ? "crc32 good"
		   : "crc32 bad");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;

	if (!read_image(content, &image))
		return fail(job, STATUS_MALFORMED, "reolink: table cut short");
	for (size_t i = 0; i < image.count; i++)
		if (image.sections[i].bytes != 0 && image.sections[i].name.size != 0)
			TRY(header_add_blobs(unpack, container, content, &image.sections[i], 1));
		else
			image.sections[i].bytes = 0; /* left to what lies between */
	return header_add_rest(
	    job, unpack, container, content, image.data, image.sections, image.count);
}

static const struct magic magics[] = {{.pattern = "[\\x13\\x23]\\x59\\x72\\x32", .length = 4}};

const struct format format_reolink = {
    .name = "reolink",
    .title = "Reolink and Swann image (PAK)",
    .source = "pakler: pakler/__init__.py, structure.py",
    .gaps = "the table of flash partitions; images of 64-bit devices, and PAKS",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
