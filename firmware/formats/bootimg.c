/* An Android boot image is a header of one page and its parts after it, each padded to pages. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/extents.h"

#define MAX_PARTS 24u
#define PAGE_V3 4096u
#define LARGEST_PAGE ((uint32_t)1 << 16)
#define TABLE_ENTRY 108u
#define VENDOR_HEADER 2108u /* what mkbootimg writes; the structure has 2112 */

struct part {
	const char *name;
	uint64_t size;
};

struct boot {
	bool vendor;
	uint32_t version, page;
	struct span name, command_line, more_command_line;
	uint32_t release; /* of the system, and its month */
	uint64_t header;  /* bytes, before padding */
	struct part parts[8];
	size_t count;
	uint32_t table_entries, table_entry_size, table_size;
};

static void
add_part(struct boot *boot, const char *name, uint64_t size)
{
	boot->parts[boot->count++] = (struct part){.name = name, .size = size};
}

/* Versions 0 to 2: the page size and the second stage are told. */
static void
read_old(struct reader *reader, struct boot *boot)
{
	uint32_t kernel = read_u32_le(reader), ramdisk, second, recovery = 0, tree = 0;

	read_bytes(reader, 4); /* where it goes */
	ramdisk = read_u32_le(reader);
	read_bytes(reader, 4);
	second = read_u32_le(reader);
	read_bytes(reader, 8); /* where it goes, and the tags */
	boot->page = read_u32_le(reader);
	boot->version = read_u32_le(reader);
	boot->release = read_u32_le(reader);
	boot->name = read_bytes(reader, 16);
	boot->command_line = read_bytes(reader, 512);
	read_bytes(reader, 32); /* a digest */
	boot->more_command_line = read_bytes(reader, 1024);
	boot->header = 1632;
	if (boot->version > 2)
		boot->version = 0; /* it was the size of a device tree once */
	if (boot->version >= 1) {
		recovery = read_u32_le(reader);
		read_bytes(reader, 8);
		boot->header = read_u32_le(reader);
	}
	if (boot->version == 2)
		tree = read_u32_le(reader);
	add_part(boot, "kernel", kernel);
	add_part(boot, "ramdisk", ramdisk);
	add_part(boot, "second", second);
	add_part(boot, "recovery_dtbo", recovery);
	add_part(boot, "dtb", tree);
}

static void
read_new(struct reader *reader, struct boot *boot)
{
	uint32_t kernel = read_u32_le(reader), ramdisk = read_u32_le(reader);

	boot->release = read_u32_le(reader);
	boot->header = read_u32_le(reader);
	read_bytes(reader, 16);
	boot->version = read_u32_le(reader);
	boot->command_line = read_bytes(reader, 1536);
	boot->page = PAGE_V3;
	add_part(boot, "kernel", kernel);
	add_part(boot, "ramdisk", ramdisk);
	add_part(boot, "signature", boot->version >= 4 ? read_u32_le(reader) : 0);
}

static void
read_vendor(struct reader *reader, struct boot *boot)
{
	uint32_t ramdisk, tree;

	boot->version = read_u32_le(reader);
	boot->page = read_u32_le(reader);
	read_bytes(reader, 8); /* where kernel and ramdisk go */
	ramdisk = read_u32_le(reader);
	boot->command_line = read_bytes(reader, 2048);
	read_bytes(reader, 4); /* the tags */
	boot->name = read_bytes(reader, 16);
	boot->header = read_u32_le(reader);
	tree = read_u32_le(reader);
	read_bytes(reader, 8);
	add_part(boot, "vendor_ramdisk", ramdisk);
	add_part(boot, "dtb", tree);
	if (boot->version < 4)
		return;
	boot->table_size = read_u32_le(reader);
	boot->table_entries = read_u32_le(reader);
	boot->table_entry_size = read_u32_le(reader);
	add_part(boot, "vendor_ramdisk_table", boot->table_size);
	add_part(boot, "bootconfig", read_u32_le(reader));
}

/* What is a version in the newer headers is the page size's neighbour in the older ones. */
static bool
read_boot(struct span at, struct boot *boot)
{
	struct reader reader = {.rest = at}, ahead = {.rest = span_from(at, 40)};
	uint32_t version = read_u32_le(&ahead);

	*boot = (struct boot){.vendor = span_starts_with(at, "VNDRBOOT", 8)};
	read_bytes(&reader, 8);
	if (boot->vendor)
		read_vendor(&reader, boot);
	else if (version == 3 || version == 4)
		read_new(&reader, boot);
	else
		read_old(&reader, boot);
	if (reader.overrun || boot->page < 512 || boot->page > LARGEST_PAGE ||
	    (boot->page & (boot->page - 1)) != 0 || boot->header > LARGEST_PAGE)
		return false;
	if (boot->vendor)
		return (boot->version == 3 || boot->version == 4) && boot->header >= VENDOR_HEADER;
	return boot->parts[0].size != 0 || boot->parts[1].size != 0;
}

static uint64_t
pages(const struct boot *boot, uint64_t size)
{
	return (size + boot->page - 1) / boot->page * boot->page;
}

/* The header and all parts; the last one's padding may be cut off. */
static uint64_t
end_of(const struct boot *boot, uint64_t *padded)
{
	uint64_t end = boot->header;

	*padded = pages(boot, boot->header);
	for (size_t i = 0; i < boot->count; i++) {
		if (boot->parts[i].size == 0)
			continue;
		end = *padded + boot->parts[i].size;
		*padded += pages(boot, boot->parts[i].size);
	}
	return end;
}

static void
put_words(struct job *job, struct text *text, const char *before, struct span words)
{
	const char *line;

	if (words.size != 0)
		words.size = strnlen((const char *)words.at, words.size);
	if (words.size == 0)
		return;
	line = text_from_bytes(job, words.at, words.size, 400);
	text_printf(text, "%s\"%s\"", before, line == NULL ? "" : line);
}

/* Eleven bits of version, four and seven of year and month, as the header packs them. */
static void
put_release(struct text *text, uint32_t release)
{
	uint32_t version = release >> 11, month = release & 0x7ff;

	if (release != 0)
		text_printf(text, ", Android %u.%u.%u, patches of %u-%02u", version >> 14,
		    version >> 7 & 127, version & 127, 2000 + (month >> 4), month & 15);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct text text = text_new(job);
	struct boot boot;
	uint64_t end, padded;

	if (!read_boot(at, &boot))
		return;
	end = end_of(&boot, &padded);
	if (end > at.size && !claim->expected)
		return;
	claim->bytes = padded < at.size ? padded : at.size;
	text_printf(&text, "version %u%s", boot.version, boot.vendor ? ", vendor's part" : "");
	put_release(&text, boot.release);
	put_words(job, &text, ", ", boot.name);
	put_words(job, &text, ", command line ", boot.command_line);
	put_words(job, &text, " ", boot.more_command_line);
	if (end > at.size) {
		text_put(&text, ", cut short");
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the boot image is cut short";
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
add_file(struct unpack *unpack, struct node *container, struct span name, struct span content)
{
	struct entry entry = {.name = name, .type = NODE_FILE, .mode = 0644};

	return unpack_file(unpack, container, &entry, content, NULL);
}

/* Version 4: the vendor's ramdisk is several, one after another, each named in a table. */
static enum status
add_ramdisks(struct job *job, struct unpack *unpack, struct node *container,
    const struct boot *boot, struct span content, struct span ramdisks, struct span table)
{
	struct reader reader = {.rest = table};
	uint64_t base = (uint64_t)(ramdisks.at - content.at), end = base + ramdisks.size;
	struct extents extents = {0};

	if (boot->table_entries == 0 || boot->table_entries > MAX_PARTS ||
	    boot->table_entry_size < TABLE_ENTRY)
		return add_file(unpack, container, span_of_string("vendor_ramdisk"), ramdisks);
	for (uint32_t i = 0; i < boot->table_entries; i++) {
		struct reader fields = {.rest = read_bytes(&reader, boot->table_entry_size)};
		uint32_t size = read_u32_le(&fields), offset = read_u32_le(&fields);
		struct span bytes = span_part(ramdisks, offset, size), name;
		char own[32];

		read_bytes(&fields, 4); /* its kind */
		name = read_bytes(&fields, 32);
		if (fields.overrun || (bytes.size == 0 && size != 0))
			return unpack_damage(unpack, container, offset, size, COVERAGE_DAMAGED,
			    "the table of ramdisks is damaged");
		name.size = strnlen((const char *)name.at, name.size);
		if (!tree_name_is_good(name)) {
			own[0] = (char)('0' + i / 10);
			own[1] = (char)('0' + i % 10);
			memcpy(own + 2, ".vendor_ramdisk", 16);
			name = span_of_string(own);
		}
		TRY(add_file(unpack, container, name, bytes));
		TRY(extents_add(job, &extents, base + offset, size));
	}
	TRY(extents_add(job, &extents, 0, base));
	TRY(extents_add(job, &extents, end, content.size - end));
	return extents_tell_rest(&extents, unpack, container, content);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct span ramdisks = {0}, table = {0};
	struct boot boot;
	uint64_t at;

	if (!read_boot(content, &boot))
		return fail(job, STATUS_MALFORMED, "bootimg: no header");
	at = pages(&boot, boot.header);
	for (size_t i = 0; i < boot.count; i++) {
		const struct part *part = &boot.parts[i];
		struct span bytes = span_part(content, at, part->size);

		at += pages(&boot, part->size);
		if (part->size == 0)
			continue;
		if (bytes.size == 0) /* cut short, and told so */
			bytes = span_from(content, at - pages(&boot, part->size));
		if (strcmp(part->name, "vendor_ramdisk") == 0 && boot.table_size != 0)
			ramdisks = bytes;
		else if (strcmp(part->name, "vendor_ramdisk_table") == 0)
			table = bytes;
		else if (bytes.size != 0)
			TRY(add_file(unpack, container, span_of_string(part->name), bytes));
	}
	return ramdisks.size == 0
		   ? STATUS_OK
		   : add_ramdisks(job, unpack, container, &boot, content, ramdisks, table);
}

static const struct magic magics[] = {
    {.pattern = "ANDROID!", .length = 8},
    {.pattern = "VNDRBOOT", .length = 8},
};

const struct format format_bootimg = {
    .name = "bootimg",
    .title = "Android boot and vendor boot image, versions 0 to 4",
    .source = "AOSP system/tools/mkbootimg/include/bootimg/bootimg.h",
    .gaps = "the digest of the parts is not compared; vendors' own variants of the header",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
