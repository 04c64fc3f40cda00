/* SquashFS 4 writes its tables behind the data: cut its end off, and nothing can be found in what
 * is left. */
#include "firmware/formats/squashfs.h"

#include "base/arena.h"

#define SUPER_SIZE 96

static bool
read_super(struct span at, struct squashfs_super *super)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	super->inodes = read_u32_le(&reader);
	read_bytes(&reader, 4); /* time */
	super->block_size = read_u32_le(&reader);
	super->fragments = read_u32_le(&reader);
	super->compression = read_u16_le(&reader);
	super->block_log = read_u16_le(&reader);
	super->flags = read_u16_le(&reader);
	super->ids = read_u16_le(&reader);
	super->major = read_u16_le(&reader);
	super->minor = read_u16_le(&reader);
	super->root = read_u64_le(&reader);
	super->bytes = read_u64_le(&reader);
	super->id_table = read_u64_le(&reader);
	super->xattr_table = read_u64_le(&reader);
	super->inode_table = read_u64_le(&reader);
	super->folder_table = read_u64_le(&reader);
	super->fragment_table = read_u64_le(&reader);
	super->export_table = read_u64_le(&reader);
	return !reader.overrun;
}

static bool
super_makes_sense(const struct squashfs_super *super)
{
	return super->major == 4 && super->minor == 0 && super->block_log >= 12 &&
	       super->block_log <= 20 && super->block_size == (uint32_t)1 << super->block_log &&
	       super->bytes >= SUPER_SIZE && super->inode_table < super->folder_table &&
	       super->inode_table >= SUPER_SIZE && super->folder_table <= super->bytes &&
	       super->inodes != 0;
}

static const struct codec *const codecs[] = {
    NULL, &codec_zlib, &codec_lzma, &codec_lzo, &codec_xz, &codec_lz4, &codec_zstd};

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct squashfs_super super;
	const char *name;
	bool cut;

	if (!read_super(at, &super) || !super_makes_sense(&super))
		return;
	cut = super.bytes > at.size;
	claim->bytes = cut ? at.size : super.bytes;
	name = super.compression >= ARRAY_SIZE(codecs) || super.compression == 0
		   ? "unknown compression"
		   : codecs[super.compression]->name;
	claim->detail = arena_printf(job, "version 4.0, %s, blocks of %u KiB%s", name,
	    super.block_size >> 10, cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
	if (super.compression == 0 || super.compression >= ARRAY_SIZE(codecs)) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "squashfs: unknown compression";
	}
}

static enum status
read_ids(struct squashfs *fs)
{
	struct span bytes;
	struct reader reader;

	TRY(squashfs_lookup_read(fs, fs->super.id_table, fs->super.ids, 4, &bytes));
	fs->ids = arena_array(fs->job, fs->super.ids, sizeof *fs->ids);
	if (fs->ids == NULL)
		return STATUS_LIMIT;
	reader = (struct reader){.rest = bytes};
	for (size_t i = 0; i < fs->super.ids; i++)
		fs->ids[i] = read_u32_le(&reader);
	return STATUS_OK;
}

static enum status
read_fragments(struct squashfs *fs)
{
	struct span bytes;
	struct reader reader;

	if (fs->super.fragments == 0)
		return STATUS_OK;
	TRY(squashfs_lookup_read(fs, fs->super.fragment_table, fs->super.fragments, 16, &bytes));
	fs->fragments = arena_array(fs->job, fs->super.fragments, sizeof *fs->fragments);
	if (fs->fragments == NULL)
		return STATUS_LIMIT;
	reader = (struct reader){.rest = bytes};
	for (size_t i = 0; i < fs->super.fragments; i++) {
		fs->fragments[i].start = read_u64_le(&reader);
		fs->fragments[i].size = read_u32_le(&reader);
		read_bytes(&reader, 4); /* unused */
	}
	return STATUS_OK;
}

/* The folder table ends where the next thing behind it begins. */
static uint64_t
end_of_folders(const struct squashfs *fs)
{
	const struct squashfs_super *super = &fs->super;
	const uint64_t tables[] = {
	    super->fragment_table, super->export_table, super->id_table, super->xattr_table};
	uint64_t end = super->bytes < fs->image.size ? super->bytes : fs->image.size;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		struct reader reader = {.rest = span_from(fs->image, tables[i])};
		uint64_t first;

		if (tables[i] == SQUASHFS_NONE)
			continue;
		if (tables[i] > super->folder_table && tables[i] < end)
			end = tables[i];
		first = read_u64_le(&reader); /* the table's first block stands before it */
		if (!reader.overrun && first > super->folder_table && first < end)
			end = first;
	}
	return end;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct squashfs fs = {.job = job, .unpack = unpack, .image = content};
	bool inodes_whole, folders_whole;

	if (!read_super(content, &fs.super) || !super_makes_sense(&fs.super))
		return fail(job, STATUS_MALFORMED, "squashfs: no superblock");
	fs.codec = codecs[fs.super.compression];
	TRY(squashfs_table_read(
	    &fs, fs.super.inode_table, fs.super.folder_table, &fs.inodes, &inodes_whole));
	TRY(squashfs_table_read(
	    &fs, fs.super.folder_table, end_of_folders(&fs), &fs.folders, &folders_whole));
	TRY(read_ids(&fs));
	TRY(read_fragments(&fs));
	if (!inodes_whole || !folders_whole)
		TRY(unpack_damage(unpack, container, fs.super.inode_table,
		    end_of_folders(&fs) - fs.super.inode_table, COVERAGE_DAMAGED,
		    "squashfs: metadata blocks are damaged"));
	fs.visited = arena_allocate(job, fs.inodes.bytes.size / 8 + 1);
	if (fs.visited == NULL)
		return STATUS_LIMIT;
	return squashfs_walk(&fs, container);
}

static const struct magic magics[] = {{.pattern = "hsqs", .length = 4}};

const struct format format_squashfs = {
    .name = "squashfs",
    .title = "SquashFS 4.0",
    .source = "squashfs-tools-ng doc/format.adoc; Linux fs/squashfs/squashfs_fs.h",
    .gaps = "extended attributes are not read; vendor variants of version 4 (AVM, big-endian)",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
