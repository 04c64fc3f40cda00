/* A GPT stands twice, at both ends of the disk, and both are checked by checksums: either will do.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/partitions.h"

#define HEADER_SIZE 92
#define CRC_AT 16
#define ENTRY_SIZE 128
#define MAX_ENTRIES (PARTITIONS_MAX - 8)
#define NAME_UNITS 36

struct header {
	uint32_t size, crc, entries_crc, entry_count, entry_size;
	uint64_t here, other, first, last, entries;
	uint8_t disk[16];
};

struct gpt {
	struct span disk;
	uint64_t sector;
	struct header header;
	struct span entries;
	bool primary_good, backup_good, entries_good;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	struct span magic = read_bytes(&reader, 8);
	struct span disk;

	read_bytes(&reader, 4); /* revision */
	header->size = read_u32_le(&reader);
	header->crc = read_u32_le(&reader);
	read_bytes(&reader, 4); /* reserved */
	header->here = read_u64_le(&reader);
	header->other = read_u64_le(&reader);
	header->first = read_u64_le(&reader);
	header->last = read_u64_le(&reader);
	disk = read_bytes(&reader, sizeof header->disk);
	header->entries = read_u64_le(&reader);
	header->entry_count = read_u32_le(&reader);
	header->entry_size = read_u32_le(&reader);
	header->entries_crc = read_u32_le(&reader);
	if (reader.overrun || !span_starts_with(magic, "EFI PART", 8))
		return false;
	memcpy(header->disk, disk.at, disk.size);
	return true;
}

/* Over the header with its own field as zero. */
static bool
header_is_good(struct span at, const struct header *header)
{
	static const uint8_t zero[4] = {0};
	struct span whole = span_part(at, 0, header->size);
	uint32_t crc;

	if (header->size < HEADER_SIZE || whole.size == 0)
		return false;
	crc = crc32_of(0, span_part(whole, 0, CRC_AT));
	crc = crc32_of(crc, (struct span){zero, sizeof zero});
	return crc32_of(crc, span_from(whole, CRC_AT + sizeof zero)) == header->crc;
}

/* Sectors to bytes; what no disk can have becomes the largest number. */
static uint64_t
bytes_of(uint64_t sectors, uint64_t sector)
{
	return sectors > UINT64_MAX / 2 / sector ? UINT64_MAX / 2 : sectors * sector;
}

/* Takes the header at sector `place`, if it is one and agrees with its checksum. */
static bool
take_header(struct gpt *gpt, uint64_t place, struct header *header)
{
	struct span at = span_from(gpt->disk, bytes_of(place, gpt->sector));

	at = span_part(at, 0, at.size < gpt->sector ? at.size : gpt->sector);
	return at.size != 0 && read_header(at, header) && header_is_good(at, header) &&
	       header->here == place && header->entry_size >= ENTRY_SIZE &&
	       header->entry_size <= 4096 && header->entry_count != 0 &&
	       header->entry_count <= MAX_ENTRIES;
}

static bool
take_entries(struct gpt *gpt, const struct header *header)
{
	uint64_t size = (uint64_t)header->entry_count * header->entry_size;
	struct span entries = span_part(gpt->disk, bytes_of(header->entries, gpt->sector), size);

	if (entries.size == 0 || crc32_of(0, entries) != header->entries_crc)
		return false;
	gpt->header = *header;
	gpt->entries = entries;
	return true;
}

/* Whatever of the two tables is good; false when neither is. */
static bool
read_gpt(struct span disk, uint64_t sector, struct gpt *gpt)
{
	struct header primary = {0}, backup = {0};
	uint64_t last;

	*gpt = (struct gpt){.disk = disk, .sector = sector};
	gpt->primary_good = take_header(gpt, 1, &primary);
	last = gpt->primary_good ? primary.other : disk.size / sector - 1;
	gpt->backup_good = last > 1 && take_header(gpt, last, &backup);
	if (gpt->primary_good && take_entries(gpt, &primary))
		gpt->entries_good = true;
	else if (gpt->backup_good && take_entries(gpt, &backup))
		gpt->entries_good = true;
	return gpt->entries_good;
}

static const char *
kind_name(struct job *job, struct span type)
{
	static const struct {
		const char *hex; /* as the bytes stand */
		const char *name;
	} kinds[] = {{"28732ac11ff8d211ba4b00a0c93ec93b", "EFI system"},
	    {"4861682149646f6e744e656564454649", "BIOS boot"},
	    {"af3dc60f838472478e793d69d8477de4", "Linux data"},
	    {"6dfd5706aba4c44384e50933c84b4f4f", "Linux swap"},
	    {"79d3d6e607f5c244a23c238f2a3df928", "Linux LVM"},
	    {"4095474497f2b2419af7d131d5f0458a", "Linux root (x86)"},
	    {"e3bc684fcde8b14d96e7fbcaf984b709", "Linux root (x86-64)"},
	    {"10d7da69e42c3c4eb16c21a1d49abed3", "Linux root (ARM)"},
	    {"45b021b9f01dc341af444c6f280d3fae", "Linux root (ARM 64)"},
	    {"a2a0d0ebe5b9334487c068b6b72699c7", "basic data"},
	    {"ffc213bce6596242a352b275fd6f7172", "Linux boot"},
	    {"5d2a3afe324fa741b725accc3285a309", "ChromeOS kernel"}};
	char *hex = hex_of_bytes(job, type);

	for (size_t i = 0; hex != NULL && i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].hex, hex) == 0)
			return kinds[i].name;
	return hex == NULL ? "" : arena_printf(job, "type %.8s…", hex);
}

/* UTF-16 of at most NAME_UNITS units; a person's name of it, and one a file may have. */
static bool
read_name(struct job *job, struct span units, const char **name)
{
	struct reader reader = {.rest = units};
	uint8_t utf8[NAME_UNITS * 3 + 1];
	size_t size = 0;

	for (size_t i = 0; i < NAME_UNITS; i++) {
		uint32_t unit = read_u16_le(&reader);

		if (unit == 0)
			break;
		if (unit < 0x80) {
			utf8[size++] = (uint8_t)unit;
		} else if (unit < 0x800) {
			utf8[size++] = (uint8_t)(0xc0 | unit >> 6);
			utf8[size++] = (uint8_t)(0x80 | (unit & 63));
		} else { /* half a pair makes no UTF-8: it is escaped later */
			utf8[size++] = (uint8_t)(0xe0 | unit >> 12);
			utf8[size++] = (uint8_t)(0x80 | (unit >> 6 & 63));
			utf8[size++] = (uint8_t)(0x80 | (unit & 63));
		}
	}
	*name = text_from_bytes(job, utf8, size, 120);
	return *name != NULL;
}

static bool
add_entry(struct job *job, const struct gpt *gpt, struct partitions *found, unsigned number,
    struct span entry)
{
	struct reader reader = {.rest = entry};
	struct span type = read_bytes(&reader, 16);
	struct partition partition = {0};
	uint64_t first, last;
	const char *name, *size;

	read_bytes(&reader, 16); /* its own identity */
	first = read_u64_le(&reader);
	last = read_u64_le(&reader);
	read_bytes(&reader, 8); /* attributes */
	if (!read_name(job, read_bytes(&reader, (size_t)NAME_UNITS * 2), &name))
		return false;
	partition.from = bytes_of(first, gpt->sector);
	partition.to = last < first ? partition.from : bytes_of(last, gpt->sector) + gpt->sector;
	partition.name = name[0] != '\0' && tree_name_is_good(span_of_string(name))
			     ? name
			     : arena_printf(job, "partition%u", number);
	size = partition_size(job, partition.to - partition.from);
	partition.legend =
	    arena_printf(job, "%u \"%s\" %s %s", number, name, kind_name(job, type), size);
	return partition.name != NULL && partition.legend != NULL &&
	       partitions_add(found, &partition);
}

/* The tables themselves, where they are good; their places come from checked headers. */
static void
add_tables(const struct gpt *gpt, struct partitions *found)
{
	uint64_t entries = bytes_of(gpt->header.entries, gpt->sector);
	uint64_t own = bytes_of(gpt->header.here, gpt->sector);
	uint64_t other = bytes_of(gpt->header.other, gpt->sector);
	struct header header = {0};

	partitions_add(found, &(struct partition){.from = 0, .to = 2 * gpt->sector});
	partitions_add(
	    found, &(struct partition){.from = entries, .to = entries + gpt->entries.size});
	if (gpt->header.here != 1)
		partitions_add(found, &(struct partition){.from = own, .to = own + gpt->sector});
	if (!gpt->primary_good || !gpt->backup_good || gpt->header.here != 1 ||
	    !read_header(span_from(gpt->disk, other), &header))
		return;
	entries = bytes_of(header.entries, gpt->sector);
	partitions_add(found, &(struct partition){.from = other, .to = other + gpt->sector});
	partitions_add(
	    found, &(struct partition){.from = entries, .to = entries + gpt->entries.size});
}

static struct partitions *
read_table(struct job *job, const struct gpt *gpt)
{
	static const uint8_t unused[16] = {0};
	struct partitions *found = arena_allocate(job, sizeof *found);

	if (found == NULL)
		return NULL;
	add_tables(gpt, found);
	for (unsigned i = 0; i < gpt->header.entry_count; i++) {
		struct span entry =
		    span_part(gpt->entries, (uint64_t)i * gpt->header.entry_size, ENTRY_SIZE);

		if (!span_starts_with(entry, unused, sizeof unused) &&
		    !add_entry(job, gpt, found, i + 1, entry))
			return NULL;
	}
	partitions_sort(found);
	return found;
}

static bool
find_gpt(struct span at, struct gpt *gpt)
{
	for (uint64_t sector = 512; sector <= 4096; sector *= 8)
		if (span_starts_with(span_from(at, sector), "EFI PART", 8) &&
		    read_gpt(at, sector, gpt))
			return true;
	return false;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct partitions *found;
	struct gpt gpt;
	uint64_t end;
	const char *legends;

	if (!find_gpt(at, &gpt)) {
		if (claim->expected && at.size > 1024) {
			claim->bytes = at.size;
			claim->coverage = COVERAGE_DAMAGED;
			claim->incomplete = "both partition tables are damaged or cut off";
			claim->detail = claim->incomplete;
		}
		return;
	}
	found = read_table(job, &gpt);
	legends = found == NULL ? NULL : partitions_describe(job, found);
	if (legends == NULL)
		return;
	end = gpt.header.here > gpt.header.other ? gpt.header.here : gpt.header.other;
	end = bytes_of(end, gpt.sector) + gpt.sector;
	if (partitions_end(found) > end)
		end = partitions_end(found);
	claim->bytes = end < at.size ? end : at.size;
	claim->detail = arena_printf(job, "header crc32 %s, backup %s, entries crc32 good%s%s%s%s",
	    gpt.primary_good ? "good" : "bad", gpt.backup_good ? "good" : "bad or missing",
	    gpt.sector == 512 ? "" : ", sectors of 4096 bytes",
	    end > at.size ? ", shorter than the disk" : "",
	    legends[0] == '\0' ? ", no partition" : ": ", legends);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct partitions *found;
	struct gpt gpt;

	if (!find_gpt(content, &gpt)) /* said to be damaged: what is in it is searched for */
		return unpack_search(unpack, container, content, 512, NULL, 0);
	found = read_table(job, &gpt);
	return found == NULL ? STATUS_LIMIT : partitions_search(unpack, container, content, found);
}

static const struct magic magics[] = {
    {.pattern = "EFI PART", .length = 8, .offset = 512},
    {.pattern = "EFI PART", .length = 8, .offset = 4096},
};

const struct format format_gpt = {
    .name = "gpt",
    .title = "GPT partition table",
    .source = "UEFI Specification 2.10, section 5.3",
    .gaps = "found by its first header only: a disk of which the backup alone is left is not "
	    "recognised; attributes of partitions; what the protective MBR says",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
