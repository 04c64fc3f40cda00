/*
 * What the forms of a report share: clean words, counts and the number.
 */
#ifndef ASSESS_REPORT_TEXT_H
#define ASSESS_REPORT_TEXT_H

#include "assess/report.h"
#include "base/text.h"

#define TRIAL_BANNER_EN "TRIAL — no legal effect"
#define TRIAL_BANNER_VI "BẢN THỬ — không có giá trị pháp lý"

/*
 * Untrusted text as one line of UTF-8 that shows what it holds: newline and tab
 * become spaces, controls and direction overrides \u{NN}, bad bytes \xNN.
 * A string that needs no change is returned itself.  "" for NULL; NULL only
 * when out of budget.
 */
const char *report_clean(struct job *job, const char *string);
/* Decodes the character at *at and moves on; −1 for a byte that is no UTF-8. `*at` must not be at
 * the NUL. */
int32_t report_next_character(const char **at);

/*
 * message_of, and "" for NULL.  Not clean.  NULL only when out of budget.
 */
const char *report_translate(struct job *job, int language, const char *string);

/* A finding's detail; of what a person wrote nothing is translated in part.  Not clean.  NULL only
 * when out of budget. */
const char *report_detail(struct job *job, int language, const struct finding *finding);

/* A finding's place with what stands at its end, the state of the unit or the offset in the file,
 * in the reader's language. */
const char *report_place(struct job *job, int language, const char *place);

/* The reader's language of a pair, English when that one is missing; "" when both are. */
const char *report_choose(const char *const pair[2], int language);

struct report_counts {
	size_t mandatory[4];          /* by enum verdict */
	size_t other[4];              /* recommended, and rows of our own */
	size_t rules, not_applicable; /* test cases; those that do not apply and nobody judged */
};
struct report_counts report_count(const struct assessment *assessment);
/* Test cases that apply and that nobody has decided. */
int64_t report_undecided(const struct assessment *assessment, const struct report_counts *counts);

/* What a row says: a person's "not applicable" is that where it was accepted for the test case. */
enum verdict report_verdict(const struct rule_result *rule, const struct finding *finding);
/* Why the test case is judged so: a message key; NULL when its findings say it. */
const char *report_reason(const struct rule_result *rule);

/* Findings of one check or procedure stand together: where those that begin at `from` end. */
size_t finding_group_end(const struct rule_result *rule, size_t from);

/* Still to be answered for: neither ruled false nor closed. */
bool finding_stands(const struct finding *finding);

/* Who ruled on the finding, and what the supplier says about it; "" when nobody did.  Not clean.
 * NULL only when out of budget. */
const char *report_ruling(struct job *job, int language, const struct finding *finding);

/* A finding in one line of English, for programs' logs.  Not clean.  NULL only when out of budget.
 */
const char *report_finding_line(struct job *job, const struct finding *finding);

/* What the product is called: "brand model", or `otherwise`. NULL only when out of budget. */
const char *report_product(
    struct job *job, const struct assessment *assessment, const char *otherwise);

/* The unique number of the form: first half of the JSON's SHA-256, language and audience. */
enum status report_number(struct job *job, const struct assessment *assessment,
    const struct report_options *options, const char **number);

/* English message keys. */
const char *report_verdict_sentence(const struct assessment *assessment);
const char *report_decided_by(const struct rule_result *rule);
const char *report_obligation(const struct profile_requirement *requirement);

#endif
