/* The dialer opens what was granted and nothing else: way, source, number of connections, groups.
 */
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device/dialer.h"

struct service_thread {
	struct dial_grant grant;
	int own;
	pthread_t thread;
	enum status status;
};

static void *
serve(void *context)
{
	struct service_thread *service = context;
	struct job *job = job_new(TEST_BUDGET);
	struct address address;

	if (job != NULL && address_parse(job, "127.0.0.77", &address) == STATUS_OK)
		service->status = dialer_serve(job, &address, &service->grant, service->own);
	close(service->own);
	job_free(job);
	return NULL;
}

static int
start(struct service_thread *service)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	service->own = pair[1];
	assert_int_equal(pthread_create(&service->thread, NULL, serve, service), 0);
	return pair[0];
}

static int
bound(int type, uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f00004d)};
	socklen_t size = sizeof address;
	int descriptor = socket(AF_INET, type, 0);

	assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(descriptor, 4), 0);
	*port = ntohs(address.sin_port);
	return descriptor;
}

static void
a_request_survives_its_journey_and_anything_else_is_none(void **state)
{
	struct job *job = *state;
	struct dial_request request = {.way = DIAL_TO_GROUP,
	    .source = 1,
	    .port = 1900,
	    .group = GROUP_MDNS,
	    .datagram = span_of_string("hello")};
	struct dial_request read;
	struct text packet = text_new(job);

	dial_request_encode(&packet, &request);
	assert_true(
	    dial_request_decode((struct span){(const uint8_t *)packet.at, packet.size}, &read));
	assert_int_equal(read.way, DIAL_TO_GROUP);
	assert_int_equal(read.source, 1);
	assert_int_equal(read.port, 1900);
	assert_int_equal(read.group, GROUP_MDNS);
	assert_int_equal(read.datagram.size, 5);
	for (size_t size = 0; size < DIAL_REQUEST_SIZE; size++)
		assert_false(
		    dial_request_decode((struct span){(const uint8_t *)packet.at, size}, &read));
	for (size_t i = 0; i < DIAL_REQUEST_SIZE; i++) {
		uint8_t bytes[DIAL_REQUEST_SIZE] = {0};

		bytes[i] = 0xff; /* a port may be anything */
		if (i != 2 && i != 3)
			assert_false(
			    dial_request_decode((struct span){bytes, sizeof bytes}, &read));
	}
}

static void
a_datagram_socket_is_connected_to_the_unit_and_to_nobody_else(void **state)
{
	struct job *job = *state;
	struct service_thread service = {.status = STATUS_FAULT};
	struct dial_request request = {.way = DIAL_UDP};
	enum dial_result result;
	int descriptor, unit = bound(SOCK_DGRAM, &request.port), dial = start(&service);
	struct sockaddr_storage peer;
	socklen_t size = sizeof peer;
	char byte;

	assert_ok(job, dialer_ask(job, dial, &request, &result, &descriptor));
	assert_int_equal(result, DIAL_OPEN);
	assert_int_equal(getpeername(descriptor, (struct sockaddr *)&peer, &size), 0);
	assert_int_equal(send(descriptor, "q", 1, 0), 1);
	assert_int_equal(recv(unit, &byte, 1, 0), 1);
	close(descriptor);
	close(dial);
	close(unit);
	pthread_join(service.thread, NULL);
	assert_int_equal(service.status, STATUS_OK);
}

static void
a_connection_comes_from_the_source_that_was_asked_for(void **state)
{
	struct job *job = *state;
	struct service_thread service = {.grant = {.source_count = 2}, .status = STATUS_FAULT};
	struct dial_request request = {.way = DIAL_TCP};
	enum dial_result result;
	int descriptor, unit = bound(SOCK_STREAM, &request.port), dial;

	assert_ok(job, address_parse(job, "127.0.0.2", &service.grant.sources[0]));
	assert_ok(job, address_parse(job, "127.0.0.3", &service.grant.sources[1]));
	dial = start(&service);
	for (unsigned source = 0; source < 2; source++) {
		struct sockaddr_in from;
		socklen_t size = sizeof from;
		int accepted;

		request.source = source;
		assert_ok(job, dialer_ask(job, dial, &request, &result, &descriptor));
		assert_int_equal(result, DIAL_OPEN);
		accepted = accept(unit, (struct sockaddr *)&from, &size);
		assert_int_equal(ntohl(from.sin_addr.s_addr), 0x7f000002 + source);
		close(accepted);
		close(descriptor);
	}
	close(dial);
	close(unit);
	pthread_join(service.thread, NULL);
}

static void
what_was_not_granted_is_not_opened(void **state)
{
	struct job *job = *state;
	struct service_thread service = {
	    .grant = {.source_count = 1, .connections = 3}, .status = STATUS_OK};
	struct dial_request group = {
	    .way = DIAL_TO_GROUP, .group = GROUP_SSDP, .datagram = span_of_string("M-SEARCH")};
	struct dial_request other = {.way = DIAL_TCP, .source = 1};
	enum dial_result result;
	int descriptor, unit = bound(SOCK_STREAM, &other.port), dial;

	assert_ok(job, address_parse(job, "127.0.0.2", &service.grant.sources[0]));
	dial = start(&service);
	assert_ok(job, dialer_ask(job, dial, &group, &result, &descriptor));
	assert_int_equal(result, DIAL_UNREACHABLE);
	assert_ok(job, dialer_ask(job, dial, &other, &result, &descriptor));
	assert_int_equal(result, DIAL_UNREACHABLE);
	other.source = 0;
	assert_ok(job, dialer_ask(job, dial, &other, &result, &descriptor));
	assert_int_equal(result, DIAL_OPEN);
	close(descriptor);
	/* the three connections granted are used up */
	assert_ok(job, dialer_ask(job, dial, &other, &result, &descriptor));
	assert_int_equal(result, DIAL_SPENT);
	close(dial);
	close(unit);
	pthread_join(service.thread, NULL);
	assert_int_equal(service.status, STATUS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_request_survives_its_journey_and_anything_else_is_none, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_datagram_socket_is_connected_to_the_unit_and_to_nobody_else, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_connection_comes_from_the_source_that_was_asked_for, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_was_not_granted_is_not_opened, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
