/* Dahua's firmware is a ZIP whose first two letters are "DH". */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define END_SIZE 22u
#define MAX_ENDS 256u
#define LOCAL_SIZE 30u

/* Does the directory's end at `place` point at a directory of an archive that begins with `at`? */
static bool
end_fits(struct span at, size_t place, uint64_t *bytes)
{
	struct reader reader = {.rest = span_from(at, place)};
	uint32_t size, offset;
	uint16_t comment;

	read_bytes(&reader, 12);
	size = read_u32_le(&reader);
	offset = read_u32_le(&reader);
	comment = read_u16_le(&reader);
	*bytes = place + END_SIZE + comment;
	return !reader.overrun && size != 0 && (uint64_t)offset + size == place &&
	       span_starts_with(span_from(at, offset), "PK\x01\x02", 4) && *bytes <= at.size;
}

static bool
local_makes_sense(struct span at)
{
	struct reader reader = {.rest = at};
	uint16_t version, flags, method, name;

	read_bytes(&reader, 4);
	version = read_u16_le(&reader);
	flags = read_u16_le(&reader);
	method = read_u16_le(&reader);
	read_bytes(&reader, 16);
	name = read_u16_le(&reader);
	return !reader.overrun && (version & 0xff) < 100 && (flags & 0xf000) == 0 && method < 100 &&
	       name != 0 && name < 4096;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t place = 0;

	(void)job;
	if (!local_makes_sense(at))
		return;
	claim->tried = true;
	claim->searched = at.size;
	claim->detail = "a ZIP that begins with DH";
	for (unsigned i = 0; i < MAX_ENDS; i++) {
		place = span_find(at, "PK\x05\x06", 4, place);
		if (place == SIZE_MAX)
			break;
		if (end_fits(at, place, &claim->bytes))
			return;
		place++;
	}
	claim->bytes = 0;
	if (!claim->expected)
		return;
	header_claim(claim, at, at.size);
	claim->coverage = COVERAGE_DAMAGED;
	claim->detail = "a ZIP that begins with DH, cut short";
	claim->incomplete = "the archive has no end";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hint = {.offset = 0, .format = "zip"};
	struct buffer copy = {.limit = unpack_room(unpack)};
	enum status status;

	if (!buffer_reserve(&copy, content.size) || copy.room < content.size) {
		buffer_free(&copy);
		return fail(job, STATUS_LIMIT, "dahua: %zu bytes are more than may be unpacked",
		    content.size);
	}
	memcpy(copy.at, content.at, content.size);
	memcpy(copy.at, "PK", 2);
	copy.size = content.size;
	status = unpack_search(unpack, container, buffer_span(&copy), 0, &hint, 1);
	buffer_free(&copy);
	return status;
}

static const struct magic magics[] = {{.pattern = "DH\\x03\\x04", .length = 4}};

const struct format format_dahua = {
    .name = "dahua",
    .title = "Dahua image (ZIP that begins with DH)",
    .source = "fkie-cad fact_extractor: plugins/unpacking/dahua; PKWARE APPNOTE 6.3.10",
    .gaps = "newer encrypted images, whose layout is not published",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
