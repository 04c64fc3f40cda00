/* A server signs its host key into its first answer to a key exchange: what stands there is had for
 * numbers whose secret half nobody needs to know. */
#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "base/text.h"
#include "device/ssh_client.h"
#include "device/ssh_kexes.h"

#define WIRE_MAX_SIZE ((size_t)128 << 10)
#define PATIENCE_MS 6000 /* some look the caller's name up first */
#define ANSWER_MS 15000  /* a small processor and a large key */
#define MESSAGES_MAX 32  /* that may be passed over */
#define COOKIE_SIZE 16

enum {
	DISCONNECT = 1,
	IGNORE = 2,
	UNIMPLEMENTED = 3,
	DEBUG = 4,
	EXT_INFO = 7,
	KEXINIT = 20,
	KEX_30 = 30, /* the client's numbers, or RSA's key */
	KEX_31 = 31, /* the server's numbers, or a group */
	GROUP_INIT = 32,
	GROUP_REPLY = 33,
	GROUP_REQUEST = 34
};

static const char own_line[] = "SSH-2.0-hopquy\r\n";

/* The bytes of one connection, and how far they are understood. */
struct wire {
	struct job *job;
	struct channel channel;
	uint8_t *bytes;
	size_t size;
	size_t used;
};

static enum status
receive_more(struct wire *wire, int patience_ms)
{
	size_t got;

	if (wire->size == WIRE_MAX_SIZE)
		return fail(wire->job, STATUS_MALFORMED, "port %u: ssh: no end in %zu bytes",
		    wire->channel.port, wire->size);
	TRY(channel_receive(wire->job, &wire->channel, wire->bytes + wire->size,
	    WIRE_MAX_SIZE - wire->size, patience_ms, &got));
	if (got == 0)
		return fail(
		    wire->job, STATUS_UNAVAILABLE, "port %u: ssh: it hung up", wire->channel.port);
	wire->size += got;
	return STATUS_OK;
}

static enum status
receive_hello(struct wire *wire, struct ssh_hello *hello)
{
	struct arena_mark mark = arena_mark(wire->job->arena);

	for (bool whole = false; !whole;) {
		TRY(receive_more(wire, PATIENCE_MS));
		arena_release(wire->job->arena, mark); /* of the last, incomplete reading */
		TRY(ssh_read_hello(
		    wire->job, (struct span){wire->bytes, wire->size}, hello, &wire->used, &whole));
	}
	return STATUS_OK;
}

/* ---- what we say ---- */

static void
put_u32_be(struct text *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		put_u8(out, (uint8_t)(value >> shift));
}

static void
put_bytes(struct text *out, const void *at, size_t size)
{
	put_u32_be(out, (uint32_t)size);
	text_put_bytes(out, at, size);
}

static void
put_name(struct text *out, const char *name)
{
	put_bytes(out, name, strlen(name));
}

static void
put_packet(struct text *out, const struct text *message)
{
	static const uint8_t zeros[16];
	size_t padding = 8 - (message->size + 5) % 8;

	padding += padding < 4 ? 8 : 0;
	put_u32_be(out, (uint32_t)(message->size + padding + 1));
	put_u8(out, (uint8_t)padding);
	text_put_bytes(out, message->at, message->size);
	text_put_bytes(out, zeros, padding);
	out->failed = out->failed || message->failed;
}

/* One name a list: what must be agreed on, and of the rest what the server likes best. */
static enum status
put_kexinit(struct wire *wire, const struct ssh_hello *hello, const char *kex, const char *host_key,
    struct text *out)
{
	struct text message = text_new(wire->job);
	uint8_t cookie[COOKIE_SIZE];

	TRY(target_random(wire->job, wire->channel.target, cookie, sizeof cookie));
	put_u8(&message, KEXINIT);
	text_put_bytes(&message, cookie, sizeof cookie);
	put_name(&message, kex);
	put_name(&message, host_key);
	for (size_t i = 2; i < SSH_LISTS; i++)
		put_name(&message, hello->lists[i].count == 0 ? "none" : hello->lists[i].names[0]);
	put_u32_be(&message, 0); /* languages */
	put_u32_be(&message, 0);
	put_u8(&message, 0); /* no guess follows */
	put_u32_be(&message, 0);
	put_packet(out, &message);
	return out->failed ? STATUS_LIMIT : STATUS_OK;
}

/* A number that is below every prime, above 1, and not all zeros. */
static enum status
put_number(struct wire *wire, uint8_t type, struct text *out)
{
	struct text message = text_new(wire->job);
	uint8_t number[SSH_NUMBER_SIZE];

	TRY(target_random(wire->job, wire->channel.target, number, sizeof number));
	number[0] = (uint8_t)((number[0] & 0x3f) | 0x40);
	put_u8(&message, type);
	put_bytes(&message, number, sizeof number);
	put_packet(out, &message);
	return STATUS_OK;
}

static enum status
put_public_key(struct wire *wire, const struct ssh_kex *kex, struct text *out)
{
	struct text message = text_new(wire->job);
	uint8_t random[SSH_PUBLIC_KEY_MAX];

	if (kex->point == NULL)
		TRY(target_random(wire->job, wire->channel.target, random, kex->size));
	/* FIPS 203 section 7.2: every number of it is below the modulus. */
	if (kex->way == KEX_WAY_MLKEM)
		memset(random, 0, 1152);
	put_u8(&message, KEX_30);
	put_bytes(&message, kex->point != NULL ? kex->point : random, kex->size);
	put_packet(out, &message);
	return STATUS_OK;
}

static void
put_group_request(struct wire *wire, const struct ssh_exchange *exchange, struct text *out)
{
	struct text message = text_new(wire->job);

	put_u8(&message, GROUP_REQUEST);
	put_u32_be(&message, exchange->group_min);
	put_u32_be(&message, exchange->group_bits);
	put_u32_be(&message, exchange->group_max);
	put_packet(out, &message);
}

static enum status
send_text(struct wire *wire, const struct text *text)
{
	if (text->failed)
		return STATUS_LIMIT;
	return channel_send(
	    wire->job, &wire->channel, (struct span){(const uint8_t *)text->at, text->size});
}

/* Our lists, and our half of the exchange at once: the server reads them one after the other. */
static enum status
send_first(struct wire *wire, const struct ssh_hello *hello, const struct ssh_kex *kex,
    const struct ssh_exchange *exchange)
{
	struct text out = text_new(wire->job);
	const char *host_key =
	    exchange->host_key != NULL ? exchange->host_key : hello->lists[1].names[0];

	TRY(put_kexinit(wire, hello, kex->name, host_key, &out));
	if (kex->way == KEX_WAY_NUMBER)
		TRY(put_number(wire, KEX_30, &out));
	else if (kex->way == KEX_WAY_GROUP)
		put_group_request(wire, exchange, &out);
	else if (kex->way != KEX_WAY_RSA)
		TRY(put_public_key(wire, kex, &out));
	return send_text(wire, &out);
}

/* ---- what it answers ---- */

static enum status
refused(struct wire *wire, struct span payload)
{
	struct reader reader = {.rest = payload};
	struct span words;
	const char *text;

	read_u32_be(&reader);
	words = read_bytes(&reader, read_u32_be(&reader));
	text = text_from_bytes(wire->job, words.at, words.size, 100);
	return fail(wire->job, STATUS_UNAVAILABLE, "port %u: ssh: it ended the key exchange: %s",
	    wire->channel.port, text == NULL ? "?" : text);
}

/* The next message that is about the exchange. */
static enum status
receive_message(struct wire *wire, uint8_t wanted, struct span *payload)
{
	for (unsigned passed = 0; passed < MESSAGES_MAX;) {
		struct span rest = {wire->bytes + wire->used, wire->size - wire->used};
		uint8_t type;
		size_t used;

		TRY(ssh_read_message(wire->job, rest, &type, payload, &used));
		wire->used += used;
		if (used == 0) {
			TRY(receive_more(wire, ANSWER_MS));
			continue;
		}
		if (type == wanted)
			return STATUS_OK;
		if (type == DISCONNECT)
			return refused(wire, *payload);
		if (type != IGNORE && type != UNIMPLEMENTED && type != DEBUG && type != EXT_INFO)
			return fail(wire->job, STATUS_MALFORMED,
			    "port %u: ssh: message %u in a key exchange, wanted %u",
			    wire->channel.port, type, wanted);
		passed++;
	}
	return fail(
	    wire->job, STATUS_MALFORMED, "port %u: ssh: nothing but filling", wire->channel.port);
}

static enum status
take_blob(struct wire *wire, uint8_t type, struct ssh_exchange *exchange)
{
	struct span payload;
	struct reader reader;

	TRY(receive_message(wire, type, &payload));
	reader = (struct reader){.rest = payload};
	exchange->blob = read_bytes(&reader, read_u32_be(&reader));
	if (reader.overrun || exchange->blob.size == 0) {
		exchange->blob = (struct span){0};
		return fail(wire->job, STATUS_MALFORMED, "port %u: ssh: a reply without host key",
		    wire->channel.port);
	}
	return STATUS_OK;
}

static enum status
take_group(struct wire *wire, struct ssh_exchange *exchange)
{
	struct text out = text_new(wire->job);
	struct span payload, prime;
	struct reader reader;

	TRY(receive_message(wire, KEX_31, &payload));
	reader = (struct reader){.rest = payload};
	prime = read_bytes(&reader, read_u32_be(&reader));
	read_bytes(&reader, read_u32_be(&reader));
	if (reader.overrun || ssh_bits(prime) == 0)
		return fail(wire->job, STATUS_MALFORMED, "port %u: ssh: a group without prime",
		    wire->channel.port);
	exchange->prime_bits = ssh_bits(prime);
	if (exchange->group_only)
		return STATUS_OK;
	TRY(put_number(wire, GROUP_INIT, &out));
	TRY(send_text(wire, &out));
	return take_blob(wire, GROUP_REPLY, exchange);
}

static enum status
carry_out(struct wire *wire, const struct ssh_hello *hello, struct ssh_exchange *exchange)
{
	const struct ssh_kex *kex =
	    exchange->kex == NULL ? ssh_choose_kex(&hello->lists[0]) : ssh_find_kex(exchange->kex);

	if (kex == NULL || hello->lists[1].count == 0)
		return fail(wire->job, STATUS_UNDECIDED, "port %u: ssh: %s", wire->channel.port,
		    kex == NULL ? "none of its key exchanges is known here"
				: "it offers no host key");
	TRY(send_first(wire, hello, kex, exchange));
	if (kex->way == KEX_WAY_GROUP)
		return take_group(wire, exchange);
	return take_blob(wire, kex->way == KEX_WAY_RSA ? KEX_30 : KEX_31, exchange);
}

enum status
ssh_meet(struct job *job, struct target *target, uint16_t port, struct ssh_hello *hello,
    struct ssh_exchange *exchange, enum status *exchanged)
{
	struct wire wire = {.job = job, .bytes = arena_allocate(job, WIRE_MAX_SIZE)};
	enum status status;

	*hello = (struct ssh_hello){0};
	if (wire.bytes == NULL)
		return STATUS_LIMIT;
	status = channel_open(job, target, port, &wire.channel);
	if (status == STATUS_OK)
		status = channel_send(job, &wire.channel, span_of_string(own_line));
	if (status == STATUS_OK)
		status = receive_hello(&wire, hello);
	hello->exchange = wire.channel.exchange;
	if (exchange != NULL)
		exchange->exchange = wire.channel.exchange;
	if (status == STATUS_OK && exchange != NULL && !ssh_is_old(hello))
		*exchanged = carry_out(&wire, hello, exchange);
	channel_hang_up(job, &wire.channel);
	return status;
}
