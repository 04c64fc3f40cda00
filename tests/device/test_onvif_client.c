/* What ONVIF lets anybody ask is no leak; what it does not, and is answered, is one. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/onvif_client.h"
#include "device/onvif_facts.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_onvif, probe_onvif_login;

/* How a scripted service answers. */
struct script {
	bool guarded;        /* wants a token with this user's name */
	bool takes_twice;    /* the same token again */
	const char *always;  /* one answer to everything; NULL */
	char last_nonce[64]; /* of the token taken last */
};

static const char not_authorized[] =
    "<Envelope><Body><Fault><Code><Value>Sender</Value><Subcode><Value>ter:NotAuthorized</Value>"
    "</Subcode></Code></Fault></Body></Envelope>";

static void
reply(int socket, unsigned status, const char *body)
{
	struct job *job = job_new((size_t)1 << 20);

	unit_say_text(socket, arena_printf(job, "HTTP/1.1 %u X\r\nContent-Length: %zu\r\n\r\n%s",
				  status, strlen(body), body));
	job_free(job);
}

/* Is there a token that may be taken? */
static bool
is_let_in(struct script *script, const char *request)
{
	const char *nonce = strstr(request, "#Base64Binary\">");
	char found[64] = {0};

	if (nonce == NULL || strstr(request, "<Username>admin</Username>") == NULL)
		return false;
	strncpy(found, nonce + 15, sizeof found - 1);
	found[strcspn(found, "<")] = '\0';
	if (!script->takes_twice && strcmp(found, script->last_nonce) == 0)
		return false;
	memcpy(script->last_nonce, found, sizeof found);
	return true;
}

static void
serve(void *context, int socket, unsigned number)
{
	struct script *script = context;
	char request[8192], body[1024];

	(void)number;
	while (unit_hear(socket, request, sizeof request, "</s:Envelope>") > 0) {
		const char *at = strstr(request, "<s:Body><");
		size_t size = at == NULL ? 0 : strcspn(at + 9, " ");
		bool open = at != NULL && (strncmp(at + 9, "GetSystemDateAndTime", size) == 0 ||
					      strncmp(at + 9, "GetCapabilities", size) == 0);

		if (script->always != NULL)
			reply(socket, 200, script->always);
		else if (at == NULL || size > 60)
			reply(socket, 400, "");
		else if (script->guarded && !open && !is_let_in(script, request))
			reply(socket, 400, not_authorized);
		else {
			snprintf(body, sizeof body,
			    "<Envelope><Body><%.*sResponse><Username>admin</Username><Model>C2</"
			    "Model><Profiles "
			    "token='a'/><AudioSources/><Uri>rtsp://192.0.2.1/told</Uri>"
			    "</%.*sResponse></Body></Envelope>",
			    (int)size, at + 9, (int)size, at + 9);
			reply(socket, 200, body);
		}
	}
}

static void
serve_tcp_only(void *context, int socket, unsigned number)
{
	struct scripted_unit *unit = context;

	if (unit->request.way == DIAL_TCP)
		serve(unit[1].context, socket, number);
}

static struct fact_list
run(struct job *job, const struct probe *probe, struct script *script, struct target *target)
{
	struct scripted_unit unit[2] = {
	    {.serve = serve_tcp_only, .context = unit, .pace = 6}, {.context = script}};
	struct service service = {.port = 80, .name = "http"};
	struct login login = {.port = 80,
	    .recognised = true,
	    .protocol = "onvif",
	    .scheme = "ws-username-token",
	    .path = "/onvif/device_service"};
	static const struct credential credentials[] = {
	    {.user = "nobody", .password = "x"}, {.user = "admin", .password = "y"}};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);

	unit_start(&unit[0], target);
	target_add_service(target, &service);
	target->credentials = credentials;
	target->credential_count = ARRAY_SIZE(credentials);
	if (probe == &probe_onvif_login)
		target_add_login(target, &login);
	evidence.source = probe->name;
	assert_ok(job, probe->talk(job, target, &evidence));
	unit_stop(&unit[0], target);
	return list;
}

static const struct fact *
resource_named(const struct fact_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->facts[i].kind == FACT_resource &&
		    strcmp(list->facts[i].as.resource.name, name) == 0)
			return &list->facts[i];
	return NULL;
}

static void
a_service_that_answers_anybody_is_told_operation_by_operation(void **state)
{
	struct script script = {0};
	struct target target;
	struct fact_list list = run(*state, &probe_onvif, &script, &target);

	assert_int_equal(resource_named(&list, "GetUsers")->as.resource.needs_login, 0);
	assert_int_equal(resource_named(&list, "GetStreamUri")->as.resource.needs_login, 0);
	assert_string_equal(
	    resource_named(&list, "GetUsers")->as.resource.detail, "READ_SYSTEM_SECRET");
	assert_null(resource_named(&list, "GetCapabilities"));
	assert_null(resource_named(&list, "GetSystemDateAndTime"));
	assert_int_equal(target.login_count, 0);
}

static void
a_service_that_refuses_names_its_log_in(void **state)
{
	struct script script = {.guarded = true};
	struct target target;
	struct fact_list list = run(*state, &probe_onvif, &script, &target);

	assert_int_equal(resource_named(&list, "GetUsers")->as.resource.needs_login, 1);
	assert_int_equal(target.login_count, 1);
	assert_string_equal(target.logins[0].scheme, "ws-username-token");
	assert_string_equal(target.logins[0].path, "/onvif/device_service");
}

static void
one_answer_to_everything_is_no_service(void **state)
{
	static const char *const answers[] = {"", "<html>welcome</html>",
	    "<Envelope><Body/></Envelope>",
	    "<!DOCTYPE a [<!ENTITY x \"y\">]><Envelope><Body><a/></Body></Envelope>",
	    "<Envelope><Body><GetUsersResponseX/></Body></Envelope>"};

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct script script = {.always = answers[i]};
		struct target target;
		struct fact_list list = run(*state, &probe_onvif, &script, &target);

		for (size_t j = 0; j < list.count; j++)
			assert_int_equal(list.facts[j].kind, FACT_looked);
		assert_int_equal(target.login_count, 0);
	}
}

static void
an_echo_of_one_operation_opens_that_one_alone(void **state)
{
	struct script script = {
	    .always = "<Envelope><Body><GetSystemDateAndTimeResponse/></Body></Envelope>"};
	struct target target;
	struct fact_list list = run(*state, &probe_onvif, &script, &target);

	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.facts[i].kind, FACT_looked);
}

static void
a_token_taken_twice_is_told_and_one_refused_as_well(void **state)
{
	for (unsigned twice = 0; twice < 2; twice++) {
		struct script script = {.guarded = true, .takes_twice = twice == 1};
		struct target target;
		struct fact_list list = run(*state, &probe_onvif_login, &script, &target);
		const struct fact *fact = resource_named(&list, "UsernameToken replay");

		assert_non_null(fact);
		assert_int_equal(fact->as.resource.needs_login, twice == 0);
		fact = resource_named(&list, "GetAudioSources");
		assert_string_equal(fact->as.resource.detail, "READ_MEDIA: 1");
		assert_int_equal(fact->as.resource.needs_login, 1);
		assert_int_equal(target.stream_count, 1);
		assert_string_equal(target.streams[0].path, "/told");
		assert_int_equal(list.facts[list.count - 1].as.looked.complete, 1);
	}
}

static void
without_a_credential_that_opens_nothing_is_replayed(void **state)
{
	struct script script = {.guarded = true, .always = not_authorized};
	struct target target;
	struct fact_list list = run(*state, &probe_onvif_login, &script, &target);

	assert_null(resource_named(&list, "UsernameToken replay"));
	assert_int_equal(list.facts[list.count - 1].as.looked.complete, 0);
}

static void
a_pair_opens_the_service_or_does_not(void **state)
{
	struct script script = {.guarded = true};
	struct scripted_unit unit = {.serve = serve, .context = &script};
	struct login login = {.port = 80,
	    .protocol = "onvif",
	    .scheme = "ws-username-token",
	    .path = "/onvif/device_service"};
	struct login_result control, result;
	struct job *job = *state;
	struct target target;

	unit_start(&unit, &target);
	assert_ok(job, login_try(job, &target, &login, "u1", "x", NULL, &control));
	assert_int_equal(control.answer, LOGIN_REFUSED);
	assert_string_equal(control.trace, "GetDeviceInformation");
	assert_ok(job, login_try(job, &target, &login, "admin", "x", &control, &result));
	assert_int_equal(result.answer, LOGIN_ACCEPTED);
	assert_ok(job, login_try(job, &target, &login, "guest", "x", &control, &result));
	assert_int_equal(result.answer, LOGIN_REFUSED);
	script.guarded = false;
	assert_int_equal(
	    login_try(job, &target, &login, "u1", "x", NULL, &control), STATUS_UNDECIDED);
	unit_stop(&unit, &target);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_service_that_answers_anybody_is_told_operation_by_operation),
	    TEST(a_service_that_refuses_names_its_log_in),
	    TEST(one_answer_to_everything_is_no_service),
	    TEST(an_echo_of_one_operation_opens_that_one_alone),
	    TEST(a_token_taken_twice_is_told_and_one_refused_as_well),
	    TEST(without_a_credential_that_opens_nothing_is_replayed),
	    TEST(a_pair_opens_the_service_or_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
