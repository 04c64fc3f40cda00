/* A supplier's explanation is a statement: each finding that it is about gets a fact, and no more.
 */
#include "profiles/explanations.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/schema.h"

struct reading {
	struct job *job;
	const char *name;
	struct evidence evidence;
	size_t count;
};

static enum status
wrong(
    const struct reading *reading, const struct xml_node *node, const char *what, const char *which)
{
	return fail(reading->job, STATUS_MALFORMED, "%s:%ld: %s %s", reading->name, xml_line(node),
	    what, which);
}

static enum status
out_of_memory(const struct reading *reading)
{
	return fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->name);
}

/* An attribute without the blanks at its ends, which the schema does not see. */
static const char *
attribute(const struct reading *reading, const struct xml_node *node, const char *name)
{
	const char *value = xml_attribute(reading->job, node, name);
	size_t size;

	if (value == NULL)
		return NULL;
	value += strspn(value, " ");
	size = strlen(value);
	while (size > 0 && value[size - 1] == ' ')
		size--;
	return arena_string(reading->job, value, size);
}

/* A statement is one line wherever it is shown: none of it may look like a line of ours. */
static const char *
one_line(const struct reading *reading, const char *words)
{
	char *line = words == NULL ? NULL : arena_copy_string(reading->job, words);

	for (char *at = line; at != NULL && *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return line;
}

static enum status
read_explanation(struct reading *reading, const struct xml_node *node)
{
	struct fact fact = fact_new(FACT_explanation);
	struct explanation_fact *explanation = &fact.as.explanation;
	const char *time = attribute(reading, node, "time");

	explanation->person = one_line(reading, attribute(reading, node, "person"));
	explanation->reason = one_line(reading, xml_text(reading->job, xml_child(node, "reason")));
	if (time == NULL || explanation->person == NULL || explanation->reason == NULL)
		return out_of_memory(reading);
	if (explanation->person[0] == '\0')
		return wrong(reading, node, "an explanation wants a person's", "name");
	if (!text_parse_time(time, &explanation->time))
		return wrong(reading, node, "not a time:", time);
	for (const struct xml_node *finding = xml_child(node, "finding"); finding != NULL;
	     finding = xml_next(finding, "finding")) {
		enum status status;

		if (reading->count++ == EXPLANATIONS_MAX)
			return wrong(reading, finding, "too many", "findings");
		explanation->finding = attribute(reading, finding, "id");
		if (explanation->finding == NULL)
			return out_of_memory(reading);
		status = evidence_add(&reading->evidence, reading->job, &fact);
		if (status != STATUS_OK)
			return status != STATUS_MALFORMED ? status
							  : fail_in(reading->job, status, "%s:%ld",
								reading->name, xml_line(node));
	}
	return STATUS_OK;
}

static enum status
check_once(const struct reading *reading, const struct fact_list *facts)
{
	struct fact_list sorted = {0};
	struct evidence sink = evidence_to_list(&sorted);

	for (size_t i = 0; i < facts->count; i++) {
		struct fact fact = fact_new(FACT_explanation);

		fact.as.explanation.finding = facts->facts[i].as.explanation.finding;
		TRY(sink.add(&sink, reading->job, &fact));
	}
	fact_list_sort(&sorted);
	for (size_t i = 1; i < sorted.count; i++)
		if (strcmp(sorted.facts[i - 1].as.explanation.finding,
			sorted.facts[i].as.explanation.finding) == 0)
			return fail(reading->job, STATUS_MALFORMED, "%s: explained twice: %s",
			    reading->name, sorted.facts[i].as.explanation.finding);
	return STATUS_OK;
}

static enum status
read_all(struct reading *reading, const struct xml_node *root)
{
	for (const struct xml_node *node = xml_child(root, "explanation"); node != NULL;
	     node = xml_next(node, "explanation"))
		TRY(read_explanation(reading, node));
	return STATUS_OK;
}

enum status
explanations_read(struct job *job, struct span bytes, const char *name, struct fact_list *facts)
{
	struct xml_document *document = NULL;
	struct fact_list made = {0};
	struct reading reading = {.job = job, .name = name, .evidence = evidence_to_list(&made)};
	enum status status = xml_parse(job, bytes, name, &document);

	reading.evidence.source = "supplier";
	if (status == STATUS_OK)
		status = xml_validate_relaxng(job, document, schema_explanations());
	if (status == STATUS_OK)
		status = read_all(&reading, xml_root(document));
	if (status == STATUS_OK)
		status = check_once(&reading, &made);
	xml_free(document);
	if (status == STATUS_OK)
		*facts = made;
	return status;
}
