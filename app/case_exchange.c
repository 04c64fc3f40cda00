/* hopquy case exchange: what was said where a finding was made. */
#include <string.h>

#include "app/case_command.h"
#include "app/case_compare.h"
#include "app/exchange.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/text.h"

struct looking {
	const char *which; /* a number, or a finding's id */
	const char *device, *address, *state, *reach;
	struct exchange_view view;
	struct fact_list facts;
};

static const struct fact *
find_fact(const struct looking *looking, int64_t id)
{
	for (size_t i = 0; i < looking->facts.count; i++)
		if (looking->facts.facts[i].fact == id)
			return &looking->facts.facts[i];
	return NULL;
}

static const char *
unit_name(const struct looking *looking, int64_t subject)
{
	const struct fact *fact = find_fact(looking, subject);

	return fact == NULL || fact->kind != FACT_subject ? NULL : fact->as.subject.name;
}

static const struct finding *
find_finding(const struct assessment *assessment, const char *id)
{
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++)
				if (strcmp(rule->findings[k].id, id) == 0)
					return &rule->findings[k];
		}
	return NULL;
}

/* A name that no unit of the case has is told, else the number would be blamed. */
static enum status
check_device(struct work *work, const struct looking *looking)
{
	int64_t unit = 0;

	if (looking->device == NULL)
		return STATUS_OK;
	TRY(case_subject(work->job, work->file, "unit", looking->device, &unit));
	return unit != 0 ? STATUS_OK
			 : fail(work->job, STATUS_USAGE, "there is no unit '%s' in the case",
			       looking->device);
}

/* A finding rests on a fact, and that on an exchange of one talk. */
static enum status
take_finding(struct work *work, struct looking *looking)
{
	struct assessment assessment;
	const struct finding *finding;
	const struct fact *fact;

	TRY(work_evaluate(work, NULL, work->now, &assessment));
	finding = find_finding(&assessment, looking->which);
	if (finding == NULL)
		return fail(work->job, STATUS_USAGE,
		    "there is no exchange and no finding '%s' in the case", looking->which);
	fact = find_fact(looking, finding->fact);
	if (fact == NULL || fact->address == NULL || fact->exchange == UNKNOWN ||
	    fact->exchange == 0)
		return fail(work->job, STATUS_UNDECIDED,
		    "finding %s rests on no single exchange with a unit", looking->which);
	looking->view.exchange = fact->exchange;
	looking->device = unit_name(looking, fact->subject);
	looking->address = fact->address;
	looking->state = fact->state;
	looking->reach = fact->reach;
	return STATUS_OK;
}

static bool
agrees(const char *wanted, const char *said)
{
	return wanted == NULL || strcmp(wanted, said == NULL ? "" : said) == 0;
}

static bool
is_meant(const struct looking *looking, const struct case_transcript *transcript,
    const struct exchange_talk *talk)
{
	return agrees(looking->device, unit_name(looking, transcript->subject)) &&
	       agrees(looking->address, talk->address) && agrees(looking->state, talk->state) &&
	       agrees(looking->reach, talk->reach);
}

static const char *
service_at(const struct looking *looking, const struct case_transcript *transcript,
    const struct exchange_talk *talk, int64_t port)
{
	for (size_t i = 0; i < looking->facts.count; i++) {
		const struct fact *fact = &looking->facts.facts[i];

		if (fact->kind == FACT_open_port && fact->subject == transcript->subject &&
		    fact->port == port && fact->address != NULL &&
		    strcmp(fact->address, talk->address) == 0 && fact->as.open_port.service != NULL)
			return fact->as.open_port.service;
	}
	return NULL;
}

static enum status
print_one(struct work *work, struct looking *looking, const struct case_transcript *transcript)
{
	struct exchange_talk talk;
	const char *out;

	TRY(exchange_read_head(work->job, transcript->bytes, &talk));
	looking->view.unit = unit_name(looking, transcript->subject);
	looking->view.service = service_at(looking, transcript, &talk,
	    exchange_port(work->job, transcript->bytes, looking->view.exchange));
	TRY(exchange_print(work->job, transcript->bytes, &looking->view, &out));
	say("%s", out);
	return STATUS_OK;
}

/* The one talk that is meant; where it is several, they are told. */
static enum status
choose(struct work *work, struct looking *looking, struct case_transcript *talks, size_t count)
{
	const struct case_transcript *found = NULL;
	struct text names = text_new(work->job);
	const char *all;
	size_t meant = 0;

	for (size_t i = 0; i < count; i++) {
		struct exchange_talk talk;

		TRY(exchange_read_head(work->job, talks[i].bytes, &talk));
		if (!is_meant(looking, &talks[i], &talk) ||
		    exchange_port(work->job, talks[i].bytes, looking->view.exchange) < 0)
			continue;
		found = &talks[i];
		text_printf(&names, "%s%s %s %s", meant++ == 0 ? "" : "; ",
		    unit_name(looking, talks[i].subject), talk.address, talk.state);
	}
	TRY(text_finish(&names, &all));
	if (meant == 1)
		return print_one(work, looking, found);
	return meant == 0 ? fail(work->job, STATUS_USAGE, "no talk of the case has an exchange %s",
				looking->which)
			  : fail(work->job, STATUS_USAGE,
				"exchange %s is in %zu talks; choose with --device, --address or "
				"--state: %s",
				looking->which, meant, all);
}

static enum status
do_exchange(struct work *work, void *context)
{
	struct looking *looking = context;
	struct case_transcript *talks;
	size_t count;

	TRY(case_facts(work->job, work->file, &looking->facts));
	TRY(check_device(work, looking));
	if (!text_parse_integer(looking->which, 1, 999999999, &looking->view.exchange))
		TRY(take_finding(work, looking));
	TRY(case_transcripts(work->job, work->file, &talks, &count));
	return choose(work, looking, talks, count);
}

enum status
case_run_exchange(struct invocation *invocation)
{
	struct looking looking = {.view.language = invocation->language};
	const struct option options[] = {{"device", OPTION_TEXT, &looking.device},
	    {"address", OPTION_TEXT, &looking.address}, {"state", OPTION_TEXT, &looking.state},
	    {"secrets", OPTION_FLAG, &looking.view.secrets},
	    {"json", OPTION_FLAG, &looking.view.json}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 2, &operands));
	looking.which = operands.values[1];
	work = case_start(invocation, operands.values[0]);
	return case_with(&work, false, do_exchange, &looking);
}
