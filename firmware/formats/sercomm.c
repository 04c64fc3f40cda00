/* SerComm names device and version between two of its own names; one byte brings the sum of the
 * image to zero. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)512)

struct header {
	struct span hardware, revision;
	uint32_t version;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 11); /* magic, version of the header */
	header->hardware = read_bytes(&reader, 34);
	header->revision = read_bytes(&reader, 10);
	header->version = read_u32_be(&reader);
	read_bytes(&reader, 4);
	return span_starts_with(reader.rest, "sErCoMm", 7) && at.size > HEADER_SIZE &&
	       header_text_is_good(header->hardware);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	uint8_t sum = 0;

	/* the same fields stand at the end of a root file system, where no image follows */
	if (!read_header(at, &header) || !claim->expected)
		return;
	for (size_t i = 0; i < at.size; i++)
		sum = (uint8_t)(sum + at.at[i]);
	claim->bytes = at.size; /* where it ends is told nowhere */
	claim->detail = arena_printf(job, "hardware %s revision %s, version %08x, sum %s",
	    header_text(job, header.hardware), header_text(job, header.revision), header.version,
	    sum == 0 ? "good" : "bad");
	if (sum != 0) { /* nothing else would tell that some of it is missing */
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the sum is bad: the image may be cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hint = {.offset = HEADER_SIZE};

	(void)job;
	return unpack_search(unpack, container, content, HEADER_SIZE, &hint, 1);
}

static const struct magic magics[] = {{.pattern = "sErCoMm\\x00", .length = 8}};

const struct format format_sercomm = {
    .name = "sercomm",
    .title = "SerComm image (Netgear and others)",
    .source = "OpenWrt firmware-utils: mksercommfw.c",
    .gaps = "raw deflate streams of older images; headers in the middle of an image",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
