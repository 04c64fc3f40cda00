/* An SSL 2.0 server lists all its suites in one answer. */
#include "base/arena.h"
#include "base/frames.h"
#include "device/tls_hello.h"

#define CHALLENGE_SIZE 16

enum { ERROR = 0, CLIENT_HELLO = 1, SERVER_HELLO = 4 };

static const struct {
	uint32_t code;
	const char *name;
} suites[] = {
    {0x010080, "SSL_CK_RC4_128_WITH_MD5"},
    {0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5"},
    {0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5"},
    {0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5"},
    {0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5"},
    {0x060040, "SSL_CK_DES_64_CBC_WITH_MD5"},
    {0x060140, "SSL_CK_DES_64_CBC_WITH_SHA"},
    {0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"},
    {0x0701c0, "SSL_CK_DES_192_EDE3_CBC_WITH_SHA"},
    {0x080080, "SSL_CK_RC4_64_WITH_MD5"},
    {0xff0800, "SSL_CK_DES_64_CFB64_WITH_MD5_1"},
    {0xff0810, "SSL_CK_NULL"},
    {0x000000, "SSL_CK_NULL_WITH_MD5"},
};

const char *
ssl2_suite_name(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++)
		if (suites[i].code == code)
			return suites[i].name;
	return NULL;
}

enum status
ssl2_hello_make(struct job *job, struct target *target, struct span *record)
{
	struct text out = text_new(job);
	uint8_t challenge[CHALLENGE_SIZE];
	size_t size = 9 + 3 * ARRAY_SIZE(suites) + sizeof challenge;
	const uint8_t head[] = {(uint8_t)(0x80 | size >> 8), (uint8_t)size, CLIENT_HELLO, 0, 2, 0,
	    3 * ARRAY_SIZE(suites), 0, 0, 0, sizeof challenge};
	const char *bytes;

	TRY(target_random(job, target, challenge, sizeof challenge));
	text_put_bytes(&out, head, sizeof head);
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++) {
		put_u8(&out, (uint8_t)(suites[i].code >> 16));
		put_u8(&out, (uint8_t)(suites[i].code >> 8));
		put_u8(&out, (uint8_t)suites[i].code);
	}
	text_put_bytes(&out, challenge, sizeof challenge);
	TRY(text_finish(&out, &bytes));
	*record = (struct span){(const uint8_t *)bytes, out.size};
	return STATUS_OK;
}

static void
read_hello(struct span body, struct ssl2_answer *answer)
{
	struct reader reader = {.rest = body}, list;
	uint16_t version, certificate_size, list_size, number_size;

	read_u8(&reader); /* a session is never resumed */
	read_u8(&reader);
	version = read_u16_be(&reader);
	certificate_size = read_u16_be(&reader);
	list_size = read_u16_be(&reader);
	number_size = read_u16_be(&reader);
	answer->certificate = read_bytes(&reader, certificate_size);
	list.rest = read_bytes(&reader, list_size);
	list.overrun = false;
	read_bytes(&reader, number_size);
	if (reader.overrun || version != SSL_2_0 || list_size % 3 != 0) {
		*answer = (struct ssl2_answer){.type = TLS_STRANGE};
		return;
	}
	answer->type = TLS_HELLO;
	while (list.rest.size > 0 && answer->count < SSL2_SUITES_MAX)
		answer->suites[answer->count++] = read_u24_be(&list);
}

/* The draft's record header has two bytes, or three with padding behind a first bit of 0. */
void
ssl2_answer_parse(struct span received, bool last, struct ssl2_answer *answer)
{
	struct reader reader = {.rest = received}, message;
	uint16_t size = read_u16_be(&reader);
	uint8_t type;

	*answer = (struct ssl2_answer){.type = TLS_MORE};
	if (received.size >= 3 && (received.at[0] == 21 || received.at[0] == 22) &&
	    received.at[1] == 3) { /* an answer in the successor's words: it declines */
		answer->type = received.at[0] == 21 ? TLS_ALERT : TLS_STRANGE;
		return;
	}
	if (received.size >= 1 && (received.at[0] & 0x80) == 0) {
		if (last || received.size >= 3)
			answer->type = TLS_STRANGE;
		return;
	}
	message = (struct reader){.rest = read_bytes(&reader, size & 0x7fff)};
	if (reader.overrun) {
		if (last && received.size > 0)
			answer->type = TLS_STRANGE;
		return;
	}
	type = read_u8(&message);
	if (!message.overrun && type == SERVER_HELLO)
		read_hello(message.rest, answer);
	else
		answer->type = !message.overrun && type == ERROR ? TLS_ALERT : TLS_STRANGE;
}
