/* An address is a literal: resolving a name would let the network choose what is tested. */
#include "device/target.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/transcript.h"

#define PROVEN_PATIENCE_MS 1500 /* RFC 6298: a lost segment is sent again after a second */
#define PROVEN_TIMES 10
#define DELAY_MS 250 /* nobody needs so long to compare two passwords */
#define PROVEN_STEP_MS 500

enum status
address_parse(struct job *job, const char *literal, struct address *address)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	enum status status = STATUS_OK;

	*address = (struct address){0};
	if (getaddrinfo(literal, NULL, &hints, &found) != 0)
		return fail(
		    job, STATUS_USAGE, "address: \"%s\" is not an IPv4 or IPv6 literal", literal);
	memcpy(&address->socket, found->ai_addr, found->ai_addrlen);
	address->size = found->ai_addrlen;
	if (address->socket.ss_family == AF_INET6 &&
	    IN6_IS_ADDR_V4MAPPED(&((const struct sockaddr_in6 *)&address->socket)->sin6_addr)) {
		freeaddrinfo(found);
		return fail(job, STATUS_USAGE,
		    "address: \"%s\" is an IPv4 address in other words: write it as one", literal);
	}
	if (getnameinfo(found->ai_addr, found->ai_addrlen, address->text, sizeof address->text,
		NULL, 0, NI_NUMERICHOST) != 0)
		status = fail(job, STATUS_USAGE, "address: \"%s\" cannot be written back", literal);
	freeaddrinfo(found);
	return status;
}

enum status
address_parse_recorded(struct job *job, const char *literal, struct address *address)
{
	size_t size = strcspn(literal, "%"), used;
	const char *zoneless = arena_string(job, literal, size);

	if (zoneless == NULL)
		return STATUS_LIMIT;
	TRY(address_parse(job, zoneless, address));
	used = strlen(address->text);
	if (strlen(literal + size) >= sizeof address->text - used)
		return fail(job, STATUS_MALFORMED, "transcript: its address is too long");
	memcpy(address->text + used, literal + size, strlen(literal + size) + 1);
	return STATUS_OK;
}

void
address_set_port(struct address *address, unsigned port)
{
	if (address->socket.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&address->socket)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)&address->socket)->sin_port = htons((uint16_t)port);
}

static enum status
add_range(struct job *job, const char *range, uint8_t set[PORT_SET_SIZE])
{
	const char *dash = strchr(range, '-');
	const char *first_text =
	    dash == NULL ? range : arena_string(job, range, (size_t)(dash - range));
	int64_t first, last;

	if (first_text == NULL)
		return STATUS_LIMIT;
	if (!text_parse_integer(first_text, 1, PORT_COUNT - 1, &first) ||
	    !text_parse_integer(dash == NULL ? range : dash + 1, first, PORT_COUNT - 1, &last))
		return fail(
		    job, STATUS_USAGE, "ports: \"%s\" is not a port or a range of 1-65535", range);
	for (int64_t port = first; port <= last; port++)
		set[port / 8] = (uint8_t)(set[port / 8] | 1u << (port % 8));
	return STATUS_OK;
}

enum status
port_set_parse(struct job *job, const char *list, uint8_t set[PORT_SET_SIZE])
{
	const char *at = list == NULL ? "1-65535" : list;

	memset(set, 0, PORT_SET_SIZE);
	for (;;) {
		size_t size = strcspn(at, ",");
		const char *range = arena_string(job, at, size);

		if (range == NULL)
			return STATUS_LIMIT;
		TRY(add_range(job, range, set));
		if (at[size] == '\0')
			return STATUS_OK;
		at += size + 1;
	}
}

bool
port_set_has(const uint8_t set[PORT_SET_SIZE], unsigned port)
{
	return port < PORT_COUNT && (set[port / 8] >> (port % 8) & 1) != 0;
}

int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
target_live_ms(const struct target *target)
{
	return (monotonic_ms() - target->began) * (target->pace > 1 ? target->pace : 1);
}

int
target_real_ms(const struct target *target, int64_t ms)
{
	int64_t pace = target->pace > 1 ? target->pace : 1;

	return ms < 0 ? 0 : (int)((ms + pace - 1) / pace);
}

int64_t
target_now(const struct target *target)
{
	return target->clock;
}

bool
target_time_is_up(const struct target *target)
{
	return target->clock >= target->deadline;
}

void
target_allow(struct target *target, int64_t ms)
{
	target->deadline = target->clock + ms;
	if (target->limit != 0 && target->deadline > target->limit)
		target->deadline = target->limit;
}

enum status
target_wait(struct job *job, struct target *target, int ms)
{
	int64_t left = target->deadline - target->clock;
	struct timespec pause;

	if (ms > left)
		ms = left < 0 ? 0 : (int)left;
	ms = target_real_ms(target, ms);
	pause = (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	if (target->transcript.replay == NULL)
		nanosleep(&pause, NULL);
	TRY(transcript_mark(job, target, "waited"));
	return target_time_is_up(target) ? fail(job, STATUS_UNAVAILABLE, "time is up") : STATUS_OK;
}

void
target_heard(struct target *target, int64_t ms)
{
	target->answers++;
	if (ms > target->slowest_ms)
		target->slowest_ms = ms;
}

void
target_judged(struct target *target, int64_t ms)
{
	target->waited_ms += ms >= DELAY_MS ? ms : 0;
}

int
target_patience(const struct target *target, int most)
{
	/* In steps, so that what is told of a silence is the same from one run to the next. */
	int64_t more = PROVEN_TIMES * target->slowest_ms + PROVEN_STEP_MS / 2;
	int64_t ms = PROVEN_PATIENCE_MS + more / PROVEN_STEP_MS * PROVEN_STEP_MS;

	return target->answers > 0 && ms < most ? (int)ms : most;
}

enum status
target_random(struct job *job, struct target *target, uint8_t *at, size_t size)
{
	uint8_t input[TARGET_NONCE_SIZE + 4];
	struct digest digest;

	memcpy(input, target->nonce, TARGET_NONCE_SIZE);
	for (size_t done = 0; done < size;) {
		size_t part = size - done < DIGEST_SIZE ? size - done : DIGEST_SIZE;

		for (size_t i = 0; i < 4; i++)
			input[TARGET_NONCE_SIZE + i] = (uint8_t)(target->drawn >> (8 * i));
		target->drawn++;
		TRY(digest_of(job, (struct span){input, sizeof input}, &digest));
		memcpy(at + done, digest.bytes, part);
		done += part;
	}
	return STATUS_OK;
}

bool
service_is_web(const struct service *service)
{
	return !service->udp &&
	       (strcmp(service->name, "http") == 0 || strcmp(service->name, "https") == 0);
}

void
target_add_service(struct target *target, const struct service *service)
{
	if (target->service_count == TARGET_MAX_SERVICES) {
		target->services_lack = "more open ports than are talked to";
		return;
	}
	target->services[target->service_count++] = *service;
}

const char *
target_services_lack(const struct target *target)
{
	return target->services_lack != NULL ? target->services_lack : target->hidden_lack;
}

const struct login *
target_add_login(struct target *target, const struct login *login)
{
	if (target->login_count == TARGET_MAX_LOGINS) {
		target->logins_lack = "more log-ins than are tried";
		return NULL;
	}
	target->logins[target->login_count] = *login;
	return &target->logins[target->login_count++];
}

size_t
path_first_folder(const char *path)
{
	size_t size = path[0] == '/' ? 1 : 0, name = strcspn(path + size, "/?#");

	return path[size + name] == '/' ? size + name + 1 : size;
}

void
target_add_place(struct target *target, const struct login *login, const char *path)
{
	size_t size = path_first_folder(path);

	if (login == NULL || !login->recognised || login->path == NULL ||
	    (path_first_folder(login->path) == size && strncmp(login->path, path, size) == 0))
		return;
	for (size_t i = 0; i < target->place_count; i++)
		if (target->places[i].login == login && strcmp(target->places[i].path, path) == 0)
			return;
	if (target->place_count == TARGET_MAX_PLACES) {
		target->logins_lack = "more places of log-ins than are tried";
		return;
	}
	target->places[target->place_count++] = (struct login_place){.login = login, .path = path};
}

void
target_add_stream(struct target *target, uint16_t port, const char *path)
{
	for (size_t i = 0; i < target->stream_count; i++)
		if (target->streams[i].port == port && strcmp(target->streams[i].path, path) == 0)
			return;
	if (target->stream_count < TARGET_MAX_STREAMS)
		target->streams[target->stream_count++] =
		    (struct stream){.port = port, .path = path};
}

void
target_note_use(struct target *target, uint16_t port)
{
	for (size_t i = 0; i < target->service_count; i++)
		if (target->services[i].port == port && !target->services[i].udp)
			target->services[i].has_use = true;
}

void
target_note_talk(struct target *target, uint16_t port)
{
	for (size_t i = 0; i < target->talked_count; i++)
		if (target->talked[i] == port)
			return;
	if (target->talked_count == TARGET_TALKED) {
		memmove(target->talked, target->talked + 1,
		    (TARGET_TALKED - 1) * sizeof target->talked[0]);
		target->talked_count--;
	}
	target->talked[target->talked_count++] = port;
}

bool
fault_is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO;
}

void
outcome_lack(struct job *job, struct outcome *outcome, const char *format, ...)
{
	char words[512];
	va_list arguments;

	if (outcome->lack != NULL)
		return;
	va_start(arguments, format);
	vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	outcome->lack = text_from_bytes(job, words, strlen(words), 400);
	if (outcome->lack == NULL)
		outcome->lack = "out of memory";
}

enum status
outcome_look(
    struct job *job, const struct outcome *outcome, struct evidence *evidence, enum fact_kind kind)
{
	struct fact fact = fact_new(FACT_looked);

	fact.as.looked.kind = fact_kinds[kind].name;
	fact.as.looked.from_source = evidence->source;
	fact.as.looked.complete = outcome->lack == NULL;
	fact.as.looked.reason = outcome->lack != NULL ? outcome->lack : outcome->note;
	fact.as.looked.required = outcome->required;
	fact.as.looked.tried = outcome->tried;
	fact.as.looked.count = outcome->count;
	fact.as.looked.tool_version = HOPQUY_VERSION;
	return evidence_add(evidence, job, &fact);
}
