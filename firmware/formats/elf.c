/* A program that lies bare in flash, in no file system: its tables say where it ends, and it is
 * given as a file. */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/unpack.h"

#define MAX_TABLE 4096u /* segments, sections */

enum { NO_BITS = 8, STRINGS = 3 };

struct shape {
	bool wide, big; /* 64 bits; big-endian */
	uint16_t type, machine, segment_count, section_count, names;
	uint64_t segments, sections;
	uint64_t end; /* of the farthest thing told of so far */
};

static uint64_t
read_number(const struct shape *shape, struct reader *reader, size_t size)
{
	struct span bytes = read_bytes(reader, size);
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.size; i++)
		value = value << 8 | bytes.at[shape->big ? i : bytes.size - 1 - i];
	return value;
}

/* Four or eight bytes. */
static uint64_t
read_word(const struct shape *shape, struct reader *reader)
{
	return read_number(shape, reader, shape->wide ? 8 : 4);
}

static void
extend(struct shape *shape, uint64_t offset, uint64_t size)
{
	uint64_t end;

	if (__builtin_add_overflow(offset, size, &end))
		end = UINT64_MAX;
	if (size != 0 && end > shape->end)
		shape->end = end;
}

static const char *
machine_name(uint16_t machine)
{
	static const struct {
		uint16_t number;
		const char *name;
	} machines[] = {{2, "SPARC"}, {3, "x86"}, {4, "68000"}, {8, "MIPS"}, {20, "PowerPC"},
	    {21, "PowerPC 64"}, {40, "ARM"}, {42, "SuperH"}, {62, "x86-64"}, {83, "AVR"},
	    {92, "OpenRISC"}, {93, "ARC"}, {94, "Xtensa"}, {105, "MSP430"}, {106, "Blackfin"},
	    {113, "Nios II"}, {164, "Hexagon"}, {183, "AArch64"}, {189, "MicroBlaze"},
	    {195, "ARCv2"}, {243, "RISC-V"}, {252, "C-SKY"}, {258, "LoongArch"}};

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].number == machine)
			return machines[i].name;
	return NULL;
}

static bool
read_header(struct span at, struct shape *shape)
{
	struct reader reader = {.rest = span_from(at, 4)};
	uint8_t width = read_u8(&reader), order = read_u8(&reader), version = read_u8(&reader);
	uint64_t header, segment, section;

	*shape = (struct shape){.wide = width == 2, .big = order == 2};
	read_bytes(&reader, 9);
	shape->type = (uint16_t)read_number(shape, &reader, 2);
	shape->machine = (uint16_t)read_number(shape, &reader, 2);
	if (read_number(shape, &reader, 4) != 1 || version != 1 || width - 1u > 1 || order - 1u > 1)
		return false;
	read_word(shape, &reader); /* entry */
	shape->segments = read_word(shape, &reader);
	shape->sections = read_word(shape, &reader);
	read_bytes(&reader, 4); /* flags */
	header = read_number(shape, &reader, 2);
	segment = read_number(shape, &reader, 2);
	shape->segment_count = (uint16_t)read_number(shape, &reader, 2);
	section = read_number(shape, &reader, 2);
	shape->section_count = (uint16_t)read_number(shape, &reader, 2);
	shape->names = (uint16_t)read_number(shape, &reader, 2);
	extend(shape, 0, header);
	extend(shape, shape->segments, segment * shape->segment_count);
	extend(shape, shape->sections, section * shape->section_count);
	return !reader.overrun && shape->type - 1u <= 2 && machine_name(shape->machine) != NULL &&
	       header == (shape->wide ? 64 : 52) && shape->segment_count <= MAX_TABLE &&
	       shape->section_count <= MAX_TABLE &&
	       (shape->segment_count == 0 || segment == (shape->wide ? 56 : 32)) &&
	       (shape->section_count == 0 || section == (shape->wide ? 64 : 40)) &&
	       shape->segment_count + shape->section_count != 0;
}

/* False when the layer ends before the table does. */
static bool
read_segments(struct span at, struct shape *shape)
{
	struct reader reader = {.rest = span_from(at, shape->segments)};

	for (unsigned i = 0; i < shape->segment_count; i++) {
		uint64_t offset, size;

		read_bytes(&reader, shape->wide ? 8 : 4); /* type, and flags in the wide form */
		offset = read_word(shape, &reader);
		read_word(shape, &reader);
		read_word(shape, &reader);
		size = read_word(shape, &reader);
		read_bytes(&reader, shape->wide ? 16 : 12);
		extend(shape, offset, size);
	}
	return !reader.overrun;
}

/* The first section is empty, and that of names holds strings: chance makes neither. */
static bool
read_sections(struct span at, struct shape *shape)
{
	struct reader reader = {.rest = span_from(at, shape->sections)};
	bool has_names = false;

	for (unsigned i = 0; i < shape->section_count; i++) {
		uint64_t type, offset, size;

		read_bytes(&reader, 4);
		type = read_number(shape, &reader, 4);
		read_word(shape, &reader);
		read_word(shape, &reader);
		offset = read_word(shape, &reader);
		size = read_word(shape, &reader);
		read_bytes(&reader, shape->wide ? 24 : 16);
		if (i == 0 && (type != 0 || offset != 0))
			return false;
		if (type != NO_BITS && type != 0)
			extend(shape, offset, size);
		if (i == shape->names)
			has_names = type == STRINGS && size > 1 &&
				    span_starts_with(span_from(at, offset), "\0", 1);
	}
	return !reader.overrun && has_names;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	static const char *const types[] = {"object", "program", "library or program"};
	struct shape shape;
	bool whole;

	/* a file is looked at as what it is; programs in it are parts of it */
	if (claim->in_file || !read_header(at, &shape))
		return;
	whole = read_segments(at, &shape);
	/* without sections there is too little to tell it from chance */
	if (shape.section_count != 0 ? !read_sections(at, &shape) : !claim->expected)
		whole = false;
	whole = whole && shape.end <= at.size;
	if (!whole && !claim->expected)
		return;
	claim->bytes = whole ? shape.end : at.size;
	claim->detail = arena_printf(job, "%s for %s, %u bits, %s-endian%s", types[shape.type - 1],
	    machine_name(shape.machine), shape.wide ? 64 : 32, shape.big ? "big" : "little",
	    whole ? "" : ", damaged or cut short");
	if (whole)
		return;
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the program is damaged or cut short";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct entry entry = {
	    .name = {(const uint8_t *)"data", 4}, .type = NODE_FILE, .mode = 0755};

	(void)job;
	return unpack_file(unpack, container, &entry, content, NULL);
}

static const struct magic magics[] = {{.pattern = "\\x7f"
						  "ELF[\\x01\\x02][\\x01\\x02]\\x01",
    .length = 7}};

const struct format format_elf = {
    .name = "elf",
    .title = "ELF program that lies in no file system",
    .source = "System V ABI, chapter 4, Object Files",
    .gaps = "one without a table of sections, except where something is expected; what is appended "
	    "behind its tables is not part of it",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
