/* A server gives a cookie before it looks at what is offered, so it is asked twice. */
#include "device/dtls_hello.h"

#include <assert.h>

#include "base/arena.h"
#include "base/frames.h"
#include "base/text.h"

#define HANDSHAKE 22
#define ALERT 21
#define CLIENT_HELLO 1
#define SERVER_HELLO 2
#define VERIFY_REQUEST 3
#define DATAGRAM_MAX 4096
#define PATIENCE_MS 2000
#define COOKIES_MAX 3 /* the first one may come twice */
#define RECORD_HEADER 5
#define MESSAGE_HEADER 4
#define USER_CANCELED 90

static void
put_be(struct text *out, uint32_t value, unsigned bytes)
{
	while (bytes-- > 0)
		put_u8(out, (uint8_t)(value >> (8 * bytes)));
}

/* TLS_PSK_WITH_AES_128_CCM_8, which RFC 7252 requires, and its usual relatives; an extended master
 * secret, which some insist on. */
static void
put_body(struct text *body, const uint8_t random[DTLS_RANDOM_SIZE], struct span cookie)
{
	static const uint8_t rest[] = {0, 12, 0xc0, 0xa8, 0xc0, 0xa4, 0x00, 0xa8, 0x00, 0xae, 0x00,
	    0x8c, 0x00, 0xff, 1, 0, 0, 4, 0, 23, 0, 0};

	put_be(body, DTLS_1_2, 2);
	text_put_bytes(body, random, DTLS_RANDOM_SIZE);
	put_u8(body, 0); /* session */
	put_u8(body, (uint8_t)cookie.size);
	if (cookie.size != 0)
		text_put_bytes(body, cookie.at, cookie.size);
	text_put_bytes(body, rest, sizeof rest);
}

/* A message that is its flight's only one, and number `sequence` of all. */
static enum status
write_message(uint16_t version, uint8_t sequence, const struct text *body, struct text *out,
    struct span *made)
{
	uint32_t size = (uint32_t)body->size;

	put_u8(out, HANDSHAKE);
	put_be(out, version, 2);
	put_be(out, 0, 2); /* epoch */
	put_be(out, 0, 2);
	put_be(out, sequence, 4);
	put_be(out, size + 12, 2);
	put_u8(out, CLIENT_HELLO);
	put_be(out, size, 3);
	put_be(out, sequence, 2);
	put_be(out, 0, 3); /* one fragment */
	put_be(out, size, 3);
	text_put_bytes(out, body->at, body->size);
	if (out->failed || body->failed)
		return STATUS_LIMIT;
	*made = (struct span){(const uint8_t *)out->at, out->size};
	return STATUS_OK;
}

enum status
dtls_write_hello(struct job *job, const uint8_t random[DTLS_RANDOM_SIZE], uint8_t sequence,
    struct span cookie, struct span *datagram)
{
	struct text out = text_new(job), body = text_new(job);

	put_body(&body, random, cookie);
	return write_message(DTLS_1_2, sequence, &body, &out, datagram);
}

/* `record` is the same hello of TLS: the cookie stands behind its session. */
static enum status
write_hello_of(struct job *job, uint16_t version, struct span record, uint8_t sequence,
    struct span cookie, struct span *datagram)
{
	struct text out = text_new(job), body = text_new(job);
	struct span hello = span_from(record, RECORD_HEADER + MESSAGE_HEADER);
	size_t head = 2 + DTLS_RANDOM_SIZE + 1; /* the session is empty */

	put_be(&body, version, 2);
	text_put_bytes(&body, hello.at + 2, head - 2);
	put_u8(&body, (uint8_t)cookie.size);
	if (cookie.size != 0)
		text_put_bytes(&body, cookie.at, cookie.size);
	hello = span_from(hello, head);
	text_put_bytes(&body, hello.at, hello.size);
	return write_message(version, sequence, &body, &out, datagram);
}

static void
read_message(struct reader *record, struct dtls_answer *answer)
{
	uint8_t kind = read_u8(record);
	uint32_t size = read_u24_be(record), offset;
	struct reader body;

	(void)read_u16_be(record);
	offset = read_u24_be(record);
	body.rest = read_bytes(record, read_u24_be(record));
	body.overrun = record->overrun;
	if (kind == SERVER_HELLO && !body.overrun) {
		answer->type = DTLS_SERVER_HELLO;
		if (offset == 0 && body.rest.size == size)
			answer->hello = body.rest;
	}
	if (kind != VERIFY_REQUEST)
		return;
	(void)read_u16_be(&body); /* version */
	answer->cookie = read_bytes(&body, read_u8(&body));
	if (!body.overrun)
		answer->type = DTLS_COOKIE;
}

void
dtls_read(struct span datagram, struct dtls_answer *answer)
{
	struct reader record = {.rest = datagram}, message = {0};
	uint8_t type = read_u8(&record);
	uint16_t version = read_u16_be(&record);

	*answer = (struct dtls_answer){0};
	(void)read_bytes(&record, 8); /* epoch, number */
	message.rest = read_bytes(&record, read_u16_be(&record));
	if (record.overrun || version >> 8 != 0xfe)
		return;
	if (type == ALERT && message.rest.size == 2) {
		answer->type = DTLS_ALERT;
		answer->alert = message.rest.at[1];
	}
	if (type == HANDSHAKE)
		read_message(&message, answer);
}

/* One hello, twice where the first time nobody answers. */
static enum status
exchange(struct job *job, struct channel *channel, struct span hello, uint8_t *buffer,
    struct dtls_answer *answer)
{
	enum status status = STATUS_UNDECIDED;
	size_t got = 0;

	for (unsigned again = 0; again < 2 && status == STATUS_UNDECIDED; again++) {
		TRY(channel_send(job, channel, hello));
		status = channel_receive(job, channel, buffer, DATAGRAM_MAX,
		    target_patience(channel->target, PATIENCE_MS), &got);
	}
	TRY(status);
	dtls_read((struct span){buffer, got}, answer);
	return STATUS_OK;
}

enum status
dtls_ask(struct job *job, struct channel *channel, enum dtls_answer_type *type)
{
	uint8_t random[DTLS_RANDOM_SIZE];
	uint8_t *buffer = arena_allocate(job, DATAGRAM_MAX);
	struct dtls_answer answer;
	struct span hello;
	enum status status;

	*type = DTLS_NOTHING;
	if (buffer == NULL)
		return STATUS_LIMIT;
	TRY(target_random(job, channel->target, random, sizeof random));
	TRY(dtls_write_hello(job, random, 0, (struct span){0}, &hello));
	TRY(exchange(job, channel, hello, buffer, &answer));
	*type = answer.type;
	if (answer.type != DTLS_COOKIE)
		return STATUS_OK;
	TRY(dtls_write_hello(job, random, 1, answer.cookie, &hello));
	status = exchange(job, channel, hello, buffer, &answer);
	/* It spoke DTLS before: silence now changes nothing of it. */
	if (status == STATUS_OK && answer.type != DTLS_NOTHING)
		*type = answer.type;
	return status == STATUS_UNDECIDED || status == STATUS_UNAVAILABLE ? STATUS_OK : status;
}

/* The ServerHello as TLS would say it. */
static enum status
read_hello(struct job *job, struct span hello, struct tls_answer *answer)
{
	struct reader reader = {.rest = hello};
	uint16_t version = read_u16_be(&reader);
	struct text out = text_new(job);

	answer->type = TLS_STRANGE;
	if (reader.overrun || (version != DTLS_1_0 && version != DTLS_1_2))
		return STATUS_OK;
	put_u8(&out, HANDSHAKE);
	put_be(&out, TLS_1_2, 2);
	put_be(&out, (uint32_t)hello.size + MESSAGE_HEADER, 2);
	put_u8(&out, SERVER_HELLO);
	put_be(&out, (uint32_t)hello.size, 3);
	put_be(&out, version == DTLS_1_0 ? TLS_1_1 : TLS_1_2, 2);
	text_put_bytes(&out, reader.rest.at, reader.rest.size);
	if (out.failed)
		return STATUS_LIMIT;
	return tls_answer_parse(
	    job, (struct span){(const uint8_t *)out.at, out.size}, true, answer);
}

/* Hello, and again with each cookie. */
static enum status
greet(struct job *job, struct channel *channel, uint16_t version, struct span record,
    struct dtls_answer *answer, uint8_t *sequence)
{
	struct span hello;

	*answer = (struct dtls_answer){.type = DTLS_COOKIE};
	for (*sequence = 0; *sequence < COOKIES_MAX && answer->type == DTLS_COOKIE; (*sequence)++) {
		uint8_t *buffer = arena_allocate(job, DATAGRAM_MAX);

		if (buffer == NULL)
			return STATUS_LIMIT;
		TRY(write_hello_of(job, version, record, *sequence, answer->cookie, &hello));
		TRY(exchange(job, channel, hello, buffer, answer));
	}
	return STATUS_OK;
}

/* Some keep room for one handshake, and for a minute. */
static enum status
take_leave(struct job *job, struct channel *channel, uint16_t version, uint8_t sequence)
{
	const uint8_t alert[] = {ALERT, (uint8_t)(version >> 8), (uint8_t)version, 0, 0, 0, 0, 0, 0,
	    0, sequence, 0, 2, 2, USER_CANCELED};
	enum status status = channel_send(job, channel, (struct span){alert, sizeof alert});

	return fault_is_ours(status) ? status : STATUS_OK;
}

static enum status
offer_over(struct job *job, struct channel *channel, const struct tls_offer *offer,
    struct tls_answer *answer)
{
	uint16_t version = offer->version == TLS_1_1 ? DTLS_1_0 : DTLS_1_2;
	struct dtls_answer said;
	struct span record;
	uint8_t sequence;
	enum status status;

	TRY(tls_hello_make(job, channel->target, offer, &record));
	status = greet(job, channel, version, record, &said, &sequence);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		answer->type = status == STATUS_UNDECIDED ? TLS_SILENT : TLS_CLOSED;
	else if (said.type == DTLS_ALERT)
		*answer = (struct tls_answer){.type = TLS_ALERT, .alert = said.alert};
	else if (said.type == DTLS_COOKIE) /* nothing else, whatever is asked */
		answer->type = TLS_SILENT;
	else if (said.type == DTLS_SERVER_HELLO)
		TRY(read_hello(job, said.hello, answer));
	return answer->type == TLS_ALERT || answer->type == TLS_CLOSED
		   ? STATUS_OK
		   : take_leave(job, channel, version, sequence);
}

enum status
dtls_offer(struct job *job, struct target *target, uint16_t port, const struct tls_offer *offer,
    struct tls_answer *answer, int64_t *exchange)
{
	struct channel channel;
	enum status status;

	assert(offer->version == TLS_1_1 || offer->version == TLS_1_2);
	*answer = (struct tls_answer){.type = TLS_STRANGE};
	status = channel_open_udp(job, target, port, &channel);
	*exchange = channel.exchange;
	if (status == STATUS_OK)
		status = offer_over(job, &channel, offer, answer);
	channel_hang_up(job, &channel);
	return status;
}
