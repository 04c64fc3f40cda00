/*
 * Facts of the tree itself, and the passage of each file by the collectors.
 */
#ifndef FIRMWARE_COLLECT_H
#define FIRMWARE_COLLECT_H

#include "base/digest.h"
#include "firmware/collector.h"
#include "firmware/seeker.h"
#include "firmware/tree.h"

/* `source` of facts of kind region, file and attribute. */
#define COLLECT_SOURCE "unpack"

enum status collect_region(struct job *job, const struct region *region, struct evidence *evidence);

/* A fact of kind file; `digest` is NULL for what is not a regular file. */
enum status collect_node(struct job *job, const struct node *node, const struct digest *digest,
    struct evidence *evidence);

enum status collect_attribute(struct job *job, const struct node *node,
    const struct attribute *attribute, struct evidence *evidence);

/*
 * Offers a file to each collector that wants it.  A collector that fails is
 * recorded as not having looked at everything; the others go on.
 *
 * STATUS_IO  the evidence could not be handed on
 */
enum status collect_file(struct job *job, struct seeker *seeker,
    const struct collection *collection, const struct node *node, struct span content,
    struct evidence *evidence);

/* After all files: every node but regular files as a fact, then what collectors conclude. */
enum status collect_conclude(struct job *job, const struct collection *collection, bool collectors,
    struct evidence *evidence);

#endif
