/* Every run of a test makes keys of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "tests/support/collecting.h"
#include "tests/support/made_keys.h"

#include <cmocka.h>

struct span
made_taken(struct job *job, BIO *out)
{
	char *at;
	long size = BIO_get_mem_data(out, &at);
	struct span bytes = {
	    .at = (const uint8_t *)arena_string(job, at, (size_t)size), .size = (size_t)size};

	assert_true(size > 0);
	BIO_free(out);
	return bytes;
}

char *
made_fingerprint_of(struct job *job, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(key, &der);
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	assert_int_equal(
	    digest_of(job, (struct span){.at = der, .size = (size_t)size}, &digest), STATUS_OK);
	digest_to_hex(&digest, hex);
	OPENSSL_free(der);
	return arena_copy_string(job, hex);
}

const struct key_fact *
made_key_fact(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_key, n);

	assert_non_null(fact);
	return &fact->as.key;
}

X509 *
made_certify(EVP_PKEY *key, bool ca)
{
	X509 *x509 = X509_new();
	X509_NAME *name = X509_get_subject_name(x509);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(
	    NULL, NULL, NID_basic_constraints, ca ? "critical,CA:TRUE" : "CA:FALSE");

	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 0x1234);
	ASN1_TIME_set(X509_getm_notBefore(x509), 1000000000);
	ASN1_TIME_set(X509_getm_notAfter(x509), 2000000000);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)"Thiết bị, 1", -1, -1, 0);
	X509_set_issuer_name(x509, name);
	X509_set_pubkey(x509, key);
	X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
	assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
	return x509;
}

struct span
made_embedded(struct job *job, EVP_PKEY *key, X509 *x509, const char *how)
{
	static const uint8_t before[] = "\177ELF\1\1\1\0\0\0code\x30\x82\x01",
			     after[] = "\0\0more code";
	BIO *out = BIO_new(BIO_s_mem());

	BIO_write(out, before, sizeof before - 1);
	if (strcmp(how, "pkcs8") == 0)
		i2d_PKCS8PrivateKey_bio(out, key, NULL, NULL, 0, NULL, NULL);
	else if (strcmp(how, "traditional") == 0)
		i2d_PrivateKey_bio(out, key);
	else if (strcmp(how, "sealed") == 0)
		i2d_PKCS8PrivateKey_bio(out, key, EVP_aes_256_cbc(), "secret", 6, NULL, NULL);
	else if (strcmp(how, "public") == 0)
		i2d_PUBKEY_bio(out, key);
	else
		i2d_X509_bio(out, x509);
	BIO_write(out, after, sizeof after);
	return made_taken(job, out);
}
