/* An option's length is in nibbles that borrow bytes: each is read within the datagram or not at
 * all. */
#include "device/coap_message.h"

#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "base/text.h"

#define VERSION_1 0x40
#define MARKER 0xff
#define OPTION_URI_PATH 11
#define OPTION_URI_QUERY 15
#define OPTION_BLOCK2 23
#define PATIENCE_MS 2000
#define MESSAGES_MAX 8

/* ---- reading ---- */

/* A nibble's value with the bytes it borrows: 13 one, 14 two; 15 is reserved. */
static bool
read_extended(struct reader *reader, unsigned nibble, uint32_t *value)
{
	*value = nibble;
	if (nibble == 13)
		*value = 13u + read_u8(reader);
	else if (nibble == 14)
		*value = 269u + read_u16_be(reader);
	return nibble != 15 && !reader->overrun;
}

static bool
read_options(struct reader *reader, struct coap_message *message)
{
	uint32_t number = 0;

	while (reader->rest.size > 0) {
		uint8_t byte = read_u8(reader);
		uint32_t delta, size;
		struct span value;

		if (byte == MARKER) {
			message->payload = reader->rest;
			return reader->rest.size > 0; /* a marker before nothing is an error */
		}
		if (!read_extended(reader, byte >> 4, &delta) ||
		    !read_extended(reader, byte & 0x0f, &size))
			return false;
		number += delta;
		value = read_bytes(reader, size);
		if (reader->overrun || number > UINT16_MAX)
			return false;
		if (number == OPTION_BLOCK2 && value.size > 0)
			message->has_more = (value.at[value.size - 1] & 0x08) != 0;
	}
	return true;
}

bool
coap_read(struct span datagram, struct coap_message *message)
{
	struct reader reader = {.rest = datagram};
	uint8_t head = read_u8(&reader);
	unsigned token = head & 0x0f;

	*message = (struct coap_message){.type = (head >> 4) & 3};
	message->code = read_u8(&reader);
	message->id = read_u16_be(&reader);
	message->token = read_bytes(&reader, token);
	if (reader.overrun || (head & 0xc0) != VERSION_1 || token > 8)
		return false;
	if (message->code == 0)
		return token == 0 && reader.rest.size == 0;
	return read_options(&reader, message);
}

bool
coap_next_link(struct span *rest, struct span *target)
{
	struct span at = *rest;
	size_t end;
	bool quoted = false;

	while (at.size > 0 && strchr(" \t\r\n,", at.at[0]) != NULL && at.at[0] != '\0')
		at = span_from(at, 1);
	end = span_find(at, ">", 1, 0);
	if (at.size == 0 || at.at[0] != '<' || end == SIZE_MAX)
		return false;
	*target = span_part(at, 1, end - 1);
	at = span_from(at, end + 1);
	/* Its attributes, in which a comma may stand in quotes. */
	while (at.size > 0 && (quoted || at.at[0] != ',')) {
		if (at.at[0] == '\\' && quoted && at.size > 1)
			at = span_from(at, 1);
		else if (at.at[0] == '"')
			quoted = !quoted;
		at = span_from(at, 1);
	}
	*rest = at;
	return true;
}

/* ---- writing ---- */

static void
put_extended(struct text *out, size_t value)
{
	if (value >= 269) {
		put_u8(out, (uint8_t)((value - 269) >> 8));
		put_u8(out, (uint8_t)(value - 269));
	} else if (value >= 13) {
		put_u8(out, (uint8_t)(value - 13));
	}
}

static unsigned
nibble_of(size_t value)
{
	return value >= 269 ? 14 : value >= 13 ? 13 : (unsigned)value;
}

/* Each part between `separator`s is an option. */
static void
put_parts(struct text *out, unsigned *last, unsigned number, const char *at, const char *separator)
{
	while (*at != '\0') {
		size_t size = strcspn(at, separator);

		put_u8(out, (uint8_t)((number - *last) << 4 | nibble_of(size)));
		put_extended(out, size);
		text_put_bytes(out, at, size);
		*last = number;
		at += size + (at[size] != '\0');
	}
}

enum status
coap_write_get(struct job *job, uint16_t id, const uint8_t token[COAP_TOKEN_SIZE], const char *path,
    struct span *datagram)
{
	struct text out = text_new(job);
	const char *query = strchr(path, '?');
	unsigned last = 0;

	put_u8(&out, VERSION_1 | COAP_CONFIRMABLE << 4 | COAP_TOKEN_SIZE);
	put_u8(&out, COAP_CODE(0, 1));
	put_u8(&out, (uint8_t)(id >> 8));
	put_u8(&out, (uint8_t)id);
	text_put_bytes(&out, token, COAP_TOKEN_SIZE);
	if (query != NULL)
		path = arena_string(job, path, (size_t)(query - path));
	if (path == NULL)
		return STATUS_LIMIT;
	put_parts(&out, &last, OPTION_URI_PATH, path + (path[0] == '/'), "/");
	if (query != NULL)
		put_parts(&out, &last, OPTION_URI_QUERY, query + 1, "&");
	if (out.failed)
		return STATUS_LIMIT;
	*datagram = (struct span){(const uint8_t *)out.at, out.size};
	return STATUS_OK;
}

/* ---- asking ---- */

static enum status
acknowledge(struct job *job, struct channel *channel, uint16_t id)
{
	const uint8_t bytes[4] = {
	    VERSION_1 | COAP_ACKNOWLEDGEMENT << 4, 0, (uint8_t)(id >> 8), (uint8_t)id};

	return channel_send(job, channel, (struct span){bytes, sizeof bytes});
}

/* The answer with our token; an empty acknowledgement only says that it will come. */
static enum status
await(struct job *job, struct channel *channel, const uint8_t token[COAP_TOKEN_SIZE], uint16_t id,
    uint8_t *buffer, struct coap_message *message)
{
	for (unsigned i = 0; i < MESSAGES_MAX; i++) {
		size_t got;

		TRY(channel_receive(job, channel, buffer, COAP_DATAGRAM_MAX, PATIENCE_MS, &got));
		if (!coap_read((struct span){buffer, got}, message))
			continue;
		if (message->type == COAP_RESET && message->id == id)
			return STATUS_OK;
		if (message->code == 0 ||
		    !span_equal(message->token, (struct span){token, COAP_TOKEN_SIZE}))
			continue;
		return message->type == COAP_CONFIRMABLE ? acknowledge(job, channel, message->id)
							 : STATUS_OK;
	}
	return fail(job, STATUS_MALFORMED, "port %u: coap: answers to nothing that was asked",
	    channel->port);
}

enum status
coap_get(struct job *job, struct channel *channel, const char *path, struct coap_message *message)
{
	uint8_t random[COAP_TOKEN_SIZE + 2];
	uint8_t *buffer = arena_allocate(job, COAP_DATAGRAM_MAX);
	enum status status = STATUS_UNDECIDED;
	struct span datagram;
	uint16_t id;

	if (buffer == NULL)
		return STATUS_LIMIT;
	TRY(target_random(job, channel->target, random, sizeof random));
	id = (uint16_t)(random[COAP_TOKEN_SIZE] << 8 | random[COAP_TOKEN_SIZE + 1]);
	TRY(coap_write_get(job, id, random, path, &datagram));
	for (unsigned again = 0; again < 2 && status == STATUS_UNDECIDED; again++) {
		TRY(channel_send(job, channel, datagram));
		status = await(job, channel, random, id, buffer, message);
	}
	return status;
}
