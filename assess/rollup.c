/* Any FAIL fails, any doubt leaves doubt, and a PASS needs somebody who decided. */
#include "assess/evaluate.h"

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
	    [VERDICT_PASS] = "PASS",
	    [VERDICT_FAIL] = "FAIL",
	    [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
	    [VERDICT_NOT_APPLICABLE] = "NOT APPLICABLE",
	};

	return names[verdict];
}

bool
check_texts(const struct assessment *assessment, const char *check, const char **claim,
    const char **remedy, const char **source)
{
	const struct check *found = catalogue_find(assessment->catalogue, check);

	if (found == NULL)
		return false;
	*claim = found->claim;
	*remedy = found->remedy;
	*source = found->source;
	return true;
}

enum verdict
finding_weight(const struct finding *finding)
{
	if (finding->corrected || finding->closed)
		return VERDICT_PASS;
	return finding->verdict == VERDICT_FAIL && finding->explanation == EXPLAINED
		   ? VERDICT_INCONCLUSIVE
		   : finding->verdict;
}

enum verdict
rollup_rule(const struct finding *findings, size_t count, size_t decided)
{
	bool doubt = decided == 0;

	for (size_t i = 0; i < count; i++) {
		enum verdict weight = finding_weight(&findings[i]);

		if (weight == VERDICT_FAIL)
			return VERDICT_FAIL;
		if (weight == VERDICT_INCONCLUSIVE)
			doubt = true;
	}
	return doubt ? VERDICT_INCONCLUSIVE : VERDICT_PASS;
}

enum verdict
rollup_requirement(const enum verdict *rules, size_t count)
{
	bool doubt = count == 0;

	for (size_t i = 0; i < count; i++) {
		if (rules[i] == VERDICT_FAIL)
			return VERDICT_FAIL;
		if (rules[i] == VERDICT_INCONCLUSIVE)
			doubt = true;
	}
	return doubt ? VERDICT_INCONCLUSIVE : VERDICT_PASS;
}
