/* Nothing in an image says how large its pages are or where in the spare area the tags lie: the
 * layout is the one under which all tags make sense. */
#include <string.h>

#include "firmware/formats/yaffs.h"

#define HEADER_BYTES ((size_t)512)
#define TAGS_BYTES 16u
#define NAME_ROOM ((size_t)256)
#define ALIAS_ROOM ((size_t)160)
#define LAST_SEQUENCE 0xefffff00u
#define CHECKPOINT_SEQUENCE 0x21u
#define SUMMARY_OBJECT 0x10u
#define MAX_CHUNK 0x0fffffffu
#define EXTRA_INFO 0x80000000u /* in the number of a header's chunk: more than zero follows */
#define PAGES_TRIED 24u

static uint32_t
read_u32(struct reader *reader, bool big)
{
	return big ? read_u32_be(reader) : read_u32_le(reader);
}

uint64_t
yaffs_stride(const struct yaffs_layout *layout)
{
	return (uint64_t)layout->chunk + (layout->spare == 0 ? TAGS_BYTES : layout->spare);
}

static struct span
text_of(struct span field)
{
	if (field.size != 0)
		field.size = strnlen((const char *)field.at, field.size);
	return field;
}

bool
yaffs_read_header(struct span at, bool big, struct yaffs_header *header)
{
	struct reader reader = {.rest = span_part(at, 0, HEADER_BYTES)};
	uint32_t high;

	header->type = read_u32(&reader, big);
	header->parent = read_u32(&reader, big);
	read_bytes(&reader, 2);
	header->name = text_of(read_bytes(&reader, NAME_ROOM));
	read_bytes(&reader, 2);
	header->mode = read_u32(&reader, big);
	header->uid = read_u32(&reader, big);
	header->gid = read_u32(&reader, big);
	read_bytes(&reader, 3 * 4); /* times */
	header->bytes = read_u32(&reader, big);
	header->target = read_u32(&reader, big);
	header->alias = text_of(read_bytes(&reader, ALIAS_ROOM));
	header->device = read_u32(&reader, big);
	read_bytes(&reader, 8 * 4);
	high = read_u32(&reader, big);
	read_bytes(&reader, 2 * 4);
	header->shrinks = read_u32(&reader, big) == 1;
	if (high != UINT32_MAX)
		header->bytes |= (uint64_t)high << 32;
	return !reader.overrun && header->type >= YAFFS_FILE && header->type <= YAFFS_SPECIAL &&
	       header->parent != 0 && header->parent <= YAFFS_MAX_OBJECT;
}

/* Is it so much like a header that it is no chance? */
static bool
is_surely_header(struct span at, bool big)
{
	static const uint32_t kinds[] = {
	    [YAFFS_FILE] = 0100000, [YAFFS_LINK] = 0120000, [YAFFS_FOLDER] = 0040000};
	struct yaffs_header header;

	if (!yaffs_read_header(at, big, &header) || !tree_name_is_good(header.name))
		return header.type == YAFFS_FOLDER && header.parent == YAFFS_ROOT &&
		       header.name.size == 0 && header.mode >> 12 == 4;
	for (size_t i = 0; i < header.name.size; i++)
		if (header.name.at[i] < 0x20 || header.name.at[i] >= 0xfe) /* never in UTF-8 */
			return false;
	if (header.type == YAFFS_HARD_LINK)
		return header.target != 0 && header.target <= YAFFS_MAX_OBJECT;
	if (header.mode >> 16 != 0)
		return false;
	return header.type == YAFFS_SPECIAL || (header.mode & 0170000) == kinds[header.type];
}

static bool
is_all(struct span bytes, uint8_t value)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != value)
			return false;
	return true;
}

/* The eight bytes of the first version lie around other things in the spare area. */
static enum yaffs_state
read_first_tags(const struct yaffs_layout *layout, struct span page, struct yaffs_tags *tags)
{
	static const uint8_t places[8] = {0, 1, 2, 3, 6, 7, 11, 12};
	struct span spare = span_part(page, layout->chunk, layout->spare);
	uint8_t bytes[8];
	struct reader reader = {.rest = {bytes, sizeof bytes}};
	uint32_t low, high;

	if (spare.size == 0)
		return YAFFS_BROKEN;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = spare.at[places[i]];
	if (is_all(reader.rest, 0xff))
		return is_all(page, 0xff) ? YAFFS_ERASED : YAFFS_BROKEN;
	low = read_u32(&reader, layout->big);
	high = read_u32(&reader, layout->big);
	*tags = layout->big ? (struct yaffs_tags){0, high >> 14, low >> 12, low & 0x3ff}
			    : (struct yaffs_tags){0, high & 0x3ffff, low & 0xfffff, low >> 22};
	/* cleared bits say that it was deleted; one may have been lost */
	if (__builtin_popcount(spare.at[4]) < 7)
		return YAFFS_IGNORED;
	return tags->object == 0 || (tags->chunk != 0 && tags->bytes > layout->chunk) ? YAFFS_BROKEN
										      : YAFFS_USED;
}

enum yaffs_state
yaffs_read_tags(const struct yaffs_layout *layout, struct span page, struct yaffs_tags *tags)
{
	struct span field = span_part(page, layout->tags_at, TAGS_BYTES);
	struct reader reader = {.rest = field};

	if (layout->first_version)
		return read_first_tags(layout, page, tags);
	tags->sequence = read_u32(&reader, layout->big);
	tags->object = read_u32(&reader, layout->big);
	tags->chunk = read_u32(&reader, layout->big);
	tags->bytes = read_u32(&reader, layout->big);
	if (reader.overrun)
		return YAFFS_BROKEN;
	if (is_all(field, 0xff))
		return is_all(page, 0xff) ? YAFFS_ERASED : YAFFS_BROKEN;
	if (tags->sequence == CHECKPOINT_SEQUENCE)
		return YAFFS_IGNORED;
	if ((tags->chunk & EXTRA_INFO) != 0) { /* type and parent are there as well */
		tags->object &= MAX_CHUNK;
		tags->chunk = 0;
	}
	if (tags->sequence < YAFFS_FIRST_SEQUENCE || tags->sequence > LAST_SEQUENCE ||
	    tags->object == 0 || tags->object > YAFFS_MAX_OBJECT || tags->chunk > MAX_CHUNK ||
	    (tags->chunk != 0 && (tags->bytes > layout->chunk || tags->bytes == 0)))
		return YAFFS_BROKEN;
	return tags->object == SUMMARY_OBJECT ? YAFFS_IGNORED : YAFFS_USED;
}

/* How many of the first pages in use make sense under this layout; 0: it is not the one. */
static unsigned
score(const struct yaffs_layout *layout, struct span at)
{
	uint64_t stride = yaffs_stride(layout), place = 0;
	unsigned used = 0;

	for (unsigned i = 0; i < PAGES_TRIED && place + stride <= at.size; i++) {
		struct span page = span_part(at, place, stride);
		struct yaffs_header header;
		struct yaffs_tags tags;
		enum yaffs_state state = yaffs_read_tags(layout, page, &tags);

		if (i == 0 && (state != YAFFS_USED || tags.chunk != 0))
			return 0;
		if (state == YAFFS_BROKEN)
			break;
		if (state == YAFFS_USED && tags.chunk == 0 &&
		    !yaffs_read_header(page, layout->big, &header))
			return 0;
		used += state != YAFFS_ERASED;
		place += stride;
	}
	/* one page alone may be a chance, unless there is no more */
	return used > 1 || place + stride > at.size ? used : 0;
}

/* Tries all places of the tags in the spare area; the best layout so far stays in `*best`. */
static void
try_places(struct yaffs_layout layout, struct span at, struct yaffs_layout *best, unsigned *most)
{
	bool is_fixed = layout.spare == 0 || layout.first_version;
	uint32_t last = is_fixed ? layout.chunk : layout.chunk + layout.spare - TAGS_BYTES;

	for (layout.tags_at = layout.chunk; layout.tags_at <= last; layout.tags_at++) {
		unsigned pages = score(&layout, at);

		if (pages <= *most)
			continue;
		*most = pages;
		*best = layout;
	}
}

bool
yaffs_find_layout(struct span at, struct yaffs_layout *layout)
{
	/* the smallest first: larger pages may make sense by leaving others out */
	static const struct {
		uint32_t chunk, spare;
		bool first_version;
	} known[] = {{512, 16, true}, {512, 16, false}, {496, 0, false}, {1008, 0, false},
	    {1024, 32, false}, {2032, 0, false}, {2048, 64, false}, {2048, 128, false},
	    {4080, 0, false}, {4096, 128, false}, {4096, 218, false}, {4096, 224, false},
	    {4096, 256, false}, {8176, 0, false}, {8192, 256, false}, {8192, 448, false},
	    {8192, 512, false}, {16384, 512, false}};
	bool big = at.size != 0 && at.at[0] == 0;
	unsigned most = 0;

	*layout = (struct yaffs_layout){.big = big};
	if (!is_surely_header(at, big))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(known) && most < PAGES_TRIED; i++)
		try_places((struct yaffs_layout){.big = big,
			       .first_version = known[i].first_version,
			       .chunk = known[i].chunk,
			       .spare = known[i].spare},
		    at, layout, &most);
	return true;
}
