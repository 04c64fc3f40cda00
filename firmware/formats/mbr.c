/*
 * Two bytes at the end of a sector say that it boots, not that it is a partition table: the boot
 * sectors of file systems end in them too.
 */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/partitions.h"

#define SECTOR ((uint64_t)512)
#define ENTRIES_AT 446
#define ENTRY_SIZE 16
#define PRIMARY 4u
#define MAX_LOGICAL 124u

struct record {
	uint8_t active, type;
	uint32_t first, sectors;
	bool is_zero;
};

static bool
is_extended(uint8_t type)
{
	return type == 0x05 || type == 0x0f || type == 0x85;
}

static const char *
type_name(uint8_t type)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = {{0x01, "FAT12"}, {0x04, "FAT16"}, {0x06, "FAT16"}, {0x07, "NTFS or exFAT"},
	    {0x0b, "FAT32"}, {0x0c, "FAT32"}, {0x0e, "FAT16"}, {0x27, "Windows recovery"},
	    {0x82, "Linux swap"}, {0x83, "Linux"}, {0x8e, "Linux LVM"}, {0xa0, "boot wizard"},
	    {0xa2, "SoC boot loader"}, {0xa5, "FreeBSD"}, {0xa6, "OpenBSD"}, {0xa8, "Darwin"},
	    {0xa9, "NetBSD"}, {0xaf, "HFS"}, {0xda, "raw data"}, {0xee, "GPT protective"},
	    {0xef, "EFI system"}, {0xf0, "PA-RISC boot"}, {0xfd, "Linux RAID"}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].type == type)
			return names[i].name;
	return "type";
}

/* One of the four records of a sector; the caller knows the sector is there. */
static struct record
read_record(struct span sector, unsigned index)
{
	struct reader reader = {
	    .rest = span_part(sector, ENTRIES_AT + ENTRY_SIZE * index, ENTRY_SIZE)};
	struct record record = {.is_zero = true};

	for (size_t i = 0; i < reader.rest.size; i++)
		record.is_zero = record.is_zero && reader.rest.at[i] == 0;
	record.active = read_u8(&reader);
	read_bytes(&reader, 3); /* cylinder, head, sector */
	record.type = read_u8(&reader);
	read_bytes(&reader, 3);
	record.first = read_u32_le(&reader);
	record.sectors = read_u32_le(&reader);
	return record;
}

static bool
ends_in_signature(struct span sector)
{
	return span_starts_with(span_from(sector, 510), "\x55\xaa", 2);
}

/* A BIOS parameter block, as FAT, NTFS, exFAT and HPFS have, tells of a file system instead. */
static bool
is_boot_sector(struct span sector)
{
	struct reader reader = {.rest = span_from(sector, 11)};
	uint16_t bytes = read_u16_le(&reader);
	uint8_t cluster = read_u8(&reader);

	if (span_starts_with(span_from(sector, 3), "NTFS    ", 8) ||
	    span_starts_with(span_from(sector, 3), "EXFAT   ", 8))
		return true;
	return bytes >= 512 && bytes <= 4096 && (bytes & (bytes - 1)) == 0 && cluster != 0 &&
	       (cluster & (cluster - 1)) == 0 && read_u16_le(&reader) != 0 && sector.at[21] >= 0xf0;
}

/* Could it be a record of the table of a disk of `sectors`? */
static bool
is_plausible(const struct record *record, uint64_t sectors, bool expected)
{
	if (record->active != 0 && record->active != 0x80)
		return false;
	if (record->type == 0)
		return record->is_zero || (expected && record->sectors == 0);
	if (record->first == 0 || record->sectors == 0)
		return false;
	/* the protective record of a GPT may claim all that 32 bits can say */
	return expected || record->type == 0xee ||
	       (uint64_t)record->first + record->sectors <= sectors;
}

static bool
table_is_plausible(struct span at, bool expected)
{
	uint64_t sectors = at.size / SECTOR;
	unsigned used = 0, active = 0, inside = 0;

	if (at.size < SECTOR || !ends_in_signature(at) || is_boot_sector(at))
		return false;
	for (unsigned i = 0; i < PRIMARY; i++) {
		struct record record = read_record(at, i);

		if (!is_plausible(&record, sectors, expected))
			return false;
		used += record.type != 0;
		active += record.active != 0;
		inside += record.type != 0 && record.first < sectors;
		for (unsigned j = 0; j < i; j++)
			if (record.type != 0 && read_record(at, j).first == record.first)
				return false;
	}
	return used != 0 && active <= 1 && inside != 0;
}

struct table {
	struct job *job;
	struct span disk;
	struct partitions *found;
	const char *fault; /* of the chain of extended records */
};

static bool
add(struct table *table, unsigned number, const struct record *record, uint64_t base)
{
	uint64_t from = (base + record->first) * SECTOR, size = record->sectors * SECTOR;
	struct partition partition = {.from = from, .to = from + size};

	partition.name = arena_printf(table->job, "partition%u", number);
	partition.legend = arena_printf(table->job, "%u %s (%02x%s) %s", number,
	    type_name(record->type), record->type, record->active != 0 ? ", active" : "",
	    partition_size(table->job, size));
	return partition.name != NULL && partition.legend != NULL &&
	       partitions_add(table->found, &partition);
}

/* Each sector of the chain holds one logical partition and the place of the next. */
static void
add_chain(struct table *table, const struct record *extended)
{
	uint64_t begin = extended->first, end = begin + extended->sectors, here = begin;
	unsigned number = PRIMARY + 1;

	while (number <= PRIMARY + MAX_LOGICAL) {
		struct span sector = span_part(table->disk, here * SECTOR, SECTOR);
		struct partition own = {.from = here * SECTOR, .to = (here + 1) * SECTOR};
		struct record logical, next;

		if (sector.size == 0 || !ends_in_signature(sector)) {
			table->fault = "an extended partition is damaged or cut short";
			return;
		}
		logical = read_record(sector, 0);
		next = read_record(sector, 1);
		if (!partitions_add(table->found, &own))
			return;
		if (logical.type != 0 && logical.sectors != 0 &&
		    !add(table, number, &logical, here))
			return;
		number++;
		if (next.type == 0 || next.sectors == 0)
			return;
		/* a chain that turns back could turn for ever */
		if (!is_extended(next.type) || begin + next.first <= here ||
		    begin + next.first >= end) {
			table->fault = "the chain of extended partitions is broken";
			return;
		}
		here = begin + next.first;
	}
	table->fault = "limit: too many logical partitions";
}

/* NULL when out of budget. */
static struct partitions *
read_table(struct job *job, struct span at, const char **fault)
{
	struct table table = {.job = job, .disk = at};
	struct partition own = {.from = 0, .to = SECTOR};

	table.found = arena_allocate(job, sizeof *table.found);
	if (table.found == NULL)
		return NULL;
	partitions_add(table.found, &own);
	for (unsigned i = 0; i < PRIMARY; i++) {
		struct record record = read_record(at, i);

		if (is_extended(record.type))
			add_chain(&table, &record);
		else if (record.type != 0 && !add(&table, i + 1, &record, 0))
			return NULL;
	}
	partitions_sort(table.found);
	*fault = table.fault;
	return table.found;
}

/* The signature of the disk, or 0. */
static uint32_t
disk_signature(struct span at)
{
	struct reader reader = {.rest = span_from(at, 440)};

	return read_u32_le(&reader);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct partitions *found;
	const char *fault = NULL, *legends;
	uint64_t end;

	if (!table_is_plausible(at, claim->expected))
		return;
	found = read_table(job, at, &fault);
	legends = found == NULL ? NULL : partitions_describe(job, found);
	if (legends == NULL)
		return;
	end = partitions_end(found);
	claim->bytes = end < at.size ? end : at.size;
	claim->detail = arena_printf(job, "disk %08" PRIx32 "%s%s%s", disk_signature(at),
	    end > at.size ? ", shorter than its partitions" : "",
	    legends[0] == '\0' ? ", no partition" : ": ", legends);
	if (fault != NULL) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = fault;
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	const char *fault = NULL;
	struct partitions *found = read_table(job, content, &fault);

	if (found == NULL)
		return STATUS_LIMIT;
	return partitions_search(unpack, container, content, found);
}

static const struct magic magics[] = {{.pattern = "\\x55\\xaa", .length = 2, .offset = 510}};

const struct format format_mbr = {
    .name = "mbr",
    .title = "MBR partition table, with logical partitions",
    .source = "UEFI Specification 2.10, section 5.2.1; T13 EDD; util-linux libfdisk/src/dos.c for "
	      "extended chains",
    .gaps = "sectors of other sizes than 512 bytes; BSD labels inside partitions; boot code is "
	    "not looked into",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
