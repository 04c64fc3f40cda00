/*
 * Issuing X.509 certificates: no extended key usage and no critical extension
 * of our own, because either makes openssl cms -verify refuse.
 */
#include "cert/identity.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* Scope of a body as text; an arc below the UUID of this project (ITU-T X.667). */
#define SCOPE_OID "2.25.243560627622518058919591970612448222703.1"

static bool
add_name(X509_NAME *name, const char *part, const char *value)
{
	return value == NULL || X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8,
				    (const unsigned char *)value, -1, -1, 0) == 1;
}

static bool
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	bool good;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	good = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return good;
}

static bool
add_scope(X509 *certificate, const char *scope)
{
	ASN1_OBJECT *object = OBJ_txt2obj(SCOPE_OID, 1);
	ASN1_UTF8STRING *string = ASN1_UTF8STRING_new();
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension = NULL;
	unsigned char *der = NULL;
	int size = 0;
	bool good;

	if (string != NULL && ASN1_STRING_set(string, scope, -1) == 1)
		size = i2d_ASN1_UTF8STRING(string, &der);
	if (size > 0 && octets != NULL && ASN1_OCTET_STRING_set(octets, der, size) == 1)
		extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, octets);
	good = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	OPENSSL_free(der);
	ASN1_OCTET_STRING_free(octets);
	ASN1_UTF8STRING_free(string);
	ASN1_OBJECT_free(object);
	return good;
}

/* 159 random bits: positive, and never twice. */
static bool
set_serial(X509 *certificate)
{
	unsigned char bytes[20];
	BIGNUM *number;
	bool good;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	good = number != NULL &&
	       BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
	BN_free(number);
	return good;
}

static bool
set_time(ASN1_TIME *time, int64_t seconds)
{
	return ASN1_TIME_adj(time, 0, (int)(seconds / 86400), (long)(seconds % 86400)) != NULL;
}

static bool
add_extensions(X509 *certificate, X509 *issuer, const struct identity_request *request)
{
	return add_extension(certificate, issuer, NID_basic_constraints,
		   request->is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
	       add_extension(certificate, issuer, NID_key_usage,
		   request->is_authority ? "critical,keyCertSign,cRLSign,digitalSignature"
					 : "critical,digitalSignature,nonRepudiation") &&
	       add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
	       add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") &&
	       (request->scope == NULL || add_scope(certificate, request->scope));
}

static bool
fill(X509 *certificate, X509 *issuer, const struct identity_request *request, EVP_PKEY *key)
{
	X509_NAME *name = X509_get_subject_name(certificate);

	return X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
	       add_name(name, "O", request->organisation) && add_name(name, "OU", request->role) &&
	       add_name(name, "CN", request->name) &&
	       X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
	       set_time(X509_getm_notBefore(certificate), request->not_before) &&
	       set_time(X509_getm_notAfter(certificate), request->not_after) &&
	       X509_set_pubkey(certificate, key) == 1 &&
	       add_extensions(certificate, issuer, request);
}

/* The key of a signing request that proves possession of it; NULL otherwise. */
static EVP_PKEY *
requested_key(struct span bytes)
{
	BIO *memory = BIO_new_mem_buf(bytes.at, bytes.size > INT32_MAX ? 0 : (int)bytes.size);
	X509_REQ *request = NULL;
	EVP_PKEY *key = NULL;

	if (memory == NULL)
		return NULL;
	request = span_starts_with(bytes, "-----BEGIN", 10)
		      ? PEM_read_bio_X509_REQ(memory, NULL, NULL, NULL)
		      : d2i_X509_REQ_bio(memory, NULL);
	if (request != NULL)
		key = X509_REQ_get_pubkey(request);
	if (key != NULL && X509_REQ_verify(request, key) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	X509_REQ_free(request);
	BIO_free(memory);
	return key;
}

static enum status
copy_der(struct job *job, X509 *certificate, struct identity *identity)
{
	unsigned char *der = NULL;
	int size = i2d_X509(certificate, &der);
	char *copy = size > 0 ? arena_string(job, (const char *)der, (size_t)size) : NULL;

	OPENSSL_free(der);
	if (copy == NULL)
		return fail(job, STATUS_LIMIT, "certificate: no room");
	return identity_read(job, (struct span){(const uint8_t *)copy, (size_t)size}, identity);
}

enum status
identity_issue(struct job *job, const struct identity_request *request,
    const struct identity *issuer, const struct key *issuer_key, struct identity *identity)
{
	EVP_PKEY *key = request->signing_request.size > 0 ? requested_key(request->signing_request)
							  : key_handle(request->key);
	const unsigned char *at = issuer == NULL ? NULL : issuer->der.at;
	X509 *certificate = X509_new();
	X509 *above = issuer == NULL ? certificate : d2i_X509(NULL, &at, (long)issuer->der.size);
	enum status status = STATUS_OK;

	if (key == NULL)
		status = fail(
		    job, STATUS_MALFORMED, "signing request: not PKCS #10 signed by its own key");
	else if (certificate == NULL || above == NULL || !fill(certificate, above, request, key) ||
		 X509_sign(certificate, key_handle(issuer_key), EVP_sha256()) <= 0)
		status =
		    fail(job, STATUS_FAULT, "certificate for %s: cannot be made", request->name);
	else
		status = copy_der(job, certificate, identity);
	if (above != certificate)
		X509_free(above);
	X509_free(certificate);
	if (request->signing_request.size > 0)
		EVP_PKEY_free(key);
	return status;
}

enum status
identity_make_request(struct job *job, const struct key *key, const char *name, struct span *pem)
{
	X509_REQ *request = X509_REQ_new();
	BIO *memory = BIO_new(BIO_s_mem());
	enum status status = STATUS_OK;
	char *at = NULL, *copy = NULL;
	long size = 0;

	if (request != NULL && memory != NULL && X509_REQ_set_version(request, 0) == 1 &&
	    add_name(X509_REQ_get_subject_name(request), "CN", name) &&
	    X509_REQ_set_pubkey(request, key_handle(key)) == 1 &&
	    X509_REQ_sign(request, key_handle(key), EVP_sha256()) > 0 &&
	    PEM_write_bio_X509_REQ(memory, request) == 1)
		size = BIO_get_mem_data(memory, &at);
	if (size > 0)
		copy = arena_string(job, at, (size_t)size);
	if (copy == NULL)
		status = fail(job, STATUS_FAULT, "signing request: cannot be made");
	else
		*pem = (struct span){(const uint8_t *)copy, (size_t)size};
	BIO_free(memory);
	X509_REQ_free(request);
	return status;
}
