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

#define PROBE ((size_t)1024) /* chance does not decode so much */

struct form {
	size_t header;
	enum libdeflate_result (*decode)(struct libdeflate_decompressor *state, const void *in,
	    size_t in_size, void *out, size_t room, size_t *used, size_t *size);
};

static const struct form zlib_form = {2, libdeflate_zlib_decompress_ex};
static const struct form bare_form = {0, libdeflate_deflate_decompress_ex};

/* Could a block begin here?  Three bits say of what kind. */
static bool
block_makes_sense(struct span at)
{
	struct reader reader = {.rest = at};
	unsigned first = read_u8(&reader);
	unsigned second = read_u8(&reader);
	uint32_t size, inverted;

	if (reader.overrun)
		return false;
	switch (first >> 1 & 3) {
	case 0: /* stored: the size comes twice, once inverted */
		reader.rest = span_from(at, 1);
		size = read_u16_le(&reader);
		inverted = read_u16_le(&reader);
		return !reader.overrun && (size ^ inverted) == 0xffff;
	case 1:
		return true;
	case 2: /* so many codes and no more */
		return first >> 3 <= 29 && (second & 31) <= 29;
	default:
		return false;
	}
}

/* A stream without its size: decoded again into more and more room. */
static enum stream_end
decode_form(const struct form *form, struct span in, struct buffer *out, size_t *used)
{
	struct libdeflate_decompressor *state;
	enum libdeflate_result result = LIBDEFLATE_INSUFFICIENT_SPACE;
	size_t room = PROBE, size = 0;
	bool probed = false;

	*used = 0;
	if (!block_makes_sense(span_from(in, form->header)))
		return STREAM_FOREIGN;
	state = libdeflate_alloc_decompressor();
	while (state != NULL && buffer_reserve(out, room)) {
		room = probed ? out->room : PROBE < out->room ? PROBE : out->room;
		result = form->decode(state, in.at, in.size, out->at, room, used, &size);
		if (result != LIBDEFLATE_INSUFFICIENT_SPACE || room >= out->limit)
			break;
		probed = true;
		room = room > SIZE_MAX / 8 ? SIZE_MAX : room * 8;
	}
	libdeflate_free_decompressor(state);
	if (result == LIBDEFLATE_SUCCESS) {
		out->size = size;
		return STREAM_ENDED;
	}
	*used = 0;
	if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
		return STREAM_LIMIT;
	return probed ? STREAM_DAMAGED : STREAM_FOREIGN;
}

enum stream_end
zlib_decode(struct span in, struct buffer *out, size_t *used)
{
	return decode_form(&zlib_form, in, out, used);
}

enum stream_end
deflate_decode(struct span in, struct buffer *out, size_t *used)
{
	return decode_form(&bare_form, in, out, used);
}

bool
deflate_exactly(struct span in, uint64_t size, struct buffer *out)
{
	struct libdeflate_decompressor *state;
	size_t used = 0;
	bool good = false;

	out->size = 0;
	if (size / LARGEST_RATIO > in.size || !buffer_reserve(out, size == 0 ? 1 : (size_t)size) ||
	    out->room < size)
		return false;
	state = libdeflate_alloc_decompressor();
	if (state != NULL)
		good = libdeflate_deflate_decompress_ex(state, in.at, in.size, out->at,
			   (size_t)size, &used, NULL) == LIBDEFLATE_SUCCESS &&
		       used == in.size;
	libdeflate_free_decompressor(state);
	out->size = good ? (size_t)size : 0;
	return good;
}

uint32_t
adler32_of(struct span bytes)
{
	return bytes.size == 0 ? 1 : libdeflate_adler32(1, bytes.at, bytes.size);
}

uint32_t
crc32_of(uint32_t seed, struct span bytes)
{
	return bytes.size == 0 ? seed : libdeflate_crc32(seed, bytes.at, bytes.size);
}
