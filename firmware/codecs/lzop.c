/* The container of lzop: a checked header, then blocks of LZO1X, each with sums of both its sides.
 */
#include <string.h>

#include "firmware/codecs/codec.h"

#define LARGEST_BLOCK ((uint32_t)64 << 20)
#define SINCE_LEVEL 0x0940u /* of the version that added fields */

enum {
	FLAG_ADLER_OUT = 0x1,
	FLAG_ADLER_IN = 0x2,
	FLAG_EXTRA = 0x40,
	FLAG_CRC_OUT = 0x100,
	FLAG_CRC_IN = 0x200,
	FLAG_FILTER = 0x800,
	FLAG_HEADER_CRC = 0x1000,
};

static const uint8_t magic[] = {0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n'};

/* The sum of what was read since `from` stands next. */
static bool
sum_is_good(struct reader *reader, struct span from, uint32_t flags)
{
	struct span summed = span_part(from, 0, from.size - reader->rest.size);
	uint32_t said = read_u32_be(reader);

	return !reader->overrun &&
	       said == (flags & FLAG_HEADER_CRC ? crc32_of(0, summed) : adler32_of(summed));
}

static enum stream_end
read_header(struct reader *reader, uint32_t *flags)
{
	struct span from = reader->rest;
	uint16_t version = read_u16_be(reader);
	uint8_t method;

	read_bytes(reader, version >= SINCE_LEVEL ? 4 : 2); /* of the library; needed */
	method = read_u8(reader);
	read_bytes(reader, version >= SINCE_LEVEL ? 1 : 0); /* level */
	*flags = read_u32_be(reader);
	read_bytes(reader, *flags & FLAG_FILTER ? 4 : 0);
	read_bytes(reader, version >= SINCE_LEVEL ? 12 : 8); /* mode, time */
	read_bytes(reader, read_u8(reader));                 /* name */
	if (!sum_is_good(reader, from, *flags))
		return STREAM_FOREIGN;
	if (*flags & FLAG_EXTRA) {
		from = reader->rest;
		read_bytes(reader, read_u32_be(reader));
		if (!sum_is_good(reader, from, *flags))
			return STREAM_DAMAGED;
	}
	/* LZO1X-1, -1(15) and -999 differ in nothing that is read */
	return method < 1 || method > 3 || *flags & FLAG_FILTER ? STREAM_DAMAGED : STREAM_ENDED;
}

/* Sums in the order they come; one not there is good. */
struct sums {
	bool has_adler, has_crc;
	uint32_t adler, crc;
};

static struct sums
read_sums(struct reader *reader, bool has_adler, bool has_crc)
{
	struct sums sums = {.has_adler = has_adler, .has_crc = has_crc};

	sums.adler = has_adler ? read_u32_be(reader) : 0;
	sums.crc = has_crc ? read_u32_be(reader) : 0;
	return sums;
}

static bool
sums_agree(const struct sums *sums, struct span bytes)
{
	return (!sums->has_adler || sums->adler == adler32_of(bytes)) &&
	       (!sums->has_crc || sums->crc == crc32_of(0, bytes));
}

/* One block; `*last` when it is the mark of the end. */
static enum stream_end
decode_piece(struct reader *reader, uint32_t flags, struct buffer *out, bool *last)
{
	uint32_t size = read_u32_be(reader), packed;
	struct sums of_out, of_in = {0};
	struct span in;
	size_t got = size;

	*last = size == 0;
	if (reader->overrun)
		return STREAM_CUT;
	if (*last)
		return STREAM_ENDED;
	packed = read_u32_be(reader);
	of_out = read_sums(reader, flags & FLAG_ADLER_OUT, flags & FLAG_CRC_OUT);
	if (packed < size)
		of_in = read_sums(reader, flags & FLAG_ADLER_IN, flags & FLAG_CRC_IN);
	if (size > LARGEST_BLOCK || packed > size)
		return STREAM_DAMAGED;
	in = read_bytes(reader, packed);
	if (reader->overrun)
		return STREAM_CUT;
	if (!buffer_reserve(out, size) || out->room - out->size < size)
		return STREAM_LIMIT;
	if (!sums_agree(&of_in, in))
		return STREAM_DAMAGED;
	if (packed == size)
		memcpy(out->at + out->size, in.at, size);
	else if (!codec_lzo.block(NULL, in, out->at + out->size, size, &got) || got != size)
		return STREAM_DAMAGED;
	if (!sums_agree(&of_out, (struct span){out->at + out->size, size}))
		return STREAM_DAMAGED;
	out->size += size;
	return STREAM_ENDED;
}

enum stream_end
lzop_decode(struct span in, struct buffer *out, size_t *used)
{
	enum stream_end end = STREAM_FOREIGN;

	*used = 0;
	while (span_starts_with(span_from(in, *used), magic, sizeof magic)) {
		struct reader reader = {.rest = span_from(in, *used + sizeof magic)};
		uint32_t flags;
		bool last = false;

		end = read_header(&reader, &flags);
		if (end == STREAM_FOREIGN && *used != 0)
			return STREAM_ENDED; /* what follows is no member */
		while (end == STREAM_ENDED && !last)
			end = decode_piece(&reader, flags, out, &last);
		if (end != STREAM_FOREIGN)
			*used = in.size - reader.rest.size;
		if (end != STREAM_ENDED)
			break;
	}
	return end;
}
