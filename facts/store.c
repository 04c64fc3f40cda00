/* The SQL of every kind is written from kinds.def, so code and tables cannot drift apart. */
#include "facts/store.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const char *const sql_types[] = {
    [FIELD_TEXT] = "TEXT", [FIELD_INTEGER] = "INTEGER", [FIELD_BOOLEAN] = "INTEGER"};

enum status
store_failed(struct job *job, sqlite3 *database, const char *what)
{
	int code = sqlite3_errcode(database);
	enum status status = code == SQLITE_BUSY || code == SQLITE_LOCKED      ? STATUS_BUSY
			     : code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? STATUS_MALFORMED
			     : code == SQLITE_CANTOPEN                         ? STATUS_MISSING
			     : code == SQLITE_ERROR || code == SQLITE_MISUSE || code == SQLITE_AUTH
				 ? STATUS_FAULT
			     : code == SQLITE_CONSTRAINT ? STATUS_MALFORMED
							 : STATUS_IO;

	return fail(job, status, "%s: %s", what, sqlite3_errmsg(database));
}

enum status
store_run(struct job *job, sqlite3 *database, const char *what, const char *sql)
{
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_failed(job, database, what);
	return STATUS_OK;
}

enum status
store_prepare(struct job *job, sqlite3 *database, const char *sql, sqlite3_stmt **statement)
{
	if (sqlite3_prepare_v2(database, sql, -1, statement, NULL) != SQLITE_OK)
		return store_failed(job, database, "query");
	return STATUS_OK;
}

static void
put_columns(struct text *out, const struct field_description *fields, size_t count, bool with_types)
{
	for (size_t i = 0; i < count; i++) {
		text_printf(out, ", \"%s\"", fields[i].name);
		if (with_types)
			text_printf(out, " %s", sql_types[fields[i].type]);
		if (with_types && fields[i].type == FIELD_BOOLEAN)
			text_printf(out, " CHECK (\"%s\" IN (0, 1))", fields[i].name);
	}
}

enum status
store_create(struct job *job, sqlite3 *database, bool with_entry)
{
	for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
		const struct kind_description *kind = &fact_kinds[i];
		struct text sql = text_new(job);
		const char *string;

		text_printf(&sql,
		    "CREATE TABLE \"%s\" (fact INTEGER PRIMARY KEY%s, subject INTEGER", kind->name,
		    with_entry ? ", journal_entry INTEGER NOT NULL" : "");
		put_columns(&sql, fact_common, fact_common_count, true);
		put_columns(&sql, kind->fields, kind->field_count, true);
		text_put(&sql, ") STRICT");
		TRY(text_finish(&sql, &string));
		TRY(store_run(job, database, kind->name, string));
	}
	return STATUS_OK;
}

static int
bind_fields(sqlite3_stmt *statement, int at, const struct fact *fact,
    const struct field_description *fields, size_t count)
{
	for (size_t i = 0; i < count; i++, at++) {
		if (fields[i].type == FIELD_TEXT) {
			sqlite3_bind_text(
			    statement, at, fact_get_text(fact, &fields[i]), -1, SQLITE_STATIC);
		} else if (fact_get_integer(fact, &fields[i]) != UNKNOWN) {
			sqlite3_bind_int64(statement, at, fact_get_integer(fact, &fields[i]));
		}
	}
	return at;
}

static enum status
insert_sql(struct job *job, enum fact_kind number, bool with_entry, const char **string)
{
	const struct kind_description *kind = &fact_kinds[number];
	struct text sql = text_new(job);

	text_printf(&sql, "INSERT INTO \"%s\" (fact, subject%s", kind->name,
	    with_entry ? ", journal_entry" : "");
	put_columns(&sql, fact_common, fact_common_count, false);
	put_columns(&sql, kind->fields, kind->field_count, false);
	text_put(&sql, ") VALUES (?, ?");
	for (size_t i = 0; i < fact_common_count + kind->field_count + (with_entry ? 1 : 0); i++)
		text_put(&sql, ", ?");
	text_put(&sql, ")");
	return text_finish(&sql, string);
}

/* The statement is cached by SQL text on the connection, so a long run prepares each kind once. */
static enum status
cached_statement(struct job *job, sqlite3 *database, const char *sql, sqlite3_stmt **statement)
{
	for (sqlite3_stmt *at = sqlite3_next_stmt(database, NULL); at != NULL;
	     at = sqlite3_next_stmt(database, at)) {
		if (!sqlite3_stmt_busy(at) && strcmp(sqlite3_sql(at), sql) == 0) {
			*statement = at;
			return STATUS_OK;
		}
	}
	return store_prepare(job, database, sql, statement);
}

enum status
store_insert(struct job *job, sqlite3 *database, const struct fact *fact, int64_t entry)
{
	const struct kind_description *kind = &fact_kinds[fact->kind];
	struct arena_mark mark = arena_mark(job->arena);
	sqlite3_stmt *statement;
	const char *sql;
	int at = 1;

	TRY(insert_sql(job, fact->kind, entry != 0, &sql));
	TRY(cached_statement(job, database, sql, &statement));
	sqlite3_bind_int64(statement, at++, fact->fact);
	if (fact->subject != 0)
		sqlite3_bind_int64(statement, at, fact->subject);
	at++;
	if (entry != 0)
		sqlite3_bind_int64(statement, at++, entry);
	at = bind_fields(statement, at, fact, fact_common, fact_common_count);
	bind_fields(statement, at, fact, kind->fields, kind->field_count);
	arena_release(job->arena, mark);
	if (sqlite3_step(statement) != SQLITE_DONE) {
		enum status status = store_failed(job, database, kind->name);

		sqlite3_reset(statement);
		return status;
	}
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return STATUS_OK;
}

const char *
store_select(struct job *job, enum fact_kind number, const char *where)
{
	const struct kind_description *kind = &fact_kinds[number];
	struct text sql = text_new(job);
	const char *string;

	text_put(&sql, "SELECT fact, subject");
	put_columns(&sql, fact_common, fact_common_count, false);
	put_columns(&sql, kind->fields, kind->field_count, false);
	text_printf(&sql, " FROM \"%s\" %s", kind->name, where);
	return text_finish(&sql, &string) == STATUS_OK ? string : NULL;
}

static enum status
read_text(struct job *job, sqlite3_stmt *statement, int at, const char **value)
{
	const unsigned char *text;

	*value = NULL;
	if (sqlite3_column_type(statement, at) == SQLITE_NULL)
		return STATUS_OK;
	text = sqlite3_column_text(statement, at);
	if (text == NULL ||
	    strlen((const char *)text) != (size_t)sqlite3_column_bytes(statement, at))
		return fail(job, STATUS_MALFORMED, "a text with a NUL character");
	*value = arena_copy_string(job, (const char *)text);
	return *value == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
read_fields(struct job *job, sqlite3_stmt *statement, int at, struct fact *fact,
    const struct field_description *fields, size_t count)
{
	for (size_t i = 0; i < count; i++, at++) {
		if (fields[i].type == FIELD_TEXT) {
			const char *value;

			TRY(read_text(job, statement, at, &value));
			fact_set_text(fact, &fields[i], value);
		} else if (sqlite3_column_type(statement, at) != SQLITE_NULL) {
			fact_set_integer(fact, &fields[i], sqlite3_column_int64(statement, at));
		}
	}
	return STATUS_OK;
}

enum status
store_read(struct job *job, sqlite3_stmt *statement, enum fact_kind number, struct fact *fact)
{
	const struct kind_description *kind = &fact_kinds[number];

	*fact = fact_new(number);
	fact->fact = sqlite3_column_int64(statement, 0);
	fact->subject = sqlite3_column_int64(statement, 1);
	TRY(read_fields(job, statement, 2, fact, fact_common, fact_common_count));
	TRY(read_fields(
	    job, statement, 2 + (int)fact_common_count, fact, kind->fields, kind->field_count));
	return fact_check(job, fact);
}
