/* What a person says is worth what stands behind it: who, as what, when, and an attachment by its
 * digest. */
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/dossier.h"
#include "profiles/schema.h"

#define STATEMENTS_MAX 5000

struct reading {
	struct job *job;
	const char *name;
	const char *folder;
	struct evidence evidence;
	struct answers *answers;
	const char **attachments; /* room for STATEMENTS_MAX */
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

static enum status
read_time(
    const struct reading *reading, const struct xml_node *node, const char *name, int64_t *seconds)
{
	const char *text = attribute(reading, node, name);

	if (text == NULL)
		return out_of_memory(reading);
	return text_parse_time(text, seconds) ? STATUS_OK
					      : wrong(reading, node, "not a time:", text);
}

/* A regular file below the folder, reached through folders and no link. */
static bool
is_below(const struct reading *reading, const char *href)
{
	struct stat about;
	const char *path;

	for (const char *at = href; at != NULL; at = strchr(at + 1, '/')) {
		if (at == href)
			continue;
		path =
		    arena_printf(reading->job, "%s/%.*s", reading->folder, (int)(at - href), href);
		if (path == NULL || lstat(path, &about) != 0 || !S_ISDIR(about.st_mode))
			return false;
	}
	path = file_path_join(reading->job, reading->folder, href);
	return path != NULL && lstat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static void
keep_attachment(struct reading *reading, const char *path)
{
	for (size_t i = 0; i < reading->answers->attachment_count; i++)
		if (strcmp(reading->attachments[i], path) == 0)
			return;
	reading->attachments[reading->answers->attachment_count++] = path;
}

/* Digest of the attachment below `node`; NULL when it has none. */
static enum status
read_attachment(struct reading *reading, const struct xml_node *node, const char **sha256)
{
	const struct xml_node *attachment = xml_child(node, "attachment");
	const char *href, *path, *said;
	struct digest digest;
	struct span bytes;
	enum status status;

	*sha256 = NULL;
	if (attachment == NULL)
		return STATUS_OK;
	href = attribute(reading, attachment, "href");
	said = attribute(reading, attachment, "sha256");
	path = href == NULL ? NULL : file_path_join(reading->job, reading->folder, href);
	if (path == NULL)
		return out_of_memory(reading);
	if (!is_below(reading, href))
		return fail(reading->job, STATUS_MISSING, "%s:%ld: no attachment %s", reading->name,
		    xml_line(attachment), path);
	TRY(file_map(reading->job, path, &bytes));
	status = digest_of(reading->job, bytes, &digest);
	file_unmap(bytes);
	TRY(status);
	*sha256 =
	    hex_of_bytes(reading->job, (struct span){.at = digest.bytes, .size = DIGEST_SIZE});
	if (*sha256 == NULL)
		return out_of_memory(reading);
	if (said != NULL && strcmp(said, *sha256) != 0)
		return wrong(reading, attachment, "is not the file with that digest:", href);
	keep_attachment(reading, path);
	return STATUS_OK;
}

static enum status
read_prose(const struct reading *reading, const struct xml_node *node, const char *name,
    const char **prose)
{
	const struct xml_node *child = xml_child(node, name);

	*prose = child == NULL ? NULL : xml_text(reading->job, child);
	return child != NULL && *prose == NULL ? out_of_memory(reading) : STATUS_OK;
}

/* Adds a fact; text that no fact may hold is the file's fault, with its line. */
static enum status
add(struct reading *reading, const struct xml_node *node, const struct fact *fact)
{
	enum status status = evidence_add(&reading->evidence, reading->job, fact);

	if (status == STATUS_MALFORMED)
		return fail_in(reading->job, status, "%s:%ld", reading->name, xml_line(node));
	return status;
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* <answer> and <close>: the one answers a procedure, the other closes a finding. */
static enum status
read_answer(struct reading *reading, const struct xml_node *node)
{
	const struct fact_list *facts = &reading->answers->facts;
	struct fact fact = fact_new(FACT_answer);
	struct answer_fact *answer = &fact.as.answer;

	fact.source = attribute(reading, node, "role");
	answer->procedure = attribute(reading, node, "procedure");
	answer->question = attribute(reading, node, "question");
	answer->closes_fact = attribute(reading, node, "finding");
	answer->result = attribute(reading, node, "result");
	answer->person = attribute(reading, node, "person");
	if (answer->result == NULL)
		answer->result = "pass";
	TRY(read_time(reading, node, "time", &answer->time));
	TRY(read_prose(reading, node, "note", &answer->note));
	TRY(read_attachment(reading, node, &answer->attachment));
	for (size_t i = 0; i < facts->count; i++) {
		const struct answer_fact *other = &facts->facts[i].as.answer;

		if (facts->facts[i].kind == FACT_answer &&
		    is_same(other->procedure, answer->procedure) &&
		    is_same(other->question, answer->question) &&
		    is_same(other->closes_fact, answer->closes_fact))
			return wrong(reading, node, "answered twice:",
			    answer->procedure == NULL ? answer->closes_fact : answer->procedure);
	}
	return add(reading, node, &fact);
}

static enum status
read_publication(struct reading *reading, const struct xml_node *node)
{
	struct fact fact = fact_new(FACT_publication);

	fact.source = attribute(reading, node, "role");
	fact.as.publication.what = attribute(reading, node, "what");
	fact.as.publication.url = attribute(reading, node, "url");
	fact.as.publication.language = attribute(reading, node, "language");
	TRY(read_time(reading, node, "fetched", &fact.as.publication.fetched));
	TRY(read_prose(reading, node, "elements", &fact.as.publication.elements));
	TRY(read_attachment(reading, node, &fact.as.publication.sha256));
	return add(reading, node, &fact);
}

static enum status
read_correction(struct reading *reading, const struct xml_node *node)
{
	struct fact fact = fact_new(FACT_correction);
	struct correction_fact *correction = &fact.as.correction;

	fact.source = "tester";
	correction->finding = attribute(reading, node, "finding");
	correction->ruling = attribute(reading, node, "ruling");
	correction->tester = attribute(reading, node, "tester");
	correction->reviewer = attribute(reading, node, "reviewer");
	if (correction->tester == NULL || correction->reviewer == NULL)
		return out_of_memory(reading);
	if (strcmp(correction->tester, correction->reviewer) == 0)
		return wrong(
		    reading, node, "a correction wants two people, not twice", correction->tester);
	TRY(read_time(reading, node, "time", &correction->time));
	TRY(read_prose(reading, node, "reason", &correction->reason));
	TRY(read_attachment(reading, node, &correction->evidence));
	return add(reading, node, &fact);
}

static enum status
read_statements(struct reading *reading, const struct xml_node *root)
{
	size_t count = 0;

	for (const struct xml_node *node = xml_child(root, NULL); node != NULL;
	     node = xml_next(node, NULL)) {
		const char *name = xml_local_name(node);

		if (count++ == STATEMENTS_MAX)
			return wrong(reading, node, "too many", "statements");
		if (strcmp(name, "publication") == 0)
			TRY(read_publication(reading, node));
		else if (strcmp(name, "correction") == 0)
			TRY(read_correction(reading, node));
		else
			TRY(read_answer(reading, node));
	}
	return STATUS_OK;
}

enum status
answers_read(struct job *job, struct span bytes, const char *name, const char *folder,
    struct answers *answers)
{
	struct xml_document *document = NULL;
	struct answers made = {0};
	struct reading reading = {.job = job, .name = name, .folder = folder, .answers = &made};
	enum status status = xml_parse(job, bytes, name, &document);

	reading.evidence = evidence_to_list(&made.facts);
	reading.attachments = arena_array(job, STATEMENTS_MAX, sizeof *reading.attachments);
	made.attachments = reading.attachments;
	if (status == STATUS_OK && reading.attachments == NULL)
		status = out_of_memory(&reading);
	if (status == STATUS_OK)
		status = xml_validate_relaxng(job, document, schema_answers());
	if (status == STATUS_OK)
		status = read_statements(&reading, xml_root(document));
	xml_free(document);
	if (status == STATUS_OK)
		*answers = made;
	return status;
}
