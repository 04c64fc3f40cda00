/* hopquy profile: what a standard asks, read, shown, and held against the checks that exist. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "app/case_work.h"
#include "assess/catalogue.h"
#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"

#define PROFILES_MAX 256

static const char *const automations[] = {"the machine decides",
    "the machine finds evidence, a person decides", "a person decides on the unit",
    "a person decides on paper"};

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the profiles that came with the program: XML files that are no procedures. */
static enum status
list_names(struct job *job, const char *folder, const char **names, size_t *count)
{
	DIR *open = opendir(folder);
	struct dirent *entry;
	enum status status = STATUS_OK;

	if (open == NULL)
		return fail(job, STATUS_MISSING, "%s: there are no profiles", folder);
	while (status == STATUS_OK && (entry = readdir(open)) != NULL) {
		const char *name = entry->d_name;

		if (!text_ends_with(name, ".xml") || strstr(name, ".ocil.") != NULL ||
		    name[0] == '.')
			continue;
		if (*count == PROFILES_MAX ||
		    (names[*count] = arena_string(job, name, strlen(name) - 4)) == NULL)
			status = fail(
			    job, STATUS_LIMIT, "%s: more than %d profiles", folder, PROFILES_MAX);
		else
			++*count;
	}
	closedir(open);
	qsort(names, *count, sizeof *names, compare_names);
	return status;
}

/* A day of UTC+7, as the law says it. */
static const char *
legal_day(int64_t seconds, char day[32])
{
	day[0] = '\0';
	if (seconds != INT64_MAX)
		text_format_date(seconds + 7 * 3600, day);
	return day;
}

static enum status
print_profile_line(struct invocation *invocation, const struct profile *profile, bool as_json)
{
	char days[2][32];
	const char *from = legal_day(profile->valid_from, days[0]),
		   *to = legal_day(profile->valid_to, days[1]), *line;
	struct json json = json_new(invocation->job);

	if (!as_json) {
		say("%-16s %-22s %s … %-10s  %-9s %s\n", profile->id, profile->regulation, from, to,
		    message(invocation->language, profile->status),
		    profile->title[invocation->language]);
		return STATUS_OK;
	}
	json_open_object(&json);
	json_member_string(&json, "id", profile->id);
	json_member_string(&json, "regulation", profile->regulation);
	json_member_string(&json, "status", profile->status);
	json_member_string(&json, "valid_from", from);
	json_member_string(&json, "valid_to", *to == '\0' ? NULL : to);
	json_member_boolean(&json, "valid_now",
	    profile->valid_from <= invocation->now && invocation->now <= profile->valid_to);
	json_member_string(&json, "title", profile->title[invocation->language]);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static enum status
run_list(struct invocation *invocation)
{
	bool as_json = false;
	const struct option options[] = {{"json", OPTION_FLAG, &as_json}};
	const char *folder = file_path_join(invocation->job, app_home(invocation->job), "profiles");
	const char **names = arena_array(invocation->job, PROFILES_MAX, sizeof *names);
	struct option_list operands;
	size_t count = 0;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 0, 0, &operands));
	if (folder == NULL || names == NULL)
		return fail(invocation->job, STATUS_LIMIT, "no memory left");
	TRY(list_names(invocation->job, folder, names, &count));
	for (size_t i = 0; i < count; i++) {
		const struct profile *profile;

		TRY(work_profile(invocation->job, names[i], &profile));
		TRY(print_profile_line(invocation, profile, as_json));
	}
	return STATUS_OK;
}

static void
show_rule(const struct profile_rule *rule, int language)
{
	say("    %-14s %s\n", rule->test_case, message(language, automations[profile_share(rule)]));
	say("      %s\n", rule->purpose[language]);
	for (size_t i = 0; i < rule->check_count; i++) {
		const struct profile_check *check = &rule->checks[i];

		say("      %s (%s)", check->check,
		    message(language, check->power == POWER_DECIDES ? "decides" : "refutes"));
		for (size_t j = 0; j < check->parameter_count; j++)
			say(" %s=%s", check->parameters[j].name, check->parameters[j].value);
		say("\n");
	}
	if (rule->procedure != NULL)
		say("      %s\n", rule->procedure_text[language]);
}

static void
show_requirement(const struct profile_requirement *requirement, int language)
{
	say("\n  %s  %s\n", requirement->id, requirement->title[language]);
	if (requirement->project_row)
		say("    %s\n",
		    message(language,
			"added by this project: a fail refers the case to the authority"));
	else if (!requirement->mandatory)
		say("    %s\n", message(language, "recommended"));
	if (requirement->provision[0] != '\0')
		say("    EN 303 645 %s%s%s\n", requirement->provision,
		    requirement->ixit[0] == '\0' ? "" : "; IXIT ", requirement->ixit);
	if (requirement->condition[0] != '\0')
		say("    %s %s\n", message(language, "applies when:"),
		    requirement->condition_text[language]);
	for (size_t i = 0; i < requirement->rule_count; i++)
		show_rule(&requirement->rules[i], language);
}

static enum status
run_show(struct invocation *invocation)
{
	const char *group = "";
	struct option_list operands;
	const struct profile *profile;

	TRY(options_parse(invocation, NULL, 0, 1, 1, &operands));
	TRY(work_profile(invocation->job, operands.values[0], &profile));
	TRY(print_profile_line(invocation, profile, false));
	for (size_t i = 0; i < profile->requirement_count; i++) {
		const struct profile_requirement *requirement = &profile->requirements[i];

		if (strcmp(group, requirement->group[invocation->language]) != 0)
			say("\n%s\n", requirement->group[invocation->language]);
		group = requirement->group[invocation->language];
		show_requirement(requirement, invocation->language);
	}
	return STATUS_OK;
}

/* Every check the profile names exists, with these parameters and this power, and its query
 * prepares. */
static enum status
link_profile(struct job *job, const struct profile *profile)
{
	const char *home = app_home(job);
	const char *checks = file_path_join(job, home, "checks"),
		   *data = file_path_join(job, home, "data");
	const struct catalogue *catalogue;
	struct fact_list none = {0};
	struct query_database *database;
	struct digest digest;
	enum status status;

	if (checks == NULL || data == NULL)
		return fail(job, STATUS_LIMIT, "no memory left");
	TRY(catalogue_load(job, checks, &catalogue));
	TRY(query_open(job, &none, &database));
	status = reference_load(job, data, database, &digest);
	if (status == STATUS_OK)
		status = catalogue_link(job, catalogue, profile, database);
	query_close(database);
	return status;
}

static void
count_to_json(struct json *json, const char *name, const struct profile_count *count)
{
	json_name(json, name);
	json_open_object(json);
	json_member_integer(json, "automatic", (int64_t)count->automatic);
	json_member_integer(json, "part_automatic", (int64_t)count->part);
	json_member_integer(json, "witnessed", (int64_t)count->witnessed);
	json_member_integer(json, "document", (int64_t)count->document);
	json_close_object(json);
}

static void
say_count(int language, const char *what, const struct profile_count *count)
{
	say("  %-12s %4zu %s, %zu %s, %zu %s, %zu %s\n", message(language, what), count->automatic,
	    message(language, "automatic"), count->part, message(language, "part automatic"),
	    count->witnessed, message(language, "witnessed"), count->document,
	    message(language, "on paper"));
}

static enum status
run_check(struct invocation *invocation)
{
	bool as_json = false;
	const struct option options[] = {{"json", OPTION_FLAG, &as_json}};
	struct profile_count cases, clauses;
	struct json json = json_new(invocation->job);
	struct option_list operands;
	const struct profile *profile;
	char digest[DIGEST_HEX_SIZE];
	const char *line;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(work_profile(invocation->job, operands.values[0], &profile));
	TRY(link_profile(invocation->job, profile));
	profile_count(profile, &cases, &clauses);
	digest_to_hex(&profile->digest, digest);
	if (!as_json) {
		say("%s  %s\n", profile->id, digest);
		say_count(invocation->language, "clauses", &clauses);
		say_count(invocation->language, "test cases", &cases);
		return STATUS_OK;
	}
	json_open_object(&json);
	json_member_string(&json, "profile", profile->id);
	json_member_string(&json, "digest", digest);
	count_to_json(&json, "clauses", &clauses);
	count_to_json(&json, "cases", &cases);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	static const struct {
		const char *name;
		enum status (*run)(struct invocation *invocation);
	} steps[] = {{"list", run_list}, {"show", run_show}, {"check", run_check}};

	for (size_t i = 0; invocation->argc != 0 && i < ARRAY_SIZE(steps); i++) {
		if (strcmp(invocation->argv[0], steps[i].name) != 0)
			continue;
		invocation->argc--;
		invocation->argv++;
		return steps[i].run(invocation);
	}
	return fail(invocation->job, STATUS_USAGE, "hopquy profile wants list, show or check");
}

const struct command command_profile = {
    .name = "profile",
    .summary = "What a standard asks, clause by clause, and who decides it.",
    .usage = "profile list [--json]\n"
	     "       hopquy profile show PROFILE\n"
	     "       hopquy profile check PROFILE [--json]",
    .run = run,
};
