/* hopquy probe: all that is known of live units, one JSON object a line. */
#include <string.h>

#include "app/candidates.h"
#include "app/command.h"
#include "app/process_probe.h"
#include "base/arena.h"
#include "base/text.h"
#include "facts/fact.h"

#define GUESS_BUDGET 4
#define MIN_PAIRS 20
#define SECONDS_A_TRY 4 /* what a log-in that delays a refusal takes */

struct probing {
	struct invocation *invocation;
	struct probe_request request;
	const char *unreachable; /* a unit of which no port answered; NULL */
	const char *silent;      /* a unit without an open port, not all being asked; NULL */
};

static enum status
check_word(struct invocation *invocation, const char *option, const char *word,
    const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (word == NULL || strcmp(word, words[i]) == 0)
			return STATUS_OK;
	return fail(invocation->job, STATUS_USAGE, "--%s does not know '%s'", option, word);
}

static enum status
load_pairs(struct probing *probing)
{
	struct job *job = probing->invocation->job;
	struct credential_pair *pairs;
	const char *const *lines;
	size_t count;

	TRY(candidates_load(job, &lines, &count));
	pairs = arena_array(job, count, sizeof *pairs);
	if (pairs == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++) {
		const char *tab = strchr(lines[i], '\t');
		const char *user =
		    tab == NULL ? NULL : arena_string(job, lines[i], (size_t)(tab - lines[i]));

		if (user != NULL)
			pairs[probing->request.pair_count++] =
			    (struct credential_pair){user, tab + 1, "common"};
	}
	probing->request.pairs = pairs;
	return STATUS_OK;
}

static enum status
print_fact(struct job *job, const struct fact *fact)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct json json = json_new(job);
	const char *line;

	fact_to_json(&json, fact);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	arena_release(job->arena, mark);
	return STATUS_OK;
}

/* The row of an incomplete scan that found no open port; other scans say something of the unit. */
static bool
is_silent(const struct fact *fact)
{
	return fact->kind == FACT_looked && fact->as.looked.kind != NULL &&
	       strcmp(fact->as.looked.kind, "open_port") == 0 && fact->as.looked.complete == 0 &&
	       fact->as.looked.count == 0 && fact->as.looked.reason != NULL;
}

static void
note_silence(struct probing *probing, const struct fact *fact)
{
	if (!is_silent(fact))
		return;
	if (text_starts_with(fact->as.looked.reason, "unreachable"))
		probing->unreachable = probing->request.address;
	else
		probing->silent = probing->request.address;
}

/* "[NAME=]ADDRESS": the unit's subject, then its facts. */
static enum status
probe_unit(struct probing *probing, const char *operand)
{
	struct job *job = probing->invocation->job;
	const char *equals = strchr(operand, '=');
	struct fact unit = fact_new(FACT_subject);
	struct fact_list facts;

	probing->request.address = equals == NULL ? operand : equals + 1;
	unit.as.subject.type = "unit";
	unit.as.subject.name =
	    equals == NULL ? operand : arena_string(job, operand, (size_t)(equals - operand));
	unit.address = probing->request.address;
	TRY(process_probe(job, &probing->request, &facts, NULL));
	TRY(print_fact(job, &unit));
	for (size_t i = 0; i < facts.count; i++) {
		note_silence(probing, &facts.facts[i]);
		TRY(print_fact(job, &facts.facts[i]));
	}
	return STATUS_OK;
}

static enum status
prepare(struct probing *probing)
{
	static const char *const levels[] = {"observe", "login"};
	static const char *const states[] = {"factory_default", "initialised", "after_reset"};
	static const char *const reaches[] = {"local", "remote"};
	struct probe_request *request = &probing->request;

	TRY(check_word(probing->invocation, "level", request->level, levels, ARRAY_SIZE(levels)));
	TRY(check_word(probing->invocation, "state", request->state, states, ARRAY_SIZE(states)));
	TRY(check_word(probing->invocation, "reach", request->reach, reaches, ARRAY_SIZE(reaches)));
	TRY(probe_check_ports(probing->invocation->job, request->ports));
	if (strcmp(request->level, "login") != 0)
		return STATUS_OK;
	TRY(load_pairs(probing));
	tell("probe: up to %d pairs at each log-in, at most %d tries a user: about %d minutes a "
	     "log-in\n",
	    MIN_PAIRS, GUESS_BUDGET, (MIN_PAIRS * SECONDS_A_TRY + 59) / 60);
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	struct probing probing = {.invocation = invocation,
	    .request = {.level = "observe",
		.reach = "local",
		.guess_budget = GUESS_BUDGET,
		.min_pairs = MIN_PAIRS,
		.now = invocation->now}};
	const struct option options[] = {
	    {"level", OPTION_TEXT, &probing.request.level},
	    {"state", OPTION_TEXT, &probing.request.state},
	    {"reach", OPTION_TEXT, &probing.request.reach},
	    {"ports", OPTION_TEXT, &probing.request.ports},
	    {"only", OPTION_TEXT, &probing.request.only},
	    {"no-sandbox", OPTION_FLAG, &probing.request.no_sandbox},
	};
	struct option_list operands;

	TRY(options_parse(
	    invocation, options, ARRAY_SIZE(options), 1, ARRAY_SIZE(operands.values), &operands));
	TRY(prepare(&probing));
	for (size_t i = 0; i < operands.count; i++) {
		enum status status = probe_unit(&probing, operands.values[i]);

		if (status != STATUS_OK)
			return fail_in(invocation->job, status, "%s", operands.values[i]);
	}
	if (probing.unreachable != NULL)
		return fail(invocation->job, STATUS_UNAVAILABLE,
		    "probe: %s: the unit is unreachable: no port answered", probing.unreachable);
	if (probing.silent != NULL)
		return fail(invocation->job, STATUS_UNAVAILABLE,
		    "probe: %s: no port asked for is open", probing.silent);
	return STATUS_OK;
}

const struct command command_probe = {
    .name = "probe",
    .summary = "What live units show over the network, as facts, one JSON object a line.",
    .usage = "probe [NAME=]ADDRESS… [--level observe|login] [--state "
	     "factory_default|initialised|after_reset] [--reach local|remote] "
	     "[--ports LIST] [--only PROBE,…] [--no-sandbox]",
    .run = run,
};
