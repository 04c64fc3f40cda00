/* Whatever a unit answers to a hello, the reader ends, within the bytes it was given. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "device/tls_hello.h"
#include "tests/support/scripted_unit.h"

static struct job *job;

static int
set_up(void **state)
{
	(void)state;
	job = job_new((size_t)256 << 20);
	return job == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	job_free(job);
	return 0;
}

static struct span
fixture(const char *name)
{
	return unit_fixture(job, arena_printf(job, "fixtures/devices/replies/%s", name));
}

static void
a_flight_of_tls_1_2_tells_suite_group_and_certificate(void **state)
{
	struct tls_answer answer;

	(void)state;
	assert_int_equal(
	    tls_answer_parse(job, fixture("tls12_flight.bin"), false, &answer), STATUS_OK);
	assert_int_equal(answer.type, TLS_HELLO);
	assert_int_equal(answer.version, TLS_1_2);
	assert_string_equal(
	    tls_suite_name(answer.suite), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
	assert_string_equal(tls_group_name(answer.group), "x25519");
	assert_int_equal(answer.chain_count, 1);
	assert_int_equal(answer.chain[0].at[0], 0x30);
	assert_true(answer.secure_renegotiation);
	assert_int_equal(answer.compression, 0);
}

static void
a_hello_of_tls_1_3_is_an_answer_by_itself(void **state)
{
	struct tls_answer answer;

	(void)state;
	assert_int_equal(
	    tls_answer_parse(job, fixture("tls13_hello.bin"), false, &answer), STATUS_OK);
	assert_int_equal(answer.type, TLS_HELLO);
	assert_int_equal(answer.version, TLS_1_3);
	assert_string_equal(tls_suite_name(answer.suite), "TLS_AES_128_GCM_SHA256");
}

static void
an_alert_is_a_refusal(void **state)
{
	struct tls_answer answer;

	(void)state;
	assert_int_equal(
	    tls_answer_parse(job, fixture("tls_alert.bin"), false, &answer), STATUS_OK);
	assert_int_equal(answer.type, TLS_ALERT);
}

static void
what_is_not_tls_is_strange(void **state)
{
	struct tls_answer answer;

	(void)state;
	assert_int_equal(
	    tls_answer_parse(job, span_of_string("HTTP/1.0 400 Bad Request\r\n"), true, &answer),
	    STATUS_OK);
	assert_int_equal(answer.type, TLS_STRANGE);
}

static void
a_flight_cut_anywhere_asks_for_more_or_is_taken_as_far_as_it_goes(void **state)
{
	static const char *const names[] = {"tls12_flight.bin", "tls13_hello.bin", "tls_alert.bin"};

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
		struct span whole = fixture(names[n]);

		for (size_t size = 0; size < whole.size; size++) {
			struct arena_mark mark = arena_mark(job->arena);
			uint8_t *cut =
			    arena_allocate(job, size); /* its own block: a read beyond it is seen */
			struct tls_answer answer;

			memcpy(cut, whole.at, size);
			assert_int_equal(
			    tls_answer_parse(job, (struct span){cut, size}, false, &answer),
			    STATUS_OK);
			assert_int_not_equal(answer.type, TLS_STRANGE);
			assert_int_equal(
			    tls_answer_parse(job, (struct span){cut, size}, true, &answer),
			    STATUS_OK);
			arena_release(job->arena, mark);
		}
	}
}

static void
flipped_bits_never_lead_outside(void **state)
{
	struct span whole = fixture("tls12_flight.bin");
	uint8_t *copy = arena_allocate(job, whole.size);

	(void)state;
	for (size_t bit = 0; bit < whole.size * 8; bit++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct tls_answer answer;

		memcpy(copy, whole.at, whole.size);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		assert_int_equal(
		    tls_answer_parse(job, (struct span){copy, whole.size}, true, &answer),
		    STATUS_OK);
		assert_true(answer.chain_count <= TLS_CHAIN_MAX);
		arena_release(job->arena, mark);
	}
}

static void
a_hello_says_its_own_sizes_rightly(void **state)
{
	static const uint16_t suites[] = {0xc02f, 0x002f};
	struct target target = {0};

	(void)state;
	for (uint16_t version = SSL_3_0; version <= TLS_1_3; version++) {
		struct tls_offer offer = {
		    .version = version, .suites = suites, .count = ARRAY_SIZE(suites)};
		struct span record;

		assert_int_equal(tls_hello_make(job, &target, &offer, &record), STATUS_OK);
		assert_int_equal(record.at[0], 22);
		assert_int_equal((size_t)record.at[3] << 8 | record.at[4], record.size - 5);
		assert_int_equal((size_t)record.at[7] << 8 | record.at[8], record.size - 9);
	}
}

/* One byte at a time, for ever. */
static void
drip(void *context, int socket, unsigned number)
{
	(void)context;
	(void)number;
	for (unsigned i = 0; i < 200000; i++) {
		const uint8_t record[] = {22, 3, 3, 0, 1, 2};

		unit_say(socket, record, sizeof record);
	}
}

static void
a_unit_that_sends_without_end_is_left(void **state)
{
	static const uint16_t suites[] = {0xc02f};
	struct tls_offer offer = {.version = TLS_1_2, .suites = suites, .count = 1};
	struct scripted_unit unit = {.serve = drip};
	struct target target;
	struct tls_answer answer;
	int64_t exchange;

	(void)state;
	unit_start(&unit, &target);
	assert_int_equal(tls_ask(job, &target, 443, &offer, &answer, &exchange), STATUS_OK);
	assert_int_not_equal(answer.type, TLS_HELLO);
	unit_stop(&unit, &target);
}

static void
every_suite_has_one_number_and_one_name(void **state)
{
	(void)state;
	assert_true(tls_suite_count > 340);
	for (size_t i = 0; i < tls_suite_count; i++)
		for (size_t j = i + 1; j < tls_suite_count; j++)
			assert_int_not_equal(tls_suites[i].code, tls_suites[j].code);
	assert_null(tls_suite_name(0xffff));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_flight_of_tls_1_2_tells_suite_group_and_certificate, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_hello_of_tls_1_3_is_an_answer_by_itself, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_alert_is_a_refusal, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_not_tls_is_strange, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_flight_cut_anywhere_asks_for_more_or_is_taken_as_far_as_it_goes, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(flipped_bits_never_lead_outside, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_hello_says_its_own_sizes_rightly, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_sends_without_end_is_left, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		every_suite_has_one_number_and_one_name, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
