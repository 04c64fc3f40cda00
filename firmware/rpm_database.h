/*
 * The database of installed RPM packages, as SQLite keeps it (rpmdb.sqlite).
 */
#ifndef FIRMWARE_RPM_DATABASE_H
#define FIRMWARE_RPM_DATABASE_H

#include "base/job.h"
#include "base/span.h"

struct rpm_package {
	struct span name, version, release, architecture, licence, vendor;
	size_t offset; /* of the row in the file */
};

/*
 * Calls `add` for each package.  `*why` is NULL when all were read, else the
 * reason why not.  Fails as `add` does, or with STATUS_LIMIT.
 *
 * Source: SQLite database file format; RPM package format, header structure.
 */
enum status rpm_database_read(struct job *job, struct span file,
    enum status (*add)(void *context, struct job *job, const struct rpm_package *package),
    void *context, const char **why);

#endif
