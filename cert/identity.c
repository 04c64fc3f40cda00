/*
 * Reading X.509: one key type, no trailing bytes, decoded once.
 */
#include "cert/identity.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"

#define CACHE_ENTRIES 256
#define CACHE_BUDGET ((size_t)16 << 20)

struct cache_entry {
	struct identity identity;
	EVP_PKEY_CTX *check; /* set up to verify */
};

struct identity_cache {
	struct job *job;
	size_t count;
	struct cache_entry entries[CACHE_ENTRIES];
};

static enum status
decode(struct job *job, struct span der, X509 **certificate)
{
	const unsigned char *at = der.at;

	*certificate = NULL;
	if (der.size == 0 || der.size > IDENTITY_MAX_SIZE)
		return fail(job, STATUS_MALFORMED, "X.509: %zu bytes", der.size);
	*certificate = d2i_X509(NULL, &at, (long)der.size);
	if (*certificate != NULL && at == der.at + der.size)
		return STATUS_OK;
	X509_free(*certificate);
	*certificate = NULL;
	return fail(job, STATUS_MALFORMED, "X.509: not a certificate in DER");
}

/* One part of the subject's name as text; NULL when absent. */
static const char *
name_part(struct job *job, const X509 *certificate, int nid)
{
	const X509_NAME *name = X509_get_subject_name(certificate);
	int place = X509_NAME_get_index_by_NID(name, nid, -1);
	unsigned char *utf8 = NULL;
	char *text = NULL;
	int size;

	if (place < 0)
		return NULL;
	size =
	    ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)));
	if (size > 0)
		text = text_from_bytes(job, utf8, (size_t)size, 512);
	OPENSSL_free(utf8);
	return text;
}

static bool
unix_time(const ASN1_TIME *time, int64_t *seconds)
{
	struct tm parts;

	if (ASN1_TIME_to_tm(time, &parts) != 1)
		return false;
	*seconds = timegm(&parts);
	return true;
}

/* issuer Name and serialNumber, as they stand in a CMS signer identifier. */
static enum status
issuer_and_serial(struct job *job, const X509 *certificate, struct span *bytes)
{
	unsigned char *name = NULL, *serial = NULL;
	int name_size = i2d_X509_NAME(X509_get_issuer_name(certificate), &name);
	int serial_size = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &serial);
	struct text out = text_new(job);

	if (name_size > 0 && serial_size > 0) {
		text_put_bytes(&out, name, (size_t)name_size);
		text_put_bytes(&out, serial, (size_t)serial_size);
	}
	OPENSSL_free(name);
	OPENSSL_free(serial);
	if (out.failed || out.size == 0)
		return fail(job, STATUS_LIMIT, "X.509: issuer and serial");
	*bytes = (struct span){(const uint8_t *)out.at, out.size};
	return STATUS_OK;
}

static enum status
read_key(struct job *job, X509 *certificate, struct digest *digest)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	char group[32] = "";
	unsigned char *der = NULL;
	int size;
	enum status status;

	if (key == NULL || !EVP_PKEY_is_a(key, "EC") ||
	    EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) != 1 ||
	    strcmp(group, "prime256v1") != 0)
		return fail(job, STATUS_MALFORMED,
		    "X.509: only ECDSA P-256 keys are supported in this release");
	size = i2d_PUBKEY(key, &der);
	status = size > 0 ? digest_of(job, (struct span){der, (size_t)size}, digest)
			  : fail(job, STATUS_FAULT, "X.509: public key");
	OPENSSL_free(der);
	return status;
}

static enum status
fill(struct job *job, X509 *certificate, struct span der, struct identity *identity)
{
	*identity = (struct identity){.der = der};
	TRY(digest_of(job, der, &identity->fingerprint));
	TRY(read_key(job, certificate, &identity->key));
	TRY(issuer_and_serial(job, certificate, &identity->issuer_and_serial));
	identity->name = name_part(job, certificate, NID_commonName);
	identity->organisation = name_part(job, certificate, NID_organizationName);
	identity->role = name_part(job, certificate, NID_organizationalUnitName);
	if (identity->name == NULL)
		return fail(job, STATUS_MALFORMED, "X.509: the subject has no common name");
	if (!unix_time(X509_get0_notBefore(certificate), &identity->not_before) ||
	    !unix_time(X509_get0_notAfter(certificate), &identity->not_after))
		return fail(job, STATUS_MALFORMED, "X.509: validity dates");
	return STATUS_OK;
}

enum status
identity_read(struct job *job, struct span der, struct identity *identity)
{
	X509 *certificate;
	enum status status;

	TRY(decode(job, der, &certificate));
	status = fill(job, certificate, der, identity);
	X509_free(certificate);
	return status;
}

enum status
identity_read_pem(struct job *job, struct span pem, struct identity *identity)
{
	BIO *memory = BIO_new_mem_buf(pem.at, pem.size > INT32_MAX ? 0 : (int)pem.size);
	X509 *certificate = memory == NULL ? NULL : PEM_read_bio_X509(memory, NULL, NULL, NULL);
	unsigned char *der = NULL;
	enum status status = STATUS_OK;
	char *copy = NULL;
	int size;

	size = certificate == NULL ? 0 : i2d_X509(certificate, &der);
	if (size <= 0)
		status = fail(job, STATUS_MALFORMED, "X.509: no certificate in PEM");
	else if ((copy = arena_string(job, (const char *)der, (size_t)size)) == NULL)
		status = STATUS_LIMIT;
	else
		status = fill(
		    job, certificate, (struct span){(const uint8_t *)copy, (size_t)size}, identity);
	OPENSSL_free(der);
	X509_free(certificate);
	BIO_free(memory);
	return status;
}

enum status
identity_to_pem(struct job *job, struct span der, struct span *pem)
{
	unsigned char *encoded = arena_allocate(job, der.size / 48 * 65 + 80);
	struct text out = text_new(job);
	const char *string;

	if (encoded == NULL)
		return STATUS_LIMIT;
	text_put(&out, "-----BEGIN CERTIFICATE-----\n");
	for (size_t at = 0; at < der.size; at += 48) {
		size_t size = der.size - at < 48 ? der.size - at : 48;

		EVP_EncodeBlock(encoded, der.at + at, (int)size);
		text_printf(&out, "%s\n", (const char *)encoded);
	}
	text_put(&out, "-----END CERTIFICATE-----\n");
	TRY(text_finish(&out, &string));
	*pem = (struct span){(const uint8_t *)string, out.size};
	return STATUS_OK;
}

bool
identity_has_key(const struct identity *identity, const struct key *key)
{
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(key_handle(key), &der);
	struct digest digest;
	bool same = size > 0 &&
		    EVP_Digest(der, (size_t)size, digest.bytes, NULL, EVP_sha256(), NULL) == 1 &&
		    digest_equal(&digest, &identity->key);

	OPENSSL_free(der);
	return same;
}

enum status
identity_check_issuer(
    struct job *job, const struct identity *identity, const struct identity *issuer)
{
	X509 *certificate = NULL, *above = NULL;
	enum status status = decode(job, identity->der, &certificate);
	bool good = false;

	if (status == STATUS_OK)
		status = decode(job, issuer->der, &above);
	if (status == STATUS_OK)
		good = X509_NAME_cmp(
			   X509_get_issuer_name(certificate), X509_get_subject_name(above)) == 0 &&
		       X509_verify(certificate, X509_get0_pubkey(above)) == 1;
	X509_free(certificate);
	X509_free(above);
	TRY(status);
	return good ? STATUS_OK
		    : fail(job, STATUS_REFUSED, "certificate of %s: not issued by %s",
			  identity->name, issuer->name);
}

/* The cache. */

struct identity_cache *
identity_cache_new(void)
{
	struct identity_cache *cache = block_resize(NULL, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	memset(cache, 0, sizeof(*cache));
	cache->job = job_new(CACHE_BUDGET);
	if (cache->job == NULL) {
		block_free(cache);
		return NULL;
	}
	return cache;
}

void
identity_cache_free(struct identity_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < cache->count; i++)
		EVP_PKEY_CTX_free(cache->entries[i].check);
	job_free(cache->job);
	block_free(cache);
}

static EVP_PKEY_CTX *
new_check(X509 *certificate)
{
	EVP_PKEY_CTX *check = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), NULL);

	if (check != NULL && EVP_PKEY_verify_init(check) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(check, EVP_sha256()) == 1)
		return check;
	EVP_PKEY_CTX_free(check);
	return NULL;
}

static struct cache_entry *
find(struct identity_cache *cache, const struct digest *fingerprint)
{
	for (size_t i = 0; cache != NULL && i < cache->count; i++)
		if (digest_equal(&cache->entries[i].identity.fingerprint, fingerprint))
			return &cache->entries[i];
	return NULL;
}

/* False leaves the cache as it was: full, or the certificate is not one. */
static bool
remember(struct identity_cache *cache, struct span der)
{
	struct cache_entry *entry;
	struct span copy;
	X509 *certificate;

	if (cache == NULL || cache->count == CACHE_ENTRIES)
		return false;
	copy.at = (const uint8_t *)arena_string(cache->job, (const char *)der.at, der.size);
	copy.size = der.size;
	entry = &cache->entries[cache->count];
	if (copy.at == NULL || decode(cache->job, copy, &certificate) != STATUS_OK)
		return false;
	entry->check = new_check(certificate);
	if (entry->check != NULL &&
	    fill(cache->job, certificate, copy, &entry->identity) == STATUS_OK)
		cache->count++;
	else
		EVP_PKEY_CTX_free(entry->check);
	X509_free(certificate);
	return cache->count > 0 && find(cache, &entry->identity.fingerprint) == entry;
}

enum status
identity_decode(struct job *job, struct identity_cache *cache, struct span der,
    const struct identity **identity)
{
	struct identity *fresh;
	struct cache_entry *entry;
	struct digest fingerprint;

	TRY(digest_of(job, der, &fingerprint));
	entry = find(cache, &fingerprint);
	if (entry == NULL && remember(cache, der))
		entry = find(cache, &fingerprint);
	if (entry != NULL) {
		*identity = &entry->identity;
		return STATUS_OK;
	}
	fresh = arena_allocate(job, sizeof(*fresh));
	if (fresh == NULL)
		return STATUS_LIMIT;
	TRY(identity_read(job, der, fresh));
	*identity = fresh;
	return STATUS_OK;
}

enum status
identity_check_signature(struct job *job, struct identity_cache *cache,
    const struct identity *identity, const struct digest *digest, struct span signature)
{
	struct cache_entry *entry = find(cache, &identity->fingerprint);
	EVP_PKEY_CTX *check = entry == NULL ? NULL : entry->check;
	X509 *certificate = NULL;
	bool good;

	if (check == NULL) {
		TRY(decode(job, identity->der, &certificate));
		check = new_check(certificate);
	}
	good = check != NULL && EVP_PKEY_verify(check, signature.at, signature.size, digest->bytes,
				    DIGEST_SIZE) == 1;
	if (certificate != NULL)
		EVP_PKEY_CTX_free(check);
	X509_free(certificate);
	return good ? STATUS_OK : fail(job, STATUS_REFUSED, "signature: not by %s", identity->name);
}
