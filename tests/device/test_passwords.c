/* What a unit does under changed and first passwords is told, and nothing is left changed. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "tests/support/shell_camera.h"

extern const struct probe probe_lockouts, probe_credential_changes, probe_first_use,
    probe_default_passwords, probe_access;

static struct fact_list facts;
static const struct looked_fact *looked;

static void
run(struct job *job, struct camera *camera, const struct probe *probe, bool with_credential,
    struct target *target)
{
	camera_run(job, camera, probe, with_credential, target, &facts, &looked);
}

static void
no_log_in_is_not_said_where_a_strange_service_may_have_one(void **state)
{
	static const struct probe *const probes[] = {&probe_access, &probe_first_use,
	    &probe_credential_changes, &probe_lockouts, &probe_default_passwords};

	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		struct target target = {.deadline = 1000};
		struct evidence evidence = evidence_to_list(&facts);

		facts = (struct fact_list){0};
		target_add_service(&target, &(struct service){.port = 5900, .name = "vnc"});
		assert_ok(job, probes[i]->talk(job, &target, &evidence));
		assert_int_equal(facts.facts[0].as.looked.complete, 0);
		assert_non_null(strstr(facts.facts[0].as.looked.reason, "port 5900 (vnc)"));
	}
}

static const struct credential_change_fact *
change_of(void)
{
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_credential_change)
			return &facts.facts[i].as.credential_change;
	return NULL;
}

static int64_t
trial_of(const char *variant)
{
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_password_trial &&
		    strcmp(facts.facts[i].as.password_trial.variant, variant) == 0)
			return facts.facts[i].as.password_trial.accepted;
	return -2;
}

static void
a_password_is_changed_and_set_back(void **state)
{
	struct camera camera = {.shortest = 6};
	struct target target;

	run(*state, &camera, &probe_credential_changes, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(change_of()->changed, 1);
	assert_int_equal(change_of()->new_works, 1);
	assert_int_equal(change_of()->old_still_works, 0);
	assert_int_equal(change_of()->restored, 1);
	assert_int_equal(trial_of("unchanged"), 1);
	assert_int_equal(trial_of("long"), 1);
	assert_int_equal(trial_of("common"), 1);
	assert_int_equal(trial_of("same_as_user"), 0);
	assert_int_equal(trial_of("short"), 0);
	assert_int_equal(trial_of("empty"), 0);
	assert_string_equal(camera.password, "s3cret-one");
}

static void
a_dialogue_broken_half_way_leaves_the_old_password(void **state)
{
	struct camera camera = {.hang_up_at_run = 1};
	struct target target;

	run(*state, &camera, &probe_credential_changes, true, &target);
	assert_int_equal(change_of()->changed, 0);
	assert_int_equal(change_of()->restored, 1);
	assert_string_equal(camera.password, "s3cret-one");
}

static void
a_unit_that_hangs_up_with_the_new_password_set_gets_the_old_one_back(void **state)
{
	struct camera camera = {.hang_up_at_run = 1, .takes_half = true};
	struct target target;

	run(*state, &camera, &probe_credential_changes, true, &target);
	assert_int_equal(change_of()->changed, 1);
	assert_int_equal(change_of()->restored, 1);
	assert_string_equal(camera.password, "s3cret-one");
}

static void
what_cannot_be_set_back_is_said_aloud_and_ends_the_probe(void **state)
{
	struct camera camera = {.refuse_from_run = 2};
	struct target target;

	run(*state, &camera, &probe_credential_changes, true, &target);
	assert_int_equal(change_of()->restored, 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "COULD NOT BE SET BACK"));
	assert_null(strstr(looked->reason, camera.password));
	assert_int_equal(trial_of("long"), -2);
}

static void
without_a_password_nothing_is_changed(void **state)
{
	struct camera camera = {0};
	struct target target;

	run(*state, &camera, &probe_credential_changes, false, &target);
	assert_int_equal(looked->complete, 0);
	assert_null(change_of());
	assert_int_equal(camera.unit.served, 0);
}

static void
one_password_changed_is_not_all_of_them(void **state)
{
	static const char *const others[] = {"http", "rtsp", "ftp"};
	static const struct credential known[] = {{NULL, "root", "s3cret-one", "owner"}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct camera camera = {0};
		struct target target;
		struct evidence evidence = evidence_to_list(&facts);

		facts = (struct fact_list){0};
		camera_start(&camera, &target);
		target_add_login(&target, &(struct login){.port = 80,
					      .recognised = true,
					      .protocol = others[i],
					      .scheme = "basic",
					      .path = "/"});
		target.deadline = 300000;
		target.credentials = known;
		target.credential_count = 1;
		assert_ok(job, probe_credential_changes.talk(job, &target, &evidence));
		unit_stop(&camera.unit, &target);
		assert_int_equal(change_of()->new_works, 1);
		looked = &facts.facts[facts.count - 1].as.looked;
		assert_int_equal(looked->complete, 0);
		assert_non_null(strstr(looked->reason, "no standard way to change a password"));
		assert_non_null(strstr(looked->reason, others[i]));
	}
}

/* ---- first use ---- */

static void
a_unit_that_asks_for_a_change_is_told_from_one_that_does_not(void **state)
{
	for (int asks = 0; asks < 2; asks++) {
		struct camera camera = {.asks_for_change = asks == 1};
		struct target target;

		run(*state, &camera, &probe_first_use, true, &target);
		assert_int_equal(facts.facts[0].kind, FACT_login_attempt);
		assert_int_equal(facts.facts[0].as.login_attempt.accepted, 1);
		assert_int_equal(facts.facts[0].as.login_attempt.forced_change, asks);
	}
}

static void
a_greeting_that_mentions_a_change_forces_nothing(void **state)
{
	struct camera camera = {.mentions_change = true};
	struct target target;

	run(*state, &camera, &probe_first_use, true, &target);
	assert_int_equal(facts.facts[0].as.login_attempt.accepted, 1);
	assert_int_equal(facts.facts[0].as.login_attempt.forced_change, 0);
}

static void
a_password_that_is_not_taken_forces_nothing(void **state)
{
	struct camera camera = {.password = "another"};
	struct target target;

	run(*state, &camera, &probe_first_use, true, &target);
	assert_int_equal(facts.facts[0].as.login_attempt.accepted, 0);
	assert_int_equal(facts.facts[0].as.login_attempt.forced_change, UNKNOWN);
}

static void
serve_wizard(void *context, int socket, unsigned number)
{
	char request[2000];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n");
	unit_say_text(socket, context);
}

static void
a_page_that_sets_the_first_password_is_told(void **state)
{
	static char wizard[] = "<title>Setup</title><form>Create a password<input type=password "
			       "name=a>again<input type='password' name=b></form>",
		    login[] = "<form>Log in<input name=u><input type=password name=p></form>";
	char *const pages[] = {login, wizard};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		struct scripted_unit unit = {.serve = serve_wizard, .context = pages[i]};
		struct evidence evidence = evidence_to_list(&facts);
		struct target target;

		facts = (struct fact_list){0};
		evidence.source = "first_use";
		unit_start(&unit, &target);
		target.services[target.service_count++] =
		    (struct service){.port = 80, .name = "http"};
		assert_ok(job, probe_first_use.talk(job, &target, &evidence));
		unit_stop(&unit, &target);
		assert_int_equal(facts.facts[0].kind == FACT_resource, i == 1);
	}
}

/* ---- default passwords, several at once ---- */

static const struct guess guesses[] = {{"root", "a", "common"}, {"root", "b", "common"},
    {"root", "c", "common"}, {"guest", "s3cret-one", "common"}, {"root", "s3cret-one", "vendor"}};

static void
plan(struct job *job, struct camera *camera, struct target *target)
{
	static const struct credential known[] = {{"telnet", "root", "s3cret-one", "owner"}};
	struct evidence evidence = evidence_to_list(&facts);

	facts = (struct fact_list){0};
	evidence.source = "default_passwords";
	camera_start(camera, target);
	target->guesses = guesses;
	target->guess_count = ARRAY_SIZE(guesses);
	target->guess_budget = 4;
	target->min_pairs = 4;
	target->credentials = known;
	target->credential_count = 1;
	assert_ok(job, probe_default_passwords.talk(job, target, &evidence));
	unit_stop(&camera->unit, target);
	looked = &facts.facts[facts.count - 1].as.looked;
}

static void
a_slow_unit_is_asked_several_at_once_and_nothing_is_lost(void **state)
{
	struct camera camera = {.delay_ms = 1500};
	struct target target;

	plan(*state, &camera, &target);
	assert_true(target_now(&target) < 6000); /* one after the other it would be 7.5 s */
	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->tried, 4);
	assert_int_equal(facts.count, 6);
	assert_non_null(strstr(looked->reason, "4 refused, 0 accepted"));
	assert_non_null(strstr(looked->reason, "waiting for the unit"));
}

static void
a_log_in_without_users_is_asked_each_password_once(void **state)
{
	struct camera camera = {.password_alone = true};
	struct target target;

	plan(*state, &camera, &target);
	assert_int_equal(looked->complete, 1);
	assert_string_equal(facts.facts[1].as.login_attempt.user, "");
	assert_int_equal(facts.count, 6); /* control, a, b, c, the right one, looked */
	assert_int_equal(target.opened_count, 1);
	assert_string_equal(target.opened[0].password, "s3cret-one");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(no_log_in_is_not_said_where_a_strange_service_may_have_one),
	    TEST(a_password_is_changed_and_set_back),
	    TEST(a_dialogue_broken_half_way_leaves_the_old_password),
	    TEST(a_unit_that_hangs_up_with_the_new_password_set_gets_the_old_one_back),
	    TEST(what_cannot_be_set_back_is_said_aloud_and_ends_the_probe),
	    TEST(without_a_password_nothing_is_changed),
	    TEST(one_password_changed_is_not_all_of_them),
	    TEST(a_unit_that_asks_for_a_change_is_told_from_one_that_does_not),
	    TEST(a_greeting_that_mentions_a_change_forces_nothing),
	    TEST(a_password_that_is_not_taken_forces_nothing),
	    TEST(a_page_that_sets_the_first_password_is_told),
	    TEST(a_slow_unit_is_asked_several_at_once_and_nothing_is_lost),
	    TEST(a_log_in_without_users_is_asked_each_password_once),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
