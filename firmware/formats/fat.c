/* A FAT file is a chain of clusters told by a table; long names hide in entries that old systems
 * skip. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/fat.h"

#define MAX_FAT12 4084u        /* clusters */
#define MAX_LABEL_ENTRIES 512u /* looked at for the label of the volume */

static bool
read_boot(struct span at, struct fat_boot *boot)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 11); /* jump, maker */
	boot->sector_size = read_u16_le(&reader);
	boot->cluster_sectors = read_u8(&reader);
	boot->reserved = read_u16_le(&reader);
	boot->tables = read_u8(&reader);
	boot->root_entries = read_u16_le(&reader);
	boot->sectors = read_u16_le(&reader);
	boot->media = read_u8(&reader);
	boot->table_sectors = read_u16_le(&reader);
	read_bytes(&reader, 8); /* geometry, hidden sectors */
	if (boot->sectors == 0)
		boot->sectors = read_u32_le(&reader);
	else
		read_bytes(&reader, 4);
	boot->is_32 = boot->table_sectors == 0;
	if (boot->is_32) {
		boot->table_sectors = read_u32_le(&reader);
		boot->flags = read_u16_le(&reader);
		read_bytes(&reader, 2); /* version */
		boot->root_cluster = read_u32_le(&reader);
		read_bytes(&reader, 16); /* places of other sectors, reserved */
	}
	read_bytes(&reader, 2); /* drive */
	if (read_u8(&reader) == 0x29) {
		read_bytes(&reader, 4); /* serial number */
		boot->label = read_bytes(&reader, 11);
	}
	return !reader.overrun;
}

static bool
is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static bool
boot_makes_sense(const struct fat_boot *boot)
{
	return is_power_of_two(boot->sector_size) && boot->sector_size >= 512 &&
	       boot->sector_size <= 4096 && is_power_of_two(boot->cluster_sectors) &&
	       boot->reserved != 0 && boot->tables >= 1 && boot->tables <= 2 &&
	       (boot->media == 0xf0 || boot->media >= 0xf8) && boot->sectors != 0 &&
	       boot->table_sectors != 0 && (boot->is_32 || boot->root_entries != 0) &&
	       (!boot->is_32 || (boot->root_entries == 0 && boot->root_cluster >= 2));
}

bool
fat_read_volume(struct span at, struct fat_volume *volume)
{
	struct fat_boot *boot = &volume->boot;
	uint64_t sector_size, root_sectors, data_sector, table_size, used = 0;

	if (!read_boot(at, boot) || !boot_makes_sense(boot))
		return false;
	sector_size = boot->sector_size;
	root_sectors =
	    (boot->root_entries * (uint64_t)FAT_ENTRY_SIZE + sector_size - 1) / sector_size;
	data_sector = boot->reserved + (uint64_t)boot->tables * boot->table_sectors + root_sectors;
	if (data_sector >= boot->sectors)
		return false;
	volume->cluster_size = boot->sector_size * boot->cluster_sectors;
	volume->clusters = (uint32_t)((boot->sectors - data_sector) / boot->cluster_sectors);
	volume->bits = boot->is_32 ? 32 : volume->clusters > MAX_FAT12 ? 16 : 12;
	volume->bytes = boot->sectors * sector_size;
	volume->data_at = data_sector * sector_size;
	volume->root_at = (data_sector - root_sectors) * sector_size;
	table_size = boot->table_sectors * sector_size;
	if (volume->clusters == 0 ||
	    (volume->clusters + UINT64_C(2)) * volume->bits > 8 * table_size)
		return false;
	if (boot->is_32 && boot->flags & 0x80) /* only one of them is kept up to date */
		used = boot->flags & 0xf;
	else if (boot->tables == 2)
		volume->copy = span_part(at, boot->reserved * sector_size + table_size, table_size);
	if (used >= boot->tables)
		return false;
	volume->table = span_part(at, boot->reserved * sector_size + used * table_size, table_size);
	return true;
}

uint32_t
fat_table_entry(const struct fat_volume *volume, uint32_t cluster)
{
	uint64_t place =
	    volume->bits == 12 ? cluster + cluster / 2 : (uint64_t)cluster * (volume->bits / 8);
	struct reader reader = {.rest = span_from(volume->table, place)};
	uint32_t low = read_u16_le(&reader);

	if (volume->bits == 16)
		return low;
	if (volume->bits == 12)
		return cluster & 1 ? low >> 4 : low & 0xfff;
	return (low | (uint32_t)read_u16_le(&reader) << 16) & 0x0fffffff;
}

uint64_t
fat_cluster_at(const struct fat_volume *volume, uint32_t cluster)
{
	return volume->data_at + (uint64_t)(cluster - 2) * volume->cluster_size;
}

/* The label: an entry of the root folder, or what the boot sector says. */
static struct span
label_of(struct span at, const struct fat_volume *volume)
{
	struct span root =
	    span_from(at, volume->boot.is_32 ? fat_cluster_at(volume, volume->boot.root_cluster)
					     : volume->root_at);

	for (unsigned i = 0; i < MAX_LABEL_ENTRIES && i * FAT_ENTRY_SIZE < volume->cluster_size;
	     i++) {
		struct span entry = span_part(root, i * FAT_ENTRY_SIZE, FAT_ENTRY_SIZE);

		if (entry.size == 0 || entry.at[0] == 0)
			break;
		if (entry.at[0] != 0xe5 && (entry.at[11] & 0x3f) == FAT_LABEL)
			return span_part(entry, 0, 11);
	}
	return volume->boot.label;
}

static const char *
describe(struct job *job, struct span at, const struct fat_volume *volume, bool cut)
{
	struct span label = label_of(at, volume);
	const char *text, *named = "";
	uint32_t flags = fat_table_entry(volume, 1);
	bool dirty = (volume->bits == 16 && (flags & 0x8000) == 0) ||
		     (volume->bits == 32 && (flags & 0x8000000) == 0);

	while (label.size != 0 && label.at[label.size - 1] == ' ')
		label.size--;
	text = text_from_bytes(job, label.at, label.size, 64);
	if (label.size != 0 && text != NULL && strcmp(text, "NO NAME") != 0)
		named = arena_printf(job, ", label \"%s\"", text);
	return arena_printf(job, "FAT%u, %u-byte clusters%s%s%s%s", volume->bits,
	    volume->cluster_size, named == NULL ? "" : named,
	    volume->copy.size != 0 && !span_equal(volume->table, volume->copy)
		? ", its two tables differ"
		: "",
	    dirty ? ", not cleanly unmounted" : "", cut ? ", cut short" : "");
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct fat_volume volume = {0};
	bool cut;

	if (!fat_read_volume(at, &volume))
		return;
	/* the first entry repeats the kind of medium */
	if ((fat_table_entry(&volume, 0) & 0xff) != volume.boot.media && !claim->expected)
		return;
	cut = volume.bytes > at.size;
	claim->bytes = cut ? at.size : volume.bytes;
	claim->detail = describe(job, at, &volume, cut);
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct fat_volume volume = {0};

	if (!fat_read_volume(content, &volume))
		return fail(job, STATUS_MALFORMED, "fat: no boot sector");
	if (volume.table.size == 0)
		return fail(job, STATUS_MALFORMED, "fat: no table");
	return fat_walk(job, unpack, container, &volume, content);
}

/* The jump, where its second byte lets it be known, or the kind that most makers write. */
static const struct magic magics[] = {
    {.pattern = "\\xeb.\\x90", .length = 3},
    {.pattern = "FAT1[26]   ", .length = 8, .offset = 54},
    {.pattern = "FAT     ", .length = 8, .offset = 54},
    {.pattern = "FAT32   ", .length = 8, .offset = 82},
};

const struct format format_fat = {
    .name = "fat",
    .title = "FAT12, FAT16 and FAT32, with long names",
    .source = "Microsoft FAT: General Overview of On-Disk Format 1.03; ECMA-107",
    .gaps =
	"deleted files; short names in a code page other than ASCII keep their bytes; owners and "
	"modes are made up, FAT has none; the second table is compared, never used",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
