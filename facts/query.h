/*
 * A check's query: one SELECT over the facts, locked down so that it can have no effect.
 *
 * The database lives in memory and holds the current facts and the reference
 * tables.  The authorizer allows SELECT and READ of the kinds a check needs,
 * of subject, looked and reference_*, and a list of pure functions; recursion,
 * double-quoted strings, time and randomness are refused; a query that takes
 * more than QUERY_MAX_STEPS is a fault of ours, never a verdict.
 */
#ifndef FACTS_QUERY_H
#define FACTS_QUERY_H

#include "facts/evidence.h"

#define QUERY_MAX_STEPS 200000000
#define QUERY_MAX_ROWS 100000

struct query_database;

struct query_parameter {
	const char *name;  /* without the colon */
	const char *value; /* decimal when is_integer */
	bool is_integer;
};

struct query_row {
	int64_t fact;        /* 0 = none given */
	const char *verdict; /* as the query wrote it */
	const char *detail;  /* "" when NULL */
};

/* A join over subjects: see views.def. */
struct query_view {
	const char *name;
	const char *doc;
	const char *sql;
};

/* All of them; a check may read each like a kind. */
const struct query_view *query_views(size_t *count);

struct query_cell {
	const char *name; /* of the column */
	const char *text; /* NULL: unknown */
	int64_t integer;
	bool is_integer;
};

/* Facts keep the ids they have (each must be unique and not 0). */
enum status query_open(
    struct job *job, const struct fact_list *facts, struct query_database **database);
void query_close(struct query_database *database);

/*
 * A reference table: "#" comment lines, then a header line of column names
 * ("name" TEXT, "name:integer"), then rows, TAB-separated.  It is read as
 * reference_NAME.
 */
enum status query_add_reference(
    struct job *job, struct query_database *database, const char *name, struct span tsv);
/* No more tables: from here on the database is read-only. */
enum status query_seal(struct job *job, struct query_database *database);

/* Other facts in the place of those there are; the reference tables stay. */
enum status query_refill(
    struct job *job, struct query_database *database, const struct fact_list *facts);

/*
 * Prepares the query only, as the lint of a check: STATUS_MALFORMED when it is
 * not one SELECT of the columns (fact, verdict, detail), reads a kind not in
 * `allowed`, calls a function that is not allowed, or names a parameter that
 * is not given (":now" always is).
 */
enum status query_check(struct job *job, struct query_database *database, const char *name,
    const char *sql, const bool allowed[FACT_KIND_COUNT], const struct query_parameter *parameters,
    size_t count);

/* Runs it; rows are sorted by fact, verdict, detail. */
enum status query_run(struct job *job, struct query_database *database, const char *name,
    const char *sql, const bool allowed[FACT_KIND_COUNT], const struct query_parameter *parameters,
    size_t count, int64_t now, struct query_row **rows, size_t *row_count);

/* Calls `row` with each row of a view, in an order that is always the same. */
enum status query_see(struct job *job, struct query_database *database, const char *view,
    enum status (*row)(void *context, const struct query_cell *cells, size_t count), void *context);

#endif
