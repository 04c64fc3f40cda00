/* What the files that work on a case share, below case_work.h. */
#ifndef APP_CASE_STEPS_H
#define APP_CASE_STEPS_H

#include "app/case_work.h"
#include "cert/certificate.h"
#include "cert/statement.h"

/* One journal entry: begin, then finish with the status of what came between: commits, or gives it
 * up. */
enum status work_begin(struct work *work, const char *command, const char *detail);
enum status work_finish(struct work *work, enum status status);
/* What held the workers of this entry: "seccomp and Landlock 7", "seccomp" or "none". NULL when out
 * of budget. */
const char *work_cage(const struct work *work);
/* STATUS_USAGE when a run of that key is there and nobody said --replace. */
enum status work_check_new(struct work *work, const char *key, const char *what);
enum status work_add_subject(struct work *work, const struct subject_fact *subject, int64_t *id);
enum status work_add_facts(struct work *work, const struct fact_list *facts, int64_t subject);
/* `address` as facts have it. */
bool work_has_address(const struct work_device *device, const char *address);
/* The profile of the case, which must still be the one it was begun under; or `other` (not NULL).
 */
enum status work_case_profile(struct work *work, const char *other, const struct profile **profile);

/*
 * What a person of `role` signs now: the stored assessment, computed again.
 * STATUS_REFUSED when it is not that of the evidence any more.
 */
enum status case_statement(struct work *work, const char *role, struct statement *statement);

/* What a certificate of this case will say, but for what the body adds at issue. */
enum status case_claims(struct job *job, const struct fact_list *facts,
    const struct assessment *assessment, const struct statement *statement,
    struct certificate *claims);

#endif
