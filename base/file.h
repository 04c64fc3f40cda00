/*
 * Whole files in and out: mapped when read, written to a temporary name and
 * renamed, so a file appears whole or not at all.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/job.h"
#include "base/span.h"

/* Reads a file of at most `limit` bytes into the arena.  "-" is standard input.
 * STATUS_MISSING, STATUS_LIMIT, STATUS_IO. */
enum status file_read(struct job *job, const char *path, size_t limit, struct span *bytes);

/* Maps a regular file read-only; file_unmap lets it go.  An empty file maps as an empty span. */
enum status file_map(struct job *job, const char *path, struct span *bytes);
void file_unmap(struct span bytes);

/*
 * Writes `path` whole, by rename, with `mode`.  "-" is standard output; a link is
 * followed and kept; a pipe or device that is there already is written into; a
 * database is never replaced.  STATUS_CANNOT_CREATE, STATUS_IO.
 */
enum status file_write(struct job *job, const char *path, struct span bytes, unsigned mode);

/*
 * Whether file_write can make `path`, before the work that fills it: it can be created there, is no
 * database, and not `input` (NULL: none) under another name.  STATUS_CANNOT_CREATE.
 */
enum status file_check_output(struct job *job, const char *path, const char *input);

/* Bytes as a sealed memory file (memfd) to hand to a worker; *descriptor is the caller's to close.
 */
enum status file_seal(struct job *job, struct span bytes, int *descriptor);

/* "folder/name" in the arena; NULL when out of budget. */
char *file_path_join(struct job *job, const char *folder, const char *name);

#endif
