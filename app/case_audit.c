/* hopquy case audit: the probes once more over what was said, every fact beside the one in the
 * case. */
#include <stdlib.h>
#include <string.h>

#include "app/case_command.h"
#include "app/case_compare.h"
#include "app/process_probe.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/message.h"

struct auditing {
	struct work *work;
	struct fact_list known;
	bool json;
	size_t same, missing, extra, unread;
};

/* A fact as one line, without what only the case gives it. */
static const char *
line_of(struct job *job, const struct fact *fact)
{
	struct fact bare = *fact;
	struct json json = json_new(job);
	const char *line;

	bare.fact = bare.subject = 0;
	fact_to_json(&json, &bare);
	return json_finish(&json, &line) == STATUS_OK ? line : NULL;
}

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct lines {
	const char **at;
	size_t count;
};

/* The facts the case holds of one talk: the unit, its address and its state. */
static enum status
lines_of_case(struct auditing *auditing, const struct case_transcript *talk,
    const struct probe_request *request, struct lines *lines)
{
	struct job *job = auditing->work->job;

	lines->at = arena_array(job, auditing->known.count, sizeof *lines->at);
	if (lines->at == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < auditing->known.count; i++) {
		const struct fact *fact = &auditing->known.facts[i];

		if (fact->subject != talk->subject || fact->kind == FACT_subject ||
		    fact->address == NULL || strcmp(fact->address, request->address) != 0 ||
		    fact->state == NULL || request->state == NULL ||
		    strcmp(fact->state, request->state) != 0 ||
		    strcmp(fact->reach == NULL ? "" : fact->reach,
			request->reach == NULL ? "" : request->reach) != 0)
			continue;
		lines->at[lines->count] = line_of(job, fact);
		if (lines->at[lines->count++] == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}

static enum status
lines_of_replay(struct job *job, const struct fact_list *facts, struct lines *lines)
{
	lines->at = arena_array(job, facts->count, sizeof *lines->at);
	if (lines->at == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++) {
		lines->at[i] = line_of(job, &facts->facts[i]);
		if (lines->at[i] == NULL)
			return STATUS_LIMIT;
	}
	lines->count = facts->count;
	return STATUS_OK;
}

/* Both are sorted; what stands on one side only is told. */
static void
match(struct auditing *auditing, struct lines *stored, struct lines *again)
{
	size_t i = 0, j = 0;

	qsort(stored->at, stored->count, sizeof *stored->at, compare_lines);
	qsort(again->at, again->count, sizeof *again->at, compare_lines);
	while (i < stored->count || j < again->count) {
		int order = i == stored->count  ? 1
			    : j == again->count ? -1
						: strcmp(stored->at[i], again->at[j]);

		if (order < 0) {
			say(auditing->json ? "{\"missing\":%s}\n" : "- %s\n", stored->at[i++]);
			auditing->missing++;
		} else if (order > 0) {
			say(auditing->json ? "{\"new\":%s}\n" : "+ %s\n", again->at[j++]);
			auditing->extra++;
		} else {
			i++, j++;
			auditing->same++;
		}
	}
}

static enum status
print_unread(const struct auditing *auditing)
{
	struct job *job = auditing->work->job;
	struct json json = json_new(job);
	const char *line;

	if (!auditing->json) {
		say("? %s\n", words_clean(job, job->reason));
		return STATUS_OK;
	}
	json_open_object(&json);
	json_member_string(&json, "unread", job->reason);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static enum status
print_sum(const struct auditing *auditing, size_t talks)
{
	struct job *job = auditing->work->job;
	struct json json = json_new(job);
	const char *line;

	if (!auditing->json) {
		say_message(auditing->work->language,
		    talks == 1 ? "{} talk with a unit played again: {} facts the same"
			       : "{} talks with units played again: {} facts the same",
		    (const char *const[3]){arena_printf(job, "%zu", talks),
			arena_printf(job, "%zu", auditing->same), NULL});
		return STATUS_OK;
	}
	json_open_object(&json);
	json_member_integer(&json, "talks", (int64_t)talks);
	json_member_integer(&json, "facts_the_same", (int64_t)auditing->same);
	json_member_integer(&json, "facts_missing", (int64_t)auditing->missing);
	json_member_integer(&json, "facts_new", (int64_t)auditing->extra);
	json_member_integer(&json, "talks_unread", (int64_t)auditing->unread);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static enum status
audit_one(struct auditing *auditing, const struct case_transcript *talk)
{
	struct job *job = auditing->work->job;
	struct probe_request request = {
	    .level = "observe", .no_sandbox = auditing->work->no_sandbox};
	struct lines stored = {0}, again = {0};
	struct fact_list facts;
	enum status status = process_replay(job, talk->bytes, &request, &facts);

	if (status == STATUS_MALFORMED) {
		auditing->unread++;
		return print_unread(auditing);
	}
	TRY(status);
	TRY(lines_of_case(auditing, talk, &request, &stored));
	TRY(lines_of_replay(job, &facts, &again));
	match(auditing, &stored, &again);
	return STATUS_OK;
}

static enum status
do_audit(struct work *work, void *context)
{
	struct auditing *auditing = context;
	struct case_transcript *talks;
	size_t count;

	auditing->work = work;
	TRY(case_facts(work->job, work->file, &auditing->known));
	TRY(case_transcripts(work->job, work->file, &talks, &count));
	for (size_t i = 0; i < count; i++)
		TRY(audit_one(auditing, &talks[i]));
	TRY(print_sum(auditing, count));
	if (count == 0)
		return fail(work->job, STATUS_UNDECIDED, "the case holds no transcript of a unit");
	if (auditing->missing + auditing->extra + auditing->unread == 0)
		return STATUS_OK;
	return fail(work->job, STATUS_NO,
	    "%zu facts of the case are not found again, %zu are new, %zu %s this program's probes",
	    auditing->missing, auditing->extra, auditing->unread,
	    auditing->unread == 1 ? "talk does not fit" : "talks do not fit");
}

enum status
case_run_audit(struct invocation *invocation)
{
	struct auditing auditing = {0};
	bool no_sandbox = false;
	const struct option options[] = {
	    {"no-sandbox", OPTION_FLAG, &no_sandbox}, {"json", OPTION_FLAG, &auditing.json}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	work = case_start(invocation, operands.values[0]);
	work.no_sandbox = no_sandbox;
	return case_with(&work, false, do_audit, &auditing);
}
