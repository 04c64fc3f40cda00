/* The pairs: a user too many for the budget, and one that opens what is open. */
#include "tests/support/login_attack.h"

#include <string.h>

#include "device/probe.h"
#include "tests/support/support.h"

extern const struct probe probe_default_passwords;

static const struct guess pairs[] = {
    {"admin", "admin", "common"},
    {"root", "root", "common"},
    {"root", "xmhdipc", "vendor"},
    {"root", "1", "common"},
    {"root", "2", "common"},
    {"root", "3", "common"},
    {"root", "4", "common"},
};

void
attack_plan(struct target *target, const char *protocol, const char *scheme)
{
	target->guesses = pairs;
	target->guess_count = ARRAY_SIZE(pairs);
	target->guess_budget = 3;
	target->min_pairs = 6;
	target->services[target->service_count++] = (struct service){.port = 23, .name = protocol};
	target_add_login(target, &(struct login){.port = 23,
				     .recognised = true,
				     .protocol = protocol,
				     .scheme = scheme,
				     .path = "/"});
}

void
attack_run(struct job *job, struct target *target, struct fact_list *facts,
    const struct looked_fact **looked)
{
	struct evidence evidence = evidence_to_list(facts);

	evidence.source = "default_passwords";
	*facts = (struct fact_list){0};
	assert_ok(job, probe_default_passwords.talk(job, target, &evidence));
	*looked = &facts->facts[facts->count - 1].as.looked;
	assert_int_equal(facts->facts[facts->count - 1].kind, FACT_looked);
}

bool
attack_is_whole(const struct looked_fact *looked)
{
	return looked->complete == 1 || strstr(looked->reason, "nobody told what opens") != NULL;
}

const struct login_attempt_fact *
attempt_of(const struct fact_list *facts, const char *user, const char *password)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct login_attempt_fact *as = &facts->facts[i].as.login_attempt;

		if (facts->facts[i].kind == FACT_login_attempt && strcmp(as->user, user) == 0 &&
		    strcmp(as->password, password) == 0)
			return as;
	}
	return NULL;
}
