/*
 * What fails now and did not fail in an earlier case: the question of a vendor's build.
 */
#ifndef APP_CASE_BASELINE_H
#define APP_CASE_BASELINE_H

#include "app/case_work.h"

/*
 * Counts the findings that fail in `assessment` and are no FAIL rows of the
 * stored assessment of the case `baseline`, computed again; tells of each.
 * What the supplier explained, or two people ruled false, fails no more.
 *
 * STATUS_MALFORMED  no case, or one that has not been assessed
 */
enum status case_new_failures(
    struct work *work, const char *baseline, const struct assessment *assessment, size_t *count);

#endif
