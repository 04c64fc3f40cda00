/*
 * Names in UTF-16, as FAT, exFAT and Joliet write them.
 */
#ifndef FIRMWARE_UTF16_H
#define FIRMWARE_UTF16_H

#include "base/job.h"
#include "base/span.h"

/*
 * UTF-8 in the job's arena; empty (at NULL) when out of budget.  A half of a
 * pair that stands alone becomes the three bytes it would have, which are no
 * UTF-8 and so are escaped later: two different names never become the same.
 */
struct span utf16_to_utf8(struct job *job, struct span units, bool big);

#endif
