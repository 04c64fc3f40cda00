/*
 * What subjects of a case have in common, and whether transcripts still lead to its facts,
 * and what stands in them.
 */
#ifndef APP_CASE_COMPARE_H
#define APP_CASE_COMPARE_H

#include "app/command.h"

/* hopquy case compare CASE */
enum status case_run_compare(struct invocation *invocation);
/* hopquy case audit CASE */
enum status case_run_audit(struct invocation *invocation);
/* hopquy case exchange CASE EXCHANGE|FINDING */
enum status case_run_exchange(struct invocation *invocation);

#endif
