/* One image without dossier or unit is a small case that nobody keeps. */
#include "app/image_findings.h"

#include <string.h>

#include "app/candidates.h"
#include "app/case_work.h"
#include "app/process_unpack.h"
#include "assess/evaluate.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"

/* The facts as a case would hold them: with ids, and about an image that is under test. */
static enum status
take_facts(struct job *job, struct span image, const char *name, const struct fact_list *unpacked,
    struct fact_list *facts)
{
	const char *slash = strrchr(name, '/'), *base = slash == NULL ? name : slash + 1;
	struct evidence sink = evidence_to_list(facts);
	struct fact subject = fact_new(FACT_subject);
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	TRY(digest_of(job, image, &digest));
	digest_to_hex(&digest, hex);
	subject.fact = subject.subject = 1;
	subject.source = "operator";
	subject.as.subject.type = "image";
	subject.as.subject.name = text_from_bytes(job, base, strlen(base), 200);
	subject.as.subject.sha256 = arena_copy_string(job, hex);
	subject.as.subject.bytes = (int64_t)image.size;
	subject.as.subject.under_test = 1;
	if (subject.as.subject.name == NULL || subject.as.subject.sha256 == NULL)
		return STATUS_LIMIT;
	TRY(sink.add(&sink, job, &subject));
	for (size_t i = 0; i < unpacked->count; i++) {
		struct fact fact = unpacked->facts[i];

		fact.fact = (int64_t)facts->count + 1;
		fact.subject = 1;
		TRY(sink.add(&sink, job, &fact));
	}
	return STATUS_OK;
}

static enum status
judge(struct job *job, const struct profile *profile, int64_t now, const struct fact_list *facts,
    struct assessment *assessment)
{
	struct evaluation evaluation = {
	    .profile = profile, .facts = facts, .now = now, .program_version = HOPQUY_VERSION};
	const char *home = app_home(job);

	evaluation.reference_folder = file_path_join(job, home, "data");
	if (evaluation.reference_folder == NULL)
		return STATUS_LIMIT;
	TRY(catalogue_load(job, file_path_join(job, home, "checks"), &evaluation.catalogue));
	return evaluate(job, &evaluation, assessment);
}

static bool
is_incomplete(const struct fact *fact)
{
	return fact->kind == FACT_looked && fact->as.looked.complete != 1;
}

static bool
is_used(const struct profile *profile, const char *check)
{
	for (size_t i = 0; i < profile->requirement_count; i++)
		for (size_t j = 0; j < profile->requirements[i].rule_count; j++) {
			const struct profile_rule *rule = &profile->requirements[i].rules[j];

			for (size_t k = 0; k < rule->check_count; k++)
				if (strcmp(rule->checks[k].check, check) == 0)
					return true;
		}
	return false;
}

static size_t
count_checks(const struct assessment *assessment)
{
	size_t count = 0;

	for (size_t i = 0; i < assessment->catalogue->count; i++) {
		const struct check *check = &assessment->catalogue->checks[i];
		bool looks = false;

		for (size_t j = 0; j < check->need_count; j++)
			looks |= strcmp(check->needs[j].subject, "image") == 0;
		count += looks && is_used(assessment->profile, check->name);
	}
	return count;
}

/* Of images alone, so that what it leaves open no dossier and no unit would answer. */
static bool
needs_image_alone(const struct assessment *assessment, const char *name)
{
	const struct check *check = catalogue_find(assessment->catalogue, name);

	for (size_t i = 0; check != NULL && i < check->need_count; i++)
		if (strcmp(check->needs[i].subject, "image") != 0)
			return false;
	return check != NULL;
}

/* A row about something in the image: not the lack of a unit, nor what nobody could look at. */
static bool
is_about_image(const void *context, const struct finding *finding)
{
	const struct image_findings *findings = context;

	return finding->fact > 0 && (size_t)finding->fact <= findings->facts->count &&
	       finding_weight(finding) != VERDICT_PASS && !finding->unmet &&
	       !is_incomplete(&findings->facts->facts[finding->fact - 1]);
}

/* Something stands in the image that the question is about; the others rest on what is not there.
 */
static bool
is_seen(const struct image_findings *findings, const struct found_group *group)
{
	for (size_t i = 0; i < group->found_count; i++) {
		enum fact_kind kind =
		    findings->facts->facts[found_first(&group->found[i])->fact - 1].kind;

		if (kind != FACT_looked && kind != FACT_subject)
			return true;
	}
	return false;
}

/* What stands in the image is told in full, whoever answers it; the other questions by their
 * names. */
static enum status
part(struct job *job, struct image_findings *findings)
{
	size_t kept = 0;

	findings->elsewhere = arena_array(job, findings->group_count, sizeof *findings->elsewhere);
	if (findings->elsewhere == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < findings->group_count; i++) {
		const struct found_group *group = &findings->groups[i];

		if (group->weight == VERDICT_FAIL) {
			findings->failed += group->found_count;
		} else if (needs_image_alone(findings->assessment, group->check) ||
			   is_seen(findings, group)) {
			findings->questions += group->found_count;
		} else {
			findings->elsewhere[findings->elsewhere_count++] =
			    catalogue_find(findings->assessment->catalogue, group->check);
			continue;
		}
		findings->groups[kept++] = *group;
	}
	findings->group_count = kept;
	return STATUS_OK;
}

enum status
image_findings(struct job *job, struct span image, const char *name, const char *profile_name,
    const struct option_list *trust, size_t memory, int64_t now, struct image_findings *findings)
{
	struct unpack_request request = {
	    .image = image, .mode = UNPACK_FACTS, .memory = memory, .folder = -1};
	struct assessment *assessment = arena_allocate(job, sizeof *assessment);
	struct fact_list *facts = arena_allocate(job, sizeof *facts), unpacked = {0};
	const struct profile *profile;
	enum status status;

	if (assessment == NULL || facts == NULL)
		return STATUS_LIMIT;
	TRY(work_profile(job, profile_name, &profile));
	request.max_unread_bytes = profile->max_unread_bytes;
	TRY(candidates_load(job, &request.candidates, &request.candidate_count));
	TRY(image_load_trusted(job, trust, &request.trusted, &request.trusted_count));
	status = process_unpack(job, &request, &unpacked);
	if (status != STATUS_OK)
		return fail_in(job, status, "%s", name);
	TRY(take_facts(job, image, name, &unpacked, facts));
	TRY(judge(job, profile, now, facts, assessment));
	*findings =
	    (struct image_findings){.assessment = assessment, .facts = facts, .complete = true};
	for (size_t i = 0; i < facts->count; i++)
		findings->complete &= !is_incomplete(&facts->facts[i]);
	TRY(found_collect(
	    job, assessment, is_about_image, findings, &findings->groups, &findings->group_count));
	TRY(part(job, findings));
	findings->checks = count_checks(assessment);
	return STATUS_OK;
}
