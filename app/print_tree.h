/*
 * The tree of an image for a person: at most 80 columns.
 */
#ifndef APP_PRINT_TREE_H
#define APP_PRINT_TREE_H

#include "facts/evidence.h"

/* One line a region, indented by depth, gaps with their entropy; then how much was read. */
enum status print_tree(struct job *job, const struct fact_list *facts, uint64_t image_bytes,
    const char *name, int language);

/* How much of the image was read, and why the rest was not: one line, or two. */
enum status print_coverage(
    struct job *job, const struct fact_list *facts, uint64_t image_bytes, int language);

#endif
