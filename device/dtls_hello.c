/* A server gives a cookie before it looks at what is offered, so it is asked twice. */
#include "device/dtls_hello.h"

#include "base/arena.h"
#include "base/frames.h"
#include "base/text.h"

#define HANDSHAKE 22
#define ALERT 21
#define DTLS_1_2 0xfefd
#define CLIENT_HELLO 1
#define SERVER_HELLO 2
#define VERIFY_REQUEST 3
#define DATAGRAM_MAX 4096
#define PATIENCE_MS 2000

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

enum status
dtls_write_hello(struct job *job, const uint8_t random[DTLS_RANDOM_SIZE], uint8_t sequence,
    struct span cookie, struct span *datagram)
{
	struct text out = text_new(job), body = text_new(job);
	uint32_t size;

	put_body(&body, random, cookie);
	size = (uint32_t)body.size;
	put_u8(&out, HANDSHAKE);
	put_be(&out, DTLS_1_2, 2);
	put_be(&out, 0, 2); /* epoch */
	put_be(&out, 0, 2);
	put_be(&out, sequence, 4);
	put_be(&out, size + 12, 2);
	put_u8(&out, CLIENT_HELLO);
	put_be(&out, size, 3);
	put_be(&out, sequence, 2);
	put_be(&out, 0, 3); /* one fragment */
	put_be(&out, size, 3);
	text_put_bytes(&out, body.at, body.size);
	if (out.failed || body.failed)
		return STATUS_LIMIT;
	*datagram = (struct span){(const uint8_t *)out.at, out.size};
	return STATUS_OK;
}

void
dtls_read(struct span datagram, struct dtls_answer *answer)
{
	struct reader record = {.rest = datagram}, message = {0};
	uint8_t type = read_u8(&record), kind;
	uint16_t version = read_u16_be(&record);

	*answer = (struct dtls_answer){0};
	(void)read_bytes(&record, 8); /* epoch, number */
	message.rest = read_bytes(&record, read_u16_be(&record));
	if (record.overrun || version >> 8 != 0xfe)
		return;
	if (type == ALERT && message.rest.size == 2)
		answer->type = DTLS_ALERT;
	if (type != HANDSHAKE)
		return;
	kind = read_u8(&message);
	(void)read_bytes(&message, 11); /* size, number, fragment */
	(void)read_u16_be(&message);    /* version */
	if (kind == VERIFY_REQUEST)
		answer->cookie = read_bytes(&message, read_u8(&message));
	if (message.overrun)
		return;
	if (kind == VERIFY_REQUEST)
		answer->type = DTLS_COOKIE;
	else if (kind == SERVER_HELLO)
		answer->type = DTLS_SERVER_HELLO;
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
		status = channel_receive(job, channel, buffer, DATAGRAM_MAX, PATIENCE_MS, &got);
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
