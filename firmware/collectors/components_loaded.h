/*
 * Libraries of which a program says the version it was built with.
 *
 * Which version it loads is another matter: where the library is in the image
 * it speaks for itself, and what the program says is told only where it is not.
 */
#ifndef FIRMWARE_COLLECTORS_COMPONENTS_LOADED_H
#define FIRMWARE_COLLECTORS_COMPONENTS_LOADED_H

#include "firmware/collector.h"

/* Does the file load the library of the component `name`, and is none of its own files? */
bool components_only_loads(const struct offer *offer, const char *name);

/*
 * Keeps a component that a file says of a library it loads, for the end.  False
 * where that cannot be: then it is to be told at once.
 */
bool components_keep_loaded(struct job *job, const struct collection *collection,
    const struct offer *offer, const struct fact *fact);

/* Tells what was kept of libraries that are not in the image. */
enum status components_tell_loaded(
    struct job *job, const struct collection *collection, struct evidence *evidence);

#endif
