/* How much of a profile the machine does is counted, so that it can be seen not to fall. */
#include "profiles/profile.h"

enum automation
profile_share(const struct profile_rule *rule)
{
	if (rule->automation != AUTOMATION_EVIDENCED || rule->check_count > 0)
		return rule->automation;
	return rule->kind == CASE_CONCEPTUAL ? AUTOMATION_DOCUMENT : AUTOMATION_WITNESSED;
}

static size_t *
place_of(const struct profile_rule *rule, struct profile_count *count)
{
	switch (profile_share(rule)) {
	case AUTOMATION_MACHINE:
		return &count->automatic;
	case AUTOMATION_EVIDENCED:
		return &count->part;
	case AUTOMATION_WITNESSED:
		return &count->witnessed;
	default:
		return &count->document;
	}
}

void
profile_count(
    const struct profile *profile, struct profile_count *cases, struct profile_count *clauses)
{
	*cases = *clauses = (struct profile_count){0};
	for (size_t i = 0; i < profile->requirement_count; i++) {
		const struct profile_requirement *requirement = &profile->requirements[i];
		struct profile_count here = {0};

		for (size_t j = 0; j < requirement->rule_count; j++)
			++*place_of(&requirement->rules[j], &here);
		cases->automatic += here.automatic;
		cases->part += here.part;
		cases->witnessed += here.witnessed;
		cases->document += here.document;
		if (here.automatic == requirement->rule_count)
			clauses->automatic++;
		else if (here.automatic + here.part > 0)
			clauses->part++;
		else if (here.witnessed > 0)
			clauses->witnessed++;
		else
			clauses->document++;
	}
}
