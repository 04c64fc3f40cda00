/* A form's answer means something only beside the answer to the impossible pair, and a web server
 * that shows no log-in may still have one. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "device/probe.h"
#include "tests/support/login_attack.h"

extern const struct probe probe_http;

/* A page with a form; only admin/admin gets elsewhere. */
static void
serve_form(void *context, int socket, unsigned number)
{
	const char *refusal = context;
	char request[4096];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "GET /live", 9) == 0) {
		unit_say_text(socket, strstr(request, "Cookie: s=2\r\n") != NULL
					  ? "HTTP/1.0 200 OK\r\n\r\n<h1>Live picture</h1>"
					  : "HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n");
		return;
	}
	if (strncmp(request, "GET", 3) == 0) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\nSet-Cookie: s=1; Path=/\r\n\r\n<form "
				      "method=post action=login.cgi><input name=u>"
				      "<input type=password name=p></form>");
		return;
	}
	while (strstr(request, "u=") == NULL)
		if (unit_hear(socket, request + strlen(request), sizeof request - strlen(request),
			"u=") == 0)
			return;
	unit_say_text(
	    socket, strstr(request, "u=admin&p=admin") != NULL
			? "HTTP/1.0 302 Found\r\nSet-Cookie: s=2\r\nLocation: /live\r\n\r\n"
			: refusal);
}

static void
a_form_is_judged_against_the_answer_to_the_impossible_pair(void **state)
{
	static char again[] = "HTTP/1.0 302 Found\r\nLocation: /login?error=1\r\n\r\n",
		    script[] = "HTTP/1.0 200 OK\r\n\r\n{\"ret\":103}";
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_form, .context = again};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "http", "form");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(attempt_of(&facts, "admin", "admin")->accepted, 1);
	unit.context = script; /* what a script would make of it nobody knows */
	unit_start(&unit, &target);
	attack_plan(&target, "http", "form");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(looked->complete, 0);
	assert_null(attempt_of(&facts, "admin", "admin"));
}

/* What a form answers any pair with, and what its visitor is then shown. */
struct manner {
	const char *post;  /* answer to the form */
	const char *after; /* body of any page to who brings the cookie s=2 */
	int refuses;       /* it is right to call this a refusal */
};

#define FORM "<form method=post action=login.cgi><input name=u><input type=password name=p></form>"

static void
serve_manner(void *context, int socket, unsigned number)
{
	const struct manner *manner = context;
	char request[4096];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "GET", 3) == 0) {
		bool known = strstr(request, "s=2") != NULL;

		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n");
		unit_say_text(socket, known ? manner->after : "Please " FORM);
		return;
	}
	while (strstr(request, "u=") == NULL)
		if (unit_hear(socket, request + strlen(request), sizeof request - strlen(request),
			"u=") == 0)
			return;
	unit_say_text(socket, manner->post);
}

/* The right pair's page has the form in a corner, words of its own, and gives a cookie. */
static void
serve_corner(void *context, int socket, unsigned number)
{
	char request[4096];

	(void)context;
	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "GET", 3) == 0) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\nPlease " FORM);
		return;
	}
	while (strstr(request, "p=") == NULL)
		if (unit_hear(socket, request + strlen(request), sizeof request - strlen(request),
			"p=") == 0)
			return;
	if (strstr(request, "u=admin&p=admin") != NULL)
		unit_say_text(socket, "HTTP/1.0 200 OK\r\nSet-Cookie: s=5\r\n\r\nPlease " FORM
				      "<p>Welcome admin</p><a href=/live>live</a>");
	else if (strstr(request, "u=root") != NULL)
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\nPlease " FORM "Wrong password");
	else
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\nPlease " FORM);
}

static void
a_form_shown_again_with_other_words_is_refused_only_where_the_words_say_so(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_corner};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "http", "form");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(attempt_of(&facts, "admin", "admin")->accepted, UNKNOWN);
	assert_int_equal(attempt_of(&facts, "root", "root")->accepted, 0);
}

static void
a_form_that_treats_everybody_alike_is_refusing_only_where_it_says_so(void **state)
{
#define COOKIE "Set-Cookie: s=2; Path=/\r\n"
	static const struct manner manners[] = {/* everybody is let in … */
	    {"HTTP/1.0 302 Found\r\n" COOKIE "Location: /home\r\n\r\n", "All is well", 0},
	    {"HTTP/1.0 302 Found\r\n" COOKIE "Location: /\r\n\r\n", "All is well", 0},
	    {"HTTP/1.0 302 Found\r\n" COOKIE "Location: /\r\n\r\n", "Please " FORM, 0},
	    {"HTTP/1.0 302 Found\r\n" COOKIE "Location: /\r\n\r\n",
		"Hello <a href=out>Log out</a> " FORM, 0},
	    {"HTTP/1.0 302 Found\r\n" COOKIE "Location: /\r\n\r\n",
		"New user <form method=post action=add.cgi><input name=u>"
		"<input type=password name=p></form>",
		0},
	    {"HTTP/1.0 200 OK\r\n" COOKIE "\r\n{\"ok\":true}", "", 0},
	    {"HTTP/1.0 200 OK\r\n\r\n{\"token\":\"abc\"}", "", 0},
	    {"HTTP/1.0 204 No Content\r\n" COOKIE "\r\n", "", 0},
	    /* … and nobody is */
	    {"HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n", "", 1},
	    {"HTTP/1.0 200 OK\r\n\r\nPlease " FORM, "", 1},
	    {"HTTP/1.0 200 OK\r\n" COOKIE "\r\nWrong password. Please " FORM, "", 1},
	    {"HTTP/1.0 401 No\r\n\r\n{\"error\":\"no\"}", "", 1},
	    {"HTTP/1.0 403 No\r\n" COOKIE "\r\nno", "", 1}};
#undef COOKIE
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(manners); i++) {
		struct scripted_unit unit = {.serve = serve_manner, .context = (void *)&manners[i]};
		const struct looked_fact *looked;
		const struct fact *control;
		struct fact_list facts;
		struct target target;

		unit_start(&unit, &target);
		attack_plan(&target, "http", "form");
		attack_run(job, &target, &facts, &looked);
		unit_stop(&unit, &target);
		control = &facts.facts[0];
		assert_int_equal(control->as.login_attempt.control, 1);
		if (manners[i].refuses)
			assert_int_equal(control->as.login_attempt.accepted, 0);
		else
			assert_int_not_equal(control->as.login_attempt.accepted, 0);
		assert_int_equal(attack_is_whole(looked), manners[i].refuses);
	}
}

/* ---- the web: where the front page shows no log-in ---- */

static void
serve_web(void *context, int socket, unsigned number)
{
	const char *front = context;
	char request[4096];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "GET / ", 6) == 0) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n");
		unit_say_text(socket, front);
	} else if (strncmp(request, "GET /admin/ ", 12) == 0) {
		unit_say_text(socket, "HTTP/1.0 401 No\r\n"
				      "WWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
	} else if (strncmp(request, "GET /admin ", 11) == 0) {
		unit_say_text(socket, "HTTP/1.0 302 Found\r\nLocation: /admin/\r\n\r\n");
	} else {
		unit_say_text(socket, "HTTP/1.0 404 No\r\n\r\n");
	}
}

static void
run_web(struct job *job, char *front, struct target *target, const struct looked_fact **looked)
{
	struct scripted_unit unit = {.serve = serve_web, .context = front};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct fact_list attempts;

	unit_start(&unit, target);
	target->services[target->service_count++] = (struct service){.port = 80, .name = "http"};
	evidence.source = "http";
	assert_ok(job, probe_http.talk(job, target, &evidence));
	attack_run(job, target, &attempts, looked);
	unit_stop(&unit, target);
}

static void
a_log_in_behind_a_link_is_found(void **state)
{
	static char *const fronts[] = {"<a href=/x>x</a><a href='admin'>a</a>",
	    "<frameset><frame src=\"http://192.0.2.1/admin/#top\"></frameset>",
	    "<form action=/admin/ method=get><a href=/admin>twice the same</a></form>",
	    "<meta http-equiv=Refresh content='0; URL=/admin/'>"};
	struct job *job = *state;
	const struct looked_fact *looked;
	struct target target;

	for (size_t i = 0; i < ARRAY_SIZE(fronts); i++) {
		run_web(job, fronts[i], &target, &looked);
		assert_int_equal(target.login_count, 1);
		assert_string_equal(target.logins[0].scheme, "basic");
		assert_string_equal(target.logins[0].path, "/admin/");
		assert_true(attack_is_whole(looked));
	}
}

static void
a_web_server_that_shows_no_log_in_is_left_to_a_person(void **state)
{
	static char *const fronts[] = {"<title>camera</title>", "<a href=/x>x</a>",
	    "<a href=//192.0.2.9/admin/>elsewhere</a><a href=http://192.0.2.9/admin>too</a>",
	    "<a href='/x/?reboot=1'>a deed</a><img src=/admin/a.png><a href=#admin>"
	    "<a href=javascript:admin>"};
	struct job *job = *state;
	const struct looked_fact *looked;
	struct target target;

	for (size_t i = 0; i < ARRAY_SIZE(fronts); i++) {
		run_web(job, fronts[i], &target, &looked);
		assert_int_equal(target.login_count, 0);
		assert_int_equal(looked->complete, 0);
		assert_string_equal(looked->reason, "a web server shows no log-in: log in by hand");
	}
}

static void
a_deed_that_may_be_a_log_in_leaves_the_log_ins_unknown(void **state)
{
	static char front[] = "<a href='/admin/?reboot=1'>a deed</a>";
	struct job *job = *state;
	const struct looked_fact *looked;
	struct target target;

	run_web(job, front, &target, &looked);
	assert_int_equal(target.login_count, 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "/admin/?reboot=1 sounds like a deed"));
}

static void
more_links_than_are_followed_leave_the_log_ins_unknown(void **state)
{
	static char front[] = "<a href=a1><a href=a2><a href=a3><a href=a4><a href=a5><a href=a6>"
			      "<a href=a7><a href=a8><a href=a9><a href=b1><a href=b2><a href=b3>"
			      "<a href=/x/>";
	struct job *job = *state;
	const struct looked_fact *looked;
	struct target target;

	run_web(job, front, &target, &looked);
	assert_int_equal(looked->complete, 0);
	assert_string_equal(looked->reason, "port 80: more links than were followed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_form_is_judged_against_the_answer_to_the_impossible_pair),
	    TEST(a_form_shown_again_with_other_words_is_refused_only_where_the_words_say_so),
	    TEST(a_form_that_treats_everybody_alike_is_refusing_only_where_it_says_so),
	    TEST(a_log_in_behind_a_link_is_found),
	    TEST(a_web_server_that_shows_no_log_in_is_left_to_a_person),
	    TEST(a_deed_that_may_be_a_log_in_leaves_the_log_ins_unknown),
	    TEST(more_links_than_are_followed_leave_the_log_ins_unknown),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
