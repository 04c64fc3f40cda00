/*
 * Patterns of shells: "*", "?", "[a-z]", "[!0-9]" and "\" before what stands for itself.
 *
 * Source: POSIX.1-2017, Shell Command Language, section 2.13
 */
#ifndef FIRMWARE_GLOB_H
#define FIRMWARE_GLOB_H

#include <stdbool.h>

/* Does the whole string match?  In time of their lengths' product at most. */
bool glob_matches(const char *pattern, const char *string);

#endif
