/*
 * Private keys: ECDSA P-256 for signatures that mean something in law, Ed25519
 * for the log's checkpoints.
 *
 * A key is never in an arena; OpenSSL wipes it when it is freed.
 */
#ifndef CERT_KEY_H
#define CERT_KEY_H

#include "base/digest.h"
#include "base/job.h"
#include "base/span.h"

struct key; /* a private key; key_free also takes NULL */

enum key_type { KEY_P256, KEY_ED25519 };

enum status key_generate(struct job *job, enum key_type type, struct key **key);
void key_free(struct key *key);

/*
 * Reads an unencrypted PEM file; the type must be the one asked for.
 *
 * STATUS_MISSING      the file cannot be opened
 * STATUS_MALFORMED    not such a key
 * STATUS_UNAVAILABLE  a pkcs11: URI or an encrypted file: no support in this release
 */
enum status key_read(struct job *job, const char *path, enum key_type type, struct key **key);

/* Writes a new PEM file, mode 0600; STATUS_CANNOT_CREATE when there already is one. */
enum status key_write_new(struct job *job, const struct key *key, const char *path);

/* The 32 raw bytes of an Ed25519 public key. */
enum status key_public_bytes(struct job *job, const struct key *key, struct digest *bytes);

/* For the other files of this folder: the EVP_PKEY. */
void *key_handle(const struct key *key);

#endif
