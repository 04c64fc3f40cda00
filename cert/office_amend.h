/*
 * How a change of the trust list is made: read, altered, published as the next one.
 */
#ifndef CERT_OFFICE_AMEND_H
#define CERT_OFFICE_AMEND_H

#include "cert/office.h"

/*
 * Nothing is published unless `change` returns STATUS_OK.
 * context  handed to `change`
 */
enum status office_amend(struct job *job, const char *folder, int64_t now,
    enum status (*change)(
	struct job *job, struct trust *trust, const struct key *root_key, void *context),
    void *context);

#endif
