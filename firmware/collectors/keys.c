/* A key is a key only when it parses: libraries carry the words "PRIVATE KEY-----" too. */
#include <ctype.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/byte_pattern.h"
#include "firmware/collector.h"
#include "firmware/key_encoding.h"
#include "firmware/key_purpose.h"
#include "firmware/reading.h"

#define MAX_VERIFIED 8192 /* bits of a key that a signature is verified with */
#define MAX_TRIES 4096    /* places of one file that are read */
#define MAX_COSTLY 256u   /* of these, those that cost arithmetic: dropbear's and PKCS #12 */
#define ELF_HEADER_MIN 52 /* bytes */
#define SHOWN 4           /* bytes of a binary encoding in an excerpt: its head */

/* Where a key or certificate was found, and where the fact goes. */
struct place {
	struct job *job;
	const struct node *node;
	struct span content;
	size_t offset;
	unsigned costly; /* places read so far that cost arithmetic */
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

/*
 * What stands at the place, with no byte of the key: the frame of PEM, the name of a line, the head
 * of DER.  The line around it may hold another key, so the core makes none.
 */
static const char *
excerpt_of(const struct place *place)
{
	struct span rest = span_from(place->content, place->offset), word;
	size_t end;

	if (span_begins(rest, "-----BEGIN ")) {
		end =
		    span_find(span_part(rest, 0, rest.size < 64 ? rest.size : 64), "-----", 5, 11);
		return text_from_bytes(place->job, rest.at, end == SIZE_MAX ? 10 : end + 5, 64);
	}
	if (span_begins(rest, "PuTTY-User-Key") || span_begins(rest, "untrusted comment: ")) {
		line_next(&rest, &word);
		return text_from_bytes(place->job, word.at, word.size, 96);
	}
	if (span_begins(rest, "ssh-") || span_begins(rest, "ecdsa-")) {
		word = field_next(&rest, ' ');
		return text_from_bytes(place->job, word.at, word.size, 64);
	}
	word = span_part(rest, 0, rest.size < SHOWN ? rest.size : SHOWN);
	if (span_begins(rest, "M")) /* base64 of "0", by which DER begins */
		return arena_printf(place->job, "base64 %s …", span_text(place->job, word));
	return arena_printf(place->job, "hex %s …", hex_of_bytes(place->job, word));
}

/*
 * Is the file a program or other binary data, or there for the key?  Text may have anything before
 * it and still be read as a key; among other bytes, that nobody can tell.
 */
static int64_t
is_embedded(const struct place *place)
{
	struct span rest = span_from(place->content, place->offset);
	struct span before = span_part(place->content, 0, place->offset);

	if (place->offset == 0)
		return 0;
	if (place->offset >= ELF_HEADER_MIN && span_starts_with(place->content, "\177ELF", 4) &&
	    place->content.at[4] >= 1 && place->content.at[4] <= 2 && place->content.at[6] == 1)
		return 1;
	if (!span_begins(rest, "-----BEGIN ") && !span_begins(rest, "PuTTY-User-Key") &&
	    !span_begins(rest, "untrusted comment: ") && !span_begins(rest, "ssh-") &&
	    !span_begins(rest, "ecdsa-"))
		return 1;
	return memchr(before.at, '\0', before.size) == NULL ? 0 : UNKNOWN;
}

/* A key whose halves cannot be had is told by what its frame says. */
static enum status
add_key(struct place *place, const struct held_key *held)
{
	struct fact fact = fact_in(FACT_key, place->node, place->offset);
	char curve[64];
	size_t size;

	fact.as.key.algorithm = held->algorithm;
	fact.as.key.format = held->format;
	fact.as.key.private = held->private;
	fact.as.key.purpose = key_purpose(place->node->local, held->format, held->private);
	fact.as.key.embedded = is_embedded(place);
	if (held->private) {
		fact.as.key.encrypted = held->encrypted;
		fact.hide = span_part(place->content, place->offset, held->size);
	}
	fact.excerpt = excerpt_of(place);
	if (held->key != NULL) {
		fact.as.key.algorithm = algorithm_of(held->key);
		fact.as.key.bits = EVP_PKEY_get_bits(held->key);
		if (EVP_PKEY_get_base_id(held->key) == EVP_PKEY_EC &&
		    EVP_PKEY_get_group_name(held->key, curve, sizeof curve, &size) == 1)
			fact.as.key.curve =
			    text_from_bytes(place->job, curve, strlen(curve), sizeof curve);
		TRY(fingerprint_key(place->job, held->key, &fact.as.key.fingerprint));
	}
	return fact.excerpt == NULL ? STATUS_LIMIT
				    : evidence_add(place->evidence, place->job, &fact);
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
	else if (certificate->key_bits <= MAX_VERIFIED)
		certificate->self_signed = X509_verify(x509, key) == 1;
	return fingerprint_key(job, key, &certificate->key_fingerprint);
}

static enum status
fingerprint_certificate(struct job *job, X509 *x509, const char **fingerprint)
{
	unsigned char *der = NULL;
	int size = i2d_X509(x509, &der); /* the bytes it was read from */
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	enum status status = STATUS_OK;

	if (size > 0) {
		status = digest_of(job, (struct span){.at = der, .size = (size_t)size}, &digest);
		digest_to_hex(&digest, hex);
		if (status == STATUS_OK && (*fingerprint = arena_copy_string(job, hex)) == NULL)
			status = STATUS_LIMIT;
	}
	OPENSSL_free(der);
	return status;
}

static enum status
add_certificate(struct place *place, X509 *x509)
{
	struct fact fact = fact_in(FACT_certificate, place->node, place->offset);
	struct certificate_fact *certificate = &fact.as.certificate;
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
	struct span number = {
	    .at = ASN1_STRING_get0_data(serial), .size = (size_t)ASN1_STRING_length(serial)};
	int hash = NID_undef;

	certificate->subject_name = text_of_name(place->job, X509_get_subject_name(x509));
	certificate->issuer_name = text_of_name(place->job, X509_get_issuer_name(x509));
	certificate->serial_number =
	    hex_of_bytes(place->job, span_part(number, 0, number.size < 64 ? number.size : 64));
	certificate->not_before = seconds_of(X509_get0_notBefore(x509));
	certificate->not_after = seconds_of(X509_get0_notAfter(x509));
	if (X509_get_signature_info(x509, &hash, NULL, NULL, NULL) == 1 && hash != NID_undef)
		certificate->signature_hash = OBJ_nid2sn(hash);
	certificate->embedded = is_embedded(place);
	certificate->is_ca = X509_check_ca(x509) == 1;
	TRY(describe_key_of(place->job, x509, certificate));
	fact.excerpt = excerpt_of(place);
	TRY(fingerprint_certificate(place->job, x509, &certificate->fingerprint));
	if (fact.excerpt == NULL)
		return STATUS_LIMIT;
	return evidence_add(place->evidence, place->job, &fact);
}

/* What is sought, and who reads it there. */
enum reader_of {
	READ_PEM,
	READ_DER,
	READ_DROPBEAR,
	READ_LINE,
	READ_PUTTY,
	READ_SIGNIFY,
	READ_BASE64
};

/*
 * One line a shape: who reads it, how many bytes it begins before the fixed bytes by which it is
 * found, how many those are, they, and all of it where the fixed bytes say too little.
 */
#define SOUGHT                                                                                     \
	AT(READ_PEM, 0, 11, "-----BEGIN ", "")                                                     \
	/* RSAPrivateKey and the like: version 0, a modulus of 512 bits or more */                 \
	AT(READ_DER, 4, 4, "\\x02\\x01\\x00\\x02",                                                 \
	    "\\x30\\x82..\\x02\\x01\\x00\\x02[\\x41\\x61\\x81\\x82].")                             \
	/* PKCS #8: version, then the algorithm */                                                 \
	AT(READ_DER, 4, 4, "\\x02\\x01\\x00\\x30",                                                 \
	    "\\x30\\x82..\\x02\\x01\\x00\\x30[\\x05-\\x20]")                                       \
	AT(READ_DER, 4, 4, "\\x02\\x01\\x01\\x30",                                                 \
	    "\\x30\\x82..\\x02\\x01\\x01\\x30[\\x05-\\x20]")                                       \
	AT(READ_DER, 3, 4, "\\x02\\x01\\x00\\x30", "\\x30\\x81.\\x02\\x01\\x00\\x30[\\x05-\\x20]") \
	AT(READ_DER, 3, 4, "\\x02\\x01\\x01\\x30", "\\x30\\x81.\\x02\\x01\\x01\\x30[\\x05-\\x20]") \
	AT(READ_DER, 2, 4, "\\x02\\x01\\x00\\x30",                                                 \
	    "\\x30[\\x20-\\x7f]\\x02\\x01\\x00\\x30[\\x05-\\x20]\\x06[\\x03-\\x09]")               \
	AT(READ_DER, 2, 4, "\\x02\\x01\\x01\\x30",                                                 \
	    "\\x30[\\x20-\\x7f]\\x02\\x01\\x01\\x30[\\x05-\\x20]\\x06[\\x03-\\x09]")               \
	/* of an algorithm of PKCS: encrypted PKCS #8, RSA */                                      \
	AT(READ_DER, 6, 9, "\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01",                        \
	    "\\x30\\x82..\\x30.\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01")                     \
	AT(READ_DER, 5, 9, "\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01",                        \
	    "\\x30\\x81.\\x30.\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01")                      \
	AT(READ_DER, 6, 11, "\\x06\\x0a\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x0c\\x01",             \
	    "\\x30\\x82..\\x30.\\x06\\x0a\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x0c\\x01")           \
	/* SEC 1 */                                                                                \
	AT(READ_DER, 2, 4, "\\x02\\x01\\x01\\x04",                                                 \
	    "\\x30[\\x25-\\x7f]\\x02\\x01\\x01\\x04[\\x0e-\\x42]")                                 \
	AT(READ_DER, 3, 4, "\\x02\\x01\\x01\\x04", "\\x30\\x81.\\x02\\x01\\x01\\x04[\\x0e-\\x48]") \
	AT(READ_DER, 4, 4, "\\x02\\x01\\x01\\x04",                                                 \
	    "\\x30\\x82..\\x02\\x01\\x01\\x04[\\x0e-\\x48]")                                       \
	/* other public keys, RSAPublicKey */                                                      \
	AT(READ_DER, 4, 9, "\\x06\\x07\\x2a\\x86\\x48\\xce\\x3d\\x02\\x01",                        \
	    "\\x30[\\x20-\\x7f]\\x30.\\x06\\x07\\x2a\\x86\\x48\\xce\\x3d\\x02\\x01\\x06")          \
	AT(READ_DER, 5, 9, "\\x06\\x07\\x2a\\x86\\x48\\xce\\x3d\\x02\\x01",                        \
	    "\\x30\\x81.\\x30.\\x06\\x07\\x2a\\x86\\x48\\xce\\x3d\\x02\\x01")                      \
	AT(READ_DER, 2, 6, "\\x30\\x05\\x06\\x03\\x2b\\x65",                                       \
	    "\\x30[\\x2a\\x42\\x43]\\x30\\x05\\x06\\x03\\x2b\\x65[\\x6e-\\x71]\\x03["              \
	    "\\x21\\x39\\x3a]\\x00")                                                               \
	AT(READ_DER, 4, 2, "\\x02\\x82", "\\x30\\x82..\\x02\\x82..\\x00")                          \
	AT(READ_DER, 3, 2, "\\x02\\x81",                                                           \
	    "\\x30\\x81[\\x80-\\x9f]\\x02\\x81[\\x80-\\x99]\\x00[\\x80-\\xff]")                    \
	/* PKCS #12 */                                                                             \
	AT(READ_DER, 4, 5, "\\x02\\x01\\x03\\x30\\x82", "\\x30\\x82..\\x02\\x01\\x03\\x30\\x82")   \
	/* certificates: version 2 and 3; then 1, which begins with its number */                  \
	AT(READ_DER, 8, 4, "\\xa0\\x03\\x02\\x01",                                                 \
	    "\\x30\\x82..\\x30\\x82..\\xa0\\x03\\x02\\x01[\\x00-\\x02]")                           \
	AT(READ_DER, 7, 4, "\\xa0\\x03\\x02\\x01",                                                 \
	    "\\x30\\x82..\\x30\\x81.\\xa0\\x03\\x02\\x01[\\x00-\\x02]")                            \
	AT(READ_DER, 6, 4, "\\xa0\\x03\\x02\\x01",                                                 \
	    "\\x30\\x81.\\x30\\x81.\\xa0\\x03\\x02\\x01[\\x00-\\x02]")                             \
	AT(READ_DER, 5, 4, "\\xa0\\x03\\x02\\x01",                                                 \
	    "\\x30\\x81.\\x30[\\x30-\\x7f]\\xa0\\x03\\x02\\x01[\\x00-\\x02]")                      \
	AT(READ_DER, 0, 2, "\\x30\\x82", "\\x30\\x82..\\x30\\x82..\\x02[\\x01-\\x15]")             \
	AT(READ_DER, 0, 2, "\\x30\\x82", "\\x30\\x82..\\x30\\x81.\\x02[\\x01-\\x15]")              \
	/* dropbear: the length of the type's name, and the name */                                \
	AT(READ_DROPBEAR, 0, 11, "\\x00\\x00\\x00\\x07ssh-rsa", "")                                \
	AT(READ_DROPBEAR, 0, 11, "\\x00\\x00\\x00\\x07ssh-dss", "")                                \
	AT(READ_DROPBEAR, 0, 19, "\\x00\\x00\\x00\\x0bssh-ed25519\\x00\\x00\\x00\\x40", "")        \
	AT(READ_DROPBEAR, 0, 20, "\\x00\\x00\\x00\\x13ecdsa-sha2-nistp", "")                       \
	/* authorized_keys */                                                                      \
	AT(READ_LINE, 0, 23, "ssh-rsa AAAAB3NzaC1yc2E", "")                                        \
	AT(READ_LINE, 0, 23, "ssh-dss AAAAB3NzaC1kc3M", "")                                        \
	AT(READ_LINE, 0, 32, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "")                               \
	AT(READ_LINE, 19, 27, " AAAAE2VjZHNhLXNoYTItbmlzdH", "")                                   \
	AT(READ_PUTTY, 0, 20, "PuTTY-User-Key-File-", "")                                          \
	AT(READ_SIGNIFY, 0, 19, "untrusted comment: ", "")                                         \
	/* base64 of PKCS #8: RSA, DSA, EC, EdDSA; of RSAPrivateKey, of SEC 1 */                   \
	AT(READ_BASE64, 6, 20, "IBADANBgkqhkiG9w0BAQ", "")                                         \
	AT(READ_BASE64, 6, 6, "IBADCC", "")                                                        \
	AT(READ_BASE64, 12, 12, "ByqGSM49AgEG", "")                                                \
	AT(READ_BASE64, 12, 10, "KoZIzj0CAQ", "")                                                  \
	AT(READ_BASE64, 3, 12, "CAQAwBQYDK2V", "")                                                 \
	AT(READ_BASE64, 3, 12, "CAQEwBQYDK2V", "")                                                 \
	AT(READ_BASE64, 6, 6, "IBAAKC", "")                                                        \
	AT(READ_BASE64, 6, 6, "IBAAKB", "")                                                        \
	AT(READ_BASE64, 6, 6, "IBAAJB", "")                                                        \
	AT(READ_BASE64, 3, 6, "CAQEEI", "")                                                        \
	AT(READ_BASE64, 4, 6, "AgEBBD", "")                                                        \
	AT(READ_BASE64, 4, 6, "AgEBBE", "")

#define AT(reader, back, size, anchor, shape) {.expression = anchor, .length = size},
static const struct pattern seeks[] = {SOUGHT};
#undef AT
#define AT(reader, back, size, anchor, shape) {reader, back, shape},
static const struct {
	enum reader_of reader;
	uint32_t back;
	const char *shape; /* "": the fixed bytes are enough */
} shapes[] = {SOUGHT};
#undef AT

static enum status
read_at(struct place *place, enum reader_of reader, struct held_key *held, bool *found)
{
	struct span rest = span_from(place->content, place->offset);

	switch (reader) {
	case READ_PEM:
		return key_read_pem(place->job, rest, held, found);
	case READ_BASE64:
		return key_read_base64(place->job, rest, held, found);
	case READ_DER:
		*found = key_read_der(rest, held);
		break;
	case READ_DROPBEAR:
		*found = key_read_dropbear(rest, held);
		break;
	case READ_LINE:
		*found = key_read_ssh_line(rest, held);
		break;
	case READ_PUTTY:
		*found = key_read_putty(rest, held);
		break;
	case READ_SIGNIFY:
		*found = key_read_signify(rest, held);
		break;
	}
	return STATUS_OK;
}

/* `*end` is moved behind what was read: there is nothing to tell within a key or certificate. */
static enum status
tell_at(struct place *place, enum reader_of reader, size_t *end)
{
	struct held_key held = {0};
	bool found = false;
	enum status status = read_at(place, reader, &held, &found);

	if (status == STATUS_OK && found)
		status = held.certificate == NULL ? add_key(place, &held)
						  : add_certificate(place, held.certificate);
	place->costly += reader == READ_DROPBEAR || (found && strcmp(held.format, "PKCS12") == 0);
	if (found || reader == READ_PEM)
		*end = place->offset + held.size;
	key_held_free(&held);
	return status;
}

/* Files stored as they are, each of which was offered by itself: here they would be told twice. */
static bool
is_archive_read(const struct node *node, struct span content)
{
	static const struct {
		uint32_t at, size;
		const char *magic;
	} archives[] = {
	    {0, 5, "07070"},       /* cpio */
	    {0, 4, "PK\3\4"},      /* ZIP */
	    {0, 8, "-rom1fs-"},    /* romfs */
	    {257, 5, "ustar"},     /* tar */
	    {1080, 2, "\x53\xef"}, /* ext2 and later */
	    {510, 2, "\x55\xaa"},  /* a disk of partitions, FAT */
	};

	for (size_t i = 0; i < ARRAY_SIZE(archives) && node->child != NULL; i++)
		if (span_starts_with(
			span_from(content, archives[i].at), archives[i].magic, archives[i].size))
			return true;
	return false;
}

/* Base64 of DER, and of nothing before it. */
static bool
begins_base64(struct span content, size_t begin)
{
	uint8_t before = begin == 0 ? ' ' : content.at[begin - 1];

	return content.at[begin] == 'M' && before != '+' && before != '/' && !isalnum(before);
}

/* Where what was found begins; false where it is none of it. */
static bool
begins_at(const struct offer *offer, const struct find *find, size_t *begin)
{
	uint32_t back = shapes[find->sought].back;

	if (find->at < back)
		return false;
	*begin = find->at - back;
	if (shapes[find->sought].reader == READ_BASE64)
		return begins_base64(offer->content, *begin);
	return byte_pattern_matches(shapes[find->sought].shape, span_from(offer->content, *begin));
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct place place = {
	    .job = job, .node = offer->node, .content = offer->content, .evidence = evidence};
	size_t end = 0, tries = 0, begin;

	(void)collection;
	if (is_archive_read(offer->node, place.content))
		return STATUS_OK;
	/* a file that is one value may be of a kind that no pattern is of */
	if (span_starts_with(place.content, "0", 1))
		TRY(tell_at(&place, READ_DER, &end));
	for (size_t i = 0; i < offer->find_count; i++) {
		enum reader_of reader = shapes[offer->finds[i].sought].reader;

		if (!begins_at(offer, &offer->finds[i], &begin) || begin < end ||
		    (begin == 0 && reader == READ_DER))
			continue;
		if (tries++ == MAX_TRIES || place.costly > MAX_COSTLY)
			return fail(job, STATUS_LIMIT, "limit: more than %d places to read keys at",
			    MAX_TRIES);
		place.offset = begin;
		TRY(tell_at(&place, reader, &end));
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_key, FACT_certificate};

const struct collector collector_keys = {
    .name = "keys",
    .title =
	"private and public keys and certificates, in any file and anywhere in it: PEM, DER, "
	"PKCS #8, PKCS #12, OpenSSH, dropbear, PuTTY, OpenPGP, signify; private keys in base64 "
	"without a frame; not: in UTF-16, hexadecimal, JSON Web Keys, WireGuard's",
    .source = "RFC 7468, RFC 5958, RFC 7292, RFC 8017, RFC 5915, RFC 5280, OpenSSH PROTOCOL.key, "
	      "RFC 4253, RFC 4880, signify(1)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
