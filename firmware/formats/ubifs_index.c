/* The index tells what was there at the last commit, the journal what happened since. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "firmware/formats/ubifs.h"

#define MASTER_LEB 1u
#define LOG_LEB 3u
#define MAX_LEVELS 32u
#define LEAST_BRANCH ((size_t)20)
#define INDEX_HEADER ((size_t)4)
#define MAX_TRUNCATIONS ((size_t)4096)
#define NODE_ALIGNMENT 8u
#define LEAF_COST ((uint64_t)64) /* bytes as long to write as it takes to look at a leaf */

static uint64_t
place_of(const struct ubifs *fs, uint32_t leb, uint32_t offset)
{
	return (uint64_t)leb * fs->super.leb_size + offset;
}

/* The bytes of one eraseblock, fewer at the end of the image. */
static struct span
leb_bytes(const struct ubifs *fs, uint32_t leb)
{
	struct span rest = span_from(fs->image, place_of(fs, leb, 0));

	return rest.size > fs->super.leb_size ? span_part(rest, 0, fs->super.leb_size) : rest;
}

/* Leaves grow by doubling: the arena keeps the old ones until the file system is done. */
static enum status
grow(struct ubifs *fs)
{
	size_t room = fs->leaf_room == 0 ? 4096 : fs->leaf_room * 2;
	struct ubifs_leaf *leaves = arena_array(fs->job, room, sizeof *leaves);

	if (leaves == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < fs->leaf_count; i++)
		leaves[i] = fs->leaves[i];
	fs->leaves = leaves;
	fs->leaf_room = room;
	return STATUS_OK;
}

enum status
ubifs_add_leaf(struct ubifs *fs, uint64_t at, const struct ubifs_node *node, bool bad)
{
	struct reader key = {.rest = node->body};
	struct ubifs_leaf leaf = {.at = at, .sequence = node->sequence, .bad = bad};
	uint32_t place;

	leaf.inode = read_u32_le(&key);
	place = read_u32_le(&key);
	leaf.kind = (uint8_t)(place >> 29);
	leaf.place = place & 0x1fffffff;
	if (key.overrun || leaf.kind != node->kind)
		return STATUS_OK;
	if (fs->leaf_count == fs->leaf_room)
		TRY(grow(fs));
	fs->leaves[fs->leaf_count++] = leaf;
	return STATUS_OK;
}

static bool
visit(struct ubifs *fs, uint64_t at)
{
	uint8_t bit = (uint8_t)(1u << (at / NODE_ALIGNMENT % 8));

	if (at % NODE_ALIGNMENT != 0 || at >= fs->image.size ||
	    (fs->visited[at / NODE_ALIGNMENT / 8] & bit) != 0)
		return false;
	fs->visited[at / NODE_ALIGNMENT / 8] |= bit;
	return true;
}

/* A leaf the index names; one that is not what the index says counts as damaged. */
static enum status
add_branch(struct ubifs *fs, uint64_t at, struct span key)
{
	struct ubifs_node node = {0};
	bool bad, good = ubifs_read_node(fs->image, at, &node, &bad);
	struct span own = span_part(node.body, 0, 8);

	if (good && span_equal(own, key))
		return ubifs_add_leaf(fs, at, &node, false);
	node.body = key;
	node.kind = key.at[7] >> 5;
	return ubifs_add_leaf(fs, at, &node, true);
}

/* `*whole` becomes false when a part of the index is damaged. */
static enum status
walk_index(struct ubifs *fs, uint64_t at, unsigned level, bool is_root, bool *whole)
{
	struct ubifs_node node;
	struct reader reader;
	uint16_t count, own_level;
	size_t branch;
	bool bad;

	*whole = *whole && visit(fs, at) && ubifs_read_node(fs->image, at, &node, &bad) &&
		 node.kind == UBIFS_INDEX;
	if (!*whole)
		return STATUS_OK;
	reader = (struct reader){.rest = node.body};
	count = read_u16_le(&reader);
	own_level = read_u16_le(&reader);
	if (reader.overrun || (is_root ? own_level > MAX_LEVELS : own_level != level)) {
		*whole = false;
		return STATUS_OK;
	}
	/* in authenticated file systems a hash follows each key */
	branch = count == 0 ? 0 : (node.body.size - INDEX_HEADER) / count;
	*whole = count == 0 || branch >= LEAST_BRANCH;
	for (uint16_t i = 0; i < count && *whole; i++) {
		struct reader item = {.rest = read_bytes(&reader, branch)};
		uint32_t leb = read_u32_le(&item), offset = read_u32_le(&item);
		uint64_t target = place_of(fs, leb, offset);

		read_u32_le(&item); /* its length */
		if (offset >= fs->super.leb_size || leb >= fs->super.leb_count)
			target = UINT64_MAX;
		if (own_level == 0)
			TRY(add_branch(fs, target, read_bytes(&item, 8)));
		else
			TRY(walk_index(fs, target, own_level - 1u, false, whole));
	}
	return STATUS_OK;
}

/* Moves past what is no node; false at the end of what was written. */
static bool
next_node(struct span leb, uint64_t *at)
{
	while (*at + UBIFS_COMMON <= leb.size) {
		struct reader reader = {.rest = span_from(leb, *at)};

		if (read_u32_le(&reader) == 0x06101831)
			return true;
		*at += NODE_ALIGNMENT;
	}
	return false;
}

static uint64_t
end_of(uint64_t at, const struct ubifs_node *node)
{
	struct reader reader = {.rest = node->body};
	uint64_t end = at + node->bytes;

	if (node->kind == UBIFS_PADDING)
		end += read_u32_le(&reader);
	return (end + NODE_ALIGNMENT - 1) / NODE_ALIGNMENT * NODE_ALIGNMENT;
}

static void
read_master(struct ubifs *fs, const struct ubifs_node *node)
{
	struct reader reader = {.rest = node->body};

	read_u64_le(&reader); /* highest inode */
	fs->commit = read_u64_le(&reader);
	read_u32_le(&reader);
	fs->log_leb = read_u32_le(&reader);
	fs->root_leb = read_u32_le(&reader);
	fs->root_offset = read_u32_le(&reader);
	fs->root_bytes = read_u32_le(&reader);
}

/* The newest master node of two eraseblocks; false when none is good. */
static bool
find_master(struct ubifs *fs)
{
	uint64_t newest = 0;
	bool found = false;

	for (uint32_t i = MASTER_LEB; i < LOG_LEB; i++) {
		struct span leb = leb_bytes(fs, i);
		uint64_t at = 0;

		while (next_node(leb, &at)) {
			struct ubifs_node node;
			bool bad;

			if (!ubifs_read_node(leb, at, &node, &bad)) {
				at += NODE_ALIGNMENT;
				continue;
			}
			at = end_of(at, &node);
			if (node.kind != UBIFS_MASTER || (found && node.sequence < newest))
				continue;
			found = true;
			newest = node.sequence;
			read_master(fs, &node);
		}
	}
	return found;
}

static enum status
add_truncation(struct ubifs *fs, const struct ubifs_node *node)
{
	struct reader reader = {.rest = node->body};
	struct ubifs_truncation truncation = {.sequence = node->sequence};

	truncation.inode = read_u32_le(&reader);
	read_bytes(&reader, 12 + 8);
	truncation.size = read_u64_le(&reader);
	if (reader.overrun)
		return STATUS_OK;
	if (fs->truncations == NULL)
		fs->truncations = arena_array(fs->job, MAX_TRUNCATIONS, sizeof *fs->truncations);
	if (fs->truncations == NULL || fs->truncation_count == MAX_TRUNCATIONS)
		return fail(fs->job, STATUS_LIMIT, "ubifs: limit: too many truncations");
	fs->truncations[fs->truncation_count++] = truncation;
	return STATUS_OK;
}

static enum status
add_node(struct ubifs *fs, uint64_t at, const struct ubifs_node *node)
{
	if (node->kind == UBIFS_TRUNCATION)
		return add_truncation(fs, node);
	return node->kind <= UBIFS_ATTRIBUTE ? ubifs_add_leaf(fs, at, node, false) : STATUS_OK;
}

/* All nodes of an eraseblock from an offset on. */
static enum status
scan_leb(struct ubifs *fs, uint32_t number, uint32_t offset, uint64_t *damaged)
{
	struct span leb = leb_bytes(fs, number);
	uint64_t at = offset;

	while (next_node(leb, &at)) {
		struct ubifs_node node;
		bool bad;

		if (!ubifs_read_node(leb, at, &node, &bad)) {
			++*damaged;
			at += NODE_ALIGNMENT;
			continue;
		}
		TRY(add_node(fs, place_of(fs, number, 0) + at, &node));
		at = end_of(at, &node);
	}
	return STATUS_OK;
}

/* What is remembered from one log eraseblock to the next. */
struct replay {
	bool begun; /* this commit's start was seen */
	uint64_t start;
	uint64_t damaged;
	uint8_t *buds; /* a bit for each eraseblock that was read */
};

/* The bud a reference names; one that is not there was cut off, for buds are there when they are
 * named. */
static enum status
replay_bud(struct ubifs *fs, struct replay *replay, const struct ubifs_node *node)
{
	struct reader reader = {.rest = node->body};
	uint32_t bud = read_u32_le(&reader), offset = read_u32_le(&reader);
	uint8_t bit = (uint8_t)(1u << bud % 8);

	if (leb_bytes(fs, bud).size == 0) {
		replay->damaged++;
		return STATUS_OK;
	}
	if ((replay->buds[bud / 8] & bit) != 0)
		return STATUS_OK;
	replay->buds[bud / 8] |= bit;
	return scan_leb(fs, bud, offset - offset % NODE_ALIGNMENT, &replay->damaged);
}

/* Replays the buds that one log eraseblock names. */
static enum status
replay_log(struct ubifs *fs, uint32_t number, struct replay *replay)
{
	struct span leb = leb_bytes(fs, number);
	uint64_t at = 0;

	while (next_node(leb, &at)) {
		struct ubifs_node node;
		struct reader reader;
		bool bad;

		if (!ubifs_read_node(leb, at, &node, &bad)) {
			replay->damaged++;
			at += NODE_ALIGNMENT;
			continue;
		}
		at = end_of(at, &node);
		reader = (struct reader){.rest = node.body};
		if (node.kind == UBIFS_COMMIT && read_u64_le(&reader) == fs->commit) {
			replay->begun = true;
			replay->start = node.sequence;
		}
		/* older ones are left from the last time round */
		if (node.kind == UBIFS_REFERENCE && replay->begun && node.sequence > replay->start)
			TRY(replay_bud(fs, replay, &node));
	}
	return STATUS_OK;
}

/* The log is a ring that begins where the master node says. */
static enum status
replay(struct ubifs *fs)
{
	uint32_t lebs = fs->super.log_lebs;
	struct replay replay = {0};

	replay.buds = arena_allocate(fs->job, fs->image.size / fs->super.leb_size / 8 + 1);
	if (replay.buds == NULL)
		return STATUS_LIMIT;
	if (lebs <= fs->super.leb_count && fs->log_leb >= LOG_LEB && fs->log_leb - LOG_LEB < lebs)
		for (uint32_t i = 0; i < lebs && place_of(fs, i, 0) < fs->image.size; i++)
			TRY(replay_log(fs, LOG_LEB + (fs->log_leb - LOG_LEB + i) % lebs, &replay));
	if (!replay.begun)
		return unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
		    "ubifs: the journal is not where it should be");
	if (replay.damaged == 0)
		return STATUS_OK;
	return unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
	    "ubifs: %" PRIu64 " nodes of the journal are damaged or missing", replay.damaged);
}

static int
compare_leaves(const void *a, const void *b)
{
	const struct ubifs_leaf *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->sequence != y->sequence)
		return x->sequence > y->sequence ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static enum status
scan_all(struct ubifs *fs)
{
	uint64_t damaged = 0;

	fs->leaf_count = 0;
	TRY(unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
	    "ubifs: the index is damaged: every node was looked at, deleted files may be "
	    "among those shown"));
	for (uint32_t i = LOG_LEB; place_of(fs, i, 0) < fs->image.size; i++)
		TRY(scan_leb(fs, i, 0, &damaged));
	return STATUS_OK;
}

enum status
ubifs_collect(struct ubifs *fs)
{
	bool whole = find_master(fs);

	fs->visited = arena_allocate(fs->job, fs->image.size / NODE_ALIGNMENT / 8 + 1);
	if (fs->visited == NULL)
		return STATUS_LIMIT;
	whole = whole && fs->root_leb < fs->super.leb_count;
	TRY(walk_index(fs, place_of(fs, fs->root_leb, fs->root_offset), 0, true, &whole));
	TRY(whole ? replay(fs) : scan_all(fs));
	if (fs->leaf_count != 0)
		qsort(fs->leaves, fs->leaf_count, sizeof *fs->leaves, compare_leaves);
	return STATUS_OK;
}

/* The first leaf whose inode and kind are not below these. */
static size_t
first_leaf(const struct ubifs *fs, uint32_t inode, unsigned kind)
{
	size_t low = 0, high = fs->leaf_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ubifs_leaf *leaf = &fs->leaves[middle];

		if (leaf->inode < inode || (leaf->inode == inode && leaf->kind < kind))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
ubifs_leaves_of(
    const struct ubifs *fs, uint32_t inode, enum ubifs_kind kind, size_t *from, size_t *to)
{
	*from = first_leaf(fs, inode, kind);
	*to = first_leaf(fs, inode, kind + 1u);
}

enum status
ubifs_charge(struct ubifs *fs, size_t leaves)
{
	unpack_waste(fs->unpack, leaves * LEAF_COST);
	if (unpack_room(fs->unpack) != 0)
		return STATUS_OK;
	return fail(fs->job, STATUS_LIMIT, "ubifs: limit: more work than there may be");
}
