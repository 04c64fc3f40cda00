/* hopquy case: one product under assessment, step by step. */
#include <string.h>

#include "app/case_command.h"
#include "app/case_compare.h"
#include "app/case_explain.h"
#include "app/case_report.h"
#include "app/process_probe.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"

struct step {
	const char *name;
	enum status (*run)(struct invocation *invocation);
};

static enum status
run_new(struct invocation *invocation)
{
	const char *profile = NULL, *dossier = NULL;
	const struct option options[] = {
	    {"profile", OPTION_TEXT, &profile}, {"dossier", OPTION_TEXT, &dossier}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	if (profile == NULL || dossier == NULL)
		return fail(
		    invocation->job, STATUS_USAGE, "case new wants --profile and --dossier");
	work = case_start(invocation, operands.values[0]);
	TRY(work_new(&work, profile, dossier));
	case_close(work.file);
	return STATUS_OK;
}

static enum status
do_firmware(struct work *work, void *context)
{
	const struct option_list *operands = context;

	for (size_t i = 1; i < operands->count; i++)
		TRY(work_add_firmware(work, operands->values[i]));
	return STATUS_OK;
}

static enum status
run_add_firmware(struct invocation *invocation)
{
	bool no_sandbox = false, replace = false;
	struct option_list operands, trust = {0};
	const struct option options[] = {{"no-sandbox", OPTION_FLAG, &no_sandbox},
	    {"replace", OPTION_FLAG, &replace}, {"trust", OPTION_LIST, &trust}};
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 33, &operands));
	work = case_start(invocation, operands.values[0]);
	work.no_sandbox = no_sandbox;
	work.replace = replace;
	work.trust = &trust;
	return case_with(&work, true, do_firmware, &operands);
}

struct device_list {
	struct option_list devices;
	struct work_device *parsed;
	struct probing how;
};

static enum status
do_probe(struct work *work, void *context)
{
	const struct device_list *probing = context;
	const char *missed = NULL;

	for (size_t i = 0; i < probing->devices.count; i++) {
		const struct work_device *device = &probing->parsed[i];
		const char *unreached;

		tell(message(work->language, "probing %s at %s in state %s…\n"),
		    words_clean(work->job, device->name), device->addresses[0], device->state);
		TRY(work_probe(work, device, &probing->how, &unreached));
		if (unreached == NULL)
			continue;
		if (missed != NULL)
			tell("%s\n", words_clean(work->job, missed));
		missed = unreached; /* the others are probed all the same */
	}
	return missed == NULL ? STATUS_OK : fail(work->job, STATUS_UNAVAILABLE, "%s", missed);
}

static enum status
run_probe(struct invocation *invocation)
{
	struct device_list probing = {
	    .how = {.state = "initialised", .reach = "local", .level = PROBING_LEVEL}};
	bool no_sandbox = false, replace = false;
	struct option options[PROBING_OPTIONS + 3] = {{"device", OPTION_LIST, &probing.devices},
	    {"no-sandbox", OPTION_FLAG, &no_sandbox}, {"replace", OPTION_FLAG, &replace}};
	size_t count = probing_options(&probing.how, options, 3);
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, count, 1, 1, &operands));
	if (probing.devices.count == 0)
		return fail(invocation->job, STATUS_USAGE,
		    "case probe wants --device [NAME=]ADDRESS[@STATE]");
	TRY(work_parse_devices(invocation->job, &probing.devices, probing.how.state,
	    probing.how.reach, &probing.parsed));
	TRY(probing_check(invocation->job, &probing.how));
	work = case_start(invocation, operands.values[0]);
	work.no_sandbox = no_sandbox;
	work.replace = replace;
	return case_with(&work, true, do_probe, &probing);
}

static enum status
do_answers(struct work *work, void *context)
{
	return work_add_answers(work, context);
}

static enum status
run_answers(struct invocation *invocation)
{
	struct option_list operands;
	struct work work;
	char *path;

	TRY(options_parse(invocation, NULL, 0, 2, 2, &operands));
	path = arena_copy_string(invocation->job, operands.values[1]);
	if (path == NULL)
		return STATUS_LIMIT;
	work = case_start(invocation, operands.values[0]);
	return case_with(&work, true, do_answers, path);
}

struct judging {
	const char *profile, *at;
	bool replay, json;
	struct report_options report;
};

static enum status
print_summary(struct work *work, const struct assessment *assessment, const struct judging *judging)
{
	const char *out;

	if (judging->json)
		TRY(report_json(work->job, assessment, &out));
	else
		TRY(report_terminal(work->job, assessment, &judging->report, wants_colour(), &out));
	say("%s", out);
	return STATUS_OK;
}

static enum status
do_assess(struct work *work, void *context)
{
	const struct judging *judging = context;
	struct assessment assessment;
	bool same = true;

	if (judging->replay)
		TRY(work_replay(work, &assessment, &same));
	else
		TRY(work_assess(work, judging->profile, &assessment));
	if (judging->replay) {
		tell("%s\n",
		    message(work->language, same ? "replay: the same, byte for byte"
						 : "replay: DIFFERS from the stored assessment"));
		return same ? STATUS_OK : STATUS_NO;
	}
	case_tell_idle(work->job, work->language, &assessment);
	TRY(print_summary(work, &assessment, judging));
	return work_verdict_status(work->job, &assessment);
}

static enum status
run_assess(struct invocation *invocation)
{
	struct judging judging = {.report = {.language = invocation->language}};
	const struct option options[] = {{"profile", OPTION_TEXT, &judging.profile},
	    {"replay", OPTION_FLAG, &judging.replay}, {"json", OPTION_FLAG, &judging.json},
	    {"at", OPTION_TEXT, &judging.at}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	work = case_start(invocation, operands.values[0]);
	judging.report.case_name = operands.values[0];
	if (judging.at != NULL && !text_parse_time(judging.at, &work.now) &&
	    !text_parse_date(judging.at, &work.now))
		return fail(invocation->job, STATUS_USAGE,
		    "--at wants YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, not '%s'", judging.at);
	return case_with(&work, !judging.replay, do_assess, &judging);
}

struct showing {
	const char *clause;
	struct report_options report;
};

static enum status
do_show(struct work *work, void *context)
{
	const struct showing *showing = context;
	struct assessment assessment;
	const char *out;
	bool same;

	TRY(work_replay(work, &assessment, &same));
	if (!same)
		tell("%s\n",
		    message(work->language,
			"the evidence changed after the assessment: this is what it says now"));
	TRY(report_show(
	    work->job, &assessment, &showing->report, showing->clause, wants_colour(), &out));
	say("%s", out);
	return STATUS_OK;
}

static enum status
run_show(struct invocation *invocation)
{
	struct option_list operands;
	struct showing showing = {.report = {.language = invocation->language}};
	struct work work;

	TRY(options_parse(invocation, NULL, 0, 1, 2, &operands));
	showing.clause = operands.count == 2 ? operands.values[1] : NULL;
	work = case_start(invocation, operands.values[0]);
	return case_with(&work, false, do_show, &showing);
}

struct reporting {
	const char *format, *out;
	struct report_options options;
};

static enum status
write_report(struct work *work, const struct assessment *assessment,
    const struct reporting *reporting, const char **out)
{
	struct assessment without;
	struct span benchmark;
	const char *path;

	if (reporting->options.is_public) {
		TRY(report_public(work->job, assessment, &without));
		assessment = &without;
	}
	if (strcmp(reporting->format, "json") == 0)
		return report_json(work->job, assessment, out);
	if (strcmp(reporting->format, "html") == 0)
		return report_html(work->job, assessment, &reporting->options, out);
	path = arena_printf(
	    work->job, "%s/profiles/%s.xml", app_home(work->job), assessment->profile->id);
	if (path == NULL)
		return STATUS_LIMIT;
	TRY(file_read(work->job, path, (size_t)16 << 20, &benchmark));
	return report_xccdf(work->job, assessment, benchmark, out);
}

static enum status
do_report(struct work *work, void *context)
{
	struct reporting *reporting = context;
	struct assessment assessment;
	const char *out;
	bool same;

	TRY(work_replay(work, &assessment, &same));
	if (!same)
		return fail(work->job, STATUS_REFUSED,
		    "%s: the evidence changed after the assessment; run case assess again",
		    work->path);
	TRY(case_report_people(work, &assessment, &reporting->options));
	TRY(write_report(work, &assessment, reporting, &out));
	if (reporting->out != NULL)
		return file_write(work->job, reporting->out, span_of_string(out), 0644);
	say("%s\n", out);
	return STATUS_OK;
}

static enum status
run_report(struct invocation *invocation)
{
	struct reporting reporting = {
	    .format = "html", .options = {.language = invocation->language}};
	const struct option options[] = {{"format", OPTION_TEXT, &reporting.format},
	    {"public", OPTION_FLAG, &reporting.options.is_public},
	    {"output", OPTION_TEXT, &reporting.out}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	if (strcmp(reporting.format, "json") != 0 && strcmp(reporting.format, "html") != 0 &&
	    strcmp(reporting.format, "xccdf") != 0)
		return fail(invocation->job, STATUS_USAGE,
		    "--format wants html, json or xccdf, not '%s'", reporting.format);
	work = case_start(invocation, operands.values[0]);
	reporting.options.case_name = operands.values[0];
	return case_with(&work, false, do_report, &reporting);
}

struct signing {
	const char *role, *key, *certificate;
};

static enum status
do_sign(struct work *work, void *context)
{
	const struct signing *signing = context;

	return work_sign(work, signing->role, signing->key, signing->certificate);
}

static enum status
run_sign(struct invocation *invocation)
{
	struct signing signing = {0};
	const struct option options[] = {{"as", OPTION_TEXT, &signing.role},
	    {"key", OPTION_TEXT, &signing.key}, {"cert", OPTION_TEXT, &signing.certificate}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	if (signing.role == NULL || signing.key == NULL || signing.certificate == NULL)
		return fail(
		    invocation->job, STATUS_USAGE, "case sign wants --as, --key and --cert");
	work = case_start(invocation, operands.values[0]);
	return case_with(&work, true, do_sign, &signing);
}

static const struct step steps[] = {
    {"new", run_new},
    {"add-firmware", run_add_firmware},
    {"probe", run_probe},
    {"answers", run_answers},
    {"explain", case_run_explain},
    {"compare", case_run_compare},
    {"audit", case_run_audit},
    {"exchange", case_run_exchange},
    {"assess", run_assess},
    {"show", run_show},
    {"report", run_report},
    {"sign", run_sign},
};

static enum status
run(struct invocation *invocation)
{
	for (size_t i = 0; invocation->argc != 0 && i < ARRAY_SIZE(steps); i++) {
		if (strcmp(invocation->argv[0], steps[i].name) != 0)
			continue;
		invocation->argc--;
		invocation->argv++;
		return steps[i].run(invocation);
	}
	return fail(invocation->job, STATUS_USAGE,
	    "hopquy case wants new, add-firmware, probe, compare, audit, exchange, answers, "
	    "explain, assess, show, report or sign");
}

const struct command command_case = {
    .name = "case",
    .summary =
	"One product under assessment, step by step: evidence, verdicts, report, signatures.",
    .usage = "case new CASE --profile P --dossier F\n"
	     "       hopquy case add-firmware CASE IMAGE… [--trust KEYFILE]… [--replace] "
	     "[--no-sandbox]\n"
	     "       hopquy case probe CASE --device [NAME=]ADDRESS[,ADDRESS]…[@STATE]…\n"
	     "                   " PROBING_USAGE "\n"
	     "                   [--replace] [--no-sandbox]\n"
	     "       hopquy case compare CASE [--json]\n"
	     "       hopquy case audit CASE [--json] [--no-sandbox]\n"
	     "       hopquy case exchange CASE EXCHANGE|FINDING [--device NAME] "
	     "[--address A]\n"
	     "                   [--state S] [--secrets] [--json]\n"
	     "       hopquy case answers CASE FILE\n"
	     "       hopquy case explain CASE FILE\n"
	     "       hopquy case explain CASE --template [-o F]\n"
	     "       hopquy case assess CASE [--profile P] [--at TIME] [--replay] [--json]\n"
	     "       hopquy case show CASE [CLAUSE]\n"
	     "       hopquy case report CASE --format html|json|xccdf [--public] [-o F]\n"
	     "       hopquy case sign CASE --as tester|reviewer|decision --key K --cert C",
    .run = run,
};
