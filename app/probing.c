/* The same words mean the same wherever a unit is probed. */
#include "app/probing.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/words.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"
#include "device/login.h"
#include "device/probe.h"

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

/* Is it written as a host's name is? */
static bool
is_name(const char *literal)
{
	bool letter = false;

	for (const char *at = literal; *at != '\0'; at++) {
		bool of_word = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');

		if (!of_word && !(*at >= '0' && *at <= '9') && *at != '-' && *at != '.' &&
		    *at != '_')
			return false;
		letter |= of_word;
	}
	return letter;
}

enum status
probing_parse_address(struct job *job, const char *literal, struct address *address)
{
	const char *zone = strchr(literal, '%');
	const struct sockaddr_in6 *wide = (const struct sockaddr_in6 *)&address->socket;

	*address = (struct address){0};
	if (is_name(literal))
		return fail(job, STATUS_USAGE, "%s is a name: give an address", literal);
	if (zone != NULL && if_nametoindex(zone + 1) == 0 &&
	    zone[1 + strspn(zone + 1, "0123456789")] != '\0')
		return fail(job, STATUS_USAGE, "%s: no interface '%s' here", literal, zone + 1);
	if (address_parse(job, literal, address) != STATUS_OK)
		return fail(job, STATUS_USAGE, "%s is not an IPv4 or IPv6 address", literal);
	if (zone == NULL && address->socket.ss_family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&wide->sin6_addr))
		return fail(job, STATUS_USAGE, "%s is link-local: add its interface, %s%%eth0",
		    literal, literal);
	return STATUS_OK;
}

bool
probing_is_unreached(const struct fact_list *facts)
{
	bool silent = false;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];
		const struct looked_fact *looked = &fact->as.looked;

		if (fact->kind != FACT_looked && fact->kind != FACT_liveness)
			return false; /* by datagrams, perhaps */
		if (fact->kind == FACT_looked && looked->kind != NULL &&
		    looked->from_source != NULL && looked->reason != NULL &&
		    strcmp(looked->kind, "open_port") == 0 &&
		    strcmp(looked->from_source, "ports") == 0 && looked->complete == 0 &&
		    looked->count == 0 && text_starts_with(looked->reason, "unreachable"))
			silent = true;
	}
	return silent;
}

#define SECONDS_A_TRY 4 /* what a log-in that delays a refusal takes */

void
probing_tell_plan(struct job *job, const char *level, int64_t pairs, int64_t tries, int language)
{
	int64_t minutes = (pairs * SECONDS_A_TRY + 59) / 60;

	if (strcmp(level, "observe") == 0)
		return;
	tell("%s\n",
	    words_fill(job, language,
		"probe: up to {} pairs at each log-in, at most {} tries a user in each of three "
		"groups (web, shells, others): about {} min a log-in",
		(const char *const[3]){arena_printf(job, "%lld", (long long)pairs),
		    arena_printf(job, "%lld", (long long)tries),
		    arena_printf(job, "%lld", (long long)minutes)}));
	if (strcmp(level, "stress") == 0)
		tell("%s\n",
		    message(language,
			"probe: lock-outs and changes of passwords take up to two minutes a log-in "
			"more, and may lock the unit"));
}

/* How many ports are open, TCP and UDP. */
static enum status
count_open(struct job *job, const struct fact_list *facts, size_t *count)
{
	uint8_t *seen[2] = {arena_allocate(job, PORT_SET_SIZE), arena_allocate(job, PORT_SET_SIZE)};

	*count = 0;
	if (seen[0] == NULL || seen[1] == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];
		const char *transport = fact->as.open_port.transport;
		uint8_t *set;

		if (fact->kind != FACT_open_port || fact->port <= 0 || fact->port >= PORT_COUNT ||
		    fact->as.open_port.status == NULL ||
		    strcmp(fact->as.open_port.status, "open") != 0)
			continue;
		set = seen[transport != NULL && strcmp(transport, "udp") == 0];
		*count += !port_set_has(set, (unsigned)fact->port);
		set[fact->port / 8] = (uint8_t)(set[fact->port / 8] | 1u << (fact->port % 8));
	}
	return STATUS_OK;
}

#define WAIT_MS 1000 /* what is worth telling */

enum status
probing_tell_done(struct job *job, const char *who, const struct fact_list *facts,
    const struct probing_time *time, int language)
{
	int64_t taken = monotonic_ms() - time->began;
	int64_t waited = time->waited_ms < taken ? time->waited_ms : taken;
	const char *seconds = arena_printf(job, "%lld", (long long)((taken + 500) / 1000));
	size_t open;

	TRY(count_open(job, facts, &open));
	tell("%s\n",
	    words_fill(job, language,
		open == 1 ? "{}: done in {} s, 1 open port" : "{}: done in {} s, {} open ports",
		(const char *const[3]){who, seconds, arena_printf(job, "%zu", open)}));
	if (waited >= WAIT_MS)
		tell("%s\n",
		    words_fill(job, language,
			"{}: of these {} s, {} s went by while it delayed refusals and locked "
			"log-ins",
			(const char *const[3]){who, seconds,
			    arena_printf(job, "%lld", (long long)((waited + 500) / 1000))}));
	return STATUS_OK;
}

static enum status
check_word(
    struct job *job, const char *option, const char *word, const char *const *words, size_t count)
{
	struct text all = text_new(job);
	const char *known;

	for (size_t i = 0; i < count; i++)
		if (word == NULL || strcmp(word, words[i]) == 0)
			return STATUS_OK;
	for (size_t i = 0; i < count; i++)
		text_printf(&all, "%s%s", i == 0 ? "" : ", ", words[i]);
	TRY(text_finish(&all, &known));
	return fail(job, STATUS_USAGE, "--%s does not know '%s'%s %s", option, word,
	    count > 3 ? "; there are:" : ":", known);
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
		TRY(probing_parse_address(job, one, &address));
		of_ipv6 += address.socket.ss_family == AF_INET6;
		if (count == PROBE_SOURCES_MAX || of_ipv6 > 2 || count + 1 - of_ipv6 > 2)
			return fail(
			    job, STATUS_USAGE, "--from takes two IPv4 and two IPv6 addresses");
		sources[count] = one;
		at = at[size] == '\0' ? NULL : at + size + 1;
	}
	return STATUS_OK;
}

/* An address that is not this machine's is found out before anybody connects. */
static enum status
check_own(struct job *job, const char *literal)
{
	struct address address;
	int descriptor, error;

	TRY(probing_parse_address(job, literal, &address));
	descriptor = socket(address.socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return fail(
		    job, STATUS_UNAVAILABLE, "--from %s: %s", address.text, strerror(errno));
	error = bind(descriptor, (const struct sockaddr *)&address.socket, address.size) == 0
		    ? 0
		    : errno;
	close(descriptor);
	if (error == EADDRNOTAVAIL)
		return fail(job, STATUS_UNAVAILABLE,
		    "--from %s: this machine does not have that address", address.text);
	return error == 0
		   ? STATUS_OK
		   : fail(job, STATUS_UNAVAILABLE, "--from %s: %s", address.text, strerror(error));
}

/* Names of probes separated by commas. */
static enum status
check_only(struct job *job, const char *only)
{
	const char *names[64];
	size_t count = 0;

	for (; count < probe_catalogue_count && count < ARRAY_SIZE(names); count++)
		names[count] = probe_catalogue[count]->name;
	for (const char *at = only; at != NULL;) {
		size_t size = strcspn(at, ",");
		const char *one = arena_string(job, at, size);

		if (one == NULL)
			return STATUS_LIMIT;
		if (size == 0)
			return fail(
			    job, STATUS_USAGE, "--only wants names of probes with a comma between");
		TRY(check_word(job, "only", one, names, count));
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
	TRY(check_only(job, probing->only));
	TRY(probe_check_ports(job, probing->ports));
	for (size_t i = 0; i < PROBE_SOURCES_MAX && sources[i] != NULL; i++)
		TRY(check_own(job, sources[i]));
	return STATUS_OK;
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
	if (credential->protocol != NULL && !login_is_protocol(credential->protocol))
		return fail(job, STATUS_USAGE, "%s: no log-in is by '%s'; * is any", path,
		    credential->protocol);
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
		line[strcspn(line, "\r")] = '\0'; /* of another system's editor, as the mark is */
		line += strncmp(line, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
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
