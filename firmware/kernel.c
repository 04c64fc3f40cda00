/* A kernel says which it is in one string, and only once it is unpacked. */
#include "firmware/kernel.h"

#include <string.h>

#include "base/text.h"

#define LONGEST_BANNER 200
#define PE_AT 0x3c
#define PE_HEADER 24
#define PE_SECTION 40
#define MAX_SECTIONS 96

const char *
kernel_banner(struct job *job, struct span kernel)
{
	static const char words[] = "Linux version ";
	size_t from = 0;

	while ((from = span_find(kernel, words, sizeof words - 1, from)) != SIZE_MAX) {
		struct span line = span_from(kernel, from);
		size_t size = 0;

		from += sizeof words - 1;
		while (size < line.size && size < LONGEST_BANNER && line.at[size] >= ' ' &&
		       line.at[size] < 0x7f)
			size++;
		if (size > sizeof words && line.at[sizeof words - 1] >= '0' &&
		    line.at[sizeof words - 1] <= '9')
			return text_from_bytes(job, line.at, size, LONGEST_BANNER);
	}
	return NULL;
}

enum status
kernel_add(struct unpack *unpack, struct node *container, const char *name, struct span content)
{
	return content.size == 0 ? STATUS_OK : unpack_part(unpack, container, name, content);
}

const char *
kernel_compression(struct span payload)
{
	static const struct {
		const char *magic;
		size_t size;
		const char *name;
	} known[] = {{"\x1f\x8b", 2, "gzip"}, {"BZh", 3, "bzip2"},
	    {"\xfd"
	     "7zXZ",
		5, "xz"},
	    {"\x5d\0\0", 3, "lzma"}, {"\x89LZO", 4, "lzo"}, {"\x02\x21\x4c\x18", 4, "lz4"},
	    {"\x04\x22\x4d\x18", 4, "lz4"}, {"\x28\xb5\x2f\xfd", 4, "zstd"},
	    {"\x7f"
	     "ELF",
		4, "stored"}};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (span_starts_with(payload, known[i].magic, known[i].size))
			return known[i].name;
	return "unknown";
}

struct span
kernel_without_size(struct span payload)
{
	const char *name = kernel_compression(payload);

	if (payload.size > 4 && strcmp(name, "gzip") != 0 && strcmp(name, "stored") != 0 &&
	    strcmp(name, "unknown") != 0)
		payload.size -= 4;
	return payload;
}

uint64_t
kernel_pe_end(struct span at)
{
	struct reader reader = {.rest = span_from(at, PE_AT)};
	uint64_t pe = read_u32_le(&reader), end = 0;
	uint16_t sections, optional;

	reader.rest = span_from(at, pe);
	if (!span_starts_with(at, "MZ", 2) || !span_starts_with(reader.rest, "PE\0\0", 4))
		return 0;
	read_bytes(&reader, 6);
	sections = read_u16_le(&reader);
	read_bytes(&reader, 12);
	optional = read_u16_le(&reader);
	if (reader.overrun || sections > MAX_SECTIONS)
		return 0;
	reader.rest = span_from(at, pe + PE_HEADER + optional);
	for (unsigned i = 0; i < sections; i++) {
		struct span section = read_bytes(&reader, PE_SECTION);
		struct reader fields = {.rest = section};
		uint64_t size, begin;

		read_bytes(&fields, 16);
		size = read_u32_le(&fields);
		begin = read_u32_le(&fields);
		if (!fields.overrun && size != 0 && begin + size > end)
			end = begin + size;
	}
	return end;
}
