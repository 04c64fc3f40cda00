/* The workers of a real probing are caged, and whatever becomes of them, every looked row is there.
 */
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/process_dial.h"
#include "base/text.h"
#include "tests/support/scripted_unit.h"

/*
 * A real listener on 127.0.0.1, served by a process until its connections are used up.  Not by a
 * thread: the supervisor forks, and a sanitizer's allocator may be locked by another thread then.
 */
struct listener {
	int descriptor;
	unsigned connections; /* then the socket is closed: the unit is gone */
	void (*serve)(int socket);
	uint16_t port;
	int stop[2];
	pid_t process;
};

static void
serve_all(const struct listener *listener)
{
	for (unsigned i = 0; i < listener->connections; i++) {
		struct pollfd wait[2] = {{.fd = listener->descriptor, .events = POLLIN},
		    {.fd = listener->stop[0], .events = POLLIN}};
		int socket;

		if (poll(wait, 2, -1) < 0 || wait[1].revents != 0)
			break;
		socket = accept(listener->descriptor, NULL, NULL);
		if (socket < 0)
			continue;
		listener->serve(socket);
		close(socket);
	}
}

static void
listener_start(struct listener *listener)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;

	listener->descriptor = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener->descriptor, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener->descriptor, 16), 0);
	assert_int_equal(getsockname(listener->descriptor, (struct sockaddr *)&address, &size), 0);
	listener->port = ntohs(address.sin_port);
	assert_int_equal(pipe(listener->stop), 0);
	listener->process = fork();
	assert_true(listener->process >= 0);
	if (listener->process == 0) {
		close(listener->stop[1]);
		serve_all(listener);
		_exit(0);
	}
	close(listener->descriptor);
	close(listener->stop[0]);
}

static void
listener_stop(struct listener *listener)
{
	close(listener->stop[1]);
	assert_int_equal(waitpid(listener->process, NULL, 0), listener->process);
}

static void
say_ssh(int socket)
{
	unit_say_text(socket, "SSH-2.0-camera\r\n");
}

static struct probe_request
request_for(struct job *job, uint16_t port)
{
	return (struct probe_request){.address = "127.0.0.1",
	    .level = "observe",
	    .state = "initialised",
	    .reach = "local",
	    .ports = arena_printf(job, "%u", port),
	    .limit_ms = 3000,
	    .guess_budget = 4};
}

static const struct looked_fact *
row_of(const struct fact_list *facts, const char *source, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].source, source) == 0 &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return &facts->facts[i].as.looked;
	return NULL;
}

static const struct fact *
first_of(const struct fact_list *facts, enum fact_kind kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == kind)
			return &facts->facts[i];
	return NULL;
}

/* ---- probes that misbehave ---- */

static enum status
report(struct job *job, struct evidence *evidence, const char *what, bool allowed)
{
	struct fact fact = fact_new(FACT_disclosure);

	fact.as.disclosure.type = what;
	fact.as.disclosure.value = allowed ? "allowed" : "refused";
	return evidence_add(evidence, job, &fact);
}

static enum status
talk_escape(struct job *job, struct target *target, struct evidence *evidence)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(80),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char *const arguments[] = {(char *)(uintptr_t) "true", NULL};
	struct channel channel;
	uint8_t byte = 0;

	/* In the middle of a conversation, with a socket in hand. */
	TRY(channel_open(job, target, target->scan.open[0], &channel));
	TRY(report(job, evidence, "connect",
	    connect(channel.descriptor, (struct sockaddr *)&address, sizeof address) == 0 ||
		errno != EPERM));
	TRY(report(job, evidence, "sendto",
	    sendto(channel.descriptor, &byte, 1, MSG_NOSIGNAL, (struct sockaddr *)&address,
		sizeof address) >= 0 ||
		errno != EPERM));
	TRY(report(
	    job, evidence, "socket", socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM));
	TRY(report(job, evidence, "open", open("/etc/hostname", O_RDONLY) >= 0 || errno != EPERM));
	TRY(report(job, evidence, "exec", execv("/bin/true", arguments) == 0 || errno != EPERM));
	channel_hang_up(job, &channel);
	return evidence_looked(evidence, job, FACT_disclosure, true, NULL, UNKNOWN);
}

static enum status
talk_crash(struct job *job, struct target *target, struct evidence *evidence)
{
	(void)target;
	TRY(report(job, evidence, "before", true));
	raise(SIGKILL);
	return STATUS_OK;
}

static enum status
talk_lie(struct job *job, struct target *target, struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_certificate);

	(void)target;
	fact.as.certificate.subject_name = "CN=invented";
	return evidence_add(evidence, job, &fact);
}

static enum status
talk_wrong_port(struct job *job, struct target *target, struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_disclosure);

	fact.port = target->scan.open[0] + 1;
	return evidence_add(evidence, job, &fact);
}

static enum status
talk_nothing(struct job *job, struct target *target, struct evidence *evidence)
{
	(void)target;
	return evidence_looked(evidence, job, FACT_open_port, true, NULL, 0);
}

/* One that changes a password, and dies before it is set back. */
static enum status
talk_change(struct job *job, struct target *target, struct evidence *evidence)
{
	(void)evidence;
	TRY(target_tell_password(
	    job, target, PASSWORD_TO_BE, "ssh port 22", "ro\x1b[2Jot", "Kq7-new"));
	raise(SIGKILL);
	return STATUS_OK;
}

/* One in the hands of a unit that wants to flood the operator's terminal. */
static enum status
talk_flood(struct job *job, struct target *target, struct evidence *evidence)
{
	for (unsigned i = 0; i < 3000; i++)
		TRY(target_tell_password(
		    job, target, PASSWORD_IS_LOST, "ssh port 22", "root", "again"));
	return evidence_looked(evidence, job, FACT_disclosure, true, NULL, 0);
}

/* And one that sends what is no such news. */
static enum status
talk_nonsense(struct job *job, struct target *target, struct evidence *evidence)
{
	TRY(target_tell_password(job, target, PASSWORD_NEWS_COUNT, "a", "b", "c"));
	return evidence_looked(evidence, job, FACT_disclosure, true, NULL, 0);
}

/* One that sets it back, after a while, and goes on to other things. */
static enum status
talk_slow_change(struct job *job, struct target *target, struct evidence *evidence)
{
	TRY(target_tell_password(job, target, PASSWORD_TO_BE, "ssh port 22", "root", "Kq7-new"));
	TRY(target_wait(job, target, 3000));
	TRY(target_tell_password(job, target, PASSWORD_IS_BACK, "ssh port 22", "root", "old"));
	TRY(target_wait(job, target, 30000));
	return evidence_looked(evidence, job, FACT_disclosure, true, NULL, 0);
}

static const struct probe probe_slow_change = {.name = "change",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 40000,
    .talk = talk_slow_change};
static const struct probe probe_change = {.name = "change",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_change};
static const struct probe probe_flood = {.name = "flood",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_flood};
static const struct probe probe_nonsense = {.name = "nonsense",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_nonsense};
static const struct probe probe_escape = {.name = "escape",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_escape};
static const struct probe probe_crash = {.name = "crash",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_crash};
static const struct probe probe_lie = {
    .name = "lie", .looks_for = {"disclosure"}, .needs = "", .limit_ms = 10000, .talk = talk_lie};
static const struct probe probe_wrong_port = {.name = "lie",
    .looks_for = {"disclosure"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_wrong_port};
static const struct probe probe_nothing = {.name = "ports",
    .looks_for = {"open_port"},
    .needs = "",
    .limit_ms = 10000,
    .talk = talk_nothing};

static void
run(struct job *job, const struct probe *probe, struct fact_list *facts, bool mask_landlock,
    bool no_sandbox)
{
	struct listener listener = {.connections = 100, .serve = say_ssh};
	struct probe_request request;

	listener_start(&listener);
	request = request_for(job, listener.port);
	request.mask_landlock = mask_landlock;
	request.no_sandbox = no_sandbox;
	assert_ok(job, process_probe_with(job, &request, &probe, 1, facts, NULL, NULL));
	listener_stop(&listener);
}

/* Refused means: an error where the filter returns one, death where it kills. */
static void
expect_refused(const struct fact_list *facts)
{
	const struct looked_fact *row = row_of(facts, "escape", "disclosure");

	assert_non_null(row);
	if (row->complete == 0) {
		assert_non_null(strstr(row->reason, "signal 31"));
		return;
	}
	assert_int_equal(row->count, 5);
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_disclosure)
			assert_string_equal(facts->facts[i].as.disclosure.value, "refused");
}

static void
a_prober_can_open_connect_and_execute_nothing(void **state)
{
	struct fact_list facts;

	run(*state, &probe_escape, &facts, false, false);
	expect_refused(&facts);
	run(*state, &probe_escape, &facts, true, false); /* seccomp alone is enough */
	expect_refused(&facts);
}

static void
a_probe_that_dies_leaves_its_facts_and_a_row_that_says_so(void **state)
{
	const struct looked_fact *row;
	struct fact_list facts;

	run(*state, &probe_crash, &facts, false, false);
	row = row_of(&facts, "crash", "disclosure");
	assert_int_equal(row->complete, 0);
	assert_string_equal(row->reason, "prober ended by signal 9 in crash");
	assert_int_equal(row->count, 1);
	assert_string_equal(first_of(&facts, FACT_disclosure)->address, "127.0.0.1");
	assert_string_equal(first_of(&facts, FACT_disclosure)->state, "initialised");
}

/* What came on the standard error while a probe ran. */
static const char *
told_by(struct job *job, const struct probe *probe, struct fact_list *facts)
{
	int saved = dup(STDERR_FILENO), file = memfd_create("told", MFD_CLOEXEC);
	char *words = arena_allocate(job, 1 << 20);
	ssize_t size;

	assert_true(saved >= 0 && file >= 0 && words != NULL);
	dup2(file, STDERR_FILENO);
	run(job, probe, facts, false, false);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	size = pread(file, words, (1 << 20) - 1, 0);
	assert_true(size >= 0);
	words[size] = '\0';
	close(file);
	return words;
}

static void
a_password_that_may_be_lost_is_told_before_it_is_sent(void **state)
{
	struct fact_list facts;
	const char *words = told_by(*state, &probe_change, &facts);

	assert_non_null(strstr(words, "127.0.0.1: ssh port 22: the password of ro"));
	assert_non_null(strstr(words, "may be \"Kq7-new\" from now on"));
	assert_null(strchr(words, '\x1b'));
	assert_int_equal(row_of(&facts, "change", "disclosure")->complete, 0);
}

/* A supervisor in a group of its own, as a shell makes it; what it tells goes to `told`. */
static pid_t
start_group(struct job *job, const struct probe *probe, uint16_t port, int told)
{
	struct probe_request request = request_for(job, port);
	struct fact_list facts;
	pid_t group = fork();

	assert_true(group >= 0);
	if (group != 0)
		return group;
	setpgid(0, 0);
	dup2(told, STDERR_FILENO);
	request.limit_ms = 40000;
	_exit(
	    process_probe_with(job, &request, &probe, 1, &facts, NULL, NULL) == STATUS_OK ? 0 : 1);
}

static bool
is_told(int told, const char *words)
{
	char all[4096] = "";

	return pread(told, all, sizeof all - 1, 0) >= 0 && strstr(all, words) != NULL;
}

static bool
is_told_soon(int told, const char *words)
{
	for (unsigned i = 0; i < 1000 && !is_told(told, words); i++)
		usleep(10000);
	return is_told(told, words);
}

/* How the supervisor ended; nobody of its group may be left. */
static int
end_of_group(pid_t group)
{
	int state = 0, other;

	assert_int_equal(waitpid(group, &state, 0), group);
	for (unsigned i = 0; i < 1000 && kill(-group, 0) == 0; i++, usleep(10000))
		while (waitpid(-group, &other, WNOHANG) > 0)
			;
	assert_int_equal(kill(-group, 0), -1);
	assert_true(WIFSIGNALED(state));
	return WTERMSIG(state);
}

static void
whoever_ends_a_change_waits_for_the_old_password(void **state)
{
	static const struct {
		const char *until;   /* is told when the signal is sent */
		int signal;          /* to the whole group */
		bool again, is_back; /* is it sent twice; was the old password set back */
	} ends[] = {{"from now on", SIGINT, false, true}, {"from now on", SIGTERM, false, true},
	    {"from now on", SIGINT, true, false}, {"the old one again", SIGINT, false, true}};
	struct listener listener = {.connections = 100, .serve = say_ssh};

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	listener_start(&listener);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		int told = memfd_create("told", MFD_CLOEXEC);
		pid_t group = start_group(*state, &probe_slow_change, listener.port, told);
		bool is_open = strcmp(ends[i].until, "from now on") == 0;

		assert_true(is_told_soon(told, ends[i].until));
		usleep(200000);
		kill(-group, ends[i].signal);
		kill(-group, ends[i].signal); /* at once: one and the same */
		if (ends[i].again && is_told_soon(told, "again to end now")) {
			usleep(1200000);
			kill(-group, ends[i].signal);
		}
		assert_int_equal(end_of_group(group), ends[i].signal);
		assert_int_equal(is_told(told, "again to end now"), is_open);
		assert_int_equal(is_told(told, "the old one again"), ends[i].is_back);
		close(told);
	}
	listener_stop(&listener);
}

static void
news_of_passwords_without_end_or_sense_are_not_believed(void **state)
{
	struct fact_list facts;
	const char *words = told_by(*state, &probe_flood, &facts);
	unsigned lines = 0;

	for (; (words = strstr(words, "again")) != NULL; words++)
		lines++;
	assert_int_equal(lines, 1000);
	assert_int_equal(row_of(&facts, "flood", "disclosure")->complete, 0);
	told_by(*state, &probe_nonsense, &facts);
	assert_int_equal(row_of(&facts, "nonsense", "disclosure")->complete, 0);
}

static void
a_fact_nobody_declared_is_not_believed(void **state)
{
	const struct probe *const liars[] = {&probe_lie, &probe_wrong_port};
	struct fact_list facts;

	for (size_t i = 0; i < ARRAY_SIZE(liars); i++) {
		run(*state, liars[i], &facts, false, false);
		assert_null(first_of(&facts, FACT_certificate));
		assert_null(first_of(&facts, FACT_disclosure));
		assert_int_equal(row_of(&facts, "lie", "disclosure")->complete, 0);
	}
}

static void
an_open_port_the_prober_keeps_to_itself_is_reported(void **state)
{
	struct fact_list facts;

	run(*state, &probe_nothing, &facts, false, false);
	assert_non_null(first_of(&facts, FACT_open_port));
	assert_int_equal(row_of(&facts, "ports", "open_port")->count, 1);
}

/* ---- the probes of the catalogue ---- */

static void
a_service_is_recognised_and_no_password_is_tried_by_an_observer(void **state)
{
	static const struct credential_pair pair = {"admin", "admin", "common"};
	struct job *job = *state;
	struct listener listener = {.connections = 100, .serve = say_ssh};
	struct probe_request request;
	struct fact_list facts;
	struct span transcript;

	listener_start(&listener);
	request = request_for(job, listener.port);
	request.only = "default_passwords";
	request.pairs = &pair;
	request.pair_count = 1;
	assert_ok(job, process_probe(job, &request, &facts, &transcript, NULL));
	listener_stop(&listener);
	assert_string_equal(first_of(&facts, FACT_open_port)->as.open_port.service, "ssh");
	assert_null(first_of(&facts, FACT_login_attempt));
	assert_string_equal(
	    row_of(&facts, "default_passwords", "login_attempt")->reason, "level login is needed");
	assert_string_equal(row_of(&facts, "tls", "tls_offer")->reason, "not run");
	assert_int_equal(
	    row_of(&facts, "ports", "open_port")->complete, 0); /* one port is not all ports */
	assert_true(transcript.size > 0 && transcript.at[0] == '{' &&
		    transcript.at[transcript.size - 1] == '\n');
}

/* Answers one hello as a real server did, then is gone. */
static void
say_tls(int socket)
{
	char hello[4096];
	uint8_t flight[1000];
	int file = open("fixtures/devices/replies/tls12_flight.bin", O_RDONLY);
	ssize_t size = read(file, flight, sizeof flight);

	close(file);
	if (recv(socket, hello, sizeof hello, 0) > 0 && size > 0)
		unit_say(socket, flight, (size_t)size);
}

static void
a_unit_that_goes_away_in_the_middle_leaves_incomplete_rows(void **state)
{
	static const char *const rows[][2] = {{"tls", "tls_offer"}, {"tls", "certificate"},
	    {"http", "login_service"}, {"ssh", "ssh_offer"}};
	struct job *job = *state;

	for (unsigned connections = 1; connections < 14; connections += 3) {
		struct listener listener = {.connections = connections, .serve = say_tls};
		struct probe_request request;
		struct fact_list facts;

		listener_start(&listener);
		request = request_for(job, listener.port);
		assert_ok(job, process_probe(job, &request, &facts, NULL, NULL));
		listener_stop(&listener);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			const struct looked_fact *row = row_of(&facts, rows[i][0], rows[i][1]);

			assert_int_equal(row->complete, 0);
			assert_non_null(row->reason);
		}
	}
}

static const char *
lines_of(struct job *job, const struct fact_list *facts)
{
	struct json json = json_new(job);
	const char *lines;

	for (size_t i = 0; i < facts->count; i++) {
		fact_to_json(&json, &facts->facts[i]);
		json_newline(&json);
	}
	assert_ok(job, json_finish(&json, &lines));
	return lines;
}

static struct span
copy_with(struct job *job, struct span bytes, const char *what, const char *instead)
{
	size_t at = span_find(bytes, what, strlen(what), 0);
	uint8_t *copy = arena_allocate(job, bytes.size);

	assert_true(at != SIZE_MAX && strlen(what) == strlen(instead));
	memcpy(copy, bytes.at, bytes.size);
	memcpy(copy + at, instead, strlen(instead));
	return (struct span){copy, bytes.size};
}

/* A camera's banner and nothing else; and what a password was tried with is in the transcript. */
static void
what_was_said_leads_to_the_same_facts_again_without_a_network(void **state)
{
	struct job *job = *state;
	struct listener listener = {.connections = 100, .serve = say_ssh};
	struct probe_request request, again = {.level = "observe"};
	struct fact_list facts, replayed;
	struct span transcript;

	listener_start(&listener);
	request = request_for(job, listener.port);
	assert_ok(job, process_probe(job, &request, &facts, &transcript, NULL));
	listener_stop(&listener);
	assert_ok(job, process_replay(job, transcript, &again, &replayed));
	assert_string_equal(lines_of(job, &facts), lines_of(job, &replayed));
	assert_string_equal(again.state, "initialised");
	assert_string_equal(again.address, "127.0.0.1");
}

static void
a_transcript_that_was_changed_is_found_out_or_is_another_talk(void **state)
{
	struct job *job = *state;
	struct listener listener = {.connections = 100, .serve = say_ssh};
	struct probe_request request, again = {.level = "observe"};
	struct fact_list facts, replayed;
	struct span transcript, less;

	listener_start(&listener);
	request = request_for(job, listener.port);
	request.only = "ports";
	assert_ok(job, process_probe(job, &request, &facts, &transcript, NULL));
	listener_stop(&listener);
	less = transcript;
	less.size -= 2; /* the last line is cut */
	assert_int_equal(process_replay(job, less, &again, &replayed), STATUS_MALFORMED);
	again = (struct probe_request){.level = "observe"};
	assert_int_equal(process_replay(job, copy_with(job, transcript, "\"closed\"", "\"lcosed\""),
			     &again, &replayed),
	    STATUS_MALFORMED);
	again = (struct probe_request){.level = "observe"};
	assert_int_equal(
	    process_replay(job, span_of_string("{}\n"), &again, &replayed), STATUS_MALFORMED);
	again = (struct probe_request){.level = "observe"};
	assert_int_equal(
	    process_replay(job, (struct span){0}, &again, &replayed), STATUS_MALFORMED);
	/* What the unit said may be changed: then it is another unit. */
	again = (struct probe_request){.level = "observe"};
	assert_ok(job, process_replay(job, copy_with(job, transcript, "2.0-camera", "2.0-kamera"),
			   &again, &replayed));
	assert_string_equal(
	    first_of(&replayed, FACT_open_port)->as.open_port.banner, "SSH-2.0-kamera");
}

/* In a namespace with no network at all. */
static int
probe_nowhere(void)
{
	struct job *job = job_new(TEST_BUDGET);
	struct probe_request request = {.address = "192.0.2.1", .level = "observe"};
	const struct looked_fact *row;
	struct fact_list facts;

	if (unshare(CLONE_NEWNET) != 0)
		return 77;
	if (job == NULL || process_probe(job, &request, &facts, NULL, NULL) != STATUS_OK)
		return 1;
	row = row_of(&facts, "ports", "open_port");
	return row != NULL && row->complete == 0 && text_starts_with(row->reason, "unreachable")
		   ? 0
		   : 2;
}

static void
a_unit_that_cannot_be_reached_is_said_to_be_unreachable(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0)
		_exit(probe_nowhere());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(); /* not allowed to make a namespace */
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
what_is_no_address_port_or_probe_is_refused(void **state)
{
	struct job *job = *state;
	struct probe_request name = {.address = "camera.example", .level = "observe"};
	struct probe_request ports = {.address = "127.0.0.1", .level = "observe", .ports = "80-70"};
	struct probe_request only = {
	    .address = "127.0.0.1", .level = "observe", .only = "tls,telepathy"};
	struct fact_list facts;

	assert_int_equal(process_probe(job, &name, &facts, NULL, NULL), STATUS_USAGE);
	assert_int_equal(process_probe(job, &ports, &facts, NULL, NULL), STATUS_USAGE);
	assert_int_equal(process_probe(job, &only, &facts, NULL, NULL), STATUS_USAGE);
	assert_int_equal(probe_check_ports(job, "80-70"), STATUS_USAGE);
	assert_int_equal(probe_check_ports(job, ""), STATUS_USAGE);
	assert_ok(job, probe_check_ports(job, "22,80-443"));
	assert_ok(job, probe_check_ports(job, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_prober_can_open_connect_and_execute_nothing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_probe_that_dies_leaves_its_facts_and_a_row_that_says_so, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_password_that_may_be_lost_is_told_before_it_is_sent, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		whoever_ends_a_change_waits_for_the_old_password, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		news_of_passwords_without_end_or_sense_are_not_believed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_fact_nobody_declared_is_not_believed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_open_port_the_prober_keeps_to_itself_is_reported, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_service_is_recognised_and_no_password_is_tried_by_an_observer, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_goes_away_in_the_middle_leaves_incomplete_rows, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_unit_that_cannot_be_reached_is_said_to_be_unreachable, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_was_said_leads_to_the_same_facts_again_without_a_network, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_transcript_that_was_changed_is_found_out_or_is_another_talk, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_no_address_port_or_probe_is_refused, setup_job, teardown_job),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
