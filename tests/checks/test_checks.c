/*
 * Every check against its data files, and against ignorance: no column
 * that becomes unknown may move a verdict towards pass or fail.
 */
#include "tests/support/check_samples.h"
#include "tests/support/support.h"

#include <string.h>

static bool
cites_incomplete(const struct sample *sample, int64_t id)
{
	for (size_t i = 0; i < sample->facts.count; i++)
		if (sample->facts.facts[i].fact == id)
			return sample->facts.facts[i].kind == FACT_looked &&
			       sample->facts.facts[i].as.looked.complete != 1;
	fail_msg("cites fact %d, which is not there", (int)id);
	return false;
}

/* What the rows say together, as the engine reads them. */
static enum outcome
run(struct job *job, struct query_database *database, const struct check *check,
    struct sample *sample)
{
	struct query_row *rows;
	enum outcome outcome = OUTCOME_NONE;
	size_t count;

	assert_ok(job, query_refill(job, database, &sample->facts));
	assert_ok(
	    job, query_run(job, database, check->name, check->sql, check->allowed,
		     sample->parameters, sample->parameter_count, sample->now, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		enum outcome row = strcmp(rows[i].verdict, "pass") == 0   ? OUTCOME_PASS
				   : strcmp(rows[i].verdict, "fail") == 0 ? OUTCOME_FAIL
									  : OUTCOME_INCONCLUSIVE;

		sample->cited |= rows[i].fact == sample->cites;
		if (cites_incomplete(sample, rows[i].fact))
			row = OUTCOME_INCONCLUSIVE;
		if (row > outcome)
			outcome = row;
	}
	return outcome;
}

static void
every_check_says_what_its_data_files_expect(void **state)
{
	struct job *job = *state;
	struct query_database *database = sample_references(job);
	const struct catalogue *catalogue;
	size_t wrong = 0;

	assert_ok(job, catalogue_load(job, "checks", &catalogue));
	assert_true(catalogue->count >= 20);
	for (size_t i = 0; i < catalogue->count; i++)
		for (size_t j = 0; j < SAMPLE_FILES; j++) {
			struct arena_mark mark = arena_mark(job->arena);
			struct sample sample;
			enum outcome outcome;

			if (!sample_read(job, &catalogue->checks[i], j, &sample))
				continue;
			outcome = run(job, database, &catalogue->checks[i], &sample);
			if (outcome != sample.expected ||
			    (j == FILE_UNSEEN &&
				(outcome == OUTCOME_PASS || outcome == OUTCOME_FAIL)) ||
			    (j == FILE_PASS && outcome != OUTCOME_PASS) ||
			    (j == FILE_FAIL &&
				outcome < OUTCOME_INCONCLUSIVE)) { /* some only ask */
				print_error("%s/%s: %s, expected %s\n", catalogue->checks[i].name,
				    sample_files[j], sample_outcomes[outcome],
				    sample_outcomes[sample.expected]);
				wrong++;
			}
			if (sample.cites != 0 && !sample.cited) {
				print_error("%s/%s: no row cites fact %d\n",
				    catalogue->checks[i].name, sample_files[j], (int)sample.cites);
				wrong++;
			}
			arena_release(job->arena, mark);
		}
	query_close(database);
	assert_int_equal(wrong, 0);
}

static bool
forget(struct fact *fact, const struct field_description *field)
{
	bool known = field->type == FIELD_TEXT ? fact_get_text(fact, field) != NULL
					       : fact_get_integer(fact, field) != UNKNOWN;

	if (field->type == FIELD_TEXT)
		fact_set_text(fact, field, NULL);
	else
		fact_set_integer(fact, field, UNKNOWN);
	return known;
}

/*
 * From `before` to `after` when one value became unknown.  A `looked` row that
 * no longer says what was looked for leaves nothing, which is an unmet need.
 */
static bool
may_move(enum outcome before, enum outcome after, enum fact_kind kind)
{
	if (after == before || after == OUTCOME_INCONCLUSIVE)
		return true;
	return after == OUTCOME_NONE && (kind == FACT_looked || before == OUTCOME_PASS);
}

static size_t
forget_each(struct job *job, struct query_database *database, const struct check *check,
    const char *file, struct sample *sample, size_t at, const struct field_description *fields,
    size_t count)
{
	enum outcome before = run(job, database, check, sample);
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct fact kept = sample->facts.facts[at];

		if (forget(&sample->facts.facts[at], &fields[i])) {
			enum outcome after = run(job, database, check, sample);

			if (!may_move(before, after, kept.kind)) {
				print_error("%s/%s: %s of fact %d unknown: %s becomes %s\n",
				    check->name, file, fields[i].name, (int)kept.fact,
				    sample_outcomes[before], sample_outcomes[after]);
				wrong++;
			}
		}
		sample->facts.facts[at] = kept;
		arena_release(job->arena, mark);
	}
	return wrong;
}

static void
what_becomes_unknown_never_moves_towards_pass_or_fail(void **state)
{
	struct job *job = *state;
	struct query_database *database = sample_references(job);
	const struct catalogue *catalogue;
	size_t wrong = 0;

	assert_ok(job, catalogue_load(job, "checks", &catalogue));
	for (size_t i = 0; i < catalogue->count; i++)
		for (size_t j = 0; j < FILE_MANY; j++) {
			struct arena_mark mark = arena_mark(job->arena);
			struct sample sample;

			if (!sample_read(job, &catalogue->checks[i], j, &sample))
				continue;
			for (size_t k = 0; k < sample.facts.count; k++) {
				const struct kind_description *kind =
				    &fact_kinds[sample.facts.facts[k].kind];

				wrong += forget_each(job, database, &catalogue->checks[i],
				    sample_files[j], &sample, k, fact_common, fact_common_count);
				wrong += forget_each(job, database, &catalogue->checks[i],
				    sample_files[j], &sample, k, kind->fields, kind->field_count);
			}
			arena_release(job->arena, mark);
		}
	query_close(database);
	assert_int_equal(wrong, 0);
}

static enum status
lint(struct job *job, const char *sql)
{
	struct query_database *database = sample_references(job);
	bool allowed[FACT_KIND_COUNT] = {[FACT_key] = true};
	enum status status;

	status = query_check(job, database, "lint", sql, allowed, NULL, 0);
	query_close(database);
	return status;
}

static void
a_query_that_could_have_an_effect_does_not_load(void **state)
{
	static const char *const wrong[] = {
	    "SELECT fact, 'pass' AS verdict, user AS detail FROM account",
	    "SELECT count(*) AS fact, 'pass' AS verdict, '' AS detail FROM account",
	    "SELECT 1 AS fact, 'pass' AS verdict, sql AS detail FROM sqlite_schema",
	    "SELECT 1 AS fact, 'pass' AS verdict, name AS detail FROM pragma_table_info('key')",
	    "DELETE FROM key", "PRAGMA user_version = 3", "ATTACH 'x' AS y",
	    "SELECT fact, 'pass' AS verdict FROM key",
	    "SELECT fact, 'pass' AS verdict, '' AS other FROM key",
	    "SELECT fact, 'pass' AS verdict, '' AS detail FROM key; SELECT 1",
	    "SELECT fact, 'pass' AS verdict, random() AS detail FROM key",
	    "SELECT fact, 'pass' AS verdict, date('now') AS detail FROM key",
	    "SELECT fact, 'pass' AS verdict, group_concat(bits) AS detail FROM key",
	    "SELECT fact, \"pass\" AS verdict, '' AS detail FROM key",
	    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fact, "
	    "'pass' AS verdict, '' AS detail FROM n",
	    "SELECT fact, 'pass' AS verdict, :no_such AS detail FROM key",
	    "SELECT fact, 'pass' AS verdict, ? AS detail FROM key",
	    "SELECT fact, 'pass' AS verdict, load_extension('x') AS detail FROM key", ""};
	struct job *job = *state;

	assert_ok(job,
	    lint(job, "SELECT fact, 'pass' AS verdict, printf('%d', :now) AS detail FROM key"));
	assert_ok(job,
	    lint(job, "WITH k AS (SELECT fact FROM key) SELECT count(*) AS fact, 'pass' AS "
		      "verdict, '' AS detail FROM k, looked, subject, reference_tls_versions"));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (lint(job, wrong[i]) != STATUS_MALFORMED)
			fail_msg("loads: %s", wrong[i]);
}

static void
a_query_without_end_is_a_fault_and_no_verdict(void **state)
{
	static const char sql[] =
	    "SELECT a.fact AS fact, 'pass' AS verdict, '' AS detail FROM key a, key b, key c, key "
	    "d, key e WHERE a.bits + b.bits + c.bits + d.bits + e.bits = 1";
	struct job *job = *state;
	bool allowed[FACT_KIND_COUNT] = {[FACT_key] = true};
	struct fact_list facts = {0};
	struct evidence sink = evidence_to_list(&facts);
	struct query_database *database;
	struct query_row *rows;
	size_t count;

	for (int64_t i = 1; i <= 200; i++) {
		struct fact fact = fact_new(FACT_key);

		fact.fact = i;
		fact.as.key.bits = 1;
		assert_ok(job, sink.add(&sink, job, &fact));
	}
	assert_ok(job, query_open(job, &facts, &database));
	assert_ok(job, query_seal(job, database));
	assert_int_equal(
	    query_run(job, database, "endless", sql, allowed, NULL, 0, 0, &rows, &count),
	    STATUS_FAULT);
	query_close(database);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_check_says_what_its_data_files_expect, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_becomes_unknown_never_moves_towards_pass_or_fail, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_query_that_could_have_an_effect_does_not_load, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_query_without_end_is_a_fault_and_no_verdict, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
