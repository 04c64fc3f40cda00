/* hopquy test: everything at once; the vendor's self-test and the lab's first pass. */
#include <string.h>
#include <unistd.h>

#include "app/case_explain.h"
#include "app/case_work.h"
#include "app/gate.h"
#include "app/process_probe.h"
#include "app/words.h"
#include "assess/report.h"
#include "base/arena.h"
#include "base/message.h"

struct testing {
	const char *profile, *dossier, *answers, *explanations, *gate, *baseline, *out;
	struct option_list firmware, devices, trust;
	struct work_device *parsed; /* one for each of devices */
	struct probing how;
	bool json, no_sandbox;
};

static enum status
gather(struct work *work, const struct testing *testing)
{
	for (size_t i = 0; i < testing->firmware.count; i++) {
		tell(message(work->language, "unpacking %s…\n"),
		    words_clean(work->job, testing->firmware.values[i]));
		TRY(work_add_firmware(work, testing->firmware.values[i]));
	}
	for (size_t i = 0; i < testing->devices.count; i++) {
		const struct work_device *device = &testing->parsed[i];
		const char *unreached;

		tell(message(work->language, "probing %s at %s in state %s…\n"),
		    words_clean(work->job, device->name), device->addresses[0], device->state);
		TRY(work_probe(work, device, &testing->how, &unreached));
		if (unreached != NULL)
			tell("%s\n", words_clean(work->job, unreached));
	}
	/* what a tester accepts, he accepts after it was stated */
	if (testing->explanations != NULL)
		TRY(work_add_explanations(work, testing->explanations));
	return testing->answers == NULL ? STATUS_OK : work_add_answers(work, testing->answers);
}

static enum status
print(struct work *work, const struct testing *testing, const struct assessment *assessment,
    const struct gate *gate)
{
	struct report_options options = {.language = work->language,
	    .case_name = work->path,
	    .known = gate == NULL ? NULL : gate->known,
	    .known_count = gate == NULL ? 0 : gate->known_count};
	const char *out;

	if (testing->json) {
		TRY(report_json(work->job, assessment, &out));
		if (gate != NULL)
			TRY(gate_json(work->job, gate, &out));
		say("%s", out);
		return STATUS_OK;
	}
	TRY(report_terminal(work->job, assessment, &options, wants_colour(), &out));
	say("%s", out);
	if (gate != NULL) {
		TRY(gate_print(work->job, assessment, gate, work->language, &out));
		say("%s", out);
	}
	return STATUS_OK;
}

/*
 * --gate machine: 1 when something failed that is not in the baseline, 0 when nothing these inputs
 * can decide did.  What the supplier explained is shown and counted, and fails no more.
 */
static enum status
judge(struct work *work, const struct testing *testing)
{
	bool gated = strcmp(testing->gate, "machine") == 0;
	struct assessment assessment;
	struct gate gate;

	TRY(work_assess(work, NULL, &assessment));
	case_tell_idle(work->job, work->language, &assessment);
	if (gated)
		TRY(gate_judge(work, testing->baseline, &assessment, &gate));
	TRY(print(work, testing, &assessment, gated ? &gate : NULL));
	if (!gated)
		return work_verdict_status(work->job, &assessment);
	work->job->reason[0] = '\0';
	return gate.status;
}

static enum status
check_files(struct job *job, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (paths[i] != NULL && strcmp(paths[i], "-") != 0 && access(paths[i], R_OK) != 0)
			return fail(job, STATUS_MISSING, "%s: cannot be opened", paths[i]);
	return STATUS_OK;
}

/* Unpacking takes long: what is not there is found out before. */
static enum status
check_inputs(struct job *job, struct testing *testing)
{
	const char *const single[] = {testing->answers, testing->explanations};

	TRY(work_parse_devices(
	    job, &testing->devices, testing->how.state, testing->how.reach, &testing->parsed));
	TRY(probing_check(job, &testing->how));
	if (testing->how.credentials != NULL)
		TRY(check_files(job, &testing->how.credentials, 1));
	TRY(check_files(job, single, ARRAY_SIZE(single)));
	TRY(check_files(job, testing->trust.values, testing->trust.count));
	return check_files(job, testing->firmware.values, testing->firmware.count);
}

/* Before anything is made: a baseline that is none would be found out at the end. */
static enum status
check_gate(struct job *job, const struct testing *testing)
{
	struct work old = {.job = job, .path = testing->baseline};

	if (strcmp(testing->gate, "all") != 0 && strcmp(testing->gate, "machine") != 0)
		return fail(
		    job, STATUS_USAGE, "--gate wants machine or all, not '%s'", testing->gate);
	if (testing->baseline == NULL)
		return STATUS_OK;
	if (strcmp(testing->gate, "machine") != 0)
		return fail(job, STATUS_USAGE,
		    "--baseline is for --gate machine: a verdict knows no old fails");
	TRY(work_open(&old, false));
	case_close(old.file);
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	struct testing testing = {.gate = "all",
	    .how = {.state = "initialised", .reach = "local", .level = PROBING_LEVEL}};
	struct option options[PROBING_OPTIONS + 12] = {{"profile", OPTION_TEXT, &testing.profile},
	    {"dossier", OPTION_TEXT, &testing.dossier},
	    {"firmware", OPTION_LIST, &testing.firmware}, {"device", OPTION_LIST, &testing.devices},
	    {"answers", OPTION_TEXT, &testing.answers},
	    {"explanations", OPTION_TEXT, &testing.explanations},
	    {"gate", OPTION_TEXT, &testing.gate}, {"baseline", OPTION_TEXT, &testing.baseline},
	    {"trust", OPTION_LIST, &testing.trust}, {"output", OPTION_TEXT, &testing.out},
	    {"json", OPTION_FLAG, &testing.json}, {"no-sandbox", OPTION_FLAG, &testing.no_sandbox}};
	size_t count = probing_options(&testing.how, options, 12);
	struct option_list operands;
	struct work work;
	enum status status;

	TRY(options_parse(invocation, options, count, 0, 0, &operands));
	if (testing.profile == NULL || testing.out == NULL)
		return fail(invocation->job, STATUS_USAGE, "test wants --profile and -o CASE");
	TRY(check_gate(invocation->job, &testing));
	TRY(check_inputs(invocation->job, &testing));
	work = (struct work){.job = invocation->job,
	    .path = testing.out,
	    .now = invocation->now,
	    .language = invocation->language,
	    .trust = &testing.trust,
	    .no_sandbox = testing.no_sandbox};
	TRY(work_new(&work, testing.profile, testing.dossier));
	status = gather(&work, &testing);
	if (status == STATUS_OK) {
		status = judge(&work, &testing);
		case_close(work.file);
		return status;
	}
	case_close(work.file);
	unlink(testing.out); /* a case whose evidence could not be gathered is half-written */
	return status;
}

const struct command command_test = {
    .name = "test",
    .summary = "Tests a product against a profile: firmware, live units and dossier at once.",
    .usage = "test --profile P [--dossier F] [--firmware IMAGE]… [--trust KEYFILE]…\n"
	     "                   [--device [NAME=]ADDRESS[,ADDRESS]…[@STATE]]…\n"
	     "                   " PROBING_USAGE "\n"
	     "                   [--answers F] [--explanations F]\n"
	     "                   [--gate machine [--baseline CASE]|all]\n"
	     "                   [--no-sandbox] [--json] -o CASE",
    .run = run,
};
