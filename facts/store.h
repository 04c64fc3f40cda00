/*
 * Facts as SQLite tables: one schema for the case on disk and the database a check reads.
 */
#ifndef FACTS_STORE_H
#define FACTS_STORE_H

#include <sqlite3.h>

#include "facts/evidence.h"

/* Runs SQL of our own; `what` stands in the message. */
enum status store_run(struct job *job, sqlite3 *database, const char *what, const char *sql);
enum status store_prepare(
    struct job *job, sqlite3 *database, const char *sql, sqlite3_stmt **statement);
/* STATUS_IO, STATUS_BUSY or STATUS_MALFORMED with SQLite's words. */
enum status store_failed(struct job *job, sqlite3 *database, const char *what);

/* One STRICT table a kind; with_entry adds the journal entry that wrote the row. */
enum status store_create(struct job *job, sqlite3 *database, bool with_entry);
/* Inserts the fact under its id; `entry` is ignored when 0. */
enum status store_insert(
    struct job *job, sqlite3 *database, const struct fact *fact, int64_t entry);
/* "SELECT fact, subject, …columns FROM kind" followed by `where`. */
const char *store_select(struct job *job, enum fact_kind kind, const char *where);
/* The current row of a store_select statement as a checked fact in the arena. */
enum status store_read(
    struct job *job, sqlite3_stmt *statement, enum fact_kind kind, struct fact *fact);

#endif
