/* LZ4 comes as bare blocks, as frames with checks, and as the legacy frame of kernels: 8 MiB
 * blocks, no end mark. */
#include <lz4.h>
#include <lz4frame.h>

#include "firmware/codecs/codec.h"

#define STEP ((size_t)1 << 20)
#define LEGACY_BLOCK ((size_t)8 << 20)

static bool
decode_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	int result;

	(void)state;
	if (in.size > LZ4_MAX_INPUT_SIZE || room > LZ4_MAX_INPUT_SIZE)
		return false;
	result = LZ4_decompress_safe((const char *)in.at, (char *)out, (int)in.size, (int)room);
	if (result < 0)
		return false;
	*size = (size_t)result;
	return true;
}

const struct codec codec_lz4 = {.name = "lz4", .block = decode_block};

static bool
decode_beginning(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	int result;

	(void)state;
	if (in.size > LZ4_MAX_INPUT_SIZE || room > LZ4_MAX_INPUT_SIZE)
		return false;
	result = LZ4_decompress_safe_partial(
	    (const char *)in.at, (char *)out, (int)in.size, (int)room, (int)room);
	if (result < 0)
		return false;
	*size = (size_t)result;
	return true;
}

const struct codec codec_lz4_beginning = {.name = "lz4", .block = decode_beginning};

static bool
another_frame(struct span rest)
{
	struct reader reader = {.rest = rest};
	uint32_t magic = read_u32_le(&reader);

	return !reader.overrun && (magic == 0x184d2204 || (magic & 0xfffffff0) == 0x184d2a50);
}

/* One frame, to its end. */
static enum stream_end
decode_frame(LZ4F_dctx *state, struct span in, struct buffer *out, size_t *used)
{
	while (buffer_reserve(out, STEP)) {
		size_t room = out->room - out->size;
		size_t taken = in.size - *used;
		size_t result =
		    LZ4F_decompress(state, out->at + out->size, &room, in.at + *used, &taken, NULL);

		if (LZ4F_isError(result))
			return *used == 0 && out->size == 0 ? STREAM_FOREIGN : STREAM_DAMAGED;
		*used += taken;
		out->size += room;
		if (result == 0)
			return STREAM_ENDED;
		if (taken == 0 && room == 0)
			return STREAM_CUT;
	}
	return STREAM_LIMIT;
}

enum stream_end
lz4_frame_decode(struct span in, struct buffer *out, size_t *used)
{
	LZ4F_dctx *state = NULL;
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	if (LZ4F_isError(LZ4F_createDecompressionContext(&state, LZ4F_VERSION)))
		return STREAM_LIMIT;
	while (another_frame(span_from(in, *used))) {
		end = decode_frame(state, in, out, used);
		if (end != STREAM_ENDED)
			break;
	}
	LZ4F_freeDecompressionContext(state);
	return end;
}

enum stream_end
lz4_legacy_decode(struct span in, struct buffer *out, size_t *used)
{
	struct reader reader = {.rest = in};
	size_t got = LEGACY_BLOCK;

	*used = 0;
	if (read_u32_le(&reader) != 0x184c2102)
		return STREAM_FOREIGN;
	while (got == LEGACY_BLOCK) { /* a shorter block is the last */
		struct reader ahead = reader;
		uint32_t size = read_u32_le(&ahead);
		struct span block = read_bytes(&ahead, size);

		if (size == 0 || size > (uint32_t)LZ4_compressBound((int)LEGACY_BLOCK))
			return out->size == 0 ? STREAM_FOREIGN : STREAM_ENDED;
		if (ahead.overrun)
			return out->size == 0 ? STREAM_FOREIGN : STREAM_CUT;
		if (!buffer_reserve(out, LEGACY_BLOCK))
			return STREAM_LIMIT;
		if (!decode_block(NULL, block, out->at + out->size, out->room - out->size, &got))
			return out->size == 0 ? STREAM_FOREIGN : STREAM_DAMAGED;
		out->size += got;
		reader = ahead;
		*used = in.size - reader.rest.size;
	}
	return STREAM_ENDED;
}
