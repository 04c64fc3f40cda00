/* EBL, of Ember's boot loader, is big-endian records of which each brings bytes to an address. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/chunks.h"

#define BLOCK 64u

enum {
	TAG_HEADER = 0x0000,
	TAG_METADATA = 0xf608,
	TAG_MAC = 0xf709,
	TAG_ENCRYPTED = 0xf907,
	TAG_ENCRYPTION = 0xfa06,
	TAG_ENCRYPTED_HEADER = 0xfb05,
	TAG_END = 0xfc04,
	TAG_ERASE_PROGRAM = 0xfd03,
	TAG_PROGRAM = 0xfe01,
};

struct record {
	uint16_t tag;
	struct span value;
};

struct file {
	struct chunks *chunks; /* NULL: they are only counted */
	uint64_t records, bytes, end;
	bool has_end, crc_good, encrypted, unknown;
};

static bool
read_record(struct reader *reader, struct record *record)
{
	uint16_t size;

	record->tag = read_u16_be(reader);
	size = read_u16_be(reader);
	record->value = read_bytes(reader, size);
	return !reader->overrun;
}

static void
take_record(struct file *file, const struct record *record)
{
	struct reader reader = {.rest = record->value};
	uint32_t address;

	switch (record->tag) {
	case TAG_PROGRAM:
	case TAG_ERASE_PROGRAM:
		address = read_u32_be(&reader);
		file->records++;
		file->bytes += reader.rest.size;
		if (file->chunks != NULL)
			chunks_add(file->chunks, address, reader.rest);
		break;
	case TAG_ENCRYPTED:
	case TAG_ENCRYPTED_HEADER:
		file->encrypted = true;
		break;
	case TAG_HEADER:
	case TAG_METADATA:
	case TAG_MAC:
	case TAG_ENCRYPTION:
	case TAG_END:
		break;
	default:
		file->unknown = true;
		break;
	}
}

static void
read_file(struct span at, struct file *file)
{
	struct reader reader = {.rest = at};
	struct record record;

	while (!file->has_end && !file->unknown && read_record(&reader, &record)) {
		take_record(file, &record);
		file->end = at.size - reader.rest.size;
		file->has_end = record.tag == TAG_END;
	}
	/* the checksum makes the whole come out as this, as of any CRC-32 */
	file->crc_good =
	    file->has_end && crc32_of(0, span_part(at, 0, file->end)) == (uint32_t)~0xdebb20e3u;
	while (file->has_end && file->end % BLOCK != 0 && file->end < at.size &&
	       at.at[file->end] == 0xff)
		file->end++;
}

static bool
read_header(struct span at, uint16_t *version)
{
	struct reader reader = {.rest = at};
	uint16_t tag = read_u16_be(&reader), size = read_u16_be(&reader), signature;

	*version = read_u16_be(&reader);
	signature = read_u16_be(&reader);
	return !reader.overrun && signature == 0xe350 &&
	       (tag == TAG_HEADER || tag == TAG_ENCRYPTED_HEADER) && size >= 4;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct file file = {0};
	uint16_t version;

	if (!read_header(at, &version))
		return;
	read_file(at, &file);
	if (!claim->expected && (!file.has_end || !file.crc_good))
		return;
	claim->bytes = file.has_end ? file.end : at.size;
	claim->detail =
	    arena_printf(job, "version %u.%u, %" PRIu64 " records, %" PRIu64 " bytes, crc32 %s%s",
		version >> 8, version & 0xff, file.records, file.bytes,
		file.crc_good ? "good" : "bad", file.encrypted ? ", AES-CCM encrypted" : "");
	if (file.encrypted) {
		claim->coverage = COVERAGE_ENCRYPTED;
		claim->incomplete = "the image is encrypted";
	} else if (!file.crc_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = file.has_end   ? "the checksum is bad"
				    : file.unknown ? "a record is of no known kind"
						   : "the image is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct file counted = {0}, file = {0};

	read_file(content, &counted);
	file.chunks = chunks_new(job, (size_t)counted.bytes, (size_t)counted.records);
	if (file.chunks == NULL)
		return STATUS_LIMIT;
	read_file(content, &file);
	return chunks_write(job, unpack, container, file.chunks);
}

static const struct magic magics[] = {
    {.pattern = "^(\\x00\\x00|\\xfb\\x05)..\\x02.\\xe3\\x50", .length = 8}};

const struct format format_ebl = {
    .name = "ebl",
    .title = "Ember boot loader image (EBL)",
    .source = "Silicon Labs UG103.6 \"Bootloader Fundamentals\", section on EBL files",
    .gaps = "",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
