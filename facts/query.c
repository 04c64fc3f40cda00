/* The authorizer is the lint: what a check may not read or call does not even prepare. */
#include "facts/query.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/store.h"

#define STEPS_A_CALL 10000
#define COLUMNS_MAX 32

struct query_database {
	sqlite3 *database;
	const bool *allowed; /* of the check being prepared; NULL = our own SQL */
	int calls;
	char refused[160];
};

static const char *const functions[] = {"coalesce", "printf", "format", "lower", "upper", "substr",
    "substring", "instr", "length", "replace", "trim", "ltrim", "rtrim", "min", "max", "count",
    "sum", "total", "abs", "iif", "nullif", "ifnull", "like", "glob", "hex", "unicode", "round"};

static int
refuse(struct query_database *self, const char *what, const char *name)
{
	sqlite3_snprintf(sizeof self->refused, self->refused, "%s %s is not allowed", what,
	    name == NULL ? "" : name);
	return SQLITE_DENY;
}

static const struct query_view views[] = {
#define VIEW(name_, doc_, ...) {.name = #name_, .doc = doc_, .sql = __VA_ARGS__},
#include "facts/views.def"
#undef VIEW
};

const struct query_view *
query_views(size_t *count)
{
	*count = ARRAY_SIZE(views);
	return views;
}

static bool
is_view(const char *name)
{
	for (size_t i = 0; name != NULL && i < ARRAY_SIZE(views); i++)
		if (strcmp(views[i].name, name) == 0)
			return true;
	return false;
}

static enum status
create_views(struct job *job, struct query_database *self)
{
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		const char *sql =
		    arena_printf(job, "CREATE VIEW %s AS %s", views[i].name, views[i].sql);

		if (sql == NULL)
			return STATUS_LIMIT;
		TRY(store_run(job, self->database, views[i].name, sql));
	}
	return STATUS_OK;
}

/* A table of a common table expression reads under its own name, and without a schema. */
static bool
may_read(const struct query_database *self, const char *table, const char *schema)
{
	enum fact_kind kind = fact_kind_named(table);

	if (table[0] == '\0' || is_view(table) || strncmp(table, "reference_", 10) == 0)
		return true;
	if (kind == FACT_KIND_COUNT)
		return schema == NULL && strncmp(table, "sqlite_", 7) != 0;
	return (kind == FACT_subject || kind == FACT_looked || self->allowed[kind]);
}

static int
authorize(void *context, int action, const char *first, const char *second, const char *schema,
    const char *trigger)
{
	struct query_database *self = context;

	/* What a view reads is the view's affair; the check has to need what it rests on. */
	if (self->allowed == NULL || is_view(trigger))
		return SQLITE_OK;
	if (action == SQLITE_SELECT)
		return SQLITE_OK;
	if (action == SQLITE_READ)
		return may_read(self, first, schema) ? SQLITE_OK
						     : refuse(self, "reading table", first);
	if (action == SQLITE_FUNCTION) {
		for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
			if (sqlite3_stricmp(second, functions[i]) == 0)
				return SQLITE_OK;
		return refuse(self, "function", second);
	}
	return refuse(self, action == SQLITE_RECURSIVE ? "recursion" : "anything but SELECT", "");
}

static int
count_steps(void *context)
{
	struct query_database *self = context;

	return ++self->calls > QUERY_MAX_STEPS / STEPS_A_CALL;
}

static enum status
fill(struct job *job, struct query_database *self, const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		TRY(store_insert(job, self->database, &facts->facts[i], 0));
	return store_run(job, self->database, "facts", "COMMIT");
}

enum status
query_refill(struct job *job, struct query_database *self, const struct fact_list *facts)
{
	TRY(store_run(job, self->database, "facts", "PRAGMA query_only = OFF; BEGIN"));
	for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
		char sql[64];

		sqlite3_snprintf(sizeof sql, sql, "DELETE FROM \"%w\"", fact_kinds[i].name);
		TRY(store_run(job, self->database, "facts", sql));
	}
	TRY(fill(job, self, facts));
	return store_run(job, self->database, "facts", "PRAGMA query_only = ON");
}

enum status
query_open(struct job *job, const struct fact_list *facts, struct query_database **database)
{
	struct query_database *self = arena_allocate(job, sizeof *self);
	enum status status;

	if (self == NULL)
		return STATUS_LIMIT;
	if (sqlite3_open(":memory:", &self->database) != SQLITE_OK)
		return fail(job, STATUS_LIMIT, "facts: no memory left");
	status = store_run(job, self->database, "facts", "BEGIN");
	if (status == STATUS_OK)
		status = store_create(job, self->database, false);
	if (status == STATUS_OK)
		status = create_views(job, self);
	if (status == STATUS_OK)
		status = fill(job, self, facts);
	if (status != STATUS_OK) {
		query_close(self);
		return status;
	}
	*database = self;
	return STATUS_OK;
}

void
query_close(struct query_database *self)
{
	if (self == NULL || self->database == NULL)
		return;
	for (sqlite3_stmt *at; (at = sqlite3_next_stmt(self->database, NULL)) != NULL;)
		sqlite3_finalize(at);
	sqlite3_close(self->database);
	self->database = NULL;
}

/* One line of a TSV, cut into cells; the cells are copies in the arena. */
static enum status
cut_line(struct job *job, struct span *rest, char *cells[COLUMNS_MAX], size_t *count)
{
	const uint8_t *end = memchr(rest->at, '\n', rest->size);
	size_t size = end == NULL ? rest->size : (size_t)(end - rest->at);
	char *line = arena_string(job, (const char *)rest->at, size);

	if (line == NULL)
		return STATUS_LIMIT;
	rest->at += end == NULL ? size : size + 1;
	rest->size -= end == NULL ? size : size + 1;
	*count = 0;
	for (char *at = line; at != NULL;) {
		char *tab = strchr(at, '\t');

		if (*count == COLUMNS_MAX)
			return fail(job, STATUS_MALFORMED, "reference table: more than %d columns",
			    COLUMNS_MAX);
		if (tab != NULL)
			*tab++ = '\0';
		cells[(*count)++] = at;
		at = tab;
	}
	return STATUS_OK;
}

static bool
is_name(const char *name)
{
	return name[0] != '\0' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static enum status
create_reference(struct job *job, struct query_database *self, const char *name,
    char *cells[COLUMNS_MAX], size_t count, sqlite3_stmt **insert)
{
	struct text create = text_new(job), values = text_new(job);
	const char *string;

	text_printf(&create, "CREATE TABLE reference_%s (", name);
	text_printf(&values, "INSERT INTO reference_%s VALUES (", name);
	for (size_t i = 0; i < count; i++) {
		char *type = strchr(cells[i], ':');

		if (type != NULL)
			*type++ = '\0';
		if (!is_name(cells[i]) || (type != NULL && strcmp(type, "integer") != 0))
			return fail(job, STATUS_MALFORMED, "reference table %s: column '%s'", name,
			    cells[i]);
		text_printf(&create, "%s\"%s\" %s", i == 0 ? "" : ", ", cells[i],
		    type == NULL ? "TEXT" : "INTEGER");
		text_put(&values, i == 0 ? "?" : ", ?");
	}
	text_put(&create, ") STRICT");
	text_put(&values, ")");
	TRY(text_finish(&create, &string));
	TRY(store_run(job, self->database, name, string));
	TRY(text_finish(&values, &string));
	return store_prepare(job, self->database, string, insert);
}

static enum status
insert_reference(struct job *job, struct query_database *self, const char *name,
    sqlite3_stmt *insert, char *cells[COLUMNS_MAX], size_t count)
{
	if (count != (size_t)sqlite3_bind_parameter_count(insert))
		return fail(job, STATUS_MALFORMED,
		    "reference table %s: row '%s …' has %zu cells, not %d", name, cells[0], count,
		    sqlite3_bind_parameter_count(insert));
	for (size_t i = 0; i < count; i++)
		sqlite3_bind_text(insert, (int)i + 1, cells[i], -1, SQLITE_STATIC);
	if (sqlite3_step(insert) != SQLITE_DONE)
		return fail(job, STATUS_MALFORMED, "reference table %s: row '%s …': %s", name,
		    cells[0], sqlite3_errmsg(self->database));
	sqlite3_reset(insert);
	return STATUS_OK;
}

enum status
query_add_reference(struct job *job, struct query_database *self, const char *name, struct span tsv)
{
	sqlite3_stmt *insert = NULL;
	enum status status = STATUS_OK;

	if (!is_name(name))
		return fail(job, STATUS_MALFORMED,
		    "reference table '%s': a name has small letters, digits and _", name);
	while (status == STATUS_OK && tsv.size != 0) {
		struct arena_mark mark = arena_mark(job->arena);
		char *cells[COLUMNS_MAX];
		size_t count;
		bool is_comment = tsv.at[0] == '#' && insert == NULL;

		status = cut_line(job, &tsv, cells, &count);
		if (status == STATUS_OK && insert != NULL)
			status = insert_reference(job, self, name, insert, cells, count);
		else if (status == STATUS_OK && !is_comment)
			status = create_reference(job, self, name, cells, count, &insert);
		arena_release(job->arena, mark);
	}
	sqlite3_finalize(insert);
	return status;
}

enum status
query_seal(struct job *job, struct query_database *self)
{
	TRY(store_run(job, self->database, "facts", "PRAGMA query_only = ON"));
	sqlite3_db_config(self->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(self->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(self->database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(self->database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(self->database, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_set_authorizer(self->database, authorize, self);
	sqlite3_progress_handler(self->database, STEPS_A_CALL, count_steps, self);
	return STATUS_OK;
}

static enum status
check_shape(struct job *job, sqlite3_stmt *statement, const char *name, const char *tail)
{
	static const char *const columns[] = {"fact", "verdict", "detail"};

	while (*tail == ' ' || *tail == '\n' || *tail == '\t' || *tail == '\r')
		tail++;
	if (statement == NULL || *tail != '\0' || !sqlite3_stmt_readonly(statement))
		return fail(job, STATUS_MALFORMED,
		    "check %s: one SELECT is wanted, and nothing after it", name);
	if (sqlite3_column_count(statement) != 3)
		return fail(
		    job, STATUS_MALFORMED, "check %s: columns are fact, verdict, detail", name);
	for (int i = 0; i < 3; i++)
		if (strcmp(sqlite3_column_name(statement, i), columns[i]) != 0)
			return fail(job, STATUS_MALFORMED, "check %s: column %d is '%s', not '%s'",
			    name, i + 1, sqlite3_column_name(statement, i), columns[i]);
	return STATUS_OK;
}

static enum status
bind_parameters(struct job *job, sqlite3_stmt *statement, const char *name,
    const struct query_parameter *parameters, size_t count, int64_t now)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
		const char *wanted = sqlite3_bind_parameter_name(statement, i);
		size_t at = 0;
		int64_t number;

		if (wanted != NULL && strcmp(wanted, ":now") == 0) {
			sqlite3_bind_int64(statement, i, now);
			continue;
		}
		while (wanted != NULL && at < count && strcmp(parameters[at].name, wanted + 1) != 0)
			at++;
		if (wanted == NULL || wanted[0] != ':' || at == count)
			return fail(job, STATUS_MALFORMED, "check %s: parameter %s has no value",
			    name, wanted == NULL ? "?" : wanted);
		if (!parameters[at].is_integer)
			sqlite3_bind_text(statement, i, parameters[at].value, -1, SQLITE_STATIC);
		else if (text_parse_integer(
			     parameters[at].value, INT64_MIN + 1, INT64_MAX, &number))
			sqlite3_bind_int64(statement, i, number);
		else
			return fail(job, STATUS_MALFORMED,
			    "check %s: parameter %s: '%s' is not an integer", name, wanted,
			    parameters[at].value);
	}
	return STATUS_OK;
}

static enum status
prepare(struct job *job, struct query_database *self, const char *name, const char *sql,
    const bool allowed[FACT_KIND_COUNT], const struct query_parameter *parameters, size_t count,
    int64_t now, sqlite3_stmt **statement)
{
	const char *tail = "";
	enum status status;
	int code;

	self->allowed = allowed;
	self->refused[0] = '\0';
	code = sqlite3_prepare_v2(self->database, sql, -1, statement, &tail);
	self->allowed = NULL;
	if (code != SQLITE_OK)
		return fail(job, STATUS_MALFORMED, "check %s: %s%s%s", name, self->refused,
		    self->refused[0] == '\0' ? "" : ": ", sqlite3_errmsg(self->database));
	status = check_shape(job, *statement, name, tail);
	if (status == STATUS_OK)
		status = bind_parameters(job, *statement, name, parameters, count, now);
	if (status != STATUS_OK)
		sqlite3_finalize(*statement);
	return status;
}

enum status
query_check(struct job *job, struct query_database *self, const char *name, const char *sql,
    const bool allowed[FACT_KIND_COUNT], const struct query_parameter *parameters, size_t count)
{
	sqlite3_stmt *statement;

	TRY(prepare(job, self, name, sql, allowed, parameters, count, 0, &statement));
	sqlite3_finalize(statement);
	return STATUS_OK;
}

static enum status
take_row(struct job *job, sqlite3_stmt *statement, struct query_row *row)
{
	const unsigned char *verdict = sqlite3_column_text(statement, 1);
	const unsigned char *detail = sqlite3_column_text(statement, 2);

	row->fact = sqlite3_column_int64(statement, 0);
	row->verdict = arena_copy_string(job, verdict == NULL ? "" : (const char *)verdict);
	row->detail =
	    detail == NULL ? "" : text_from_bytes(job, detail, strlen((const char *)detail), 1000);
	return row->verdict == NULL || row->detail == NULL ? STATUS_LIMIT : STATUS_OK;
}

static int
compare_rows(const void *left, const void *right)
{
	const struct query_row *a = left, *b = right;
	int order = (a->fact > b->fact) - (a->fact < b->fact);

	if (order == 0)
		order = strcmp(a->verdict, b->verdict);
	return order != 0 ? order : strcmp(a->detail, b->detail);
}

static enum status
grow_rows(struct job *job, struct query_row **rows, size_t count, size_t *room)
{
	size_t larger = *room == 0 ? 64 : *room * 2;
	struct query_row *made;

	if (count < *room)
		return STATUS_OK;
	made = arena_array(job, larger, sizeof *made);
	if (made == NULL)
		return STATUS_LIMIT;
	if (count != 0)
		memcpy(made, *rows, count * sizeof *made);
	*rows = made;
	*room = larger;
	return STATUS_OK;
}

enum status
query_run(struct job *job, struct query_database *self, const char *name, const char *sql,
    const bool allowed[FACT_KIND_COUNT], const struct query_parameter *parameters, size_t count,
    int64_t now, struct query_row **rows, size_t *row_count)
{
	sqlite3_stmt *statement;
	enum status status;
	size_t room = 0;
	int step = SQLITE_DONE;

	*rows = NULL;
	*row_count = 0;
	TRY(prepare(job, self, name, sql, allowed, parameters, count, now, &statement));
	self->calls = 0;
	status = STATUS_OK;
	while (status == STATUS_OK && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		status = grow_rows(job, rows, *row_count, &room);
		if (status == STATUS_OK && *row_count == QUERY_MAX_ROWS)
			status = fail(
			    job, STATUS_FAULT, "check %s: more than %d rows", name, QUERY_MAX_ROWS);
		if (status == STATUS_OK)
			status = take_row(job, statement, &(*rows)[(*row_count)++]);
	}
	if (status == STATUS_OK && step != SQLITE_DONE)
		status = fail(job, STATUS_FAULT, "check %s: %s", name,
		    step == SQLITE_INTERRUPT ? "step limit used up"
					     : sqlite3_errmsg(self->database));
	sqlite3_finalize(statement);
	if (status == STATUS_OK && *row_count > 1)
		qsort(*rows, *row_count, sizeof **rows, compare_rows);
	return status;
}

enum status
query_see(struct job *job, struct query_database *self, const char *view,
    enum status (*row)(void *context, const struct query_cell *cells, size_t count), void *context)
{
	sqlite3_stmt *statement = NULL;
	struct query_cell cells[COLUMNS_MAX];
	enum status status;
	int step = SQLITE_DONE;
	char sql[96];

	if (!is_view(view))
		return fail(job, STATUS_FAULT, "there is no view %s", view);
	sqlite3_snprintf(
	    sizeof sql, sql, "SELECT DISTINCT * FROM %w ORDER BY about, fact, 4", view);
	TRY(store_prepare(job, self->database, sql, &statement));
	self->calls = 0;
	status = STATUS_OK;
	while (status == STATUS_OK && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		int count = sqlite3_column_count(statement);

		for (int i = 0; i < count && i < COLUMNS_MAX; i++)
			cells[i] = (struct query_cell){.name = sqlite3_column_name(statement, i),
			    .text = (const char *)sqlite3_column_text(statement, i),
			    .is_integer = sqlite3_column_type(statement, i) == SQLITE_INTEGER,
			    .integer = sqlite3_column_int64(statement, i)};
		status = row(context, cells, (size_t)count);
	}
	if (status == STATUS_OK && step != SQLITE_DONE)
		status =
		    fail(job, STATUS_FAULT, "view %s: %s", view, sqlite3_errmsg(self->database));
	sqlite3_finalize(statement);
	return status;
}
