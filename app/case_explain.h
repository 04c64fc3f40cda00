/*
 * The supplier's explanations of findings: into a case, and a file to begin one from.
 */
#ifndef APP_CASE_EXPLAIN_H
#define APP_CASE_EXPLAIN_H

#include "app/case_work.h"

/*
 * Reads an explanations file in the sandbox, attaches it by its digest and adds
 * its statements, in one journal entry.
 *
 * STATUS_MALFORMED  file:line: what the schema asked for, or what stands twice
 */
enum status work_add_explanations(struct work *work, const char *path);

/* Tells of each explanation that is about no finding that fails. */
void case_tell_idle(struct job *job, int language, const struct assessment *assessment);

/* hopquy case explain: adds an explanations file, or writes one for all that fails, to fill in. */
enum status case_run_explain(struct invocation *invocation);

#endif
