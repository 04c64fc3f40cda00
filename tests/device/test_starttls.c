/* Each protocol is asked in its own words, and a refusal is told from silence and from chatter. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "device/starttls.h"
#include "tests/support/scripted_unit.h"

#define PORT 25
#define LINES_MAX 4

static struct job *job;

/* What the server says unasked, then in answer to each thing it hears. */
struct dialogue {
	const char *greeting;
	const char *expected[LINES_MAX];
	const char *answers[LINES_MAX];
	bool right; /* it heard what it expected, to the end */
};

static void
serve(void *context, int socket, unsigned number)
{
	struct dialogue *dialogue = context;
	char words[1024];

	(void)number;
	dialogue->right = false;
	unit_say_text(socket, dialogue->greeting);
	for (size_t i = 0; i < LINES_MAX && dialogue->expected[i] != NULL; i++) {
		unit_hear(socket, words, sizeof words, dialogue->expected[i]);
		if (strstr(words, dialogue->expected[i]) == NULL)
			return;
		unit_say_text(socket, dialogue->answers[i]);
	}
	dialogue->right = true;
}

static enum status
begin(struct dialogue *dialogue, const char *how)
{
	struct scripted_unit unit = {.serve = serve, .context = dialogue};
	struct target target;
	struct channel channel;
	enum status status;

	unit_start(&unit, &target);
	target.began = monotonic_ms();
	target.deadline = 60000;
	assert_ok(job, channel_open(job, &target, PORT, &channel));
	status = starttls_begin(job, &channel, how);
	channel_hang_up(job, &channel);
	unit_stop(&unit, &target);
	return status;
}

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

static void
every_protocol_is_asked_in_its_own_words(void **state)
{
	static const struct {
		const char *how;
		struct dialogue dialogue;
	} talks[] = {
	    {"smtp", {"220-hello\r\n220 unit ESMTP\r\n", {"EHLO", "STARTTLS\r\n"},
			 {"250-unit\r\n250-STARTTLS\r\n250 SIZE\r\n", "220 go\r\n"}, false}},
	    {"imap", {"* OK ready\r\n", {"STARTTLS\r\n"}, {"* CAPABILITY IMAP4\r\na OK begin\r\n"},
			 false}},
	    {"pop3", {"+OK ready\r\n", {"STLS\r\n"}, {"+OK begin\r\n"}, false}},
	    {"ftp", {"220 FTP\r\n", {"AUTH TLS\r\n"}, {"234 go\r\n"}, false}},
	    {"nntp", {"200 news\r\n", {"STARTTLS\r\n"}, {"382 go\r\n"}, false}},
	    {"sieve", {"\"STARTTLS\"\r\nOK\r\n", {"STARTTLS\r\n"}, {"OK begin\r\n"}, false}},
	    {"xmpp",
		{"", {"version='1.0'>", "<starttls"},
		    {"<stream:stream><stream:features><starttls/></stream:features>", "<proceed/>"},
		    false}},
	    {"irc", {"", {"STARTTLS\r\n"}, {":unit 670 * :go\r\n"}, false}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(talks); i++) {
		struct dialogue dialogue = talks[i].dialogue;

		assert_int_equal(begin(&dialogue, talks[i].how), STATUS_OK);
		assert_true(dialogue.right);
	}
}

/* A zero within the answer: no string. */
static void
serve_bytes(void *context, int socket, unsigned number)
{
	const struct span *answer = context;
	uint8_t heard[64];

	(void)number;
	if (recv(socket, heard, sizeof heard, 0) > 0)
		unit_say(socket, answer->at, answer->size);
}

static enum status
begin_with(struct span answer, const char *how)
{
	struct scripted_unit unit = {.serve = serve_bytes, .context = &answer};
	struct target target;
	struct channel channel;
	enum status status;

	unit_start(&unit, &target);
	target.began = monotonic_ms();
	target.deadline = 60000;
	assert_ok(job, channel_open(job, &target, PORT, &channel));
	status = starttls_begin(job, &channel, how);
	channel_hang_up(job, &channel);
	unit_stop(&unit, &target);
	return status;
}

static void
ldap_and_postgres_are_asked_in_bytes(void **state)
{
	static const uint8_t yes[] = {0x30, 12, 2, 1, 1, 0x78, 7, 10, 1, 0, 4, 0, 4, 0};
	static const uint8_t no[] = {0x30, 12, 2, 1, 1, 0x78, 7, 10, 1, 2, 4, 0, 4, 0};

	(void)state;
	assert_int_equal(begin_with((struct span){yes, sizeof yes}, "ldap"), STATUS_OK);
	assert_int_equal(begin_with((struct span){no, sizeof no}, "ldap"), STATUS_UNAVAILABLE);
	for (size_t size = 0; size < 10; size++)
		assert_int_not_equal(begin_with((struct span){yes, size}, "ldap"), STATUS_OK);
	assert_int_equal(begin_with(span_of_string("S"), "postgres"), STATUS_OK);
	assert_int_equal(begin_with(span_of_string("N"), "postgres"), STATUS_UNAVAILABLE);
}

static void
a_refusal_is_known_at_once(void **state)
{
	static const struct {
		const char *how;
		struct dialogue dialogue;
	} talks[] = {
	    {"smtp", {"220 unit\r\n", {"EHLO", "STARTTLS\r\n"}, {"250 unit\r\n", "502 what\r\n"},
			 false}},
	    {"smtp", {"554 go away\r\n", {NULL}, {NULL}, false}},
	    {"imap", {"* OK ready\r\n", {"STARTTLS\r\n"}, {"a BAD what\r\n"}, false}},
	    {"pop3", {"+OK ready\r\n", {"STLS\r\n"}, {"-ERR what\r\n"}, false}},
	    {"ftp", {"220 FTP\r\n", {"AUTH TLS\r\n"}, {"530 what\r\n"}, false}},
	    {"xmpp", {"", {"version='1.0'>"}, {"</stream:stream>"}, false}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(talks); i++) {
		struct dialogue dialogue = talks[i].dialogue;

		assert_int_equal(begin(&dialogue, talks[i].how), STATUS_UNAVAILABLE);
	}
}

static void
chatter_ends_at_a_limit_and_an_unknown_way_is_told(void **state)
{
	char *words = arena_allocate(job, 20000);
	struct dialogue chatter = {.greeting = words}, none = {.greeting = ""};

	(void)state;
	memset(words, 'x', 19999);
	words[19999] = '\0';
	assert_int_equal(begin(&chatter, "smtp"), STATUS_MALFORMED);
	assert_int_equal(begin(&none, "gopher"), STATUS_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_protocol_is_asked_in_its_own_words, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		ldap_and_postgres_are_asked_in_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_refusal_is_known_at_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		chatter_ends_at_a_limit_and_an_unknown_way_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
