/* Datagrams of a network are read to their last byte, or refused; nobody is sent elsewhere by them.
 */
#include "tests/support/support.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/discovery.h"
#include "device/dns_message.h"
#include "device/probe.h"
#include "device/ssdp.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_mdns, probe_upnp;

/* ---- DNS ---- */

/* PTR _rtsp._tcp.local → Yard._rtsp._tcp.local, its SRV and TXT, names compressed. */
static const uint8_t response[] = {0, 0, 0x84, 0, 0, 0, 0, 3, 0, 0, 0, 0,
    /* 12 */ 5, '_', 'r', 't', 's', 'p', 4, '_', 't', 'c', 'p', 5, 'l', 'o', 'c', 'a', 'l', 0,
    /* 30 */ 0, 12, 0, 1, 0, 0, 0, 10, 0, 9,
    /* 40 */ 6, 'Y', '.', 'a', '\\', 'r', 'd', 0xc0, 12,
    /* 49 */ 0xc0, 40, 0, 33, 0x80, 1, 0, 0, 0, 10, 0, 12,
    /* 61 */ 0, 0, 0, 0, 2, 42, 3, 'c', 'a', 'm', 0xc0, 23,
    /* 73 */ 0xc0, 40, 0, 16, 0x80, 1, 0, 0, 0, 10, 0, 18,
    /* 85 */ 8, 'm', 'o', 'd', 'e', 'l', '=', 'C', '2', 0, 7, 's', 'n', '=', 'A', 0xff, '1', '2'};

static void
records_are_read_with_compressed_names(void **state)
{
	struct job *job = *state;
	struct dns_message message;

	assert_ok(job, dns_read(job, (struct span){response, sizeof response}, &message));
	assert_int_equal(message.count, 3);
	assert_string_equal(message.records[0].name, "_rtsp._tcp.local");
	assert_string_equal(message.records[0].target, "Y\\.a\\\\rd._rtsp._tcp.local");
	assert_string_equal(message.records[1].name, message.records[0].target);
	assert_string_equal(message.records[1].target, "cam.local");
	assert_int_equal(message.records[1].port, 554);
	assert_int_equal(message.records[2].string_count, 2);
	assert_string_equal(message.records[2].strings[0], "model=C2");
	assert_string_equal(message.records[2].strings[1], "sn=A\\xff12");
}

static void
a_question_about_what_was_read_is_what_was_sent(void **state)
{
	static const uint8_t asked[] = {0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'Y', '.', 'a',
	    5, 'l', 'o', 'c', 'a', 'l', 0, 0, 16, 0x80, 1};
	struct job *job = *state;
	struct span question;

	assert_ok(job, dns_make_question(job, 0x1234, "Y\\.a.local", DNS_TYPE_TXT, &question));
	assert_int_equal(question.size, sizeof asked);
	assert_memory_equal(question.at, asked, sizeof asked);
}

static void
names_that_point_in_a_ring_or_forward_are_refused(void **state)
{
	static const uint8_t rings[][20] = {
	    {0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1, 0, 0}, /* at itself */
	    {0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 14, 0xc0, 12, 0, 1, 0,
		0},                                                                /* each other */
	    {0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 'a', 0xc0, 12, 0, 1, 0, 0}, /* growing */
	    {0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x80, 12, 0, 12, 0, 1, 0, 0},  /* reserved */
	};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rings); i++) {
		struct dns_message message;

		assert_int_equal(dns_read(job, (struct span){rings[i], sizeof rings[i]}, &message),
		    STATUS_MALFORMED);
	}
}

static void
a_message_cut_anywhere_is_refused(void **state)
{
	struct job *job = *state;

	for (size_t size = 0; size < sizeof response; size++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *cut = arena_allocate(job, size);
		struct dns_message message;

		memcpy(cut, response, size);
		assert_int_equal(
		    dns_read(job, (struct span){cut, size}, &message), STATUS_MALFORMED);
		arena_release(job->arena, mark);
	}
}

static void
flipped_bits_are_refused_or_read_within_bounds(void **state)
{
	struct job *job = *state;

	for (size_t bit = 0; bit < sizeof response * 8; bit++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *copy = arena_allocate(job, sizeof response);
		struct dns_message message;
		enum status status;

		memcpy(copy, response, sizeof response);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		status = dns_read(job, (struct span){copy, sizeof response}, &message);
		assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
		assert_true(message.count <= DNS_RECORDS_MAX);
		arena_release(job->arena, mark);
	}
}

/* ---- WS-Discovery and SSDP ---- */

static void
matches_tell_where_a_service_is(void **state)
{
	static const char datagram[] =
	    "<e:Envelope><e:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>"
	    "urn:uuid:1</a:Address></a:EndpointReference><d:Scopes>onvif://www.onvif.org/name/"
	    "A%20B\n"
	    " x</d:Scopes><d:XAddrs>http://a/ http://b/</d:XAddrs></d:ProbeMatch><d:ProbeMatch/>"
	    "</d:ProbeMatches></e:Body></e:Envelope>";
	struct ws_match matches[WS_MATCHES_MAX];
	struct job *job = *state;
	const char *at;
	size_t count;

	assert_ok(job, ws_read_matches(job, span_of_string(datagram), matches, &count));
	assert_int_equal(count, 2);
	assert_string_equal(matches[0].address, "urn:uuid:1");
	assert_string_equal(matches[1].places, "");
	at = matches[0].scopes;
	assert_string_equal(list_word(job, &at, true), "onvif://www.onvif.org/name/A B");
	assert_string_equal(list_word(job, &at, true), "x");
	assert_null(list_word(job, &at, true));
	assert_int_equal(
	    ws_read_matches(
		job, span_of_string("<Envelope><Body><Probe/></Body></Envelope>"), matches, &count),
	    STATUS_MALFORMED);
}

static void
links_of_a_description_stay_at_its_port(void **state)
{
	static const struct {
		const char *path, *base, *link, *resolved;
	} links[] = {{"/a/root.xml", NULL, "ctl", "/a/ctl"}, {"/a/root.xml", NULL, "/ctl", "/ctl"},
	    {"/root.xml", "http://192.0.2.1:5000/b/", "ctl", "/b/ctl"},
	    {"/root.xml", "http://192.0.2.9:5000/b/", "ctl", NULL},
	    {"/root.xml", NULL, "http://192.0.2.1:5000/x", "/x"},
	    {"/root.xml", NULL, "http://192.0.2.1:5001/x", NULL},
	    {"/root.xml", NULL, "http://192.0.2.2:5000/x", NULL},
	    {"/root.xml", NULL, "/x HTTP/1.1\r\nX: y", NULL}, {"/root.xml", NULL, "", NULL},
	    {"/root.xml", NULL, NULL, NULL}};
	struct target target = {.address = "192.0.2.1"};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		const char *path =
		    upnp_resolve(job, &target, 5000, links[i].path, links[i].base, links[i].link);

		if (links[i].resolved == NULL)
			assert_null(path);
		else
			assert_string_equal(path, links[i].resolved);
	}
}

/* ---- probes against scripted units ---- */

struct words {
	const char *location;
	unsigned web_requests;
	bool flood;
};

static void
serve_upnp(void *context, int socket, unsigned number)
{
	struct words *words = context;
	char request[4096];

	(void)number;
	if (recv(socket, request, sizeof request, 0) <= 0)
		return;
	if (strncmp(request, "GET", 3) == 0) {
		words->web_requests++;
		unit_say_text(socket,
		    "HTTP/1.0 200 OK\r\n\r\n<root><device><friendlyName>Yard</friendlyName>"
		    "<modelName>C2</modelName></device></root>");
		return;
	}
	for (unsigned i = 0; i < (words->flood ? 500 : 1); i++) {
		struct job *job = job_new((size_t)1 << 20);
		const char *reply =
		    arena_printf(job, "HTTP/1.1 200 OK\r\nUSN: uuid:%u::x\r\nLOCATION: %s\r\n\r\n",
			i, words->location);

		unit_say_text(socket, reply);
		job_free(job);
	}
}

static size_t
count_of(const struct fact_list *list, enum fact_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->facts[i].kind == kind;
	return count;
}

static struct fact_list
run(struct job *job, const struct probe *probe, struct scripted_unit *unit)
{
	struct service service = {.port = 5000, .name = "http"};
	struct fact_list list = {0};
	struct evidence evidence = evidence_to_list(&list);
	struct target *target = arena_allocate(job, sizeof *target);

	unit_start(unit, target);
	target_add_service(target, &service);
	evidence.source = probe->name;
	assert_ok(job, probe->talk(job, target, &evidence));
	unit_stop(unit, target);
	return list;
}

static void
a_description_elsewhere_is_not_fetched(void **state)
{
	static const char *const elsewhere[] = {"http://192.0.2.7:5000/root.xml",
	    "http://192.0.2.1:6000/root.xml", "file:///etc/passwd", "gopher://192.0.2.1:5000/"};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++) {
		struct words words = {.location = elsewhere[i]};
		struct scripted_unit unit = {.serve = serve_upnp, .context = &words};
		struct fact_list list = run(job, &probe_upnp, &unit);

		assert_int_equal(words.web_requests, 0);
		assert_int_equal(count_of(&list, FACT_open_port), 1);
	}
}

static void
a_description_of_the_units_own_is_told(void **state)
{
	struct words words = {.location = "http://192.0.2.1:5000/root.xml"};
	struct scripted_unit unit = {.serve = serve_upnp, .context = &words};
	struct fact_list list = run(*state, &probe_upnp, &unit);

	assert_int_equal(words.web_requests, 1);
	assert_int_equal(count_of(&list, FACT_disclosure), 3);
	assert_int_equal(list.facts[list.count - 1].as.looked.complete, 1);
}

static void
a_flood_of_answers_is_read_as_far_as_it_is_kept(void **state)
{
	struct words words = {.location = "http://192.0.2.1:5000/root.xml", .flood = true};
	struct scripted_unit unit = {.serve = serve_upnp, .context = &words};
	struct fact_list list = run(*state, &probe_upnp, &unit);

	assert_true(count_of(&list, FACT_disclosure) <= DISCOVERY_DATAGRAMS_MAX);
}

static void
serve_mdns(void *context, int socket, unsigned number)
{
	uint8_t types[] = {0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 9, '_', 's', 'e', 'r', 'v', 'i',
	    'c', 'e', 's', 7, '_', 'd', 'n', 's', '-', 's', 'd', 4, '_', 'u', 'd', 'p', 5, 'l', 'o',
	    'c', 'a', 'l', 0, 0, 12, 0, 1, 0, 0, 0, 10, 0, 13, 5, '_', 'r', 't', 's', 'p', 4, '_',
	    't', 'c', 'p', 0xc0, 35};
	char request[4096];

	(void)context;
	if (recv(socket, request, sizeof request, 0) <= 0)
		return;
	if (number == 0)
		unit_say(socket, types, sizeof types);
	else
		unit_say(socket, response, sizeof response);
}

static void
services_of_a_unit_are_browsed(void **state)
{
	struct scripted_unit unit = {.serve = serve_mdns};
	struct fact_list list = run(*state, &probe_mdns, &unit);
	unsigned model = 0, serial = 0, name = 0;

	for (size_t i = 0; i < list.count; i++) {
		const struct fact *fact = &list.facts[i];

		if (fact->kind != FACT_disclosure)
			continue;
		model += strcmp(fact->as.disclosure.type, "model") == 0 &&
			 strcmp(fact->as.disclosure.value, "C2") == 0;
		serial += strcmp(fact->as.disclosure.type, "serial") == 0;
		name += strcmp(fact->as.disclosure.type, "hostname") == 0 &&
			strcmp(fact->as.disclosure.value, "Y.a\\rd") == 0;
	}
	assert_int_equal(model, 1);
	assert_int_equal(serial, 1);
	assert_int_equal(name, 1);
	assert_int_equal(unit.served, 2); /* what came with the instance is not asked again */
}

static void
hang_up(void *context, int socket, unsigned number)
{
	(void)context;
	(void)number;
	unit_say_text(socket, "\x80");
}

static void
noise_is_no_service(void **state)
{
	struct scripted_unit unit = {.serve = hang_up};
	struct fact_list list = run(*state, &probe_mdns, &unit);

	assert_int_equal(count_of(&list, FACT_disclosure), 0);
	assert_int_equal(count_of(&list, FACT_open_port), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(records_are_read_with_compressed_names),
	    TEST(a_question_about_what_was_read_is_what_was_sent),
	    TEST(names_that_point_in_a_ring_or_forward_are_refused),
	    TEST(a_message_cut_anywhere_is_refused),
	    TEST(flipped_bits_are_refused_or_read_within_bounds),
	    TEST(matches_tell_where_a_service_is),
	    TEST(links_of_a_description_stay_at_its_port),
	    TEST(a_description_elsewhere_is_not_fetched),
	    TEST(a_description_of_the_units_own_is_told),
	    TEST(a_flood_of_answers_is_read_as_far_as_it_is_kept),
	    TEST(services_of_a_unit_are_browsed),
	    TEST(noise_is_no_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
