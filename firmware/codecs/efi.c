/* EFI compression is LZ77 whose literals, lengths and distances are Huffman codes sent anew for
 * each block; Tiano's differs in the width of one field. */
#include "firmware/codecs/codec.h"

#define LITERALS 510 /* 256 bytes and the lengths 3 to 256 */
#define EXTRAS 19    /* code lengths of literals, themselves coded */
#define POSITIONS 31 /* as many as the field can count */
#define LONGEST_CODE 16
#define LONGEST_POSITION 20 /* bits: Tiano's window is of 512 KiB */
#define THRESHOLD 3

struct bits {
	struct span in;
	size_t at;
	uint32_t held; /* the low `count` bits are still to be given */
	unsigned count;
	bool over;
};

/* A canonical code: symbols ordered by length, then by number. */
struct code {
	uint16_t counts[LONGEST_CODE + 1];
	uint16_t symbols[LITERALS];
	bool single; /* one symbol that takes no bits */
};

struct decoder {
	struct bits bits;
	struct code literals, positions;
	unsigned position_bits;
	uint32_t block_left;
};

static uint32_t
get_bits(struct bits *bits, unsigned count)
{
	uint32_t value;

	while (bits->count < count) {
		if (bits->at >= bits->in.size + 4) /* the encoder may leave out the last zeros */
			bits->over = true;
		bits->held =
		    bits->held << 8 | (bits->at < bits->in.size ? bits->in.at[bits->at] : 0u);
		bits->at++;
		bits->count += 8;
	}
	bits->count -= count;
	value = bits->held >> bits->count & (((uint32_t)1 << count) - 1);
	return value;
}

/* False when the lengths are no complete code. */
static bool
make_code(const uint8_t *lengths, unsigned count, struct code *code)
{
	uint16_t next[LONGEST_CODE + 2] = {0};
	uint32_t room = 1;

	*code = (struct code){0};
	for (unsigned i = 0; i < count; i++)
		code->counts[lengths[i]]++;
	code->counts[0] = 0;
	for (unsigned length = 1; length <= LONGEST_CODE; length++) {
		room = room * 2;
		if (code->counts[length] > room)
			return false;
		room -= code->counts[length];
		next[length + 1] = (uint16_t)(next[length] + code->counts[length]);
	}
	for (unsigned i = 0; i < count; i++)
		if (lengths[i] != 0)
			code->symbols[next[lengths[i]]++] = (uint16_t)i;
	return room == 0;
}

static unsigned
get_symbol(struct bits *bits, const struct code *code)
{
	uint32_t value = 0, first = 0, index = 0;

	if (code->single)
		return code->symbols[0];
	for (unsigned length = 1; length <= LONGEST_CODE; length++) {
		value |= get_bits(bits, 1);
		if (value - first < code->counts[length])
			return code->symbols[index + (value - first)];
		index += code->counts[length];
		first = (first + code->counts[length]) << 1;
		value <<= 1;
	}
	bits->over = true; /* not reached with a complete code */
	return 0;
}

static bool
make_single(uint32_t symbol, unsigned count, struct code *code)
{
	*code = (struct code){.single = true, .symbols = {(uint16_t)symbol}};
	return symbol < count;
}

/* Lengths of three bits, or seven and a one for each more; after `special` of them a run of zeros.
 */
static bool
read_small_code(
    struct bits *bits, unsigned maximum, unsigned width, unsigned special, struct code *code)
{
	uint8_t lengths[POSITIONS + 1] = {0};
	uint32_t count = get_bits(bits, width);

	if (count == 0)
		return make_single(get_bits(bits, width), maximum, code);
	if (count > maximum)
		return false;
	for (unsigned i = 0; i < count;) {
		uint32_t length = get_bits(bits, 3);

		while (length >= 7 && get_bits(bits, 1) == 1)
			if (++length > LONGEST_CODE)
				return false;
		lengths[i++] = (uint8_t)length;
		if (i == special)
			i += get_bits(bits, 2);
	}
	return !bits->over && make_code(lengths, maximum, code);
}

/* The lengths of literals: coded, with runs of zeros. */
static bool
read_literal_code(struct bits *bits, const struct code *extras, struct code *code)
{
	uint8_t lengths[LITERALS] = {0};
	uint32_t count = get_bits(bits, 9);

	if (count == 0)
		return make_single(get_bits(bits, 9), LITERALS, code);
	if (count > LITERALS)
		return false;
	for (uint32_t i = 0; i < count && !bits->over;) {
		unsigned symbol = get_symbol(bits, extras);

		if (symbol == 0)
			i++;
		else if (symbol == 1)
			i += get_bits(bits, 4) + 3;
		else if (symbol == 2)
			i += get_bits(bits, 9) + 20;
		else
			lengths[i++] = (uint8_t)(symbol - 2);
		if (i > LITERALS)
			return false;
	}
	return !bits->over && make_code(lengths, LITERALS, code);
}

static bool
begin_block(struct decoder *decoder)
{
	struct bits *bits = &decoder->bits;
	struct code extras;

	decoder->block_left = get_bits(bits, 16);
	return decoder->block_left != 0 && read_small_code(bits, EXTRAS, 5, 3, &extras) &&
	       read_literal_code(bits, &extras, &decoder->literals) &&
	       read_small_code(
		   bits, POSITIONS, decoder->position_bits, UINT32_MAX, &decoder->positions);
}

/* Copies what was there before; false when nothing was. */
static bool
copy_match(struct decoder *decoder, unsigned symbol, uint8_t *out, size_t room, size_t *size)
{
	size_t length = symbol - 256 + THRESHOLD;
	uint32_t position = get_symbol(&decoder->bits, &decoder->positions);

	if (position > LONGEST_POSITION)
		return false;
	if (position > 1) /* so many bits, the first of them a one that is not sent */
		position = (uint32_t)1 << (position - 1) | get_bits(&decoder->bits, position - 1);
	if (position >= *size || decoder->bits.over)
		return false;
	if (length > room - *size)
		length = room - *size;
	for (size_t i = 0; i < length; i++, (*size)++)
		out[*size] = out[*size - position - 1];
	return true;
}

static bool
decode(struct span in, unsigned position_bits, uint8_t *out, size_t room)
{
	struct decoder decoder = {.bits = {.in = in}, .position_bits = position_bits};
	size_t size = 0;

	while (size < room) {
		unsigned symbol;

		if (decoder.block_left == 0 && !begin_block(&decoder))
			return false;
		decoder.block_left--;
		symbol = get_symbol(&decoder.bits, &decoder.literals);
		if (decoder.bits.over)
			return false;
		if (symbol < 256)
			out[size++] = (uint8_t)symbol;
		else if (!copy_match(&decoder, symbol, out, room, &size))
			return false;
	}
	return decoder.bits.at <= in.size + 4;
}

uint32_t
efi_decoded_size(struct span in)
{
	struct reader reader = {.rest = in};
	uint32_t packed = read_u32_le(&reader), size = read_u32_le(&reader);

	return reader.overrun || packed > reader.rest.size ? 0 : size;
}

bool
efi_decode(struct span in, enum efi_variant variant, uint8_t *out, size_t room)
{
	struct reader reader = {.rest = in};
	uint32_t packed = read_u32_le(&reader), size = read_u32_le(&reader);

	return !reader.overrun && size == room && packed <= reader.rest.size &&
	       decode(span_part(reader.rest, 0, packed), variant == EFI_TIANO ? 5 : 4, out, room);
}
