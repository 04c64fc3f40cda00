/*
 * What checks found, for a person who has to mend it and for programs: each
 * thing once, with where it is, what stands there, which clauses it bears on
 * and how to mend it.
 */
#ifndef ASSESS_REPORT_FINDINGS_H
#define ASSESS_REPORT_FINDINGS_H

#include "assess/found.h"
#include "assess/report.h"

/* Groups of one weight, at most 80 columns a line; few places of each check, and how many more. */
enum status report_findings(struct job *job, const struct assessment *assessment,
    const struct found_group *groups, size_t count, enum verdict weight,
    const struct report_options *options, bool colour, const char **out);

/* One JSON object a line for each thing found, all of them, in English whatever the language. */
enum status report_findings_json(struct job *job, const struct assessment *assessment,
    const struct found_group *groups, size_t count, const char **out);

#endif
