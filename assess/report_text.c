/* A report shows hostile words to a person, so they are cleaned in this one place. */
#include "assess/report_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/message.h"

int32_t
report_next_character(const char **at)
{
	const unsigned char *byte = (const unsigned char *)*at;
	size_t size = byte[0] < 0x80 ? 1 : byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
	int32_t value;

	if (size == 1 || strnlen(*at, size) < size || !text_is_utf8(*at, size)) {
		*at += 1;
		return size == 1 ? byte[0] : -1;
	}
	value = byte[0] & (0xff >> (size + 1));
	for (size_t i = 1; i < size; i++)
		value = (value << 6) | (byte[i] & 0x3f);
	*at += size;
	return value;
}

static bool
is_deceptive(int32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x061c ||
	       (character >= 0x200b && character <= 0x200f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
	       (character & 0xfffe) == 0xfffe;
}

/* Bytes of the string's beginning that may be shown as they are. */
static size_t
clean_size(const char *string)
{
	const char *at = string;

	while (*at) {
		const char *start = at;
		int32_t character = report_next_character(&at);

		if (character < 0 || is_deceptive(character))
			return (size_t)(start - string);
	}
	return (size_t)(at - string);
}

const char *
report_clean(struct job *job, const char *string)
{
	struct text out = text_new(job);
	const char *at = string ? string : "", *result;
	size_t clean = clean_size(at);

	if (!at[clean])
		return at;
	text_put_bytes(&out, at, clean);
	at += clean;
	while (*at) {
		const char *start = at;
		int32_t character = report_next_character(&at);

		if (character < 0)
			text_printf(&out, "\\x%02x", (unsigned)(unsigned char)*start);
		else if (character == '\n' || character == '\t' || character == '\r')
			text_put(&out, " ");
		else if (is_deceptive(character))
			text_printf(&out, "\\u{%x}", (unsigned)character);
		else
			text_put_bytes(&out, start, (size_t)(at - start));
	}
	return text_finish(&out, &result) == STATUS_OK ? result : NULL;
}

const char *
report_translate(struct job *job, int language, const char *string)
{
	return string ? message_of(job, language, string) : "";
}

const char *
report_detail(struct job *job, int language, const struct finding *finding)
{
	return finding->check    ? report_translate(job, language, finding->detail)
	       : finding->detail ? message(language, finding->detail)
				 : "";
}

/* "image.bin: etc/shadow at 0x1f": where " at 0x1f" begins; NULL for a place without offset. */
static const char *
find_offset(const char *place)
{
	const char *at = strrchr(place, ' ');

	if (at == NULL || !text_starts_with(at, " 0x") ||
	    at[3 + strspn(at + 3, "0123456789abcdef")] != '\0' || at - place < 3 ||
	    !text_starts_with(at - 3, " at "))
		return NULL;
	return at - 3;
}

const char *
report_place(struct job *job, int language, const char *place)
{
	const char *offset = place && language != LANGUAGE_EN ? find_offset(place) : NULL;

	if (offset)
		return arena_printf(job, "%.*s %s %s", (int)(offset - place), place,
		    message(language, "at offset"), offset + strlen(" at "));
	if (!place || !text_ends_with(place, ")"))
		return place ? place : "";
	return message_of(job, language, place);
}

const char *
report_choose(const char *const pair[2], int language)
{
	const char *chosen = language == LANGUAGE_VI ? pair[1] : pair[0];

	if (!chosen || !*chosen)
		chosen = pair[0];
	return chosen ? chosen : "";
}

struct report_counts
report_count(const struct assessment *assessment)
{
	struct report_counts counts = {0};

	for (size_t i = 0; i < assessment->requirement_count; i++) {
		const struct requirement_result *result = &assessment->requirements[i];

		if (result->requirement->mandatory && !result->requirement->project_row)
			counts.mandatory[result->verdict]++;
		else
			counts.other[result->verdict]++;
		counts.rules += result->rule_count;
		for (size_t j = 0; j < result->rule_count; j++)
			counts.not_applicable +=
			    result->rules[j].verdict == VERDICT_NOT_APPLICABLE &&
			    result->rules[j].decided_by == DECIDED_BY_NOBODY;
	}
	return counts;
}

int64_t
report_undecided(const struct assessment *assessment, const struct report_counts *counts)
{
	int64_t nobody = assessment->rules_decided.nobody;

	return nobody < (int64_t)counts->not_applicable ? 0
							: nobody - (int64_t)counts->not_applicable;
}

enum verdict
report_verdict(const struct rule_result *rule, const struct finding *finding)
{
	bool accepted = rule->verdict == VERDICT_NOT_APPLICABLE && !finding->check &&
			finding->fact != 0 && finding->verdict == VERDICT_INCONCLUSIVE;

	return accepted ? VERDICT_NOT_APPLICABLE : finding->verdict;
}

const char *
report_reason(const struct rule_result *rule)
{
	if (rule->verdict == VERDICT_NOT_APPLICABLE)
		return "does not apply: the supplier stated the condition, no fact contradicts it, "
		       "and a tester accepted it";
	return rule->reason && *rule->reason ? rule->reason : NULL;
}

bool
finding_stands(const struct finding *finding)
{
	return !finding->corrected && !finding->closed;
}

static const char *
explanation_words(struct job *job, int language, const struct finding *finding)
{
	const char *state = finding->explanation == EXPLANATION_REFUSED
				? "a tester says that it fails all the same"
			    : finding->corrected || finding->closed
				? ""
				: "a statement, which a tester has not accepted";

	return arena_printf(job, "%s %s: %s%s%s%s", message(language, "explained by"),
	    finding->explained_by, finding->explanation_reason, *state ? " (" : "",
	    message(language, state), *state ? ")" : "");
}

const char *
report_ruling(struct job *job, int language, const struct finding *finding)
{
	const char *words =
	    finding->explanation == UNEXPLAINED ? "" : explanation_words(job, language, finding);
	const char *ruled = finding->corrected ? "ruled false by two people" : "closed by";

	if (!words || finding_stands(finding))
		return words;
	if (finding->closed && finding->explanation != UNEXPLAINED)
		ruled = "accepted by";
	return arena_printf(job, "%s%s%s%s%s", words, *words ? " — " : "", message(language, ruled),
	    finding->closed_by ? (finding->corrected ? ": " : " ") : "",
	    finding->closed_by ? message(language, finding->closed_by) : "");
}

const char *
report_finding_line(struct job *job, const struct finding *finding)
{
	const char *ruling = report_ruling(job, LANGUAGE_EN, finding), *line;
	struct text out = text_new(job);

	text_printf(&out, "%s %s", finding->check ? finding->check : finding->procedure,
	    verdict_name(finding->verdict));
	if (finding->place && *finding->place)
		text_printf(&out, " — %s", finding->place);
	if (finding->detail && *finding->detail)
		text_printf(&out, ": %s", finding->detail);
	if (finding->excerpt && *finding->excerpt)
		text_printf(&out, " | %s |", finding->excerpt);
	text_printf(&out, " (fact %lld, finding %s", (long long)finding->fact, finding->id);
	if (!ruling || *ruling)
		text_printf(&out, "; %s", ruling ? ruling : "");
	text_put(&out, ")");
	return ruling && text_finish(&out, &line) == STATUS_OK ? line : NULL;
}

static bool
same_source(const struct finding *a, const struct finding *b)
{
	const char *left = a->check ? a->check : a->procedure;
	const char *right = b->check ? b->check : b->procedure;

	return !a->check == !b->check && left && right && strcmp(left, right) == 0;
}

size_t
finding_group_end(const struct rule_result *rule, size_t from)
{
	size_t to = from + 1;

	while (to < rule->finding_count && same_source(&rule->findings[from], &rule->findings[to]))
		to++;
	return to;
}

const char *
report_product(struct job *job, const struct assessment *assessment, const char *otherwise)
{
	const struct subject_fact *found = NULL;

	for (size_t i = 0; i < assessment->subject_count; i++) {
		const struct subject_fact *subject = &assessment->subjects[i].as.subject;

		if (subject->model &&
		    (!found || (subject->type && strcmp(subject->type, "dossier") == 0)))
			found = subject;
	}
	if (!found)
		return report_clean(job, otherwise);
	return report_clean(job, arena_printf(job, "%s%s%s", found->brand ? found->brand : "",
				     found->brand ? " " : "", found->model));
}

enum status
report_number(struct job *job, const struct assessment *assessment,
    const struct report_options *options, const char **number)
{
	const char *json;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	TRY(report_json(job, assessment, &json));
	TRY(digest_of(job, span_of_string(json), &digest));
	digest_to_hex(&digest, hex);
	*number = arena_printf(job, "HQ-%.8s-%.8s-%.8s-%.8s-%s%s", hex, hex + 8, hex + 16, hex + 24,
	    options->language == LANGUAGE_VI ? "VI" : "EN", options->is_public ? "-P" : "");
	return *number ? STATUS_OK : STATUS_LIMIT;
}

enum status
report_public(struct job *job, const struct assessment *assessment, struct assessment *without)
{
	size_t count = assessment->requirement_count;
	struct requirement_result *results = arena_array(job, count, sizeof(*results));
	struct fact *subjects = arena_array(job, assessment->subject_count, sizeof(*subjects));

	if (!results || !subjects)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++) {
		const struct requirement_result *from = &assessment->requirements[i];
		struct rule_result *rules = arena_array(job, from->rule_count, sizeof(*rules));

		if (!rules)
			return STATUS_LIMIT;
		for (size_t j = 0; j < from->rule_count; j++) {
			rules[j] = from->rules[j];
			rules[j].findings = NULL;
			rules[j].finding_count = 0;
		}
		results[i] = *from;
		results[i].rules = rules;
	}
	for (size_t i = 0; i < assessment->subject_count; i++) {
		subjects[i] = assessment->subjects[i];
		subjects[i].path = subjects[i].address = NULL;
		subjects[i].as.subject.name = subjects[i].as.subject.serial = NULL;
	}
	*without = *assessment;
	without->requirements = results;
	without->subjects = subjects;
	without->told_models = NULL;
	without->told_model_count = 0;
	return STATUS_OK;
}

const char *
report_verdict_sentence(const struct assessment *assessment)
{
	switch (assessment->overall) {
	case VERDICT_PASS:
		return "Every mandatory requirement that applies is met by the items tested.";
	case VERDICT_FAIL:
		return "At least one mandatory requirement is not met by the items tested.";
	case VERDICT_NOT_APPLICABLE:
		return "No mandatory requirement applies to the items tested.";
	case VERDICT_INCONCLUSIVE:
		break;
	}
	if (assessment->explained.open > 0)
		return "What was found to fail is explained by the supplier, which no tester has "
		       "accepted yet; until then nothing is said to be met or not.";
	return "No mandatory requirement is known to fail, but the evidence does not suffice to "
	       "say "
	       "that all are met.";
}

const char *
report_decided_by(const struct rule_result *rule)
{
	if (rule->verdict == VERDICT_NOT_APPLICABLE)
		return "decided by a person";
	switch (rule->decided_by) {
	case DECIDED_BY_MACHINE:
		return "decided by machine";
	case DECIDED_BY_PERSON:
		return "decided by a person";
	case DECIDED_BY_BOTH:
		return "decided by machine and person";
	case DECIDED_BY_NOBODY:
		break;
	}
	return "decided by nobody yet";
}

const char *
report_obligation(const struct profile_requirement *requirement)
{
	if (requirement->project_row)
		return "added by the programme";
	return requirement->mandatory ? "mandatory" : "recommended";
}
