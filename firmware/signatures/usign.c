/* OpenWrt puts a signature of usign, or a chain of its certificates, behind an image, where fwtool
 * takes it off again. */
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/base64.h"
#include "firmware/reading.h"
#include "firmware/signature.h"

#define TRAILER 16u
#define SIGNATURE_SIZE 74u /* "Ed", number, signature */
#define LARGEST_TEXT 256u
#define MAX_CERTIFICATES 8u

struct signed_text {
	uint8_t bytes[SIGNATURE_SIZE];
};

/* Two lines: a comment, then base64. */
static bool
read_text(struct span text, struct signed_text *signature)
{
	struct span comment, line;

	return span_begins(text, "untrusted comment:") && line_next(&text, &comment) &&
	       line_next(&text, &line) && line.size < LARGEST_TEXT &&
	       base64_decode(span_trim(line), signature->bytes, SIGNATURE_SIZE) == SIGNATURE_SIZE &&
	       memcmp(signature->bytes, "Ed", 2) == 0;
}

static bool
names(const struct raw_signature *signature, const struct key *key)
{
	return key->has_number && signature->named.size == KEY_NUMBER_SIZE &&
	       memcmp(key->number, signature->named.at, KEY_NUMBER_SIZE) == 0;
}

static struct raw_signature
raw_of(const struct signed_text *text, struct span message)
{
	return (struct raw_signature){.scheme = SIGN_ED25519,
	    .signed_bytes = message,
	    .value = {text->bytes + 2 + KEY_NUMBER_SIZE, 64},
	    .names = names,
	    .named = {text->bytes + 2, KEY_NUMBER_SIZE}};
}

/* A certificate of ucert: blobs of a signature and of what it signs; the last is the image's
 * alone. */
struct certificate {
	struct span signature, payload;
};

static size_t
read_chain(struct span bytes, struct certificate chain[MAX_CERTIFICATES])
{
	struct reader reader = {.rest = bytes};
	size_t count = 0;

	while (reader.rest.size >= 4 && count < MAX_CERTIFICATES) {
		struct certificate *one = &chain[count];
		size_t size = (read_u32_be(&reader) & 0xffffff) - 4;
		struct reader inner = {.rest = read_bytes(&reader, size)};

		if (reader.overrun || inner.rest.size == 0)
			break;
		*one = (struct certificate){0};
		while (inner.rest.size >= 4) {
			uint32_t head = read_u32_be(&inner);
			struct span value = read_bytes(&inner, (head & 0xffffff) - 4);
			size_t padding = -value.size & 3;

			if (inner.overrun)
				break;
			if ((head >> 24 & 0x7f) == 0)
				one->signature = value;
			else if ((head >> 24 & 0x7f) == 1)
				one->payload = value;
			read_bytes(&inner, padding < inner.rest.size ? padding : inner.rest.size);
		}
		count += one->signature.size != 0;
	}
	return count;
}

/* The key that a certificate's payload states. */
static enum status
read_key(struct signing *signing, struct span payload, struct key *key)
{
	size_t at = span_find(payload, "untrusted comment:", 18, 0);
	struct key_ring ring = {.job = signing->job, .keys = key};
	struct span text = at < payload.size ? span_from(payload, at) : (struct span){0};
	size_t added;

	text.size = text.size == 0 ? 0 : strnlen((const char *)text.at, text.size);
	return key_ring_read(&ring, "certificate", text, false, &added);
}

/* The last signature is of the image, by the key of the certificate before; the first by somebody
 * known. */
static enum status
try_chain(struct signing *signing, struct span bytes, struct span message, struct trial *trial)
{
	struct certificate chain[MAX_CERTIFICATES];
	size_t count = read_chain(bytes, chain);
	struct signed_text text;
	struct raw_signature raw;
	struct trial root = {.outcome = OUTCOME_NO_KEY};

	if (count == 0 || !read_text(chain[count - 1].signature, &text)) {
		signing->fact.scheme = "opaque";
		*trial = (struct trial){.outcome = OUTCOME_BAD};
		return STATUS_OK;
	}
	signing_say(
	    signing, "a chain of %zu certificates of ucert, whose dates are not judged", count - 1);
	for (size_t i = count - 1; i-- > 0;) {
		TRY(read_key(signing, chain[i].payload, &signing->own));
		raw = raw_of(&text, i + 2 == count ? message : chain[i + 1].payload);
		*trial = (struct trial){.outcome = OUTCOME_BAD, .key = &signing->own};
		if (!key_verifies(&signing->own, &raw) || !read_text(chain[i].signature, &text))
			return STATUS_OK;
		if (i != 0) {
			EVP_PKEY_free(signing->own.public_key);
			signing->own = (struct key){0};
		}
	}
	raw = raw_of(&text, count == 1 ? message : chain[0].payload);
	{
		struct key last = signing->own;

		signing->own = (struct key){0}; /* the chain's own keys do not vouch for it */
		root = signing_try(signing, &raw);
		signing->own = last;
	}
	*trial = root;
	return STATUS_OK;
}

static enum status
read_signature(struct signing *signing)
{
	struct span block = span_part(signing->content, 0,
	    signing->content.size < TRAILER ? 0 : signing->content.size - TRAILER);
	struct span message = signing->before;
	struct signed_text text;
	struct raw_signature raw;
	struct trial trial;
	struct reader reader = {.rest = span_from(signing->content, block.size)};

	if (!span_starts_with(read_bytes(&reader, 4), "FWx0", 4))
		return STATUS_OK;
	read_bytes(&reader, 4);
	if (read_u8(&reader) != 0) /* a description, not a signature */
		return STATUS_OK;
	signing->found = true;
	signing->fact.covers = "everything";
	signing->fact.rollback_protected = 0;
	if (read_text(block, &text)) {
		raw = raw_of(&text, message);
		TRY(signing_name(signing, &raw, 256));
		trial = signing_try(signing, &raw);
	} else {
		raw = raw_of(&text, message);
		TRY(signing_name(signing, &raw, 256));
		TRY(try_chain(signing, block, message, &trial));
	}
	if (message.size == 0) { /* they lie in a stream, and were let go */
		signing->fact.present = 1;
		signing->outcome = OUTCOME_NO_KEY;
		signing_say(signing, "the bytes before it were not held");
		return STATUS_OK;
	}
	return signing_conclude(signing, &trial);
}

const struct signature_kind signature_kind_usign = {
    .name = "usign",
    .title = "OpenWrt: usign's Ed25519 over the image, or a chain of ucert, behind it",
    .source = "signify(1); OpenWrt fwtool.c, ucert.c",
    .gaps = "dates and revocations of ucert's certificates",
    .formats = {"fwtool"},
    .read = read_signature,
};
