/*
 * The people of a report: who signed the case, for which laboratory, and for whom.
 */
#ifndef APP_CASE_REPORT_H
#define APP_CASE_REPORT_H

#include "app/case_work.h"
#include "assess/report.h"

/*
 * Adds to `*options` the newest signatures with what they are worth, the
 * customer as the dossier names it, and the laboratory as the certificate of a
 * tester names it whose signature covers this assessment.
 */
enum status case_report_people(
    struct work *work, const struct assessment *assessment, struct report_options *options);

#endif
