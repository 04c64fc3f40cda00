/*
 * Numbers as a person reads them, in the reader's language (0 English, 1 Vietnamese); NULL when out
 * of budget.
 */
#ifndef APP_QUANTITY_H
#define APP_QUANTITY_H

#include "base/job.h"

/* "3,535,872" or "3.535.872". */
const char *quantity_grouped(struct job *job, uint64_t value, int language);
/* "17 B", "45 KiB", "1.2 MiB": rounded down. */
const char *quantity_bytes(struct job *job, uint64_t bytes, int language);
/* "98.7 %": rounded down, so that only all is 100.0. */
const char *quantity_percent(struct job *job, uint64_t part, uint64_t whole, int language);

#endif
