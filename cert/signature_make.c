/*
 * Signing goes through OpenSSL's CMS, so that what we write is what other programs read.
 */
#include "cert/signature.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/arena.h"

#define RECEIPT_OID "2.25.243560627622518058919591970612448222703.2"

/* Encodes into the arena. */
static enum status
encode(struct job *job, CMS_ContentInfo *message, struct span *der)
{
	unsigned char *at = NULL;
	int size = i2d_CMS_ContentInfo(message, &at);
	char *copy = size > 0 ? arena_string(job, (const char *)at, (size_t)size) : NULL;

	OPENSSL_free(at);
	if (copy == NULL)
		return fail(job, STATUS_LIMIT, "signature: no room for it");
	*der = (struct span){(const uint8_t *)copy, (size_t)size};
	return STATUS_OK;
}

/* Our clock is an argument: OpenSSL adds its own time only where none stands. */
static bool
add_time(CMS_SignerInfo *signer, int64_t now)
{
	ASN1_TIME *time = ASN1_TIME_adj(NULL, 0, (int)(now / 86400), (long)(now % 86400));
	bool good = time != NULL && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
					ASN1_STRING_type(time), time, -1) == 1;

	ASN1_TIME_free(time);
	return good;
}

static CMS_ContentInfo *
sign(X509 *certificate, EVP_PKEY *key, struct span content, bool detached, int64_t now)
{
	unsigned flags = CMS_BINARY | CMS_PARTIAL | (detached ? CMS_DETACHED : 0U);
	BIO *memory = BIO_new_mem_buf(content.at, (int)content.size);
	CMS_ContentInfo *message = CMS_sign(NULL, NULL, NULL, NULL, flags);
	CMS_SignerInfo *signer = NULL;

	if (message != NULL && memory != NULL)
		signer = CMS_add1_signer(
		    message, certificate, key, EVP_sha256(), flags | CMS_CADES | CMS_NOSMIMECAP);
	if (signer == NULL || !add_time(signer, now) ||
	    CMS_final(message, memory, NULL, flags) != 1) {
		CMS_ContentInfo_free(message);
		message = NULL;
	}
	BIO_free(memory);
	return message;
}

enum status
signature_make(struct job *job, const struct key *key, const struct identity *signer,
    struct span content, bool detached, int64_t now, struct span *der)
{
	const unsigned char *at = signer->der.at;
	X509 *certificate;
	CMS_ContentInfo *message;
	enum status status;

	if (!identity_has_key(signer, key))
		return fail(job, STATUS_REFUSED,
		    "signature: the key is not that of the certificate of %s", signer->name);
	if (now < signer->not_before || now > signer->not_after)
		return fail(job, STATUS_REFUSED,
		    "signature: the certificate of %s is not valid now", signer->name);
	if (content.size > SIGNATURE_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "signature: %zu bytes to sign", content.size);
	certificate = d2i_X509(NULL, &at, (long)signer->der.size);
	message =
	    certificate == NULL ? NULL : sign(certificate, key_handle(key), content, detached, now);
	status = message == NULL ? fail(job, STATUS_FAULT, "signature: cannot be made")
				 : encode(job, message, der);
	CMS_ContentInfo_free(message);
	X509_free(certificate);
	return status;
}

static bool
replace_attribute(CMS_ContentInfo *message, struct span receipt)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(message);
	ASN1_OBJECT *object = OBJ_txt2obj(RECEIPT_OID, 1);
	CMS_SignerInfo *signer;
	bool good = false;
	int at;

	if (object != NULL && sk_CMS_SignerInfo_num(signers) == 1) {
		signer = sk_CMS_SignerInfo_value(signers, 0);
		at = CMS_unsigned_get_attr_by_OBJ(signer, object, -1);
		if (at >= 0)
			X509_ATTRIBUTE_free(CMS_unsigned_delete_attr(signer, at));
		good = CMS_unsigned_add1_attr_by_OBJ(
			   signer, object, V_ASN1_OCTET_STRING, receipt.at, (int)receipt.size) == 1;
	}
	ASN1_OBJECT_free(object);
	return good;
}

enum status
signature_attach(struct job *job, struct span der, struct span receipt, struct span *result)
{
	const unsigned char *at = der.at;
	CMS_ContentInfo *message = NULL;
	enum status status;

	if (der.size <= SIGNATURE_MAX_SIZE)
		message = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
	if (message == NULL || at != der.at + der.size || !replace_attribute(message, receipt))
		status = fail(job, STATUS_MALFORMED, "signature: cannot carry a receipt");
	else
		status = encode(job, message, result);
	CMS_ContentInfo_free(message);
	return status;
}
