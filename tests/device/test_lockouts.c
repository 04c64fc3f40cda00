/* How many wrong passwords a unit judges is measured, and whom its locks shut out. */
#include "tests/support/support.h"

#include <string.h>

#include "device/login.h"
#include "tests/support/shell_camera.h"

extern const struct probe probe_lockouts;

static struct fact_list facts;
static const struct looked_fact *looked;

static void
run(struct job *job, struct camera *camera, const struct probe *probe, bool with_credential,
    struct target *target)
{
	camera_run(job, camera, probe, with_credential, target, &facts, &looked);
}

static const struct lockout_fact *
lockout_of(size_t number)
{
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_lockout && number-- == 0)
			return &facts.facts[i].as.lockout;
	return NULL;
}

static void
a_unit_that_judges_every_password_is_never_locked(void **state)
{
	struct camera camera = {0};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->attempts, 41);
	assert_int_equal(lockout_of(0)->locked, 0);
	assert_int_equal(lockout_of(0)->from_addresses, 1);
	assert_true(lockout_of(0)->attempts_per_minute > 100);
}

static void
without_a_known_password_a_silent_lock_is_not_said_to_be_none(void **state)
{
	struct camera camera = {.lock_after = 5, .lock_ms = 60000};
	struct target target;

	run(*state, &camera, &probe_lockouts, false, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, UNKNOWN);
}

static void
a_lock_of_an_account_is_seen_by_the_right_password_alone(void **state)
{
	struct camera camera = {.lock_after = 5, .lock_ms = 11000};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, 1);
	assert_in_range(lockout_of(0)->lock_s, 1, 16);
	assert_true(lockout_of(0)->attempts_per_minute != UNKNOWN);
}

static void
a_lock_that_says_so_is_seen_without_knowing_a_password(void **state)
{
	struct camera camera = {.lock_after = 5, .lock_ms = 4000, .lock_in_words = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, false, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, 1);
	assert_int_equal(lockout_of(0)->attempts, 5);
	assert_in_range(lockout_of(0)->lock_s, 3, 12);
}

static void
words_of_a_lock_are_none_where_the_right_password_opens(void **state)
{
	struct camera camera = {
	    .lock_after = 15, .lock_ms = 60000, .lock_in_words = true, .lock_is_said = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, 0);
	assert_true(lockout_of(0)->attempts >= 40);
	assert_true(lockout_of(0)->attempts_per_minute > 100);
}

static void
a_ban_of_one_address_leaves_the_other_and_is_told(void **state)
{
	struct camera camera = {
	    .lock_after = 5, .lock_ms = 8000, .lock_by_address = true, .lock_by_silence = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(lockout_of(0)->from_addresses, 1);
	assert_int_equal(lockout_of(0)->per_address, 1);
	assert_int_equal(lockout_of(0)->locked, 1);
	/* the other address: a storm and a lock of its own */
	assert_int_equal(lockout_of(1)->from_addresses, 2);
	assert_int_equal(lockout_of(1)->locked, 1);
	assert_true(lockout_of(1)->attempts >= 4);
	assert_int_equal(target.source, 0);
}

static void
delays_that_grow_lower_the_rate(void **state)
{
	struct camera camera = {.delay_ms = 400, .growing = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_true(lockout_of(0)->attempts < 20);
	assert_true(lockout_of(0)->attempts_per_minute < 60);
}

static void
a_unit_that_opens_to_anything_is_not_measured(void **state)
{
	struct camera camera = {.opens_to_all = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, false, &target);
	assert_int_equal(looked->complete, 0);
	assert_null(lockout_of(0));
	assert_non_null(strstr(looked->reason, "random password opened"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_unit_that_judges_every_password_is_never_locked),
	    TEST(without_a_known_password_a_silent_lock_is_not_said_to_be_none),
	    TEST(a_lock_of_an_account_is_seen_by_the_right_password_alone),
	    TEST(a_lock_that_says_so_is_seen_without_knowing_a_password),
	    TEST(words_of_a_lock_are_none_where_the_right_password_opens),
	    TEST(a_ban_of_one_address_leaves_the_other_and_is_told),
	    TEST(delays_that_grow_lower_the_rate),
	    TEST(a_unit_that_opens_to_anything_is_not_measured),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
