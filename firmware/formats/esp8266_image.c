/* ESP8266 images carry one byte of checksum; what they say of memory must be right before that
 * counts. */
#include "base/arena.h"
#include "base/text.h"
#include "firmware/esp_segments.h"

#define HEADER_SIZE 8
#define FLASH_AT 0x40200000u

struct header {
	uint8_t magic, segments;
	uint32_t entry;
};

/* An image as it lies: version 2 has the code that stays in flash before the rest. */
struct image {
	struct span flash; /* that code; empty in version 1 */
	struct esp_segments segments;
	uint64_t sum_end, end;
	bool version_2, sum_good, crc_good, cut;
};

static bool
fits(uint32_t address)
{
	return (address >= 0x3ffe8000 && address < 0x40000000) ||
	       (address >= 0x40100000 && address < 0x40110000) ||
	       (address >= FLASH_AT && address < 0x40400000);
}

static bool
read_header(struct reader *reader, struct header *header)
{
	uint8_t mode, speed;

	header->magic = read_u8(reader);
	header->segments = read_u8(reader);
	mode = read_u8(reader);
	speed = read_u8(reader) & 15;
	header->entry = read_u32_le(reader);
	return !reader->overrun && mode <= 3 && (speed <= 2 || speed == 15) && fits(header->entry);
}

/* The CRC-32 that esptool appends to version 2: negative ones are made one less than they are. */
static bool
crc_is_good(struct span image, uint64_t end)
{
	struct reader reader = {.rest = span_from(image, end)};
	uint32_t said = read_u32_le(&reader), crc = crc32_of(0, span_part(image, 0, end));

	return !reader.overrun && (said == crc || said == ((crc & 0x80000000u) ? ~crc : crc + 1));
}

/* False: it is none. */
static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};
	struct header header;
	uint64_t from = 0;

	*image = (struct image){0};
	if (!read_header(&reader, &header))
		return false;
	image->version_2 = header.magic == 0xea;
	if (image->version_2) {
		uint32_t address = read_u32_le(&reader), size = read_u32_le(&reader);

		if (header.segments != 4 || address != 0 || size > 16u << 20)
			return false;
		image->flash = read_bytes(&reader, size);
		from = HEADER_SIZE + 8 + (uint64_t)size;
		image->cut = reader.overrun || reader.rest.size < HEADER_SIZE;
		if (image->cut)
			return true;
		if (!read_header(&reader, &header))
			return false;
	}
	if (header.magic != 0xe9 || header.segments == 0 || header.segments > ESP_MAX_SEGMENTS)
		return false;
	image->segments = esp_segments_read(at, from + HEADER_SIZE, header.segments, fits);
	image->end = image->sum_end = esp_sum_end(image->segments.end);
	image->cut = image->segments.cut || image->sum_end > at.size;
	if (!image->segments.plausible)
		return false;
	if (image->cut)
		return true;
	image->sum_good = at.at[image->sum_end - 1] == esp_segments_sum(&image->segments);
	image->crc_good = image->sum_good && crc_is_good(at, image->sum_end);
	if (image->crc_good)
		image->end += 4;
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	struct text text = text_new(job);

	if (!read_image(at, &image))
		return;
	claim->tried = true;
	if ((image.cut || !image.sum_good) && !claim->expected)
		return;
	claim->bytes = image.cut ? at.size : image.end;
	text_printf(&text, "ESP8266, header version %u, %zu segments", image.version_2 ? 2u : 1u,
	    image.segments.count + (image.flash.size != 0));
	if (image.cut)
		text_put(&text, ", cut short");
	else
		text_printf(&text, ", checksum %s%s, unsigned", image.sum_good ? "good" : "bad",
		    image.crc_good ? ", crc32 good" : "");
	if (image.cut || !image.sum_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = image.cut ? "the image is cut short" : "the checksum is bad";
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;

	if (!read_image(content, &image))
		return fail(job, STATUS_MALFORMED, "esp8266: no header");
	if (image.flash.size != 0) {
		struct entry entry = {
		    .name = span_of_string("irom.bin"), .type = NODE_FILE, .mode = 0644};

		TRY(unpack_file(unpack, container, &entry, image.flash, NULL));
	}
	return esp_segments_add(unpack, container, &image.segments);
}

static const struct magic magics[] = {
    {.pattern =
	    "^\\xe9[\\x01-\\x10][\\x00-\\x03]...[\\x10-\\x3f]\\x40...[\\x3f\\x40]..[\\x00-\\x3f]"
	    "\\x00",
	.length = 16},
    {.pattern = "^\\xea\\x04[\\x00-\\x03]...[\\x10-\\x3f]\\x40\\x00\\x00\\x00\\x00...\\x00",
	.length = 16},
};

const struct format format_esp8266_image = {
    .name = "esp8266_image",
    .title = "Espressif ESP8266 application or boot loader",
    .source = "esptool documentation, \"ESP8266 Firmware Image Format\"; ESP8266_RTOS_SDK "
	      "esp_image_format.h",
    .gaps = "code in flash that lies beside a version 1 image has no header and is a gap",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
