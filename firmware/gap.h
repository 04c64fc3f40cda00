/*
 * Bytes nobody claimed: how they divide into padding and gaps, and how random they are.
 */
#ifndef FIRMWARE_GAP_H
#define FIRMWARE_GAP_H

#include "base/span.h"

/* Above it bytes look compressed or encrypted. */
#define GAP_DENSE_MILLIBITS 7200u
/* Too few bytes to tell. */
#define GAP_DENSE_SIZE ((size_t)1024)

/* Shannon entropy in thousandths of a bit a byte; the same on every machine. */
uint32_t gap_entropy(struct span bytes);

/*
 * The next piece of `bytes` from `*from` on: constant fill, or bytes up to the
 * next fill worth telling apart.  False at the end.
 */
bool gap_next(struct span bytes, size_t *from, struct span *piece, bool *is_fill);

#endif
