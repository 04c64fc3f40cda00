/* Who is asked for a new password is forced to set one where nothing else leads on. */
#include "tests/support/support.h"

#include <string.h>

#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_first_use;

/* What the unit says once an empty line came in the place of a new password; NULL: it hangs up. */
struct unit {
	const char *after_enter;
	unsigned lines; /* that came at all, after the password */
};

static void
serve(void *context, int socket, unsigned number)
{
	struct unit *unit = context;
	char line[200];

	(void)number;
	unit_say_text(socket, "\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "\r\n");
	unit_say_text(socket, "Password: ");
	unit_hear(socket, line, sizeof line, "\r\n");
	unit_say_text(socket, "\r\nYou must change your password.\r\nNew password: ");
	while (unit_hear(socket, line, sizeof line, "\r\n") > 0) {
		unit->lines++;
		if (unit->after_enter == NULL)
			return;
		unit_say_text(socket, unit->after_enter);
	}
}

static int64_t
forced(struct job *job, struct unit *unit)
{
	static const struct credential known = {"telnet", "root", "s3cret-one", "owner"};
	struct scripted_unit scripted = {.serve = serve, .context = unit};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	unit_start(&scripted, &target);
	target.services[target.service_count++] = (struct service){.port = 23, .name = "telnet"};
	target_add_login(&target,
	    &(struct login){
		.port = 23, .recognised = true, .protocol = "telnet", .scheme = "password"});
	target.credentials = &known;
	target.credential_count = 1;
	evidence.source = "first_use";
	assert_ok(job, probe_first_use.talk(job, &target, &evidence));
	unit_stop(&scripted, &target);
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_login_attempt)
			return facts.facts[i].as.login_attempt.forced_change;
	fail_msg("nobody logged in");
	return UNKNOWN;
}

static void
a_question_that_enter_leads_past_forces_nobody(void **state)
{
	struct unit shell = {.after_enter = "\r\nBusyBox v1.35\r\n# "},
		    menu = {.after_enter = "\r\n1) Status  2) Settings\r\nYour choice: "};
	struct job *job = *state;

	assert_int_equal(forced(job, &shell), 0);
	assert_int_equal(forced(job, &menu), 0);
}

static void
a_question_that_stays_or_ends_the_visit_forces_and_is_not_answered_twice(void **state)
{
	struct unit again = {.after_enter = "\r\nNew password: "},
		    retype = {.after_enter = "\r\nRetype new password: "}, gone = {0};
	struct job *job = *state;

	assert_int_equal(forced(job, &again), 1);
	assert_int_equal(again.lines, 1);
	assert_int_equal(forced(job, &retype), 1);
	assert_int_equal(retype.lines, 1);
	assert_int_equal(forced(job, &gone), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_question_that_enter_leads_past_forces_nobody, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_question_that_stays_or_ends_the_visit_forces_and_is_not_answered_twice, setup_job,
		teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
