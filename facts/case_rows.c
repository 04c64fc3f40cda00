/* What an entry writes and a reader reads: facts, runs, settings, attachments, assessments,
 * signatures. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "facts/case_file.h"
#include "facts/store.h"

/* Entries that are the newest run of their key, and those that are no run at all. */
#define TRANSCRIPTS_MAX 64
#define CURRENT_ENTRIES                                                                            \
	"(journal_entry IN (SELECT max(entry) FROM run GROUP BY key) OR journal_entry NOT IN "     \
	"(SELECT entry FROM run))"
#define CURRENT_SUBJECTS                                                                           \
	"(SELECT about FROM run WHERE entry IN (SELECT max(entry) FROM run GROUP BY key))"

enum status
case_text(struct job *job, struct case_file *file, const char *sql, const char *parameter,
    const char **value)
{
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	*value = NULL;
	TRY(store_prepare(job, file->database, sql, &statement));
	sqlite3_bind_text(statement, 1, parameter, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		*value = arena_copy_string(job, (const char *)sqlite3_column_text(statement, 0));
		if (*value == NULL)
			status = STATUS_LIMIT;
	}
	sqlite3_finalize(statement);
	return status;
}

enum status
case_add_fact(struct job *job, struct case_file *file, struct fact *fact)
{
	assert(file->entry != 0);
	TRY(fact_check(job, fact));
	fact->fact = ++file->last_fact;
	return store_insert(job, file->database, fact, file->entry);
}

/* Runs an insertion whose first parameter is the entry. */
static enum status
insert_row(struct job *job, struct case_file *file, sqlite3_stmt *statement)
{
	bool done;

	sqlite3_bind_int64(statement, 1, file->entry);
	done = sqlite3_step(statement) == SQLITE_DONE;
	sqlite3_finalize(statement);
	return done ? STATUS_OK : store_failed(job, file->database, file->path);
}

static void
bind_bytes(sqlite3_stmt *statement, int at, struct span bytes)
{
	sqlite3_bind_blob64(statement, at, bytes.size == 0 ? "" : (const void *)bytes.at,
	    bytes.size, SQLITE_STATIC);
}

enum status
case_add_run(struct job *job, struct case_file *file, const char *key, int64_t subject)
{
	sqlite3_stmt *statement;

	TRY(store_prepare(job, file->database, "INSERT INTO run VALUES (?1, ?2, ?3)", &statement));
	sqlite3_bind_text(statement, 2, key, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, subject);
	return insert_row(job, file, statement);
}

enum status
case_has_run(struct job *job, struct case_file *file, const char *key, bool *found)
{
	const char *value;

	TRY(case_text(job, file, "SELECT key FROM run WHERE key = ?1 LIMIT 1", key, &value));
	*found = value != NULL;
	return STATUS_OK;
}

enum status
case_set(struct job *job, struct case_file *file, const char *name, const char *value)
{
	sqlite3_stmt *statement;

	TRY(store_prepare(
	    job, file->database, "INSERT OR REPLACE INTO meta VALUES (?1, ?2, ?3)", &statement));
	sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, value, -1, SQLITE_STATIC);
	return insert_row(job, file, statement);
}

enum status
case_attach(struct job *job, struct case_file *file, const char *name, struct span bytes,
    char hex[DIGEST_HEX_SIZE])
{
	sqlite3_stmt *statement;
	struct digest digest;

	TRY(digest_of(job, bytes, &digest));
	digest_to_hex(&digest, hex);
	TRY(store_prepare(job, file->database,
	    "INSERT OR IGNORE INTO attachment VALUES (?1, ?2, ?3, ?4)", &statement));
	sqlite3_bind_text(statement, 2, hex, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, name, -1, SQLITE_STATIC);
	bind_bytes(statement, 4, bytes);
	return insert_row(job, file, statement);
}

enum status
case_put_assessment(struct job *job, struct case_file *file, const char *profile, const char *json)
{
	sqlite3_stmt *statement;

	TRY(store_prepare(
	    job, file->database, "INSERT INTO assessment VALUES (?1, ?2, ?3)", &statement));
	sqlite3_bind_text(statement, 2, profile, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, json, -1, SQLITE_STATIC);
	return insert_row(job, file, statement);
}

enum status
case_put_signature(struct job *job, struct case_file *file, const struct case_signature *signature)
{
	sqlite3_stmt *statement;

	TRY(store_prepare(job, file->database,
	    "INSERT INTO signature VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &statement));
	sqlite3_bind_text(statement, 2, signature->role, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, signature->person, -1, SQLITE_STATIC);
	bind_bytes(statement, 4, signature->statement);
	bind_bytes(statement, 5, signature->signature);
	bind_bytes(statement, 6, signature->certificate);
	return insert_row(job, file, statement);
}

enum status
case_get(struct job *job, struct case_file *file, const char *name, const char **value)
{
	return case_text(job, file,
	    "SELECT value FROM meta WHERE name = ?1 ORDER BY entry DESC LIMIT 1", name, value);
}

enum status
case_identity(struct job *job, struct case_file *file, const char **identity)
{
	TRY(case_get(job, file, "identity", identity));
	return *identity != NULL
		   ? STATUS_OK
		   : fail(job, STATUS_MALFORMED, "%s: a case without identity", file->path);
}

static enum status
copy_column(struct job *job, sqlite3_stmt *statement, int at, struct span *bytes)
{
	size_t size = (size_t)sqlite3_column_bytes(statement, at);
	char *copy = arena_string(job, sqlite3_column_blob(statement, at), size);

	if (copy == NULL)
		return STATUS_LIMIT;
	*bytes = (struct span){.at = (const uint8_t *)copy, .size = size};
	return STATUS_OK;
}

enum status
case_attachment(struct job *job, struct case_file *file, const char *hex, struct span *bytes)
{
	sqlite3_stmt *statement;
	enum status status;

	TRY(store_prepare(job, file->database,
	    "SELECT bytes FROM attachment WHERE sha256 = ?1 LIMIT 1", &statement));
	sqlite3_bind_text(statement, 1, hex, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW)
		status = copy_column(job, statement, 0, bytes);
	else
		status = fail(job, STATUS_MISSING, "%s: no attachment %s", file->path, hex);
	sqlite3_finalize(statement);
	return status;
}

enum status
case_transcripts(
    struct job *job, struct case_file *file, struct case_transcript **transcripts, size_t *count)
{
	struct case_transcript *list = arena_array(job, TRANSCRIPTS_MAX, sizeof *list);
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	*count = 0;
	*transcripts = list;
	if (list == NULL)
		return STATUS_LIMIT;
	TRY(store_prepare(job, file->database,
	    "SELECT run.about, attachment.bytes FROM attachment JOIN run ON run.entry = "
	    "attachment.entry WHERE attachment.name = 'transcript' AND run.entry IN (SELECT "
	    "max(entry) FROM run GROUP BY key) ORDER BY run.entry, attachment.sha256",
	    &statement));
	while (status == STATUS_OK && sqlite3_step(statement) == SQLITE_ROW) {
		if (*count == TRANSCRIPTS_MAX)
			status = fail(job, STATUS_LIMIT, "%s: more than %d transcripts", file->path,
			    TRANSCRIPTS_MAX);
		else
			status = copy_column(job, statement, 1, &list[*count].bytes);
		if (status == STATUS_OK)
			list[(*count)++].subject = sqlite3_column_int64(statement, 0);
	}
	sqlite3_finalize(statement);
	return status;
}

static enum status
read_kind(struct job *job, struct case_file *file, enum fact_kind kind, struct evidence *sink)
{
	const char *where = kind == FACT_subject
				? "WHERE fact IN " CURRENT_SUBJECTS " ORDER BY fact"
				: "WHERE " CURRENT_ENTRIES
				  " AND (subject IS NULL OR subject IN " CURRENT_SUBJECTS
				  ") ORDER BY fact";
	const char *sql = store_select(job, kind, where);
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	if (sql == NULL)
		return STATUS_LIMIT;
	TRY(store_prepare(job, file->database, sql, &statement));
	while (status == STATUS_OK && sqlite3_step(statement) == SQLITE_ROW) {
		struct fact fact;

		status = store_read(job, statement, kind, &fact);
		if (status == STATUS_OK)
			status = sink->add(sink, job, &fact);
	}
	sqlite3_finalize(statement);
	return status;
}

enum status
case_facts(struct job *job, struct case_file *file, struct fact_list *list)
{
	struct evidence sink = evidence_to_list(list);

	for (size_t i = 0; i < FACT_KIND_COUNT; i++)
		TRY(read_kind(job, file, (enum fact_kind)i, &sink));
	return STATUS_OK;
}

enum status
case_subject(
    struct job *job, struct case_file *file, const char *type, const char *name, int64_t *subject)
{
	sqlite3_stmt *statement;

	TRY(store_prepare(job, file->database,
	    "SELECT max(fact) FROM subject WHERE type = ?1 AND name = ?2 AND fact "
	    "IN " CURRENT_SUBJECTS,
	    &statement));
	sqlite3_bind_text(statement, 1, type, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
	*subject = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
	sqlite3_finalize(statement);
	return STATUS_OK;
}

enum status
case_assessment(struct job *job, struct case_file *file, const char **json, const char **profile)
{
	TRY(case_text(job, file,
	    "SELECT profile FROM assessment WHERE ?1 IS NULL ORDER BY entry DESC LIMIT 1", NULL,
	    profile));
	return case_text(job, file,
	    "SELECT json FROM assessment WHERE ?1 IS NULL ORDER BY entry DESC LIMIT 1", NULL, json);
}

enum status
case_head(struct job *job, struct case_file *file, struct digest *head)
{
	const char *hex;

	TRY(case_text(job, file,
	    "SELECT digest FROM journal WHERE entry NOT IN (SELECT entry FROM signature) AND ?1 IS "
	    "NULL ORDER BY entry DESC LIMIT 1",
	    NULL, &hex));
	if (hex == NULL || !digest_from_hex(hex, head))
		return fail(job, STATUS_MALFORMED, "%s: a case without a journal", file->path);
	return STATUS_OK;
}

static enum status
read_signature(struct job *job, sqlite3_stmt *statement, struct case_signature *signature)
{
	signature->entry = sqlite3_column_int64(statement, 0);
	signature->role = arena_copy_string(job, (const char *)sqlite3_column_text(statement, 1));
	signature->person = arena_copy_string(job, (const char *)sqlite3_column_text(statement, 2));
	if (signature->role == NULL || signature->person == NULL)
		return STATUS_LIMIT;
	TRY(copy_column(job, statement, 3, &signature->statement));
	TRY(copy_column(job, statement, 4, &signature->signature));
	return copy_column(job, statement, 5, &signature->certificate);
}

#define SIGNATURES_MAX 256

enum status
case_signatures(
    struct job *job, struct case_file *file, struct case_signature **signatures, size_t *count)
{
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	*count = 0;
	*signatures = arena_array(job, SIGNATURES_MAX, sizeof **signatures);
	if (*signatures == NULL)
		return STATUS_LIMIT;
	TRY(store_prepare(job, file->database,
	    "SELECT entry, role, person, statement, signature, certificate FROM signature ORDER BY "
	    "entry",
	    &statement));
	while (
	    status == STATUS_OK && *count < SIGNATURES_MAX && sqlite3_step(statement) == SQLITE_ROW)
		status = read_signature(job, statement, &(*signatures)[(*count)++]);
	sqlite3_finalize(statement);
	return status;
}
