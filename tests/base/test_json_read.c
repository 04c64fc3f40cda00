/* A line of a transcript is read as it was written, and anything else is refused. */
#include "tests/support/support.h"

#include <string.h>

#include "base/json_read.h"

static void
a_flat_object_is_read_member_by_member(void **state)
{
	struct job *job = *state;
	struct json_member members[8];
	size_t count;

	assert_ok(job, json_read_flat(job,
			   span_of_string("{\"exchange\":12,\"event\":\"sent\",\"text\":"
					  "\"a\\nb\\u0001\",\"secret\":true}"),
			   members, 8, &count));
	assert_int_equal(count, 4);
	assert_int_equal(json_find_integer(members, count, "exchange", -1), 12);
	assert_string_equal(json_find_string(members, count, "event"), "sent");
	assert_string_equal(json_find_string(members, count, "text"), "a\nb\001");
	assert_int_equal(json_find_integer(members, count, "secret", 0), 1);
	assert_null(json_find_string(members, count, "exchange"));
	assert_int_equal(json_find_integer(members, count, "event", 7), 7);
	assert_null(json_find(members, count, "nothing"));
}

static void
what_is_not_flat_or_not_json_is_refused(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "7", "{\"a\":{}}", "{\"a\":[1]}",
	    "{\"a\":null}", "{\"a\":1.5}", "{\"a\":1,\"a\":2}", "{\"a\":1}x", "{\"a\":\"\\u0000\"}",
	    "{\"a\":\"\xff\"}", "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":99999999999999999999}"};
	struct json_member members[2];
	size_t count;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(json_read_flat(*state, span_of_string(bad[i]), members, 2, &count),
		    STATUS_MALFORMED);
}

static void
single_values_are_picked_out_of_any_json(void **state)
{
	static const char *const paths[] = {"a.b", "c.1.d", "e", "a", "c.2", "c.x", "f.g", "h"};
	struct json_member members[8];
	struct job *job = *state;

	assert_ok(job, json_pick(job,
			   span_of_string("{\"a\":{\"b\":\"x\"},\"c\":[0,{\"d\":7}],\"e\":true,"
					  "\"f\":1,\"h\":null}"),
			   paths, 8, members));
	assert_string_equal(members[0].string, "x");
	assert_int_equal(members[1].integer, 7);
	assert_false(members[1].boolean);
	assert_true(members[2].boolean && members[2].integer == 1);
	for (size_t i = 3; i < 8; i++)
		assert_null(members[i].name);
	assert_ok(job, json_pick(job, span_of_string("[]"), paths, 8, members));
	assert_null(members[0].name);
	assert_int_equal(json_pick(job, span_of_string("{\"a\":{\"b\":1}"), paths, 8, members),
	    STATUS_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_flat_object_is_read_member_by_member, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		single_values_are_picked_out_of_any_json, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_not_flat_or_not_json_is_refused, setup_job, teardown_job),
	};

	json_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
