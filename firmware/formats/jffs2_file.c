/* A file is what its pieces leave when they are laid over each other in the order they were
 * written.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/jffs2.h"

#define MAX_BATCH 512u
#define PIECE_COST 64u /* bytes as long to write as it takes to look at a piece */
#define MAX_HOLES 16u  /* damaged pieces that later ones may mend */

struct range {
	uint64_t from, to;
};

/* Pieces that do not overlap are decompressed at the same time. */
struct reading {
	struct jffs2 *fs;
	uint8_t *out;
	uint64_t size;
	uint8_t *tail; /* for a piece that reaches beyond the end */
	struct task tasks[MAX_BATCH];
	struct range ranges[MAX_BATCH]; /* where they go */
	size_t batch;
	struct range span; /* around all of them */
	struct range holes[MAX_HOLES];
	size_t hole_count;
	struct range *written;
	size_t written_count;
	const char *why;
};

static const struct codec *
codec_of(uint8_t number, bool *known)
{
	static const struct codec *const codecs[] = {NULL, NULL, &codec_rtime, &codec_rubin, NULL,
	    &codec_rubin, &codec_zlib, &codec_lzo, &codec_lzma_raw};

	*known = number < ARRAY_SIZE(codecs);
	return *known ? codecs[number] : NULL;
}

static void
add_hole(struct reading *reading, struct range range)
{
	if (range.to > reading->size)
		range.to = reading->size;
	if (range.from >= range.to)
		return;
	if (reading->hole_count == MAX_HOLES)
		reading->why = "many pieces are damaged";
	else
		reading->holes[reading->hole_count++] = range;
}

/* A good piece mends what was damaged below it. */
static void
add_written(struct reading *reading, struct range range)
{
	size_t kept = 0;

	for (size_t i = 0; i < reading->hole_count; i++)
		if (reading->holes[i].from < range.from || reading->holes[i].to > range.to)
			reading->holes[kept++] = reading->holes[i];
	reading->hole_count = kept;
	reading->written[reading->written_count++] = range;
}

/* The kernel does not look at the checksum at the end of a zlib stream. */
static bool
decode_without_sum(const struct task *task)
{
	struct codec_states states = {0};
	size_t size = 0;
	bool good = task->codec == &codec_zlib &&
		    codec_decode(&states, &codec_deflate, span_from(task->in, 2), task->out,
			task->room, &size) &&
		    size == task->room;

	codec_states_close(&states);
	return good;
}

static void
flush(struct reading *reading)
{
	for (size_t i = 0; i < reading->batch; i++)
		pool_wait(unpack_pool(reading->fs->unpack), &reading->tasks[i]);
	for (size_t i = 0; i < reading->batch; i++) {
		const struct task *task = &reading->tasks[i];
		struct range range = reading->ranges[i];
		bool good = (task->good && task->size == task->room) || decode_without_sum(task);

		if (!good) {
			add_hole(reading, range);
			continue;
		}
		if (task->out == reading->tail)
			memcpy(reading->out + range.from, reading->tail,
			    (size_t)(range.to - range.from));
		add_written(reading, range);
	}
	reading->batch = 0;
	reading->span = (struct range){UINT64_MAX, 0};
}

/* Queues one piece; one that is cut at the end of the file goes through the spare block. */
static void
add_piece(struct reading *reading, const struct jffs2_piece *piece)
{
	struct range range = {piece->offset, (uint64_t)piece->offset + piece->bytes};
	struct task *task;
	bool known, cut = range.to > reading->size;
	const struct codec *codec = codec_of(piece->codec, &known);

	if (cut)
		range.to = reading->size;
	if (range.from < reading->span.to && range.to > reading->span.from)
		flush(reading);
	if (piece->codec == JFFS2_ZERO) {
		flush(reading);
		memset(reading->out + range.from, 0, (size_t)(range.to - range.from));
		add_written(reading, range);
		return;
	}
	if (!piece->good || !known || piece->bytes > JFFS2_LARGEST_BLOCK || piece->data.size == 0) {
		flush(reading);
		add_hole(reading, range);
		return;
	}
	task = &reading->tasks[reading->batch];
	*task = (struct task){.codec = codec,
	    .in = piece->data,
	    .out = cut ? reading->tail : reading->out + range.from,
	    .room = piece->bytes};
	reading->ranges[reading->batch++] = range;
	if (range.from < reading->span.from)
		reading->span.from = range.from;
	if (range.to > reading->span.to)
		reading->span.to = range.to;
	pool_add(unpack_pool(reading->fs->unpack), task);
	if (cut || reading->batch == MAX_BATCH)
		flush(reading);
}

static int
compare_ranges(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

/* Is every byte from some piece?  Holes have pieces too. */
static bool
is_whole(struct reading *reading)
{
	uint64_t end = 0;

	qsort(reading->written, reading->written_count, sizeof *reading->written, compare_ranges);
	for (size_t i = 0; i < reading->written_count && reading->written[i].from <= end; i++)
		if (reading->written[i].to > end)
			end = reading->written[i].to;
	return end >= reading->size;
}

static struct reading *
begin(struct jffs2 *fs, size_t count, uint32_t size)
{
	struct reading *reading = arena_allocate(fs->job, sizeof *reading);

	if (reading == NULL)
		return NULL;
	reading->fs = fs;
	reading->size = size;
	reading->span = (struct range){UINT64_MAX, 0};
	reading->out = arena_allocate(fs->job, size);
	reading->tail = arena_allocate(fs->job, JFFS2_LARGEST_BLOCK);
	reading->written = arena_array(fs->job, count, sizeof *reading->written);
	return reading->out == NULL || reading->tail == NULL || reading->written == NULL ? NULL
											 : reading;
}

/* Lays the pieces over each other; what comes to lie below others costs as much as what is seen. */
static void
lay(struct reading *reading, size_t from, size_t to)
{
	struct unpack *unpack = reading->fs->unpack;
	uint64_t spent = 0;

	for (size_t i = from; i < to && reading->why == NULL; i++) {
		const struct jffs2_piece *piece = &reading->fs->pieces[i];
		uint64_t cost = piece->bytes < reading->size ? piece->bytes : reading->size;

		spent += cost;
		unpack_waste(unpack, PIECE_COST + (spent > reading->size ? cost : 0));
		if (unpack_room(unpack) == 0)
			reading->why = "limit: more work than there may be";
		else if (piece->bytes != 0 && piece->offset < reading->size)
			add_piece(reading, piece);
	}
	flush(reading);
}

void
jffs2_read(
    struct jffs2 *fs, size_t from, size_t to, uint32_t size, struct span *content, const char **why)
{
	struct reading *reading =
	    size > unpack_room(fs->unpack) ? NULL : begin(fs, to - from, size);

	*why = reading == NULL ? "limit: larger than the memory allowed" : NULL;
	if (reading == NULL)
		return;
	lay(reading, from, to);
	*content = (struct span){reading->out, size};
	*why = reading->why;
	if (*why == NULL && reading->hole_count != 0)
		*why = "a piece is damaged or compressed in an unknown way";
	else if (*why == NULL && !is_whole(reading))
		*why = "pieces are missing";
	if (*why != NULL)
		unpack_waste(fs->unpack, size);
}
