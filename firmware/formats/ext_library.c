/*
 * libext2fs reads through an io manager over the span in memory, and runs out of reads before a
 * loop in its structures runs out of time.
 */
#include <ext2fs/ext2fs.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/ext.h"
#include "firmware/pieces.h"

#define SUPER_OFFSET 1024u
#define READS_BASE ((uint64_t)4096)
#define READS_PER_BLOCK 4u
#define READS_PER_ENTRY 16u
#define MAX_ATTRIBUTES 256u

struct ext_volume {
	struct struct_io_manager manager;
	struct struct_io_channel channel;
	struct span image;
	uint64_t reads_left;
	ext2_filsys fs;
	char name[24]; /* where this structure is: all that open() is told */
};

static const char *
why(errcode_t code)
{
	static const struct {
		errcode_t code;
		const char *text;
	} known[] = {
	    {EXT2_ET_SHORT_READ, "it lies outside the file system, or goes round in a circle"},
	    {EXT2_ET_NO_MEMORY, "out of memory"},
	    {EXT2_ET_INODE_CSUM_INVALID, "its inode's checksum is bad"},
	    {EXT2_ET_EXTENT_CSUM_INVALID, "its extents' checksum is bad"},
	    {EXT2_ET_EXT_ATTR_CSUM_INVALID, "its attributes' checksum is bad"},
	    {EXT2_ET_SB_CSUM_INVALID, "the superblock's checksum is bad"},
	    {EXT2_ET_EXTENT_HEADER_BAD, "its extents are damaged"},
	    {EXT2_ET_UNSUPP_FEATURE, "unknown features"},
	    {EXT2_ET_RO_UNSUPP_FEATURE, "unknown features"},
	    {EXT2_ET_CORRUPT_SUPERBLOCK, "the superblock makes no sense"},
	    {EXT2_ET_BAD_INODE_NUM, "no such inode"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].code == code)
			return known[i].text;
	return code == 0 ? NULL : "libext2fs finds it damaged";
}

static errcode_t
memory_open(const char *name, int flags, io_channel *channel)
{
	/* the library copies the name, so a pointer travels in it as digits */
	struct ext_volume *volume = (struct ext_volume *)(uintptr_t)strtoumax(name, NULL, 16);

	(void)flags;
	volume->channel = (struct struct_io_channel){
	    .magic = EXT2_ET_MAGIC_IO_CHANNEL,
	    .manager = &volume->manager,
	    .name = volume->name,
	    .block_size = SUPER_OFFSET,
	    .refcount = 1,
	    .private_data = volume,
	};
	*channel = &volume->channel;
	return 0;
}

static errcode_t
memory_close(io_channel channel)
{
	(void)channel;
	return 0;
}

static errcode_t
memory_set_block_size(io_channel channel, int block_size)
{
	channel->block_size = block_size;
	return 0;
}

/* A negative count is one of bytes. */
static errcode_t
memory_read64(io_channel channel, unsigned long long block, int count, void *data)
{
	struct ext_volume *volume = channel->private_data;
	uint64_t block_size = (uint64_t)channel->block_size, offset;
	uint64_t size = count < 0 ? (uint64_t) - (int64_t)count : (uint64_t)count * block_size;
	struct span part;

	if (__builtin_mul_overflow(block, block_size, &offset) || size == 0)
		return EXT2_ET_SHORT_READ;
	part = span_part(volume->image, offset, size);
	if (part.size == 0 || volume->reads_left == 0)
		return EXT2_ET_SHORT_READ;
	volume->reads_left--;
	memcpy(data, part.at, part.size);
	return 0;
}

static errcode_t
memory_read(io_channel channel, unsigned long block, int count, void *data)
{
	return memory_read64(channel, block, count, data);
}

static errcode_t
memory_write64(io_channel channel, unsigned long long block, int count, const void *data)
{
	(void)channel;
	(void)block;
	(void)count;
	(void)data;
	return EXT2_ET_RO_FILSYS;
}

static errcode_t
memory_write(io_channel channel, unsigned long block, int count, const void *data)
{
	return memory_write64(channel, block, count, data);
}

static errcode_t
memory_flush(io_channel channel)
{
	(void)channel;
	return 0;
}

enum status
ext_open(
    struct job *job, struct span image, const struct ext_super *super, struct ext_volume **opened)
{
	struct ext_volume *volume = arena_allocate(job, sizeof *volume);
	int flags = EXT2_FLAG_64BITS | EXT2_FLAG_SKIP_MMP;
	errcode_t code;

	if (volume == NULL)
		return STATUS_LIMIT;
	volume->image = image;
	volume->reads_left = READS_BASE + READS_PER_BLOCK * (image.size / super->block_size);
	volume->manager = (struct struct_io_manager){
	    .magic = EXT2_ET_MAGIC_IO_MANAGER,
	    .name = "memory",
	    .open = memory_open,
	    .close = memory_close,
	    .set_blksize = memory_set_block_size,
	    .read_blk = memory_read,
	    .write_blk = memory_write,
	    .flush = memory_flush,
	    .read_blk64 = memory_read64,
	    .write_blk64 = memory_write64,
	};
	snprintf(volume->name, sizeof volume->name, "%" PRIxPTR, (uintptr_t)volume);
	code = ext2fs_open2(volume->name, NULL, flags, 0, 0, &volume->manager, &volume->fs);
	if (code != 0)
		return fail(job, STATUS_MALFORMED, "ext: %s", why(code));
	/* attributes are there or not, whatever is said of them */
	volume->fs->super->s_feature_compat |= EXT2_FEATURE_COMPAT_EXT_ATTR;
	*opened = volume;
	return STATUS_OK;
}

void
ext_close(struct ext_volume *volume)
{
	ext2fs_free(volume->fs);
}

void
ext_grant_entry(struct ext_volume *volume)
{
	volume->reads_left += READS_PER_ENTRY;
}

const char *
ext_check_groups(struct ext_volume *volume)
{
	for (dgrp_t i = 0; i < volume->fs->group_desc_count; i++)
		if (!ext2fs_group_desc_csum_verify(volume->fs, i))
			return "the checksum of a group's descriptor is bad";
	return NULL;
}

/* In the newer of two encodings when the older one is empty. */
static void
read_device(const struct ext2_inode *raw, struct ext_inode *inode)
{
	uint32_t before = raw->i_block[0], now = raw->i_block[1];

	inode->major = before != 0 ? before >> 8 & 0xff : now >> 8 & 0xfff;
	inode->minor = before != 0 ? before & 0xff : (now & 0xff) | (now >> 12 & 0xfff00);
}

const char *
ext_read_inode(struct ext_volume *volume, uint32_t number, struct ext_inode *inode)
{
	struct ext2_inode raw;
	errcode_t code = ext2fs_read_inode(volume->fs, number, &raw);

	if (code != 0)
		return why(code);
	if (raw.i_links_count == 0 || raw.i_mode == 0)
		return "it is not in use";
	*inode = (struct ext_inode){
	    .number = number,
	    .mode = raw.i_mode,
	    .uid = inode_uid(raw),
	    .gid = inode_gid(raw),
	    .flags = raw.i_flags,
	    .links = raw.i_links_count,
	    .size = EXT2_I_SIZE(&raw),
	    .is_inline = (raw.i_flags & EXT4_INLINE_DATA_FL) != 0,
	};
	read_device(&raw, inode);
	return NULL;
}

/* Blocks of a file on their way to its content. */
struct content {
	struct pieces pieces;
	struct ext_volume *volume;
};

/* Blocks [logical, +count) of the file lie at `physical`; what is left out is a hole. */
static bool
add_run(struct content *content, uint64_t logical, uint64_t physical, uint64_t count)
{
	uint64_t block_size = content->volume->fs->blocksize;

	if (physical >> 44 != 0 || logical >> 44 != 0) {
		content->pieces.why = "its blocks make no sense";
		return false;
	}
	return pieces_add(
	    &content->pieces, logical * block_size, physical * block_size, count * block_size);
}

static errcode_t
read_extents(struct content *content, uint32_t number)
{
	ext2_extent_handle_t handle;
	struct ext2fs_extent extent;
	int step = EXT2_EXTENT_ROOT;
	errcode_t code = ext2fs_extent_open2(content->volume->fs, number, NULL, &handle);

	if (code != 0)
		return code;
	while ((code = ext2fs_extent_get(handle, step, &extent)) == 0) {
		step = EXT2_EXTENT_NEXT;
		if ((extent.e_flags & EXT2_EXTENT_FLAGS_LEAF) == 0 ||
		    (extent.e_flags & EXT2_EXTENT_FLAGS_SECOND_VISIT) != 0)
			continue;
		/* what was never written reads as zeros: a hole */
		if ((extent.e_flags & EXT2_EXTENT_FLAGS_UNINIT) == 0 &&
		    !add_run(content, extent.e_lblk, extent.e_pblk, extent.e_len))
			break;
	}
	ext2fs_extent_free(handle);
	return code == EXT2_ET_EXTENT_NO_NEXT ? 0 : code;
}

static int
add_block(ext2_filsys fs, blk64_t *block, e2_blkcnt_t logical, blk64_t reference, int offset,
    void *context)
{
	(void)fs;
	(void)reference;
	(void)offset;
	if (logical < 0)
		return 0;
	return add_run(context, (uint64_t)logical, *block, 1) ? 0 : BLOCK_ABORT;
}

static const char *
read_inline(
    struct job *job, struct ext_volume *volume, const struct ext_inode *inode, struct span *content)
{
	uint8_t *bytes;
	size_t size;
	errcode_t code = ext2fs_inline_data_size(volume->fs, inode->number, &size);

	if (code != 0)
		return why(code);
	if (size > volume->fs->blocksize || size < inode->size)
		return "its size makes no sense";
	bytes = arena_allocate(job, volume->fs->blocksize);
	if (bytes == NULL)
		return "out of memory";
	code = ext2fs_inline_data_get(volume->fs, inode->number, NULL, bytes, &size);
	*content = (struct span){bytes, inode->size};
	return why(code);
}

/* A short link stands where others keep their blocks. */
static const char *
read_fast_link(struct job *job, const struct ext2_inode *raw, struct span *content)
{
	char *copy = arena_string(job, (const char *)raw->i_block, raw->i_size);

	*content = (struct span){(const uint8_t *)copy, raw->i_size};
	return copy == NULL ? "out of memory" : NULL;
}

const char *
ext_read_content(struct job *job, struct ext_volume *volume, const struct ext_inode *inode,
    size_t room, struct span *content)
{
	struct content parts = {.volume = volume};
	struct ext2_inode raw;
	errcode_t code = ext2fs_read_inode(volume->fs, inode->number, &raw);

	*content = (struct span){0};
	if (code != 0 || inode->size == 0)
		return why(code);
	if (inode->is_inline)
		return read_inline(job, volume, inode, content);
	if (ext2fs_is_fast_symlink(&raw))
		return read_fast_link(job, &raw, content);
	parts.pieces =
	    (struct pieces){.job = job, .image = volume->image, .size = inode->size, .room = room};
	if (raw.i_flags & EXT4_EXTENTS_FL)
		code = read_extents(&parts, inode->number);
	else
		code = ext2fs_block_iterate3(volume->fs, inode->number,
		    BLOCK_FLAG_DATA_ONLY | BLOCK_FLAG_READ_ONLY, NULL, add_block, &parts);
	if (code != 0 && parts.pieces.why == NULL)
		return why(code);
	return pieces_end(&parts.pieces, content);
}

struct attributes {
	struct job *job;
	struct attribute *attributes;
	size_t count;
	bool failed;
};

static int
add_attribute(char *name, char *value, size_t size, void *context)
{
	struct attributes *list = context;
	char *name_copy, *value_copy;

	if (strcmp(name, "system.data") == 0) /* content, not an attribute */
		return 0;
	name_copy = arena_copy_string(list->job, name);
	value_copy = arena_string(list->job, value, size);
	list->failed = name_copy == NULL || value_copy == NULL || list->count == MAX_ATTRIBUTES;
	if (list->failed)
		return XATTR_ABORT;
	list->attributes[list->count++] =
	    (struct attribute){span_of_string(name_copy), {(const uint8_t *)value_copy, size}};
	return 0;
}

const char *
ext_read_attributes(struct job *job, struct ext_volume *volume, uint32_t number,
    const struct attribute **attributes, size_t *count)
{
	struct attributes list = {.job = job};
	struct ext2_xattr_handle *handle;
	size_t total = 0;
	errcode_t code = ext2fs_xattrs_open(volume->fs, number, &handle);

	*count = 0;
	if (code != 0)
		return why(code);
	code = ext2fs_xattrs_read(handle);
	if (code == 0)
		code = ext2fs_xattrs_count(handle, &total);
	if (code == 0 && total != 0) {
		list.attributes = arena_array(job, MAX_ATTRIBUTES, sizeof *list.attributes);
		list.failed = list.attributes == NULL;
		if (!list.failed)
			code = ext2fs_xattrs_iterate(handle, add_attribute, &list);
	}
	ext2fs_xattrs_close(&handle);
	*attributes = list.attributes;
	*count = list.count;
	return list.failed ? "too many attributes" : why(code);
}

bool
ext_folder_block_is_good(struct ext_volume *volume, uint32_t folder, uint8_t *block)
{
	return ext2fs_dir_block_csum_verify(
		   volume->fs, folder, (struct ext2_dir_entry *)(void *)block) != 0;
}
