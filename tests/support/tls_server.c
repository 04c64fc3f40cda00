/* What no daemon speaks any more, or does wrong on purpose. */
#include "tests/support/tls_server.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "device/tls_hello.h"
#include "tests/support/scripted_unit.h"
#include "tests/support/support.h"

#define RECORD_ROOM 20000
#define FLIGHT_ROOM 8192
#define TLS_SUITES_HEARD 512

static EVP_PKEY *key;
static struct {
	uint8_t at[2048];
	size_t size;
} certificates[2];

static int
certify(size_t number)
{
	X509 *made = X509_new();
	uint8_t *end = certificates[number].at;

	if (key == NULL || made == NULL)
		return 1;
	ASN1_INTEGER_set(X509_get_serialNumber(made), 1 + (long)number);
	if (number == 0)
		X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
		    (const unsigned char *)TLS_SERVER_NAME, -1, -1, 0);
	X509_gmtime_adj(X509_getm_notBefore(made), 0);
	X509_gmtime_adj(X509_getm_notAfter(made), 86400);
	X509_set_pubkey(made, key);
	X509_sign(made, key, EVP_sha256());
	certificates[number].size = (size_t)i2d_X509(made, NULL);
	if (certificates[number].size > sizeof certificates[number].at)
		return 1;
	i2d_X509(made, &end);
	X509_free(made);
	return 0;
}

int
tls_server_certify(void **state)
{
	(void)state;
	key = EVP_RSA_gen(1024);
	return certify(0) != 0 || certify(1) != 0;
}

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
put_certificate(const struct old_server *server, struct flight *flight)
{
	struct flight body = {.size = 0};
	size_t size = certificates[server->other_certificate].size;

	put8(&body, 0);
	put16(&body, size + 3);
	put8(&body, 0);
	put16(&body, size);
	put(&body, certificates[server->other_certificate].at, size);
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
	bool named;
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
	heard->named =
	    span_find(reader.rest, TLS_SERVER_NAME, strlen(TLS_SERVER_NAME), 0) != SIZE_MAX;
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

static bool
comes_more(int socket)
{
	struct pollfd wait = {.fd = socket, .events = POLLIN};

	return poll(&wait, 1, 300) == 1;
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
			bool right = is_padded(record, size);

			if (!right && server->tells_who_waits && !comes_more(socket))
				say_alert(socket, version, 47);
			else if (hear_record(socket, record) > 0 && hear_record(socket, record) > 0)
				say_alert(
				    socket, version, right || !server->tells_paddings ? 20 : 47);
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
	put16(&body, certificates[0].size);
	put16(&body, sizeof suites);
	put16(&body, 16);
	put(&body, certificates[0].at, certificates[0].size);
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
			if (send(socket, &"\x16\3\1\x3f"[i < 3 ? i : 3], 1, MSG_NOSIGNAL) <= 0)
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
serve(const struct old_server *server, int socket)
{
	struct flight flight = {.size = 0}, none = {.size = 0};
	uint8_t record[RECORD_ROOM];
	struct heard heard;
	size_t size = hear_record(socket, record);
	uint16_t version, suite;

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
	if (heard.named && server->warns_of_names)
		say_record(socket, 21, TLS_1_0, "\1\x70", 2);
	if (heard.named && server->named != NULL)
		server = server->named;
	if (server->manner == MUTE && !behaves(server, socket))
		return;
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
	put_certificate(server, &flight);
	put_key_exchange(server, &flight, version, suite);
	put_message(&flight, 14, &none);
	say_record(socket, 22, version, flight.at, flight.size);
	go_on(server, socket, version);
}

/* ---- one beside the other ---- */

void
tls_crowd_begin(struct tls_crowd *crowd)
{
	*crowd = (struct tls_crowd){0};
	pthread_mutex_init(&crowd->lock, NULL);
	for (size_t i = 0; i < TLS_CROWD_MAX; i++)
		crowd->sockets[i] = -1;
}

/* The client has not hung up. */
static bool
is_held(int socket)
{
	uint8_t byte;

	return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

/* Takes a place; *beside when another connection stands. */
static size_t
enter(struct tls_crowd *crowd, int socket, bool *beside)
{
	size_t place = TLS_CROWD_MAX;

	*beside = false;
	pthread_mutex_lock(&crowd->lock);
	for (size_t i = 0; i < TLS_CROWD_MAX; i++) {
		if (crowd->sockets[i] < 0)
			place = i;
		else
			*beside = *beside || is_held(crowd->sockets[i]);
	}
	assert_true(place < TLS_CROWD_MAX);
	crowd->sockets[place] = socket;
	crowd->turned_away += *beside;
	pthread_mutex_unlock(&crowd->lock);
	return place;
}

static void
leave(struct tls_crowd *crowd, size_t place)
{
	pthread_mutex_lock(&crowd->lock);
	crowd->sockets[place] = -1;
	pthread_mutex_unlock(&crowd->lock);
}

/* To one that is not the only one. */
static void
turn_away(const struct old_server *server, int socket)
{
	uint8_t record[RECORD_ROOM];
	struct flight flight = {.size = 0};

	if (hear_record(socket, record) == 0 || server->crowding == CROWD_HUNG_UP)
		return;
	if (server->crowding == CROWD_ALERTED)
		say_alert(socket, server->newest, 80);
	if (server->crowding == CROWD_MIXED_UP) {
		put_hello(server, &flight, server->newest, server->suites[0]);
		say_record(socket, 22, server->newest, flight.at, flight.size);
	}
	while (server->crowding == CROWD_IGNORED && hear_record(socket, record) > 0)
		;
}

void
tls_server_serve(void *context, int socket, unsigned number)
{
	const struct old_server *server = context;
	size_t place;
	bool beside;

	(void)number;
	if (server->crowd == NULL) {
		serve(server, socket);
		return;
	}
	if (server->crowding == CROWD_QUEUES) {
		pthread_mutex_lock(&server->crowd->lock);
		serve(server, socket);
		pthread_mutex_unlock(&server->crowd->lock);
		return;
	}
	place = enter(server->crowd, socket, &beside);
	if (beside)
		turn_away(server, socket);
	else
		serve(server, socket);
	leave(server->crowd, place);
}
