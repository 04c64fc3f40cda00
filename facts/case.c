/* The journal is a chain: each entry's digest covers the one before it and all that the entry
 * wrote. */
#include "facts/case.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/case_file.h"
#include "facts/store.h"

static const char schema[] = "CREATE TABLE journal (entry INTEGER PRIMARY KEY, time INTEGER NOT "
			     "NULL, actor TEXT NOT NULL, command TEXT NOT NULL,"
			     " build TEXT NOT NULL, detail TEXT NOT NULL, last_fact INTEGER NOT "
			     "NULL, content TEXT NOT NULL, previous TEXT NOT NULL,"
			     " digest TEXT NOT NULL) STRICT;"
			     "CREATE TABLE run (entry INTEGER NOT NULL, key TEXT NOT NULL, about "
			     "INTEGER NOT NULL, PRIMARY KEY (entry, key)) STRICT, WITHOUT ROWID;"
			     "CREATE TABLE meta (entry INTEGER NOT NULL, name TEXT NOT NULL, value "
			     "TEXT NOT NULL, PRIMARY KEY (entry, name)) STRICT, WITHOUT ROWID;"
			     "CREATE TABLE attachment (entry INTEGER NOT NULL, sha256 TEXT NOT "
			     "NULL, name TEXT NOT NULL, bytes BLOB NOT NULL,"
			     " PRIMARY KEY (entry, sha256)) STRICT, WITHOUT ROWID;"
			     "CREATE TABLE assessment (entry INTEGER PRIMARY KEY, profile TEXT NOT "
			     "NULL, json TEXT NOT NULL) STRICT;"
			     "CREATE TABLE signature (entry INTEGER PRIMARY KEY, role TEXT NOT "
			     "NULL, person TEXT NOT NULL, statement BLOB NOT NULL,"
			     " signature BLOB NOT NULL, certificate BLOB NOT NULL) STRICT;";

/* What an entry wrote, apart from facts: one row a line, in a fixed order. */
static const char *const content_queries[] = {
    "SELECT 'run', key, about FROM run WHERE entry = ?1 ORDER BY key",
    "SELECT 'meta', name, value FROM meta WHERE entry = ?1 ORDER BY name",
    "SELECT 'attachment', sha256, name, bytes FROM attachment WHERE entry = ?1 ORDER BY sha256",
    "SELECT 'assessment', profile, json FROM assessment WHERE entry = ?1",
    "SELECT 'signature', role, person, statement, signature, certificate FROM signature WHERE "
    "entry = ?1",
};

static void
add_sized(struct digest_stream *stream, const void *at, size_t size)
{
	uint8_t length[8];

	for (size_t i = 0; i < sizeof length; i++)
		length[i] = (uint8_t)((uint64_t)size >> (8 * i));
	digest_stream_add(stream, length, sizeof length);
	digest_stream_add(stream, at, size);
}

static enum status
digest_rows(struct job *job, sqlite3 *database, const char *sql, int64_t entry,
    struct digest_stream *stream)
{
	sqlite3_stmt *statement;
	int step;

	TRY(store_prepare(job, database, sql, &statement));
	sqlite3_bind_int64(statement, 1, entry);
	while ((step = sqlite3_step(statement)) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const void *at = sqlite3_column_blob(statement, i);

			add_sized(stream, at, (size_t)sqlite3_column_bytes(statement, i));
		}
	sqlite3_finalize(statement);
	return step == SQLITE_DONE ? STATUS_OK : store_failed(job, database, "case");
}

static enum status
digest_one_kind(struct job *job, sqlite3 *database, sqlite3_stmt *statement, enum fact_kind kind,
    struct digest_stream *stream)
{
	int step;

	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
		struct arena_mark mark = arena_mark(job->arena);
		struct text canonical = text_new(job);
		struct fact fact;

		TRY(store_read(job, statement, kind, &fact));
		put_u64(&canonical, (uint64_t)fact.fact);
		fact_encode(&canonical, &fact);
		put_u64(&canonical, (uint64_t)fact.subject);
		if (canonical.failed)
			return STATUS_LIMIT;
		add_sized(stream, canonical.at, canonical.size);
		arena_release(job->arena, mark);
	}
	return step == SQLITE_DONE ? STATUS_OK : store_failed(job, database, "case");
}

static enum status
digest_facts(struct job *job, sqlite3 *database, int64_t entry, struct digest_stream *stream)
{
	for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
		const char *sql =
		    store_select(job, (enum fact_kind)i, "WHERE journal_entry = ?1 ORDER BY fact");
		sqlite3_stmt *statement;
		enum status status;

		if (sql == NULL)
			return STATUS_LIMIT;
		TRY(store_prepare(job, database, sql, &statement));
		sqlite3_bind_int64(statement, 1, entry);
		status = digest_one_kind(job, database, statement, (enum fact_kind)i, stream);
		sqlite3_finalize(statement);
		TRY(status);
	}
	return STATUS_OK;
}

static enum status
content_digest(struct job *job, sqlite3 *database, int64_t entry, char hex[DIGEST_HEX_SIZE])
{
	struct digest_stream *stream = digest_stream_new();
	enum status status = digest_facts(job, database, entry, stream), finished;
	struct digest digest;

	for (size_t i = 0; status == STATUS_OK && i < ARRAY_SIZE(content_queries); i++)
		status = digest_rows(job, database, content_queries[i], entry, stream);
	finished = digest_stream_finish(job, stream, &digest);
	TRY(status);
	TRY(finished);
	digest_to_hex(&digest, hex);
	return STATUS_OK;
}

/* The journal's own row without its digest, as the digest covers it. */
static enum status
entry_digest(struct job *job, sqlite3 *database, int64_t entry, char hex[DIGEST_HEX_SIZE])
{
	struct digest_stream *stream = digest_stream_new();
	struct digest digest;
	enum status status = digest_rows(job, database,
	    "SELECT entry, time, actor, command, build, detail, last_fact, content, previous FROM "
	    "journal WHERE entry = ?1",
	    entry, stream);
	enum status finished = digest_stream_finish(job, stream, &digest);

	TRY(status);
	TRY(finished);
	digest_to_hex(&digest, hex);
	return STATUS_OK;
}

static enum status
harden(struct job *job, const char *path, sqlite3 *database)
{
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_busy_timeout(database, 30000); /* another command looks a large case through */
	return store_run(job, database, path,
	    "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA synchronous = FULL");
}

static enum status
schema_text(struct job *job, sqlite3 *database, const char **string)
{
	struct text out = text_new(job);
	sqlite3_stmt *statement;
	int step;

	TRY(store_prepare(job, database,
	    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
	    &statement));
	while ((step = sqlite3_step(statement)) == SQLITE_ROW)
		for (int i = 0; i < 4; i++) {
			const unsigned char *value = sqlite3_column_text(statement, i);

			text_printf(&out, "%s\n", value == NULL ? "" : (const char *)value);
		}
	sqlite3_finalize(statement);
	if (step != SQLITE_DONE)
		return store_failed(job, database, "case");
	return text_finish(&out, string);
}

static enum status
create_schema(struct job *job, sqlite3 *database)
{
	TRY(store_run(job, database, "case", schema));
	return store_create(job, database, true);
}

/* A view in place of a table, a trigger, an index more: anything but our own schema is refused. */
static enum status
check_schema(struct job *job, const char *path, sqlite3 *database)
{
	const char *theirs, *ours = "";
	sqlite3 *model;
	enum status status;

	if (sqlite3_open(":memory:", &model) != SQLITE_OK)
		return fail(job, STATUS_LIMIT, "%s: no memory left", path);
	status = create_schema(job, model);
	if (status == STATUS_OK)
		status = schema_text(job, model, &ours);
	sqlite3_close(model);
	TRY(status);
	TRY(schema_text(job, database, &theirs));
	if (strcmp(theirs, ours) != 0)
		return fail(job, STATUS_MALFORMED,
		    "%s: not a case of this version: its schema differs from ours", path);
	return STATUS_OK;
}

static int64_t
one_integer(sqlite3 *database, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t value = 0;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static enum status
check_integrity(struct job *job, const char *path, sqlite3 *database)
{
	sqlite3_stmt *statement;
	struct stat size;
	bool good;

	TRY(store_prepare(job, database, "PRAGMA integrity_check(1)", &statement));
	good = sqlite3_step(statement) == SQLITE_ROW &&
	       strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
	sqlite3_finalize(statement);
	/* SQLite fills a short last page with zeros and says nothing. */
	good = good && stat(path, &size) == 0 &&
	       size.st_size == one_integer(database, "PRAGMA page_count") *
				   one_integer(database, "PRAGMA page_size");
	return good ? STATUS_OK : fail(job, STATUS_MALFORMED, "%s: the file is damaged", path);
}

static enum status
check_entry(struct job *job, const char *path, sqlite3 *database, sqlite3_stmt *row,
    char previous[DIGEST_HEX_SIZE], int64_t number)
{
	char content[DIGEST_HEX_SIZE], digest[DIGEST_HEX_SIZE];

	if (sqlite3_column_int64(row, 0) != number)
		return fail(job, STATUS_MALFORMED, "%s: journal entry %" PRId64 " is missing", path,
		    number);
	TRY(content_digest(job, database, number, content));
	TRY(entry_digest(job, database, number, digest));
	if (strcmp((const char *)sqlite3_column_text(row, 1), content) != 0)
		return fail(job, STATUS_MALFORMED,
		    "%s: edited: what journal entry %" PRId64 " wrote has been changed since", path,
		    number);
	if (strcmp((const char *)sqlite3_column_text(row, 2), previous) != 0 ||
	    strcmp((const char *)sqlite3_column_text(row, 3), digest) != 0)
		return fail(job, STATUS_MALFORMED,
		    "%s: edited: the chain of the journal breaks at entry %" PRId64, path, number);
	memcpy(previous, digest, DIGEST_HEX_SIZE);
	return STATUS_OK;
}

/* Rows of no entry would be unseen by every digest; an entry that signs may write nothing else. */
static enum status
check_strays(struct job *job, const char *path, sqlite3 *database, int64_t entries)
{
	struct text sql = text_new(job);
	const char *string;
	sqlite3_stmt *statement;
	int64_t strays;

	text_put(&sql, "SELECT 0");
	for (size_t i = 0; i < FACT_KIND_COUNT; i++)
		text_printf(&sql,
		    " + (SELECT count(*) FROM \"%s\" WHERE journal_entry NOT BETWEEN 1 AND ?1 OR "
		    "journal_entry IN (SELECT entry FROM signature))",
		    fact_kinds[i].name);
	static const char *const others[] = {"run", "meta", "attachment", "assessment"};
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		text_printf(&sql,
		    " + (SELECT count(*) FROM %s WHERE entry NOT BETWEEN 1 AND ?1 OR entry IN "
		    "(SELECT entry FROM signature))",
		    others[i]);
	text_put(&sql, " + (SELECT count(*) FROM signature WHERE entry NOT BETWEEN 1 AND ?1)");
	TRY(text_finish(&sql, &string));
	TRY(store_prepare(job, database, string, &statement));
	sqlite3_bind_int64(statement, 1, entries);
	strays = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	sqlite3_finalize(statement);
	return strays == 0 ? STATUS_OK
			   : fail(job, STATUS_MALFORMED,
				 "%s: edited: rows that no journal entry wrote", path);
}

static enum status
check_journal(struct job *job, const char *path, sqlite3 *database)
{
	char previous[DIGEST_HEX_SIZE] = "";
	sqlite3_stmt *statement;
	int64_t number = 0;
	enum status status = STATUS_OK;

	TRY(store_prepare(job, database,
	    "SELECT entry, content, previous, digest FROM journal ORDER BY entry", &statement));
	while (status == STATUS_OK && sqlite3_step(statement) == SQLITE_ROW)
		status = check_entry(job, path, database, statement, previous, ++number);
	sqlite3_finalize(statement);
	TRY(status);
	if (number == 0)
		return fail(job, STATUS_MALFORMED, "%s: a case without a journal", path);
	return check_strays(job, path, database, number);
}

static enum status
new_handle(struct job *job, const char *path, struct case_file **file)
{
	*file = arena_allocate(job, sizeof **file);
	if (*file == NULL)
		return STATUS_LIMIT;
	(*file)->path = arena_copy_string(job, path);
	return (*file)->path == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
check_all(struct job *job, const struct case_file *file)
{
	TRY(check_schema(job, file->path, file->database));
	TRY(check_integrity(job, file->path, file->database));
	return check_journal(job, file->path, file->database);
}

/* All of it as of one moment: another command may be writing. */
static enum status
open_checked(struct job *job, struct case_file *file)
{
	enum status status;

	TRY(store_run(job, file->database, file->path, "BEGIN"));
	status = check_all(job, file);
	sqlite3_exec(file->database, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

static enum status
open_database(struct job *job, struct case_file *file, bool writable)
{
	if (sqlite3_open_v2(file->path, &file->database,
		writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		return store_failed(job, file->database, file->path);
	return harden(job, file->path, file->database);
}

/*
 * A writer that was cut off leaves a journal beside the case: who only reads is told READONLY and
 * cannot undo what was half written; opened once as a writer, the first look undoes it.
 */
static enum status
open_whole(struct job *job, struct case_file *file, bool writable)
{
	enum status status = open_database(job, file, writable);

	if (status == STATUS_OK || sqlite3_errcode(file->database) != SQLITE_READONLY)
		return status;
	case_close(file);
	status = open_database(job, file, true);
	if (status != STATUS_OK && sqlite3_errcode(file->database) == SQLITE_READONLY)
		return fail(job, status,
		    "%s: half written by a command that was cut off, which the -journal beside it "
		    "undoes: run case audit once as somebody who may write both",
		    file->path);
	if (status != STATUS_OK || writable)
		return status;
	case_close(file);
	return open_database(job, file, false);
}

enum status
case_open(struct job *job, const char *path, bool writable, struct case_file **file)
{
	struct case_file *opened;
	struct stat kind;
	enum status status;

	if (access(path, R_OK) != 0)
		return fail(job, STATUS_MISSING, "%s: cannot be opened", path);
	if (stat(path, &kind) != 0 || !S_ISREG(kind.st_mode))
		return fail(job, STATUS_MALFORMED, "%s: not a file", path);
	TRY(new_handle(job, path, &opened));
	status = open_whole(job, opened, writable);
	if (status == STATUS_OK)
		status = open_checked(job, opened);
	if (status != STATUS_OK) {
		case_close(opened);
		return status == STATUS_FAULT ? STATUS_MALFORMED : status;
	}
	*file = opened;
	return STATUS_OK;
}

static enum status
first_entry(struct job *job, struct case_file *file)
{
	uint8_t random[16];
	char *identity;

	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return fail(job, STATUS_FAULT, "%s: no randomness", file->path);
	identity = hex_of_bytes(job, (struct span){random, sizeof random});
	if (identity == NULL)
		return STATUS_LIMIT;
	return case_set(job, file, "identity", identity);
}

/* Passwords that open a unit stand in it: it is its owner's alone, whatever the umask. */
static bool
make_private(const char *path)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return descriptor >= 0 && close(descriptor) == 0;
}

enum status
case_create(struct job *job, const char *path, struct case_file **file)
{
	struct case_file *made;
	enum status status;

	if (access(path, F_OK) == 0)
		return fail(job, STATUS_CANNOT_CREATE, "%s: exists already", path);
	TRY(new_handle(job, path, &made));
	if (!make_private(path) ||
	    sqlite3_open_v2(path, &made->database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		case_close(made);
		return fail(job, STATUS_CANNOT_CREATE, "%s: cannot be created", path);
	}
	made->created = true;
	status = harden(job, path, made->database);
	if (status == STATUS_OK)
		status = store_run(job, made->database, path, "BEGIN IMMEDIATE");
	if (status == STATUS_OK)
		status = create_schema(job, made->database);
	if (status == STATUS_OK)
		status = store_run(
		    job, made->database, path, "PRAGMA application_id = 0x68707176; COMMIT");
	if (status != STATUS_OK) {
		case_close(made);
		unlink(path);
		return status;
	}
	*file = made;
	return STATUS_OK;
}

void
case_close(struct case_file *file)
{
	if (file == NULL || file->database == NULL)
		return;
	for (sqlite3_stmt *at; (at = sqlite3_next_stmt(file->database, NULL)) != NULL;)
		sqlite3_finalize(at);
	sqlite3_close(file->database);
	file->database = NULL;
}

enum status
case_check_writable(struct job *job, struct case_file *file)
{
	/* the second makes the journal beside it, as a real entry would */
	enum status status =
	    store_run(job, file->database, file->path, "BEGIN IMMEDIATE; PRAGMA user_version = 0");

	case_abandon(file);
	return status;
}

enum status
case_begin(struct job *job, struct case_file *file, const struct case_author *author)
{
	TRY(store_run(job, file->database, file->path, "BEGIN IMMEDIATE"));
	file->author = *author;
	file->entry =
	    one_integer(file->database, "SELECT coalesce(max(entry), 0) + 1 FROM journal");
	file->last_fact =
	    one_integer(file->database, "SELECT coalesce(max(last_fact), 0) FROM journal");
	if (file->created) {
		file->created = false;
		return first_entry(job, file);
	}
	return STATUS_OK;
}

static enum status
insert_entry(struct job *job, struct case_file *file, const char *content, const char *previous)
{
	sqlite3_stmt *statement;
	const char *texts[] = {file->author.actor, file->author.command, HOPQUY_VERSION,
	    file->author.detail == NULL ? "" : file->author.detail};
	bool done;

	TRY(store_prepare(job, file->database,
	    "INSERT INTO journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '')", &statement));
	sqlite3_bind_int64(statement, 1, file->entry);
	sqlite3_bind_int64(statement, 2, file->author.now);
	for (int i = 0; i < 4; i++)
		sqlite3_bind_text(statement, 3 + i, texts[i], -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 7, file->last_fact);
	sqlite3_bind_text(statement, 8, content, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 9, previous, -1, SQLITE_STATIC);
	done = sqlite3_step(statement) == SQLITE_DONE;
	sqlite3_finalize(statement);
	return done ? STATUS_OK : store_failed(job, file->database, file->path);
}

static enum status
write_entry(struct job *job, struct case_file *file)
{
	char content[DIGEST_HEX_SIZE], digest[DIGEST_HEX_SIZE], *sql;
	const char *previous;

	TRY(case_text(job, file,
	    "SELECT digest FROM journal WHERE ?1 IS NULL ORDER BY entry DESC LIMIT 1", NULL,
	    &previous));
	TRY(content_digest(job, file->database, file->entry, content));
	TRY(insert_entry(job, file, content, previous == NULL ? "" : previous));
	TRY(entry_digest(job, file->database, file->entry, digest));
	sql = arena_printf(
	    job, "UPDATE journal SET digest = '%s' WHERE entry = %" PRId64, digest, file->entry);
	if (sql == NULL)
		return STATUS_LIMIT;
	TRY(store_run(job, file->database, file->path, sql));
	return store_run(job, file->database, file->path, "COMMIT");
}

enum status
case_commit(struct job *job, struct case_file *file)
{
	enum status status = write_entry(job, file);

	if (status != STATUS_OK)
		case_abandon(file);
	file->entry = 0;
	return status;
}

void
case_abandon(struct case_file *file)
{
	if (file->database != NULL)
		sqlite3_exec(file->database, "ROLLBACK", NULL, NULL, NULL);
	file->entry = 0;
}
