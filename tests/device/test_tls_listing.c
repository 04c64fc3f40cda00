/* Every suite is found, however old, fearful, crowded or strange the server is. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "device/tls_hello.h"
#include "tests/support/tls_looking.h"

static const uint16_t old_suites[] = {0x0005, 0x002f, 0x000a, 0x0003, 0x0014, 0x0033};
static const uint16_t new_suites[] = {0xc02f, 0xc030};

static void
ssl2_alone_is_seen(void **state)
{
	struct old_server server = {.ssl2 = true, .pace = 4};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(tls_offers_seen(&facts, "SSLv2", NULL), 3);
	assert_int_equal(tls_weakness_seen(&facts, "sslv2"), 1);
	assert_int_equal(tls_weakness_seen(&facts, "export"), 1);
}

static void
a_server_that_declines_whatever_has_extensions_is_asked_without(void **state)
{
	struct old_server server = {.oldest = TLS_1_0,
	    .newest = TLS_1_0,
	    .suites = old_suites,
	    .suite_count = ARRAY_SIZE(old_suites),
	    .fears_extensions = true,
	    .prime_size = 128};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.0", NULL), ARRAY_SIZE(old_suites));
	assert_int_equal(tls_weakness_seen(&facts, "rc4"), 1);
	assert_null(tls_lack(&facts, "tls_offer"));
}

static void
a_suite_that_was_not_offered_is_not_believed(void **state)
{
	struct old_server server = {.manner = NOT_OFFERED,
	    .oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 1};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 1);
	assert_non_null(tls_lack(&facts, "tls_offer"));
	assert_int_equal(tls_weakness_seen(&facts, "rc4"), UNKNOWN);
}

static void
whatever_a_strange_server_does_the_probe_ends(void **state)
{
	(void)state;
	for (enum tls_manner manner = DRIPS; manner <= CHATTERS; manner++) {
		struct old_server server = {.manner = manner,
		    .pace = 3,
		    .oldest = SSL_3_0,
		    .newest = TLS_1_2,
		    .suites = old_suites,
		    .suite_count = 2};
		struct fact_list facts;

		tls_look_for(&server, INTRUSION_LOGIN, 5000, &facts);
		for (size_t i = 0; i < facts.count; i++)
			assert_false(facts.facts[i].kind == FACT_tls_offer &&
				     facts.facts[i].as.tls_offer.accepted == 1);
		assert_non_null(tls_lack(&facts, "tls_offer"));
		assert_non_null(tls_lack(&facts, "tls_weakness"));
		assert_non_null(tls_lack(&facts, "tls_parameter"));
		assert_non_null(tls_lack(&facts, "certificate"));
	}
}

static const uint16_t many_suites[] = {0x0005, 0x002f, 0x000a, 0x0003, 0x0014, 0x0033, 0x0035,
    0x0039, 0x0016, 0x0015, 0x0009, 0x0041, 0x0084, 0x0096, 0x0007};

/* A hurry that goes wrong costs time, never a suite. */
static void
every_suite_is_found_whatever_becomes_of_two_connections_at_a_time(void **state)
{
	unsigned turned_away = 0;

	(void)state;
	for (enum tls_crowding crowding = CROWD_WELCOME; crowding <= CROWD_MIXED_UP; crowding++) {
		struct tls_crowd crowd;
		struct old_server server = {.oldest = TLS_1_0,
		    .newest = TLS_1_1,
		    .suites = many_suites,
		    .suite_count = ARRAY_SIZE(many_suites),
		    .crowding = crowding,
		    .crowd = crowding == CROWD_WELCOME ? NULL : &crowd,
		    .prime_size = 128};
		struct fact_list facts;

		tls_crowd_begin(&crowd);
		tls_look(&server, INTRUSION_OBSERVE, &facts);
		assert_int_equal(tls_offers_seen(&facts, "TLSv1.0", NULL), ARRAY_SIZE(many_suites));
		assert_int_equal(tls_offers_seen(&facts, "TLSv1.1", NULL), ARRAY_SIZE(many_suites));
		assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 0);
		assert_null(tls_lack(&facts, "tls_offer"));
		/* With two versions, and each time both gave up at once. */
		assert_true(crowd.turned_away <= 4);
		turned_away += crowd.turned_away;
	}
	assert_int_not_equal(turned_away, 0); /* a thread that comes late finds nobody there */
}

static size_t
certificates_of(const struct fact_list *facts)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += facts->facts[i].kind == FACT_certificate;
	return count;
}

/* How often a version was taken, or said to be refused. */
static size_t
rows_of(const struct fact_list *facts, const char *version)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += facts->facts[i].kind == FACT_tls_offer &&
			 strcmp(facts->facts[i].as.tls_offer.version, version) == 0;
	return count;
}

static void
a_server_that_takes_more_from_who_knows_its_name_is_listed_again(void **state)
{
	struct old_server weak = {.oldest = TLS_1_0,
	    .newest = TLS_1_0,
	    .suites = old_suites,
	    .suite_count = 2,
	    .prime_size = 128};
	struct old_server strong = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 2,
	    .named = &weak};
	struct fact_list facts;

	(void)state;
	for (unsigned warned = 0; warned < 2; warned++) {
		weak.warns_of_names = strong.warns_of_names = warned == 1;
		tls_look(&strong, INTRUSION_OBSERVE, &facts);
		assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 2);
		assert_int_equal(tls_offers_seen(&facts, "TLSv1.0", NULL), 2);
		assert_int_equal(rows_of(&facts, "TLSv1.1"), 1);
		assert_int_equal(rows_of(&facts, "SSLv3"), 1);
		assert_null(tls_lack(&facts, "tls_offer"));
	}
}

static void
another_certificate_behind_the_name_is_seen(void **state)
{
	struct old_server other = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 2,
	    .other_certificate = true};
	struct old_server one = other;
	struct fact_list facts;

	(void)state;
	one.other_certificate = false;
	tls_look(&one, INTRUSION_OBSERVE, &facts);
	assert_int_equal(certificates_of(&facts), 1);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 2); /* once: nothing differs */
	one.named = &other;
	tls_look(&one, INTRUSION_OBSERVE, &facts);
	assert_int_equal(certificates_of(&facts), 2);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 4);
}

/* What answers to no name is not known to them. */
static void
a_server_that_chokes_on_names_leaves_its_suites_unknown(void **state)
{
	struct old_server mute = {.suite_count = 1, .manner = MUTE};
	struct old_server server = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 2,
	    .pace = 4,
	    .named = &mute};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 2);
	assert_non_null(tls_lack(&facts, "tls_offer"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		ssl2_alone_is_seen, tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_declines_whatever_has_extensions_is_asked_without, tls_looking_set_up,
		tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(a_suite_that_was_not_offered_is_not_believed,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(whatever_a_strange_server_does_the_probe_ends,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(
		every_suite_is_found_whatever_becomes_of_two_connections_at_a_time,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_takes_more_from_who_knows_its_name_is_listed_again,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(another_certificate_behind_the_name_is_seen,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(a_server_that_chokes_on_names_leaves_its_suites_unknown,
		tls_looking_set_up, tls_looking_tear_down),
	};

	return cmocka_run_group_tests(tests, tls_server_certify, NULL);
}
