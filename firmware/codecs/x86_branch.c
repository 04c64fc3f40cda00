/* Calls and jumps compress better to absolute addresses; LZMA86 turned them, and this turns them
 * back. */
#include "firmware/codecs/codec.h"

#define CALL 0xe8u  /* and 0xe9, a jump */
#define MAX_TURNS 8 /* two are enough for what an encoder made */

static bool
is_sign(uint8_t byte)
{
	return byte == 0 || byte == 0xff;
}

/*
 * `mask` has a bit for each of the three bytes before `at` that looked like an
 * opcode: what follows closely upon such a one is taken for its address.
 */
static bool
may_be_address(unsigned mask, const uint8_t *at)
{
	static const bool allowed[8] = {true, true, true, false, true, false, false, false};
	static const uint8_t distance[8] = {0, 1, 2, 2, 3, 3, 3, 3};

	return mask == 0 || (allowed[mask] && !is_sign(at[4 - distance[mask]]));
}

static uint32_t
turn_back(uint32_t address, uint32_t place, unsigned mask)
{
	static const uint8_t distance[8] = {0, 1, 2, 2, 3, 3, 3, 3};

	for (unsigned i = 0; i < MAX_TURNS; i++) {
		unsigned shift = 24 - distance[mask] * 8u;

		address -= place;
		if (mask == 0 || !is_sign((uint8_t)(address >> shift)))
			break;
		address ^= (uint32_t)(((uint64_t)1 << (shift + 8)) - 1);
	}
	return address;
}

void
x86_branch_decode(uint8_t *bytes, size_t size)
{
	size_t last = SIZE_MAX; /* where the last opcode stood; none yet */
	unsigned mask = 0;

	for (size_t i = 0; size >= 5 && i <= size - 5; i++) {
		uint8_t *at = bytes + i;
		uint32_t address;
		size_t gap;

		if ((at[0] & 0xfe) != CALL)
			continue;
		gap = last == SIZE_MAX ? 4 : i - last;
		mask = gap > 3 ? 0 : mask << (gap - 1) & 7;
		last = i;
		if (!is_sign(at[4]) || !may_be_address(mask, at)) {
			mask = ((mask << 1) & 7) | 1;
			continue;
		}
		address =
		    (uint32_t)at[4] << 24 | (uint32_t)at[3] << 16 | (uint32_t)at[2] << 8 | at[1];
		address = turn_back(address, (uint32_t)(i + 5), mask);
		at[1] = (uint8_t)address;
		at[2] = (uint8_t)(address >> 8);
		at[3] = (uint8_t)(address >> 16);
		at[4] = (uint8_t)((address >> 24 & 1) == 0 ? 0 : 0xff);
		i += 4;
		last = i;
		mask = 0;
	}
}
