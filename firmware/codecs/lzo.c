/*
 * LZO1X: every instruction copies from what was already written, then up to three literals.
 *
 * Written from the description of the stream in Linux's Documentation/staging/lzo.rst.
 */
#include <string.h>

#include "firmware/codecs/codec.h"

enum { LONG_RUN = 4 }; /* the state after four or more literals */

struct lzo {
	struct reader in;
	uint8_t *out;
	size_t size, room;
	unsigned state; /* literals copied by the last instruction, at most LONG_RUN */
	bool ended;
};

static bool
copy_literals(struct lzo *lzo, size_t count)
{
	struct span literals = read_bytes(&lzo->in, count);

	if (lzo->in.overrun || count > lzo->room - lzo->size)
		return false;
	if (count != 0)
		memcpy(lzo->out + lzo->size, literals.at, count);
	lzo->size += count;
	return true;
}

/* Source and target may overlap: a match longer than its distance repeats itself. */
static bool
copy_match(struct lzo *lzo, size_t distance, size_t length)
{
	uint8_t *to = lzo->out + lzo->size;

	if (distance > lzo->size || length > lzo->room - lzo->size)
		return false;
	if (distance >= length) {
		memcpy(to, to - distance, length);
	} else {
		for (size_t i = 0; i < length; i++)
			to[i] = to[i - distance];
	}
	lzo->size += length;
	return true;
}

/* A length that does not fit its field: zero bytes count 255 each, then the rest. */
static size_t
read_length(struct lzo *lzo, size_t field, size_t full)
{
	size_t length = full;
	uint8_t byte;

	if (field != 0)
		return field;
	while ((byte = read_u8(&lzo->in)) == 0 && !lzo->in.overrun)
		length += 255;
	return length + byte;
}

/* Instructions 0 to 15: literals, or a short match, by what came before. */
static bool
run_short(struct lzo *lzo, unsigned byte)
{
	size_t distance;

	if (lzo->state == 0) {
		lzo->state = LONG_RUN;
		return copy_literals(lzo, 3 + read_length(lzo, byte, 15));
	}
	distance = ((size_t)read_u8(&lzo->in) << 2) + (byte >> 2) + 1;
	if (lzo->state == LONG_RUN)
		distance += 2048;
	if (!copy_match(lzo, distance, lzo->state == LONG_RUN ? 3 : 2))
		return false;
	lzo->state = byte & 3;
	return copy_literals(lzo, lzo->state);
}

/* Instructions 16 to 63: a distance of 16 bits follows, whose low two are the literals. */
static bool
run_far(struct lzo *lzo, unsigned byte)
{
	bool near = byte >= 32;
	size_t length =
	    2 + (near ? read_length(lzo, byte & 31, 31) : read_length(lzo, byte & 7, 7));
	unsigned word = read_u16_le(&lzo->in);
	size_t distance = word >> 2;

	if (lzo->in.overrun)
		return false;
	if (near) {
		distance += 1;
	} else {
		distance += 16384 + ((size_t)(byte & 8) << 11);
		if (distance == 16384) {
			lzo->ended = true;
			return true;
		}
	}
	if (!copy_match(lzo, distance, length))
		return false;
	lzo->state = word & 3;
	return copy_literals(lzo, lzo->state);
}

/* Instructions 64 to 255: short matches within 2 KiB. */
static bool
run_near(struct lzo *lzo, unsigned byte)
{
	size_t length = byte >= 128 ? 5 + ((byte >> 5) & 3) : 3 + ((byte >> 5) & 1);
	size_t distance = ((size_t)read_u8(&lzo->in) << 3) + ((byte >> 2) & 7) + 1;

	if (lzo->in.overrun || !copy_match(lzo, distance, length))
		return false;
	lzo->state = byte & 3;
	return copy_literals(lzo, lzo->state);
}

/* The first byte may be a run of literals instead of an instruction. */
static bool
run_first(struct lzo *lzo)
{
	struct reader ahead = lzo->in;
	unsigned byte = read_u8(&ahead);
	size_t count;

	if (ahead.overrun || byte < 18)
		return !ahead.overrun;
	lzo->in = ahead;
	count = byte - 17;
	lzo->state = count < LONG_RUN ? (unsigned)count : LONG_RUN;
	return copy_literals(lzo, count);
}

static bool
decode_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	struct lzo lzo = {.in = {.rest = in}, .out = out, .room = room};
	bool good = run_first(&lzo);

	(void)state;
	while (good && !lzo.ended) {
		unsigned byte = read_u8(&lzo.in);

		if (lzo.in.overrun)
			good = false;
		else if (byte < 16)
			good = run_short(&lzo, byte);
		else
			good = byte < 64 ? run_far(&lzo, byte) : run_near(&lzo, byte);
	}
	*size = lzo.size;
	return good && lzo.in.rest.size == 0;
}

const struct codec codec_lzo = {.name = "lzo", .block = decode_block};
