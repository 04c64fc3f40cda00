/* F2FS never writes in place: the newer of two checkpoints says which of all copies counts. */
#include "firmware/formats/f2fs.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define SUPER_AT 1024
#define LABEL_UNITS 512
#define MAX_DEPTH 128
#define DENTRY 11
#define SLOT 8
#define IN_BLOCK 214 /* entries of a folder in a block */
#define BITMAP 27
#define NAMES_AT 2384 /* in a block: behind bitmap, three bytes and the entries */

enum { INLINE_DENTRY = 4, ENCRYPTED = 4 };

static bool
read_super(struct span image, struct f2fs_super *super)
{
	struct reader reader = {.rest = span_from(image, SUPER_AT)};
	uint32_t log_block, per_section;

	read_bytes(&reader, 16); /* magic, version, sectors */
	log_block = read_u32_le(&reader);
	super->log_segment = read_u32_le(&reader);
	per_section = read_u32_le(&reader);
	read_bytes(&reader, 4);
	super->checksum_offset = read_u32_le(&reader);
	super->blocks = read_u64_le(&reader);
	read_bytes(&reader, 32); /* how many of each kind of segment, the first */
	super->cp = read_u32_le(&reader);
	read_bytes(&reader, 4);
	super->nat = read_u32_le(&reader);
	read_bytes(&reader, 4);
	super->main = read_u32_le(&reader);
	super->root = read_u32_le(&reader);
	read_bytes(&reader, 24); /* other inodes, identity */
	super->label = read_bytes(&reader, LABEL_UNITS * 2);
	read_bytes(&reader, 516); /* kinds of files by their names */
	super->payload = read_u32_le(&reader);
	read_bytes(&reader, 512); /* versions of the kernel */
	super->features = read_u32_le(&reader);
	read_bytes(&reader, 17); /* encryption */
	super->other_devices = read_u8(&reader) != 0;
	return !reader.overrun && log_block == 12 && super->log_segment == 9 && per_section != 0 &&
	       super->blocks != 0 && super->blocks < (uint64_t)1 << 40;
}

static const char *
judge_checksum(struct span at, const struct f2fs_super *super)
{
	struct span bytes = span_part(at, SUPER_AT, super->checksum_offset);
	struct reader reader = {.rest = span_from(at, SUPER_AT + (uint64_t)super->checksum_offset)};

	if ((super->features & F2FS_WITH_CHECKSUM) == 0 || bytes.size == 0)
		return "no crc32";
	return f2fs_checksum(bytes) == read_u32_le(&reader) ? "crc32 good" : "crc32 bad";
}

/* The label as far as it is ASCII, which it usually is. */
static const char *
label_of(struct job *job, struct span units)
{
	struct reader reader = {.rest = units};
	char label[64];
	size_t size = 0;

	while (size < sizeof label) {
		uint16_t unit = read_u16_le(&reader);

		if (unit == 0)
			break;
		label[size++] = unit < 0x80 ? (char)unit : '?';
	}
	return text_from_bytes(job, label, size, 64);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct f2fs_super super;
	const char *label;
	uint64_t size;
	bool cut;

	if (!read_super(at, &super))
		return;
	size = super.blocks * F2FS_BLOCK;
	cut = size > at.size;
	claim->bytes = cut ? at.size : size;
	label = label_of(job, super.label);
	claim->detail = arena_printf(job, "superblock %s%s%s%s", judge_checksum(at, &super),
	    label == NULL || label[0] == '\0' ? "" : ", ", label == NULL ? "" : label,
	    cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
	if ((super.features & ~(uint32_t)F2FS_KNOWN) != 0 || super.other_devices) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = super.other_devices ? "f2fs: part of it is on another device"
							: "f2fs: unknown features";
	}
}

static enum status
damage(struct f2fs *fs, const struct node *folder, uint64_t size, struct span name,
    enum coverage coverage, const char *why)
{
	const char *words = text_from_bytes(fs->job, name.at, name.size, 200);

	return unpack_damage(
	    fs->unpack, folder, 0, size, coverage, "f2fs: %s: %s", words == NULL ? "" : words, why);
}

static enum status
damage_by(struct f2fs *fs, const struct node *folder, const struct f2fs_inode *inode,
    struct span name, enum status status)
{
	return damage(fs, folder, inode->size, name,
	    status == STATUS_UNAVAILABLE ? COVERAGE_UNSUPPORTED : COVERAGE_DAMAGED,
	    status == STATUS_UNAVAILABLE ? "compressed, and not read"
	    : status == STATUS_LIMIT     ? "limit: larger than the memory allowed"
					 : "damaged");
}

static enum status walk(struct f2fs *fs, struct node *folder, const struct f2fs_inode *inode);

/* A folder reached twice, or through itself, is a trap. */
static bool
visit(struct f2fs *fs, uint32_t number)
{
	uint8_t *byte = &fs->visited[number / 8];
	uint8_t bit = (uint8_t)(1u << (number & 7));

	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

/* A device number is in one of two forms in the first two addresses. */
static void
read_device(const struct f2fs_inode *inode, struct entry *entry)
{
	struct reader reader = {
	    .rest = span_from(inode->node, F2FS_ADDRESSES_AT + 4 * (uint64_t)inode->extra)};
	uint32_t old = read_u32_le(&reader), new = read_u32_le(&reader);

	entry->major = old != 0 ? old >> 8 & 0xff : new >> 8 & 0xfff;
	entry->minor = old != 0 ? old & 0xff : (new & 0xff) | (new >> 12 & 0xfff00);
	entry->is_block = (inode->mode & 0170000) == 0060000;
}

static enum status
add_inode(struct f2fs *fs, struct node *folder, const struct f2fs_inode *inode, struct span name)
{
	struct attribute attributes[F2FS_MAX_ATTRIBUTES];
	struct entry entry = {
	    .name = name,
	    .type = node_type_of(inode->mode),
	    .mode = inode->mode & 07777,
	    .uid = inode->uid,
	    .gid = inode->gid,
	    .attributes = attributes,
	};
	struct span content = {0};
	struct node *node;
	enum status status = STATUS_OK;

	if (inode->advice & ENCRYPTED)
		return damage(fs, folder, inode->size, name, COVERAGE_ENCRYPTED, "encrypted");
	if (!f2fs_read_attributes(fs, inode, attributes, &entry.attribute_count))
		TRY(damage(fs, folder, 0, name, COVERAGE_DAMAGED, "attributes are damaged"));
	if (entry.type == NODE_FILE || entry.type == NODE_LINK)
		status = f2fs_read_content(fs, inode, &content);
	if (status != STATUS_OK)
		return damage_by(fs, folder, inode, name, status);
	if (entry.type == NODE_FILE)
		return unpack_file(fs->unpack, folder, &entry, content, NULL);
	entry.target = content;
	if (entry.type == NODE_DEVICE)
		read_device(inode, &entry);
	TRY(unpack_entry(fs->unpack, folder, &entry, &node));
	return entry.type == NODE_FOLDER && node != NULL ? walk(fs, node, inode) : STATUS_OK;
}

/* Where a block of entries, or those in an inode, keeps its parts. */
struct table {
	struct span bitmap, entries, names;
	unsigned count;
};

static bool
is_used(const struct table *table, unsigned index)
{
	return table->bitmap.at[index / 8] >> (index % 8) & 1;
}

static bool
is_dots(struct span name)
{
	return (name.size == 1 && name.at[0] == '.') ||
	       (name.size == 2 && name.at[0] == '.' && name.at[1] == '.');
}

/* Adds what is in one slot, and tells how many slots its name takes. */
static enum status
add_entry(struct f2fs *fs, struct node *folder, const struct table *table, unsigned index,
    unsigned *slots)
{
	struct arena_mark mark = arena_mark(fs->job->arena);
	struct reader reader = {.rest = span_part(table->entries, index * DENTRY, DENTRY)};
	struct f2fs_inode inode;
	enum status status;
	uint32_t number;
	uint16_t size;
	struct span name;

	read_bytes(&reader, 4); /* hash */
	number = read_u32_le(&reader);
	size = read_u16_le(&reader);
	name = span_part(table->names, (uint64_t)index * SLOT, size);
	*slots = size == 0 ? 1 : (size + SLOT - 1u) / SLOT;
	if (is_dots(name))
		return STATUS_OK;
	if (name.size == 0 || !f2fs_read_inode(fs, number, &inode))
		return damage(fs, folder, 0, name, COVERAGE_DAMAGED, "its inode is damaged");
	status = add_inode(fs, folder, &inode, name);
	arena_release(fs->job->arena, mark);
	return status;
}

static enum status
add_table(struct f2fs *fs, struct node *folder, const struct table *table)
{
	unsigned slots = 1;

	for (unsigned i = 0; i < table->count; i += slots) {
		slots = 1;
		if (is_used(table, i))
			TRY(add_entry(fs, folder, table, i, &slots));
	}
	return STATUS_OK;
}

/* As many entries as the room in an inode has bits, entries and names for. */
static enum status
walk_inline(struct f2fs *fs, struct node *folder, const struct f2fs_inode *inode)
{
	struct span room = f2fs_inline_data(inode);
	struct table table = {.count = (unsigned)(room.size * 8 / ((DENTRY + SLOT) * 8 + 1))};
	uint64_t names = (uint64_t)table.count * SLOT, entries = (uint64_t)table.count * DENTRY;

	table.bitmap = span_part(room, 0, (table.count + 7) / 8);
	table.names = span_from(room, room.size - names);
	table.entries = span_part(room, room.size - names - entries, entries);
	return add_table(fs, folder, &table);
}

static enum status
walk(struct f2fs *fs, struct node *folder, const struct f2fs_inode *inode)
{
	struct span content;
	enum status status;

	if (fs->depth >= MAX_DEPTH || !visit(fs, inode->number))
		return unpack_damage(fs->unpack, folder, 0, inode->size, COVERAGE_DAMAGED,
		    "f2fs: folder %" PRIu32 " is too deep or seen before", inode->number);
	fs->depth++;
	if (inode->inline_flags & INLINE_DENTRY) {
		status = walk_inline(fs, folder, inode);
		fs->depth--;
		return status;
	}
	status = f2fs_read_content(fs, inode, &content);
	if (status != STATUS_OK)
		status = damage_by(fs, folder, inode, (struct span){0}, status);
	else if (content.size % F2FS_BLOCK != 0 || content.size == 0)
		status = damage_by(fs, folder, inode, (struct span){0}, STATUS_MALFORMED);
	for (size_t at = 0; at + F2FS_BLOCK <= content.size && status == STATUS_OK;
	     at += F2FS_BLOCK) {
		struct span block = span_part(content, at, F2FS_BLOCK);
		struct table table = {
		    .bitmap = span_part(block, 0, BITMAP),
		    .entries = span_part(block, BITMAP + 3, IN_BLOCK * DENTRY),
		    .names = span_from(block, NAMES_AT),
		    .count = IN_BLOCK,
		};

		status = add_table(fs, folder, &table);
	}
	fs->depth--;
	return status;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct f2fs fs = {.job = job, .unpack = unpack, .image = content};
	struct f2fs_inode root;

	if (!read_super(content, &fs.super))
		return fail(job, STATUS_MALFORMED, "f2fs: no superblock");
	if (!f2fs_read_checkpoint(&fs))
		return fail(job, STATUS_MALFORMED, "f2fs: no checkpoint is good");
	if (fs.one_checkpoint)
		TRY(unpack_damage(unpack, container, fs.super.cp * (uint64_t)F2FS_BLOCK, F2FS_BLOCK,
		    COVERAGE_DAMAGED,
		    "f2fs: one checkpoint is damaged: what was read may be an older state"));
	fs.visited = arena_allocate(job, fs.node_count / 8 + 1);
	if (fs.visited == NULL)
		return STATUS_LIMIT;
	if (!f2fs_read_inode(&fs, fs.super.root, &root) || node_type_of(root.mode) != NODE_FOLDER)
		return fail(job, STATUS_MALFORMED, "f2fs: no root folder");
	return walk(&fs, container, &root);
}

static const struct magic magics[] = {
    {.pattern = "\\x10\\x20\\xf5\\xf2", .length = 4, .offset = SUPER_AT}};

const struct format format_f2fs = {
    .name = "f2fs",
    .title = "F2FS",
    .source = "Linux Documentation/filesystems/f2fs.rst, include/linux/f2fs_fs.h",
    .gaps = "compressed files and encrypted ones are named, not read; several devices; the second "
	    "superblock; what was written after the last checkpoint; blocks of other sizes than "
	    "4 KiB; deleted files",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
