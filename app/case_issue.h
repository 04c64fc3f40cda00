/*
 * What a signed case contributes to its certificate.
 */
#ifndef APP_CASE_ISSUE_H
#define APP_CASE_ISSUE_H

#include "cert/issue.h"

/*
 * Opens the case, computes its assessment again, and takes the newest signature
 * of each role that signed exactly that.
 *
 * STATUS_REFUSED    a role has not signed, or signed what is no longer so
 * STATUS_UNDECIDED  the verdict is not PASS
 */
enum status case_issue_input(struct job *job, const char *case_path, struct issue_input *input);

#endif
