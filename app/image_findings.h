/*
 * What an image alone says under a profile: the checks of a case over the facts of one image.
 */
#ifndef APP_IMAGE_FINDINGS_H
#define APP_IMAGE_FINDINGS_H

#include "app/image.h"
#include "assess/found.h"
#include "facts/evidence.h"

struct image_findings {
	const struct assessment *assessment;
	const struct fact_list *facts; /* the subject first; a fact's id is its place from 1 */
	struct found_group *groups; /* what fails, then questions about what stands in the image */
	size_t group_count;
	size_t failed, questions; /* things found in them */
	size_t checks;            /* of the profile that look at images */
	/* Checks that found nothing to ask about in the image: a dossier or a unit answers them. */
	const struct check **elsewhere;
	size_t elsewhere_count;
	bool complete; /* every collector saw all of the image */
};

/*
 * Unpacks the image in the sandbox, runs all collectors, and judges as a case does.
 *
 * name     of the image, for places
 * profile  by name or path; memory as struct unpack_request
 * trust    files of keys that may verify the update
 *
 * STATUS_MALFORMED  nothing in the image was recognised, or a trusted file holds no key
 * STATUS_MISSING    a trusted file is not there
 */
enum status image_findings(struct job *job, struct span image, const char *name,
    const char *profile, const struct option_list *trust, size_t memory, int64_t now,
    struct image_findings *findings);

#endif
