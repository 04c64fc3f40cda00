/*
 * A thread that takes its share of a scan: most of what a connection costs is this machine's
 * kernel, and a second core halves it.
 *
 * It runs before scan_helper_new returns, so a sandbox entered afterwards holds it too.
 */
#ifndef DEVICE_SCAN_HELPER_H
#define DEVICE_SCAN_HELPER_H

#include "base/job.h"

struct scan_helper;

/* NULL when there is none to be had: a scan does without. */
struct scan_helper *scan_helper_new(struct job *job);
/* Does `work` beside the caller; to be awaited before the next. */
void scan_helper_begin(struct scan_helper *helper, void (*work)(void *context), void *context);
void scan_helper_await(struct scan_helper *helper);
/* NULL is allowed. */
void scan_helper_free(struct scan_helper *helper);

#endif
