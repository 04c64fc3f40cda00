/* A GUID is three little-endian numbers and eight bytes. */
#include <string.h>

#include "base/arena.h"
#include "firmware/uefi.h"

#define MAX_NAME 64u

const char *
uefi_guid_text(struct job *job, struct span guid)
{
	struct reader reader = {.rest = guid};
	uint32_t a = read_u32_le(&reader);
	uint16_t b = read_u16_le(&reader), c = read_u16_le(&reader), d = read_u16_be(&reader);
	uint16_t e = read_u16_be(&reader);
	uint32_t f = read_u32_be(&reader);

	return arena_printf(job, "%08x-%04x-%04x-%04x-%04x%08x", a, b, c, d, e, f);
}

static uint8_t
digit_value(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

bool
uefi_guid_is(struct span guid, const char *text)
{
	/* where in the text each byte stands */
	static const uint8_t places[GUID_SIZE] = {
	    6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};

	for (size_t i = 0; i < GUID_SIZE && guid.size == GUID_SIZE; i++)
		if (guid.at[i] !=
		    (digit_value(text[places[i]]) << 4 | digit_value(text[places[i] + 1])))
			return false;
	return guid.size == GUID_SIZE;
}

const char *
uefi_text(struct job *job, struct span ucs2)
{
	struct reader reader = {.rest = ucs2};
	char name[MAX_NAME + 1] = "";
	size_t size = 0;

	while (size < MAX_NAME && reader.rest.size >= 2) {
		uint16_t c = read_u16_le(&reader);

		if (c == 0)
			break;
		name[size++] = (char)(c > ' ' && c < 0x7f && c != '/' ? c : '_');
	}
	return arena_string(job, name, size);
}
