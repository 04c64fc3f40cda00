/* A user that a unit says it locks, or will with the next wrong password, is left alone. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "device/login.h"
#include "device/probe.h"
#include "tests/support/login_attack.h"

/* Two doors of one camera, which counts the wrong passwords of a user at both. */
struct counting {
	unsigned wrong; /* of root */
	unsigned lock_after;
	bool warns;         /* how many are left */
	bool locks_visitor; /* whoever comes, after that */
};

static void
serve_counting(void *context, int socket, unsigned number)
{
	struct counting *counting = context;
	char request[4096], words[200];
	bool root, locked;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strstr(request, "Authorization") == NULL) {
		unit_say_text(
		    socket, "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
		return;
	}
	root = strstr(request, "Basic cm9vdD") != NULL; /* "root:" in base64 */
	locked = counting->wrong >= counting->lock_after && (root || counting->locks_visitor);
	counting->wrong += root;
	snprintf(words, sizeof words, "Wrong name or password");
	if (locked)
		snprintf(words, sizeof words, "Account locked");
	else if (root && counting->warns)
		snprintf(words, sizeof words, "Wrong name or password. %u attempts left.",
		    counting->lock_after - counting->wrong);
	unit_say_text(
	    socket, "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
	unit_say_text(socket, words);
}

static unsigned
tries_of(const struct fact_list *facts, const char *user)
{
	unsigned tries = 0;

	for (size_t i = 0; i < facts->count; i++)
		tries += facts->facts[i].kind == FACT_login_attempt &&
			 strcmp(facts->facts[i].as.login_attempt.user, user) == 0;
	return tries;
}

/* What the camera counted of root. */
static unsigned
attack_counting(struct job *job, struct counting *counting, struct fact_list *facts,
    const struct looked_fact **looked)
{
	static const struct guess more[] = {{"root", "root", "common"}, {"root", "1", "common"},
	    {"root", "2", "common"}, {"admin", "admin", "common"}, {"user", "user", "common"},
	    {"guest", "guest", "common"}};
	struct scripted_unit unit = {.serve = serve_counting, .context = counting};
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "http", "basic");
	target.guesses = more;
	target.guess_count = ARRAY_SIZE(more);
	target.guess_budget = 20;
	target.services[target.service_count++] = (struct service){.port = 8080, .name = "http"};
	target_add_login(&target, &(struct login){.port = 8080,
				      .recognised = true,
				      .protocol = "http",
				      .scheme = "basic",
				      .path = "/"});
	attack_run(job, &target, facts, looked);
	unit_stop(&unit, &target);
	return counting->wrong;
}

static void
a_user_the_unit_locks_is_left_alone_at_every_log_in(void **state)
{
	struct counting counting = {.lock_after = 3};
	const struct looked_fact *looked;
	struct fact_list facts;

	assert_int_equal(attack_counting(*state, &counting, &facts, &looked), 4);
	assert_int_equal(tries_of(&facts, "root"), 4);
	assert_int_equal(tries_of(&facts, "admin"), 2);
	assert_int_equal(tries_of(&facts, "guest"), 2);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "root is locked"));
}

static void
a_user_is_left_alone_before_the_last_try_that_a_unit_grants(void **state)
{
	struct counting counting = {.lock_after = 3, .warns = true};
	const struct looked_fact *looked;
	struct fact_list facts;

	assert_int_equal(attack_counting(*state, &counting, &facts, &looked), 2);
	assert_int_equal(tries_of(&facts, "admin"), 2);
	assert_int_equal(looked->complete, 0);
}

static void
a_unit_that_locks_whoever_comes_is_left_alone(void **state)
{
	struct counting counting = {.lock_after = 2, .locks_visitor = true};
	const struct looked_fact *looked;
	struct fact_list facts;

	attack_counting(*state, &counting, &facts, &looked);
	assert_int_equal(tries_of(&facts, "root"), 3);
	assert_int_equal(tries_of(&facts, "admin"), 1);
	assert_int_equal(tries_of(&facts, "user"), 0);
	assert_int_equal(looked->complete, 0);
}

/* A telnet camera that says after the second wrong password of root that it judges no more. */
static void
serve_locking(void *context, int socket, unsigned number)
{
	unsigned *wrong = context;
	char line[200], given[200];

	(void)number;
	unit_say_text(socket, "\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "\r\n");
	unit_say_text(socket, "Password: ");
	unit_hear(socket, given, sizeof given, "\r\n");
	*wrong += strncmp(line, "root\r", 5) == 0;
	if (*wrong > 2 && strncmp(line, "root\r", 5) == 0) {
		unit_say_text(socket, "\r\nAccount locked, try again later\r\n");
		return;
	}
	unit_say_text(socket, "\r\nLogin incorrect\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "never");
}

static void
a_lock_that_telnet_tells_ends_the_user_and_not_the_log_in(void **state)
{
	static const struct guess more[] = {{"root", "root", "common"}, {"root", "1", "common"},
	    {"root", "2", "common"}, {"root", "3", "common"}, {"admin", "admin", "common"}};
	struct job *job = *state;
	unsigned wrong = 0;
	struct scripted_unit unit = {.serve = serve_locking, .context = &wrong};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "telnet", "password");
	target.guesses = more;
	target.guess_count = ARRAY_SIZE(more);
	target.guess_budget = 20;
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(wrong, 3);
	assert_int_equal(attempt_of(&facts, "root", "1")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "root", "2")->accepted, UNKNOWN);
	assert_null(attempt_of(&facts, "root", "3"));
	assert_int_equal(attempt_of(&facts, "admin", "admin")->accepted, 0);
	assert_int_equal(looked->complete, 0);
}

static void
words_that_grant_one_more_try_are_told_apart(void **state)
{
	static const char *const last[] = {"1 attempt left", "You have 1 more try remaining.",
	    "Remaining attempts: 0", "Wrong. Tries left: 1", "Còn 1 lần thử"};
	static const char *const others[] = {"", "Login incorrect", "3 attempts left",
	    "Attempt failed. Room 1 is on the left.", "10 attempts left", "error 1",
	    "21 attempts remaining", "1 user is logged in"};
	static char hostile[1 << 20];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(last); i++)
		assert_true(login_says_last_try(last[i]));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(login_says_last_try(others[i]));
	assert_false(login_says_last_try(NULL));
	for (size_t i = 0; i + 3 < sizeof hostile; i += 2)
		memcpy(hostile + i, "1 ", 2);
	assert_false(login_says_last_try(hostile)); /* and soon */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_user_the_unit_locks_is_left_alone_at_every_log_in),
	    TEST(a_user_is_left_alone_before_the_last_try_that_a_unit_grants),
	    TEST(a_unit_that_locks_whoever_comes_is_left_alone),
	    TEST(a_lock_that_telnet_tells_ends_the_user_and_not_the_log_in),
	    TEST(words_that_grant_one_more_try_are_told_apart),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
