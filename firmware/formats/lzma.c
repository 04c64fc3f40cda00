/* LZMA alone has no magic: a properties byte, a dictionary size and a length that make sense must
 * do. */
#include "base/arena.h"
#include "firmware/format.h"

#define HEADER_SIZE 13
#define UNKNOWN_SIZE UINT64_MAX
#define LARGEST_SIZE ((uint64_t)1 << 32)
#define LEAST_DECODED 64u     /* less may be chance */
#define LEAST_BY_CHANCE 1024u /* code holds runs that decode */
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

/* Where vendors leave the size out or wrong: what stands before the range coder's first byte. */
struct variant {
	size_t header; /* bytes */
	bool has_size; /* of four bytes */
	const char *detail;
};

static const struct variant variants[] = {
    {HEADER_SIZE, false, "the size in the header is wrong"},
    {5, false, "no size in the header"},
    {9, true, "a size of four bytes in the header"},
};

/* Is it LZMA under such a header, with an end of its own? */
static bool
variant_fits(struct span at, const struct variant *variant, struct claim *claim, size_t *used)
{
	struct reader reader = {.rest = at};
	uint8_t properties = read_u8(&reader);
	uint32_t dictionary = read_u32_le(&reader);
	uint64_t size = variant->has_size ? read_u32_le(&reader) : UNKNOWN_SIZE;
	struct span rest = span_from(at, variant->header);
	enum stream_end end;

	if (reader.overrun || properties >= 9 * 5 * 5 || dictionary < 4096 ||
	    dictionary > (uint32_t)1 << 28 || rest.size == 0 || rest.at[0] != 0 ||
	    size < LEAST_DECODED)
		return false;
	claim->decoded.size = 0;
	end = lzma_headless_decode(rest, properties, dictionary, size, &claim->decoded, used);
	*used += variant->header;
	return end == STREAM_ENDED && claim->decoded.size >= LEAST_DECODED;
}

/* Tried where LZMA is expected only: each attempt decodes. */
static bool
claim_variant(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		if (!variant_fits(at, &variants[i], claim, &used))
			continue;
		claim_stream(job, claim, STREAM_ENDED, used, at.size, variants[i].detail);
		return true;
	}
	return false;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	uint64_t size;
	enum stream_end end = STREAM_FOREIGN;
	bool plain = header_makes_sense(at, &size);

	if (!plain && !claim->expected)
		return;
	claim->tried = true;
	if (plain)
		end = lzma_decode(at, &claim->decoded, &used);
	if (end == STREAM_ENDED &&
	    claim->decoded.size < (claim->expected ? LEAST_DECODED : LEAST_BY_CHANCE))
		return;
	if (claim->expected && end != STREAM_ENDED && end != STREAM_LIMIT) {
		if (claim_variant(job, at, claim))
			return;
		claim->decoded.size = 0;
		end = plain ? lzma_decode(at, &claim->decoded, &used) : STREAM_FOREIGN;
	}
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
    .gaps = "headers with a wrong size or none are read only where LZMA is expected, and when the "
	    "stream has an end mark",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
