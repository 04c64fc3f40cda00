/* A DFU file says at its end for which device it is; one of ST's also what goes to which address.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define SUFFIX_SIZE 16u
#define PREFIX_SIZE 11u
#define TARGET_SIZE 274u
#define MAX_ELEMENTS 1024u

struct suffix {
	uint16_t device, product, vendor, version;
	uint32_t crc;
};

struct walk {
	struct span bytes; /* of the targets */
	struct unpack *unpack;
	struct node *container; /* NULL: they are only counted */
	unsigned elements;
	uint64_t end;
};

static bool
ends(struct span at)
{
	struct span tail = at.size < SUFFIX_SIZE ? (struct span){0} : span_from(at, at.size - 10);

	return tail.size != 0 && (tail.at[0] == 0x00 || tail.at[0] == 0x10 || tail.at[0] == 0x1a) &&
	       tail.at[1] == 1 && span_starts_with(span_from(tail, 2), "UFD\x10", 4);
}

static struct suffix
read_suffix(struct span at)
{
	struct reader reader = {.rest = span_from(at, at.size - SUFFIX_SIZE)};
	struct suffix suffix;

	suffix.device = read_u16_le(&reader);
	suffix.product = read_u16_le(&reader);
	suffix.vendor = read_u16_le(&reader);
	suffix.version = read_u16_le(&reader);
	read_bytes(&reader, 4);
	suffix.crc = read_u32_le(&reader);
	return suffix;
}

static bool
is_of_st(struct span at)
{
	return span_starts_with(at, "DfuSe\1", 6);
}

/* How far a file of ST's reaches without its suffix. */
static uint64_t
size_of_st(struct span at)
{
	struct reader reader = {.rest = span_from(at, 6)};

	return read_u32_le(&reader);
}

static enum status
add(struct walk *walk, const char *name, struct span content)
{
	struct entry entry = {.name = span_of_string(name), .type = NODE_FILE, .mode = 0644};

	return unpack_file(walk->unpack, walk->container, &entry, content, NULL);
}

static enum status
walk_target(struct walk *walk, struct reader *reader, uint8_t setting, bool *good)
{
	struct reader elements;
	uint32_t size, count;

	read_bytes(reader, TARGET_SIZE - 8);
	size = read_u32_le(reader);
	count = read_u32_le(reader);
	elements = (struct reader){.rest = read_bytes(reader, size)};
	for (uint32_t i = 0; i < count && !reader->overrun && !elements.overrun; i++) {
		uint32_t address = read_u32_le(&elements);
		struct span content = read_bytes(&elements, read_u32_le(&elements));
		char name[40];

		if (elements.overrun || walk->elements++ >= MAX_ELEMENTS)
			break;
		snprintf(name, sizeof name, "%u.0x%08x.bin", setting, address);
		if (walk->container != NULL)
			TRY(add(walk, name, content));
	}
	*good = !reader->overrun && !elements.overrun && elements.rest.size == 0 &&
		walk->elements <= MAX_ELEMENTS;
	return STATUS_OK;
}

/* Each target is for one alternate setting of the device. */
static enum status
walk_targets(struct walk *walk, bool *good)
{
	struct reader reader = {.rest = walk->bytes};
	unsigned targets;

	read_bytes(&reader, PREFIX_SIZE - 1);
	targets = read_u8(&reader);
	*good = !reader.overrun;
	for (unsigned i = 0; i < targets && *good; i++) {
		bool begins = span_starts_with(reader.rest, "Target", 6) && reader.rest.size > 6;

		*good = begins;
		if (begins)
			TRY(walk_target(walk, &reader, reader.rest.at[6], good));
	}
	walk->end = walk->bytes.size - reader.rest.size;
	return STATUS_OK;
}

static void
measure_of_st(struct job *job, struct span at, struct claim *claim)
{
	uint64_t size = size_of_st(at), end = size + SUFFIX_SIZE;
	struct walk walk = {.bytes = span_part(at, 0, size)};
	bool good = false;

	if (size < PREFIX_SIZE + TARGET_SIZE)
		return;
	/* counting adds nothing, so it cannot fail */
	if (walk.bytes.size == 0 || walk_targets(&walk, &good) != STATUS_OK || walk.end != size)
		good = false;
	if (!good && !claim->expected)
		return;
	claim->bytes = end < at.size ? end : at.size;
	claim->detail =
	    arena_printf(job, "DfuSe, %u element%s", walk.elements, walk.elements == 1 ? "" : "s");
	if (!good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    end > at.size ? "the file is cut short" : "its targets do not fill the file";
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct span whole = at;
	struct suffix suffix;
	bool good;

	if (is_of_st(at))
		measure_of_st(job, at, claim);
	else if (claim->expected && ends(at) && at.size > SUFFIX_SIZE)
		claim->bytes = at.size;
	if (claim->bytes == 0)
		return;
	whole.size = (size_t)claim->bytes;
	if (!ends(whole)) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "there is no suffix: cut short";
		return;
	}
	suffix = read_suffix(whole);
	good = (uint32_t)~crc32_of(0, span_part(whole, 0, whole.size - 4)) == suffix.crc;
	claim->detail =
	    arena_printf(job, "%s, vendor 0x%04x, product 0x%04x, version 0x%04x, crc32 %s",
		claim->detail == NULL ? "DFU" : claim->detail, suffix.vendor, suffix.product,
		suffix.device, good ? "good" : "bad");
	if (!good && claim->incomplete == NULL) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the checksum of the file is bad";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct walk walk = {.bytes = content, .unpack = unpack, .container = container};
	bool good;

	(void)job;
	if (!is_of_st(content))
		return add(
		    &walk, "firmware.bin", span_part(content, 0, content.size - SUFFIX_SIZE));
	TRY(walk_targets(&walk, &good));
	return good ? STATUS_OK
		    : unpack_damage(unpack, container, walk.end, content.size - walk.end,
			  COVERAGE_DAMAGED, "dfu: a target is damaged at 0x%" PRIx64, walk.end);
}

static const struct magic magics[] = {{.pattern = "^DfuSe\\x01", .length = 6}};

const struct format format_dfu = {
    .name = "dfu",
    .title = "USB DFU file, plain or DfuSe",
    .source = "USB Device Firmware Upgrade 1.1, appendix B; ST UM0391 \"DfuSe file format\"",
    .gaps = "",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .ends = ends,
    .measure = measure,
    .extract = extract,
};
