/*
 * The signer is another program, hopquy-signer: the only process that holds a
 * body's key, and one that re-checks what it is asked to sign (cert/issue.h).
 *
 * It reads one FRAME_REQUEST on its standard input and answers on its standard
 * output with FRAME_REPLY (the signed certificate) or FRAME_DONE (u16 status,
 * the reason as a string).
 */
#ifndef APP_PROCESS_SIGN_H
#define APP_PROCESS_SIGN_H

#include "base/job.h"
#include "base/span.h"

struct sign_files {
	const char *program;     /* path of hopquy-signer */
	const char *key;         /* PEM file, or a pkcs11: URI */
	const char *certificate; /* PEM file of the body's certificate */
	const char *trust;       /* the authority's trust list */
};

/* hopquy-signer beside the running program; NULL when out of budget. */
const char *signer_path(struct job *job);

/*
 * STATUS_UNAVAILABLE  the signer cannot be started, or died
 * STATUS_REFUSED      it refuses, for the reason recorded
 */
enum status process_sign(
    struct job *job, const struct sign_files *files, struct span request, struct span *der);

#endif
