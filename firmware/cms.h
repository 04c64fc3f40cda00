/*
 * CMS messages as update bundles carry them: who signed, for whom, what is in it.
 *
 * That they parse is all that is said: nothing is verified here.
 */
#ifndef FIRMWARE_CMS_H
#define FIRMWARE_CMS_H

#include "base/job.h"
#include "base/span.h"

#define CMS_MAX_SIZE ((size_t)1 << 20)

struct cms {
	enum { CMS_NONE, CMS_SIGNED, CMS_ENVELOPED } type;
	size_t signers;      /* of a signed message */
	size_t recipients;   /* of an enveloped one */
	const char *name;    /* of the first signer's certificate, or of its issuer; may be NULL */
	struct span content; /* attached to a signed message, a copy; else empty */
};

/* Reads a message that is `der` to the last byte; CMS_NONE when it is none. */
enum status cms_read(struct job *job, struct span der, struct cms *cms);

#endif
