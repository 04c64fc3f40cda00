/* A person's word binds to the id of a finding, so it has to stay when nothing but the counting
 * changed. */
#include "tests/support/algebra.h"
#include <string.h>

#include "assess/judge.h"
#include "base/text.h"
#include "tests/support/support.h"

static void
add_shadow(struct world *world, const char *path, int64_t offset, const char *excerpt)
{
	algebra_add_account(world, 1);
	world->facts.facts[world->facts.count - 1].path = path;
	world->facts.facts[world->facts.count - 1].offset = offset;
	world->facts.facts[world->facts.count - 1].excerpt = excerpt;
}

/* Another line above it moves no finding; another line in its place is another one. */
static void
an_id_is_of_what_stands_there_and_not_of_the_offset(void **state)
{
	static const struct {
		const char *path;
		int64_t offset;
		const char *excerpt;
		bool same;
	} places[] = {{"0.squashfs/etc/shadow", 40, "root:$1$ab…:0:0", true},
	    {"0.squashfs/etc/shadow", 9000, "root:$1$ab…:0:0", true},
	    {"0.trx/c1a80.squashfs/etc/shadow", 40, "root:$1$ab…:0:0", true},
	    {"0.squashfs/etc/shadow", 40, "root:$6$cd…:0:0", false},
	    {"0.squashfs/rootfs/0.squashfs/etc/shadow", 40, "root:$1$ab…:0:0", false},
	    {"0.squashfs/3.10/etc/shadow", 40, "root:$1$ab…:0:0", false},
	    {"0.squashfs/etc/a.conf", 40, "root:$1$ab…:0:0", false}};
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct assessment assessment;
		struct world world;
		struct plan plan;

		algebra_start(&world, *state);
		algebra_fill(&world, IMAGE_LOOKED);
		add_shadow(&world, places[i].path, places[i].offset, places[i].excerpt);
		algebra_make_plan(&plan, REFUTES);
		algebra_assess(&world, &plan, &assessment);
		if (first == NULL)
			first = algebra_only_finding(&assessment)->id;
		assert_int_equal(
		    strcmp(algebra_only_finding(&assessment)->id, first) == 0, places[i].same);
		assert_int_equal(algebra_only_finding(&assessment)->offset, places[i].offset);
		assert_string_equal(algebra_only_finding(&assessment)->excerpt, places[i].excerpt);
		assert_string_equal(algebra_only_finding(&assessment)->path, places[i].path);
	}
}

/* Of a unit probed twice an id stays, however long it took and whatever a listing's dates are. */
static void
an_id_has_no_part_in_what_is_counted_anew(void **state)
{
	static const struct {
		enum fact_kind kind;
		bool seen; /* on a unit */
		const char *shown, *detail, *stable;
	} details[] = {
	    {FACT_resource, true, "29 messages in 2 s",
		"# on port 1883: open to a stranger, 29 messages in 2 s",
		"# on port 1883: open to a stranger, "},
	    {FACT_resource, true, "drwxr-xr-x 2 0 0 40 Nov 30 13:21 log",
		"port 21: FTP shows / to anyone: drwxr-xr-x 2 0 0 40 Nov 30 13:21 log",
		"port 21: FTP shows / to anyone: "},
	    {FACT_lockout, true, NULL,
		"ssh log-in on port 22: 31 passwords judged in 58 s, 32 a minute, then locked for "
		"300 s",
		"ssh log-in on port 22: # passwords judged in # s, # a minute, then locked for # "
		"s"},
	    {FACT_disclosure, true, NULL, "port 161: engine started 7 times, the last 584 s ago",
		"port 161: engine started # times, the last # s ago"},
	    {FACT_looked, true, NULL,
		"not complete: login_attempt from default_passwords: time is up after 12 pairs; 40 "
		"tries: 39 refused, 1 accepted; 17 s of it waiting for the unit",
		"not complete: login_attempt from default_passwords: time is up after # pairs; # "
		"tries: # refused, # accepted; # s of it waiting for the unit"},
	    {FACT_looked, true, NULL, "tried 19 of 20 pairs, none accepted",
		"tried # of # pairs, none accepted"},
	    {FACT_liveness, true, NULL, "after the probe tls: no answer; last exchange 412",
		"after the probe tls: no answer; last exchange #"},
	    {FACT_key, true, NULL, "RSA 1024 bits on port 443", "RSA 1024 bits on port 443"},
	    {FACT_tls_offer, true, NULL, "TLS_RSA_WITH_AES_128_CBC_SHA on port 443",
		"TLS_RSA_WITH_AES_128_CBC_SHA on port 443"},
	    {FACT_setting, false, NULL, "locks after 5 tries", "locks after 5 tries"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
		struct text out = text_new(*state);
		struct fact fact = fact_new(details[i].kind);
		const char *string;

		fact.address = details[i].seen ? "192.0.2.6" : NULL;
		if (details[i].shown != NULL)
			fact.as.resource.detail = details[i].shown;
		judge_put_stable_detail(&out, &fact, details[i].detail);
		assert_ok((struct job *)*state, text_finish(&out, &string));
		assert_string_equal(string, details[i].stable);
	}
}

/* The id of the weak key seen at that address; with a twin seen over IPv4 too, where asked. */
static const char *
id_at(struct job *job, const char *address, bool twin)
{
	const struct rule_result *rule;
	struct assessment assessment;
	struct world world;
	struct plan plan;

	algebra_start(&world, job);
	algebra_fill(&world, UNIT_LOOKED);
	if (twin) {
		algebra_add_key(&world, 512, "initialised");
		world.facts.facts[world.facts.count - 1].address = "192.0.2.6";
	}
	algebra_add_key(&world, 512, "initialised");
	world.facts.facts[world.facts.count - 1].address = address;
	algebra_make_plan(&plan, DECIDES);
	algebra_assess(&world, &plan, &assessment);
	rule = &assessment.requirements[0].rules[0];
	assert_int_equal(rule->finding_count, twin ? 2 : 1);
	return rule->findings[rule->finding_count - 1].id;
}

/* What is closed over IPv6 stays closed when the unit has lost, or got, its IPv4 address. */
static void
an_id_says_over_which_family_it_was_seen(void **state)
{
	const char *four = id_at(*state, "192.0.2.6", false);
	const char *six = id_at(*state, "2001:db8::6", false);
	const char *link = id_at(*state, "fe80::6%eth0", false);

	assert_string_not_equal(four, six);
	assert_string_not_equal(six, link);
	assert_string_equal(id_at(*state, "198.51.100.9", false), four);
	assert_string_equal(id_at(*state, "2001:db8:1::9", false), six);
	assert_string_equal(id_at(*state, "2001:db8::6", true), six);
	assert_string_equal(id_at(*state, "fe80::6%eth0", true), link);
	assert_null(strchr(six, '-'));
	assert_string_equal(id_at(*state, "192.0.2.6", true) + 16, "-2"); /* no way to tell them */
}

static void
an_id_says_who_looked_for_what_and_from_how_many_addresses(void **state)
{
	struct fact facts[6];
	const char *strings[ARRAY_SIZE(facts)];

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		facts[i] = fact_new(i < 3 ? FACT_looked : FACT_lockout);
		facts[i].address = "192.0.2.6";
	}
	facts[0].as.looked = (struct looked_fact){.kind = "resource", .from_source = "http"};
	facts[1].as.looked = (struct looked_fact){.kind = "resource", .from_source = "ftp"};
	facts[2].as.looked = (struct looked_fact){.kind = "disclosure", .from_source = "http"};
	facts[3].as.lockout.from_addresses = 1;
	facts[4].as.lockout.from_addresses = 2;
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct text out = text_new(*state);

		judge_put_distinction(&out, &facts[i]);
		assert_ok((struct job *)*state, text_finish(&out, &strings[i]));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(strings[i], strings[j]);
	}
	assert_string_equal(strings[5], "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_id_is_of_what_stands_there_and_not_of_the_offset, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_id_has_no_part_in_what_is_counted_anew, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_id_says_over_which_family_it_was_seen, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_id_says_who_looked_for_what_and_from_how_many_addresses, setup_job,
		teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
