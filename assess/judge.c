/* A rule is the AND of its checks and its procedure; corrections and closings are applied at the
 * end. */
#include "assess/judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static int
compare_ids(const void *left, const void *right)
{
	const struct fact *a = *(const struct fact *const *)left,
			  *b = *(const struct fact *const *)right;

	return (a->fact > b->fact) - (a->fact < b->fact);
}

void
judge_sort(struct judge *judge)
{
	qsort(judge->by_id, judge->evaluation->facts->count, sizeof *judge->by_id, compare_ids);
}

const struct fact *
judge_find(const struct judge *judge, int64_t id)
{
	struct fact wanted = {.fact = id};
	const struct fact *key = &wanted, **found;

	found = bsearch(
	    &key, judge->by_id, judge->evaluation->facts->count, sizeof *judge->by_id, compare_ids);
	return found == NULL ? NULL : *found;
}

static bool
fails(const struct fact *answer)
{
	return answer->as.answer.result != NULL && strcmp(answer->as.answer.result, "fail") == 0;
}

/*
 * The newest answer to the procedure as a whole, unless anybody ever answered it,
 * or a question of it, with fail: that stands, and only a correction undoes it.
 */
const struct fact *
judge_find_answer(const struct judge *judge, const char *procedure)
{
	const struct fact *found = NULL;

	for (size_t i = 0; i < judge->evaluation->facts->count; i++) {
		const struct fact *fact = judge->by_id[i];

		if (fact->kind != FACT_answer || fact->as.answer.procedure == NULL ||
		    fact->as.answer.closes_fact != NULL ||
		    strcmp(fact->as.answer.procedure, procedure) != 0)
			continue;
		if (fails(fact) ||
		    (fact->as.answer.question == NULL && (found == NULL || !fails(found))))
			found = fact;
	}
	return found;
}

const struct fact *
judge_find_ics(const struct judge *judge, const char *provision)
{
	for (size_t i = 0; i < judge->evaluation->facts->count; i++) {
		const struct fact *fact = judge->by_id[i];

		if (fact->kind == FACT_ics && fact->as.ics.provision != NULL &&
		    strcmp(fact->as.ics.provision, provision) == 0)
			return fact;
	}
	return NULL;
}

/* "c1a80.squashfs": where a container lies, which moves from build to build. */
static bool
is_container(const char *component, size_t size)
{
	size_t digits = strspn(component, "0123456789abcdef");

	return digits != 0 && digits + 1 < size && component[digits] == '.' &&
	       component[digits + 1] >= 'a' && component[digits + 1] <= 'z';
}

/* "0.trx/c1a80.squashfs/etc/shadow" as "etc/shadow"; what a path ends in is kept. */
static void
put_stable_path(struct text *text, const char *path)
{
	for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1)
		if (!is_container(path, (size_t)(slash - path)))
			text_put_bytes(text, path, (size_t)(slash - path) + 1);
	text_put(text, path);
}

/* Of a key or certificate: every one looks alike where it begins. */
static void
put_fingerprint(struct text *text, const struct fact *fact)
{
	const struct kind_description *kind = &fact_kinds[fact->kind];

	for (size_t i = 0; i < kind->field_count; i++)
		if (kind->fields[i].type == FIELD_TEXT &&
		    strcmp(kind->fields[i].name, "fingerprint") == 0 &&
		    fact_get_text(fact, &kind->fields[i]) != NULL)
			text_printf(text, ":%s", fact_get_text(fact, &kind->fields[i]));
}

/*
 * Where a finding is, for a person; and for its id what stays the same across builds: in a file not
 * the offset but what stands there.
 */
static enum status
describe_place(struct job *job, const struct judge *judge, const struct fact *fact,
    const char **place, const char **stable)
{
	const struct fact *subject =
	    fact == NULL
		? NULL
		: judge_find(judge, fact->kind == FACT_subject ? fact->fact : fact->subject);
	const char *name =
	    subject == NULL || subject->as.subject.name == NULL ? "" : subject->as.subject.name;
	struct text full = text_new(job), short_form = text_new(job);

	text_put(&full, name);
	text_put(&short_form, subject != NULL && subject->as.subject.type != NULL &&
				      strcmp(subject->as.subject.type, "image") == 0
				  ? "image"
				  : name);
	if (fact != NULL && fact->path != NULL) {
		text_printf(&full, ": %s", fact->path);
		text_put(&short_form, ":");
		put_stable_path(&short_form, fact->path);
	}
	if (fact != NULL && fact->path != NULL && fact->offset != UNKNOWN && fact->offset != 0)
		text_printf(&full, " at 0x%" PRIx64, (uint64_t)fact->offset);
	if (fact != NULL && fact->path != NULL && fact->excerpt != NULL)
		text_printf(&short_form, ":%s", fact->excerpt); /* offsets move with any edit */
	if (fact != NULL && fact->path != NULL)
		put_fingerprint(&short_form, fact);
	if (fact != NULL && fact->address != NULL)
		text_printf(&full, " %s", fact->address);
	if (fact != NULL && fact->port != UNKNOWN) {
		text_printf(&full, " port %" PRId64, fact->port);
		text_printf(&short_form, ":%" PRId64, fact->port);
	}
	if (fact != NULL && fact->state != NULL) {
		text_printf(&full, " (%s)", fact->state);
		text_printf(&short_form, ":%s", fact->state);
	}
	if (fact != NULL)
		judge_put_distinction(&short_form, fact);
	TRY(text_finish(&full, place));
	return text_finish(&short_form, stable);
}

/* An id without its number, and how many findings of the rule have it. */
struct twins {
	char id[16];
	size_t count; /* 0: a free place */
};

/* Ids are digests, so their first characters spread them over the table. */
static struct twins *
find_twins(struct twins *twins, size_t room, const char *id)
{
	size_t at = 0;

	for (size_t i = 0; i < 8; i++)
		at = at * 16 + (size_t)(id[i] <= '9' ? id[i] - '0' : id[i] - 'a' + 10);
	for (at &= room - 1; twins[at].count != 0 && memcmp(twins[at].id, id, 16) != 0;)
		at = (at + 1) & (room - 1);
	return &twins[at];
}

/* Room for one more, at most half full. */
static enum status
grow_twins(struct job *job, struct rule_judge *self)
{
	size_t room = self->twins_room == 0 ? 64 : self->twins_room * 2;
	struct twins *larger;

	if (self->twins_count * 2 < self->twins_room)
		return STATUS_OK;
	larger = arena_array(job, room, sizeof *larger);
	if (larger == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < self->twins_room; i++)
		if (self->twins[i].count != 0)
			*find_twins(larger, room, self->twins[i].id) = self->twins[i];
	self->twins = larger;
	self->twins_room = room;
	return STATUS_OK;
}

static enum status
count_twins(struct job *job, struct rule_judge *self, const char *id, size_t *count)
{
	struct twins *place;

	TRY(grow_twins(job, self));
	place = find_twins(self->twins, self->twins_room, id);
	self->twins_count += place->count == 0;
	memcpy(place->id, id, sizeof place->id);
	*count = ++place->count;
	return STATUS_OK;
}

static enum status
make_id(struct job *job, struct rule_judge *self, const struct finding *finding, const char *stable,
    const char **id)
{
	struct text source = text_new(job);
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	size_t twins;

	text_printf(&source, "%s\n%s\n%s\n%s\n%s\n", self->requirement->id, self->rule->id,
	    finding->check == NULL ? "" : finding->check,
	    finding->procedure == NULL ? "" : finding->procedure, stable);
	judge_put_stable_detail(&source,
	    finding->fact == 0 ? NULL : judge_find(self->judge, finding->fact), finding->detail);
	if (source.failed)
		return STATUS_LIMIT;
	TRY(digest_of(job, (struct span){(const uint8_t *)source.at, source.size}, &digest));
	digest_to_hex(&digest, hex);
	hex[16] = '\0';
	TRY(count_twins(job, self, hex, &twins));
	*id = twins == 1 ? arena_copy_string(job, hex) : arena_printf(job, "%s-%zu", hex, twins);
	return *id == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
judge_add_finding(struct job *job, struct rule_judge *self, const struct finding *finding)
{
	struct rule_result *result = self->result;
	const struct fact *fact =
	    finding->fact == 0 ? NULL : judge_find(self->judge, finding->fact);
	struct finding added = *finding;
	const char *stable;

	if (result->finding_count == self->room) {
		size_t room = self->room == 0 ? 8 : self->room * 2;
		struct finding *larger = arena_array(job, room, sizeof *larger);

		if (larger == NULL)
			return STATUS_LIMIT;
		if (result->finding_count != 0)
			memcpy(larger, result->findings, result->finding_count * sizeof *larger);
		result->findings = larger;
		self->room = room;
	}
	added.path = fact == NULL ? NULL : fact->path;
	added.offset = fact == NULL ? UNKNOWN : fact->offset;
	added.excerpt = fact == NULL ? NULL : fact->excerpt;
	added.exchange = fact == NULL || fact->exchange == UNKNOWN ? 0 : fact->exchange;
	TRY(describe_place(job, self->judge, fact, &added.place, &stable));
	TRY(make_id(job, self, &added, stable, &added.id));
	result->findings[result->finding_count++] = added;
	return STATUS_OK;
}

static enum status
judge_procedure(struct job *job, struct rule_judge *self)
{
	const struct profile_rule *rule = self->rule;
	const struct fact *answer;
	struct finding finding = {.verdict = VERDICT_INCONCLUSIVE, .procedure = rule->procedure};
	const char *result;

	if (rule->procedure == NULL)
		return STATUS_OK;
	answer = judge_find_answer(self->judge, rule->test_case);
	result = answer == NULL || answer->as.answer.result == NULL ? "" : answer->as.answer.result;
	finding.fact = answer == NULL ? 0 : answer->fact;
	finding.detail = answer == NULL                   ? "nobody has answered the procedure yet"
			 : answer->as.answer.note == NULL ? ""
							  : answer->as.answer.note;
	if (strcmp(result, "pass") == 0 && answer->as.answer.person != NULL &&
	    answer->as.answer.person[0] != '\0' && judge_is_by_tester(answer)) {
		finding.verdict = VERDICT_PASS;
		self->procedure_passed = true;
	} else if (strcmp(result, "fail") == 0) {
		finding.verdict = VERDICT_FAIL;
	}
	self->person |= finding.verdict != VERDICT_INCONCLUSIVE;
	return judge_add_finding(job, self, &finding);
}

/* The supplier itself says that a mandatory provision is not supported. */
static enum status
judge_statement(struct job *job, struct rule_judge *self)
{
	const struct fact *ics = judge_find_ics(self->judge, self->requirement->provision);

	if (!self->requirement->mandatory || self->requirement->project_row || ics == NULL ||
	    ics->as.ics.support == NULL || strcmp(ics->as.ics.support, "N") != 0)
		return STATUS_OK;
	self->machine = true;
	return judge_add_finding(job, self,
	    &(struct finding){.verdict = VERDICT_FAIL,
		.fact = ics->fact,
		.detail = "the supplier states that this is not supported",
		.procedure = "ICS"});
}

/*
 * Results that carry a PASS: the procedure's, and rows of deciding checks that passed or that a
 * person closed.  A FAIL whose explanation was accepted carries none: nobody saw it pass.
 */
static size_t
count_decided(const struct rule_judge *self)
{
	size_t decided = self->procedure_passed ? 1 : 0;

	for (size_t i = 0; i < self->result->finding_count; i++) {
		const struct finding *finding = &self->result->findings[i];

		decided += finding->decides &&
			   (finding->verdict == VERDICT_PASS ||
			       (finding->verdict == VERDICT_INCONCLUSIVE && finding->closed));
	}
	return decided;
}

static void
name_decider(struct rule_judge *self)
{
	struct rule_result *result = self->result;
	bool machine = self->machine, person = self->person;

	if (result->verdict == VERDICT_FAIL) {
		machine = person = false;
		for (size_t i = 0; i < result->finding_count; i++) {
			const struct finding *finding = &result->findings[i];
			bool counts = finding_weight(finding) == VERDICT_FAIL;

			person |= counts && finding->check == NULL && finding->procedure != NULL &&
				  strcmp(finding->procedure, "ICS") != 0;
			machine |=
			    counts && (finding->check != NULL || finding->procedure == NULL ||
					  strcmp(finding->procedure, "ICS") == 0);
		}
	}
	if (result->verdict == VERDICT_INCONCLUSIVE || (!machine && !person))
		result->decided_by = DECIDED_BY_NOBODY;
	else if (machine && person)
		result->decided_by = DECIDED_BY_BOTH;
	else
		result->decided_by = machine ? DECIDED_BY_MACHINE : DECIDED_BY_PERSON;
}

enum status
judge_rule(struct job *job, struct judge *judge, const struct profile_requirement *requirement,
    const struct profile_rule *rule, struct rule_result *result)
{
	struct rule_judge self = {
	    .judge = judge, .requirement = requirement, .rule = rule, .result = result};
	size_t decided;

	*result = (struct rule_result){.rule = rule, .reason = ""};
	TRY(judge_procedure(job, &self));
	TRY(judge_statement(job, &self));
	for (size_t i = 0; i < rule->check_count; i++)
		TRY(judge_check(job, &self, &rule->checks[i]));
	judge_apply_rulings(judge, &self);
	decided = count_decided(&self);
	result->verdict = rollup_rule(result->findings, result->finding_count, decided);
	if (result->verdict == VERDICT_INCONCLUSIVE && decided == 0)
		result->reason = "no check and no procedure has decided this yet";
	name_decider(&self);
	return STATUS_OK;
}
