/* The profiles of the tree name only checks that exist, and the machine's share of the work does
 * not fall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "assess/catalogue.h"
#include "base/arena.h"
#include "base/xml.h"
#include "profiles/profile.h"

#include <cmocka.h> /* last: it defines fail */

#define BUDGET ((size_t)512 << 20)

/* Raise these when checks are added; never lower them. */
#define LEAST_AUTOMATIC_CLAUSES 16
#define LEAST_AUTOMATIC_CASES 18
#define LEAST_CHECKS 39
#define LEAST_DECIDING_USES 11

static const char *const paths[] = {"profiles/qcvn-11-2026.xml", "profiles/qcvn-135-2024.xml"};

static const struct profile *
load(struct job *job, const char *path)
{
	const struct profile *profile = NULL;

	assert_int_equal(profile_load(job, path, &profile), STATUS_OK);
	return profile;
}

/* catalogue_link over the tree's own checks and reference tables. */
static enum status
link_to_tree(struct job *job, const struct profile *profile)
{
	struct fact_list none = {0};
	const struct catalogue *catalogue;
	struct query_database *database;
	struct digest digest;
	enum status status;

	assert_int_equal(catalogue_load(job, "checks", &catalogue), STATUS_OK);
	assert_int_equal(query_open(job, &none, &database), STATUS_OK);
	status = reference_load(job, "data", database, &digest);
	if (status == STATUS_OK)
		status = catalogue_link(job, catalogue, profile, database);
	query_close(database);
	return status;
}

static void
every_check_named_exists_with_its_parameters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct job *job = job_new(BUDGET);
		enum status status = link_to_tree(job, load(job, paths[i]));

		if (status != STATUS_OK)
			fail_msg("%s", job->reason);
		job_free(job);
	}
}

/* The first use of `check` in the profile, to spoil. */
static struct profile_check *
use_of(const struct profile *profile, const char *check)
{
	for (size_t i = 0; i < profile->requirement_count; i++)
		for (size_t j = 0; j < profile->requirements[i].rule_count; j++) {
			const struct profile_rule *rule = &profile->requirements[i].rules[j];

			for (size_t k = 0; k < rule->check_count; k++)
				if (strcmp(rule->checks[k].check, check) == 0)
					return (struct profile_check *)(uintptr_t)&rule->checks[k];
		}
	return NULL;
}

static void
an_unknown_check_is_refused_with_its_line(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, paths[0]);

	(void)state;
	use_of(profile, "crypto/rsa_key_length")->check = "crypto/none";
	assert_int_equal(link_to_tree(job, profile), STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "crypto/none"));
	assert_non_null(strstr(job->reason, "qcvn-11-2026:"));
	job_free(job);
}

static void
a_raised_power_is_refused(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, paths[0]);

	(void)state;
	use_of(profile, "crypto/rsa_key_length")->power = POWER_DECIDES;
	assert_int_equal(link_to_tree(job, profile), STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "never raised"));
	job_free(job);
}

static void
a_parameter_left_out_is_refused(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, paths[0]);

	(void)state;
	use_of(profile, "crypto/rsa_key_length")->parameter_count = 0;
	assert_int_equal(link_to_tree(job, profile), STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "min_bits"));
	job_free(job);
}

static void
every_check_of_the_tree_is_used(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, paths[0]);
	const struct catalogue *catalogue;

	(void)state;
	assert_int_equal(catalogue_load(job, "checks", &catalogue), STATUS_OK);
	for (size_t i = 0; i < catalogue->count; i++)
		if (use_of(profile, catalogue->checks[i].name) == NULL)
			fail_msg(
			    "%s is used by no case of %s", catalogue->checks[i].name, paths[0]);
	assert_true(catalogue->count >= LEAST_CHECKS);
	job_free(job);
}

static void
the_machines_share_does_not_fall(void **state)
{
	struct job *job = job_new(BUDGET);
	const struct profile *profile = load(job, paths[0]);
	struct profile_count cases, clauses;
	size_t deciding = 0;

	(void)state;
	profile_count(profile, &cases, &clauses);
	for (size_t i = 0; i < profile->requirement_count; i++)
		for (size_t j = 0; j < profile->requirements[i].rule_count; j++)
			for (size_t k = 0; k < profile->requirements[i].rules[j].check_count; k++)
				deciding += profile->requirements[i].rules[j].checks[k].power ==
					    POWER_DECIDES;
	print_message("clauses: %zu automatic, %zu part automatic, %zu witnessed, %zu on paper; "
		      "cases: %zu, %zu, %zu, %zu; "
		      "%zu deciding uses\n",
	    clauses.automatic, clauses.part, clauses.witnessed, clauses.document, cases.automatic,
	    cases.part, cases.witnessed, cases.document, deciding);
	assert_true(clauses.automatic + clauses.part >= LEAST_AUTOMATIC_CLAUSES);
	assert_true(cases.automatic + cases.part >= LEAST_AUTOMATIC_CASES);
	assert_true(deciding >= LEAST_DECIDING_USES);
	assert_int_equal(clauses.automatic + clauses.part + clauses.witnessed + clauses.document,
	    profile->requirement_count);
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_check_named_exists_with_its_parameters),
	    cmocka_unit_test(an_unknown_check_is_refused_with_its_line),
	    cmocka_unit_test(a_raised_power_is_refused),
	    cmocka_unit_test(a_parameter_left_out_is_refused),
	    cmocka_unit_test(every_check_of_the_tree_is_used),
	    cmocka_unit_test(the_machines_share_does_not_fall),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
