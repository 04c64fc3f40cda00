/* A weakness is seen for what it is, and a sound server has none. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "device/tls_hello.h"
#include "tests/support/tls_looking.h"

static const uint16_t old_suites[] = {0x0005, 0x002f, 0x000a, 0x0003, 0x0014, 0x0033};
static const uint16_t new_suites[] = {0xc02f, 0xc030};

static void
ssl2_and_ssl3_with_export_suites_are_seen(void **state)
{
	struct old_server server = {.oldest = SSL_3_0,
	    .newest = TLS_1_0,
	    .suites = old_suites,
	    .suite_count = ARRAY_SIZE(old_suites),
	    .ssl2 = true,
	    .prime_size = 64};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(tls_offers_seen(&facts, "SSLv2", NULL), 3);
	assert_int_equal(tls_offers_seen(&facts, "SSLv2", "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"), 1);
	assert_int_equal(tls_offers_seen(&facts, "SSLv3", NULL), ARRAY_SIZE(old_suites));
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.0", NULL), ARRAY_SIZE(old_suites));
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.1", NULL), 0);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 0);
	for (const char *const *name =
		 (const char *const[]){"sslv2", "sslv3", "rc4", "sweet32", "export", "short dh",
		     "secure renegotiation missing", "fallback scsv missing", NULL};
	     *name != NULL; name++)
		assert_int_equal(tls_weakness_seen(&facts, *name), 1);
	assert_int_equal(tls_weakness_seen(&facts, "anonymous"), 0);
	assert_int_equal(tls_weakness_seen(&facts, "heartbleed"), 0);
	assert_int_equal(tls_weakness_seen(&facts, "ccs injection"), 0);
	assert_int_equal(tls_weakness_seen(&facts, "robot"), 0);
	assert_true(tls_parameter_seen(&facts, "dh_bits", "512"));
	assert_null(tls_lack(&facts, "tls_offer"));
}

static void
a_sound_server_has_no_weakness(void **state)
{
	struct old_server server = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = ARRAY_SIZE(new_suites),
	    .renegotiates_safely = true};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(tls_offers_seen(&facts, "TLSv1.2", NULL), 2);
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_tls_weakness &&
		    strcmp(facts.facts[i].as.tls_weakness.name, "client renegotiation") != 0)
			assert_int_equal(facts.facts[i].as.tls_weakness.present, 0);
	assert_true(tls_parameter_seen(&facts, "group", "secp256r1"));
	assert_true(tls_parameter_seen(&facts, "signature_algorithm", "rsa_pkcs1_sha256"));
	assert_null(tls_lack(&facts, "tls_offer"));
	assert_non_null(tls_lack(&facts, "tls_weakness")); /* a renegotiation needs level login */
}

static void
attacks_give_an_unsound_server_away(void **state)
{
	struct old_server server = {.oldest = TLS_1_0,
	    .newest = TLS_1_2,
	    .suites = old_suites,
	    .suite_count = 2,
	    .compresses = true,
	    .honours_fallback = true,
	    .heartbeats = true,
	    .bleeds = true,
	    .takes_early_change = true,
	    .tells_paddings = true};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(tls_weakness_seen(&facts, "heartbleed"), 1);
	assert_int_equal(tls_weakness_seen(&facts, "ccs injection"), 1);
	assert_int_equal(tls_weakness_seen(&facts, "robot"), 1);
	assert_int_equal(tls_weakness_seen(&facts, "compression"), 1);
	assert_int_equal(tls_weakness_seen(&facts, "static rsa only"), 1);
	assert_int_equal(tls_weakness_seen(&facts, "fallback scsv missing"), 0);
}

static void
below_level_login_nothing_is_attacked_and_nothing_claimed(void **state)
{
	struct old_server server = {.oldest = TLS_1_0,
	    .newest = TLS_1_2,
	    .suites = old_suites,
	    .suite_count = 2,
	    .heartbeats = true,
	    .bleeds = true,
	    .tells_paddings = true};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(tls_weakness_seen(&facts, "heartbleed"), UNKNOWN);
	assert_int_equal(tls_weakness_seen(&facts, "robot"), UNKNOWN);
	assert_non_null(tls_lack(&facts, "tls_weakness"));
}

static void
a_heartbeat_that_is_sound_is_no_weakness(void **state)
{
	struct old_server server = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 1,
	    .heartbeats = true};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(tls_weakness_seen(&facts, "heartbleed"), 0);
}

static void
who_tells_paddings_only_to_who_waits_is_found_too(void **state)
{
	struct old_server server = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = old_suites,
	    .suite_count = 2,
	    .tells_who_waits = true};
	struct fact_list facts;

	(void)state;
	tls_look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(tls_weakness_seen(&facts, "robot"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(ssl2_and_ssl3_with_export_suites_are_seen,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_sound_server_has_no_weakness, tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(
		attacks_give_an_unsound_server_away, tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(
		below_level_login_nothing_is_attacked_and_nothing_claimed, tls_looking_set_up,
		tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(a_heartbeat_that_is_sound_is_no_weakness,
		tls_looking_set_up, tls_looking_tear_down),
	    cmocka_unit_test_setup_teardown(who_tells_paddings_only_to_who_waits_is_found_too,
		tls_looking_set_up, tls_looking_tear_down),
	};

	return cmocka_run_group_tests(tests, tls_server_certify, NULL);
}
