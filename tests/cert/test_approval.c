/*
 * What the authority approves must be what an assessment records, or no
 * certificate could ever be issued, and any edited table could.
 */
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assess/catalogue.h"
#include "base/arena.h"
#include "base/file.h"

static struct digest
loaded(struct job *job, const char *folder)
{
	struct fact_list none = {0};
	struct query_database *database;
	struct digest digest;

	assert_ok(job, query_open(job, &none, &database));
	assert_ok(job, reference_load(job, folder, database, &digest));
	query_close(database);
	return digest;
}

static void
the_digest_approved_is_the_one_an_assessment_records(void **state)
{
	struct job *job = *state;
	struct digest approved, recorded;

	assert_ok(job, reference_digest(job, "data", &approved));
	recorded = loaded(job, "data");
	assert_true(digest_equal(&approved, &recorded));
}

static void
one_more_row_or_another_name_is_another_digest(void **state)
{
	struct job *job = *state;
	char folder[] = "/tmp/hopquy-reference-XXXXXX";
	const char *first, *second;
	struct digest before, row, name;

	assert_non_null(mkdtemp(folder));
	first = file_path_join(job, folder, "a.tsv");
	second = file_path_join(job, folder, "b.tsv");
	assert_ok(job, file_write(job, first, span_of_string("name\nx\n"), 0644));
	assert_ok(job, reference_digest(job, folder, &before));
	assert_ok(job, file_write(job, first, span_of_string("name\nx\ny\n"), 0644));
	assert_ok(job, reference_digest(job, folder, &row));
	assert_int_equal(rename(first, second), 0);
	assert_ok(job, reference_digest(job, folder, &name));
	assert_false(digest_equal(&before, &row));
	assert_false(digest_equal(&row, &name));
	unlink(second);
	rmdir(folder);
}

static void
a_folder_that_is_not_there_approves_nothing(void **state)
{
	struct digest digest;

	assert_int_equal(reference_digest(*state, "/nonexistent", &digest), STATUS_MISSING);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	const struct CMUnitTest tests[] = {
	    TEST(the_digest_approved_is_the_one_an_assessment_records),
	    TEST(one_more_row_or_another_name_is_another_digest),
	    TEST(a_folder_that_is_not_there_approves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
