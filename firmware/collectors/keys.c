/* A key is a key only when it parses: libraries carry the words "PRIVATE KEY-----" too. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"
#include "firmware/ssh_blob.h"

#define MAX_BLOCKS 4096              /* PEM blocks of one file */
#define MAX_BLOCK ((size_t)64 << 10) /* bytes of one PEM block */
#define MAX_DER ((size_t)256 << 10)  /* bytes of a file that is one DER value */
#define MAX_LINES 4096               /* lines of an authorized_keys file */
#define MAX_SSH_BLOB ((size_t)16 << 10)
#define MAX_ITERATIONS 100000 /* of the MAC of a PKCS #12 file */

/* Where a key or certificate was found, and where the fact goes. */
struct place {
	struct job *job;
	const struct node *node;
	size_t offset;
	struct evidence *evidence;
};

static bool
wants(const struct node *node, struct span head)
{
	(void)head;
	return node->type == NODE_FILE && node->bytes >= 32;
}

static const char *
algorithm_of(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return "RSA";
	case EVP_PKEY_EC:
		return "EC";
	case EVP_PKEY_DSA:
		return "DSA";
	case EVP_PKEY_DH:
	case EVP_PKEY_DHX:
		return "DH";
	case EVP_PKEY_ED25519:
		return "Ed25519";
	case EVP_PKEY_ED448:
		return "Ed448";
	case EVP_PKEY_X25519:
		return "X25519";
	case EVP_PKEY_X448:
		return "X448";
	}
	return "other";
}

/* *fingerprint stays NULL when OpenSSL cannot encode the key. */
static enum status
fingerprint_key(struct job *job, EVP_PKEY *key, const char **fingerprint)
{
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(key, &der);
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	enum status status = STATUS_OK;

	if (size > 0) {
		status = digest_of(job, (struct span){.at = der, .size = (size_t)size}, &digest);
		if (status == STATUS_OK) {
			digest_to_hex(&digest, hex);
			*fingerprint = arena_copy_string(job, hex);
			status = *fingerprint == NULL ? STATUS_LIMIT : STATUS_OK;
		}
	}
	OPENSSL_free(der);
	return status;
}

/* A key whose halves cannot be had has `key` NULL and only what its frame says. */
static enum status
add_key(struct place *place, EVP_PKEY *key, const char *algorithm, const char *format, bool private,
    bool encrypted)
{
	struct fact fact = fact_in(FACT_key, place->node, place->offset);
	char curve[64];
	size_t size;

	fact.as.key.algorithm = algorithm;
	fact.as.key.format = format;
	fact.as.key.private = private;
	if (private)
		fact.as.key.encrypted = encrypted;
	if (key != NULL) {
		fact.as.key.algorithm = algorithm_of(key);
		fact.as.key.bits = EVP_PKEY_get_bits(key);
		if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
		    EVP_PKEY_get_group_name(key, curve, sizeof curve, &size) == 1)
			fact.as.key.curve =
			    text_from_bytes(place->job, curve, strlen(curve), sizeof curve);
		TRY(fingerprint_key(place->job, key, &fact.as.key.fingerprint));
	}
	return evidence_add(place->evidence, place->job, &fact);
}

static const char *
text_of_name(struct job *job, const X509_NAME *name)
{
	BIO *out = BIO_new(BIO_s_mem());
	const char *text = NULL;
	char *at;
	long size;

	if (out == NULL)
		return NULL;
	if (X509_NAME_print_ex(
		out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		size = BIO_get_mem_data(out, &at);
		/* RFC 2253 has escaped already: a second escape only where the text is not UTF-8.
		 */
		if (size >= 0 && size <= 1024 && text_is_utf8(at, (size_t)size))
			text = arena_string(job, at, (size_t)size);
		else if (size >= 0)
			text = text_from_bytes(job, at, (size_t)size, 1024);
	}
	BIO_free(out);
	return text;
}

static int64_t
seconds_of(const ASN1_TIME *time)
{
	struct tm tm;

	return time == NULL || ASN1_TIME_to_tm(time, &tm) != 1 ? UNKNOWN : (int64_t)timegm(&tm);
}

static enum status
describe_key_of(struct job *job, X509 *x509, struct certificate_fact *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(x509);

	if (key == NULL)
		return STATUS_OK;
	certificate->key_algorithm = algorithm_of(key);
	certificate->key_bits = EVP_PKEY_get_bits(key);
	if (X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) != 0)
		certificate->self_signed = 0;
	else
		certificate->self_signed = X509_verify(x509, key) == 1;
	return fingerprint_key(job, key, &certificate->key_fingerprint);
}

static enum status
add_certificate(struct place *place, X509 *x509, struct span der)
{
	struct fact fact = fact_in(FACT_certificate, place->node, place->offset);
	struct certificate_fact *certificate = &fact.as.certificate;
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
	struct span number = {
	    .at = ASN1_STRING_get0_data(serial), .size = (size_t)ASN1_STRING_length(serial)};
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	int hash = NID_undef;

	certificate->subject_name = text_of_name(place->job, X509_get_subject_name(x509));
	certificate->issuer_name = text_of_name(place->job, X509_get_issuer_name(x509));
	certificate->serial_number =
	    hex_of_bytes(place->job, span_part(number, 0, number.size < 64 ? number.size : 64));
	certificate->not_before = seconds_of(X509_get0_notBefore(x509));
	certificate->not_after = seconds_of(X509_get0_notAfter(x509));
	if (X509_get_signature_info(x509, &hash, NULL, NULL, NULL) == 1 && hash != NID_undef)
		certificate->signature_hash = OBJ_nid2sn(hash);
	certificate->is_ca = X509_check_ca(x509) == 1;
	TRY(describe_key_of(place->job, x509, certificate));
	TRY(digest_of(place->job, der, &digest));
	digest_to_hex(&digest, hex);
	certificate->fingerprint = arena_copy_string(place->job, hex);
	if (certificate->fingerprint == NULL)
		return STATUS_LIMIT;
	return evidence_add(place->evidence, place->job, &fact);
}

/* Dropbear's host key: the SSH blob of the public half, then the private numbers (signkey.c). */
static enum status
read_dropbear(struct place *place, struct span content)
{
	struct reader reader = {.rest = content};
	struct span type = ssh_blob_read_string(&reader);
	bool edwards = span_is(type, "ssh-ed25519");
	struct span both;
	EVP_PKEY *key = NULL;
	enum status status = STATUS_OK;

	if (edwards) {
		both = ssh_blob_read_string(&reader); /* seed and public point */
		if (both.size == 64)
			key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, both.at + 32, 32);
	} else {
		reader = (struct reader){.rest = content};
		key = ssh_blob_read_key(&reader);
		/* a private number must follow: without one it is the blob of a public key */
		if (ssh_blob_read_string(&reader).size == 0)
			reader.overrun = true;
		for (int i = 0; i < 2 && !reader.overrun && reader.rest.size != 0; i++)
			ssh_blob_read_string(&reader);
	}
	if (key != NULL && !reader.overrun && reader.rest.size == 0)
		status = add_key(place, key, NULL, "dropbear", true, false);
	EVP_PKEY_free(key);
	return status;
}

/* OpenSSH PROTOCOL.key: the public half is in clear even where the private is not. */
static enum status
read_openssh(struct place *place, struct span blob)
{
	struct reader reader = {.rest = blob}, public, check;
	bool encrypted, whole;
	EVP_PKEY *key;
	enum status status = STATUS_OK;

	if (!span_starts_with(blob, "openssh-key-v1", 15))
		return STATUS_OK;
	read_bytes(&reader, 15);
	encrypted = !span_is(ssh_blob_read_string(&reader), "none");
	ssh_blob_read_string(&reader); /* kdf */
	ssh_blob_read_string(&reader); /* its options */
	whole = read_u32_be(&reader) == 1;
	public = (struct reader){.rest = ssh_blob_read_string(&reader)};
	check = (struct reader){.rest = ssh_blob_read_string(&reader)};
	if (!whole || reader.overrun)
		return STATUS_OK;
	whole = encrypted ? check.rest.size >= 16 : read_u32_be(&check) == read_u32_be(&check);
	if (!whole || check.overrun)
		return STATUS_OK;
	key = ssh_blob_read_key(&public);
	if (key != NULL)
		status = add_key(place, key, NULL, "OpenSSH", true, encrypted);
	EVP_PKEY_free(key);
	return status;
}

static EVP_PKEY *
decode_pkcs8(const uint8_t **at, long size)
{
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, at, size);
	EVP_PKEY *key = info == NULL ? NULL : EVP_PKCS82PKEY(info);

	PKCS8_PRIV_KEY_INFO_free(info);
	return key;
}

static EVP_PKEY *
decode_rsa_private(const uint8_t **at, long size)
{
	return d2i_PrivateKey(EVP_PKEY_RSA, NULL, at, size);
}

static EVP_PKEY *
decode_ec_private(const uint8_t **at, long size)
{
	return d2i_PrivateKey(EVP_PKEY_EC, NULL, at, size);
}

static EVP_PKEY *
decode_dsa_private(const uint8_t **at, long size)
{
	return d2i_PrivateKey(EVP_PKEY_DSA, NULL, at, size);
}

static EVP_PKEY *
decode_public(const uint8_t **at, long size)
{
	return d2i_PUBKEY(NULL, at, size);
}

static EVP_PKEY *
decode_rsa_public(const uint8_t **at, long size)
{
	return d2i_PublicKey(EVP_PKEY_RSA, NULL, at, size);
}

/* RFC 7468 labels, and the DER inside. */
struct encoding {
	const char *label, *format, *algorithm;
	bool private;
	EVP_PKEY *(*decode)(const uint8_t **at, long size);
};

static const struct encoding encodings[] = {
    {"PRIVATE KEY", "PKCS8", NULL, true, decode_pkcs8},
    {"RSA PRIVATE KEY", "PKCS1", "RSA", true, decode_rsa_private},
    {"EC PRIVATE KEY", "SEC1", "EC", true, decode_ec_private},
    {"DSA PRIVATE KEY", "DSA", "DSA", true, decode_dsa_private},
    {"PUBLIC KEY", "SPKI", NULL, false, decode_public},
    {"RSA PUBLIC KEY", "PKCS1", "RSA", false, decode_rsa_public},
};

/*
 * `*found` tells whether `der` is, to its last byte, a key in this encoding.  What follows a
 * private key does not make it less of one.
 */
static enum status
read_der_key(struct place *place, const struct encoding *encoding, struct span der, bool *found)
{
	const uint8_t *at = der.at;
	EVP_PKEY *key = encoding->decode(&at, (long)der.size);
	enum status status = STATUS_OK;

	*found = key != NULL && (encoding->private || at == der.at + der.size);
	if (*found)
		status = add_key(place, key, NULL, encoding->format, encoding->private, false);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return status;
}

static enum status
read_der_certificate(struct place *place, struct span der, bool trusted, bool *found)
{
	const uint8_t *at = der.at;
	X509 *x509 =
	    trusted ? d2i_X509_AUX(NULL, &at, (long)der.size) : d2i_X509(NULL, &at, (long)der.size);
	enum status status = STATUS_OK;

	*found = x509 != NULL && at == der.at + der.size;
	if (*found && trusted) { /* the fingerprint is of the certificate alone */
		at = der.at;
		X509_free(x509);
		x509 = d2i_X509(NULL, &at, (long)der.size);
		*found = x509 != NULL;
	}
	if (*found)
		status = add_certificate(
		    place, x509, (struct span){.at = der.at, .size = (size_t)(at - der.at)});
	X509_free(x509);
	ERR_clear_error();
	return status;
}

static enum status
read_block(struct place *place, const char *label, const char *header, struct span der)
{
	const uint8_t *at = der.at;
	bool found, trusted = strcmp(label, "TRUSTED CERTIFICATE") == 0;
	X509_SIG *envelope;

	if (trusted || strcmp(label, "CERTIFICATE") == 0 || strcmp(label, "X509 CERTIFICATE") == 0)
		return read_der_certificate(place, der, trusted, &found);
	if (strcmp(label, "OPENSSH PRIVATE KEY") == 0)
		return read_openssh(place, der);
	if (strcmp(label, "ENCRYPTED PRIVATE KEY") == 0) {
		envelope = d2i_X509_SIG(NULL, &at, (long)der.size);
		found = envelope != NULL && at == der.at + der.size;
		X509_SIG_free(envelope);
		return found ? add_key(place, NULL, NULL, "PKCS8", true, true) : STATUS_OK;
	}
	for (size_t i = 0; i < ARRAY_SIZE(encodings); i++) {
		if (strcmp(label, encodings[i].label) != 0)
			continue;
		if (strstr(header, "ENCRYPTED") == NULL || !encodings[i].private)
			return read_der_key(place, &encodings[i], der, &found);
		/* RFC 1421 headers: a block cipher's name, then whole blocks */
		return strstr(header, "DEK-Info: ") != NULL && der.size >= 64 && der.size % 8 == 0
			   ? add_key(place, NULL, encodings[i].algorithm, encodings[i].format, true,
				 true)
			   : STATUS_OK;
	}
	return STATUS_OK;
}

/* `*end` is moved behind a block that could be read as PEM. */
static enum status
read_pem(struct place *place, struct span content, size_t *end)
{
	struct span window = span_from(content, place->offset);
	size_t stop, close;
	char *label = NULL, *header = NULL;
	unsigned char *data = NULL;
	long size = 0;
	BIO *in;
	enum status status = STATUS_OK;

	window = span_part(window, 0, window.size < MAX_BLOCK ? window.size : MAX_BLOCK);
	stop = span_find(window, "-----END ", 9, 11);
	close = stop == SIZE_MAX ? SIZE_MAX : span_find(window, "-----", 5, stop + 9);
	if (close == SIZE_MAX || (in = BIO_new_mem_buf(window.at, (int)(close + 5))) == NULL)
		return STATUS_OK;
	if (PEM_read_bio(in, &label, &header, &data, &size) == 1 && size > 0) {
		*end = place->offset + close + 5;
		status = read_block(
		    place, label, header, (struct span){.at = data, .size = (size_t)size});
	}
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_clear_free(data, size > 0 ? (size_t)size : 0);
	BIO_free(in);
	ERR_clear_error();
	return status;
}

/* RFC 5958 EncryptedPrivateKeyInfo: told from a DigestInfo by its algorithm. */
static enum status
read_encrypted_pkcs8(struct place *place, struct span der, bool *found)
{
	const uint8_t *at = der.at;
	X509_SIG *envelope = d2i_X509_SIG(NULL, &at, (long)der.size);
	const X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *object = NULL;

	if (envelope != NULL) {
		X509_SIG_get0(envelope, &algorithm, NULL);
		X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	}
	*found = object != NULL &&
		 EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(object), NULL, NULL, NULL) == 1;
	X509_SIG_free(envelope);
	ERR_clear_error();
	return *found ? add_key(place, NULL, NULL, "PKCS8", true, true) : STATUS_OK;
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
static enum status
read_pkcs12(struct place *place, struct span der, bool *found)
{
	const uint8_t *at = der.at;
	PKCS12 *file = d2i_PKCS12(NULL, &at, (long)der.size);
	STACK_OF(PKCS7) *safes = file == NULL ? NULL : PKCS12_unpack_authsafes(file);
	enum status status = STATUS_OK;

	*found = safes != NULL;
	if (*found)
		status = add_key(place, NULL, NULL, "PKCS12", true, !opens_without_password(file));
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(file);
	ERR_clear_error();
	return status;
}

/* A file that begins with a DER value; but for a private key, nothing may follow it. */
static enum status
read_whole_der(struct place *place, struct span content)
{
	bool found = false;

	if (content.at[0] != 0x30)
		return STATUS_OK;
	if (content.size <= MAX_DER)
		TRY(read_der_certificate(place, content, false, &found));
	content = span_part(content, 0, content.size < MAX_DER ? content.size : MAX_DER);
	for (size_t i = 0; i < ARRAY_SIZE(encodings) && !found; i++)
		TRY(read_der_key(place, &encodings[i], content, &found));
	if (!found)
		TRY(read_encrypted_pkcs8(place, content, &found));
	return found ? STATUS_OK : read_pkcs12(place, content, &found);
}

/* One line of authorized_keys or *.pub: [options] type base64 [comment]. */
static enum status
read_ssh_line(struct place *place, struct span line)
{
	struct span word, blob;
	unsigned char bytes[MAX_SSH_BLOB];
	struct reader reader;
	EVP_PKEY *key;
	enum status status = STATUS_OK;
	int size;

	for (int words = 0; words < 16 && word_next(&line, &word); words++) {
		if (!span_begins(word, "ssh-") && !span_begins(word, "ecdsa-sha2-"))
			continue;
		if (!word_next(&line, &blob) || blob.size < 32 || blob.size % 4 != 0 ||
		    blob.size / 4 * 3 > sizeof bytes)
			return STATUS_OK;
		size = EVP_DecodeBlock(bytes, blob.at, (int)blob.size);
		for (size_t i = 1; i <= 2 && size > 0; i++) /* EVP_DecodeBlock counts the padding */
			size -= blob.at[blob.size - i] == '=';
		reader =
		    (struct reader){.rest = {.at = bytes, .size = size > 0 ? (size_t)size : 0}};
		key = ssh_blob_read_key(&reader);
		if (key != NULL && !reader.overrun && reader.rest.size == 0)
			status = add_key(place, key, NULL, "OpenSSH", false, false);
		EVP_PKEY_free(key);
		ERR_clear_error();
		return status;
	}
	return STATUS_OK;
}

static enum status
read_ssh_lines(struct place *place, struct span content)
{
	struct span rest = content, line;

	for (int lines = 0; line_next(&rest, &line); lines++) {
		if (lines == MAX_LINES)
			return fail(
			    place->job, STATUS_LIMIT, "limit: more than %d lines", MAX_LINES);
		place->offset = (size_t)(line.at - content.at);
		TRY(read_ssh_line(place, line));
	}
	return STATUS_OK;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct place place = {.job = job, .node = node, .evidence = evidence};
	size_t end = 0, blocks = 0;

	(void)collection;
	if (content.size < 32)
		return STATUS_OK;
	for (size_t i = 0; i < offer->find_count; i++) {
		if (offer->finds[i].at < end)
			continue; /* within the block before */
		if (blocks++ == MAX_BLOCKS)
			return fail(
			    job, STATUS_LIMIT, "limit: more than %d PEM blocks", MAX_BLOCKS);
		place.offset = offer->finds[i].at;
		end = place.offset + 11;
		TRY(read_pem(&place, content, &end));
	}
	place.offset = 0;
	TRY(read_whole_der(&place, content));
	if (content.at[0] == 0 && content.size < MAX_SSH_BLOB &&
	    (span_starts_with(span_from(content, 4), "ssh-", 4) ||
		span_starts_with(span_from(content, 4), "ecdsa-", 6)))
		return read_dropbear(&place, content);
	if (text_ends_with(node->name, ".pub") || strstr(node->name, "authorized_keys") != NULL)
		return read_ssh_lines(&place, content);
	return STATUS_OK;
}

static const struct pattern seeks[] = {{.expression = "-----BEGIN ", .length = 11}};

static const enum fact_kind looks_for[] = {FACT_key, FACT_certificate};

const struct collector collector_keys = {
    .name = "keys",
    .title = "private and public keys and certificates: PEM in any file, DER, OpenSSH and dropbear "
	     "files, PKCS #12",
    .source = "RFC 7468, RFC 5958, RFC 7292, RFC 8017, RFC 5280, OpenSSH PROTOCOL.key, RFC 4253",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
