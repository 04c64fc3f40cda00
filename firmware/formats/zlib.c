/* Two bytes are no magic: a zlib stream is one when much of it decodes and its Adler-32 is good. */
#include "firmware/format.h"

#define LEAST_DECODED ((size_t)64 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)
/* Codes made of chance may yield 258 bytes a bit until the image ends. */
#define LARGEST_BY_CHANCE ((size_t)128 << 20)

/* Blocks of a file system nobody knows are small or a power of two: to call one read would say that
 * its files had been looked at. */
static bool
may_be_a_block(size_t size)
{
	return size < LEAST_DECODED || (size <= LARGEST_BLOCK && (size & (size - 1)) == 0);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end;

	if (!claim->expected && claim->decoded.limit > LARGEST_BY_CHANCE)
		claim->decoded.limit = LARGEST_BY_CHANCE;
	end = zlib_decode(at, &claim->decoded, &used);
	if (end == STREAM_FOREIGN)
		return; /* cheap, and as frequent as its magic */
	claim->tried = true;
	if (end == STREAM_LIMIT && !claim->expected) {
		claim->costly = true; /* nothing was shown: two bytes may stand there by chance */
		return;
	}
	if (end == STREAM_ENDED && !claim->expected && may_be_a_block(claim->decoded.size)) {
		claim->decoded.size = 0;
		return;
	}
	claim_stream(job, claim, end, used, at.size, end == STREAM_ENDED ? "adler32 good" : "");
}

static const struct magic magics[] = {{.pattern = "x[\\x01\\x5e\\x9c\\xda]", .length = 2}};

const struct format format_zlib = {
    .name = "zlib",
    .title = "zlib stream",
    .source = "RFC 1950, RFC 1951",
    .gaps =
	"windows below 32 KiB and preset dictionaries; where none is expected, one of less than "
	"64 KiB or of a block's size when unpacked; of a damaged one nothing is kept",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
