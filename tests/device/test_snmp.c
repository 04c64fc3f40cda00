/* An agent's bytes are read within their bounds, and its silence is no acceptance. */
#include "tests/support/support.h"

#include <string.h>
#include <sys/socket.h>

#include "base/digest.h"
#include "base/text.h"
#include "device/ber.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/snmp_client.h"
#include "tests/support/datagram_unit.h"

extern const struct probe probe_snmp, probe_default_passwords;

static const char report_file[] = "fixtures/devices/replies/snmp_v3_report.bin";
static const char response_file[] = "fixtures/devices/replies/snmp_v2c_response.bin";

/* ---- bytes ---- */

static void
an_agent_names_its_engine_and_its_system(void **state)
{
	struct job *job = *state;
	struct snmp_answer answer;

	assert_true(snmp_read(unit_fixture(job, report_file), &answer));
	assert_int_equal(answer.pdu, SNMP_REPORT);
	assert_int_equal(answer.engine.id_size, 17);
	assert_int_equal(answer.engine.boots, 1);
	assert_true(span_equal(answer.bindings[0].object, snmp_unknown_engine));
	assert_true(snmp_read(unit_fixture(job, response_file), &answer));
	assert_int_equal(answer.version, SNMP_V2C);
	assert_int_equal(answer.error, 0);
	assert_true(span_equal(answer.name, span_of_string("public")));
	assert_true(
	    span_equal(answer.bindings[0].value, span_of_string("IPCamera HI3516 uClinux 2.6")));
}

static void
read_mutilated(struct job *job, struct span part, bool cut)
{
	struct snmp_answer answer;
	bool read = snmp_read(part, &answer);

	(void)job;
	assert_false(cut && read);
	if (!read)
		return;
	assert_true(answer.count <= SNMP_BINDINGS_MAX);
	assert_true(answer.engine.id_size <= sizeof answer.engine.id);
	for (size_t i = 0; i < answer.count; i++)
		assert_true(answer.bindings[i].value.size <= part.size);
}

static void
an_answer_cut_or_flipped_anywhere_is_refused_or_read_within_bounds(void **state)
{
	unit_mutilate(*state, unit_fixture(*state, report_file), read_mutilated);
	unit_mutilate(*state, unit_fixture(*state, response_file), read_mutilated);
}

static void
lengths_that_lie_are_refused(void **state)
{
	static const struct {
		uint8_t bytes[12];
		size_t size;
	} cases[] = {
	    {{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01, 0x01}, 9}, /* 4 GiB */
	    {{0x30, 0x80, 0x02, 0x01, 0x01, 0x00, 0x00}, 7},             /* indefinite */
	    {{0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}, 11}, /* wraps */
	    {{0x30, 0xff, 0x02, 0x01, 0x01}, 5},                                      /* reserved */
	    {{0x3f, 0x81, 0x01, 0x00}, 4},                                            /* long tag */
	    {{0x30, 0x03, 0x02, 0x05, 0x01}, 5}, /* beyond its parent */
	};
	struct snmp_answer answer;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_false(snmp_read((struct span){cases[i].bytes, cases[i].size}, &answer));
}

static void
numbers_are_written_as_they_are_read(void **state)
{
	static const int64_t numbers[] = {
	    0, 1, 127, 128, 255, 256, 32768, -1, -128, -129, INT64_MAX, INT64_MIN};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct ber_writer writer;
		struct span bytes;
		int64_t number;

		ber_begin(&writer);
		ber_put_integer(&writer, BER_INTEGER, numbers[i]);
		bytes = ber_bytes(&writer);
		assert_true(ber_take_integer(&bytes, &number));
		assert_int_equal(number, numbers[i]);
		assert_int_equal(bytes.size, 0);
	}
}

static void
identifiers_are_written_in_dots(void **state)
{
	static const uint8_t many[200] = {0}, endless[] = {0x2b, 0x86},
			     big[] = {0x2b, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
			     two[] = {0x88, 0x37, 3};
	struct job *job = *state;

	assert_string_equal(ber_oid_text(job, snmp_sys_name), "1.3.6.1.2.1.1.5.0");
	assert_string_equal(ber_oid_text(job, (struct span){two, sizeof two}), "2.999.3");
	assert_null(ber_oid_text(job, (struct span){many, sizeof many}));
	assert_null(ber_oid_text(job, (struct span){endless, sizeof endless}));
	assert_null(ber_oid_text(job, (struct span){big, sizeof big}));
	assert_null(ber_oid_text(job, (struct span){0}));
}

static void
a_name_too_long_for_a_datagram_is_not_sent(void **state)
{
	struct job *job = *state;
	char name[BER_ROOM + 1];
	struct snmp_question question = {
	    .version = SNMP_V2C, .name = name, .pdu = SNMP_GET, .object = snmp_sys_descr};
	struct span datagram;

	memset(name, 'a', BER_ROOM);
	name[BER_ROOM] = '\0';
	assert_int_equal(snmp_write(job, &question, &datagram), STATUS_USAGE);
	name[400] = '\0';
	assert_ok(job, snmp_write(job, &question, &datagram));
}

/* The examples of RFC 3414, appendix A.3. */
static void
a_password_makes_the_keys_of_the_standard(void **state)
{
	struct job *job = *state;
	struct snmp_engine engine = {.id = {[11] = 2}, .id_size = 12};
	struct snmp_key key;

	assert_ok(job, snmp_make_key(job, 0, "maplesyrup", &engine, &key));
	assert_string_equal(hex_of_bytes(job, (struct span){key.bytes, 20}),
	    "6695febc9288e36282235fc7151f128497b38f3f");
	assert_ok(job, snmp_make_key(job, 1, "maplesyrup", &engine, &key));
	assert_string_equal(
	    hex_of_bytes(job, (struct span){key.bytes, 16}), "526f5eed9fcce26f8964c2930787d82b");
	assert_int_equal(snmp_make_key(job, 0, "", &engine, &key), STATUS_NO);
}

/* RFC 2202, test case 1 of HMAC-SHA-1. */
static void
a_signature_is_the_one_of_the_standard(void **state)
{
	struct job *job = *state;
	struct snmp_key key = {.kind = DIGEST_SHA1, .signature_size = 12};
	uint8_t message[40] = "Hi There";

	memset(key.bytes, 0x0b, 20);
	assert_ok(job, snmp_sign(job, &key, message, 8, 20));
	assert_string_equal(
	    hex_of_bytes(job, (struct span){message + 20, 12}), "b617318655057264e28bc0b6");
}

/* ---- agents ---- */

enum temper { STRICT, CARELESS, SILENT, FLOOD, NONSENSE, ERRORS };

struct agent {
	enum temper temper;
	const char *community; /* of a strict one */
};

/* The community of a request of version 1 or 2c; empty for others. */
static struct span
community_of(struct span request)
{
	struct span message, community;
	int64_t version;

	if (ber_take(&request, BER_SEQUENCE, &message) && ber_take_integer(&message, &version) &&
	    version != SNMP_V3 && ber_take(&message, BER_OCTETS, &community))
		return community;
	return (struct span){0};
}

/* The request is its own answer, with another tag: nothing is there under the object's name. */
static void
answer_with(int socket, uint8_t *request, size_t size, struct span community, bool error)
{
	size_t tag = (size_t)(community.at - request) + community.size;

	request[tag] = SNMP_RESPONSE;
	if (error)
		request[tag + 8] = 16; /* authorizationError */
	unit_say(socket, request, size);
}

static void
serve_agent(void *context, int socket, unsigned number)
{
	const struct agent *agent = context;
	uint8_t request[2048];
	size_t size;

	(void)number;
	while ((size = unit_hear_datagram(socket, request, sizeof request)) > 0) {
		struct span community = community_of((struct span){request, size});

		if (agent->temper == FLOOD)
			for (unsigned i = 0; i < 300; i++)
				(void)send(socket, "no", 2, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (agent->temper == NONSENSE)
			unit_say(socket, "\x30\x84\xff\xff\xff\xff", 6);
		if (community.size == 0 || agent->temper == SILENT)
			continue;
		if (agent->temper == CARELESS || agent->temper == ERRORS ||
		    (agent->temper == STRICT &&
			span_equal(community, span_of_string(agent->community))))
			answer_with(socket, request, size, community, agent->temper == ERRORS);
	}
}

/* ---- users ---- */

/* What the engine says to a signed question: a report by its number in usmStats, 0 an answer. */
static void
serve_engine(void *context, int socket, unsigned number)
{
	struct job *job = job_new(TEST_BUDGET);
	struct span report = unit_fixture(job, report_file);
	uint8_t bytes[200], request[2048];
	size_t size;

	(void)number;
	while ((size = unit_hear_datagram(socket, request, sizeof request)) > 0) {
		bool discovery = request[1] < 0x80 && request[9] == 0x30;
		size_t at = span_find(report, "\x06\x03\x0f\x01\x01\x04", 6, 0);
		size_t pdu = span_find(report, "\xa8", 1, 0);

		assert_true(at != SIZE_MAX && pdu != SIZE_MAX && report.size <= sizeof bytes);
		memcpy(bytes, report.at, report.size);
		memcpy(bytes + 9, request + (request[1] < 0x80 ? 9 : 10), 2);
		if (!discovery && *(const uint8_t *)context != 0)
			bytes[at + 5] = *(const uint8_t *)context;
		if (!discovery && *(const uint8_t *)context == 0)
			bytes[pdu] = SNMP_RESPONSE;
		unit_say(socket, bytes, report.size);
	}
	job_free(job);
}

static void
try_user(struct job *job, uint8_t report, const char *password, enum login_answer wanted)
{
	struct scripted_unit unit = {.serve = serve_engine, .context = &report};
	struct login login = {.port = 161, .protocol = "snmp", .scheme = "usm", .recognised = true};
	struct login_result result;
	struct target target;

	unit_start(&unit, &target);
	assert_ok(job, login_try(job, &target, &login, "admin", password, NULL, &result));
	unit_stop(&unit, &target);
	assert_int_equal(result.answer, wanted);
}

static void
a_user_is_let_in_by_an_answer_and_by_no_report(void **state)
{
	struct job *job = *state;

	try_user(job, 0, "password", LOGIN_ACCEPTED);
	try_user(job, 1, "password", LOGIN_REFUSED); /* no such level */
	try_user(job, 3, "password", LOGIN_REFUSED); /* no such user */
	try_user(job, 5, "password", LOGIN_REFUSED); /* wrong digest */
	try_user(job, 2, "password", LOGIN_UNSURE);  /* not in the time window */
	try_user(job, 0, "", LOGIN_REFUSED);
}

/* ---- the probe ---- */

static const struct looked_fact *
looked_of(const struct fact_list *facts, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return &facts->facts[i].as.looked;
	fail_msg("nobody looked for %s", kind);
	return NULL;
}

static size_t
count_of(const struct fact_list *facts, enum fact_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += facts->facts[i].kind == kind;
	return count;
}

static void
run(struct job *job, const struct agent *agent, enum intrusion granted, struct fact_list *facts,
    struct target *target)
{
	struct agent own = *agent;
	struct scripted_unit unit = {.serve = serve_agent, .context = &own, .pace = 5};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	unit_start(&unit, target);
	target->granted = granted;
	evidence.source = "snmp";
	assert_ok(job, probe_snmp.talk(job, target, &evidence));
	evidence.source = "default_passwords";
	if (granted >= INTRUSION_LOGIN)
		assert_ok(job, probe_default_passwords.talk(job, target, &evidence));
	unit_stop(&unit, target);
}

static void
a_usual_community_is_found_and_the_impossible_one_refused(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;
	unsigned accepted = 0, controls = 0;

	run(job, &(struct agent){STRICT, "private"}, INTRUSION_LOGIN, &facts, &target);
	for (size_t i = 0; i < facts.count; i++) {
		const struct login_attempt_fact *attempt = &facts.facts[i].as.login_attempt;

		if (facts.facts[i].kind != FACT_login_attempt)
			continue;
		controls += attempt->control == 1 && attempt->accepted == 0;
		if (attempt->accepted != 1)
			continue;
		accepted++;
		assert_string_equal(attempt->password, "private");
		assert_string_equal(attempt->user, "");
	}
	assert_int_equal(accepted, 1);
	assert_int_equal(controls, 1);
	assert_int_equal(count_of(&facts, FACT_login_service), 1);
	assert_int_equal(count_of(&facts, FACT_open_port), 1);
	assert_int_equal(looked_of(&facts, "login_attempt")->complete, 1);
}

static void
an_agent_that_answers_any_community_is_open_and_its_log_in_means_nothing(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	run(job, &(struct agent){CARELESS, NULL}, INTRUSION_LOGIN, &facts, &target);
	assert_int_equal(count_of(&facts, FACT_resource), 1);
	assert_int_equal(looked_of(&facts, "login_attempt")->complete, 0);
	assert_non_null(
	    strstr(looked_of(&facts, "login_attempt")->reason, "negative control accepted"));
}

static void
an_error_is_not_an_acceptance(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	run(job, &(struct agent){ERRORS, NULL}, INTRUSION_LOGIN, &facts, &target);
	assert_int_equal(count_of(&facts, FACT_resource), 0);
	assert_int_equal(count_of(&facts, FACT_login_service), 0);
	assert_int_equal(looked_of(&facts, "login_attempt")->complete, 0);
}

static void
silence_is_not_known_at_level_observe_and_nothing_at_level_login(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	run(job, &(struct agent){SILENT, NULL}, INTRUSION_OBSERVE, &facts, &target);
	assert_int_equal(looked_of(&facts, "login_service")->complete, 0);
	assert_non_null(target.logins_lack);
	run(job, &(struct agent){SILENT, NULL}, INTRUSION_LOGIN, &facts, &target);
	assert_int_equal(looked_of(&facts, "login_service")->complete, 1);
	assert_int_equal(target.login_count, 0);
	assert_int_equal(count_of(&facts, FACT_open_port), 0);
}

static void
floods_and_nonsense_end_and_say_nothing(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	for (enum temper temper = FLOOD; temper <= NONSENSE; temper++) {
		run(job, &(struct agent){temper, NULL}, INTRUSION_OBSERVE, &facts, &target);
		assert_int_equal(count_of(&facts, FACT_open_port), 0);
		assert_int_equal(looked_of(&facts, "resource")->complete, 0);
	}
}

static void
a_closed_port_is_no_snmp(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_agent, .connections_left = 1};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	unit_start(&unit, &target);
	unit.served = 1;
	evidence.source = "snmp";
	assert_ok(job, probe_snmp.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	assert_int_equal(looked_of(&facts, "login_service")->complete, 1);
	assert_int_equal(facts.count, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_agent_names_its_engine_and_its_system, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_answer_cut_or_flipped_anywhere_is_refused_or_read_within_bounds, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(lengths_that_lie_are_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		numbers_are_written_as_they_are_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		identifiers_are_written_in_dots, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_name_too_long_for_a_datagram_is_not_sent, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_password_makes_the_keys_of_the_standard, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_signature_is_the_one_of_the_standard, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_user_is_let_in_by_an_answer_and_by_no_report, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_usual_community_is_found_and_the_impossible_one_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_agent_that_answers_any_community_is_open_and_its_log_in_means_nothing, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(an_error_is_not_an_acceptance, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		silence_is_not_known_at_level_observe_and_nothing_at_level_login, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		floods_and_nonsense_end_and_say_nothing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(a_closed_port_is_no_snmp, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
