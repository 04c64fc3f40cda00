/*
 * A small country for tests: an authority, one body, its three people and a
 * registry, made in a temporary folder in a few milliseconds.  No key is kept.
 */
#ifndef TESTS_SUPPORT_PKI_H
#define TESTS_SUPPORT_PKI_H

#include "cert/issue.h"
#include "cert/office.h"
#include "cert/registry.h"
#include "cert/verification.h"

#define PKI_NOW INT64_C(1795305600) /* 2026-11-22T00:00:00Z: 07:00 of that day in Vietnam */
#define PKI_PROFILE "qcvn-11-2026"
#define PKI_BODY "Vinacert Thử nghiệm"

struct pki {
	struct job *job;
	int64_t now; /* when all of it was made, and signs */
	char folder[64];
	const char *authority, *registry; /* folders */
	struct key *body_key;
	struct identity body;
	struct key *people_keys[STATEMENT_SIGNERS];
	struct identity people[STATEMENT_SIGNERS];
	struct digest profile_digest, catalogue_digest, reference_digest, firmware;
};

struct pki *pki_new(void); /* at PKI_NOW */
struct pki *pki_new_at(int64_t now);
void pki_free(struct pki *pki);
/* Reads the trust list as it is now. */
struct trust pki_trust(struct pki *pki);

/* Claims a body may certify: method 5, three years. */
struct certificate pki_claims(struct pki *pki);
struct statement pki_statement(struct pki *pki, const struct certificate *claims, enum role role);
/* Three good statements on the claims. */
void pki_sign_statements(struct pki *pki, struct issue_input *input);
/* Signs claims as the body, without any check. */
struct span pki_sign(struct pki *pki, const struct certificate *claims);
/* Claims with this reference (each its own certificate), signed and accepted at `now`. */
struct span pki_register(
    struct pki *pki, const char *reference, int64_t now, char number[NUMBER_SIZE]);
struct bundle pki_bundle(struct pki *pki, int64_t now);
/* A new key's signing request. */
struct span pki_request(struct pki *pki, struct key **key);

#endif
