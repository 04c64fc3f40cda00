/* Options borrow bytes and links borrow quotes: neither reaches beyond its datagram. */
#include "tests/support/support.h"

#include <string.h>

#include "base/text.h"
#include "device/coap_message.h"
#include "device/dtls_hello.h"
#include "device/probe.h"
#include "tests/support/datagram_unit.h"

extern const struct probe probe_coap;

static const char core_file[] = "fixtures/devices/replies/coap_core.bin";

/* ---- bytes ---- */

static void
a_list_of_links_is_read(void **state)
{
	struct job *job = *state;
	struct coap_message message;
	struct span links, target;

	assert_true(coap_read(unit_fixture(job, core_file), &message));
	assert_int_equal(message.type, COAP_ACKNOWLEDGEMENT);
	assert_int_equal(message.code, COAP_CODE(2, 5));
	assert_int_equal(message.token.size, COAP_TOKEN_SIZE);
	assert_false(message.has_more);
	links = message.payload;
	assert_true(coap_next_link(&links, &target));
	assert_true(span_equal(target, span_of_string("/")));
	assert_true(coap_next_link(&links, &target));
	assert_true(span_equal(target, span_of_string("/time")));
}

static void
links_with_commas_in_quotes_and_broken_ones_end(void **state)
{
	static const char *const endless[] = {"<", "<a", "x", "", "<a>;t=\"", "<a>;t=\"\\"};
	struct span links = span_of_string("</a>;t=\"x,</b>,\\\"y\" , </c>"), target;

	(void)state;
	assert_true(coap_next_link(&links, &target));
	assert_true(span_equal(target, span_of_string("/a")));
	assert_true(coap_next_link(&links, &target));
	assert_true(span_equal(target, span_of_string("/c")));
	assert_false(coap_next_link(&links, &target));
	for (size_t i = 0; i < ARRAY_SIZE(endless); i++) {
		unsigned count = 0;

		links = span_of_string(endless[i]);
		while (coap_next_link(&links, &target))
			assert_true(++count < 3);
	}
}

static void
read_mutilated(struct job *job, struct span part, bool cut)
{
	struct coap_message message;
	struct dtls_answer answer;

	(void)job;
	(void)cut; /* the text at the end of a message may be of any length */
	if (coap_read(part, &message))
		assert_true(message.payload.size <= part.size && message.token.size <= 8);
	dtls_read(part, &answer);
	assert_true(answer.cookie.size <= part.size);
}

static void
answers_cut_or_flipped_anywhere_stay_within_bounds(void **state)
{
	struct job *job = *state;

	unit_mutilate(job, unit_fixture(job, core_file), read_mutilated);
	unit_mutilate(
	    job, unit_fixture(job, "fixtures/devices/replies/dtls_cookie.bin"), read_mutilated);
	unit_mutilate(job, unit_fixture(job, "fixtures/devices/replies/dtls_server_hello.bin"),
	    read_mutilated);
}

static void
options_that_overflow_are_refused(void **state)
{
	static const struct {
		uint8_t bytes[12];
		size_t size;
	} cases[] = {
	    {{0x40, 0x45, 0, 1, 0xe0, 0xff, 0xff, 0xe0, 0xff, 0xff}, 10}, /* number beyond 65535 */
	    {{0x40, 0x45, 0, 1, 0x0e, 0xff, 0xff, 1}, 8}, /* length beyond the end */
	    {{0x40, 0x45, 0, 1, 0xf0}, 5},                /* reserved nibble */
	    {{0x40, 0x45, 0, 1, 0x0f}, 5},
	    {{0x40, 0x45, 0, 1, 0xff}, 5},    /* a marker before nothing */
	    {{0x49, 0x45, 0, 1, 0, 0, 0}, 7}, /* a token of nine */
	    {{0x80, 0x45, 0, 1}, 4},          /* version 2 */
	    {{0x60, 0x00, 0, 1, 0}, 5},       /* an empty message with something in it */
	};
	struct coap_message message;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_false(coap_read((struct span){cases[i].bytes, cases[i].size}, &message));
}

static void
a_path_becomes_options(void **state)
{
	static const uint8_t token[] = {1, 2, 3, 4},
			     wanted[] = {0x44, 1, 0x12, 0x34, 1, 2, 3, 4, 0xb1, 'a', 0x0d, 0, '1',
				 '2', '3', '4', '5', '6', '7', '8', '9', '0', '1', '2', '3', 0x43,
				 'q', '=', '1', 0x01, 'r'};
	struct job *job = *state;
	struct span datagram;

	assert_ok(job, coap_write_get(job, 0x1234, token, "/a/1234567890123?q=1&r", &datagram));
	assert_int_equal(datagram.size, sizeof wanted);
	assert_memory_equal(datagram.at, wanted, sizeof wanted);
}

/* ---- servers ---- */

enum temper { GOOD, SILENT, NO_LIST, MANY, FIRST_PART, NONSENSE };

/* An answer that comes with the request: our token and number. */
static void
answer(int socket, const uint8_t *request, uint8_t code, const char *options, const char *payload)
{
	uint8_t bytes[1500] = {0x64, code, request[2], request[3]};
	size_t size = 8;

	memcpy(bytes + 4, request + 4, 4);
	memcpy(bytes + size, options, strlen(options));
	size += strlen(options);
	if (payload[0] != '\0') {
		bytes[size++] = 0xff;
		memcpy(bytes + size, payload, strlen(payload));
		size += strlen(payload);
	}
	unit_say(socket, bytes, size);
}

static void
answer_list(enum temper temper, int socket, const uint8_t *request)
{
	static const char many[] = "</1>,</2>,</3>,</4>,</5>,</6>,</7>,</8>,</9>,</10>,</11>,"
				   "</12>,</13>,</14>,</15>,</16>,</17>";

	if (temper == NO_LIST)
		answer(socket, request, COAP_CODE(4, 4), "", "");
	else if (temper == MANY)
		answer(socket, request, COAP_CODE(2, 5), "", many);
	else if (temper == FIRST_PART) /* block 0, more to come: option 23 */
		answer(socket, request, COAP_CODE(2, 5), "\xd1\x0a\x0e", "</open>");
	else
		answer(socket, request, COAP_CODE(2, 5), "",
		    "</open>,<coap://[::1]/x>,<//host/y>,</locked>;if=\"a,b\",</gone>,"
		    "</.well-known/core>");
}

static void
serve_coap(void *context, int socket, unsigned number)
{
	enum temper temper = *(const enum temper *)context;
	uint8_t request[1024];
	size_t size;

	if (number > 0) /* the port of DTLS */
		return;
	while ((size = unit_hear_datagram(socket, request, sizeof request)) > 0) {
		if (temper == SILENT || size < 9)
			continue;
		if (temper == NONSENSE)
			unit_say(socket, "\xff\xff\xff\xff\xff", 5);
		else if (memmem(request, size, "core", 4) != NULL)
			answer_list(temper, socket, request);
		else if (memmem(request, size, "locked", 6) != NULL)
			answer(socket, request, COAP_CODE(4, 1), "", "");
		else if (memmem(request, size, "gone", 4) != NULL)
			answer(socket, request, COAP_CODE(4, 4), "", "");
		else
			answer(socket, request, COAP_CODE(2, 5), "", "21.5");
	}
}

static size_t
run(struct job *job, enum temper temper, struct fact_list *facts, struct target *target)
{
	struct scripted_unit unit = {.serve = serve_coap, .context = &temper};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	unit_start(&unit, target);
	unit.connections_left = 1; /* nobody listens for DTLS */
	evidence.source = "coap";
	assert_ok(job, probe_coap.talk(job, target, &evidence));
	unit_stop(&unit, target);
	return facts->count - 3;
}

static void
what_is_listed_is_asked_for_without_a_key(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	assert_int_equal(run(job, GOOD, &facts, &target), 4);
	assert_string_equal(facts.facts[1].as.resource.name, "/open");
	assert_int_equal(facts.facts[1].as.resource.needs_login, 0);
	assert_string_equal(facts.facts[1].as.resource.detail, "2.05, 4 bytes: 21.5");
	assert_string_equal(facts.facts[2].as.resource.name, "/locked");
	assert_int_equal(facts.facts[2].as.resource.needs_login, 1);
	assert_int_equal(facts.facts[3].kind, FACT_login_service);
	assert_int_equal(facts.facts[3].as.login_service.recognised, 0);
	assert_int_equal(facts.facts[6].as.looked.complete, 1);
}

static void
what_is_not_all_seen_leaves_the_look_incomplete(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	assert_int_equal(run(job, NO_LIST, &facts, &target), 1);
	assert_int_equal(facts.facts[3].as.looked.complete, 0);
	assert_int_equal(run(job, MANY, &facts, &target), 17);
	assert_int_equal(facts.facts[19].as.looked.complete, 0);
	assert_int_equal(run(job, FIRST_PART, &facts, &target), 2);
	assert_int_equal(facts.facts[4].as.looked.complete, 0);
	assert_int_equal(run(job, NONSENSE, &facts, &target), 0);
}

static void
silence_is_no_server(void **state)
{
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	assert_int_equal(run(job, SILENT, &facts, &target), 0);
	assert_int_equal(facts.facts[0].as.looked.complete, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_list_of_links_is_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		links_with_commas_in_quotes_and_broken_ones_end, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		answers_cut_or_flipped_anywhere_stay_within_bounds, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		options_that_overflow_are_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(a_path_becomes_options, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_listed_is_asked_for_without_a_key, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_not_all_seen_leaves_the_look_incomplete, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(silence_is_no_server, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
