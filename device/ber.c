/* A length is believed only as far as the bytes that are really there. */
#include "device/ber.h"

#include <string.h>

#include "base/text.h"

#define ARCS_MAX 128

bool
ber_next(struct span *rest, struct ber_item *item)
{
	struct reader reader = {.rest = *rest};
	uint8_t tag = read_u8(&reader);
	uint8_t first = read_u8(&reader);
	uint64_t size = first;

	if (reader.overrun || (tag & 0x1f) == 0x1f)
		return false;
	if (first >= 0x80) {
		/* 0x80 alone is the indefinite form, which SNMP forbids. */
		if (first == 0x80 || first > 0x84)
			return false;
		size = 0;
		for (unsigned i = 0x80; i < first; i++)
			size = size << 8 | read_u8(&reader);
	}
	if (reader.overrun || size > reader.rest.size)
		return false;
	*item = (struct ber_item){tag, read_bytes(&reader, (size_t)size)};
	*rest = reader.rest;
	return true;
}

bool
ber_take(struct span *rest, uint8_t tag, struct span *value)
{
	struct span before = *rest;
	struct ber_item item;

	if (!ber_next(rest, &item))
		return false;
	if (item.tag != tag) {
		*rest = before;
		return false;
	}
	*value = item.value;
	return true;
}

bool
ber_read_integer(struct span value, int64_t *number)
{
	uint64_t sum;

	if (value.size == 0 || value.size > 8)
		return false;
	sum = (value.at[0] & 0x80) != 0 ? UINT64_MAX : 0;
	for (size_t i = 0; i < value.size; i++)
		sum = sum << 8 | value.at[i];
	memcpy(number, &sum, sizeof sum);
	return true;
}

bool
ber_take_integer(struct span *rest, int64_t *value)
{
	struct span bytes;

	return ber_take(rest, BER_INTEGER, &bytes) && ber_read_integer(bytes, value);
}

const char *
ber_oid_text(struct job *job, struct span value)
{
	struct text out = text_new(job);
	uint64_t arc = 0;
	unsigned arcs = 0;
	bool inside = false;
	const char *string;

	for (size_t i = 0; i < value.size; i++) {
		arc = arc << 7 | (value.at[i] & 0x7f);
		inside = (value.at[i] & 0x80) != 0;
		if (arc > UINT32_MAX || arcs == ARCS_MAX)
			return NULL;
		if (inside)
			continue;
		if (arcs == 0) /* the first two in one */
			text_printf(&out, "%u.%u", arc < 80 ? (unsigned)arc / 40 : 2,
			    arc < 80 ? (unsigned)arc % 40 : (unsigned)arc - 80);
		else
			text_printf(&out, ".%u", (unsigned)arc);
		arcs++;
		arc = 0;
	}
	if (inside || arcs == 0 || text_finish(&out, &string) != STATUS_OK)
		return NULL;
	return string;
}

void
ber_begin(struct ber_writer *writer)
{
	writer->start = BER_ROOM;
	writer->failed = false;
}

static void
put_byte(struct ber_writer *writer, uint8_t byte)
{
	if (writer->start == 0) {
		writer->failed = true;
		return;
	}
	writer->bytes[--writer->start] = byte;
}

static void
put_head(struct ber_writer *writer, uint8_t tag, size_t size)
{
	unsigned more = 0;

	if (size < 0x80) {
		put_byte(writer, (uint8_t)size);
	} else {
		for (; size > 0; size >>= 8, more++)
			put_byte(writer, (uint8_t)(size & 0xff));
		put_byte(writer, (uint8_t)(0x80 + more));
	}
	put_byte(writer, tag);
}

void
ber_put(struct ber_writer *writer, uint8_t tag, struct span value)
{
	if (value.size > writer->start) {
		writer->failed = true;
		return;
	}
	writer->start -= value.size;
	if (value.size != 0)
		memcpy(writer->bytes + writer->start, value.at, value.size);
	put_head(writer, tag, value.size);
}

void
ber_put_integer(struct ber_writer *writer, uint8_t tag, int64_t value)
{
	uint64_t bits = (uint64_t)value;
	uint8_t bytes[8];
	size_t from = 0;

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(bits >> (8 * (7 - i)));
	/* As short as the sign allows. */
	while (from < 7 && ((bytes[from] == 0x00 && (bytes[from + 1] & 0x80) == 0) ||
			       (bytes[from] == 0xff && (bytes[from + 1] & 0x80) != 0)))
		from++;
	ber_put(writer, tag, (struct span){bytes + from, 8 - from});
}

void
ber_wrap(struct ber_writer *writer, uint8_t tag, size_t end)
{
	put_head(writer, tag, end - writer->start);
}

struct span
ber_bytes(const struct ber_writer *writer)
{
	return (struct span){writer->bytes + writer->start, BER_ROOM - writer->start};
}
