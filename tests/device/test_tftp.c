/* A file given to whoever names it is found; silence, refusals and nonsense are told apart. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "device/probe.h"
#include "device/tftp_client.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_tftp;

static struct job *job;

static int
set_up(void **state)
{
	(void)state;
	job = job_new((size_t)64 << 20);
	return job == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	job_free(job);
	return 0;
}

static bool
reads(const char *bytes, size_t size, struct tftp_answer *answer)
{
	return tftp_read_answer(job, (struct span){(const uint8_t *)bytes, size}, answer);
}

static void
answers_are_data_or_errors(void **state)
{
	static const char error[] = "\0\5\0\1File not found";
	struct tftp_answer answer;
	char block[600] = "\0\3\0\1";

	block[1] = 3;
	block[3] = 1;
	(void)state;
	assert_true(reads(block, 4 + 512, &answer));
	assert_int_equal(answer.kind, TFTP_DATA);
	assert_int_equal(answer.size, 512);
	assert_true(reads(block, 4, &answer)); /* an empty file */
	assert_false(reads(block, 4 + 513, &answer));
	block[3] = 2;
	assert_false(reads(block, 20, &answer));
	assert_true(reads(error, sizeof error, &answer));
	assert_int_equal(answer.code, 1);
	assert_string_equal(answer.message, "File not found");
	assert_true(reads(error, sizeof error - 1, &answer)); /* without its closing zero */
	assert_true(reads("\0\5\0\2\x1b[2J", 8, &answer));
	assert_null(strchr(answer.message, '\x1b'));
	for (size_t size = 0; size < 4; size++)
		assert_false(reads(error, size, &answer));
	assert_false(reads("\0\5\0\11x", 6, &answer));
	assert_false(reads("\0\4\0\1", 4, &answer));
	assert_false(reads("\0\1\0\1", 4, &answer));
}

enum manner { GIVES_ONE, GIVES_ALL, REFUSES, NONSENSE, SHY };

struct setting {
	struct scripted_unit unit;
	enum manner manner;
};

static void
answer(void *context, int socket, unsigned number)
{
	struct setting *setting = context;
	uint8_t bytes[600];
	const char *name;
	ssize_t got;

	(void)number;
	if (setting->unit.request.way == DIAL_UDP) {
		/* From another port than it was asked on: a connected socket does not hear it. */
		got = recv(socket, bytes, sizeof bytes, 0);
		assert_true(got > 10);
		return;
	}
	name = (const char *)setting->unit.request.datagram.at + 2;
	if (setting->manner == NONSENSE)
		unit_say(socket, "HTTP/1.0 400", 12);
	else if (setting->manner == GIVES_ALL ||
		 (setting->manner == GIVES_ONE && strcmp(name, "config.cfg") == 0))
		unit_say(socket, "\0\3\0\1password=1", 14);
	else if (setting->manner == REFUSES && strcmp(name, "config.cfg") == 0)
		unit_say(socket, "\0\5\0\2Access violation", 21);
	else if (setting->manner != SHY)
		unit_say(socket, "\0\5\0\1File not found", 19);
}

static void
probe(enum manner manner, unsigned connections, struct fact_list *facts, struct target *target)
{
	struct setting setting = {.unit = {.serve = answer}, .manner = manner};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	evidence.source = "tftp";
	setting.unit.context = &setting;
	setting.unit.connections_left = connections;
	unit_start(&setting.unit, target);
	assert_ok(job, probe_tftp.talk(job, target, &evidence));
	unit_stop(&setting.unit, target);
}

static const struct fact *
fact_of(const struct fact_list *facts, enum fact_kind kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == kind)
			return &facts->facts[i];
	return NULL;
}

static void
a_file_for_anyone_is_found(void **state)
{
	struct fact_list facts;
	struct target target;

	(void)state;
	probe(GIVES_ONE, 0, &facts, &target);
	assert_string_equal(fact_of(&facts, FACT_open_port)->as.open_port.transport, "udp");
	assert_string_equal(fact_of(&facts, FACT_resource)->as.resource.name, "config.cfg");
	assert_int_equal(fact_of(&facts, FACT_resource)->as.resource.needs_login, 0);
	assert_int_equal(fact_of(&facts, FACT_looked)->as.looked.complete, 1);
	assert_int_equal(target.service_count, 1);
	assert_true(target.services[0].udp);
}

static void
a_file_kept_back_is_no_file_for_anyone(void **state)
{
	struct fact_list facts;
	struct target target;

	(void)state;
	probe(REFUSES, 0, &facts, &target);
	assert_int_equal(fact_of(&facts, FACT_resource)->as.resource.needs_login, 1);
}

static void
one_that_gives_what_cannot_be_there_gives_nothing_away(void **state)
{
	struct fact_list facts;
	struct target target;

	(void)state;
	probe(GIVES_ALL, 0, &facts, &target);
	assert_int_equal(fact_of(&facts, FACT_resource)->as.resource.needs_login, UNKNOWN);
	assert_non_null(fact_of(&facts, FACT_open_port));
}

static void
nonsense_is_not_tftp_and_not_nothing(void **state)
{
	struct fact_list facts;
	struct target target;

	(void)state;
	probe(NONSENSE, 0, &facts, &target);
	assert_null(fact_of(&facts, FACT_open_port));
	assert_int_equal(fact_of(&facts, FACT_looked)->as.looked.complete, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(answers_are_data_or_errors, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_for_anyone_is_found, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_file_kept_back_is_no_file_for_anyone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		one_that_gives_what_cannot_be_there_gives_nothing_away, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		nonsense_is_not_tftp_and_not_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
