/* hopquy case compare: the unit beside its firmware, and two of a kind beside each other. */
#include "app/case_compare.h"

#include <string.h>

#include "app/case_command.h"
#include "app/words.h"
#include "base/json.h"
#include "base/message.h"
#include "facts/query.h"

struct comparing {
	struct work *work;
	struct fact_list facts;
	const char *view;
	bool json;
	size_t rows;
};

static const char *
subject_name(const struct comparing *comparing, int64_t id)
{
	for (size_t i = 0; i < comparing->facts.count; i++) {
		const struct fact *fact = &comparing->facts.facts[i];

		if (fact->kind == FACT_subject && fact->fact == id)
			return fact->as.subject.name;
	}
	return NULL;
}

static const struct query_cell *
cell_named(const struct query_cell *cells, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(cells[i].name, name) == 0)
			return &cells[i];
	return NULL;
}

static const char *
text_named(
    struct comparing *comparing, const struct query_cell *cells, size_t count, const char *name)
{
	const struct query_cell *cell = cell_named(cells, count, name);

	return cell == NULL || cell->text == NULL ? ""
						  : words_clean(comparing->work->job, cell->text);
}

/* The name behind a column that holds a subject's number. */
static const char *
name_behind(const struct comparing *comparing, const struct query_cell *cells, size_t count,
    const char *column)
{
	const struct query_cell *cell = cell_named(cells, count, column);
	const char *name = cell == NULL ? NULL : subject_name(comparing, cell->integer);

	return words_clean(comparing->work->job, name == NULL ? "?" : name);
}

static enum status
print_json(struct comparing *comparing, const struct query_cell *cells, size_t count)
{
	struct json json = json_new(comparing->work->job);
	const char *line;

	json_open_object(&json);
	json_member_string(&json, "view", comparing->view);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(cells[i].name, "subject") == 0 || strcmp(cells[i].name, "image") == 0 ||
		    strcmp(cells[i].name, "other") == 0)
			json_member_string(
			    &json, cells[i].name, subject_name(comparing, cells[i].integer));
		else if (strcmp(cells[i].name, "same") == 0)
			json_member_boolean(&json, "same", cells[i].integer == 1);
		else if (cells[i].is_integer)
			json_member_integer(&json, cells[i].name, cells[i].integer);
		else if (cells[i].text != NULL)
			json_member_string(&json, cells[i].name, cells[i].text);
	}
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

static const char *
message_lacks(struct comparing *comparing, const struct query_cell *cells, size_t count)
{
	const char *english = text_named(comparing, cells, count, "lacks");
	const char *words = message_of(comparing->work->job, comparing->work->language, english);

	return words == NULL ? english : words;
}

static enum status
print_row(void *context, const struct query_cell *cells, size_t count)
{
	struct comparing *comparing = context;
	int language = comparing->work->language;
	const struct query_cell *same = cell_named(cells, count, "same");
	bool agreement = strcmp(comparing->view, "agreement") == 0;

	/* What is shared by two is told once. */
	if (cell_named(cells, count, "other") != NULL &&
	    cell_named(cells, count, "other")->integer !=
		cell_named(cells, count, "subject")->integer &&
	    cell_named(cells, count, "twin")->integer < cell_named(cells, count, "fact")->integer)
		return STATUS_OK;
	comparing->rows++;
	if (comparing->json)
		return print_json(comparing, cells, count);
	say("  %-14s %s %s", text_named(comparing, cells, count, "about"),
	    name_behind(comparing, cells, count, "subject"),
	    message(language, text_named(comparing, cells, count, "state")));
	if (agreement)
		say(": %s\n                 %s %s: %s\n",
		    text_named(comparing, cells, count, "on_unit"),
		    same != NULL && same->integer == 1 ? message(language, "the same in")
						       : message(language, "not as in"),
		    name_behind(comparing, cells, count, "image"),
		    text_named(comparing, cells, count, "in_image"));
	else if (cell_named(cells, count, "lacks") != NULL)
		say(": %s\n                 %s %s\n", text_named(comparing, cells, count, "value"),
		    message(language, "without"), message_lacks(comparing, cells, count));
	else
		say(": %s\n                 %s %s\n",
		    strcspn(text_named(comparing, cells, count, "value"), "\t") == 0
			? ""
			: text_named(comparing, cells, count, "value"),
		    message(language, "shared with"),
		    name_behind(comparing, cells, count, "other"));
	return STATUS_OK;
}

/* Is there a subject of that type? */
static bool
has_subject(const struct comparing *comparing, const char *type)
{
	for (size_t i = 0; i < comparing->facts.count; i++) {
		const struct subject_fact *subject = &comparing->facts.facts[i].as.subject;

		if (comparing->facts.facts[i].kind == FACT_subject && subject->type != NULL &&
		    strcmp(subject->type, type) == 0)
			return true;
	}
	return false;
}

/* Why a view is empty. */
static const char *
none(const struct comparing *comparing)
{
	if (strcmp(comparing->view, "web_protection") == 0)
		return "  nothing missing was found";
	if (strcmp(comparing->view, "agreement") != 0)
		return "  nothing found (two units or two images are wanted)";
	if (!has_subject(comparing, "image"))
		return "  the case holds no firmware image to compare a unit with";
	return has_subject(comparing, "unit")
		   ? "  nothing that both know of"
		   : "  the case holds no unit to compare the firmware with";
}

static enum status
compare(struct comparing *comparing, struct query_database *database)
{
	static const char *const titles[] = {"The units beside the firmware",
	    "What should be each one's own, and is shared",
	    "What would protect web sessions and pages, and is not there (no clause asks for it)"};
	static const char *const names[] = {"agreement", "uniqueness", "web_protection"};
	int language = comparing->work->language;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		comparing->view = names[i];
		comparing->rows = 0;
		if (!comparing->json)
			say("%s\n", message(language, titles[i]));
		TRY(query_see(comparing->work->job, database, names[i], print_row, comparing));
		if (comparing->rows != 0)
			continue;
		/* a program's rows say nothing of what is missing; a person beside it is told */
		if (!comparing->json)
			say("%s\n", message(language, none(comparing)));
		else if (i == 0)
			tell("%s\n", message(language, none(comparing)) + strlen("  "));
	}
	return STATUS_OK;
}

static enum status
do_compare(struct work *work, void *context)
{
	struct comparing *comparing = context;
	struct query_database *database = NULL;
	enum status status;

	comparing->work = work;
	TRY(case_facts(work->job, work->file, &comparing->facts));
	TRY(query_open(work->job, &comparing->facts, &database));
	status = compare(comparing, database);
	query_close(database);
	return status;
}

enum status
case_run_compare(struct invocation *invocation)
{
	struct comparing comparing = {0};
	const struct option options[] = {{"json", OPTION_FLAG, &comparing.json}};
	struct option_list operands;
	struct work work;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	work = case_start(invocation, operands.values[0]);
	return case_with(&work, false, do_compare, &comparing);
}
