/*
 * An identity is an X.509 certificate of a person, a body or the authority,
 * known everywhere by the SHA-256 of its DER.
 *
 * Subject names are CN = person or body, O = body, OU = role.  What a body may
 * certify stands in the trust list, which is what is enforced; the certificate
 * repeats it in a non-critical extension for people who look.
 *
 * Source: RFC 5280.
 */
#ifndef CERT_IDENTITY_H
#define CERT_IDENTITY_H

#include "base/digest.h"
#include "base/job.h"
#include "base/span.h"
#include "cert/key.h"

#define IDENTITY_MAX_SIZE ((size_t)16 << 10)

struct identity {
	struct digest fingerprint;
	struct span der;
	const char *name;              /* CN */
	const char *organisation;      /* O; NULL when absent */
	const char *role;              /* OU; NULL when absent */
	int64_t not_before, not_after; /* Unix seconds */
	struct digest key;             /* SHA-256 of the public key (SubjectPublicKeyInfo) */
	struct span issuer_and_serial; /* DER content of CMS IssuerAndSerialNumber */
};

/* STATUS_MALFORMED: not a certificate for ECDSA P-256, or trailing bytes.  Copies nothing but
 * names. */
enum status identity_read(struct job *job, struct span der, struct identity *identity);
/* The same from a PEM file's bytes (its first certificate). */
enum status identity_read_pem(struct job *job, struct span pem, struct identity *identity);
enum status identity_to_pem(struct job *job, struct span der, struct span *pem);

/* The certificate is for this private key. */
bool identity_has_key(const struct identity *identity, const struct key *key);
/* STATUS_REFUSED unless `issuer` signed the certificate of `identity`. */
enum status identity_check_issuer(
    struct job *job, const struct identity *identity, const struct identity *issuer);

struct identity_request {
	const char *name, *organisation, *role; /* NULL leaves a part of the name out */
	const char *scope;                      /* text of the scope extension; NULL for none */
	int64_t not_before, not_after;
	bool is_authority;           /* CA:TRUE, signs certificates */
	struct span signing_request; /* PKCS #10, PEM or DER: whose key it is for; empty: `key` */
	const struct key *key;
};

/*
 * Issues a certificate: by `issuer` with `issuer_key`, or signed by itself
 * when `issuer` is NULL.  The name in a signing request is not used.
 *
 * STATUS_MALFORMED  the signing request is none, or not signed by its own key
 */
enum status identity_issue(struct job *job, const struct identity_request *request,
    const struct identity *issuer, const struct key *issuer_key, struct identity *identity);

/* A PKCS #10 request for `key`, PEM. */
enum status identity_make_request(
    struct job *job, const struct key *key, const char *name, struct span *pem);

/*
 * Certificates decoded once and kept by fingerprint: decoding costs more than
 * checking a signature.  Not for several threads.  identity_cache_free takes NULL.
 */
struct identity_cache;
struct identity_cache *identity_cache_new(void);
void identity_cache_free(struct identity_cache *cache);
/* Like identity_read; with a cache, what is returned lives as long as the cache or the job. */
enum status identity_decode(struct job *job, struct identity_cache *cache, struct span der,
    const struct identity **identity);

/*
 * Checks an ECDSA signature (DER) over the SHA-256 digest `digest`.
 * cache  may be NULL
 * STATUS_REFUSED  it is not by this identity
 */
enum status identity_check_signature(struct job *job, struct identity_cache *cache,
    const struct identity *identity, const struct digest *digest, struct span signature);

#endif
