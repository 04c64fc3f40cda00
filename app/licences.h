/*
 * Which words of a package are a licence expression of SPDX.
 */
#ifndef APP_LICENCES_H
#define APP_LICENCES_H

#include <stdbool.h>

/* Is it made of known identifiers, AND, OR, WITH and brackets?  Source: SPDX 2.3, annex D. */
bool licence_is_expression(const char *text);

#endif
