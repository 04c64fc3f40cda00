/*
 * What the files accounts*.c share.
 */
#ifndef FIRMWARE_COLLECTORS_ACCOUNTS_H
#define FIRMWARE_COLLECTORS_ACCOUNTS_H

#include "firmware/collector.h"

/* The files that the C library reads; the others are copies, or somebody else's. */
bool accounts_is_exact(const char *name);
/* Programs, their pages and their settings have those names as well. */
bool accounts_among_programs(const struct node *node);
/* Accounts of a jail, an example or a package's template are not the product's. */
bool accounts_beside(const struct node *node);

/* What only the whole tree shows: files that are links, shells that are. */
enum status accounts_conclude(
    struct job *job, const struct collection *collection, struct evidence *evidence);

#endif
