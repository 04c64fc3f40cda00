/* A log-in counts only where the impossible pair was refused, and no user is tried more often than
 * the budget allows. */
#include "tests/support/support.h"

#define SSH_SUPPRESS_DEPRECATED /* the server here only takes messages */
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/recognise.h"
#include "device/ssh_client.h"
#include "device/telnet_client.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_default_passwords, probe_telnet, probe_http, probe_ssh;

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

static const struct guess pairs[] = {
    {"admin", "admin", "common"},
    {"root", "root", "common"},
    {"root", "xmhdipc", "vendor"},
    {"root", "1", "common"},
    {"root", "2", "common"},
    {"root", "3", "common"},
    {"root", "4", "common"},
};

static void
plan(struct target *target, const char *protocol, const char *scheme)
{
	target->guesses = pairs;
	target->guess_count = ARRAY_SIZE(pairs);
	target->guess_budget = 3;
	target->min_pairs = 6;
	target->services[target->service_count++] = (struct service){.port = 23, .name = protocol};
	target_add_login(target, &(struct login){.port = 23,
				     .recognised = true,
				     .protocol = protocol,
				     .scheme = scheme,
				     .path = "/"});
}

static void
attack(struct job *job, struct target *target, struct fact_list *facts,
    const struct looked_fact **looked)
{
	struct evidence evidence = evidence_to_list(facts);

	evidence.source = "default_passwords";
	*facts = (struct fact_list){0};
	assert_ok(job, probe_default_passwords.talk(job, target, &evidence));
	*looked = &facts->facts[facts->count - 1].as.looked;
	assert_int_equal(facts->facts[facts->count - 1].kind, FACT_looked);
}

static const struct login_attempt_fact *
attempt_of(const struct fact_list *facts, const char *user, const char *password)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct login_attempt_fact *as = &facts->facts[i].as.login_attempt;

		if (facts->facts[i].kind == FACT_login_attempt && strcmp(as->user, user) == 0 &&
		    strcmp(as->password, password) == 0)
			return as;
	}
	return NULL;
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
	plan(&target, "telnet", "password");
	attack(job, &target, &facts, &looked);
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
	plan(&target, "telnet", "password");
	attack(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	for (size_t i = 0; i + 1 < facts.count; i++)
		tries += strcmp(facts.facts[i].as.login_attempt.user, "root") == 0;
	assert_int_equal(tries, 3);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->tried, 4);
	assert_int_equal(
	    looked->required, 6); /* fewer tried than required: a check says inconclusive */
}

/* Two doors of one camera, which counts the wrong passwords of a user at both. */
struct counting {
	unsigned wrong; /* of root */
	unsigned lock_after;
	bool warns;         /* how many are left */
	bool locks_visitor; /* whoever comes, after that */
};

static void
serve_counting(void *context, int socket, unsigned number)
{
	struct counting *counting = context;
	char request[4096], words[200];
	bool root, locked;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strstr(request, "Authorization") == NULL) {
		unit_say_text(
		    socket, "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
		return;
	}
	root = strstr(request, "Basic cm9vdD") != NULL; /* "root:" in base64 */
	locked = counting->wrong >= counting->lock_after && (root || counting->locks_visitor);
	counting->wrong += root;
	snprintf(words, sizeof words, "Wrong name or password");
	if (locked)
		snprintf(words, sizeof words, "Account locked");
	else if (root && counting->warns)
		snprintf(words, sizeof words, "Wrong name or password. %u attempts left.",
		    counting->lock_after - counting->wrong);
	unit_say_text(
	    socket, "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
	unit_say_text(socket, words);
}

static unsigned
tries_of(const struct fact_list *facts, const char *user)
{
	unsigned tries = 0;

	for (size_t i = 0; i < facts->count; i++)
		tries += facts->facts[i].kind == FACT_login_attempt &&
			 strcmp(facts->facts[i].as.login_attempt.user, user) == 0;
	return tries;
}

/* What the camera counted of root. */
static unsigned
attack_counting(struct job *job, struct counting *counting, struct fact_list *facts,
    const struct looked_fact **looked)
{
	static const struct guess more[] = {{"root", "root", "common"}, {"root", "1", "common"},
	    {"root", "2", "common"}, {"admin", "admin", "common"}, {"user", "user", "common"},
	    {"guest", "guest", "common"}};
	struct scripted_unit unit = {.serve = serve_counting, .context = counting};
	struct target target;

	unit_start(&unit, &target);
	plan(&target, "http", "basic");
	target.guesses = more;
	target.guess_count = ARRAY_SIZE(more);
	target.guess_budget = 20;
	target.services[target.service_count++] = (struct service){.port = 8080, .name = "http"};
	target_add_login(&target, &(struct login){.port = 8080,
				      .recognised = true,
				      .protocol = "http",
				      .scheme = "basic",
				      .path = "/"});
	attack(job, &target, facts, looked);
	unit_stop(&unit, &target);
	return counting->wrong;
}

static void
a_user_the_unit_locks_is_left_alone_at_every_log_in(void **state)
{
	struct counting counting = {.lock_after = 3};
	const struct looked_fact *looked;
	struct fact_list facts;

	assert_int_equal(attack_counting(*state, &counting, &facts, &looked), 4);
	assert_int_equal(tries_of(&facts, "root"), 4);
	assert_int_equal(tries_of(&facts, "admin"), 2);
	assert_int_equal(tries_of(&facts, "guest"), 2);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "root is locked"));
}

static void
a_user_is_left_alone_before_the_last_try_that_a_unit_grants(void **state)
{
	struct counting counting = {.lock_after = 3, .warns = true};
	const struct looked_fact *looked;
	struct fact_list facts;

	assert_int_equal(attack_counting(*state, &counting, &facts, &looked), 2);
	assert_int_equal(tries_of(&facts, "admin"), 2);
	assert_int_equal(looked->complete, 0);
}

static void
a_unit_that_locks_whoever_comes_is_left_alone(void **state)
{
	struct counting counting = {.lock_after = 2, .locks_visitor = true};
	const struct looked_fact *looked;
	struct fact_list facts;

	attack_counting(*state, &counting, &facts, &looked);
	assert_int_equal(tries_of(&facts, "root"), 3);
	assert_int_equal(tries_of(&facts, "admin"), 1);
	assert_int_equal(tries_of(&facts, "user"), 0);
	assert_int_equal(looked->complete, 0);
}

/* A telnet camera that says after the second wrong password of root that it judges no more. */
static void
serve_locking(void *context, int socket, unsigned number)
{
	unsigned *wrong = context;
	char line[200], given[200];

	(void)number;
	unit_say_text(socket, "\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "\r\n");
	unit_say_text(socket, "Password: ");
	unit_hear(socket, given, sizeof given, "\r\n");
	*wrong += strncmp(line, "root\r", 5) == 0;
	if (*wrong > 2 && strncmp(line, "root\r", 5) == 0) {
		unit_say_text(socket, "\r\nAccount locked, try again later\r\n");
		return;
	}
	unit_say_text(socket, "\r\nLogin incorrect\r\ncam login: ");
	unit_hear(socket, line, sizeof line, "never");
}

static void
a_lock_that_telnet_tells_ends_the_user_and_not_the_log_in(void **state)
{
	static const struct guess more[] = {{"root", "root", "common"}, {"root", "1", "common"},
	    {"root", "2", "common"}, {"root", "3", "common"}, {"admin", "admin", "common"}};
	struct job *job = *state;
	unsigned wrong = 0;
	struct scripted_unit unit = {.serve = serve_locking, .context = &wrong};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	plan(&target, "telnet", "password");
	target.guesses = more;
	target.guess_count = ARRAY_SIZE(more);
	target.guess_budget = 20;
	attack(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(wrong, 3);
	assert_int_equal(attempt_of(&facts, "root", "1")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "root", "2")->accepted, UNKNOWN);
	assert_null(attempt_of(&facts, "root", "3"));
	assert_int_equal(attempt_of(&facts, "admin", "admin")->accepted, 0);
	assert_int_equal(looked->complete, 0);
}

static void
words_that_grant_one_more_try_are_told_apart(void **state)
{
	static const char *const last[] = {"1 attempt left", "You have 1 more try remaining.",
	    "Remaining attempts: 0", "Wrong. Tries left: 1", "Còn 1 lần thử"};
	static const char *const others[] = {"", "Login incorrect", "3 attempts left",
	    "Attempt failed. Room 1 is on the left.", "10 attempts left", "error 1",
	    "21 attempts remaining", "1 user is logged in"};
	static char hostile[1 << 20];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(last); i++)
		assert_true(login_says_last_try(last[i]));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(login_says_last_try(others[i]));
	assert_false(login_says_last_try(NULL));
	for (size_t i = 0; i + 3 < sizeof hostile; i += 2)
		memcpy(hostile + i, "1 ", 2);
	assert_false(login_says_last_try(hostile)); /* and soon */
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
	plan(&target, "telnet", "password");
	attack(job, &target, &facts, &looked);
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
	plan(&target, "telnet", "password");
	attack(job, &target, &facts, &looked);
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

	attack(job, &target, &facts, &looked);
	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->tried, 0);
	assert_int_equal(looked->required, 0);
	target.services[target.service_count++] = (struct service){.port = 9000, .name = "unknown"};
	attack(job, &target, &facts, &looked);
	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "port 9000"));
}

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
	plan(&target, "http", "form");
	attack(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(attempt_of(&facts, "admin", "admin")->accepted, 1);
	unit.context = script; /* what a script would make of it nobody knows */
	unit_start(&unit, &target);
	plan(&target, "http", "form");
	attack(job, &target, &facts, &looked);
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
	plan(&target, "http", "form");
	attack(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(attempt_of(&facts, "admin", "admin")->accepted, UNKNOWN);
	assert_int_equal(attempt_of(&facts, "root", "root")->accepted, 0);
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
	struct scripted_unit unit = {.serve = serve_stern};
	const struct looked_fact *looked;
	struct fact_list facts;
	struct target target;

	unit_start(&unit, &target);
	plan(&target, "telnet", "password");
	attack(job, &target, &facts, &looked);
	unit_stop(&unit, &target);
	assert_int_equal(attempt_of(&facts, "root", "root")->accepted, 0);
	assert_int_equal(attempt_of(&facts, "root", "xmhdipc")->accepted, 1);
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
		plan(&target, "http", "form");
		attack(job, &target, &facts, &looked);
		unit_stop(&unit, &target);
		control = &facts.facts[0];
		assert_int_equal(control->as.login_attempt.control, 1);
		if (manners[i].refuses)
			assert_int_equal(control->as.login_attempt.accepted, 0);
		else
			assert_int_not_equal(control->as.login_attempt.accepted, 0);
		assert_int_equal(looked->complete, manners[i].refuses);
	}
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
		plan(&target, "telnet", "password");
		attack(job, &target, &facts, &looked);
		unit_stop(&unit, &target);
		assert_int_equal(looked->complete, words[i] == refusal);
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
		plan(&target, talks[i].protocol,
		    strcmp(talks[i].protocol, "http") == 0 ? "basic" : "password");
		attack(job, &target, &facts, &looked);
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
	attack(job, target, &attempts, looked);
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
	attack(job, target, &attempts, looked);
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
		assert_int_equal(looked->complete, 1);
	}
}

static void
a_web_server_that_shows_no_log_in_is_left_to_a_person(void **state)
{
	static char *const fronts[] = {"<title>camera</title>", "<a href=/x>x</a>",
	    "<a href=//192.0.2.9/admin/>elsewhere</a><a href=http://192.0.2.9/admin>too</a>",
	    "<a href='/admin/?reboot=1'>a deed</a><img src=/admin/a.png><a href=#admin>"
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

/* ---- who speaks first ---- */

static void
say_unasked(void *context, int socket, unsigned number)
{
	char line[100];

	(void)number;
	unit_say_text(socket, context);
	unit_hear(socket, line, sizeof line, "never");
}

static void
words_said_unasked_are_no_answer(void **state)
{
	static char login[] = "HTTP/1.0 200 OK\r\n\r\nlogin: ", http[] = "HTTP/1.0 200 OK\r\n\r\n",
		    rtsp[] = "RTSP/1.0 200 OK\r\n\r\n", mqtt[] = " \x02\x01\x05";
	static const struct {
		char *words;
		const char *service;
	} cases[] = {{login, "telnet"}, {http, "unknown"}, {rtsp, "unknown"}, {mqtt, "unknown"}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scripted_unit unit = {.serve = say_unasked, .context = cases[i].words};
		struct recognition recognition;
		struct target target;

		unit_start(&unit, &target);
		assert_ok(job, recognise(job, &target, 23, &recognition));
		unit_stop(&unit, &target);
		assert_string_equal(recognition.service, cases[i].service);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		negotiation_is_answered_and_words_are_left, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_negotiates_for_ever_is_not_answered_for_ever, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(prompts_are_told_apart, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(a_default_password_is_found, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_user_the_unit_locks_is_left_alone_at_every_log_in, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_user_is_left_alone_before_the_last_try_that_a_unit_grants, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_locks_whoever_comes_is_left_alone, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_lock_that_telnet_tells_ends_the_user_and_not_the_log_in, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		words_that_grant_one_more_try_are_told_apart, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		no_user_is_tried_beyond_the_budget, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_log_in_that_accepts_the_impossible_pair_means_nothing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_goes_away_in_the_middle_leaves_the_plan_undone, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		no_log_in_is_nothing_left_to_try_and_a_strange_service_is_not_nothing, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_form_shown_again_with_other_words_is_refused_only_where_the_words_say_so,
		setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_shell_that_greets_with_words_of_a_refusal_is_open, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_form_that_treats_everybody_alike_is_refusing_only_where_it_says_so, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_talk_that_ends_before_the_pair_was_judged_is_no_refusal, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		who_hangs_up_without_a_word_of_refusal_has_not_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_banner_that_never_comes_is_no_server_that_was_looked_at, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_form_is_judged_against_the_answer_to_the_impossible_pair, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_open_shell_is_a_log_in_that_asks_nothing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_password_of_one_user_only_is_found, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_log_in_behind_a_link_is_found, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_web_server_that_shows_no_log_in_is_left_to_a_person, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		more_links_than_are_followed_leave_the_log_ins_unknown, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		words_said_unasked_are_no_answer, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
