/* The first packets of SSH travel in the clear, so what a server offers is read without any
 * cryptography. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/frames.h"
#include "base/text.h"
#include "device/ssh_client.h"

#define HELLO_MAX_SIZE 65536
#define PATIENCE_MS 6000 /* some look the caller's name up first */
#define LINE_MAX_SIZE 255
#define LINES_MAX 50 /* a server may say other lines first (RFC 4253 section 4.2) */
#define NAME_MAX_SIZE 64
#define PACKET_MAX_SIZE 35000
#define KEXINIT 20

static const char own_line[] = "SSH-2.0-hopquy\r\n";

static enum status
read_names(struct job *job, struct span text, struct ssh_list *list)
{
	list->count = 0;
	while (text.size > 0) {
		size_t comma = span_find(text, ",", 1, 0);
		size_t size = comma == SIZE_MAX ? text.size : comma;

		if (size == 0 || size > NAME_MAX_SIZE || list->count == SSH_NAMES_MAX)
			return fail(job, STATUS_MALFORMED,
			    "ssh: KEXINIT: a name of %zu bytes, number %zu", size, list->count);
		list->names[list->count] = text_from_bytes(job, text.at, size, 4 * NAME_MAX_SIZE);
		if (list->names[list->count++] == NULL)
			return STATUS_LIMIT;
		text = comma == SIZE_MAX ? (struct span){0} : span_from(text, comma + 1);
	}
	return STATUS_OK;
}

enum status
ssh_read_kexinit(struct job *job, struct span payload, struct ssh_hello *hello)
{
	struct reader reader = {.rest = payload};

	read_bytes(&reader, 16); /* cookie */
	for (size_t i = 0; i < SSH_LISTS; i++) {
		struct span names = read_bytes(&reader, read_u32_be(&reader));

		if (reader.overrun)
			return fail(
			    job, STATUS_MALFORMED, "ssh: KEXINIT: list %zu is cut short", i);
		TRY(read_names(job, names, &hello->lists[i]));
	}
	read_bytes(&reader, read_u32_be(&reader)); /* languages */
	read_bytes(&reader, read_u32_be(&reader));
	read_bytes(&reader, 5);
	if (reader.overrun || reader.rest.size > 0)
		return fail(job, STATUS_MALFORMED, "ssh: KEXINIT: %s",
		    reader.overrun ? "cut short" : "trailing bytes");
	return STATUS_OK;
}

/* The identification line; *rest is what follows.  at NULL: not there yet. */
static struct span
find_line(struct span received, struct span *rest)
{
	for (unsigned i = 0; i < LINES_MAX; i++) {
		size_t end = span_find(received, "\n", 1, 0);
		struct span line = span_part(received, 0, end == SIZE_MAX ? 0 : end);

		if (end == SIZE_MAX)
			break;
		*rest = span_from(received, end + 1);
		if (span_starts_with(line, "SSH-", 4)) {
			line.size -= line.at[line.size - 1] == '\r';
			return line;
		}
		received = *rest;
	}
	return (struct span){0};
}

enum status
ssh_read_hello(struct job *job, struct span received, struct ssh_hello *hello, bool *whole)
{
	struct span rest = {0}, line = find_line(received, &rest);
	struct reader reader = {.rest = rest};
	uint32_t size;
	uint8_t padding, type;
	struct span payload;

	*whole = false;
	if (line.at == NULL && received.size > (size_t)LINE_MAX_SIZE * LINES_MAX)
		return fail(job, STATUS_MALFORMED, "ssh: no identification line in %zu bytes",
		    received.size);
	if (line.at == NULL)
		return STATUS_OK;
	hello->banner = text_from_bytes(job, line.at, line.size, 4 * LINE_MAX_SIZE);
	if (hello->banner == NULL)
		return STATUS_LIMIT;
	size = read_u32_be(&reader);
	padding = read_u8(&reader);
	type = read_u8(&reader);
	if (reader.overrun)
		return STATUS_OK;
	if (size > PACKET_MAX_SIZE || size < (uint32_t)padding + 2 || type != KEXINIT)
		return fail(job, STATUS_MALFORMED,
		    "ssh: first packet of %u bytes, type %u, wanted KEXINIT", size, type);
	payload = read_bytes(&reader, size - padding - 2);
	read_bytes(&reader, padding);
	if (reader.overrun)
		return STATUS_OK;
	*whole = true;
	return ssh_read_kexinit(job, payload, hello);
}

static enum status
receive_hello(struct job *job, struct channel *channel, struct ssh_hello *hello)
{
	uint8_t *bytes = arena_allocate(job, HELLO_MAX_SIZE);
	struct arena_mark mark = arena_mark(job->arena);
	bool whole = false;

	if (bytes == NULL)
		return STATUS_LIMIT;
	for (size_t size = 0; !whole;) {
		size_t got;

		if (size == HELLO_MAX_SIZE)
			return fail(
			    job, STATUS_MALFORMED, "ssh: no KEXINIT in %d bytes", HELLO_MAX_SIZE);
		TRY(channel_receive(
		    job, channel, bytes + size, HELLO_MAX_SIZE - size, PATIENCE_MS, &got));
		if (got == 0)
			return fail(job, STATUS_UNAVAILABLE, "port %u: it hung up before KEXINIT",
			    channel->port);
		size += got;
		arena_release(job->arena, mark); /* of the last, incomplete reading */
		TRY(ssh_read_hello(job, (struct span){bytes, size}, hello, &whole));
	}
	return STATUS_OK;
}

enum status
ssh_ask(struct job *job, struct target *target, uint16_t port, struct ssh_hello *hello)
{
	struct channel channel;
	enum status status = channel_open(job, target, port, &channel);

	*hello = (struct ssh_hello){0};
	if (status == STATUS_OK)
		status = channel_send(job, &channel, span_of_string(own_line));
	if (status == STATUS_OK)
		status = receive_hello(job, &channel, hello);
	hello->exchange = channel.exchange;
	channel_hang_up(job, &channel);
	return status;
}

/* ---- host keys ---- */

static struct span
read_string(struct reader *reader)
{
	return read_bytes(reader, read_u32_be(reader));
}

static bool
is(struct span name, const char *word)
{
	return span_equal(name, span_of_string(word));
}

/* DER: tag, definite length, content. */
static void
put_der(struct text *out, uint8_t tag, struct span content)
{
	put_u8(out, tag);
	if (content.size >= 128)
		put_u8(out, content.size >= 256 ? 0x82 : 0x81);
	if (content.size >= 256)
		put_u8(out, (uint8_t)(content.size >> 8));
	put_u8(out, (uint8_t)content.size);
	text_put_bytes(out, content.at, content.size);
}

static struct span
span_of_text(const struct text *text)
{
	return (struct span){(const uint8_t *)text->at, text->size};
}

/* SubjectPublicKeyInfo (RFC 5280 section 4.1) of an algorithm identifier and a key. */
static const char *
fingerprint_spki(struct job *job, struct span algorithm, struct span key)
{
	struct text bits = text_new(job), body = text_new(job), whole = text_new(job);
	struct digest digest;

	put_u8(&bits, 0);
	text_put_bytes(&bits, key.at, key.size);
	text_put_bytes(&body, algorithm.at, algorithm.size);
	put_der(&body, 0x03, span_of_text(&bits));
	put_der(&whole, 0x30, span_of_text(&body));
	if (bits.failed || body.failed || whole.failed ||
	    digest_of(job, span_of_text(&whole), &digest) != STATUS_OK)
		return NULL;
	return hex_of_bytes(job, (struct span){digest.bytes, sizeof digest.bytes});
}

static int64_t
bits_of(struct span number)
{
	while (number.size > 0 && number.at[0] == 0)
		number = span_from(number, 1);
	if (number.size == 0)
		return 0;
	return (int64_t)number.size * 8 - (__builtin_clz(number.at[0]) - 24);
}

static bool
read_rsa(struct job *job, struct reader *reader, struct ssh_key *key)
{
	static const uint8_t algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	    0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
	struct span exponent = read_string(reader), modulus = read_string(reader);
	struct text numbers = text_new(job), sequence = text_new(job);

	if (reader->overrun || modulus.size == 0 || modulus.size > 4096 || exponent.size == 0 ||
	    exponent.size > 512)
		return false;
	key->algorithm = "RSA";
	key->bits = bits_of(modulus);
	put_der(&numbers, 0x02, modulus);
	put_der(&numbers, 0x02, exponent);
	put_der(&sequence, 0x30, span_of_text(&numbers));
	if (!numbers.failed && !sequence.failed)
		key->fingerprint = fingerprint_spki(
		    job, (struct span){algorithm, sizeof algorithm}, span_of_text(&sequence));
	return true;
}

static bool
read_ec(struct job *job, struct reader *reader, struct ssh_key *key)
{
	static const uint8_t p256[] = {0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	    0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
	static const uint8_t p384[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	    0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
	static const uint8_t p521[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	    0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23};
	static const struct {
		const char *name;
		const char *curve;
		int64_t bits;
		struct span algorithm;
	} curves[] = {
	    {"nistp256", "prime256v1", 256, {p256, sizeof p256}},
	    {"nistp384", "secp384r1", 384, {p384, sizeof p384}},
	    {"nistp521", "secp521r1", 521, {p521, sizeof p521}},
	};
	struct span name = read_string(reader), point = read_string(reader);

	for (size_t i = 0; i < ARRAY_SIZE(curves) && !reader->overrun && point.size <= 200; i++)
		if (is(name, curves[i].name)) {
			key->algorithm = "EC";
			key->curve = curves[i].curve;
			key->bits = curves[i].bits;
			key->fingerprint = fingerprint_spki(job, curves[i].algorithm, point);
			return true;
		}
	return false;
}

static bool
read_ed25519(struct job *job, struct reader *reader, struct ssh_key *key)
{
	static const uint8_t algorithm[] = {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70};
	struct span point = read_string(reader);

	if (reader->overrun || point.size != 32)
		return false;
	key->algorithm = "Ed25519";
	key->bits = 256;
	key->fingerprint = fingerprint_spki(job, (struct span){algorithm, sizeof algorithm}, point);
	return true;
}

bool
ssh_read_key(struct job *job, struct span blob, struct ssh_key *key)
{
	struct reader reader = {.rest = blob};
	struct span type = read_string(&reader);

	*key = (struct ssh_key){.bits = UNKNOWN};
	if (reader.overrun)
		return false;
	if (is(type, "ssh-rsa"))
		return read_rsa(job, &reader, key) && reader.rest.size == 0;
	if (is(type, "ssh-ed25519"))
		return read_ed25519(job, &reader, key) && reader.rest.size == 0;
	if (span_starts_with(type, "ecdsa-sha2-", 11))
		return read_ec(job, &reader, key) && reader.rest.size == 0;
	return false;
}
