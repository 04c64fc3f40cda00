/*
 * The data files of the checks, tests/checks/FAMILY/NAME/FILE.sql.
 */
#ifndef TESTS_SUPPORT_CHECK_SAMPLES_H
#define TESTS_SUPPORT_CHECK_SAMPLES_H

#include "assess/catalogue.h"

enum outcome { OUTCOME_NONE, OUTCOME_PASS, OUTCOME_INCONCLUSIVE, OUTCOME_FAIL };
extern const char *const sample_outcomes[];

/* A check may have a "trap", what looks like what it is not, one case more in "also", and a "many":
 * what a hostile image makes of it. */
enum {
	FILE_PASS,
	FILE_FAIL,
	FILE_UNSEEN,
	FILE_UNKNOWN,
	FILE_TRAP,
	FILE_ALSO,
	FILE_MANY,
	SAMPLE_FILES
};
extern const char *const sample_files[];

struct sample {
	struct fact_list facts;
	struct query_parameter parameters[CHECK_PARAMETERS_MAX];
	size_t parameter_count;
	int64_t now;
	enum outcome expected;
	int64_t cites; /* a fact that some row must cite; 0: any */
	bool cited;
};

/* False where there is no such file and none is asked for. */
bool sample_read(struct job *job, const struct check *check, size_t file, struct sample *sample);

/* A database with the tables of data/, to be filled. */
struct query_database *sample_references(struct job *job);

#endif
