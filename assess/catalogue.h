/*
 * The catalogue of checks: one .sql file is one check, and its header says what
 * it claims, needs and may conclude.
 */
#ifndef ASSESS_CATALOGUE_H
#define ASSESS_CATALOGUE_H

#include "facts/query.h"
#include "profiles/profile.h"

#define CHECK_NEEDS_MAX 8
#define CHECK_SOURCES_MAX 16
#define CHECK_PARAMETERS_MAX 8

/* "-- needs: KIND of SUBJECT from SOURCE[, SOURCE…]": every source must have looked, completely, at
 * every such subject. */
struct need {
	enum fact_kind kind;
	const char *subject; /* image, unit or dossier */
	const char *sources[CHECK_SOURCES_MAX];
	size_t source_count;
};

struct check_parameter {
	const char *name;
	bool is_integer;
	const char *unit;
};

struct check {
	const char *name; /* "crypto/rsa_key_length" */
	const char *sql;
	const char *claim, *remedy, *source; /* message keys */
	enum power power;
	bool states_power;
	struct need needs[CHECK_NEEDS_MAX];
	size_t need_count;
	struct check_parameter parameters[CHECK_PARAMETERS_MAX];
	size_t parameter_count;
	bool allowed[FACT_KIND_COUNT]; /* kinds its needs name */
};

struct catalogue {
	struct check *checks; /* sorted by name */
	size_t count;
	struct digest digest; /* SHA-256 over names and bytes of the files, sorted */
};

/* Reads FOLDER/<family>/<name>.sql.  STATUS_MALFORMED names the file and line. */
enum status catalogue_load(struct job *job, const char *folder, const struct catalogue **catalogue);
/* Only the digest, as the trust list approves it. */
enum status catalogue_digest(struct job *job, const char *folder, struct digest *digest);
const struct check *catalogue_find(const struct catalogue *catalogue, const char *name);

/*
 * Everything a profile names must be ours: each check exists, its power is not
 * raised, each parameter is known and given, and each query prepares.
 * STATUS_MALFORMED with the profile's line.
 */
enum status catalogue_link(struct job *job, const struct catalogue *catalogue,
    const struct profile *profile, struct query_database *database);

/* Adds every data/NAME.tsv as reference_NAME and seals the database; *digest covers names and
 * bytes. */
enum status reference_load(
    struct job *job, const char *folder, struct query_database *database, struct digest *digest);

/* Only the digest, as the trust list approves it: the same as reference_load yields. */
enum status reference_digest(struct job *job, const char *folder, struct digest *digest);

#endif
