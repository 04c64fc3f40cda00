/* The raw Image of arm64 and RISC-V: 64 bytes that are code, header and PE header at once. */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/kernel.h"

#define HEADER_SIZE 64
#define MAGIC_AT 0x38
#define LEAST ((uint64_t)64 << 10)
#define LARGEST ((uint64_t)1 << 30)
#define ZBOOT_AT 4

struct header {
	uint64_t size; /* in memory: what starts as zero is not in the file */
	uint64_t flags;
	bool arm;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 16); /* code, where it goes in memory */
	header->size = read_u64_le(&reader);
	header->flags = read_u64_le(&reader);
	header->arm = span_starts_with(span_from(at, MAGIC_AT), "ARM\x64", 4);
	return !reader.overrun && at.size >= HEADER_SIZE &&
	       (header->arm || span_starts_with(span_from(at, MAGIC_AT), "RSC\x05", 4)) &&
	       header->size >= LEAST && header->size < LARGEST;
}

/* An EFI program that unpacks the kernel in it: where that is, where the program ends. */
static bool
read_zboot(struct span at, uint64_t *payload, uint64_t *size, uint64_t *end)
{
	struct reader reader = {.rest = span_from(at, ZBOOT_AT)};
	bool known = span_starts_with(at, "MZ\0\0zimg", 8);

	read_bytes(&reader, 4);
	*payload = read_u32_le(&reader);
	*size = read_u32_le(&reader);
	*end = kernel_pe_end(at);
	return known && !reader.overrun && *end != 0 && *payload >= HEADER_SIZE &&
	       *payload < *end && *size <= *end - *payload;
}

static void
claim_cut(struct claim *claim, uint64_t end, size_t size)
{
	claim->bytes = end < size ? end : size;
	if (end <= size)
		return;
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the kernel is cut short";
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	uint64_t end, payload, size;
	const char *banner;

	if (read_zboot(at, &payload, &size, &end)) {
		if (end > at.size && !claim->expected)
			return;
		claim_cut(claim, end, at.size);
		claim->detail = arena_printf(job, "Linux in an EFI program, %s%s",
		    kernel_compression(span_from(at, payload)), end > at.size ? ", cut short" : "");
		return;
	}
	if (!read_header(at, &header))
		return;
	end = kernel_pe_end(at);
	if (end == 0) /* no PE header: what follows in memory is the best bound there is */
		end = header.size < at.size ? header.size : at.size;
	if (end > at.size && !claim->expected)
		return;
	claim_cut(claim, end, at.size);
	banner = kernel_banner(job, span_part(at, 0, claim->bytes));
	claim->detail = arena_printf(job, "%s %s-endian, %s%s", header.arm ? "arm64" : "RISC-V",
	    header.flags & 1 ? "big" : "little", banner == NULL ? "version not found" : banner,
	    end > at.size ? ", cut short" : "");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	uint64_t end, payload, size;

	(void)job;
	if (!read_zboot(content, &payload, &size, &end)) /* without the header: it has the magic */
		return kernel_add(unpack, container, "kernel", span_from(content, HEADER_SIZE));
	TRY(kernel_add(
	    unpack, container, "head", span_from(span_part(content, 0, payload), HEADER_SIZE)));
	if (payload + size > content.size)
		return kernel_add(unpack, container, "payload", span_from(content, payload));
	TRY(kernel_add(unpack, container, "payload", span_part(content, payload, size)));
	return kernel_add(unpack, container, "tail", span_from(content, payload + size));
}

static const struct magic magics[] = {
    {.pattern = "ARM\\x64", .length = 4, .offset = MAGIC_AT},
    {.pattern = "RSC\\x05", .length = 4, .offset = MAGIC_AT},
    {.pattern = "MZ\\x00\\x00zimg", .length = 8, .offset = 0},
};

const struct format format_kernel = {
    .name = "kernel",
    .title = "Linux kernel for arm64 and RISC-V (Image), and as a compressed EFI program",
    .source = "Linux Documentation/arch/arm64/booting.rst, Documentation/arch/riscv/boot-image-"
	      "header.rst, drivers/firmware/efi/libstub/zboot-header.S; PE format",
    .gaps = "an Image without a PE header does not tell its length in the file: it is taken to "
	    "fill the memory it asks for",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
