/* A table is a tree of pages; its leaves hold rows, each with the types of its values in front. */
#include "firmware/sqlite.h"

#include <string.h>

#include "base/arena.h"
#include "firmware/reading.h"

#define HEADER 100 /* of the file, in front of the first page's own */
#define MAX_DEPTH 16
#define MAX_TABLES 256
#define INTERIOR 0x05
#define LEAF 0x0d

struct table {
	struct span name, sql;
	uint32_t root;
};

struct database {
	struct job *job;
	struct span file;
	size_t page_size, usable;
	unsigned budget; /* pages and rows that may still be read */
	struct table *tables;
	size_t table_count;
	const struct table *current; /* NULL while the schema is read */
	enum status (*row)(void *context, const struct sqlite_row *row);
	void *context;
};

bool
sqlite_is(struct span head)
{
	return span_starts_with(head, "SQLite format 3", 16);
}

/* Seven bits a byte, the high bit says that more follow; of nine bytes the last gives eight. */
static uint64_t
read_varint(struct reader *reader)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++) {
		uint8_t byte = read_u8(reader);

		value = value << 7 | (byte & 0x7f);
		if ((byte & 0x80) == 0)
			return value;
	}
	return value << 8 | read_u8(reader);
}

/* How many bytes a value of that type takes. */
static uint64_t
size_of_type(uint64_t type)
{
	static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

	return type < 12 ? sizes[type] : (type - 12) / 2;
}

/* The values of a record; integers only where they are asked for. */
static size_t
read_record(
    struct span record, struct span values[SQLITE_MAX_COLUMNS], uint64_t types[SQLITE_MAX_COLUMNS])
{
	struct reader head = {.rest = record};
	uint64_t head_size = read_varint(&head), at = head_size;
	size_t count = 0;

	if (head.overrun || head_size > record.size)
		return 0;
	head.rest = span_part(
	    record, record.size - head.rest.size, head_size - (record.size - head.rest.size));
	while (head.rest.size != 0 && count < SQLITE_MAX_COLUMNS) {
		uint64_t type = read_varint(&head), size = size_of_type(type);

		if (head.overrun || size > record.size)
			break;
		types[count] = type;
		values[count++] = span_part(record, at, size);
		at += size;
	}
	return count;
}

/* A name in CREATE TABLE, without its quotes. */
static struct span
bare_name(struct span word)
{
	while (word.size != 0 && strchr("\"'`[", word.at[0]) != NULL && word.at[0] != 0)
		word = span_from(word, 1);
	while (word.size != 0 && word.at[word.size - 1] != 0 &&
	       strchr("\"'`]", word.at[word.size - 1]) != NULL)
		word.size--;
	return word;
}

/* Names of the columns: the first word of each part between the outer brackets. */
static size_t
read_columns(struct span sql, struct span names[SQLITE_MAX_COLUMNS])
{
	size_t open = span_find(sql, "(", 1, 0), count = 0, begin = open + 1;
	int depth = 0;

	for (size_t i = open == SIZE_MAX ? sql.size : begin; i < sql.size; i++) {
		uint8_t c = sql.at[i];

		depth += c == '(' ? 1 : c == ')' ? -1 : 0;
		if (depth < 0 || (c == ',' && depth == 0)) {
			struct span part = span_part(sql, begin, i - begin), word;

			if (count < SQLITE_MAX_COLUMNS && word_next(&part, &word))
				names[count++] = bare_name(word);
			begin = i + 1;
		}
		if (depth < 0)
			break;
	}
	return count;
}

static uint32_t
integer_of(struct span value)
{
	uint32_t result = 0;

	for (size_t i = 0; i < value.size && i < 4; i++)
		result = result << 8 | value.at[i];
	return result;
}

/* A row of the schema: type, name, table, root, sql. */
static void
read_schema_row(struct database *database, const struct span *values, size_t count)
{
	if (count < 5 || !span_is(values[0], "table") || values[3].size > 4 ||
	    database->table_count == MAX_TABLES)
		return;
	database->tables[database->table_count++] =
	    (struct table){.name = values[1], .sql = values[4], .root = integer_of(values[3])};
}

static enum status
read_row(struct database *database, struct span record)
{
	struct sqlite_row row = {0};
	struct span values[SQLITE_MAX_COLUMNS];
	uint64_t types[SQLITE_MAX_COLUMNS];
	size_t count = read_record(record, values, types);

	if (database->current == NULL) {
		read_schema_row(database, values, count);
		return STATUS_OK;
	}
	row.table = database->current->name;
	row.count = read_columns(database->current->sql, row.names);
	for (size_t i = 0; i < row.count && i < count; i++)
		if (types[i] >= 12)
			row.values[i] = values[i];
	return database->row(database->context, &row);
}

/* How much of a payload lies in the page itself. */
static uint64_t
local_size(const struct database *database, uint64_t payload)
{
	uint64_t most = database->usable - 35, least = (database->usable - 12) * 32 / 255 - 23,
		 size;

	if (payload <= most)
		return payload;
	size = least + (payload - least) % (database->usable - 4);
	return size <= most ? size : least;
}

static enum status
read_leaf_cell(struct database *database, struct span page, uint16_t at)
{
	struct reader reader = {.rest = span_from(page, at)};
	uint64_t payload = read_varint(&reader), local;

	read_varint(&reader); /* the row's number */
	if (reader.overrun)
		return STATUS_OK;
	local = local_size(database, payload);
	return read_row(database,
	    span_part(reader.rest, 0, local < reader.rest.size ? local : reader.rest.size));
}

static enum status read_page(struct database *database, uint32_t number, unsigned depth);

static enum status
read_cells(struct database *database, struct span page, struct reader *header, unsigned depth)
{
	uint8_t type = read_u8(header);
	uint16_t count;
	uint32_t last = 0;

	read_bytes(header, 2); /* first free block */
	count = read_u16_be(header);
	read_bytes(header, 3); /* where content begins, fragments */
	if (type == INTERIOR)
		last = read_u32_be(header);
	else if (type == 0x02 || type == 0x0a) /* an index, or a table kept as one */
		return STATUS_OK;
	else if (type != LEAF)
		return fail(database->job, STATUS_MALFORMED, "sqlite: a page of type 0x%02x", type);
	for (unsigned i = 0; i < count && !header->overrun; i++) {
		uint16_t at = read_u16_be(header);
		struct reader child = {.rest = span_from(page, at)};

		if (database->budget-- == 0)
			return fail(database->job, STATUS_LIMIT,
			    "limit: a database of more than %u rows and pages", SQLITE_MAX_ROWS);
		if (type == LEAF)
			TRY(read_leaf_cell(database, page, at));
		else
			TRY(read_page(database, read_u32_be(&child), depth + 1));
	}
	return type == INTERIOR ? read_page(database, last, depth + 1) : STATUS_OK;
}

static enum status
read_page(struct database *database, uint32_t number, unsigned depth)
{
	struct span page;
	struct reader header;

	if (number == 0 || depth > MAX_DEPTH)
		return STATUS_OK;
	if (database->budget-- == 0)
		return fail(database->job, STATUS_LIMIT,
		    "limit: a database of more than %u rows and pages", SQLITE_MAX_ROWS);
	page = span_part(
	    database->file, (uint64_t)(number - 1) * database->page_size, database->page_size);
	header = (struct reader){.rest = number == 1 ? span_from(page, HEADER) : page};
	if (page.size == 0)
		return fail(
		    database->job, STATUS_MALFORMED, "sqlite: page %u is not there", number);
	return read_cells(database, page, &header, depth);
}

enum status
sqlite_read(struct job *job, struct span file,
    enum status (*row)(void *context, const struct sqlite_row *row), void *context)
{
	struct reader reader = {.rest = span_from(file, 16)};
	struct database database = {
	    .job = job, .file = file, .budget = SQLITE_MAX_ROWS, .row = row, .context = context};
	uint8_t reserved;

	database.page_size = read_u16_be(&reader);
	if (database.page_size == 1)
		database.page_size = 65536;
	read_bytes(&reader, 2);
	reserved = read_u8(&reader);
	if (!sqlite_is(file) || reader.overrun || database.page_size < 512 ||
	    (database.page_size & (database.page_size - 1)) != 0)
		return fail(job, STATUS_MALFORMED, "sqlite: no header");
	database.usable = database.page_size - reserved;
	if (database.usable < 480)
		return fail(job, STATUS_MALFORMED, "sqlite: pages of %zu bytes", database.usable);
	database.tables = arena_array(job, MAX_TABLES, sizeof *database.tables);
	if (database.tables == NULL)
		return STATUS_LIMIT;
	TRY(read_page(&database, 1, 0));
	for (size_t i = 0; i < database.table_count; i++) {
		database.current = &database.tables[i];
		TRY(read_page(&database, database.tables[i].root, 0));
	}
	return STATUS_OK;
}
