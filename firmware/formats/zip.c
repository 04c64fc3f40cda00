/* A zip is known by its end: a directory that says where it lies, and so where the archive begins.
 */
#include "base/arena.h"
#include "firmware/libarchive.h"

#define END_SIZE 22
#define LOCAL_SIZE 30
#define MAX_ENDS 256 /* tried before giving up */

/* Does an end record at `place` belong to an archive that begins with `at`? */
static bool
end_fits(struct span at, size_t place, uint64_t *bytes)
{
	struct reader reader = {.rest = span_from(at, place)};
	uint32_t size, offset;
	uint16_t comment;

	read_bytes(&reader, 12); /* magic, disks, entries on this disk and in all */
	size = read_u32_le(&reader);
	offset = read_u32_le(&reader);
	comment = read_u16_le(&reader);
	read_bytes(&reader, comment);
	if (reader.overrun)
		return false;
	*bytes = place + END_SIZE + comment;
	if (size == UINT32_MAX || offset == UINT32_MAX) /* zip64: its locator stands before */
		return place >= 20 && span_starts_with(span_from(at, place - 20), "PK\x06\x07", 4);
	return (uint64_t)offset + size == place &&
	       (size == 0 || span_starts_with(span_from(at, offset), "PK\x01\x02", 4));
}

static bool
local_makes_sense(struct span at)
{
	struct reader reader = {.rest = at};
	uint8_t version;
	uint16_t flags, method, name;

	read_bytes(&reader, 4);
	version = read_u8(&reader);
	read_bytes(&reader, 1); /* made on */
	flags = read_u16_le(&reader);
	method = read_u16_le(&reader);
	read_bytes(&reader, 16); /* time, sum, sizes */
	name = read_u16_le(&reader);
	read_bytes(&reader, 2);
	read_bytes(&reader, name);
	return !reader.overrun && version < 100 && (flags & 0xf000) == 0 && method < 100 &&
	       name != 0 && name <= 4096;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t place = 0;

	(void)job;
	if (!local_makes_sense(at))
		return;
	for (unsigned i = 0; i < MAX_ENDS; i++) {
		place = span_find(at, "PK\x05\x06", 4, place);
		if (place == SIZE_MAX)
			break;
		if (end_fits(at, place, &claim->bytes))
			return;
		place++;
	}
	claim->bytes = 0;
	claim->costly = true;
	if (!claim->expected)
		return;
	claim->bytes = at.size;
	claim->coverage = COVERAGE_DAMAGED;
	claim->detail = "cut short";
	claim->incomplete = "the archive has no end";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct claim claim = {0};
	bool whole;

	measure(job, content, &claim);
	whole = claim.bytes == content.size;
	return libarchive_extract(
	    job, unpack, container, content, whole ? LIBARCHIVE_ZIP : LIBARCHIVE_ZIP_STREAMED);
}

static const struct magic magics[] = {{.pattern = "PK\\x03\\x04", .length = 4}};

const struct format format_zip = {
    .name = "zip",
    .title = "ZIP archive",
    .source = "PKWARE APPNOTE 6.3.10",
    .gaps = "empty and split archives; encrypted entries are told as encrypted",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
