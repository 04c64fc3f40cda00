/* A uImage of several files begins with their sizes; a script is one of one file. */
#include "base/arena.h"
#include "firmware/extents.h"
#include "firmware/formats/uimage.h"

#define MAX_PARTS 64u

struct table {
	struct span parts[MAX_PARTS];
	size_t count;
	size_t size; /* of the table itself, its zero included */
};

/* False when sizes and payload do not go together: then it is no table. */
static bool
read_table(const struct uimage *image, struct table *table)
{
	struct reader reader = {.rest = image->payload};
	uint32_t sizes[MAX_PARTS], size;
	uint64_t place, end = 0;

	table->count = 0;
	while ((size = read_u32_be(&reader)) != 0 && table->count < MAX_PARTS)
		sizes[table->count++] = size;
	if (reader.overrun || size != 0 || table->count == 0)
		return false;
	table->size = 4 * (table->count + 1);
	place = table->size;
	for (size_t i = 0; i < table->count; i++) {
		end = place + sizes[i];
		if (end > image->size)
			return false;
		/* what is there of a part that is cut */
		if (end > image->payload.size)
			sizes[i] = place < image->payload.size
				       ? (uint32_t)(image->payload.size - place)
				       : 0;
		table->parts[i] = span_part(image->payload, place, sizes[i]);
		place = (end + 3) & ~(uint64_t)3;
	}
	return true;
}

static bool
read_multi(struct span at, bool expected, struct uimage *image, struct table *table)
{
	return at.size > UIMAGE_HEADER_SIZE &&
	       (at.at[30] == UIMAGE_MULTI || at.at[30] == UIMAGE_SCRIPT) &&
	       uimage_read(at, expected, image) && read_table(image, table);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct uimage image;
	struct table table;

	if (read_multi(at, claim->expected, &image, &table))
		uimage_claim(job, &image, claim);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct uimage image;
	struct table table;

	if (!read_multi(content, true, &image, &table))
		return fail(job, STATUS_MALFORMED, "uimage: the table of sizes is gone");
	TRY(extents_add(job, &extents, 0, UIMAGE_HEADER_SIZE + table.size));
	for (size_t i = 0; i < table.count; i++) {
		const char *name =
		    image.type == UIMAGE_SCRIPT ? "script" : arena_printf(job, "part%zu", i);
		struct entry entry = {.type = NODE_FILE, .mode = 0644};

		if (name == NULL)
			return STATUS_LIMIT;
		entry.name = span_of_string(name);
		if (table.parts[i].size == 0)
			continue;
		TRY(extents_add(job, &extents, (uint64_t)(table.parts[i].at - content.at),
		    table.parts[i].size));
		TRY(unpack_file(unpack, container, &entry, table.parts[i], NULL));
	}
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "\\x27\\x05\\x19\\x56", .length = 4}};

const struct format format_uimage_multi = {
    .name = "uimage_multi",
    .title = "U-Boot legacy image of several files, or a script",
    .source = "U-Boot include/image.h, struct legacy_img_hdr; boot/image.c, image_multi_getimg",
    .gaps = "none known",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
