/*
 * Reports: one assessment, several forms.  Each writer returns the whole text.
 *
 * Whatever stands in a case is hostile until it is written: every form turns
 * strange bytes, control characters and direction overrides into visible text.
 * STATUS_LIMIT is the only failure unless a form says otherwise.
 */
#ifndef ASSESS_REPORT_H
#define ASSESS_REPORT_H

#include "assess/assessment.h"

enum signature_state {
	SIGNATURE_HOLDS, /* it verifies, and covers the case as it is */
	SIGNATURE_STALE, /* it verifies, but the case changed after it */
	SIGNATURE_BAD,   /* it does not verify */
};

struct report_options {
	int language;   /* 0 English, 1 Vietnamese */
	bool is_public; /* no secret, path or open vulnerability */
	const char *case_name;
	struct {
		const char *role, *person, *organisation;
		int64_t time;
		enum signature_state state;
	} signatures[8];
	size_t signature_count;
	const char *const *known; /* ids of findings of an earlier case, sorted; they are marked */
	size_t known_count;
	/* ISO/IEC 17025 7.8.2; NULL and 0 are printed as "not stated". */
	const char *laboratory, *laboratory_address, *place;
	const char *customer, *customer_address;
	int64_t received, tested_from, tested_until; /* Unix seconds */
};

/* Self-contained HTML that is also XML (no script, no network), for A4 paper and small screens. */
enum status report_html(struct job *job, const struct assessment *assessment,
    const struct report_options *options, const char **out);
/* Canonical JSON: the bytes that --replay compares. */
enum status report_json(struct job *job, const struct assessment *assessment, const char **out);
/*
 * The benchmark with a TestResult as its last child, accepted by oscap.
 * `benchmark` is the profile's XML, in UTF-8.
 *
 * STATUS_MALFORMED  not an XCCDF 1.2 Benchmark, or a signed one, whose signature must stay last
 */
enum status report_xccdf(
    struct job *job, const struct assessment *assessment, struct span benchmark, const char **out);
/* A summary of at most 80 columns a line, with ANSI colours only when `colour`. */
enum status report_terminal(struct job *job, const struct assessment *assessment,
    const struct report_options *options, bool colour, const char **out);
/*
 * Every clause with its verdict; or one clause (its id or provision) with all
 * that bears on it, in at most 80 columns.
 *
 * STATUS_USAGE  the profile has no such clause
 */
enum status report_show(struct job *job, const struct assessment *assessment,
    const struct report_options *options, const char *clause, bool colour, const char **out);

/*
 * The assessment as the public may see it: verdicts and reasons without any
 * finding, names of subjects and serial numbers.  Every writer of a public
 * form works on this copy, so none can leak what it never sees.
 */
enum status report_public(
    struct job *job, const struct assessment *assessment, struct assessment *without);

#endif
