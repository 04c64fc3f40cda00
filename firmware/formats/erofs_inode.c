/* An EROFS inode is 32 or 64 bytes; its attributes stand right behind it, those many share in a
 * table. */
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/erofs.h"

#define COMPACT_SIZE 32
#define EXTENDED_SIZE 64
#define ATTRIBUTES_HEADER 12
#define ENTRY_HEADER 4
#define LONG_PREFIX 0x80

static void
read_compact(struct reader *reader, struct erofs_inode *inode)
{
	read_bytes(reader, 2); /* links */
	inode->size = read_u32_le(reader);
	read_bytes(reader, 4);
	inode->place = read_u32_le(reader);
	read_bytes(reader, 4); /* its number for stat */
	inode->uid = read_u16_le(reader);
	inode->gid = read_u16_le(reader);
	read_bytes(reader, 4);
}

static void
read_extended(struct reader *reader, struct erofs_inode *inode)
{
	read_bytes(reader, 2);
	inode->size = read_u64_le(reader);
	inode->place = read_u32_le(reader);
	read_bytes(reader, 4);
	inode->uid = read_u32_le(reader);
	inode->gid = read_u32_le(reader);
	read_bytes(reader, 32); /* time, links */
}

bool
erofs_read_inode(const struct erofs *fs, uint64_t nid, struct erofs_inode *inode)
{
	uint64_t base = (uint64_t)fs->super.meta_block << fs->super.block_log;
	struct reader reader;
	uint16_t form;

	if (nid >= fs->image.size / COMPACT_SIZE)
		return false;
	base += nid * COMPACT_SIZE;
	reader = (struct reader){.rest = span_from(fs->image, base)};
	form = read_u16_le(&reader);
	*inode = (struct erofs_inode){.nid = nid};
	inode->attributes = read_u16_le(&reader);
	inode->mode = read_u16_le(&reader);
	if (form & 1)
		read_extended(&reader, inode);
	else
		read_compact(&reader, inode);
	inode->layout = form >> 1 & 7;
	inode->attributes_at = base + (form & 1 ? EXTENDED_SIZE : COMPACT_SIZE);
	inode->end = inode->attributes_at;
	if (inode->attributes != 0)
		inode->end += ATTRIBUTES_HEADER + 4 * ((uint64_t)inode->attributes - 1);
	return !reader.overrun && inode->layout <= EROFS_CHUNKS && (form & ~0xf) == 0 &&
	       inode->end <= fs->image.size;
}

/* Reads one entry and the padding behind it; `*known` is false for a name that is not told here. */
static bool
read_entry(const struct erofs *fs, struct reader *reader, struct attribute *attribute, bool *known)
{
	static const char *const prefixes[] = {NULL, "user.", "system.posix_acl_access",
	    "system.posix_acl_default", "trusted.", "lustre.", "security."};
	uint8_t name_size = read_u8(reader), prefix = read_u8(reader);
	uint16_t value_size = read_u16_le(reader);
	struct span name = read_bytes(reader, name_size);
	size_t odd = (ENTRY_HEADER + (size_t)name_size + value_size) % 4;
	char *whole;

	attribute->value = read_bytes(reader, value_size);
	if (odd != 0 && reader->rest.size != 0)
		read_bytes(reader, 4 - odd);
	*known = prefix != 0 && prefix < ARRAY_SIZE(prefixes);
	if (reader->overrun || !*known)
		return !reader->overrun;
	whole = arena_printf(fs->job, "%s%.*s", prefixes[prefix], (int)name.size,
	    name.size == 0 ? "" : (const char *)name.at);
	if (whole == NULL)
		return false;
	attribute->name = span_of_string(whole);
	return true;
}

bool
erofs_read_attributes(const struct erofs *fs, const struct erofs_inode *inode,
    struct attribute attributes[EROFS_MAX_ATTRIBUTES], size_t *count)
{
	uint64_t table = (uint64_t)fs->super.attribute_block << fs->super.block_log;
	struct reader reader = {
	    .rest = span_part(fs->image, inode->attributes_at, inode->end - inode->attributes_at)};
	bool good = true, known;
	uint8_t shared;

	*count = 0;
	if (inode->attributes == 0)
		return true;
	read_bytes(&reader, 4); /* a filter of names */
	shared = read_u8(&reader);
	read_bytes(&reader, 7);
	for (unsigned i = 0; i < shared && *count < EROFS_MAX_ATTRIBUTES; i++) {
		uint64_t place = table + (uint64_t)read_u32_le(&reader) * 4;
		struct reader other = {.rest = span_from(fs->image, place)};

		if (reader.overrun || !read_entry(fs, &other, &attributes[*count], &known))
			return false;
		good = good && known;
		*count += known;
	}
	while (reader.rest.size >= ENTRY_HEADER && reader.rest.at[1] != 0) {
		if (*count == EROFS_MAX_ATTRIBUTES ||
		    !read_entry(fs, &reader, &attributes[*count], &known))
			return false;
		good = good && known;
		*count += known;
	}
	return good;
}
