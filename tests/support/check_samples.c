/* A data file of a check is plain INSERTs, with what they must lead to in its comments. */
#include "tests/support/check_samples.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/store.h"
#include "tests/support/support.h"

const char *const sample_outcomes[] = {"none", "pass", "inconclusive", "fail"};
const char *const sample_files[] = {"pass", "fail", "unseen", "unknown", "trap", "also", "many"};

/* "-- parameter: NAME VALUE", "-- cites: FACT" and "-- expect: OUTCOME" lines. */
static void
read_comment(struct job *job, const struct check *check, char *line, struct sample *sample)
{
	if (text_starts_with(line, "-- expect: ")) {
		for (size_t i = 0; i < ARRAY_SIZE(sample_outcomes); i++)
			if (strcmp(line + strlen("-- expect: "), sample_outcomes[i]) == 0)
				sample->expected = (enum outcome)i;
	} else if (text_starts_with(line, "-- cites: ")) {
		assert_true(
		    text_parse_integer(line + strlen("-- cites: "), 1, INT64_MAX, &sample->cites));
	} else if (text_starts_with(line, "-- parameter: ")) {
		char *name = line + strlen("-- parameter: "), *value = strchr(name, ' ');
		struct query_parameter *parameter = &sample->parameters[sample->parameter_count++];

		assert_non_null(value);
		*value++ = '\0';
		if (strcmp(name, "now") == 0) {
			sample->parameter_count--;
			assert_true(text_parse_integer(value, 0, INT64_MAX, &sample->now));
			return;
		}
		*parameter = (struct query_parameter){
		    .name = arena_copy_string(job, name), .value = arena_copy_string(job, value)};
		for (size_t i = 0; i < check->parameter_count; i++)
			if (strcmp(check->parameters[i].name, name) == 0)
				parameter->is_integer = check->parameters[i].is_integer;
	}
}

static void
read_facts(struct job *job, const char *path, const char *sql, struct sample *sample)
{
	struct evidence sink = evidence_to_list(&sample->facts);
	sqlite3 *database;
	char *message = NULL;

	assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
	assert_ok(job, store_create(job, database, false));
	if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", path, message);
	for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
		sqlite3_stmt *statement;

		assert_ok(
		    job, store_prepare(job, database,
			     store_select(job, (enum fact_kind)i, "ORDER BY fact"), &statement));
		while (sqlite3_step(statement) == SQLITE_ROW) {
			struct fact fact;

			assert_ok(job, store_read(job, statement, (enum fact_kind)i, &fact));
			assert_ok(job, sink.add(&sink, job, &fact));
		}
		sqlite3_finalize(statement);
	}
	sqlite3_close(database);
}

bool
sample_read(struct job *job, const struct check *check, size_t file, struct sample *sample)
{
	const char *path =
	    arena_printf(job, "tests/checks/%s/%s.sql", check->name, sample_files[file]);
	struct span bytes;
	char *text;

	memset(sample, 0, sizeof *sample);
	sample->now = 1764547200;
	if (file >= FILE_TRAP && access(path, F_OK) != 0)
		return false;
	assert_ok(job, file_read(job, path, 1 << 20, &bytes));
	text = arena_string(job, (const char *)bytes.at, bytes.size);
	read_facts(job, path, text, sample);
	for (char *line = text; line != NULL;) {
		char *end = strchr(line, '\n');

		if (end != NULL)
			*end++ = '\0';
		read_comment(job, check, line, sample);
		line = end;
	}
	return true;
}

struct query_database *
sample_references(struct job *job)
{
	struct query_database *database;
	struct fact_list none = {0};
	struct digest digest;

	assert_ok(job, query_open(job, &none, &database));
	assert_ok(job, reference_load(job, "data", database, &digest));
	return database;
}
