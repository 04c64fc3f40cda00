/*
 * The rows of an SQLite 3 database that lies in memory; read only, and no SQL.
 *
 * Of a row so long that it goes on in other pages, the part in its own page is
 * read: a value cut off by that is empty.
 *
 * Source: "Database File Format", sqlite.org/fileformat2.html.
 */
#ifndef FIRMWARE_SQLITE_H
#define FIRMWARE_SQLITE_H

#include "base/job.h"
#include "base/span.h"

#define SQLITE_MAX_COLUMNS 64
#define SQLITE_MAX_ROWS 20000u /* of one database; also the most pages that are visited */

struct sqlite_row {
	struct span table;
	struct span names[SQLITE_MAX_COLUMNS];  /* of the columns, as its CREATE TABLE says */
	struct span values[SQLITE_MAX_COLUMNS]; /* texts and blobs; empty for anything else */
	size_t count;
};

/* Does it begin like a database? */
bool sqlite_is(struct span head);

/*
 * Gives each row of each table of its schema to `row`, until that fails.
 *
 * STATUS_MALFORMED  no such file
 * STATUS_LIMIT      more rows or pages than are read
 */
enum status sqlite_read(struct job *job, struct span file,
    enum status (*row)(void *context, const struct sqlite_row *row), void *context);

#endif
