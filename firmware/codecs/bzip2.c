/* bzip2 counts in unsigned int, so input and output are fed in parts. */
#include <bzlib.h>
#include <limits.h>

#include "firmware/codecs/codec.h"

#define STEP ((size_t)1 << 20)

static unsigned
part_of(size_t size)
{
	return size > UINT_MAX ? UINT_MAX : (unsigned)size;
}

/* One stream, to its end. */
static enum stream_end
decode_stream(bz_stream *stream, struct span in, struct buffer *out, size_t *used)
{
	size_t done = 0;

	while (buffer_reserve(out, STEP)) {
		unsigned give = part_of(in.size - done);
		unsigned room = part_of(out->room - out->size);
		union {
			const uint8_t *from;
			char *to;
		} at = {.from = in.at + done};
		int result;

		stream->next_in = at.to;
		stream->avail_in = give;
		stream->next_out = (char *)out->at + out->size;
		stream->avail_out = room;
		result = BZ2_bzDecompress(stream);
		done += give - stream->avail_in;
		out->size += room - stream->avail_out;
		if (result == BZ_STREAM_END || result != BZ_OK) {
			*used += done;
			return result == BZ_STREAM_END ? STREAM_ENDED : STREAM_DAMAGED;
		}
		if (give == stream->avail_in && room == stream->avail_out) {
			*used += done;
			return STREAM_CUT;
		}
	}
	*used += done;
	return STREAM_LIMIT;
}

enum stream_end
bzip2_decode(struct span in, struct buffer *out, size_t *used)
{
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	while (span_starts_with(span_from(in, *used), "BZh", 3)) {
		bz_stream stream = {0};
		enum stream_end this = STREAM_LIMIT;
		size_t taken = 0;

		if (BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK)
			this = decode_stream(&stream, span_from(in, *used), out, &taken);
		BZ2_bzDecompressEnd(&stream);
		*used += taken;
		end = this;
		if (end != STREAM_ENDED)
			break;
	}
	return end;
}
