/*
 * Seven pairs tried at one log-in of a scripted unit, at most three of them a user's.
 */
#ifndef TESTS_SUPPORT_LOGIN_ATTACK_H
#define TESTS_SUPPORT_LOGIN_ATTACK_H

#include "tests/support/scripted_unit.h"

/* Gives the target the pairs, and a log-in at port 23. */
void attack_plan(struct target *target, const char *protocol, const char *scheme);
/* Runs the probe of default passwords; *looked is its row, the last of the facts. */
void attack_run(struct job *job, struct target *target, struct fact_list *facts,
    const struct looked_fact **looked);
/* Nothing lacks but a pair of the laboratory's, which shows that refusals are judgements. */
bool attack_is_whole(const struct looked_fact *looked);
/* The try of that pair; NULL. */
const struct login_attempt_fact *attempt_of(
    const struct fact_list *facts, const char *user, const char *password);

#endif
