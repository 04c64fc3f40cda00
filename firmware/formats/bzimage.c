/* A bzImage is code that unpacks the rest of itself, and its header says where that rest is. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/kernel.h"

#define HEADER_AT 0x1f1
#define HEADER_END 0x270
#define SECTOR ((uint64_t)512)
#define WITH_PAYLOAD 0x208 /* the version of the protocol that tells of it */
#define LONGEST_VERSION 120

struct header {
	uint64_t setup, kernel; /* bytes of either part */
	uint64_t payload, payload_size;
	uint16_t version, name;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = span_from(at, HEADER_AT)};
	uint8_t sectors = read_u8(&reader);
	uint16_t boots;
	struct span magic;

	read_bytes(&reader, 2); /* flags of the root */
	header->kernel = (uint64_t)read_u32_le(&reader) * 16;
	read_bytes(&reader, 6); /* ram size, video mode, root device */
	boots = read_u16_le(&reader);
	read_bytes(&reader, 2); /* a jump */
	magic = read_bytes(&reader, 4);
	header->version = read_u16_le(&reader);
	read_bytes(&reader, 6); /* real mode switch, start segment */
	header->name = read_u16_le(&reader);
	reader.rest = span_from(at, 0x248);
	header->payload = read_u32_le(&reader);
	header->payload_size = read_u32_le(&reader);
	header->setup = SECTOR * (1u + (sectors == 0 ? 4u : sectors));
	return !reader.overrun && boots == 0xaa55 && span_starts_with(magic, "HdrS", 4) &&
	       header->version >= 0x200 && header->version <= 0x2ff && sectors < 64 &&
	       header->kernel != 0;
}

static bool
tells_of_payload(const struct header *header)
{
	return header->version >= WITH_PAYLOAD && header->payload_size != 0 &&
	       header->payload < header->kernel &&
	       header->payload_size <= header->kernel - header->payload;
}

/* "6.1.0-9-amd64 (builder@host) …": the setup code prints it. */
static const char *
version_of(struct job *job, struct span at, const struct header *header)
{
	uint64_t place = (uint64_t)header->name + SECTOR;
	struct span words = span_from(span_part(at, 0, header->setup), place);
	const char *version;

	if (header->name == 0 || words.size == 0)
		return "version not told";
	words.size = strnlen((const char *)words.at, words.size);
	version = text_from_bytes(job, words.at, words.size, LONGEST_VERSION);
	return version == NULL ? "" : version;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	const char *payload;
	bool cut;

	if (!read_header(at, &header))
		return;
	cut = header.setup + header.kernel > at.size;
	if (cut && !claim->expected)
		return;
	payload = !tells_of_payload(&header)
		      ? "payload not told"
		      : kernel_compression(span_from(at, header.setup + header.payload));
	claim->bytes = cut ? at.size : header.setup + header.kernel;
	claim->detail =
	    arena_printf(job, "Linux %s, boot protocol %u.%02u, %s%s", version_of(job, at, &header),
		header.version >> 8, header.version & 0xff, payload, cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the kernel is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct span kernel, payload;
	uint64_t end;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "bzimage: no header");
	kernel = span_from(content, header.setup);
	/* without the header, lest the setup code be taken for a kernel again */
	TRY(kernel_add(unpack, container, "setup",
	    span_from(
		span_part(content, 0, header.setup < content.size ? header.setup : content.size),
		HEADER_END)));
	if (!tells_of_payload(&header))
		return kernel_add(unpack, container, "kernel", kernel);
	end = header.payload + header.payload_size;
	payload = end > kernel.size
		      ? span_from(kernel, header.payload)
		      : kernel_without_size(span_part(kernel, header.payload, header.payload_size));
	TRY(kernel_add(unpack, container, "head", span_part(kernel, 0, header.payload)));
	TRY(kernel_add(unpack, container, "payload", payload));
	return kernel_add(unpack, container, "tail", span_from(kernel, end));
}

static const struct magic magics[] = {{.pattern = "HdrS", .length = 4, .offset = 0x202}};

const struct format format_bzimage = {
    .name = "bzimage",
    .title = "Linux kernel for x86 (bzImage)",
    .source = "Linux Documentation/arch/x86/boot.rst",
    .gaps = "the signature behind the kernel of secure boot; setup data; zImage of x86",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
