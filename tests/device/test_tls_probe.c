/* What no daemon speaks any more, or does wrong on purpose, is seen for what it is. */
#include "tests/support/support.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/probe.h"
#include "device/tls_hello.h"
#include "tests/support/scripted_unit.h"

extern const struct probe probe_tls;

#define RECORD_ROOM 20000
#define FLIGHT_ROOM 8192
#define PORT 443
#define TLS_SUITES_HEARD 512

enum manner {
	SOUND,
	NOT_OFFERED, /* always the same suite */
	DRIPS,       /* a hello in records of one byte, without end */
	HUGE_ALERT,  /* an alert of 64 KiB */
	SLOW,        /* one byte, a pause, the next */
	MUTE,
	GONE,
	CHATTERS /* bytes that mean nothing */
};

/* An old server as far as a flight goes. */
struct old_server {
	enum manner manner;
	int64_t pace; /* of a server whose silence is waited for */
	uint16_t oldest, newest;
	const uint16_t *suites;
	size_t suite_count;
	bool ssl2;
	bool fears_extensions;
	bool compresses;
	bool renegotiates_safely;
	bool honours_fallback;
	bool heartbeats, bleeds;
	bool takes_early_change;
	bool tells_paddings;
	size_t prime_size;
};

static struct job *job, *kept;
static EVP_PKEY *key;
static uint8_t certificate[2048];
static size_t certificate_size;

/* ---- what the server says ---- */

struct flight {
	uint8_t at[FLIGHT_ROOM];
	size_t size;
};

static void
put(struct flight *flight, const void *at, size_t size)
{
	assert_true(flight->size + size <= FLIGHT_ROOM);
	memcpy(flight->at + flight->size, at, size);
	flight->size += size;
}

static void
put8(struct flight *flight, size_t value)
{
	uint8_t byte = (uint8_t)value;

	put(flight, &byte, 1);
}

static void
put16(struct flight *flight, size_t value)
{
	put8(flight, value >> 8);
	put8(flight, value & 0xff);
}

static void
put_message(struct flight *flight, uint8_t type, const struct flight *body)
{
	put8(flight, type);
	put8(flight, 0);
	put16(flight, body->size);
	put(flight, body->at, body->size);
}

static void
say_record(int socket, uint8_t type, uint16_t version, const void *body, size_t size)
{
	struct flight record = {.size = 0};

	put8(&record, type);
	put16(&record, version);
	put16(&record, size);
	put(&record, body, size);
	unit_say(socket, record.at, record.size);
}

static void
say_alert(int socket, uint16_t version, uint8_t description)
{
	const uint8_t alert[] = {2, description};

	say_record(socket, 21, version, alert, sizeof alert);
}

static void
put_hello(const struct old_server *server, struct flight *flight, uint16_t version, uint16_t suite)
{
	struct flight body = {.size = 0}, extensions = {.size = 0};
	static const uint8_t random[32] = {7};

	put16(&body, version);
	put(&body, random, sizeof random);
	put8(&body, 0);
	put16(&body, suite);
	put8(&body, server->compresses);
	if (server->renegotiates_safely)
		put(&extensions, "\xff\x01\0\1\0", 5);
	if (server->heartbeats)
		put(&extensions, "\0\x0f\0\1\1", 5);
	if (version > SSL_3_0 && extensions.size > 0) {
		put16(&body, extensions.size);
		put(&body, extensions.at, extensions.size);
	}
	put_message(flight, 2, &body);
}

static void
put_certificate(struct flight *flight)
{
	struct flight body = {.size = 0};

	put8(&body, 0);
	put16(&body, certificate_size + 3);
	put8(&body, 0);
	put16(&body, certificate_size);
	put(&body, certificate, certificate_size);
	put_message(flight, 11, &body);
}

static void
put_key_exchange(
    const struct old_server *server, struct flight *flight, uint16_t version, uint16_t suite)
{
	struct flight body = {.size = 0};
	const char *name = tls_suite_name(suite);
	static const uint8_t point[65] = {4};

	if (strstr(name, "_ECDHE_") != NULL) {
		put(&body, "\3\0\27\x41", 4);
		put(&body, point, sizeof point);
	} else if (strstr(name, "_DHE_") != NULL) {
		uint8_t prime[512];

		memset(prime, 0xc7, sizeof prime);
		put16(&body, server->prime_size);
		put(&body, prime, server->prime_size);
		put(&body, "\0\1\2\0\1\4", 6);
	} else
		return;
	if (version == TLS_1_2)
		put16(&body, 0x0401);
	put(&body, "\0\2zz", 4);
	put_message(flight, 12, &body);
}

/* ---- what it hears ---- */

/* A whole record of the client's; 0 at its farewell. */
static size_t
hear_record(int socket, uint8_t record[RECORD_ROOM])
{
	size_t size = 0, wanted = 5;

	while (size < wanted) {
		ssize_t got = recv(socket, record + size, wanted - size, 0);

		if (got <= 0)
			return 0;
		size += (size_t)got;
		if (size == 5 && (record[0] & 0x80) != 0)
			wanted = 2 + ((size_t)(record[0] & 0x7f) << 8 | record[1]);
		else if (size == 5)
			wanted = 5 + ((size_t)record[3] << 8 | record[4]);
		if (wanted > RECORD_ROOM)
			return 0;
	}
	return size;
}

struct heard {
	uint16_t version;
	bool of_13;
	bool extended;
	bool fallback;
	size_t count;
	uint16_t suites[TLS_SUITES_HEARD];
};

static void
read_hello(const uint8_t *record, size_t size, struct heard *heard)
{
	struct reader reader = {.rest = span_from((struct span){record, size}, 9)};
	struct reader suites;

	*heard = (struct heard){.version = read_u16_be(&reader)};
	read_bytes(&reader, 32);
	heard->of_13 = read_u8(&reader) > 0;
	if (heard->of_13)
		read_bytes(&reader, 32);
	suites = (struct reader){.rest = read_bytes(&reader, read_u16_be(&reader))};
	while (suites.rest.size > 0 && heard->count < TLS_SUITES_HEARD) {
		uint16_t suite = read_u16_be(&suites);

		heard->fallback = heard->fallback || suite == 0x5600;
		heard->suites[heard->count++] = suite;
	}
	read_bytes(&reader, read_u8(&reader));
	heard->extended = reader.rest.size > 0;
}

static uint16_t
choose(const struct old_server *server, const struct heard *heard)
{
	for (size_t i = 0; i < server->suite_count; i++)
		for (size_t j = 0; j < heard->count; j++)
			if (server->suites[i] == heard->suites[j])
				return server->suites[i];
	return 0;
}

/* The padding of a ClientKeyExchange is right. */
static bool
is_padded(const uint8_t *record, size_t size)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	uint8_t plain[512];
	size_t room = sizeof plain;
	bool right = EVP_PKEY_decrypt_init(context) == 1 &&
		     EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
		     EVP_PKEY_decrypt(context, plain, &room, record + 11, size - 11) == 1 &&
		     plain[0] == 0 && plain[1] == 2;

	EVP_PKEY_CTX_free(context);
	return right;
}

/* After the flight. */
static void
go_on(const struct old_server *server, int socket, uint16_t version)
{
	uint8_t record[RECORD_ROOM];
	unsigned changes = 0;
	size_t size;

	while ((size = hear_record(socket, record)) > 0) {
		if (record[0] == 24) {
			uint8_t answer[39] = {2, 0, 20};

			if (server->bleeds)
				say_record(socket, 24, version, answer, sizeof answer);
		} else if (record[0] == 20) {
			changes++;
			if (!server->takes_early_change || changes == 2) {
				say_alert(socket, version, server->takes_early_change ? 21 : 10);
				return;
			}
		} else if (record[0] == 22) {
			bool right = !server->tells_paddings || is_padded(record, size);

			(void)hear_record(socket, record);
			(void)hear_record(socket, record);
			say_alert(socket, version, right ? 20 : 47);
			return;
		}
	}
}

static void
serve_ssl2(int socket)
{
	static const uint8_t suites[] = {1, 0, 0x80, 2, 0, 0x80, 7, 0, 0xc0};
	struct flight body = {.size = 0}, out = {.size = 0};

	put(&body, "\4\0\1\0\2", 5);
	put16(&body, certificate_size);
	put16(&body, sizeof suites);
	put16(&body, 16);
	put(&body, certificate, certificate_size);
	put(&body, suites, sizeof suites);
	put(&body, "0123456789abcdef", 16);
	put16(&out, 0x8000 | body.size);
	put(&out, body.at, body.size);
	unit_say(socket, out.at, out.size);
}

/* False when the manner is answered already. */
static bool
behaves(const struct old_server *server, int socket)
{
	static uint8_t block[70000] = {21, 3, 1, 0xff, 0xff, 2, 40};

	if (server->manner == GONE)
		return false;
	if (server->manner == HUGE_ALERT)
		unit_say(socket, block, sizeof block);
	else if (server->manner == CHATTERS)
		for (unsigned i = 0; i < 20; i++)
			unit_say(socket, block, sizeof block);
	else if (server->manner == DRIPS)
		for (unsigned i = 0; i < 300000; i++)
			unit_say(socket, "\x16\3\1\0\1\2", 6);
	else if (server->manner == SLOW)
		for (unsigned i = 0; i < 500; i++) {
			if (send(socket, "\x16\3\1\x3f" + (i < 3 ? i : 3), 1, MSG_NOSIGNAL) <= 0)
				return false;
			usleep(30000);
		}
	else if (server->manner == MUTE) {
		uint8_t byte;

		while (recv(socket, &byte, 1, 0) > 0)
			;
	} else
		return true;
	return false;
}

static void
serve(void *context, int socket, unsigned number)
{
	const struct old_server *server = context;
	struct flight flight = {.size = 0}, none = {.size = 0};
	uint8_t record[RECORD_ROOM];
	struct heard heard;
	size_t size = hear_record(socket, record);
	uint16_t version, suite;

	(void)number;
	if (size == 0 || !behaves(server, socket))
		return;
	if ((record[0] & 0x80) != 0) {
		if (server->ssl2)
			serve_ssl2(socket);
		return;
	}
	if (server->suite_count == 0)
		return;
	read_hello(record, size, &heard);
	version = heard.version > server->newest ? server->newest : heard.version;
	suite = server->manner == NOT_OFFERED ? server->suites[0] : choose(server, &heard);
	if (heard.version < server->oldest || suite == 0 || heard.of_13) {
		say_alert(socket, version, heard.version < server->oldest || heard.of_13 ? 70 : 40);
		return;
	}
	if (server->fears_extensions && heard.extended) {
		say_alert(socket, version, 40);
		return;
	}
	if (heard.fallback && server->honours_fallback && heard.version < server->newest) {
		say_alert(socket, version, 86);
		return;
	}
	put_hello(server, &flight, version, suite);
	put_certificate(&flight);
	put_key_exchange(server, &flight, version, suite);
	put_message(&flight, 14, &none);
	say_record(socket, 22, version, flight.at, flight.size);
	go_on(server, socket, version);
}

/* ---- what is seen ---- */

/* Facts outlive what the probe lets go of. */
static enum status
keep(struct evidence *self, struct job *unused, const struct fact *fact)
{
	struct evidence list = evidence_to_list(self->context);
	struct text copy = text_new(kept);
	struct fact own;
	const char *bytes;

	(void)unused;
	fact_encode(&copy, fact);
	TRY(text_finish(&copy, &bytes));
	TRY(fact_decode(kept, (struct span){(const uint8_t *)bytes, copy.size}, &own));
	return list.add(&list, kept, &own);
}

static void
look_for(struct old_server *server, enum intrusion granted, int ms, struct fact_list *facts)
{
	struct scripted_unit unit = {.serve = serve, .context = server, .pace = server->pace};
	struct evidence evidence = {.add = keep, .context = facts, .source = "tls"};
	struct target target;

	*facts = (struct fact_list){0};
	unit_start(&unit, &target);
	target.began = monotonic_ms();
	target.deadline = ms;
	target.granted = granted;
	assert_ok(job, channel_tls_prepare(job, &target));
	target.services[0] = (struct service){.port = PORT, .tls = true, .name = "tls"};
	target.service_count = 1;
	assert_ok(job, probe_tls.talk(job, &target, &evidence));
	unit_stop(&unit, &target);
	channel_tls_release(&target);
}

static void
look(struct old_server *server, enum intrusion granted, struct fact_list *facts)
{
	look_for(server, granted, 60000, facts);
}

static int64_t
weakness(const struct fact_list *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_tls_weakness &&
		    strcmp(facts->facts[i].as.tls_weakness.name, name) == 0)
			return facts->facts[i].as.tls_weakness.present;
	fail_msg("nothing about %s", name);
	return UNKNOWN;
}

static size_t
offers(const struct fact_list *facts, const char *version, const char *cipher)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		count += fact->kind == FACT_tls_offer && fact->as.tls_offer.accepted == 1 &&
			 strcmp(fact->as.tls_offer.version, version) == 0 &&
			 (cipher == NULL || (fact->as.tls_offer.cipher != NULL &&
						strcmp(fact->as.tls_offer.cipher, cipher) == 0));
	}
	return count;
}

static bool
has_parameter(const struct fact_list *facts, const char *class, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_tls_parameter &&
		    strcmp(facts->facts[i].as.tls_parameter.class, class) == 0 &&
		    strcmp(facts->facts[i].as.tls_parameter.name, name) == 0)
			return facts->facts[i].as.tls_parameter.accepted == 1;
	return false;
}

/* The reason why a kind was not wholly looked at; NULL when it was. */
static const char *
lack(const struct fact_list *facts, const char *kind)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_looked &&
		    strcmp(facts->facts[i].as.looked.kind, kind) == 0)
			return facts->facts[i].as.looked.complete == 1
				   ? NULL
				   : facts->facts[i].as.looked.reason;
	fail_msg("nothing about %s", kind);
	return NULL;
}

static int
set_up(void **state)
{
	(void)state;
	job = job_new((size_t)512 << 20);
	kept = job_new((size_t)64 << 20);
	return job == NULL || kept == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	job_free(job);
	job_free(kept);
	return 0;
}

static int
make_certificate(void **state)
{
	X509 *made = X509_new();
	uint8_t *end = certificate;

	(void)state;
	key = EVP_RSA_gen(1024);
	if (key == NULL || made == NULL)
		return 1;
	ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
	X509_gmtime_adj(X509_getm_notBefore(made), 0);
	X509_gmtime_adj(X509_getm_notAfter(made), 86400);
	X509_set_pubkey(made, key);
	X509_sign(made, key, EVP_sha256());
	certificate_size = (size_t)i2d_X509(made, NULL);
	if (certificate_size > sizeof certificate)
		return 1;
	i2d_X509(made, &end);
	X509_free(made);
	return 0;
}

static const uint16_t old_suites[] = {0x0005, 0x002f, 0x000a, 0x0003, 0x0014, 0x0033};
static const uint16_t new_suites[] = {0xc02f, 0xc030};

static void
ssl2_and_ssl3_with_export_suites_are_seen(void **state)
{
	struct old_server server = {.oldest = SSL_3_0,
	    .newest = TLS_1_0,
	    .suites = old_suites,
	    .suite_count = ARRAY_SIZE(old_suites),
	    .ssl2 = true,
	    .prime_size = 64};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(offers(&facts, "SSLv2", NULL), 3);
	assert_int_equal(offers(&facts, "SSLv2", "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"), 1);
	assert_int_equal(offers(&facts, "SSLv3", NULL), ARRAY_SIZE(old_suites));
	assert_int_equal(offers(&facts, "TLSv1.0", NULL), ARRAY_SIZE(old_suites));
	assert_int_equal(offers(&facts, "TLSv1.1", NULL), 0);
	assert_int_equal(offers(&facts, "TLSv1.2", NULL), 0);
	for (const char *const *name =
		 (const char *const[]){"sslv2", "sslv3", "rc4", "sweet32", "export", "short dh",
		     "secure renegotiation missing", "fallback scsv missing", NULL};
	     *name != NULL; name++)
		assert_int_equal(weakness(&facts, *name), 1);
	assert_int_equal(weakness(&facts, "anonymous"), 0);
	assert_int_equal(weakness(&facts, "heartbleed"), 0);
	assert_int_equal(weakness(&facts, "ccs injection"), 0);
	assert_int_equal(weakness(&facts, "robot"), 0);
	assert_true(has_parameter(&facts, "dh_bits", "512"));
	assert_null(lack(&facts, "tls_offer"));
}

static void
ssl2_alone_is_seen(void **state)
{
	struct old_server server = {.ssl2 = true, .pace = 4};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(offers(&facts, "SSLv2", NULL), 3);
	assert_int_equal(weakness(&facts, "sslv2"), 1);
	assert_int_equal(weakness(&facts, "export"), 1);
}

static void
a_sound_server_has_no_weakness(void **state)
{
	struct old_server server = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = ARRAY_SIZE(new_suites),
	    .renegotiates_safely = true};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(offers(&facts, "TLSv1.2", NULL), 2);
	for (size_t i = 0; i < facts.count; i++)
		if (facts.facts[i].kind == FACT_tls_weakness &&
		    strcmp(facts.facts[i].as.tls_weakness.name, "client renegotiation") != 0)
			assert_int_equal(facts.facts[i].as.tls_weakness.present, 0);
	assert_true(has_parameter(&facts, "group", "secp256r1"));
	assert_true(has_parameter(&facts, "signature_algorithm", "rsa_pkcs1_sha256"));
	assert_null(lack(&facts, "tls_offer"));
	assert_non_null(lack(&facts, "tls_weakness")); /* a renegotiation needs level login */
}

static void
attacks_give_an_unsound_server_away(void **state)
{
	struct old_server server = {.oldest = TLS_1_0,
	    .newest = TLS_1_2,
	    .suites = old_suites,
	    .suite_count = 2,
	    .compresses = true,
	    .honours_fallback = true,
	    .heartbeats = true,
	    .bleeds = true,
	    .takes_early_change = true,
	    .tells_paddings = true};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(weakness(&facts, "heartbleed"), 1);
	assert_int_equal(weakness(&facts, "ccs injection"), 1);
	assert_int_equal(weakness(&facts, "robot"), 1);
	assert_int_equal(weakness(&facts, "compression"), 1);
	assert_int_equal(weakness(&facts, "static rsa only"), 1);
	assert_int_equal(weakness(&facts, "fallback scsv missing"), 0);
}

static void
below_level_login_nothing_is_attacked_and_nothing_claimed(void **state)
{
	struct old_server server = {.oldest = TLS_1_0,
	    .newest = TLS_1_2,
	    .suites = old_suites,
	    .suite_count = 2,
	    .heartbeats = true,
	    .bleeds = true,
	    .tells_paddings = true};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(weakness(&facts, "heartbleed"), UNKNOWN);
	assert_int_equal(weakness(&facts, "robot"), UNKNOWN);
	assert_non_null(lack(&facts, "tls_weakness"));
}

static void
a_heartbeat_that_is_sound_is_no_weakness(void **state)
{
	struct old_server server = {.oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 1,
	    .heartbeats = true};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_LOGIN, &facts);
	assert_int_equal(weakness(&facts, "heartbleed"), 0);
}

static void
a_server_that_declines_whatever_has_extensions_is_asked_without(void **state)
{
	struct old_server server = {.oldest = TLS_1_0,
	    .newest = TLS_1_0,
	    .suites = old_suites,
	    .suite_count = ARRAY_SIZE(old_suites),
	    .fears_extensions = true,
	    .prime_size = 128};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(offers(&facts, "TLSv1.0", NULL), ARRAY_SIZE(old_suites));
	assert_int_equal(weakness(&facts, "rc4"), 1);
	assert_null(lack(&facts, "tls_offer"));
}

static void
a_suite_that_was_not_offered_is_not_believed(void **state)
{
	struct old_server server = {.manner = NOT_OFFERED,
	    .oldest = TLS_1_2,
	    .newest = TLS_1_2,
	    .suites = new_suites,
	    .suite_count = 1};
	struct fact_list facts;

	(void)state;
	look(&server, INTRUSION_OBSERVE, &facts);
	assert_int_equal(offers(&facts, "TLSv1.2", NULL), 1);
	assert_non_null(lack(&facts, "tls_offer"));
	assert_int_equal(weakness(&facts, "rc4"), UNKNOWN);
}

static void
whatever_a_strange_server_does_the_probe_ends(void **state)
{
	(void)state;
	for (enum manner manner = DRIPS; manner <= CHATTERS; manner++) {
		struct old_server server = {.manner = manner,
		    .pace = 3,
		    .oldest = SSL_3_0,
		    .newest = TLS_1_2,
		    .suites = old_suites,
		    .suite_count = 2};
		struct fact_list facts;

		look_for(&server, INTRUSION_LOGIN, 5000, &facts);
		for (size_t i = 0; i < facts.count; i++)
			assert_false(facts.facts[i].kind == FACT_tls_offer &&
				     facts.facts[i].as.tls_offer.accepted == 1);
		assert_non_null(lack(&facts, "tls_offer"));
		assert_non_null(lack(&facts, "tls_weakness"));
		assert_non_null(lack(&facts, "tls_parameter"));
		assert_non_null(lack(&facts, "certificate"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		ssl2_and_ssl3_with_export_suites_are_seen, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(ssl2_alone_is_seen, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_sound_server_has_no_weakness, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(attacks_give_an_unsound_server_away, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		below_level_login_nothing_is_attacked_and_nothing_claimed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_heartbeat_that_is_sound_is_no_weakness, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_server_that_declines_whatever_has_extensions_is_asked_without, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_suite_that_was_not_offered_is_not_believed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		whatever_a_strange_server_does_the_probe_ends, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, make_certificate, NULL);
}
