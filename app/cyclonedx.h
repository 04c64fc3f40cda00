/*
 * A software bill of materials of one image, as CycloneDX 1.6 JSON.
 */
#ifndef APP_CYCLONEDX_H
#define APP_CYCLONEDX_H

#include "base/digest.h"
#include "facts/evidence.h"

struct cyclonedx_image {
	const char *name;
	struct digest digest;
	int64_t time;         /* Unix seconds of the document; UNKNOWN: it says none */
	const char *version;  /* of the firmware; these three NULL: nobody said */
	const char *supplier; /* of the firmware */
	const char *author;   /* of the document */
};

/*
 * The same facts give the same bytes: the serial number is made from the
 * image's digest, components are sorted, nothing comes from a clock.
 *
 * A component that was seen in several ways (same name, same upstream version)
 * is there once, with every place.  `facts` are those of process_unpack.
 *
 * Source: ECMA-424 (CycloneDX 1.6), package-url specification.
 */
enum status cyclonedx_write(struct job *job, const struct fact_list *facts,
    const struct cyclonedx_image *image, const char **document);

#endif
