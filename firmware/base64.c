/* Four characters are three bytes; at the end "=" stands for what is missing. */
#include "firmware/base64.h"

static int
value_of(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

size_t
base64_decode(struct span text, uint8_t *out, size_t room)
{
	uint32_t bits = 0;
	size_t size = 0, characters = 0, padding = 0;

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.at[i];
		int value = value_of(c);

		if (c == '\n' || c == '\r')
			continue;
		characters++;
		padding += c == '=';
		if ((value < 0 && c != '=') || (padding != 0 && c != '='))
			return 0;
		bits = bits << 6 | (uint32_t)(value < 0 ? 0 : value);
		for (unsigned k = 0; characters % 4 == 0 && k < 3 - padding; k++) {
			if (size == room || padding > 2)
				return 0;
			out[size++] = (uint8_t)(bits >> (16 - 8 * k));
		}
	}
	return characters % 4 == 0 && padding <= 2 ? size : 0;
}
