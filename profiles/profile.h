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

enum power { POWER_REFUTES, POWER_DECIDES };
enum case_kind { CASE_CONCEPTUAL, CASE_FUNCTIONAL, CASE_BOTH };
enum automation { AUTOMATION_MACHINE, AUTOMATION_EVIDENCED, AUTOMATION_WITNESSED, AUTOMATION_DOCUMENT };

struct profile_parameter {
	const char *name;  /* parameter of the check: "min_bits" */
	const char *value; /* decimal integer or text, from an XCCDF Value */
	bool is_integer;
};

struct profile_check {
	const char *check; /* "crypto/rsa_key_length" */
	enum power power;
	const struct profile_parameter *parameters;
	size_t parameter_count;
};

struct profile_rule {
	const char *id;          /* XCCDF id */
	const char *test_case;   /* "5.1-1-2", or our own for rows without one */
	enum case_kind kind;
	enum automation automation;
	const char *const *states; /* states the case needs; empty = any */
	size_t state_count;
	const char *reach;       /* "any", "local", "remote" */
	int64_t samples, images; /* how many units and images it needs */
	const struct profile_check *checks;
	size_t check_count;
	const char *procedure;   /* OCIL questionnaire id, e.g. "5.1-1-2"; NULL when the machine decides alone */
	const char *purpose[2];  /* by enum language: what the case is for */
	const char *procedure_text[2];
	bool publication_counts; /* what is tested is a published text: publication and answer may pass it */
};

enum language { LANGUAGE_EN, LANGUAGE_VI };

struct profile_requirement {
	const char *id;        /* our row id, "VN135-01.1" */
	const char *provision; /* EN 303 645 provision, "5.1-1"; "" for national rows */
	const char *title[2];
	const char *group[2];  /* heading of the standard */
	bool mandatory;
	bool project_row;      /* added by us: a FAIL blocks issue with exit 2 instead of failing */
	const char *condition; /* provision's condition code when NOT APPLICABLE is possible; "" otherwise */
	const struct profile_rule *rules;
	size_t rule_count;
};

struct profile {
	const char *id;          /* "qcvn-11-2026" */
	const char *title[2];
	const char *regulation;  /* "QCVN 11:2026/BCA" */
	const char *status;      /* "reading" (everything is TRIAL) or "in_force" */
	int64_t valid_from;      /* Unix seconds; UNKNOWN-free */
	int64_t valid_to;        /* end of the last legal day (UTC+7), or INT64_MAX */
	int64_t guess_budget, min_pairs, max_unread_bytes;
	struct digest digest;    /* of the XCCDF file and its OCIL files, in that order */
	const struct profile_requirement *requirements;
	size_t requirement_count;
};

/*
 * Reads `profiles/NAME.xml` (or a path) with its OCIL files beside it.
 * Checks, parameters and values are looked up by the caller (assess): a
 * profile naming an unknown one is refused there, with the line kept here.
 *
 * STATUS_MALFORMED  not XCCDF 1.2 as we use it: file:line: what
 */
enum status profile_load(struct job *job, const char *path, const struct profile **profile);

/* Line of the XCCDF file where a rule or a check of it stands, for messages. */
long profile_rule_line(const struct profile_rule *rule);

#endif
