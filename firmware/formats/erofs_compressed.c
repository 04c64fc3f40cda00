/*
 * A compressed file of EROFS is cut into logical clusters; each says whether
 * an extent begins in it, and where the compressed clusters of that extent are.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/erofs.h"

#define HEADER_SIZE 8
#define COUNT_OF_BLOCKS ((uint32_t)1 << 11) /* flag of a distance: it is a size instead */
#define PARTIAL 0x8000
#define WHOLE_IN_PACKED 0x80
#define MAX_CLUSTERS ((uint64_t)1 << 24)

enum { PLAIN, HEAD_1, INSIDE, HEAD_2 };

enum {
	ADVISE_TWO_BYTES = 1,
	ADVISE_LARGE_1 = 2,
	ADVISE_LARGE_2 = 4,
	ADVISE_INLINE = 8,
	ADVISE_INTERLACED = 16,
	ADVISE_PACKED = 32,
};

/* One logical cluster. */
struct cluster {
	uint8_t type;
	bool partial;
	uint32_t offset; /* where the extent begins in it */
	uint32_t count; /* blocks, when it tells the size of the extent before it; 0: it does not */
	uint32_t block; /* of a head */
};

struct map {
	const struct erofs *fs;
	const struct erofs_inode *inode;
	uint16_t advise, inline_size;
	uint8_t algorithms;
	unsigned log; /* of the size of a logical cluster */
	uint64_t packed_at;
	uint64_t table; /* where the clusters are told */
	uint64_t inline_at;
	struct cluster *clusters;
	uint64_t count;
};

/* Eight bytes each. */
static bool
read_full(struct map *map)
{
	struct reader reader = {.rest = span_from(map->fs->image, map->table + 8)};

	for (uint64_t i = 0; i < map->count; i++) {
		struct cluster *cluster = &map->clusters[i];
		uint16_t advise = read_u16_le(&reader);
		uint16_t offset = read_u16_le(&reader);
		uint32_t place = read_u32_le(&reader);

		cluster->type = advise & 3;
		cluster->partial = (advise & PARTIAL) != 0;
		cluster->offset = offset;
		cluster->block = place;
		if (cluster->type == INSIDE && (place & COUNT_OF_BLOCKS))
			cluster->count = place & 0xffff & ~COUNT_OF_BLOCKS;
	}
	map->inline_at = map->table + 8 + map->count * 8;
	return !reader.overrun;
}

/* `count` clusters that share one block address at the end of their pack. */
static bool
read_pack(const struct map *map, struct span pack, unsigned count, uint64_t first)
{
	unsigned bits = (unsigned)((pack.size - 4) * 8 / count);
	unsigned low = map->log < 12 ? 12 : map->log;
	struct reader last = {.rest = span_from(pack, pack.size - 4)};
	uint32_t base = read_u32_le(&last), blocks;
	bool large = (map->advise & ADVISE_LARGE_1) != 0;

	blocks = large ? 0 : 1;
	for (unsigned i = 0; i < count && first + i < map->count; i++) {
		struct cluster *cluster = &map->clusters[first + i];
		struct reader at = {.rest = span_from(pack, (uint64_t)bits * i / 8)};
		uint32_t value = read_u32_le(&at) >> (bits * i & 7);
		bool next_inside = false;

		if (at.overrun)
			return false;
		cluster->type = value >> low & 3;
		cluster->offset = value & (((uint32_t)1 << low) - 1);
		if (i + 1 < count) {
			struct reader next = {
			    .rest = span_from(pack, (uint64_t)bits * (i + 1) / 8)};

			next_inside =
			    (read_u32_le(&next) >> (bits * (i + 1) & 7) >> low & 3) == INSIDE;
		}
		if (cluster->type != INSIDE) {
			cluster->block = base + blocks;
			/* the size of a large one follows in the next cluster */
			blocks += large && next_inside ? 0 : 1;
		} else if (large && (cluster->offset & COUNT_OF_BLOCKS)) {
			cluster->count = cluster->offset & ~COUNT_OF_BLOCKS;
			blocks += cluster->count;
		}
	}
	return true;
}

/* Packs of two in eight bytes, and in the middle of sixteen in thirty-two. */
static bool
read_compact(struct map *map)
{
	uint64_t at = map->table, done = 0;
	uint64_t before = (32 - at % 32) % 32 / 4, dense = 0;

	if ((map->advise & ADVISE_TWO_BYTES) && before < map->count)
		dense = (map->count - before) / 16 * 16;
	if (map->log > 14 || (dense != 0 && map->log != 12))
		return false;
	while (done < map->count) {
		bool small = dense != 0 && done >= before && done < before + dense;
		unsigned count = small ? 16 : 2;
		size_t size = small ? 32 : 8;
		struct span pack = span_part(map->fs->image, at, size);

		if (pack.size == 0 || !read_pack(map, pack, count, done))
			return false;
		at += size;
		done += count;
	}
	map->inline_at = at;
	return true;
}

/* The rest of a file, or all of it, in the packed inode. */
static enum status
copy_packed(const struct map *map, uint64_t from, uint32_t high, uint8_t *out)
{
	uint64_t place = map->packed_at;
	struct span part;

	if (map->inode->layout == EROFS_COMPRESSED) /* 0 where all of the place is known */
		place |= (uint64_t)high << 32;
	part = span_part(map->fs->packed, place, map->inode->size - from);

	if (part.size == 0)
		return STATUS_MALFORMED;
	memcpy(out + from, part.at, part.size);
	return STATUS_OK;
}

/* One extent: where it goes, and the bytes it comes from. */
struct extent {
	const struct cluster *head;
	uint64_t from, to;
	struct span in;
};

static enum status
copy_plain(const struct map *map, const struct extent *extent, uint8_t *out)
{
	size_t size = (size_t)(extent->to - extent->from), turned, first;

	if (size > extent->in.size)
		return STATUS_MALFORMED;
	turned = map->advise & ADVISE_INTERLACED ? (size_t)extent->from % map->fs->block : 0;
	if (turned >= extent->in.size)
		return STATUS_MALFORMED;
	/* interlaced: each byte stands in its block where it stands in the file */
	first = extent->in.size - turned < size ? extent->in.size - turned : size;
	memcpy(out + extent->from, extent->in.at + turned, first);
	memcpy(out + extent->from + first, extent->in.at, size - first);
	return STATUS_OK;
}

/*
 * The compressed bytes end where their last block ends, so zeros stand before
 * them; in the oldest images they stand behind, and how many is not told.
 */
static enum status
decode(const struct map *map, const struct extent *extent, uint8_t *out, struct task *task)
{
	bool exact = (map->fs->super.incompatible & EROFS_ZERO_PADDED) != 0;
	size_t size = (size_t)(extent->to - extent->from), zeros = 0;
	unsigned algorithm =
	    extent->head->type == HEAD_2 ? map->algorithms >> 4 : map->algorithms & 15;
	struct span in = extent->in;

	if (algorithm != 0)
		return STATUS_UNAVAILABLE;
	while (exact && zeros < in.size && in.at[zeros] == 0)
		zeros++;
	in = span_from(in, zeros);
	if (in.size == 0)
		return STATUS_MALFORMED;
	*task = (struct task){
	    .codec = exact && !extent->head->partial ? &codec_lz4 : &codec_lz4_beginning,
	    .in = in,
	    .out = out + extent->from,
	    .room = size,
	};
	pool_add(unpack_pool(map->fs->unpack), task);
	return STATUS_OK;
}

/* How many bytes of compressed clusters the extent takes that begins in cluster `index`. */
static uint64_t
compressed_size(const struct map *map, uint64_t index)
{
	uint8_t type = map->clusters[index].type;
	unsigned large = type == HEAD_1 ? ADVISE_LARGE_1 : type == HEAD_2 ? ADVISE_LARGE_2 : 0;

	if ((map->advise & large) != 0 && index + 1 < map->count &&
	    map->clusters[index + 1].type == INSIDE && map->clusters[index + 1].count != 0)
		return (uint64_t)map->clusters[index + 1].count * map->fs->block;
	return (uint64_t)1 << map->log;
}

/* The first cluster behind `index` in which an extent begins, or the count. */
static uint64_t
next_head(const struct map *map, uint64_t index)
{
	do
		index++;
	while (index < map->count && map->clusters[index].type == INSIDE);
	return index;
}

static enum status
start_extent(const struct map *map, uint64_t index, uint64_t next, uint8_t *out, struct task *task)
{
	const struct cluster *head = &map->clusters[index];
	struct extent extent = {.head = head, .from = (index << map->log) + head->offset};
	uint64_t place = (uint64_t)head->block * map->fs->block;
	bool last;

	extent.to =
	    next >= map->count ? map->inode->size : (next << map->log) + map->clusters[next].offset;
	if (extent.to > map->inode->size)
		extent.to = map->inode->size;
	if (head->offset >= (uint32_t)1 << map->log || extent.from > extent.to)
		return STATUS_MALFORMED;
	if (extent.from == extent.to)
		return STATUS_OK;
	last = extent.to == map->inode->size; /* an empty one may still follow */
	if (last && (map->advise & ADVISE_PACKED))
		return copy_packed(map, extent.from, head->block, out);
	if (last && (map->advise & ADVISE_INLINE))
		extent.in = span_part(map->fs->image, map->inline_at, map->inline_size);
	else
		extent.in = span_part(map->fs->image, place, compressed_size(map, index));
	if (extent.in.size == 0)
		return STATUS_MALFORMED;
	return head->type == PLAIN ? copy_plain(map, &extent, out)
				   : decode(map, &extent, out, task);
}

/* Extents follow each other without a gap, the first at the beginning. */
static enum status
read_extents(const struct map *map, uint8_t *out)
{
	struct task *tasks = arena_array(map->fs->job, (size_t)map->count, sizeof *tasks);
	enum status status = STATUS_OK;
	uint64_t index = 0, next;

	if (tasks == NULL)
		return STATUS_LIMIT;
	if (map->clusters[0].type == INSIDE || map->clusters[0].offset != 0)
		return STATUS_MALFORMED;
	for (; index < map->count && status == STATUS_OK; index = next) {
		next = next_head(map, index);
		status = start_extent(map, index, next, out, &tasks[index]);
	}
	for (uint64_t i = 0; i < map->count; i++) {
		if (tasks[i].codec == NULL)
			continue;
		pool_wait(unpack_pool(map->fs->unpack), &tasks[i]);
		if (status == STATUS_OK && (!tasks[i].good || tasks[i].size != tasks[i].room))
			status = STATUS_MALFORMED;
	}
	return status;
}

enum status
erofs_read_compressed(const struct erofs *fs, const struct erofs_inode *inode, uint8_t *out)
{
	struct map map = {.fs = fs, .inode = inode, .table = (inode->end + 7) & ~(uint64_t)7};
	struct reader reader = {.rest = span_part(fs->image, map.table, HEADER_SIZE)};
	struct reader again = reader;
	uint8_t form;
	bool good;

	map.packed_at = read_u32_le(&reader);
	map.inline_size = (uint16_t)(map.packed_at >> 16);
	map.advise = read_u16_le(&reader);
	map.algorithms = read_u8(&reader);
	form = read_u8(&reader);
	if (reader.overrun)
		return STATUS_MALFORMED;
	if (form & WHOLE_IN_PACKED) {
		map.packed_at = read_u64_le(&again) & ~((uint64_t)1 << 63);
		return copy_packed(&map, 0, 0, out);
	}
	map.log = fs->super.block_log + (form & 7);
	map.table += HEADER_SIZE;
	map.count = ((inode->size - 1) >> map.log) + 1;
	if (map.count > MAX_CLUSTERS)
		return STATUS_LIMIT;
	map.clusters = arena_array(fs->job, (size_t)map.count, sizeof *map.clusters);
	if (map.clusters == NULL)
		return STATUS_LIMIT;
	good = inode->layout == EROFS_COMPACT ? read_compact(&map) : read_full(&map);
	if (!good)
		return STATUS_MALFORMED;
	return read_extents(&map, out);
}
