/* A table names every part of the flash; one that names the same byte twice is none. */
#include "firmware/esp_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "firmware/esp_segments.h"

#define ENTRY_SIZE ((size_t)32)
#define SECTOR 0x1000u
#define LARGEST_FLASH ((uint64_t)1 << 28)
#define SIGNATURE_SIZE 68
#define MAX_DESCRIBED 24u

static bool
is_plausible(const struct esp_partition *partition)
{
	size_t length = strnlen((const char *)partition->label.at, partition->label.size);

	for (size_t i = 0; i < length; i++)
		if (partition->label.at[i] < 0x20)
			return false;
	return partition->offset >= SECTOR && partition->offset % SECTOR == 0 &&
	       partition->size != 0 &&
	       (uint64_t)partition->offset + partition->size <= LARGEST_FLASH && length != 0;
}

static bool
read_partition(struct span entry, struct esp_partition *partition)
{
	struct reader reader = {.rest = entry};

	if (read_u16_be(&reader) != 0xaa50)
		return false;
	partition->type = read_u8(&reader);
	partition->subtype = read_u8(&reader);
	partition->offset = read_u32_le(&reader);
	partition->size = read_u32_le(&reader);
	partition->label = read_bytes(&reader, 16);
	partition->flags = read_u32_le(&reader);
	return !reader.overrun && is_plausible(partition);
}

static int
compare(const void *left, const void *right)
{
	const struct esp_partition *a = left, *b = right;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static bool
overlap(const struct esp_table *table)
{
	for (size_t i = 1; i < table->count; i++)
		if (table->partitions[i].offset - table->partitions[i - 1].offset <
		    table->partitions[i - 1].size)
			return true;
	return false;
}

/* The last entry: the MD5 of those before it, or one of erased flash. */
static bool
read_end(struct span at, size_t entries, struct esp_table *table)
{
	struct span entry = span_part(at, entries * ENTRY_SIZE, ENTRY_SIZE);

	if (span_starts_with(entry, "\xeb\xeb\xff\xff", 4)) {
		table->has_md5 = true;
		table->md5_good = digest_matches(
		    DIGEST_MD5, span_part(at, 0, entries * ENTRY_SIZE), span_part(entry, 16, 16));
		return true;
	}
	return span_starts_with(entry, "\xff\xff", 2) && esp_is_fill(entry);
}

bool
esp_table_read(struct span at, struct esp_table *table)
{
	struct span signature = span_part(at, ESP_TABLE_SIZE, SIGNATURE_SIZE);

	*table = (struct esp_table){.bytes = ESP_TABLE_SIZE};
	while (table->count < ESP_MAX_PARTITIONS) {
		struct span entry = span_part(at, table->count * ENTRY_SIZE, ENTRY_SIZE);

		if (!span_starts_with(entry, "\xaa\x50", 2))
			break;
		if (!read_partition(entry, &table->partitions[table->count]))
			return false;
		table->count++;
	}
	if (table->count == 0 || !read_end(at, table->count, table))
		return false;
	if (at.size < table->bytes)
		table->bytes = at.size;
	table->is_signed =
	    span_starts_with(signature, "\0\0\0\0", 4) && !esp_is_fill(span_from(signature, 4));
	if (table->is_signed)
		table->bytes += SIGNATURE_SIZE;
	qsort(table->partitions, table->count, sizeof *table->partitions, compare);
	return !overlap(table);
}

static const char *
kind_name(const struct esp_partition *partition)
{
	static const char *const data[] = {
	    "OTA data", "PHY", "NVS", "core dump", "NVS keys", "eFuse", "undefined"};

	if (partition->type == ESP_TYPE_APP)
		return partition->subtype == 0               ? "factory app"
		       : partition->subtype == 0x20          ? "test app"
		       : (partition->subtype & 0xf0) == 0x10 ? "OTA app"
							     : "app";
	if (partition->type != ESP_TYPE_DATA)
		return "custom";
	switch (partition->subtype) {
	case ESP_DATA_FAT:
		return "FAT";
	case ESP_DATA_SPIFFS:
		return "SPIFFS";
	case ESP_DATA_LITTLEFS:
		return "LittleFS";
	default:
		return partition->subtype < ARRAY_SIZE(data) ? data[partition->subtype] : "data";
	}
}

void
esp_table_describe(struct job *job, struct text *text, const struct esp_table *table)
{
	text_printf(text, "%s%s, %zu partitions:",
	    !table->has_md5   ? "no md5"
	    : table->md5_good ? "md5 good"
			      : "md5 bad",
	    table->is_signed ? ", signed (v1)" : "", table->count);
	for (size_t i = 0; i < table->count && i < MAX_DESCRIBED; i++) {
		const struct esp_partition *partition = &table->partitions[i];
		const char *label = text_from_bytes(job, partition->label.at,
		    strnlen((const char *)partition->label.at, partition->label.size), 32);

		text_printf(text, "%s %s (%s%s, 0x%x + 0x%x)", i == 0 ? "" : ",",
		    label == NULL ? "" : label, kind_name(partition),
		    partition->flags & ESP_FLAG_ENCRYPTED ? ", encrypted" : "", partition->offset,
		    partition->size);
	}
	if (table->count > MAX_DESCRIBED)
		text_put(text, " …");
}
