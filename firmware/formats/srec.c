/* A Motorola S-record says its own length, address and sum; the last one where to start. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/chunks.h"

struct record {
	char kind; /* '0' to '9' */
	uint64_t address;
	size_t size;
	uint8_t data[255];
	bool sum_good;
};

struct file {
	struct chunks *chunks; /* NULL: they are only counted */
	uint64_t records, data_records, bytes, bad;
	size_t end; /* behind the last good line */
	uint64_t start;
	struct span title;
	uint8_t title_bytes[255];
	bool counted; /* so many records as were read */
	bool has_end;
};

/* Bytes of an address by kind; 0: there is no such kind. */
static size_t
address_size(char kind)
{
	static const uint8_t sizes[] = {2, 2, 3, 4, 0, 2, 3, 4, 3, 2};

	return kind >= '0' && kind <= '9' ? sizes[kind - '0'] : 0;
}

static bool
read_record(struct reader *reader, struct record *record)
{
	uint8_t count, all[255], sum;
	size_t address;

	if (read_u8(reader) != 'S')
		return false;
	record->kind = (char)read_u8(reader);
	address = address_size(record->kind);
	read_hex_bytes(reader, &count, 1);
	if (reader->overrun || address == 0 || count < address + 1)
		return false;
	read_hex_bytes(reader, all, count);
	sum = count;
	for (size_t i = 0; i < count; i++)
		sum = (uint8_t)(sum + all[i]);
	record->sum_good = sum == 0xff;
	record->address = 0;
	for (size_t i = 0; i < address; i++)
		record->address = record->address << 8 | all[i];
	record->size = count - address - 1;
	memcpy(record->data, all + address, record->size);
	return !reader->overrun;
}

static void
take_record(struct file *file, const struct record *record)
{
	file->records++;
	file->bad += !record->sum_good;
	if (record->kind == '0' && file->title.size == 0) {
		memcpy(file->title_bytes, record->data, record->size);
		file->title = (struct span){file->title_bytes, record->size};
	} else if (record->kind >= '1' && record->kind <= '3') {
		file->data_records++;
		file->counted = false;
		file->bytes += record->size;
		if (file->chunks != NULL)
			chunks_add(file->chunks, record->address,
			    (struct span){record->data, record->size});
	} else if (record->kind == '5' || record->kind == '6') {
		file->counted = record->address == file->data_records;
		file->bad += !file->counted;
	} else if (record->kind >= '7') {
		file->start = record->address;
		file->has_end = true;
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
	const char *title;
	bool whole;

	read_file(at, &file);
	/* a start address may be missing where there is a count */
	whole = file.has_end || file.counted;
	claim->tried = true;
	if (file.records < 2 || file.bytes == 0 || (!claim->expected && (!whole || file.bad != 0)))
		return;
	claim->bytes = whole ? file.end : at.size;
	title = text_from_bytes(
	    job, file.title_bytes, strnlen((const char *)file.title_bytes, file.title.size), 64);
	text_printf(&text, "\"%s\", %" PRIu64 " records, checksums %s, %" PRIu64 " bytes",
	    title == NULL ? "" : title, file.records, file.bad == 0 ? "good" : "bad", file.bytes);
	if (file.has_end)
		text_printf(&text, ", start at 0x%08" PRIx64, file.start);
	if (!whole || file.bad != 0) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = whole ? "the sum or count of records is bad"
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

static const struct magic magics[] = {{.pattern = "^S[0-3][0-9A-Fa-f]{8}", .length = 10}};

const struct format format_srec = {
    .name = "srec",
    .title = "Motorola S-records",
    .source = "Motorola M68000 Family Programmer's Reference Manual, appendix C",
    .gaps = "records that follow the one that ends a file",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
