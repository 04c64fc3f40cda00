/* liblzma decodes xz and LZMA alone; a decoder initialised again keeps its dictionary's memory. */
#include <lzma.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/codecs/codec.h"

#define MEMORY_LIMIT ((uint64_t)192 << 20) /* a dictionary of xz -9 is 64 MiB */
#define ALONE_HEADER 13
#define STEP ((size_t)1 << 20)
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

/*
 * SquashFS writes the true size in the header and may or may not add an end
 * mark: the size is read here and hidden from the library, which then accepts both.
 */
static bool
decode_lzma_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	lzma_stream *stream = state;
	struct reader reader = {.rest = in};
	uint8_t header[ALONE_HEADER];
	uint64_t said;
	lzma_ret result;

	if (in.size < sizeof header)
		return false;
	memcpy(header, in.at, sizeof header);
	memset(header + 5, 0xff, 8);
	read_bytes(&reader, 5);
	said = read_u64_le(&reader);
	if (said > room || lzma_alone_decoder(stream, MEMORY_LIMIT) != LZMA_OK)
		return false;
	stream->next_in = header;
	stream->avail_in = sizeof header;
	stream->next_out = out;
	stream->avail_out = (size_t)said;
	result = lzma_code(stream, LZMA_RUN);
	if (result != LZMA_OK)
		return false;
	stream->next_in = reader.rest.at;
	stream->avail_in = reader.rest.size;
	result = lzma_code(stream, LZMA_FINISH);
	*size = (size_t)said - stream->avail_out;
	return (result == LZMA_STREAM_END || result == LZMA_OK || result == LZMA_BUF_ERROR) &&
	       stream->avail_out == 0;
}

const struct codec codec_xz = {
    .name = "xz", .open = open_state, .close = close_state, .block = decode_xz_block};
const struct codec codec_lzma = {
    .name = "lzma", .open = open_state, .close = close_state, .block = decode_lzma_block};

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
