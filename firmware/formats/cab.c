/* A cabinet says in its first bytes how large it is; drivers and Windows tools of devices come in
 * it. */
#include "base/arena.h"
#include "firmware/libarchive.h"

#define HEADER_SIZE 36u
#define IS_CONTINUED 3u /* from a cabinet before, or in one after */

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = span_from(at, 4)};
	uint32_t zero = read_u32_le(&reader), size = read_u32_le(&reader), files;
	uint16_t folders, count, flags, version;

	zero |= read_u32_le(&reader);
	files = read_u32_le(&reader); /* where they stand */
	zero |= read_u32_le(&reader);
	version = read_u16_le(&reader);
	folders = read_u16_le(&reader);
	count = read_u16_le(&reader);
	flags = read_u16_le(&reader);
	if (reader.overrun || zero != 0 || version != 0x103 || folders == 0 || flags > 7 ||
	    size < HEADER_SIZE || files < HEADER_SIZE || files >= size)
		return;
	claim->bytes = size < at.size ? size : at.size;
	claim->detail = arena_printf(job, "version 1.3, %u entries%s%s", count,
	    flags & IS_CONTINUED ? ", one of several cabinets" : "",
	    size > at.size ? ", cut short" : "");
	if (size <= at.size)
		return;
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the cabinet is cut short";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	return libarchive_extract(job, unpack, container, content, LIBARCHIVE_CAB);
}

static const struct magic magics[] = {{.pattern = "MSCF\\x00\\x00\\x00\\x00", .length = 8}};

const struct format format_cab = {
    .name = "cab",
    .title = "Microsoft cabinet",
    .source = "[MS-CAB] 1.4; read by libarchive",
    .gaps = "Quantum compression; files continued in another cabinet; signatures behind it",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
