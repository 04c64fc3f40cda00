/* A sparse image says of each run of blocks whether it follows, repeats four bytes, or does not
 * matter. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/format.h"

#define HEADER_SIZE 28
#define CHUNK_SIZE 12
#define FILL_SIZE 4

enum { CHUNK_RAW = 0xcac1, CHUNK_FILL, CHUNK_SKIP, CHUNK_CRC };

struct header {
	uint16_t header_size, chunk_size;
	uint32_t block, blocks, chunks, crc;
};

struct chunk {
	uint16_t kind;
	uint32_t blocks;
	struct span content;
};

/* What came of the chunks so far. */
struct progress_of {
	uint64_t blocks, raw, fill, skipped;
	uint32_t chunks;
	size_t used; /* bytes of the sparse image */
};

static bool
read_header(struct reader *reader, struct header *header)
{
	uint16_t major;

	read_bytes(reader, 4); /* magic */
	major = read_u16_le(reader);
	read_bytes(reader, 2); /* minor version: a later one changes nothing here */
	header->header_size = read_u16_le(reader);
	header->chunk_size = read_u16_le(reader);
	header->block = read_u32_le(reader);
	header->blocks = read_u32_le(reader);
	header->chunks = read_u32_le(reader);
	header->crc = read_u32_le(reader);
	if (reader->overrun || major != 1 || header->header_size < HEADER_SIZE ||
	    header->header_size > 4096 || header->chunk_size < CHUNK_SIZE ||
	    header->chunk_size > 4096 || header->block == 0 || header->block % 4 != 0 ||
	    header->block > (uint32_t)16 << 20)
		return false;
	read_bytes(reader, header->header_size - HEADER_SIZE);
	return !reader->overrun;
}

/* False at the end of the input (`reader->overrun`) or when it is no chunk. */
static bool
read_chunk(struct reader *reader, const struct header *header, struct chunk *chunk)
{
	uint32_t total;
	uint64_t wanted;

	chunk->kind = read_u16_le(reader);
	read_bytes(reader, 2); /* reserved */
	chunk->blocks = read_u32_le(reader);
	total = read_u32_le(reader);
	read_bytes(reader, header->chunk_size - CHUNK_SIZE);
	switch (chunk->kind) {
	case CHUNK_RAW:
		wanted = (uint64_t)chunk->blocks * header->block;
		break;
	case CHUNK_FILL:
	case CHUNK_CRC:
		wanted = FILL_SIZE;
		break;
	case CHUNK_SKIP:
		wanted = 0;
		break;
	default:
		return false;
	}
	if (reader->overrun || total != wanted + header->chunk_size)
		return false;
	chunk->content = read_bytes(reader, (size_t)wanted);
	return !reader->overrun;
}

/* The pattern again and again. */
static void
fill(uint8_t *at, size_t size, struct span pattern)
{
	size_t done = size < pattern.size ? size : pattern.size;

	memcpy(at, pattern.at, done);
	while (done < size) {
		size_t step = done < size - done ? done : size - done;

		memcpy(at + done, at, step);
		done += step;
	}
}

/* False when the buffer may not grow so far. */
static bool
unpack_chunk(struct buffer *out, const struct header *header, const struct chunk *chunk)
{
	static const uint8_t zero[FILL_SIZE] = {0};
	uint64_t size = (uint64_t)chunk->blocks * header->block;

	if (chunk->kind == CHUNK_CRC || size == 0)
		return true;
	if (size > out->limit - out->size)
		return false;
	while (out->room - out->size < size)
		if (!buffer_reserve(out, (size_t)size))
			return false;
	if (chunk->kind == CHUNK_RAW)
		memcpy(out->at + out->size, chunk->content.at, chunk->content.size);
	else if (chunk->kind == CHUNK_FILL)
		fill(out->at + out->size, (size_t)size, chunk->content);
	else
		fill(out->at + out->size, (size_t)size, (struct span){zero, sizeof zero});
	out->size += (size_t)size;
	return true;
}

static void
count(struct progress_of *progress, const struct chunk *chunk)
{
	progress->chunks++;
	progress->blocks += chunk->kind == CHUNK_CRC ? 0 : chunk->blocks;
	progress->raw += chunk->kind == CHUNK_RAW ? chunk->blocks : 0;
	progress->fill += chunk->kind == CHUNK_FILL ? chunk->blocks : 0;
	progress->skipped += chunk->kind == CHUNK_SKIP ? chunk->blocks : 0;
}

static bool
sum_agrees(const struct buffer *out, struct span said)
{
	struct reader reader = {.rest = said};

	return crc32_of(0, buffer_span(out)) == read_u32_le(&reader);
}

/* Walks the chunks; with `out`, unpacks them too.  STREAM_FOREIGN: the table makes no sense. */
static enum stream_end
walk(struct span at, const struct header *header, struct buffer *out, struct progress_of *progress)
{
	struct reader reader = {.rest = span_from(at, header->header_size)};
	struct chunk chunk;

	*progress = (struct progress_of){.used = header->header_size};
	while (progress->chunks < header->chunks) {
		if (!read_chunk(&reader, header, &chunk))
			return reader.overrun ? STREAM_CUT : STREAM_FOREIGN;
		if (chunk.kind != CHUNK_CRC && chunk.blocks > header->blocks - progress->blocks)
			return STREAM_FOREIGN;
		if (out != NULL && !unpack_chunk(out, header, &chunk))
			return STREAM_LIMIT;
		if (out != NULL && chunk.kind == CHUNK_CRC && !sum_agrees(out, chunk.content))
			return STREAM_DAMAGED;
		count(progress, &chunk);
		progress->used = at.size - reader.rest.size;
	}
	return progress->blocks == header->blocks ? STREAM_ENDED : STREAM_FOREIGN;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	struct progress_of progress;
	struct header header;
	const char *detail, *sum = "";
	enum stream_end end;

	if (!read_header(&reader, &header))
		return;
	end = walk(at, &header, NULL, &progress);
	if (end == STREAM_FOREIGN && !(claim->expected && progress.chunks != 0))
		return;
	end = walk(at, &header, &claim->decoded, &progress);
	if (end == STREAM_FOREIGN)
		end = STREAM_DAMAGED;
	if (end == STREAM_ENDED && header.crc != 0) {
		sum = crc32_of(0, buffer_span(&claim->decoded)) == header.crc ? ", crc32 good"
									      : ", crc32 bad";
		if (strcmp(sum, ", crc32 bad") == 0)
			end = STREAM_DAMAGED;
	}
	detail = arena_printf(job,
	    "blocks of %" PRIu32 " bytes: %" PRIu64 " stored, %" PRIu64 " filled, %" PRIu64
	    " left out%s",
	    header.block, progress.raw, progress.fill, progress.skipped, sum);
	if (detail == NULL)
		return;
	claim_stream(job, claim, end, progress.used, at.size, detail);
	if (end == STREAM_LIMIT) /* where it ends is known all the same */
		claim->incomplete = "limit: more than the memory allowed when unpacked";
}

static const struct magic magics[] = {{.pattern = "\\x3a\\xff\\x26\\xed\\x01\\x00", .length = 6}};

const struct format format_sparse = {
    .name = "sparse",
    .title = "Android sparse image",
    .source = "AOSP system/core/libsparse/sparse_format.h",
    .gaps = "images that unpack to more than half the memory allowed",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
