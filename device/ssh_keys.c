/* A host key is told by its numbers, and by the fingerprint that OpenSSL would give it. */
#include <string.h>

#include "base/digest.h"
#include "base/frames.h"
#include "base/text.h"
#include "device/ssh_client.h"

#define NUMBER_MAX_SIZE 4096
#define TYPE_MAX_SIZE 64

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

int64_t
ssh_bits(struct span number)
{
	while (number.size > 0 && number.at[0] == 0)
		number = span_from(number, 1);
	if (number.size == 0)
		return 0;
	return (int64_t)number.size * 8 - (__builtin_clz(number.at[0]) - 24);
}

/* A number of DER is signed: what its first bit would make negative gets a zero before it. */
static void
put_number(struct text *out, struct span number)
{
	struct text content = text_new(out->job);

	while (number.size > 1 && number.at[0] == 0)
		number = span_from(number, 1);
	if (number.size > 0 && number.at[0] >= 0x80)
		put_u8(&content, 0);
	text_put_bytes(&content, number.at, number.size);
	put_der(out, 0x02, span_of_text(&content));
	out->failed = out->failed || content.failed;
}

bool
ssh_read_rsa(struct job *job, struct span exponent, struct span modulus, struct ssh_key *key)
{
	static const uint8_t algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	    0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
	struct text numbers = text_new(job), sequence = text_new(job);

	if (ssh_bits(modulus) == 0 || modulus.size > NUMBER_MAX_SIZE || ssh_bits(exponent) == 0 ||
	    exponent.size > 512)
		return false;
	key->algorithm = "RSA";
	key->bits = ssh_bits(modulus);
	put_number(&numbers, modulus);
	put_number(&numbers, exponent);
	put_der(&sequence, 0x30, span_of_text(&numbers));
	if (!numbers.failed && !sequence.failed)
		key->fingerprint = fingerprint_spki(
		    job, (struct span){algorithm, sizeof algorithm}, span_of_text(&sequence));
	return true;
}

static bool
read_rsa(struct job *job, struct reader *reader, struct ssh_key *key)
{
	struct span exponent = read_string(reader), modulus = read_string(reader);

	return !reader->overrun && ssh_read_rsa(job, exponent, modulus, key);
}

/* p, q, g and y; RFC 3279 section 2.3.2 says how they stand in a SubjectPublicKeyInfo. */
static bool
read_dsa(struct job *job, struct reader *reader, struct ssh_key *key)
{
	static const uint8_t identifier[] = {0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01};
	struct text numbers = text_new(job), both = text_new(job), algorithm = text_new(job),
		    own = text_new(job);
	struct span parts[4];

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		parts[i] = read_string(reader);
		if (ssh_bits(parts[i]) == 0 || parts[i].size > NUMBER_MAX_SIZE)
			return false;
		if (i < 3)
			put_number(&numbers, parts[i]);
	}
	key->algorithm = "DSA";
	key->bits = ssh_bits(parts[0]);
	text_put_bytes(&both, identifier, sizeof identifier);
	put_der(&both, 0x30, span_of_text(&numbers));
	put_der(&algorithm, 0x30, span_of_text(&both));
	put_number(&own, parts[3]);
	if (!numbers.failed && !both.failed && !algorithm.failed && !own.failed)
		key->fingerprint =
		    fingerprint_spki(job, span_of_text(&algorithm), span_of_text(&own));
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

/* Of Edwards curves (RFC 8709, RFC 8410). */
static bool
read_edwards(struct job *job, struct reader *reader, bool large, struct ssh_key *key)
{
	static const uint8_t ed25519[] = {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70};
	static const uint8_t ed448[] = {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71};
	struct span point = read_string(reader);

	if (reader->overrun || point.size != (large ? 57 : 32))
		return false;
	key->algorithm = large ? "Ed448" : "Ed25519";
	key->bits = large ? 456 : 256;
	key->fingerprint =
	    fingerprint_spki(job, (struct span){large ? ed448 : ed25519, sizeof ed25519}, point);
	return true;
}

/* The numbers of a type, without what stands around them; *known is false for a type that has none
 * we know. */
static bool
read_numbers(
    struct job *job, struct reader *reader, struct span type, struct ssh_key *key, bool *known)
{
	*known = true;
	if (is(type, "ssh-rsa") || span_starts_with(type, "rsa-sha2-", 9))
		return read_rsa(job, reader, key);
	if (is(type, "ssh-dss"))
		return read_dsa(job, reader, key);
	if (is(type, "ssh-ed25519") || is(type, "ssh-ed448"))
		return read_edwards(job, reader, is(type, "ssh-ed448"), key);
	if (span_starts_with(type, "ecdsa-sha2-", 11))
		return read_ec(job, reader, key);
	*known = false;
	return true;
}

/* "sk-TYPE@openssh.com" and "TYPE-cert-v01@openssh.com" are about a key of TYPE. */
static struct span
plain_type(struct span type, bool *token, bool *certificate)
{
	static const char cert[] = "-cert-v01@openssh.com", at[] = "@openssh.com";
	size_t size = sizeof cert - 1;

	*certificate = type.size > size && memcmp(type.at + type.size - size, cert, size) == 0;
	if (*certificate)
		type.size -= size;
	*token = span_starts_with(type, "sk-", 3);
	if (*token) {
		type = span_from(type, 3);
		size = span_find(type, at, sizeof at - 1, 0);
		type.size = size == SIZE_MAX ? type.size : size;
	}
	return type;
}

/* What a certificate says behind its key: serial, type, name, principals, times, options,
 * signature. */
static void
pass_certificate(struct reader *reader)
{
	read_bytes(reader, 8 + 4);
	read_string(reader);
	read_string(reader);
	read_bytes(reader, 8 + 8);
	for (unsigned i = 0; i < 5; i++)
		read_string(reader);
}

bool
ssh_read_key(struct job *job, struct span blob, struct ssh_key *key)
{
	struct reader reader = {.rest = blob};
	struct span type = read_string(&reader), plain;
	bool token, certificate, known;

	*key = (struct ssh_key){.bits = UNKNOWN};
	if (reader.overrun || type.size == 0 || type.size > TYPE_MAX_SIZE)
		return false;
	key->type = text_from_bytes(job, type.at, type.size, 4 * TYPE_MAX_SIZE);
	key->algorithm = key->type;
	plain = plain_type(type, &token, &certificate);
	if (certificate)
		read_string(&reader); /* nonce */
	if (key->type == NULL || !read_numbers(job, &reader, plain, key, &known))
		return false;
	if (known && token)
		read_string(&reader); /* application */
	if (known && certificate)
		pass_certificate(&reader);
	return !reader.overrun && (!known || reader.rest.size == 0);
}
