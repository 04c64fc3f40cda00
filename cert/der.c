/*
 * Lengths are where parsers of ASN.1 go wrong, so all of them are read here.
 */
#include "cert/der.h"

#include <string.h>

#include "base/text.h"

static bool
take_length(struct reader *reader, size_t *length)
{
	uint8_t first = read_u8(reader);
	size_t bytes = first & 0x7f;

	*length = first;
	if (first < 0x80)
		return !reader->overrun;
	if (bytes == 0 || bytes > 4)
		return false;
	*length = 0;
	for (size_t i = 0; i < bytes; i++)
		*length = *length << 8 | read_u8(reader);
	return !reader->overrun && *length >= 0x80 && *length >> (8 * (bytes - 1)) != 0;
}

bool
der_take(struct span *rest, enum der_tag tag, struct span *content, struct span *whole)
{
	struct reader reader = {.rest = *rest};
	struct span inside;
	size_t length;

	if (read_u8(&reader) != tag || !take_length(&reader, &length))
		return false;
	inside = read_bytes(&reader, length);
	if (reader.overrun)
		return false;
	if (whole != NULL)
		*whole = span_part(*rest, 0, rest->size - reader.rest.size);
	*content = inside;
	*rest = reader.rest;
	return true;
}

bool
der_take_literal(struct span *rest, const void *literal, size_t size)
{
	if (!span_starts_with(*rest, literal, size))
		return false;
	*rest = span_from(*rest, size);
	return true;
}

bool
der_take_time(struct span *rest, int64_t *unix_seconds)
{
	bool is_utc = rest->size > 0 && rest->at[0] == DER_UTC_TIME;
	struct span digits;
	char at[16] = "20", out[24];

	if (!der_take(rest, is_utc ? DER_UTC_TIME : DER_GENERALIZED_TIME, &digits, NULL) ||
	    digits.size != (is_utc ? 13U : 15U))
		return false;
	if (is_utc && digits.at[0] >= '5')
		memcpy(at, "19", 2);
	memcpy(at + (is_utc ? 2 : 0), digits.at, digits.size);
	for (size_t i = 0; i < 14; i++)
		if (at[i] < '0' || at[i] > '9')
			return false;
	/* YYYYMMDDhhmmssZ to YYYY-MM-DDThh:mm:ssZ */
	memcpy(out, "0000-00-00T00:00:00Z", 21);
	memcpy(out, at, 4);
	memcpy(out + 5, at + 4, 2);
	memcpy(out + 8, at + 6, 2);
	memcpy(out + 11, at + 8, 2);
	memcpy(out + 14, at + 10, 2);
	memcpy(out + 17, at + 12, 2);
	return at[14] == 'Z' && text_parse_time(out, unix_seconds);
}
