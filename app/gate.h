/*
 * What a build may not add: the fails of an assessment, and which of them are new.
 */
#ifndef APP_GATE_H
#define APP_GATE_H

#include "app/case_work.h"
#include "assess/found.h"
#include "assess/report.h"
#include "base/text.h"

struct gate {
	/* Findings that fail and are no FAIL rows of the baseline; without one nothing is new. */
	const struct found_group *added;
	size_t added_groups;
	const struct finding **judged; /* by people, and new */
	size_t judged_count;
	size_t new_count, old_count; /* things found, each once; without a baseline all are old */
	size_t explained; /* fails that the supplier explained, so that they fail no more */
	bool has_baseline;
	const char **known; /* ids of all FAIL rows of the baseline, sorted */
	size_t known_count;
	enum status status; /* STATUS_OK or STATUS_NO */
};

/*
 * Holds the assessment against the stored one of the case `baseline`, computed again; NULL: none,
 * and then every requirement that is not met counts.
 *
 * STATUS_MALFORMED  no case, or one that has not been assessed
 */
enum status gate_judge(struct work *work, const char *baseline, const struct assessment *assessment,
    struct gate *gate);

/* A line for each new fail, and the result as the last. */
enum status gate_print(struct job *job, const struct assessment *assessment,
    const struct gate *gate, int language, const char **out);
/* Adds the member "gate" to the assessment's JSON. */
enum status gate_json(struct job *job, const struct gate *gate, const char **json);

#endif
