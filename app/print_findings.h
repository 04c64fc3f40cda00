/*
 * What an image alone says, for a person and for programs.
 */
#ifndef APP_PRINT_FINDINGS_H
#define APP_PRINT_FINDINGS_H

#include "app/image_findings.h"

/* What fails, what is open, and what was not looked at, in at most 80 columns. */
enum status print_findings(struct job *job, const struct image_findings *findings,
    uint64_t image_bytes, const char *name, int language);

/* The same, one JSON object a line, in English: "is" says finding, elsewhere, unread, incomplete or
 * summary. */
enum status print_findings_json(struct job *job, const struct image_findings *findings);

#endif
