/* A page is read as browsers read it, and what a script may do to its form is never guessed. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_login.h"
#include "device/http_page.h"
#include "tests/support/scripted_unit.h"

static const char page[] =
    "<!-- <form method=post action=/old><input name=u><input type=password name=p></form> -->\n"
    "<html><head><title>IP &amp; camera</title><script>var s='<input type=password>';"
    "if (old) window.location.href = \"old/login.asp\"; location.replace('/new.html')</script>"
    "<script src=\"js/jquery.js\"></script></head><body><a href='view.html?a=1&amp;b=2'>View</a>"
    "<a href=reboot.cgi>x</a><img src=logo.png><frame src=menu.htm><p>Please log in</p>"
    "<form METHOD=Post action='login.cgi?x=1&amp;y=2'><input type=hidden name=token "
    "value='a&quot;b'>"
    "<input name=user><input type=password name=pass><select name=lang><option value=en>E"
    "<option value=vi selected>V</select><input type=checkbox name=keep checked value=1>"
    "<input type=radio name=r value=no><input type=submit name=go value=Go></form></body></html>";

static void
a_form_is_sent_as_a_browser_would(void **state)
{
	struct job *job = *state;
	struct http_form form;

	assert_ok(job, http_read_form(job, span_of_string(page), &form));
	assert_true(form.asks_password && form.usable && form.post);
	assert_string_equal(form.action, "login.cgi?x=1&y=2");
	assert_string_equal(form.user_field, "user");
	assert_int_equal(form.field_count, 4);
	assert_string_equal(form.fields[0].value, "a\"b");
	assert_string_equal(form.fields[1].name, "lang");
	assert_string_equal(form.fields[1].value, "vi");
	assert_string_equal(form.fields[2].name, "keep");
	assert_string_equal(form.fields[3].name, "go");
}

static void
a_form_that_a_script_sends_is_of_no_use(void **state)
{
	static const char *const pages[] = {
	    "<form method=post action=/a onsubmit='h()'><input name=u><input type=password name=p>",
	    "<form method=post action=/a><input name=u><input type=password name=p><input "
	    "type=button onclick=go()></form>",
	    "<form method=post action=/a><input name=u><input type=password name=p><button "
	    "onclick=go()></form>",
	    "<form method=post action='javascript:go()'><input name=u><input type=password name=p>",
	    "<form action=/a><input name=u><input type=password name=p></form>",
	    "<form method=post action=/a><input name=u><input name=code><input type=password "
	    "name=p>",
	    "<form method=post action=/a><input name=u><input type=password name=p><input "
	    "type=password name=q>",
	    "<form method=post action=/a><input type=hidden name=t value=\"\x01\"><input name=u>"
	    "<input type=password name=p>",
	    "<form method=post action=/a><input name=u><input type=password>"};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		struct http_form form;

		assert_ok(job, http_read_form(job, span_of_string(pages[i]), &form));
		assert_true(form.asks_password);
		assert_false(form.usable);
	}
}

static void
links_scripts_and_words_are_found(void **state)
{
	struct job *job = *state;
	struct http_scripts *scripts = arena_allocate(job, sizeof *scripts);
	const char *links[10];
	size_t count;

	assert_ok(job, http_read_links(job, span_of_string(page), links, 10, &count));
	assert_int_equal(count, 5); /* what is posted to is none */
	assert_string_equal(links[0], "old/login.asp");
	assert_string_equal(links[1], "/new.html");
	assert_string_equal(links[2], "view.html?a=1&b=2");
	assert_string_equal(links[3], "reboot.cgi");
	assert_string_equal(links[4], "menu.htm");
	assert_ok(job, http_read_scripts(job, span_of_string(page), scripts));
	assert_int_equal(scripts->own_count, 1);
	assert_int_equal(scripts->address_count, 1);
	assert_string_equal(scripts->addresses[0], "js/jquery.js");
	assert_string_equal(http_title(job, span_of_string(page)), "IP & camera");
	assert_non_null(strstr(http_words(job, span_of_string(page)), "Please log in"));
	assert_null(strstr(http_words(job, span_of_string(page)), "var s"));
	assert_string_equal(
	    http_script_login(span_of_string("x.post('/RPC2_Login')")), "/RPC2_Login");
	assert_null(http_script_login(span_of_string("nothing")));
}

static void
a_deed_is_told_from_a_word_that_holds_one(void **state)
{
	static const char *const deeds[] = {"/reboot.cgi", "/cgi-bin/sysReboot", "/a?do=RESET",
	    "/formatSD.cgi", "/information?do=format", "/preset/reset.cgi", "/fwupgrade"};
	static const char *const others[] = {
	    "/information.html", "/Inform/login", "/ptz/presets.htm", "/login.html", ""};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(deeds); i++)
		assert_true(http_is_deed(deeds[i]));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(http_is_deed(others[i]));
}

static void
addresses_are_resolved_within_the_origin(void **state)
{
	static const struct {
		const char *path, *link, *is;
	} cases[] = {{"/a/b.html", "c", "/a/c"}, {"/a/b.html", "../c", "/c"},
	    {"/a/b.html", "../../../c", "/c"}, {"/a/b.html", "./c?d#e", "/a/c?d"},
	    {"/a/b.html", "/c", "/c"}, {"/a/b?x=/y/", "c", "/a/c"},
	    {"/a/b.html", "?x", "/a/b.html?x"}, {"/a/b.html", "", "/a/b.html"},
	    {"/a", "http://192.0.2.1/c", "/c"}, {"/a", "http://192.0.2.1:8080/c", "/c"},
	    {"/a", "HTTP://192.0.2.1", "/"}, {"/a", "https://192.0.2.1/c", NULL},
	    {"/a", "http://192.0.2.10/c", NULL}, {"/a", "http://192.0.2.1:81/c", NULL},
	    {"/a", "//192.0.2.1/c", NULL}, {"/a", "javascript:x", NULL}, {"/a", "#x", NULL},
	    {"/a", "b c", NULL}, {"/a", "mailto:x@y", NULL}};
	struct job *job = *state;
	struct target target = {.address = "192.0.2.1"};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *is =
		    http_resolve(job, &target, 8080, false, cases[i].path, cases[i].link);

		if (cases[i].is == NULL)
			assert_null(is);
		else
			assert_string_equal(is, cases[i].is);
	}
}

static void
what_varies_by_itself_is_settled(void **state)
{
	struct job *job = *state;

	assert_string_equal(
	    http_settled(job, "Failed for admin at 12:30, 3 left (a1b2c3)", "admin"),
	    "Failed for # at #:#, # left (#)");
	assert_string_equal(http_settled(job, "administrator", "admin"), "administrator");
}

static void
a_cookie_set_again_replaces_the_one_before(void **state)
{
	struct job *job = *state;
	struct http_response response = {.header_count = 2,
	    .headers = {{"Set-Cookie", "sid=2; Path=/", false}, {"Set-Cookie", "b=3", false}}};

	assert_string_equal(http_cookies(job, &response, ""), "Cookie: sid=2; b=3\r\n");
	assert_string_equal(
	    http_cookies(job, &response, "Cookie: sid=1; a=9\r\n"), "Cookie: sid=2; b=3; a=9\r\n");
}

static void
read_everything(struct job *job, struct span bytes)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct http_scripts *scripts = arena_allocate(job, sizeof *scripts);
	struct http_form form;
	const char *links[10], *words;
	size_t count;

	assert_ok(job, http_read_form(job, bytes, &form));
	assert_ok(job, http_read_links(job, bytes, links, 10, &count));
	assert_ok(job, http_read_scripts(job, bytes, scripts));
	(void)http_title(job, bytes);
	words = http_words(job, bytes);
	assert_non_null(words);
	assert_non_null(http_settled(job, words, "admin"));
	arena_release(job->arena, mark);
}

static void
pages_cut_or_flipped_stay_within_bounds(void **state)
{
	struct job *job = *state;
	size_t size = sizeof page - 1;

	for (size_t bit = 0; bit < size * 8; bit++) {
		struct arena_mark mark = arena_mark(job->arena);
		size_t cut = bit % 8 == 0 ? bit / 8 : size;
		uint8_t *copy = arena_allocate(job, cut);

		memcpy(copy, page, cut);
		if (bit / 8 < cut)
			copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		read_everything(job, (struct span){copy, cut});
		arena_release(job->arena, mark);
	}
}

static void
pages_without_end_are_read_so_far(void **state)
{
	static const char *const pieces[] = {"<", "<!--", "<script>", "<a href=x", "location='",
	    "<form><input type=password ", "</", "&amp;", "<a b=\"", "location=\"x\" "};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		struct text out = text_new(job);

		while (out.size < 100000)
			text_put(&out, pieces[i]);
		read_everything(job, span_of_string(out.at));
	}
}

/* ---- forms that answer ---- */

#define FORM                                                                                       \
	"HTTP/1.0 200 OK\r\n\r\n<p>%s</p><form method=post action=in><input type=hidden name=t "   \
	"value=%u><input name=u><input type=password name=p></form>"

/* What it says to admin with a wrong password, to others, and to admin/right. */
struct form_unit {
	const char *known, *unknown, *right;
	unsigned turn;
};

static void
say_form(struct form_unit *unit, int socket, const char *words)
{
	char answer[1024];

	snprintf(answer, sizeof answer, FORM, words, ++unit->turn);
	unit_say_text(socket, answer);
}

static void
serve_form(void *context, int socket, unsigned number)
{
	struct form_unit *unit = context;
	char request[4096];
	const char *answer;

	(void)number;
	unit_hear(socket, request, sizeof request, "\r\n\r\n");
	if (strncmp(request, "POST", 4) != 0) {
		bool inside = strncmp(request, "GET /inside", 11) == 0;

		if (inside && strstr(request, "s=in") != NULL)
			unit_say_text(socket, "HTTP/1.0 200 OK\r\n\r\nLive");
		else
			say_form(unit, socket, "");
		return;
	}
	while (strstr(request, "t=") == NULL)
		if (unit_hear(socket, request + strlen(request), sizeof request - strlen(request),
			"t=") == 0)
			return;
	answer = strstr(request, "u=admin&p=right") != NULL ? unit->right
		 : strstr(request, "u=admin&") != NULL      ? unit->known
							    : unit->unknown;
	if (strncmp(answer, "HTTP", 4) == 0)
		unit_say_text(socket, answer);
	else
		say_form(unit, socket, answer);
}

static void
try(struct job *job, struct form_unit form, struct login_result *control,
    struct login_result *wrong, struct login_result *right)
{
	struct scripted_unit unit = {.serve = serve_form, .context = &form};
	struct target target;
	struct login login = {
	    .port = 80, .recognised = true, .protocol = "http", .scheme = "form", .path = "/"};

	unit_start(&unit, &target);
	assert_ok(job, login_try(job, &target, &login, "u12", "no", NULL, control));
	assert_ok(job, login_try(job, &target, &login, "admin", "wrong", control, wrong));
	assert_ok(job, login_try(job, &target, &login, "admin", "right", control, right));
	unit_stop(&unit, &target);
}

#define IN "HTTP/1.0 302 Found\r\nSet-Cookie: s=in\r\nLocation: /inside\r\n\r\n"

static void
answers_of_forms_are_judged_beside_the_impossible_pairs(void **state)
{
	static const struct {
		struct form_unit unit;
		enum login_answer control, wrong, right;
	} cases[] = {
	    {{"failed", "failed", IN, 0}, LOGIN_REFUSED, LOGIN_REFUSED, LOGIN_ACCEPTED},
	    /* other words for a user that exists are a refusal all the same */
	    {{"wrong password", "no such user", IN, 0}, LOGIN_REFUSED, LOGIN_REFUSED,
		LOGIN_ACCEPTED},
	    {{"HTTP/1.0 302 x\r\nLocation: /?e=2\r\n\r\n",
		 "HTTP/1.0 302 x\r\nLocation: /?e=1\r\n\r\n", IN, 0},
		LOGIN_REFUSED, LOGIN_REFUSED, LOGIN_ACCEPTED},
	    {{"HTTP/1.0 401 x\r\n\r\nno", "HTTP/1.0 401 x\r\n\r\nno", IN, 0}, LOGIN_REFUSED,
		LOGIN_REFUSED, LOGIN_ACCEPTED},
	    /* nobody is judged any more */
	    {{"This account is locked", "failed", "Too many attempts", 0}, LOGIN_REFUSED,
		LOGIN_UNSURE, LOGIN_UNSURE},
	    /* everybody is let in, or a script reads the answer */
	    {{IN, IN, IN, 0}, LOGIN_UNSURE, LOGIN_REFUSED, LOGIN_REFUSED},
	    {{"HTTP/1.0 200 x\r\n\r\n{\"code\":1}", "HTTP/1.0 200 x\r\n\r\n{\"code\":1}",
		 "HTTP/1.0 200 x\r\n\r\n{\"code\":0}", 0},
		LOGIN_UNSURE, LOGIN_REFUSED, LOGIN_REFUSED},
	    /* a short page that speaks of failure, and one that leads away */
	    {{"failed", "failed", "HTTP/1.0 200 x\r\n\r\nLogin denied", 0}, LOGIN_REFUSED,
		LOGIN_REFUSED, LOGIN_UNSURE},
	    {{"failed", "failed", "HTTP/1.0 302 x\r\nLocation: https://192.0.2.9/\r\n\r\n", 0},
		LOGIN_REFUSED, LOGIN_REFUSED, LOGIN_UNSURE},
	    {{"failed", "failed",
		 "HTTP/1.0 200 x\r\n\r\n<form method=post action=/new><input type=password "
		 "name=a><input type=password name=b></form>",
		 0},
		LOGIN_REFUSED, LOGIN_REFUSED, LOGIN_ACCEPTED},
	};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct login_result control, wrong, right;

		try(job, cases[i].unit, &control, &wrong, &right);
		if (control.answer != cases[i].control || wrong.answer != cases[i].wrong ||
		    right.answer != cases[i].right)
			fail_msg("case %zu: %d %d %d", i, (int)control.answer, (int)wrong.answer,
			    (int)right.answer);
		assert_int_equal(right.forced_change, i + 1 == ARRAY_SIZE(cases));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	    TEST(a_form_is_sent_as_a_browser_would),
	    TEST(a_form_that_a_script_sends_is_of_no_use),
	    TEST(links_scripts_and_words_are_found),
	    TEST(a_deed_is_told_from_a_word_that_holds_one),
	    TEST(addresses_are_resolved_within_the_origin),
	    TEST(what_varies_by_itself_is_settled),
	    TEST(a_cookie_set_again_replaces_the_one_before),
	    TEST(pages_cut_or_flipped_stay_within_bounds),
	    TEST(pages_without_end_are_read_so_far),
	    TEST(answers_of_forms_are_judged_beside_the_impossible_pairs),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
