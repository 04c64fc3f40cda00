/*
 * rtime: each byte comes with a count of bytes to repeat from where this byte was last seen.
 *
 * Written from the description in Linux's fs/jffs2/compr_rtime.c.
 */
#include "firmware/codecs/codec.h"

static bool
decode_block(void *state, struct span in, uint8_t *out, size_t room, size_t *size)
{
	size_t after[256] = {0}; /* for each value: where what followed it begins */
	struct reader reader = {.rest = in};
	size_t at = 0;

	(void)state;
	while (at < room) {
		uint8_t value = read_u8(&reader);
		size_t repeat = read_u8(&reader);
		size_t from = after[value];

		if (reader.overrun || repeat > room - at - 1)
			return false;
		out[at++] = value;
		after[value] = at;
		for (size_t i = 0; i < repeat; i++)
			out[at++] = out[from + i];
	}
	*size = at;
	return true;
}

const struct codec codec_rtime = {.name = "rtime", .block = decode_block};
