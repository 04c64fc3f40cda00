/* Vendors who put LZMA where zlib was left out of its header what they thought they could guess. */
#include "firmware/codecs/lzma_state.h"

#define USUAL_PROPERTIES 0x5d     /* lc 3, lp 0, pb 2 */
#define LITERAL_0_PROPERTIES 0x5a /* lc 0, lp 0, pb 2 */

static bool
decode_unsized_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return in.size > 5 && lzma_state_ended(state, in.at[0], span_from(in, 5), out, room, size);
}

static bool
decode_unsized_endless_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return in.size > 5 &&
	       lzma_state_endless(state, in.at[0], span_from(in, 5), out, room, size);
}

static bool
decode_sized_first_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	struct reader reader = {.rest = in};
	uint32_t said = read_u32_le(&reader);
	uint8_t properties = read_u8(&reader);

	read_u32_le(&reader); /* dictionary */
	return !reader.overrun && said <= room &&
	       lzma_state_exact(state, properties, reader.rest, out, said, size);
}

static bool
decode_bare_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return lzma_state_ended(state, USUAL_PROPERTIES, in, out, room, size);
}

static bool
decode_bare_endless_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return lzma_state_endless(state, USUAL_PROPERTIES, in, out, room, size);
}

static bool
decode_bare_literal_0_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return lzma_state_ended(state, LITERAL_0_PROPERTIES, in, out, room, size);
}

static bool
decode_bare_behind_4_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	return lzma_state_endless(state, USUAL_PROPERTIES, span_from(in, 4), out, room, size);
}

static bool
decode_ddwrt_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	unsigned properties;

	if (in.size < 4 || in.at[0] > 4 || in.at[1] > 8 || in.at[2] > 4)
		return false;
	properties = (in.at[0] * 5u + in.at[2]) * 9 + in.at[1];
	return lzma_state_ended(state, (uint8_t)properties, span_from(in, 4), out, room, size);
}

#define VENDOR(what, words)                                                                        \
	{                                                                                          \
		.name = words, .open = lzma_state_open, .close = lzma_state_close,                 \
		.block = decode_##what##_block                                                     \
	}
const struct codec codec_lzma_unsized = VENDOR(unsized, "lzma without sizes");
const struct codec codec_lzma_unsized_endless =
    VENDOR(unsized_endless, "lzma without sizes and end marks");
const struct codec codec_lzma_bare_endless =
    VENDOR(bare_endless, "lzma without headers and end marks");
const struct codec codec_lzma_bare = VENDOR(bare, "lzma without headers");
const struct codec codec_lzma_bare_literal_0 = VENDOR(bare_literal_0, "lzma without headers");
const struct codec codec_lzma_bare_behind_4 =
    VENDOR(bare_behind_4, "lzma with headers of a vendor");
const struct codec codec_lzma_ddwrt = VENDOR(ddwrt, "lzma as DD-WRT writes it");
const struct codec codec_lzma_sized_first = VENDOR(sized_first, "lzma with sizes first");
