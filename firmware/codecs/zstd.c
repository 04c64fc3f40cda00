/* A Zstandard stream is frames in a row, some of them to be skipped (RFC 8878). */
#include <zstd.h>

#include "firmware/codecs/codec.h"

#define STEP ((size_t)1 << 20)
#define LARGEST_WINDOW 27 /* log2: 128 MiB */

static void *
open_state(void)
{
	return ZSTD_createDCtx();
}

static void
close_state(void *state)
{
	ZSTD_freeDCtx(state);
}

static bool
decode_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	size_t result = ZSTD_decompressDCtx(state, out, room, in.at, in.size);

	if (ZSTD_isError(result))
		return false;
	*size = result;
	return true;
}

const struct codec codec_zstd = {
    .name = "zstd", .open = open_state, .close = close_state, .block = decode_block};

static bool
another_frame(struct span rest)
{
	struct reader reader = {.rest = rest};
	uint32_t magic = read_u32_le(&reader);

	return !reader.overrun && (magic == 0xfd2fb528 || (magic & 0xfffffff0) == 0x184d2a50);
}

/* One frame, to its end. */
static enum stream_end
decode_frame(ZSTD_DCtx *state, struct span in, struct buffer *out, size_t *used)
{
	ZSTD_inBuffer input = {.src = in.at, .size = in.size};
	enum stream_end end = STREAM_LIMIT;

	while (buffer_reserve(out, STEP)) {
		ZSTD_outBuffer output = {.dst = out->at + out->size, .size = out->room - out->size};
		size_t before = input.pos;
		size_t result = ZSTD_decompressStream(state, &output, &input);

		out->size += output.pos;
		if (ZSTD_isError(result)) {
			end = STREAM_DAMAGED;
			break;
		}
		if (result == 0) {
			end = STREAM_ENDED;
			break;
		}
		if (input.pos == before && output.pos == 0) {
			end = STREAM_CUT;
			break;
		}
	}
	*used += input.pos;
	return end;
}

enum stream_end
zstd_decode(struct span in, struct buffer *out, size_t *used)
{
	ZSTD_DCtx *state = ZSTD_createDCtx();
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	if (state == NULL)
		return STREAM_LIMIT;
	ZSTD_DCtx_setParameter(state, ZSTD_d_windowLogMax, LARGEST_WINDOW);
	while (another_frame(span_from(in, *used))) {
		end = decode_frame(state, span_from(in, *used), out, used);
		if (end != STREAM_ENDED)
			break;
	}
	ZSTD_freeDCtx(state);
	return end;
}
