/*
 * rubin: an arithmetic coder of single bits, with one probability for each of the eight bits of a
 * byte.
 *
 * Written from the description in Linux's fs/jffs2/compr_rubin.c.  Nothing tells that a block was
 * decoded as it was meant, but a decoder with the right probabilities takes exactly the bits there
 * are.
 */
#include "firmware/codecs/codec.h"

#define REGISTER_BITS 16u
#define UPPER ((uint32_t)1 << (REGISTER_BITS - 1))
#define LOWER (UPPER - 1)

struct rubin {
	struct span in;
	size_t taken; /* bits */
	uint32_t width, low, code;
	uint32_t divider;
	uint32_t ones[8]; /* how many of `divider` times a bit is set */
	bool overrun;
};

static uint32_t
pull(struct rubin *rubin)
{
	size_t byte = rubin->taken / 8;
	unsigned shift = 7 - (unsigned)(rubin->taken % 8);

	rubin->taken++;
	if (byte >= rubin->in.size) {
		rubin->overrun = true;
		return 0;
	}
	return rubin->in.at[byte] >> shift & 1u;
}

static uint32_t
decode_bit(struct rubin *rubin, uint32_t ones)
{
	uint32_t zero_part;

	while (rubin->low >= UPPER || rubin->width + rubin->low <= UPPER) {
		rubin->low = (rubin->low & LOWER) << 1;
		rubin->width <<= 1;
		rubin->code = ((rubin->code & LOWER) << 1) + pull(rubin);
	}
	zero_part = (uint32_t)((uint64_t)(rubin->divider - ones) * rubin->width / rubin->divider);
	if (zero_part == 0)
		zero_part = 1;
	if (zero_part >= rubin->width)
		zero_part = rubin->width - 1;
	if (rubin->code < rubin->low + zero_part) {
		rubin->width = zero_part;
		return 0;
	}
	rubin->low += zero_part;
	rubin->width -= zero_part;
	return 1;
}

static bool
decode(struct rubin *rubin, uint8_t *out, size_t room)
{
	rubin->width = 2 * UPPER;
	for (unsigned i = 0; i < REGISTER_BITS; i++)
		rubin->code = rubin->code << 1 | pull(rubin);
	for (size_t i = 0; i < room && !rubin->overrun; i++) {
		uint32_t byte = 0;

		for (unsigned bit = 0; bit < 8 && rubin->width != 0; bit++)
			byte |= decode_bit(rubin, rubin->ones[bit]) << bit;
		out[i] = (uint8_t)byte;
	}
	return !rubin->overrun && (rubin->taken + 7) / 8 == rubin->in.size;
}

static bool
decode_fixed(struct span in, uint8_t *out, size_t room)
{
	struct rubin rubin = {
	    .in = in, .divider = 1043, .ones = {277, 249, 290, 267, 229, 341, 212, 241}};

	return decode(&rubin, out, room);
}

static bool
decode_dynamic(struct span in, uint8_t *out, size_t room)
{
	struct reader reader = {.rest = in};
	struct rubin rubin = {.divider = 256};

	for (size_t i = 0; i < 8; i++) {
		rubin.ones[i] = read_u8(&reader);
		if (rubin.ones[i] == 0)
			return false;
	}
	rubin.in = reader.rest;
	return !reader.overrun && decode(&rubin, out, room);
}

/* Kernels since 2.6 write the number of the one for what the other made. */
static bool
decode_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	(void)state;
	if (!decode_dynamic(in, out, room) && !decode_fixed(in, out, room))
		return false;
	*size = room;
	return true;
}

const struct codec codec_rubin = {.name = "rubin", .block = decode_block};
