/* A CMS message is good when its digest is the content's, its signature its signer's, and the
 * signer somebody's: the last is what a given key says. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/cms.h"
#include "firmware/signature.h"

#define MAX_SIGNERS 8

struct message {
	struct signing *signing;
	CMS_ContentInfo *cms;
	STACK_OF(X509) * certificates;
	const struct span *parts;
	size_t count;
	struct key own; /* of the certificate in it that the signer names */
};

/* "rsa2048-sha256" */
static enum status
describe_algorithm(struct signing *signing, CMS_SignerInfo *signer)
{
	X509_ALGOR *digest, *signature;
	const ASN1_OBJECT *hash, *scheme;
	int scheme_id, combined_hash = NID_undef, key = NID_undef, hash_id;
	struct update_signature_fact *fact = &signing->fact;
	char bits[24] = "";

	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
	X509_ALGOR_get0(&hash, NULL, NULL, digest);
	X509_ALGOR_get0(&scheme, NULL, NULL, signature);
	hash_id = OBJ_obj2nid(hash);
	scheme_id = OBJ_obj2nid(scheme);
	if (OBJ_find_sigid_algs(scheme_id, &combined_hash, &key) != 1)
		key = scheme_id; /* rsaEncryption alone */
	if (fact->key_bits == UNKNOWN && key == NID_rsaEncryption)
		fact->key_bits =
		    (int64_t)ASN1_STRING_length(CMS_SignerInfo_get0_signature(signer)) * 8;
	if (fact->key_bits != UNKNOWN && fact->key_bits < 1000000)
		snprintf(bits, sizeof bits, "%d", (int)fact->key_bits);
	fact->scheme = "cms";
	fact->algorithm = arena_printf(signing->job, "%s%s-%s",
	    key == NID_rsaEncryption || key == NID_rsassaPss ? "rsa"
	    : key == NID_X9_62_id_ecPublicKey                ? "ecdsa"
	    : key == NID_ED25519                             ? "ed25519-"
							     : "other",
	    bits, hash_id == NID_undef ? "unknown" : OBJ_nid2ln(hash_id));
	return fact->algorithm == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Is the digest the signer states that of the content? */
static bool
digest_is_good(const struct message *message, CMS_SignerInfo *signer, uint8_t *out, size_t *size)
{
	static const struct {
		int id;
		enum digest_kind kind;
	} kinds[] = {{NID_md5, DIGEST_MD5}, {NID_sha1, DIGEST_SHA1}, {NID_sha256, DIGEST_SHA256},
	    {NID_sha384, DIGEST_SHA384}, {NID_sha512, DIGEST_SHA512}};
	X509_ALGOR *algorithm;
	const ASN1_OBJECT *object;
	const ASN1_OCTET_STRING *said;

	*size = 0;
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &algorithm, NULL);
	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].id == OBJ_obj2nid(object))
			*size = signing_digest(kinds[i].kind, message->parts, message->count, out);
	said = CMS_signed_get0_data_by_OBJ(
	    signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING);
	if (*size == 0) { /* nobody can say that it is bad */
		message->signing->uncompared = "the content, by a digest that is not known here,";
		return true;
	}
	if (said == NULL)
		return CMS_signed_get_attr_count(signer) < 0;
	return (size_t)ASN1_STRING_length(said) == *size &&
	       memcmp(ASN1_STRING_get0_data(said), out, *size) == 0;
}

/* Does this key verify what the signer signed: its attributes, or the bare digest? */
static bool
verifies(CMS_SignerInfo *signer, EVP_PKEY *key, struct span digest)
{
	X509_ALGOR *digest_algorithm, *signature;
	const ASN1_OBJECT *object, *scheme;
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
	EVP_PKEY_CTX *context;
	X509 *holder;
	bool good = false;

	if (CMS_signed_get_attr_count(signer) >= 0) {
		holder = X509_new();
		if (holder != NULL && X509_set_pubkey(holder, key) == 1) {
			CMS_SignerInfo_set1_signer_cert(signer, holder);
			good = CMS_SignerInfo_verify(signer) == 1;
		}
		X509_free(holder);
		ERR_clear_error();
		return good;
	}
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest_algorithm, &signature);
	X509_ALGOR_get0(&object, NULL, NULL, digest_algorithm);
	X509_ALGOR_get0(&scheme, NULL, NULL, signature);
	context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	good = context != NULL && EVP_PKEY_verify_init(context) == 1 &&
	       (OBJ_obj2nid(scheme) != NID_rsassaPss ||
		   EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1) &&
	       EVP_PKEY_CTX_set_signature_md(context, EVP_get_digestbyobj(object)) == 1 &&
	       EVP_PKEY_verify(context, ASN1_STRING_get0_data(value),
		   (size_t)ASN1_STRING_length(value), digest.at, digest.size) == 1;
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return good;
}

/* The given certificate the signer's chain ends in; NULL: in none.  Time is not asked: an image is
 * judged whenever, and its unit may have no clock. */
static const struct key *
find_anchor(const struct message *message, X509 *certificate)
{
	const struct key_ring *keys = message->signing->keys;
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	const struct key *anchor = NULL;
	STACK_OF(X509) * chain;

	for (size_t i = 0; store != NULL && i < keys->count; i++)
		if (keys->keys[i].given && keys->keys[i].certificate != NULL)
			X509_STORE_add_cert(store, keys->keys[i].certificate);
	if (store != NULL && context != NULL &&
	    X509_STORE_CTX_init(context, store, certificate, message->certificates) == 1) {
		X509_STORE_CTX_set_flags(
		    context, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
		if (X509_verify_cert(context) == 1) {
			chain = X509_STORE_CTX_get0_chain(context);
			for (size_t i = 0; i < keys->count; i++)
				if (keys->keys[i].given && keys->keys[i].certificate != NULL &&
				    X509_cmp(sk_X509_value(chain, sk_X509_num(chain) - 1),
					keys->keys[i].certificate) == 0)
					anchor = &keys->keys[i];
		}
	}
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	ERR_clear_error();
	return anchor;
}

/* Whose is a signature that this certificate's key verifies? */
static const struct key *
find_trust(const struct message *message, X509 *certificate)
{
	const struct key_ring *keys = message->signing->keys;

	if (keys == NULL || keys->given == 0)
		return NULL;
	for (size_t i = 0; i < keys->count; i++)
		if (keys->keys[i].given &&
		    strcmp(keys->keys[i].fingerprint, message->own.fingerprint) == 0)
			return &keys->keys[i];
	return find_anchor(message, certificate);
}

/* Without a certificate of its own in the message, any key may have made it. */
static struct trial
try_ring(const struct message *message, CMS_SignerInfo *signer, struct span digest)
{
	struct key_ring *keys = message->signing->keys;
	struct trial trial = {
	    .outcome = keys != NULL && keys->given != 0 ? OUTCOME_OTHER_KEY : OUTCOME_NO_KEY};

	for (size_t i = 0; keys != NULL && i < keys->count; i++) {
		const struct key *key = &keys->keys[i];

		keys->trials++;
		if ((trial.key != NULL && !key->given) ||
		    !verifies(signer, key->public_key, digest))
			continue;
		trial.key = key;
		trial.embedded_good = !key->given;
		if (key->given || trial.outcome == OUTCOME_NO_KEY)
			trial.outcome = OUTCOME_GOOD;
		if (key->given)
			break;
	}
	return trial;
}

static enum status
try_signer(struct message *message, CMS_SignerInfo *signer, struct trial *trial)
{
	struct signing *signing = message->signing;
	const struct key_ring *keys = signing->keys;
	uint8_t out[DIGEST_LARGEST];
	struct span digest = {.at = out};
	bool good = digest_is_good(message, signer, out, &digest.size);
	X509 *certificate = NULL;

	for (int i = 0; i < sk_X509_num(message->certificates) && certificate == NULL; i++)
		if (CMS_SignerInfo_cert_cmp(signer, sk_X509_value(message->certificates, i)) == 0)
			certificate = sk_X509_value(message->certificates, i);
	if (certificate == NULL) {
		*trial = try_ring(message, signer, digest);
		if (!good)
			trial->outcome = OUTCOME_BAD;
		return STATUS_OK;
	}
	EVP_PKEY_free(signing->own.public_key); /* of the signer before */
	TRY(key_make(signing->job, "certificate", X509_get_pubkey(certificate), &signing->own));
	message->own = signing->own;
	*trial = (struct trial){.outcome = OUTCOME_BAD, .key = &signing->own};
	if (message->own.public_key == NULL || !good ||
	    !verifies(signer, X509_get0_pubkey(certificate), digest))
		return STATUS_OK;
	trial->embedded_good = true;
	trial->outcome = OUTCOME_GOOD;
	if (keys != NULL && keys->given != 0) {
		const struct key *anchor = find_trust(message, certificate);

		trial->outcome = anchor == NULL ? OUTCOME_OTHER_KEY : OUTCOME_GOOD;
		signing->own.given = anchor != NULL;
		signing->own.name = anchor == NULL ? signing->own.name : anchor->name;
	}
	return STATUS_OK;
}

static enum status
try_all(struct message *message, struct trial *trial)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(message->cms);

	for (int i = 0; i < sk_CMS_SignerInfo_num(signers) && i < MAX_SIGNERS; i++) {
		struct trial one;

		TRY(try_signer(message, sk_CMS_SignerInfo_value(signers, i), &one));
		*trial = i == 0 ? one : trial_worse(*trial, one);
	}
	if (trial->key != NULL)
		message->signing->fact.key_bits = EVP_PKEY_get_bits(trial->key->public_key);
	return describe_algorithm(message->signing, sk_CMS_SignerInfo_value(signers, 0));
}

enum status
signing_try_cms(struct signing *signing, struct span der, const struct span *parts, size_t count,
    struct trial *trial, bool *found)
{
	struct message message = {.signing = signing, .parts = parts, .count = count};
	const unsigned char *at = der.at;
	ASN1_OCTET_STRING **content;
	struct span attached = {0};
	enum status status = STATUS_OK;

	*found = false;
	if (der.size == 0 || der.size > CMS_MAX_SIZE || der.at[0] != 0x30)
		return STATUS_OK;
	message.cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
	if (message.cms != NULL && at == der.at + der.size &&
	    OBJ_obj2nid(CMS_get0_type(message.cms)) == NID_pkcs7_signed &&
	    sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(message.cms)) > 0) {
		*found = true;
		content = CMS_get0_content(message.cms);
		/* what it is said to be detached from is what counts */
		if (count == 0 && content != NULL && *content != NULL) {
			attached = (struct span){
			    ASN1_STRING_get0_data(*content), (size_t)ASN1_STRING_length(*content)};
			message.parts = &attached;
			message.count = 1;
		}
		message.certificates = CMS_get1_certs(message.cms);
		status = try_all(&message, trial);
	}
	sk_X509_pop_free(message.certificates, X509_free);
	CMS_ContentInfo_free(message.cms);
	ERR_clear_error();
	return status;
}
