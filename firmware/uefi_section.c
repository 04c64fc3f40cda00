/* A UEFI file is sections, and some sections are sections again: compressed, signed, or wrapped. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/uefi.h"

#define MAX_DEPTH 8u
#define MAX_SECTIONS 4096u          /* of one run */
#define LARGE_SETTING ((size_t)512) /* a version or a condition that may be more than that */
#define PROCESSING_REQUIRED 1u

enum {
	SECTION_COMPRESSED = 0x01,
	SECTION_GUIDED = 0x02,
	SECTION_DISPOSABLE = 0x03,
	SECTION_VERSION = 0x14,
	SECTION_NAME = 0x15,
	SECTION_FREEFORM = 0x18,
};

static const struct {
	uint8_t type;
	const char *name;
	bool setting; /* not a file unless it is large */
} leaves[] = {
    {0x10, "pe32", false},
    {0x11, "pic", false},
    {0x12, "te", false},
    {0x13, "depex", true},
    {0x14, "version", true},
    {0x15, "ui", true},
    {0x16, "compatibility16", false},
    {0x17, "volume", false},
    {0x18, "freeform", false},
    {0x19, "raw", false},
    {0x1b, "pei_depex", true},
    {0x1c, "mm_depex", true},
};

struct section {
	uint8_t type;
	struct span whole, body;
};

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct node *folder;
	unsigned depth;
	unsigned used[256]; /* how many files of each type there are */
};

/* Takes the next section off the reader, which began at `all`; false at the end or at no section.
 */
static bool
next_section(struct reader *reader, struct span all, struct section *section)
{
	struct reader header;
	size_t done = all.size - reader->rest.size;
	uint64_t size;
	size_t header_size = 4;

	if (done % 4 != 0)
		read_bytes(
		    reader, (4 - done % 4) < reader->rest.size ? 4 - done % 4 : reader->rest.size);
	header = (struct reader){.rest = reader->rest};
	size = read_u8(&header);
	size |= (uint64_t)read_u16_le(&header) << 8;
	section->type = read_u8(&header);
	if (size == 0xffffff) {
		size = read_u32_le(&header);
		header_size = 8;
	}
	if (header.overrun || size < header_size || size > reader->rest.size)
		return false;
	section->whole = read_bytes(reader, size);
	section->body = span_from(section->whole, header_size);
	return true;
}

struct span
uefi_file_name(struct span sections)
{
	struct reader reader = {.rest = sections};
	struct section section;

	for (unsigned i = 0; i < MAX_SECTIONS && next_section(&reader, sections, &section); i++)
		if (section.type == SECTION_NAME)
			return section.body;
	return (struct span){0};
}

static enum status
add_file(struct walk *walk, const char *name, uint8_t type, struct span content)
{
	unsigned number = ++walk->used[type];
	struct entry entry = {.type = NODE_FILE, .mode = 0644};
	const char *unique = number == 1 ? name : arena_printf(walk->job, "%s.%u", name, number);

	if (unique == NULL)
		return STATUS_LIMIT;
	entry.name = span_of_string(unique);
	return unpack_file(walk->unpack, walk->folder, &entry, content, NULL);
}

static enum status
add_leaf(struct walk *walk, const struct section *section)
{
	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++) {
		if (leaves[i].type != section->type)
			continue;
		if (leaves[i].setting && section->body.size < LARGE_SETTING)
			return STATUS_OK;
		return add_file(walk, leaves[i].name, section->type,
		    section->type == SECTION_FREEFORM ? span_from(section->body, GUID_SIZE)
						      : section->body);
	}
	return add_file(walk, arena_printf(walk->job, "section_%02x", section->type), section->type,
	    section->body);
}

static enum status walk_sections(struct walk *walk, struct span sections);

/* Cannot be unpacked: said, and no more. */
static enum status
refuse(struct walk *walk, const struct section *section, enum coverage coverage, const char *why)
{
	return unpack_damage(
	    walk->unpack, walk->folder, 0, section->whole.size, coverage, "uefi: %s", why);
}

/* Does it begin like a section?  Two decoders may take the same bytes. */
static bool
looks_like_sections(struct span bytes)
{
	struct reader reader = {.rest = bytes};
	struct section section;

	return next_section(&reader, bytes, &section) && section.type != 0 && section.type < 0x20;
}

static enum status
walk_efi(struct walk *walk, const struct section *section, struct span packed, bool tiano)
{
	uint32_t size = efi_decoded_size(packed);
	uint8_t *out;
	bool good;

	TRY(unpack_allow(walk->unpack, walk->job, size));
	out = arena_allocate(walk->job, size);
	if (out == NULL)
		return STATUS_LIMIT;
	good = size != 0 && !tiano && efi_decode(packed, EFI_STANDARD, out, size) &&
	       looks_like_sections((struct span){out, size});
	/* vendors call Tiano's the standard one */
	if (!good && size != 0)
		good = efi_decode(packed, EFI_TIANO, out, size);
	if (!good)
		return refuse(
		    walk, section, COVERAGE_DAMAGED, "a compressed section cannot be decoded");
	return walk_sections(walk, (struct span){out, size});
}

static enum status
walk_lzma(struct walk *walk, const struct section *section, struct span packed, bool branches)
{
	struct buffer buffer = {.limit = unpack_room(walk->unpack)};
	size_t used = 0;
	enum stream_end end = lzma_decode(packed, &buffer, &used);
	enum status status;

	if (end == STREAM_LIMIT)
		status = unpack_allow(walk->unpack, walk->job, UINT64_MAX);
	else if (end != STREAM_ENDED)
		status =
		    refuse(walk, section, COVERAGE_DAMAGED, "an LZMA section cannot be decoded");
	else {
		if (branches)
			x86_branch_decode(buffer.at, buffer.size);
		status = walk_sections(walk, buffer_span(&buffer));
	}
	buffer_free(&buffer);
	return status;
}

static enum status
walk_checked(struct walk *walk, const struct section *section, struct span said, struct span body)
{
	struct reader reader = {.rest = said};

	if (read_u32_le(&reader) != crc32_of(0, body) || reader.overrun)
		TRY(refuse(walk, section, COVERAGE_DAMAGED, "the crc32 of a section is bad"));
	return walk_sections(walk, body);
}

static enum status
walk_guided(struct walk *walk, const struct section *section)
{
	struct reader reader = {.rest = section->body};
	struct span guid = read_bytes(&reader, GUID_SIZE), body;
	uint16_t offset = read_u16_le(&reader), attributes = read_u16_le(&reader);
	const char *text;

	body = span_from(section->whole, offset);
	if (reader.overrun || body.size == 0)
		return refuse(walk, section, COVERAGE_DAMAGED, "a section of a GUID is cut short");
	if (uefi_guid_is(guid, "ee4e5898-3914-4259-9d6e-dc7bd79403cf"))
		return walk_lzma(walk, section, body, false);
	if (uefi_guid_is(guid, "d42ae6bd-1352-4bfb-909a-ca72a6eae889"))
		return walk_lzma(walk, section, body, true);
	if (uefi_guid_is(guid, "a31280ad-481e-41b6-95e8-127f4c984779"))
		return walk_efi(walk, section, body, true);
	if (uefi_guid_is(guid, "fc1bcdb0-7d31-49aa-936a-a4600d9dd083"))
		return walk_checked(walk, section, reader.rest, body);
	/* signed: the certificate lies before the data */
	if ((attributes & PROCESSING_REQUIRED) == 0 ||
	    uefi_guid_is(guid, "a7717414-c616-4977-9420-844712a735bf") ||
	    uefi_guid_is(guid, "0f9d89e8-9259-4f76-a5af-0c89e34023df"))
		return walk_sections(walk, body);
	text = uefi_guid_is(guid, "3d532050-5cda-4fd0-879e-0f7f630d5afb")
		   ? "Brotli is not read"
		   : arena_printf(walk->job, "the section type %s is not known",
			 uefi_guid_text(walk->job, guid));
	if (text == NULL)
		return STATUS_LIMIT;
	return refuse(walk, section, COVERAGE_UNSUPPORTED, text);
}

static enum status
walk_compressed(struct walk *walk, const struct section *section)
{
	struct reader reader = {.rest = section->body};
	uint8_t type;

	read_bytes(&reader, 4); /* how large it will be: said again inside */
	type = read_u8(&reader);
	if (reader.overrun || type > 1)
		return refuse(walk, section, COVERAGE_UNSUPPORTED,
		    "a compressed section of a type nobody knows");
	return type == 0 ? walk_sections(walk, reader.rest)
			 : walk_efi(walk, section, reader.rest, false);
}

static enum status
add_section(struct walk *walk, const struct section *section)
{
	switch (section->type) {
	case SECTION_COMPRESSED:
		return walk_compressed(walk, section);
	case SECTION_GUIDED:
		return walk_guided(walk, section);
	case SECTION_DISPOSABLE:
		return walk_sections(walk, section->body);
	default:
		return add_leaf(walk, section);
	}
}

/* All bytes are one value: what an erased flash or a compiler fills with. */
static bool
is_fill(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != bytes.at[0] || (bytes.at[0] != 0 && bytes.at[0] != 0xff))
			return false;
	return true;
}

static enum status
walk_sections(struct walk *walk, struct span sections)
{
	struct reader reader = {.rest = sections};
	struct section section;
	enum status status = STATUS_OK;

	if (walk->depth >= MAX_DEPTH)
		return fail(walk->job, STATUS_LIMIT, "limit: uefi: sections nested too deeply");
	walk->depth++;
	for (unsigned i = 0; i < MAX_SECTIONS && !is_fill(reader.rest) && status == STATUS_OK;
	     i++) {
		struct arena_mark mark = arena_mark(walk->job->arena);

		if (!next_section(&reader, sections, &section))
			break;
		status = add_section(walk, &section);
		arena_release(walk->job->arena, mark);
	}
	walk->depth--;
	if (status != STATUS_OK || is_fill(reader.rest))
		return status;
	TRY(unpack_damage(walk->unpack, walk->folder, 0, reader.rest.size, COVERAGE_DAMAGED,
	    "uefi: what should be sections is not"));
	return add_file(walk, "rest", 0, reader.rest);
}

enum status
uefi_add_sections(struct job *job, struct unpack *unpack, struct node *folder, struct span sections)
{
	struct walk *walk = arena_allocate(job, sizeof *walk);

	if (walk == NULL)
		return STATUS_LIMIT;
	walk->job = job;
	walk->unpack = unpack;
	walk->folder = folder;
	return walk_sections(walk, sections);
}
