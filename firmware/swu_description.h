/*
 * What a SWUpdate package says of its artefacts.
 */
#ifndef FIRMWARE_SWU_DESCRIPTION_H
#define FIRMWARE_SWU_DESCRIPTION_H

#include "firmware/newc.h"

#define SWU_MAX_ARTEFACTS 256u

struct swu_artefact {
	struct span name, sha256; /* in hexadecimal */
	bool encrypted, compressed;
};

struct swu_description {
	bool readable; /* it is text in one of its two syntaxes */
	struct span version, hardware;
	struct swu_artefact artefacts[SWU_MAX_ARTEFACTS];
	size_t count;
	bool cut; /* there are more of them, or it is nested too deeply */
};

/* Reads sw-description; strings lie in `text`. */
void swu_read_description(struct span text, struct swu_description *description);

/* What is said of a file; NULL when nothing is. */
const struct swu_artefact *swu_artefact_of(
    const struct swu_description *description, struct span name);

#endif
