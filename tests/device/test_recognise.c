/* A service is named by what it says, never by its port, and hostile words name none by accident.
 */
#include "tests/support/support.h"

#include <poll.h>
#include <string.h>

#include "device/probe.h"
#include "device/recognise.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_ports;

#define PACE 5 /* the patience of silence is real, and so many times shorter */
#define SPAN(literal) ((struct span){(const uint8_t *)(literal), sizeof(literal) - 1})

struct sample {
	const char *asked; /* NULL: said unasked */
	struct span words;
	const char *service;
};

#define GREETS(words, service)                                                                     \
	{                                                                                          \
		NULL, {(const uint8_t *)(words), sizeof(words) - 1}, service                       \
	}
#define ANSWERS(asked, words, service)                                                             \
	{                                                                                          \
		asked, {(const uint8_t *)(words), sizeof(words) - 1}, service                      \
	}
static const struct sample samples[] = {GREETS("SSH-2.0-dropbear\r\n", "ssh"),
    GREETS("220 cam ESMTP\r\n", "smtp"), GREETS("220 (vsFTPd 3.0.3)\r\n", "ftp"),
    GREETS("\xff\xfd\x01", "telnet"), GREETS("cam login: ", "telnet"),
    GREETS("RFB 003.008\n", "vnc"), GREETS("@RSYNCD: 31.0\n", "rsync"),
    GREETS("\r\nBusyBox v1.35\r\n# ", "shell"), GREETS("* OK [CAPABILITY] ready\r\n", "imap"),
    GREETS("J\0\0\0\n8.0.36\0\1\0\0\0", "mysql"), GREETS("hello\r\n", "unknown"),
    GREETS("HTTP/1.0 200 OK\r\n\r\n", "unknown"), GREETS("\0\0\0#", "unknown"),
    ANSWERS("http", "HTTP/1.1 401 No\r\n", "http"), ANSWERS("http", "RTSP/1.0 400 No\r\n", "rtsp"),
    ANSWERS("adb", "AUTH\1\0\0\0\0\0\0\0\24\0\0\0\0\0\0\0\xbe\xaa\xab\xb7", "adb"),
    ANSWERS("http", "AUTH\1\0\0\0\0\0\0\0\24\0\0\0\0\0\0\0\xbe\xaa\xab\xb7", "unknown"),
    ANSWERS("gdb", "+$PacketSize=3fff#aa", "gdb"), ANSWERS("redis", "-NOAUTH no\r\n", "redis"),
    ANSWERS("postgresql", "N", "postgresql"), ANSWERS("socks", "\5\xff", "socks"),
    ANSWERS("rdp", "\3\0\0\x13\x0e\xd0\0\0\0", "rdp"),
    ANSWERS("smb", "\0\0\0\x40\xfeSMB\x40\0", "smb"), ANSWERS("shell", "hopquy\n", "shell"),
    ANSWERS("shell", "\necho hop''quy\n", "unknown"),
    ANSWERS("mqtt-websocket", "HTTP/1.1 101 Go\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
	"mqtt-websocket"),
    ANSWERS("mqtt-websocket", "HTTP/1.1 404 Not Found\r\n\r\n", "http"),
    ANSWERS("mqtt", " \2\0\5", "mqtt"), ANSWERS("mqtt", " \2\0\0\x30\4\0\1ab", "mqtt"),
    ANSWERS("mqtt", " \3\0\x84\0", "mqtt"), ANSWERS("mqtt", " \6\0\x87\3\x21\0\1", "mqtt"),
    ANSWERS("mqtt", " \2\7\0", "unknown"), ANSWERS("mqtt", " \2\0\x20", "unknown"),
    ANSWERS("mqtt", " \x0aunit ready", "unknown"),
    ANSWERS("dhip", "\x20\0\0\0DHIP\0\0\0\0", "dhip"),
    ANSWERS("modbus", "\0\1\0\0\0\3\xff\xab\1", "modbus")};

static const char *
name_of(const struct sample *sample, struct span words)
{
	return sample->asked == NULL ? recognise_banner(words)
				     : recognise_answer(sample->asked, words);
}

static void
words_name_their_protocol(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		assert_string_equal(name_of(&samples[i], samples[i].words), samples[i].service);
}

/* Blocks of exactly their size, so that the sanitizer sees a read too far. */
static void
cut_and_broken_words_are_borne(void **state)
{
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		for (size_t size = 0; size <= samples[i].words.size; size++) {
			uint8_t *copy = arena_allocate(job, size + 1);
			struct span words = {copy + 1, size};

			memcpy(copy + 1, samples[i].words.at, size);
			assert_non_null(name_of(&samples[i], words));
			(void)recognise_starttls("mysql", words, words);
			(void)recognise_starttls("postgresql", words, words);
			for (size_t bit = 0; bit < 8 * size; bit++) {
				copy[1 + bit / 8] ^= (uint8_t)(1u << bit % 8);
				assert_non_null(name_of(&samples[i], words));
				(void)recognise_starttls("mysql", words, words);
				copy[1 + bit / 8] ^= (uint8_t)(1u << bit % 8);
			}
		}
}

static void
tls_that_is_asked_for_is_heard(void **state)
{
	struct span none = {0};

	(void)state;
	assert_string_equal(
	    recognise_starttls("smtp", none, SPAN("250-a\r\n250 STARTTLS\r\n")), "smtp");
	assert_null(recognise_starttls("smtp", none, SPAN("250 a\r\n")));
	assert_string_equal(recognise_starttls("pop3", none, SPAN("+OK\r\nSTLS\r\n.\r\n")), "pop3");
	assert_string_equal(recognise_starttls("ftp", none, SPAN("234 go\r\n")), "ftp");
	assert_null(recognise_starttls("ftp", none, SPAN("530 log in first\r\n")));
	assert_string_equal(recognise_starttls("postgresql", none, SPAN("S")), "postgresql");
	assert_null(recognise_starttls("postgresql", none, SPAN("N")));
	assert_string_equal(recognise_starttls("mysql",
				SPAN("J\0\0\0\n8.0\0\1\0\0\0saltsalt\0\xff\xff\x21\2\0"), none),
	    "mysql");
	assert_null(recognise_starttls(
	    "mysql", SPAN("J\0\0\0\n8.0\0\1\0\0\0saltsalt\0\xff\xf7\x21\2\0"), none));
}

static void
greet_at_once(void *context, int socket, unsigned number)
{
	(void)context;
	(void)number;
	unit_say_text(socket, "SSH-2.0-camera\r\nand a packet");
}

static void
a_port_that_speaks_at_once_costs_one_connection(void **state)
{
	struct scripted_unit unit = {.serve = greet_at_once};
	struct recognition recognition;
	struct target target;

	unit_start(&unit, &target);
	assert_ok((struct job *)*state, recognise(*state, &target, 80, &recognition));
	unit_stop(&unit, &target);
	assert_string_equal(recognition.service, "ssh");
	assert_string_equal(recognition.banner, "SSH-2.0-camera");
	assert_int_equal(unit.served, 1);
}

/* Answers like a debug bridge, and hangs up on everything else. */
static void
be_a_bridge(void *context, int socket, unsigned number)
{
	static const uint8_t auth[24] = {'A', 'U', 'T', 'H', 1};
	char heard[100];

	(void)context;
	(void)number;
	unit_hear(socket, heard, 5, "never");
	if (memcmp(heard, "CNXN", 4) == 0)
		unit_say(socket, auth, sizeof auth);
}

static void
a_debug_bridge_is_found_where_nobody_expects_it(void **state)
{
	struct scripted_unit unit = {.serve = be_a_bridge, .at_once = true, .pace = PACE};
	struct recognition recognition;
	struct target target;

	unit_start(&unit, &target);
	assert_ok((struct job *)*state, recognise(*state, &target, 80, &recognition));
	unit_stop(&unit, &target);
	assert_string_equal(recognition.service, "adb");
	assert_false(recognition.tls);
}

static void
patience_follows_what_the_unit_has_shown(void **state)
{
	struct target target = {0};

	(void)state;
	assert_int_equal(target_patience(&target, 4000), 4000);
	target_heard(&target, 3);
	assert_int_equal(target_patience(&target, 4000), 1500);
	assert_int_equal(target_patience(&target, 700), 700);
	target_heard(&target, 100);
	target_heard(&target, 3);
	assert_int_equal(target_patience(&target, 4000), 2500);
	target_heard(&target, 3000);
	assert_int_equal(target_patience(&target, 4000), 4000);
}

/* A shell without a greeting: it runs what it is told, and tells of nothing else. */
static void
be_a_bare_shell(void *context, int socket, unsigned number)
{
	bool *commanded = context;
	char heard[200];

	(void)number;
	unit_hear(socket, heard, sizeof heard, "quy\n");
	if (strstr(heard, "echo") == NULL)
		return;
	*commanded = true;
	unit_say_text(socket, "hopquy\n");
}

static void
a_command_is_said_only_where_log_ins_are_tried(void **state)
{
	bool commanded = false;
	struct scripted_unit unit = {
	    .serve = be_a_bare_shell, .context = &commanded, .at_once = true, .pace = PACE};
	struct recognition recognition;
	struct target target;

	unit_start(&unit, &target);
	target.granted = INTRUSION_OBSERVE;
	assert_ok((struct job *)*state, recognise(*state, &target, 4444, &recognition));
	assert_false(commanded);
	assert_string_equal(recognition.service, "unknown");
	target.granted = INTRUSION_LOGIN;
	assert_ok((struct job *)*state, recognise(*state, &target, 4444, &recognition));
	unit_stop(&unit, &target);
	assert_true(commanded);
	assert_string_equal(recognition.service, "shell");
}

/* An alert to each hello: it speaks TLS, and lets nobody see what stands behind. */
static void
be_closed_tls(void *context, int socket, unsigned number)
{
	char heard[600];

	(void)context;
	(void)number;
	if (unit_hear(socket, heard, 6, "never") > 0 && heard[0] == 0x16)
		unit_say(socket, "\x15\3\3\0\2\2\x28", 7);
}

static void
run_ports(struct job *job, struct scripted_unit *unit, struct target *target)
{
	static const uint16_t open[] = {443};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);

	unit_start(unit, target);
	assert_ok(job, channel_tls_prepare(job, target));
	target->scan = (struct scan){
	    .reached = true, .complete = true, .required = 65535, .open_count = 1, .open = open};
	evidence.source = probe_ports.name;
	assert_ok(job, probe_ports.talk(job, target, &evidence));
	channel_tls_release(target);
	unit_stop(unit, target);
}

static void
what_is_not_recognised_leaves_the_services_unknown(void **state)
{
	struct scripted_unit tls = {.serve = be_closed_tls, .pace = PACE},
			     mute = {.serve = be_a_bare_shell, .at_once = true, .pace = PACE};
	bool commanded = false;
	struct target target;

	/* TLS was found, and what it hides was not. */
	run_ports(*state, &tls, &target);
	assert_string_equal(target.services[0].name, "tls");
	assert_null(target.services_lack);
	assert_non_null(strstr(target_services_lack(&target), "port 443: what speaks under TLS"));
	mute.context = &commanded;
	run_ports(*state, &mute, &target);
	assert_string_equal(target.services[0].name, "unknown");
	assert_non_null(strstr(target.services_lack, "port 443: what speaks there"));
}

/* What a port that speaks TLS says in clear: to a page asked for, after two seconds of silence. */
struct shared_port {
	const char *to_get, *late;
};

static void
share_a_port(void *context, int socket, unsigned number)
{
	const struct shared_port *shared = context;
	struct pollfd wait = {.fd = socket, .events = POLLIN};
	char heard[600] = "";

	(void)number;
	if (poll(&wait, 1, 2000 / PACE) == 0) {
		if (shared->late != NULL)
			unit_say_text(socket, shared->late);
		unit_hear(socket, heard, sizeof heard, "never");
		return;
	}
	unit_hear(socket, heard, 5, "never");
	if (heard[0] == 0x16)
		unit_say(socket, "\x15\3\3\0\2\2\x28", 7);
	else if (strncmp(heard, "GET ", 4) == 0 && shared->to_get != NULL)
		unit_say_text(socket, shared->to_get);
}

static void
run_shared(struct job *job, const char *to_get, const char *late, struct target *target)
{
	struct shared_port shared = {.to_get = to_get, .late = late};
	struct scripted_unit unit = {
	    .serve = share_a_port, .context = &shared, .at_once = true, .pace = PACE};

	run_ports(job, &unit, target);
	assert_true(target->services[0].tls);
}

static void
what_a_port_of_tls_says_in_clear_is_a_service_too(void **state)
{
	struct job *job = *state;
	struct target target;

	run_shared(job, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n",
	    "\xff\xfb\1\r\ncam login: ", &target);
	assert_int_equal(target.service_count, 3);
	assert_string_equal(target.services[1].name, "http");
	assert_string_equal(target.services[2].name, "telnet");
	assert_false(target.services[1].tls || target.services[2].tls);
	assert_null(target.services_lack);
	run_shared(job, "what?", NULL, &target);
	assert_int_equal(target.service_count, 2);
	assert_non_null(strstr(target.services_lack, "port 443: what speaks there"));
}

static void
who_is_told_to_speak_tls_has_found_no_service(void **state)
{
	static const char *const courtesies[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
	    "HTTP/1.0 426 Upgrade Required\r\n\r\n", "\x15\3\1",
	    "<html><title>400 Bad Request</title>"};
	struct target target;

	for (size_t i = 0; i < ARRAY_SIZE(courtesies); i++)
		assert_true(recognise_only_tls(span_of_string(courtesies[i])));
	assert_false(recognise_only_tls(SPAN("HTTP/1.1 401 No\r\n")));
	assert_false(recognise_only_tls(SPAN("HTTP/1.1")) || recognise_only_tls(SPAN("")));
	run_shared(*state, courtesies[0], "HTTP/1.1 408 Request Timeout\r\n\r\n", &target);
	assert_int_equal(target.service_count, 1);
	assert_null(target.services_lack);
}

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
	    cmocka_unit_test_setup_teardown(words_name_their_protocol, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		cut_and_broken_words_are_borne, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		tls_that_is_asked_for_is_heard, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_port_that_speaks_at_once_costs_one_connection, setup_job, teardown_job),
	    cmocka_unit_test(patience_follows_what_the_unit_has_shown),
	    cmocka_unit_test_setup_teardown(
		a_debug_bridge_is_found_where_nobody_expects_it, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_command_is_said_only_where_log_ins_are_tried, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_not_recognised_leaves_the_services_unknown, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_a_port_of_tls_says_in_clear_is_a_service_too, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		who_is_told_to_speak_tls_has_found_no_service, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		words_said_unasked_are_no_answer, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
