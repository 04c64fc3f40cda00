/*
 * What a national standard asks: an XCCDF 1.2 benchmark read into memory.
 *
 * requirement  one row of the standard (XCCDF Group), e.g. VN135-01.1
 * rule         one TS 103 701 test case under it (XCCDF Rule), e.g. 5.1-1-2
 */
#ifndef PROFILES_PROFILE_H
#define PROFILES_PROFILE_H

#include "base/digest.h"
#include "base/job.h"
#include "base/span.h"
#include "facts/query.h"

enum power { POWER_REFUTES, POWER_DECIDES };
enum case_kind { CASE_CONCEPTUAL, CASE_FUNCTIONAL, CASE_BOTH };
enum automation {
	AUTOMATION_MACHINE,
	AUTOMATION_EVIDENCED,
	AUTOMATION_WITNESSED,
	AUTOMATION_DOCUMENT
};

struct profile_check {
	const char *check; /* "crypto/rsa_key_length" */
	enum power power;
	const struct query_parameter *parameters; /* values from XCCDF Values */
	size_t parameter_count;
	long line; /* of the XCCDF file, for messages */
};

struct profile_rule {
	const char *id;        /* XCCDF id */
	const char *test_case; /* "5.1-1-2", or our own for rows without one */
	enum case_kind kind;
	enum automation automation;
	const char *const *states; /* states the case needs; empty = any */
	size_t state_count;
	const char *reach;       /* "any", "local", "remote" */
	int64_t samples, images; /* how many units and images it needs */
	const struct profile_check *checks;
	size_t check_count;
	const char *procedure;  /* title of the OCIL questionnaire, e.g. "5.1-1-2"; NULL when the
				   machine decides alone */
	const char *purpose[2]; /* by enum language: what the case is for */
	const char *procedure_text[2];
	bool publication_counts; /* what is tested is a published text: publication and answer may
				    pass it */
	long line;               /* of the XCCDF file, for messages */
};

enum language { LANGUAGE_EN, LANGUAGE_VI };

struct profile_requirement {
	const char *id;        /* our row id, "VN135-01.1" */
	const char *provision; /* EN 303 645 provision, "5.1-1"; "" for national rows */
	const char *title[2];
	const char *group[2]; /* heading of the standard */
	bool mandatory;
	bool project_row; /* added by us: a FAIL blocks issue with exit 2 instead of failing */
	const char *ixit; /* IXIT tables of TS 103 701 it is judged by: "1-AuthMech 2-UserInfo"; ""
			     for none */
	const char *condition; /* condition codes of the provision, "11 12", when NOT APPLICABLE is
				  possible; "" otherwise */
	const char
	    *condition_text[2]; /* "updates arrive over a network; …"; "" without a condition */
	const struct profile_rule *rules;
	size_t rule_count;
};

struct profile {
	const char *path; /* of the XCCDF file, as given to profile_load */
	const char *id;   /* "qcvn-11-2026" */
	const char *title[2];
	const char *regulation; /* "QCVN 11:2026/BCA" */
	const char *status;     /* "reading" (everything is TRIAL) or "in_force" */
	int64_t valid_from;     /* first second of the first legal day (UTC+7), Unix seconds */
	int64_t valid_to;       /* last second of the last legal day (UTC+7), or INT64_MAX */
	int64_t guess_budget, min_pairs, max_unread_bytes;
	struct digest digest; /* of the XCCDF file and its OCIL files, in that order */
	const struct profile_requirement *requirements;
	size_t requirement_count;
};

/*
 * Reads the XCCDF file at `path` ("…/qcvn-11-2026.xml") with its OCIL files
 * beside it ("…/qcvn-11-2026.ocil.en.xml" and ".vi.xml").
 *
 * Refused: OR or negation between checks and procedures, a roll-up other than
 * the one the engine knows, a check without its power stated, an unknown value, a
 * procedure missing in a language, a case without procedure that the machine
 * does not decide alone, a row or case named twice.  Whether the checks exist,
 * with these parameters and this power, is catalogue_link's to say (assess).
 *
 * STATUS_MISSING    one of the three files cannot be opened
 * STATUS_MALFORMED  not XCCDF 1.2 as we use it: file:line: what
 *
 * Source: NIST IR 7275 revision 4 (XCCDF 1.2), NIST IR 7692 (OCIL 2.0).
 */
enum status profile_load(struct job *job, const char *path, const struct profile **profile);

/* Who decides a case today: without a check the machine has no part in it, whatever it may do one
 * day. */
enum automation profile_share(const struct profile_rule *rule);

/* How much of the work the machine does. */
struct profile_count {
	size_t automatic; /* the machine decides alone */
	size_t part;      /* the machine finds evidence, a person decides */
	size_t witnessed; /* a person, on the unit */
	size_t document;  /* a person, on paper */
};

/* Counts test cases, and clauses (requirements), each clause by its most automatic case; all
 * automatic only if every case is. */
void profile_count(
    const struct profile *profile, struct profile_count *cases, struct profile_count *clauses);

/* Line of the XCCDF file where a rule stands, for messages. */
long profile_rule_line(const struct profile_rule *rule);

#endif
