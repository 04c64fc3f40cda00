/* A file is blocks of four kilobytes, each compressed alone; one that is not there is a hole. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/ubifs.h"

#define DATA_HEADER ((size_t)24) /* key, size, codec */

/* The blocks of one file while they are decompressed. */
struct blocks {
	uint8_t *bytes;
	struct task *tasks;
	size_t count;
	const char *damage;
	bool unsupported;
};

/* Was what the leaf tells cut off later? */
static bool
was_cut_off(const struct ubifs *fs, const struct ubifs_leaf *leaf)
{
	uint64_t begin = (uint64_t)leaf->place * UBIFS_BLOCK;

	for (size_t i = 0; i < fs->truncation_count; i++) {
		const struct ubifs_truncation *cut = &fs->truncations[i];

		if (cut->inode == leaf->inode && cut->sequence > leaf->sequence &&
		    cut->size <= begin)
			return true;
	}
	return false;
}

static const struct codec *
codec_of(uint16_t number, bool *known)
{
	static const struct codec *const codecs[] = {NULL, &codec_lzo, &codec_deflate, &codec_zstd};

	*known = number < ARRAY_SIZE(codecs);
	return *known ? codecs[number] : NULL;
}

static void
start(struct ubifs *fs, struct blocks *blocks, const struct ubifs_leaf *leaf)
{
	struct task *task = &blocks->tasks[blocks->count];
	struct ubifs_node node;
	struct reader reader;
	uint32_t size;
	bool bad, known;

	if (leaf->bad || !ubifs_read_node(fs->image, leaf->at, &node, &bad)) {
		blocks->damage = "a data node is damaged";
		return;
	}
	reader = (struct reader){.rest = node.body};
	read_bytes(&reader, 16);
	size = read_u32_le(&reader);
	*task = (struct task){.codec = codec_of(read_u16_le(&reader), &known)};
	task->in = span_from(node.body, DATA_HEADER);
	task->out = blocks->bytes + (size_t)leaf->place * UBIFS_BLOCK;
	task->room = size;
	if (reader.overrun || size == 0 || size > UBIFS_BLOCK || task->in.size == 0) {
		blocks->damage = "a data node has a size that cannot be";
		return;
	}
	blocks->unsupported = blocks->unsupported || !known;
	if (!known)
		return;
	blocks->count++;
	pool_add(unpack_pool(fs->unpack), task);
}

/* Decompresses the newest node of each block below the end of the file. */
static void
read_blocks(struct ubifs *fs, struct blocks *blocks, size_t from, size_t to, uint64_t end)
{
	uint64_t next = 0;

	for (size_t i = from; i < to && fs->leaves[i].place < end; i++) {
		const struct ubifs_leaf *leaf = &fs->leaves[i];

		if (leaf->place < next)
			continue; /* an older one */
		next = (uint64_t)leaf->place + 1;
		if (!was_cut_off(fs, leaf))
			start(fs, blocks, leaf);
	}
	for (size_t i = 0; i < blocks->count; i++) {
		pool_wait(unpack_pool(fs->unpack), &blocks->tasks[i]);
		if (!blocks->tasks[i].good || blocks->tasks[i].size != blocks->tasks[i].room)
			blocks->damage = "a block cannot be decompressed";
	}
}

static enum status
damage(struct ubifs *fs, struct node *folder, const struct entry *entry, uint64_t bytes,
    enum coverage coverage, const char *why)
{
	const char *name = text_from_bytes(fs->job, entry->name.at, entry->name.size, 200);

	return name == NULL ? STATUS_LIMIT
			    : unpack_damage(fs->unpack, folder, 0, bytes, coverage, "ubifs: %s: %s",
				  name, why);
}

enum status
ubifs_add_file(struct ubifs *fs, struct node *folder, const struct entry *entry, uint32_t number,
    const struct ubifs_inode *inode)
{
	uint64_t end = inode->size / UBIFS_BLOCK + (inode->size % UBIFS_BLOCK != 0);
	struct blocks blocks = {0};
	size_t from, to;

	ubifs_leaves_of(fs, number, UBIFS_DATA, &from, &to);
	TRY(ubifs_charge(fs, to - from));
	if (inode->size <= unpack_room(fs->unpack)) {
		blocks.bytes = arena_allocate(fs->job, (size_t)end * UBIFS_BLOCK);
		blocks.tasks = arena_array(fs->job, to - from, sizeof *blocks.tasks);
	}
	if (blocks.bytes == NULL || blocks.tasks == NULL)
		return damage(fs, folder, entry, inode->size, COVERAGE_DAMAGED,
		    "limit: larger than the memory allowed");
	read_blocks(fs, &blocks, from, to, end);
	if (blocks.damage != NULL || blocks.unsupported)
		unpack_waste(fs->unpack, inode->size);
	if (blocks.damage != NULL)
		return damage(fs, folder, entry, inode->size, COVERAGE_DAMAGED, blocks.damage);
	if (blocks.unsupported)
		return damage(fs, folder, entry, inode->size, COVERAGE_UNSUPPORTED,
		    "compressed in an unknown way");
	return unpack_file(
	    fs->unpack, folder, entry, (struct span){blocks.bytes, (size_t)inode->size}, NULL);
}
