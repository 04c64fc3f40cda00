/*
 * What stands on the box and in the customs declaration, held against the certificate.
 */
#ifndef CERT_EXPECTATION_H
#define CERT_EXPECTATION_H

#include "cert/verification.h"

/* Adds a reason of that outcome; see struct reason. */
void verification_add(struct verification *verification, enum outcome outcome, const char *text,
    const char *first, const char *second, const char *third);

/* STATUS_USAGE for a name that is none of expectation_names. */
enum status expectations_check(
    struct job *job, const struct verification_request *request, struct verification *verification);

/* The goods are among what a reduced certificate no longer covers. */
void expectation_check_removed(const struct change *change,
    const struct verification_request *request, struct verification *verification);

#endif
