/*
 * An image as a picture: what lies where, and how random each part of it is.
 */
#ifndef APP_ENTROPY_PICTURE_H
#define APP_ENTROPY_PICTURE_H

#include "base/span.h"
#include "facts/evidence.h"

/*
 * Writes an SVG of 1000 units width to `path`: above, one row a depth, the
 * regions that lie in the image's own bytes, gaps hatched; below, the entropy
 * of each column's bytes in bits a byte.
 *
 * STATUS_CANNOT_CREATE  the file cannot be written
 */
enum status entropy_picture(struct job *job, const char *path, const char *name, struct span image,
    const struct fact_list *facts, int language);

#endif
