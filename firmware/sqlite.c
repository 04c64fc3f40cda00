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
	const char *damage;          /* the first part that could not be read; NULL: none */
	uint8_t *whole;              /* a row that stands in several pages */
	size_t whole_room;
	uint64_t gathered; /* bytes of such rows so far */
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

/* What was put together from several pages is gone with the next such row. */
static bool
keep(struct database *database, struct span *bytes)
{
	const uint8_t *end = database->file.at + database->file.size;

	if (bytes->size != 0 && (bytes->at < database->file.at || bytes->at >= end))
		bytes->at = (const uint8_t *)arena_string(
		    database->job, (const char *)bytes->at, bytes->size);
	return bytes->at != NULL || bytes->size == 0;
}

/* A row of the schema: type, name, table, root, sql. */
static enum status
read_schema_row(struct database *database, const struct span *values, size_t count)
{
	struct table *table = &database->tables[database->table_count];

	if (count < 5 || !span_is(values[0], "table") || values[3].size > 4 ||
	    database->table_count == MAX_TABLES)
		return STATUS_OK;
	*table = (struct table){.name = values[1], .sql = values[4], .root = integer_of(values[3])};
	database->table_count++;
	return keep(database, &table->name) && keep(database, &table->sql) ? STATUS_OK
									   : STATUS_LIMIT;
}

static void
note_damage(struct database *database, const char *what)
{
	if (database->damage == NULL)
		database->damage = what;
}

static enum status
read_row(struct database *database, struct span record, size_t offset)
{
	struct sqlite_row row = {.offset = offset};
	struct span values[SQLITE_MAX_COLUMNS];
	uint64_t types[SQLITE_MAX_COLUMNS];
	size_t count = read_record(record, values, types);

	if (database->current == NULL)
		return read_schema_row(database, values, count);
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

static uint8_t *
make_room(struct database *database, size_t size)
{
	if (size > database->whole_room) {
		uint8_t *larger = block_resize(database->whole, size);

		if (larger == NULL)
			return NULL;
		database->whole = larger;
		database->whole_room = size;
	}
	return database->whole;
}

static struct span
page_at(const struct database *database, uint32_t number)
{
	return number == 0 ? (struct span){0}
			   : span_part(database->file, (uint64_t)(number - 1) * database->page_size,
				 database->page_size);
}

/* Puts together what stands in the row's own page and in pages of their own, one naming the next.
 */
static struct span
gather(struct database *database, struct span local, uint32_t next, uint64_t size)
{
	size_t room = database->usable - 4, got = local.size;
	uint8_t *whole;

	/* hostile rows may all name the same pages */
	database->gathered += size;
	if (size > SQLITE_MAX_ROW || size > database->file.size ||
	    database->gathered > 4 * (uint64_t)database->file.size ||
	    (whole = make_room(database, (size_t)size)) == NULL)
		return (struct span){0};
	memcpy(whole, local.at, local.size);
	while (got < size) {
		struct reader reader = {.rest = page_at(database, next)};
		size_t part = size - got < room ? (size_t)size - got : room;
		struct span bytes;

		next = read_u32_be(&reader);
		bytes = read_bytes(&reader, part);
		if (reader.overrun)
			return (struct span){0};
		memcpy(whole + got, bytes.at, part);
		got += part;
	}
	return (struct span){.at = whole, .size = got};
}

static enum status
read_leaf_cell(struct database *database, struct span page, uint16_t at)
{
	struct reader reader = {.rest = span_from(page, at)};
	uint64_t payload = read_varint(&reader), local;
	struct span record;

	read_varint(&reader); /* the row's number */
	local = local_size(database, payload);
	record = read_bytes(&reader, (size_t)local);
	if (!reader.overrun && local < payload)
		record = gather(database, record, read_u32_be(&reader), payload);
	if (reader.overrun || record.size != payload) {
		note_damage(database, "a row of it is damaged");
		return STATUS_OK;
	}
	return read_row(database, record, (size_t)(page.at - database->file.at) + at);
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
	else if (type != LEAF) {
		note_damage(database, "a page of it is damaged");
		return STATUS_OK;
	}
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

	if (depth > MAX_DEPTH) {
		note_damage(database, "its pages lie too deep");
		return STATUS_OK;
	}
	if (database->budget-- == 0)
		return fail(database->job, STATUS_LIMIT,
		    "limit: a database of more than %u rows and pages", SQLITE_MAX_ROWS);
	page = page_at(database, number);
	header = (struct reader){.rest = number == 1 ? span_from(page, HEADER) : page};
	if (page.size == 0) {
		note_damage(database, "a page of it is not there");
		return STATUS_OK;
	}
	return read_cells(database, page, &header, depth);
}

static enum status
read_tables(struct database *database, const char *only)
{
	bool found = only == NULL;

	TRY(read_page(database, 1, 0));
	for (size_t i = 0; i < database->table_count; i++) {
		const struct table *table = &database->tables[i];

		/* a virtual table has no pages */
		if ((only != NULL && !span_is(table->name, only)) || table->root == 0)
			continue;
		found = true;
		database->current = table;
		TRY(read_page(database, table->root, 0));
	}
	if (!found)
		note_damage(database, "it has no such table");
	return database->damage == NULL
		   ? STATUS_OK
		   : fail(database->job, STATUS_MALFORMED, "sqlite: %s", database->damage);
}

enum status
sqlite_read(struct job *job, struct span file, const char *only,
    enum status (*row)(void *context, const struct sqlite_row *row), void *context)
{
	struct reader reader = {.rest = span_from(file, 16)};
	struct database database = {
	    .job = job, .file = file, .budget = SQLITE_MAX_ROWS, .row = row, .context = context};
	enum status status;
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
	status = read_tables(&database, only);
	block_free(database.whole);
	return status;
}
