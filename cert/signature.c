/*
 * Verification reads the CMS bytes itself: what OpenSSL tolerates around a
 * signature (other versions, algorithms, certificates, BER) is refused here.
 */
#include "cert/signature.h"

#include <string.h>

#include "cert/der.h"

static const uint8_t oid_signed_data[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
static const uint8_t oid_data[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
static const uint8_t oid_content_type[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03};
static const uint8_t oid_message_digest[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04};
static const uint8_t oid_signing_time[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05};
static const uint8_t oid_signing_certificate[] = {
    0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f};
/* 2.25.243560627622518058919591970612448222703.2 */
static const uint8_t oid_receipt[] = {0x06, 0x15, 0x69, 0x82, 0xee, 0xbc, 0x89, 0x84, 0xdd, 0xb8,
    0x92, 0xf1, 0x99, 0x82, 0xe2, 0x9a, 0xef, 0xf4, 0xb5, 0xb9, 0xbb, 0x6f, 0x02};
static const uint8_t sha256[] = {
    0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
static const uint8_t ecdsa_with_sha256[] = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
static const uint8_t version_1[] = {0x02, 0x01, 0x01};

#define TAKE(rest, literal) der_take_literal(rest, literal, sizeof(literal))

/* What the signed attributes say. */
struct attributes {
	struct digest message_digest;
	struct digest certificate_digest;
	int64_t signing_time;
	unsigned seen; /* one bit each, in the order of attribute_readers */
};

static bool
read_content_type(struct span value, struct attributes *attributes)
{
	(void)attributes;
	return TAKE(&value, oid_data) && value.size == 0;
}

static bool
read_message_digest(struct span value, struct attributes *attributes)
{
	struct span octets;

	if (!der_take(&value, DER_OCTETS, &octets, NULL) || octets.size != DIGEST_SIZE)
		return false;
	memcpy(attributes->message_digest.bytes, octets.at, DIGEST_SIZE);
	return value.size == 0;
}

static bool
read_signing_time(struct span value, struct attributes *attributes)
{
	return der_take_time(&value, &attributes->signing_time) && value.size == 0;
}

/* RFC 5035 section 3: the first ESSCertIDv2 is the signer's; SHA-256 is its default hash. */
static bool
read_signing_certificate(struct span value, struct attributes *attributes)
{
	struct span outer, list, first, octets;

	if (!der_take(&value, DER_SEQUENCE, &outer, NULL) || value.size != 0 ||
	    !der_take(&outer, DER_SEQUENCE, &list, NULL) ||
	    !der_take(&list, DER_SEQUENCE, &first, NULL))
		return false;
	(void)TAKE(&first, sha256);
	if (!der_take(&first, DER_OCTETS, &octets, NULL) || octets.size != DIGEST_SIZE)
		return false;
	memcpy(attributes->certificate_digest.bytes, octets.at, DIGEST_SIZE);
	return true;
}

static const struct {
	const uint8_t *oid;
	size_t size;
	bool (*read)(struct span value, struct attributes *attributes);
} attribute_readers[] = {
    {oid_content_type, sizeof(oid_content_type), read_content_type},
    {oid_message_digest, sizeof(oid_message_digest), read_message_digest},
    {oid_signing_time, sizeof(oid_signing_time), read_signing_time},
    {oid_signing_certificate, sizeof(oid_signing_certificate), read_signing_certificate},
};

static bool
read_attribute(struct span attribute, struct attributes *attributes)
{
	struct span value;

	for (size_t i = 0; i < ARRAY_SIZE(attribute_readers); i++) {
		if (!der_take_literal(
			&attribute, attribute_readers[i].oid, attribute_readers[i].size))
			continue;
		if ((attributes->seen & 1U << i) != 0)
			return false;
		attributes->seen |= 1U << i;
		return der_take(&attribute, DER_SET, &value, NULL) && attribute.size == 0 &&
		       attribute_readers[i].read(value, attributes);
	}
	return true; /* signed, and not ours to read */
}

static bool
read_attributes(struct span set, struct attributes *attributes)
{
	struct span attribute;

	while (set.size > 0)
		if (!der_take(&set, DER_SEQUENCE, &attribute, NULL) ||
		    !read_attribute(attribute, attributes))
			return false;
	return attributes->seen == (1U << ARRAY_SIZE(attribute_readers)) - 1;
}

/* UnsignedAttributes: exactly one, the receipt. */
static bool
read_receipt(struct span rest, struct span *receipt)
{
	struct span set, attribute, values;

	*receipt = (struct span){0};
	if (rest.size == 0)
		return true;
	return der_take(&rest, DER_CONTEXT_1, &set, NULL) && rest.size == 0 &&
	       der_take(&set, DER_SEQUENCE, &attribute, NULL) && set.size == 0 &&
	       TAKE(&attribute, oid_receipt) && der_take(&attribute, DER_SET, &values, NULL) &&
	       attribute.size == 0 && der_take(&values, DER_OCTETS, receipt, NULL) &&
	       values.size == 0 && receipt->size > 0;
}

/* RFC 5652 section 5.3; `set` is the signed attributes with their header. */
static bool
read_signer(
    struct span infos, struct signature *signature, struct attributes *attributes, struct span *set)
{
	struct span info, inside;

	return der_take(&infos, DER_SEQUENCE, &info, NULL) && infos.size == 0 &&
	       TAKE(&info, version_1) &&
	       der_take(&info, DER_SEQUENCE, &signature->signer_identifier, NULL) &&
	       TAKE(&info, sha256) && der_take(&info, DER_CONTEXT_0, &inside, set) &&
	       read_attributes(inside, attributes) && TAKE(&info, ecdsa_with_sha256) &&
	       der_take(&info, DER_OCTETS, &signature->value, NULL) &&
	       read_receipt(info, &signature->receipt);
}

/* RFC 5652 section 5.2: content and where it stands. */
static bool
read_content(struct span encapsulated, struct span detached, struct span *content)
{
	struct span wrapped;

	if (!TAKE(&encapsulated, oid_data))
		return false;
	if (encapsulated.size == 0) {
		*content = detached;
		return detached.at != NULL;
	}
	return detached.at == NULL && der_take(&encapsulated, DER_CONTEXT_0, &wrapped, NULL) &&
	       encapsulated.size == 0 && der_take(&wrapped, DER_OCTETS, content, NULL) &&
	       wrapped.size == 0;
}

static bool
read_signed_data(struct span der, struct span detached, struct signature *signature,
    struct attributes *attributes, struct span *set)
{
	struct span info, explicit, data, digests, encapsulated, certificates, inside, infos;

	return der_take(&der, DER_SEQUENCE, &info, NULL) && der.size == 0 &&
	       TAKE(&info, oid_signed_data) && der_take(&info, DER_CONTEXT_0, &explicit, NULL) &&
	       info.size == 0 && der_take(&explicit, DER_SEQUENCE, &data, NULL) &&
	       explicit.size == 0 && TAKE(&data, version_1) &&
	       der_take(&data, DER_SET, &digests, NULL) && TAKE(&digests, sha256) &&
	       digests.size == 0 && der_take(&data, DER_SEQUENCE, &encapsulated, NULL) &&
	       read_content(encapsulated, detached, &signature->content) &&
	       der_take(&data, DER_CONTEXT_0, &certificates, NULL) &&
	       der_take(&certificates, DER_SEQUENCE, &inside, &signature->certificate) &&
	       certificates.size == 0 && der_take(&data, DER_SET, &infos, NULL) && data.size == 0 &&
	       read_signer(infos, signature, attributes, set);
}

/* The signature covers the attributes as a SET OF, whatever tag they stand under. */
static enum status
digest_attributes(struct job *job, struct span set, struct digest *digest)
{
	static const uint8_t tag = DER_SET;
	struct digest_stream *stream = digest_stream_new();

	if (stream == NULL)
		return fail(job, STATUS_LIMIT, "signature: no digest");
	digest_stream_add(stream, &tag, 1);
	digest_stream_add(stream, set.at + 1, set.size - 1);
	return digest_stream_finish(job, stream, digest);
}

enum status
signature_read(struct job *job, struct span der, struct span detached, struct signature *signature)
{
	struct attributes attributes = {0};
	struct span set;
	struct digest certificate;

	*signature = (struct signature){0};
	if (der.size > SIGNATURE_MAX_SIZE ||
	    !read_signed_data(der, detached, signature, &attributes, &set))
		return fail(job, STATUS_MALFORMED, "signature: not CMS in the form we sign");
	signature->signed_at = attributes.signing_time;
	TRY(digest_attributes(job, set, &signature->attributes_digest));
	TRY(digest_of(job, signature->content, &signature->content_digest));
	TRY(digest_of(job, signature->certificate, &certificate));
	if (!digest_equal(&signature->content_digest, &attributes.message_digest))
		return fail(job, STATUS_REFUSED, "signature: the content was altered");
	if (!digest_equal(&certificate, &attributes.certificate_digest))
		return fail(job, STATUS_REFUSED, "signature: by another certificate than embedded");
	return STATUS_OK;
}

enum status
signature_check(struct job *job, struct identity_cache *cache, const struct signature *signature,
    const struct identity **signer)
{
	const struct identity *identity;

	TRY(identity_decode(job, cache, signature->certificate, &identity));
	if (!span_equal(signature->signer_identifier, identity->issuer_and_serial))
		return fail(job, STATUS_MALFORMED, "signature: names another signer");
	TRY(identity_check_signature(
	    job, cache, identity, &signature->attributes_digest, signature->value));
	if (signature->signed_at < identity->not_before ||
	    signature->signed_at > identity->not_after)
		return fail(job, STATUS_REFUSED,
		    "signature: made outside the validity of the certificate of %s",
		    identity->name);
	*signer = identity;
	return STATUS_OK;
}
