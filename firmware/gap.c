/* Fill between two parts of an image hides nothing; anything else might. */
#include "firmware/gap.h"

#include <string.h>

#define FILL_INSIDE ((size_t)4096) /* a shorter run belongs to what stands around it */
#define FILL_AT_EDGE ((size_t)16)

/* log2 of 1 ≤ x < 2^64 in 2^-16ths: squaring the mantissa yields a bit a time. */
static uint64_t
log2_fixed(uint64_t x)
{
	unsigned whole = 63 - (unsigned)__builtin_clzll(x);
	uint64_t mantissa = whole >= 31 ? x >> (whole - 31) : x << (31 - whole); /* [2^31, 2^32) */
	uint64_t result = (uint64_t)whole << 16;

	for (uint64_t bit = (uint64_t)1 << 15; bit != 0; bit >>= 1) {
		mantissa = mantissa * mantissa >> 31;
		if (mantissa >> 32 != 0) {
			mantissa >>= 1;
			result |= bit;
		}
	}
	return result;
}

uint32_t
gap_entropy(struct span bytes)
{
	/* neighbours that are equal would wait for each other in one table */
	uint64_t tables[4][256] = {0}, counts[256];
	uint64_t sum = 0; /* at most size × 8 bits × 2^16 */

	if (bytes.size == 0)
		return 0;
	for (size_t i = 0; i < bytes.size; i++)
		tables[i % 4][bytes.at[i]]++;
	for (size_t i = 0; i < 256; i++)
		counts[i] = tables[0][i] + tables[1][i] + tables[2][i] + tables[3][i];
	for (size_t i = 0; i < 256; i++)
		if (counts[i] != 0)
			sum += counts[i] * (log2_fixed(bytes.size) - log2_fixed(counts[i]));
	return (uint32_t)(sum / bytes.size * 1000 >> 16);
}

/* How many bytes from `from` on are all equal. */
static size_t
run_length(struct span bytes, size_t from)
{
	const uint8_t *at = bytes.at + from;
	size_t rest = bytes.size - from, low = 1;

	while (low < rest) {
		size_t step = low < rest - low ? low : rest - low;

		if (memcmp(at, at + low, step) != 0)
			break;
		low += step;
	}
	while (low < rest && at[low] == at[0])
		low++;
	return low;
}

/* A run long enough, or one that reaches an edge, is fill. */
static bool
is_fill_run(struct span bytes, size_t from, size_t length)
{
	bool edge = from == 0 || from + length == bytes.size;

	return length == bytes.size || length >= FILL_INSIDE || (edge && length >= FILL_AT_EDGE);
}

/* Do eight bytes at `at` all equal the first? */
static bool
begins_run(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	return word == (word & 0xff) * 0x0101010101010101;
}

/*
 * The first run of fill at or after `from`; false when there is none.  A run
 * of FILL_INSIDE covers a probe, wherever it begins: bytes between probes are not looked at.
 */
static bool
find_fill(struct span bytes, size_t from, size_t *begin, size_t *length)
{
	size_t at = from, end = bytes.size;

	*begin = from;
	*length = run_length(bytes, from);
	if (is_fill_run(bytes, *begin, *length))
		return true;
	while (bytes.size - at > FILL_INSIDE / 2 && bytes.size - at - FILL_INSIDE / 2 > 8) {
		at += FILL_INSIDE / 2;
		if (!begins_run(bytes.at + at))
			continue;
		*begin = at;
		while (*begin > from && bytes.at[*begin - 1] == bytes.at[at])
			(*begin)--;
		*length = run_length(bytes, *begin);
		if (is_fill_run(bytes, *begin, *length))
			return true;
		at = *begin + *length > at + FILL_INSIDE / 2 ? *begin + *length - FILL_INSIDE / 2
							     : at;
	}
	while (end > from && bytes.at[end - 1] == bytes.at[bytes.size - 1])
		end--;
	*begin = end;
	*length = bytes.size - end;
	return is_fill_run(bytes, *begin, *length);
}

bool
gap_next(struct span bytes, size_t *from, struct span *piece, bool *is_fill)
{
	size_t start = *from, begin, length;

	if (start >= bytes.size)
		return false;
	if (!find_fill(bytes, start, &begin, &length))
		begin = bytes.size;
	*is_fill = begin == start;
	*piece = span_part(bytes, start, *is_fill ? length : begin - start);
	*from = start + piece->size;
	return true;
}
