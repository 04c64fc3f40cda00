/* What a unit does under wrong, changed and first passwords is measured, and nothing is left
 * changed. */
#include "tests/support/support.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_lockouts, probe_credential_changes, probe_first_use,
    probe_default_passwords, probe_access;

#define PACE 10 /* waits are real, and so many times shorter */

/* A shell behind telnet, with one account, and its bad habits. */
struct camera {
	struct scripted_unit unit;
	pthread_mutex_t lock;
	char password[128];
	unsigned wrong;       /* since the last right one, by any address */
	unsigned wrong_of[2]; /* by address */
	unsigned lock_after;  /* 0: never */
	int64_t lock_ms;
	int64_t locked_until, locked_until_of[2];
	bool lock_by_address; /* else by account */
	bool lock_in_words;   /* "Account locked"; else wrong as ever, also for the right one */
	bool lock_is_said;    /* only: the right one opens all the same, wrong ones are judged */
	bool lock_by_silence; /* it hangs up at once */
	unsigned delay_ms;    /* before each refusal */
	bool growing;         /* twice as long each time */
	bool opens_to_all;
	bool asks_for_change;
	bool mentions_change; /* in its greeting, and that is all */
	bool password_alone;
	unsigned passwd_runs;
	unsigned hang_up_at_run;  /* after the first "New password:", 0: never */
	bool takes_half;          /* and has it then, all the same */
	unsigned refuse_from_run; /* "failure" from this one on; 0: never */
	unsigned shortest;        /* password it takes */
};

static int64_t *
locked_until(struct camera *camera)
{
	return camera->lock_by_address ? &camera->locked_until_of[camera->unit.request.source]
				       : &camera->locked_until;
}

static bool
is_locked(struct camera *camera)
{
	return unit_now(&camera->unit) < *locked_until(camera);
}

/* One wrong password more. */
static void
count_wrong(struct camera *camera)
{
	unsigned *wrong = camera->lock_by_address ? &camera->wrong_of[camera->unit.request.source]
						  : &camera->wrong;

	if (++*wrong >= camera->lock_after && camera->lock_after > 0 && !is_locked(camera)) {
		*locked_until(camera) = unit_now(&camera->unit) + camera->lock_ms;
		*wrong = 0;
	}
}

/* Reads one line; false when the visitor is gone. */
static bool
hear_line(int socket, char *line, size_t room)
{
	if (unit_hear(socket, line, room, "\r\n") == 0)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* busybox's dialogue; false when it hangs up. */
static bool
run_passwd(struct camera *camera, int socket)
{
	char first[200], second[200];
	unsigned run = ++camera->passwd_runs;

	unit_say_text(socket, "passwd\r\nChanging password for root\r\nNew password: ");
	if (!hear_line(socket, first, sizeof first))
		return false;
	if (run == camera->hang_up_at_run) {
		if (camera->takes_half)
			memcpy(camera->password, first, sizeof camera->password);
		return false;
	}
	if (camera->refuse_from_run != 0 && run >= camera->refuse_from_run) {
		unit_say_text(socket, "\r\npasswd: failure\r\n# ");
		return true;
	}
	if (strlen(first) < camera->shortest) {
		unit_say_text(socket, "\r\nBad password: too short\r\n# ");
		return true;
	}
	unit_say_text(socket, "\r\nRetype password: ");
	if (!hear_line(socket, second, sizeof second))
		return false;
	memcpy(camera->password, first, sizeof camera->password);
	unit_say_text(socket, "\r\npasswd: password for root changed by root\r\n# ");
	return true;
}

static void
serve_shell(struct camera *camera, int socket)
{
	char line[200];

	unit_say_text(socket, camera->asks_for_change
				  ? "\r\nYou are required to change your password immediately\r\n"
				    "New password: "
				  : "\r\nBusyBox v1.35\r\n# ");
	if (camera->mentions_change)
		unit_say_text(socket, "Please change your password soon.\r\n# ");
	while (hear_line(socket, line, sizeof line))
		if (strcmp(line, "help") == 0)
			unit_say_text(socket, "help\r\nls ps passwd\r\n# ");
		else if (strcmp(line, "passwd") == 0 && !run_passwd(camera, socket))
			return;
}

/* Lets the visitor in or not; the state is everybody's. */
static bool
judge(struct camera *camera, const char *user, const char *given, bool *locked)
{
	bool right;

	pthread_mutex_lock(&camera->lock);
	right = camera->opens_to_all || ((camera->password_alone || strcmp(user, "root") == 0) &&
					    strcmp(given, camera->password) == 0);
	*locked = is_locked(camera);
	if (*locked && !camera->lock_is_said)
		right = false;
	else if (!right)
		count_wrong(camera);
	if (right && !camera->lock_is_said)
		camera->wrong = camera->wrong_of[camera->unit.request.source] = 0;
	pthread_mutex_unlock(&camera->lock);
	return right;
}

static void
serve_camera(void *context, int socket, unsigned number)
{
	struct camera *camera = context;
	char user[200] = "", given[200];
	bool locked, right;

	(void)number;
	if (camera->lock_by_silence && is_locked(camera))
		return;
	if (!camera->password_alone) {
		unit_say_text(socket, "\r\ncam login: ");
		if (!hear_line(socket, user, sizeof user))
			return;
	}
	unit_say_text(socket, "Password: ");
	if (!hear_line(socket, given, sizeof given))
		return;
	right = judge(camera, user, given, &locked);
	if (!right && camera->delay_ms > 0) {
		unit_pause(&camera->unit, camera->delay_ms);
		camera->delay_ms *= camera->growing ? 2 : 1;
	}
	if (right)
		serve_shell(camera, socket);
	else
		unit_say_text(socket, locked && camera->lock_in_words
					  ? "\r\nAccount locked\r\n"
					  : "\r\nLogin incorrect\r\ncam login: ");
}

static const struct credential known[] = {{"telnet", "root", "s3cret-one", "owner"}};
static struct fact_list facts;
static const struct looked_fact *looked;

/* Runs one probe against the camera. */
static void
run(struct job *job, struct camera *camera, const struct probe *probe, bool with_credential,
    struct target *target)
{
	struct evidence evidence = evidence_to_list(&facts);

	facts = (struct fact_list){0};
	pthread_mutex_init(&camera->lock, NULL);
	if (camera->password[0] == '\0')
		memcpy(camera->password, "s3cret-one", sizeof "s3cret-one");
	camera->unit.serve = serve_camera;
	camera->unit.context = camera;
	camera->unit.at_once = true;
	camera->unit.pace = PACE;
	evidence.source = probe->name;
	unit_start(&camera->unit, target);
	target->deadline = target_now(target) + (camera->growing ? 100000 : 300000);
	target->services[target->service_count++] = (struct service){.port = 23, .name = "telnet"};
	target_add_login(target, &(struct login){.port = 23,
				     .recognised = true,
				     .protocol = "telnet",
				     .scheme = "password",
				     .no_user = camera->password_alone});
	target->credentials = known;
	target->credential_count = with_credential ? 1 : 0;
	target->source_count = camera->lock_by_address ? 2 : 0;
	assert_ok(job, probe->talk(job, target, &evidence));
	unit_stop(&camera->unit, target);
	looked = &facts.facts[facts.count - 1].as.looked;
	assert_int_equal(facts.facts[facts.count - 1].kind, FACT_looked);
}

/* ---- lock-outs ---- */

static const struct lockout_fact *
lockout_of(size_t number)
{
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_lockout && number-- == 0)
			return &facts.facts[i].as.lockout;
	return NULL;
}

static void
a_unit_that_judges_every_password_is_never_locked(void **state)
{
	struct camera camera = {0};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->attempts, 41);
	assert_int_equal(lockout_of(0)->locked, 0);
	assert_int_equal(lockout_of(0)->from_addresses, 1);
	assert_true(lockout_of(0)->attempts_per_minute > 100);
}

static void
without_a_known_password_a_silent_lock_is_not_said_to_be_none(void **state)
{
	struct camera camera = {.lock_after = 5, .lock_ms = 60000};
	struct target target;

	run(*state, &camera, &probe_lockouts, false, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, UNKNOWN);
}

static void
a_lock_of_an_account_is_seen_by_the_right_password_alone(void **state)
{
	struct camera camera = {.lock_after = 5, .lock_ms = 11000};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, 1);
	assert_in_range(lockout_of(0)->lock_s, 1, 16);
	assert_true(lockout_of(0)->attempts_per_minute != UNKNOWN);
}

static void
a_lock_that_says_so_is_seen_without_knowing_a_password(void **state)
{
	struct camera camera = {.lock_after = 5, .lock_ms = 4000, .lock_in_words = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, false, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, 1);
	assert_int_equal(lockout_of(0)->attempts, 5);
	assert_in_range(lockout_of(0)->lock_s, 3, 12);
}

static void
words_of_a_lock_are_none_where_the_right_password_opens(void **state)
{
	struct camera camera = {
	    .lock_after = 15, .lock_ms = 60000, .lock_in_words = true, .lock_is_said = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(lockout_of(0)->locked, 0);
	assert_true(lockout_of(0)->attempts >= 40);
	assert_true(lockout_of(0)->attempts_per_minute > 100);
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

static void
a_ban_of_one_address_leaves_the_other_and_is_told(void **state)
{
	struct camera camera = {
	    .lock_after = 5, .lock_ms = 8000, .lock_by_address = true, .lock_by_silence = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(lockout_of(0)->from_addresses, 1);
	assert_int_equal(lockout_of(0)->per_address, 1);
	assert_int_equal(lockout_of(0)->locked, 1);
	/* the other address: a storm and a lock of its own */
	assert_int_equal(lockout_of(1)->from_addresses, 2);
	assert_int_equal(lockout_of(1)->locked, 1);
	assert_true(lockout_of(1)->attempts >= 4);
	assert_int_equal(target.source, 0);
}

static void
delays_that_grow_lower_the_rate(void **state)
{
	struct camera camera = {.delay_ms = 400, .growing = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_true(lockout_of(0)->attempts < 20);
	assert_true(lockout_of(0)->attempts_per_minute < 60);
}

static void
a_unit_that_opens_to_anything_is_not_measured(void **state)
{
	struct camera camera = {.opens_to_all = true};
	struct target target;

	run(*state, &camera, &probe_lockouts, false, &target);
	assert_int_equal(looked->complete, 0);
	assert_null(lockout_of(0));
	assert_non_null(strstr(looked->reason, "random password opened"));
}

/* ---- changes ---- */

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
    {"admin", "c", "common"}, {"guest", "s3cret-one", "common"}, {"root", "s3cret-one", "vendor"}};

static void
plan(struct job *job, struct camera *camera, struct target *target)
{
	struct evidence evidence = evidence_to_list(&facts);

	facts = (struct fact_list){0};
	pthread_mutex_init(&camera->lock, NULL);
	memcpy(camera->password, "s3cret-one", sizeof "s3cret-one");
	camera->unit.serve = serve_camera;
	camera->unit.context = camera;
	camera->unit.at_once = true;
	camera->unit.pace = PACE;
	evidence.source = "default_passwords";
	unit_start(&camera->unit, target);
	target->guesses = guesses;
	target->guess_count = ARRAY_SIZE(guesses);
	target->guess_budget = 4;
	target->min_pairs = 4;
	target_add_login(target, &(struct login){.port = 23,
				     .recognised = true,
				     .protocol = "telnet",
				     .scheme = "password",
				     .no_user = camera->password_alone});
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
	    TEST(a_unit_that_judges_every_password_is_never_locked),
	    TEST(without_a_known_password_a_silent_lock_is_not_said_to_be_none),
	    TEST(a_lock_of_an_account_is_seen_by_the_right_password_alone),
	    TEST(a_lock_that_says_so_is_seen_without_knowing_a_password),
	    TEST(words_of_a_lock_are_none_where_the_right_password_opens),
	    TEST(no_log_in_is_not_said_where_a_strange_service_may_have_one),
	    TEST(a_ban_of_one_address_leaves_the_other_and_is_told),
	    TEST(delays_that_grow_lower_the_rate),
	    TEST(a_unit_that_opens_to_anything_is_not_measured),
	    TEST(a_password_is_changed_and_set_back),
	    TEST(a_dialogue_broken_half_way_leaves_the_old_password),
	    TEST(a_unit_that_hangs_up_with_the_new_password_set_gets_the_old_one_back),
	    TEST(what_cannot_be_set_back_is_said_aloud_and_ends_the_probe),
	    TEST(without_a_password_nothing_is_changed),
	    TEST(a_unit_that_asks_for_a_change_is_told_from_one_that_does_not),
	    TEST(a_greeting_that_mentions_a_change_forces_nothing),
	    TEST(a_password_that_is_not_taken_forces_nothing),
	    TEST(a_page_that_sets_the_first_password_is_told),
	    TEST(a_slow_unit_is_asked_several_at_once_and_nothing_is_lost),
	    TEST(a_log_in_without_users_is_asked_each_password_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
