/* Each message is wrong in one way only, so that the answer is about that and nothing else. */
#include "device/tls_oracle.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "base/frames.h"
#include "device/tls_hello.h"

#define MODULUS_MAX 1024 /* bytes */
#define MODULUS_MIN 64
#define PREMASTER 48
#define FINISHED_SIZE 64
#define RECORD_MAX 17000
#define HEARTBEAT_SENT 4

enum { CHANGE = 20, ALERT = 21, HANDSHAKE = 22, HEARTBEAT = 24 };

static void
put_record(struct text *out, uint8_t type, uint16_t version, struct span body)
{
	put_u8(out, type);
	put_u8(out, (uint8_t)(version >> 8));
	put_u8(out, (uint8_t)version);
	put_u8(out, (uint8_t)(body.size >> 8));
	put_u8(out, (uint8_t)body.size);
	text_put_bytes(out, body.at, body.size);
}

static struct span
bytes_of(struct text *text)
{
	const char *bytes;

	if (text_finish(text, &bytes) != STATUS_OK)
		return (struct span){0};
	return (struct span){(const uint8_t *)bytes, text->size};
}

struct span
tls_early_change(struct job *job, uint16_t version)
{
	struct text out = text_new(job);

	/* Who took the first for good decrypts the second, and complains of that. */
	for (unsigned i = 0; i < 2; i++)
		put_record(&out, CHANGE, version, (struct span){(const uint8_t *)"\001", 1});
	return bytes_of(&out);
}

struct span
tls_long_heartbeat(struct job *job, uint16_t version)
{
	static const uint8_t message[3 + HEARTBEAT_SENT] = {
	    1, 0, TLS_HEARTBEAT_CLAIMED, 'p', 'i', 'n', 'g'};
	struct text out = text_new(job);

	put_record(&out, HEARTBEAT, version, (struct span){message, sizeof message});
	return bytes_of(&out);
}

void
tls_reaction_parse(struct span received, struct tls_reaction *reaction)
{
	struct reader reader = {.rest = received};
	uint8_t type = read_u8(&reader);
	struct span body;

	*reaction = (struct tls_reaction){.type = REACTION_SILENT};
	read_u16_be(&reader);
	body = read_bytes(&reader, read_u16_be(&reader));
	if (reader.overrun)
		return;
	reaction->size = body.size;
	reaction->type = type == ALERT       ? REACTION_ALERT
			 : type == HEARTBEAT ? REACTION_HEARTBEAT
					     : REACTION_OTHER;
	if (type == ALERT && body.size == 2)
		reaction->alert = body.at[1];
}

bool
tls_reaction_equal(const struct tls_reaction *a, const struct tls_reaction *b)
{
	return a->type == b->type && a->alert == b->alert && a->size == b->size;
}

enum status
tls_react(struct job *job, struct channel *channel, int patience_ms, struct tls_reaction *reaction)
{
	uint8_t *bytes = arena_allocate(job, RECORD_MAX);
	size_t size = 0, got;

	*reaction = (struct tls_reaction){.type = REACTION_SILENT};
	if (bytes == NULL)
		return STATUS_LIMIT;
	while (size < RECORD_MAX && reaction->type == REACTION_SILENT) {
		enum status status = channel_receive(
		    job, channel, bytes + size, RECORD_MAX - size, patience_ms, &got);

		if (fault_is_ours(status))
			return status;
		if (status == STATUS_UNDECIDED)
			return STATUS_OK;
		if (status != STATUS_OK || got == 0) {
			/* A reset or a farewell: which of them it is depends on the network. */
			reaction->type = REACTION_CLOSED;
			return STATUS_OK;
		}
		size += got;
		tls_reaction_parse((struct span){bytes, size}, reaction);
	}
	return STATUS_OK;
}

/*
 * PKCS #1 1.5 is 00 02, non-zero bytes, 00, then version and secret.
 *   1  does not begin with 00 02     2  the 00 stands where the secret must be
 *   3  no 00 at all                  4  the version is another one
 */
static void
pad(uint8_t *block, size_t size, uint16_t version, unsigned variant)
{
	size_t secret = size - PREMASTER;

	for (size_t i = 0; i < size; i++)
		if (block[i] == 0)
			block[i] = 0x5a;
	block[0] = variant == 1 ? 0x41 : 0;
	block[1] = variant == 1 ? 0x17 : 2;
	if (variant == 3)
		return;
	if (variant == 2) {
		block[size - 2] = 0;
		return;
	}
	block[secret - 1] = 0;
	block[secret] = variant == 4 ? 2 : (uint8_t)(version >> 8);
	block[secret + 1] = variant == 4 ? 2 : (uint8_t)version;
}

/* Raw RSA with the certificate's key; *size stays 0 when that is not possible. */
static void
encrypt(struct span certificate, const uint8_t *block, size_t wanted, uint8_t *out, size_t *size)
{
	const unsigned char *at = certificate.at;
	X509 *parsed = d2i_X509(NULL, &at, (long)certificate.size);
	EVP_PKEY *key = parsed == NULL ? NULL : X509_get0_pubkey(parsed);
	EVP_PKEY_CTX *context = NULL;
	size_t room = MODULUS_MAX;

	*size = 0;
	if (key != NULL && EVP_PKEY_is_a(key, "RSA") == 1)
		context = EVP_PKEY_CTX_new(key, NULL);
	if (context != NULL && EVP_PKEY_encrypt_init(context) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
	    EVP_PKEY_encrypt(context, out, &room, block, wanted) == 1)
		*size = room;
	EVP_PKEY_CTX_free(context);
	X509_free(parsed);
	ERR_clear_error();
}

/* Bytes of the modulus of an RSA certificate; 0 for any other. */
static size_t
modulus_size(struct span certificate)
{
	const unsigned char *at = certificate.at;
	X509 *parsed =
	    certificate.size > 1 << 20 ? NULL : d2i_X509(NULL, &at, (long)certificate.size);
	EVP_PKEY *key = parsed == NULL ? NULL : X509_get0_pubkey(parsed);
	int size = key == NULL || EVP_PKEY_is_a(key, "RSA") != 1 ? 0 : EVP_PKEY_get_size(key);

	X509_free(parsed);
	ERR_clear_error();
	return size < MODULUS_MIN || size > MODULUS_MAX ? 0 : (size_t)size;
}

static void
put_key_exchange(struct text *out, uint16_t version, const uint8_t *secret, size_t size)
{
	uint8_t message[MODULUS_MAX + 6];
	size_t head = version == SSL_3_0 ? 4 : 6;
	size_t body = size + head - 4;

	message[0] = 16;
	message[1] = 0;
	message[2] = (uint8_t)(body >> 8);
	message[3] = (uint8_t)body;
	message[head - 2] = head == 6 ? (uint8_t)(size >> 8) : message[head - 2];
	message[head - 1] = head == 6 ? (uint8_t)size : message[head - 1];
	memcpy(message + head, secret, size);
	put_record(out, HANDSHAKE, version, (struct span){message, size + head});
}

enum status
tls_robot_flight(struct job *job, struct target *target, struct span certificate, uint16_t version,
    unsigned variant, bool whole, struct span *flight, bool *usable)
{
	uint8_t block[MODULUS_MAX], secret[MODULUS_MAX], finished[FINISHED_SIZE];
	size_t size = modulus_size(certificate), encrypted = 0;
	struct text out = text_new(job);

	*usable = false;
	if (size == 0)
		return STATUS_OK;
	TRY(target_random(job, target, block, size));
	TRY(target_random(job, target, finished, sizeof finished));
	pad(block, size, version, variant);
	encrypt(certificate, block, size, secret, &encrypted);
	if (encrypted != size)
		return STATUS_OK;
	put_key_exchange(&out, version, secret, size);
	if (whole) {
		put_record(&out, CHANGE, version, (struct span){(const uint8_t *)"\001", 1});
		put_record(&out, HANDSHAKE, version, (struct span){finished, sizeof finished});
	}
	*flight = bytes_of(&out);
	*usable = flight->size > 0;
	return flight->size > 0 ? STATUS_OK : STATUS_LIMIT;
}
