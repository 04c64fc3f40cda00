/*
 * The rows of an SQLite 3 database that lies in memory; read only, and no SQL.
 *
 * Source: "Database File Format", sqlite.org/fileformat2.html.
 */
#ifndef FIRMWARE_SQLITE_H
#define FIRMWARE_SQLITE_H

#include "base/job.h"
#include "base/span.h"

#define SQLITE_MAX_COLUMNS 64
#define SQLITE_MAX_ROWS 131072u /* and pages that are visited, together */
#define SQLITE_MAX_ROW ((size_t)16 << 20)

struct sqlite_row {
	struct span table;
	struct span names[SQLITE_MAX_COLUMNS];  /* of the columns, as its CREATE TABLE says */
	struct span values[SQLITE_MAX_COLUMNS]; /* texts and blobs; empty for anything else */
	size_t count;
	size_t offset; /* of the row in the file; its values may have been put together elsewhere */
};

/* Does it begin like a database? */
bool sqlite_is(struct span head);

/*
 * Gives each row of the table `only`, or of each table of its schema where
 * that is NULL, to `row`, until that fails.  A row lives until `row` returns.
 *
 * STATUS_MALFORMED  no such file or table, or a part of it is damaged: what could be read was given
 * STATUS_LIMIT      more rows or pages than are read
 */
enum status sqlite_read(struct job *job, struct span file, const char *only,
    enum status (*row)(void *context, const struct sqlite_row *row), void *context);

#endif
