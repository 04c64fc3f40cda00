/* Nothing is computed: whoever is not served a signature cannot miss it. */
#include "tests/support/ssh_server.h"

#include <string.h>
#include <sys/socket.h>

#include "base/frames.h"
#include "tests/support/scripted_unit.h"

void
ssh_put_u32(struct text *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		put_u8(out, (uint8_t)(value >> shift));
}

void
ssh_put_string(struct text *out, const void *at, size_t size)
{
	ssh_put_u32(out, (uint32_t)size);
	text_put_bytes(out, at, size);
}

static void
say_message(int socket, const struct text *message)
{
	struct text packet = text_new(message->job);
	size_t padding = 16 - (message->size + 5) % 8;

	ssh_put_u32(&packet, (uint32_t)(message->size + padding + 1));
	put_u8(&packet, (uint8_t)padding);
	text_put_bytes(&packet, message->at, message->size);
	text_put_bytes(&packet, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", padding);
	unit_say(socket, packet.at, packet.size);
}

/* The next message of the client; false when it hung up. */
static bool
hear_message(int socket, uint8_t *type, uint8_t *payload, size_t room, size_t *size)
{
	uint8_t head[6];
	size_t rest;

	for (size_t got = 0; got < sizeof head; got++)
		if (recv(socket, head + got, 1, 0) != 1)
			return false;
	rest = ((size_t)head[2] << 8 | head[3]) - 2;
	*type = head[5];
	if (rest > room)
		return false;
	for (size_t got = 0; got < rest; got++)
		if (recv(socket, payload + got, 1, 0) != 1)
			return false;
	*size = rest - head[4];
	return true;
}

static void
say_hello(struct ssh_server *server, int socket)
{
	struct text message = text_new(server->own);
	const char *const lists[] = {server->kex, server->host_keys, "aes128-ctr,3des-cbc",
	    "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""};

	unit_say_text(socket, server->banner);
	put_u8(&message, 20);
	text_put_bytes(&message, "0123456789abcdef", 16);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		ssh_put_string(&message, lists[i], strlen(lists[i]));
	text_put_bytes(&message, "\0\0\0\0\0", 5);
	say_message(socket, &message);
}

static void
say_reply(struct ssh_server *server, int socket, uint8_t type)
{
	struct text message = text_new(server->own);

	put_u8(&message, type);
	if (server->manner == SSH_LONG_BLOB)
		ssh_put_u32(&message, 0x7fffffff);
	else if (server->manner == SSH_HONEST)
		ssh_put_string(&message, server->blob.at, server->blob.size);
	if (server->manner == SSH_OTHER)
		message.at[0] = 99;
	if (server->manner == SSH_FAREWELL) {
		message.at[0] = 1;
		ssh_put_u32(&message, 2);
		ssh_put_string(&message, "no\x1b[31m", 7);
	}
	if (server->manner != SSH_FILLING) {
		say_message(socket, &message);
		return;
	}
	message.at[0] = 2;
	for (unsigned i = 0; i < 2000; i++)
		say_message(socket, &message);
}

static bool
say_group(struct ssh_server *server, int socket, const uint8_t *request)
{
	struct text message = text_new(server->own);
	uint8_t prime[1024] = {0x80};
	uint32_t *asked = server->asked[server->groups++ % 8];
	size_t bits;

	for (size_t i = 0; i < 3; i++)
		asked[i] = (uint32_t)(request[4 * i + 2] << 8 | request[4 * i + 3]);
	bits = asked[1] > server->smallest ? asked[1] : server->smallest;
	if (bits > asked[2])
		return false;
	put_u8(&message, 31);
	ssh_put_string(&message, prime, bits / 8);
	ssh_put_string(&message, "\x02", 1);
	say_message(socket, &message);
	return true;
}

void
ssh_server_serve(void *context, int socket, unsigned number)
{
	struct ssh_server *server = context;
	char line[64];
	uint8_t payload[4096], type;
	size_t size;

	(void)number;
	unit_hear(socket, line, sizeof line, "\r\n");
	say_hello(server, socket);
	while (server->manner != SSH_SILENT &&
	       hear_message(socket, &type, payload, sizeof payload, &size)) {
		if (type == 30)
			say_reply(server, socket, 31);
		else if (type == 32)
			say_reply(server, socket, 33);
		else if (type == 34 && size >= 12 && !say_group(server, socket, payload))
			return; /* it hangs up */
	}
}
