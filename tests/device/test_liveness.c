/* A unit that stops answering is found out after the probe that was at it, and told apart from one
 * that came back. */
#include "tests/support/support.h"

#include <string.h>

#include "device/liveness.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_liveness;

static void
hang_up(void *context, int socket, unsigned number)
{
	(void)context, (void)socket, (void)number;
}

static const uint16_t two_ports[] = {80, 443};

static void
start(struct scripted_unit *unit, struct target *target, unsigned connections)
{
	*unit = (struct scripted_unit){.serve = hang_up, .connections_left = connections};
	unit_start(unit, target);
	target->scan.open = two_ports;
	target->scan.open_count = 2;
	target->began = monotonic_ms();
	target->limit = 1500;
}

static const struct looked_fact *
tell(struct job *job, struct target *target, struct fact_list *facts)
{
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	evidence.source = "liveness";
	assert_ok(job, probe_liveness.talk(job, target, &evidence));
	return &facts->facts[facts->count - 1].as.looked;
}

static void
a_unit_that_answers_leaves_a_complete_row_and_no_fact(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit;
	struct target target;
	struct fact_list facts;
	bool gone = true;

	start(&unit, &target, 0);
	assert_ok(job, liveness_check(job, &target, "tls", &gone));
	assert_false(gone);
	assert_int_equal(tell(job, &target, &facts)->complete, 1);
	assert_int_equal(facts.count, 1);
	unit_stop(&unit, &target);
}

static void
a_unit_that_is_gone_is_a_fact_with_the_last_exchange(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit;
	struct target target;
	struct fact_list facts;
	bool gone = false;

	start(&unit, &target, 2);
	assert_ok(job, liveness_check(job, &target, "tls", &gone));
	assert_false(gone);
	target.transcript.exchange = 41;
	assert_ok(job, liveness_check(job, &target, "http", &gone));
	assert_true(gone);
	tell(job, &target, &facts);
	assert_int_equal(facts.count, 2);
	assert_string_equal(facts.facts[0].as.liveness.after, "http");
	assert_int_equal(facts.facts[0].as.liveness.alive, 0);
	assert_int_equal(facts.facts[0].as.liveness.came_back, 0);
	assert_int_equal(facts.facts[0].exchange, 41);
	assert_non_null(strstr(facts.facts[0].as.liveness.detail, "port 80, 443"));
	unit_stop(&unit, &target);
}

static void
say_nothing(void *context, int socket, unsigned number)
{
	char request[200];

	(void)context, (void)number;
	unit_hear(socket, request, sizeof request, "never");
}

static void
a_web_server_that_accepts_and_says_nothing_is_not_alive(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = say_nothing, .pace = 6};
	struct target target;
	struct fact_list facts;
	bool gone;

	unit_start(&unit, &target);
	target.scan.open = two_ports;
	target.scan.open_count = 1;
	target.began = monotonic_ms();
	target.limit = 12000;
	target_add_service(&target, &(struct service){.port = 80, .name = "http"});
	assert_ok(job, liveness_check(job, &target, "http", &gone));
	assert_true(gone);
	assert_int_equal(tell(job, &target, &facts)->count, 1);
	unit_stop(&unit, &target);
}

/* A data port of FTP is there for a moment: that it is gone afterwards says nothing. */
static void
a_port_that_was_not_open_at_first_is_no_witness(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit;
	struct target target;
	struct channel channel;
	bool gone = true;

	start(&unit, &target, 3); /* the data port, then the two witnesses; any more are refused */
	target_allow(&target, 1000);
	assert_ok(job, channel_open(job, &target, 50123, &channel));
	channel_hang_up(job, &channel);
	assert_ok(job, liveness_check(job, &target, "ftp", &gone));
	assert_false(gone);
	assert_int_equal(target.death_count, 0);
	unit_stop(&unit, &target);
}

static void
where_no_port_is_open_nobody_can_tell(void **state)
{
	struct job *job = *state;
	struct target target = {.transcript = {.descriptor = -1}};
	struct fact_list facts;
	bool gone = true;

	assert_ok(job, liveness_check(job, &target, "ports", &gone));
	assert_false(gone);
	assert_int_equal(tell(job, &target, &facts)->complete, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_unit_that_answers_leaves_a_complete_row_and_no_fact, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_is_gone_is_a_fact_with_the_last_exchange, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_web_server_that_accepts_and_says_nothing_is_not_alive, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_port_that_was_not_open_at_first_is_no_witness, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		where_no_port_is_open_nobody_can_tell, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
