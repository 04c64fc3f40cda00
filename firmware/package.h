/*
 * What a package says of itself: its name, version and architecture, as one line.
 */
#ifndef FIRMWARE_PACKAGE_H
#define FIRMWARE_PACKAGE_H

#include "base/job.h"
#include "base/span.h"

/*
 * From the control.tar of a Debian or OPKG package, compressed or not; only the
 * first part is looked at.  NULL when it says nothing.
 */
const char *package_of_control(struct job *job, struct span control);

/* From a tar that is itself a package, of OPKG or Alpine; NULL when it is none. */
const char *package_of_tar(struct job *job, struct span tar);

#endif
