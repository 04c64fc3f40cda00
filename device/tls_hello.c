/* Records and handshake messages nest without aligning: a message may span records, a record hold
 * several messages. */
#include "device/tls_hello.h"

#include <string.h>

#include "base/arena.h"
#include "base/frames.h"

#define ANSWER_MAX_SIZE 65536
#define ANSWER_PATIENCE_MS 4000
#define MESSAGES_MAX 64
#define SCSV 0x00ff
#define RANDOM_SIZE 32

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };
enum {
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	CERTIFICATE_REQUEST = 13,
	SERVER_HELLO_DONE = 14
};
enum {
	GROUPS = 10,
	POINT_FORMATS = 11,
	SIGNATURES = 13,
	SUPPORTED_VERSIONS = 43,
	PSK_MODES = 45,
	KEY_SHARE = 51,
	RENEGOTIATION = 0xff01
};

/* Every scheme a unit might sign with, weak ones too: the unit chooses, we judge. */
static const uint16_t signatures[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a,
    0x080b, 0x0804, 0x0805, 0x0806, 0x081a, 0x081b, 0x081c, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301,
    0x0402, 0x0502, 0x0602, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101};

/* The generator of P-256: a public point like any other. */
static const uint8_t p256_point[] = {4, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc,
    0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1,
    0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7,
    0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6,
    0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};

static void
put_be16(struct text *out, size_t value)
{
	put_u8(out, (uint8_t)(value >> 8));
	put_u8(out, (uint8_t)value);
}

/* Bytes after their length as two bytes. */
static void
put_block(struct text *out, const struct text *block)
{
	put_be16(out, block->size);
	text_put_bytes(out, block->at == NULL ? "" : block->at, block->size);
	out->failed = out->failed || block->failed;
}

static void
put_extension(struct text *out, uint16_t type, const struct text *body)
{
	put_be16(out, type);
	put_block(out, body);
}

static enum status
put_key_share(struct job *job, struct target *target, struct text *out)
{
	struct text shares = text_new(job), body = text_new(job);
	uint8_t x25519[32];

	TRY(target_random(job, target, x25519, sizeof x25519));
	put_be16(&shares, 29);
	put_be16(&shares, sizeof x25519);
	text_put_bytes(&shares, x25519, sizeof x25519);
	put_be16(&shares, 23);
	put_be16(&shares, sizeof p256_point);
	text_put_bytes(&shares, p256_point, sizeof p256_point);
	put_block(&body, &shares);
	put_extension(out, KEY_SHARE, &body);
	return STATUS_OK;
}

static enum status
put_extensions(struct job *job, struct target *target, uint16_t version, struct text *out)
{
	struct text list = text_new(job), body = text_new(job), schemes = text_new(job),
		    signed_with = text_new(job);

	for (size_t i = 0; i < tls_group_count; i++)
		put_be16(&list, tls_groups[i].code);
	put_block(&body, &list);
	put_extension(out, GROUPS, &body);
	body = text_new(job);
	text_put_bytes(&body, "\003\000\001\002", 4);
	put_extension(out, POINT_FORMATS, &body);
	if (version < TLS_1_2)
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(signatures); i++)
		put_be16(&schemes, signatures[i]);
	put_block(&signed_with, &schemes);
	put_extension(out, SIGNATURES, &signed_with);
	if (version < TLS_1_3)
		return STATUS_OK;
	body = text_new(job);
	text_put_bytes(&body, "\002\003\004", 3);
	put_extension(out, SUPPORTED_VERSIONS, &body);
	body = text_new(job);
	text_put_bytes(&body, "\001\001", 2);
	put_extension(out, PSK_MODES, &body);
	return put_key_share(job, target, out);
}

enum status
tls_hello_make(
    struct job *job, struct target *target, const struct tls_offer *offer, struct span *record)
{
	struct text hello = text_new(job), suites = text_new(job), extensions = text_new(job),
		    out = text_new(job);
	uint16_t legacy = offer->version > TLS_1_2 ? TLS_1_2 : offer->version;
	uint8_t session[RANDOM_SIZE], random[RANDOM_SIZE];
	const char *bytes;

	TRY(target_random(job, target, random, sizeof random));
	TRY(target_random(job, target, session, sizeof session));
	put_be16(&hello, legacy);
	text_put_bytes(&hello, random, sizeof random);
	put_u8(&hello, offer->version == TLS_1_3 ? sizeof session : 0);
	text_put_bytes(&hello, session, offer->version == TLS_1_3 ? sizeof session : 0);
	for (size_t i = 0; i < offer->count; i++)
		put_be16(&suites, offer->suites[i]);
	if (offer->version < TLS_1_3)
		put_be16(&suites, SCSV);
	put_block(&hello, &suites);
	text_put_bytes(
	    &hello, offer->compression ? "\002\001\000" : "\001\000", offer->compression ? 3 : 2);
	if (offer->version > SSL_3_0) {
		TRY(put_extensions(job, target, offer->version, &extensions));
		put_block(&hello, &extensions);
	}
	put_u8(&out, RECORD_HANDSHAKE);
	put_be16(&out, offer->version == SSL_3_0 ? SSL_3_0 : TLS_1_0);
	put_be16(&out, hello.size + 4);
	put_u8(&out, 1);
	put_u8(&out, 0);
	put_block(&out, &hello);
	TRY(text_finish(&out, &bytes));
	*record = (struct span){(const uint8_t *)bytes, out.size};
	return STATUS_OK;
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
		if (type == RENEGOTIATION)
			answer->secure_renegotiation = true;
		else if (type == SUPPORTED_VERSIONS)
			answer->version = read_u16_be(&body);
		else if (type == KEY_SHARE)
			answer->group = read_u16_be(&body);
		if (body.overrun)
			answer->type = TLS_STRANGE;
	}
}

static void
read_server_hello(struct span bytes, struct tls_answer *answer)
{
	struct reader reader = {.rest = bytes};

	answer->type = TLS_HELLO;
	answer->version = read_u16_be(&reader);
	read_bytes(&reader, RANDOM_SIZE);
	read_bytes(&reader, read_u8(&reader));
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

/* RFC 8422 section 5.4: a named curve is 3 and its number; other key exchanges begin otherwise. */
static void
read_key_exchange(struct span bytes, struct tls_answer *answer)
{
	const char *name = tls_suite_name(answer->suite);
	struct reader reader = {.rest = bytes};

	if (name != NULL && strstr(name, "_ECDH") != NULL && read_u8(&reader) == 3)
		answer->group = read_u16_be(&reader);
}

/* Walks the handshake messages; true when no later byte can matter. */
static bool
read_messages(struct span bytes, struct tls_answer *answer)
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
		if (answer->type == TLS_STRANGE || answer->version >= TLS_1_3 ||
		    type == SERVER_KEY_EXCHANGE || type == CERTIFICATE_REQUEST ||
		    type == SERVER_HELLO_DONE)
			return true;
	}
	return true;
}

enum status
tls_answer_parse(struct job *job, struct span received, bool last, struct tls_answer *answer)
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
		if (type == RECORD_ALERT) {
			if (answer->type == TLS_MORE && body.size == 2)
				*answer =
				    (struct tls_answer){.type = TLS_ALERT, .alert = body.at[1]};
			else if (answer->type == TLS_MORE)
				answer->type = TLS_STRANGE;
			return STATUS_OK;
		}
		text_put_bytes(
		    &messages, body.at == NULL ? (const uint8_t *)"" : body.at, body.size);
		if (messages.failed)
			return STATUS_LIMIT;
		*answer = (struct tls_answer){.type = TLS_MORE};
		done = read_messages(
		    (struct span){(const uint8_t *)messages.at, messages.size}, answer);
	}
	if (!done && !last && answer->type == TLS_HELLO)
		answer->type = TLS_MORE;
	return STATUS_OK;
}

/* Reads until the answer is whole, the unit ends it, or it falls silent. */
static enum status
read_answer(struct job *job, struct channel *channel, struct tls_answer *answer)
{
	uint8_t *bytes = arena_allocate(job, ANSWER_MAX_SIZE);
	struct arena_mark mark;
	size_t size = 0, got = 0;
	enum status status;

	if (bytes == NULL)
		return STATUS_LIMIT;
	*answer = (struct tls_answer){.type = TLS_MORE};
	mark = arena_mark(job->arena);
	do {
		status = channel_receive(
		    job, channel, bytes + size, ANSWER_MAX_SIZE - size, ANSWER_PATIENCE_MS, &got);
		if (status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO)
			return status;
		size += got;
		arena_release(
		    job->arena, mark); /* the answer borrowed nothing yet: it was not whole */
		TRY(tls_answer_parse(job, (struct span){bytes, size},
		    status != STATUS_OK || got == 0 || size == ANSWER_MAX_SIZE, answer));
	} while (
	    answer->type == TLS_MORE && status == STATUS_OK && got > 0 && size < ANSWER_MAX_SIZE);
	if (answer->type == TLS_MORE)
		answer->type = size > 0                     ? TLS_STRANGE
			       : status == STATUS_UNDECIDED ? TLS_SILENT
							    : TLS_CLOSED;
	return STATUS_OK;
}

enum status
tls_ask(struct job *job, struct target *target, uint16_t port, const struct tls_offer *offer,
    struct tls_answer *answer, int64_t *exchange)
{
	struct channel channel;
	struct span record;
	enum status status;

	TRY(tls_hello_make(job, target, offer, &record));
	TRY(channel_open(job, target, port, &channel));
	*exchange = channel.exchange;
	status = channel_send(job, &channel, record);
	if (status == STATUS_OK || status == STATUS_UNAVAILABLE)
		status = read_answer(job, &channel, answer);
	channel_hang_up(job, &channel);
	return status;
}
