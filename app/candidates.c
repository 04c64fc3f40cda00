/* What a firmware's hashes are tried against is the same list a live unit's logins are. */
#include "app/candidates.h"

#include <string.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"

#define MAX_BYTES ((size_t)16 << 20)
#define MAX_COLUMNS 64
#define MAX_NAMES 8 /* of the product */
#define MAX_NAME 32

/* Takes what stands before `end` off `rest`. */
static struct span
take(struct span *rest, char end)
{
	size_t size = span_find(*rest, &end, 1, 0);
	struct span part = span_part(*rest, 0, size == SIZE_MAX ? rest->size : size);

	*rest = span_from(*rest, size == SIZE_MAX ? rest->size : size + 1);
	return part;
}

static size_t
column_named(struct span header, const char *name)
{
	for (size_t i = 0; i < MAX_COLUMNS && header.size > 0; i++)
		if (span_equal(take(&header, '\t'), span_of_string(name)))
			return i;
	return MAX_COLUMNS;
}

static struct span
column_of(struct span line, size_t index)
{
	struct span value = {0};

	for (size_t i = 0; i <= index; i++)
		value = take(&line, '\t');
	return value;
}

static const char *
pair_of(struct job *job, struct span user, struct span password)
{
	char *pair = arena_allocate(job, user.size + password.size + 2);

	if (pair == NULL)
		return NULL;
	if (user.size != 0)
		memcpy(pair, user.at, user.size);
	pair[user.size] = '\t';
	if (password.size != 0)
		memcpy(pair + user.size + 1, password.at, password.size);
	return pair;
}

/* `vendor`, where given, is looked for in the column of vendors, whatever its case. */
static bool
is_wanted(struct job *job, struct span vendors, const char *vendor)
{
	const char *text =
	    vendor == NULL ? NULL : text_from_bytes(job, vendors.at, vendors.size, 4096);

	return vendor == NULL || (text != NULL && strcasestr(text, vendor) != NULL);
}

static enum status
read_pairs(
    struct job *job, struct span rest, const char *vendor, const char *const **pairs, size_t *count)
{
	struct span header = take(&rest, '\n');
	size_t user, password, vendors, room = 0;
	const char **list;

	while (header.size != 0 && header.at[0] == '#')
		header = take(&rest, '\n');
	user = column_named(header, "user");
	password = column_named(header, "password");
	vendors = column_named(header, "vendors");

	if (user == MAX_COLUMNS || password == MAX_COLUMNS)
		return fail(job, STATUS_MALFORMED,
		    "default_pairs.tsv: no columns user and password in its first line");
	for (size_t i = 0; i < rest.size; i++)
		room += rest.at[i] == '\n';
	list = arena_array(job, room + 1, sizeof *list);
	if (list == NULL)
		return STATUS_LIMIT;
	while (rest.size > 0 && *count <= room) {
		struct span line = take(&rest, '\n');

		if (line.size == 0 || !is_wanted(job, column_of(line, vendors), vendor))
			continue;
		list[*count] = pair_of(job, column_of(line, user), column_of(line, password));
		if (list[*count] == NULL)
			return STATUS_LIMIT;
		(*count)++;
	}
	*pairs = list;
	return STATUS_OK;
}

static enum status
load(struct job *job, const char *vendor, const char *const **pairs, size_t *count)
{
	char *path = file_path_join(job, app_home(job), "data/default_pairs.tsv");
	struct span bytes;
	enum status status;

	*pairs = NULL;
	*count = 0;
	if (path == NULL)
		return STATUS_LIMIT;
	status = file_read(job, path, MAX_BYTES, &bytes);
	if (status == STATUS_MISSING) {
		job->reason[0] = '\0';
		return STATUS_OK;
	}
	TRY(status);
	return read_pairs(job, bytes, vendor, pairs, count);
}

enum status
candidates_load(struct job *job, const char *const **pairs, size_t *count)
{
	return load(job, NULL, pairs, count);
}

enum status
candidates_of_vendor(struct job *job, const char *vendor, const char *const **pairs, size_t *count)
{
	*pairs = NULL;
	*count = 0;
	return vendor == NULL || vendor[0] == '\0' ? STATUS_OK : load(job, vendor, pairs, count);
}

static bool
is_name_of_product(const char *name)
{
	static const char *const names[] = {"brand", "model", "alias"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* The name without what is no letter or digit of ASCII; false when nothing or too much is left. */
static bool
plain_name(const char *name, bool small, char out[MAX_NAME + 1])
{
	size_t size = 0;

	for (; *name != '\0'; name++) {
		char c = *name;
		bool capital = c >= 'A' && c <= 'Z';

		if (!capital && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			continue;
		if (size == MAX_NAME)
			return false;
		out[size++] = small && capital ? (char)(c + 32) : c;
	}
	out[size] = '\0';
	return size >= 3;
}

enum status
candidates_add_names(
    struct job *job, const struct fact_list *facts, const char *const **pairs, size_t *count)
{
	const char **list = arena_array(job, *count + (size_t)MAX_NAMES * 3, sizeof *list);
	char plain[MAX_NAME + 1];
	size_t made = 0, names = 0;

	if (list == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count && names < MAX_NAMES; i++) {
		const struct identity_fact *identity = &facts->facts[i].as.identity;

		if (facts->facts[i].kind != FACT_identity || identity->name == NULL ||
		    identity->value == NULL || !is_name_of_product(identity->name))
			continue;
		names++;
		if (strlen(identity->value) <= MAX_NAME)
			list[made++] =
			    pair_of(job, (struct span){0}, span_of_string(identity->value));
		for (int small = 0; small < 2; small++)
			if (plain_name(identity->value, small != 0, plain))
				list[made++] =
				    pair_of(job, (struct span){0}, span_of_string(plain));
	}
	for (size_t i = 0; i < made; i++)
		if (list[i] == NULL)
			return STATUS_LIMIT;
	if (*count != 0)
		memcpy(list + made, *pairs, *count * sizeof *list);
	*pairs = list;
	*count += made;
	return STATUS_OK;
}
