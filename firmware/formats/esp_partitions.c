/* A partition table by itself tells what else there should be. */
#include "base/arena.h"
#include "firmware/esp_segments.h"
#include "firmware/esp_table.h"

#define ENTRY_SIZE 32

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct esp_table *table = arena_allocate(job, sizeof *table);
	struct text text = text_new(job);

	if (table == NULL || !esp_table_read(at, table) || (table->has_md5 && !table->md5_good))
		return;
	/* without its digest, one entry may stand anywhere */
	if (!table->has_md5 && table->count < 2 && !claim->expected)
		return;
	claim->bytes = table->bytes;
	if (!claim->expected)
		claim->incomplete = "the partitions of the table are not where it says";
	esp_table_describe(job, &text, table);
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct esp_table *table = arena_allocate(job, sizeof *table);
	uint64_t end;

	if (table == NULL)
		return STATUS_LIMIT;
	if (!esp_table_read(content, table))
		return fail(job, STATUS_MALFORMED, "esp: no partition table");
	end = (table->count + (table->has_md5 ? 1 : 0)) * (uint64_t)ENTRY_SIZE;
	if (table->is_signed)
		return STATUS_OK;
	return esp_add_slack(unpack, container, "after_table.bin", span_from(content, end));
}

static const struct magic magics[] = {
    {.pattern = "\\xaa\\x50[\\x00-\\x01].\\x00["
		"\\x00\\x10\\x20\\x30\\x40\\x50\\x60\\x70\\x80\\x90\\xa0\\xb0\\xc0\\xd0"
		"\\xe0\\xf0].[\\x00-\\x0f]",
	.length = 8}};

const struct format format_esp_partitions = {
    .name = "esp_partitions",
    .title = "Espressif partition table",
    .source = "ESP-IDF API guides, \"Partition Tables\"",
    .gaps = "the signature of a table is recognised, not verified",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
