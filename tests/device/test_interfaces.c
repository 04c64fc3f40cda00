/* Interfaces behind pages: what is not one of the answers known opens nothing and refuses nothing.
 */
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/text.h"
#include "device/interfaces.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_http, probe_default_passwords;

#define USER_CHECK(value, more)                                                                    \
	"<?xml version=\"1.0\"?><userCheck version=\"2.0\" xmlns=\"http://www.hikvision.com/x\">"  \
	"<statusValue>" value "</statusValue>" more "</userCheck>"
#define SESSION "0123456789abcdef0123456789ABCDEF"
#define CHALLENGE                                                                                  \
	"{\"error\":{\"code\":268632079,\"message\":\"Component error: login challenge!\"},"       \
	"\"id\":1,\"params\":{\"encryption\":\"Default\",\"random\":\"1084567890\","               \
	"\"realm\":\"Login to 3L09876PAZ12345\"},\"result\":false,\"session\":\"" SESSION "\"}"

/* ---- ISAPI ---- */

static const struct {
	int status;
	const char *body;
	enum interface_says says;
} isapi[] = {
    {200, USER_CHECK("200", "<statusString>OK</statusString>"), SAYS_IN},
    {401, USER_CHECK("401", ""), SAYS_REFUSED},
    {401, USER_CHECK("401", "<lockStatus>unlock</lockStatus><unlockTime>0</unlockTime>"),
	SAYS_REFUSED},
    {401, USER_CHECK("401", "<lockStatus>lock</lockStatus><unlockTime>1680</unlockTime>"),
	SAYS_LOCKED},
    {401, USER_CHECK("401", "<unlockTime>1</unlockTime>"), SAYS_LOCKED},
    {200, USER_CHECK("200", "<lockStatus>lock</lockStatus>"), SAYS_LOCKED},
    /* what contradicts itself, is not set up, or is something else */
    {200, USER_CHECK("401", ""), SAYS_OTHER},
    {401, USER_CHECK("200", ""), SAYS_OTHER},
    {403, USER_CHECK("401", ""), SAYS_OTHER},
    {302, USER_CHECK("200", ""), SAYS_OTHER},
    {200, USER_CHECK("200", "<isActivated>false</isActivated>"), SAYS_OTHER},
    {200, "<ResponseStatus><statusValue>200</statusValue></ResponseStatus>", SAYS_OTHER},
    {200, "<html><userCheck><statusValue>200</statusValue></userCheck></html>", SAYS_OTHER},
    {200, "<!DOCTYPE x [<!ENTITY a \"200\">]><userCheck><statusValue>&a;</statusValue></userCheck>",
	SAYS_OTHER},
    {200, "<userCheck><statusValue>200", SAYS_OTHER},
    {200, "", SAYS_OTHER},
    {401, "Unauthorized", SAYS_OTHER},
};

static void
an_answer_of_isapi_is_believed_when_all_of_it_agrees(void **state)
{
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(isapi); i++) {
		enum interface_says says;
		bool last_try;

		assert_ok(job, isapi_read(job, isapi[i].status, span_of_string(isapi[i].body),
				   &says, &last_try));
		assert_int_equal(says, isapi[i].says);
	}
}

/* ---- RPC2 ---- */

static const struct {
	int status;
	const char *body;
	enum interface_says says;
	const char *class;
} rpc2[] = {
    {200, CHALLENGE, SAYS_CHALLENGE, NULL},
    {200,
	"{\"error\":{\"code\":401},\"params\":{\"random\":\"1\",\"realm\":\"r\"},"
	"\"result\":false,\"session\":7}",
	SAYS_CHALLENGE, NULL},
    {200,
	"{\"id\":2,\"params\":{\"keepAliveInterval\":60},\"result\":true,\"session\":\"" SESSION
	"\"}",
	SAYS_IN, NULL},
    {200,
	"{\"error\":{\"code\":268632085,\"message\":\"Component error: User or password not "
	"valid!\"},\"id\":2,\"params\":{\"remainLockSecond\":0,\"remainLoginTimes\":2},\"result\":"
	"false,\"session\":2147483643}",
	SAYS_REFUSED, "generic"},
    {200, "{\"error\":{\"code\":268632081},\"result\":false}", SAYS_LOCKED, "locked"},
    {200, "{\"error\":{\"code\":5,\"message\":\"UserNotValidt\"},\"result\":false}", SAYS_REFUSED,
	"names_user"},
    {200, "{\"error\":{\"message\":\"PasswordNotValid\"},\"result\":false}", SAYS_REFUSED,
	"names_password"},
    {200, "{\"error\":{\"message\":\"HasBeenLocked\"},\"result\":false}", SAYS_LOCKED, "locked"},
    /* an error within a yes, a yes without a session or of another kind */
    {200,
	"{\"error\":{\"code\":268632085},\"result\":true,\"session\":1,\"params\":"
	"{\"keepAliveInterval\":60}}",
	SAYS_OTHER, NULL},
    {200, "{\"result\":true}", SAYS_OTHER, NULL},
    {200, "{\"result\":true,\"session\":1}", SAYS_OTHER, NULL},
    {200, "{\"result\":1,\"session\":1,\"params\":{\"keepAliveInterval\":60}}", SAYS_OTHER, NULL},
    {200, "{\"result\":\"true\",\"session\":1,\"params\":{\"keepAliveInterval\":60}}", SAYS_OTHER,
	NULL},
    {200, "{\"error\":{\"code\":268632080},\"result\":false}", SAYS_OTHER, NULL},
    {200, "{\"error\":{\"code\":\"268632085\"},\"result\":false}", SAYS_OTHER, NULL},
    {200, "{\"error\":{\"code\":268632079},\"result\":false,\"session\":1}", SAYS_OTHER, NULL},
    {200, "{\"result\":false}", SAYS_OTHER, NULL},
    {404, CHALLENGE, SAYS_OTHER, NULL},
    {200, "<html>", SAYS_OTHER, NULL},
    {200, "", SAYS_OTHER, NULL},
    {200, "[[[[[[[[", SAYS_OTHER, NULL},
};

static void
an_answer_of_rpc2_means_what_its_number_says(void **state)
{
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rpc2); i++) {
		struct rpc2_answer answer;

		assert_ok(
		    job, rpc2_read(job, rpc2[i].status, span_of_string(rpc2[i].body), &answer));
		assert_int_equal(answer.says, rpc2[i].says);
		if (rpc2[i].class == NULL)
			assert_null(answer.class);
		else
			assert_string_equal(answer.class, rpc2[i].class);
	}
}

static void
the_hash_of_rpc2_is_that_of_its_clients(void **state)
{
	struct job *job = *state;
	struct rpc2_answer answer;

	assert_ok(job, rpc2_read(job, 200, span_of_string(CHALLENGE), &answer));
	assert_true(rpc2_can_answer(&answer));
	assert_string_equal(answer.session, "\"" SESSION "\"");
	assert_string_equal(
	    rpc2_hash(job, &answer, "admin", "Str0ng:pw"), "8B375249D56C4FE70CB88A1DBC78E4AF");
	answer.encryption = "WatchNet";
	assert_false(rpc2_can_answer(&answer));
}

/* ---- ubus ---- */

static const struct {
	int status;
	const char *body;
	enum interface_says says;
} ubus[] = {
    {200,
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[0,{\"ubus_rpc_session\":\"" SESSION
	"\",\"timeout\":300,\"acls\":{\"ubus\":{\"session\":[\"access\"]}}}]}",
	SAYS_IN},
    {200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[6]}", SAYS_REFUSED},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":[0,{\"ubus_rpc_session\":\"short\"}]}", SAYS_OTHER},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":[6,{\"ubus_rpc_session\":\"" SESSION "\"}]}",
	SAYS_OTHER},
    {200, "{\"jsonrpc\":\"1.0\",\"result\":[6]}", SAYS_OTHER},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":[2]}", SAYS_OTHER},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":[false,{\"ubus_rpc_session\":\"" SESSION "\"}]}",
	SAYS_OTHER},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":[0]}", SAYS_OTHER},
    {200, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32002,\"message\":\"Access denied\"}}",
	SAYS_OTHER},
    {403, "{\"jsonrpc\":\"2.0\",\"result\":[6]}", SAYS_OTHER},
    {200, "{\"jsonrpc\":\"2.0\",\"result\":[6]", SAYS_OTHER},
    {200, "", SAYS_OTHER},
};

static void
a_call_of_ubus_means_what_its_status_says(void **state)
{
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(ubus); i++) {
		enum interface_says says;
		const char *session;

		assert_ok(job,
		    ubus_read(job, ubus[i].status, span_of_string(ubus[i].body), &says, &session));
		assert_int_equal(says, ubus[i].says);
		assert_int_equal(session != NULL, says == SAYS_IN);
	}
}

/* ---- all of them ---- */

static void
answers_cut_or_flipped_anywhere_are_read_within_bounds(void **state)
{
	const char *const bodies[] = {isapi[3].body, rpc2[0].body, rpc2[3].body, ubus[0].body};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
		for (size_t size = 0; size < 2 * strlen(bodies[i]); size++) {
			size_t whole = strlen(bodies[i]);
			struct arena_mark mark = arena_mark(job->arena);
			struct span said = {NULL, size < whole ? size : whole};
			uint8_t *cut = arena_allocate(job, said.size);
			struct rpc2_answer answer;
			enum interface_says says;
			const char *session;
			bool last_try;

			memcpy(cut, bodies[i], said.size);
			if (size >= whole)
				cut[size - whole] ^= 1;
			said.at = cut;
			assert_ok(job, isapi_read(job, 401, said, &says, &last_try));
			assert_ok(job, rpc2_read(job, 200, said, &answer));
			assert_ok(job, ubus_read(job, 200, said, &says, &session));
			if (size < whole)
				assert_int_equal(says, SAYS_OTHER);
			arena_release(job->arena, mark);
		}
}

/* ---- a server of them ---- */

struct camera {
	const char *interface;
	const char *words; /* its answer to every log-in; NULL: a good one */
	const char *page;  /* its front page */
	unsigned logouts;
	unsigned asked;
};

/* The request with all of its body. */
static void
hear_request(int socket, char *at, size_t room)
{
	size_t size = unit_hear(socket, at, room, "\r\n\r\n");
	const char *end = strstr(at, "\r\n\r\n"), *length = strstr(at, "Content-Length: ");
	size_t wanted = end == NULL ? 0 : (size_t)(end + 4 - at);

	if (length != NULL && wanted > 0)
		wanted += strtoul(length + strlen("Content-Length: "), NULL, 10);
	while (size > 0 && size < wanted && wanted < room) {
		size_t more = unit_hear(socket, at + size, room - size, "}");

		size = more == 0 ? 0 : size + more;
	}
}

static void
say(int socket, int status, const char *headers, const char *body)
{
	char head[1000];

	snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\n\r\n", status,
	    headers, strlen(body));
	unit_say_text(socket, head);
	unit_say_text(socket, body);
}

static void
answer_isapi(struct camera *camera, int socket, const char *request)
{
	static const char challenge[] =
	    "WWW-Authenticate: Digest realm=\"cam\", qop=\"auth\", nonce=\"n\"\r\n";
	bool named = strstr(request, "Authorization: Digest username=\"admin\"") != NULL;

	if (named && camera->words != NULL)
		unit_say_text(socket, camera->words);
	else if (named)
		say(socket, 200, "", USER_CHECK("200", ""));
	else
		say(socket, 401, challenge, USER_CHECK("401", ""));
}

static void
answer_rpc2(struct camera *camera, int socket, const char *request)
{
	bool first = strstr(request, "\"password\":\"\"") != NULL;

	camera->logouts += strstr(request, "global.logout") != NULL;
	if (first)
		say(socket, 200, "", CHALLENGE);
	else if (camera->words != NULL)
		unit_say_text(socket, camera->words);
	else
		say(socket, 200, "",
		    strstr(request, "\"userName\":\"admin\"") != NULL &&
			    strstr(request, "\"session\":\"" SESSION "\"") != NULL
			? rpc2[2].body
			: rpc2[3].body);
}

static void
answer_ubus(struct camera *camera, int socket, const char *request)
{
	camera->logouts += strstr(request, "\"destroy\"") != NULL;
	if (strstr(request, "\"list\"") != NULL)
		say(socket, 200, "",
		    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"session\":{\"login\":"
		    "{\"username\":\"string\",\"password\":\"string\"}}}}");
	else if (camera->words != NULL)
		unit_say_text(socket, camera->words);
	else
		say(socket, 200, "",
		    strstr(request, "\"username\":\"admin\"") != NULL ? ubus[0].body
								      : ubus[1].body);
}

static void
serve(void *context, int socket, unsigned number)
{
	struct camera *camera = context;
	char request[8192];

	(void)number;
	hear_request(socket, request, sizeof request);
	camera->asked++;
	if (strstr(request, ISAPI_PATH " ") != NULL && strcmp(camera->interface, "isapi") == 0)
		answer_isapi(camera, socket, request);
	else if (strncmp(request, "POST " RPC2_PATH " ", 17) == 0 &&
		 strcmp(camera->interface, "rpc2") == 0)
		answer_rpc2(camera, socket, request);
	else if (strncmp(request, "POST /RPC2 ", 11) == 0)
		answer_rpc2(camera, socket, request);
	else if (strncmp(request, "POST " UBUS_PATH " ", 11) == 0 &&
		 strcmp(camera->interface, "ubus") == 0)
		answer_ubus(camera, socket, request);
	else if (strncmp(request, "GET / ", 6) == 0)
		say(socket, 200, "", camera->page == NULL ? "<title>camera</title>" : camera->page);
	else
		say(socket, 404, "", "");
}

static struct login
login_of(const char *interface)
{
	struct login login = {.port = 80,
	    .recognised = true,
	    .protocol = "http",
	    .scheme = interface,
	    .interface = interface,
	    .path = RPC2_PATH};

	if (strcmp(interface, "isapi") == 0) {
		login.scheme = "digest";
		login.path = ISAPI_PATH;
	} else if (strcmp(interface, "ubus") == 0) {
		login.path = UBUS_PATH;
	}
	return login;
}

static const char *const interfaces[] = {"isapi", "rpc2", "ubus"};

static void
a_pair_opens_an_interface_or_does_not_and_leaves_it(void **state)
{
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(interfaces); i++) {
		struct camera camera = {.interface = interfaces[i]};
		struct scripted_unit unit = {.serve = serve, .context = &camera};
		struct login login = login_of(interfaces[i]);
		struct login_result control, result;
		struct target target;

		unit_start(&unit, &target);
		assert_ok(job, login_try(job, &target, &login, "nobody", "x\"y", NULL, &control));
		assert_int_equal(control.answer, LOGIN_REFUSED);
		assert_string_equal(control.error_text_class, "generic");
		assert_ok(job, login_try(job, &target, &login, "admin", "x", &control, &result));
		assert_int_equal(result.answer, LOGIN_ACCEPTED);
		unit_stop(&unit, &target);
		assert_int_equal(camera.logouts, i > 0);
	}
}

static char flood[200 << 10];

static void
what_is_no_known_answer_leaves_a_pair_undecided(void **state)
{
	struct job *job = *state;
	static const char *const words[] = {
	    "HTTP/1.1 302 Found\r\nLocation: https://192.0.2.1/\r\nContent-Length: 0\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine",
	    "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"result\":tr",
	    "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
	    "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", flood};

	memset(flood, '[', sizeof flood - 1);
	memcpy(flood, "HTTP/1.1 200 OK\r\n\r\n", 19);
	for (size_t i = 0; i < ARRAY_SIZE(interfaces) * ARRAY_SIZE(words); i++) {
		const char *interface = interfaces[i % ARRAY_SIZE(interfaces)];
		struct camera camera = {
		    .interface = interface, .words = words[i / ARRAY_SIZE(interfaces)]};
		struct scripted_unit unit = {.serve = serve, .context = &camera};
		struct login login = login_of(interface);
		struct login_result result;
		struct target target;

		unit_start(&unit, &target);
		assert_ok(job, login_try(job, &target, &login, "admin", "x", NULL, &result));
		assert_int_equal(result.answer, LOGIN_UNSURE);
		assert_null(result.error_text_class);
		unit_stop(&unit, &target);
	}
}

static void
without_the_challenge_no_pair_is_tried(void **state)
{
	struct job *job = *state;
	struct camera camera = {.interface = "none"};
	struct scripted_unit unit = {.serve = serve, .context = &camera};
	struct target target;

	unit_start(&unit, &target);
	for (size_t i = 0; i < 2; i++) {
		struct login login = login_of(interfaces[i]);
		struct login_result result;

		assert_int_equal(
		    login_try(job, &target, &login, "admin", "x", NULL, &result), STATUS_UNDECIDED);
	}
	unit_stop(&unit, &target);
}

/* ---- default passwords ---- */

static const struct guess guesses[] = {{"admin", "a", "common"}, {"root", "b", "common"}};

static const struct looked_fact *
guess_at(struct job *job, struct camera *camera, struct fact_list *facts)
{
	struct scripted_unit unit = {.serve = serve, .context = camera};
	struct evidence evidence = evidence_to_list(facts);
	struct login login = login_of(camera->interface);
	struct target target;

	*facts = (struct fact_list){0};
	evidence.source = "default_passwords";
	unit_start(&unit, &target);
	target.guesses = guesses;
	target.guess_count = ARRAY_SIZE(guesses);
	target.guess_budget = 4;
	target.min_pairs = 2;
	target_add_login(&target, &login);
	assert_ok(job, probe_default_passwords.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	return &facts->facts[facts->count - 1].as.looked;
}

static void
who_says_yes_to_all_has_no_default_password(void **state)
{
	struct job *job = *state;
	struct camera camera = {.interface = "ubus",
	    .words =
		"HTTP/1.1 200 OK\r\n\r\n{\"jsonrpc\":\"2.0\",\"result\":[0,{\"ubus_rpc_session\":"
		"\"" SESSION "\"}]}"};
	struct fact_list facts;
	const struct looked_fact *looked = guess_at(job, &camera, &facts);

	assert_int_equal(facts.count, 2); /* the control and the row */
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "negative control accepted"));
}

static void
a_lock_that_is_told_or_near_ends_the_guessing_at_that_user(void **state)
{
	static const char *const words[] = {"<lockStatus>lock</lockStatus>",
	    "<lockStatus>unlock</lockStatus><retryLoginTime>1</retryLoginTime>"};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		char answer[1000];
		struct camera camera = {.interface = "isapi", .words = answer};
		struct fact_list facts;
		const struct looked_fact *looked;

		snprintf(answer, sizeof answer,
		    "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"cam\", qop=\"auth\", "
		    "nonce=\"n\"\r\n\r\n<userCheck><statusValue>401</statusValue>%s</userCheck>",
		    words[i]);
		looked = guess_at(job, &camera, &facts);
		assert_int_equal(facts.count, 4); /* the control, admin, root, the row */
		assert_int_equal(facts.facts[1].as.login_attempt.accepted, i == 0 ? UNKNOWN : 0);
		assert_string_equal(facts.facts[1].as.login_attempt.error_text_class,
		    i == 0 ? "locked" : "generic");
		assert_int_equal(looked->complete, 0);
		assert_non_null(strstr(looked->reason, "admin is locked, or soon"));
	}
}

static void
the_tries_left_are_read(void **state)
{
	struct job *job = *state;
	struct rpc2_answer answer;

	for (unsigned left = 0; left < 4; left++) {
		const char *body = arena_printf(job,
		    "{\"error\":{\"code\":268632085},\"params\":{\"remainLoginTimes\":%u},"
		    "\"result\":false}",
		    left);

		assert_ok(job, rpc2_read(job, 200, span_of_string(body), &answer));
		assert_int_equal(answer.says, SAYS_REFUSED);
		assert_int_equal(answer.last_try, left <= 1);
	}
}

/* ---- how they are recognised ---- */

static void
look_at(struct job *job, struct camera *camera, struct target *target, struct fact_list *facts)
{
	struct scripted_unit unit = {.serve = serve, .context = camera};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	evidence.source = "http";
	unit_start(&unit, target);
	target->services[target->service_count++] = (struct service){.port = 80, .name = "http"};
	assert_ok(job, probe_http.talk(job, target, &evidence));
	unit_stop(&unit, target);
}

static void
an_interface_is_told_by_its_answer_and_is_the_log_in_of_its_page(void **state)
{
	struct job *job = *state;
	static const struct {
		const char *interface, *page, *scheme;
	} cases[] = {
	    {"isapi", "<html><script>var p = '/ISAPI/Security/sessionLogin'</script></html>",
		"digest"},
	    {"isapi",
		"<html><script>f('/ISAPI/Security/userCheck')</script><input type=password></html>",
		"digest"},
	    {"rpc2", "<html><script>var p = '/RPC2_Login'</script></html>", "rpc2"},
	    {"ubus", "<html><script>var p = '\\/ubus\\/'</script></html>", "ubus"},
	    {"ubus", "<title>router</title>", "ubus"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct camera camera = {.interface = cases[i].interface, .page = cases[i].page};
		struct fact_list facts;
		struct target target;

		look_at(job, &camera, &target, &facts);
		assert_int_equal(target.login_count, 1);
		assert_string_equal(target.logins[0].interface, cases[i].interface);
		assert_string_equal(target.logins[0].scheme, cases[i].scheme);
		assert_true(target.logins[0].recognised);
		assert_null(target.logins_lack);
	}
}

static void
a_page_that_asks_in_another_way_is_still_not_understood(void **state)
{
	struct job *job = *state;
	static const char *const pages[] = {"<html><script>var p = '/api/login'</script></html>",
	    "<html><script>var p = document.x</script></html>",
	    "<html><script>var p = 1</script><input type=password></html>",
	    ("<form method=post action=/in><input name=u><input type=password name=p></form>"
	     "<script>fetch('/RPC2_Login')</script>")};

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		struct camera camera = {.interface = "rpc2", .page = pages[i]};
		struct fact_list facts;
		struct target target;

		look_at(job, &camera, &target, &facts);
		assert_int_equal(target.login_count, 2);
		assert_string_equal(target.logins[0].interface, "rpc2");
		assert_null(target.logins[1].interface);
		assert_false(target.logins[1].recognised);
	}
}

static void
the_form_of_luci_is_tried_whatever_its_scripts_do(void **state)
{
	struct job *job = *state;
	struct camera camera = {.interface = "none",
	    .page = "<script>fetch('/ubus')</script><form method=\"post\"><input "
		    "name=\"luci_username\" type=\"text\" value=\"root\"><input "
		    "name=\"luci_password\" type=\"password\"><button>Log in</button></form>"};
	struct fact_list facts;
	struct target target;

	look_at(job, &camera, &target, &facts);
	assert_int_equal(target.login_count, 1);
	assert_true(target.logins[0].recognised);
	assert_string_equal(target.logins[0].scheme, "form");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(an_answer_of_isapi_is_believed_when_all_of_it_agrees),
	    TEST(an_answer_of_rpc2_means_what_its_number_says),
	    TEST(the_hash_of_rpc2_is_that_of_its_clients),
	    TEST(a_call_of_ubus_means_what_its_status_says),
	    TEST(answers_cut_or_flipped_anywhere_are_read_within_bounds),
	    TEST(a_pair_opens_an_interface_or_does_not_and_leaves_it),
	    TEST(what_is_no_known_answer_leaves_a_pair_undecided),
	    TEST(without_the_challenge_no_pair_is_tried),
	    TEST(who_says_yes_to_all_has_no_default_password),
	    TEST(a_lock_that_is_told_or_near_ends_the_guessing_at_that_user),
	    TEST(the_tries_left_are_read),
	    TEST(an_interface_is_told_by_its_answer_and_is_the_log_in_of_its_page),
	    TEST(a_page_that_asks_in_another_way_is_still_not_understood),
	    TEST(the_form_of_luci_is_tried_whatever_its_scripts_do),
	};

	json_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
