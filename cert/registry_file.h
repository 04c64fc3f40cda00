/*
 * What the files of the registry share: the handle, its statements, the index.
 */
#ifndef CERT_REGISTRY_FILE_H
#define CERT_REGISTRY_FILE_H

#include <sqlite3.h>

#include "cert/office.h"
#include "cert/registry.h"

struct registry {
	sqlite3 *database;
	const char *folder;
	bool acting;
	struct office office; /* keys only when acting; its trust list always */
};

/* STATUS_BUSY, STATUS_IO or STATUS_FAULT, with SQLite's words. */
enum status registry_fault(struct job *job, struct registry *registry);
enum status registry_run(struct job *job, struct registry *registry, const char *sql);
enum status registry_prepare(
    struct job *job, struct registry *registry, const char *sql, sqlite3_stmt **statement);
/* Steps a statement that yields no row, and finalises it. */
enum status registry_finish(struct job *job, struct registry *registry, sqlite3_stmt *statement);
/* One integer; `missing` when there is no row or it is NULL. */
enum status registry_integer(
    struct job *job, struct registry *registry, const char *sql, int64_t missing, int64_t *value);

/* A column copied into the arena; NULL text for SQL NULL. */
enum status column_text(struct job *job, sqlite3_stmt *statement, int column, const char **text);
enum status column_bytes(struct job *job, sqlite3_stmt *statement, int column, struct span *bytes);

/* The log's nodes, for log.h. */
struct log_tree registry_tree(struct registry *registry);
enum status registry_add_node(
    void *context, struct job *job, unsigned level, uint64_t index, const struct digest *digest);
enum status registry_read_event(
    struct job *job, struct registry *registry, int64_t sequence, struct span *bytes);

/* Enters what an event says into the indexes; `sequence` is its place in the log. */
enum status registry_index(
    struct job *job, struct registry *registry, int64_t sequence, struct span bytes);

/* The first act of a log: the trust list by which it starts. */
enum status registry_begin_log(struct job *job, struct registry *registry, int64_t now);
/* The number that comes next on that day. */
enum status registry_next_number(
    struct job *job, struct registry *registry, int64_t now, char number[NUMBER_SIZE]);
/* State after all changes of a number, and whether it had ever been reduced; STATUS_NO: no such
 * number. */
enum status registry_state(struct job *job, struct registry *registry, const char *number,
    enum state *state, bool *was_reduced, struct digest *certificate);
/* What every certificate must be before its signer's rights are asked: form, schema, dates. */
enum status registry_read_submission(struct job *job, struct span submission, int64_t now,
    struct signature *signature, struct certificate *certificate);

/* The schema, as built in. */
struct span registry_schema(void);
struct span certificate_schema(void);

#endif
