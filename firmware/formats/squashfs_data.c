/*
 * Files pass through a window: their blocks are decompressed by all threads
 * while the first of them is already being hashed and read.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/squashfs.h"

#define WINDOW ((size_t)2 << 20)
#define SMALL_WINDOW ((size_t)1 << 20) /* of a small image */
#define MAX_FILES 1024
#define MAX_TASKS 4096
#define STORED ((uint32_t)1 << 24)
#define SIZE_BITS (STORED - 1)
#define MAX_TRIES 8u                 /* blocks all codecs are tried on */
#define STORED_1 ((uint32_t)1 << 15) /* in version 1 */

struct block {
	uint64_t at;
	uint32_t size; /* packed, with the bit of stored blocks */
	size_t room;
	bool exact; /* it fills its room */
};

struct waiting {
	struct squashfs_file file;
	uint8_t *bytes;     /* of its blocks, with room for its tail; NULL: it has none */
	struct task *tasks; /* one for each block, holes included */
	size_t task_count;
	size_t tail; /* bytes in its fragment */
};

struct squashfs_window {
	uint8_t *bytes;
	size_t room, used;
	struct task *tasks;
	size_t task_room, task_count;
	struct waiting *files;
	size_t file_count;
	uint32_t *fragments; /* those in the window */
	size_t fragment_count;
};

enum status
squashfs_window_open(struct squashfs *fs)
{
	struct squashfs_window *window = arena_allocate(fs->job, sizeof *window);

	if (window == NULL)
		return STATUS_LIMIT;
	window->room = fs->image.size < SMALL_WINDOW ? SMALL_WINDOW : WINDOW;
	window->room += 2 * (size_t)fs->super.block_size;
	window->task_room = MAX_TASKS;
	window->bytes = arena_allocate(fs->job, window->room);
	window->tasks = arena_array(fs->job, MAX_TASKS, sizeof *window->tasks);
	window->files = arena_array(fs->job, MAX_FILES, sizeof *window->files);
	window->fragments = arena_array(fs->job, MAX_FILES, sizeof *window->fragments);
	if (window->bytes == NULL || window->tasks == NULL || window->files == NULL ||
	    window->fragments == NULL)
		return STATUS_LIMIT;
	fs->window = window;
	/* the arena's next block: without it every file would take one and give it back */
	return arena_allocate(fs->job, 1) == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* The codec of a packed block; the first of them may have to tell it. */
static const struct codec *
codec_of(struct squashfs *fs, struct span in, uint8_t *out, size_t room, bool exact)
{
	if (fs->codec == NULL && in.size != 0 && fs->tries++ < MAX_TRIES)
		fs->codec = squashfs_codec_try(in, out, room, exact, false);
	return squashfs_codec_of(fs, in);
}

/* Queues one block; a hole is filled and what lies outside the image fails at once. */
static void
start(struct squashfs *fs, struct task *task, const struct block *block, uint8_t *out)
{
	*task = (struct task){
	    .in = span_part(fs->image, block->at, block->size & SIZE_BITS),
	    .out = out,
	    .room = block->room,
	    .done = true,
	};
	if ((block->size & SIZE_BITS) == 0) {
		memset(out, 0, block->room);
		task->size = block->room;
		task->good = true;
		return;
	}
	if (!(block->size & STORED))
		task->codec = codec_of(fs, task->in, out, block->room, block->exact);
	if (task->in.size != 0 && (task->codec != NULL || block->size & STORED))
		pool_add(unpack_pool(fs->unpack), task);
}

/* The size of the next block as versions from 2 on write it. */
static uint32_t
next_size(const struct squashfs *fs, struct squashfs_fields *sizes)
{
	uint32_t size;

	if (fs->super.major > 1)
		return (uint32_t)squashfs_field(sizes, 32);
	size = (uint32_t)squashfs_field(sizes, 16);
	if ((size & ~STORED_1) == 0) /* there are no holes in version 1 */
		return STORED | STORED_1;
	return size & STORED_1 ? STORED | (size & ~STORED_1) : size;
}

static void
start_blocks(struct squashfs *fs, struct waiting *waiting)
{
	struct squashfs_window *window = fs->window;
	struct squashfs_fields sizes = {.rest = waiting->file.blocks, .big = fs->super.big};
	uint64_t at = waiting->file.start, left = waiting->file.size - waiting->tail;

	waiting->tasks = window->tasks + window->task_count;
	waiting->bytes = window->bytes + window->used;
	for (size_t i = 0; i < waiting->task_count; i++) {
		struct block block = {
		    .at = at,
		    .size = next_size(fs, &sizes),
		    .room = left < fs->super.block_size ? (size_t)left : fs->super.block_size,
		    .exact = true,
		};

		start(fs, &waiting->tasks[i], &block, window->bytes + window->used);
		window->used += block.room;
		left -= block.room;
		at += block.size & SIZE_BITS;
	}
	window->task_count += waiting->task_count;
	window->used += waiting->tail; /* comes from the fragment */
}

/* Fragments hold the tails of many files: each is decompressed once a window. */
static void
start_fragment(struct squashfs *fs, uint32_t index)
{
	struct squashfs_window *window = fs->window;
	struct squashfs_fragment *fragment = &fs->fragments[index];
	struct block block = {
	    .at = fragment->start, .size = fragment->size, .room = fs->super.block_size};

	if (fragment->task != NULL)
		return;
	fragment->task = &window->tasks[window->task_count++];
	fragment->bytes = window->bytes + window->used;
	window->used += fs->super.block_size;
	window->fragments[window->fragment_count++] = index;
	start(fs, fragment->task, &block, fragment->bytes);
}

/* Waits for the blocks of a file and hashes each as it comes; false when one is damaged. */
static bool
finish_blocks(struct squashfs *fs, const struct waiting *waiting, struct digest_stream *digest)
{
	for (size_t i = 0; i < waiting->task_count; i++) {
		struct task *task = &waiting->tasks[i];

		pool_wait(unpack_pool(fs->unpack), task);
		if (!task->good || task->size != task->room)
			return false;
		digest_stream_add(digest, task->out, task->size);
	}
	return true;
}

/* The tail of a file in its fragment; empty when damaged. */
static struct span
finish_tail(struct squashfs *fs, const struct waiting *waiting)
{
	const struct squashfs_fragment *fragment = &fs->fragments[waiting->file.fragment];
	struct span whole;

	pool_wait(unpack_pool(fs->unpack), fragment->task);
	whole = (struct span){.at = fragment->bytes, .size = fragment->task->size};
	if (!fragment->task->good)
		return (struct span){0};
	return span_part(whole, waiting->file.fragment_offset, waiting->tail);
}

static enum status
damage(struct squashfs *fs, const struct squashfs_file *file, const char *why)
{
	const char *name =
	    text_from_bytes(fs->job, file->entry.name.at, file->entry.name.size, 200);

	return name == NULL ? STATUS_LIMIT
			    : unpack_damage(fs->unpack, file->folder, file->start, file->size,
				  COVERAGE_DAMAGED, "squashfs: %s: %s", name, why);
}

/* Hands one file on. */
static enum status
finish(struct squashfs *fs, const struct waiting *waiting)
{
	const struct squashfs_file *file = &waiting->file;
	struct span content = {.at = waiting->bytes, .size = (size_t)file->size};
	struct digest_stream *stream = digest_stream_new();
	struct digest digest;
	struct span tail = {0};
	bool good = stream != NULL && finish_blocks(fs, waiting, stream);

	if (good && waiting->tail != 0) {
		tail = finish_tail(fs, waiting);
		good = tail.size == waiting->tail;
		digest_stream_add(stream, tail.at, tail.size);
	}
	if (stream == NULL)
		return fail(fs->job, STATUS_LIMIT, "no memory to hash with");
	TRY(digest_stream_finish(fs->job, stream, &digest));
	if (!good)
		return damage(fs, file, "data are damaged");
	if (waiting->task_count == 0)
		content = tail;
	else if (tail.size != 0)
		memcpy(waiting->bytes + file->size - tail.size, tail.at, tail.size);
	return unpack_file(fs->unpack, file->folder, &file->entry, content, &digest);
}

/* Nothing of the window may be reused before its last task is done. */
void
squashfs_window_drop(struct squashfs *fs)
{
	struct squashfs_window *window = fs->window;

	for (size_t i = 0; i < window->task_count; i++)
		pool_wait(unpack_pool(fs->unpack), &window->tasks[i]);
	for (size_t i = 0; i < window->fragment_count; i++)
		fs->fragments[window->fragments[i]].task = NULL;
	window->used = window->task_count = window->file_count = window->fragment_count = 0;
}

enum status
squashfs_window_flush(struct squashfs *fs)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < fs->window->file_count && status == STATUS_OK; i++)
		status = finish(fs, &fs->window->files[i]);
	squashfs_window_drop(fs);
	return status;
}

static void
enqueue(struct squashfs *fs, const struct squashfs_file *file, size_t tail)
{
	struct waiting *waiting = &fs->window->files[fs->window->file_count++];

	*waiting = (struct waiting){.file = *file, .task_count = file->block_count, .tail = tail};
	if (waiting->task_count != 0)
		start_blocks(fs, waiting);
	if (tail != 0)
		start_fragment(fs, file->fragment);
}

/* A file larger than the window gets one of its own. */
static enum status
add_large(struct squashfs *fs, const struct squashfs_file *file, size_t tail)
{
	struct arena_mark mark = arena_mark(fs->job->arena);
	struct squashfs_window usual = *fs->window;
	size_t size = (size_t)file->size + 2 * (size_t)fs->super.block_size;
	enum status status;

	fs->window->room = size;
	fs->window->task_room = file->block_count + 1;
	fs->window->bytes = arena_allocate(fs->job, size);
	fs->window->tasks = arena_array(fs->job, fs->window->task_room, sizeof *fs->window->tasks);
	if (fs->window->bytes != NULL && fs->window->tasks != NULL) {
		enqueue(fs, file, tail);
		status = squashfs_window_flush(fs);
	} else {
		status = damage(fs, file, "limit: larger than the memory allowed");
	}
	*fs->window = usual;
	arena_release(fs->job->arena, mark);
	return status;
}

static bool
fits(const struct squashfs *fs, const struct squashfs_file *file)
{
	const struct squashfs_window *window = fs->window;

	return window->file_count < MAX_FILES &&
	       window->task_count + file->block_count + 1 <= window->task_room &&
	       file->size <= window->room &&
	       window->used + file->size + fs->super.block_size <= window->room;
}

enum status
squashfs_window_add(struct squashfs *fs, const struct squashfs_file *file)
{
	uint64_t blocks = (uint64_t)file->block_count << fs->super.block_log;
	size_t tail = blocks < file->size ? (size_t)(file->size - blocks) : 0;

	if (tail != 0 && file->fragment >= fs->super.fragments)
		return damage(fs, file, "no such fragment");
	TRY(unpack_allow(fs->unpack, fs->job, file->size));
	if (!fits(fs, file))
		TRY(squashfs_window_flush(fs));
	if (!fits(fs, file))
		return add_large(fs, file, tail);
	enqueue(fs, file, tail);
	return STATUS_OK;
}
