/*
 * Does a place match a row of bytes some of which may vary?
 *
 * Written as in a regular expression, of which there is no more: \xNN, one
 * byte; ".", any byte; [\xNN\xNN-\xNN], a byte of a class.
 */
#ifndef FIRMWARE_BYTE_PATTERN_H
#define FIRMWARE_BYTE_PATTERN_H

#include "base/span.h"

bool byte_pattern_matches(const char *pattern, struct span bytes);

#endif
