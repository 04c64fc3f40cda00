/* Where else a log-in stands: in another folder, behind the link of a page that asks already, or at
 * a server that is there for something else. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_http, probe_rtsp, probe_default_passwords;

#define OWNER "Basic YWRtaW46c2VjcmV0LTk=" /* admin:secret-9 */
#define OTHER "Basic b3duZXI6c2VjcmV0LTk=" /* owner:secret-9 */
#define FIRST "Basic YWRtaW46YWRtaW4="     /* admin:admin */
#define LATER "Basic YWRtaW46ZGVmYXVsdA==" /* admin:default */
#define REFUSAL "401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n"
#define PAGE(name, where)                                                                          \
	"HTTP/1.0 200 OK\r\n\r\n<h1>" name "</h1><form method=post action='" where                 \
	"'><input name=u><input type=password name=p></form>"

/* A camera whose log-in stands everywhere; one folder is judged by other hands. */
struct camera {
	const char *folder; /* where … */
	const char *opens;  /* … this opens, too; NULL: nothing does */
	const char *exists; /* what the owner finds there; NULL: the same page at every name */
	const char *always; /* that opens all of it */
	bool stranger;      /* the folder knows no owner */
	unsigned admin_wrong;
};

static const struct guess guesses[] = {{"admin", "admin", "common"}, {"root", "root", "common"},
    {"admin", "1234", "common"}, {"user", "user", "common"}, {"admin", "default", "common"},
    {"guest", "guest", "common"}};
static const struct credential admin = {NULL, "admin", "secret-9", "owner"},
			       owner = {NULL, "owner", "secret-9", "owner"};
static struct fact_list facts;

static void
serve_camera(void *context, int socket, unsigned number)
{
	struct camera *camera = context;
	char request[4096];
	const char *path;
	bool in_folder, right;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	path = strchr(request, ' ');
	path = path == NULL ? "" : path + 1;
	in_folder = strncmp(path, camera->folder, strlen(camera->folder)) == 0;
	right = strstr(request, camera->always) != NULL && !(in_folder && camera->stranger);
	right =
	    right || (in_folder && camera->opens != NULL && strstr(request, camera->opens) != NULL);
	unit_say_text(socket, "HTTP/1.0 ");
	if (!right) {
		camera->admin_wrong += strstr(request, "Basic YWRtaW46") != NULL;
		unit_say_text(socket, REFUSAL);
	} else if (camera->exists != NULL && strncmp(path, "/ ", 2) != 0 &&
		   strncmp(path, camera->exists, strlen(camera->exists)) != 0) {
		unit_say_text(socket, "404 No\r\n\r\n");
	} else {
		unit_say_text(socket, "200 OK\r\n\r\n<title>camera</title>Welcome");
	}
}

static const struct looked_fact *
look_and_guess(struct job *job, struct scripted_unit *unit, const struct probe *probe,
    const struct service *service, const struct credential *told)
{
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	facts = (struct fact_list){0};
	unit_start(unit, &target);
	target.services[target.service_count++] = *service;
	target.guesses = guesses;
	target.guess_count = ARRAY_SIZE(guesses);
	target.min_pairs = ARRAY_SIZE(guesses);
	target.guess_budget = 4;
	target.credentials = told;
	target.credential_count = 1;
	evidence.source = probe->name;
	assert_ok(job, probe->talk(job, &target, &evidence));
	evidence.source = "default_passwords";
	assert_ok(job, probe_default_passwords.talk(job, &target, &evidence));
	unit_stop(unit, &target);
	return &facts.facts[facts.count - 1].as.looked;
}

static const struct looked_fact *
attack(struct job *job, struct camera *camera, const struct credential *told)
{
	static const struct service web = {.port = 80, .name = "http"};
	struct scripted_unit unit = {.serve = serve_camera, .context = camera};

	return look_and_guess(job, &unit, &probe_http, &web, told);
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
a_log_in_is_tried_in_each_folder_where_it_stands(void **state)
{
	struct camera camera = {
	    .folder = "/ISAPI/", .opens = LATER, .exists = "/ISAPI/", .always = OWNER};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, &admin);

	assert_int_equal(count_accepted(), 1);
	assert_int_equal(looked->complete, 1);
	/* sound there too */
	camera = (struct camera){.folder = "/ISAPI/", .exists = "/ISAPI/", .always = OWNER};
	looked = attack(job, &camera, &admin);
	assert_int_equal(count_accepted(), 0);
	assert_int_equal(looked->complete, 1);
}

static void
another_folder_costs_no_user_more_than_may_be_guessed(void **state)
{
	struct camera camera = {
	    .folder = "/ISAPI/", .opens = FIRST, .exists = "/ISAPI/", .always = OTHER};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, &owner);

	assert_int_equal(count_accepted(), 1);
	camera = (struct camera){.folder = "/ISAPI/", .exists = "/ISAPI/", .always = OTHER};
	looked = attack(job, &camera, &owner);
	assert_int_equal(looked->complete, 1); /* three passwords at the front, one there */
	assert_int_equal(camera.admin_wrong, 4);
}

static void
a_page_for_any_name_is_no_other_place(void **state)
{
	struct camera camera = {.folder = "/ISAPI/", .always = OWNER};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, &admin);

	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->tried, ARRAY_SIZE(guesses));
}

static void
a_folder_that_does_not_know_the_owner_is_a_question(void **state)
{
	struct camera camera = {
	    .folder = "/ISAPI/", .exists = "/ISAPI/", .always = OWNER, .stranger = true};
	struct job *job = *state;
	const struct looked_fact *looked = attack(job, &camera, &admin);

	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "port 80/ISAPI/System/deviceInfo: nobody told"));
	/* his count there does not begin again: no more is tried, and it stays a question */
	camera.opens = LATER;
	looked = attack(job, &camera, &admin);
	assert_int_equal(count_accepted(), 0);
	assert_int_equal(looked->complete, 0);
}

/* ---- pages ---- */

static const char *const site[][2] = {
    {"GET /two ", PAGE("Camera", "/in.cgi") "<a href=/installer.html>"},
    {"GET /installer.html ", PAGE("Installer", "/inst.cgi")},
    {"GET /itself ", PAGE("Camera", "") "<a href=/a.html><a href=/b.html>"},
    {"GET /a.html ", PAGE("Camera", "")},
    {"GET /b.html ", PAGE("Installer", "")},
    {"GET /asks ", "HTTP/1.0 " REFUSAL "<a href=/installer.html>"},
    {"/in.cgi ", "HTTP/1.0 " REFUSAL},
    {"GET /both ", PAGE("Camera", "/in.cgi") "<form method=post action=/inst.cgi><input "
					     "name=u><input type=password name=p></form>"},
    {"GET /once ", PAGE("Camera", "/in.cgi") "<form method=post action=/new.cgi><input "
					     "type=password name=p><input type=password "
					     "name=q></form>"},
    {"GET /token ", PAGE("Camera", "/in.cgi?t=a1b2&do=login") "<a href=/c.html><a "
							      "href=/d.html>"},
    {"GET /c.html ", PAGE("Camera", "/in.cgi?t=c3d4&do=login")},
    {"GET /d.html ", PAGE("Camera", "/in.cgi?t=e5f6&do=install")},
};

struct front {
	const char *at; /* where it sends a visitor; NULL: there is none */
};

static void
serve_site(void *context, int socket, unsigned number)
{
	const struct front *front = context;
	char request[4096];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (front->at != NULL && strncmp(request, "GET / ", 6) == 0) {
		unit_say_text(socket, "HTTP/1.0 302 On\r\nLocation: ");
		unit_say_text(socket, front->at);
		unit_say_text(socket, "\r\n\r\n");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(site); i++)
		if (strstr(request, site[i][0]) != NULL) {
			unit_say_text(socket, site[i][1]);
			return;
		}
	unit_say_text(socket, "HTTP/1.0 404 No\r\n\r\n");
}

static void
look(struct job *job, const char *at, struct target *target)
{
	struct front front = {at};
	struct scripted_unit unit = {.serve = serve_site, .context = &front};
	struct evidence evidence = evidence_to_list(&facts);

	facts = (struct fact_list){0};
	unit_start(&unit, target);
	target->services[target->service_count++] = (struct service){.port = 80, .name = "http"};
	evidence.source = "http";
	assert_ok(job, probe_http.talk(job, target, &evidence));
	unit_stop(&unit, target);
}

static void
a_second_log_in_behind_a_page_that_asks_is_found(void **state)
{
	struct job *job = *state;
	struct target target;

	look(job, "/two", &target);
	assert_int_equal(target.login_count, 2); /* and where the form is sent, nobody looked */
	assert_string_equal(target.logins[1].path, "/installer.html");
	look(job, "/asks", &target);
	assert_int_equal(target.login_count, 2);
	assert_string_equal(target.logins[1].scheme, "form");
	/* two pages that are sent to themselves; one of them is shown at two names */
	look(job, "/itself", &target);
	assert_int_equal(target.login_count, 2);
	assert_string_equal(target.logins[1].path, "/b.html");
	/* a token is of the visit, a word is not */
	look(job, "/token", &target);
	assert_int_equal(target.login_count, 2);
	assert_string_equal(target.logins[1].path, "/d.html");
}

static void
two_forms_of_one_page_are_not_both_tried(void **state)
{
	struct job *job = *state;
	struct target target;

	look(job, "/both", &target);
	assert_non_null(strstr(target.logins_lack, "two log-in forms"));
	look(job, "/once", &target);
	assert_null(target.logins_lack);
}

static void
a_server_without_a_face_is_a_question_unless_its_use_is_known(void **state)
{
	static const struct login known = {.port = 80, .protocol = "onvif"};
	struct job *job = *state;
	struct target target;

	look(job, NULL, &target);
	assert_null(target.logins_lack);
	assert_ok(job, probe_note_strangers(job, &target));
	assert_non_null(strstr(target.logins_lack, "shows no log-in"));
	target.logins_lack = NULL;
	target_note_use(&target, 80);
	assert_ok(job, probe_note_strangers(job, &target));
	assert_null(target.logins_lack);
	target.services[0].has_use = false;
	target_add_login(&target, &known);
	assert_ok(job, probe_note_strangers(job, &target));
	assert_null(target.logins_lack);
}

/* ---- streams ---- */

struct streams {
	bool realms; /* each path has one of its own */
	const char *opens;
};

static void
serve_streams(void *context, int socket, unsigned number)
{
	static const char *const sdp = "v=0\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n";
	const struct streams *streams = context;
	char request[4096], answer[1024];

	(void)number;
	while (unit_hear(socket, request, sizeof request, "\r\n\r\n") > 0) {
		const char *said = strstr(request, "CSeq:"), *path = strstr(request, "554/");
		unsigned sequence = 0;
		bool first = strstr(request, "554/Streaming/") != NULL;
		bool there = first || strstr(request, "554/cam/") != NULL || streams->realms;

		if (said == NULL || path == NULL || sscanf(said, "CSeq: %u", &sequence) != 1)
			return;
		if (strncmp(request, "OPTIONS", 7) == 0)
			(void)snprintf(
			    answer, sizeof answer, "RTSP/1.0 200 OK\r\nCSeq: %u\r\n\r\n", sequence);
		else if (!there)
			(void)snprintf(
			    answer, sizeof answer, "RTSP/1.0 404 No\r\nCSeq: %u\r\n\r\n", sequence);
		else if (strstr(request, OWNER) != NULL ||
			 (!first && strstr(request, streams->opens) != NULL))
			(void)snprintf(answer, sizeof answer,
			    "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Type: application/sdp\r\n"
			    "Content-Length: %zu\r\n\r\n%s",
			    sequence, strlen(sdp), sdp);
		else
			(void)snprintf(answer, sizeof answer,
			    "RTSP/1.0 401 No\r\nCSeq: %u\r\n"
			    "WWW-Authenticate: Basic realm=\"c%.*s\"\r\n\r\n",
			    sequence, streams->realms ? (int)strcspn(path, " ") : 0, path);
		unit_say_text(socket, answer);
	}
}

static void
a_stream_in_another_folder_is_tried_too(void **state)
{
	static const struct service service = {.port = 554, .name = "rtsp"};
	struct streams streams = {.opens = LATER};
	struct scripted_unit unit = {.serve = serve_streams, .context = &streams};
	struct job *job = *state;

	(void)look_and_guess(job, &unit, &probe_rtsp, &service, &admin);
	assert_int_equal(count_accepted(), 1);
}

static void
more_realms_than_are_told_apart_leave_the_log_ins_unknown(void **state)
{
	static const struct service service = {.port = 554, .name = "rtsp"};
	struct streams streams = {.opens = LATER, .realms = true};
	struct scripted_unit unit = {.serve = serve_streams, .context = &streams};
	struct evidence evidence = evidence_to_list(&facts);
	struct job *job = *state;
	struct target target;

	facts = (struct fact_list){0};
	unit_start(&unit, &target);
	target.services[target.service_count++] = service;
	evidence.source = "rtsp";
	assert_ok(job, probe_rtsp.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	assert_non_null(strstr(target.logins_lack, "more log-ins than are told apart"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_log_in_is_tried_in_each_folder_where_it_stands),
	    TEST(another_folder_costs_no_user_more_than_may_be_guessed),
	    TEST(a_page_for_any_name_is_no_other_place),
	    TEST(a_folder_that_does_not_know_the_owner_is_a_question),
	    TEST(a_second_log_in_behind_a_page_that_asks_is_found),
	    TEST(two_forms_of_one_page_are_not_both_tried),
	    TEST(a_server_without_a_face_is_a_question_unless_its_use_is_known),
	    TEST(a_stream_in_another_folder_is_tried_too),
	    TEST(more_realms_than_are_told_apart_leave_the_log_ins_unknown),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
