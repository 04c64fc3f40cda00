/* LZMA alone has no magic: a properties byte, a dictionary size and a length that make sense must
 * do. */
#include "base/arena.h"
#include "firmware/format.h"

#define HEADER_SIZE 13
#define UNKNOWN_SIZE UINT64_MAX
#define LARGEST_SIZE ((uint64_t)1 << 32)
#define LEAST_DECODED 64u /* less may be chance */
#define LEAST_DAMAGED 4096u

static bool
header_makes_sense(struct span at, uint64_t *size)
{
	struct reader reader = {.rest = at};
	uint8_t properties = read_u8(&reader);
	uint32_t dictionary = read_u32_le(&reader);
	uint8_t first;

	*size = read_u64_le(&reader);
	first = read_u8(&reader); /* of the range coder: always zero */
	if (reader.overrun || first != 0 || properties >= 9 * 5 * 5)
		return false;
	/* encoders choose 2^n or 2^n + 2^(n-1) */
	if (dictionary < 4096 || dictionary > (uint32_t)1 << 28 ||
	    (dictionary & (dictionary - 1) & (dictionary - 1) << 1) != 0)
		return false;
	return *size == UNKNOWN_SIZE || (*size >= LEAST_DECODED && *size < LARGEST_SIZE);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	uint64_t size;
	enum stream_end end;

	if (!header_makes_sense(at, &size))
		return;
	claim->tried = true;
	end = lzma_decode(at, &claim->decoded, &used);
	if (end == STREAM_ENDED && claim->decoded.size < LEAST_DECODED)
		return;
	/* without a magic, a stream that is not whole is chance unless much of it made sense */
	if (end != STREAM_ENDED && claim->decoded.size < LEAST_DAMAGED)
		return;
	if (end == STREAM_DAMAGED && !claim->expected)
		return;
	if (end == STREAM_CUT && !claim->expected && claim->decoded.size < size / 16)
		return;
	claim_stream(job, claim, end, used, at.size, "");
}

/* usual properties and a dictionary of whole 64 KiB */
static const struct magic magics[] = {
    {.pattern = "[\\x2c\\x5d\\x5e\\x6c\\x6d\\x6e\\x75]\\x00\\x00", .length = 3}};

const struct format format_lzma = {
    .name = "lzma",
    .title = "LZMA stream with the 13-byte header",
    .source = "LZMA SDK, lzma-specification.txt",
    .gaps = "headers without a length (vendor variants) are not recognised",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
