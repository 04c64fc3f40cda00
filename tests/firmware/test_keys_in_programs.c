/* A key within a program or a line of settings is found by its bytes, not by a frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "tests/support/collecting.h"
#include "tests/support/made_keys.h"

#include <cmocka.h>

extern const struct collector collector_keys;

/* Text may have anything before it: only a program hides what it holds. */
static void
tells_a_key_within_a_program_from_a_file_of_its_own(void **state)
{
	static const struct {
		const char *before;
		size_t size;
		int64_t embedded;
	} rows[] = {{"", 0, 0}, {"\n", 1, 0}, {"\177ELF\n", 5, 0}, {"words\0", 6, UNKNOWN},
	    {"\177ELF\2\1\1", 64, 1}};
	EVP_PKEY *key = EVP_EC_gen("P-256");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_new();
		BIO *out = BIO_new(BIO_s_mem());
		char before[64] = {0};
		struct span bytes;

		memcpy(before, rows[i].before,
		    rows[i].size < sizeof before ? rows[i].size : strlen(rows[i].before));
		BIO_write(out, before, (int)rows[i].size);
		PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
		bytes = made_taken(collecting->job, out);
		collecting_bytes(
		    collecting, &collector_keys, "/etc/openssl/k", bytes.at, bytes.size);
		assert_int_equal(made_key_fact(collecting, 0)->embedded, rows[i].embedded);
		collecting_free(collecting);
	}
	EVP_PKEY_free(key);
}

static void
finds_no_key_in_the_words_of_a_library(void **state)
{
	static const char library[] = "\177ELF\0-----BEGIN RSA PRIVATE KEY-----\0-----END RSA "
				      "PRIVATE KEY-----\0-----BEGIN CERTIFICATE-----\n"
				      "AAAAAAAA\n-----END CERTIFICATE-----\0-----BEGIN PRIVATE "
				      "KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_keys, "/lib/libmbedtls.so", library, sizeof library));
	assert_true(collecting_text(
	    collecting, &collector_keys, "/etc/zero", "00000000000000000000000000000000000000000"));
	assert_false(collecting_text(collecting, &collector_keys, "/etc/x", "short"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
finds_der_anywhere_in_a_program(void **state)
{
	static const struct {
		const char *curve; /* NULL: RSA */
		const char *how, *format;
		bool private, encrypted;
	} rows[] = {
	    {NULL, "pkcs8", "PKCS8", true, false},
	    {NULL, "traditional", "PKCS1", true, false},
	    {NULL, "sealed", "PKCS8", true, true},
	    {NULL, "public", "SPKI", false, false},
	    {"P-256", "pkcs8", "PKCS8", true, false},
	    {"P-256", "traditional", "SEC1", true, false},
	    {"P-256", "sealed", "PKCS8", true, true},
	    {"P-256", "public", "SPKI", false, false},
	    {"P-384", "traditional", "SEC1", true, false},
	    {"P-521", "pkcs8", "PKCS8", true, false},
	    {"P-521", "traditional", "SEC1", true, false},
	    {"P-521", "public", "SPKI", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct collecting *collecting = collecting_new();
		EVP_PKEY *key =
		    rows[i].curve == NULL ? EVP_RSA_gen(1024) : EVP_EC_gen(rows[i].curve);
		struct span bytes = made_embedded(collecting->job, key, NULL, rows[i].how);

		collecting_bytes(collecting, &collector_keys, "/bin/app", bytes.at, bytes.size);
		assert_int_equal(collecting_count(collecting, FACT_key), 1);
		assert_int_equal(collecting->list.count, 1);
		assert_string_equal(made_key_fact(collecting, 0)->format, rows[i].format);
		assert_int_equal(made_key_fact(collecting, 0)->private, rows[i].private);
		assert_int_equal(collecting_fact(collecting, FACT_key, 0)->offset, 17);
		assert_int_equal(made_key_fact(collecting, 0)->embedded, 1);
		if (rows[i].encrypted)
			assert_int_equal(made_key_fact(collecting, 0)->encrypted, 1);
		else
			assert_string_equal(made_key_fact(collecting, 0)->fingerprint,
			    made_fingerprint_of(collecting->job, key));
		EVP_PKEY_free(key);
		collecting_free(collecting);
	}
}

static void
finds_a_certificate_anywhere_and_not_its_key_again(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *keys[] = {EVP_EC_gen("P-256"), EVP_RSA_gen(2048)};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		X509 *x509 = made_certify(keys[i], false);
		struct span bytes = made_embedded(collecting->job, keys[i], x509, "certificate");

		collecting_bytes(collecting, &collector_keys, "/bin/app", bytes.at, bytes.size);
		assert_int_equal(collecting_count(collecting, FACT_certificate), i + 1);
		assert_string_equal(collecting_fact(collecting, FACT_certificate, i)
					->as.certificate.key_fingerprint,
		    made_fingerprint_of(collecting->job, keys[i]));
		X509_free(x509);
		EVP_PKEY_free(keys[i]);
	}
	assert_int_equal(collecting_count(collecting, FACT_key), 0);
	collecting_free(collecting);
}

/* What has the form of a key, and no numbers that belong together. */
static void
finds_no_key_in_what_only_looks_like_der(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *key = EVP_RSA_gen(1024);
	struct span whole = made_embedded(collecting->job, key, NULL, "traditional");
	uint8_t *changed = arena_allocate(collecting->job, whole.size);
	/* parameters of Diffie-Hellman: two numbers, as a public RSA key has */
	uint8_t parameters[11 + 256 + 3] = {
	    0x30, 0x82, 0x01, 0x08, 0x02, 0x82, 0x01, 0x01, 0x00, 0xff};

	(void)state;
	memcpy(changed, whole.at, whole.size);
	changed[17 + 100] ^= 1; /* in the modulus: the primes no longer make it */
	collecting_bytes(collecting, &collector_keys, "/bin/app", changed, whole.size);
	collecting_bytes(collecting, &collector_keys, "/bin/app", whole.at, whole.size - 40);
	memset(parameters + 10, 0xab, 255);
	memcpy(parameters + 4 + 4 + 257, "\x02\x01\x05", 3);
	collecting_bytes(collecting, &collector_keys, "/bin/app", parameters, 4 + 4 + 257 + 3);
	assert_int_equal(collecting->list.count, 0);
	EVP_PKEY_free(key);
	collecting_free(collecting);
}

/* `pem` with every line end written as `end`. */
static struct span
joined(struct job *job, struct span pem, const char *begin, const char *end, const char *close)
{
	struct text out = text_new(job);
	const char *made;

	text_put(&out, begin);
	for (size_t i = 0; i < pem.size; i++) {
		if (pem.at[i] == '\n')
			text_put(&out, end);
		else
			text_put_bytes(&out, pem.at + i, 1);
	}
	text_put(&out, close);
	assert_int_equal(text_finish(&out, &made), STATUS_OK);
	return (struct span){.at = (const uint8_t *)made, .size = out.size};
}

static void
reads_pem_that_is_quoted_escaped_or_in_one_line(void **state)
{
	static const char *const forms[][3] = {
	    {"{\"key\": \"", "\\n", "\"}"},                              /* JSON */
	    {"static const char key[] =\n\t\"", "\\n\"\n\t\"", "\";\n"}, /* C */
	    {"key='", "\\r\\n' +\n '", "';"},                            /* JavaScript */
	    {"option key '", " ", "'\n"},
	    {"key: |\n  ", "\n  ", "\n"}, /* YAML */
	    {"", "\r\n", ""},
	    {"<key>", "&#10;", "</key>"}, /* XML */
	    {"<key>", "&#xD;&#xA;", "</key>"},
	};
	EVP_PKEY *key = EVP_EC_gen("P-256");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct collecting *collecting = collecting_new();
		BIO *out = BIO_new(BIO_s_mem());
		struct span pem;

		PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
		pem = joined(collecting->job, made_taken(collecting->job, out), forms[i][0],
		    forms[i][1], forms[i][2]);
		collecting_bytes(collecting, &collector_keys, "/etc/x", pem.at, pem.size);
		assert_int_equal(collecting_count(collecting, FACT_key), 1);
		assert_string_equal(made_key_fact(collecting, 0)->fingerprint,
		    made_fingerprint_of(collecting->job, key));
		if (i == 1)
			collecting_bear(&collector_keys, "/etc/x", pem.at, pem.size, 3);
		collecting_free(collecting);
	}
	EVP_PKEY_free(key);
}

/* DER of the key in base64, as `openssl base64 -A` writes it. */
static struct span
base64_of(struct job *job, EVP_PKEY *key, const char *how)
{
	unsigned char *der = NULL;
	int size = strcmp(how, "traditional") == 0 &&
			   EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519 &&
			   EVP_PKEY_get_base_id(key) != EVP_PKEY_ED448
		       ? i2d_PrivateKey(key, &der)
		       : 0;
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *out;

	if (size == 0)
		size = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	PKCS8_PRIV_KEY_INFO_free(info);
	out = arena_allocate(job, (size_t)size * 2 + 8);
	assert_non_null(out);
	size = EVP_EncodeBlock(out, der, size);
	OPENSSL_free(der);
	return (struct span){.at = out, .size = (size_t)size};
}

/* The value of a setting: base64 of DER, in one line or in many, without the frame of PEM. */
static void
reads_base64_without_a_frame(void **state)
{
	static const char *const hows[] = {"pkcs8", "traditional"};
	EVP_PKEY *keys[] = {EVP_EC_gen("P-256"), EVP_EC_gen("P-384"), EVP_EC_gen("P-521"),
	    EVP_EC_gen("secp256k1"), EVP_EC_gen("brainpoolP256r1"), EVP_RSA_gen(512),
	    EVP_RSA_gen(1024), EVP_RSA_gen(2048), EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
	    EVP_PKEY_Q_keygen(NULL, NULL, "ED448")};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys) * ARRAY_SIZE(hows); i++) {
		EVP_PKEY *key = keys[i / ARRAY_SIZE(hows)];
		struct collecting *collecting = collecting_new();
		struct span base64 = base64_of(collecting->job, key, hows[i % ARRAY_SIZE(hows)]);
		const struct fact *fact;
		struct text out = text_new(collecting->job);
		const char *made;

		/* twice, the second cut by the end of the file; between them what begins before it
		 */
		text_put(&out, "name=camera\ndevice_key=");
		text_put_bytes(&out, base64.at, base64.size);
		text_put(&out, "\nother=aGVsbG8\ncert = \"A");
		text_put_bytes(&out, base64.at, base64.size);
		text_put(&out, "\"\nsecond: \"");
		text_put_bytes(&out, base64.at, base64.size);
		assert_int_equal(text_finish(&out, &made), STATUS_OK);
		collecting_bytes(collecting, &collector_keys, "/etc/device.conf", made, out.size);
		assert_int_equal(collecting_count(collecting, FACT_key), 2);
		assert_true(made_key_fact(collecting, 0)->private);
		assert_string_equal(made_key_fact(collecting, 0)->fingerprint,
		    made_fingerprint_of(collecting->job, key));
		fact = collecting_fact(collecting, FACT_key, 0);
		assert_int_equal(fact->offset, 23);
		assert_int_equal(strlen(fact->excerpt), strlen("base64 MIIE …"));
		assert_true(fact->hide.size + 2 >= base64.size && fact->hide.size <= base64.size);
		if (i == 0)
			collecting_bear(&collector_keys, "/etc/device.conf", made, out.size, 3);
		collecting_free(collecting);
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		EVP_PKEY_free(keys[i]);
}

/* An excerpt may name the frame and the first four bytes, which are the length. */
static void
shows_no_byte_of_a_private_key(void **state)
{
	static const char *const hows[] = {"pkcs8", "traditional", "public"};
	struct collecting *collecting = collecting_new();
	EVP_PKEY *keys[] = {EVP_EC_gen("P-256"), EVP_RSA_gen(1024)};
	BIO *out = BIO_new(BIO_s_mem());
	struct span pem;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys) * ARRAY_SIZE(hows); i++) {
		struct span bytes = made_embedded(
		    collecting->job, keys[i / ARRAY_SIZE(hows)], NULL, hows[i % ARRAY_SIZE(hows)]);
		const struct fact *fact;

		collecting_bytes(collecting, &collector_keys, "/bin/app", bytes.at, bytes.size);
		fact = collecting_fact(collecting, FACT_key, i);
		assert_int_equal(strncmp(fact->excerpt, "hex 30", 6), 0);
		assert_int_equal(strlen(fact->excerpt), strlen("hex 01234567 …"));
	}
	/* two keys in one line: neither is told with the other */
	PEM_write_bio_PrivateKey(out, keys[0], NULL, NULL, 0, NULL, NULL);
	PEM_write_bio_PrivateKey(out, keys[1], NULL, NULL, 0, NULL, NULL);
	pem = joined(collecting->job, made_taken(collecting->job, out), "", "\\n", "");
	collecting_bytes(collecting, &collector_keys, "/etc/keys.json", pem.at, pem.size);
	assert_int_equal(collecting_count(collecting, FACT_key), 8);
	for (size_t i = 6; i < 8; i++)
		assert_string_equal(collecting_fact(collecting, FACT_key, i)->excerpt,
		    "-----BEGIN PRIVATE KEY-----");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		EVP_PKEY_free(keys[i]);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_a_key_within_a_program_from_a_file_of_its_own),
	    cmocka_unit_test(finds_no_key_in_the_words_of_a_library),
	    cmocka_unit_test(finds_der_anywhere_in_a_program),
	    cmocka_unit_test(finds_a_certificate_anywhere_and_not_its_key_again),
	    cmocka_unit_test(finds_no_key_in_what_only_looks_like_der),
	    cmocka_unit_test(reads_pem_that_is_quoted_escaped_or_in_one_line),
	    cmocka_unit_test(reads_base64_without_a_frame),
	    cmocka_unit_test(shows_no_byte_of_a_private_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
