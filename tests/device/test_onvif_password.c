/* SetUser changes a password and sets it back, whatever the service makes of it. */
#include "tests/support/support.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/onvif_client.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_credential_changes, probe_access;

#define OLD "s3cret&one"

/* One account, and the service's bad habits. */
struct service_of {
	char password[200];
	char rights[40];
	bool keeps_old;       /* beside the new one */
	bool hides_users;     /* no word of them */
	bool never_sets_back; /* "the password was used before" */
	unsigned mute_at;     /* this SetUser is taken and not answered; 0: none */
	unsigned sets;
	bool says_taken; /* and takes nothing */
	bool viewer_too; /* another account that may look, with all rights by mistake */
	bool hides_users_from_owner;
	bool role_is_untold;
	int64_t connections; /* granted; 0: not bounded */
};

static const char envelope[] = "<Envelope><Body>%s</Body></Envelope>";

static void
reply(int socket, unsigned status, const char *body)
{
	struct job *job = job_new((size_t)1 << 20);
	struct text page = text_new(job);

	text_printf(&page, envelope, body);
	unit_say_text(socket, arena_printf(job, "HTTP/1.1 %u X\r\nContent-Length: %zu\r\n\r\n%s",
				  status, page.size, page.at));
	job_free(job);
}

static void
refuse(int socket, const char *code)
{
	struct job *job = job_new((size_t)1 << 20);

	reply(socket, 400,
	    arena_printf(job,
		"<Fault><Code><Value>Sender</Value><Subcode><Value>"
		"ter:%s</Value></Subcode></Code></Fault>",
		code));
	job_free(job);
}

/* What stands between `before` and the next "<". */
static const char *
between(struct job *job, const char *request, const char *before)
{
	const char *at = strstr(request, before);

	return at == NULL
		   ? ""
		   : arena_string(job, at + strlen(before), strcspn(at + strlen(before), "<"));
}

/* Is the request's token of this pair? */
static bool
is_of(const char *request, const char *user, const char *password)
{
	struct job *job = job_new((size_t)1 << 20);
	const char *nonce = between(job, request, "#Base64Binary\">"), *header;
	uint8_t raw[64];
	int size = strlen(nonce) > 64
		       ? -1
		       : EVP_DecodeBlock(raw, (const uint8_t *)nonce, (int)strlen(nonce));
	bool right;

	for (size_t i = strlen(nonce); size > 0 && i > 0 && nonce[i - 1] == '='; i--)
		size--;
	right = size > 0 &&
		soap_token_of(job, (struct span){raw, (size_t)size}, user, password,
		    "2026-11-30T12:00:00Z", &header) == STATUS_OK &&
		strstr(request, header) != NULL;
	job_free(job);
	return right;
}

/* The five entities are enough here. */
static void
set_user(struct service_of *service, int socket, const char *request)
{
	struct job *job = job_new((size_t)1 << 20);
	const char *new =
	    between(job, request, "<Password xmlns=\"http://www.onvif.org/ver10/schema\">");
	const char *rights =
	    between(job, request, "<UserLevel xmlns=\"http://www.onvif.org/ver10/schema\">");
	bool back = strcmp(new, "s3cret&amp;one") == 0;

	service->sets++;
	if ((back && service->never_sets_back) || new[0] == '\0') {
		refuse(socket, "PasswordTooWeak");
	} else {
		strncpy(service->rights, rights, sizeof service->rights - 1);
		if (!service->says_taken)
			strncpy(service->password, back ? OLD : new, sizeof service->password - 1);
		if (service->sets != service->mute_at)
			reply(socket, 200, "<SetUserResponse/>");
	}
	job_free(job);
}

static void
serve(void *context, int socket, unsigned number)
{
	static const char clock[] =
	    "<GetSystemDateAndTimeResponse><UTCDateTime><Time><Hour>12</Hour>"
	    "<Minute>0</Minute><Second>0</Second></Time><Date><Year>2026</Year><Month>11</Month>"
	    "<Day>30</Day></Date></UTCDateTime></GetSystemDateAndTimeResponse>";
	struct service_of *service = context;
	char request[8192];

	(void)number;
	while (unit_hear(socket, request, sizeof request, "</s:Envelope>") > 0) {
		unsigned sets = service->sets;
		bool owner = is_of(request, "admin", service->password) ||
			     (service->keeps_old && is_of(request, "admin", OLD));
		bool viewer = is_of(request, "viewer", "look");

		if (strstr(request, "<GetSystemDateAndTime ") != NULL)
			reply(socket, 200, clock);
		else if (!owner && !viewer)
			refuse(socket, "NotAuthorized");
		else if (strstr(request, "<GetDeviceInformation ") != NULL)
			reply(socket, 200, "<GetDeviceInformationResponse/>");
		else if (!owner && !service->viewer_too)
			refuse(socket, "NotAuthorized");
		else if (strstr(request, "<GetUsers ") != NULL && service->hides_users_from_owner)
			refuse(socket, "NotAuthorized");
		else if (strstr(request, "<GetUsers ") != NULL)
			reply(socket, 200,
			    service->hides_users ? "<GetUsersResponse/>"
						 : "<GetUsersResponse><User><Username>viewer</"
						   "Username><UserLevel>User"
						   "</UserLevel></User><User><Username>admin</"
						   "Username><UserLevel>Operator"
						   "</UserLevel></User></GetUsersResponse>");
		else if (strstr(request, "<SetUser ") != NULL)
			set_user(service, socket, request);
		else
			refuse(socket, "ActionNotSupported");
		if (service->sets != sets && service->sets == service->mute_at)
			return;
	}
}

static struct fact_list facts;

static const struct looked_fact *
run(struct job *job, struct service_of *service, const struct probe *probe)
{
	static const struct credential known[] = {
	    {"onvif", "admin", OLD, "owner"}, {"onvif", "viewer", "look", "user"}};
	static const struct credential untold[] = {{"onvif", "admin", OLD, NULL}};
	struct scripted_unit unit = {.serve = serve, .context = service, .at_once = true};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	facts = (struct fact_list){0};
	memcpy(service->password, OLD, sizeof OLD);
	memcpy(service->rights, "Operator", sizeof "Operator");
	evidence.source = probe->name;
	unit_start(&unit, &target);
	target.deadline = target_now(&target) + 300000;
	target.guess_budget = 4;
	target.connections = service->connections;
	target.services[target.service_count++] = (struct service){.port = 80, .name = "http"};
	target_add_login(&target, &(struct login){.port = 80,
				      .recognised = true,
				      .protocol = "onvif",
				      .scheme = "ws-username-token",
				      .path = "/onvif/device_service"});
	target.credentials = service->role_is_untold ? untold : known;
	target.credential_count = service->role_is_untold ? 1 : ARRAY_SIZE(known);
	assert_ok(job, probe->talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	assert_int_equal(facts.facts[facts.count - 1].kind, FACT_looked);
	return &facts.facts[facts.count - 1].as.looked;
}

static const struct credential_change_fact *
change_of(void)
{
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_credential_change)
			return &facts.facts[i].as.credential_change;
	return NULL;
}

static void
a_password_and_its_rights_are_as_before_afterwards(void **state)
{
	struct service_of service = {0};
	const struct looked_fact *looked = run(*state, &service, &probe_credential_changes);

	assert_int_equal(looked->complete, 1);
	assert_string_equal(change_of()->protocol, "onvif");
	assert_int_equal(change_of()->changed, 1);
	assert_int_equal(change_of()->new_works, 1);
	assert_int_equal(change_of()->old_still_works, 0);
	assert_int_equal(change_of()->restored, 1);
	assert_string_equal(service.password, OLD);
	assert_string_equal(service.rights, "Operator");
}

static void
an_old_password_that_lives_on_is_told_and_the_new_one_is_taken_away(void **state)
{
	struct service_of service = {.keeps_old = true};

	run(*state, &service, &probe_credential_changes);
	assert_int_equal(change_of()->new_works, 1);
	assert_int_equal(change_of()->old_still_works, 1);
	assert_string_equal(service.password, OLD);
}

static void
a_change_without_an_answer_is_undone(void **state)
{
	struct service_of service = {.mute_at = 1};

	run(*state, &service, &probe_credential_changes);
	assert_int_equal(change_of()->changed, 1);
	assert_int_equal(change_of()->restored, 1);
	assert_string_equal(service.password, OLD);
}

static void
a_change_that_is_only_said_to_be_made_is_told(void **state)
{
	struct service_of service = {.says_taken = true};

	run(*state, &service, &probe_credential_changes);
	assert_int_equal(change_of()->changed, 1);
	assert_int_equal(change_of()->new_works, 0);
	assert_int_equal(change_of()->old_still_works, 1);
}

static void
what_cannot_be_set_back_is_said_aloud(void **state)
{
	struct service_of service = {.never_sets_back = true};
	const struct looked_fact *looked = run(*state, &service, &probe_credential_changes);

	assert_int_equal(change_of()->restored, 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "COULD NOT BE SET BACK at onvif port 80"));
}

static void
where_rights_are_not_told_nothing_is_set(void **state)
{
	struct service_of service = {.hides_users = true};
	const struct looked_fact *looked = run(*state, &service, &probe_credential_changes);

	assert_null(change_of());
	assert_int_equal(service.sets, 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "does not tell the rights"));
}

static void
nothing_is_changed_where_connections_may_lack_to_undo_it(void **state)
{
	struct service_of service = {.connections = 30};
	const struct looked_fact *looked = run(*state, &service, &probe_credential_changes);

	assert_int_equal(service.sets, 0);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "too few connections"));
}

/* −1: no such trial. */
static int64_t
allowed(const char *role, const char *function)
{
	for (size_t i = 0; i < facts.count; i++) {
		const struct access_trial_fact *as = &facts.facts[i].as.access_trial;

		if (facts.facts[i].kind == FACT_access_trial && strcmp(as->role, role) == 0 &&
		    strcmp(as->function, function) == 0)
			return as->allowed;
	}
	return -1;
}

static void
operations_are_asked_for_in_every_role(void **state)
{
	struct service_of strict = {0}, lax = {.viewer_too = true};

	run(*state, &strict, &probe_access);
	assert_int_equal(allowed("right", "GetUsers"), 1);
	assert_int_equal(allowed("none", "GetUsers"), 0);
	assert_int_equal(allowed("low", "GetUsers"), 0);
	assert_int_equal(allowed("wrong", "GetUsers"), 0);
	assert_int_equal(allowed("low", "GetDeviceInformation"), 1);
	assert_int_equal(allowed("right", "GetNetworkInterfaces"), -1); /* there is none */
	run(*state, &lax, &probe_access);
	assert_int_equal(allowed("low", "GetUsers"), 1);
}

static void
an_owner_who_is_refused_counts_only_where_the_laboratory_says_he_is_one(void **state)
{
	struct service_of told = {.hides_users_from_owner = true}, untold = told;

	untold.role_is_untold = true;
	run(*state, &told, &probe_access);
	assert_int_equal(allowed("right", "GetDeviceInformation"), 1);
	assert_int_equal(allowed("right", "GetUsers"), 0);
	run(*state, &untold, &probe_access);
	assert_int_equal(allowed("right", "GetUsers"), UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_password_and_its_rights_are_as_before_afterwards),
	    TEST(an_old_password_that_lives_on_is_told_and_the_new_one_is_taken_away),
	    TEST(a_change_without_an_answer_is_undone),
	    TEST(a_change_that_is_only_said_to_be_made_is_told),
	    TEST(what_cannot_be_set_back_is_said_aloud),
	    TEST(where_rights_are_not_told_nothing_is_set),
	    TEST(nothing_is_changed_where_connections_may_lack_to_undo_it),
	    TEST(operations_are_asked_for_in_every_role),
	    TEST(an_owner_who_is_refused_counts_only_where_the_laboratory_says_he_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
