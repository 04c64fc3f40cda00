/* The assessment in canonical JSON: equal assessments are equal bytes, which is what a replay
 * compares. */
#include "assess/report.h"

#include <string.h>

#include "base/json.h"

static void
put_digest(struct json *json, const char *name, const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(digest, hex);
	json_member_string(json, name, hex);
}

static void
put_profile(struct json *json, const struct profile *profile)
{
	json_name(json, "profile");
	json_open_object(json);
	json_member_string(json, "id", profile->id);
	json_member_string(json, "regulation", profile->regulation);
	json_member_string(json, "status", profile->status);
	json_member_string(json, "title", profile->title[0]);
	json_close_object(json);
}

static void
put_inputs(struct json *json, const struct assessment *assessment)
{
	json_name(json, "inputs");
	json_open_object(json);
	put_digest(json, "evidence", &assessment->evidence);
	put_digest(json, "profile", &assessment->profile->digest);
	put_digest(json, "catalogue", &assessment->catalogue_digest);
	put_digest(json, "reference", &assessment->reference);
	put_digest(json, "vulnerability", &assessment->vulnerability);
	json_member_integer(json, "now", assessment->now);
	json_member_string(json, "program_version", assessment->program_version);
	json_close_object(json);
}

static void
put_subjects(struct json *json, const struct assessment *assessment)
{
	json_name(json, "subjects");
	json_open_array(json);
	for (size_t i = 0; i < assessment->subject_count; i++)
		fact_to_json(json, &assessment->subjects[i]);
	json_close_array(json);
}

/* Where it is, and what stands there. */
static void
put_place(struct json *json, const struct finding *finding)
{
	json_member_string(json, "place", finding->place);
	if (finding->path == NULL)
		return;
	json_member_string(json, "path", finding->path);
	if (finding->offset != UNKNOWN)
		json_member_integer(json, "offset", finding->offset);
	if (finding->excerpt != NULL)
		json_member_string(json, "excerpt", finding->excerpt);
}

static void
put_explanation(struct json *json, const struct finding *finding)
{
	if (finding->explanation == UNEXPLAINED)
		return;
	json_name(json, "explanation");
	json_open_object(json);
	json_member_string(json, "state",
	    finding->explanation == EXPLANATION_REFUSED ? "refused"
	    : finding->closed                           ? "accepted"
							: "open");
	json_member_string(json, "person", finding->explained_by);
	json_member_string(json, "reason", finding->explanation_reason);
	if (finding->explained_at != UNKNOWN)
		json_member_integer(json, "time", finding->explained_at);
	json_close_object(json);
}

static void
put_finding(struct json *json, const struct finding *finding)
{
	json_open_object(json);
	json_member_string(json, "id", finding->id);
	json_member_string(json, "check", finding->check);
	json_member_string(json, "procedure", finding->procedure);
	json_member_string(json, "verdict", verdict_name(finding->verdict));
	json_member_boolean(json, "corrected", finding->corrected);
	json_member_boolean(json, "closed", finding->closed);
	json_member_string(json, "closed_by", finding->closed_by);
	json_member_integer(json, "fact", finding->fact);
	put_place(json, finding);
	json_member_string(json, "detail", finding->detail);
	put_explanation(json, finding);
	json_close_object(json);
}

static void
put_rule(struct json *json, const struct rule_result *rule)
{
	static const char *const deciders[] = {
	    [DECIDED_BY_NOBODY] = "nobody",
	    [DECIDED_BY_MACHINE] = "machine",
	    [DECIDED_BY_PERSON] = "person",
	    [DECIDED_BY_BOTH] = "both",
	};

	json_open_object(json);
	json_member_string(json, "id", rule->rule->id);
	json_member_string(json, "test_case", rule->rule->test_case);
	json_member_string(json, "verdict", verdict_name(rule->verdict));
	json_member_string(json, "decided_by", deciders[rule->decided_by]);
	json_member_string(json, "reason", rule->reason);
	json_name(json, "findings");
	json_open_array(json);
	for (size_t i = 0; i < rule->finding_count; i++)
		put_finding(json, &rule->findings[i]);
	json_close_array(json);
	json_close_object(json);
}

static void
put_requirement(struct json *json, const struct requirement_result *result)
{
	json_open_object(json);
	json_member_string(json, "id", result->requirement->id);
	json_member_string(json, "provision", result->requirement->provision);
	json_member_boolean(json, "mandatory", result->requirement->mandatory);
	json_member_boolean(json, "project_row", result->requirement->project_row);
	json_member_string(json, "verdict", verdict_name(result->verdict));
	json_name(json, "rules");
	json_open_array(json);
	for (size_t i = 0; i < result->rule_count; i++)
		put_rule(json, &result->rules[i]);
	json_close_array(json);
	json_close_object(json);
}

static void
put_decided(struct json *json, const struct assessment *assessment)
{
	json_name(json, "rules_decided");
	json_open_object(json);
	json_member_integer(json, "machine", assessment->rules_decided.machine);
	json_member_integer(json, "person", assessment->rules_decided.person);
	json_member_integer(json, "both", assessment->rules_decided.both);
	json_member_integer(json, "nobody", assessment->rules_decided.nobody);
	json_close_object(json);
}

static bool
has_findings(const struct assessment *assessment, const char *check)
{
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++)
				if (rule->findings[k].check != NULL &&
				    strcmp(rule->findings[k].check, check) == 0)
					return true;
		}
	return false;
}

/* What each check that found something claims, and how to mend what fails it. */
static void
put_checks(struct json *json, const struct assessment *assessment)
{
	json_name(json, "checks");
	json_open_array(json);
	for (size_t i = 0; i < assessment->catalogue->count; i++) {
		const struct check *check = &assessment->catalogue->checks[i];

		if (!has_findings(assessment, check->name))
			continue;
		json_open_object(json);
		json_member_string(json, "check", check->name);
		json_member_string(json, "claim", check->claim);
		json_member_string(json, "remedy", check->remedy);
		json_member_string(json, "source", check->source);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
put_explained(struct json *json, const struct assessment *assessment)
{
	json_name(json, "explained");
	json_open_object(json);
	json_member_integer(json, "open", assessment->explained.open);
	json_member_integer(json, "accepted", assessment->explained.accepted);
	json_member_integer(json, "refused", assessment->explained.refused);
	json_member_integer(json, "idle", (int64_t)assessment->idle_explanation_count);
	json_close_object(json);
}

enum status
report_json(struct job *job, const struct assessment *assessment, const char **out)
{
	struct json json = json_new(job);

	json_open_object(&json);
	json_member_string(&json, "overall", verdict_name(assessment->overall));
	json_member_boolean(&json, "trial", assessment->trial);
	json_member_boolean(&json, "refer", assessment->refer);
	put_profile(&json, assessment->profile);
	put_inputs(&json, assessment);
	put_subjects(&json, assessment);
	put_decided(&json, assessment);
	json_member_integer(&json, "corrections", assessment->correction_count);
	put_explained(&json, assessment);
	json_name(&json, "requirements");
	json_open_array(&json);
	for (size_t i = 0; i < assessment->requirement_count; i++)
		put_requirement(&json, &assessment->requirements[i]);
	json_close_array(&json);
	put_checks(&json, assessment);
	json_close_object(&json);
	json_newline(&json);
	return json_finish(&json, out);
}
