/*
 * Public keys that may verify an update: those somebody gave, and those found in the image.
 *
 * A key found in the image proves no maker: it came with what it is to vouch
 * for.  A given key is tried first, and alone decides whether an update is genuine.
 */
#ifndef FIRMWARE_KEY_RING_H
#define FIRMWARE_KEY_RING_H

#include <openssl/types.h>

#include "base/digest.h"

#define KEY_FILE_MAX ((size_t)1 << 20)
#define KEY_RING_MAX_TRIALS ((size_t)50000)
#define KEY_NUMBER_SIZE 8u /* of usign and signify */

/* A file the operator trusts, as it was read. */
struct key_file {
	const char *name;
	struct span bytes;
};

struct key {
	const char *name; /* of its file */
	bool given;
	EVP_PKEY *public_key;
	X509 *certificate; /* it came in; NULL: a bare key */
	bool has_number;
	uint8_t number[KEY_NUMBER_SIZE];
	char fingerprint[DIGEST_HEX_SIZE]; /* SHA-256 of its SubjectPublicKeyInfo */
};

struct key_ring {
	struct job *job; /* names live there */
	struct key *keys;
	size_t count, given;
	/* containers whose signature was read while their bytes passed by */
	const char **seen;
	size_t seen_count;
	size_t trials; /* so far, of a key on a signature */
};

/* An empty ring in the arena; NULL when out of budget.  key_ring_free() is the caller's. */
struct key_ring *key_ring_new(struct job *job);
void key_ring_free(struct key_ring *ring);

/*
 * Takes what `bytes` holds: PEM (certificates, public keys, several), DER of
 * one of them or of an RSAPublicKey, a public key of usign or signify.
 * `*added` counts; a key already there counts too.  What is no key is skipped.
 */
enum status key_ring_read(
    struct key_ring *ring, const char *name, struct span bytes, bool given, size_t *added);

/* An RSA key of these numbers, big-endian; the key becomes the ring's. */
enum status key_ring_add_rsa(
    struct key_ring *ring, const char *name, struct span modulus, struct span exponent);

/* The RSA keys of a boot loader's device tree, named "key-NAME"; what is no such tree has none. */
enum status key_ring_read_tree(struct key_ring *ring, struct span tree);

/* That a container's signature was read; STATUS_LIMIT when memory ended. */
enum status key_ring_note(struct key_ring *ring, const char *path);
/* Was it?  NULL: no ring, nothing noted.  `path` may lie below one that was noted. */
bool key_ring_noted(const struct key_ring *ring, const char *path);

/* Makes of a public key what a ring holds; takes it over, also on failure. */
enum status key_make(struct job *job, const char *name, EVP_PKEY *public_key, struct key *key);

/* The same for an RSA key of these numbers, big-endian; `key->public_key` is NULL when they make
 * none. */
enum status key_make_rsa(
    struct job *job, const char *name, struct span modulus, struct span exponent, struct key *key);

#endif
