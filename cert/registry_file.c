/*
 * SQLite as the registry uses it: write-ahead log, every commit on the disk.
 */
#include "cert/registry_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

#define BUSY_WAIT_MS 5000

enum status
registry_fault(struct job *job, struct registry *registry)
{
	int code = sqlite3_errcode(registry->database) & 0xff;
	const char *words = sqlite3_errmsg(registry->database);

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return fail(job, STATUS_BUSY, "registry: another process is writing; try again");
	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
		return fail(job, STATUS_MALFORMED, "registry: %s", words);
	if (code == SQLITE_IOERR || code == SQLITE_FULL || code == SQLITE_READONLY)
		return fail(job, STATUS_IO, "registry: %s", words);
	return fail(job, STATUS_FAULT, "registry: %s", words);
}

enum status
registry_run(struct job *job, struct registry *registry, const char *sql)
{
	if (sqlite3_exec(registry->database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return registry_fault(job, registry);
	return STATUS_OK;
}

enum status
registry_prepare(
    struct job *job, struct registry *registry, const char *sql, sqlite3_stmt **statement)
{
	if (sqlite3_prepare_v2(registry->database, sql, -1, statement, NULL) != SQLITE_OK)
		return registry_fault(job, registry);
	return STATUS_OK;
}

enum status
registry_finish(struct job *job, struct registry *registry, sqlite3_stmt *statement)
{
	enum status status = STATUS_OK;

	if (sqlite3_step(statement) != SQLITE_DONE)
		status = registry_fault(job, registry);
	sqlite3_finalize(statement);
	return status;
}

enum status
registry_integer(
    struct job *job, struct registry *registry, const char *sql, int64_t missing, int64_t *value)
{
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;
	int step;

	TRY(registry_prepare(job, registry, sql, &statement));
	step = sqlite3_step(statement);
	*value = missing;
	if (step == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(statement, 0);
	else if (step != SQLITE_ROW && step != SQLITE_DONE)
		status = registry_fault(job, registry);
	sqlite3_finalize(statement);
	return status;
}

enum status
column_bytes(struct job *job, sqlite3_stmt *statement, int column, struct span *bytes)
{
	const void *at = sqlite3_column_blob(statement, column);
	size_t size = (size_t)sqlite3_column_bytes(statement, column);
	char *copy = arena_string(job, at == NULL ? "" : at, at == NULL ? 0 : size);

	if (copy == NULL)
		return STATUS_LIMIT;
	*bytes = (struct span){(const uint8_t *)copy, at == NULL ? 0 : size};
	return STATUS_OK;
}

enum status
column_text(struct job *job, sqlite3_stmt *statement, int column, const char **text)
{
	struct span bytes;

	*text = NULL;
	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		return STATUS_OK;
	TRY(column_bytes(job, statement, column, &bytes));
	*text = (const char *)bytes.at;
	return STATUS_OK;
}

static enum status
read_node(void *context, struct job *job, unsigned level, uint64_t index, struct digest *digest)
{
	struct registry *registry = context;
	sqlite3_stmt *statement;
	bool found;

	TRY(registry_prepare(
	    job, registry, "SELECT hash FROM node WHERE level = ? AND position = ?", &statement));
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)level);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)index);
	found = sqlite3_step(statement) == SQLITE_ROW &&
		sqlite3_column_bytes(statement, 0) == DIGEST_SIZE;
	if (found)
		memcpy(digest->bytes, sqlite3_column_blob(statement, 0), DIGEST_SIZE);
	sqlite3_finalize(statement);
	return found ? STATUS_OK
		     : fail(job, STATUS_MALFORMED, "registry: node %u/%llu is missing", level,
			   (unsigned long long)index);
}

struct log_tree
registry_tree(struct registry *registry)
{
	return (struct log_tree){read_node, registry};
}

enum status
registry_add_node(
    void *context, struct job *job, unsigned level, uint64_t index, const struct digest *digest)
{
	struct registry *registry = context;
	sqlite3_stmt *statement;

	TRY(registry_prepare(job, registry, "INSERT INTO node VALUES (?, ?, ?)", &statement));
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)level);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)index);
	sqlite3_bind_blob(statement, 3, digest->bytes, DIGEST_SIZE, SQLITE_TRANSIENT);
	return registry_finish(job, registry, statement);
}

enum status
registry_read_event(
    struct job *job, struct registry *registry, int64_t sequence, struct span *bytes)
{
	sqlite3_stmt *statement;
	enum status status;

	TRY(registry_prepare(
	    job, registry, "SELECT signed FROM event WHERE sequence = ?", &statement));
	sqlite3_bind_int64(statement, 1, sequence);
	if (sqlite3_step(statement) == SQLITE_ROW)
		status = column_bytes(job, statement, 0, bytes);
	else
		status = fail(
		    job, STATUS_MALFORMED, "registry: event %lld is missing", (long long)sequence);
	sqlite3_finalize(statement);
	return status;
}

/* Opens the database file; `create` makes it. */
static enum status
open_database(struct job *job, struct registry *registry, bool create)
{
	const char *path = file_path_join(job, registry->folder, "registry.db");
	int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);

	if (path == NULL)
		return STATUS_LIMIT;
	if (!create && access(path, F_OK) != 0)
		return fail(job, STATUS_MISSING, "%s: %s", path, strerror(errno));
	if (sqlite3_open_v2(path, &registry->database, flags, NULL) != SQLITE_OK)
		return registry_fault(job, registry);
	sqlite3_busy_timeout(registry->database, BUSY_WAIT_MS);
	sqlite3_extended_result_codes(registry->database, 1);
	sqlite3_db_config(registry->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(registry->database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	return registry_run(job, registry,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
}

/* The newest trust list of the log stands in for the authority's when it is not at hand. */
static enum status
read_logged_trust(struct job *job, struct registry *registry, const char *authority)
{
	struct identity root;
	bool has_root = access(authority, R_OK) == 0;
	int64_t event;
	struct span der;

	if (has_root)
		TRY(office_read_root(job, authority, &root));

	TRY(registry_integer(
	    job, registry, "SELECT event FROM trust ORDER BY sequence DESC LIMIT 1", -1, &event));
	if (event < 0)
		return fail(job, STATUS_MALFORMED, "registry: its log holds no trust list");
	TRY(registry_read_event(job, registry, event, &der));
	return trust_read(job, der, has_root ? &root.fingerprint : NULL, &registry->office.trust);
}

static enum status
open_office(struct job *job, struct registry *registry)
{
	const char *authority = file_path_join(job, registry->folder, "authority");

	if (authority == NULL)
		return STATUS_LIMIT;
	if (!registry->acting)
		return read_logged_trust(job, registry, authority);
	return office_open(job, authority, &registry->office);
}

static enum status
new_handle(struct job *job, const char *folder, bool acting, struct registry **registry)
{
	*registry = arena_allocate(job, sizeof(**registry));
	if (*registry == NULL)
		return STATUS_LIMIT;
	(*registry)->folder = arena_copy_string(job, folder);
	(*registry)->acting = acting;
	return (*registry)->folder == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
registry_open(struct job *job, const char *folder, bool acting, struct registry **registry)
{
	struct registry *opened;
	enum status status;

	TRY(new_handle(job, folder, acting, &opened));
	status = open_database(job, opened, false);
	if (status == STATUS_OK)
		status = open_office(job, opened);
	if (status != STATUS_OK) {
		registry_close(opened);
		return fail_in(job, status, "registry %s", folder);
	}
	*registry = opened;
	return STATUS_OK;
}

void
registry_close(struct registry *registry)
{
	if (registry == NULL)
		return;
	office_close(&registry->office);
	sqlite3_close(registry->database);
	registry->database = NULL;
}

const struct trust *
registry_trust(const struct registry *registry)
{
	return &registry->office.trust;
}

static enum status
link_authority(struct job *job, const char *folder, const char *authority)
{
	const char *link = file_path_join(job, folder, "authority");
	char target[PATH_MAX];
	bool good =
	    link != NULL && realpath(authority, target) != NULL && symlink(target, link) == 0;

	return good ? STATUS_OK
		    : fail(job, STATUS_CANNOT_CREATE, "%s: cannot link to %s: %s", folder,
			  authority, strerror(errno));
}

/* What a failed creation leaves would pass for a registry. */
static void
remove_traces(struct job *job, const char *folder)
{
	static const char *const names[] = {
	    "registry.db", "registry.db-wal", "registry.db-shm", "authority"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *path = file_path_join(job, folder, names[i]);

		if (path != NULL)
			unlink(path);
	}
}

static enum status
fill_new(struct job *job, struct registry *registry, const char *authority, int64_t now)
{
	TRY(link_authority(job, registry->folder, authority));
	TRY(open_database(job, registry, true));
	TRY(registry_run(job, registry, (const char *)registry_schema().at));
	TRY(open_office(job, registry));
	return registry_begin_log(job, registry, now);
}

enum status
registry_create(struct job *job, const char *folder, const char *authority, int64_t now)
{
	const char *path = file_path_join(job, folder, "registry.db");
	struct registry *registry;
	struct trust trust;
	enum status status;

	TRY(office_read_trust(job, authority, &trust));
	if (path == NULL)
		return STATUS_LIMIT;
	if (mkdir(folder, 0755) != 0 && errno != EEXIST)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", folder, strerror(errno));
	if (access(path, F_OK) == 0)
		return fail(job, STATUS_CANNOT_CREATE, "%s: there already is a registry", folder);
	TRY(new_handle(job, folder, true, &registry));
	status = fill_new(job, registry, authority, now);
	registry_close(registry);
	if (status != STATUS_OK)
		remove_traces(job, folder);
	return status;
}
