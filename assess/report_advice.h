/*
 * What to do about an assessment: what to mend, and what would settle the rest.
 *
 * Both are gathered over all clauses, because one repair or one step usually
 * serves several.
 */
#ifndef ASSESS_REPORT_ADVICE_H
#define ASSESS_REPORT_ADVICE_H

#include "assess/report_text.h"

/* FAIL rows that one repair may mend: those of one check, or of one answer of a person. */
struct repair {
	const struct requirement_result *const *requirements; /* that it fails, in their order */
	size_t requirement_count, mandatory_count;
	const struct rule_result *rule; /* the first that failed by it */
	const struct finding *const
	    *findings; /* different in place or detail; none: the rule's reason */
	size_t finding_count;
};
/*
 * Every FAIL that stands.  What fails the most mandatory clauses comes first,
 * then the most clauses, then checks before people, by name.
 */
enum status report_repairs(
    struct job *job, const struct assessment *assessment, struct repair **repairs, size_t *count);

/* What was to hold, how to mend it (or NULL) and by which source (or NULL): message keys. */
void report_repair_words(const struct assessment *assessment, const struct repair *repair,
    const char **claim, const char **remedy, const char **source);

/* The command that shows what was said with the unit where `finding` was seen, for the first of the
 * repair's that was seen in one exchange: the others are asked for alike.  NULL for any other. */
const char *report_repair_command(
    struct job *job, const struct repair *repair, const struct finding *finding);

enum step_kind {
	STEP_DOSSIER,   /* give the case a dossier */
	STEP_FIRMWARE,  /* give it an image */
	STEP_UNITS,     /* probe more units; about: "1/2" so far; items: states */
	STEP_PROBE,     /* probe units; about: the state, "" for any; items: the units */
	STEP_FINISH,    /* about: what kept the machine from seeing all; items: where */
	STEP_ANSWER,    /* carry out procedures; items: their names */
	STEP_RULE,      /* about: the check whose open rows a person rules on; items: the rows */
	STEP_EXPLAINED, /* about: the check whose failed rows the supplier explains; items: them */
	STEP_OTHER,     /* about: the reason, a message key */
};

/* What a person can do so that undecided clauses are decided. */
struct step {
	enum step_kind kind;
	const char *about;
	const char *const *items; /* each once, sorted */
	size_t item_count;
	bool remote; /* units are to be probed from outside their network */
	const struct requirement_result *const *requirements; /* that wait for it */
	size_t requirement_count;
};
/*
 * The steps that mandatory requirements of verdict INCONCLUSIVE wait for, in
 * the order of enum step_kind, the most wanted first; *waiting is their number.
 */
enum status report_steps(struct job *job, const struct assessment *assessment, struct step **steps,
    size_t *count, size_t *waiting);

/* The step as a sentence, and the command for it (NULL: none), in the reader's language.
 * NULL in *sentence only when out of budget. */
void report_step_words(struct job *job, const struct assessment *assessment, int language,
    const struct step *step, const char **sentence, const char **command);

#endif
