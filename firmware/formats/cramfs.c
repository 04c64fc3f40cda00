/*
 * CramFS packs an inode into twelve bytes of bit fields, laid out by the byte order of whoever made
 * it.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/unpack.h"

#define SUPER_SIZE 76
#define INODE_SIZE 12
#define ROOT_AT 64
#define CRC_AT 32
#define BLOCK ((size_t)4096)
#define MAX_DEPTH 64

enum {
	FLAG_VERSION_2 = 1, /* the checksum is there */
	FLAG_SHIFTED_ROOT = 0x400,
	FLAG_EXT_POINTERS = 0x800,
	FLAGS_KNOWN = 0xfff,
};
#define POINTER_STORED ((uint32_t)1 << 31)
#define POINTER_DIRECT ((uint32_t)1 << 30)

struct super {
	bool big;
	uint32_t size, flags, crc, blocks, files;
};

struct inode {
	uint32_t mode, uid, gid, size, name_size, offset;
};

struct cramfs {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct super super;
	struct codec_states states;
	uint8_t *visited; /* a bit for each place a folder may begin */
	unsigned depth;
};

static uint32_t
read_u32(struct reader *reader, bool big)
{
	return big ? read_u32_be(reader) : read_u32_le(reader);
}

static bool
read_super(struct span at, struct super *super)
{
	struct reader reader = {.rest = at};
	struct span signature;

	super->big = read_u32_be(&reader) == 0x28cd3d45;
	super->size = read_u32(&reader, super->big);
	super->flags = read_u32(&reader, super->big);
	read_bytes(&reader, 4); /* future use */
	signature = read_bytes(&reader, 16);
	super->crc = read_u32(&reader, super->big);
	read_bytes(&reader, 4); /* edition */
	super->blocks = read_u32(&reader, super->big);
	super->files = read_u32(&reader, super->big);
	return !reader.overrun && span_starts_with(signature, "Compressed ROMFS", 16);
}

/* The bit fields lie from the low end in little-endian images, from the high end in others. */
static struct inode
read_inode(struct reader *reader, bool big)
{
	uint32_t a = read_u32(reader, big), b = read_u32(reader, big), c = read_u32(reader, big);

	if (big)
		return (struct inode){
		    a >> 16, a & 0xffff, b & 0xff, b >> 8, (c >> 26) * 4, (c & 0x3ffffff) * 4};
	return (struct inode){
	    a & 0xffff, a >> 16, b >> 24, b & 0xffffff, (c & 0x3f) * 4, (c >> 6) * 4};
}

/* Over the whole image with the field itself as zero. */
static bool
crc_is_good(struct span image, uint32_t said)
{
	static const uint8_t zero[4] = {0};
	uint32_t crc = crc32_of(0, span_part(image, 0, CRC_AT));

	crc = crc32_of(crc, (struct span){zero, sizeof zero});
	return crc32_of(crc, span_from(image, CRC_AT + sizeof zero)) == said;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct super super;
	const char *check = "no crc32";
	bool cut;

	if (!read_super(at, &super))
		return;
	/* version 1 images say a size of zero */
	cut = super.size > at.size;
	claim->bytes = super.size == 0 || cut ? at.size : super.size;
	if (super.flags & FLAG_VERSION_2)
		check = !cut && crc_is_good(span_part(at, 0, claim->bytes), super.crc)
			    ? "crc32 good"
			    : "crc32 bad";
	claim->detail = arena_printf(
	    job, "%s-endian, %s%s", super.big ? "big" : "little", check, cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
	if (super.flags & ~(uint32_t)FLAGS_KNOWN) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "cramfs: unknown feature flags";
	}
}

/* One block of at most BLOCK bytes. */
static bool
read_block(struct cramfs *cramfs, struct span in, bool stored, uint8_t *out, size_t want)
{
	size_t got = 0;

	if (in.size == 0) { /* a hole */
		memset(out, 0, want);
		return true;
	}
	if (stored) {
		if (in.size < want)
			return false;
		memcpy(out, in.at, want);
		return true;
	}
	return codec_decode(&cramfs->states, &codec_zlib, in, out, want, &got) && got == want;
}

/* Where block data lie when pointers carry flags (FLAG_EXT_POINTERS). */
static struct span
extended_block(struct cramfs *cramfs, uint32_t pointer, uint64_t *begin, size_t want)
{
	uint64_t at = pointer & ~(POINTER_STORED | POINTER_DIRECT);
	struct reader reader;
	size_t size;

	if ((pointer & POINTER_DIRECT) == 0) {
		struct span part =
		    at < *begin ? (struct span){0} : span_part(cramfs->image, *begin, at - *begin);

		*begin = at;
		return part;
	}
	at <<= 2;
	reader = (struct reader){.rest = span_from(cramfs->image, at)};
	if (pointer & POINTER_STORED) {
		*begin = at + want;
		return read_bytes(&reader, want);
	}
	size = cramfs->super.big ? read_u16_be(&reader) : read_u16_le(&reader);
	*begin = at + 2 + size;
	return read_bytes(&reader, size);
}

/* The content of a file or link: a table of where each block ends, then the blocks. */
static bool
read_content(struct cramfs *cramfs, const struct inode *inode, uint8_t *out)
{
	size_t count = (inode->size + BLOCK - 1) / BLOCK;
	struct reader pointers = {.rest = span_part(cramfs->image, inode->offset, count * 4)};
	uint64_t begin = (uint64_t)inode->offset + count * 4;
	bool extended = (cramfs->super.flags & FLAG_EXT_POINTERS) != 0;

	for (size_t i = 0; i < count; i++) {
		size_t done = i * BLOCK;
		size_t want = inode->size - done < BLOCK ? inode->size - done : BLOCK;
		uint32_t pointer = read_u32(&pointers, cramfs->super.big);
		struct span in;

		if (pointers.overrun)
			return false;
		if (extended) {
			in = extended_block(cramfs, pointer, &begin, want);
		} else {
			if (pointer < begin)
				return false;
			in = span_part(cramfs->image, begin, pointer - begin);
			if (in.size == 0 && pointer != begin)
				return false;
			begin = pointer;
		}
		if (!read_block(
			cramfs, in, extended && (pointer & POINTER_STORED), out + done, want))
			return false;
	}
	return true;
}

static enum status walk(struct cramfs *cramfs, struct node *folder, const struct inode *inode);

/* Adds one inode of a folder. */
static enum status
add_inode(struct cramfs *cramfs, struct node *folder, const struct inode *inode, struct span name)
{
	struct entry entry = {
	    .name = name,
	    .type = node_type_of(inode->mode),
	    .mode = inode->mode,
	    .uid = inode->uid,
	    .gid = inode->gid,
	    .major = inode->size >> 8 & 0xff,
	    .minor = inode->size & 0xff,
	    .is_block = (inode->mode & 0170000) == 0060000,
	};
	bool has_content = entry.type == NODE_FILE || entry.type == NODE_LINK;
	struct span content = {0};
	struct node *node;

	if (has_content) {
		uint8_t *bytes;

		TRY(unpack_allow(cramfs->unpack, cramfs->job, inode->size));
		bytes = arena_allocate(cramfs->job, inode->size);
		if (bytes == NULL)
			return STATUS_LIMIT;
		if (!read_content(cramfs, inode, bytes))
			return unpack_damage(cramfs->unpack, folder, inode->offset, inode->size,
			    COVERAGE_DAMAGED, "cramfs: content at 0x%x cannot be read",
			    inode->offset);
		content = (struct span){bytes, inode->size};
	}
	if (entry.type == NODE_FILE)
		return unpack_file(cramfs->unpack, folder, &entry, content, NULL);
	entry.target = content;
	TRY(unpack_entry(cramfs->unpack, folder, &entry, &node));
	return entry.type == NODE_FOLDER && node != NULL ? walk(cramfs, node, inode) : STATUS_OK;
}

/* A folder reached twice, or through itself, is a trap. */
static bool
visit(struct cramfs *cramfs, uint32_t offset)
{
	uint8_t *byte = &cramfs->visited[offset / 32];
	uint8_t bit = (uint8_t)(1u << (offset / 4 & 7));

	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static enum status
walk(struct cramfs *cramfs, struct node *folder, const struct inode *inode)
{
	struct span content = span_part(cramfs->image, inode->offset, inode->size);
	struct reader reader = {.rest = content};
	enum status status = STATUS_OK;

	if (inode->size == 0)
		return STATUS_OK;
	if (content.size == 0 || cramfs->depth >= MAX_DEPTH || !visit(cramfs, inode->offset))
		return unpack_damage(cramfs->unpack, folder, inode->offset, inode->size,
		    COVERAGE_DAMAGED, "cramfs: folder at 0x%x is outside, too deep or seen before",
		    inode->offset);
	cramfs->depth++;
	while (reader.rest.size > 0 && status == STATUS_OK) {
		struct arena_mark mark = arena_mark(cramfs->job->arena);
		struct inode child = read_inode(&reader, cramfs->super.big);
		struct span name = read_bytes(&reader, child.name_size);

		if (reader.overrun || child.name_size == 0) {
			status = unpack_damage(cramfs->unpack, folder, inode->offset, inode->size,
			    COVERAGE_DAMAGED, "cramfs: folder at 0x%x is damaged", inode->offset);
			break;
		}
		name.size = strnlen((const char *)name.at, name.size); /* padded to four */
		status = add_inode(cramfs, folder, &child, name);
		arena_release(cramfs->job->arena, mark);
	}
	cramfs->depth--;
	return status;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct cramfs cramfs = {.job = job, .unpack = unpack, .image = content};
	struct reader reader = {.rest = span_from(content, ROOT_AT)};
	struct inode root;
	enum status status;

	if (!read_super(content, &cramfs.super))
		return fail(job, STATUS_MALFORMED, "cramfs: no superblock");
	root = read_inode(&reader, cramfs.super.big);
	if (reader.overrun || node_type_of(root.mode) != NODE_FOLDER)
		return fail(job, STATUS_MALFORMED, "cramfs: no root folder");
	cramfs.visited = arena_allocate(job, content.size / 32 + 1);
	if (cramfs.visited == NULL)
		return STATUS_LIMIT;
	status = walk(&cramfs, container, &root);
	codec_states_close(&cramfs.states);
	return status;
}

static const struct magic magics[] = {
    {.pattern = "\\x45\\x3d\\xcd\\x28", .length = 4},
    {.pattern = "\\x28\\xcd\\x3d\\x45", .length = 4},
};

const struct format format_cramfs = {
    .name = "cramfs",
    .title = "CramFS, either byte order",
    .source = "Linux Documentation/filesystems/cramfs.rst, include/uapi/linux/cramfs_fs.h",
    .gaps = "blocks of other sizes than 4 KiB",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
