/* A telephone's answer is its first lines; whatever is not one says nothing. */
#include "tests/support/support.h"

#include <string.h>

#include "base/text.h"
#include "device/probe.h"
#include "device/sip_answer.h"
#include "tests/support/datagram_unit.h"

extern const struct probe probe_sip;

static const char answer_file[] = "fixtures/devices/replies/sip_digest_401.bin";

static void
a_telephone_names_itself_and_its_realm(void **state)
{
	struct job *job = *state;
	struct sip_answer answer;

	assert_true(sip_read(job, unit_fixture(job, answer_file), &answer));
	assert_int_equal(answer.code, 401);
	assert_string_equal(answer.server, "IPPhone 2.1");
	assert_string_equal(answer.scheme, "digest");
	assert_string_equal(answer.realm, "camera");
}

static void
read_mutilated(struct job *job, struct span part, bool cut)
{
	struct sip_answer answer;
	bool read = sip_read(job, part, &answer);

	assert_false(cut && read);
	assert_true(answer.server == NULL || strlen(answer.server) <= 200);
	assert_true(answer.realm == NULL || strlen(answer.realm) <= 200);
}

static void
an_answer_cut_or_flipped_anywhere_is_refused_or_read_within_bounds(void **state)
{
	unit_mutilate(*state, unit_fixture(*state, answer_file), read_mutilated);
}

static void
what_is_no_answer_is_not_read(void **state)
{
	static const char *const cases[] = {"", "SIP/2.0 20\r\n\r\n", "SIP/2.0 2000 OK\r\n\r\n",
	    "SIP/2.0 099 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "OPTIONS sip:x SIP/2.0\r\n\r\n",
	    "SIP/2.0 200 OK\r\nServer: x"};
	struct sip_answer answer;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_false(sip_read(*state, span_of_string(cases[i]), &answer));
}

static void
serve_words(void *context, int socket, unsigned number)
{
	uint8_t request[2048];

	(void)number;
	while (unit_hear_datagram(socket, request, sizeof request) > 0) {
		assert_memory_equal(request, "OPTIONS sip:192.0.2.1 SIP/2.0\r\n", 31);
		unit_say_text(socket, "SIP/2.0 100 Trying\r\n\r\n");
		unit_say_text(socket, context);
	}
}

static size_t
run(struct job *job, char *words, struct fact_list *facts, struct target *target)
{
	struct scripted_unit unit = {.serve = serve_words, .context = words};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	unit_start(&unit, target);
	evidence.source = "sip";
	assert_ok(job, probe_sip.talk(job, target, &evidence));
	unit_stop(&unit, target);
	return facts->count - 3;
}

static void
an_answer_makes_the_port_known_and_a_challenge_a_log_in(void **state)
{
	static char open[] = "SIP/2.0 200 OK\r\nUser-Agent: Phone\r\n\r\n",
		    asking[] = "SIP/2.0 407 No\r\nProxy-Authenticate: Digest realm=\"a\"\r\n\r\n",
		    nonsense[] = "who?";
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	assert_int_equal(run(job, open, &facts, &target), 2);
	assert_int_equal(facts.facts[0].kind, FACT_open_port);
	assert_string_equal(facts.facts[1].as.disclosure.value, "Phone");
	assert_string_equal(facts.facts[1].as.disclosure.type, "banner");
	assert_int_equal(target.login_count, 0);
	assert_int_equal(run(job, asking, &facts, &target), 2);
	assert_int_equal(facts.facts[1].kind, FACT_login_service);
	assert_int_equal(target.login_count, 1);
	assert_int_equal(run(job, nonsense, &facts, &target), 0);
	assert_int_equal(facts.facts[0].as.looked.complete, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_telephone_names_itself_and_its_realm, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_answer_cut_or_flipped_anywhere_is_refused_or_read_within_bounds, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(what_is_no_answer_is_not_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_answer_makes_the_port_known_and_a_challenge_a_log_in, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
