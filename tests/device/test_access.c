/* What the owner gets, others must not: asked for without a name, with a wrong one, with a lesser
 * one. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_access;

#define REFUSAL "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n"
#define OWNER "Basic YWRtaW46c2VjcmV0"  /* admin:secret */
#define VIEWER "Basic dmlld2VyOnZpZXc=" /* viewer:view */

/* How a camera fails its owner. */
struct camera {
	bool picture_for_any_password;
	bool settings_for_viewers;
	bool tells_users;
	int64_t known_ms, unknown_ms; /* before a password of such a user is refused */
	bool any_name;
	int64_t pace;
	const struct scripted_unit *unit;
};

static bool
is_for(const char *request, const char *path)
{
	return strncmp(request + 4, path, strlen(path)) == 0;
}

static void
refuse(const struct camera *camera, int socket, const char *request)
{
	/* "admin:" in base64 */
	bool known = strstr(request, "Basic YWRtaW46") != NULL;

	if (strstr(request, "Authorization") != NULL)
		unit_pause(camera->unit, known ? camera->known_ms : camera->unknown_ms);
	unit_say_text(socket, REFUSAL);
	if (camera->tells_users)
		unit_say_text(socket, known ? "Wrong password, 3 tries left" : "Unknown user");
}

static void
serve_camera(void *context, int socket, unsigned number)
{
	const struct camera *camera = context;
	char request[8192];
	bool owner, viewer, somebody;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	owner = strstr(request, OWNER) != NULL;
	viewer = strstr(request, VIEWER) != NULL;
	somebody = strstr(request, "Authorization") != NULL;
	if (!owner && !viewer &&
	    !(somebody && camera->picture_for_any_password && is_for(request, "/snapshot.jpg "))) {
		refuse(camera, socket, request);
	} else if (is_for(request, "/snapshot.jpg ")) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n\xff\xd8\xff\xe0JFIF");
	} else if (is_for(request, "/backup.cfg ") && (owner || camera->settings_for_viewers)) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\nadmin_password=secret");
	} else if (is_for(request, "/ ")) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n<title>camera</title>");
	} else {
		unit_say_text(socket, camera->any_name
					  ? "HTTP/1.0 200 OK\r\n\r\nadmin_password var "
					  : "HTTP/1.0 403 No\r\n\r\n");
	}
}

static const struct credential credentials[] = {
    {"http", "admin", "secret", "owner"}, {"http", "viewer", "view", "user"}};

static void
ask(struct job *job, struct camera *camera, const struct credential *list, size_t count,
    struct fact_list *facts)
{
	struct scripted_unit unit = {
	    .serve = serve_camera, .context = camera, .at_once = true, .pace = camera->pace};
	struct evidence evidence = evidence_to_list(facts);
	struct target target;

	*facts = (struct fact_list){0};
	camera->unit = &unit;
	unit_start(&unit, &target);
	target.services[target.service_count++] = (struct service){.port = 80, .name = "http"};
	target.credentials = list;
	target.credential_count = count;
	target.guess_budget = 4;
	target_add_login(&target, &(struct login){.port = 80,
				      .recognised = true,
				      .protocol = "http",
				      .scheme = "basic",
				      .path = "/"});
	evidence.source = "access";
	assert_ok(job, probe_access.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
}

/* −1: no such trial. */
static int64_t
allowed(const struct fact_list *facts, const char *role, const char *function)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct access_trial_fact *as = &facts->facts[i].as.access_trial;

		if (facts->facts[i].kind == FACT_access_trial && strcmp(as->role, role) == 0 &&
		    strcmp(as->function, function) == 0)
			return as->allowed;
	}
	return -1;
}

static const struct looked_fact *
looked(const struct fact_list *facts, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return &facts->facts[i].as.looked;
	return NULL;
}

static const char *
told(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_disclosure)
			return facts->facts[i].as.disclosure.value;
	return NULL;
}

static void
a_camera_that_asks_everybody_refuses_all_but_its_owner(void **state)
{
	struct camera camera = {0};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &camera, credentials, 2, &facts);
	assert_int_equal(allowed(&facts, "wrong", "/"), 0);
	assert_int_equal(allowed(&facts, "right", "/"), 1);
	assert_int_equal(allowed(&facts, "right", "/snapshot.jpg"), 1);
	assert_int_equal(allowed(&facts, "none", "/snapshot.jpg"), 0);
	assert_int_equal(allowed(&facts, "wrong", "/snapshot.jpg"), 0);
	assert_int_equal(allowed(&facts, "low", "/snapshot.jpg"), 1);
	assert_int_equal(allowed(&facts, "right", "/backup.cfg"), 1);
	assert_int_equal(allowed(&facts, "low", "/backup.cfg"), 0);
	assert_int_equal(allowed(&facts, "right", "/rom-0"), -1);
	assert_int_equal(looked(&facts, "access_trial")->complete, 1);
	assert_int_equal(looked(&facts, "disclosure")->complete, 1);
	assert_null(told(&facts));
}

static void
what_any_password_or_a_lesser_user_opens_is_told(void **state)
{
	struct camera camera = {.picture_for_any_password = true, .settings_for_viewers = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &camera, credentials, 2, &facts);
	assert_int_equal(allowed(&facts, "none", "/snapshot.jpg"), 0);
	assert_int_equal(allowed(&facts, "wrong", "/snapshot.jpg"), 1);
	assert_int_equal(allowed(&facts, "low", "/backup.cfg"), 1);
}

static void
a_camera_that_gives_its_owner_anything_is_not_believed(void **state)
{
	struct camera camera = {.any_name = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &camera, credentials, 2, &facts);
	assert_int_equal(allowed(&facts, "right", "/config.cfg"), -1);
	assert_int_equal(looked(&facts, "access_trial")->complete, 0);
	assert_non_null(strstr(looked(&facts, "access_trial")->reason, "any name"));
}

static void
a_camera_that_tells_who_exists_is_found_out(void **state)
{
	struct camera words = {.tells_users = true}, delay = {.known_ms = 320};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &words, credentials, 2, &facts);
	assert_string_equal(told(&facts), "another answer where the user exists");
	ask(job, &delay, credentials, 2, &facts);
	assert_string_equal(told(&facts), "another delay where the user exists");
}

/* A page whose cookie, given to any visitor, becomes the owner's session; or is made new. */
static void
serve_fixed(void *context, int socket, unsigned number)
{
	const char *renews = context;
	char request[8192];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "POST", 4) != 0) {
		bool inside = strncmp(request, "GET /live ", 10) == 0;

		unit_say_text(socket, inside ? "HTTP/1.0 200 OK\r\n\r\nLive"
					     : "HTTP/1.0 200 OK\r\nSet-Cookie: sid=1\r\n\r\n"
					       "<form method=post action=/in><input name=u><input "
					       "type=password name=p></form>");
		return;
	}
	while (strstr(request, "p=") == NULL)
		if (unit_hear(socket, request + strlen(request), sizeof request - strlen(request),
			"p=") == 0)
			return;
	unit_say_text(socket,
	    strstr(request, "u=admin&p=secret") == NULL ? "HTTP/1.0 302 x\r\nLocation: /\r\n\r\n"
	    : renews[0] == 'y' ? "HTTP/1.0 302 x\r\nSet-Cookie: sid=2\r\nLocation: /live\r\n\r\n"
			       : "HTTP/1.0 302 x\r\nLocation: /live\r\n\r\n");
}

/* Where refusals take their time, users are compared two at once. */
static void
a_unit_that_takes_its_time_tells_who_exists_by_more_or_less_of_it(void **state)
{
	static const int64_t delays[][2] = {{1600, 1600}, {2400, 1600}, {900, 1600}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(delays); i++) {
		struct camera camera = {
		    .known_ms = delays[i][0], .unknown_ms = delays[i][1], .pace = 5};
		struct fact_list facts;

		ask(job, &camera, credentials, 1, &facts);
		assert_int_equal(looked(&facts, "disclosure")->complete, 1);
		if (i == 0)
			assert_null(told(&facts));
		else
			assert_string_equal(told(&facts), "another delay where the user exists");
	}
}

static void
a_session_that_a_visitor_already_had_is_told(void **state)
{
	static char yes[] = "yes", no[] = "no";
	static char *const ways[] = {no, yes};
	struct job *job = *state;

	for (int64_t renewed = 0; renewed < 2; renewed++) {
		struct scripted_unit unit = {.serve = serve_fixed, .context = ways[renewed]};
		struct fact_list facts = {0};
		struct evidence evidence = evidence_to_list(&facts);
		struct target target;
		size_t found = 0;

		unit_start(&unit, &target);
		target.credentials = credentials;
		target.credential_count = 1;
		target.guess_budget = 4;
		target_add_login(&target, &(struct login){.port = 80,
					      .recognised = true,
					      .protocol = "http",
					      .scheme = "form",
					      .path = "/"});
		evidence.source = "access";
		assert_ok(job, probe_access.talk(job, &target, &evidence));
		unit_stop(&unit, &target);
		for (size_t i = 0; i < facts.count; i++) {
			if (facts.facts[i].kind != FACT_session_cookie)
				continue;
			found++;
			assert_string_equal(facts.facts[i].as.session_cookie.name, "sid");
			assert_int_equal(facts.facts[i].as.session_cookie.renewed, renewed);
		}
		assert_int_equal(found, 1);
	}
}

/* A session for whoever asks, and the same page afterwards for all. */
static void
serve_anybody(void *context, int socket, unsigned number)
{
	char request[8192];

	(void)context;
	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "POST", 4) != 0) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\nSet-Cookie: sid=1\r\n\r\n"
				      "<form method=post action=/in><input name=u><input "
				      "type=password name=p></form>");
		return;
	}
	while (strstr(request, "p=") == NULL)
		if (unit_hear(socket, request + strlen(request), sizeof request - strlen(request),
			"p=") == 0)
			return;
	unit_say_text(socket, "HTTP/1.0 302 x\r\nLocation: /\r\n\r\n");
}

static void
a_form_that_answers_all_alike_is_not_said_to_refuse_strangers(void **state)
{
	struct scripted_unit unit = {.serve = serve_anybody};
	struct job *job = *state;
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	unit_start(&unit, &target);
	target.credentials = credentials;
	target.credential_count = 1;
	target.guess_budget = 4;
	target_add_login(&target,
	    &(struct login){
		.port = 80, .recognised = true, .protocol = "http", .scheme = "form", .path = "/"});
	evidence.source = "access";
	assert_ok(job, probe_access.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	assert_int_not_equal(allowed(&facts, "right", "/"), 1);
	assert_int_equal(looked(&facts, "access_trial")->complete, 0);
}

static void
without_the_owner_nothing_is_said(void **state)
{
	static const struct credential wrong[] = {{NULL, "admin", "guessed", "owner"}};
	struct camera camera = {0};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &camera, NULL, 0, &facts);
	assert_int_equal(looked(&facts, "access_trial")->complete, 0);
	assert_non_null(strstr(looked(&facts, "access_trial")->reason, "nobody told what opens"));
	assert_int_equal(allowed(&facts, "wrong", "/"), 0); /* whoever he is */
	ask(job, &camera, wrong, 1, &facts);
	assert_int_equal(allowed(&facts, "right", "/"), 0);
	assert_int_equal(allowed(&facts, "none", "/snapshot.jpg"), -1);
	assert_int_equal(looked(&facts, "disclosure")->complete, 0);
	/* that a stranger was refused as well says nothing */
	assert_int_equal(looked(&facts, "access_trial")->complete, 0);
	assert_non_null(
	    strstr(looked(&facts, "access_trial")->reason, "did not open to its owner"));
}

static void
words_that_name_both_parts_name_neither(void **state)
{
	(void)state;
	assert_string_equal(login_error_class("Invalid username or password."), "generic");
	assert_string_equal(login_error_class("Invalid user"), "names_user");
	assert_string_equal(login_error_class("Unknown user. Try again"), "names_user");
	assert_string_equal(login_error_class("Wrong password"), "names_password");
	assert_string_equal(login_error_class("User name or password incorrect"), "generic");
	assert_string_equal(login_error_class("Login incorrect"), "generic");
	assert_null(login_error_class(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_camera_that_asks_everybody_refuses_all_but_its_owner),
	    TEST(what_any_password_or_a_lesser_user_opens_is_told),
	    TEST(a_camera_that_gives_its_owner_anything_is_not_believed),
	    TEST(a_camera_that_tells_who_exists_is_found_out),
	    TEST(a_unit_that_takes_its_time_tells_who_exists_by_more_or_less_of_it),
	    TEST(a_session_that_a_visitor_already_had_is_told),
	    TEST(a_form_that_answers_all_alike_is_not_said_to_refuse_strangers),
	    TEST(without_the_owner_nothing_is_said),
	    TEST(words_that_name_both_parts_name_neither),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
