/* Whatever a unit answers to a hello, the reader ends, within the bytes it was given. */
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/tls_hello.h"
#include "device/tls_oracle.h"
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

/* ---- SSL 2.0 ---- */

/* A ServerHello with a certificate of four bytes and two suites. */
static const uint8_t ssl2_hello[] = {0x80, 37, 4, 0, 1, 0, 2, 0, 4, 0, 6, 0, 16, 0x30, 2, 5, 0, 1,
    0, 0x80, 7, 0, 0xc0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void
an_ssl2_answer_lists_suites_and_certificate(void **state)
{
	struct ssl2_answer answer;

	(void)state;
	ssl2_answer_parse((struct span){ssl2_hello, sizeof ssl2_hello}, false, &answer);
	assert_int_equal(answer.type, TLS_HELLO);
	assert_int_equal(answer.count, 2);
	assert_string_equal(ssl2_suite_name(answer.suites[0]), "SSL_CK_RC4_128_WITH_MD5");
	assert_string_equal(ssl2_suite_name(answer.suites[1]), "SSL_CK_DES_192_EDE3_CBC_WITH_MD5");
	assert_int_equal(answer.certificate.size, 4);
}

static void
an_ssl2_answer_cut_or_flipped_anywhere_stays_within_its_bytes(void **state)
{
	uint8_t copy[sizeof ssl2_hello];
	struct ssl2_answer answer;

	(void)state;
	for (size_t size = 0; size < sizeof ssl2_hello; size++) {
		uint8_t *cut = malloc(size + 1); /* its own block: a read beyond it is seen */

		memcpy(cut, ssl2_hello, size);
		ssl2_answer_parse((struct span){cut, size}, false, &answer);
		assert_int_equal(answer.type, TLS_MORE);
		ssl2_answer_parse((struct span){cut, size}, true, &answer);
		assert_int_not_equal(answer.type, TLS_HELLO);
		free(cut);
	}
	for (size_t bit = 0; bit < sizeof ssl2_hello * 8; bit++) {
		memcpy(copy, ssl2_hello, sizeof copy);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		ssl2_answer_parse((struct span){copy, sizeof copy}, true, &answer);
		assert_true(answer.count <= SSL2_SUITES_MAX);
	}
}

/* ---- what a key exchange says ---- */

/* A flight of one suite, with one key exchange. */
static struct tls_answer
answer_of(uint16_t suite, uint16_t version, const void *exchange, size_t size)
{
	struct text record = text_new(job);
	struct tls_answer answer;
	const char *bytes;
	const uint8_t head[] = {22, 3, 3, 0, (uint8_t)(42 + 4 + size), 2, 0, 0, 38,
	    (uint8_t)(version >> 8), (uint8_t)version};
	const uint8_t tail[] = {0, (uint8_t)(suite >> 8), (uint8_t)suite, 0};
	const uint8_t message[] = {12, 0, (uint8_t)(size >> 8), (uint8_t)size};
	static const uint8_t random[32];

	text_put_bytes(&record, head, sizeof head);
	text_put_bytes(&record, random, sizeof random);
	text_put_bytes(&record, tail, sizeof tail);
	text_put_bytes(&record, message, sizeof message);
	text_put_bytes(&record, exchange, size);
	assert_int_equal(text_finish(&record, &bytes), STATUS_OK);
	assert_int_equal(tls_answer_parse(job, (struct span){(const uint8_t *)bytes, record.size},
			     true, &answer),
	    STATUS_OK);
	return answer;
}

static void
a_key_exchange_tells_group_scheme_and_prime(void **state)
{
	struct tls_answer answer;

	(void)state;
	answer = answer_of(0xc02f, TLS_1_2, "\3\0\35\1x\4\1\0\1s", 10);
	assert_int_equal(answer.group, 29);
	assert_string_equal(tls_scheme_name(answer.scheme), "rsa_pkcs1_sha256");
	answer = answer_of(0xc013, TLS_1_0, "\3\0\27\1x\0\1s", 8);
	assert_int_equal(answer.group, 23);
	assert_int_equal(answer.scheme, 0);
	answer = answer_of(0xc013, TLS_1_0, "\1\0\1x\0\1s", 7);
	assert_true(answer.explicit_curve);
	assert_int_equal(answer.group, 0);
	answer = answer_of(0x0033, TLS_1_2, "\0\2\1\377\0\1\2\0\1\4\5\1\0\1s", 15);
	assert_int_equal(tls_prime_bits(answer.dh_prime), 9);
	assert_string_equal(tls_scheme_name(answer.scheme), "rsa_pkcs1_sha384");
	/* ECDHE_PSK: a hint comes first, and nothing is signed. */
	answer = answer_of(0xc035, TLS_1_2, "\0\1h\3\0\30\1x", 8);
	assert_int_equal(answer.group, 24);
	assert_int_equal(answer.scheme, 0);
}

static void
a_prime_that_many_share_is_known(void **state)
{
	/* RFC 2409 section 6.2. */
	static const uint8_t oakley[] = {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc9,
	    0x0f, 0xda, 0xa2, 0x21, 0x68, 0xc2, 0x34, 0xc4, 0xc6, 0x62, 0x8b, 0x80, 0xdc, 0x1c,
	    0xd1, 0x29, 0x02, 0x4e, 0x08, 0x8a, 0x67, 0xcc, 0x74, 0x02, 0x0b, 0xbe, 0xa6, 0x3b,
	    0x13, 0x9b, 0x22, 0x51, 0x4a, 0x08, 0x79, 0x8e, 0x34, 0x04, 0xdd, 0xef, 0x95, 0x19,
	    0xb3, 0xcd, 0x3a, 0x43, 0x1b, 0x30, 0x2b, 0x0a, 0x6d, 0xf2, 0x5f, 0x14, 0x37, 0x4f,
	    0xe1, 0x35, 0x6d, 0x6d, 0x51, 0xc2, 0x45, 0xe4, 0x85, 0xb5, 0x76, 0x62, 0x5e, 0x7e,
	    0xc6, 0xf4, 0x4c, 0x42, 0xe9, 0xa6, 0x37, 0xed, 0x6b, 0x0b, 0xff, 0x5c, 0xb6, 0xf4,
	    0x06, 0xb7, 0xed, 0xee, 0x38, 0x6b, 0xfb, 0x5a, 0x89, 0x9f, 0xa5, 0xae, 0x9f, 0x24,
	    0x11, 0x7c, 0x4b, 0x1f, 0xe6, 0x49, 0x28, 0x66, 0x51, 0xec, 0xe6, 0x53, 0x81, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const struct tls_prime *known;

	(void)state;
	assert_int_equal(tls_prime_bits((struct span){oakley, sizeof oakley}), 1024);
	assert_int_equal(
	    tls_prime_find(job, (struct span){oakley, sizeof oakley}, &known), STATUS_OK);
	assert_non_null(known);
	assert_string_equal(known->name, "RFC 2409 group 2");
	assert_int_equal(
	    tls_prime_find(job, (struct span){oakley, sizeof oakley - 1}, &known), STATUS_OK);
	assert_null(known);
}

static void
a_reaction_is_read_within_its_bytes(void **state)
{
	static const uint8_t alert[] = {21, 3, 3, 0, 2, 2, 20};
	struct tls_reaction reaction;

	(void)state;
	for (size_t size = 0; size < sizeof alert; size++) {
		tls_reaction_parse((struct span){alert, size}, &reaction);
		assert_int_equal(reaction.type, REACTION_SILENT);
	}
	tls_reaction_parse((struct span){alert, sizeof alert}, &reaction);
	assert_int_equal(reaction.type, REACTION_ALERT);
	assert_int_equal(reaction.alert, 20);
	for (size_t bit = 0; bit < sizeof alert * 8; bit++) {
		uint8_t copy[sizeof alert];

		memcpy(copy, alert, sizeof copy);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		tls_reaction_parse((struct span){copy, sizeof copy}, &reaction);
		assert_true(reaction.size <= sizeof copy);
	}
}

static void
no_hello_has_a_size_that_load_balancers_wait_at(void **state)
{
	uint16_t suites[200];
	struct target target = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++)
		suites[i] = tls_suites[i].code;
	for (size_t count = 1; count < ARRAY_SIZE(suites); count++) {
		struct tls_offer offer = {.version = TLS_1_2,
		    .suites = suites,
		    .count = count,
		    .groups = suites,
		    .group_count = 1};
		struct span record;

		assert_int_equal(tls_hello_make(job, &target, &offer, &record), STATUS_OK);
		assert_true(record.size - 5 < 256 || record.size - 5 >= 512);
		assert_int_equal((size_t)record.at[7] << 8 | record.at[8], record.size - 9);
	}
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
	    cmocka_unit_test_setup_teardown(
		an_ssl2_answer_lists_suites_and_certificate, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_ssl2_answer_cut_or_flipped_anywhere_stays_within_its_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_key_exchange_tells_group_scheme_and_prime, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_prime_that_many_share_is_known, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_reaction_is_read_within_its_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		no_hello_has_a_size_that_load_balancers_wait_at, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
