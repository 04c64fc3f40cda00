/* libcrypto reads the certificate; whatever it cannot tell stays unknown. */
#include "device/certificate_facts.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"

#define NAME_MAX_SIZE 1000

static const char *
name_text(struct job *job, const X509_NAME *name)
{
	BIO *out = BIO_new(BIO_s_mem());
	const char *text = NULL;
	char *at;
	long size;

	if (out != NULL && X509_NAME_print_ex(out, name, 0,
			       XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		size = BIO_get_mem_data(out, &at);
		text = text_from_bytes(job, at, (size_t)size, NAME_MAX_SIZE);
	}
	BIO_free(out);
	return text;
}

static const char *
serial_text(struct job *job, const X509 *certificate)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
	size_t size = serial == NULL ? 0 : (size_t)ASN1_STRING_length(serial);

	if (size == 0 || size > 64)
		return NULL;
	return hex_of_bytes(job, (struct span){ASN1_STRING_get0_data(serial), size});
}

static int64_t
time_of(const ASN1_TIME *at)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int64_t seconds = UNKNOWN;
	int days, rest;

	if (epoch != NULL && ASN1_TIME_diff(&days, &rest, epoch, at) == 1)
		seconds = (int64_t)days * 86400 + rest;
	ASN1_TIME_free(epoch);
	return seconds;
}

static const char *
algorithm_name(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return "RSA";
	case EVP_PKEY_EC:
		return "EC";
	case EVP_PKEY_DSA:
		return "DSA";
	case EVP_PKEY_ED25519:
		return "Ed25519";
	case EVP_PKEY_ED448:
		return "Ed448";
	default:
		return NULL;
	}
}

static enum status
fingerprint(struct job *job, uint8_t *der, int size, const char **hex)
{
	struct digest digest;

	*hex = NULL;
	if (der == NULL || size <= 0)
		return STATUS_OK;
	TRY(digest_of(job, (struct span){der, (size_t)size}, &digest));
	*hex = hex_of_bytes(job, (struct span){digest.bytes, sizeof digest.bytes});
	return *hex == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* SHA-256 of the SubjectPublicKeyInfo as it stands in the certificate. */
static enum status
key_fingerprint(struct job *job, X509 *certificate, const char **hex)
{
	uint8_t *der = NULL;
	int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	enum status status = fingerprint(job, der, size, hex);

	OPENSSL_free(der);
	return status;
}

static const char *
signature_hash(struct job *job, const X509 *certificate)
{
	int hash = NID_undef;

	/* Digests that a signature scheme has within itself (Ed25519) have no name of their own. */
	if (X509_get_signature_info((X509 *)(uintptr_t)certificate, &hash, NULL, NULL, NULL) != 1 ||
	    hash == NID_undef)
		return NULL;
	return arena_copy_string(job, OBJ_nid2sn(hash));
}

static const char *
curve_name(struct job *job, const EVP_PKEY *key)
{
	char group[64];
	size_t size;

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
	    EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1)
		return NULL;
	return text_from_bytes(job, group, strlen(group), sizeof group);
}

static enum status
add_certificate(struct job *job, struct evidence *evidence, X509 *certificate, struct fact fact)
{
	struct certificate_fact *as = &fact.as.certificate;
	const EVP_PKEY *key = X509_get0_pubkey(certificate);

	as->subject_name = name_text(job, X509_get_subject_name(certificate));
	as->issuer_name = name_text(job, X509_get_issuer_name(certificate));
	as->serial_number = serial_text(job, certificate);
	as->not_before = time_of(X509_get0_notBefore(certificate));
	as->not_after = time_of(X509_get0_notAfter(certificate));
	if (key != NULL) {
		as->key_algorithm = algorithm_name(key);
		as->key_bits = EVP_PKEY_get_bits(key);
	}
	as->signature_hash = signature_hash(job, certificate);
	as->is_ca = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
	as->self_signed = X509_NAME_cmp(X509_get_subject_name(certificate),
			      X509_get_issuer_name(certificate)) == 0 &&
			  key != NULL &&
			  X509_verify(certificate, X509_get0_pubkey(certificate)) == 1;
	TRY(key_fingerprint(job, certificate, &as->key_fingerprint));
	return evidence_add(evidence, job, &fact);
}

static enum status
add_key(struct job *job, struct evidence *evidence, X509 *certificate, struct fact fact)
{
	const EVP_PKEY *key = X509_get0_pubkey(certificate);

	fact.as.key.private = 0;
	fact.as.key.encrypted = UNKNOWN;
	fact.as.key.format = "X.509";
	if (key != NULL) {
		fact.as.key.algorithm = algorithm_name(key);
		fact.as.key.bits = EVP_PKEY_get_bits(key);
		fact.as.key.curve = curve_name(job, key);
	}
	TRY(key_fingerprint(job, certificate, &fact.as.key.fingerprint));
	return evidence_add(evidence, job, &fact);
}

enum status
certificate_add_facts(struct job *job, struct evidence *evidence, struct span der, int64_t port,
    int64_t exchange, bool *read)
{
	struct fact shown = fact_new(FACT_certificate), key = fact_new(FACT_key);
	const uint8_t *at = der.at;
	X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
	struct digest digest;
	enum status status;

	*read = certificate != NULL && at == der.at + der.size;
	if (!*read) {
		X509_free(certificate);
		ERR_clear_error();
		return STATUS_OK;
	}
	shown.port = key.port = port;
	shown.exchange = key.exchange = exchange;
	status = digest_of(job, der, &digest);
	if (status == STATUS_OK) {
		shown.as.certificate.fingerprint =
		    hex_of_bytes(job, (struct span){digest.bytes, sizeof digest.bytes});
		status = add_certificate(job, evidence, certificate, shown);
	}
	if (status == STATUS_OK)
		status = add_key(job, evidence, certificate, key);
	X509_free(certificate);
	ERR_clear_error();
	return status;
}

/* Takes `name` when it is a host's, no address and no sentence. */
static bool
take_host(struct span name, char *host, size_t room)
{
	static const char star[] = "camera";
	bool pattern = name.size > 2 && name.at[0] == '*' && name.at[1] == '.';
	size_t size = 0, letters = 0;

	host[0] = '\0';
	if (name.size == 0 || name.size + sizeof star > room)
		return false;
	if (pattern) {
		memcpy(host, star, sizeof star - 1);
		size = sizeof star - 1;
		name = span_from(name, 1);
	}
	for (size_t i = 0; i < name.size; i++) {
		char byte = (char)name.at[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');

		if (!letter && (byte < '0' || byte > '9') && byte != '-' && byte != '.' &&
		    byte != '_') {
			host[0] = '\0';
			return false;
		}
		letters += letter;
		host[size++] = byte;
	}
	host[letters > 0 ? size : 0] = '\0';
	return letters > 0;
}

static struct span
bytes_of(const ASN1_STRING *string)
{
	int size = ASN1_STRING_length(string);

	return (struct span){ASN1_STRING_get0_data(string), size < 0 ? 0 : (size_t)size};
}

void
certificate_host(struct span der, char *host, size_t room)
{
	const uint8_t *at = der.at;
	X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
	X509_NAME *subject = certificate == NULL ? NULL : X509_get_subject_name(certificate);
	GENERAL_NAMES *names =
	    certificate == NULL ? NULL
				: X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	bool found = false;
	int place = -1;

	host[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS)
			found = take_host(bytes_of(name->d.dNSName), host, room);
	}
	while (subject != NULL && !found &&
	       (place = X509_NAME_get_index_by_NID(subject, NID_commonName, place)) >= 0)
		found = take_host(
		    bytes_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place))), host,
		    room);
	GENERAL_NAMES_free(names);
	X509_free(certificate);
	ERR_clear_error();
}
