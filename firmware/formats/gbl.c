/* GBL, of Silicon Labs' boot loader, is little-endian tags, the last of which is a checksum. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/chunks.h"

#define MAX_TAGS 256u

#define TAG_HEADER 0x03a617ebu
#define TAG_DEPENDENCY 0x76a617ebu
#define TAG_LOADER 0xf50909f5u
#define TAG_APPLICATION 0xf40a0af4u
#define TAG_METADATA 0xf60808f6u
#define TAG_PROGRAM 0xfe0101feu
#define TAG_ERASE_PROGRAM 0xfd0303fdu
#define TAG_LZ4 0xfd0505fdu
#define TAG_LZMA 0xfd0707fdu
#define TAG_SECURE_ENGINE 0x5ea617ebu
#define TAG_ENCRYPTION 0xfa0606fau
#define TAG_ENCRYPTED 0xf90707f9u
#define TAG_SIGNATURE 0xf70a0af7u
#define TAG_CERTIFICATE 0xf30b0bf3u
#define TAG_END 0xfc0404fcu

struct tag_value {
	uint32_t tag;
	struct span value;
};

/* Where what it holds goes; all NULL while it is only measured. */
struct sink {
	struct unpack *unpack;
	struct node *container;
	struct chunks *chunks;
};

struct file {
	uint64_t tags, programs, bytes, end;
	uint32_t version, application;
	bool has_end, crc_good, encrypted, is_signed, compressed, has_loader, has_engine;
};

static bool
read_tag(struct reader *reader, struct tag_value *tag)
{
	uint32_t size;

	tag->tag = read_u32_le(reader);
	size = read_u32_le(reader);
	tag->value = read_bytes(reader, size);
	return !reader->overrun;
}

static enum status
add(const struct sink *sink, const char *name, struct span content)
{
	struct entry entry = {.name = span_of_string(name), .type = NODE_FILE, .mode = 0644};

	if (sink->unpack == NULL)
		return STATUS_OK;
	return unpack_file(sink->unpack, sink->container, &entry, content, NULL);
}

/* Bytes for the flash of the application. */
static void
take_program(struct file *file, const struct sink *sink, struct span value)
{
	struct reader reader = {.rest = value};
	uint32_t address = read_u32_le(&reader);

	file->programs++;
	file->bytes += reader.rest.size;
	if (sink->chunks != NULL)
		chunks_add(sink->chunks, address, reader.rest);
}

static enum status
take_tag(struct file *file, const struct sink *sink, const struct tag_value *tag)
{
	struct reader reader = {.rest = tag->value};

	switch (tag->tag) {
	case TAG_HEADER:
		file->version = read_u32_le(&reader);
		return STATUS_OK;
	case TAG_APPLICATION:
		read_bytes(&reader, 4);
		file->application = read_u32_le(&reader);
		return STATUS_OK;
	case TAG_PROGRAM:
	case TAG_ERASE_PROGRAM:
		take_program(file, sink, tag->value);
		return STATUS_OK;
	case TAG_LOADER:
		file->has_loader = true;
		return add(sink, "boot_loader.bin", tag->value);
	case TAG_SECURE_ENGINE:
		file->has_engine = true;
		return add(sink, "secure_engine.bin", tag->value);
	case TAG_METADATA:
		return add(sink, "metadata.bin", tag->value);
	case TAG_CERTIFICATE:
		return add(sink, "certificate.bin", tag->value);
	case TAG_LZ4:
	case TAG_LZMA:
		file->compressed = true;
		return STATUS_OK;
	case TAG_ENCRYPTED:
		file->encrypted = true;
		return STATUS_OK;
	case TAG_SIGNATURE:
		file->is_signed = true;
		return STATUS_OK;
	case TAG_ENCRYPTION:
	case TAG_DEPENDENCY:
	case TAG_END:
		return STATUS_OK;
	default:
		return add(sink, "other_tag.bin", tag->value);
	}
}

static enum status
read_file(struct span at, const struct sink *sink, struct file *file)
{
	struct reader reader = {.rest = at};
	struct tag_value tag;

	while (!file->has_end && file->tags < MAX_TAGS && read_tag(&reader, &tag)) {
		if (tag.tag == TAG_HEADER && file->tags != 0)
			break; /* another one begins */
		TRY(take_tag(file, sink, &tag));
		file->tags++;
		file->end = at.size - reader.rest.size;
		file->has_end = tag.tag == TAG_END;
	}
	/* over all with the checksum itself, a CRC-32 always comes out as this */
	file->crc_good = file->has_end && crc32_of(0, span_part(at, 0, file->end)) == 0x2144df1cu;
	return STATUS_OK;
}

static void
set_coverage(const struct file *file, struct claim *claim)
{
	if (!file->has_end || !file->crc_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    file->has_end ? "the checksum is bad" : "there is no end: cut short";
	} else if (file->encrypted) {
		claim->coverage = COVERAGE_ENCRYPTED;
		claim->incomplete = "the image is encrypted";
	} else if (file->compressed) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "gbl: compressed programs are not read";
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	static const struct sink nowhere;
	struct file file = {0};
	struct text text = text_new(job);

	claim->tried = true;
	/* counting adds nothing, so it cannot fail */
	if (read_file(at, &nowhere, &file) != STATUS_OK)
		return;
	claim->searched = file.end;
	if ((!claim->expected && (!file.has_end || !file.crc_good)))
		return;
	claim->bytes = file.has_end ? file.end : at.size;
	set_coverage(&file, claim);
	text_printf(
	    &text, "version %u, %" PRIu64 " bytes to program", file.version >> 24, file.bytes);
	if (file.application != 0)
		text_printf(&text, ", application version 0x%08x", file.application);
	text_printf(&text, "%s%s%s%s, %s, crc32 %s", file.has_loader ? ", boot loader" : "",
	    file.has_engine ? ", secure engine" : "", file.encrypted ? ", AES-CCM encrypted" : "",
	    file.compressed ? ", compressed" : "",
	    file.is_signed ? "ECDSA P-256 signature" : "unsigned", file.crc_good ? "good" : "bad");
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct sink nowhere;
	struct sink sink = {.unpack = unpack, .container = container};
	struct file counted = {0}, file = {0};

	TRY(read_file(content, &nowhere, &counted));
	sink.chunks = chunks_new(job, (size_t)counted.bytes, (size_t)counted.programs);
	if (sink.chunks == NULL)
		return STATUS_LIMIT;
	TRY(read_file(content, &sink, &file));
	return chunks_write(job, unpack, container, sink.chunks);
}

static const struct magic magics[] = {
    {.pattern = "\\xeb\\x17\\xa6\\x03\\x08\\x00\\x00\\x00", .length = 8}};

const struct format format_gbl = {
    .name = "gbl",
    .title = "Gecko boot loader image (GBL)",
    .source = "Silicon Labs UG266 / UG489 \"Gecko Bootloader User's Guide\", GBL file format",
    .gaps = "programs compressed by LZ4 or LZMA; version 4 of the format",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
