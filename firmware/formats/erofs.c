/* EROFS keeps an inode wherever its number, times 32, points to. */
#include "firmware/formats/erofs.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define SUPER_AT 1024
#define SUPER_SIZE 128
#define CHECKSUM_AT 4
#define WITH_CHECKSUM 1u
#define MAX_DEPTH 128
#define DIRENT 12
#define NODE_NUMBER_SHIFT 5

static bool
read_super(struct span image, struct erofs_super *super)
{
	struct reader reader = {.rest = span_from(image, SUPER_AT)};

	read_bytes(&reader, 4); /* magic */
	super->checksum = read_u32_le(&reader);
	super->compatible = read_u32_le(&reader);
	super->block_log = read_u8(&reader);
	super->slots = read_u8(&reader);
	super->root = read_u16_le(&reader);
	super->inodes = read_u64_le(&reader);
	read_bytes(&reader, 12); /* time */
	super->blocks = read_u32_le(&reader);
	super->meta_block = read_u32_le(&reader);
	super->attribute_block = read_u32_le(&reader);
	read_bytes(&reader, 16); /* identity */
	super->name = read_bytes(&reader, 16);
	super->incompatible = read_u32_le(&reader);
	super->algorithms = read_u16_le(&reader);
	super->devices = read_u16_le(&reader);
	read_bytes(&reader, 2); /* where the devices are told */
	super->folder_log = read_u8(&reader);
	read_bytes(&reader, 5); /* long prefixes of attributes */
	super->packed = read_u64_le(&reader);
	if (reader.overrun || super->block_log < 9 || super->block_log > 16 || super->blocks == 0)
		return false;
	super->name.size = strnlen((const char *)super->name.at, super->name.size);
	return super->folder_log == 0;
}

/* CRC-32C without the last inversion, to the end of the superblock's block, itself as zero. */
static uint32_t
checksum_of(struct span bytes)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.size; i++) {
		bool own = i >= CHECKSUM_AT && i < CHECKSUM_AT + 4;

		crc ^= own ? 0 : bytes.at[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

static const char *
judge_checksum(struct span at, const struct erofs_super *super)
{
	uint64_t block = (uint64_t)1 << super->block_log;
	uint64_t size = block > SUPER_AT ? block - SUPER_AT : block;
	struct span bytes = span_part(at, SUPER_AT, size);

	if ((super->compatible & WITH_CHECKSUM) == 0)
		return "no checksum";
	return bytes.size != 0 && checksum_of(bytes) == super->checksum ? "crc32c good"
									: "crc32c bad";
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	static const char *const names[] = {"lz4", "lzma", "deflate", "zstd"};
	struct erofs_super super;
	const char *name;
	uint64_t size;
	bool cut, set;

	if (!read_super(at, &super))
		return;
	size = (uint64_t)super.blocks << super.block_log;
	cut = size > at.size;
	claim->bytes = cut ? at.size : size;
	name = text_from_bytes(job, super.name.at, super.name.size, 64);
	set = (super.incompatible & EROFS_COMPRESSION_SET) != 0;
	claim->detail = arena_printf(job, "%s, blocks of %u bytes%s%s%s%s%s",
	    judge_checksum(at, &super), 1u << super.block_log,
	    set && super.algorithms > 1 ? ", " : "",
	    set && super.algorithms > 1 ? names[super.algorithms & 8   ? 3
						: super.algorithms & 4 ? 2
								       : 1]
					: "",
	    super.name.size == 0 ? "" : ", ", name == NULL ? "" : name, cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
	if (super.incompatible & ~(uint32_t)EROFS_KNOWN) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "erofs: unknown features";
	}
}

static enum status
damage(struct erofs *fs, const struct node *folder, const struct erofs_inode *inode,
    struct span name, enum status status)
{
	const char *words = text_from_bytes(fs->job, name.at, name.size, 200);
	bool unread = status == STATUS_UNAVAILABLE;

	return unpack_damage(fs->unpack, folder, inode->nid << NODE_NUMBER_SHIFT, inode->size,
	    unread ? COVERAGE_UNSUPPORTED : COVERAGE_DAMAGED, "erofs: %s: %s",
	    words == NULL ? "" : words,
	    unread                   ? "packed in a way that is not read"
	    : status == STATUS_LIMIT ? "limit: larger than the memory allowed"
				     : "damaged");
}

static enum status walk(struct erofs *fs, struct node *folder, const struct erofs_inode *inode);

/* A folder reached twice, or through itself, is a trap. */
static bool
visit(struct erofs *fs, uint64_t nid)
{
	uint8_t *byte = &fs->visited[nid / 8];
	uint8_t bit = (uint8_t)(1u << (nid & 7));

	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static enum status
add_inode(struct erofs *fs, struct node *folder, const struct erofs_inode *inode, struct span name)
{
	struct attribute attributes[EROFS_MAX_ATTRIBUTES];
	struct entry entry = {
	    .name = name,
	    .type = node_type_of(inode->mode),
	    .mode = inode->mode & 07777,
	    .uid = inode->uid,
	    .gid = inode->gid,
	    .major = inode->place >> 8 & 0xfff,
	    .minor = (inode->place & 0xff) | (inode->place >> 12 & 0xfff00),
	    .is_block = (inode->mode & 0170000) == 0060000,
	    .attributes = attributes,
	};
	struct span content = {0};
	struct node *node;
	enum status status = STATUS_OK;

	if (!erofs_read_attributes(fs, inode, attributes, &entry.attribute_count))
		TRY(unpack_damage(fs->unpack, folder, inode->attributes_at, 0, COVERAGE_DAMAGED,
		    "erofs: attributes of inode %" PRIu64 " cannot be read", inode->nid));
	if (entry.type == NODE_FILE || entry.type == NODE_LINK)
		status = erofs_read_content(fs, inode, &content);
	if (status != STATUS_OK)
		return damage(fs, folder, inode, name, status);
	if (entry.type == NODE_FILE)
		return unpack_file(fs->unpack, folder, &entry, content, NULL);
	entry.target = content;
	TRY(unpack_entry(fs->unpack, folder, &entry, &node));
	return entry.type == NODE_FOLDER && node != NULL ? walk(fs, node, inode) : STATUS_OK;
}

static bool
is_dots(struct span name)
{
	return (name.size == 1 && name.at[0] == '.') ||
	       (name.size == 2 && name.at[0] == '.' && name.at[1] == '.');
}

/* One entry of a block of a folder; its name goes to where the next one begins. */
static enum status
add_entry(struct erofs *fs, struct node *folder, struct span block, size_t index, size_t count)
{
	struct arena_mark mark = arena_mark(fs->job->arena);
	struct reader reader = {.rest = span_from(block, index * DIRENT)};
	uint64_t nid = read_u64_le(&reader), begin = read_u16_le(&reader), end = block.size;
	struct erofs_inode inode;
	struct span name;
	enum status status;

	read_bytes(&reader, 2); /* kind */
	if (index + 1 < count) {
		read_bytes(&reader, 8);
		end = read_u16_le(&reader);
	}
	name = end < begin ? (struct span){0} : span_part(block, begin, end - begin);
	if (name.size != 0)
		name.size = strnlen((const char *)name.at, name.size);
	if (is_dots(name))
		return STATUS_OK;
	if (name.size == 0 || reader.overrun || !erofs_read_inode(fs, nid, &inode))
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "erofs: an entry of a folder is damaged");
	status = add_inode(fs, folder, &inode, name);
	arena_release(fs->job->arena, mark);
	return status;
}

static enum status
add_block(struct erofs *fs, struct node *folder, struct span block)
{
	struct reader reader = {.rest = block};
	size_t first, count;

	read_bytes(&reader, 8);
	first = read_u16_le(&reader);
	count = first / DIRENT;
	if (reader.overrun || count == 0 || first % DIRENT != 0 || first > block.size)
		return unpack_damage(fs->unpack, folder, 0, block.size, COVERAGE_DAMAGED,
		    "erofs: a block of a folder is damaged");
	for (size_t i = 0; i < count; i++)
		TRY(add_entry(fs, folder, block, i, count));
	return STATUS_OK;
}

static enum status
walk(struct erofs *fs, struct node *folder, const struct erofs_inode *inode)
{
	struct span content;
	enum status status;

	if (fs->depth >= MAX_DEPTH || !visit(fs, inode->nid))
		return unpack_damage(fs->unpack, folder, inode->nid << NODE_NUMBER_SHIFT,
		    inode->size, COVERAGE_DAMAGED,
		    "erofs: folder %" PRIu64 " is too deep or seen before", inode->nid);
	status = erofs_read_content(fs, inode, &content);
	if (status != STATUS_OK)
		return damage(fs, folder, inode, (struct span){0}, status);
	fs->depth++;
	for (size_t at = 0; at < content.size && status == STATUS_OK; at += fs->block) {
		struct span block = span_from(content, at);

		if (block.size > fs->block)
			block.size = fs->block;
		status = add_block(fs, folder, block);
	}
	fs->depth--;
	return status;
}

/* Ends of files that were put together: all of them at once. */
static enum status
read_packed(struct erofs *fs)
{
	struct erofs_inode inode;
	enum status status = STATUS_MALFORMED;

	if ((fs->super.incompatible & EROFS_FRAGMENTS) == 0 || fs->super.packed == 0)
		return STATUS_OK;
	if (erofs_read_inode(fs, fs->super.packed, &inode))
		status = erofs_read_content(fs, &inode, &fs->packed);
	return status == STATUS_OK ? status
				   : fail(fs->job, STATUS_MALFORMED,
					 "erofs: the packed ends of files cannot be read");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct erofs fs = {.job = job, .unpack = unpack, .image = content};
	struct erofs_inode root;

	if (!read_super(content, &fs.super))
		return fail(job, STATUS_MALFORMED, "erofs: no superblock");
	fs.block = (size_t)1 << fs.super.block_log;
	fs.visited = arena_allocate(job, (content.size >> (NODE_NUMBER_SHIFT + 3)) + 1);
	if (fs.visited == NULL)
		return STATUS_LIMIT;
	if (!erofs_read_inode(&fs, fs.super.root, &root) || node_type_of(root.mode) != NODE_FOLDER)
		return fail(job, STATUS_MALFORMED, "erofs: no root folder");
	TRY(read_packed(&fs));
	return walk(&fs, container, &root);
}

static const struct magic magics[] = {
    {.pattern = "\\xe2\\xe1\\xf5\\xe0", .length = 4, .offset = SUPER_AT}};

const struct format format_erofs = {
    .name = "erofs",
    .title = "EROFS",
    .source = "Linux Documentation/filesystems/erofs.rst, fs/erofs/erofs_fs.h",
    .gaps = "MicroLZMA, deflate and zstd; files on "
	    "other devices; long prefixes of attribute names; metadata compression and 48-bit "
	    "addresses of Linux 6.15",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
