/* libdeflate wants the whole input and a bounded output: twice as fast as zlib, and no other way
 * out. */
#include <libdeflate.h>

#include "firmware/codecs/codec.h"

#define LARGEST_RATIO 1032u /* of deflate */

static void *
open_state(void)
{
	return libdeflate_alloc_decompressor();
}

static void
close_state(void *state)
{
	libdeflate_free_decompressor(state);
}

static bool
decode_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return libdeflate_zlib_decompress(state, in.at, in.size, out, room, size) ==
	       LIBDEFLATE_SUCCESS;
}

static bool
decode_raw_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return libdeflate_deflate_decompress(state, in.at, in.size, out, room, size) ==
	       LIBDEFLATE_SUCCESS;
}

const struct codec codec_deflate = {
    .name = "deflate", .open = open_state, .close = close_state, .block = decode_raw_block};
const struct codec codec_zlib = {
    .name = "zlib", .open = open_state, .close = close_state, .block = decode_block};

/* A first guess: the size in the last four bytes when it can be true, else four times the input. */
static size_t
guess_size(struct span in)
{
	struct reader reader = {.rest = span_from(in, in.size < 4 ? 0 : in.size - 4)};
	size_t said = read_u32_le(&reader);
	size_t guess = in.size > SIZE_MAX / 4 ? SIZE_MAX : in.size * 4;

	if (!reader.overrun && said >= in.size && said / LARGEST_RATIO <= in.size)
		guess = said;
	return guess < 4096 ? 4096 : guess;
}

/* One member; a too small buffer is enlarged and the member decoded again. */
static enum stream_end
decode_member(
    struct libdeflate_decompressor *state, struct span in, struct buffer *out, size_t *used)
{
	size_t room = guess_size(in);

	for (;;) {
		size_t size = 0;
		enum libdeflate_result result;

		if (!buffer_reserve(out, room))
			return STREAM_LIMIT;
		result = libdeflate_gzip_decompress_ex(
		    state, in.at, in.size, out->at + out->size, out->room - out->size, used, &size);
		if (result == LIBDEFLATE_SUCCESS) {
			out->size += size;
			return STREAM_ENDED;
		}
		if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
			return STREAM_DAMAGED;
		if (out->room >= out->limit)
			return STREAM_LIMIT;
		room =
		    out->room - out->size > SIZE_MAX / 4 ? SIZE_MAX : (out->room - out->size) * 4;
	}
}

enum stream_end
gzip_decode(struct span in, struct buffer *out, size_t *used)
{
	static const uint8_t magic[] = {0x1f, 0x8b, 8};
	struct libdeflate_decompressor *state = libdeflate_alloc_decompressor();
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	if (state == NULL)
		return STREAM_LIMIT;
	while (span_starts_with(span_from(in, *used), magic, sizeof magic)) {
		size_t member = 0;
		enum stream_end this = decode_member(state, span_from(in, *used), out, &member);

		if (this != STREAM_ENDED) {
			/* what follows a good member need not be another one */
			if (end != STREAM_ENDED || this == STREAM_LIMIT)
				end = this;
			break;
		}
		end = STREAM_ENDED;
		*used += member;
	}
	libdeflate_free_decompressor(state);
	return end;
}

uint32_t
crc32_of(uint32_t seed, struct span bytes)
{
	return bytes.size == 0 ? seed : libdeflate_crc32(seed, bytes.at, bytes.size);
}
