/*
 * Files of an image by their path within their file system, links followed.
 */
#ifndef FIRMWARE_PLACES_H
#define FIRMWARE_PLACES_H

#include "firmware/node.h"

#define PLACES_MAX_PATH ((size_t)1024)

struct places;

/* NULL when out of budget, or when the tree has too many nodes. */
struct places *places_new(struct job *job, const struct tree *tree);

/* The node whose children are at "/" for this one: its container, or the tree's root. */
const struct node *places_root(const struct node *node);

/*
 * What `path` leads to below `root`, through links; NULL when it leads nowhere.
 * `path` is absolute, or relative to `folder` (NULL: to "/").
 */
const struct node *places_find(
    const struct places *places, const struct node *root, const char *folder, const char *path);

/* The node at this very path below `root`, a link itself; NULL where there is none. */
const struct node *places_at(
    const struct places *places, const struct node *root, const char *local);

#endif
