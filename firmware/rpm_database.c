/* A row of the table Packages is a number and a blob: the package's header as its file had it. */
#include "firmware/rpm_database.h"

#include <string.h>

#include "base/arena.h"
#include "firmware/reading.h"

#define FILE_HEADER 100
#define MAX_PAGES ((size_t)1 << 20)
#define MAX_ROWS 65536
#define LARGEST_ROW ((size_t)16 << 20)
#define MAX_TAGS 4096
#define INTERIOR 5
#define LEAF 13
#define DEPTH 16

struct database {
	struct job *job;
	struct span file;
	size_t page_size, usable;
	enum status (*add)(void *context, struct job *job, const struct rpm_package *package);
	void *context;
	const char *why;
	size_t pages_seen, rows;
	uint64_t packages_root; /* page of the table Packages; 0: not found */
	bool in_schema;
	uint8_t *row; /* of a row that stands in several pages */
	size_t row_room;
	uint64_t gathered; /* bytes of such rows so far */
};

static uint64_t
read_varint(struct reader *reader)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++) {
		uint8_t byte = read_u8(reader);

		value = value << 7 | (byte & 0x7f);
		if ((byte & 0x80) == 0)
			return value;
	}
	return value << 8 | read_u8(reader);
}

static struct span
page_at(const struct database *database, uint64_t number)
{
	if (number == 0 || number > MAX_PAGES)
		return (struct span){0};
	return span_part(database->file, (number - 1) * database->page_size, database->page_size);
}

/* A tag of a header whose value is a string. */
static struct span
tag_string(struct span store, uint32_t type, uint32_t offset)
{
	struct span value = span_from(store, offset);

	if (type != 6 && type != 9) /* STRING, I18NSTRING */
		return (struct span){0};
	return field_next(&value, '\0');
}

/* The header: how many tags, how large their store, sixteen bytes a tag, the store. */
static bool
read_header(struct span blob, struct rpm_package *package)
{
	struct reader reader = {.rest = blob};
	uint32_t tags = read_u32_be(&reader), size = read_u32_be(&reader);
	struct span index, store;

	if (tags > MAX_TAGS)
		return false;
	index = read_bytes(&reader, (size_t)tags * 16);
	store = read_bytes(&reader, size);
	if (reader.overrun)
		return false;
	reader = (struct reader){.rest = index};
	for (uint32_t i = 0; i < tags; i++) {
		uint32_t tag = read_u32_be(&reader), type = read_u32_be(&reader);
		uint32_t offset = read_u32_be(&reader);
		struct span value = tag_string(store, type, offset);

		read_u32_be(&reader); /* how many values */
		switch (tag) {
		case 1000:
			package->name = value;
			break;
		case 1001:
			package->version = value;
			break;
		case 1002:
			package->release = value;
			break;
		case 1011:
			package->vendor = value;
			break;
		case 1014:
			package->licence = value;
			break;
		case 1022:
			package->architecture = value;
			break;
		default:
			break;
		}
	}
	return package->name.size != 0;
}

static uint8_t *
room(struct database *database, size_t size)
{
	if (size > database->row_room) {
		uint8_t *larger = block_resize(database->row, size);

		if (larger == NULL)
			return NULL;
		database->row = larger;
		database->row_room = size;
	}
	return database->row;
}

/* What of a row stands in its page, and the rest in pages of their own, one naming the next. */
static bool
gather(struct database *database, struct reader *cell, size_t size, struct span *row)
{
	size_t usable = database->usable, most = usable - 35;
	size_t least = (usable - 12) * 32 / 255 - 23;
	size_t local = least + (size - least) % (usable - 4);
	uint64_t next;
	uint8_t *whole;
	size_t got;

	if (size > LARGEST_ROW)
		return false;
	if (size <= most) {
		*row = read_bytes(cell, size);
		return !cell->overrun;
	}
	local = local > most ? least : local;
	*row = read_bytes(cell, local);
	next = read_u32_be(cell);
	/* hostile rows may all name the same pages */
	database->gathered += size;
	whole = cell->overrun || size > database->file.size ||
			database->gathered > 4 * (uint64_t)database->file.size
		    ? NULL
		    : room(database, size);
	if (whole == NULL)
		return false;
	memcpy(whole, row->at, local);
	for (got = local; got < size && next != 0;) {
		struct span page = page_at(database, next);
		struct reader reader = {.rest = page};
		size_t part = size - got < usable - 4 ? size - got : usable - 4;
		struct span bytes;

		next = read_u32_be(&reader);
		bytes = read_bytes(&reader, part);
		if (reader.overrun)
			return false;
		memcpy(whole + got, bytes.at, part);
		got += part;
	}
	*row = (struct span){whole, got};
	return got == size;
}

/* Takes the columns of a record: their types stand in its header. */
static bool
take_columns(struct span row, struct span *columns, uint64_t *types, size_t wanted)
{
	static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
	struct reader reader = {.rest = row};
	uint64_t header = read_varint(&reader);
	size_t begin = row.size - reader.rest.size;
	struct reader heads = {.rest = span_part(row, begin, header - begin)};
	struct reader bodies = {.rest = span_from(row, header)};

	if (header < begin || header > row.size)
		return false;
	for (size_t i = 0; i < wanted; i++) {
		types[i] = read_varint(&heads);
		columns[i] = read_bytes(
		    &bodies, types[i] < 12 ? sizes[types[i]] : (size_t)((types[i] - 12) / 2));
	}
	return !heads.overrun && !bodies.overrun;
}

static uint64_t
integer_of(struct span column)
{
	uint64_t value = 0;

	for (size_t i = 0; i < column.size; i++)
		value = value << 8 | column.at[i];
	return value;
}

static enum status
take_row(struct database *database, struct span row, size_t offset)
{
	struct rpm_package package = {.offset = offset};
	struct span columns[4];
	uint64_t types[4];

	if (database->in_schema) { /* type, name, table, root page */
		if (!take_columns(row, columns, types, 4))
			database->why = "a row of its schema is damaged";
		else if (span_is(columns[0], "table") && span_is(columns[1], "Packages"))
			database->packages_root = integer_of(columns[3]);
		return STATUS_OK;
	}
	if (!take_columns(row, columns, types, 2) || !read_header(columns[1], &package)) {
		database->why = "a package in it cannot be read";
		return STATUS_OK;
	}
	return database->add(database->context, database->job, &package);
}

/* The cells of a leaf. */
static enum status
read_leaf(struct database *database, struct span page, size_t head, uint16_t cells)
{
	struct reader pointers = {.rest = span_from(page, head + 8)};

	for (uint16_t i = 0; i < cells; i++) {
		uint16_t at = read_u16_be(&pointers);
		struct reader cell = {
		    .rest = span_part(page, at, at < database->usable ? database->usable - at : 0)};
		uint64_t size = read_varint(&cell);
		struct span row;
		enum status status = STATUS_OK;

		read_varint(&cell); /* the row's number */
		if (++database->rows > MAX_ROWS)
			return fail(
			    database->job, STATUS_LIMIT, "limit: more than %d packages", MAX_ROWS);
		if (cell.overrun || pointers.overrun || !gather(database, &cell, size, &row))
			database->why = "a row in it is damaged";
		else
			status =
			    take_row(database, row, (size_t)(page.at - database->file.at) + at);
		TRY(status);
	}
	return STATUS_OK;
}

struct place {
	uint64_t page;
	uint16_t next; /* cell to go into */
};

/* The child behind cell `next` of an interior page; 0 after the last. */
static uint64_t
child_of(struct span page, size_t head, uint16_t cells, uint16_t next)
{
	struct reader reader = {.rest = span_from(page, head + 12 + 2 * (size_t)next)};

	if (next > cells)
		return 0;
	if (next == cells)
		reader.rest = span_from(page, head + 8);
	else
		reader.rest = span_from(page, read_u16_be(&reader));
	return read_u32_be(&reader);
}

/* Walks a table from its root, depth first. */
static enum status
walk(struct database *database, uint64_t root)
{
	struct place stack[DEPTH] = {{.page = root}};
	size_t depth = 1;

	while (depth != 0 && database->pages_seen++ < MAX_PAGES) {
		struct place *place = &stack[depth - 1];
		struct span page = page_at(database, place->page);
		size_t head = place->page == 1 ? FILE_HEADER : 0;
		struct reader reader = {.rest = span_from(page, head)};
		uint8_t type = read_u8(&reader);
		uint16_t cells = (read_u16_be(&reader), read_u16_be(&reader));
		uint64_t child;

		if (reader.overrun || (type != LEAF && type != INTERIOR)) {
			database->why = "a page of it is damaged";
			depth--;
		} else if (type == LEAF) {
			TRY(read_leaf(database, page, head, cells));
			depth--;
		} else if ((child = child_of(page, head, cells, place->next++)) == 0) {
			depth--;
		} else if (depth == DEPTH) {
			database->why = "its pages lie too deep";
		} else {
			stack[depth++] = (struct place){.page = child};
		}
	}
	if (depth != 0)
		database->why = "it has more pages than are read";
	return STATUS_OK;
}

enum status
rpm_database_read(struct job *job, struct span file,
    enum status (*add)(void *context, struct job *job, const struct rpm_package *package),
    void *context, const char **why)
{
	struct database database = {
	    .job = job, .file = file, .add = add, .context = context, .in_schema = true};
	struct reader reader = {.rest = span_from(file, 16)};
	enum status status;
	uint8_t reserved;

	database.page_size = read_u16_be(&reader);
	if (database.page_size == 1)
		database.page_size = 65536;
	reserved = (read_u16_be(&reader), read_u8(&reader));
	database.usable = database.page_size - reserved;
	*why = NULL;
	if (!span_starts_with(file, "SQLite format 3", 16) || reader.overrun ||
	    database.page_size < 512 || database.usable < 480) {
		*why = "it is not the database it should be";
		return STATUS_OK;
	}
	status = walk(&database, 1);
	database.in_schema = false;
	if (database.packages_root == 0)
		database.why = "it has no table of packages";
	else if (status == STATUS_OK)
		status = walk(&database, database.packages_root);
	block_free(database.row);
	*why = database.why;
	return status;
}
