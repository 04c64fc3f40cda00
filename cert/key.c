/*
 * A key goes from its file to OpenSSL and nowhere else.
 */
#include "cert/key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* struct key is never completed: it is an EVP_PKEY by another name. */
void *
key_handle(const struct key *key)
{
	return (void *)(uintptr_t)key;
}

static const char *
type_name(enum key_type type)
{
	return type == KEY_P256 ? "ECDSA P-256" : "Ed25519";
}

static bool
is_type(const EVP_PKEY *key, enum key_type type)
{
	char group[32] = "";

	if (type == KEY_ED25519)
		return EVP_PKEY_is_a(key, "ED25519");
	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       strcmp(group, "prime256v1") == 0;
}

enum status
key_generate(struct job *job, enum key_type type, struct key **key)
{
	EVP_PKEY *made =
	    type == KEY_P256 ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (made == NULL)
		return fail(job, STATUS_FAULT, "key: cannot generate %s", type_name(type));
	*key = (struct key *)made;
	return STATUS_OK;
}

void
key_free(struct key *key)
{
	EVP_PKEY_free((EVP_PKEY *)key);
}

/* Called for an encrypted file only; the answer is that there is no pass phrase. */
static int
refuse_pass_phrase(char *buffer, int size, int writing, void *asked)
{
	(void)buffer;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

enum status
key_read(struct job *job, const char *path, enum key_type type, struct key **key)
{
	enum status status = STATUS_OK;
	bool encrypted = false;
	EVP_PKEY *read = NULL;
	BIO *file;

	if (text_starts_with(path, "pkcs11:"))
		return fail(job, STATUS_UNAVAILABLE,
		    "key %s: no token support in this release; use a PEM file", path);
	file = BIO_new_file(path, "r");
	if (file == NULL)
		return fail(job, STATUS_MISSING, "key %s: %s", path, strerror(errno));
	read = PEM_read_bio_PrivateKey(file, NULL, refuse_pass_phrase, &encrypted);
	if (encrypted)
		status = fail(job, STATUS_UNAVAILABLE,
		    "key %s: no support for pass phrases in this release", path);
	else if (read == NULL || !is_type(read, type))
		status = fail(job, STATUS_MALFORMED, "key %s: not a PEM private key for %s", path,
		    type_name(type));
	BIO_free(file);
	if (status == STATUS_OK)
		*key = (struct key *)read;
	else
		EVP_PKEY_free(read);
	return status;
}

enum status
key_write_new(struct job *job, const struct key *key, const char *path)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	BIO *file;
	bool good;

	if (descriptor < 0)
		return fail(job, STATUS_CANNOT_CREATE, "key %s: %s", path, strerror(errno));
	file = BIO_new_fd(descriptor, BIO_NOCLOSE);
	good = file != NULL &&
	       PEM_write_bio_PrivateKey(file, key_handle(key), NULL, NULL, 0, NULL, NULL) == 1 &&
	       fsync(descriptor) == 0;
	BIO_free(file);
	close(descriptor);
	if (good)
		return STATUS_OK;
	unlink(path);
	return fail(job, STATUS_IO, "key %s: cannot write", path);
}

enum status
key_public_bytes(struct job *job, const struct key *key, struct digest *bytes)
{
	size_t size = sizeof(bytes->bytes);

	if (EVP_PKEY_get_raw_public_key(key_handle(key), bytes->bytes, &size) != 1 ||
	    size != sizeof(bytes->bytes))
		return fail(job, STATUS_FAULT, "key: no raw public key");
	return STATUS_OK;
}
