/* How many wrong passwords a unit judges is measured, and whom its locks shut out. */
#include "tests/support/support.h"

#include <string.h>

#include "device/login.h"
#include "tests/support/shell_camera.h"

extern const struct probe probe_lockouts;

static struct fact_list facts;
static const struct looked_fact *looked;

static void
run(struct job *job, struct camera *camera, const struct probe *probe, bool with_credential,
    struct target *target)
{
	camera_run(job, camera, probe, with_credential, target, &facts, &looked);
}

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
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "may be no user"));
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
	assert_int_equal(looked->complete, 0); /* root may be no user of it */
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

/* ---- a page that asks for a password, each visitor at once, or one after the other ---- */

struct web {
	struct scripted_unit unit;
	pthread_mutex_t state, turn;
	int64_t delay_ms; /* before each answer to a password, right or wrong */
	bool growing;     /* half as long again each time */
	bool in_turn;     /* the next is judged after the one before is answered */
	unsigned lock_after;
	int64_t lock_ms;
	bool refuses, drops; /* while locked, connections; else it says so */
	unsigned falls_at;   /* so many at once */
	int64_t stall_ms;    /* once, before the fifth answer */
	unsigned wrong, judged, at_once;
	int64_t locked_until;
};

static bool
web_is_locked(const struct web *web)
{
	return unit_now(&web->unit) < web->locked_until;
}

static bool
web_refuses(void *context)
{
	const struct web *web = context;

	return web->refuses && web_is_locked(web);
}

/* Counts one password; how long its answer takes. */
static int64_t
web_judge(struct web *web, bool right, bool *locked)
{
	int64_t ms;

	pthread_mutex_lock(&web->state);
	*locked = web_is_locked(web);
	ms = web->delay_ms;
	if (!*locked && ++web->judged == 5)
		ms += web->stall_ms;
	if (web->growing && !right)
		web->delay_ms += web->delay_ms / 2;
	if (right && !*locked)
		web->wrong = 0;
	if (!right && !*locked && ++web->wrong == web->lock_after) {
		web->locked_until = unit_now(&web->unit) + web->lock_ms;
		web->wrong = 0;
	}
	if (++web->at_once == web->falls_at && !*locked)
		web->locked_until = unit_now(&web->unit) + web->lock_ms;
	pthread_mutex_unlock(&web->state);
	return ms;
}

static void
web_serve(void *context, int socket, unsigned number)
{
	struct web *web = context;
	char request[2048];
	bool right, locked;
	int64_t ms;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	right = strstr(request, "cm9vdDpzM2NyZXQtb25l") != NULL; /* root:s3cret-one */
	while (web->drops && web_is_locked(web))
		unit_pause(&web->unit, 100);
	if (strstr(request, "Authorization") != NULL) {
		if (web->in_turn)
			pthread_mutex_lock(&web->turn);
		ms = web_judge(web, right, &locked);
		unit_pause(&web->unit, ms);
		pthread_mutex_lock(&web->state);
		web->at_once--;
		pthread_mutex_unlock(&web->state);
		if (web->in_turn)
			pthread_mutex_unlock(&web->turn);
		if (right && !locked) {
			unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\nWelcome");
			return;
		}
		if (locked) {
			unit_say_text(socket, "HTTP/1.0 429 No\r\n\r\nToo many attempts");
			return;
		}
	}
	unit_say_text(
	    socket, "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
}

static const struct lockout_fact *
attack(struct job *job, struct web *web, const char *protocol)
{
	static const struct credential known[] = {{NULL, "root", "s3cret-one", "owner"}};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	facts = (struct fact_list){0};
	pthread_mutex_init(&web->state, NULL);
	pthread_mutex_init(&web->turn, NULL);
	web->unit.serve = web_serve;
	web->unit.refuses = web_refuses;
	web->unit.context = web;
	web->unit.at_once = true;
	web->unit.pace = 10;
	unit_start(&web->unit, &target);
	target.deadline = 600000;
	target.credentials = known;
	target.credential_count = 1;
	target_add_login(&target, &(struct login){.port = 80,
				      .recognised = true,
				      .protocol = protocol,
				      .scheme = "basic",
				      .path = "/"});
	assert_ok(job, probe_lockouts.talk(job, &target, &evidence));
	unit_stop(&web->unit, &target);
	looked = &facts.facts[facts.count - 1].as.looked;
	return lockout_of(0);
}

static void
a_delay_of_the_answer_alone_slows_nobody(void **state)
{
	struct web web = {.delay_ms = 1200};
	const struct lockout_fact *as = attack(*state, &web, "http");

	assert_true(as->attempts_per_minute > 200);
	assert_int_equal(as->locked, 0);
	assert_int_equal(looked->complete, 1);
}

static void
a_long_delay_is_walked_round_by_many_at_once(void **state)
{
	struct web web = {.delay_ms = 5000};
	const struct lockout_fact *as = attack(*state, &web, "http");

	assert_true(as->attempts_per_minute > 120);
	assert_int_equal(as->locked, 0);
}

static void
a_shell_that_delays_its_answer_slows_nobody(void **state)
{
	struct camera camera = {.delay_ms = 5000};
	struct target target;

	run(*state, &camera, &probe_lockouts, true, &target);
	assert_int_equal(lockout_of(0)->locked, 0);
	/* at least; or not known, as more at once bring more */
	assert_true(lockout_of(0)->attempts_per_minute > 60 ||
		    (lockout_of(0)->attempts_per_minute == UNKNOWN && looked->complete == 0));
}

static void
one_after_the_other_is_slowed(void **state)
{
	struct web web = {.delay_ms = 1500, .in_turn = true};
	const struct lockout_fact *as = attack(*state, &web, "http");

	assert_in_range(as->attempts_per_minute, 20, 50);
	assert_int_equal(as->locked, 0);
	assert_int_equal(looked->complete, 1);
}

static void
a_delay_that_grows_for_all_slows_them(void **state)
{
	struct web web = {.delay_ms = 400, .growing = true, .in_turn = true};
	const struct lockout_fact *as = attack(*state, &web, "http");

	assert_true(as->attempts_per_minute < 60); /* or not known */
}

static void
where_several_at_once_are_not_tried_a_slow_answer_proves_nothing(void **state)
{
	struct web web = {.delay_ms = 1200};
	const struct lockout_fact *as = attack(*state, &web, "rtsp");

	assert_int_equal(as->attempts_per_minute, UNKNOWN);
	assert_int_equal(looked->complete, 0);
}

/* Ways to lock for some seconds after a few. */
static void
a_short_lock_is_a_lock_however_it_shows(void **state)
{
	struct web locks[] = {
	    {.lock_after = 6, .lock_ms = 10000},
	    {.lock_after = 6, .lock_ms = 10000, .refuses = true},
	    {.lock_after = 6, .lock_ms = 10000, .drops = true},
	    {.lock_after = 5, .lock_ms = 7000, .drops = true},
	    {.lock_after = 6, .lock_ms = 60000, .drops = true},
	    {.lock_after = 6, .lock_ms = 10000, .drops = true, .delay_ms = 1200},
	    {.lock_after = 16, .lock_ms = 30000, .delay_ms = 1200},
	    {.lock_after = 16, .lock_ms = 30000, .delay_ms = 1200, .drops = true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(locks); i++) {
		const struct lockout_fact *as = attack(*state, &locks[i], "http");

		assert_int_equal(as->locked, 1);
		assert_true(as->attempts_per_minute < 61);
	}
}

/* Eight at once are more than it can bear: it answers nobody for a while. */
static void
a_unit_that_many_at_once_overwhelm_is_not_said_to_lock(void **state)
{
	struct web web = {.delay_ms = 1200, .falls_at = 8, .lock_ms = 30000, .drops = true};
	const struct lockout_fact *as = attack(*state, &web, "http");

	assert_int_equal(as->locked, UNKNOWN);
	assert_int_equal(as->attempts_per_minute, UNKNOWN);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "a lock, or a failure"));
}

static void
a_unit_that_stalls_once_is_not_locked(void **state)
{
	static const int64_t stalls[] = {5000, 9000, 12000};

	for (size_t i = 0; i < ARRAY_SIZE(stalls); i++) {
		struct web web = {.stall_ms = stalls[i]};
		const struct lockout_fact *as = attack(*state, &web, "http");

		assert_int_not_equal(as->locked, 1);
		assert_true(as->attempts_per_minute > 120);
	}
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
	    TEST(a_ban_of_one_address_leaves_the_other_and_is_told),
	    TEST(delays_that_grow_lower_the_rate),
	    TEST(a_unit_that_opens_to_anything_is_not_measured),
	    TEST(a_delay_of_the_answer_alone_slows_nobody),
	    TEST(a_long_delay_is_walked_round_by_many_at_once),
	    TEST(a_shell_that_delays_its_answer_slows_nobody),
	    TEST(one_after_the_other_is_slowed),
	    TEST(a_delay_that_grows_for_all_slows_them),
	    TEST(where_several_at_once_are_not_tried_a_slow_answer_proves_nothing),
	    TEST(a_short_lock_is_a_lock_however_it_shows),
	    TEST(a_unit_that_many_at_once_overwhelm_is_not_said_to_lock),
	    TEST(a_unit_that_stalls_once_is_not_locked),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
