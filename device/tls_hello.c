/* Old servers fall over what they do not expect, so a hello holds what it is asked to and no more.
 */
#include "device/tls_hello.h"

#include <string.h>

#include "base/arena.h"
#include "base/frames.h"

#define RENEGOTIATION_SCSV 0x00ff
#define FALLBACK_SCSV 0x5600
#define GREASE 0x4a4a
#define RANDOM_SIZE 32
#define HANDSHAKE 22
/* Some load balancers take a hello of these sizes for SSL 2.0 and wait for ever: RFC 7685. */
#define PADDED_FROM 256
#define PADDED_TO 512

enum {
	SERVER_NAME = 0,
	GROUPS = 10,
	POINT_FORMATS = 11,
	SIGNATURES = 13,
	HEARTBEAT = 15,
	PROTOCOLS = 16,
	PADDING = 21,
	ENCRYPT_THEN_MAC = 22,
	EXTENDED_MASTER_SECRET = 23,
	SESSION_TICKET = 35,
	SUPPORTED_VERSIONS = 43,
	PSK_MODES = 45,
	KEY_SHARE = 51,
};

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

static void
put_short_extension(struct text *out, uint16_t type, const char *body, size_t size)
{
	put_be16(out, type);
	put_be16(out, size);
	text_put_bytes(out, body, size);
}

/* A list of codes: the offer's, or the whole table. */
static void
put_codes(struct job *job, struct text *out, uint16_t type, const uint16_t *codes, size_t count,
    const struct tls_code *table, size_t table_count, bool unknown)
{
	struct text list = text_new(job), body = text_new(job);

	if (unknown)
		put_be16(&list, GREASE);
	for (size_t i = 0; i < (codes == NULL ? table_count : count); i++)
		put_be16(&list, codes == NULL ? table[i].code : codes[i]);
	put_block(&body, &list);
	put_extension(out, type, &body);
}

static enum status
put_key_share(struct job *job, struct target *target, bool none, struct text *out)
{
	struct text shares = text_new(job), body = text_new(job);
	uint8_t x25519[32];

	TRY(target_random(job, target, x25519, sizeof x25519));
	if (!none) {
		put_be16(&shares, 29);
		put_be16(&shares, sizeof x25519);
		text_put_bytes(&shares, x25519, sizeof x25519);
		put_be16(&shares, 23);
		put_be16(&shares, sizeof p256_point);
		text_put_bytes(&shares, p256_point, sizeof p256_point);
	}
	put_block(&body, &shares);
	put_extension(out, KEY_SHARE, &body);
	return STATUS_OK;
}

static void
put_features(const struct tls_offer *offer, struct text *out)
{
	static const char names[] = "\000\026\002h2\010http/1.1\004mqtt\004imap";

	if (offer->unknown)
		put_short_extension(out, GREASE, "", 0);
	if (offer->features) {
		put_short_extension(out, EXTENDED_MASTER_SECRET, "", 0);
		put_short_extension(out, SESSION_TICKET, "", 0);
		put_short_extension(out, HEARTBEAT, "\001", 1);
	}
	if (offer->encrypt_then_mac)
		put_short_extension(out, ENCRYPT_THEN_MAC, "", 0);
	if (offer->protocols)
		put_short_extension(out, PROTOCOLS, names, sizeof names - 1);
}

static void
put_server_name(struct job *job, const char *name, struct text *out)
{
	struct text host = text_new(job), list = text_new(job), body = text_new(job);

	text_put_bytes(&host, name, strlen(name));
	put_u8(&list, 0); /* host_name */
	put_block(&list, &host);
	put_block(&body, &list);
	put_extension(out, SERVER_NAME, &body);
}

static enum status
put_extensions(
    struct job *job, struct target *target, const struct tls_offer *offer, struct text *out)
{
	if (offer->server_name != NULL)
		put_server_name(job, offer->server_name, out);
	put_codes(job, out, GROUPS, offer->groups, offer->group_count, tls_groups, tls_group_count,
	    offer->unknown);
	put_short_extension(out, POINT_FORMATS, "\003\000\001\002", 4);
	put_features(offer, out);
	if (offer->version < TLS_1_2)
		return STATUS_OK;
	put_codes(job, out, SIGNATURES, offer->schemes, offer->scheme_count, tls_schemes,
	    tls_scheme_count, offer->unknown);
	if (offer->version < TLS_1_3)
		return STATUS_OK;
	put_short_extension(out, SUPPORTED_VERSIONS, "\002\003\004", 3);
	put_short_extension(out, PSK_MODES, "\001\001", 2);
	return put_key_share(job, target, offer->no_share, out);
}

static void
put_suites(struct job *job, const struct tls_offer *offer, struct text *hello)
{
	struct text suites = text_new(job);

	if (offer->unknown)
		put_be16(&suites, GREASE);
	for (size_t i = 0; i < offer->count; i++)
		put_be16(&suites, offer->suites[i]);
	if (offer->version < TLS_1_3)
		put_be16(&suites, RENEGOTIATION_SCSV);
	if (offer->fallback)
		put_be16(&suites, FALLBACK_SCSV);
	put_block(hello, &suites);
	text_put_bytes(
	    hello, offer->compression ? "\002\001\000" : "\001\000", offer->compression ? 3 : 2);
}

/* `size` is that of the message so far, its header and the length of the extensions counted. */
static void
put_padding(struct text *extensions, size_t size)
{
	size += extensions->size;
	if (size < PADDED_FROM || size >= PADDED_TO)
		return;
	put_be16(extensions, PADDING);
	size += 4;
	put_be16(extensions, size < PADDED_TO ? PADDED_TO - size : 0);
	for (; size < PADDED_TO; size++)
		put_u8(extensions, 0);
}

enum status
tls_hello_make(
    struct job *job, struct target *target, const struct tls_offer *offer, struct span *record)
{
	struct text hello = text_new(job), extensions = text_new(job), out = text_new(job);
	uint16_t legacy = offer->version > TLS_1_2 ? TLS_1_2 : offer->version;
	uint8_t session[RANDOM_SIZE], random[RANDOM_SIZE];
	const char *bytes;

	TRY(target_random(job, target, random, sizeof random));
	TRY(target_random(job, target, session, sizeof session));
	put_be16(&hello, legacy);
	text_put_bytes(&hello, random, sizeof random);
	put_u8(&hello, offer->version == TLS_1_3 ? sizeof session : 0);
	text_put_bytes(&hello, session, offer->version == TLS_1_3 ? sizeof session : 0);
	put_suites(job, offer, &hello);
	if (offer->version > SSL_3_0 && !offer->plain) {
		TRY(put_extensions(job, target, offer, &extensions));
		put_padding(&extensions, hello.size + 6);
		put_block(&hello, &extensions);
	}
	put_u8(&out, HANDSHAKE);
	put_be16(&out, offer->version == SSL_3_0 ? SSL_3_0 : TLS_1_0);
	put_be16(&out, hello.size + 4);
	put_u8(&out, 1);
	put_u8(&out, 0);
	put_block(&out, &hello);
	TRY(text_finish(&out, &bytes));
	*record = (struct span){(const uint8_t *)bytes, out.size};
	return STATUS_OK;
}
