/* A character beyond the first 65536 is a pair of units, each of a kind that stands for nothing
 * else. */
#include "firmware/utf16.h"

#include "base/arena.h"

static bool
is_high(uint32_t unit)
{
	return unit >> 10 == 0xd800 >> 10;
}

static bool
is_low(uint32_t unit)
{
	return unit >> 10 == 0xdc00 >> 10;
}

static size_t
put(uint8_t *out, uint32_t code)
{
	size_t more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t marks[] = {0, 0xc0, 0xe0, 0xf0};

	out[0] = (uint8_t)(marks[more] | code >> (6 * more));
	for (size_t i = 1; i <= more; i++)
		out[i] = (uint8_t)(0x80 | (code >> (6 * (more - i)) & 0x3f));
	return more + 1;
}

struct span
utf16_to_utf8(struct job *job, struct span units, bool big)
{
	size_t count = units.size / 2, size = 0;
	uint8_t *out = arena_array(job, count + 1, 3);
	struct reader reader = {.rest = units};
	uint32_t unit, high = 0;

	if (out == NULL)
		return (struct span){0};
	for (size_t i = 0; i < count; i++) {
		unit = big ? read_u16_be(&reader) : read_u16_le(&reader);
		if (high != 0 && is_low(unit)) {
			size -= 3; /* what was put for the first half alone */
			unit = 0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff));
		}
		size += put(out + size, unit);
		high = is_high(unit) ? unit : 0;
	}
	return (struct span){out, size};
}
