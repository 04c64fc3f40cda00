/* A line in the header of a check that is not known is refused: no promise goes unread. */
#include "assess/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"

#define CHECK_MAX_SIZE ((size_t)64 << 10)
#define REFERENCE_MAX_SIZE ((size_t)64 << 20)
#define FILES_MAX 2000

struct names {
	const char *at[FILES_MAX];
	size_t count;
};

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum status
add_name(struct job *job, struct names *names, const char *name)
{
	if (name == NULL)
		return STATUS_LIMIT;
	if (names->count == FILES_MAX)
		return fail(job, STATUS_LIMIT, "%s: more than %d files", name, FILES_MAX);
	names->at[names->count++] = name;
	return STATUS_OK;
}

/* Names that end in `suffix` (or those of all folders when NULL), each behind `prefix`. */
static enum status
list_folder(struct job *job, const char *folder, const char *prefix, const char *suffix,
    struct names *names)
{
	DIR *open = opendir(folder);
	struct dirent *entry;
	enum status status = STATUS_OK;

	if (open == NULL)
		return fail(job, STATUS_MISSING, "%s: %s", folder, strerror(errno));
	while (status == STATUS_OK && (entry = readdir(open)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (suffix == NULL ? entry->d_type == DT_DIR
				   : text_ends_with(entry->d_name, suffix))
			status =
			    add_name(job, names, arena_printf(job, "%s%s", prefix, entry->d_name));
	}
	closedir(open);
	qsort(names->at, names->count, sizeof names->at[0], compare_names);
	return status;
}

static enum status
list_checks(struct job *job, const char *folder, struct names *names)
{
	struct names *families = arena_allocate(job, sizeof *families);

	if (families == NULL)
		return STATUS_LIMIT;
	TRY(list_folder(job, folder, "", NULL, families));
	for (size_t i = 0; i < families->count; i++) {
		const char *family = file_path_join(job, folder, families->at[i]);
		const char *prefix = arena_printf(job, "%s/", families->at[i]);

		if (family == NULL || prefix == NULL)
			return STATUS_LIMIT;
		TRY(list_folder(job, family, prefix, ".sql", names));
	}
	return STATUS_OK;
}

static void
digest_file(struct digest_stream *stream, const char *name, struct span bytes)
{
	uint8_t length[8];

	digest_stream_add(stream, name, strlen(name) + 1);
	for (size_t i = 0; i < sizeof length; i++)
		length[i] = (uint8_t)((uint64_t)bytes.size >> (8 * i));
	digest_stream_add(stream, length, sizeof length);
	digest_stream_add(stream, bytes.at, bytes.size);
}

static enum status
read_named(struct job *job, const char *folder, const char *name, size_t limit, struct span *bytes)
{
	const char *path = file_path_join(job, folder, name);

	return path == NULL ? STATUS_LIMIT : file_read(job, path, limit, bytes);
}

static bool
cut_word(char **rest, const char *separator, const char **word)
{
	char *at = *rest == NULL ? NULL : strstr(*rest, separator);

	*word = *rest;
	if (at == NULL) {
		*rest = NULL;
		return false;
	}
	*at = '\0';
	*rest = at + strlen(separator);
	return true;
}

static enum status
read_need(struct job *job, struct check *check, char *value)
{
	struct need *need = &check->needs[check->need_count];
	const char *kind, *source;

	if (check->need_count == CHECK_NEEDS_MAX)
		return fail(job, STATUS_MALFORMED, "more than %d needs", CHECK_NEEDS_MAX);
	if (!cut_word(&value, " of ", &kind) || !cut_word(&value, " from ", &need->subject))
		return fail(job, STATUS_MALFORMED, "needs: wants KIND of SUBJECT from SOURCE, …");
	need->kind = fact_kind_named(kind);
	if (need->kind == FACT_KIND_COUNT)
		return fail(job, STATUS_MALFORMED, "needs: unknown kind of fact '%s'", kind);
	if (strcmp(need->subject, "image") != 0 && strcmp(need->subject, "unit") != 0 &&
	    strcmp(need->subject, "dossier") != 0)
		return fail(job, STATUS_MALFORMED,
		    "needs: subject '%s' is not image, unit or dossier", need->subject);
	while (value != NULL) {
		cut_word(&value, ", ", &source);
		if (need->source_count == CHECK_SOURCES_MAX || source[0] == '\0')
			return fail(
			    job, STATUS_MALFORMED, "needs: 1 to %d sources", CHECK_SOURCES_MAX);
		need->sources[need->source_count++] = source;
	}
	check->allowed[need->kind] = true;
	check->need_count++;
	return STATUS_OK;
}

static enum status
read_parameter(struct job *job, struct check *check, char *value)
{
	struct check_parameter *parameter = &check->parameters[check->parameter_count];
	const char *type;

	if (check->parameter_count == CHECK_PARAMETERS_MAX)
		return fail(job, STATUS_MALFORMED, "more than %d parameters", CHECK_PARAMETERS_MAX);
	if (!cut_word(&value, " ", &parameter->name))
		return fail(job, STATUS_MALFORMED, "parameter: wants NAME integer|text, UNIT");
	cut_word(&value, ", ", &type);
	if (strcmp(type, "integer") != 0 && strcmp(type, "text") != 0)
		return fail(job, STATUS_MALFORMED, "parameter %s: type '%s' is not integer or text",
		    parameter->name, type);
	parameter->is_integer = strcmp(type, "integer") == 0;
	parameter->unit = value == NULL ? "" : value;
	check->parameter_count++;
	return STATUS_OK;
}

static enum status
read_header_line(struct job *job, struct check *check, char *line)
{
	const char *name;

	if (!cut_word(&line, ": ", &name))
		return fail(job, STATUS_MALFORMED, "a header line wants '-- name: value'");
	if (strcmp(name, "claim") == 0)
		check->claim = line;
	else if (strcmp(name, "remedy") == 0)
		check->remedy = line;
	else if (strcmp(name, "source") == 0)
		check->source = line;
	else if (strcmp(name, "needs") == 0)
		return read_need(job, check, line);
	else if (strcmp(name, "parameter") == 0)
		return read_parameter(job, check, line);
	else if (strcmp(name, "power") == 0 &&
		 (strcmp(line, "refutes") == 0 || strcmp(line, "decides") == 0)) {
		check->power = strcmp(line, "decides") == 0 ? POWER_DECIDES : POWER_REFUTES;
		check->states_power = true;
	} else {
		return fail(job, STATUS_MALFORMED, "header line '%s' with value '%s' is not known",
		    name, line);
	}
	return STATUS_OK;
}

static enum status
read_check(struct job *job, struct span bytes, const char *name, struct check *check)
{
	char *text = arena_string(job, (const char *)bytes.at, bytes.size), *line;
	int number = 1;

	if (text == NULL)
		return STATUS_LIMIT;
	*check = (struct check){.name = arena_string(job, name, strlen(name) - strlen(".sql")),
	    .sql = arena_copy_string(job, text)};
	if (check->name == NULL || check->sql == NULL)
		return STATUS_LIMIT;
	for (line = text; strncmp(line, "-- ", 3) == 0; number++) {
		char *end = strchr(line, '\n');
		enum status status;

		if (end == NULL)
			break;
		*end = '\0';
		status = read_header_line(job, check, line + 3);
		if (status != STATUS_OK)
			return fail_in(job, status, "checks/%s:%d", name, number);
		line = end + 1;
	}
	if (check->claim == NULL || check->remedy == NULL || check->source == NULL ||
	    check->need_count == 0 || !check->states_power)
		return fail(job, STATUS_MALFORMED,
		    "checks/%s: the header wants claim, remedy, source, needs and power", name);
	return STATUS_OK;
}

static enum status
read_checks(struct job *job, const char *folder, const struct names *names,
    struct catalogue *catalogue, struct digest_stream *stream)
{
	for (size_t i = 0; i < names->count; i++) {
		struct span bytes;

		TRY(read_named(job, folder, names->at[i], CHECK_MAX_SIZE, &bytes));
		digest_file(stream, names->at[i], bytes);
		if (catalogue != NULL)
			TRY(read_check(job, bytes, names->at[i], &catalogue->checks[i]));
	}
	return STATUS_OK;
}

static enum status
load(struct job *job, const char *folder, struct catalogue *catalogue, struct digest *digest)
{
	struct names *names = arena_allocate(job, sizeof *names);
	struct digest_stream *stream;
	enum status status, finished;

	if (names == NULL)
		return STATUS_LIMIT;
	TRY(list_checks(job, folder, names));
	if (catalogue != NULL) {
		catalogue->count = names->count;
		catalogue->checks = arena_array(job, names->count, sizeof *catalogue->checks);
		if (catalogue->checks == NULL)
			return STATUS_LIMIT;
	}
	stream = digest_stream_new();
	status = read_checks(job, folder, names, catalogue, stream);
	finished = digest_stream_finish(job, stream, digest);
	return status != STATUS_OK ? status : finished;
}

enum status
catalogue_load(struct job *job, const char *folder, const struct catalogue **catalogue)
{
	struct catalogue *made = arena_allocate(job, sizeof *made);

	if (made == NULL)
		return STATUS_LIMIT;
	TRY(load(job, folder, made, &made->digest));
	*catalogue = made;
	return STATUS_OK;
}

enum status
catalogue_digest(struct job *job, const char *folder, struct digest *digest)
{
	return load(job, folder, NULL, digest);
}

const struct check *
catalogue_find(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->checks[i].name, name) == 0)
			return &catalogue->checks[i];
	return NULL;
}

static bool
is_given(const struct profile_check *use, const char *name)
{
	for (size_t i = 0; i < use->parameter_count; i++)
		if (strcmp(use->parameters[i].name, name) == 0)
			return true;
	return false;
}

static bool
is_known(const struct check *check, const struct query_parameter *parameter)
{
	for (size_t i = 0; i < check->parameter_count; i++)
		if (strcmp(check->parameters[i].name, parameter->name) == 0)
			return check->parameters[i].is_integer == parameter->is_integer;
	return false;
}

static enum status
link_use(struct job *job, const struct catalogue *catalogue, const struct profile_check *use,
    struct query_database *database)
{
	const struct check *check = catalogue_find(catalogue, use->check);

	if (check == NULL)
		return fail(job, STATUS_MALFORMED, "unknown check '%s'", use->check);
	if (use->power == POWER_DECIDES && check->power == POWER_REFUTES)
		return fail(job, STATUS_MALFORMED,
		    "check %s can only refute; its power may be lowered, never raised", use->check);
	for (size_t i = 0; i < use->parameter_count; i++)
		if (!is_known(check, &use->parameters[i]))
			return fail(job, STATUS_MALFORMED,
			    "check %s has no parameter '%s' of that type", use->check,
			    use->parameters[i].name);
	for (size_t i = 0; i < check->parameter_count; i++)
		if (!is_given(use, check->parameters[i].name))
			return fail(job, STATUS_MALFORMED, "check %s wants a value for '%s'",
			    use->check, check->parameters[i].name);
	return query_check(job, database, check->name, check->sql, check->allowed, use->parameters,
	    use->parameter_count);
}

enum status
catalogue_link(struct job *job, const struct catalogue *catalogue, const struct profile *profile,
    struct query_database *database)
{
	for (size_t i = 0; i < profile->requirement_count; i++)
		for (size_t j = 0; j < profile->requirements[i].rule_count; j++) {
			const struct profile_rule *rule = &profile->requirements[i].rules[j];

			for (size_t k = 0; k < rule->check_count; k++) {
				enum status status =
				    link_use(job, catalogue, &rule->checks[k], database);

				if (status != STATUS_OK)
					return fail_in(job, status, "%s:%ld: rule %s", profile->id,
					    profile_rule_line(rule), rule->id);
			}
		}
	return STATUS_OK;
}

/* Without a database the files are only digested. */
static enum status
read_references(struct job *job, const char *folder, const struct names *names,
    struct query_database *database, struct digest_stream *stream)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name =
		    arena_string(job, names->at[i], strlen(names->at[i]) - strlen(".tsv"));
		struct span bytes;

		if (name == NULL)
			return STATUS_LIMIT;
		TRY(read_named(job, folder, names->at[i], REFERENCE_MAX_SIZE, &bytes));
		digest_file(stream, names->at[i], bytes);
		if (database != NULL)
			TRY(query_add_reference(job, database, name, bytes));
	}
	return STATUS_OK;
}

static enum status
add_references(
    struct job *job, const char *folder, struct query_database *database, struct digest *digest)
{
	struct names *names = arena_allocate(job, sizeof *names);
	struct digest_stream *stream;
	enum status status, finished;

	if (names == NULL)
		return STATUS_LIMIT;
	TRY(list_folder(job, folder, "", ".tsv", names));
	stream = digest_stream_new();
	status = read_references(job, folder, names, database, stream);
	finished = digest_stream_finish(job, stream, digest);
	return status != STATUS_OK ? status : finished;
}

enum status
reference_load(
    struct job *job, const char *folder, struct query_database *database, struct digest *digest)
{
	TRY(add_references(job, folder, database, digest));
	return query_seal(job, database);
}

enum status
reference_digest(struct job *job, const char *folder, struct digest *digest)
{
	return add_references(job, folder, NULL, digest);
}
