/* Metadata lies in blocks of 8 KiB; references name the packed block and a place in it unpacked. */
#include "base/arena.h"
#include "firmware/formats/squashfs.h"

#define BLOCK SQUASHFS_METADATA
#define STORED 0x8000u
#define MAX_TABLE ((size_t)256 << 20)

bool
squashfs_table_next(
    const struct squashfs_super *super, struct reader *reader, struct span *in, bool *stored)
{
	unsigned header = super->big_headers ? read_u16_be(reader) : read_u16_le(reader);

	if (super->marked)
		read_u8(reader);
	*stored = (header & STORED) != 0;
	*in = read_bytes(reader, header & ~STORED);
	return !reader->overrun && in->size != 0 && in->size <= BLOCK;
}

/* Unpacks a block; the pool's states are its threads', so the task goes through it. */
static bool
unpack_block(
    struct squashfs *fs, struct span in, bool stored, uint8_t *out, size_t room, size_t *size)
{
	struct task task = {.in = in, .out = out, .room = room};

	task.codec = stored ? NULL : squashfs_codec_of(fs, in);
	*size = 0;
	if (!stored && task.codec == NULL)
		return false;
	pool_add(unpack_pool(fs->unpack), &task);
	pool_wait(unpack_pool(fs->unpack), &task);
	*size = task.good ? task.size : 0;
	return task.good;
}

static size_t
count_blocks(const struct squashfs *fs, struct span bytes)
{
	struct reader reader = {.rest = bytes};
	struct span in;
	bool stored;
	size_t count = 0;

	while (reader.rest.size > 0 && squashfs_table_next(&fs->super, &reader, &in, &stored))
		count++;
	return count;
}

enum status
squashfs_table_read(
    struct squashfs *fs, uint64_t start, uint64_t end, struct squashfs_table *table, bool *whole)
{
	struct span bytes =
	    end < start ? (struct span){0} : span_part(fs->image, start, end - start);
	struct reader reader = {.rest = bytes};
	size_t count = count_blocks(fs, bytes);
	size_t done = 0;
	uint8_t *out;

	if (bytes.size == 0)
		return fail(fs->job, STATUS_MALFORMED, "squashfs: a table lies outside");
	if (count > MAX_TABLE / BLOCK)
		return fail(fs->job, STATUS_LIMIT, "limit: squashfs: tables of %zu blocks", count);
	out = arena_array(fs->job, count, BLOCK);
	table->starts = arena_array(fs->job, count, sizeof *table->starts);
	table->places = arena_array(fs->job, count, sizeof *table->places);
	if (out == NULL || table->starts == NULL || table->places == NULL)
		return STATUS_LIMIT;
	*whole = true;
	for (size_t i = 0; i < count; i++) {
		struct span in;
		bool stored;
		size_t size = 0;

		table->starts[i] = bytes.size - reader.rest.size;
		table->places[i] = done;
		squashfs_table_next(&fs->super, &reader, &in, &stored);
		if (!unpack_block(fs, in, stored, out + done, BLOCK, &size))
			*whole = false;
		/* a damaged block keeps its place: what lies behind it stays where it was */
		if (i + 1 < count && size != BLOCK)
			*whole = false;
		done += size != 0 ? size : BLOCK;
	}
	table->count = count;
	table->bytes = (struct span){.at = out, .size = done};
	*whole = *whole && reader.rest.size == 0;
	return STATUS_OK;
}

struct span
squashfs_table_from(const struct squashfs_table *table, uint64_t block, uint64_t offset)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->starts[middle] < block)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == table->count || table->starts[low] != block || offset >= BLOCK)
		return (struct span){0};
	return span_from(table->bytes, table->places[low] + offset);
}

enum status
squashfs_lookup_read(
    struct squashfs *fs, uint64_t at, size_t count, size_t size, struct span *bytes)
{
	size_t total, blocks;
	struct squashfs_fields pointers;
	const unsigned pointer = fs->super.major == 2 ? 4 : 8;
	uint8_t *out;

	if (!size_mul(count, size, &total) || total > MAX_TABLE || total / 64 > fs->image.size)
		return fail(
		    fs->job, STATUS_LIMIT, "limit: squashfs: a table of %zu elements", count);
	blocks = (total + BLOCK - 1) / BLOCK;
	pointers = (struct squashfs_fields){
	    .rest = span_part(fs->image, at, blocks * pointer), .big = fs->super.big};
	out = arena_allocate(fs->job, blocks * BLOCK);
	if (out == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < blocks; i++) {
		struct reader reader = {
		    .rest = span_from(fs->image, squashfs_field(&pointers, pointer * 8))};
		struct span in;
		bool stored;
		size_t want = total - i * BLOCK < BLOCK ? total - i * BLOCK : BLOCK;
		size_t got = 0;

		if (pointers.overrun || !squashfs_table_next(&fs->super, &reader, &in, &stored) ||
		    !unpack_block(fs, in, stored, out + i * BLOCK, BLOCK, &got) || got < want)
			return fail(fs->job, STATUS_MALFORMED,
			    "squashfs: block %zu of a table at 0x%llx is damaged", i,
			    (unsigned long long)at);
	}
	*bytes = (struct span){.at = out, .size = total};
	return STATUS_OK;
}
