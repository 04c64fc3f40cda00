/* SquashFS writes its tables behind the data: cut its end off, and nothing can be found in what is
 * left. */
#include "firmware/formats/squashfs.h"

#include "base/arena.h"
#include "firmware/extents.h"

#define LEAST_INODE 8u /* bytes, of a folder in version 1 */

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct squashfs_super super;
	const struct codec *codec = NULL;
	bool cut, known = true, small;

	if (!squashfs_super_read(at, &super))
		return;
	cut = super.bytes > at.size;
	claim->bytes = cut ? at.size : super.bytes;
	if (cut)
		codec = squashfs_codec_named(&super);
	else
		known = squashfs_codec_find(job, &super, span_part(at, 0, super.bytes), &codec);
	small = super.block_size < 1024;
	claim->detail = arena_printf(job, "version %u.%u, %s%s%sblocks of %u %s%s", super.major,
	    super.minor, super.big ? "big-endian, " : "",
	    codec == NULL ? known ? "" : "unknown compression, " : codec->name,
	    codec == NULL ? "" : ", ", small ? super.block_size : super.block_size >> 10,
	    small ? "bytes" : "KiB", cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
	if (!known) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "squashfs: unknown compression";
	}
}

/* An array of numbers of 32 bits. */
static enum status
read_numbers(struct squashfs *fs, struct span bytes, size_t count, uint32_t **numbers)
{
	struct squashfs_fields fields = {.rest = bytes, .big = fs->super.big};

	*numbers = arena_array(fs->job, count, sizeof **numbers);
	if (*numbers == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		(*numbers)[i] = (uint32_t)squashfs_field(&fields, 32);
	if (fields.overrun)
		return fail(fs->job, STATUS_MALFORMED, "squashfs: owners lie outside");
	return STATUS_OK;
}

static enum status
read_ids(struct squashfs *fs)
{
	const struct squashfs_super *super = &fs->super;
	struct span bytes;

	if (super->major == 4) {
		TRY(squashfs_lookup_read(fs, super->id_table, super->ids, 4, &bytes));
		return read_numbers(fs, bytes, super->ids, &fs->ids);
	}
	bytes = span_part(fs->image, super->id_table, (uint64_t)super->ids * 4);
	TRY(read_numbers(fs, bytes, super->ids, &fs->ids));
	bytes = span_part(fs->image, super->gid_table, (uint64_t)super->gids * 4);
	return read_numbers(fs, bytes, super->gids, &fs->gids);
}

static enum status
read_fragments(struct squashfs *fs)
{
	const bool narrow = fs->super.major == 2;
	struct squashfs_fields fields = {.big = fs->super.big};

	if (fs->super.fragments == 0)
		return STATUS_OK;
	TRY(squashfs_lookup_read(
	    fs, fs->super.fragment_table, fs->super.fragments, narrow ? 8 : 16, &fields.rest));
	fs->fragments = arena_array(fs->job, fs->super.fragments, sizeof *fs->fragments);
	if (fs->fragments == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < fs->super.fragments; i++) {
		fs->fragments[i].start = squashfs_field(&fields, narrow ? 32 : 64);
		fs->fragments[i].size = (uint32_t)squashfs_field(&fields, 32);
		squashfs_field(&fields, narrow ? 0 : 32); /* unused */
	}
	return STATUS_OK;
}

/* Who owns files is not known, and all else is. */
static enum status
lose_ids(struct squashfs *fs, struct node *container)
{
	size_t most = fs->super.ids > fs->super.gids ? fs->super.ids : fs->super.gids;

	fs->ids = fs->gids = arena_array(fs->job, most, sizeof *fs->ids);
	if (fs->ids == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < most; i++)
		fs->ids[i] = UINT32_MAX;
	return unpack_damage(fs->unpack, container, fs->super.id_table, 0, COVERAGE_DAMAGED,
	    "squashfs: the table of owners is damaged");
}

/* The files whose tails are in fragments say themselves that they are lost. */
static enum status
lose_fragments(struct squashfs *fs, struct node *container)
{
	fs->super.fragments = 0;
	return unpack_damage(fs->unpack, container, fs->super.fragment_table, 0, COVERAGE_DAMAGED,
	    "squashfs: the table of fragments is damaged");
}

/* Inodes and folders: what of them is damaged is told, and the rest is read. */
static enum status
read_tables(struct squashfs *fs, struct node *container)
{
	const uint64_t inodes = fs->super.inode_table, folders = fs->super.folder_table;
	const uint64_t end = squashfs_super_end_of_folders(&fs->super, fs->image);
	bool inodes_whole, folders_whole;

	TRY(squashfs_table_read(fs, inodes, folders, &fs->inodes, &inodes_whole));
	TRY(squashfs_table_read(fs, folders, end, &fs->folders, &folders_whole));
	fs->seen = arena_allocate(fs->job, fs->inodes.bytes.size / 8 + 1);
	if (fs->seen == NULL)
		return STATUS_LIMIT;
	if (inodes_whole && folders_whole)
		return STATUS_OK;
	return unpack_damage(fs->unpack, container, inodes, end - inodes, COVERAGE_DAMAGED,
	    "squashfs: metadata blocks are damaged");
}

/* Behind the list of where its blocks are, a table has nothing. */
static enum status
cover_list(const struct squashfs *fs, struct extents *extents, uint64_t at, uint64_t bytes)
{
	const uint64_t pointer = fs->super.major == 2 ? 4 : 8;
	const uint64_t blocks = (bytes + SQUASHFS_METADATA - 1) / SQUASHFS_METADATA;

	return at == SQUASHFS_NONE ? STATUS_OK
				   : extents_add(fs->job, extents, 0, at + blocks * pointer);
}

/* The tables stand last: what its size takes in beyond them is none of the file system's. */
static enum status
tell_behind_tables(struct squashfs *fs, struct node *container)
{
	const struct squashfs_super *super = &fs->super;
	const uint64_t most = fs->inodes.bytes.size / LEAST_INODE;
	const uint64_t inodes = super->inodes < most ? super->inodes : most;
	struct extents extents = {0};

	TRY(extents_add(fs->job, &extents, 0, squashfs_super_end_of_folders(super, fs->image)));
	TRY(cover_list(fs, &extents, super->fragment_table,
	    (uint64_t)super->fragments * (super->major == 2 ? 8 : 16)));
	TRY(cover_list(fs, &extents, super->export_table, inodes * 8));
	if (super->major == 4) {
		TRY(cover_list(fs, &extents, super->id_table, (uint64_t)super->ids * 4));
	} else {
		TRY(extents_add(fs->job, &extents, 0, super->id_table + super->ids * 4ull));
		TRY(extents_add(fs->job, &extents, 0,
		    super->gids == 0 ? 0 : super->gid_table + super->gids * 4ull));
	}
	if (super->major == 4 && super->attribute_table != SQUASHFS_NONE)
		TRY(cover_list(fs, &extents, super->attribute_table + 16,
		    (uint64_t)fs->attributes.count * 16));
	return extents_tell_rest(&extents, fs->unpack, container, fs->image);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct squashfs fs = {.job = job, .unpack = unpack, .image = content};
	enum status status;

	if (!squashfs_super_read(content, &fs.super))
		return fail(job, STATUS_MALFORMED, "squashfs: no superblock");
	if (!squashfs_codec_find(job, &fs.super, content, &fs.codec))
		return fail(job, STATUS_MALFORMED, "squashfs: unknown compression");
	TRY(read_tables(&fs, container));
	status = read_ids(&fs);
	TRY(status == STATUS_MALFORMED ? lose_ids(&fs, container) : status);
	status = read_fragments(&fs);
	TRY(status == STATUS_MALFORMED ? lose_fragments(&fs, container) : status);
	TRY(squashfs_attributes_open(&fs, container));
	TRY(tell_behind_tables(&fs, container));
	return squashfs_walk(&fs, container);
}

/* as written in little and in big endian, and as vendors changed them */
static const struct magic magics[] = {
    {.pattern = "hsqs", .length = 4},
    {.pattern = "sqsh", .length = 4},
    {.pattern = "shsq", .length = 4},
    {.pattern = "qshs", .length = 4},
    {.pattern = "hsqt", .length = 4},
    {.pattern = "tqsh", .length = 4},
    {.pattern = "sqlz", .length = 4},
    {.pattern = "zlqs", .length = 4},
};

const struct format format_squashfs = {
    .name = "squashfs",
    .title = "SquashFS 1 to 4",
    .source = "squashfs-tools-ng doc/format.adoc; Linux fs/squashfs/squashfs_fs.h; squashfs-tools "
	      "squashfs_compat.h (versions 1 to 3)",
    .gaps =
	"LZMA as DD-WRT, sqlzma, Linksys E2100 and \"7z\" images pack it is read by its "
	"description, for want of real samples; LZMA with lc + lp above 4 is not read; versions "
	"before 4 have no checksums but those of zlib and xz: damage may show in files alone",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
