/* A page that opens the file it is told, a page that runs it, a page that shows it; and pages that
 * do none of it, however they look. */
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/inputs.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_inputs;

#define ACCOUNTS "HTTP/1.0 200 OK\r\n\r\nroot:x:0:0:root:/root:/bin/sh\nadmin:x:1:1::/:\n"
#define EMPTY "HTTP/1.0 404 No\r\nContent-Type: text/html\r\n\r\n"
#define REFUSAL "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n"
#define OWNER "Authorization: Basic YWRtaW46c2VjcmV0" /* admin:secret */

struct server {
	const char *climbs;   /* this way of writing leads out of the pages */
	const char *runs;     /* what stands before a command that is run */
	const char *type;     /* of a page that shows what was asked for; NULL: there is none */
	bool splits;          /* a line end in a path becomes one in the answer */
	bool accounts_always; /* every name gets the file of accounts */
	bool closed;          /* all of it lies behind a log-in */
	unsigned silent_after;
};

/* %XX of `from` as the byte it stands for. */
static void
decode(const char *from, char *to)
{
	for (; *from != '\0' && *from != ' '; to++)
		if (from[0] == '%' && strspn(from + 1, "0123456789abcdefABCDEF") >= 2) {
			const char pair[3] = {from[1], from[2], '\0'};

			*to = (char)strtoul(pair, NULL, 16);
			from += 3;
		} else {
			*to = *from++;
		}
	*to = '\0';
}

/* A shell's "expr A \* B". */
static void
run(int socket, const char *command)
{
	char answer[80];
	unsigned a, b;

	if (sscanf(command, "expr %u \\* %u", &a, &b) != 2)
		return;
	(void)snprintf(
	    answer, sizeof answer, "HTTP/1.0 200 OK\r\n\r\n%llu\n", (unsigned long long)a * b);
	unit_say_text(socket, answer);
}

static void
show(const struct server *server, int socket, const char *plain)
{
	unit_say_text(socket, "HTTP/1.0 404 No\r\n");
	if (server->splits) {
		unit_say_text(socket, "Location: ");
		unit_say_text(socket, plain);
		unit_say_text(socket, "\r\n");
	}
	unit_say_text(socket, "Content-Type: ");
	unit_say_text(socket, server->type);
	unit_say_text(socket, "\r\n\r\nno ");
	unit_say_text(socket, plain);
}

static void
serve(void *context, int socket, unsigned number)
{
	const struct server *server = context;
	char request[8192], plain[8192];
	const char *path = request + 4, *found;

	if (server->silent_after != 0 && number >= server->silent_after)
		return;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	decode(path, plain);
	if (server->closed && strstr(request, OWNER) == NULL)
		unit_say_text(socket, REFUSAL);
	else if (server->accounts_always)
		unit_say_text(socket, ACCOUNTS);
	else if (strncmp(path, "/ ", 2) == 0)
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n<img src=/pictures/a.png>"
				      "<a href='/view.cgi?mode=1&page=home'>");
	else if (server->climbs != NULL && strstr(path, server->climbs) != NULL &&
		 strstr(path, "etc/passwd ") != NULL)
		unit_say_text(socket, ACCOUNTS);
	else if (server->runs != NULL && (found = strstr(plain, server->runs)) != NULL)
		run(socket, found + strlen(server->runs));
	else if (server->type != NULL)
		show(server, socket, plain);
	else
		unit_say_text(socket, EMPTY);
}

static const struct credential owner = {"http", "admin", "secret", "owner"};

static void
ask(struct job *job, struct server *server, enum intrusion granted, struct fact_list *facts)
{
	struct scripted_unit unit = {.serve = serve, .context = server};
	struct evidence evidence = evidence_to_list(facts);
	struct target target;

	*facts = (struct fact_list){0};
	unit_start(&unit, &target);
	target.granted = granted;
	target.services[target.service_count++] = (struct service){.port = 80, .name = "http"};
	target.credentials = &owner;
	target.credential_count = 1;
	if (server->closed)
		target_add_login(&target, &(struct login){.port = 80,
					      .recognised = true,
					      .protocol = "http",
					      .scheme = "basic",
					      .path = "/"});
	evidence.source = "inputs";
	assert_ok(job, probe_inputs.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
}

/* NULL: nothing of that class was given there. */
static const struct input_trial_fact *
trial(const struct fact_list *facts, const char *role, const char *class, const char *place)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct input_trial_fact *as = &facts->facts[i].as.input_trial;

		if (facts->facts[i].kind == FACT_input_trial && strcmp(as->role, role) == 0 &&
		    strcmp(as->class, class) == 0 && strcmp(as->place, place) == 0)
			return as;
	}
	return NULL;
}

static const struct looked_fact *
looked(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked)
			return &facts->facts[i].as.looked;
	fail_msg("nobody looked");
	return NULL;
}

static size_t
count_processed(const struct fact_list *facts, int64_t processed)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += facts->facts[i].kind == FACT_input_trial &&
			 facts->facts[i].as.input_trial.processed == processed;
	return count;
}

static void
a_server_that_takes_nothing_is_given_everything(void **state)
{
	struct server server = {0};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, INTRUSION_STRESS, &facts);
	assert_int_equal(count_processed(&facts, 1), 0);
	assert_int_equal(count_processed(&facts, UNKNOWN), 0);
	assert_true(trial(&facts, "none", "traversal", "/")->tried > 10);
	assert_non_null(trial(&facts, "none", "traversal", "/pictures/"));
	assert_non_null(trial(&facts, "none", "script", "/view.cgi?mode="));
	assert_non_null(trial(&facts, "none", "header", "/view.cgi?mode=1&page="));
	assert_true(trial(&facts, "none", "command", "/view.cgi?mode=")->tried > 5);
	assert_int_equal(looked(&facts)->complete, 1);
}

static void
each_way_out_of_the_pages_is_found(void **state)
{
	static const char *const ways[] = {
	    "/../", "..%2f", "%2e%2e%2f", "%252e%252e%252f", "/////"};
	struct job *job = *state;
	struct fact_list facts;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct server server = {.climbs = ways[i]};

		ask(job, &server, INTRUSION_LOGIN, &facts);
		assert_int_equal(trial(&facts, "none", "traversal", "/")->processed, 1);
	}
}

static void
a_server_with_accounts_on_every_page_is_not_believed(void **state)
{
	struct server server = {.accounts_always = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, INTRUSION_LOGIN, &facts);
	assert_int_equal(count_processed(&facts, 1), 0);
	assert_int_equal(trial(&facts, "none", "traversal", "/")->processed, UNKNOWN);
	assert_int_equal(looked(&facts)->complete, 0);
}

static void
a_command_is_found_by_what_it_works_out_and_run_at_level_stress_alone(void **state)
{
	struct server server = {.runs = ";"};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, INTRUSION_STRESS, &facts);
	assert_int_equal(trial(&facts, "none", "command", "/view.cgi?mode=")->processed, 1);
	ask(job, &server, INTRUSION_LOGIN, &facts);
	assert_null(trial(&facts, "none", "command", "/view.cgi?mode="));
	assert_int_equal(count_processed(&facts, 1), 0);
}

static void
a_tag_counts_on_a_page_and_nowhere_else(void **state)
{
	struct server page = {.type = "text/html"}, text = {.type = "text/plain"};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &page, INTRUSION_LOGIN, &facts);
	assert_int_equal(trial(&facts, "none", "script", "/pictures/")->processed, 1);
	assert_int_equal(trial(&facts, "none", "header", "/pictures/")->processed, 0);
	ask(job, &text, INTRUSION_LOGIN, &facts);
	assert_int_equal(count_processed(&facts, 1), 0);
}

static void
a_line_end_that_becomes_a_header_is_found(void **state)
{
	struct server server = {.type = "text/plain", .splits = true};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, INTRUSION_LOGIN, &facts);
	assert_int_equal(trial(&facts, "none", "header", "/")->processed, 1);
}

static void
what_lies_behind_a_log_in_is_given_to_its_owner(void **state)
{
	struct server server = {.closed = true, .climbs = "/../"};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, INTRUSION_LOGIN, &facts);
	assert_int_equal(trial(&facts, "none", "traversal", "/")->processed, 0);
	assert_int_equal(trial(&facts, "right", "traversal", "/")->processed, 1);
	assert_null(trial(&facts, "right", "script", "/view.cgi?mode="));
	assert_int_equal(looked(&facts)->complete, 0);
	ask(job, &server, INTRUSION_STRESS, &facts);
	assert_non_null(trial(&facts, "right", "script", "/view.cgi?mode="));
	assert_int_equal(looked(&facts)->complete, 1);
}

static void
a_server_that_falls_silent_is_not_clean(void **state)
{
	struct server server = {.silent_after = 5};
	struct job *job = *state;
	struct fact_list facts;

	ask(job, &server, INTRUSION_LOGIN, &facts);
	assert_int_equal(looked(&facts)->complete, 0);
	assert_int_equal(count_processed(&facts, 1), 0);
}

static void
a_line_of_the_superuser_is_known_wherever_it_stands(void **state)
{
	static const struct {
		const char *text;
		bool shows;
	} pages[] = {{"root:x:0:0:root:/root:/bin/sh", true},
	    {"a\nroot:$1$abc$QmZ/.:0:0:root:/:/bin/ash\n", true}, {"root::0:0:::", true},
	    {"<p>root:x:0:0:", true}, {"chroot:x:0:0:", false}, {"root:x:0:1:", false},
	    {"root:<b>:0:0:", false}, {"toor:x:0:0:", false}, {"root:", false},
	    {"root:x:0:0", false}, {"", false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		size_t size = strlen(pages[i].text);
		uint8_t *copy = malloc(size + 1);

		assert_non_null(copy);
		memcpy(copy, pages[i].text, size);
		for (size_t cut = 0; cut < size; cut++)
			(void)inputs_shows_accounts((struct span){copy, cut});
		assert_int_equal(inputs_shows_accounts((struct span){copy, size}), pages[i].shows);
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_server_that_takes_nothing_is_given_everything),
	    TEST(each_way_out_of_the_pages_is_found),
	    TEST(a_server_with_accounts_on_every_page_is_not_believed),
	    TEST(a_command_is_found_by_what_it_works_out_and_run_at_level_stress_alone),
	    TEST(a_tag_counts_on_a_page_and_nowhere_else),
	    TEST(a_line_end_that_becomes_a_header_is_found),
	    TEST(what_lies_behind_a_log_in_is_given_to_its_owner),
	    TEST(a_server_that_falls_silent_is_not_clean),
	    TEST(a_line_of_the_superuser_is_known_wherever_it_stands),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
