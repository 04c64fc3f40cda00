/* UF2 is a disk of sectors, each of which says by itself where in the flash its bytes go. */
#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/chunks.h"

#define BLOCK ((size_t)512)
#define MOST_DATA 476u
#define MAX_FAMILIES 8u

enum {
	FLAG_NOT_FLASH = 1,
	FLAG_FILE = 0x1000,
	FLAG_FAMILY = 0x2000,
};

struct block {
	uint32_t flags, address, size, number, total, family;
	struct span data;
};

/* The blocks for one kind of chip. */
struct family {
	uint32_t id, total;
	bool named, flash;
	uint64_t blocks, bytes;
	struct chunks *chunks;
};

struct file {
	struct family families[MAX_FAMILIES];
	size_t count;
	uint64_t blocks;
	bool cut, has_files, too_many;
};

static const struct {
	uint32_t id;
	const char *name;
} known[] = {{0x68ed2b88, "SAMD21"}, {0x1851780a, "SAML21"}, {0x55114460, "SAMD51"},
    {0x1b57745f, "nRF52"}, {0xada52840, "nRF52840"}, {0x621e937a, "nRF52833"},
    {0x1c5f21b0, "ESP32"}, {0xbfdd4eee, "ESP32-S2"}, {0xc47e5767, "ESP32-S3"},
    {0xd42ba06c, "ESP32-C3"}, {0x2b88d29c, "ESP32-C2"}, {0x540ddf62, "ESP32-C6"},
    {0x332726f6, "ESP32-H2"}, {0x3d308e94, "ESP32-P4"}, {0x7eab61ed, "ESP8266"},
    {0x647824b6, "STM32F0"}, {0x5ee21072, "STM32F1"}, {0x5d1a0a2e, "STM32F2"},
    {0x6b846188, "STM32F3"}, {0x57755a57, "STM32F4"}, {0x53b80f00, "STM32F7"},
    {0x300f5633, "STM32G0"}, {0x4c71240a, "STM32G4"}, {0x6db66082, "STM32H7"},
    {0x202e3a91, "STM32L0"}, {0x1e1f432d, "STM32L1"}, {0x00ff6919, "STM32L4"},
    {0x04240bdf, "STM32L5"}, {0x70d16653, "STM32WB"}, {0x21460ff0, "STM32WL"},
    {0xe48bff56, "RP2040"}, {0xe48bff57, "RP2350 absolute"}, {0xe48bff58, "RP2350 data"},
    {0xe48bff59, "RP2350 Arm secure"}, {0xe48bff5a, "RP2350 RISC-V"},
    {0xe48bff5b, "RP2350 Arm non-secure"}, {0x4fb2d5bd, "i.MX RT10xx"}, {0x2abc77ec, "LPC55"},
    {0x16573617, "ATmega32"}, {0x9af03e33, "GD32VF103"}, {0x31d228c6, "GD32F350"},
    {0x5a18069b, "FX2"}, {0x9fffd543, "RTL8710A"}, {0x22e0d6fc, "RTL8710B"},
    {0xe08f7564, "RTL8720C"}, {0x675a40b0, "BK7231T"}, {0x7b3ef230, "BK7231N"},
    {0x6a82cc42, "BK7251"}, {0x51e903a8, "XR809"}, {0xde1270b7, "BL602"}};

static const char *
family_name(struct job *job, const struct family *family)
{
	if (!family->flash)
		return "not for the flash";
	if (!family->named)
		return "no family";
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].id == family->id)
			return known[i].name;
	return arena_printf(job, "family 0x%08x", family->id);
}

static bool
read_block(struct span at, struct block *block)
{
	struct reader reader = {.rest = span_part(at, 0, BLOCK)};
	uint32_t first = read_u32_le(&reader), second = read_u32_le(&reader);

	block->flags = read_u32_le(&reader);
	block->address = read_u32_le(&reader);
	block->size = read_u32_le(&reader);
	block->number = read_u32_le(&reader);
	block->total = read_u32_le(&reader);
	block->family = read_u32_le(&reader);
	block->data = read_bytes(&reader, MOST_DATA);
	return first == 0x0a324655 && second == 0x9e5d5157 && read_u32_le(&reader) == 0x0ab16f30 &&
	       !reader.overrun && block->size <= MOST_DATA && block->number < block->total;
}

static struct family *
family_of(struct file *file, const struct block *block)
{
	bool named = (block->flags & FLAG_FAMILY) != 0;
	bool flash = (block->flags & FLAG_NOT_FLASH) == 0;
	struct family *family;

	for (size_t i = 0; i < file->count; i++) {
		family = &file->families[i];
		if (family->named == named && family->flash == flash &&
		    (!named || family->id == block->family))
			return family;
	}
	if (file->count == MAX_FAMILIES) {
		file->too_many = true;
		return NULL;
	}
	family = &file->families[file->count++];
	family->id = block->family;
	family->total = block->total;
	family->named = named;
	family->flash = flash;
	return family;
}

static void
read_file(struct span at, struct file *file)
{
	struct block block;

	file->blocks = 0;
	while (read_block(span_from(at, file->blocks * BLOCK), &block)) {
		struct family *family = family_of(file, &block);

		file->blocks++;
		file->has_files |= (block.flags & FLAG_FILE) != 0;
		if (family == NULL)
			continue;
		family->blocks++;
		family->bytes += block.size;
		if (family->chunks != NULL)
			chunks_add(
			    family->chunks, block.address, span_part(block.data, 0, block.size));
	}
	file->cut = span_starts_with(span_from(at, file->blocks * BLOCK), "UF2\n", 4);
}

/* Do all families have as many blocks as they say?  What is not for the flash shares its numbers.
 */
static bool
is_whole(const struct file *file)
{
	uint64_t blocks = 0, totals = 0;

	for (size_t i = 0; i < file->count; i++) {
		blocks += file->families[i].blocks;
		totals += file->families[i].flash || file->count == 1 ? file->families[i].total : 0;
	}
	return blocks == totals && file->count != 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct file file = {0};
	struct text text = text_new(job);

	read_file(at, &file);
	if (file.blocks == 0)
		return;
	claim->bytes = file.blocks * BLOCK;
	text_printf(&text, "%" PRIu64 " blocks", file.blocks);
	for (size_t i = 0; i < file.count; i++)
		text_printf(&text, ", %s: %" PRIu64 " bytes", family_name(job, &file.families[i]),
		    file.families[i].bytes);
	if (file.has_files) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "uf2: files in blocks are not read";
	} else if (file.too_many) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "blocks are for too many kinds of chips";
	} else if (file.cut || !is_whole(&file)) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "blocks are missing";
		text_put(&text, ", blocks are missing");
		if (file.cut)
			claim->bytes = at.size;
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
write_family(struct job *job, struct unpack *unpack, struct node *container, struct family *family)
{
	struct entry folder = {.type = NODE_FOLDER, .mode = 0755};
	struct node *below;
	char name[32];

	snprintf(name, sizeof name, family->flash ? "%08x" : "not_flash", family->id);
	folder.name = span_of_string(name);
	TRY(unpack_entry(unpack, container, &folder, &below));
	return chunks_write(job, unpack, below == NULL ? container : below, family->chunks);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct file file = {0};

	read_file(content, &file);
	for (size_t i = 0; i < file.count; i++) {
		struct family *family = &file.families[i];

		family->chunks = chunks_new(job, (size_t)family->bytes, (size_t)family->blocks);
		if (family->chunks == NULL)
			return STATUS_LIMIT;
	}
	read_file(content, &file);
	for (size_t i = 0; i < file.count; i++) {
		struct family *family = &file.families[i];

		if (file.count == 1)
			TRY(chunks_write(job, unpack, container, family->chunks));
		else
			TRY(write_family(job, unpack, container, family));
	}
	return STATUS_OK;
}

static const struct magic magics[] = {{.pattern = "UF2\\x0a\\x57\\x51\\x5d\\x9e", .length = 8}};

const struct format format_uf2 = {
    .name = "uf2",
    .title = "UF2 flashing format",
    .source = "github.com/microsoft/uf2, README and utils/uf2families.json",
    .gaps = "files in blocks (flag 0x1000); the MD5 and extension tags of blocks are not looked at",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
