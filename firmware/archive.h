/*
 * Entries of an archive, each named by its whole path.
 */
#ifndef FIRMWARE_ARCHIVE_H
#define FIRMWARE_ARCHIVE_H

#include "firmware/unpack.h"

struct archive_tree;

/* An empty tree below `container`; NULL when out of budget. */
struct archive_tree *archive_tree_new(struct unpack *unpack, struct node *container);

/*
 * Adds an entry whose name is a path; folders on the way are made.  A path that
 * leaves the archive is a finding.  `content` is that of a regular file.
 */
enum status archive_tree_add(
    struct archive_tree *archive, const struct entry *entry, struct span content);

#endif
