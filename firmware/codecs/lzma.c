/* liblzma decodes xz and LZMA alone; a decoder initialised again keeps its dictionary's memory. */
#include <lzma.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/codecs/lzma_state.h"

#define MEMORY_LIMIT ((uint64_t)192 << 20) /* a dictionary of xz -9 is 64 MiB */
#define ALONE_HEADER 13
#define RAW_DICTIONARY ((uint32_t)64 << 10) /* no block is larger */
#define RAW_END ((size_t)16)                /* bytes at the end that may not be needed */
#define STEP ((size_t)1 << 20)
#define LARGEST_BLOCK ((uint32_t)1 << 28)
#define LONGEST_PADDING ((size_t)4096)

static void *
open_state(void)
{
	lzma_stream *stream = block_resize(NULL, sizeof *stream);

	if (stream != NULL)
		*stream = (lzma_stream)LZMA_STREAM_INIT;
	return stream;
}

static void
close_state(void *state)
{
	lzma_end(state);
	block_free(state);
}

static bool
decode_xz_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	lzma_stream *stream = state;
	lzma_ret result;

	if (lzma_stream_decoder(stream, MEMORY_LIMIT, 0) != LZMA_OK)
		return false;
	stream->next_in = in.at;
	stream->avail_in = in.size;
	stream->next_out = out;
	stream->avail_out = room;
	result = lzma_code(stream, LZMA_FINISH);
	*size = room - stream->avail_out;
	return result == LZMA_STREAM_END;
}

struct lzma_state {
	lzma_stream stream;
	uint32_t dictionary; /* never smaller than a block, never made smaller */
};

void *
lzma_state_open(void)
{
	struct lzma_state *state = block_resize(NULL, sizeof *state);

	if (state != NULL)
		*state = (struct lzma_state){.stream = LZMA_STREAM_INIT, .dictionary = 4096};
	return state;
}

void
lzma_state_close(void *state)
{
	struct lzma_state *lzma = state;

	lzma_end(&lzma->stream);
	block_free(lzma);
}

/* Runs the decoder over packed bytes whose header is made up for it. */
static lzma_ret
run_block(struct lzma_state *state, uint8_t properties, uint64_t said, struct span in, uint8_t *out,
    size_t room)
{
	lzma_stream *stream = &state->stream;
	uint8_t header[ALONE_HEADER] = {properties};

	while (state->dictionary < room && state->dictionary < LARGEST_BLOCK)
		state->dictionary *= 2;
	for (unsigned i = 0; i < 4; i++)
		header[1 + i] = (uint8_t)(state->dictionary >> 8 * i);
	for (unsigned i = 0; i < 8; i++)
		header[5 + i] = (uint8_t)(said >> 8 * i);
	if (lzma_alone_decoder(stream, MEMORY_LIMIT) != LZMA_OK)
		return LZMA_MEM_ERROR;
	stream->next_in = header;
	stream->avail_in = sizeof header;
	stream->next_out = out;
	stream->avail_out = room;
	if (lzma_code(stream, LZMA_RUN) != LZMA_OK)
		return LZMA_FORMAT_ERROR;
	stream->next_in = in.at;
	stream->avail_in = in.size;
	return lzma_code(stream, LZMA_FINISH);
}

bool
lzma_state_exact(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size)
{
	*size = room;
	return run_block(state, properties, room, in, out, room) == LZMA_STREAM_END;
}

/* The block ends with a mark. */
static bool
decode_marked(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size)
{
	lzma_stream *stream = &state->stream;
	lzma_ret result = run_block(state, properties, UINT64_MAX, in, out, room);
	uint8_t beyond;

	*size = room - stream->avail_out;
	if (result == LZMA_OK && stream->avail_out == 0) {
		stream->next_out = &beyond; /* the mark itself unpacks to nothing */
		stream->avail_out = 1;
		result = lzma_code(stream, LZMA_FINISH);
		if (stream->avail_out == 0)
			return false;
	}
	return result == LZMA_STREAM_END && stream->avail_in == 0;
}

/* The block ends where `in` ends, and how large it is nobody says. */
static bool
decode_short(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size)
{
	lzma_ret result = run_block(state, properties, UINT64_MAX, in, out, room);

	*size = room - state->stream.avail_out;
	return (result == LZMA_OK || result == LZMA_BUF_ERROR) && state->stream.avail_in == 0 &&
	       *size < room;
}

static bool
is_lzma(uint8_t properties, struct span in)
{
	return in.size != 0 && in.at[0] == 0 && properties < 9 * 5 * 5;
}

bool
lzma_state_ended(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size)
{
	return is_lzma(properties, in) && decode_marked(state, properties, in, out, room, size);
}

bool
lzma_state_endless(struct lzma_state *state, uint8_t properties, struct span in, uint8_t *out,
    size_t room, size_t *size)
{
	return is_lzma(properties, in) &&
	       (lzma_state_exact(state, properties, in, out, room, size) ||
		   decode_marked(state, properties, in, out, room, size) ||
		   decode_short(state, properties, in, out, room, size));
}

/* The header tells the size; whether there is an end mark too is left to who wrote it. */
static bool
decode_lzma_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	struct reader reader = {.rest = in};
	uint8_t properties = read_u8(&reader);
	uint64_t said;

	read_u32_le(&reader); /* dictionary */
	said = read_u64_le(&reader);
	if (reader.overrun || properties >= 9 * 5 * 5)
		return false;
	if (said == UINT64_MAX)
		return lzma_state_ended(state, properties, reader.rest, out, room, size);
	return said <= room &&
	       lzma_state_exact(state, properties, reader.rest, out, (size_t)said, size);
}

static bool
decode_raw(lzma_stream *stream, const lzma_options_lzma *options, struct span in, uint8_t *out,
    size_t room)
{
	lzma_filter filters[] = {{.id = LZMA_FILTER_LZMA1, .options = (void *)(uintptr_t)options},
	    {.id = LZMA_VLI_UNKNOWN}};
	lzma_ret result;

	/* the range coder begins with a zero */
	if (in.size == 0 || in.at[0] != 0 || lzma_raw_decoder(stream, filters) != LZMA_OK)
		return false;
	stream->next_in = in.at;
	stream->avail_in = in.size;
	stream->next_out = out;
	stream->avail_out = room;
	result = lzma_code(stream, LZMA_FINISH);
	return (result == LZMA_STREAM_END || result == LZMA_OK || result == LZMA_BUF_ERROR) &&
	       stream->avail_out == 0 && stream->avail_in <= RAW_END;
}

/*
 * JFFS2: OpenWrt writes the coded bytes alone and knows how they are made,
 * others put the five bytes that say so in front.
 */
static bool
decode_raw_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	lzma_options_lzma options = {.dict_size = RAW_DICTIONARY};
	struct reader reader = {.rest = in};
	unsigned properties = read_u8(&reader);
	bool good = decode_raw(state, &options, in, out, room);

	read_u32_le(&reader);
	if (!good && properties < 9 * 5 * 5) {
		options.lc = properties % 9;
		options.lp = properties / 9 % 5;
		options.pb = properties / 45;
		good = decode_raw(state, &options, reader.rest, out, room);
	}
	*size = good ? room : 0;
	return good;
}

const struct codec codec_lzma_raw = {
    .name = "raw lzma", .open = open_state, .close = close_state, .block = decode_raw_block};
const struct codec codec_xz = {
    .name = "xz", .open = open_state, .close = close_state, .block = decode_xz_block};

const struct codec codec_lzma = {
    .name = "lzma", .open = lzma_state_open, .close = lzma_state_close, .block = decode_lzma_block};

static enum stream_end
end_of(lzma_ret result)
{
	switch (result) {
	case LZMA_STREAM_END:
		return STREAM_ENDED;
	case LZMA_BUF_ERROR:
		return STREAM_CUT;
	case LZMA_FORMAT_ERROR:
		return STREAM_FOREIGN;
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_MEM_ERROR:
		return STREAM_LIMIT;
	default:
		return STREAM_DAMAGED;
	}
}

/* Runs an opened decoder over `in`. */
static enum stream_end
run(lzma_stream *stream, struct span in, struct buffer *out, size_t *used)
{
	lzma_ret result = LZMA_OK;

	stream->next_in = in.at;
	stream->avail_in = in.size;
	while (result == LZMA_OK) {
		size_t before = stream->avail_in;
		size_t room;

		if (!buffer_reserve(out, STEP)) {
			*used += in.size - stream->avail_in;
			return STREAM_LIMIT;
		}
		room = out->room - out->size;
		stream->next_out = out->at + out->size;
		stream->avail_out = room;
		result = lzma_code(stream, LZMA_FINISH);
		out->size += room - stream->avail_out;
		if (result == LZMA_OK && before == stream->avail_in && stream->avail_out == room)
			result = LZMA_BUF_ERROR;
	}
	*used += in.size - stream->avail_in;
	return end_of(result);
}

/* Streams may be padded with zeros in fours (section 2.2): where the next begins, if one does. */
static size_t
after_padding(struct span in, size_t at, const void *magic, size_t size)
{
	static const uint8_t zeros[4];
	size_t next = at;

	while (next - at < LONGEST_PADDING &&
	       span_starts_with(span_from(in, next), zeros, sizeof zeros))
		next += sizeof zeros;
	return span_starts_with(span_from(in, next), magic, size) ? next : at;
}

enum stream_end
xz_decode(struct span in, struct buffer *out, size_t *used)
{
	static const uint8_t magic[] = {0xfd, '7', 'z', 'X', 'Z', 0};
	lzma_stream stream = LZMA_STREAM_INIT;
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	while (span_starts_with(span_from(in, *used), magic, sizeof magic)) {
		enum stream_end this = STREAM_LIMIT;

		if (lzma_stream_decoder(&stream, MEMORY_LIMIT, 0) == LZMA_OK)
			this = run(&stream, span_from(in, *used), out, used);
		if (this == STREAM_FOREIGN && end == STREAM_ENDED)
			break;
		end = this;
		if (end != STREAM_ENDED)
			break;
		*used = after_padding(in, *used, magic, sizeof magic);
	}
	lzma_end(&stream);
	return end;
}

enum stream_end
lzma_decode(struct span in, struct buffer *out, size_t *used)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	enum stream_end end = STREAM_LIMIT;

	*used = 0;
	if (lzma_alone_decoder(&stream, MEMORY_LIMIT) == LZMA_OK)
		end = run(&stream, in, out, used);
	lzma_end(&stream);
	return end;
}

enum stream_end
lzma_headless_decode(struct span in, uint8_t properties, uint32_t dictionary, uint64_t size,
    struct buffer *out, size_t *used)
{
	uint8_t header[ALONE_HEADER] = {properties};
	lzma_stream stream = LZMA_STREAM_INIT;
	enum stream_end end = STREAM_LIMIT;

	for (unsigned i = 0; i < 4; i++)
		header[1 + i] = (uint8_t)(dictionary >> 8 * i);
	for (unsigned i = 0; i < 8; i++)
		header[5 + i] = (uint8_t)(size >> 8 * i);
	*used = 0;
	if (lzma_alone_decoder(&stream, MEMORY_LIMIT) == LZMA_OK && buffer_reserve(out, 1)) {
		stream.next_in = header;
		stream.avail_in = sizeof header;
		stream.next_out = out->at; /* some, or nothing is read */
		stream.avail_out = out->room;
		end = STREAM_FOREIGN;
		if (lzma_code(&stream, LZMA_RUN) == LZMA_OK && stream.avail_in == 0)
			end = run(&stream, in, out, used);
	}
	lzma_end(&stream);
	return end;
}

enum stream_end
lzip_decode(struct span in, struct buffer *out, size_t *used)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	while (span_starts_with(span_from(in, *used), "LZIP", 4)) {
		enum stream_end this = STREAM_LIMIT;

		if (lzma_lzip_decoder(&stream, MEMORY_LIMIT, 0) == LZMA_OK)
			this = run(&stream, span_from(in, *used), out, used);
		end = this;
		if (end != STREAM_ENDED)
			break;
	}
	lzma_end(&stream);
	return end;
}
