/* The header of an ARM zImage tells its length and nothing of what is compressed in it. */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/kernel.h"

#define HEADER_AT 0x24
#define HEADER_END 0x34
#define LEAST 0x400
#define LARGEST ((uint32_t)256 << 20)

static bool
read_header(struct span at, uint32_t *size, bool *big)
{
	struct reader reader = {.rest = span_from(at, HEADER_AT)};
	uint32_t (*number)(struct reader *) = read_u32_le;
	uint32_t begin, end;

	*big = span_starts_with(reader.rest, "\x01\x6f\x28\x18", 4);
	if (*big)
		number = read_u32_be;
	number(&reader); /* magic */
	begin = number(&reader);
	end = number(&reader);
	*size = end - begin;
	/* the code before it: eight times the same instruction, or what a PE header looks like */
	return !reader.overrun && end > begin && *size >= LEAST && *size <= LARGEST &&
	       begin % 4 == 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	uint32_t size;
	bool big, cut;

	if (!read_header(at, &size, &big))
		return;
	cut = size > at.size;
	if (cut && !claim->expected)
		return;
	claim->bytes = cut ? at.size : size;
	claim->detail = arena_printf(
	    job, "Linux, %s-endian ARM%s", big ? "big" : "little", cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the kernel is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	return kernel_add(unpack, container, "kernel", span_from(content, HEADER_END));
}

static const struct magic magics[] = {
    {.pattern = "\\x18\\x28\\x6f\\x01", .length = 4, .offset = HEADER_AT},
    {.pattern = "\\x01\\x6f\\x28\\x18", .length = 4, .offset = HEADER_AT},
};

const struct format format_zimage = {
    .name = "zimage",
    .title = "Linux kernel for ARM (zImage)",
    .source = "Linux arch/arm/boot/compressed/head.S, Documentation/arch/arm/booting.rst",
    .gaps = "the compressed kernel is found by its magic, the appended device tree by its own",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
