/* The flash of an ESP32 begins with a boot loader; the table behind it names all the rest. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/esp_segments.h"
#include "firmware/esp_table.h"

#define SECTOR ((uint64_t)0x1000)
#define FIRST_TABLE ((uint64_t)0x8000)
#define LAST_TABLE ((uint64_t)0x20000)

struct flash {
	struct esp_table table;
	uint64_t table_at, boot_at; /* boot_at == table_at: there is no boot loader */
	uint64_t bytes;
	const char *missing; /* what should be there and is not; NULL: nothing */
	size_t missing_count;
};

static bool
begins_an_image(struct span at, uint64_t offset)
{
	struct span magic = span_part(at, offset, 1);

	return magic.size != 0 && magic.at[0] == 0xe9;
}

/* Is this table the one of the flash that begins at `at`: does an application stand where it says?
 */
static bool
fits_flash(struct span at, const struct flash *flash)
{
	bool found = flash->boot_at != flash->table_at;

	for (size_t i = 0; i < flash->table.count; i++) {
		const struct esp_partition *partition = &flash->table.partitions[i];

		if (partition->offset < flash->table_at + SECTOR)
			return false;
		if (partition->type == ESP_TYPE_APP && begins_an_image(at, partition->offset))
			found = true;
	}
	return found && flash->table.count >= 2;
}

/* An application slot may be empty, and so may what the unit writes itself. */
static bool
may_be_missing(const struct esp_partition *partition)
{
	if (partition->type == ESP_TYPE_APP)
		return (partition->subtype & 0xf0) == 0x10;
	return partition->type == ESP_TYPE_DATA && partition->subtype <= ESP_DATA_COREDUMP;
}

static void
find_end(struct span at, struct flash *flash)
{
	bool has_app = false;

	flash->bytes = flash->table_at + ESP_TABLE_SIZE;
	for (size_t i = 0; i < flash->table.count; i++) {
		const struct esp_partition *partition = &flash->table.partitions[i];
		uint64_t end = (uint64_t)partition->offset + partition->size;

		if (partition->offset >= at.size) {
			flash->missing_count++;
			if (!may_be_missing(partition))
				flash->missing = "a partition lies beyond the end of the image";
			continue;
		}
		has_app |= partition->type == ESP_TYPE_APP;
		/* an application knows its own end */
		if (end > at.size && partition->type != ESP_TYPE_APP)
			flash->missing = "a partition is cut short";
		flash->bytes = end < at.size ? end : at.size;
	}
	if (!has_app)
		flash->missing = "there is no application";
}

static bool
read_flash(struct span at, struct flash *flash)
{
	static const uint64_t boot_places[] = {0x1000, 0, 0x2000};

	for (uint64_t place = FIRST_TABLE; place <= LAST_TABLE; place += SECTOR) {
		if (!span_starts_with(span_from(at, place), "\xaa\x50", 2) ||
		    !esp_table_read(span_from(at, place), &flash->table))
			continue;
		flash->table_at = flash->boot_at = place;
		for (size_t i = 0; i < ARRAY_SIZE(boot_places); i++)
			if (flash->boot_at == place && begins_an_image(at, boot_places[i]))
				flash->boot_at = boot_places[i];
		if (!fits_flash(at, flash))
			continue;
		find_end(at, flash);
		return true;
	}
	return false;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct flash *flash = arena_allocate(job, sizeof *flash);
	struct text text;

	if (flash == NULL)
		return;
	if (!read_flash(at, flash)) {
		arena_release(job->arena, mark);
		return;
	}
	text = text_new(job);
	claim->bytes = flash->bytes;
	claim->incomplete = flash->missing;
	text_printf(&text, "table at 0x%llx, ", (unsigned long long)flash->table_at);
	text_printf(&text, "%s, %zu partitions",
	    !flash->table.has_md5   ? "no md5"
	    : flash->table.md5_good ? "md5 good"
				    : "md5 bad",
	    flash->table.count);
	if (flash->missing_count != 0)
		text_printf(&text, ", %zu of them beyond the end", flash->missing_count);
	if (flash->table.has_md5 && !flash->table.md5_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the digest of the partition table is bad";
	} else if (flash->missing != NULL) {
		claim->coverage = COVERAGE_DAMAGED;
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
add(struct unpack *unpack, struct node *container, struct span name, struct span content)
{
	struct entry entry = {.name = name, .type = NODE_FILE, .mode = 0644};

	return unpack_file(unpack, container, &entry, content, NULL);
}

/* What no partition covers. */
static enum status
add_hole(
    struct unpack *unpack, struct node *container, struct span content, uint64_t from, uint64_t to)
{
	char name[32];

	if (to <= from)
		return STATUS_OK;
	snprintf(name, sizeof name, "0x%08llx.bin", (unsigned long long)from);
	return esp_add_slack(unpack, container, name, span_part(content, from, to - from));
}

static bool
is_littlefs(struct span bytes)
{
	return span_starts_with(span_from(bytes, 8), "littlefs", 8) ||
	       span_starts_with(span_from(bytes, SECTOR + 8), "littlefs", 8);
}

/* What a partition should hold and nobody can read. */
static enum status
add_finding(struct unpack *unpack, const struct node *container,
    const struct esp_partition *partition, struct span bytes)
{
	bool spiffs = partition->subtype == ESP_DATA_SPIFFS && !is_littlefs(bytes);

	if (partition->type == ESP_TYPE_DATA && spiffs)
		return unpack_damage(unpack, container, partition->offset, bytes.size,
		    COVERAGE_UNSUPPORTED, "esp: the SPIFFS at 0x%x is not read", partition->offset);
	if (partition->type != ESP_TYPE_APP || begins_an_image(bytes, 0))
		return STATUS_OK;
	if (partition->flags & ESP_FLAG_ENCRYPTED)
		return unpack_damage(unpack, container, partition->offset, bytes.size,
		    COVERAGE_ENCRYPTED, "esp: the application at 0x%x is encrypted",
		    partition->offset);
	return unpack_damage(unpack, container, partition->offset, bytes.size, COVERAGE_DAMAGED,
	    "esp: there is no application at 0x%x", partition->offset);
}

static enum status
add_partition(struct unpack *unpack, struct node *container, const struct esp_partition *partition,
    struct span content)
{
	uint64_t room = content.size - partition->offset;
	struct span bytes =
	    span_part(content, partition->offset, partition->size < room ? partition->size : room);
	struct span name = partition->label;

	if (esp_is_fill(bytes))
		return STATUS_OK;
	name.size = strnlen((const char *)name.at, name.size);
	TRY(add(unpack, container, name, bytes));
	return add_finding(unpack, container, partition, bytes);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct flash *flash = arena_allocate(job, sizeof *flash);
	uint64_t cursor;

	if (flash == NULL)
		return STATUS_LIMIT;
	if (!read_flash(content, flash))
		return fail(job, STATUS_MALFORMED, "esp: no partition table");
	TRY(add_hole(unpack, container, content, 0, flash->boot_at));
	if (flash->boot_at != flash->table_at)
		TRY(add(unpack, container, span_of_string("bootloader"),
		    span_part(content, flash->boot_at, flash->table_at - flash->boot_at)));
	cursor = flash->table_at + flash->table.bytes;
	TRY(add(unpack, container, span_of_string("partition-table"),
	    span_part(content, flash->table_at, flash->table.bytes)));
	for (size_t i = 0; i < flash->table.count; i++) {
		const struct esp_partition *partition = &flash->table.partitions[i];
		uint64_t end = (uint64_t)partition->offset + partition->size;

		if (partition->offset >= content.size)
			break;
		TRY(add_hole(unpack, container, content, cursor, partition->offset));
		TRY(add_partition(unpack, container, partition, content));
		cursor = end < content.size ? end : content.size;
	}
	return add_hole(unpack, container, content, cursor, content.size);
}

static const struct magic magics[] = {
    {.pattern = "^\\xe9[\\x01-\\x10][\\x00-\\x05]....[\\x40\\x4f]", .length = 8},
    {.pattern = "^\\xff{16}", .length = 16}, /* where the loader of an ESP32 begins later */
    {.pattern = "\\xaa\\x50[\\x00-\\x01].\\x00["
		"\\x00\\x10\\x20\\x30\\x40\\x50\\x60\\x70\\x80\\x90\\xa0\\xb0\\xc0\\xd0"
		"\\xe0\\xf0].[\\x00-\\x0f]",
	.length = 8,
	.offset = FIRST_TABLE},
};

const struct format format_esp_flash = {
    .name = "esp_flash",
    .title = "Flash of an ESP32: boot loader, partition table and partitions",
    .source = "ESP-IDF API guides, \"Partition Tables\"; esptool merge_bin",
    .gaps = "SPIFFS and the wear levelling below FAT; encrypted flash, which has no table to see",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
