/* A node is known by its number; where it is now, a table says, or the journal of what the table
 * does not have yet. */
#include "firmware/formats/f2fs.h"

#define PACK_BLOCKS(fs) ((uint64_t)1 << (fs)->super.log_segment)
#define LAST_CHECKSUM 4092u
#define FIRST_CHECKSUM 192u
#define BITMAPS_AT 192u
#define NAT_ENTRY 9
#define IN_NAT_BLOCK 455u
#define JOURNAL_AT 3584
#define JOURNAL_SIZE 507
#define JOURNAL_ENTRY 13
#define MAX_JOURNAL 38u
#define CURRENT_SEGMENTS 6
#define CURRENT_DATA_SEGMENTS 3

enum {
	CP_UNMOUNTED = 1,
	CP_COMPACT = 4,
	CP_FAST = 0x20,
	CP_LARGE_BITMAP = 0x400,
};

enum { INLINE_ATTRIBUTES = 1, INLINE_FOLDER = 4, EXTRA_ATTRIBUTES = 0x20 };
#define USUAL_ATTRIBUTES 50u

struct span
f2fs_block(const struct f2fs *fs, uint64_t number)
{
	if (number > UINT64_MAX / F2FS_BLOCK)
		return (struct span){0};
	return span_part(fs->image, number * F2FS_BLOCK, F2FS_BLOCK);
}

/* It starts with the magic and is not inverted at the end. */
uint32_t
f2fs_checksum(struct span bytes)
{
	return ~crc32_of(~(uint32_t)0xf2f52010, bytes);
}

static bool
checkpoint_is_good(const struct f2fs_checkpoint *checkpoint)
{
	struct reader reader = {.rest = span_from(checkpoint->block, checkpoint->checksum_offset)};
	struct span front = span_part(checkpoint->block, 0, checkpoint->checksum_offset);
	uint32_t said = read_u32_le(&reader), sum;

	if (reader.overrun || checkpoint->checksum_offset < FIRST_CHECKSUM)
		return false;
	sum = ~crc32_of(~(uint32_t)0xf2f52010, front);
	if (checkpoint->checksum_offset < LAST_CHECKSUM)
		sum = ~crc32_of(~sum, reader.rest);
	return sum == said;
}

static bool
read_header(const struct f2fs *fs, uint64_t at, struct f2fs_checkpoint *checkpoint)
{
	struct reader reader = {.rest = f2fs_block(fs, at)};

	checkpoint->block = reader.rest;
	checkpoint->at = at;
	checkpoint->version = read_u64_le(&reader);
	read_bytes(&reader, 124); /* counts, segments being written */
	checkpoint->flags = read_u32_le(&reader);
	checkpoint->total = read_u32_le(&reader);
	checkpoint->summaries = read_u32_le(&reader);
	read_bytes(&reader, 12);
	checkpoint->sit_bitmap = read_u32_le(&reader);
	checkpoint->nat_bitmap = read_u32_le(&reader);
	checkpoint->checksum_offset = read_u32_le(&reader);
	return !reader.overrun && checkpoint_is_good(checkpoint);
}

/* A pack whose first and last block agree was written to its end. */
static bool
read_pack(const struct f2fs *fs, uint64_t at, struct f2fs_checkpoint *checkpoint)
{
	struct f2fs_checkpoint last;

	return read_header(fs, at, checkpoint) && checkpoint->total > 1 &&
	       checkpoint->total <= PACK_BLOCKS(fs) &&
	       read_header(fs, at + checkpoint->total - 1, &last) &&
	       last.version == checkpoint->version;
}

static struct span
find_bitmap(const struct f2fs *fs)
{
	const struct f2fs_checkpoint *checkpoint = &fs->checkpoint;
	uint64_t offset = BITMAPS_AT;

	if (checkpoint->flags & CP_LARGE_BITMAP)
		offset += 4;
	else if (fs->super.payload == 0)
		offset += checkpoint->sit_bitmap;
	/* a large one goes on in the blocks behind */
	return span_part(fs->image, checkpoint->at * F2FS_BLOCK + offset, checkpoint->nat_bitmap);
}

static struct span
find_journal(const struct f2fs *fs)
{
	const struct f2fs_checkpoint *checkpoint = &fs->checkpoint;
	bool nodes = (checkpoint->flags & (CP_UNMOUNTED | CP_FAST)) != 0;
	uint64_t back = (nodes ? CURRENT_SEGMENTS : CURRENT_DATA_SEGMENTS) + 1;

	if (checkpoint->flags & CP_COMPACT)
		return span_part(
		    f2fs_block(fs, checkpoint->at + checkpoint->summaries), 0, JOURNAL_SIZE);
	if (back > checkpoint->total)
		return (struct span){0};
	return span_part(
	    f2fs_block(fs, checkpoint->at + checkpoint->total - back), JOURNAL_AT, JOURNAL_SIZE);
}

bool
f2fs_read_checkpoint(struct f2fs *fs)
{
	struct f2fs_checkpoint first, second;
	bool first_good = read_pack(fs, fs->super.cp, &first);
	bool second_good = read_pack(fs, fs->super.cp + PACK_BLOCKS(fs), &second);
	uint64_t count;

	if (!first_good && !second_good)
		return false;
	if (!first_good || (second_good && second.version > first.version))
		fs->checkpoint = second;
	else
		fs->checkpoint = first;
	fs->one_checkpoint = !first_good || !second_good;
	fs->nat_bitmap = find_bitmap(fs);
	fs->journal = find_journal(fs);
	count = (uint64_t)fs->nat_bitmap.size * 8 * IN_NAT_BLOCK;
	fs->node_count = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	return fs->journal.size != 0 && fs->node_count != 0;
}

/* What the journal says of a node; the last word counts. */
static bool
find_in_journal(const struct f2fs *fs, uint32_t number, uint32_t *block)
{
	struct reader reader = {.rest = fs->journal};
	unsigned count = read_u16_le(&reader);
	bool found = false;

	for (unsigned i = 0; i < count && i < MAX_JOURNAL; i++) {
		uint32_t node = read_u32_le(&reader), at;

		read_bytes(&reader, 5); /* version, inode */
		at = read_u32_le(&reader);
		if (node == number && !reader.overrun) {
			*block = at;
			found = true;
		}
	}
	return found;
}

/* The table stands twice, in turns of a segment; a bit says which copy counts. */
static bool
find_in_table(const struct f2fs *fs, uint32_t number, uint32_t *block)
{
	uint64_t index = number / IN_NAT_BLOCK, segment = index >> fs->super.log_segment;
	uint64_t at = fs->super.nat + (segment << fs->super.log_segment << 1) +
		      (index & (PACK_BLOCKS(fs) - 1));
	struct reader reader;

	if (index / 8 >= fs->nat_bitmap.size)
		return false;
	if (fs->nat_bitmap.at[index / 8] >> (7 - index % 8) & 1)
		at += PACK_BLOCKS(fs);
	reader.overrun = false;
	reader.rest = span_part(f2fs_block(fs, at), number % IN_NAT_BLOCK * NAT_ENTRY, NAT_ENTRY);
	read_bytes(&reader, 5);
	*block = read_u32_le(&reader);
	return !reader.overrun;
}

struct span
f2fs_node(const struct f2fs *fs, uint32_t number)
{
	uint32_t at;
	struct span block;
	struct reader footer;

	if (number == 0 || number >= fs->node_count ||
	    (!find_in_journal(fs, number, &at) && !find_in_table(fs, number, &at)) ||
	    at < fs->super.main)
		return (struct span){0};
	block = f2fs_block(fs, at);
	footer = (struct reader){.rest = span_from(block, F2FS_FOOTER_AT)};
	return block.size != 0 && read_u32_le(&footer) == number ? block : (struct span){0};
}

bool
f2fs_read_inode(const struct f2fs *fs, uint32_t number, struct f2fs_inode *inode)
{
	struct span node = f2fs_node(fs, number);
	struct reader reader = {.rest = node}, footer, extra;
	unsigned words = 0, room;

	*inode = (struct f2fs_inode){.number = number, .node = node};
	inode->mode = read_u16_le(&reader);
	inode->advice = read_u8(&reader);
	inode->inline_flags = read_u8(&reader);
	inode->uid = read_u32_le(&reader);
	inode->gid = read_u32_le(&reader);
	read_bytes(&reader, 4); /* links */
	inode->size = read_u64_le(&reader);
	read_bytes(&reader, 52); /* blocks, times */
	inode->attributes_node = read_u32_le(&reader);
	inode->flags = read_u32_le(&reader);
	footer = (struct reader){.rest = span_from(node, F2FS_FOOTER_AT + 4)};
	if (reader.overrun || read_u32_le(&footer) != number)
		return false;
	extra = (struct reader){.rest = span_from(node, F2FS_ADDRESSES_AT)};
	if (inode->inline_flags & EXTRA_ATTRIBUTES) {
		inode->extra = read_u16_le(&extra) / 4u;
		words = read_u16_le(&extra);
	}
	if ((fs->super.features & F2FS_FLEXIBLE_ATTRIBUTES) == 0 ||
	    (inode->inline_flags & EXTRA_ATTRIBUTES) == 0)
		words = inode->inline_flags & (INLINE_ATTRIBUTES | INLINE_FOLDER) ? USUAL_ATTRIBUTES
										  : 0;
	inode->inline_attributes = words;
	room = inode->extra + words;
	return room + 2 < F2FS_IN_INODE;
}
