/* A Rule is one test case: its checks and its procedure, joined by AND and by nothing else. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "profiles/profile_reading.h"

#define CHECK_SYSTEM "urn:hopquy:check:1"
#define OCIL_SYSTEM "http://scap.nist.gov/schema/ocil/2"

static enum status
out_of_memory(struct profile_reading *reading)
{
	return fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->path);
}

/* The place of `word` among `words`. */
static enum status
read_word(struct profile_reading *reading, const struct xml_node *node, const char *name,
    const char *const *words, size_t count, unsigned *place)
{
	const char *text;

	TRY(profile_attribute(reading, node, name, &text));
	for (*place = 0; *place < count; ++*place)
		if (strcmp(words[*place], text) == 0)
			return STATUS_OK;
	return profile_wrong(reading, node, "%s is \"%s\"", name, text);
}

static enum status
read_states(struct profile_reading *reading, const struct xml_node *node, struct profile_rule *rule)
{
	static const char *const known[] = {"factory_default", "initialised", "after_reset"};
	const char **states = arena_array(reading->job, ARRAY_SIZE(known), sizeof *states);
	const char *text;

	if (states == NULL)
		return out_of_memory(reading);
	TRY(profile_attribute(reading, node, "states", &text));
	rule->states = states;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t size = strlen(known[i]);

		if (strncmp(text, known[i], size) != 0 || (text[size] != ' ' && text[size] != '\0'))
			continue;
		states[rule->state_count++] = known[i];
		text += size;
		text += *text == ' ';
	}
	if (*text != '\0')
		return profile_wrong(
		    reading, node, "unknown state, or out of order, at \"%s\"", text);
	return STATUS_OK;
}

static enum status
read_case(struct profile_reading *reading, const struct xml_node *node, struct profile_rule *rule)
{
	static const char *const kinds[] = {"conceptual", "functional", "both"};
	static const char *const automations[] = {"machine", "evidenced", "witnessed", "document"};
	static const char *const reaches[] = {"any", "local", "remote"};
	unsigned kind, automation, reach;

	if (node == NULL || profile_metadata_next(node, "case") != NULL)
		return fail(reading->job, STATUS_MALFORMED,
		    "%s:%ld: a Rule wants one <case> of ours in its metadata", reading->path,
		    rule->line);
	TRY(profile_attribute(reading, node, "id", &rule->test_case));
	TRY(read_word(reading, node, "kind", kinds, ARRAY_SIZE(kinds), &kind));
	TRY(read_word(
	    reading, node, "automation", automations, ARRAY_SIZE(automations), &automation));
	TRY(read_word(reading, node, "reach", reaches, ARRAY_SIZE(reaches), &reach));
	TRY(read_states(reading, node, rule));
	TRY(profile_number(reading, node, "samples", &rule->samples));
	TRY(profile_number(reading, node, "images", &rule->images));
	TRY(profile_flag(reading, node, "publication", &rule->publication_counts));
	rule->kind = (enum case_kind)kind;
	rule->automation = (enum automation)automation;
	rule->reach = reaches[reach];
	return STATUS_OK;
}

/* The checks with their powers, as metadata states them; the parameters come with the <check>
 * elements. */
static enum status
read_uses(struct profile_reading *reading, const struct xml_node *rule_node,
    struct profile_rule *rule, struct profile_check **checks)
{
	static const char *const powers[] = {"refutes", "decides"};
	const struct xml_node *metadata = xml_child(rule_node, "metadata");
	size_t room;

	TRY(profile_children(reading, metadata, "use", PROFILE_MAX_CHECKS, &room));
	*checks = arena_array(reading->job, room, sizeof **checks);
	if (*checks == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *node = profile_metadata(rule_node, "use"); node != NULL;
	     node = profile_metadata_next(node, "use")) {
		struct profile_check *check = &(*checks)[rule->check_count];
		unsigned power;

		TRY(profile_attribute(reading, node, "check", &check->check));
		TRY(read_word(reading, node, "power", powers, ARRAY_SIZE(powers), &power));
		check->power = power == 0 ? POWER_REFUTES : POWER_DECIDES;
		for (size_t i = 0; i < rule->check_count; i++)
			if (strcmp((*checks)[i].check, check->check) == 0)
				return profile_wrong(
				    reading, node, "check %s stands twice", check->check);
		rule->check_count++;
	}
	rule->checks = *checks;
	return STATUS_OK;
}

static enum status
read_parameter(
    struct profile_reading *reading, const struct xml_node *node, struct query_parameter *parameter)
{
	const char *id;

	TRY(profile_attribute(reading, node, "value-id", &id));
	TRY(profile_attribute(reading, node, "export-name", &parameter->name));
	for (size_t i = 0; i < reading->value_count; i++) {
		if (strcmp(reading->values[i].id, id) != 0)
			continue;
		parameter->value = reading->values[i].value;
		parameter->is_integer = reading->values[i].is_integer;
		return STATUS_OK;
	}
	return profile_wrong(reading, node, "unknown value %s", id);
}

static enum status
read_parameters(
    struct profile_reading *reading, const struct xml_node *node, struct profile_check *check)
{
	struct query_parameter *parameter;

	TRY(profile_children(
	    reading, node, "check-export", PROFILE_MAX_CHECKS, &check->parameter_count));
	check->parameters = parameter =
	    arena_array(reading->job, check->parameter_count, sizeof *parameter);
	if (parameter == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *child = xml_child(node, "check-export"); child != NULL;
	     child = xml_next(child, "check-export"))
		TRY(read_parameter(reading, child, parameter++));
	return STATUS_OK;
}

/* "checks/crypto/rsa_key_length.sql" is "crypto/rsa_key_length"; NULL when it is no such thing. */
static const char *
check_of_href(struct job *job, const char *href)
{
	static const char folder[] = "checks/", ending[] = ".sql";
	size_t size = strlen(href), slashes = 0;

	if (size <= sizeof folder + sizeof ending - 2 || !text_starts_with(href, folder) ||
	    !text_ends_with(href, ending))
		return NULL;
	href += sizeof folder - 1;
	size -= sizeof folder + sizeof ending - 2;
	for (size_t i = 0; i < size; i++) {
		slashes += href[i] == '/';
		if (href[i] != '/' && href[i] != '_' && (href[i] < 'a' || href[i] > 'z') &&
		    (href[i] < '0' || href[i] > '9'))
			return NULL;
	}
	return slashes == 1 ? arena_string(job, href, size) : NULL;
}

static enum status
read_check(struct profile_reading *reading, const struct xml_node *node, const char *href,
    struct profile_rule *rule, struct profile_check *checks)
{
	const char *name = check_of_href(reading->job, href);

	if (name == NULL)
		return profile_wrong(reading, node, "\"%s\" is not checks/FAMILY/NAME.sql", href);
	for (size_t i = 0; i < rule->check_count; i++) {
		if (strcmp(checks[i].check, name) != 0)
			continue;
		if (checks[i].line != 0)
			return profile_wrong(reading, node, "check %s stands twice", name);
		checks[i].line = xml_line(node);
		return read_parameters(reading, node, &checks[i]);
	}
	return profile_wrong(
	    reading, node, "the metadata does not say what power check %s has", name);
}

static enum status
read_procedure(struct profile_reading *reading, const struct xml_node *node,
    const struct xml_node *reference, const char *href, struct profile_rule *rule)
{
	const char *questionnaire;

	if (rule->procedure != NULL)
		return profile_wrong(reading, node, "a second procedure");
	if (strcmp(href, reading->english_name) != 0)
		return profile_wrong(reading, node, "procedures stand in %s, not in %s",
		    reading->english_name, href);
	TRY(profile_attribute(reading, reference, "name", &questionnaire));
	for (int language = 0; language < 2; language++) {
		const struct procedure *found =
		    procedure_find(&reading->procedures[language], questionnaire);

		if (found == NULL)
			return profile_wrong(reading, node, "unknown procedure %s in %s",
			    questionnaire, language == LANGUAGE_EN ? "English" : "Vietnamese");
		if (strcmp(found->name, rule->test_case) != 0)
			return profile_wrong(
			    reading, node, "procedure %s is of %s", questionnaire, found->name);
		rule->procedure_text[language] = found->text;
		rule->procedure = found->name;
	}
	return STATUS_OK;
}

static enum status
read_member(struct profile_reading *reading, const struct xml_node *node, struct profile_rule *rule,
    struct profile_check *checks)
{
	const struct xml_node *reference = xml_child(node, "check-content-ref");
	const char *system, *href;

	if (strcmp(xml_local_name(node), "check") != 0)
		return profile_wrong(reading, node,
		    "<%s>: checks and procedure of a rule stand side by side",
		    xml_local_name(node));
	if (xml_attribute(reading->job, node, "negate") != NULL ||
	    xml_attribute(reading->job, node, "selector") != NULL)
		return profile_wrong(reading, node, "a check is neither negated nor selected");
	TRY(profile_attribute(reading, node, "system", &system));
	if (reference == NULL || xml_next(reference, NULL) != NULL)
		return profile_wrong(reading, node, "a check wants one check-content-ref, last");
	TRY(profile_attribute(reading, reference, "href", &href));
	if (strcmp(system, CHECK_SYSTEM) == 0)
		return read_check(reading, node, href, rule, checks);
	if (strcmp(system, OCIL_SYSTEM) == 0)
		return read_procedure(reading, node, reference, href, rule);
	return profile_wrong(reading, node, "unknown check system %s", system);
}

static enum status
read_members(struct profile_reading *reading, const struct xml_node *rule_node,
    struct profile_rule *rule, struct profile_check *checks)
{
	const struct xml_node *all = xml_child(rule_node, "complex-check");
	const char *operator;

	if (all == NULL || xml_child(rule_node, "check") != NULL ||
	    xml_next(all, "complex-check") != NULL)
		return profile_wrong(reading, rule_node, "a Rule wants one complex-check");
	TRY(profile_attribute(reading, all, "operator", &operator));
	if (strcmp(operator, "AND") != 0)
		return profile_wrong(
		    reading, all, "%s: checks and procedure are joined by AND", operator);
	if (xml_attribute(reading->job, all, "negate") != NULL)
		return profile_wrong(reading, all, "a complex-check is not negated");
	for (const struct xml_node *node = xml_child(all, NULL); node != NULL;
	     node = xml_next(node, NULL))
		TRY(read_member(reading, node, rule, checks));
	for (size_t i = 0; i < rule->check_count; i++)
		if (checks[i].line == 0)
			return profile_wrong(
			    reading, all, "check %s has a power and no <check>", checks[i].check);
	return STATUS_OK;
}

/* The machine decides alone only with a check that decides; otherwise a person does, by a
 * procedure. */
static enum status
check_decider(
    struct profile_reading *reading, const struct xml_node *node, const struct profile_rule *rule)
{
	bool decides = false;

	for (size_t i = 0; i < rule->check_count; i++)
		decides = decides || rule->checks[i].power == POWER_DECIDES;
	if (rule->automation != AUTOMATION_MACHINE && rule->procedure == NULL)
		return profile_wrong(reading, node, "case %s wants a procedure", rule->test_case);
	if (rule->automation == AUTOMATION_MACHINE && (rule->procedure != NULL || !decides))
		return profile_wrong(reading, node,
		    "case %s is the machine's: a check that decides, no procedure",
		    rule->test_case);
	return STATUS_OK;
}

enum status
profile_read_rule(
    struct profile_reading *reading, const struct xml_node *node, struct profile_rule *rule)
{
	const char *selected = xml_attribute(reading->job, node, "selected");
	struct profile_check *checks;

	rule->line = xml_line(node);
	TRY(profile_attribute(reading, node, "id", &rule->id));
	if (selected != NULL && strcmp(selected, "true") != 0)
		return profile_wrong(reading, node, "selected=\"%s\": every Rule counts", selected);
	TRY(profile_texts(reading, node, "description", rule->purpose));
	TRY(read_case(reading, profile_metadata(node, "case"), rule));
	TRY(read_uses(reading, node, rule, &checks));
	TRY(read_members(reading, node, rule, checks));
	return check_decider(reading, node, rule);
}

long
profile_rule_line(const struct profile_rule *rule)
{
	return rule->line;
}
