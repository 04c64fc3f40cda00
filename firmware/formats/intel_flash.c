/* The flash of an Intel board begins with a descriptor that divides it into regions. */
#include "base/arena.h"
#include "base/text.h"
#include "firmware/extents.h"

#define SIGNATURE_AT 16u
#define DESCRIPTOR_SIZE ((uint64_t)4096)
#define MAX_REGIONS 16u

static const char *const names[MAX_REGIONS] = {"descriptor", "BIOS", "ME", "Ethernet",
    "platform data", "device expansion", "second BIOS", "microcode", "EC", "device expansion 2",
    "innovation engine", "Ethernet 10G", "Ethernet 10G 2", "reserved", "reserved", "trace"};

struct region_place {
	uint64_t from, to;
};

struct flash {
	struct region_place regions[MAX_REGIONS]; /* empty ones have to 0 */
	uint64_t end;
};

static bool
read_flash(struct span at, struct flash *flash)
{
	struct reader reader = {.rest = span_from(at, SIGNATURE_AT)};
	uint32_t map, table, masters;
	size_t count = MAX_REGIONS;
	struct span known;

	*flash = (struct flash){0};
	if (read_u32_le(&reader) != 0x0ff0a55a)
		return false;
	map = read_u32_le(&reader);
	table = (map >> 16 & 0xff) << 4;
	masters = (read_u32_le(&reader) & 0xff) << 4;
	if (masters > table && (masters - table) / 4 < count) /* the next table begins there */
		count = (masters - table) / 4;
	known = span_part(at, table, 4 * (uint64_t)count);
	if (reader.overrun || table < SIGNATURE_AT + 8 || table >= 0x800 || known.size == 0)
		return false;
	reader = (struct reader){.rest = known};
	for (size_t i = 0; i < count; i++) {
		uint32_t word = read_u32_le(&reader);
		uint64_t from = (uint64_t)(word & 0x7fff) << 12;
		uint64_t to = ((uint64_t)(word >> 16 & 0x7fff) + 1) << 12;

		if (word == 0xffffffff || from >= to || (i != 0 && word == 0)) /* there is none */
			continue;
		flash->regions[i] = (struct region_place){from, to};
		if (to > flash->end)
			flash->end = to;
	}
	/* the descriptor describes itself */
	return flash->regions[0].from == 0 && flash->regions[0].to == DESCRIPTOR_SIZE &&
	       flash->regions[1].to != 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct text detail = text_new(job);
	struct flash flash;
	bool cut;

	if (!read_flash(at, &flash))
		return;
	cut = flash.end > at.size;
	claim->bytes = cut ? at.size : flash.end;
	text_put(&detail, "regions:");
	for (size_t i = 0; i < MAX_REGIONS; i++)
		if (flash.regions[i].to != 0)
			text_printf(&detail, " %s%s", names[i],
			    flash.regions[i].to > at.size ? " (not there)" : "");
	if (cut) {
		text_put(&detail, ", cut short");
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the flash is cut short";
	}
	if (text_finish(&detail, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct flash flash;

	if (!read_flash(content, &flash))
		return fail(job, STATUS_MALFORMED, "intel_flash: no descriptor");
	TRY(extents_add(job, &extents, 0, DESCRIPTOR_SIZE));
	for (size_t i = 1; i < MAX_REGIONS; i++) {
		const struct region_place *region = &flash.regions[i];
		uint64_t to = region->to < content.size ? region->to : content.size;

		if (region->from >= to || region->from < DESCRIPTOR_SIZE)
			continue;
		TRY(extents_add(job, &extents, region->from, to - region->from));
		TRY(unpack_search_part(unpack, container, content, region->from, to, names[i]));
	}
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {
    {.pattern = "\\x5a\\xa5\\xf0\\x0f", .length = 4, .offset = SIGNATURE_AT}};

const struct format format_intel_flash = {
    .name = "intel_flash",
    .title = "flash of an Intel board, with its descriptor",
    .source = "Intel I/O Controller Hub and Platform Controller Hub datasheets, \"Flash "
	      "Descriptor\"; coreboot util/ifdtool documentation",
    .gaps = "access rights and straps; what is not UEFI in its regions (ME, Ethernet) is a gap",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
