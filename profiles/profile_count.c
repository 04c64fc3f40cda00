/* How much of a profile the machine does is counted, so that it can be seen not to fall. */
#include "profiles/profile.h"

/* Without a check the machine has no part: what remains is a person on the unit or on paper. */
static size_t *
place_of(const struct profile_rule *rule, struct profile_count *count)
{
	if (rule->automation == AUTOMATION_MACHINE)
		return &count->automatic;
	if (rule->automation == AUTOMATION_EVIDENCED && rule->check_count > 0)
		return &count->part;
	if (rule->automation == AUTOMATION_DOCUMENT || rule->kind == CASE_CONCEPTUAL)
		return &count->document;
	return &count->witnessed;
}

void
profile_count(const struct profile *profile, struct profile_count *cases, struct profile_count *clauses)
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
