/* An OCIL 2.0 questionnaire leads to one test action, and that to one question: the procedure a
 * person follows. */
#include <string.h>

#include "base/arena.h"
#include "profiles/profile_reading.h"

/* What leads on: a test action to its question, a question to its text. */
struct link {
	const char *id;
	const char *to;
};

static const char *
follow(const struct link *links, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(links[i].id, id) == 0)
			return links[i].to;
	return NULL;
}

static enum status
read_links(struct profile_reading *reading, const struct xml_node *root, const char *list_name,
    const char *name, struct link **links, size_t *count)
{
	const struct xml_node *list = xml_child(root, list_name);
	size_t at = 0;

	if (list == NULL)
		return profile_wrong(reading, root, "no <%s>", list_name);
	TRY(profile_children(reading, list, name, PROFILE_MAX_RULES, count));
	*links = arena_array(reading->job, *count, sizeof **links);
	if (*links == NULL)
		return fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->path);
	for (const struct xml_node *node = xml_child(list, name); node != NULL;
	     node = xml_next(node, name), at++) {
		const struct xml_node *text = xml_child(node, "question_text");

		TRY(profile_attribute(reading, node, "id", &(*links)[at].id));
		if (text != NULL)
			(*links)[at].to = xml_text(reading->job, text);
		else
			TRY(profile_attribute(reading, node, "question_ref", &(*links)[at].to));
		if ((*links)[at].to == NULL || *(*links)[at].to == '\0')
			return profile_wrong(reading, node, "%s has no text", (*links)[at].id);
	}
	return STATUS_OK;
}

/* The id of the one test action of a questionnaire. */
static enum status
read_action(struct profile_reading *reading, const struct xml_node *node, const char **action)
{
	const struct xml_node *actions = xml_child(node, "actions");
	const struct xml_node *reference =
	    actions == NULL ? NULL : xml_child(actions, "test_action_ref");

	if (reference == NULL || xml_next(reference, NULL) != NULL)
		return profile_wrong(reading, node, "a questionnaire wants one test_action_ref");
	*action = xml_text(reading->job, reference);
	return *action == NULL
		   ? fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->path)
		   : STATUS_OK;
}

static enum status
read_name(struct profile_reading *reading, const struct xml_node *node, const char **name)
{
	const struct xml_node *title = xml_child(node, "title");

	*name = title == NULL ? NULL : xml_text(reading->job, title);
	if (*name == NULL || **name == '\0')
		return profile_wrong(
		    reading, node, "a questionnaire wants the name of its procedure as title");
	return STATUS_OK;
}

enum status
profile_read_procedures(
    struct profile_reading *reading, const struct xml_node *root, struct procedure_list *list)
{
	const struct xml_node *questionnaires;
	struct procedure *items;
	struct link *actions, *questions;
	size_t action_count, question_count;

	if (strcmp(xml_local_name(root), "ocil") != 0 ||
	    strcmp(xml_namespace(root), OCIL_NAMESPACE) != 0)
		return profile_wrong(reading, root, "not an OCIL 2.0 document");
	TRY(read_links(reading, root, "test_actions", "boolean_question_test_action", &actions,
	    &action_count));
	TRY(read_links(
	    reading, root, "questions", "boolean_question", &questions, &question_count));
	questionnaires = xml_child(root, "questionnaires");
	if (questionnaires == NULL)
		return profile_wrong(reading, root, "no <questionnaires>");
	TRY(profile_children(
	    reading, questionnaires, "questionnaire", PROFILE_MAX_RULES, &list->count));
	list->items = items = arena_array(reading->job, list->count, sizeof *items);
	if (items == NULL)
		return fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->path);
	for (const struct xml_node *node = xml_child(questionnaires, "questionnaire"); node != NULL;
	     node = xml_next(node, "questionnaire"), items++) {
		const char *action, *question;

		TRY(profile_attribute(reading, node, "id", &items->questionnaire));
		TRY(read_name(reading, node, &items->name));
		TRY(read_action(reading, node, &action));
		question = follow(actions, action_count, action);
		items->text = question == NULL ? NULL : follow(questions, question_count, question);
		if (items->text == NULL)
			return profile_wrong(reading, node,
			    "questionnaire %s leads to no boolean question", items->questionnaire);
	}
	return STATUS_OK;
}

const struct procedure *
procedure_find(const struct procedure_list *list, const char *questionnaire)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].questionnaire, questionnaire) == 0)
			return &list->items[i];
	return NULL;
}
