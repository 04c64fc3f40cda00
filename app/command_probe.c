/* hopquy probe: all that is known of live units, one JSON object a line. */
#include <string.h>

#include "app/candidates.h"
#include "app/case_work.h"
#include "app/command.h"
#include "app/exchange.h"
#include "app/process_probe.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/fact.h"

#define GUESS_BUDGET 4
#define MIN_PAIRS 20

struct session {
	struct invocation *invocation;
	struct probing how;
	const char *record, *replay, *exchange;
	bool secrets, json; /* of the exchange */
	struct probe_request request;
	const char *unreachable; /* a unit of which no port answered; NULL */
	const char *silent;      /* a unit without an open port, not all being asked; NULL */
};

static enum status
load_pairs(struct session *probing)
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

/* The row of an incomplete scan that found no open port; probes that add ports were perhaps not
 * run. */
static bool
is_silent(const struct fact *fact)
{
	return fact->kind == FACT_looked && fact->as.looked.kind != NULL &&
	       strcmp(fact->source, "ports") == 0 &&
	       strcmp(fact->as.looked.kind, "open_port") == 0 &&
	       fact->as.looked.from_source != NULL &&
	       strcmp(fact->as.looked.from_source, "ports") == 0 && fact->as.looked.complete == 0 &&
	       fact->as.looked.count == 0 && fact->as.looked.reason != NULL;
}

static void
note_silence(struct session *probing, const struct fact *fact)
{
	if (!is_silent(fact))
		return;
	if (text_starts_with(fact->as.looked.reason, "unreachable"))
		probing->unreachable = probing->request.address;
	else
		probing->silent = probing->request.address;
}

static enum status
print_facts(struct session *probing, const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		note_silence(probing, &facts->facts[i]);
		TRY(print_fact(probing->invocation->job, &facts->facts[i]));
	}
	return STATUS_OK;
}

static enum status
print_unit(struct session *probing, const char *name, const char *address)
{
	struct fact unit = fact_new(FACT_subject);

	unit.as.subject.type = "unit";
	unit.as.subject.name = name;
	unit.address = address;
	return print_fact(probing->invocation->job, &unit);
}

/* One of a unit's addresses; each talk is a transcript of its own. */
static enum status
probe_address(struct session *probing, const char *address, const char *record)
{
	struct job *job = probing->invocation->job;
	struct fact_list facts = {0};
	struct probing_time time = {.began = monotonic_ms()};
	struct span transcript;
	enum status status = STATUS_OK;

	probing->request.address = address;
	TRY(process_probe(job, &probing->request, &facts, &transcript, &time.waited_ms));
	TRY(probing_tell_done(job, address, &facts, &time, probing->request.language));
	if (record != NULL)
		status = file_write(job, record, transcript, 0600);
	/* what the unit was asked for is not lost with the disk */
	TRY(print_facts(probing, &facts));
	return status;
}

/* "[NAME=]ADDRESS[,ADDRESS]…": the unit's subject, then its facts. */
static enum status
probe_unit(struct session *probing, const char *operand)
{
	struct job *job = probing->invocation->job;
	struct work_device device;

	TRY(work_parse_device(job, operand, "initialised", &device));
	if (probing->record != NULL && device.address_count > 1)
		return fail(job, STATUS_USAGE,
		    "--record takes the talk with one address: name one at a time");
	TRY(print_unit(probing, device.name, device.addresses[0]));
	for (size_t i = 0; i < device.address_count; i++)
		TRY(probe_address(probing, device.addresses[i], probing->record));
	return STATUS_OK;
}

static enum status
replay(struct session *probing)
{
	struct job *job = probing->invocation->job;
	struct fact_list facts = {0};
	struct span transcript;
	static const char head[] = "{\"transcript\":"; /* how device/transcript.c begins */
	enum status status;

	TRY(file_map(job, probing->replay, &transcript));
	status =
	    transcript.size >= sizeof head - 1 && memcmp(transcript.at, head, sizeof head - 1) == 0

		? process_replay(job, transcript, &probing->request, &facts)
		: fail(job, STATUS_MALFORMED, "not a transcript of hopquy probe");
	if (status == STATUS_MALFORMED)
		status = fail_in(job, status, "%s", probing->replay);
	if (status == STATUS_OK)
		status = print_unit(probing, probing->request.address, probing->request.address);
	if (status == STATUS_OK)
		status = print_facts(probing, &facts);
	file_unmap(transcript);
	return status;
}

/* One exchange of the transcript, instead of the facts that it leads to. */
static enum status
show_exchange(struct session *probing)
{
	struct job *job = probing->invocation->job;
	struct exchange_view view = {.language = probing->invocation->language,
	    .secrets = probing->secrets,
	    .json = probing->json};
	struct span transcript;
	enum status status;
	const char *out;

	if (!text_parse_integer(probing->exchange, 1, 999999999, &view.exchange))
		return fail(
		    job, STATUS_USAGE, "--exchange wants a number, not '%s'", probing->exchange);
	TRY(file_map(job, probing->replay, &transcript));
	status = exchange_print(job, transcript, &view, &out);
	if (status == STATUS_OK)
		say("%s", out);
	else
		status = fail_in(job, status, "%s", probing->replay);
	file_unmap(transcript);
	return status;
}

static enum status
prepare(struct session *probing, const struct option_list *operands)
{
	struct job *job = probing->invocation->job;

	struct work_device *devices;

	/* every address, before the first packet goes out */
	TRY(work_parse_devices(job, operands, "initialised", probing->how.reach, &devices));
	TRY(probing_check(job, &probing->how));
	if (probing->record != NULL)
		TRY(file_check_output(job, probing->record, probing->how.credentials));
	TRY(probing_fill(job, &probing->how, &probing->request));
	probing_tell_plan(
	    job, probing->request.level, MIN_PAIRS, GUESS_BUDGET, probing->invocation->language);
	return strcmp(probing->request.level, "observe") == 0 ? STATUS_OK : load_pairs(probing);
}

static enum status
probe_all(struct session *probing, const struct option_list *operands)
{
	struct job *job = probing->invocation->job;

	if (probing->record != NULL && operands->count != 1)
		return fail(job, STATUS_USAGE, "--record takes the talk with one unit");
	for (size_t i = 0; i < operands->count; i++) {
		enum status status = probe_unit(probing, operands->values[i]);

		if (status != STATUS_OK)
			return fail_in(job, status, "%s", operands->values[i]);
	}
	if (probing->unreachable == NULL && probing->silent == NULL)
		return STATUS_OK;
	return fail(job, STATUS_UNAVAILABLE, "%s",
	    words_fill(job, probing->invocation->language,
		probing->unreachable != NULL
		    ? "probe: {}: the unit is unreachable: no port answered"
		    : "probe: {}: no port asked for is open",
		(const char *const[3]){
		    probing->unreachable != NULL ? probing->unreachable : probing->silent, NULL,
		    NULL}));
}

static enum status
run(struct invocation *invocation)
{
	struct session probing = {.invocation = invocation,
	    .how = {.level = PROBING_LEVEL, .reach = "local"},
	    .request = {.guess_budget = GUESS_BUDGET,
		.min_pairs = MIN_PAIRS,
		.now = invocation->now,
		.language = invocation->language}};
	struct option options[PROBING_OPTIONS + 6] = {
	    {"record", OPTION_TEXT, &probing.record},
	    {"replay", OPTION_TEXT, &probing.replay},
	    {"exchange", OPTION_TEXT, &probing.exchange},
	    {"secrets", OPTION_FLAG, &probing.secrets},
	    {"json", OPTION_FLAG, &probing.json},
	    {"no-sandbox", OPTION_FLAG, &probing.request.no_sandbox},
	};
	size_t count = probing_options(&probing.how, options, 6);
	struct option_list operands;

	TRY(options_parse(invocation, options, count, 0, ARRAY_SIZE(operands.values), &operands));
	if (probing.exchange == NULL ? probing.secrets || probing.json : probing.replay == NULL)
		return fail(invocation->job, STATUS_USAGE,
		    "--exchange goes with --replay, --secrets and --json with --exchange");
	if (probing.replay != NULL && operands.count == 0)
		return probing.exchange != NULL ? show_exchange(&probing) : replay(&probing);
	if (operands.count == 0 || probing.replay != NULL)
		return fail(invocation->job, STATUS_USAGE,
		    "probe wants the address of a unit, or --replay TRANSCRIPT");
	TRY(prepare(&probing, &operands));
	return probe_all(&probing, &operands);
}

const struct command command_probe = {
    .name = "probe",
    .summary = "What live units show over the network, as facts, one JSON object a line.",
    .usage = "probe [NAME=]ADDRESS[,ADDRESS]…\n"
	     "                   " PROBING_USAGE "\n"
	     "                   [--record FILE] [--no-sandbox]\n"
	     "       hopquy probe --replay FILE [--exchange N [--secrets] [--json]]",
    .run = run,
};
