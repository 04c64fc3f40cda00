/*
 * Keys and certificates made for a test, and what a collector says of them.
 */
#ifndef TESTS_SUPPORT_MADE_KEYS_H
#define TESTS_SUPPORT_MADE_KEYS_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "tests/support/collecting.h"

/* What OpenSSL wrote into a memory BIO, copied into the job's arena; frees the BIO. */
struct span made_taken(struct job *job, BIO *out);
char *made_fingerprint_of(struct job *job, EVP_PKEY *key);
const struct key_fact *made_key_fact(const struct collecting *collecting, size_t n);
X509 *made_certify(EVP_PKEY *key, bool ca);
/* `key` in the encoding that `how` names, within other bytes, as a program holds it. */
struct span made_embedded(struct job *job, EVP_PKEY *key, X509 *x509, const char *how);

#endif
