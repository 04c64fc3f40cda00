/* A kernel as an ELF file: a program that no loader of programs takes, and that says it is Linux.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/kernel.h"

#define MAX_SEGMENTS 64u
#define LEAST ((size_t)4 << 10)

enum { TYPE_PROGRAM = 2, TYPE_SHARED = 3, SEGMENT_LOAD = 1, SEGMENT_DYNAMIC, SEGMENT_LOADER };

struct elf {
	bool is_64, is_big;
	uint16_t type, machine, segment_size, segments, section_size, sections;
	uint64_t segment_table, section_table;
	size_t header_size;
	uint64_t end; /* of the segments and of the section table */
};

static uint16_t
read_16(struct reader *reader, const struct elf *elf)
{
	return elf->is_big ? read_u16_be(reader) : read_u16_le(reader);
}

static uint32_t
read_32(struct reader *reader, const struct elf *elf)
{
	return elf->is_big ? read_u32_be(reader) : read_u32_le(reader);
}

static uint64_t
read_word(struct reader *reader, const struct elf *elf)
{
	if (!elf->is_64)
		return read_32(reader, elf);
	return elf->is_big ? read_u64_be(reader) : read_u64_le(reader);
}

static bool
read_elf(struct span at, struct elf *elf)
{
	struct reader reader = {.rest = at};
	uint8_t class, order;

	read_bytes(&reader, 4); /* magic */
	class = read_u8(&reader);
	order = read_u8(&reader);
	read_bytes(&reader, 10);
	if (class - 1u > 1 || order - 1u > 1)
		return false;
	*elf = (struct elf){.is_64 = class == 2, .is_big = order == 2};
	elf->type = read_16(&reader, elf);
	elf->machine = read_16(&reader, elf);
	read_32(&reader, elf);   /* version */
	read_word(&reader, elf); /* entry */
	elf->segment_table = read_word(&reader, elf);
	elf->section_table = read_word(&reader, elf);
	read_32(&reader, elf); /* flags */
	elf->header_size = read_16(&reader, elf);
	elf->segment_size = read_16(&reader, elf);
	elf->segments = read_16(&reader, elf);
	elf->section_size = read_16(&reader, elf);
	elf->sections = read_16(&reader, elf);
	return !reader.overrun && (elf->type == TYPE_PROGRAM || elf->type == TYPE_SHARED) &&
	       elf->header_size == (elf->is_64 ? 64u : 52u) &&
	       elf->segment_size == (elf->is_64 ? 56u : 32u) && elf->segments != 0 &&
	       elf->segments <= MAX_SEGMENTS;
}

/* Something is loaded, and no dynamic loader is asked for. */
static bool
loads_itself(struct span at, struct elf *elf)
{
	struct reader reader = {.rest = span_from(at, elf->segment_table)};
	bool loads = false;

	elf->end = elf->section_table + (uint64_t)elf->section_size * elf->sections;
	for (unsigned i = 0; i < elf->segments; i++) {
		struct reader fields = {.rest = read_bytes(&reader, elf->segment_size)};
		uint32_t type = read_32(&fields, elf);
		uint64_t offset, size;

		if (elf->is_64)
			read_32(&fields, elf); /* flags */
		offset = read_word(&fields, elf);
		read_word(&fields, elf); /* addresses */
		read_word(&fields, elf);
		size = read_word(&fields, elf);
		if (fields.overrun || type == SEGMENT_DYNAMIC || type == SEGMENT_LOADER ||
		    offset > UINT64_MAX / 2 || size > UINT64_MAX / 4)
			return false;
		if (type == SEGMENT_LOAD && offset + size > elf->end)
			elf->end = offset + size;
		loads = loads || type == SEGMENT_LOAD;
	}
	return loads && elf->section_table < UINT64_MAX / 2;
}

static const char *
machine_name(uint16_t machine)
{
	switch (machine) {
	case 3:
		return "x86";
	case 8:
		return "MIPS";
	case 20:
		return "PowerPC";
	case 21:
		return "PowerPC 64";
	case 40:
		return "ARM";
	case 62:
		return "x86-64";
	case 183:
		return "arm64";
	case 243:
		return "RISC-V";
	default:
		return "other machine";
	}
}

/* One that unpacks itself says no more than that it does; where it is built without words, its
 * place for a device tree tells. */
static const char *
words_of(struct job *job, struct span kernel)
{
	static const char *const signs[] = {"Uncompressing Linux", ".appended_dtb"};
	const char *banner = kernel_banner(job, kernel);

	for (size_t i = 0; i < ARRAY_SIZE(signs) && banner == NULL; i++)
		if (span_find(kernel, signs[i], strlen(signs[i]), 0) != SIZE_MAX)
			banner = "Linux that unpacks itself";
	return banner;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct elf elf;
	const char *banner;
	bool cut;

	if (at.size < LEAST || !read_elf(at, &elf) || !loads_itself(at, &elf))
		return;
	cut = elf.end > at.size;
	claim->bytes = cut ? at.size : elf.end;
	claim->searched = 3 * claim->bytes; /* for as many signs */
	banner = words_of(job, span_part(at, 0, claim->bytes));
	if (banner == NULL) {
		claim->bytes = 0;
		return;
	}
	claim->detail = arena_printf(job, "%s %s-endian, %s%s", machine_name(elf.machine),
	    elf.is_big ? "big" : "little", banner, cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the kernel is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct elf elf;

	if (!read_elf(content, &elf))
		return fail(job, STATUS_MALFORMED, "vmlinux: no header");
	/* without the header, lest it be taken for a kernel again */
	return kernel_add(unpack, container, "kernel", span_from(content, elf.header_size));
}

static const struct magic magics[] = {
    {.pattern = "\\x7f\\x45LF[\\x01\\x02][\\x01\\x02]", .length = 6}};

const struct format format_vmlinux = {
    .name = "vmlinux",
    .title = "Linux kernel as an ELF file",
    .source = "System V ABI, chapters 4 and 5; Linux init/version.c",
    .gaps = "kernels without the words \"Linux version\" are ELF files like any other",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
