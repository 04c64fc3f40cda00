/* A server that is good to its examiner: it refuses and gives at once, shuts guessers out, looks at
 * who asks. */
#include "tests/support/support.h"

#include <string.h>

#include "device/http_paths.h"
#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_http;

#define SETTINGS "admin_password=secret\n"
#define NOT_FOUND "HTTP/1.0 404 Not Found\r\n\r\n"

struct server {
	const char *backup;  /* its answer to /backup.cfg */
	const char *any;     /* to any other name; NULL: not found */
	unsigned guesses;    /* that it bears; 0: any number */
	const char *shut;    /* its answer afterwards */
	const char *knows;   /* whoever sends these words gets nothing */
	const char *expects; /* whoever does not send these words gets nothing */
	unsigned missed;
};

static void
serve(void *context, int socket, unsigned number)
{
	struct server *server = context;
	char request[8192];

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (server->guesses != 0 && server->missed >= server->guesses) {
		unit_say_text(socket, server->shut);
	} else if (strncmp(request, "GET / ", 6) == 0) {
		unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\n<title>camera</title>");
	} else if (strncmp(request, "GET /backup.cfg ", 16) == 0) {
		bool shown = (server->knows == NULL || strstr(request, server->knows) == NULL) &&
			     (server->expects == NULL || strstr(request, server->expects) != NULL);

		unit_say_text(socket, shown ? server->backup : "HTTP/1.0 403 No\r\n\r\n");
	} else {
		server->missed++;
		unit_say_text(socket, server->any == NULL ? NOT_FOUND : server->any);
	}
}

static void
look(struct job *job, struct server *server, struct fact_list *facts)
{
	struct scripted_unit unit = {.serve = serve, .context = server};
	struct evidence evidence = evidence_to_list(facts);
	struct target target;

	*facts = (struct fact_list){0};
	unit_start(&unit, &target);
	target.services[target.service_count++] = (struct service){.port = 80, .name = "http"};
	evidence.source = "http";
	assert_ok(job, probe_http.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
}

/* −1: nothing is said of it. */
static int64_t
needs_login(const struct fact_list *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_resource &&
		    strcmp(facts->facts[i].as.resource.name, name) == 0)
			return facts->facts[i].as.resource.needs_login;
	return -1;
}

static const struct looked_fact *
looked(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, "resource") == 0)
			return &facts->facts[i].as.looked;
	fail_msg("nobody looked");
	return NULL;
}

static void
a_refusal_that_gives_what_it_refuses_is_open(void **state)
{
	static const char *const refusals[] = {
	    "HTTP/1.0 302 Moved\r\nLocation: /login.html\r\n\r\n" SETTINGS,
	    "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n" SETTINGS,
	    "HTTP/1.0 404 No\r\n\r\n" SETTINGS};
	struct job *job = *state;
	struct fact_list facts;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct server server = {.backup = refusals[i]};

		look(job, &server, &facts);
		assert_int_equal(needs_login(&facts, "/backup.cfg"), 0);
	}
}

static void
who_is_shut_out_has_not_seen_that_nothing_is_there(void **state)
{
	struct server server = {.backup = NOT_FOUND, .guesses = 12, .shut = NOT_FOUND};
	struct job *job = *state;
	struct fact_list facts;

	look(job, &server, &facts);
	assert_int_equal(looked(&facts)->complete, 0);
	assert_non_null(strstr(looked(&facts)->reason, "front page"));
	/* near the end too */
	server = (struct server){
	    .backup = NOT_FOUND, .guesses = (unsigned)http_path_count - 15, .shut = NOT_FOUND};
	look(job, &server, &facts);
	assert_int_equal(looked(&facts)->complete, 0);
	server = (struct server){.backup = NOT_FOUND};
	look(job, &server, &facts);
	assert_int_equal(looked(&facts)->complete, 1);
	/* a page for errors with a word of a path in it is no answer to that path */
	server = (struct server){
	    .backup = NOT_FOUND, .any = "HTTP/1.0 404 No\r\n\r\n<?xml version=\"1.0\"?><error/>"};
	look(job, &server, &facts);
	assert_int_equal(looked(&facts)->complete, 1);
	assert_int_equal(looked(&facts)->count, 0);
}

static void
settings_under_any_name_are_not_passed_over(void **state)
{
	struct server server = {.backup = "HTTP/1.0 200 OK\r\n\r\n" SETTINGS,
	    .any = "HTTP/1.0 200 OK\r\n\r\n" SETTINGS};
	struct server pages = {.backup = "HTTP/1.0 200 OK\r\n\r\n<html>" SETTINGS,
	    .any = "HTTP/1.0 200 OK\r\n\r\n<html>" SETTINGS};
	struct job *job = *state;
	struct fact_list facts;

	look(job, &server, &facts);
	assert_int_equal(looked(&facts)->complete, 0);
	assert_non_null(strstr(looked(&facts)->reason, "answers any name"));
	/* one page for all names shows nothing of any */
	look(job, &pages, &facts);
	assert_int_equal(looked(&facts)->complete, 1);
}

static void
nobody_is_told_who_asks(void **state)
{
	struct server named = {.backup = "HTTP/1.0 200 OK\r\n\r\n" SETTINGS, .knows = "hopquy"},
		      from_a_page = {.backup = "HTTP/1.0 200 OK\r\n\r\n" SETTINGS,
			  .expects = "\r\nReferer: http://"};
	struct job *job = *state;
	struct fact_list facts;

	look(job, &named, &facts);
	assert_int_equal(needs_login(&facts, "/backup.cfg"), 0);
	look(job, &from_a_page, &facts);
	assert_int_equal(needs_login(&facts, "/backup.cfg"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_refusal_that_gives_what_it_refuses_is_open),
	    TEST(who_is_shut_out_has_not_seen_that_nothing_is_there),
	    TEST(settings_under_any_name_are_not_passed_over),
	    TEST(nobody_is_told_who_asks),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
