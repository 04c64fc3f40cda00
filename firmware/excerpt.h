/*
 * The line, or the few bytes, that a fact was read from: for a person to see.
 */
#ifndef FIRMWARE_EXCERPT_H
#define FIRMWARE_EXCERPT_H

#include "base/job.h"
#include "base/span.h"

/*
 * What stands around `offset` of `content`, at most about 160 bytes: the line
 * or string it lies in, else "hex 30 82 …".  Of `hide`, of passwords in
 * addresses, of those behind a user of "-u" and of values behind words like "password=" the first
 * letters are shown alone.  "" where there is nothing to show; NULL only when out of budget.
 */
const char *excerpt_make(struct job *job, struct span content, uint64_t offset, struct span hide);

/* All of a line that is told as a value, with the same left out; NULL only when out of budget. */
const char *excerpt_value(struct job *job, struct span line);
#endif
