/* FTP's answers are read to their last line, and a stranger gets what the server gives strangers.
 */
#include "tests/support/support.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "device/ftp_client.h"
#include "device/login.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_ftp;

static struct job *job;

static int
set_up(void **state)
{
	(void)state;
	job = job_new((size_t)64 << 20);
	return job == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	job_free(job);
	return 0;
}

static const char features[] =
    "211-Features:\r\n EPRT\r\n AUTH TLS\r\n211 not yet\n211 End\r\n220 next\r\n";

static void
a_reply_ends_where_its_code_stands_again(void **state)
{
	struct ftp_reply reply;
	size_t used;

	(void)state;
	assert_ok(job, ftp_read_reply(job, span_of_string(features), &reply, &used));
	assert_int_equal(reply.code, 211);
	assert_string_equal(reply.text, "Features:\\x0a EPRT\\x0a AUTH TLS\\x0anot yet");
	assert_int_equal(used, strlen("211-Features:\r\n EPRT\r\n AUTH TLS\r\n211 not yet\n"));
	assert_ok(job, ftp_read_reply(job, span_of_string("220\r\n"), &reply, &used));
	assert_int_equal(reply.code, 220);
	assert_int_equal(
	    ftp_read_reply(job, span_of_string("SSH-2.0-x\r\n"), &reply, &used), STATUS_MALFORMED);
	assert_int_equal(
	    ftp_read_reply(job, span_of_string("999 x\r\n"), &reply, &used), STATUS_MALFORMED);
}

static void
a_reply_cut_or_bent_stays_within_its_bytes(void **state)
{
	size_t whole = strlen(features) - strlen("211 End\r\n220 next\r\n");
	struct ftp_reply reply;
	size_t used;

	(void)state;
	for (size_t size = 0; size < whole; size++) {
		uint8_t *cut = arena_allocate(job, size);

		memcpy(cut, features, size);
		assert_ok(job, ftp_read_reply(job, (struct span){cut, size}, &reply, &used));
		assert_int_equal(used, 0);
	}
	for (size_t bit = 0; bit < 8 * whole; bit++) {
		uint8_t *copy = arena_allocate(job, whole);

		memcpy(copy, features, whole);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		if (ftp_read_reply(job, (struct span){copy, whole}, &reply, &used) == STATUS_OK)
			(void)ftp_data_port(&reply);
	}
}

static uint16_t
port_of(const char *line)
{
	struct ftp_reply reply;
	size_t used;

	assert_ok(job, ftp_read_reply(job, span_of_string(line), &reply, &used));
	return ftp_data_port(&reply);
}

static void
the_data_port_is_a_port_or_nothing(void **state)
{
	(void)state;
	assert_int_equal(port_of("229 Entering (|||40001|)\r\n"), 40001);
	assert_int_equal(port_of("229 Entering (|||70000|)\r\n"), 0);
	assert_int_equal(port_of("229 Entering (||||)\r\n"), 0);
	assert_int_equal(port_of("227 Entering (10,0,0,1,156,65)\r\n"), 40001);
	assert_int_equal(port_of("227 Entering 10,0,0,1,156,65\r\n"), 40001);
	assert_int_equal(port_of("227 Entering (10,0,0,1,156,256)\r\n"), 0);
	assert_int_equal(port_of("227 Entering (10,0,0,1,156\r\n"), 0);
	assert_int_equal(port_of("227 nothing\r\n"), 0);
	assert_int_equal(port_of("530 (1,2,3,4,5,6)\r\n"), 0);
}

/* ---- a server ---- */

#define DATA_PORT 40001
#define CONVERSATIONS_MAX 16

struct conversation {
	struct server *server;
	int socket;
};

struct server {
	bool anonymous;
	bool only_anonymous;
	bool wants_tls;
	bool names_user; /* tells by its words that the name is unknown */
	bool hangs_up;
	const char *password;
	pthread_t threads[CONVERSATIONS_MAX];
	struct conversation conversations[CONVERSATIONS_MAX];
	unsigned thread_count;
};

static const char *
answer(struct server *server, const char *line, char *user, bool *in)
{
	if (strncmp(line, "USER ", 5) == 0) {
		bool anonymous = strcmp(line + 5, "anonymous") == 0;

		memcpy(user, line + 5, strlen(line + 5) < 60 ? strlen(line + 5) + 1 : 60);
		if (server->wants_tls && !anonymous)
			return "530 Non-anonymous sessions must use encryption.\r\n";
		if (server->only_anonymous && !anonymous)
			return "530 This FTP server is anonymous only.\r\n";
		if (server->names_user && strcmp(user, "root") != 0)
			return "530 Unknown user\r\n";
		return "331 Please specify the password.\r\n";
	}
	if (strncmp(line, "PASS ", 5) == 0) {
		*in = strcmp(user, "anonymous") == 0
			  ? server->anonymous
			  : server->password != NULL && strcmp(line + 5, server->password) == 0;
		return *in ? "230 Login successful.\r\n" : "530 Login incorrect.\r\n";
	}
	if (strcmp(line, "SYST") == 0)
		return "215 UNIX Type: L8\r\n";
	if (strcmp(line, "EPSV") == 0 && *in)
		return "229 Entering Extended Passive Mode (|||40001|)\r\n";
	if (strcmp(line, "LIST") == 0 && *in)
		return "150 Here it comes.\r\n226 Done.\r\n";
	return "500 Unknown command.\r\n";
}

static void *
converse(void *context)
{
	struct conversation *conversation = context;
	struct server *server = conversation->server;
	char line[200], user[64] = "";
	bool in = false;
	size_t size = 0;

	if (!server->hangs_up)
		unit_say_text(conversation->socket, "220-Camera\r\n220 FTP ready V1.2\r\n");
	while (!server->hangs_up && size + 1 < sizeof line &&
	       recv(conversation->socket, line + size, 1, 0) == 1) {
		if (line[size] == '\n') {
			line[size - 1] = '\0';
			unit_say_text(conversation->socket, answer(server, line, user, &in));
			size = 0;
		} else {
			size++;
		}
	}
	close(conversation->socket);
	return NULL;
}

struct setting {
	struct server *server;
	struct scripted_unit unit;
};

/* The words go on while a data connection is opened: a thread for each. */
static void
serve(void *context, int socket, unsigned number)
{
	struct setting *setting = context;
	struct server *server = setting->server;
	struct conversation *conversation = &server->conversations[server->thread_count];

	(void)number;
	if (setting->unit.request.port == DATA_PORT) {
		unit_say_text(socket, "-rw-r--r-- 1 0 0 9 Jan 1 manual.txt\r\n");
		return;
	}
	if (server->thread_count == CONVERSATIONS_MAX)
		return;
	*conversation = (struct conversation){server, dup(socket)};
	if (pthread_create(&server->threads[server->thread_count], NULL, converse, conversation) ==
	    0)
		server->thread_count++;
}

static void
end_threads(struct server *server)
{
	for (unsigned i = 0; i < server->thread_count; i++)
		pthread_join(server->threads[i], NULL);
}

static void
probe(struct server *server, struct fact_list *facts, struct target *target)
{
	struct setting setting = {.server = server, .unit = {.serve = serve}};
	struct evidence evidence = evidence_to_list(facts);

	*facts = (struct fact_list){0};
	evidence.source = "ftp";
	setting.unit.context = &setting;
	unit_start(&setting.unit, target);
	target_add_service(target, &(struct service){.port = 21, .name = "ftp"});
	assert_ok(job, probe_ftp.talk(job, target, &evidence));
	unit_stop(&setting.unit, target);
	end_threads(server);
}

static const struct fact *
fact_of(const struct fact_list *facts, enum fact_kind kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == kind)
			return &facts->facts[i];
	return NULL;
}

static bool
is_complete(const struct fact_list *facts, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return facts->facts[i].as.looked.complete == 1;
	return false;
}

static void
files_for_anyone_are_found(void **state)
{
	struct server server = {.anonymous = true};
	struct target target;
	struct fact_list facts;

	(void)state;
	probe(&server, &facts, &target);
	assert_int_equal(fact_of(&facts, FACT_resource)->as.resource.needs_login, 0);
	assert_non_null(strstr(fact_of(&facts, FACT_resource)->as.resource.detail, "manual.txt"));
	assert_int_equal(fact_of(&facts, FACT_login_service)->as.login_service.encrypted, 0);
	assert_string_equal(
	    fact_of(&facts, FACT_login_service)->as.login_service.scheme, "password");
	assert_int_equal(target.login_count, 1);
	assert_true(is_complete(&facts, "resource") && is_complete(&facts, "login_service"));
}

static void
a_server_for_users_lists_nothing_to_a_stranger(void **state)
{
	struct server server = {.password = "secret"};
	struct target target;
	struct fact_list facts;

	(void)state;
	probe(&server, &facts, &target);
	assert_int_equal(fact_of(&facts, FACT_resource)->as.resource.needs_login, 1);
	assert_true(is_complete(&facts, "resource"));
}

static void
strangers_may_get_what_users_need_tls_for(void **state)
{
	struct server server = {.anonymous = true, .wants_tls = true};
	struct target target;
	struct fact_list facts;

	(void)state;
	probe(&server, &facts, &target);
	assert_int_equal(fact_of(&facts, FACT_resource)->as.resource.needs_login, 0);
	/* TLS was wanted, and then not offered: nothing is known of the log-in. */
	assert_null(fact_of(&facts, FACT_login_service));
	assert_false(is_complete(&facts, "login_service"));
}

static void
a_server_for_anyone_has_no_log_in_to_try(void **state)
{
	struct server server = {.anonymous = true, .only_anonymous = true};
	struct target target;
	struct fact_list facts;

	(void)state;
	probe(&server, &facts, &target);
	assert_string_equal(fact_of(&facts, FACT_login_service)->as.login_service.scheme, "none");
	assert_int_equal(target.login_count, 0);
}

static void
a_server_that_hangs_up_is_not_looked_at(void **state)
{
	struct server server = {.hangs_up = true};
	struct target target;
	struct fact_list facts;

	(void)state;
	probe(&server, &facts, &target);
	assert_null(fact_of(&facts, FACT_resource));
	assert_false(is_complete(&facts, "resource") || is_complete(&facts, "login_service"));
	assert_non_null(target.logins_lack);
}

static void
try(struct server *server, const char *user, const char *password, struct login_result *result,
    enum status wanted)
{
	struct setting setting = {.server = server, .unit = {.serve = serve}};
	struct login login = {
	    .port = 21, .recognised = true, .protocol = "ftp", .scheme = "password"};
	struct target target;

	setting.unit.context = &setting;
	unit_start(&setting.unit, &target);
	assert_int_equal(login_try(job, &target, &login, user, password, NULL, result), wanted);
	unit_stop(&setting.unit, &target);
	end_threads(server);
	server->thread_count = 0;
}

static void
a_pair_is_accepted_or_refused_by_its_code(void **state)
{
	struct server server = {.password = "secret"};
	struct login_result result;

	(void)state;
	try(&server, "root", "secret", &result, STATUS_OK);
	assert_int_equal(result.answer, LOGIN_ACCEPTED);
	try(&server, "root", "other", &result, STATUS_OK);
	assert_int_equal(result.answer, LOGIN_REFUSED);
	assert_string_equal(result.error_text_class, "generic");
	server.names_user = true;
	try(&server, "nobody", "secret", &result, STATUS_OK);
	assert_int_equal(result.answer, LOGIN_REFUSED);
	assert_string_equal(result.error_text_class, "names_user");
	server.wants_tls = true; /* refused before a password was asked for */
	try(&server, "root", "secret", &result, STATUS_OK);
	assert_int_equal(result.answer, LOGIN_UNSURE);
	server.wants_tls = false;
	try(&server, "root", "a\r\nDELE x", &result, STATUS_UNDECIDED);
	server.hangs_up = true;
	try(&server, "root", "secret", &result, STATUS_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_reply_ends_where_its_code_stands_again, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_reply_cut_or_bent_stays_within_its_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_data_port_is_a_port_or_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(files_for_anyone_are_found, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_for_users_lists_nothing_to_a_stranger, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		strangers_may_get_what_users_need_tls_for, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_for_anyone_has_no_log_in_to_try, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_hangs_up_is_not_looked_at, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_pair_is_accepted_or_refused_by_its_code, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
