/* The unit was looked at after each probe; what was seen is told at the end. */
#include "base/arena.h"
#include "device/probe.h"

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct outcome outcome = {.lack = target->liveness_lack,
	    .count = (int64_t)target->death_count,
	    .required = UNKNOWN,
	    .tried = UNKNOWN};

	for (size_t i = 0; i < target->death_count; i++) {
		const struct death *death = &target->deaths[i];
		struct fact fact = fact_new(FACT_liveness);

		fact.exchange = death->exchange;
		fact.as.liveness.after = death->after;
		fact.as.liveness.alive = 0;
		fact.as.liveness.came_back = death->came_back;
		fact.as.liveness.detail = death->detail;
		TRY(evidence_add(evidence, job, &fact));
	}
	if (target->scan.open_count == 0)
		outcome_lack(job, &outcome, "no TCP port is open: nothing shows whether it lives");
	return outcome_look(job, &outcome, evidence, FACT_liveness);
}

const struct probe probe_liveness = {
    .name = "liveness",
    .title = "Whether the unit still answered after each probe",
    .source = "EN 303 645 provision 5.13-1, TS 103 701 test case 5.13-1-2",
    .looks_for = {"liveness"},
    .needs = "ports",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 10000,
    .talk = talk,
};
