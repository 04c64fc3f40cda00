/* What SSH programs and their like keep is not DER: numbers behind their lengths, or lines. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <string.h>

#include "firmware/key_encoding.h"
#include "firmware/reading.h"
#include "firmware/ssh_blob.h"

#define MAX_BLOB ((size_t)8 << 10)
#define MAX_MODULUS 4112 /* bits of a number that is reckoned with: larger ones are not met */
#define MAX_LINES 256    /* of a PuTTY key */

/* OpenSSH PROTOCOL.key: the public half is in clear even where the private is not. */
bool
key_read_openssh(struct span blob, struct held_key *held)
{
	struct reader reader = {.rest = blob}, public, check;
	bool encrypted, whole;

	if (!span_starts_with(blob, "openssh-key-v1", 15))
		return false;
	read_bytes(&reader, 15);
	encrypted = !span_is(ssh_blob_read_string(&reader), "none");
	ssh_blob_read_string(&reader); /* kdf */
	ssh_blob_read_string(&reader); /* its options */
	whole = read_u32_be(&reader) == 1;
	public = (struct reader){.rest = ssh_blob_read_string(&reader)};
	check = (struct reader){.rest = ssh_blob_read_string(&reader)};
	if (!whole || reader.overrun)
		return false;
	whole = encrypted ? check.rest.size >= 16 : read_u32_be(&check) == read_u32_be(&check);
	if (!whole || check.overrun)
		return false;
	*held = (struct held_key){.key = ssh_blob_read_key(&public),
	    .format = "OpenSSH",
	    .private = true,
	    .encrypted = encrypted};
	ERR_clear_error();
	return held->key != NULL;
}

static BIGNUM *
number_of(struct span bytes)
{
	return bytes.size == 0 || bytes.size > MAX_MODULUS / 8 + 1
		   ? NULL
		   : BN_bin2bn(bytes.at, (int)bytes.size, NULL);
}

/* Raised to both exponents a number is itself again: then `d` belongs to this key. */
static bool
is_rsa_private(const EVP_PKEY *key, struct span number)
{
	BIGNUM *n = NULL, *e = NULL, *d = number_of(number), *two = BN_new(), *sealed = BN_new(),
	       *opened = BN_new();
	BN_CTX *context = BN_CTX_new();
	bool good = d != NULL && two != NULL && sealed != NULL && opened != NULL &&
		    context != NULL && EVP_PKEY_get_bits(key) <= MAX_MODULUS &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
		    BN_num_bits(e) <= 64 && BN_is_odd(n) && BN_num_bits(n) >= 256 &&
		    BN_set_word(two, 2) == 1 && BN_mod_exp(sealed, two, e, n, context) == 1 &&
		    BN_mod_exp(opened, sealed, d, n, context) == 1 && BN_cmp(opened, two) == 0;

	BN_free(n);
	BN_free(e);
	BN_clear_free(d);
	BN_free(two);
	BN_free(sealed);
	BN_free(opened);
	BN_CTX_free(context);
	return good;
}

/* y is g to the x. */
static bool
is_dsa_private(const EVP_PKEY *key, struct span number)
{
	BIGNUM *p = NULL, *g = NULL, *y = NULL, *x = number_of(number), *made = BN_new();
	BN_CTX *context = BN_CTX_new();
	bool good = x != NULL && made != NULL && context != NULL &&
		    EVP_PKEY_get_bits(key) <= MAX_MODULUS &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &p) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_G, &g) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PUB_KEY, &y) == 1 && BN_is_odd(p) &&
		    BN_num_bits(x) <= 256 && BN_mod_exp(made, g, x, p, context) == 1 &&
		    BN_cmp(made, y) == 0;

	BN_free(p);
	BN_free(g);
	BN_free(y);
	BN_clear_free(x);
	BN_free(made);
	BN_CTX_free(context);
	return good;
}

/* The public point is the private number times the curve's generator. */
static bool
is_point_of(const EVP_PKEY *key, struct span number)
{
	char name[64];
	uint8_t said[160], made[160];
	size_t size = 0, made_size = 0;
	BIGNUM *d = number_of(number);
	EC_GROUP *group = EVP_PKEY_get_group_name(key, name, sizeof name, &size) == 1
			      ? EC_GROUP_new_by_curve_name(OBJ_txt2nid(name))
			      : NULL;
	EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);

	if (point != NULL && d != NULL && BN_num_bits(d) <= 528 &&
	    EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1)
		made_size = EC_POINT_point2oct(
		    group, point, POINT_CONVERSION_UNCOMPRESSED, made, sizeof made, NULL);
	if (EVP_PKEY_get_octet_string_param(
		key, OSSL_PKEY_PARAM_PUB_KEY, said, sizeof said, &size) != 1)
		size = 0;
	EC_POINT_free(point);
	EC_GROUP_free(group);
	BN_clear_free(d);
	return size != 0 && size == made_size && memcmp(said, made, size) == 0;
}

/* Seed and public point, which must belong together. */
static EVP_PKEY *
read_edwards(struct span both)
{
	EVP_PKEY *key = both.size != 64
			    ? NULL
			    : EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, both.at, 32);
	uint8_t public[32];
	size_t size = sizeof public;

	if (key != NULL && (EVP_PKEY_get_raw_public_key(key, public, &size) != 1 || size != 32 ||
			       memcmp(public, both.at + 32, 32) != 0)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

bool
key_read_dropbear(struct span bytes, struct held_key *held)
{
	struct reader reader = {
	    .rest = span_part(bytes, 0, bytes.size < MAX_BLOB ? bytes.size : MAX_BLOB)};
	struct reader start = reader, further;
	struct span type = ssh_blob_read_string(&start), number;
	size_t room = reader.rest.size;
	EVP_PKEY *key = NULL;
	bool good;

	if (span_is(type, "ssh-ed25519")) {
		key = read_edwards(ssh_blob_read_string(&start));
		good = key != NULL && !start.overrun;
		reader = start;
	} else {
		key = ssh_blob_read_key(&reader);
		number = ssh_blob_read_string(&reader);
		good = key != NULL && !reader.overrun &&
		       (span_is(type, "ssh-rsa")      ? is_rsa_private(key, number)
			   : span_is(type, "ssh-dss") ? is_dsa_private(key, number)
						      : is_point_of(key, number));
		further = reader; /* the two primes of newer RSA keys */
		ssh_blob_read_string(&further);
		ssh_blob_read_string(&further);
		if (span_is(type, "ssh-rsa") && !further.overrun)
			reader = further;
	}
	ERR_clear_error();
	if (!good) {
		EVP_PKEY_free(key);
		return false;
	}
	*held = (struct held_key){
	    .key = key, .format = "dropbear", .private = true, .size = room - reader.rest.size};
	return true;
}

/* The base64 at the start of `bytes`, to the last whole group of four. */
static struct span
base64_at(struct span bytes)
{
	size_t size = 0;

	while (size < bytes.size && size < MAX_BLOB && bytes.at[size] > ' ' &&
	       bytes.at[size] < 0x7f && memchr("\"'\\<>,;&", bytes.at[size], 8) == NULL)
		size++;
	return span_part(bytes, 0, size / 4 * 4);
}

static EVP_PKEY *
key_of_blob(struct span blob)
{
	struct reader reader = {.rest = blob};
	EVP_PKEY *key = ssh_blob_read_key(&reader);

	ERR_clear_error();
	if (key != NULL && (reader.overrun || reader.rest.size != 0)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

bool
key_read_ssh_line(struct span bytes, struct held_key *held)
{
	uint8_t blob[MAX_BLOB];
	struct span rest = span_part(bytes, 0, bytes.size < MAX_BLOB ? bytes.size : MAX_BLOB),
		    base64;
	size_t size;

	field_next(&rest, ' ');
	base64 = base64_at(rest);
	size = key_from_base64(base64, blob, sizeof blob);
	*held = (struct held_key){.key = key_of_blob((struct span){.at = blob, .size = size}),
	    .format = "OpenSSH",
	    .size = (size_t)(base64.at - bytes.at) + base64.size};
	return held->key != NULL;
}

/* "Name: value" */
static struct span
value_of(struct span line, const char *name)
{
	struct span value = line;

	return span_is(field_next(&value, ':'), name) ? span_trim(value) : (struct span){0};
}

/* The lines that a count announces, joined. */
static size_t
join_lines(struct span *rest, struct span count, uint8_t *out, size_t room)
{
	int64_t lines = span_number(count, MAX_LINES);
	size_t size = 0;
	struct span line;

	for (int64_t i = 0; i < lines && line_next(rest, &line); i++) {
		line = span_trim(line);
		if (line.size > room - size)
			return 0;
		if (line.size != 0)
			memcpy(out + size, line.at, line.size);
		size += line.size;
	}
	return size;
}

bool
key_read_putty(struct span bytes, struct held_key *held)
{
	uint8_t base64[MAX_BLOB], blob[MAX_BLOB];
	struct span rest =
	    span_part(bytes, 0, bytes.size < 4 * MAX_BLOB ? bytes.size : 4 * MAX_BLOB);
	struct span line, value;
	bool encrypted = false, whole = false;
	size_t size = 0;

	for (int i = 0; i < 16 && !whole && line_next(&rest, &line); i++) {
		if ((value = value_of(line, "Encryption")).size != 0)
			encrypted = !span_is(value, "none");
		else if ((value = value_of(line, "Public-Lines")).size != 0)
			size = join_lines(&rest, value, base64, sizeof base64);
		else if ((value = value_of(line, "Private-Lines")).size != 0)
			whole = span_number(value, MAX_LINES) > 0 && line_next(&rest, &line) &&
				span_trim(line).size >= 16;
	}
	size = key_from_base64((struct span){.at = base64, .size = size}, blob, sizeof blob);
	if (!whole || size == 0)
		return false;
	*held = (struct held_key){.key = key_of_blob((struct span){.at = blob, .size = size}),
	    .format = "PuTTY",
	    .private = true,
	    .encrypted = encrypted,
	    .size = (size_t)(rest.at - bytes.at)};
	return held->key != NULL;
}

bool
key_read_signify(struct span bytes, struct held_key *held)
{
	uint8_t blob[192];
	struct span rest = span_part(bytes, 0, bytes.size < 2048 ? bytes.size : 2048), line;
	struct span body;
	size_t size, public;
	bool private;

	if (!line_next(&rest, &line) || !line_next(&rest, &line))
		return false;
	size = key_from_base64(span_trim(line), blob, sizeof blob);
	body = (struct span){.at = blob, .size = size};
	private = size == 104 || size == 158;
	if (!span_starts_with(body, "Ed", 2) || (size != 42 && !private))
		return false;
	/* rounds or the name of the derivation: none leaves the key in clear */
	*held = (struct held_key){.algorithm = "Ed25519",
	    .format = size == 158 ? "minisign" : "signify",
	    .private = private,
	    .encrypted = private && (size == 158 ? memcmp(blob + 2, "\0\0", 2) != 0
						 : memcmp(blob + 4, "\0\0\0\0", 4) != 0),
	    .size = (size_t)(line.at - bytes.at) + line.size};
	public = size == 42 ? 10 : size == 104 ? 72 : 94;
	if (!held->encrypted)
		held->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, blob + public, 32);
	ERR_clear_error();
	return true;
}
