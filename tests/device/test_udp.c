/* The probe udp: what answers is open, what is refused is closed, and silence is only silence. */
#include "tests/support/support.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device/probe.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_udp;

/* What the unit says on a port after it was deaf for some questions. */
struct line {
	uint16_t port;
	const char *answer; /* NULL: the question itself */
	size_t size;
	unsigned deaf;
	const char *service; /* what it must be taken for */
};

struct script {
	struct scripted_unit unit;
	struct line *lines;
	size_t count;
	bool refuses; /* sockets are closed, and the next question bounces */
	int kept[256];
	size_t kept_count;
};

static void
answer(void *context, int socket, unsigned number)
{
	struct script *script = context;
	const struct dial_request *request = &script->unit.request;
	uint8_t bytes[2000];
	ssize_t got;

	(void)number;
	if (request->way == DIAL_UDP) {
		got = recv(socket, bytes, sizeof bytes, 0);
	} else {
		got = (ssize_t)request->datagram.size;
		memcpy(bytes, request->datagram.at, request->datagram.size);
	}
	assert_true(got > 0);
	/* A community is a password: none is said by who only looks. */
	assert_null(memmem(bytes, (size_t)got, "public", 6));
	for (size_t i = 0; i < script->count; i++) {
		struct line *line = &script->lines[i];

		if (line->port != request->port)
			continue;
		if (line->deaf > 0)
			line->deaf--;
		else if (line->answer == NULL)
			unit_say(socket, bytes, (size_t)got);
		else
			unit_say(socket, line->answer, line->size);
	}
	if (!script->refuses && script->kept_count < ARRAY_SIZE(script->kept))
		script->kept[script->kept_count++] = dup(socket);
}

/* The looked row, the last fact. */
static const struct looked_fact *
run(struct job *job, struct script *script, struct target *target, struct fact_list *list)
{
	struct evidence evidence = evidence_to_list(list);

	script->unit.serve = answer;
	script->unit.context = script;
	unit_start(&script->unit, target);
	evidence.source = probe_udp.name;
	assert_ok(job, probe_udp.talk(job, target, &evidence));
	unit_stop(&script->unit, target);
	for (size_t i = 0; i < script->kept_count; i++)
		close(script->kept[i]);
	assert_true(list->count > 0);
	assert_int_equal(list->facts[list->count - 1].kind, FACT_looked);
	return &list->facts[list->count - 1].as.looked;
}

static const struct open_port_fact *
port_of(const struct fact_list *list, uint16_t port)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->facts[i].kind == FACT_open_port && list->facts[i].port == port)
			return &list->facts[i].as.open_port;
	return NULL;
}

static void
an_answer_is_what_it_says_and_silence_is_only_silence(void **state)
{
	static const char huge[1900] = {'H', 'T', 'T', 'P'};
	struct line lines[] = {{161,
				   "0\x10\x02\x01\x03"
				   "0\x0a\x02\x02hq",
				   12, 0, "snmp"},
	    {123, "no clock", 8, 0, "unknown"}, {5683, NULL, 0, 0, "echo"},
	    {69, "\0\5\0\1no\0", 7, 2, "tftp"}, {1900, huge, sizeof huge, 0, "unknown"},
	    {5684, "\x15\xfe\xfd\0\0\0\0", 7, 0, "dtls"},
	    {5351, "\2\x80\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 24, 0, "pcp"}};
	struct job *job = *state;
	struct script script = {.lines = lines, .count = ARRAY_SIZE(lines)};
	struct target target;
	struct fact_list list = {0};
	const struct looked_fact *looked = run(job, &script, &target, &list);

	assert_int_equal(looked->complete, 1);
	assert_int_equal(looked->count, (int64_t)ARRAY_SIZE(lines));
	assert_int_equal(looked->required, looked->tried);
	assert_non_null(strstr(looked->reason, "7 answered, 0 closed"));
	assert_int_equal(target.service_count, ARRAY_SIZE(lines));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct open_port_fact *port = port_of(&list, lines[i].port);

		assert_non_null(port);
		assert_string_equal(port->status, "open");
		assert_string_equal(port->transport, "udp");
		assert_string_equal(port->service, lines[i].service);
		assert_true(target.services[i].udp);
	}
	assert_int_equal(port_of(&list, 5684)->tls, 1);
	assert_null(port_of(&list, 53));
}

static void
a_refused_port_is_closed_and_no_service(void **state)
{
	struct job *job = *state;
	struct script script = {.refuses = true};
	struct target target;
	struct fact_list list = {0};
	const struct looked_fact *looked = run(job, &script, &target, &list);

	assert_int_equal(looked->complete, 1);
	assert_true(looked->count > 20);
	assert_string_equal(port_of(&list, 161)->status, "closed");
	assert_null(port_of(&list, 161)->service);
	assert_int_equal(target.service_count, 0);
}

static void
a_unit_nobody_reached_was_not_looked_at(void **state)
{
	struct job *job = *state;
	struct script script = {0};
	struct target target;
	struct fact_list list = {0};
	const struct looked_fact *looked = run(job, &script, &target, &list);

	assert_int_equal(looked->complete, 0);
	assert_non_null(strstr(looked->reason, "unreachable"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_answer_is_what_it_says_and_silence_is_only_silence, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_refused_port_is_closed_and_no_service, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_nobody_reached_was_not_looked_at, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
