/* SSH writes a public key as its type's name and its numbers, each behind its length. */
#include "firmware/ssh_blob.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/job.h"
#include "firmware/reading.h"

#define MAX_NUMBER 2049 /* bytes: RSA of 16384 bits and a sign byte */

static bool
push_number(OSSL_PARAM_BLD *build, const char *name, struct span number, BIGNUM **kept)
{
	*kept = number.size == 0 || number.size > MAX_NUMBER
		    ? NULL
		    : BN_bin2bn(number.at, (int)number.size, NULL);
	return *kept != NULL && OSSL_PARAM_BLD_push_BN(build, name, *kept) == 1;
}

static EVP_PKEY *
key_from_parts(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (parameters != NULL && context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(parameters);
	return key;
}

struct span
ssh_blob_read_string(struct reader *reader)
{
	return read_bytes(reader, read_u32_be(reader));
}

/* Public key from its named numbers, read in wire order (RFC 4253 section 6.6). */
static EVP_PKEY *
read_numbers(struct reader *reader, const char *type, const char *const *names, size_t count)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *kept[4] = {0};
	EVP_PKEY *key = NULL;
	bool good = build != NULL;

	for (size_t i = 0; i < count && good; i++)
		good = push_number(build, names[i], ssh_blob_read_string(reader), &kept[i]);
	if (good && !reader->overrun)
		key = key_from_parts(type, build);
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		BN_free(kept[i]);
	OSSL_PARAM_BLD_free(build);
	return key;
}

static EVP_PKEY *
read_point(struct reader *reader)
{
	static const char *const curves[][2] = {
	    {"nistp256", "prime256v1"}, {"nistp384", "secp384r1"}, {"nistp521", "secp521r1"}};
	struct span curve = ssh_blob_read_string(reader), point = ssh_blob_read_string(reader);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(curves) && build != NULL && !reader->overrun; i++)
		if (span_is(curve, curves[i][0]) && point.size != 0 &&
		    OSSL_PARAM_BLD_push_utf8_string(
			build, OSSL_PKEY_PARAM_GROUP_NAME, curves[i][1], 0) == 1 &&
		    OSSL_PARAM_BLD_push_octet_string(
			build, OSSL_PKEY_PARAM_PUB_KEY, point.at, point.size) == 1)
			key = key_from_parts("EC", build);
	OSSL_PARAM_BLD_free(build);
	return key;
}

EVP_PKEY *
ssh_blob_read_key(struct reader *reader)
{
	static const char *const rsa[] = {OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_N};
	static const char *const dsa[] = {OSSL_PKEY_PARAM_FFC_P, OSSL_PKEY_PARAM_FFC_Q,
	    OSSL_PKEY_PARAM_FFC_G, OSSL_PKEY_PARAM_PUB_KEY};
	struct span type = ssh_blob_read_string(reader), point;

	if (span_is(type, "ssh-rsa"))
		return read_numbers(reader, "RSA", rsa, ARRAY_SIZE(rsa));
	if (span_is(type, "ssh-dss"))
		return read_numbers(reader, "DSA", dsa, ARRAY_SIZE(dsa));
	if (span_begins(type, "ecdsa-sha2-nistp"))
		return read_point(reader);
	if (!span_is(type, "ssh-ed25519"))
		return NULL;
	point = ssh_blob_read_string(reader);
	return point.size != 32
		   ? NULL
		   : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, point.at, point.size);
}
