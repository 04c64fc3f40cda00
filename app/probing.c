/* The same words mean the same wherever a unit is probed. */
#include "app/probing.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"

#define CREDENTIALS_MAX 64
#define CREDENTIALS_FILE_MAX ((size_t)1 << 16)

size_t
probing_options(struct probing *probing, struct option *options, size_t count)
{
	const struct option all[PROBING_OPTIONS] = {{"state", OPTION_TEXT, &probing->state},
	    {"reach", OPTION_TEXT, &probing->reach}, {"level", OPTION_TEXT, &probing->level},
	    {"ports", OPTION_TEXT, &probing->ports},
	    {"credentials", OPTION_TEXT, &probing->credentials},
	    {"from", OPTION_TEXT, &probing->from},
	    {"max-connections", OPTION_TEXT, &probing->max_connections},
	    {"max-minutes", OPTION_TEXT, &probing->max_minutes},
	    {"syn", OPTION_FLAG, &probing->syn}, {"only", OPTION_TEXT, &probing->only}};

	memcpy(options + count, all, sizeof all);
	return count + ARRAY_SIZE(all);
}

static enum status
check_word(
    struct job *job, const char *option, const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (word == NULL || strcmp(word, words[i]) == 0)
			return STATUS_OK;
	return fail(job, STATUS_USAGE, "--%s does not know '%s'", option, word);
}

/* A number of 1 to `most`; 0 when it was not given. */
static enum status
read_number(struct job *job, const char *option, const char *text, int64_t most, int64_t *number)
{
	*number = 0;
	if (text == NULL || text_parse_integer(text, 1, most, number))
		return STATUS_OK;
	return fail(job, STATUS_USAGE, "--%s wants a number of 1 to %lld, not '%s'", option,
	    (long long)most, text);
}

/* Literals separated by commas, at most two a family. */
static enum status
read_sources(struct job *job, const char *from, const char *sources[PROBE_SOURCES_MAX])
{
	size_t count = 0, of_ipv6 = 0;

	memset(sources, 0, PROBE_SOURCES_MAX * sizeof *sources);
	for (const char *at = from; at != NULL; count++) {
		size_t size = strcspn(at, ",");
		const char *one = arena_string(job, at, size);
		struct address address;

		if (one == NULL)
			return STATUS_LIMIT;
		TRY(address_parse(job, one, &address));
		of_ipv6 += address.socket.ss_family == AF_INET6;
		if (count == PROBE_SOURCES_MAX || of_ipv6 > 2 || count + 1 - of_ipv6 > 2)
			return fail(job, STATUS_USAGE, "--from takes two IPv4 and two IPv6 addresses");
		sources[count] = one;
		at = at[size] == '\0' ? NULL : at + size + 1;
	}
	return STATUS_OK;
}

enum status
probing_check(struct job *job, const struct probing *probing)
{
	static const char *const levels[] = {"observe", "login", "stress"};
	static const char *const states[] = {"factory_default", "initialised", "after_reset"};
	static const char *const reaches[] = {"local", "remote"};
	const char *sources[PROBE_SOURCES_MAX];
	int64_t number;

	TRY(check_word(job, "level", probing->level, levels, ARRAY_SIZE(levels)));
	TRY(check_word(job, "state", probing->state, states, ARRAY_SIZE(states)));
	TRY(check_word(job, "reach", probing->reach, reaches, ARRAY_SIZE(reaches)));
	TRY(read_sources(job, probing->from, sources));
	TRY(read_number(job, "max-connections", probing->max_connections, 50000, &number));
	TRY(read_number(job, "max-minutes", probing->max_minutes, 1440, &number));
	return probe_check_ports(job, probing->ports);
}

/* "protocol TAB user TAB password [TAB role]" in place; protocol * is any. */
static enum status
read_credential(struct job *job, const char *path, char *line, struct credential *credential)
{
	char *fields[4] = {line};
	size_t count = 1;

	for (char *at = line; count < 4 && (at = strchr(at, '\t')) != NULL; count++) {
		*at++ = '\0';
		fields[count] = at;
	}
	if (count < 3)
		return fail(job, STATUS_USAGE,
		    "%s: a line is protocol, user, password and perhaps role, with tabs between",
		    path);
	*credential =
	    (struct credential){.protocol = strcmp(fields[0], "*") == 0 ? NULL : fields[0],
		.user = fields[1],
		.password = fields[2],
		.role = count == 4 ? fields[3] : NULL};
	if (credential->role != NULL && strcmp(credential->role, "owner") != 0 &&
	    strcmp(credential->role, "user") != 0)
		return fail(job, STATUS_USAGE, "%s: a role is owner or user, not '%s'", path,
		    credential->role);
	return STATUS_OK;
}

static enum status
read_credentials(struct job *job, const char *path, struct probe_request *request)
{
	struct credential *list = arena_array(job, CREDENTIALS_MAX, sizeof *list);
	struct span bytes;
	char *rest;

	if (list == NULL)
		return STATUS_LIMIT;
	TRY(file_read(job, path, CREDENTIALS_FILE_MAX, &bytes));
	rest = arena_string(job, (const char *)bytes.at, bytes.size);
	if (rest == NULL)
		return STATUS_LIMIT;
	while (rest != NULL && *rest != '\0') {
		char *line = rest, *end = strchr(rest, '\n');

		rest = end == NULL ? NULL : end + 1;
		if (end != NULL)
			*end = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (request->credential_count == CREDENTIALS_MAX)
			return fail(
			    job, STATUS_USAGE, "%s: more than %d lines", path, CREDENTIALS_MAX);
		TRY(read_credential(job, path, line, &list[request->credential_count++]));
	}
	request->credentials = list;
	return STATUS_OK;
}

enum status
probing_fill(struct job *job, const struct probing *probing, struct probe_request *request)
{
	int64_t connections, minutes;

	request->state = probing->state;
	request->reach = probing->reach;
	request->level = probing->level;
	request->ports = probing->ports;
	request->only = probing->only;
	request->syn = probing->syn;
	TRY(read_sources(job, probing->from, request->sources));
	TRY(read_number(job, "max-connections", probing->max_connections, 50000, &connections));
	TRY(read_number(job, "max-minutes", probing->max_minutes, 1440, &minutes));
	request->connections = (unsigned)connections;
	request->limit_ms = minutes * 60 * 1000;
	return probing->credentials == NULL ? STATUS_OK
					    : read_credentials(job, probing->credentials, request);
}
