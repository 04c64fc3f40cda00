/* The flash of an ESP8266 has no table: a loader at 0 knows where applications begin. */
#include <stdio.h>

#include "base/arena.h"
#include "firmware/unpack.h"

#define LARGEST_FLASH ((uint64_t)16 << 20)
#define LOADER_ROOM ((uint64_t)0x1000)
#define ENTRY_TOP 0x40

/* Where loaders look: the first application, and the second by the size of the flash. */
static const uint64_t places[] = {0, 0x1000, 0x41000, 0x81000, 0x101000};

static bool
begins_an_image(struct span at, uint64_t place)
{
	struct reader reader = {.rest = span_from(at, place)};
	uint8_t magic = read_u8(&reader), segments = read_u8(&reader), mode;

	mode = read_u8(&reader);
	read_bytes(&reader, 4);
	return (magic == 0xe9 || magic == 0xea) && segments >= 1 && segments <= 16 && mode <= 3 &&
	       read_u8(&reader) == ENTRY_TOP && !reader.overrun;
}

/* The loader's segments all lie in its sector. */
static bool
is_loader(struct span at)
{
	struct reader reader = {.rest = span_part(at, 0, LOADER_ROOM)};
	unsigned segments;

	read_u8(&reader);
	segments = read_u8(&reader);
	read_bytes(&reader, 6);
	for (unsigned i = 0; i < segments; i++) {
		read_bytes(&reader, 4); /* address */
		read_bytes(&reader, read_u32_le(&reader));
	}
	return !reader.overrun;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	unsigned images = 0;

	if (!begins_an_image(at, 0) || !begins_an_image(at, LOADER_ROOM) || !is_loader(at))
		return;
	for (size_t i = 1; i < ARRAY_SIZE(places); i++)
		images += begins_an_image(at, places[i]);
	claim->bytes = at.size < LARGEST_FLASH ? at.size : LARGEST_FLASH;
	claim->detail =
	    arena_printf(job, "boot loader and %u application%s", images, images == 1 ? "" : "s");
}

/* Each application reaches up to the next: what its loader does not load may be its data. */
static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	uint64_t from = 0;

	(void)job;
	for (size_t i = 1; i <= ARRAY_SIZE(places); i++) {
		bool last = i == ARRAY_SIZE(places);
		uint64_t to = last ? content.size : places[i];
		struct entry entry = {.type = NODE_FILE, .mode = 0644};
		char name[32];

		if (!last && !begins_an_image(content, to))
			continue;
		snprintf(name, sizeof name, "0x%06x.bin", (unsigned)from);
		entry.name = span_of_string(name);
		TRY(unpack_file(
		    unpack, container, &entry, span_part(content, from, to - from), NULL));
		from = to;
	}
	return STATUS_OK;
}

static const struct magic magics[] = {
    {.pattern = "^\\xe9[\\x01-\\x10][\\x00-\\x03]...[\\x10-\\x3f]\\x40...[\\x3f\\x40]..\\x00\\x00",
	.length = 16},
};

const struct format format_esp8266_flash = {
    .name = "esp8266_flash",
    .title = "Flash of an ESP8266: boot loader and applications",
    .source = "ESP8266 Non-OS SDK, \"Flash map\"; Arduino core for ESP8266, eboot",
    .gaps = "SPIFFS, and code beside applications of version 1, are not taken apart",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
