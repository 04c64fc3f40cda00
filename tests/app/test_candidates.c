/* What the dossier calls the product is tried as a password, before the list of everybody's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "app/candidates.h"
#include "base/arena.h"

#include <cmocka.h>

static struct fact
named(const char *name, const char *value)
{
	struct fact fact = fact_new(FACT_identity);

	fact.as.identity.name = name;
	fact.as.identity.value = value;
	return fact;
}

static void
names_of_the_product_come_first_in_three_spellings(void **state)
{
	static const char *const usual[] = {"admin\tadmin"};
	struct job *job = job_new((size_t)1 << 20);
	struct fact facts[] = {named("manufacturer", "Nobody Inc"), named("model", "MS-C200"),
	    named("brand", "Mắt"), named("alias", NULL)};
	struct fact_list list = {.facts = facts, .count = ARRAY_SIZE(facts)};
	const char *const *pairs = usual;
	size_t count = 1;

	(void)state;
	assert_non_null(job);
	assert_int_equal(candidates_add_names(job, &list, &pairs, &count), STATUS_OK);
	assert_int_equal(count, 5);
	assert_string_equal(pairs[0], "\tMS-C200");
	assert_string_equal(pairs[1], "\tMSC200");
	assert_string_equal(pairs[2], "\tmsc200");
	assert_string_equal(pairs[3], "\tMắt"); /* too little of it is ASCII */
	assert_string_equal(pairs[4], "admin\tadmin");
	job_free(job);
}

static void
no_more_names_are_taken_than_a_product_has(void **state)
{
	struct job *job = job_new((size_t)1 << 20);
	struct fact facts[40];
	struct fact_list list = {.facts = facts, .count = ARRAY_SIZE(facts)};
	const char *const *pairs = NULL;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		facts[i] = named("alias", "A long name of a product that nobody would ever type");
	assert_int_equal(candidates_add_names(job, &list, &pairs, &count), STATUS_OK);
	assert_int_equal(count, 0);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		facts[i] = named("alias", "C200");
	assert_int_equal(candidates_add_names(job, &list, &pairs, &count), STATUS_OK);
	assert_int_equal(count, 24);
	job_free(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_of_the_product_come_first_in_three_spellings),
	    cmocka_unit_test(no_more_names_are_taken_than_a_product_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
