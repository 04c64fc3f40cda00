/* Intel HEX is lines of hexadecimal digits: an address, a kind, bytes and their sum. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/chunks.h"

enum {
	KIND_DATA,
	KIND_END,
	KIND_SEGMENT,
	KIND_SEGMENT_START,
	KIND_LINEAR,
	KIND_LINEAR_START,
};

struct record {
	uint8_t size, kind;
	uint16_t address;
	uint8_t data[255];
	bool sum_good;
};

/* What was read so far. */
struct file {
	struct chunks *chunks; /* NULL: they are only counted */
	uint64_t base, records, bytes, bad_sums;
	size_t end; /* behind the last good line */
	uint32_t start;
	bool has_start, has_end;
};

static bool
read_record(struct reader *reader, struct record *record)
{
	uint8_t head[4], sum = 0, said;

	if (read_u8(reader) != ':')
		return false;
	read_hex_bytes(reader, head, sizeof head);
	record->size = head[0];
	record->address = (uint16_t)(head[1] << 8 | head[2]);
	record->kind = head[3];
	read_hex_bytes(reader, record->data, record->size);
	read_hex_bytes(reader, &said, 1);
	for (size_t i = 0; i < sizeof head; i++)
		sum = (uint8_t)(sum + head[i]);
	for (size_t i = 0; i < record->size; i++)
		sum = (uint8_t)(sum + record->data[i]);
	record->sum_good = (uint8_t)(sum + said) == 0;
	return !reader->overrun && record->kind <= KIND_LINEAR_START;
}

static uint32_t
number(const struct record *record)
{
	uint32_t value = 0;

	for (size_t i = 0; i < record->size && i < 4; i++)
		value = value << 8 | record->data[i];
	return value;
}

static void
take_record(struct file *file, const struct record *record)
{
	file->records++;
	file->bad_sums += !record->sum_good;
	switch (record->kind) {
	case KIND_DATA:
		file->bytes += record->size;
		if (file->chunks != NULL)
			chunks_add(file->chunks, file->base + record->address,
			    (struct span){record->data, record->size});
		break;
	case KIND_SEGMENT:
		file->base = (uint64_t)number(record) << 4;
		break;
	case KIND_LINEAR:
		file->base = (uint64_t)number(record) << 16 & UINT32_MAX;
		break;
	case KIND_SEGMENT_START:
	case KIND_LINEAR_START:
		file->start = number(record);
		file->has_start = true;
		break;
	default:
		file->has_end = true;
		break;
	}
}

static void
read_file(struct span at, struct file *file)
{
	struct reader reader = {.rest = at};
	struct record record;

	while (!file->has_end && reader.rest.size != 0 && read_record(&reader, &record)) {
		take_record(file, &record);
		read_line_end(&reader);
		file->end = at.size - reader.rest.size;
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct file file = {0};
	struct text text = text_new(job);

	read_file(at, &file);
	claim->tried = true;
	if (file.records < 2 || file.bytes == 0 ||
	    (!claim->expected && (!file.has_end || file.bad_sums != 0)))
		return;
	claim->bytes = file.has_end ? file.end : at.size;
	text_printf(&text, "%" PRIu64 " records, checksums %s, %" PRIu64 " bytes", file.records,
	    file.bad_sums == 0 ? "good" : "bad", file.bytes);
	if (file.has_start)
		text_printf(&text, ", start at 0x%08x", file.start);
	if (!file.has_end || file.bad_sums != 0) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = file.has_end ? "the sum of a record is bad"
						 : "there is no last record: cut short";
		text_printf(&text, ", %s", claim->incomplete);
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
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
    {.pattern = "^:[0-9A-Fa-f]{6}0[0-5][0-9A-Fa-f]{2}", .length = 11}};

const struct format format_ihex = {
    .name = "ihex",
    .title = "Intel HEX",
    .source = "Intel Hexadecimal Object File Format Specification, revision A",
    .gaps = "",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
