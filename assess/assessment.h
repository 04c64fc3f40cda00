/*
 * The assessment: per requirement a verdict with its findings, each pointing at a fact.
 */
#ifndef ASSESS_ASSESSMENT_H
#define ASSESS_ASSESSMENT_H

#include "assess/catalogue.h"
#include "facts/fact.h"
#include "profiles/profile.h"

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_INCONCLUSIVE, VERDICT_NOT_APPLICABLE };

/* One row of a check, or the lack of one, as it bears on a rule. */
struct finding {
	const char *id; /* 16 hex digits, stable across builds: of rule, check, place, what stands
			   there, and verdict's cause */
	const char *check; /* "crypto/rsa_key_length"; NULL for a procedure */
	const char *procedure;
	enum verdict verdict; /* what the row says */
	bool decides; /* of a deciding check, and about what the case wants: with a PASS, or closed,
			 it carries one */
	bool corrected; /* two people ruled it false: it stays, and counts no more */
	bool unmet;     /* nobody looked at all: no person can close it */
	/*
	 * A FAIL about which the supplier made a statement weighs as INCONCLUSIVE, until a tester
	 * accepts that (closed), or says it fails all the same.
	 */
	enum { UNEXPLAINED, EXPLAINED, EXPLANATION_REFUSED } explanation;
	const char *explained_by, *explanation_reason;
	int64_t explained_at; /* Unix seconds */
	bool closed; /* an inconclusive row closed by a person or the procedure; an explained one */
	const char *closed_by;
	int64_t fact;       /* id in the case; 0 = none */
	const char *place;  /* "image.bin: 0.uimage/40.squashfs/etc/shadow" or "A 192.0.2.1:443" */
	const char *detail; /* data of the row, e.g. "RSA 512 bits" */
	/* Of a fact in an image: the file, the byte in it (UNKNOWN: none), and what stands there.
	 */
	const char *path;
	int64_t offset;
	const char *excerpt;
	int64_t exchange; /* with the unit, in its talk, that the fact was seen in; 0: none */
};

/* What a row weighs: an explained FAIL is INCONCLUSIVE; PASS when it is closed or ruled false. */
enum verdict finding_weight(const struct finding *finding);

struct rule_result {
	const struct profile_rule *rule;
	enum verdict verdict;
	enum {
		DECIDED_BY_NOBODY,
		DECIDED_BY_MACHINE,
		DECIDED_BY_PERSON,
		DECIDED_BY_BOTH
	} decided_by;
	const char
	    *reason; /* one English message key (translatable) for a verdict without findings */
	struct finding *findings;
	size_t finding_count;
};

struct requirement_result {
	const struct profile_requirement *requirement;
	enum verdict verdict;
	struct rule_result *rules;
	size_t rule_count;
};

struct assessment {
	const struct profile *profile;
	const struct catalogue *catalogue; /* for claims and remedies */
	enum verdict overall;
	bool trial; /* profile of status reading */
	bool refer; /* a project row failed: issue is blocked, exit 2 */
	struct requirement_result *requirements;
	size_t requirement_count;
	/* the seven inputs */
	struct digest evidence, catalogue_digest, reference,
	    vulnerability; /* profile->digest is the fifth */
	int64_t now;
	const char *program_version;
	/* who and what */
	const struct fact *subjects;
	size_t subject_count;
	/* What units call their model, each once: facts of kind disclosure. */
	const struct fact *told_models;
	size_t told_model_count;
	int64_t correction_count;
	/* Findings that the supplier explained, by what became of it. */
	struct {
		int64_t open, accepted, refused;
	} explained;
	/* Statements of the supplier about no finding that fails; they change nothing. */
	const struct fact *const *idle_explanations;
	size_t idle_explanation_count;
	struct {
		int64_t machine, person, both, nobody;
	} rules_decided;
};

/* Claim and remedy of a check, English message keys; false when unknown. */
bool check_texts(const struct assessment *assessment, const char *check, const char **claim,
    const char **remedy, const char **source);

const char *verdict_name(enum verdict verdict); /* PASS, FAIL, INCONCLUSIVE, NOT APPLICABLE */

#endif
