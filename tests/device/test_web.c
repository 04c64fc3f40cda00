/* A web server that greets every name with the same page has shown nothing; one that gives a
 * picture to anybody has. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_paths.h"
#include "device/probe.h"
#include "device/web.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_http;

/* What the unit answers: by the beginning of the request, the last rule is for any name. */
struct rule {
	const char *request;
	const char *answer;
};

#define RULES_MAX 12
#define JPEG "HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0JFIF"
#define PAGE "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define NOT_FOUND "HTTP/1.0 404 Not Found\r\n\r\n"

static void
serve_rules(void *context, int socket, unsigned number)
{
	const struct rule *rules = context;
	char request[8192];

	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	for (size_t i = 0; i < RULES_MAX && rules[i].request != NULL; i++)
		if (strncmp(request, rules[i].request, strlen(rules[i].request)) == 0) {
			unit_say_text(socket, rules[i].answer);
			/* a living picture */
			if (strstr(rules[i].answer, "JFIF") != NULL)
				unit_say(socket, &number, sizeof number);
			return;
		}
}

static void
look(struct job *job, struct scripted_unit *unit, struct target *target, struct fact_list *facts)
{
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	unit_start(unit, target);
	target->services[target->service_count++] = (struct service){.port = 80, .name = "http"};
	evidence.source = "http";
	assert_ok(job, probe_http.talk(job, target, &evidence));
	unit_stop(unit, target);
}

static void
look_at(struct job *job, const struct rule *rules, struct target *target, struct fact_list *facts)
{
	struct scripted_unit unit = {.serve = serve_rules, .context = (void *)rules};

	look(job, &unit, target, facts);
}

static const struct fact *
find(const struct fact_list *facts, enum fact_kind kind, size_t nth)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == kind && nth-- == 0)
			return &facts->facts[i];
	return NULL;
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

/* ---- resources ---- */

static void
a_picture_for_anybody_and_a_page_that_asks_are_told(void **state)
{
	static const struct rule rules[] = {{"GET / ", PAGE "<title>camera</title>"},
	    {"GET /snapshot.jpg ", JPEG},
	    {"GET /ISAPI/System/deviceInfo ",
		"HTTP/1.0 401 No\r\nWWW-Authenticate: Digest realm=\"d\", nonce=\"n\", "
		"qop=\"auth\"\r\n\r\n"},
	    {"GET /backup.cfg ", "HTTP/1.0 403 No\r\n\r\n"}, {"GET ", NOT_FOUND}, {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;
	size_t open = 0, shut = 0;

	look_at(job, rules, &target, &facts);
	for (size_t i = 0; find(&facts, FACT_resource, i) != NULL; i++) {
		const struct resource_fact *as = &find(&facts, FACT_resource, i)->as.resource;

		open += as->needs_login == 0;
		shut += as->needs_login == 1;
		if (as->needs_login == 0) {
			assert_string_equal(as->name, "/snapshot.jpg");
			assert_string_equal(as->access, "stream");
		}
	}
	assert_int_equal(open, 1);
	assert_int_equal(shut, 2);
	assert_int_equal(looked(&facts, "resource")->complete, 1);
	/* those with a password in them are no visitor's */
	assert_true(looked(&facts, "resource")->tried < (int64_t)http_path_count);
	assert_int_equal(looked(&facts, "resource")->tried, looked(&facts, "resource")->required);
	/* the interface behind the pages is a log-in of its own */
	assert_int_equal(target.login_count, 1);
	assert_string_equal(target.logins[0].path, "/ISAPI/System/deviceInfo");
	assert_true(target.logins[0].recognised);
}

static void
a_form_at_a_known_path_is_a_log_in(void **state)
{
	static const struct rule rules[] = {
	    {"GET / ", "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n"},
	    {"GET /backup.cfg ", PAGE "<form method=post action=/in><input name=u>"
				      "<input type=password name=p></form>"},
	    {"GET ", NOT_FOUND}, {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, rules, &target, &facts);
	assert_int_equal(target.login_count, 2);
	assert_string_equal(target.logins[1].scheme, "form");
	assert_string_equal(target.logins[1].path, "/backup.cfg");
	assert_true(target.logins[1].recognised);
}

static void
a_path_may_answer_by_a_redirection_or_with_another_status(void **state)
{
	static const struct rule rules[] = {{"GET / ", PAGE "<title>camera</title>"},
	    {"GET /snapshot.jpg ", "HTTP/1.0 302 x\r\nLocation: /live/7f.jpg\r\n\r\n"},
	    {"GET /live/7f.jpg ", JPEG},
	    {"GET /backup.cfg ", "HTTP/1.0 206 x\r\n\r\nadmin_password=secret"},
	    {"GET ", NOT_FOUND}, {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, rules, &target, &facts);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(find(&facts, FACT_resource, i)->as.resource.needs_login, 0);
	assert_null(find(&facts, FACT_resource, 2));
	assert_int_equal(looked(&facts, "resource")->complete, 1);
}

static void
an_answer_that_is_neither_one_nor_a_refusal_leaves_the_paths_undecided(void **state)
{
	static const struct rule odd[] = {{"GET / ", PAGE "hello"},
	    {"GET /backup.cfg ", PAGE "something of its own"}, {"GET ", NOT_FOUND}, {NULL, NULL}},
				 alike[] = {{"GET ", PAGE "the same for any name"}, {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, odd, &target, &facts);
	assert_null(find(&facts, FACT_resource, 0));
	assert_int_equal(looked(&facts, "resource")->complete, 0);
	assert_non_null(strstr(looked(&facts, "resource")->reason, "/backup.cfg"));
	look_at(job, alike, &target, &facts);
	assert_int_equal(looked(&facts, "resource")->complete, 1);
}

static void
serve_errors(void *context, int socket, unsigned number)
{
	unsigned *guesses = context;
	char request[4096];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	*guesses += strstr(request, "auth=") != NULL;
	unit_say_text(socket, "HTTP/1.0 503 Service Unavailable\r\n\r\n");
}

static void
a_server_of_nothing_but_errors_is_soon_left(void **state)
{
	unsigned guesses = 0;
	struct scripted_unit unit = {.serve = serve_errors, .context = &guesses};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look(job, &unit, &target, &facts);
	assert_true(unit.served < 20);
	assert_int_equal(looked(&facts, "resource")->complete, 0);
	assert_non_null(strstr(looked(&facts, "resource")->reason, "nothing but errors"));
	assert_int_equal(guesses, 0);
}

static void
serve_half_a_page(void *context, int socket, unsigned number)
{
	char request[4096];

	(void)context;
	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	unit_say_text(socket, "HTTP/1.0 200 OK\r\nContent-Length: 5000\r\n\r\n<html>");
	unit_hear(socket, request, sizeof request, "never");
}

static void
half_a_page_shows_nothing_of_its_log_ins(void **state)
{
	struct scripted_unit unit = {.serve = serve_half_a_page, .pace = 20};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look(job, &unit, &target, &facts);
	assert_int_equal(looked(&facts, "login_service")->complete, 0);
	assert_int_equal(find(&facts, FACT_login_service, 0)->as.login_service.recognised, 0);
}

static void
serve_nothing_found(void *context, int socket, unsigned number)
{
	unsigned *guesses = context;
	char request[4096];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	*guesses += strstr(request, "auth=") != NULL;
	unit_say_text(socket, strncmp(request, "GET / ", 6) == 0 ? PAGE "hello" : NOT_FOUND);
}

static void
a_path_with_a_password_in_it_is_no_visitors(void **state)
{
	unsigned guesses = 0;
	struct scripted_unit unit = {.serve = serve_nothing_found, .context = &guesses};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look(job, &unit, &target, &facts);
	assert_int_equal(guesses, 0);
}

static void
a_picture_that_never_changes_is_no_stream(void **state)
{
	static const struct rule rules[] = {{"GET / ", PAGE "hello"},
	    {"GET /image.jpg ", "HTTP/1.0 200 OK\r\n\r\n\xff\xd8\xff\xe0 a logo"},
	    {"GET ", NOT_FOUND}, {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, rules, &target, &facts);
	assert_string_equal(find(&facts, FACT_resource, 0)->as.resource.access, "read");
	assert_string_equal(
	    find(&facts, FACT_resource, 0)->as.resource.detail, "a picture, the same twice");
}

static void
a_server_that_greets_any_name_shows_nothing(void **state)
{
	static const struct rule same[] = {{"GET ",
					       PAGE "<script>var x=1</script>root: passwd kernel: "
						    "<DeviceInfo users[0] telnet <textarea"},
	    {NULL, NULL}},
				 pictures[] = {{"GET / ", PAGE "hello"}, {"GET ", JPEG},
				     {NULL, NULL}},
				 shut[] = {{"GET ", "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic "
						    "realm=\"all\"\r\n\r\n"},
				     {NULL, NULL}},
				 asking[] = {
				     {"GET ", PAGE "<form method=post action=/in><input name=u>"
						   "<input type=password name=p></form>"},
				     {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, same, &target, &facts);
	assert_null(find(&facts, FACT_resource, 0));
	look_at(job, pictures, &target, &facts);
	assert_null(find(&facts, FACT_resource, 0));
	look_at(job, shut, &target, &facts);
	assert_string_equal(find(&facts, FACT_resource, 0)->as.resource.name, "/");
	assert_int_equal(find(&facts, FACT_resource, 0)->as.resource.needs_login, 1);
	assert_null(find(&facts, FACT_resource, 1));
	assert_int_equal(target.login_count, 1);
	look_at(job, asking, &target, &facts);
	assert_string_equal(find(&facts, FACT_resource, 0)->as.resource.name, "/");
	assert_int_equal(find(&facts, FACT_resource, 0)->as.resource.needs_login, 1);
	assert_null(find(&facts, FACT_resource, 1));
}

/* The name comes back, and the words differ from page to page: nothing is believed. */
static void
serve_echo(void *context, int socket, unsigned number)
{
	char request[8192];

	(void)context;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	unit_say_text(socket, PAGE "root: kernel: var <DeviceInfo> passw ");
	for (unsigned i = 0; i < number % 7; i++)
		unit_say_text(socket, "more words ");
	unit_say(socket, request, strcspn(request, "\r"));
}

static void
a_server_that_lies_leaves_its_paths_undecided(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_echo};
	struct fact_list facts;
	struct target target;

	look(job, &unit, &target, &facts);
	assert_null(find(&facts, FACT_resource, 0));
	assert_int_equal(looked(&facts, "resource")->complete, 0);
	assert_non_null(strstr(looked(&facts, "resource")->reason, "answers any name"));
}

static void
no_sign_is_a_part_of_its_own_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < http_path_count; i++) {
		const struct http_path *path = &http_paths[i];

		assert_int_equal(path->path[0], '/');
		assert_null(strpbrk(path->path, " \"\\"));
		assert_null(strcasestr(path->path, path->sign) == path->path ? path->path : NULL);
		if (strcmp(path->sign, "jpeg") != 0 && strcmp(path->sign, "binary") != 0)
			assert_null(strcasestr(path->path, path->sign));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(http_paths[j].path, path->path);
	}
}

static void
a_sibling_has_the_same_folder_and_ending(void **state)
{
	struct job *job = *state;

	assert_string_equal(http_path_sibling(job, "/a/b.cgi?c=d.e", "q"), "/a/q.cgi?c=d.e");
	assert_string_equal(http_path_sibling(job, "/HNAP1/", "q"), "/q/");
	assert_string_equal(http_path_sibling(job, "/?action=stream", "q"), "/q?action=stream");
	assert_string_equal(http_path_sibling(job, "/rom-0", "q"), "/q");
	assert_string_equal(http_path_sibling(job, "/x/.git/HEAD", "q"), "/x/.git/q");
}

/* ---- log-ins that are said not to be recognised ---- */

static void
what_a_script_asks_is_said_not_to_be_understood(void **state)
{
	static const struct rule scripted[] =
	    {{"GET / ", PAGE "<html><script src='/js/app.js'></script><div id=app></div>"},
		{"GET /js/app.js ", PAGE "post('/RPC2_Login', x)"}, {"GET ", NOT_FOUND},
		{NULL, NULL}},
				 hooked[] = {{"GET / ", PAGE "<form method=post action=/in><input "
							     "name=u><input type=password name=p>"
							     "</form><script src=a.js></script>"},
				     {"GET /a.js ", PAGE "f.onsubmit=function(){p.value=md5(p)}"},
				     {"GET ", NOT_FOUND}, {NULL, NULL}},
				 harmless[] = {
				     {"GET / ", PAGE "<form method=post action=/in><input name=u>"
						     "<input type=password name=p></form>"
						     "<script src=a.js></script>"},
				     {"GET /a.js ", PAGE "var year = 2024;"}, {"GET ", NOT_FOUND},
				     {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, scripted, &target, &facts);
	assert_string_equal(find(&facts, FACT_login_service, 0)->as.login_service.scheme, "script");
	assert_string_equal(
	    find(&facts, FACT_login_service, 0)->as.login_service.realm, "/RPC2_Login");
	assert_int_equal(find(&facts, FACT_login_service, 0)->as.login_service.recognised, 0);
	assert_false(target.logins[0].recognised);
	look_at(job, hooked, &target, &facts);
	assert_int_equal(find(&facts, FACT_login_service, 0)->as.login_service.recognised, 0);
	look_at(job, harmless, &target, &facts);
	assert_int_equal(find(&facts, FACT_login_service, 0)->as.login_service.recognised, 1);
}

static void
schemes_nobody_here_answers_are_named(void **state)
{
	static const struct rule rules[] = {
	    {"GET ", "HTTP/1.0 401 No\r\nWWW-Authenticate: NTLM\r\nWWW-Authenticate: Negotiate\r\n"
		     "WWW-Authenticate: Bearer realm=\"api\"\r\nWWW-Authenticate: Basic "
		     "realm=\"b\"\r\n\r\n"},
	    {NULL, NULL}};
	static const char *const schemes[] = {"ntlm", "negotiate", "bearer", "basic"};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, rules, &target, &facts);
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		const struct login_service_fact *as =
		    &find(&facts, FACT_login_service, i)->as.login_service;

		assert_string_equal(as->scheme, schemes[i]);
		assert_int_equal(as->recognised, i == 3);
	}
	assert_null(find(&facts, FACT_login_service, 4));
}

static void
circles_and_compressed_pages_are_not_read(void **state)
{
	static const struct rule circle[] = {{"GET /a ", "HTTP/1.0 302 x\r\nLocation: /b\r\n\r\n"},
	    {"GET ", "HTTP/1.0 302 x\r\nLocation: /a\r\n\r\n"}, {NULL, NULL}},
				 squeezed[] = {
				     {"GET / ", "HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
						"\x1f\x8b\x08"},
				     {"GET ", NOT_FOUND}, {NULL, NULL}};
	struct job *job = *state;
	struct fact_list facts;
	struct target target;

	look_at(job, circle, &target, &facts);
	assert_int_equal(looked(&facts, "login_service")->complete, 0);
	assert_non_null(strstr(looked(&facts, "login_service")->reason, "without end"));
	look_at(job, squeezed, &target, &facts);
	assert_int_equal(looked(&facts, "login_service")->complete, 0);
	assert_int_equal(find(&facts, FACT_login_service, 0)->as.login_service.recognised, 0);
}

/* ---- cookies and headers ---- */

static void
serve_cookies(void *context, int socket, unsigned number)
{
	static const char *const random[] = {"f3Kq9ZxPw2LmA7Rt", "0aBvYe81HjQnUc5s",
	    "TTr6pWm3XkD9gLz1", "m4Nn8EoVb7SyCi2q", "Zu5Ga1dJfh6OxKl0"};
	char request[8192], line[512];

	(void)context;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "GET / ", 6) != 0) {
		unit_say_text(socket, NOT_FOUND);
		return;
	}
	unit_say_text(socket, "HTTP/1.0 200 OK\r\nX-Frame-Options: DENY\r\n");
	snprintf(line, sizeof line,
	    "Set-Cookie: SESSID=%06u; Path=/; HttpOnly\r\nSet-Cookie: token=%s; Secure; "
	    "SameSite=Strict\r\nSet-Cookie: sid=same\r\nSet-Cookie: lang=en\r\n\r\nhello",
	    number * 3 + 95, random[number % 5]);
	unit_say_text(socket, line);
}

static void
cookies_that_can_be_guessed_are_told(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_cookies};
	struct fact_list facts;
	struct target target;
	const struct session_cookie_fact *as;

	look(job, &unit, &target, &facts);
	as = &find(&facts, FACT_session_cookie, 0)->as.session_cookie;
	assert_string_equal(as->name, "SESSID");
	assert_int_equal(as->predictable, 1);
	assert_int_equal(as->http_only, 1);
	assert_int_equal(as->secure, 0);
	assert_null(as->same_site);
	as = &find(&facts, FACT_session_cookie, 1)->as.session_cookie;
	assert_int_equal(as->predictable, 0);
	assert_int_equal(as->secure, 1);
	assert_string_equal(as->same_site, "strict");
	as = &find(&facts, FACT_session_cookie, 2)->as.session_cookie;
	assert_int_equal(as->predictable, 1);
	as = &find(&facts, FACT_session_cookie, 3)->as.session_cookie;
	assert_string_equal(as->name, "lang");
	assert_int_equal(as->predictable, UNKNOWN); /* a language may be the same for all */
	for (size_t i = 0; find(&facts, FACT_http_header, i) != NULL; i++) {
		const struct http_header_fact *header =
		    &find(&facts, FACT_http_header, i)->as.http_header;

		assert_int_equal(
		    header->present, strcmp(header->name, "X-Frame-Options") == 0 ? 1 : 0);
	}
}

static void
cookies_that_follow_the_clock_are_told(void **state)
{
	static const char *const seconds[] = {"1700000000", "1700000003", "1700000061"},
				 *const millis[] = {"1700000000123", "1700000003001",
				     "1700000061999"},
				 *const hex[] = {"65a0f1", "65a0f2", "65a0f9"},
				 *const other[] = {"48151623", "99991234", "10203040"};
	static const int64_t dates[] = {1700000001, 1700000004, 1700000062}, none[] = {0, 0, 0};

	(void)state;
	assert_int_equal(web_cookie_is_predictable("sid", seconds, dates, 3), 1);
	assert_int_equal(web_cookie_is_predictable("sid", millis, dates, 3), 1);
	assert_int_equal(web_cookie_is_predictable("sid", hex, none, 3), 1);
	assert_int_equal(web_cookie_is_predictable("sid", other, none, 3), UNKNOWN);
	assert_int_equal(web_cookie_is_predictable("sid", seconds, none, 2), UNKNOWN);
}

/* ---- servers that hold on ---- */

static void
serve_drops(void *context, int socket, unsigned number)
{
	const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
	const char *each = context;

	(void)number;
	if (each[0] == 'H')
		unit_say_text(socket, each);
	for (unsigned i = 0; i < 40; i++) {
		unit_say_text(socket, each[0] == 'H' ? "5\r\nhello\r\n" : each);
		nanosleep(&pause, NULL);
	}
}

static void
a_server_that_sends_a_byte_at_a_time_ends_with_the_time(void **state)
{
	static char drop[] = "x",
		    chunks[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
	static char *const ways[] = {drop, chunks};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct scripted_unit unit = {.serve = serve_drops, .context = ways[i]};
		struct fact_list facts = {0};
		struct evidence evidence = evidence_to_list(&facts);
		struct target target;

		unit_start(&unit, &target);
		target.deadline = 1000;
		target.services[target.service_count++] =
		    (struct service){.port = 80, .name = "http"};
		evidence.source = "http";
		assert_ok(job, probe_http.talk(job, &target, &evidence));
		unit_stop(&unit, &target);
		assert_int_equal(looked(&facts, "resource")->complete, 0);
		assert_null(find(&facts, FACT_resource, 0));
	}
}

static void
an_http2_server_is_said_to_be_one(void **state)
{
	static const uint8_t settings[] = {0, 0, 0, 4, 0, 0, 0, 0, 0};
	struct job *job = *state;
	struct http_response response = {0};
	bool whole;

	assert_int_equal(http_read_response(job, (struct span){settings, sizeof settings}, false,
			     &response, &whole),
	    STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "HTTP/2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_picture_for_anybody_and_a_page_that_asks_are_told),
	    TEST(a_form_at_a_known_path_is_a_log_in),
	    TEST(a_path_may_answer_by_a_redirection_or_with_another_status),
	    TEST(an_answer_that_is_neither_one_nor_a_refusal_leaves_the_paths_undecided),
	    TEST(a_server_of_nothing_but_errors_is_soon_left),
	    TEST(a_path_with_a_password_in_it_is_no_visitors),
	    TEST(half_a_page_shows_nothing_of_its_log_ins),
	    TEST(a_picture_that_never_changes_is_no_stream),
	    TEST(a_server_that_greets_any_name_shows_nothing),
	    TEST(a_server_that_lies_leaves_its_paths_undecided),
	    TEST(no_sign_is_a_part_of_its_own_path),
	    TEST(a_sibling_has_the_same_folder_and_ending),
	    TEST(what_a_script_asks_is_said_not_to_be_understood),
	    TEST(schemes_nobody_here_answers_are_named),
	    TEST(circles_and_compressed_pages_are_not_read),
	    TEST(cookies_that_can_be_guessed_are_told),
	    TEST(cookies_that_follow_the_clock_are_told),
	    TEST(a_server_that_sends_a_byte_at_a_time_ends_with_the_time),
	    TEST(an_http2_server_is_said_to_be_one),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
