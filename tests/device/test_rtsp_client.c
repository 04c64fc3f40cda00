/* A server of streams that lies about its paths opens no stream, and hides none. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"
#include "device/rtsp_client.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_rtsp;

static struct job *job;

static int
set_up(void **state)
{
	(void)state;
	job = job_new((size_t)256 << 20);
	return job == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	job_free(job);
	return 0;
}

static const char description[] =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=Session\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 0 RTP/SAVP 0\r\n";

/* ---- descriptions ---- */

static void
a_description_names_its_media(void **state)
{
	struct sdp sdp;
	bool found;

	(void)state;
	assert_int_equal(sdp_read(job, span_of_string(description), &sdp, &found), STATUS_OK);
	assert_true(found);
	assert_int_equal(sdp.count, 2);
	assert_string_equal(sdp_words(job, &sdp), "video RTP/AVP, audio RTP/SAVP");
}

static void
what_names_no_media_is_no_description(void **state)
{
	static const char *const bodies[] = {"", "v=0\r\n", "<html>m=video 0 RTP/AVP 96</html>",
	    "m=video 0 RTP/AVP 96\r\n", "v=0\r\nm=", "v=0\r\n m=video 0 RTP/AVP 1\r\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct sdp sdp;
		bool found = true;

		assert_int_equal(sdp_read(job, span_of_string(bodies[i]), &sdp, &found), STATUS_OK);
		assert_false(found);
	}
}

static void
a_description_cut_or_flipped_anywhere_is_read_within_bounds(void **state)
{
	size_t whole = strlen(description);

	(void)state;
	for (size_t size = 0; size <= whole; size++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct arena_mark mark = arena_mark(job->arena);
			uint8_t *cut = arena_allocate(job, size);
			struct sdp sdp;
			bool found;

			memcpy(cut, description, size);
			if (size > 0)
				cut[size * 7 % size] ^= (uint8_t)(1u << bit);
			assert_int_equal(
			    sdp_read(job, (struct span){cut, size}, &sdp, &found), STATUS_OK);
			assert_true(sdp.count <= SDP_MEDIA_MAX);
			arena_release(job->arena, mark);
		}
}

static void
a_thousand_media_are_as_many_as_are_kept(void **state)
{
	struct text out = text_new(job);
	struct sdp sdp;
	bool found;

	(void)state;
	text_put(&out, "v=0\n");
	for (unsigned i = 0; i < 2000; i++)
		text_put(&out, "m=video 0 RTP/AVP 96\n");
	assert_int_equal(sdp_read(job, span_of_string(out.at), &sdp, &found), STATUS_OK);
	assert_int_equal(sdp.count, SDP_MEDIA_MAX);
}

/* ---- servers ---- */

/* How a scripted server answers a description. */
struct script {
	const char *open_path; /* described to anybody; NULL: none; "*": every path */
	const char *guarded;   /* asks for a log-in; NULL: none; "*": every other path */
	const char *otherwise; /* status line of the rest */
	bool hangs_up;
	bool no_length;
};

static void
answer(const struct script *script, int socket, const char *request)
{
	const char *path = strstr(request, ":554"), *end;
	char head[512];
	bool describe = strncmp(request, "DESCRIBE", 8) == 0;
	size_t size;

	path = path == NULL ? "" : path + 4;
	end = strchr(path, ' ');
	size = end == NULL ? 0 : (size_t)(end - path);
#define IS(word)                                                                                   \
	((word) != NULL &&                                                                         \
	    (strcmp(word, "*") == 0 || (strlen(word) == size && strncmp(path, word, size) == 0)))
	if (!describe)
		unit_say_text(socket, "RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Rtsp/3.1\r\n\r\n");
	else if (IS(script->open_path) || strstr(request, "YWRtaW46YWRtaW4=") != NULL) {
		snprintf(head, sizeof head, "RTSP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n",
		    strlen(description));
		unit_say_text(socket,
		    script->no_length ? "RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n"
				      : head);
		unit_say_text(socket, description);
	} else if (IS(script->guarded))
		unit_say_text(socket,
		    "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n"
		    "WWW-Authenticate: Basic realm=\"Login to 3L09876PAZ12345\"\r\n\r\n");
	else
		unit_say_text(socket, script->otherwise);
#undef IS
}

static void
serve(void *context, int socket, unsigned number)
{
	const struct script *script = context;
	char request[4096];

	(void)number;
	while (unit_hear(socket, request, sizeof request, "\r\n\r\n") > 0) {
		answer(script, socket, request);
		if (script->hangs_up)
			return;
	}
}

/* Runs the probe against the script. */
static struct fact_list
probe(const struct script *script, struct target *target, struct scripted_unit *unit)
{
	static struct script copy;
	struct service service = {.port = 554, .name = "rtsp"};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);

	copy = *script;
	*unit = (struct scripted_unit){.serve = serve, .context = &copy};
	unit_start(unit, target);
	target_add_service(target, &service);
	evidence.source = "rtsp";
	assert_int_equal(probe_rtsp.talk(job, target, &evidence), STATUS_OK);
	return list;
}

static const struct fact *
find(const struct fact_list *list, enum fact_kind kind, size_t number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->facts[i].kind == kind && number-- == 0)
			return &list->facts[i];
	return NULL;
}

static const char not_found[] = "RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n";

static void
a_stream_without_a_log_in_is_found_among_the_usual_paths(void **state)
{
	const struct script scripts[] = {{"/live/ch0", NULL, not_found, false, false},
	    {"/live/ch0", NULL, not_found, true, false},
	    {"/live/ch0", NULL, not_found, false, true}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		struct scripted_unit unit;
		struct target target;
		struct fact_list list = probe(&scripts[i], &target, &unit);
		const struct fact *stream = find(&list, FACT_resource, 0);

		assert_non_null(stream);
		assert_string_equal(stream->as.resource.name, "/live/ch0");
		assert_string_equal(stream->as.resource.access, "stream");
		assert_int_equal(stream->as.resource.needs_login, 0);
		assert_string_equal(stream->as.resource.detail, "video RTP/AVP, audio RTP/SAVP");
		assert_null(find(&list, FACT_resource, 1));
		assert_string_equal(find(&list, FACT_disclosure, 0)->as.disclosure.type, "version");
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 1);
		unit_stop(&unit, &target);
	}
}

static void
one_path_left_open_among_guarded_ones_is_found(void **state)
{
	const struct script script = {"/onvif2", "*", not_found, false, false};
	struct scripted_unit unit;
	struct target target;
	struct fact_list list = probe(&script, &target, &unit);

	(void)state;
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "any path");
	assert_int_equal(find(&list, FACT_resource, 0)->as.resource.needs_login, 1);
	assert_string_equal(find(&list, FACT_resource, 1)->as.resource.name, "/onvif2");
	assert_int_equal(find(&list, FACT_resource, 1)->as.resource.needs_login, 0);
	assert_null(find(&list, FACT_resource, 2));
	assert_int_equal(target.login_count, 1);
	assert_string_equal(
	    find(&list, FACT_disclosure, 2)->as.disclosure.value, "3L09876PAZ12345");
	unit_stop(&unit, &target);
}

static void
a_stream_at_every_path_is_one_stream(void **state)
{
	const struct script script = {"*", NULL, not_found, false, false};
	struct scripted_unit unit;
	struct target target;
	struct fact_list list = probe(&script, &target, &unit);

	(void)state;
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "any path");
	assert_int_equal(find(&list, FACT_resource, 0)->as.resource.needs_login, 0);
	assert_null(find(&list, FACT_resource, 1));
	unit_stop(&unit, &target);
}

static void
yes_to_every_path_without_media_is_no_stream_and_proves_nothing(void **state)
{
	static const char *const lies[] = {"RTSP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK",
	    "RTSP/1.0 200 OK\r\n\r\n", not_found, "RTSP/1.0 500 Oops\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		const struct script script = {NULL, NULL, lies[i], false, false};
		struct scripted_unit unit;
		struct target target;
		struct fact_list list = probe(&script, &target, &unit);

		assert_null(find(&list, FACT_resource, 0));
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 0);
		assert_non_null(target.logins_lack);
		unit_stop(&unit, &target);
	}
}

static void
a_path_that_the_unit_told_is_asked_first(void **state)
{
	const struct script script = {"/hidden?x=1", NULL, not_found, false, false};
	struct service service = {.port = 554, .name = "rtsp"};
	struct scripted_unit unit = {.serve = serve, .context = (void *)(uintptr_t)&script};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);
	struct target target;

	(void)state;
	unit_start(&unit, &target);
	target_add_service(&target, &service);
	target_add_stream(&target, 554, "/hidden?x=1");
	target_add_stream(&target, 554, "/hidden?x=1");
	target_add_stream(&target, 8554, "/other");
	assert_int_equal(target.stream_count, 2);
	evidence.source = "rtsp";
	assert_int_equal(probe_rtsp.talk(job, &target, &evidence), STATUS_OK);
	assert_string_equal(find(&list, FACT_resource, 0)->as.resource.name, "/hidden?x=1");
	unit_stop(&unit, &target);
}

static void
garbage(void *context, int socket, unsigned number)
{
	char request[4096];

	(void)number;
	if (unit_hear(socket, request, sizeof request, "\r\n\r\n") > 0)
		for (unsigned i = 0; i < 20000; i++)
			unit_say_text(socket, context);
}

static void
a_server_that_floods_or_speaks_something_else_is_left(void **state)
{
	static char flood[] = "RTSP/1.0 200 OK\r\nX: 0123456789012345678901234567890123456789\r\n",
		    noise[] = "220 welcome to the wrong protocol, dear visitor\r\n";
	char *const ways[] = {flood, noise};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct scripted_unit unit = {.serve = garbage, .context = ways[i]};
		struct service service = {.port = 554, .name = "rtsp"};
		struct fact_list list = {0};
		struct evidence evidence = evidence_to_list(&list);
		struct target target;

		unit_start(&unit, &target);
		target_add_service(&target, &service);
		evidence.source = "rtsp";
		assert_int_equal(probe_rtsp.talk(job, &target, &evidence), STATUS_OK);
		assert_null(find(&list, FACT_resource, 0));
		assert_int_equal(find(&list, FACT_looked, 0)->as.looked.complete, 0);
		unit_stop(&unit, &target);
	}
}

/* ---- log-ins ---- */

static void
a_pair_opens_a_stream_or_does_not(void **state)
{
	static struct script script = {NULL, "*", not_found, true, false};
	static const struct {
		const char *user, *password;
		enum login_answer answer;
	} pairs[] = {{"u1", "x", LOGIN_REFUSED}, {"admin", "admin", LOGIN_ACCEPTED},
	    {"admin", "Admin", LOGIN_REFUSED}};
	struct login login = {.port = 554,
	    .protocol = "rtsp",
	    .scheme = "basic",
	    .path = "/live",
	    .recognised = true};
	struct scripted_unit unit = {.serve = serve, .context = &script};
	struct login_result control, result;
	struct target target;

	(void)state;
	unit_start(&unit, &target);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		assert_int_equal(login_try(job, &target, &login, pairs[i].user, pairs[i].password,
				     i == 0 ? NULL : &control, &result),
		    STATUS_OK);
		assert_int_equal(result.answer, pairs[i].answer);
		if (i == 0)
			control = result;
	}
	login.scheme = "digest";
	assert_int_equal(
	    login_try(job, &target, &login, "admin", "admin", NULL, &result), STATUS_UNDECIDED);
	unit_stop(&unit, &target);
}

/* ---- addresses ---- */

static void
only_the_units_own_addresses_are_followed(void **state)
{
	static const struct {
		const char *url;
		const char *path; /* NULL: not followed */
		uint16_t port;
	} urls[] = {{"http://192.0.2.1/a", "/a", 80},
	    {"HTTP://192.0.2.1:8080/a?b=c#d", "/a?b=c", 8080},
	    {"rtsp://admin:x@192.0.2.1/11", "/11", 554}, {"https://192.0.2.1", "/", 443},
	    {"http://192.0.2.10/a", NULL, 0}, {"http://192.0.2.1.example/a", NULL, 0},
	    {"http://192.0.2.1:99999/", NULL, 0}, {"http://192.0.2.1:/", NULL, 0},
	    {"http://evil@192.0.2.9/", NULL, 0}, {"http://192.0.2.9/@192.0.2.1/", NULL, 0},
	    {"ftp://192.0.2.1/", NULL, 0}, {"http://192.0.2.1/a b", NULL, 0},
	    {"http://192.0.2.1/a\r\nX: y", NULL, 0}, {"//192.0.2.1/", NULL, 0}, {"", NULL, 0}};
	struct target target = {.address = "192.0.2.1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		struct ask_place place;

		assert_int_equal(
		    ask_read_url(job, &target, urls[i].url, &place), urls[i].path != NULL);
		if (urls[i].path == NULL)
			continue;
		assert_string_equal(place.path, urls[i].path);
		assert_int_equal(place.port, urls[i].port);
	}
	target.address = "fe80::1%eth0";
	assert_true(ask_read_url(job, &target, "http://[fe80::1]:81/x", &(struct ask_place){0}));
	assert_false(ask_read_url(job, &target, "http://[fe80::2]:81/x", &(struct ask_place){0}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_description_names_its_media),
	    TEST(what_names_no_media_is_no_description),
	    TEST(a_description_cut_or_flipped_anywhere_is_read_within_bounds),
	    TEST(a_thousand_media_are_as_many_as_are_kept),
	    TEST(a_stream_without_a_log_in_is_found_among_the_usual_paths),
	    TEST(one_path_left_open_among_guarded_ones_is_found),
	    TEST(a_stream_at_every_path_is_one_stream),
	    TEST(yes_to_every_path_without_media_is_no_stream_and_proves_nothing),
	    TEST(a_path_that_the_unit_told_is_asked_first),
	    TEST(a_server_that_floods_or_speaks_something_else_is_left),
	    TEST(a_pair_opens_a_stream_or_does_not),
	    TEST(only_the_units_own_addresses_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
