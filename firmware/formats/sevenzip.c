/* A 7z begins with where its directory lies, and that has a checksum of its own. */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/libarchive.h"

#define HEADER_SIZE 32u

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = span_from(at, 6)};
	uint8_t major = read_u8(&reader), minor = read_u8(&reader);
	uint32_t header_crc = read_u32_le(&reader), crc;
	uint64_t offset, size, end;
	struct span directory;
	bool good;

	offset = read_u64_le(&reader);
	size = read_u64_le(&reader);
	crc = read_u32_le(&reader);
	if (reader.overrun || major != 0 || crc32_of(0, span_part(at, 12, 20)) != header_crc ||
	    __builtin_add_overflow(offset, size, &end) || end > UINT64_MAX - HEADER_SIZE)
		return;
	end += HEADER_SIZE;
	directory = span_part(at, offset <= at.size ? HEADER_SIZE + offset : at.size, size);
	good = directory.size == size && crc32_of(0, directory) == crc;
	claim->bytes = end < at.size ? end : at.size;
	claim->detail =
	    arena_printf(job, "version %u.%u, header crc32 good, directory crc32 %s", major, minor,
		end > at.size ? "unknown, cut short"
		: good        ? "good"
			      : "bad");
	if (good)
		return;
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the directory is damaged or cut off";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	return libarchive_extract(job, unpack, container, content, LIBARCHIVE_7ZIP);
}

static const struct magic magics[] = {{.pattern = "7z\\xbc\\xaf\\x27\\x1c\\x00", .length = 7}};

const struct format format_sevenzip = {
    .name = "sevenzip",
    .title = "7z archive",
    .source = "7-Zip 7zFormat.txt; read by libarchive",
    .gaps = "encrypted archives are told as encrypted; BCJ2, ARM64 and Zstandard filters and "
	    "archives in volumes",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
