/* What a unit refuses counts while it lets the right one in: silent locks, pages of locks, doors
 * too many for what may be guessed. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_default_passwords;

#define REFUSAL "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n"
#define OWNER "Basic YWRtaW46c2VjcmV0LTk="   /* admin:secret-9 */
#define OTHER "Basic b3duZXI6c2VjcmV0LTk="   /* owner:secret-9 */
#define DEFAULT "Basic YWRtaW46ZGVmYXVsdA==" /* admin:default */

struct camera {
	unsigned silent_after; /* wrong passwords; then nobody is judged; 0: never */
	unsigned page_after;   /* then a page says so, with status 200; 0: never */
	bool forgets;          /* the wrong ones when a right one comes */
	bool has_default;      /* admin:default opens it */
	unsigned wrong, admin_wrong, owner_seen;
};

static void
serve(void *context, int socket, unsigned number)
{
	struct camera *camera = context;
	char request[4096];
	bool right;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strstr(request, "Authorization") == NULL) {
		unit_say_text(socket, REFUSAL);
		return;
	}
	camera->owner_seen += strstr(request, OWNER) != NULL;
	if (camera->page_after != 0 && camera->wrong >= camera->page_after) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n<p>Come back later.");
		return;
	}
	right = strstr(request, OWNER) != NULL || strstr(request, OTHER) != NULL ||
		(camera->has_default && strstr(request, DEFAULT) != NULL);
	if (right && (camera->silent_after == 0 || camera->wrong < camera->silent_after)) {
		camera->wrong = camera->forgets ? 0 : camera->wrong;
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n<title>camera</title>");
		return;
	}
	camera->wrong++;
	camera->admin_wrong += strstr(request, "Basic YWRtaW46") != NULL;
	unit_say_text(socket, REFUSAL);
}

static const struct guess guesses[] = {{"admin", "admin", "common"}, {"root", "root", "common"},
    {"admin", "1234", "common"}, {"user", "user", "common"}, {"guest", "guest", "common"},
    {"admin", "default", "common"}, {"tech", "tech", "common"}, {"admin", "pass", "common"},
    {"ubnt", "ubnt", "common"}, {"support", "support", "common"}, {"a", "a", "common"},
    {"b", "b", "common"}, {"c", "c", "common"}};
static const struct credential owner = {"http", "admin", "secret-9", "owner"},
			       other = {"http", "owner", "secret-9", "owner"};
static struct fact_list facts;

static const struct looked_fact *
attack(struct job *job, struct camera *camera, unsigned doors, const struct credential *told)
{
	struct scripted_unit unit = {.serve = serve, .context = camera};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	facts = (struct fact_list){0};
	unit_start(&unit, &target);
	target.guesses = guesses;
	target.guess_count = ARRAY_SIZE(guesses);
	target.guess_budget = 4;
	target.min_pairs = ARRAY_SIZE(guesses);
	target.credentials = told;
	target.credential_count = told != NULL;
	for (unsigned i = 0; i < doors; i++)
		target_add_login(&target, &(struct login){.port = (uint16_t)(80 + i),
					      .recognised = true,
					      .protocol = "http",
					      .scheme = "basic",
					      .path = "/"});
	evidence.source = "default_passwords";
	assert_ok(job, probe_default_passwords.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	return &facts.facts[facts.count - 1].as.looked;
}

static size_t
count_accepted(void)
{
	size_t count = 0;

	for (size_t i = 0; i < facts.count; i++)
		count += facts.facts[i].kind == FACT_login_attempt &&
			 facts.facts[i].as.login_attempt.control == 0 &&
			 facts.facts[i].as.login_attempt.accepted == 1;
	return count;
}

static void
refusals_are_judgements_where_the_right_pair_opens(void **state)
{
	struct camera camera = {0};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, 1, &owner);

	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->tried, ARRAY_SIZE(guesses));
	assert_true(camera.owner_seen >= 3); /* before, between, after */
	camera = (struct camera){0};
	looked = attack(job, &camera, 1, NULL);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "nobody told what opens http"));
}

static void
a_lock_without_a_word_is_found_by_the_right_pair(void **state)
{
	struct camera camera = {.silent_after = 3, .has_default = true};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, 1, &owner);

	assert_int_equal(count_accepted(), 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "the right one is refused too"));
}

static void
a_page_of_a_lock_is_no_open_door(void **state)
{
	struct camera camera = {.page_after = 5};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, 1, &owner);

	assert_int_equal(count_accepted(), 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "one that nobody has"));
}

static void
many_doors_are_not_said_to_be_tried_when_one_password_was(void **state)
{
	struct camera camera = {0};
	struct job *job = *state;
	const struct looked_fact *looked;

	/* admin, who is not the owner, is asked once at each of four doors */
	looked = attack(job, &camera, 4, &other);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "only 1 passwords of admin"));
	assert_int_equal(camera.admin_wrong, 4);
	/* who can log in as admin in between has all of admin's passwords tried at each */
	camera = (struct camera){.has_default = true, .forgets = true};
	looked = attack(job, &camera, 4, &owner);
	assert_int_equal(count_accepted(), 4);
	assert_true(camera.wrong < 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(refusals_are_judgements_where_the_right_pair_opens),
	    TEST(a_lock_without_a_word_is_found_by_the_right_pair),
	    TEST(a_page_of_a_lock_is_no_open_door),
	    TEST(many_doors_are_not_said_to_be_tried_when_one_password_was),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
