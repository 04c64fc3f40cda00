/* DrayTek's modems read a kernel and a root file system behind 256 bytes that begin with "2RDH". */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)0x100)
#define SIZES_AT 0x50
#define FOOTER_SIZE ((uint64_t)49) /* "DrayTekImageMD5\n", 32 digits, a newline */
#define LARGEST ((uint64_t)1 << 30)

struct header {
	uint32_t size, total, crc, kernel, root;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	struct reader sizes = {.rest = span_from(at, SIZES_AT)};

	read_bytes(&reader, 4); /* magic */
	header->size = read_u32_be(&reader);
	header->total = read_u32_be(&reader);
	header->crc = read_u32_be(&reader);
	header->kernel = read_u32_be(&sizes);
	header->root = read_u32_be(&sizes);
	return !reader.overrun && !sizes.overrun && header->size == HEADER_SIZE &&
	       header->total <= LARGEST &&
	       HEADER_SIZE + header->kernel + header->root <= header->total;
}

static bool
has_footer(struct span at, uint64_t end)
{
	return span_starts_with(span_from(at, end), "DrayTekImageMD5\n", 16) &&
	       end + FOOTER_SIZE <= at.size;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	uint64_t end, size;
	bool footer, whole;

	if (!read_header(at, &header))
		return;
	/* some count the footer into the size, some do not */
	end = HEADER_SIZE + header.kernel + header.root;
	footer = has_footer(at, end) || has_footer(at, header.total);
	size = has_footer(at, header.total) ? header.total + FOOTER_SIZE : header.total;
	whole = header_claim(claim, at, size);
	claim->detail = arena_printf(job, "kernel of %u bytes, root of %u bytes, %s", header.kernel,
	    header.root,
	    footer  ? "md5 at its end"
	    : whole ? "no md5 at its end"
		    : "cut short");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct hint hints[3];

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "draytek: header cut short");
	/* the footer was looked at */
	if (has_footer(content, header.total))
		content = span_part(content, 0, header.total);
	else if (has_footer(content, HEADER_SIZE + header.kernel + header.root))
		content = span_part(content, 0, HEADER_SIZE + header.kernel + header.root);
	hints[0] = (struct hint){HEADER_SIZE, NULL};
	hints[1] = (struct hint){HEADER_SIZE, "lzma"};
	hints[2] = (struct hint){HEADER_SIZE + header.kernel, NULL};
	return unpack_search(unpack, container, content, HEADER_SIZE, hints, ARRAY_SIZE(hints));
}

static const struct magic magics[] = {{.pattern = "2RDH\\x00\\x00\\x01\\x00", .length = 8}};

const struct format format_draytek = {
    .name = "draytek",
    .title = "DrayTek Vigor image (2RDH)",
    .source = "fkie-cad fact_extractor: plugins/unpacking/draytek_vigor_167",
    .gaps = "what the CRC32 and the MD5 are taken over is not published: they are not checked; the "
	    "older compressed .all and .rst images",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
