/*
 * Legal days are Vietnam's: a date without a time of day runs from midnight to
 * midnight at UTC+7.
 */
#ifndef CERT_DAY_H
#define CERT_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* The legal day of a moment, "YYYY-MM-DD". */
void day_of(int64_t unix_seconds, char out[32]);
/* Its first and last second; false when `date` is no date. */
bool day_bounds(const char *date, int64_t *first, int64_t *last);

#endif
