/* The first line of a transcript: what was known and chosen before the talk began. */
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/text.h"
#include "device/dialer.h"
#include "device/transcript.h"

#define MEMBERS_MAX 24

enum status
transcript_bytes_of_hex(struct job *job, const char *hex, struct span *bytes)
{
	static const char digits[] = "0123456789abcdef";
	size_t size = strlen(hex) / 2;
	uint8_t *at = arena_allocate(job, size);

	if (at == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < 2 * size; i++) {
		const char *digit = strchr(digits, hex[i]);

		if (digit == NULL)
			return fail(job, STATUS_MALFORMED, "transcript: not hexadecimal");
		at[i / 2] = (uint8_t)(at[i / 2] << 4 | (digit - digits));
	}
	if (hex[2 * size] != '\0')
		return fail(job, STATUS_MALFORMED, "transcript: half a byte");
	*bytes = (struct span){at, size};
	return STATUS_OK;
}

/* Cuts the next field off, in place; NULL at the end. */
static char *
cut(char **rest, char end)
{
	char *field = *rest, *stop;

	if (field == NULL || *field == '\0')
		return NULL;
	stop = strchr(field, end);
	*rest = stop == NULL ? NULL : stop + 1;
	if (stop != NULL)
		*stop = '\0';
	return field;
}

/* A field of a row, where an empty one is a field too. */
static const char *
field_of(char **row)
{
	char *field = *row, *stop = field == NULL ? NULL : strchr(field, '\t');

	*row = stop == NULL ? NULL : stop + 1;
	if (stop != NULL)
		*stop = '\0';
	return field;
}

static const char *
or_null(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

static enum status
read_guesses(struct job *job, const char *text, struct target *target)
{
	struct guess *guesses = arena_array(job, TRANSCRIPT_GUESSES_MAX, sizeof *guesses);
	char *rest = arena_copy_string(job, text), *row;

	if (guesses == NULL || rest == NULL)
		return STATUS_LIMIT;
	while ((row = cut(&rest, '\n')) != NULL) {
		struct guess guess = {.user = field_of(&row)};

		guess.password = field_of(&row);
		guess.origin = row;
		if (guess.origin == NULL || target->guess_count == TRANSCRIPT_GUESSES_MAX)
			return fail(job, STATUS_MALFORMED, "transcript: bad plan of passwords");
		guesses[target->guess_count++] = guess;
	}
	target->guesses = guesses;
	return STATUS_OK;
}

static enum status
read_credentials(struct job *job, const char *text, struct target *target)
{
	struct credential *list = arena_array(job, TRANSCRIPT_GUESSES_MAX, sizeof *list);
	char *rest = arena_copy_string(job, text), *row;

	if (list == NULL || rest == NULL)
		return STATUS_LIMIT;
	while ((row = cut(&rest, '\n')) != NULL) {
		struct credential one = {.protocol = or_null(field_of(&row))};

		one.user = field_of(&row);
		one.password = field_of(&row);
		one.role = or_null(row);
		if (one.password == NULL || target->credential_count == TRANSCRIPT_GUESSES_MAX)
			return fail(job, STATUS_MALFORMED, "transcript: bad credentials");
		list[target->credential_count++] = one;
	}
	target->credentials = list;
	return STATUS_OK;
}

enum status
transcript_read_head(
    struct job *job, struct span line, struct target *target, struct transcript_head *head)
{
	struct json_member members[MEMBERS_MAX];
	const char *scan, *nonce, *guesses, *credentials;
	struct span bytes;
	size_t count;

	TRY(json_read_flat(job, line, members, MEMBERS_MAX, &count));
	if (json_find_integer(members, count, "transcript", 0) != TRANSCRIPT_VERSION)
		return fail(job, STATUS_MALFORMED, "transcript: its first line is not that of one");
	target->address = json_find_string(members, count, "address");
	scan = json_find_string(members, count, "scan");
	nonce = json_find_string(members, count, "nonce");
	guesses = json_find_string(members, count, "guesses");
	credentials = json_find_string(members, count, "credentials");
	if (target->address == NULL || scan == NULL || nonce == NULL || guesses == NULL ||
	    credentials == NULL || strlen(nonce) != (size_t)2 * TARGET_NONCE_SIZE)
		return fail(job, STATUS_MALFORMED, "transcript: its first line lacks something");
	TRY(address_parse_recorded(job, target->address, &target->peer));
	TRY(transcript_bytes_of_hex(job, nonce, &bytes));
	memcpy(target->nonce, bytes.at, TARGET_NONCE_SIZE);
	TRY(transcript_bytes_of_hex(job, scan, &bytes));
	TRY(scan_decode(job, bytes, &target->scan));
	TRY(read_guesses(job, guesses, target));
	TRY(read_credentials(job, credentials, target));
	target->limit = json_find_integer(members, count, "limit", 0);
	target->connections = json_find_integer(members, count, "connections", 0);
	target->guess_budget = json_find_integer(members, count, "guess_budget", 0);
	target->min_pairs = json_find_integer(members, count, "min_pairs", 0);
	target->source_count = (unsigned)json_find_integer(members, count, "sources", 0);
	head->program = json_find_string(members, count, "program");
	head->state = or_null(json_find_string(members, count, "state"));
	head->reach = or_null(json_find_string(members, count, "reach"));
	head->level = or_null(json_find_string(members, count, "level"));
	head->only = or_null(json_find_string(members, count, "only"));
	head->now = json_find_integer(members, count, "now", 0);
	return STATUS_OK;
}
