/* A key is known by the digest of its SubjectPublicKeyInfo, whatever file it came in. */
#include "firmware/key_ring.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/base64.h"
#include "firmware/reading.h"

#define MAX_KEYS ((size_t)256)
#define MAX_SEEN ((size_t)1024)
#define LARGEST_LINE 128u
#define USIGN_SIZE 42u /* "Ed", number, key */
#define ED25519_SIZE 32u

struct key_ring *
key_ring_new(struct job *job)
{
	struct key_ring *ring = arena_allocate(job, sizeof *ring);

	if (ring == NULL)
		return NULL;
	ring->job = job;
	ring->keys = arena_array(job, MAX_KEYS, sizeof *ring->keys);
	ring->seen = arena_array(job, MAX_SEEN, sizeof *ring->seen);
	return ring->keys == NULL || ring->seen == NULL ? NULL : ring;
}

void
key_ring_free(struct key_ring *ring)
{
	for (size_t i = 0; ring != NULL && i < ring->count; i++) {
		EVP_PKEY_free(ring->keys[i].public_key);
		X509_free(ring->keys[i].certificate);
	}
	if (ring != NULL)
		ring->count = 0;
}

enum status
key_make(struct job *job, const char *name, EVP_PKEY *public_key, struct key *key)
{
	unsigned char *der = NULL;
	int size = public_key == NULL ? 0 : i2d_PUBKEY(public_key, &der);
	struct digest digest;
	enum status status;

	*key = (struct key){.name = name, .public_key = public_key};
	if (size <= 0) {
		ERR_clear_error();
		EVP_PKEY_free(public_key);
		key->public_key = NULL;
		return STATUS_OK;
	}
	status = digest_of(job, (struct span){der, (size_t)size}, &digest);
	OPENSSL_free(der);
	digest_to_hex(&digest, key->fingerprint);
	return status;
}

/* Takes `key` over; one that is there already stays as it is, unless a given one replaces it. */
static enum status
add(struct key_ring *ring, struct key *key, size_t *added)
{
	size_t i = 0;

	if (key->public_key == NULL)
		return STATUS_OK;
	++*added;
	/* of one key, its certificate as well: chains end in those */
	while (i < ring->count &&
	       (strcmp(ring->keys[i].fingerprint, key->fingerprint) != 0 ||
		   (ring->keys[i].certificate == NULL) != (key->certificate == NULL)))
		i++;
	if (i < ring->count || ring->count == MAX_KEYS) {
		EVP_PKEY_free(key->public_key);
		X509_free(key->certificate);
		return i < ring->count || !key->given
			   ? STATUS_OK
			   : fail(ring->job, STATUS_LIMIT, "limit: more than %zu keys", MAX_KEYS);
	}
	ring->given += key->given;
	ring->keys[ring->count++] = *key;
	return STATUS_OK;
}

static enum status
add_key(struct key_ring *ring, const char *name, bool given, EVP_PKEY *public_key,
    X509 *certificate, size_t *added)
{
	struct key key;
	enum status status = key_make(ring->job, name, public_key, &key);

	key.given = given;
	key.certificate = key.public_key == NULL ? NULL : certificate;
	if (key.certificate != certificate)
		X509_free(certificate);
	if (status == STATUS_OK)
		status = add(ring, &key, added);
	return status;
}

static enum status
add_certificate(
    struct key_ring *ring, const char *name, bool given, X509 *certificate, size_t *added)
{
	return add_key(ring, name, given, X509_get_pubkey(certificate), certificate, added);
}

/* Every certificate and public key between lines of dashes. */
static enum status
read_pem(struct key_ring *ring, const char *name, struct span bytes, bool given, size_t *added)
{
	BIO *bio = BIO_new_mem_buf(bytes.at, (int)bytes.size);
	enum status status = STATUS_OK;
	unsigned char *data;
	char *label, *header;
	long size;

	for (size_t i = 0; bio != NULL && status == STATUS_OK && i < MAX_KEYS &&
			   PEM_read_bio(bio, &label, &header, &data, &size) == 1;
	     i++) {
		const unsigned char *at = data;
		X509 *certificate = NULL;
		EVP_PKEY *public_key = NULL;

		if (strcmp(label, PEM_STRING_X509) == 0)
			certificate = d2i_X509(NULL, &at, size);
		else if (strcmp(label, PEM_STRING_PUBLIC) == 0)
			public_key = d2i_PUBKEY(NULL, &at, size);
		else if (strcmp(label, PEM_STRING_RSA_PUBLIC) == 0)
			public_key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, size);
		if (certificate != NULL)
			status = add_certificate(ring, name, given, certificate, added);
		else if (public_key != NULL)
			status = add_key(ring, name, given, public_key, NULL, added);
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, (size_t)size);
	}
	BIO_free(bio);
	ERR_clear_error();
	return status;
}

static enum status
read_der(struct key_ring *ring, const char *name, struct span bytes, bool given, size_t *added)
{
	const unsigned char *at = bytes.at;
	X509 *certificate = d2i_X509(NULL, &at, (long)bytes.size);
	EVP_PKEY *public_key = NULL;

	if (certificate == NULL)
		public_key = d2i_PUBKEY(NULL, (at = bytes.at, &at), (long)bytes.size);
	if (certificate == NULL && public_key == NULL)
		public_key =
		    d2i_PublicKey(EVP_PKEY_RSA, NULL, (at = bytes.at, &at), (long)bytes.size);
	ERR_clear_error();
	if (certificate != NULL)
		return add_certificate(ring, name, given, certificate, added);
	return add_key(ring, name, given, public_key, NULL, added);
}

/* "untrusted comment: …", then base64 of "Ed", a number and the key (signify(1)). */
static enum status
read_usign(struct key_ring *ring, const char *name, struct span bytes, bool given, size_t *added)
{
	uint8_t raw[LARGEST_LINE];
	struct span comment, line;
	struct key key;

	if (!line_next(&bytes, &comment) || !line_next(&bytes, &line) ||
	    base64_decode(span_trim(line), raw, sizeof raw) != USIGN_SIZE ||
	    memcmp(raw, "Ed", 2) != 0)
		return STATUS_OK;
	TRY(key_make(ring->job, name,
	    EVP_PKEY_new_raw_public_key(
		EVP_PKEY_ED25519, NULL, raw + 2 + KEY_NUMBER_SIZE, ED25519_SIZE),
	    &key));
	key.given = given;
	key.has_number = true;
	memcpy(key.number, raw + 2, KEY_NUMBER_SIZE);
	return add(ring, &key, added);
}

enum status
key_ring_read(struct key_ring *ring, const char *name, struct span bytes, bool given, size_t *added)
{
	const char *copy = arena_copy_string(ring->job, name);

	*added = 0;
	if (copy == NULL)
		return STATUS_LIMIT;
	if (bytes.size == 0 || bytes.size > KEY_FILE_MAX)
		return STATUS_OK;
	if (span_starts_with(bytes, "untrusted comment:", 18))
		return read_usign(ring, copy, bytes, given, added);
	if (bytes.at[0] == 0x30)
		return read_der(ring, copy, bytes, given, added);
	return read_pem(ring, copy, bytes, given, added);
}

static EVP_PKEY *
rsa_of(struct span modulus, struct span exponent)
{
	BIGNUM *n = BN_bin2bn(modulus.at, (int)modulus.size, NULL);
	BIGNUM *e = BN_bin2bn(exponent.at, (int)exponent.size, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY *key = NULL;

	if (n != NULL && e != NULL && build != NULL && context != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		parameters = OSSL_PARAM_BLD_to_param(build);
	if (parameters == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(context);
	BN_free(n);
	BN_free(e);
	ERR_clear_error();
	return key;
}

enum status
key_make_rsa(
    struct job *job, const char *name, struct span modulus, struct span exponent, struct key *key)
{
	*key = (struct key){0};
	if (modulus.size < 64 || modulus.size > 2048 || exponent.size == 0 || exponent.size > 8)
		return STATUS_OK;
	return key_make(job, name, rsa_of(modulus, exponent), key);
}

enum status
key_ring_add_rsa(struct key_ring *ring, const char *name, struct span modulus, struct span exponent)
{
	const char *copy = arena_copy_string(ring->job, name);
	struct key key;
	size_t added = 0;

	if (copy == NULL)
		return STATUS_LIMIT;
	TRY(key_make_rsa(ring->job, copy, modulus, exponent, &key));
	return add(ring, &key, &added);
}

enum status
key_ring_note(struct key_ring *ring, const char *path)
{
	const char *copy = NULL;

	if (ring == NULL || ring->seen_count == MAX_SEEN)
		return STATUS_OK;
	copy = arena_copy_string(ring->job, path);
	if (copy == NULL)
		return STATUS_LIMIT;
	ring->seen[ring->seen_count++] = copy;
	return STATUS_OK;
}

bool
key_ring_noted(const struct key_ring *ring, const char *path)
{
	for (size_t i = 0; ring != NULL && i < ring->seen_count; i++) {
		size_t size = strlen(ring->seen[i]);

		if (strncmp(path, ring->seen[i], size) == 0 &&
		    (path[size] == '\0' || path[size] == '/'))
			return true;
	}
	return false;
}
