/*
 * A case and a profile of one rule, made of letters, for the tests of the verdict algebra.
 */
#ifndef TESTS_SUPPORT_ALGEBRA_H
#define TESTS_SUPPORT_ALGEBRA_H

#include "assess/evaluate.h"
#include "facts/evidence.h"

/* What is in the case, one letter each. */
#define UNIT_LOOKED 1u      /* the unit's keys were looked for, completely, initialised */
#define UNIT_LOOKED_PART 2u /* … but not completely */
#define GOOD_KEY 4u
#define WEAK_KEY 8u
#define UNKNOWN_KEY 16u
#define IMAGE_LOOKED 32u
#define OPEN_ACCOUNT 64u
#define DOUBTFUL_ACCOUNT 128u
#define IMAGE_SETTING 256u /* the image says something good */
#define ANSWER_PASS 512u
#define ANSWER_FAIL 1024u
#define WEAK_KEY_ELSEWHERE 2048u /* seen in a state the rule does not speak of */
#define IMAGE_LOOKED_PART 4096u
#define SHORT_PLAN 16384u     /* the image was looked at, with fewer trials than asked */
#define FACTORY_LOOKED 8192u  /* the unit was looked at in the factory state only */
#define EXPLAINED_ROWS 32768u /* the supplier explains every row that fails */
#define ACCEPTED 65536u       /* … and a tester accepts each, */
#define REFUSED 131072u       /* … or says that it fails all the same */
#define UNKNOWN_ROW 262144u   /* the supplier explains what is not there */

/* Which checks and procedure the rule has. */
#define DECIDES 1u
#define REFUTES 2u
#define FROM_IMAGE 4u
#define PROCEDURE 8u
#define LOWERED 16u /* the profile lowers the deciding check to refuting */
#define CONCEPTUAL 32u
#define INITIALISED 64u /* the case needs this state */
#define TWO_SAMPLES 128u

struct world {
	struct job *job;
	struct fact_list facts;
	struct evidence sink;
	int64_t tried;
};

struct plan {
	struct profile profile;
	struct profile_requirement requirement;
	struct profile_rule rule;
	struct profile_check checks[3];
};

/* The fact as it stands there, with its number. */
struct fact *algebra_add(struct world *world, struct fact fact);
void algebra_add_looked(struct world *world, int64_t subject, const char *kind, const char *source,
    const char *state, bool complete);
void algebra_add_key(struct world *world, int64_t bits, const char *state);
void algebra_add_account(struct world *world, int64_t enabled);
/* A unit (fact 1) and an image (fact 2), and what the letters say of them. */
void algebra_fill(struct world *world, unsigned evidence);
/* A profile of one mandatory requirement with one rule of these parts. */
void algebra_make_plan(struct plan *plan, unsigned parts);
/* By the checks of tests/assess/checks. */
void algebra_assess(struct world *world, const struct plan *plan, struct assessment *assessment);
/* An empty world. */
void algebra_start(struct world *world, struct job *job);
void algebra_add_explanation(
    struct world *world, const char *finding, const char *person, const char *reason);
void algebra_add_closing(
    struct world *world, const char *finding, const char *result, const char *person);
/* Of a rule that has one; it is asserted. */
const struct finding *algebra_only_finding(const struct assessment *assessment);

#endif
