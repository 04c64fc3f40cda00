/* A service that ends over a message ends twice; a ban of one address, a cable, a slow start are no
 * end. */
#include "tests/support/support.h"

#include <string.h>

#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_malformed;

/* A stream server that may fall over a long sequence number. */
struct server {
	bool falls;          /* it does, and is started again a little later */
	bool falls_once;     /* the first time only */
	bool bans;           /* it only shuts out the address that sent it */
	unsigned falls_seen; /* so often */
	unsigned source;     /* that is shut out */
	unsigned down;       /* so many connections more are refused */
	struct scripted_unit unit;
};

static bool
refuses(void *context)
{
	struct server *server = context;

	if (server->down == 0 || (server->bans && server->unit.request.source != server->source))
		return false;
	server->down--;
	return true;
}

static void
serve(void *context, int socket, unsigned number)
{
	struct server *server = context;
	char request[8192];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strstr(request, "CSeq: 99") != NULL &&
	    (server->falls || (server->falls_once && server->falls_seen == 0))) {
		server->falls_seen++;
		server->source = server->unit.request.source;
		server->down = 3;
		return;
	}
	unit_say_text(socket, "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n");
}

static void
ask(struct job *job, struct server *server, unsigned sources, struct fact_list *facts)
{
	struct evidence evidence = evidence_to_list(facts);
	struct target target;

	*facts = (struct fact_list){0};
	server->unit =
	    (struct scripted_unit){.serve = serve, .refuses = refuses, .context = server};
	unit_start(&server->unit, &target);
	target.source_count = sources;
	target.services[target.service_count++] = (struct service){.port = 554, .name = "rtsp"};
	target.services[target.service_count++] = (struct service){.port = 700, .name = "unknown"};
	evidence.source = "malformed";
	assert_ok(job, probe_malformed.talk(job, &target, &evidence));
	unit_stop(&server->unit, &target);
}

static int64_t
processed(const struct fact_list *facts, const char *message)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct input_trial_fact *as = &facts->facts[i].as.input_trial;

		if (facts->facts[i].kind == FACT_input_trial && strcmp(as->place, message) == 0)
			return as->processed;
	}
	return -2;
}

static bool
complete(const struct fact_list *facts)
{
	return facts->facts[facts->count - 1].kind == FACT_looked &&
	       facts->facts[facts->count - 1].as.looked.complete == 1;
}

static void
a_service_that_stands_is_sent_every_message(void **state)
{
	struct server server = {0};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, 2, &facts);
	assert_int_equal(facts.count, 7); /* six messages of RTSP, and that it was looked */
	assert_int_equal(processed(&facts, "a sequence number of 4 KiB"), 0);
	assert_int_equal(processed(&facts, "an interleaved frame cut short"), 0);
	assert_true(complete(&facts));
}

static void
a_service_that_ends_twice_for_all_addresses_ended_over_it(void **state)
{
	struct server server = {.falls = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, 2, &facts);
	assert_int_equal(server.falls_seen, 2);
	assert_int_equal(processed(&facts, "a sequence number of 4 KiB"), 1);
	assert_int_equal(processed(&facts, "a negative length"), 0);
	assert_true(complete(&facts));
}

static void
with_one_address_an_end_cannot_be_told_from_a_ban(void **state)
{
	struct server server = {.falls = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, 1, &facts);
	assert_int_equal(processed(&facts, "a sequence number of 4 KiB"), UNKNOWN);
}

static void
a_ban_of_one_address_is_no_end(void **state)
{
	struct server server = {.falls = true, .bans = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, 2, &facts);
	assert_int_equal(processed(&facts, "a sequence number of 4 KiB"), 0);
}

static void
what_happened_once_is_a_question(void **state)
{
	struct server server = {.falls_once = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, 2, &facts);
	assert_int_equal(processed(&facts, "a sequence number of 4 KiB"), UNKNOWN);
	assert_int_equal(processed(&facts, "a negative length"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_service_that_stands_is_sent_every_message),
	    TEST(a_service_that_ends_twice_for_all_addresses_ended_over_it),
	    TEST(with_one_address_an_end_cannot_be_told_from_a_ban),
	    TEST(a_ban_of_one_address_is_no_end),
	    TEST(what_happened_once_is_a_question),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
