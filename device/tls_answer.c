/* Records and handshake messages nest without aligning: a message may span records, a record hold
 * several messages. */
#include <string.h>

#include "base/arena.h"
#include "device/tls_hello.h"

#define MESSAGES_MAX 64
#define RANDOM_SIZE 32

#define UNRECOGNIZED_NAME 112

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };
enum {
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	CERTIFICATE_REQUEST = 13,
	SERVER_HELLO_DONE = 14
};
enum {
	HEARTBEAT = 15,
	PROTOCOLS = 16,
	ENCRYPT_THEN_MAC = 22,
	EXTENDED_MASTER_SECRET = 23,
	SESSION_TICKET = 35,
	SUPPORTED_VERSIONS = 43,
	KEY_SHARE = 51,
	RENEGOTIATION = 0xff01
};
enum { EXPLICIT_PRIME = 1, EXPLICIT_CHAR2 = 2, NAMED_CURVE = 3 };

/* RFC 8446 section 4.1.3: this random makes a ServerHello a HelloRetryRequest. */
static const uint8_t retry_random[RANDOM_SIZE] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
    0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
    0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

/* The one name an ALPN answer holds. */
static struct span
read_protocol(struct reader *body)
{
	struct reader list = {.rest = read_bytes(body, read_u16_be(body))};
	struct span name = read_bytes(&list, read_u8(&list));

	body->overrun = body->overrun || list.overrun;
	return name;
}

static void
read_hello_extension(uint16_t type, struct reader *body, struct tls_answer *answer)
{
	if (type == RENEGOTIATION)
		answer->secure_renegotiation = true;
	else if (type == EXTENDED_MASTER_SECRET)
		answer->extended_master_secret = true;
	else if (type == ENCRYPT_THEN_MAC)
		answer->encrypt_then_mac = true;
	else if (type == SESSION_TICKET)
		answer->session_ticket = true;
	else if (type == HEARTBEAT)
		answer->heartbeat = true;
	else if (type == PROTOCOLS)
		answer->protocol = read_protocol(body);
	else if (type == SUPPORTED_VERSIONS)
		answer->version = read_u16_be(body);
	else if (type == KEY_SHARE)
		answer->group = read_u16_be(body);
}

static void
read_hello_extensions(struct span bytes, struct tls_answer *answer)
{
	struct reader reader = {.rest = bytes};

	for (unsigned i = 0; i < MESSAGES_MAX && reader.rest.size > 0; i++) {
		uint16_t type = read_u16_be(&reader);
		struct reader body = {.rest = read_bytes(&reader, read_u16_be(&reader))};

		if (reader.overrun) {
			answer->type = TLS_STRANGE;
			return;
		}
		read_hello_extension(type, &body, answer);
		if (body.overrun)
			answer->type = TLS_STRANGE;
	}
}

static void
read_server_hello(struct span bytes, struct tls_answer *answer)
{
	struct reader reader = {.rest = bytes};
	struct span random;

	answer->type = TLS_HELLO;
	answer->version = read_u16_be(&reader);
	random = read_bytes(&reader, RANDOM_SIZE);
	answer->retry = span_equal(random, (struct span){retry_random, sizeof retry_random});
	answer->session_id = read_bytes(&reader, read_u8(&reader)).size > 0;
	answer->suite = read_u16_be(&reader);
	answer->compression = read_u8(&reader);
	if (!reader.overrun && reader.rest.size > 0)
		read_hello_extensions(read_bytes(&reader, read_u16_be(&reader)), answer);
	if (reader.overrun || reader.rest.size > 0)
		answer->type = TLS_STRANGE;
}

static void
read_certificates(struct span bytes, struct tls_answer *answer)
{
	struct reader reader = {.rest = bytes};
	struct reader list = {.rest = read_bytes(&reader, read_u24_be(&reader))};

	while (list.rest.size > 0 && answer->chain_count < TLS_CHAIN_MAX) {
		struct span certificate = read_bytes(&list, read_u24_be(&list));

		if (list.overrun)
			break;
		answer->chain[answer->chain_count++] = certificate;
	}
	if (reader.overrun || list.overrun)
		answer->type = TLS_STRANGE;
}

/* RFC 8422 section 5.4: a named curve is 3 and its number, then comes the unit's point. */
static void
read_curve(struct reader *reader, struct tls_answer *answer)
{
	uint8_t type = read_u8(reader);

	answer->explicit_curve = type == EXPLICIT_PRIME || type == EXPLICIT_CHAR2;
	if (type == NAMED_CURVE)
		answer->group = read_u16_be(reader);
	if (type == NAMED_CURVE)
		read_bytes(reader, read_u8(reader));
	else /* where the parameters end is not worth knowing */
		reader->overrun = true;
}

static void
read_prime(struct reader *reader, struct tls_answer *answer)
{
	struct span prime = read_bytes(reader, read_u16_be(reader));

	read_bytes(reader, read_u16_be(reader));
	read_bytes(reader, read_u16_be(reader));
	if (!reader->overrun)
		answer->dh_prime = prime;
}

/* Which key exchange it is stands in the suite's name; a signed one ends in scheme and signature.
 */
static void
read_key_exchange(struct span bytes, struct tls_answer *answer)
{
	const char *name = tls_suite_name(answer->suite);
	struct reader reader = {.rest = bytes};

	if (name == NULL)
		return;
	if (strstr(name, "PSK") != NULL) /* RFC 5489, RFC 4279: a hint comes first */
		read_bytes(&reader, read_u16_be(&reader));
	if (strstr(name, "_ECDH") != NULL)
		read_curve(&reader, answer);
	else if (strstr(name, "_DHE_") != NULL || strstr(name, "_DH_anon") != NULL)
		read_prime(&reader, answer);
	else
		return;
	if (answer->version == TLS_1_2 && strstr(name, "_anon_") == NULL &&
	    strstr(name, "PSK") == NULL && !reader.overrun) {
		uint16_t scheme = read_u16_be(&reader);

		answer->scheme = reader.overrun ? 0 : scheme;
	}
}

/* Walks the handshake messages; true when no later byte can matter. */
static bool
read_messages(struct span bytes, bool whole, struct tls_answer *answer)
{
	struct reader reader = {.rest = bytes};

	for (unsigned i = 0; i < MESSAGES_MAX; i++) {
		uint8_t type = read_u8(&reader);
		struct span body = read_bytes(&reader, read_u24_be(&reader));

		if (reader.overrun)
			return false;
		if (i == 0 && type != SERVER_HELLO) {
			answer->type = TLS_STRANGE;
			return true;
		}
		if (i == 0)
			read_server_hello(body, answer);
		else if (type == CERTIFICATE && answer->chain_count == 0)
			read_certificates(body, answer);
		else if (type == SERVER_KEY_EXCHANGE)
			read_key_exchange(body, answer);
		answer->asks_certificate = answer->asks_certificate || type == CERTIFICATE_REQUEST;
		answer->done = type == SERVER_HELLO_DONE;
		if (answer->type == TLS_STRANGE || answer->version >= TLS_1_3 || answer->done ||
		    (!whole && type == SERVER_KEY_EXCHANGE))
			return true;
	}
	return true;
}

/* A warning before the hello: the name is not known, and another one's settings hold. */
static bool
is_no_such_name(struct span body)
{
	return body.size == 2 && body.at[0] == 1 && body.at[1] == UNRECOGNIZED_NAME;
}

static void
read_alert(struct span body, struct tls_answer *answer)
{
	if (answer->type == TLS_MORE && body.size == 2)
		*answer = (struct tls_answer){.type = TLS_ALERT, .alert = body.at[1]};
	else if (answer->type == TLS_MORE)
		answer->type = TLS_STRANGE;
}

static enum status
parse(struct job *job, struct span received, bool last, bool whole, struct tls_answer *answer)
{
	struct reader reader = {.rest = received};
	struct text messages = text_new(job);
	bool done = false;

	*answer = (struct tls_answer){.type = TLS_MORE};
	while (!done) {
		uint8_t type = read_u8(&reader);
		uint16_t version = read_u16_be(&reader);
		struct span body;

		if (reader.overrun)
			break;
		if ((type != RECORD_ALERT && type != RECORD_HANDSHAKE) || version >> 8 != 3) {
			if (answer->type == TLS_MORE)
				answer->type = TLS_STRANGE;
			break;
		}
		body = read_bytes(&reader, read_u16_be(&reader));
		if (reader.overrun)
			break;
		if (type == RECORD_ALERT && is_no_such_name(body) && messages.size == 0)
			continue;
		if (type == RECORD_ALERT) {
			read_alert(body, answer);
			return STATUS_OK;
		}
		text_put_bytes(
		    &messages, body.at == NULL ? (const uint8_t *)"" : body.at, body.size);
		if (messages.failed)
			return STATUS_LIMIT;
		*answer = (struct tls_answer){.type = TLS_MORE};
		done = read_messages(
		    (struct span){(const uint8_t *)messages.at, messages.size}, whole, answer);
	}
	if (!done && !last && answer->type == TLS_HELLO)
		answer->type = TLS_MORE;
	return STATUS_OK;
}

enum status
tls_answer_parse(struct job *job, struct span received, bool last, struct tls_answer *answer)
{
	return parse(job, received, last, false, answer);
}

enum status
tls_flight_parse(struct job *job, struct span received, bool last, struct tls_answer *answer)
{
	return parse(job, received, last, true, answer);
}
