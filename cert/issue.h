/*
 * From a signed case to a signed certificate: what is asked of the signer, and
 * what it checks again before its key is used.
 */
#ifndef CERT_ISSUE_H
#define CERT_ISSUE_H

#include "cert/authority.h"

#define ISSUE_REQUEST_MAX_SIZE ((size_t)64 << 10)

/*
 * What a case contributes.  The claims are complete but for what the body adds
 * at issue: issued, expires, body, body_name, designation, signer, signer_role,
 * trial, method_circular, method_number, lot, declaration.
 */
struct issue_input {
	struct certificate claims;
	struct span statements[STATEMENT_SIGNERS]; /* CMS of tester, reviewer, decision */
	bool trial_only; /* the profile is a reading: nothing but trial certificates */
};

/* The request as bytes; STATUS_LIMIT above ISSUE_REQUEST_MAX_SIZE. */
enum status issue_request_write(
    struct job *job, const struct issue_input *input, struct span *bytes);

/*
 * Checks a request and builds the certificate that may be signed:
 * - three statements by three different, enrolled people in their roles, each
 *   certificate issued by the root, none signed after `now`;
 * - the statements agree in all but the role, and say PASS;
 * - subject, digests, profile and the rest of the claims are the statements';
 * - the signer named is who decided, the laboratory is the tester's;
 * - assessed not after `now`, and not more than 90 days before;
 * - issued today, and the body of `signer` has the right to.
 *
 * signer  certificate of the body that will sign
 *
 * STATUS_REFUSED    one of these does not hold: the reason says which
 * STATUS_MALFORMED  not a request
 */
enum status issue_decide(struct job *job, struct span request, const struct trust *trust,
    const struct identity *signer, int64_t now, struct span *xml);

#endif
