/* Given keys are tried first; only what they verify is somebody's. */
#include "firmware/signature.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define LARGEST_SENTENCE 400u
#define LARGEST_DETAIL 1500u
#define LARGE_MESSAGE ((size_t)1 << 20) /* hashed anew for each key: not all keys are tried */

static const struct {
	const char *name;
	const EVP_MD *(*digest)(void);
} digests[] = {
    [DIGEST_MD5] = {"md5", EVP_md5},
    [DIGEST_SHA1] = {"sha1", EVP_sha1},
    [DIGEST_SHA256] = {"sha256", EVP_sha256},
    [DIGEST_SHA384] = {"sha384", EVP_sha384},
    [DIGEST_SHA512] = {"sha512", EVP_sha512},
};

void
signing_say(struct signing *signing, const char *format, ...)
{
	char sentence[LARGEST_SENTENCE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	if (signing->detail.size > LARGEST_DETAIL)
		return;
	text_printf(&signing->detail, "%s%s", signing->detail.size == 0 ? "" : "; ", sentence);
}

enum status
signing_name(struct signing *signing, const struct raw_signature *signature, size_t bits)
{
	static const char *const schemes[] = {"rsa", "rsa", "ecdsa", "ecdsa", "ed25519"};
	static const char *const paddings[] = {"", "-pss", "", "", ""};
	char digits[24] = "";

	signing->fact.scheme = schemes[signature->scheme];
	signing->fact.key_bits = bits == 0 ? UNKNOWN : (int64_t)bits;
	if (signature->scheme == SIGN_ED25519) {
		signing->fact.algorithm = "ed25519";
		signing->fact.key_bits = 256;
		return STATUS_OK;
	}
	if (bits != 0)
		snprintf(digits, sizeof digits, "%zu", bits);
	signing->fact.algorithm =
	    arena_printf(signing->job, "%s%s%s-%s", schemes[signature->scheme], digits,
		paddings[signature->scheme], digests[signature->digest].name);
	return signing->fact.algorithm == NULL ? STATUS_LIMIT : STATUS_OK;
}

size_t
signing_digest(
    enum digest_kind kind, const struct span *parts, size_t count, uint8_t out[DIGEST_LARGEST])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned size = 0;
	bool good =
	    context != NULL && EVP_DigestInit_ex(context, digests[kind].digest(), NULL) == 1;

	for (size_t i = 0; good && i < count; i++)
		good = parts[i].size == 0 ||
		       EVP_DigestUpdate(context, parts[i].at, parts[i].size) == 1;
	good = good && EVP_DigestFinal_ex(context, out, &size) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return good ? size : 0;
}

/* r and s, one behind the other, as the DER that OpenSSL wants. */
static int
der_of_pair(struct span value, unsigned char **der)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(value.at, (int)(value.size / 2), NULL);
	BIGNUM *s = BN_bin2bn(value.at + value.size / 2, (int)(value.size / 2), NULL);
	int size = -1;

	if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
		size = i2d_ECDSA_SIG(pair, der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return size;
}

static bool
verify_message(EVP_PKEY *key, struct span message, struct span value)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestVerify(context, value.at, value.size, message.at, message.size) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

static bool
verify_digest(EVP_PKEY *key, const struct raw_signature *signature, struct span value)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool good = context != NULL && EVP_PKEY_verify_init(context) == 1;

	if (good && signature->scheme == SIGN_RSA)
		good = EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
	if (good && signature->scheme == SIGN_RSA_PSS)
		good = EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_AUTO) == 1;
	good = good &&
	       EVP_PKEY_CTX_set_signature_md(context, digests[signature->digest].digest()) == 1 &&
	       EVP_PKEY_verify(context, value.at, value.size, signature->signed_bytes.at,
		   signature->signed_bytes.size) == 1;
	EVP_PKEY_CTX_free(context);
	return good;
}

bool
key_verifies(const struct key *key, const struct raw_signature *signature)
{
	static const char *const types[] = {"RSA", "RSA", "EC", "EC", "ED25519"};
	struct span value = signature->value;
	unsigned char *der = NULL;
	bool good = false;
	int size;

	if (key->public_key == NULL || value.size == 0 || value.size > 4096 ||
	    EVP_PKEY_is_a(key->public_key, types[signature->scheme]) != 1)
		return false;
	if (signature->scheme == SIGN_ED25519)
		good = verify_message(key->public_key, signature->signed_bytes, value);
	else if (signature->scheme != SIGN_ECDSA_RAW)
		good = verify_digest(key->public_key, signature, value);
	else if ((size = der_of_pair(value, &der)) > 0)
		good = verify_digest(key->public_key, signature, (struct span){der, (size_t)size});
	OPENSSL_free(der);
	ERR_clear_error();
	return good;
}

static bool
is_named(const struct raw_signature *signature, const struct key *key)
{
	return signature->names != NULL && key->public_key != NULL &&
	       signature->names(signature, key);
}

/* Of a large message, which each key hashes anew, only keys of the right number are tried. */
static bool
tries(struct key_ring *keys, const struct key *key, const struct raw_signature *signature)
{
	if (signature->scheme == SIGN_ED25519 && signature->signed_bytes.size > LARGE_MESSAGE &&
	    !key->given && !is_named(signature, key))
		return false;
	keys->trials++;
	return key_verifies(key, signature);
}

struct trial
signing_try(struct signing *signing, const struct raw_signature *signature)
{
	struct key_ring *keys = signing->keys;
	struct trial trial = {.outcome = OUTCOME_NO_KEY};
	size_t count = keys == NULL ? 0 : keys->count;

	for (size_t i = 0; i < count; i++)
		if (keys->keys[i].given && tries(keys, &keys->keys[i], signature))
			return (struct trial){.outcome = OUTCOME_GOOD, .key = &keys->keys[i]};
	if (signing->own.public_key != NULL) {
		trial.key = &signing->own;
		trial.embedded_good = key_verifies(&signing->own, signature);
		if (!trial.embedded_good)
			trial.outcome = OUTCOME_BAD;
	}
	for (size_t i = 0; i < count && trial.key == NULL; i++) {
		const struct key *key = &keys->keys[i];
		bool good = !key->given && tries(keys, key, signature);

		if (!good && !is_named(signature, key))
			continue;
		trial = (struct trial){.outcome = good ? OUTCOME_NO_KEY : OUTCOME_BAD,
		    .key = key,
		    .embedded_good = good};
	}
	if (trial.outcome != OUTCOME_BAD)
		trial.outcome = count != 0 && keys->given != 0 ? OUTCOME_OTHER_KEY
				: trial.embedded_good          ? OUTCOME_GOOD
							       : OUTCOME_NO_KEY;
	return trial;
}

struct trial
trial_worse(struct trial a, struct trial b)
{
	return b.outcome > a.outcome ? b : a;
}

enum status
signing_conclude(struct signing *signing, const struct trial *trial)
{
	struct update_signature_fact *fact = &signing->fact;
	const struct key *key = trial->key;

	signing->outcome = trial->outcome;
	fact->present = 1;
	if (signing->uncompared != NULL && fact->covers != NULL &&
	    strcmp(fact->covers, "everything") == 0)
		fact->covers = NULL;
	if (key != NULL) {
		fact->key_fingerprint = arena_copy_string(signing->job, key->fingerprint);
		if (fact->key_fingerprint == NULL)
			return STATUS_LIMIT;
		fact->key_bits = EVP_PKEY_get_bits(key->public_key);
	}
	switch (trial->outcome) {
	case OUTCOME_GOOD:
		if (signing->uncompared != NULL) {
			signing_say(signing,
			    "the signature verifies, yet %s could not be compared "
			    "with what is signed",
			    signing->uncompared);
			signing->outcome = OUTCOME_NO_KEY;
			break;
		}
		fact->verified = 1;
		fact->verified_with = key != NULL && key->given ? key->name : "embedded";
		if (key == NULL || !key->given)
			signing_say(signing, "verified only with a key that comes with the image: "
					     "it is whole, who made it is not shown");
		break;
	case OUTCOME_NO_KEY:
		if (signing->uncompared != NULL)
			signing_say(signing, "not judged: %s", signing->uncompared);
		else
			signing_say(signing, "no key was given to verify it with");
		break;
	case OUTCOME_OTHER_KEY:
		fact->verified = 0;
		signing_say(signing, "none of the given keys verifies it%s",
		    trial->embedded_good ? ", only one that comes with the image" : "");
		break;
	case OUTCOME_BAD:
		fact->verified = 0;
		signing_say(signing, "the signature does not verify");
		break;
	}
	return STATUS_OK;
}
