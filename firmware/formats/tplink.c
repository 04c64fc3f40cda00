/* TP-Link's first headers are 512 bytes before a kernel and a root file system; the MD5 in them is
 * salted with its own place. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)0x200)
#define LARGEST ((uint64_t)1 << 28)

struct header {
	unsigned version;
	struct span vendor; /* empty in the second layout */
	struct span text;
	uint32_t hardware, revision;
	size_t md5_at;
	struct span md5;
	uint32_t zero, length, kernel, kernel_size, root, root_size, boot, boot_size;
};

/* What both layouts hold from the MD5 on. */
static void
read_places(struct reader *reader, struct span at, struct header *header)
{
	header->md5_at = at.size - reader->rest.size;
	header->md5 = read_bytes(reader, HEADER_MD5_SIZE);
	header->zero = read_u32_be(reader);
	read_bytes(reader, 16 + 4 + 4 + 4); /* second MD5, flags, load address, entry point */
	header->length = read_u32_be(reader);
	header->kernel = read_u32_be(reader);
	header->kernel_size = read_u32_be(reader);
	header->root = read_u32_be(reader);
	header->root_size = read_u32_be(reader);
	header->boot = read_u32_be(reader);
	header->boot_size = read_u32_be(reader);
}

static bool
lies_within(uint64_t offset, uint64_t size, uint64_t length)
{
	return offset == 0 ? size == 0 || size <= length
			   : offset >= HEADER_SIZE && offset + size <= length;
}

/* The bytes the image should have: combined ones do not say. */
static uint64_t
whole_size(const struct header *header)
{
	return header->length != 0 ? header->length
				   : (uint64_t)header->kernel + header->kernel_size;
}

static bool
places_make_sense(const struct header *header)
{
	uint64_t length = whole_size(header);

	return header->zero == 0 && header->kernel >= HEADER_SIZE && header->kernel_size != 0 &&
	       length > HEADER_SIZE && length <= LARGEST &&
	       lies_within(header->kernel, header->kernel_size, length) &&
	       lies_within(header->root, header->root_size, length) &&
	       lies_within(header->boot, header->boot_size, length);
}

/* Vendor and version apart. */
static bool
read_first_layout(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	header->version = read_u8(&reader);
	read_bytes(&reader, 3);
	header->vendor = read_bytes(&reader, 24);
	header->text = read_bytes(&reader, 36);
	header->hardware = read_u32_be(&reader);
	header->revision = read_u32_be(&reader);
	read_bytes(&reader, 4); /* region */
	read_places(&reader, at, header);
	return !reader.overrun && header_text_is_good(header->vendor) &&
	       header_text_is_good(header->text) && places_make_sense(header);
}

/* One text, and two marks behind the places. */
static bool
read_second_layout(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	uint16_t mark;

	header->version = read_u8(&reader);
	read_bytes(&reader, 3);
	header->vendor = (struct span){0};
	header->text = read_bytes(&reader, 48);
	header->hardware = read_u32_be(&reader);
	header->revision = read_u32_be(&reader);
	read_bytes(&reader, 4); /* more of the revision */
	read_places(&reader, at, header);
	mark = read_u16_be(&reader);
	read_bytes(&reader, 2);
	return mark == 0x55aa && read_u8(&reader) == 0xa5 && !reader.overrun &&
	       header_text_is_good(header->text) && places_make_sense(header);
}

static bool
read_header(struct span at, struct header *header)
{
	return read_first_layout(at, header) || read_second_layout(at, header);
}

/* Does one of the known salts, in the sum's place, give the sum? */
static bool
md5_is_good(struct span image, const struct header *header)
{
	static const uint8_t salts[][HEADER_MD5_SIZE] = {
	    {0xdc, 0xd7, 0x3a, 0xa5, 0xc3, 0x95, 0x98, 0xfb, 0xdd, 0xf9, 0xe7, 0xf4, 0x0e, 0xae,
		0x47, 0x38},
	    {0x8c, 0xef, 0x33, 0x5b, 0xd5, 0xc5, 0xce, 0xfa, 0xa7, 0x9c, 0x28, 0xda, 0xb2, 0xe9,
		0x0f, 0x42},
	    {0xdc, 0xd7, 0x3a, 0xa5, 0xc3, 0x95, 0x98, 0xfb, 0xdc, 0xf9, 0xe7, 0xf4, 0x0e, 0xae,
		0x47, 0x37},
	    {0x8c, 0xef, 0x33, 0x5f, 0xd5, 0xc5, 0xce, 0xfa, 0xac, 0x9c, 0x28, 0xda, 0xb2, 0xe9,
		0x0f, 0x42},
	};

	for (size_t i = 0; i < ARRAY_SIZE(salts); i++) {
		struct span parts[] = {span_part(image, 0, header->md5_at),
		    {salts[i], HEADER_MD5_SIZE},
		    span_from(image, header->md5_at + HEADER_MD5_SIZE)};

		if (header_md5_is(parts, ARRAY_SIZE(parts), header->md5))
			return true;
	}
	return false;
}

static bool
has_md5(const struct header *header)
{
	for (size_t i = 0; i < header->md5.size; i++)
		if (header->md5.at[i] != 0)
			return true;
	return false;
}

static const char *
md5_verdict(struct span at, const struct header *header, struct claim *claim)
{
	uint64_t size = whole_size(header);

	if (!has_md5(header)) {
		header_claim(claim, at, size);
		return "without md5";
	}
	claim->costly = true;
	if (size <= at.size) {
		header_claim(claim, at, size);
		return md5_is_good(span_part(at, 0, size), header) ? "md5 good" : "md5 bad";
	}
	/* some images are written without the fill at their end */
	if (md5_is_good(at, header)) {
		claim->bytes = at.size;
		return "md5 good";
	}
	header_claim(claim, at, size);
	return "cut short";
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	const char *verdict, *vendor;

	if (!read_header(at, &header))
		return;
	verdict = md5_verdict(at, &header, claim);
	vendor = header_text(job, header.vendor);
	claim->detail = arena_printf(job, "version %u, %s%s\"%s\", hardware %08x revision %u, %s",
	    header.version, vendor, vendor[0] == '\0' ? "" : " ", header_text(job, header.text),
	    header.hardware, header.revision, verdict);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct hint hints[3];
	size_t count = 0;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "tplink: header cut short");
	hints[count++] = (struct hint){header.kernel, "lzma"};
	hints[count++] = (struct hint){header.kernel, NULL};
	if (header.root != 0)
		hints[count++] = (struct hint){header.root, NULL};
	return unpack_search(unpack, container, content, HEADER_SIZE, hints, count);
}

static const struct magic magics[] = {
    /* a longer pattern would cost the scan three times as much as all others together */
    {.pattern = "[\\x01-\\x03]\\x00\\x00\\x00[\\x20-\\x7e]{6}", .length = 10},
};

const struct format format_tplink = {
    .name = "tplink",
    .title = "TP-Link header, versions 1 to 3",
    .source = "OpenWrt firmware-utils: mktplinkfw.c, mktplinkfw2.c",
    .gaps = "the second MD5 and signatures are not checked",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
