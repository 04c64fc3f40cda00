/* Keys of every wrapping are told by what they parse to, never by their label. */
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

/* An SSH string in a text. */
static void
put(struct text *out, const void *at, size_t size)
{
	uint8_t length[4] = {
	    (uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};

	text_put_bytes(out, length, sizeof length);
	if (size != 0)
		text_put_bytes(out, at, size);
}

static void
put_number(struct text *out, EVP_PKEY *key, const char *name)
{
	uint8_t bytes[600];
	BIGNUM *number = NULL;
	int size;

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &number), 1);
	bytes[0] = 0; /* the sign */
	size = BN_bn2bin(number, bytes + 1);
	put(out, bytes, (size_t)size + 1);
	BN_clear_free(number);
}

static void
tells_private_keys_in_pem_wherever_they_stand(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *ec = EVP_EC_gen("P-256");
	static const char words[] = "\177ELF\0\0\0-----BEGIN RSA PRIVATE KEY-----\0not one";
	BIO *out = BIO_new(BIO_s_mem());
	struct span bytes;

	(void)state;
	BIO_write(out, words, sizeof words);
	PEM_write_bio_PrivateKey_traditional(out, rsa, NULL, NULL, 0, NULL, NULL);
	BIO_write(out, "\0", 1);
	PEM_write_bio_PrivateKey(out, ec, NULL, NULL, 0, NULL, NULL);
	PEM_write_bio_PrivateKey_traditional(out, ec, NULL, NULL, 0, NULL, NULL);
	PEM_write_bio_PUBKEY(out, rsa);
	bytes = made_taken(collecting->job, out);
	assert_true(
	    collecting_bytes(collecting, &collector_keys, "/bin/server", bytes.at, bytes.size));
	assert_int_equal(collecting_count(collecting, FACT_key), 4);
	assert_string_equal(made_key_fact(collecting, 0)->algorithm, "RSA");
	assert_string_equal(made_key_fact(collecting, 0)->format, "PKCS1");
	assert_int_equal(made_key_fact(collecting, 0)->bits, 2048);
	assert_int_equal(made_key_fact(collecting, 0)->private, 1);
	assert_int_equal(made_key_fact(collecting, 0)->encrypted, 0);
	assert_string_equal(
	    made_key_fact(collecting, 0)->fingerprint, made_fingerprint_of(collecting->job, rsa));
	assert_int_equal(collecting_fact(collecting, FACT_key, 0)->offset, sizeof words);
	assert_string_equal(made_key_fact(collecting, 1)->format, "PKCS8");
	assert_string_equal(made_key_fact(collecting, 1)->curve, "prime256v1");
	assert_string_equal(made_key_fact(collecting, 2)->format, "SEC1");
	assert_string_equal(
	    made_key_fact(collecting, 2)->fingerprint, made_fingerprint_of(collecting->job, ec));
	assert_int_equal(made_key_fact(collecting, 3)->private, 0);
	assert_string_equal(made_key_fact(collecting, 3)->format, "SPKI");
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	collecting_free(collecting);
}

static void
tells_an_encrypted_key_without_asking_for_its_passphrase(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *rsa = EVP_RSA_gen(1024);
	BIO *out = BIO_new(BIO_s_mem());
	unsigned char word[] = "word";
	struct span bytes;

	(void)state;
	PEM_write_bio_PrivateKey_traditional(out, rsa, EVP_aes_128_cbc(), word, 4, NULL, NULL);
	PEM_write_bio_PKCS8PrivateKey(out, rsa, EVP_aes_128_cbc(), (char *)word, 4, NULL, NULL);
	bytes = made_taken(collecting->job, out);
	collecting_bytes(collecting, &collector_keys, "/etc/k.pem", bytes.at, bytes.size);
	assert_int_equal(collecting_count(collecting, FACT_key), 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(made_key_fact(collecting, i)->private, 1);
		assert_int_equal(made_key_fact(collecting, i)->encrypted, 1);
		assert_int_equal(made_key_fact(collecting, i)->bits, UNKNOWN);
		assert_null(made_key_fact(collecting, i)->fingerprint);
	}
	assert_string_equal(made_key_fact(collecting, 0)->algorithm, "RSA");
	EVP_PKEY_free(rsa);
	collecting_free(collecting);
}

static void
tells_a_certificate_and_that_the_key_beside_it_is_its_own(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *ec = EVP_EC_gen("P-384");
	X509 *x509 = made_certify(ec, true);
	const struct certificate_fact *certificate;
	BIO *out = BIO_new(BIO_s_mem());
	struct span bytes;

	(void)state;
	PEM_write_bio_X509(out, x509);
	PEM_write_bio_PrivateKey(out, ec, NULL, NULL, 0, NULL, NULL);
	bytes = made_taken(collecting->job, out);
	collecting_bytes(collecting, &collector_keys, "/etc/server.pem", bytes.at, bytes.size);
	certificate = &collecting_fact(collecting, FACT_certificate, 0)->as.certificate;
	assert_string_equal(certificate->subject_name, "CN=Thiết bị\\, 1");
	assert_string_equal(certificate->issuer_name, certificate->subject_name);
	assert_string_equal(certificate->serial_number, "1234");
	assert_int_equal(certificate->not_before, 1000000000);
	assert_int_equal(certificate->not_after, 2000000000);
	assert_string_equal(certificate->key_algorithm, "EC");
	assert_int_equal(certificate->key_bits, 384);
	assert_string_equal(certificate->signature_hash, "SHA256");
	assert_int_equal(certificate->is_ca, 1);
	assert_int_equal(certificate->self_signed, 1);
	assert_int_equal(certificate->embedded, 0);
	assert_int_equal(made_key_fact(collecting, 0)->embedded, 0);
	assert_int_equal(strlen(certificate->fingerprint), 64);
	assert_string_equal(
	    certificate->key_fingerprint, made_key_fact(collecting, 0)->fingerprint);
	X509_free(x509);
	EVP_PKEY_free(ec);
	collecting_free(collecting);
}

static void
reads_files_that_are_der(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *rsa = EVP_RSA_gen(1024);
	X509 *x509 = made_certify(rsa, false);
	BIO *outs[4];
	struct span bytes;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		outs[i] = BIO_new(BIO_s_mem());
	i2d_X509_bio(outs[0], x509);
	i2d_PKCS8PrivateKey_bio(outs[1], rsa, NULL, NULL, 0, NULL, NULL);
	i2d_PrivateKey_bio(outs[2], rsa);
	i2d_PUBKEY_bio(outs[3], rsa);
	for (size_t i = 0; i < 4; i++) {
		bytes = made_taken(collecting->job, outs[i]);
		collecting_bytes(collecting, &collector_keys, "/etc/x.der", bytes.at, bytes.size);
	}
	assert_int_equal(collecting_count(collecting, FACT_certificate), 1);
	assert_int_equal(collecting_fact(collecting, FACT_certificate, 0)->as.certificate.is_ca, 0);
	assert_int_equal(collecting_count(collecting, FACT_key), 3);
	assert_string_equal(made_key_fact(collecting, 0)->format, "PKCS8");
	assert_string_equal(made_key_fact(collecting, 1)->format, "PKCS1");
	assert_string_equal(made_key_fact(collecting, 2)->format, "SPKI");
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(made_key_fact(collecting, i)->fingerprint,
		    made_fingerprint_of(collecting->job, rsa));
	X509_free(x509);
	EVP_PKEY_free(rsa);
	collecting_free(collecting);
}

/* openssh-key-v1 around a public blob; `cipher` none or another. */
static struct span
openssh(struct job *job, struct span public, const char *cipher)
{
	struct text out = text_new(job), checks = text_new(job);
	unsigned char *base64 = arena_allocate(job, 4096);
	struct text pem = text_new(job);
	const char *text;

	text_put_bytes(&out, "openssh-key-v1", 15);
	put(&out, cipher, strlen(cipher));
	put(&out, "none", 4);
	put(&out, NULL, 0);
	text_put_bytes(&out, "\0\0\0\1", 4);
	put(&out, public.at, public.size);
	text_put_bytes(&checks, "abcdabcdprivate.....", 20);
	put(&out, checks.at, checks.size);
	EVP_EncodeBlock(base64, (unsigned char *)out.at, (int)out.size);
	text_put(&pem, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	for (size_t i = 0; base64[i] != '\0'; i++)
		text_printf(&pem, i % 70 == 69 ? "%c\n" : "%c", base64[i]);
	text_put(&pem, "\n-----END OPENSSH PRIVATE KEY-----\n");
	assert_int_equal(text_finish(&pem, &text), STATUS_OK);
	return (struct span){.at = (const uint8_t *)text, .size = pem.size};
}

static void
reads_the_keys_of_ssh_servers(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
		 *ec = EVP_EC_gen("P-256");
	struct text dropbear = text_new(collecting->job), blob = text_new(collecting->job),
		    line = text_new(collecting->job);
	unsigned char base64[1024], both[64], point[65];
	size_t size = 32;
	struct span bytes;

	(void)state;
	put(&dropbear, "ssh-rsa", 7);
	put_number(&dropbear, rsa, "e");
	put_number(&dropbear, rsa, "n");
	put(&blob, NULL, 0); /* makes room for nothing: the blob starts here */
	blob.size = 0;
	text_put_bytes(&blob, dropbear.at, dropbear.size);
	put_number(&dropbear, rsa, "d");
	collecting_bytes(collecting, &collector_keys, "/etc/dropbear/dropbear_rsa_host_key",
	    dropbear.at, dropbear.size);
	/* the public blob alone is no private key */
	collecting_bytes(collecting, &collector_keys, "/etc/dropbear/x", blob.at, blob.size);
	assert_int_equal(collecting_count(collecting, FACT_key), 1);
	EVP_EncodeBlock(base64, (unsigned char *)blob.at, (int)blob.size);
	text_printf(&line, "# comment\nno-pty ssh-rsa %s admin@vendor\nssh-rsa AAAA broken\n",
	    (char *)base64);
	collecting_bytes(
	    collecting, &collector_keys, "/root/.ssh/authorized_keys", line.at, line.size);
	bytes = openssh(
	    collecting->job, (struct span){.at = (uint8_t *)blob.at, .size = blob.size}, "none");
	collecting_bytes(
	    collecting, &collector_keys, "/etc/ssh/ssh_host_rsa_key", bytes.at, bytes.size);
	bytes = openssh(collecting->job, (struct span){.at = (uint8_t *)blob.at, .size = blob.size},
	    "aes256-ctr");
	collecting_bytes(collecting, &collector_keys, "/root/.ssh/id_rsa", bytes.at, bytes.size);
	assert_int_equal(collecting_count(collecting, FACT_key), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(made_key_fact(collecting, i)->fingerprint,
		    made_fingerprint_of(collecting->job, rsa));
	assert_string_equal(made_key_fact(collecting, 0)->format, "dropbear");
	assert_int_equal(made_key_fact(collecting, 0)->private, 1);
	assert_int_equal(made_key_fact(collecting, 1)->private, 0);
	assert_int_equal(collecting_fact(collecting, FACT_key, 1)->offset, 17);
	assert_int_equal(made_key_fact(collecting, 2)->encrypted, 0);
	assert_int_equal(made_key_fact(collecting, 3)->encrypted, 1);

	dropbear = text_new(collecting->job);
	put(&dropbear, "ssh-ed25519", 11);
	EVP_PKEY_get_raw_private_key(edwards, both, &size);
	EVP_PKEY_get_raw_public_key(edwards, both + 32, &size);
	put(&dropbear, both, 64);
	collecting_bytes(
	    collecting, &collector_keys, "/etc/dropbear/ed", dropbear.at, dropbear.size);
	assert_string_equal(made_key_fact(collecting, 4)->algorithm, "Ed25519");
	assert_string_equal(made_key_fact(collecting, 4)->fingerprint,
	    made_fingerprint_of(collecting->job, edwards));

	dropbear = text_new(collecting->job);
	put(&dropbear, "ecdsa-sha2-nistp256", 19);
	put(&dropbear, "nistp256", 8);
	EVP_PKEY_get_octet_string_param(ec, "pub", point, sizeof point, &size);
	put(&dropbear, point, size);
	put_number(&dropbear, ec, "priv");
	collecting_bytes(
	    collecting, &collector_keys, "/etc/dropbear/ec", dropbear.at, dropbear.size);
	assert_string_equal(made_key_fact(collecting, 5)->curve, "prime256v1");
	assert_string_equal(
	    made_key_fact(collecting, 5)->fingerprint, made_fingerprint_of(collecting->job, ec));
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(edwards);
	EVP_PKEY_free(ec);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *ec = EVP_EC_gen("P-256");
	X509 *x509 = made_certify(ec, false);
	BIO *pem = BIO_new(BIO_s_mem()), *der = BIO_new(BIO_s_mem());
	struct text dropbear = text_new(collecting->job);
	unsigned char point[65];
	size_t size;
	struct span bytes;

	(void)state;
	PEM_write_bio_X509(pem, x509);
	PEM_write_bio_PrivateKey(pem, ec, NULL, NULL, 0, NULL, NULL);
	bytes = made_taken(collecting->job, pem);
	collecting_bear(&collector_keys, "/etc/x.pem", bytes.at, bytes.size, 3);
	i2d_X509_bio(der, x509);
	bytes = made_taken(collecting->job, der);
	collecting_bear(&collector_keys, "/etc/x.der", bytes.at, bytes.size, 1);
	put(&dropbear, "ecdsa-sha2-nistp256", 19);
	put(&dropbear, "nistp256", 8);
	EVP_PKEY_get_octet_string_param(ec, "pub", point, sizeof point, &size);
	put(&dropbear, point, size);
	bytes = openssh(collecting->job,
	    (struct span){.at = (uint8_t *)dropbear.at, .size = dropbear.size}, "none");
	collecting_bear(&collector_keys, "/etc/ssh/k", bytes.at, bytes.size, 2);
	put_number(&dropbear, ec, "priv");
	collecting_bear(&collector_keys, "/etc/dropbear/k", dropbear.at, dropbear.size, 1);
	X509_free(x509);
	EVP_PKEY_free(ec);
	collecting_free(collecting);
}

static void
tells_a_der_key_with_bytes_behind_it_and_an_encrypted_one(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *plain = BIO_new(BIO_s_mem()), *encrypted = BIO_new(BIO_s_mem());
	uint8_t padding[5000] = {0};
	struct span bytes;

	(void)state;
	i2d_PKCS8PrivateKey_bio(plain, key, NULL, NULL, 0, NULL, NULL);
	BIO_write(plain, padding, sizeof padding);
	bytes = made_taken(collecting->job, plain);
	collecting_bytes(collecting, &collector_keys, "/etc/key.der", bytes.at, bytes.size);
	i2d_PKCS8PrivateKey_bio(encrypted, key, EVP_aes_128_cbc(), "secret", 6, NULL, NULL);
	bytes = made_taken(collecting->job, encrypted);
	collecting_bytes(collecting, &collector_keys, "/etc/sealed.der", bytes.at, bytes.size);
	assert_int_equal(collecting_count(collecting, FACT_key), 2);
	assert_int_equal(made_key_fact(collecting, 0)->private, 1);
	assert_int_equal(made_key_fact(collecting, 0)->encrypted, 0);
	assert_string_equal(
	    made_key_fact(collecting, 0)->fingerprint, made_fingerprint_of(collecting->job, key));
	assert_int_equal(made_key_fact(collecting, 1)->private, 1);
	assert_int_equal(made_key_fact(collecting, 1)->encrypted, 1);
	EVP_PKEY_free(key);
	collecting_free(collecting);
}

static void
tells_a_pkcs12_file_and_whether_it_asks_for_a_password(void **state)
{
	static const char *const passwords[] = {"secret", ""};
	struct collecting *collecting = collecting_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = made_certify(key, false);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(passwords); i++) {
		PKCS12 *file = PKCS12_create(passwords[i], "unit", key, x509, NULL, 0, 0, 0, 0, 0);
		BIO *out = BIO_new(BIO_s_mem());
		struct span bytes;

		assert_non_null(file);
		i2d_PKCS12_bio(out, file);
		PKCS12_free(file);
		bytes = made_taken(collecting->job, out);
		collecting_bytes(
		    collecting, &collector_keys, "/etc/unit.p12", bytes.at, bytes.size);
		if (i == 0)
			collecting_bear(&collector_keys, "/etc/unit.p12", bytes.at, bytes.size, 7);
	}
	assert_int_equal(collecting_count(collecting, FACT_key), 2);
	for (size_t i = 0; i < ARRAY_SIZE(passwords); i++) {
		assert_string_equal(made_key_fact(collecting, i)->format, "PKCS12");
		assert_int_equal(made_key_fact(collecting, i)->private, 1);
		assert_int_equal(made_key_fact(collecting, i)->encrypted, i == 0);
	}
	X509_free(x509);
	EVP_PKEY_free(key);
	collecting_free(collecting);
}

static void
a_file_of_more_blocks_than_are_read_is_not_called_read(void **state)
{
	struct collecting *collecting = collecting_new();
	struct text text = text_new(collecting->job);
	const char *bytes;
	bool wanted;

	(void)state;
	for (int i = 0; i < 4097; i++)
		text_put(&text, "-----BEGIN -----\n");
	assert_int_equal(text_finish(&text, &bytes), STATUS_OK);
	assert_int_equal(
	    collecting_status(collecting, &collector_keys, "/etc/a", bytes, strlen(bytes), &wanted),
	    STATUS_LIMIT);
	collecting_free(collecting);
}

/* Made by puttygen 0.78 -t ed25519 --new-passphrase with none, and by signify-openbsd -G -n. */
static void
reads_putty_and_signify(void **state)
{
	static const char putty[] =
	    "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: unit\nPublic-Lines: 2\n"
	    "AAAAC3NzaC1lZDI1NTE5AAAAIKxxeV4sVLYIifO+1svFEO42svAJub8IgMDCQ8tL\nLfSc\n"
	    "Private-Lines: 1\nAAAAIE/G0eyfBxwbZ90D3Dd/o2ZEaTlQD2YEpIsXGw2mpERh\n"
	    "Private-MAC: 00\n";
	static const char signify[] = "untrusted comment: signify public key\n"
				      "RWS0YOQdfR4qYJ6cmT22UTdpExlTN+s963tUpnIk0UNsWcp0jP3uWMhf\n";
	static const char secret[] =
	    "untrusted comment: signify secret key\n"
	    "RWRCSwAAAABW0Nilv2k7AcXjxIJnO7CqX2epXjnGDtq0YOQdfR4qYIvhuJGNNGHs7FNAoziPAHUTLEhq2RRsV"
	    "/aaB4XqU+DmnpyZPbZRN2kTGVM36z3re1SmciTRQ2xZynSM/e5YyF8=\n";
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_keys, "/root/unit.ppk", putty);
	assert_int_equal(collecting_count(collecting, FACT_key), 1);
	assert_string_equal(made_key_fact(collecting, 0)->algorithm, "Ed25519");
	assert_string_equal(made_key_fact(collecting, 0)->format, "PuTTY");
	assert_int_equal(made_key_fact(collecting, 0)->private, 1);
	assert_int_equal(made_key_fact(collecting, 0)->encrypted, 0);
	collecting_text(collecting, &collector_keys, "/etc/opkg/keys/2c302ea14580", signify);
	assert_int_equal(collecting_count(collecting, FACT_key), 2);
	assert_string_equal(made_key_fact(collecting, 1)->format, "signify");
	assert_int_equal(made_key_fact(collecting, 1)->private, 0);
	assert_string_equal(made_key_fact(collecting, 1)->purpose, "update");
	collecting_text(collecting, &collector_keys, "/root/k.sec", secret);
	assert_int_equal(made_key_fact(collecting, 2)->private, 1);
	assert_int_equal(made_key_fact(collecting, 2)->encrypted, 0);
	assert_string_equal(
	    made_key_fact(collecting, 2)->fingerprint, made_key_fact(collecting, 1)->fingerprint);
	collecting_bear(&collector_keys, "/root/unit.ppk", putty, sizeof putty - 1, 1);
	collecting_bear(&collector_keys, "/etc/k", signify, sizeof signify - 1, 1);
	collecting_free(collecting);
}

/* Made by gpg 2.2 for this test, the second under a passphrase. */
static void
reads_openpgp(void **state)
{
	static const char *const texts[] = {
	    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n"
	    "\n"
	    "lFgEaw1BHRYJKwYBBAHaRw8BAQdAMkj+22RAuAeaVRcyVkvnjMmE2ZpMp6+j0qUo\n"
	    "p/8PQUEAAPwJSLiUhUd+GgTYQch/tOp0275UkDwoOkdU/N2ZhV39BhCAtAR1bml0\n"
	    "iJYEExYIAD4WIQTRK6jL0YvdxwJz/2OKlC6+tjQFbgUCaw1BHQIbAQUJA8JnAAUL\n"
	    "CQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRCKlC6+tjQFbpuYAQCcRiX+mn7gjDvq\n"
	    "CNg4+wKdOeblwT7Th6Gfmx0LoowIAwD/R52nkJGKpGhjheUIuaiXILlmXcf3V1NZ\n"
	    "hAfIKrm1eA8=\n"
	    "=LOhN\n"
	    "-----END PGP PRIVATE KEY BLOCK-----\n",
	    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n"
	    "\n"
	    "lIYEaw1BHRYJKwYBBAHaRw8BAQdA5Gkj+H3Upjw5zaP+AX5TXIJBxa5kHjfiVN8z\n"
	    "s3kpHlv+BwMCCHD+9mrH9wD/U7KYy7Bw3PzmgGDZe/SwtqNYc7V18QsQkFk63Hnr\n"
	    "s6f/m6/EtjaZpDQ/o9D1FowZ7ZSIGDWSethbJnGuxZWMgxqM0leLjbQEdW5pdIiV\n"
	    "BBMWCAA+FiEEHV1DI0lgoZ65unuGEYN1jumL69UFAmsNQR0CGwEFCQPCZwAFCwkI\n"
	    "BwIGFQoJCAsCBBYCAwECHgECF4AACgkQEYN1jumL69US4AD1GSxUCu6J7r7yfN8t\n"
	    "gk6jtDsLQXEy6G2GMOVTJ/5XdAEA3v+9sHE5ts2AEoe3qrKRYyR50qwyJf18Zv0z\n"
	    "yXJqZAc=\n"
	    "=K60n\n"
	    "-----END PGP PRIVATE KEY BLOCK-----\n",
	};
	struct collecting *collecting = collecting_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		collecting_text(collecting, &collector_keys, "/root/signing.asc", texts[i]);
		assert_int_equal(collecting_count(collecting, FACT_key), i + 1);
		assert_string_equal(made_key_fact(collecting, i)->format, "OpenPGP");
		assert_string_equal(made_key_fact(collecting, i)->algorithm, "EdDSA");
		assert_int_equal(made_key_fact(collecting, i)->private, 1);
		assert_int_equal(made_key_fact(collecting, i)->encrypted, i);
		collecting_bear(
		    &collector_keys, "/root/signing.asc", texts[i], strlen(texts[i]), 3);
	}
	collecting_free(collecting);
}

static void
tells_what_a_key_is_for_by_its_place(void **state)
{
	static const char *const rows[][2] = {
	    {"/etc/ssh/ssh_host_ecdsa_key", "host key"},
	    {"/etc/uhttpd.key", "TLS"},
	    {"/etc/rauc/keyring.pem", "update"},
	    {"/etc/openvpn/unit.pem", "VPN"},
	    {"/bin/app", NULL},
	};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct collecting *collecting = collecting_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span bytes = made_embedded(collecting->job, key, NULL, "pkcs8");

		collecting_bytes(collecting, &collector_keys, rows[i][0], bytes.at, bytes.size);
		if (rows[i][1] == NULL)
			assert_null(made_key_fact(collecting, i)->purpose);
		else
			assert_string_equal(made_key_fact(collecting, i)->purpose, rows[i][1]);
	}
	EVP_PKEY_free(key);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_private_keys_in_pem_wherever_they_stand),
	    cmocka_unit_test(tells_an_encrypted_key_without_asking_for_its_passphrase),
	    cmocka_unit_test(tells_a_certificate_and_that_the_key_beside_it_is_its_own),
	    cmocka_unit_test(reads_files_that_are_der),
	    cmocka_unit_test(reads_the_keys_of_ssh_servers),
	    cmocka_unit_test(bears_any_bytes),
	    cmocka_unit_test(tells_a_der_key_with_bytes_behind_it_and_an_encrypted_one),
	    cmocka_unit_test(tells_a_pkcs12_file_and_whether_it_asks_for_a_password),
	    cmocka_unit_test(a_file_of_more_blocks_than_are_read_is_not_called_read),
	    cmocka_unit_test(reads_putty_and_signify),
	    cmocka_unit_test(reads_openpgp),
	    cmocka_unit_test(tells_what_a_key_is_for_by_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
