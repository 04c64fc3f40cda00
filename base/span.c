/* Every bound of every parser is one of the comparisons in this file. */
#include "base/span.h"

#include <string.h>

struct span
span_part(struct span whole, uint64_t offset, uint64_t size)
{
	if (whole.at == NULL || offset > whole.size || size > whole.size - offset)
		return (struct span){0};
	return (struct span){.at = whole.at + offset, .size = (size_t)size};
}

struct span
span_from(struct span whole, uint64_t offset)
{
	if (whole.at == NULL || offset > whole.size)
		return (struct span){0};
	return (struct span){.at = whole.at + offset, .size = whole.size - (size_t)offset};
}

bool
span_equal(struct span a, struct span b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

bool
span_starts_with(struct span whole, const void *prefix, size_t size)
{
	return whole.size >= size && memcmp(whole.at, prefix, size) == 0;
}

struct span
span_of_string(const char *string)
{
	return (struct span){.at = (const uint8_t *)string, .size = strlen(string)};
}

size_t
span_find(struct span whole, const void *needle, size_t size, size_t from)
{
	const uint8_t *found;

	if (from > whole.size || whole.size == 0)
		return SIZE_MAX;
	found = memmem(whole.at + from, whole.size - from, needle, size);
	return found == NULL ? SIZE_MAX : (size_t)(found - whole.at);
}

struct span
read_bytes(struct reader *reader, size_t size)
{
	struct span part;

	if (reader->overrun || size > reader->rest.size) {
		reader->overrun = true;
		reader->rest.size = 0;
		return (struct span){0};
	}
	part = (struct span){.at = reader->rest.at, .size = size};
	if (size != 0)
		reader->rest.at += size;
	reader->rest.size -= size;
	return part;
}

static uint64_t
read_le(struct reader *reader, size_t size)
{
	struct span part = read_bytes(reader, size);
	uint64_t value = 0;

	for (size_t i = part.size; i > 0; i--)
		value = value << 8 | part.at[i - 1];
	return value;
}

static uint64_t
read_be(struct reader *reader, size_t size)
{
	struct span part = read_bytes(reader, size);
	uint64_t value = 0;

	for (size_t i = 0; i < part.size; i++)
		value = value << 8 | part.at[i];
	return value;
}

uint8_t
read_u8(struct reader *reader)
{
	return (uint8_t)read_be(reader, 1);
}

uint16_t
read_u16_le(struct reader *reader)
{
	return (uint16_t)read_le(reader, 2);
}

uint16_t
read_u16_be(struct reader *reader)
{
	return (uint16_t)read_be(reader, 2);
}

uint32_t
read_u24_be(struct reader *reader)
{
	return (uint32_t)read_be(reader, 3);
}

uint32_t
read_u32_le(struct reader *reader)
{
	return (uint32_t)read_le(reader, 4);
}

uint32_t
read_u32_be(struct reader *reader)
{
	return (uint32_t)read_be(reader, 4);
}

uint64_t
read_u64_le(struct reader *reader)
{
	return read_le(reader, 8);
}

uint64_t
read_u64_be(struct reader *reader)
{
	return read_be(reader, 8);
}

bool
span_next_line(struct span *rest, struct span *line)
{
	const uint8_t *end;

	if (rest->size == 0)
		return false;
	end = memchr(rest->at, '\n', rest->size);
	*line = (struct span){rest->at, end == NULL ? rest->size : (size_t)(end - rest->at)};
	*rest = span_from(*rest, end == NULL ? rest->size : line->size + 1);
	return true;
}
