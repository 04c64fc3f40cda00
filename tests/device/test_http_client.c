/* A web server's answer is read in each of the ways its length may be said, and no further. */
#include "tests/support/support.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/http_page.h"
#include "tests/support/scripted_unit.h"

static enum status
read_all(struct job *job, const char *bytes, struct http_response *response)
{
	bool whole;

	*response = (struct http_response){0};
	return http_read_response(job, span_of_string(bytes), true, response, &whole);
}

static void
a_body_is_as_long_as_the_header_says(void **state)
{
	struct job *job = *state;
	struct http_response response;
	size_t from = 0;

	assert_ok(job,
	    read_all(job, "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello and more",
		&response));
	assert_int_equal(response.status, 200);
	assert_int_equal(response.body.size, 5);
	assert_string_equal(http_header(&response, "server", &from), "x");
	assert_null(http_header(&response, "server", &from));
}

static void
chunks_are_put_together(void **state)
{
	struct job *job = *state;
	struct http_response response;

	assert_ok(job, read_all(job,
			   "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
			   "chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
			   &response));
	assert_int_equal(response.body.size, 11);
	assert_memory_equal(response.body.at, "hello world", 11);
}

static void
without_a_length_the_body_lasts_until_farewell(void **state)
{
	struct job *job = *state;
	struct http_response response = {0};
	bool whole;

	assert_ok(job, http_read_response(job, span_of_string("HTTP/1.0 200 OK\n\nabc"), false,
			   &response, &whole));
	assert_false(whole);
	assert_ok(job, read_all(job, "HTTP/1.0 200 OK\n\nabc", &response));
	assert_int_equal(response.body.size, 3);
}

static void
heads_that_make_no_sense_are_refused(void **state)
{
	struct job *job = *state;
	struct http_response response;
	struct text many = text_new(job), large = text_new(job);

	assert_int_equal(read_all(job, "SSH-2.0-x\r\n\r\n", &response), STATUS_MALFORMED);
	assert_int_equal(read_all(job, "HTTP/1.1 2x0 OK\r\n\r\n", &response), STATUS_MALFORMED);
	assert_int_equal(read_all(job, "HTTP/1.1 200 OK\r\nServer", &response), STATUS_MALFORMED);
	text_put(&many, "HTTP/1.1 200 OK\r\n");
	for (unsigned i = 0; i < 100; i++)
		text_put(&many, "a: b\r\n");
	text_put(&many, "\r\n");
	assert_int_equal(read_all(job, many.at, &response), STATUS_MALFORMED);
	for (unsigned i = 0; i < 5000; i++)
		text_put(&large, "HTTP/1.1");
	assert_int_equal(read_all(job, large.at, &response), STATUS_MALFORMED);
}

static void
answers_cut_or_flipped_stay_within_bounds(void **state)
{
	static const char *const names[] = {
	    "http_digest_401.bin", "http_basic_401.bin", "http_redirect.bin"};
	struct job *job = *state;

	for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
		struct span plain =
		    unit_fixture(job, arena_printf(job, "fixtures/devices/replies/%s", names[n]));

		for (size_t bit = 0; bit < plain.size * 8; bit++) {
			struct arena_mark mark = arena_mark(job->arena);
			struct http_response *response = arena_allocate(job, sizeof *response);
			struct http_challenge challenges[HTTP_CHALLENGES_MAX];
			size_t size = bit % 8 == 0 ? bit / 8 : plain.size, count;
			uint8_t *copy = arena_allocate(job, size);
			enum status status;
			bool whole;

			memcpy(copy, plain.at, size);
			if (bit / 8 < size)
				copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
			status = http_read_response(
			    job, (struct span){copy, size}, true, response, &whole);
			assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
			if (status == STATUS_OK)
				assert_ok(
				    job, http_read_challenges(job, response, challenges, &count));
			arena_release(job->arena, mark);
		}
	}
}

static void
two_challenges_in_one_header_are_two(void **state)
{
	struct job *job = *state;
	struct http_response response;
	struct http_challenge challenges[HTTP_CHALLENGES_MAX];
	size_t count;

	assert_ok(job, read_all(job,
			   "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"a, b\", Digest "
			   "realm=\"c\\\"d\", nonce=n1, qop=\"auth,auth-int\"\r\n"
			   "WWW-Authenticate: Negotiate\r\n\r\n",
			   &response));
	assert_ok(job, http_read_challenges(job, &response, challenges, &count));
	assert_int_equal(count, 3);
	assert_string_equal(challenges[0].scheme, "basic");
	assert_string_equal(challenges[0].realm, "a, b");
	assert_string_equal(challenges[1].realm, "c\"d");
	assert_true(challenges[1].qop_auth);
	assert_true(http_can_answer(&challenges[0]) && http_can_answer(&challenges[1]));
	assert_false(http_can_answer(&challenges[2]));
}

/* The example of RFC 2617 section 3.5, without qop: as RFC 2069 computes it. */
static void
a_digest_is_computed_as_the_standard_shows(void **state)
{
	struct job *job = *state;
	struct target target = {0};
	struct http_challenge challenge = {.scheme = "digest",
	    .realm = "testrealm@host.com",
	    .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"};
	const char *line;

	assert_ok(job, http_answer(job, &target, &challenge, "GET", "/dir/index.html", "Mufasa",
			   "Circle Of Life", &line));
	assert_non_null(strstr(line, "response=\"670fd8c2df070c60b045671b8b24ff02\""));
	challenge.algorithm = "SHA-384";
	assert_int_equal(
	    http_answer(job, &target, &challenge, "GET", "/", "a", "b", &line), STATUS_UNDECIDED);
	challenge.scheme = "basic";
	assert_ok(job,
	    http_answer(job, &target, &challenge, "GET", "/", "Aladdin", "open sesame", &line));
	assert_string_equal(line, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
}

/* H() of RFC 7616 by SHA-512/256, written here once more. */
static const char *
hash(struct job *job, const char *words)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size;

	assert_int_equal(
	    EVP_Digest(words, strlen(words), digest, &size, EVP_sha512_256(), NULL), 1);
	return hex_of_bytes(job, (struct span){digest, size});
}

static void
a_session_digest_with_a_hashed_user_is_computed(void **state)
{
	struct job *job = *state;
	struct target target = {0};
	struct http_challenge challenge = {.scheme = "digest",
	    .realm = "a \"b\"",
	    .nonce = "n",
	    .algorithm = "SHA-512-256-sess",
	    .qop = true,
	    .qop_auth = true,
	    .userhash = true};
	const char *line, *client, *ha1, *ha2;

	assert_ok(job, http_answer(job, &target, &challenge, "GET", "/x", "me", "pw", &line));
	client = strstr(line, "cnonce=\"") + strlen("cnonce=\"");
	client = arena_string(job, client, strcspn(client, "\""));
	ha1 = hash(job, "me:a \"b\":pw");
	ha1 = hash(job, arena_printf(job, "%s:n:%s", ha1, client));
	ha2 = hash(job, "GET:/x");
	assert_non_null(strstr(
	    line, arena_printf(job, "response=\"%s\"",
		      hash(job, arena_printf(job, "%s:n:00000001:%s:auth:%s", ha1, client, ha2)))));
	assert_non_null(
	    strstr(line, arena_printf(job, "username=\"%s\"", hash(job, "me:a \"b\""))));
	assert_non_null(strstr(line, "realm=\"a \\\"b\\\"\""));
	assert_non_null(strstr(line, "userhash=true"));
	assert_int_equal(http_answer(job, &target, &challenge, "GET", "/x", "a\r\nb", "pw", &line),
	    STATUS_UNDECIDED);
}

static void
challenges_that_would_be_answered_wrongly_are_left(void **state)
{
	static const struct {
		const char *header;
		bool can;
	} cases[] = {{"Digest realm=a, nonce=b", true},
	    {"Digest realm=a, nonce=b, qop=auth-int", false},
	    {"Digest realm=a, nonce=b, qop=\"auth-int,auth\"", true},
	    {"Digest realm=a, nonce=b, qop=token", false},
	    {"Digest realm=a, nonce=b, algorithm=sha-256-SESS", true},
	    {"Digest realm=a, nonce=b, algorithm=SHA-1", false},
	    {"Digest realm=\"\xc3\xa9\", nonce=b", true},
	    {"Digest realm=\"\xe9\", nonce=b", false}, /* not UTF-8: it could not be sent back */
	    {"Digest nonce=b", false}, {"NTLM", false}, {"Negotiate", false}, {"Bearer", false}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response;
		struct http_challenge challenges[HTTP_CHALLENGES_MAX];
		size_t count;

		assert_ok(
		    job, read_all(job,
			     arena_printf(job, "HTTP/1.1 401 No\r\nWWW-Authenticate: %s\r\n\r\n",
				 cases[i].header),
			     &response));
		assert_ok(job, http_read_challenges(job, &response, challenges, &count));
		assert_int_equal(count, 1);
		assert_int_equal(http_can_answer(&challenges[0]), cases[i].can);
	}
}

static void
a_log_in_form_is_found_and_a_strange_one_is_not_used(void **state)
{
	struct job *job = *state;
	struct http_form form;

	assert_ok(job, http_read_form(job,
			   span_of_string("<html><form action=/search><input name=q></form><FORM "
					  "method=\"POST\" action='/login.cgi'>"
					  "<input type=hidden name=token value=t1><input "
					  "name=user><input type=\"password\" name=pass></form>"),
			   &form));
	assert_true(form.asks_password && form.usable);
	assert_string_equal(form.action, "/login.cgi");
	assert_string_equal(form.user_field, "user");
	assert_string_equal(form.password_field, "pass");
	assert_int_equal(form.field_count, 1);
	assert_string_equal(form.fields[0].value, "t1");
	assert_ok(
	    job, http_read_form(job,
		     span_of_string("<input id=u><input type=password id=p><button onclick=go()>"),
		     &form));
	assert_true(form.asks_password && !form.usable);
	assert_ok(job, http_read_form(job,
			   span_of_string("<form method=post action=/a onsubmit='h()'><input "
					  "name=u><input type=password name=p></form>"),
			   &form));
	assert_false(form.usable);
	assert_ok(job, http_read_form(job, span_of_string("<form><form><<<<a ==\"'>"), &form));
	assert_false(form.asks_password);
}

static void
flood(void *context, int socket, unsigned number)
{
	(void)number;
	unit_say_text(socket, context);
	for (unsigned i = 0; i < 100000; i++)
		unit_say_text(socket,
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
}

static void
a_server_that_sends_without_end_is_cut_off(void **state)
{
	static char head[] = "HTTP/1.1 200 OK\r\n\r\n", nothing[] = "";
	struct job *job = *state;
	struct http_request request = {
	    .method = "GET", .path = "/", .protocol = "HTTP/1.1", .headers = ""};
	struct http_response *response = arena_allocate(job, sizeof *response);
	struct scripted_unit unit = {.serve = flood, .context = head};
	struct target target;

	unit_start(&unit, &target);
	assert_ok(job, http_ask(job, &target, 80, false, &request, response));
	assert_int_equal(response->body.size, HTTP_BODY_MAX_SIZE);
	unit_stop(&unit, &target);
	unit.context = nothing;
	unit_start(&unit, &target);
	assert_int_equal(http_ask(job, &target, 80, false, &request, response), STATUS_MALFORMED);
	unit_stop(&unit, &target);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_body_is_as_long_as_the_header_says, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(chunks_are_put_together, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		without_a_length_the_body_lasts_until_farewell, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		heads_that_make_no_sense_are_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		answers_cut_or_flipped_stay_within_bounds, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		two_challenges_in_one_header_are_two, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_digest_is_computed_as_the_standard_shows, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_session_digest_with_a_hashed_user_is_computed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		challenges_that_would_be_answered_wrongly_are_left, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_log_in_form_is_found_and_a_strange_one_is_not_used, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_server_that_sends_without_end_is_cut_off, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
