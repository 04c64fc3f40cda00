/* A tar is headers of 512 bytes with a checksum each; its length is found by walking them. */
#include <string.h>

#include "base/arena.h"
#include "firmware/libarchive.h"
#include "firmware/package.h"

#define BLOCK 512u
#define SIZE_AT 124
#define SIZE_LENGTH 12
#define SUM_AT 148
#define SUM_LENGTH 8
#define TYPE_AT 156

/* Octal digits, or base 256 when the first bit is set; false for anything else. */
static bool
read_number(struct span field, uint64_t *value)
{
	size_t i = 0;

	*value = 0;
	if (field.size != 0 && field.at[0] & 0x80) {
		if (field.at[0] != 0x80)
			return false;
		for (i = 1; i < field.size; i++) {
			if (*value >> 55 != 0)
				return false;
			*value = *value << 8 | field.at[i];
		}
		return true;
	}
	while (i < field.size && field.at[i] == ' ')
		i++;
	for (; i < field.size && field.at[i] >= '0' && field.at[i] <= '7'; i++)
		*value = *value << 3 | (uint64_t)(field.at[i] - '0');
	return i == field.size || field.at[i] == 0 || field.at[i] == ' ';
}

/* The sum of the header's bytes, its own field counted as blanks. */
static bool
sum_is_good(struct span header)
{
	uint64_t said, sum = 0;

	if (!read_number(span_part(header, SUM_AT, SUM_LENGTH), &said))
		return false;
	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? ' ' : header.at[i];
	return sum == said;
}

static bool
is_zero(struct span block)
{
	for (size_t i = 0; i < block.size; i++)
		if (block.at[i] != 0)
			return false;
	return true;
}

/* These have a size that no data follow. */
static bool
has_no_data(uint8_t type)
{
	return type >= '1' && type <= '6';
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	uint64_t count = 0, place = 0, size;
	struct span header;
	bool ended = false;

	while ((header = span_part(at, place, BLOCK)).size != 0 && sum_is_good(header) &&
	       read_number(span_part(header, SIZE_AT, SIZE_LENGTH), &size)) {
		uint64_t blocks = has_no_data(header.at[TYPE_AT]) ? 0 : (size + BLOCK - 1) / BLOCK;

		count++;
		place += BLOCK;
		if (blocks > (at.size - place) / BLOCK) {
			place = at.size + 1;
			break;
		}
		place += blocks * BLOCK;
	}
	if (count == 0)
		return;
	while (place <= at.size && (header = span_part(at, place, BLOCK)).size != 0 &&
	       is_zero(header)) {
		ended = true;
		place += BLOCK;
		if (place % (20 * BLOCK) == 0)
			break; /* a record is full: what follows is somebody else's fill */
	}
	claim->bytes = place > at.size ? at.size : place;
	claim->detail = package_of_tar(job, at);
	if (!ended) {
		claim->detail = "cut short";
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the archive has no end";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	return libarchive_extract(job, unpack, container, content, LIBARCHIVE_TAR);
}

static const struct magic magics[] = {{.pattern = "ustar", .length = 5, .offset = 257}};

const struct format format_tar = {
    .name = "tar",
    .title = "tar archive (ustar, pax, GNU)",
    .source = "POSIX.1-2017 pax, ustar Interchange Format; GNU tar manual, Basic Tar Format",
    .gaps = "the oldest (v7) headers, which have no magic",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
