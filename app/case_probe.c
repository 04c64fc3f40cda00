/* A unit is probed in one state at a time; its plan of passwords is made from this case's own
 * firmware first. */
#include <stdlib.h>
#include <string.h>

#include "app/candidates.h"
#include "app/case_steps.h"
#include "app/process_probe.h"
#include "app/process_read.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/text.h"
#include "device/probe.h"

struct plan {
	struct credential_pair *pairs;
	size_t count, room;
};

static void
add_pair(struct plan *plan, const char *user, const char *password, const char *origin)
{
	if (plan->count == plan->room)
		return;
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->pairs[i].user, user) == 0 &&
		    strcmp(plan->pairs[i].password, password) == 0)
			return;
	plan->pairs[plan->count++] =
	    (struct credential_pair){.user = user, .password = password, .origin = origin};
}

/* "user<TAB>password" cut in two. */
static enum status
cut_pair(struct job *job, const char *line, const char **user, const char **password)
{
	const char *tab = strchr(line, '\t');

	if (tab == NULL)
		return fail(job, STATUS_FAULT, "dictionary: a line without TAB");
	*user = arena_string(job, line, (size_t)(tab - line));
	*password = tab + 1;
	return *user == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* What was said at each address of one unit. */
struct talks {
	struct fact_list facts[WORK_ADDRESSES_MAX];
	struct span transcripts[WORK_ADDRESSES_MAX];
	size_t count;
};

/* The whole plan, in order; the probe spends at most the guess budget a user.  Pairs found in this
 * case's firmware, then the vendor's, then the commonest. */
static enum status
make_plan(struct work *work, const struct fact_list *facts, struct plan *plan)
{
	const char *const *lines;
	size_t count;

	TRY(candidates_load(work->job, &lines, &count));
	plan->room = count + facts->count;
	plan->pairs = arena_array(work->job, plan->room, sizeof *plan->pairs);
	if (plan->pairs == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++) {
		const struct account_fact *account = &facts->facts[i].as.account;

		if (facts->facts[i].kind == FACT_account && account->user != NULL &&
		    (account->service == NULL || strcmp(account->service, "Wi-Fi") != 0) &&
		    (account->password != NULL || account->empty_password == 1))
			add_pair(plan, account->user,
			    account->password == NULL ? "" : account->password, "firmware");
	}
	TRY(candidates_of_vendor(work->job, identity_value(facts, "brand"), &lines, &count));
	for (int common = 0; common < 2; common++) {
		for (size_t i = 0; i < count; i++) {
			const char *user = NULL, *password = NULL;

			TRY(cut_pair(work->job, lines[i], &user, &password));
			add_pair(plan, user, password, common ? "common" : "vendor");
		}
		if (!common)
			TRY(candidates_load(work->job, &lines, &count));
	}
	return STATUS_OK;
}

static enum status
unit_subject(
    struct work *work, const struct fact_list *known, const struct work_device *device, int64_t *id)
{
	struct subject_fact subject = fact_new(FACT_subject).as.subject;

	TRY(case_subject(work->job, work->file, "unit", device->name, id));
	if (*id != 0)
		return STATUS_OK;
	subject.type = "unit";
	subject.name = device->name;
	subject.brand = identity_value(known, "brand");
	subject.model = identity_value(known, "model");
	return work_add_subject(work, &subject, id);
}

static const char *
run_key(struct work *work, const struct work_device *device, const struct probing *probing)
{
	return arena_printf(
	    work->job, "unit:%s:%s:%s", device->name, device->state, probing->reach);
}

static int
rank_of(const char *level)
{
	enum intrusion rank = INTRUSION_OBSERVE;

	return intrusion_parse(level, &rank) ? (int)rank : 0;
}

static bool
is_in_state(const struct fact *fact, const struct work_device *device)
{
	return fact->kind == FACT_looked && fact->state != NULL &&
	       strcmp(fact->state, device->state) == 0;
}

/* One address is one unit's, as long as it is in one state. */
static enum status
check_others(struct work *work, const struct fact_list *known, const struct work_device *device,
    int64_t unit)
{
	for (size_t i = 0; i < known->count; i++) {
		const struct fact *fact = &known->facts[i];

		if (!is_in_state(fact, device) || fact->subject == unit || fact->address == NULL ||
		    !work_has_address(device, fact->address))
			continue;
		for (size_t j = 0; j < known->count; j++)
			if (known->facts[j].kind == FACT_subject &&
			    known->facts[j].fact == fact->subject)
				return fail(work->job, STATUS_USAGE,
				    "%s is already unit %s in state %s", fact->address,
				    known->facts[j].as.subject.name, device->state);
	}
	return STATUS_OK;
}

/* A run that looks at less must not take the place of one that looked at more. */
static enum status
check_replacement(struct work *work, const struct fact_list *known,
    const struct work_device *device, const struct probing *probing)
{
	int64_t unit;
	bool found;

	TRY(work_check_new(work, run_key(work, device, probing), device->name));
	TRY(case_has_run(work->job, work->file, run_key(work, device, probing), &found));
	TRY(case_subject(work->job, work->file, "unit", device->name, &unit));
	TRY(check_others(work, known, device, unit));
	for (size_t i = 0; found && i < known->count; i++) {
		const struct fact *fact = &known->facts[i];

		if (!is_in_state(fact, device) || fact->subject != unit ||
		    (fact->reach != NULL && strcmp(fact->reach, probing->reach) != 0))
			continue;
		if (fact->address != NULL && !work_has_address(device, fact->address))
			return fail(work->job, STATUS_REFUSED,
			    "%s was probed in this state at %s too: a run without that address "
			    "does not supersede it",
			    device->name, fact->address);
		if (fact->level != NULL && (probing->ports != NULL || probing->only != NULL ||
					       rank_of(probing->level) < rank_of(fact->level)))
			return fail(work->job, STATUS_REFUSED,
			    "%s was probed in this state with more: a run at level %s, of fewer "
			    "ports or probes, does not supersede it",
			    device->name, probing->level);
	}
	return STATUS_OK;
}

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The row of the new run about the same, by the same probe at the same address; NULL. */
static const struct looked_fact *
find_row(const struct talks *talks, const struct fact *row)
{
	for (size_t i = 0; i < talks->count; i++)
		for (size_t j = 0; j < talks->facts[i].count; j++) {
			const struct fact *fact = &talks->facts[i].facts[j];

			if (fact->kind == FACT_looked && is_same(fact->address, row->address) &&
			    is_same(fact->as.looked.kind, row->as.looked.kind) &&
			    is_same(fact->as.looked.from_source, row->as.looked.from_source))
				return &fact->as.looked;
		}
	return NULL;
}

/*
 * What was to be looked at may not have been: the unit shut us out, time was up.
 * A row that is not complete supersedes none that was, nor one that saw more.
 */
static enum status
check_no_less(struct work *work, const struct fact_list *known, const struct work_device *device,
    const struct probing *probing, const struct talks *talks)
{
	int64_t unit;

	TRY(case_subject(work->job, work->file, "unit", device->name, &unit));
	for (size_t i = 0; i < known->count; i++) {
		const struct fact *fact = &known->facts[i];
		const struct looked_fact *old = &fact->as.looked, *new;

		if (!is_in_state(fact, device) || fact->subject != unit ||
		    !is_same(fact->reach, probing->reach) || fact->address == NULL)
			continue;
		new = find_row(talks, fact);
		if (new != NULL && (new->complete == 1 ||
				       (old->complete != 1 &&
					   new->count >= old->count &&new->tried >= old->tried)))
			continue;
		if (new == NULL && old->complete != 1 && old->count == 0)
			continue;
		return fail(work->job, STATUS_REFUSED,
		    "%s: the probe %s saw less at %s than the run that is there (%s: %s); that one "
		    "stays",
		    device->name, old->from_source == NULL ? "?" : old->from_source, fact->address,
		    old->kind == NULL ? "?" : old->kind,
		    new == NULL || new->reason == NULL ? "not looked at" : new->reason);
	}
	return STATUS_OK;
}

static enum status
store(struct work *work, const struct work_device *device, const struct probing *probing,
    const struct fact_list *known, const struct talks *talks)
{
	char hex[DIGEST_HEX_SIZE];
	const char *key;
	int64_t id;

	TRY(unit_subject(work, known, device, &id));
	for (size_t i = 0; i < talks->count; i++) {
		TRY(work_add_facts(work, &talks->facts[i], id));
		if (talks->transcripts[i].size != 0)
			TRY(case_attach(
			    work->job, work->file, "transcript", talks->transcripts[i], hex));
	}
	key = run_key(work, device, probing);
	return key == NULL ? STATUS_LIMIT : case_add_run(work->job, work->file, key, id);
}

/* Every address in turn, a line told for each; *unreached when nobody answered at any. */
static enum status
talk_to_all(struct work *work, const struct work_device *device, struct probe_request *request,
    struct talks *talks, bool *unreached)
{
	struct job *job = work->job;

	*unreached = true;
	for (; talks->count < device->address_count; talks->count++) {
		struct fact_list *facts = &talks->facts[talks->count];
		struct probing_time time = {.began = monotonic_ms()};

		request->address = device->addresses[talks->count];
		TRY(process_probe(
		    job, request, facts, &talks->transcripts[talks->count], &time.waited_ms));
		*unreached = *unreached && probing_is_unreached(facts);
		TRY(probing_tell_done(job,
		    arena_printf(job, "%s %s", words_clean(job, device->name), request->address),
		    facts, &time, work->language));
	}
	return STATUS_OK;
}

static const char *
unreached_words(struct work *work, const struct work_device *device)
{
	struct text all = text_new(work->job);
	const char *addresses = "";

	for (size_t i = 0; i < device->address_count; i++)
		text_printf(&all, "%s%s", i == 0 ? "" : ", ", device->addresses[i]);
	return text_finish(&all, &addresses) == STATUS_OK
		   ? words_fill(work->job, work->language,
			 "{}: nobody answered at {}; nothing was entered in the case",
			 (const char *const[3]){device->name, addresses, NULL})
		   : NULL;
}

enum status
work_probe(struct work *work, const struct work_device *device, const struct probing *probing,
    const char **unreached)
{
	const struct profile *profile;
	struct probe_request request = {.no_sandbox = work->no_sandbox,
	    .mask_landlock = work->mask_landlock,
	    .now = work->now,
	    .language = work->language};
	struct talks *talks = arena_allocate(work->job, sizeof *talks);
	struct fact_list known = {0};
	struct plan plan = {0};
	bool alone;

	*unreached = NULL;
	if (talks == NULL)
		return STATUS_LIMIT;
	TRY(work_case_profile(work, NULL, &profile));
	TRY(case_facts(work->job, work->file, &known));
	TRY(check_replacement(work, &known, device, probing));
	TRY(make_plan(work, &known, &plan));
	TRY(case_check_writable(work->job, work->file)); /* before the unit is touched */
	TRY(probing_fill(work->job, probing, &request));
	request.state = device->state;
	/* What a lock-out counts it counts over all addresses. */
	request.guess_budget = profile->guess_budget / (int64_t)device->address_count;
	request.guess_budget = request.guess_budget == 0 ? 1 : request.guess_budget;
	request.min_pairs = profile->min_pairs;
	request.pairs = plan.pairs;
	request.pair_count = plan.count;
	probing_tell_plan(
	    work->job, request.level, request.min_pairs, request.guess_budget, work->language);
	TRY(talk_to_all(work, device, &request, talks, &alone));
	if (alone) {
		*unreached = unreached_words(work, device);
		return *unreached == NULL ? STATUS_LIMIT : STATUS_OK;
	}
	TRY(check_no_less(work, &known, device, probing, talks));
	TRY(work_begin(work, "probe",
	    arena_printf(work->job, "%s %s%s %s; cage: %s", device->name, device->addresses[0],
		device->address_count > 1 ? " and others" : "", device->state, work_cage(work))));
	return work_finish(work, store(work, device, probing, &known, talks));
}
