/*
 * The statement that tester, reviewer and decider each sign about one case.
 *
 * The three statements differ in `role` alone; a certificate is built from
 * them, and only from a case whose statements all say PASS.
 */
#ifndef CERT_STATEMENT_H
#define CERT_STATEMENT_H

#include "cert/signature.h"

#define STATEMENT_SIGNERS 3
#define STATEMENT_MAX_SIZE ((size_t)16 << 10)
#define STATEMENT_MAX_FIRMWARE 32

enum role { ROLE_TESTER, ROLE_REVIEWER, ROLE_DECISION, ROLE_COUNT };

struct statement {
	const char *role; /* tester, reviewer or decision */
	const char *case_id;
	const char *model, *hardware, *firmware_version; /* of the subject; hardware may be NULL */
	const struct digest *firmware; /* SHA-256 of its images, ascending, each once */
	size_t firmware_count;
	const char *profile; /* id */
	struct digest profile_digest, catalogue_digest, evidence_digest, reference_digest;
	struct digest vulnerability_digest, assessment_digest;
	struct digest
	    claims_digest;   /* certificate_claims_digest of what the certificate will say */
	const char *verdict; /* overall: PASS, FAIL or INCONCLUSIVE */
	bool trial;
	int64_t assessed_at; /* `now` of the assessment, Unix seconds */
	const char *program_version;
	int64_t corrections;        /* findings that two people ruled false */
	struct digest journal_head; /* of the case before the first of the three signatures */
};

const char *role_name(enum role role);
/* ROLE_COUNT when there is no such role. */
enum role role_named(const char *name);

/* The one spelling of a statement: what is signed.  STATUS_MALFORMED names an unfit field. */
enum status statement_write(struct job *job, const struct statement *statement, struct span *bytes);
enum status statement_read(struct job *job, struct span bytes, struct statement *statement);

/* Signs it: refuses a person whose certificate is not for that role. */
enum status statement_sign(struct job *job, const struct statement *statement,
    const struct key *key, const struct identity *person, int64_t now, struct span *der);

/*
 * Reads a signed statement and checks its signature and that the signer's
 * certificate carries the statement's role.  The trust list is not consulted.
 *
 * STATUS_MALFORMED, STATUS_REFUSED  as signature_read; wrong role: refused
 */
enum status statement_verify(struct job *job, struct identity_cache *cache, struct span der,
    struct statement *statement, const struct identity **person, int64_t *signed_at);

/* The same case, subject, digests and verdict: all but the role. */
bool statement_agrees(struct job *job, const struct statement *a, const struct statement *b);

#endif
