/* Of everything with one number the page written last counts: later in a block, or in a block with
 * a higher number. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "firmware/formats/yaffs.h"

#define LARGEST_BLOCK 1024u /* pages */

static int
compare_chunks(const void *a, const void *b)
{
	const struct yaffs_chunk *x = a, *y = b;

	if (x->tags.object != y->tags.object)
		return x->tags.object < y->tags.object ? -1 : 1;
	if (x->tags.sequence != y->tags.sequence)
		return x->tags.sequence > y->tags.sequence ? -1 : 1;
	return x->at > y->at ? -1 : x->at < y->at;
}

static int
compare_sequences(const void *a, const void *b)
{
	const struct yaffs_chunk *x = a, *y = b;

	if (x->tags.sequence != y->tags.sequence)
		return x->tags.sequence < y->tags.sequence ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int
compare_children(const void *a, const void *b)
{
	const struct yaffs_object *x = *(struct yaffs_object *const *)a,
				  *y = *(struct yaffs_object *const *)b;

	if (x->header.parent != y->header.parent)
		return x->header.parent < y->header.parent ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static enum status
read_chunks(struct yaffs *fs)
{
	uint64_t stride = yaffs_stride(&fs->layout), broken = 0, first_broken = 0;

	fs->chunks = arena_array(fs->job, fs->image.size / stride + 1, sizeof *fs->chunks);
	if (fs->chunks == NULL)
		return STATUS_LIMIT;
	for (uint64_t place = 0; place + stride <= fs->image.size; place += stride) {
		struct yaffs_chunk *chunk = &fs->chunks[fs->chunk_count];
		enum yaffs_state state =
		    yaffs_read_tags(&fs->layout, span_part(fs->image, place, stride), &chunk->tags);

		chunk->at = place;
		fs->chunk_count += state == YAFFS_USED;
		if (state == YAFFS_BROKEN && broken++ == 0)
			first_broken = place;
	}
	if (broken == 0)
		return STATUS_OK;
	return unpack_damage(fs->unpack, fs->container, first_broken, broken * stride,
	    COVERAGE_DAMAGED, "yaffs: the tags of %" PRIu64 " pages make no sense", broken);
}

/* Each block has a sequence number of its own: one far from itself is of another file system. */
static enum status
tell_conflicts(struct yaffs *fs)
{
	uint64_t reach = LARGEST_BLOCK * yaffs_stride(&fs->layout);
	size_t first = 0;

	if (fs->layout.first_version)
		return STATUS_OK;
	qsort(fs->chunks, fs->chunk_count, sizeof *fs->chunks, compare_sequences);
	for (size_t i = 1; i < fs->chunk_count; i++) {
		uint32_t sequence = fs->chunks[i].tags.sequence;

		if (sequence != fs->chunks[first].tags.sequence)
			first = i;
		if (sequence != YAFFS_FIRST_SEQUENCE &&
		    fs->chunks[i].at - fs->chunks[first].at >= reach)
			return unpack_damage(fs->unpack, fs->container, fs->chunks[i].at, 0,
			    COVERAGE_DAMAGED,
			    "yaffs: block number %" PRIu32 " is given twice: two file systems in "
			    "one?",
			    sequence);
	}
	return STATUS_OK;
}

/*
 * The newest header tells what the object is; data written after it may have
 * made the file longer, and older headers that made it shorter cut data older
 * than they are.
 */
static void
read_object(struct yaffs *fs, struct yaffs_object *object)
{
	uint64_t shrunk = UINT64_MAX;

	for (size_t i = object->from; i < object->to; i++) {
		struct yaffs_chunk *chunk = &fs->chunks[i];
		uint64_t begin = (uint64_t)(chunk->tags.chunk - 1) * fs->layout.chunk;
		struct yaffs_header header;

		if (chunk->tags.chunk == 0) {
			if (!yaffs_read_header(
				span_from(fs->image, chunk->at), fs->layout.big, &header))
				continue;
			if (!object->named) {
				object->named = true;
				object->header = header;
				if (header.bytes > object->bytes)
					object->bytes = header.bytes;
			}
			if (header.shrinks && header.bytes < shrunk)
				shrunk = header.bytes;
		} else if (begin >= shrunk) {
			chunk->tags.bytes = 0; /* cut off */
		} else if (!object->named && begin + chunk->tags.bytes > object->bytes) {
			object->bytes = begin + chunk->tags.bytes;
		}
	}
}

static enum status
read_objects(struct yaffs *fs)
{
	size_t count = 0, from = 0;

	for (size_t i = 0; i < fs->chunk_count; i++)
		count += i == 0 || fs->chunks[i].tags.object != fs->chunks[i - 1].tags.object;
	fs->objects = arena_array(fs->job, count, sizeof *fs->objects);
	fs->children = arena_array(fs->job, count, sizeof(struct yaffs_object *));
	if (fs->objects == NULL || fs->children == NULL)
		return STATUS_LIMIT;
	while (from < fs->chunk_count) {
		struct yaffs_object *object = &fs->objects[fs->object_count++];

		object->number = fs->chunks[from].tags.object;
		object->from = from;
		while (from < fs->chunk_count && fs->chunks[from].tags.object == object->number)
			from++;
		object->to = from;
		read_object(fs, object);
		if (object->named && object->number != YAFFS_ROOT)
			fs->children[fs->child_count++] = object;
	}
	qsort(fs->children, fs->child_count, sizeof(struct yaffs_object *), compare_children);
	return STATUS_OK;
}

enum status
yaffs_collect(struct yaffs *fs)
{
	TRY(read_chunks(fs));
	TRY(tell_conflicts(fs));
	qsort(fs->chunks, fs->chunk_count, sizeof *fs->chunks, compare_chunks);
	return read_objects(fs);
}

struct yaffs_object *
yaffs_find(const struct yaffs *fs, uint32_t number)
{
	size_t low = 0, high = fs->object_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->objects[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fs->object_count && fs->objects[low].number == number ? &fs->objects[low]
									   : NULL;
}
