/* SSH-1 servers send their host key unasked, with what they can do as bits. */
#include <string.h>

#include "base/arena.h"
#include "device/ssh_client.h"

#define ROOM 16384
#define PATIENCE_MS 6000
#define PUBLIC_KEY 2
#define PACKET_MAX_SIZE 8192
#define NUMBER_MAX_SIZE 2048

static const char own_line[] = "SSH-1.5-hopquy\n";

const char *
ssh_old_cipher(unsigned bit)
{
	static const char *const names[] = {
	    "none", "idea", "des", "3des", "tss", "rc4", "blowfish"};

	return bit < ARRAY_SIZE(names) ? names[bit] : NULL;
}

const char *
ssh_old_way(unsigned bit)
{
	static const char *const names[] = {
	    "0", "rhosts", "rsa", "password", "rhosts-rsa", "tis", "kerberos", "kerberos-tgt"};

	return bit < ARRAY_SIZE(names) ? names[bit] : NULL;
}

static struct span
read_number(struct reader *reader)
{
	return read_bytes(reader, ((size_t)read_u16_be(reader) + 7) / 8);
}

enum status
ssh_read_old(struct job *job, struct span packet, struct ssh_old *old)
{
	struct reader reader = {.rest = packet};
	uint32_t size = read_u32_be(&reader);
	uint8_t type;

	read_bytes(&reader, 8 - size % 8);
	type = read_u8(&reader);
	if (reader.overrun || size > PACKET_MAX_SIZE || type != PUBLIC_KEY)
		return fail(job, STATUS_MALFORMED,
		    "ssh: an SSH-1 packet of %u bytes, type %u, wanted a public key", size, type);
	read_bytes(&reader, 8); /* cookie */
	old->server_bits = (int64_t)read_u32_be(&reader);
	read_number(&reader);
	read_number(&reader);
	old->host_bits = (int64_t)read_u32_be(&reader);
	old->exponent = read_number(&reader);
	old->modulus = read_number(&reader);
	read_u32_be(&reader); /* flags */
	old->ciphers = read_u32_be(&reader);
	old->ways = read_u32_be(&reader);
	read_u32_be(&reader); /* checksum */
	if (reader.overrun || reader.rest.size > 0 || ssh_bits(old->modulus) == 0 ||
	    old->modulus.size > NUMBER_MAX_SIZE)
		return fail(job, STATUS_MALFORMED, "ssh: an SSH-1 public key that makes no sense");
	return STATUS_OK;
}

/* The packet behind the identification line; size 0 while more is needed. */
static struct span
find_packet(struct span received)
{
	size_t line = span_find(received, "\n", 1, 0);
	struct reader reader = {
	    .rest = line == SIZE_MAX ? (struct span){0} : span_from(received, line + 1)};
	struct span rest = reader.rest;
	uint32_t size = read_u32_be(&reader);

	if (reader.overrun || size > PACKET_MAX_SIZE)
		return reader.overrun ? (struct span){0} : rest;
	return span_part(rest, 0, 4 + (8 - size % 8) + size);
}

static enum status
receive_packet(struct job *job, struct channel *channel, struct span *packet)
{
	uint8_t *bytes = arena_allocate(job, ROOM);
	size_t size = 0;

	if (bytes == NULL)
		return STATUS_LIMIT;
	for (*packet = (struct span){0}; packet->size == 0;) {
		size_t got;
		enum status status = size == ROOM ? STATUS_NO
						  : channel_receive(job, channel, bytes + size,
							ROOM - size, PATIENCE_MS, &got);

		/* Those that speak SSH-2 alone hang up, or say so in words. */
		if (status == STATUS_OK && got == 0)
			status = STATUS_NO;
		if (status != STATUS_OK)
			return status == STATUS_NO
				   ? fail(job, STATUS_NO, "port %u: ssh: no SSH-1", channel->port)
				   : status;
		size += got;
		*packet = find_packet((struct span){bytes, size});
	}
	return STATUS_OK;
}

enum status
ssh_meet_old(struct job *job, struct target *target, uint16_t port, struct ssh_old *old)
{
	struct channel channel;
	struct span packet;
	enum status status = channel_open(job, target, port, &channel);

	*old = (struct ssh_old){0};
	if (status == STATUS_OK)
		status = channel_send(job, &channel, span_of_string(own_line));
	if (status == STATUS_OK)
		status = receive_packet(job, &channel, &packet);
	if (status == STATUS_OK)
		status = ssh_read_old(job, packet, old);
	old->exchange = channel.exchange;
	channel_hang_up(job, &channel);
	return status;
}
