/* A port is open, closed or silent, and the scan says which it could not tell. */
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/frames.h"
#include "device/dialer.h"
#include "tests/support/scripted_unit.h"

static int
listen_on(const char *literal, uint16_t *port)
{
	struct address address;
	struct job *job = job_new(TEST_BUDGET);
	int descriptor;

	assert_ok(job, address_parse(job, literal, &address));
	descriptor = socket(address.socket.ss_family, SOCK_STREAM, 0);
	assert_int_equal(bind(descriptor, (struct sockaddr *)&address.socket, address.size), 0);
	assert_int_equal(listen(descriptor, 16), 0);
	assert_int_equal(
	    getsockname(descriptor, (struct sockaddr *)&address.socket, &address.size), 0);
	/* the port stands at the same place in both families */
	*port = ntohs(((struct sockaddr_in *)&address.socket)->sin_port);
	job_free(job);
	return descriptor;
}

static void
lists_of_ports_are_read_or_refused(void **state)
{
	static const char *const bad[] = {
	    "", "0", "65536", "80,", "5-1", "80-", "-80", "a", "80 ", "1-65536"};
	struct job *job = *state;
	uint8_t set[PORT_SET_SIZE];
	unsigned count = 0;

	assert_ok(job, port_set_parse(job, "80,8080-8082,65535", set));
	for (unsigned port = 0; port < PORT_COUNT; port++)
		count += port_set_has(set, port);
	assert_int_equal(count, 5);
	assert_true(port_set_has(set, 8081) && !port_set_has(set, 81) && !port_set_has(set, 0));
	assert_ok(job, port_set_parse(job, NULL, set));
	assert_true(port_set_has(set, 1) && port_set_has(set, 65535) && !port_set_has(set, 0));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(port_set_parse(job, bad[i], set), STATUS_USAGE);
}

static void
addresses_are_literals(void **state)
{
	struct job *job = *state;
	struct address address;

	assert_ok(job, address_parse(job, "192.0.2.7", &address));
	assert_string_equal(address.text, "192.0.2.7");
	assert_ok(job, address_parse(job, "2001:DB8::0:1", &address));
	assert_string_equal(address.text, "2001:db8::1");
	assert_int_equal(address_parse(job, "localhost", &address), STATUS_USAGE);
	assert_int_equal(address_parse(job, "", &address), STATUS_USAGE);
}

static void
all_ports_of_this_machine_are_told_apart(void **state)
{
	struct job *job = *state;
	struct address address;
	uint8_t set[PORT_SET_SIZE];
	uint16_t port;
	int descriptor =
	    listen_on("127.0.0.77", &port); /* an address of loopback that nobody else uses */
	struct scan scan;

	assert_ok(job, address_parse(job, "127.0.0.77", &address));
	assert_ok(job, port_set_parse(job, NULL, set));
	assert_ok(job, dialer_scan(job, &address, set, NULL, &scan));
	assert_true(scan.reached && scan.complete);
	assert_int_equal(scan.required, 65535);
	assert_int_equal(scan.closed + scan.open_count, 65535);
	for (size_t i = 0; i < scan.open_count; i++)
		if (scan.open[i] == port)
			port = 0;
	assert_int_equal(port, 0);
	close(descriptor);
}

static void
a_scan_by_two_finds_the_same(void **state)
{
	struct job *job = *state;
	struct dial_means means = {.helper = scan_helper_new(job)};
	struct address address;
	uint8_t set[PORT_SET_SIZE];
	uint16_t port;
	int descriptor = listen_on("127.0.0.78", &port);
	struct scan scan;

	assert_non_null(means.helper);
	assert_ok(job, address_parse(job, "127.0.0.78", &address));
	assert_ok(job, port_set_parse(job, NULL, set));
	for (unsigned i = 0; i < 3; i++) {
		bool found = false;

		assert_ok(job, dialer_scan(job, &address, set, &means, &scan));
		assert_true(scan.reached && scan.complete);
		assert_int_equal(scan.untried, 0);
		assert_int_equal(scan.closed + scan.open_count, 65535);
		for (size_t j = 0; j < scan.open_count; j++)
			found = found || scan.open[j] == port;
		assert_true(found);
	}
	scan_helper_free(means.helper);
	close(descriptor);
}

/* Both scans of an address of this machine where one port, and perhaps others of daemons, is open.
 */
static void
compare_scans(struct job *job, const char *literal)
{
	struct address address;
	uint8_t set[PORT_SET_SIZE];
	uint16_t port;
	int descriptor = listen_on(literal, &port);
	struct scan by_syn;
	bool seen = false;

	assert_ok(job, address_parse(job, literal, &address));
	if (dialer_may_syn(job, &address) == STATUS_UNAVAILABLE) {
		close(descriptor);
		skip();
	}
	assert_ok(job, port_set_parse(job, NULL, set));
	assert_ok(job, dialer_scan_syn(job, &address, set, NULL, &by_syn));
	assert_true(by_syn.reached && by_syn.complete);
	assert_int_equal(by_syn.required, 65535);
	assert_int_equal(by_syn.closed + by_syn.open_count, 65535);
	for (size_t i = 0; i < by_syn.open_count; i++)
		seen = seen || by_syn.open[i] == port;
	assert_true(seen);
	close(descriptor);
	/* the port shut, and only that port asked for */
	memset(set, 0, sizeof set);
	set[port / 8] = (uint8_t)(1u << port % 8);
	assert_ok(job, dialer_scan_syn(job, &address, set, NULL, &by_syn));
	assert_true(by_syn.reached && by_syn.open_count == 0 && by_syn.closed == 1);
	assert_false(by_syn.complete);
}

static void
a_scan_by_raw_syns_tells_all_ports_apart(void **state)
{
	compare_scans(*state, "127.0.0.77");
}

static void
a_scan_by_raw_syns_works_over_ipv6(void **state)
{
	struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	int descriptor = socket(AF_INET6, SOCK_STREAM, 0);
	bool has =
	    descriptor >= 0 && bind(descriptor, (struct sockaddr *)&loopback, sizeof loopback) == 0;

	if (descriptor >= 0)
		close(descriptor);
	if (!has)
		skip();
	compare_scans(*state, "::1");
}

static void
a_part_of_the_ports_is_not_a_complete_scan(void **state)
{
	struct job *job = *state;
	struct address address;
	uint8_t set[PORT_SET_SIZE];
	struct scan scan;

	assert_ok(job, address_parse(job, "127.0.0.77", &address));
	assert_ok(job, port_set_parse(job, "1-100", set));
	assert_ok(job, dialer_scan(job, &address, set, NULL, &scan));
	assert_true(scan.reached && !scan.complete);
	assert_non_null(strstr(scan.reason, "only 100"));
}

static void
a_socket_that_found_itself_is_not_an_open_port(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f00004d)};
	socklen_t size = sizeof address;
	int descriptor = socket(AF_INET, SOCK_STREAM, 0), other;
	uint16_t port;
	int listening = listen_on("127.0.0.77", &port);
	struct address target;

	assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
	assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address),
	    0); /* TCP's simultaneous open */
	assert_true(dialer_is_self_connected(descriptor));
	assert_ok((struct job *)*state, address_parse(*state, "127.0.0.77", &target));
	assert_int_equal(dialer_connect(&target, port, 1000, &other), DIAL_OPEN);
	assert_false(dialer_is_self_connected(other));
	close(other);
	close(listening);
	close(descriptor);
}

static void *
dial_for_others(void *context)
{
	int *descriptor = context;
	struct job *job = job_new(TEST_BUDGET);
	struct address address;

	if (job != NULL && address_parse(job, "127.0.0.77", &address) == STATUS_OK)
		(void)dialer_serve(job, &address, &(struct dial_grant){0}, *descriptor);
	close(*descriptor);
	job_free(job);
	return NULL;
}

static void
a_connected_socket_is_handed_over(void **state)
{
	struct job *job = *state;
	uint16_t port;
	int listening = listen_on("127.0.0.77", &port), pair[2], descriptor, accepted;
	struct dial_request request;
	enum dial_result result;
	pthread_t thread;
	char byte = 0;

	request = (struct dial_request){.way = DIAL_TCP, .port = port};
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(pthread_create(&thread, NULL, dial_for_others, &pair[1]), 0);
	assert_ok(job, dialer_ask(job, pair[0], &request, &result, &descriptor));
	assert_int_equal(result, DIAL_OPEN);
	accepted = accept(listening, NULL, NULL);
	assert_int_equal(send(accepted, "x", 1, 0), 1);
	assert_int_equal(recv(descriptor, &byte, 1, 0), 1);
	assert_int_equal(byte, 'x');
	close(accepted);
	close(descriptor);
	close(listening);
	assert_ok(job, dialer_ask(job, pair[0], &request, &result, &descriptor));
	assert_int_equal(result, DIAL_REFUSED);
	assert_int_equal(send(pair[0], "long", 4, 0), 4); /* not a request: the dialer ends */
	pthread_join(thread, NULL);
	assert_int_equal(
	    dialer_ask(job, pair[0], &request, &result, &descriptor), STATUS_UNAVAILABLE);
	close(pair[0]);
}

static void
a_scan_survives_its_journey_and_nothing_else_is_taken_for_one(void **state)
{
	static const uint16_t open[] = {22, 80, 443};
	struct job *job = *state;
	struct scan scan = {.reached = true,
			.reason = "because",
			.required = 65535,
			.closed = 65000,
			.filtered = 532,
			.open = open,
			.open_count = 3},
		    got;
	struct text out = text_new(job);

	scan_encode(&out, &scan);
	assert_ok(job, scan_decode(job, (struct span){(const uint8_t *)out.at, out.size}, &got));
	assert_true(got.reached && !got.complete && got.open_count == 3 && got.open[2] == 443 &&
		    got.filtered == 532);
	assert_string_equal(got.reason, "because");
	for (size_t size = 0; size < out.size; size++) {
		uint8_t *cut = arena_allocate(job, size);

		memcpy(cut, out.at, size);
		assert_int_equal(
		    scan_decode(job, (struct span){cut, size}, &got), STATUS_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		lists_of_ports_are_read_or_refused, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(addresses_are_literals, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		all_ports_of_this_machine_are_told_apart, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(a_scan_by_two_finds_the_same, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_scan_by_raw_syns_tells_all_ports_apart, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_scan_by_raw_syns_works_over_ipv6, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_part_of_the_ports_is_not_a_complete_scan, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_socket_that_found_itself_is_not_an_open_port, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_connected_socket_is_handed_over, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_scan_survives_its_journey_and_nothing_else_is_taken_for_one, setup_job,
		teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
