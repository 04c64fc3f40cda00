/* A Zigbee OTA file is elements with tags behind a header; the stack's maker decides what is in
 * them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/unpack.h"

#define LEAST_HEADER 56u
#define MAX_ELEMENTS 64u

enum {
	FIELD_CREDENTIAL = 1,
	FIELD_DESTINATION = 2,
	FIELD_HARDWARE = 4,
};

struct header {
	uint16_t header_size, fields, manufacturer, type, stack;
	uint32_t version, size;
	uint16_t least_hardware, most_hardware;
	struct span title;
	struct span rest; /* what the fields do not account for */
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	uint32_t magic = read_u32_le(&reader);
	uint16_t version = read_u16_le(&reader);

	header->header_size = read_u16_le(&reader);
	header->fields = read_u16_le(&reader);
	header->manufacturer = read_u16_le(&reader);
	header->type = read_u16_le(&reader);
	header->version = read_u32_le(&reader);
	header->stack = read_u16_le(&reader);
	header->title = read_bytes(&reader, 32);
	header->size = read_u32_le(&reader);
	if (header->fields & FIELD_CREDENTIAL)
		read_u8(&reader);
	if (header->fields & FIELD_DESTINATION)
		read_bytes(&reader, 8);
	if (header->fields & FIELD_HARDWARE) {
		header->least_hardware = read_u16_le(&reader);
		header->most_hardware = read_u16_le(&reader);
	}
	if (reader.overrun || magic != 0x0beef11e || version != 0x0100 ||
	    header->header_size < at.size - reader.rest.size || header->fields > 7)
		return false;
	header->rest = span_part(
	    at, at.size - reader.rest.size, header->header_size - (at.size - reader.rest.size));
	return header->header_size >= LEAST_HEADER && header->size > header->header_size;
}

static const char *
manufacturer_name(uint16_t code)
{
	static const struct {
		uint16_t code;
		const char *name;
	} names[] = {{0x100b, "Signify"}, {0x117c, "IKEA"}, {0x110c, "OSRAM"}, {0x1189, "LEDVANCE"},
	    {0x115f, "Lumi"}, {0x1021, "Legrand"}, {0x105e, "Schneider Electric"},
	    {0x10f2, "ubisys"}, {0x1166, "Innr"}, {0x1246, "Danfoss"}, {0x1286, "eWeLink"},
	    {0x1049, "Silicon Labs"}, {0x1141, "Telink"}, {0x1037, "Jennic"}, {0x1002, "Ember"},
	    {0x1015, "Develco"}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].code == code)
			return names[i].name;
	return NULL;
}

static const char *
tag_name(uint16_t tag)
{
	static const char *const names[] = {"upgrade_image", "ecdsa_signature", "ecdsa_certificate",
	    "integrity_code", "picture", "ecdsa_signature_2", "ecdsa_certificate_2"};

	return tag < ARRAY_SIZE(names) ? names[tag] : tag >= 0xf000 ? "manufacturer" : "reserved";
}

struct element {
	uint16_t tag;
	uint32_t said;
	struct span content; /* as much as there is */
};

static bool
read_element(struct reader *reader, struct element *element)
{
	element->tag = read_u16_le(reader);
	element->said = read_u32_le(reader);
	if (reader->overrun)
		return false;
	element->content = read_bytes(
	    reader, element->said < reader->rest.size ? element->said : reader->rest.size);
	return true;
}

/* Do the elements fill the file?  Says what they are. */
static bool
describe_elements(struct span elements, struct text *text)
{
	struct reader reader = {.rest = elements};
	struct element element;
	bool is_signed = false, has_code = false;
	unsigned count = 0;

	while (reader.rest.size != 0 && count < MAX_ELEMENTS) {
		if (!read_element(&reader, &element) || element.content.size != element.said)
			return false;
		is_signed |= element.tag == 1 || element.tag == 5;
		has_code |= element.tag == 3;
		count++;
	}
	text_printf(text, ", %u element%s%s%s", count, count == 1 ? "" : "s",
	    is_signed ? ", ECDSA signature" : "", has_code ? ", integrity code" : "");
	return reader.rest.size == 0 && count != 0;
}

static void
describe(struct job *job, struct text *text, const struct header *header)
{
	const char *title = text_from_bytes(
	    job, header->title.at, strnlen((const char *)header->title.at, header->title.size), 64);
	const char *name = manufacturer_name(header->manufacturer);

	text_printf(text, "manufacturer 0x%04x", header->manufacturer);
	if (name != NULL)
		text_printf(text, " (%s)", name);
	text_printf(text, ", image type 0x%04x, version 0x%08x, \"%s\"", header->type,
	    header->version, title == NULL ? "" : title);
	if (header->fields & FIELD_HARDWARE)
		text_printf(text, ", for hardware 0x%04x to 0x%04x", header->least_hardware,
		    header->most_hardware);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	struct text text;
	bool cut, good;

	if (!read_header(at, &header))
		return;
	text = text_new(job);
	cut = header.size > at.size;
	describe(job, &text, &header);
	good =
	    !cut && describe_elements(
			span_part(at, header.header_size, header.size - header.header_size), &text);
	if (!good && !claim->expected)
		return; /* images hold the headers they were made from */
	claim->bytes = cut ? at.size : header.size;
	if (!good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = cut ? "the file is cut short" : "its elements do not fill it";
		text_printf(&text, ", %s", claim->incomplete);
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct reader reader;
	struct element element;

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "zigbee: no header");
	if (header.rest.size != 0)
		TRY(unpack_part(unpack, container, "header.bin", header.rest));
	reader = (struct reader){.rest = span_from(content, header.header_size)};
	for (unsigned i = 0; i < MAX_ELEMENTS && reader.rest.size != 0; i++) {
		char name[48];

		if (!read_element(&reader, &element))
			return STATUS_OK; /* measure() has told */
		snprintf(name, sizeof name, "%u.%04x.%s", i, element.tag, tag_name(element.tag));
		TRY(unpack_part(unpack, container, name, element.content));
	}
	return STATUS_OK;
}

static const struct magic magics[] = {{.pattern = "\\x1e\\xf1\\xee\\x0b\\x00\\x01", .length = 6}};

const struct format format_zigbee_ota = {
    .name = "zigbee_ota",
    .title = "Zigbee OTA upgrade file",
    .source = "Zigbee Cluster Library, chapter 11 (OTA Upgrade), 11.4 \"OTA file format\"",
    .gaps = "signatures and integrity codes are named, not verified; elements of a manufacturer "
	    "are files",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
