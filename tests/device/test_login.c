/* A log-in counts only where the impossible pair was refused, and no user is tried more often than
 * the budget allows. */
#include "tests/support/support.h"

#define SSH_SUPPRESS_DEPRECATED /* the server here only takes messages */
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/ssh_client.h"
#include "device/telnet_client.h"
#include "tests/support/login_attack.h"

extern const struct probe probe_telnet, probe_ssh;

static void
negotiation_is_answered_and_words_are_left(void **state)
{
	static const uint8_t said[] = {255, 253, 1, 255, 253, 31, 255, 251, 1, 255, 251, 3, 255,
	    250, 24, 1, 255, 255, 255, 240, 'l', 'o', 255, 255, 'g', '\r', '\0', '\n'};
	static const uint8_t answer[] = {255, 252, 1, 255, 252, 31, 255, 253, 1, 255, 253, 3};
	struct job *job = *state;

	for (size_t cut = 0; cut <= sizeof said; cut++) { /* in two portions, cut anywhere */
		struct telnet telnet = {.words = text_new(job)};
		struct text reply = text_new(job);

		telnet_take(&telnet, (struct span){said, cut}, &reply);
		telnet_take(&telnet, (struct span){said + cut, sizeof said - cut}, &reply);
		assert_int_equal(reply.size, sizeof answer);
		assert_memory_equal(reply.at, answer, sizeof answer);
		assert_int_equal(telnet.words.size, 5);
		assert_memory_equal(telnet.words.at, "lo\xffg\n", 5);
	}
}

static void
a_unit_that_negotiates_for_ever_is_not_answered_for_ever(void **state)
{
	static const uint8_t will[] = {255, 251, 99};
	struct job *job = *state;
	struct telnet telnet = {.words = text_new(job)};
	struct text reply = text_new(job);

	for (unsigned i = 0; i < 100000; i++)
		telnet_take(&telnet, (struct span){will, sizeof will}, &reply);
	assert_true(reply.size <= 3 * 256);
}

static void
prompts_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(telnet_question_of("\nIPCamera V1.2\nvm login: "), TELNET_LOGIN);
	assert_int_equal(telnet_prompt_of("Username:"), TELNET_LOGIN);
	assert_int_equal(telnet_prompt_of("root\nPassword: "), TELNET_PASSWORD);
	assert_int_equal(telnet_prompt_of("\nLogin incorrect\nvm login: "), TELNET_REFUSED);
	assert_int_equal(telnet_prompt_of("BusyBox v1.35\n\n~ # "), TELNET_SHELL);
	assert_int_equal(telnet_prompt_of("\033[1;32mcam\033[0m$ "), TELNET_SHELL);
	assert_int_equal(
	    telnet_prompt_of("You must change it.\nNew password: "), TELNET_NEW_PASSWORD);
	assert_int_equal(telnet_prompt_of("Please wait"), TELNET_OTHER);
	assert_int_equal(telnet_prompt_of("Others will be denied.\ncam> "), TELNET_OTHER);
	assert_int_equal(telnet_prompt_of("Access denied\nlogin> "), TELNET_REFUSED);
	assert_int_equal(telnet_prompt_of(" \n"), TELNET_NOTHING);
}

/* A telnet camera with one account; context says what it lets in. */
static void
serve_telnet(void *context, int socket, unsigned number)
{
	const char *right = context;
	char line[200], given[200];

	(void)number;
	unit_say_text(socket, "\xff\xfb\x01\xff\xfb\x03\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "\r\n");
	unit_say_text(socket, "Password: ");
	unit_hear(socket, given, sizeof given, "\r\n");
	if (strcmp(right, "*") == 0 ||
	    (strstr(line, "root") != NULL && strncmp(given, right, strlen(right)) == 0))
		unit_say_text(socket, "\r\nBusyBox\r\n# ");
	else
		unit_say_text(socket, "\r\nLogin incorrect\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "never"); /* until the caller hangs up */
}

static void
a_default_password_is_found(void **state)
{
	static char right[] = "xmhdipc";
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_telnet, .context = right};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "telnet", "password");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(facts.facts[0].as.login_attempt.control, 1);
	assert_int_equal(facts.facts[0].as.login_attempt.accepted, 0);
	assert_int_equal(attempt_of(&facts, "root", "root")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "root", "xmhdipc")->accepted, 1);
	assert_null(attempt_of(&facts, "root", "1")); /* the door is open: no more is needed */
}

static void
no_user_is_tried_beyond_the_budget(void **state)
{
	static char right[] = "none of them";
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_telnet, .context = right};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;
	unsigned tries = 0;

	unit_start(&unit, &target);
	attack_plan(&target, "telnet", "password");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	for (size_t i = 0; i + 1 < facts.count; i++)
		tries += strcmp(facts.facts[i].as.login_attempt.user, "root") == 0;
	assert_int_equal(tries, 3);
	assert_int_equal(looked->complete, 0);
	assert_true(attack_is_whole(looked));
	assert_int_equal(looked->tried, 4);
	assert_int_equal(
	    looked->required, 6); /* fewer tried than required: a check says inconclusive */
}

static void
a_log_in_that_accepts_the_impossible_pair_means_nothing(void **state)
{
	static char anything[] = "*";
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_telnet, .context = anything};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "telnet", "password");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(facts.count, 2);
	assert_int_equal(facts.facts[0].as.login_attempt.control, 1);
	assert_int_equal(facts.facts[0].as.login_attempt.accepted, 1);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "negative control accepted"));
}

static void
a_unit_that_goes_away_in_the_middle_leaves_the_plan_undone(void **state)
{
	static char right[] = "none of them";
	struct job *job = *state;
	struct scripted_unit unit = {
	    .serve = serve_telnet, .context = right, .connections_left = 3};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "telnet", "password");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(looked->complete, 0);
	assert_int_equal(looked->tried, 2);
	assert_non_null(strstr(looked->reason, "after 2 pairs"));
}

static void
no_log_in_is_nothing_left_to_try_and_a_strange_service_is_not_nothing(void **state)
{
	struct job *job = *state;
	struct target target = {.deadline = monotonic_ms() + 1000, .min_pairs = 6};
	const struct looked_fact *looked;
	struct fact_list facts;

	attack_run(job, &target, &facts, &looked);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->tried, 0);
	assert_int_equal(looked->required, 0);
	target.services[target.service_count++] = (struct service){.port = 9000, .name = "unknown"};
	attack_run(job, &target, &facts, &looked);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "port 9000"));
}

/* Who is in is greeted with words that sound like a refusal; an empty line is not answered. */
static void
serve_stern(void *context, int socket, unsigned number)
{
	char user[200], given[200];

	(void)context;
	(void)number;
	unit_say_text(socket, "\r\ncam login: ");
	if (unit_hear(socket, user, sizeof user, "\r\n") == 0)
		return;
	unit_say_text(socket, "Password: ");
	if (unit_hear(socket, given, sizeof given, "\r\n") == 0)
		return;
	if (strncmp(user, "root\r", 5) != 0 || strncmp(given, "xmhdipc\r", 8) != 0) {
		unit_say_text(socket, "\r\nLogin incorrect\r\ncam login: ");
		unit_hear(socket, user, sizeof user, "never");
		return;
	}
	unit_say_text(socket, "\r\nAccess by others is not allowed and will be denied.\r\ncam> ");
	while (unit_hear(socket, user, sizeof user, "\r\n") > 0)
		if (strlen(user) > 2)
			unit_say_text(socket, "\r\nuid=0(root)\r\ncam> ");
}

static void
a_shell_that_greets_with_words_of_a_refusal_is_open(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_stern, .pace = 5};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	attack_plan(&target, "telnet", "password");
	attack_run(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(attempt_of(&facts, "root", "root")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "root", "xmhdipc")->accepted, 1);
}

static void
serve_farewell(void *context, int socket, unsigned number)
{
	const char *words = context;
	char line[200];

	(void)number;
	unit_say_text(socket, "\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "\n");
	unit_say_text(socket, "Password: ");
	unit_hear(socket, line, sizeof line, "\n");
	unit_say_text(socket, words);
}

static void
who_hangs_up_without_a_word_of_refusal_has_not_refused(void **state)
{
	static char none[] = "", some[] = "\r\nWelcome to the camera\r\n",
		    refusal[] = "\r\nLogin incorrect\r\n";
	struct job *job = *state;
	char *const words[] = {none, some, refusal};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct scripted_unit unit = {.serve = serve_farewell, .context = words[i]};
		const struct looked_fact *looked;
		struct fact_list facts;
		struct target target;

		unit_start(&unit, &target);
		attack_plan(&target, "telnet", "password");
		attack_run(job, &target, &facts, &looked);
		unit_stop(&unit, &target);
		assert_int_equal(attack_is_whole(looked), words[i] == refusal);
		for (size_t j = 0; j < facts.count; j++)
			if (facts.facts[j].kind == FACT_login_attempt)
				assert_int_equal(facts.facts[j].as.login_attempt.accepted,
				    words[i] == refusal ? 0 : UNKNOWN);
	}
}

/* The beginning of a talk, and the end before anybody was judged. */
static void
serve_beginning(void *context, int socket, unsigned number)
{
	(void)number;
	unit_say_text(socket, context);
}

static void
a_talk_that_ends_before_the_pair_was_judged_is_no_refusal(void **state)
{
	static const struct {
		const char *protocol, *words;
	} talks[] = {{"ssh", "SSH-2.0-OpenSSH_9.2\r\n"}, {"ssh", ""}, {"telnet", "\r\ncam login: "},
	    {"ftp", "220 ready\r\n"}, {"ftp", "220 ready\r\n331 password\r\n"}, {"mqtt", ""},
	    {"mqtt", " \2"}, {"http", "HTTP/1.0 "}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(talks); i++) {
		struct scripted_unit unit = {
		    .serve = serve_beginning, .context = (void *)talks[i].words};
		const struct looked_fact *looked;
		struct fact_list facts;
		struct target target;

		unit_start(&unit, &target);
		attack_plan(&target, talks[i].protocol,
		    strcmp(talks[i].protocol, "http") == 0 ? "basic" : "password");
		attack_run(job, &target, &facts, &looked);
		unit_stop(&unit, &target);
		assert_int_equal(looked->complete, 0);
		for (size_t j = 0; j < facts.count; j++)
			assert_false(facts.facts[j].kind == FACT_login_attempt &&
				     facts.facts[j].as.login_attempt.accepted != UNKNOWN);
	}
}

static void
serve_flood(void *context, int socket, unsigned number)
{
	(void)context;
	(void)number;
	for (unsigned i = 0; i < 20000; i++) /* more than is listened to */
		unit_say_text(
		    socket, "this line of 64 bytes stands before the banner that never is\r\n");
}

static void
a_banner_that_never_comes_is_no_server_that_was_looked_at(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_flood};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	unit_start(&unit, &target);
	target.services[target.service_count++] = (struct service){.port = 22, .name = "ssh"};
	evidence.source = "ssh";
	assert_ok(job, probe_ssh.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_looked)
			assert_int_equal(facts.facts[i].as.looked.complete, 0);
}

static void
serve_shell(void *context, int socket, unsigned number)
{
	char line[100];

	(void)context;
	(void)number;
	unit_say_text(socket, "\xff\xfb\x01\r\nBusyBox v1.35.0\r\n\r\n# ");
	unit_hear(socket, line, sizeof line, "never");
}

static void
an_open_shell_is_a_log_in_that_asks_nothing(void **state)
{
	struct job *job = *state;
	struct scripted_unit unit = {.serve = serve_shell};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	unit_start(&unit, &target);
	target.services[target.service_count++] = (struct service){.port = 23, .name = "telnet"};
	evidence.source = "telnet";
	assert_ok(job, probe_telnet.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	assert_int_equal(facts.facts[1].kind, FACT_login_service);
	assert_string_equal(facts.facts[1].as.login_service.scheme, "none");
	assert_int_equal(facts.facts[1].as.login_service.encrypted, 0);
	assert_int_equal(target.login_count, 0);
}

/* ---- SSH: only `context` may log in with a password; everyone else needs a key ---- */

static void
answer_login(ssh_message message, const char *owner)
{
	bool is_owner = strcmp(ssh_message_auth_user(message), owner) == 0;

	if (is_owner && ssh_message_subtype(message) == SSH_AUTH_METHOD_PASSWORD &&
	    strcmp(ssh_message_auth_password(message), "secret") == 0) {
		ssh_message_auth_reply_success(message, 0);
		return;
	}
	ssh_message_auth_set_methods(
	    message, is_owner ? SSH_AUTH_METHOD_PASSWORD : SSH_AUTH_METHOD_PUBLICKEY);
	ssh_message_reply_default(message);
}

static void
serve_ssh(void *context, int socket, unsigned number)
{
	ssh_bind bind = ssh_bind_new();
	ssh_session session = ssh_new();
	ssh_key key = NULL;
	ssh_message message;
	bool no = false;
	long seconds = 3; /* libssh's server may miss that the other side has hung up */

	(void)number;
	ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &seconds);
	ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
	ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key);
	ssh_bind_options_set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, key);
	if (ssh_bind_accept_fd(bind, session, dup(socket)) == SSH_OK &&
	    ssh_handle_key_exchange(session) == SSH_OK)
		while ((message = ssh_message_get(session)) != NULL) {
			if (ssh_message_type(message) == SSH_REQUEST_AUTH)
				answer_login(message, context);
			else
				ssh_message_reply_default(message);
			ssh_message_free(message);
		}
	ssh_free(session);
	ssh_bind_free(bind);
}

static const struct guess ssh_pairs[] = {
    {"guest", "guest", "common"}, {"daemon", "wrong", "common"}, {"daemon", "secret", "vendor"}};

static enum status
run_ssh(struct job *job, char *owner, struct fact_list *facts, struct target *target,
    const struct looked_fact **looked)
{
	struct scripted_unit unit = {.serve = serve_ssh, .context = owner};
	struct evidence evidence = evidence_to_list(facts);
	struct fact_list attempts;

	assert_ok(job, ssh_prepare(job));
	unit_start(&unit, target);
	target->services[target->service_count++] = (struct service){.port = 22, .name = "ssh"};
	target->guesses = ssh_pairs;
	target->guess_count = ARRAY_SIZE(ssh_pairs);
	target->guess_budget = 4;
	evidence.source = "ssh";
	assert_ok(job, probe_ssh.talk(job, target, &evidence));
	attack_run(job, target, &attempts, looked);
	unit_stop(&unit, target);
	for (size_t i = 0; i < attempts.count; i++)
		assert_ok(job, evidence_add(&evidence, job, &attempts.facts[i]));
	return STATUS_OK;
}

static void
a_password_of_one_user_only_is_found(void **state)
{
	static char daemon[] = "daemon", nobody[] = "somebody else";
	struct job *job = *state;
	const struct looked_fact *looked;
	struct fact_list facts = {0};
	struct target target;

	assert_ok(job, run_ssh(job, daemon, &facts, &target, &looked));
	assert_int_equal(target.login_count, 1);
	assert_string_equal(target.logins[0].scheme, "password");
	assert_int_equal(looked->complete, 1);
	assert_int_equal(attempt_of(&facts, "guest", "guest")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "daemon", "wrong")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "daemon", "secret")->accepted, 1);
	facts = (struct fact_list){0};
	assert_ok(job, run_ssh(job, nobody, &facts, &target, &looked));
	assert_int_equal(target.login_count, 0);
	assert_int_equal(looked->complete, 1);
	assert_string_equal(looked->reason, "there is no log-in");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(negotiation_is_answered_and_words_are_left),
	    TEST(a_unit_that_negotiates_for_ever_is_not_answered_for_ever),
	    TEST(prompts_are_told_apart),
	    TEST(a_default_password_is_found),
	    TEST(no_user_is_tried_beyond_the_budget),
	    TEST(a_log_in_that_accepts_the_impossible_pair_means_nothing),
	    TEST(a_unit_that_goes_away_in_the_middle_leaves_the_plan_undone),
	    TEST(no_log_in_is_nothing_left_to_try_and_a_strange_service_is_not_nothing),
	    TEST(a_shell_that_greets_with_words_of_a_refusal_is_open),
	    TEST(who_hangs_up_without_a_word_of_refusal_has_not_refused),
	    TEST(a_talk_that_ends_before_the_pair_was_judged_is_no_refusal),
	    TEST(a_banner_that_never_comes_is_no_server_that_was_looked_at),
	    TEST(an_open_shell_is_a_log_in_that_asks_nothing),
	    TEST(a_password_of_one_user_only_is_found),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
