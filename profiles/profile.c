/* A profile is three files that stand together: the XCCDF benchmark, and its procedures in two
 * languages. */
#include "profiles/profile.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "profiles/profile_reading.h"

#define UTC_PLUS_7 ((int64_t)7 * 3600)
#define DAY ((int64_t)86400)
#define VALUE_PREFIX "xccdf_vn.hopquy_value_"

/* The roll-up that the engine carries out; a profile states it, and cannot state another. */
static const struct {
	const char *name;
	const char *value;
} roll_up[] = {
    {"case.checks-and-procedure", "AND"},
    {"provision.any-case-FAIL", "FAIL"},
    {"provision.else-any-case-INCONCLUSIVE", "INCONCLUSIVE"},
    {"provision.else-all-cases-NOT-APPLICABLE", "NOT APPLICABLE"},
    {"provision.else", "PASS"},
    {"overall.any-mandatory-FAIL", "FAIL"},
    {"overall.else-any-mandatory-INCONCLUSIVE", "INCONCLUSIVE"},
    {"overall.else", "PASS"},
    {"overall.recommendation", "unscored"},
    {"overall.project-row-FAIL", "refer"},
};

static enum status
out_of_memory(struct profile_reading *reading)
{
	return fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->path);
}

static enum status
read_model(struct profile_reading *reading, const struct xml_node *root)
{
	const struct xml_node *model = xml_child(root, "model");
	const struct xml_node *param = model == NULL ? NULL : xml_child(model, "param");

	for (size_t i = 0; i < ARRAY_SIZE(roll_up); i++, param = xml_next(param, "param")) {
		const char *name, *value;

		if (param == NULL)
			return profile_wrong(
			    reading, root, "the model has no param %s", roll_up[i].name);
		TRY(profile_attribute(reading, param, "name", &name));
		value = xml_text(reading->job, param);
		if (value == NULL || strcmp(name, roll_up[i].name) != 0 ||
		    strcmp(value, roll_up[i].value) != 0)
			return profile_wrong(reading, param, "wanted param %s = %s",
			    roll_up[i].name, roll_up[i].value);
	}
	if (param != NULL || xml_next(model, "model") != NULL)
		return profile_wrong(reading, root, "the model says more than the engine does");
	return STATUS_OK;
}

static enum status
read_values(struct profile_reading *reading, const struct xml_node *root)
{
	struct profile_value *value;
	int64_t number;

	TRY(profile_children(reading, root, "Value", PROFILE_MAX_VALUES, &reading->value_count));
	reading->values = value = arena_array(reading->job, reading->value_count, sizeof *value);
	if (value == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *node = xml_child(root, "Value"); node != NULL;
	     node = xml_next(node, "Value"), value++) {
		const struct xml_node *text = xml_child(node, "value");
		const char *type;

		TRY(profile_attribute(reading, node, "id", &value->id));
		TRY(profile_attribute(reading, node, "type", &type));
		for (const struct profile_value *other = reading->values; other < value; other++)
			if (strcmp(other->id, value->id) == 0)
				return profile_wrong(reading, node, "%s stands twice", value->id);
		if (text == NULL || xml_next(text, "value") != NULL)
			return profile_wrong(reading, node, "%s wants one <value>", value->id);
		value->value = xml_text(reading->job, text);
		value->is_integer = strcmp(type, "number") == 0;
		if (value->value == NULL)
			return out_of_memory(reading);
		if (value->is_integer &&
		    !text_parse_integer(value->value, INT64_MIN + 1, INT64_MAX, &number))
			return profile_wrong(reading, node, "%s is \"%s\", wanted an integer",
			    value->id, value->value);
	}
	return STATUS_OK;
}

/* A value the engine itself uses. */
static enum status
read_setting(struct profile_reading *reading, const struct xml_node *root, const char *name,
    int64_t *setting)
{
	for (size_t i = 0; i < reading->value_count; i++) {
		const struct profile_value *value = &reading->values[i];

		if (text_starts_with(value->id, VALUE_PREFIX) &&
		    strcmp(value->id + sizeof VALUE_PREFIX - 1, name) == 0 &&
		    text_parse_integer(value->value, 0, INT32_MAX, setting))
			return STATUS_OK;
	}
	return profile_wrong(reading, root, "no Value %s%s from 0 on", VALUE_PREFIX, name);
}

static enum status
read_days(struct profile_reading *reading, const struct xml_node *node, struct profile *profile)
{
	const char *from, *to = xml_attribute(reading->job, node, "to");

	TRY(profile_attribute(reading, node, "from", &from));
	if (!text_parse_date(from, &profile->valid_from))
		return profile_wrong(reading, node, "from is \"%s\", wanted YYYY-MM-DD", from);
	profile->valid_from -= UTC_PLUS_7;
	profile->valid_to = INT64_MAX;
	if (to == NULL)
		return STATUS_OK;
	if (!text_parse_date(to, &profile->valid_to))
		return profile_wrong(reading, node, "to is \"%s\", wanted YYYY-MM-DD", to);
	profile->valid_to += DAY - UTC_PLUS_7 - 1;
	if (profile->valid_to < profile->valid_from)
		return profile_wrong(reading, node, "to %s is before from %s", to, from);
	return STATUS_OK;
}

static enum status
read_benchmark(
    struct profile_reading *reading, const struct xml_node *root, struct profile *profile)
{
	const struct xml_node *ours = profile_metadata(root, "profile");
	const struct xml_node *selection = xml_child(root, "Profile");

	if (strcmp(xml_local_name(root), "Benchmark") != 0 ||
	    strcmp(xml_namespace(root), XCCDF_NAMESPACE) != 0)
		return profile_wrong(reading, root, "not an XCCDF 1.2 benchmark");
	if (ours == NULL)
		return profile_wrong(reading, root, "no <profile> of ours in the metadata");
	if (selection != NULL &&
	    (xml_child(selection, "select") != NULL || xml_child(selection, "set-value") != NULL ||
		xml_child(selection, "refine-value") != NULL ||
		xml_child(selection, "refine-rule") != NULL))
		return profile_wrong(reading, selection,
		    "the Profile element changes nothing: write it in the benchmark");
	TRY(profile_attribute(reading, ours, "id", &profile->id));
	TRY(profile_attribute(reading, ours, "regulation", &profile->regulation));
	TRY(profile_attribute(reading, ours, "status", &profile->status));
	if (strcmp(profile->status, "reading") != 0 && strcmp(profile->status, "in_force") != 0)
		return profile_wrong(
		    reading, ours, "status is \"%s\", wanted reading or in_force", profile->status);
	TRY(read_days(reading, ours, profile));
	TRY(profile_texts(reading, root, "title", profile->title));
	TRY(read_model(reading, root));
	TRY(read_values(reading, root));
	TRY(read_setting(reading, root, "guess_budget", &profile->guess_budget));
	TRY(read_setting(reading, root, "min_pairs", &profile->min_pairs));
	return read_setting(reading, root, "max_unread_bytes", &profile->max_unread_bytes);
}

/* Conditions, joined by "; ", in each language. */
static enum status
read_conditions(struct profile_reading *reading, const struct xml_node *node,
    struct profile_requirement *requirement)
{
	struct text joined[2] = {text_new(reading->job), text_new(reading->job)};

	for (const struct xml_node *at = profile_metadata(node, "condition"); at != NULL;
	     at = profile_metadata_next(at, "condition")) {
		const char *tag = xml_attribute_in(
		    reading->job, at, "lang", "http://www.w3.org/XML/1998/namespace");
		const char *text = xml_text(reading->job, at);
		struct text *out =
		    &joined[tag != NULL && strcmp(tag, "vi") == 0 ? LANGUAGE_VI : LANGUAGE_EN];

		if (text == NULL)
			return out_of_memory(reading);
		text_printf(out, "%s%s", out->size == 0 ? "" : "; ", text);
	}
	if ((joined[LANGUAGE_EN].size == 0 || joined[LANGUAGE_VI].size == 0) &&
	    *requirement->condition != '\0')
		return profile_wrong(
		    reading, node, "condition %s is not told in en and vi", requirement->condition);
	TRY(text_finish(&joined[LANGUAGE_EN], &requirement->condition_text[LANGUAGE_EN]));
	return text_finish(&joined[LANGUAGE_VI], &requirement->condition_text[LANGUAGE_VI]);
}

static enum status
read_row(struct profile_reading *reading, const struct xml_node *node,
    struct profile_requirement *requirement)
{
	const struct xml_node *row = profile_metadata(node, "row");

	if (row == NULL)
		return profile_wrong(
		    reading, node, "a Group of a requirement wants <row> of ours in its metadata");
	TRY(profile_attribute(reading, row, "id", &requirement->id));
	TRY(profile_attribute(reading, row, "provision", &requirement->provision));
	TRY(profile_attribute(reading, row, "ixit", &requirement->ixit));
	TRY(profile_attribute(reading, row, "condition", &requirement->condition));
	TRY(profile_flag(reading, row, "mandatory", &requirement->mandatory));
	TRY(profile_flag(reading, row, "project", &requirement->project_row));
	if (requirement->mandatory && requirement->project_row)
		return profile_wrong(reading, row, "a row of the project is not mandatory");
	TRY(profile_texts(reading, node, "title", requirement->title));
	return read_conditions(reading, node, requirement);
}

static enum status
read_requirement(struct profile_reading *reading, const struct xml_node *node,
    struct profile_requirement *requirement)
{
	struct profile_rule *rules;

	TRY(read_row(reading, node, requirement));
	TRY(profile_children(reading, node, "Rule", PROFILE_MAX_RULES, &requirement->rule_count));
	if (requirement->rule_count == 0 || xml_child(node, "Group") != NULL)
		return profile_wrong(reading, node, "a requirement wants Rules, and no Group");
	requirement->rules = rules =
	    arena_array(reading->job, requirement->rule_count, sizeof *rules);
	if (rules == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *rule = xml_child(node, "Rule"); rule != NULL;
	     rule = xml_next(rule, "Rule"))
		TRY(profile_read_rule(reading, rule, rules++));
	return STATUS_OK;
}

static enum status
read_headings(struct profile_reading *reading, const struct xml_node *root, struct profile *profile)
{
	struct profile_requirement *requirement;
	size_t count = 0, here;

	if (xml_child(root, "Rule") != NULL)
		return profile_wrong(
		    reading, xml_child(root, "Rule"), "a Rule outside a requirement");
	for (const struct xml_node *heading = xml_child(root, "Group"); heading != NULL;
	     heading = xml_next(heading, "Group")) {
		TRY(profile_children(reading, heading, "Group", PROFILE_MAX_REQUIREMENTS, &here));
		count += here;
		if (here == 0 || count > PROFILE_MAX_REQUIREMENTS ||
		    xml_child(heading, "Rule") != NULL)
			return profile_wrong(reading, heading,
			    "a heading wants Groups, at most %d in all", PROFILE_MAX_REQUIREMENTS);
	}
	if (count == 0)
		return profile_wrong(reading, root, "no requirement");
	profile->requirements = requirement = arena_array(reading->job, count, sizeof *requirement);
	profile->requirement_count = count;
	if (requirement == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *heading = xml_child(root, "Group"); heading != NULL;
	     heading = xml_next(heading, "Group")) {
		const char *group[2];

		TRY(profile_texts(reading, heading, "title", group));
		for (const struct xml_node *row = xml_child(heading, "Group"); row != NULL;
		     row = xml_next(row, "Group")) {
			memcpy(requirement->group, group, sizeof group);
			TRY(read_requirement(reading, row, requirement++));
		}
	}
	return STATUS_OK;
}

/* No row, case or rule id stands twice, and every procedure is somebody's. */
static enum status
check_names(
    struct profile_reading *reading, const struct xml_node *root, const struct profile *profile)
{
	const struct profile_rule **rules =
	    arena_array(reading->job, PROFILE_MAX_RULES, sizeof *rules);
	size_t count = 0, procedures = 0;

	if (rules == NULL)
		return out_of_memory(reading);
	for (size_t i = 0; i < profile->requirement_count; i++) {
		const struct profile_requirement *requirement = &profile->requirements[i];

		for (size_t j = 0; j < i; j++)
			if (strcmp(profile->requirements[j].id, requirement->id) == 0)
				return profile_wrong(
				    reading, root, "row %s stands twice", requirement->id);
		if (count + requirement->rule_count > PROFILE_MAX_RULES)
			return profile_wrong(
			    reading, root, "more than %d Rules", PROFILE_MAX_RULES);
		for (size_t j = 0; j < requirement->rule_count; j++)
			rules[count++] = &requirement->rules[j];
	}
	for (size_t i = 0; i < count; i++) {
		procedures += rules[i]->procedure != NULL;
		for (size_t j = 0; j < i; j++)
			if (strcmp(rules[j]->test_case, rules[i]->test_case) == 0 ||
			    strcmp(rules[j]->id, rules[i]->id) == 0)
				return fail(reading->job, STATUS_MALFORMED,
				    "%s:%ld: case %s stands twice", reading->path, rules[i]->line,
				    rules[i]->test_case);
	}
	for (int language = 0; language < 2; language++)
		if (reading->procedures[language].count != procedures)
			return profile_wrong(reading, root,
			    "%zu procedures in language %d, the rules use %zu",
			    reading->procedures[language].count, language, procedures);
	return STATUS_OK;
}

/* The three files and the documents made of them. */
struct files {
	const char *path[3]; /* XCCDF, English, Vietnamese */
	struct span bytes[3];
	struct xml_document *document[3];
};

static enum status
open_files(
    struct profile_reading *reading, const char *path, struct files *files, struct digest *digest)
{
	struct digest_stream *stream;
	const char *slash = strrchr(path, '/');
	size_t size = strlen(path);

	if (!text_ends_with(path, ".xml"))
		return fail(
		    reading->job, STATUS_MALFORMED, "%s: a profile's name ends in .xml", path);
	files->path[0] = path;
	files->path[1] = arena_printf(reading->job, "%.*s.ocil.en.xml", (int)(size - 4), path);
	files->path[2] = arena_printf(reading->job, "%.*s.ocil.vi.xml", (int)(size - 4), path);
	if (files->path[1] == NULL || files->path[2] == NULL)
		return out_of_memory(reading);
	reading->english_name = files->path[1] + (slash == NULL ? 0 : slash + 1 - path);
	for (size_t i = 0; i < 3; i++)
		TRY(file_read(reading->job, files->path[i], XML_MAX_SIZE, &files->bytes[i]));
	stream = digest_stream_new();
	for (size_t i = 0; i < 3 && stream != NULL; i++)
		digest_stream_add(stream, files->bytes[i].at, files->bytes[i].size);
	if (stream == NULL)
		return out_of_memory(reading);
	return digest_stream_finish(reading->job, stream, digest);
}

static enum status
read_files(struct profile_reading *reading, struct files *files, struct profile *profile)
{
	const struct xml_node *root;

	for (size_t i = 0; i < 3; i++)
		TRY(xml_parse(reading->job, files->bytes[i], files->path[i], &files->document[i]));
	for (int language = 0; language < 2; language++) {
		reading->path = files->path[1 + language];
		TRY(profile_read_procedures(reading, xml_root(files->document[1 + language]),
		    &reading->procedures[language]));
	}
	reading->path = files->path[0];
	root = xml_root(files->document[0]);
	TRY(read_benchmark(reading, root, profile));
	TRY(read_headings(reading, root, profile));
	return check_names(reading, root, profile);
}

enum status
profile_load(struct job *job, const char *path, const struct profile **profile)
{
	struct profile_reading reading = {.job = job, .path = path};
	struct profile *made = arena_allocate(job, sizeof *made);
	struct files files = {0};
	enum status status;

	if (made == NULL)
		return out_of_memory(&reading);
	made->path = arena_copy_string(job, path);
	status = open_files(&reading, path, &files, &made->digest);
	if (status == STATUS_OK)
		status = read_files(&reading, &files, made);
	for (size_t i = 0; i < 3; i++)
		xml_free(files.document[i]);
	if (status == STATUS_OK)
		*profile = made;
	return status;
}
