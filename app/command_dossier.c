/* hopquy dossier: a dossier to fill in, and what a filled-in one still lacks. */
#include <string.h>

#include "app/case_work.h"
#include "app/process_read.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"
#include "base/xml.h"

#define DOSSIER_MAX ((size_t)16 << 20)
#define TEMPLATE_MAX ((size_t)1 << 20)
#define MARK "\t\t<!-- ICS -->\n"
#define TABLES_MAX 64
#define DEFAULT_PROFILE "qcvn-11-2026"

/* What is missing is counted as it is said. */
struct lack {
	struct invocation *invocation;
	const struct fact_list *facts;
	const struct profile *profile;
	bool as_json;
	size_t count;
	const char *told[TABLES_MAX]; /* IXIT tables already named */
	size_t told_count;
};

static void
put_rows(struct text *out, const struct profile *profile, int language)
{
	for (size_t i = 0; i < profile->requirement_count; i++) {
		const struct profile_requirement *requirement = &profile->requirements[i];
		const char *title = xml_escape(out->job, requirement->title[language]);

		if (requirement->provision[0] != '\0' && title != NULL)
			text_printf(out,
			    "\t\t<row provision=\"%s\" support=\"?\"></row> <!-- %s -->\n",
			    requirement->provision, title);
	}
}

static enum status
run_new(struct invocation *invocation)
{
	const char *name = DEFAULT_PROFILE, *path, *whole;
	const struct option options[] = {{"profile", OPTION_TEXT, &name}};
	struct text out = text_new(invocation->job);
	struct option_list operands;
	const struct profile *profile;
	struct span bytes;
	size_t mark;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 0, 0, &operands));
	TRY(work_profile(invocation->job, name, &profile));
	path =
	    file_path_join(invocation->job, app_home(invocation->job), "profiles/dossier.template");
	if (path == NULL)
		return fail(invocation->job, STATUS_LIMIT, "no memory left");
	TRY(file_read(invocation->job, path, TEMPLATE_MAX, &bytes));
	mark = span_find(bytes, MARK, sizeof MARK - 1, 0);
	if (mark == SIZE_MAX)
		return fail(invocation->job, STATUS_FAULT, "%s: no place for the ICS rows", path);
	text_put_bytes(&out, bytes.at, mark);
	put_rows(&out, profile, invocation->language);
	text_put_bytes(
	    &out, bytes.at + mark + sizeof MARK - 1, bytes.size - mark - (sizeof MARK - 1));
	TRY(text_finish(&out, &whole));
	say("%s", whole);
	return STATUS_OK;
}

static enum status
lacks(struct lack *lack, const char *row, const char *subject, const char *what)
{
	struct json json = json_new(lack->invocation->job);
	const char *line;

	lack->count++;
	if (!lack->as_json) {
		say("%-12s %-14s %s\n", row, subject, message(lack->invocation->language, what));
		return STATUS_OK;
	}
	json_open_object(&json);
	json_member_string(&json, "requirement", row);
	json_member_string(&json, "subject", subject);
	json_member_string(&json, "lacks", what);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static const struct ics_fact *
find_ics(const struct fact_list *facts, const char *provision)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_ics &&
		    strcmp(facts->facts[i].as.ics.provision, provision) == 0)
			return &facts->facts[i].as.ics;
	return NULL;
}

static bool
has_table(const struct fact_list *facts, const char *table)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_identity &&
		    strcmp(fact->as.identity.name, "ixit_table") == 0 &&
		    strcmp(fact->as.identity.value, table) == 0)
			return true;
	}
	return false;
}

/* A missing table is named once, with the first requirement that needs it. */
static enum status
check_table(struct lack *lack, const char *row, const char *table)
{
	if (table == NULL)
		return fail(lack->invocation->job, STATUS_LIMIT, "no memory left");
	if (has_table(lack->facts, table))
		return STATUS_OK;
	for (size_t i = 0; i < lack->told_count; i++)
		if (strcmp(lack->told[i], table) == 0)
			return STATUS_OK;
	if (lack->told_count < TABLES_MAX)
		lack->told[lack->told_count++] = table;
	return lacks(lack, row, table, "the IXIT table is left out");
}

/* The IXIT tables a provision is judged by. */
static enum status
check_tables(struct lack *lack, const struct profile_requirement *requirement)
{
	for (const char *table = requirement->ixit; *table != '\0';) {
		size_t size = strcspn(table, " ");

		TRY(check_table(
		    lack, requirement->id, arena_string(lack->invocation->job, table, size)));
		table += size + (table[size] == ' ');
	}
	return STATUS_OK;
}

static enum status
check_row(struct lack *lack, const struct profile_requirement *requirement)
{
	const struct ics_fact *ics;

	if (requirement->provision[0] == '\0')
		return STATUS_OK;
	ics = find_ics(lack->facts, requirement->provision);
	if (ics == NULL)
		TRY(lacks(
		    lack, requirement->id, requirement->provision, "the ICS has no row for it"));
	else if (strcmp(ics->support, "N") == 0 && requirement->mandatory)
		TRY(lacks(lack, requirement->id, requirement->provision,
		    "it is mandatory and the ICS says N"));
	else if (strcmp(ics->support, "N/A") == 0 && requirement->condition[0] == '\0')
		TRY(lacks(lack, requirement->id, requirement->provision,
		    "it has no condition, so N/A is no answer"));
	else if (strcmp(ics->support, "Y") != 0)
		return STATUS_OK;
	return check_tables(lack, requirement);
}

static enum status
run_check(struct invocation *invocation)
{
	const char *name = DEFAULT_PROFILE;
	struct lack lack = {.invocation = invocation};
	const struct option options[] = {
	    {"profile", OPTION_TEXT, &name}, {"json", OPTION_FLAG, &lack.as_json}};
	struct fact_list facts = {0};
	struct option_list operands;
	struct span bytes;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(work_profile(invocation->job, name, &lack.profile));
	TRY(file_read(invocation->job, operands.values[0], DOSSIER_MAX, &bytes));
	TRY(process_read_dossier(invocation->job, bytes, operands.values[0], &facts));
	lack.facts = &facts;
	for (size_t i = 0; i < lack.profile->requirement_count; i++)
		TRY(check_row(&lack, &lack.profile->requirements[i]));
	if (lack.count == 0)
		tell("%s\n",
		    message(invocation->language, "the dossier is complete for this profile"));
	return lack.count == 0 ? STATUS_OK : STATUS_NO;
}

static enum status
run(struct invocation *invocation)
{
	static const struct {
		const char *name;
		enum status (*run)(struct invocation *invocation);
	} steps[] = {{"new", run_new}, {"check", run_check}};

	for (size_t i = 0; invocation->argc != 0 && i < ARRAY_SIZE(steps); i++) {
		if (strcmp(invocation->argv[0], steps[i].name) != 0)
			continue;
		invocation->argc--;
		invocation->argv++;
		return steps[i].run(invocation);
	}
	return fail(invocation->job, STATUS_USAGE, "hopquy dossier wants new or check");
}

const struct command command_dossier = {
    .name = "dossier",
    .summary = "The supplier's dossier: one to fill in, and what a filled-in one lacks.",
    .usage = "dossier new [--profile PROFILE]\n"
	     "       hopquy dossier check FILE [--profile PROFILE] [--json]",
    .run = run,
};
