/* The suites of a DTLS server are listed, and what it leaves unsaid is not taken for a refusal. */
#include "tests/support/support.h"

#include <string.h>

#include "base/text.h"
#include "device/dtls_hello.h"
#include "device/probe.h"
#include "tests/support/datagram_unit.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_tls;

#define PORT 5684
#define ROOM 2048
#define COOKIE "\5abcde"

enum manner {
	SOUND,
	NO_COOKIE,
	STUMBLES, /* says nothing to many suites of which one is 0xc0a4 */
	MUTE,
	FRAGMENTS,
	NOT_OFFERED,
	OLD, /* DTLS 1.0, whatever it is asked for */
	CHATTERS,
	MANNERS
};

struct dtls_server {
	enum manner manner;
	const uint16_t *suites;
	size_t count;
	unsigned farewells; /* handshakes it was told to forget */
};

static const uint16_t psk[] = {0xc0a8, 0x00ae, 0xccab, 0xc0a5};

static void
say(int socket, uint8_t type, uint8_t kind, const struct span body, bool whole)
{
	uint8_t out[256] = {type, 0xfe, 0xfd};
	size_t size = 11, length = 12 + body.size;

	out[size++] = (uint8_t)(length >> 8);
	out[size++] = (uint8_t)length;
	out[size++] = kind;
	out[size + 2] = (uint8_t)(body.size + !whole);
	out[size + 10] = (uint8_t)body.size;
	size += 11;
	memcpy(out + size, body.at, body.size);
	(void)send(socket, out, size + body.size, MSG_NOSIGNAL);
}

static void
say_alert(int socket, uint8_t description)
{
	const uint8_t alert[] = {21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, description};

	(void)send(socket, alert, sizeof alert, MSG_NOSIGNAL);
}

static void
say_hello(const struct dtls_server *server, int socket, uint16_t suite)
{
	uint8_t body[38] = {0xfe, server->manner == OLD ? 0xff : 0xfd};

	body[35] = (uint8_t)(suite >> 8);
	body[36] = (uint8_t)suite;
	say(socket, 22, 2, (struct span){body, sizeof body}, server->manner != FRAGMENTS);
}

/* The first of its suites in a list; 0. */
static uint16_t
choose(const struct dtls_server *server, struct reader list, bool *stumbles)
{
	uint16_t best = 0;
	size_t at = server->count, heard = 0;

	*stumbles = false;
	for (; list.rest.size > 0; heard++) {
		uint16_t suite = read_u16_be(&list);

		*stumbles = *stumbles || suite == 0xc0a4;
		for (size_t i = 0; i < at; i++)
			if (server->suites[i] == suite) {
				best = suite;
				at = i;
			}
	}
	*stumbles = *stumbles && heard > 2; /* beside the SCSV */
	return best;
}

static void
answer(struct dtls_server *server, int socket, struct span datagram)
{
	struct reader reader = {.rest = span_from(datagram, 25)};
	uint16_t version = read_u16_be(&reader), suite;
	struct span cookie;
	bool stumbles;

	read_bytes(&reader, 32);
	read_bytes(&reader, read_u8(&reader));
	cookie = read_bytes(&reader, read_u8(&reader));
	if (cookie.size == 0 && server->manner != NO_COOKIE) {
		say(socket, 22, 3, (struct span){(const uint8_t *)"\xfe\xff" COOKIE, 8}, true);
		return;
	}
	suite = choose(
	    server, (struct reader){.rest = read_bytes(&reader, read_u16_be(&reader))}, &stumbles);
	if (server->manner == NOT_OFFERED)
		suite = server->suites[0];
	assert_false(reader.overrun);
	if (server->manner == STUMBLES && stumbles)
		return;
	if (version != DTLS_1_2 && server->manner != OLD)
		say_alert(socket, 70);
	else if (suite == 0)
		say_alert(socket, 40);
	else
		say_hello(server, socket, suite);
}

static void
serve(void *context, int socket, unsigned number)
{
	struct dtls_server *server = context;
	uint8_t datagram[ROOM];
	size_t size;

	(void)number;
	while ((size = unit_hear_datagram(socket, datagram, sizeof datagram)) > 0) {
		if (datagram[0] == 21)
			server->farewells++;
		else if (server->manner == CHATTERS)
			(void)send(socket, "\x16\xfe\xfd\0", 4, MSG_NOSIGNAL);
		else if (server->manner != MUTE)
			answer(server, socket, (struct span){datagram, size});
	}
}

static struct fact_list
look(struct job *job, struct dtls_server *server, int ms)
{
	struct scripted_unit unit = {.serve = serve, .context = server};
	struct fact_list facts = {0};
	struct evidence evidence = evidence_to_list(&facts);
	struct target target;

	evidence.source = "tls";
	unit_start(&unit, &target);
	target.deadline = ms;
	target.services[0] =
	    (struct service){.port = PORT, .udp = true, .tls = true, .name = "dtls"};
	target.service_count = 1;
	assert_ok(job, probe_tls.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	return facts;
}

static size_t
offers(const struct fact_list *facts, const char *version, bool accepted)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += facts->facts[i].kind == FACT_tls_offer &&
			 facts->facts[i].as.tls_offer.accepted == accepted &&
			 strcmp(facts->facts[i].as.tls_offer.version, version) == 0;
	return count;
}

static bool
is_complete(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, "tls_offer") == 0)
			return facts->facts[i].as.looked.complete == 1;
	fail_msg("nothing about tls_offer");
	return false;
}

static void
every_suite_is_listed_with_a_cookie_and_without(void **state)
{
	for (enum manner manner = SOUND; manner <= NO_COOKIE; manner++) {
		struct dtls_server server = {manner, psk, ARRAY_SIZE(psk), 0};
		struct fact_list facts = look(*state, &server, 60000);

		assert_int_equal(offers(&facts, "DTLSv1.2", true), ARRAY_SIZE(psk));
		assert_int_equal(offers(&facts, "DTLSv1.0", false), 1);
		assert_true(is_complete(&facts));
		/* No handshake is left half open. */
		assert_int_equal(server.farewells, ARRAY_SIZE(psk));
	}
}

static void
silence_to_many_suites_is_no_refusal_of_each(void **state)
{
	struct dtls_server server = {STUMBLES, psk, ARRAY_SIZE(psk), 0};
	struct fact_list facts = look(*state, &server, 60000);

	assert_int_equal(offers(&facts, "DTLSv1.2", true), ARRAY_SIZE(psk));
}

static void
what_cannot_be_told_is_not_claimed(void **state)
{
	for (enum manner manner = MUTE; manner < MANNERS; manner++) {
		struct dtls_server server = {manner, psk, 1, 0};
		struct fact_list facts = look(*state, &server, 3000);

		assert_int_equal(offers(&facts, "DTLSv1.2", true), manner == NOT_OFFERED);
		assert_int_equal(offers(&facts, "DTLSv1.0", true), manner == OLD);
		assert_int_equal(is_complete(&facts), manner == OLD);
	}
}

static void
read_mutilated(struct job *job, struct span part, bool cut)
{
	struct dtls_answer answer;

	(void)job;
	(void)cut;
	dtls_read(part, &answer);
	assert_true(answer.cookie.size <= part.size && answer.hello.size <= part.size);
}

static void
a_hello_cut_or_flipped_anywhere_stays_within_bounds(void **state)
{
	struct job *job = *state;

	unit_mutilate(job, unit_fixture(job, "fixtures/devices/replies/dtls_server_hello.bin"),
	    read_mutilated);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_suite_is_listed_with_a_cookie_and_without, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		silence_to_many_suites_is_no_refusal_of_each, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_cannot_be_told_is_not_claimed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_hello_cut_or_flipped_anywhere_stays_within_bounds, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
