/* The superblock of an ext file system stands 1 KiB behind its beginning, whatever the block size.
 */
#include "firmware/formats/ext.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define SUPER_AT 1024
#define SUPER_SIZE 1024
#define LARGEST_LOG_BLOCK 6 /* 64 KiB */
#define OLD_INODE_SIZE 128

enum { STATE_CLEAN = 1 };

enum compatible {
	COMPATIBLE_JOURNAL = 0x4,
};

enum incompatible {
	INCOMPATIBLE_COMPRESSION = 0x1,
	INCOMPATIBLE_RECOVER = 0x4,
	INCOMPATIBLE_JOURNAL_DEVICE = 0x8,
	INCOMPATIBLE_EXT3 = 0x1f, /* what ext2 and ext3 may have; all above is ext4 */
	INCOMPATIBLE_64BIT = 0x80,
	INCOMPATIBLE_ENCRYPT = 0x10000,
	/* filetype, recover, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, csum_seed,
	 * large_dir, inline_data, encrypt, casefold */
	INCOMPATIBLE_READ = 0x3e7d6,
};

enum read_only_compatible {
	READ_ONLY_EXT3 = 0x7,
	READ_ONLY_BIGALLOC = 0x200,
	READ_ONLY_CHECKSUMS = 0x400,
};

static bool
read_super(struct span at, struct ext_super *super)
{
	struct reader reader = {.rest = span_part(at, SUPER_AT, SUPER_SIZE)};
	uint32_t high;

	super->inodes = read_u32_le(&reader);
	super->blocks = read_u32_le(&reader);
	read_bytes(&reader, 8); /* reserved and free blocks */
	super->free_inodes = read_u32_le(&reader);
	super->first_block = read_u32_le(&reader);
	super->log_block = read_u32_le(&reader);
	super->log_cluster = read_u32_le(&reader);
	super->blocks_per_group = read_u32_le(&reader);
	super->clusters_per_group = read_u32_le(&reader);
	super->inodes_per_group = read_u32_le(&reader);
	read_bytes(&reader, 14); /* times, mount counts, magic */
	super->state = read_u16_le(&reader);
	read_bytes(&reader, 16); /* errors, minor revision, checks, system */
	super->revision = read_u32_le(&reader);
	read_bytes(&reader, 8); /* reserved ids, first inode */
	super->inode_size = read_u16_le(&reader);
	super->group = read_u16_le(&reader);
	super->compatible = read_u32_le(&reader);
	super->incompatible = read_u32_le(&reader);
	super->read_only_compatible = read_u32_le(&reader);
	super->uuid = read_bytes(&reader, 16);
	super->label = read_bytes(&reader, 16);
	super->mounted_on = read_bytes(&reader, 64);
	read_bytes(&reader, 54); /* hints, journal, hash seed */
	super->descriptor_size = read_u16_le(&reader);
	read_bytes(&reader, 80); /* options, times, backup of the journal inode */
	high = read_u32_le(&reader);
	if (reader.overrun)
		return false;
	if (super->revision == 0) {
		super->inode_size = OLD_INODE_SIZE;
		super->group = 0;
		super->compatible = super->incompatible = super->read_only_compatible = 0;
	}
	if (super->incompatible & INCOMPATIBLE_64BIT)
		super->blocks |= (uint64_t)high << 32;
	else
		super->descriptor_size = 32;
	return true;
}

static bool
is_power_of_two(uint64_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

/* Everything libext2fs allocates or loops by is checked here. */
static bool
makes_sense(struct ext_super *super)
{
	uint32_t cluster_ratio;

	if (super->log_block > LARGEST_LOG_BLOCK || super->log_cluster > 30 ||
	    super->log_cluster < super->log_block || super->revision > 1)
		return false;
	super->block_size = (uint64_t)1024 << super->log_block;
	cluster_ratio = 1u << (super->log_cluster - super->log_block);
	if (cluster_ratio != 1 && (super->read_only_compatible & READ_ONLY_BIGALLOC) == 0)
		return false;
	if (super->blocks_per_group == 0 || super->clusters_per_group == 0 ||
	    super->clusters_per_group > 8 * super->block_size ||
	    super->blocks_per_group != (uint64_t)super->clusters_per_group * cluster_ratio ||
	    super->inodes_per_group == 0 || super->inodes_per_group > 8 * super->block_size)
		return false;
	if (!is_power_of_two(super->inode_size) || super->inode_size < OLD_INODE_SIZE ||
	    super->inode_size > super->block_size || !is_power_of_two(super->descriptor_size) ||
	    super->descriptor_size < 32 || super->descriptor_size > super->block_size)
		return false;
	if (super->first_block > 1 || super->blocks <= super->first_block ||
	    super->blocks >> 44 != 0 || super->free_inodes > super->inodes || super->group != 0)
		return false;
	super->groups = (super->blocks - super->first_block + super->blocks_per_group - 1) /
			super->blocks_per_group;
	super->bytes = super->blocks * super->block_size;
	return super->groups * super->inodes_per_group == super->inodes &&
	       super->groups * super->descriptor_size <= super->bytes &&
	       (uint64_t)super->inodes * super->inode_size <= super->bytes;
}

static const char *
generation(const struct ext_super *super)
{
	if ((super->incompatible & ~(uint32_t)INCOMPATIBLE_EXT3) != 0 ||
	    (super->read_only_compatible & ~(uint32_t)READ_ONLY_EXT3) != 0)
		return "ext4";
	return super->compatible & COMPATIBLE_JOURNAL ? "ext3" : "ext2";
}

/* A text field that ends at its first NUL: `, words "text"`, or nothing. */
static const char *
field(struct job *job, const char *words, struct span bytes)
{
	size_t size = strnlen((const char *)bytes.at, bytes.size);
	const char *text = text_from_bytes(job, bytes.at, size, 100);

	if (size == 0 || text == NULL)
		return "";
	text = arena_printf(job, ", %s \"%s\"", words, text);
	return text == NULL ? "" : text;
}

static const char *
describe(struct job *job, const struct ext_super *super, bool cut)
{
	bool recover = (super->incompatible & INCOMPATIBLE_RECOVER) != 0;
	bool clean = (super->state & STATE_CLEAN) != 0;

	return arena_printf(job, "%s, %" PRIu64 "-byte blocks%s%s%s%s%s%s", generation(super),
	    super->block_size,
	    super->read_only_compatible & READ_ONLY_CHECKSUMS ? ", metadata checksums" : "",
	    field(job, "label", super->label), field(job, "last mounted on", super->mounted_on),
	    super->incompatible & INCOMPATIBLE_ENCRYPT ? ", may hold encrypted files" : "",
	    recover  ? ", journal not replayed"
	    : !clean ? ", not cleanly unmounted"
		     : "",
	    cut ? ", cut short" : "");
}

/* What cannot be read, or not wholly, and why. */
static void
judge(struct job *job, const struct ext_super *super, struct claim *claim, bool cut)
{
	uint32_t unknown = super->incompatible & ~(uint32_t)INCOMPATIBLE_READ;

	if (super->incompatible & INCOMPATIBLE_RECOVER)
		claim->incomplete =
		    "the journal is not replayed: files may be older or newer than they seem";
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
	if (unknown == 0)
		return;
	claim->coverage = COVERAGE_UNSUPPORTED;
	claim->incomplete = unknown & INCOMPATIBLE_JOURNAL_DEVICE
				? "ext: a journal without its files"
			    : unknown & INCOMPATIBLE_COMPRESSION
				? "ext: compressed files"
				: arena_printf(job, "ext: unknown features 0x%" PRIx32, unknown);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct ext_super super;
	bool cut;

	if (!read_super(at, &super) || !makes_sense(&super))
		return;
	cut = super.bytes > at.size;
	claim->bytes = cut ? at.size : super.bytes;
	claim->detail = describe(job, &super, cut);
	judge(job, &super, claim, cut);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct ext_volume *volume;
	struct ext_super super;
	const char *why;
	enum status status;

	if (!read_super(content, &super) || !makes_sense(&super))
		return fail(job, STATUS_MALFORMED, "ext: no superblock");
	/* descriptors that are not there must not be allocated either */
	if (super.groups * super.descriptor_size > content.size)
		return fail(job, STATUS_MALFORMED, "ext: %" PRIu64 " groups in %zu bytes",
		    super.groups, content.size);
	TRY(ext_open(job, content, &super, &volume));
	why = ext_check_groups(volume);
	status = why == NULL ? STATUS_OK
			     : unpack_damage(unpack, container, SUPER_AT + SUPER_SIZE, 0,
				   COVERAGE_DAMAGED, "ext: %s", why);
	if (status == STATUS_OK)
		status = ext_walk(job, unpack, container, volume, &super, content);
	ext_close(volume);
	return status;
}

static const struct magic magics[] = {{.pattern = "\\x53\\xef", .length = 2, .offset = 1080}};

const struct format format_ext = {
    .name = "ext",
    .title = "ext2, ext3 and ext4",
    .source = "Linux Documentation/filesystems/ext4; libext2fs 1.47",
    .gaps =
	"a journal that was not replayed is told, not replayed; deleted files; compressed files "
	"(never in Linux itself); external journals; encrypted files and names are told as such; "
	"a file system whose first superblock is gone",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
