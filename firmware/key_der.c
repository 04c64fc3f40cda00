/* DER says its own length: a value is read to its end and no further, whatever lies behind it. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <string.h>

#include "firmware/key_encoding.h"

#define MAX_DER ((size_t)256 << 10)    /* bytes of one value */
#define MAX_KEY_DER ((size_t)16 << 10) /* bytes of one key: RSA of 16384 bits has 9 KiB */
#define MAX_SMALL_DER 1536             /* of one that is not RSA */
#define MAX_ITERATIONS 10000           /* of the MAC of a PKCS #12 file */
#define MAX_EXPONENT 24                /* bits of a public exponent in use */

void
key_held_free(struct held_key *held)
{
	EVP_PKEY_free(held->key);
	X509_free(held->certificate);
	*held = (struct held_key){0};
}

/* The bytes of the SEQUENCE at the start of `bytes`; 0 when there is no whole one. */
static size_t
sequence_size(struct span bytes)
{
	struct reader reader = {.rest = bytes};
	size_t size, head = 2;

	if (read_u8(&reader) != 0x30)
		return 0;
	size = read_u8(&reader);
	if (size > 0x80 && size <= 0x83) {
		head += size & 0x7f;
		size = head == 3   ? read_u8(&reader)
		       : head == 4 ? read_u16_be(&reader)
				   : read_u24_be(&reader);
	} else if (size >= 0x80) {
		return 0;
	}
	size += head;
	return reader.overrun || size > MAX_DER || size > bytes.size ? 0 : size;
}

/* A number that fills its place makes a key; primes that do not make the modulus do not. */
static bool
is_consistent_rsa(const EVP_PKEY *key)
{
	BIGNUM *n = NULL, *p = NULL, *q = NULL, *product = BN_new();
	BN_CTX *context = BN_CTX_new();
	bool good = product != NULL && context != NULL &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR1, &p) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR2, &q) == 1 &&
		    BN_num_bits(n) >= 256 && BN_mul(product, p, q, context) == 1 &&
		    BN_cmp(product, n) == 0;

	BN_free(n);
	BN_clear_free(p);
	BN_clear_free(q);
	BN_clear_free(product);
	BN_CTX_free(context);
	return good;
}

/* The public half of some kinds is computed: for no larger numbers than keys have. */
static bool
is_cheap(const PKCS8_PRIV_KEY_INFO *info, long size)
{
	const ASN1_OBJECT *object = NULL;
	const unsigned char *number;
	int bytes = 0;

	if (PKCS8_pkey_get0(&object, &number, &bytes, NULL, info) != 1)
		return false;
	switch (OBJ_obj2nid(object)) {
	case NID_rsaEncryption:
	case NID_rsassaPss:
		return true;
	case NID_dsa:
		return size <= MAX_SMALL_DER && bytes <= 2 + 1 + 64;
	default:
		return size <= MAX_SMALL_DER && bytes <= 300;
	}
}

static EVP_PKEY *
decode_pkcs8(const uint8_t **at, long size)
{
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, at, size);
	EVP_PKEY *key = info == NULL || !is_cheap(info, size) ? NULL : EVP_PKCS82PKEY(info);

	PKCS8_PRIV_KEY_INFO_free(info);
	if (key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && !is_consistent_rsa(key)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static EVP_PKEY *
decode_rsa_private(const uint8_t **at, long size)
{
	EVP_PKEY *key = d2i_PrivateKey(EVP_PKEY_RSA, NULL, at, size);

	if (key != NULL && !is_consistent_rsa(key)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static EVP_PKEY *
decode_ec_private(const uint8_t **at, long size)
{
	return size > MAX_SMALL_DER ? NULL : d2i_PrivateKey(EVP_PKEY_EC, NULL, at, size);
}

static EVP_PKEY *
decode_dsa_private(const uint8_t **at, long size)
{
	return size > MAX_SMALL_DER ? NULL : d2i_PrivateKey(EVP_PKEY_DSA, NULL, at, size);
}

static EVP_PKEY *
decode_public(const uint8_t **at, long size)
{
	return d2i_PUBKEY(NULL, at, size);
}

/* Two numbers may be the parameters of Diffie-Hellman: the second tells. */
static EVP_PKEY *
decode_rsa_public(const uint8_t **at, long size)
{
	EVP_PKEY *key = d2i_PublicKey(EVP_PKEY_RSA, NULL, at, size);
	BIGNUM *e = NULL, *n = NULL;

	if (key != NULL && (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1 ||
			       EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
			       !BN_is_odd(e) || !BN_is_odd(n) || BN_is_one(e) || BN_is_word(e, 5) ||
			       BN_num_bits(e) > MAX_EXPONENT || BN_num_bits(n) < 512)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	BN_free(e);
	BN_free(n);
	return key;
}

/* RFC 7468 labels, and the DER inside. */
static const struct encoding {
	const char *label, *format, *algorithm;
	bool private;
	EVP_PKEY *(*decode)(const uint8_t **at, long size);
} encodings[] = {
    {"PRIVATE KEY", "PKCS8", NULL, true, decode_pkcs8},
    {"RSA PRIVATE KEY", "PKCS1", "RSA", true, decode_rsa_private},
    {"EC PRIVATE KEY", "SEC1", "EC", true, decode_ec_private},
    {"DSA PRIVATE KEY", "DSA", "DSA", true, decode_dsa_private},
    {"PUBLIC KEY", "SPKI", NULL, false, decode_public},
    {"RSA PUBLIC KEY", "PKCS1", "RSA", false, decode_rsa_public},
};

/* `der` is one SEQUENCE, whole. */
static bool
read_key(const struct encoding *encoding, struct span der, struct held_key *held)
{
	const uint8_t *at = der.at;
	EVP_PKEY *key = der.size > MAX_KEY_DER ? NULL : encoding->decode(&at, (long)der.size);

	ERR_clear_error();
	if (key == NULL || at != der.at + der.size) {
		EVP_PKEY_free(key);
		return false;
	}
	*held = (struct held_key){
	    .key = key, .format = encoding->format, .private = encoding->private, .size = der.size};
	return true;
}

/* Of a TRUSTED CERTIFICATE the certificate alone is kept. */
static bool
read_certificate(struct span der, struct held_key *held)
{
	const uint8_t *at = der.at;
	X509 *x509 = d2i_X509(NULL, &at, (long)der.size);

	ERR_clear_error();
	if (x509 == NULL || at != der.at + der.size) {
		X509_free(x509);
		return false;
	}
	*held = (struct held_key){.certificate = x509, .format = "X509", .size = der.size};
	return true;
}

/* RFC 5958 EncryptedPrivateKeyInfo: told from a DigestInfo by its algorithm. */
static bool
read_encrypted_pkcs8(struct span der, struct held_key *held)
{
	const uint8_t *at = der.at;
	X509_SIG *envelope = d2i_X509_SIG(NULL, &at, (long)der.size);
	const X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *object = NULL;
	bool found;

	if (envelope != NULL) {
		X509_SIG_get0(envelope, &algorithm, NULL);
		X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	}
	found = object != NULL &&
		EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(object), NULL, NULL, NULL) == 1;
	X509_SIG_free(envelope);
	ERR_clear_error();
	*held = (struct held_key){
	    .format = "PKCS8", .private = true, .encrypted = true, .size = der.size};
	return found;
}

/* Does the MAC hold with no password, for no more work than a sane file asks? */
static bool
opens_without_password(PKCS12 *file)
{
	const ASN1_INTEGER *iterations = NULL;

	if (PKCS12_mac_present(file) != 1)
		return false;
	PKCS12_get0_mac(NULL, NULL, NULL, &iterations, file);
	if (iterations != NULL &&
	    (ASN1_INTEGER_get(iterations) < 1 || ASN1_INTEGER_get(iterations) > MAX_ITERATIONS))
		return false;
	return PKCS12_verify_mac(file, "", 0) == 1 || PKCS12_verify_mac(file, NULL, 0) == 1;
}

/* RFC 7292: what it holds is not opened; that it is there is told. */
static bool
read_pkcs12(struct span der, struct held_key *held)
{
	const uint8_t *at = der.at;
	PKCS12 *file = d2i_PKCS12(NULL, &at, (long)der.size);
	STACK_OF(PKCS7) *safes = file == NULL ? NULL : PKCS12_unpack_authsafes(file);
	bool found = safes != NULL;

	*held = (struct held_key){.format = "PKCS12", .private = true, .size = der.size};
	if (found)
		held->encrypted = !opens_without_password(file);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(file);
	ERR_clear_error();
	return found;
}

bool
key_read_der(struct span bytes, struct held_key *held)
{
	struct span der = span_part(bytes, 0, sequence_size(bytes));

	if (der.size < 32)
		return false;
	if (read_certificate(der, held))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(encodings); i++)
		if (read_key(&encodings[i], der, held))
			return true;
	return read_encrypted_pkcs8(der, held) || read_pkcs12(der, held);
}

bool
key_read_labelled_der(const char *label, const char *header, struct span der, struct held_key *held)
{
	size_t size = sequence_size(der);
	struct span whole = span_part(der, 0, size);

	if (strcmp(label, "TRUSTED CERTIFICATE") == 0)
		return read_certificate(whole, held);
	if (strcmp(label, "CERTIFICATE") == 0 || strcmp(label, "X509 CERTIFICATE") == 0)
		return size == der.size && read_certificate(whole, held);
	if (strcmp(label, "ENCRYPTED PRIVATE KEY") == 0)
		return size == der.size && read_encrypted_pkcs8(whole, held);
	for (size_t i = 0; i < ARRAY_SIZE(encodings); i++) {
		if (strcmp(label, encodings[i].label) != 0)
			continue;
		if (strstr(header, "ENCRYPTED") == NULL || !encodings[i].private)
			return read_key(&encodings[i], whole, held);
		*held = (struct held_key){.algorithm = encodings[i].algorithm,
		    .format = encodings[i].format,
		    .private = true,
		    .encrypted = true};
		/* RFC 1421 headers: a block cipher's name, then whole blocks */
		return strstr(header, "DEK-Info: ") != NULL && der.size >= 64 && der.size % 8 == 0;
	}
	return false;
}
