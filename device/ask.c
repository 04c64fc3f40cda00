/* A unit that hangs up after each answer and one that never does are asked alike. */
#include "device/ask.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define PATIENCE_MS 8000
#define SHORT_PATIENCE_MS 400 /* for a body nobody announced */
#define ROOM (HTTP_HEAD_MAX_SIZE + HTTP_BODY_MAX_SIZE)
#define URL_MAX_SIZE 1024

enum status
ask_begin(struct job *job, struct target *target, uint16_t port, bool tls, struct ask *ask)
{
	*ask = (struct ask){.job = job, .target = target, .port = port, .tls = tls};
	ask->channel.descriptor = -1;
	ask->room = arena_allocate(job, ROOM);
	return ask->room == NULL ? STATUS_LIMIT : STATUS_OK;
}

void
ask_end(struct ask *ask)
{
	channel_hang_up(ask->job, &ask->channel);
	ask->used = false;
}

static enum status
connect_again(struct ask *ask)
{
	struct tls_peer peer;

	ask_end(ask);
	TRY(channel_open(ask->job, ask->target, ask->port, &ask->channel));
	return ask->tls ? channel_start_tls(ask->job, &ask->channel, &peer) : STATUS_OK;
}

static bool
head_is_whole(struct span bytes)
{
	return span_find(bytes, "\r\n\r\n", 4, 0) != SIZE_MAX ||
	       span_find(bytes, "\n\n", 2, 0) != SIZE_MAX;
}

static bool
says_length(const struct http_response *response)
{
	size_t from = 0, again = 0;

	return http_header(response, "Content-Length", &from) != NULL ||
	       http_header(response, "Transfer-Encoding", &again) != NULL;
}

/* An answer of RTSP whose head is there and that announces no body: only a description may follow
 * all the same. */
static bool
wants_no_body(const struct ask *ask, const struct http_response *response)
{
	size_t from = 0;

	return ask->rtsp && !says_length(response) &&
	       (response->status != 200 || http_header(response, "Content-Type", &from) == NULL);
}

static enum status
receive(struct ask *ask, struct http_response *response)
{
	struct arena_mark mark = arena_mark(ask->job->arena);
	/* What is asked here may cost a unit some thought: twice what others get. */
	int patience_ms = 2 * target_patience(ask->target, PATIENCE_MS / 2);
	bool whole = false;
	size_t size = 0;

	response->exchange = ask->channel.exchange;
	while (!whole) {
		size_t got;
		enum status status = channel_receive(
		    ask->job, &ask->channel, ask->room + size, ROOM - size, patience_ms, &got);

		if (fault_is_ours(status) || (status != STATUS_OK && size == 0))
			return status;
		if (status == STATUS_OK && got == 0 && size == 0)
			return fail(ask->job, STATUS_UNAVAILABLE,
			    "port %u: it hung up without an answer", ask->port);
		size += got;
		arena_release(ask->job->arena, mark);
		TRY(http_read_response(ask->job, (struct span){ask->room, size},
		    status != STATUS_OK || got == 0 || size == ROOM, response, &whole));
		if (whole || !head_is_whole((struct span){ask->room, size}))
			continue;
		whole = wants_no_body(ask, response);
		if (ask->rtsp && !says_length(response))
			patience_ms = SHORT_PATIENCE_MS;
	}
	return STATUS_OK;
}

static bool
hangs_up(const struct http_response *response)
{
	size_t from = 0;
	const char *value = http_header(response, "Connection", &from);

	return value != NULL && text_equal_ignoring_case(value, "close");
}

enum status
ask_for(struct ask *ask, struct span request, bool secret, struct http_response *response)
{
	enum status status = STATUS_OK;

	for (bool again = ask->used;; again = false) {
		*response = (struct http_response){.exchange = ask->channel.exchange};
		if (!ask->used)
			status = connect_again(ask);
		if (status == STATUS_OK)
			status = secret ? channel_send_secret(ask->job, &ask->channel, request)
					: channel_send(ask->job, &ask->channel, request);
		if (status == STATUS_OK)
			status = receive(ask, response);
		if (status != STATUS_UNAVAILABLE || !again)
			break;
		ask->used = false;
		status = STATUS_OK;
	}
	ask->used = status == STATUS_OK && !hangs_up(response) && !ask->channel.ended;
	if (!ask->used)
		ask_end(ask);
	return status;
}

const char *
ask_host(struct job *job, const struct target *target)
{
	size_t size = strcspn(target->address, "%");

	return strchr(target->address, ':') != NULL
		   ? arena_printf(job, "[%.*s]", (int)size, target->address)
		   : arena_string(job, target->address, size);
}

static const struct {
	const char *scheme;
	uint16_t port;
} schemes[] = {{"http", 80}, {"https", 443}, {"rtsp", 554}, {"rtsps", 322}};

/* Splits what stands between "//" and the path. */
static bool
read_authority(struct job *job, const struct target *target, const char *at, size_t size,
    struct ask_place *place)
{
	const char *host = ask_host(job, target);
	const char *user_end = memchr(at, '@', size), *digits;
	int64_t port;

	if (user_end != NULL) {
		size -= (size_t)(user_end + 1 - at);
		at = user_end + 1;
	}
	if (host == NULL || size < strlen(host) || strncasecmp(at, host, strlen(host)) != 0)
		return false;
	at += strlen(host);
	size -= strlen(host);
	if (size == 0)
		return true;
	digits = arena_string(job, at + 1, size - 1);
	if (*at != ':' || digits == NULL || !text_parse_integer(digits, 1, 65535, &port))
		return false;
	place->port = (uint16_t)port;
	return true;
}

bool
ask_read_url(struct job *job, const struct target *target, const char *url, struct ask_place *place)
{
	const char *colon = strstr(url, "://"), *authority;
	size_t size;

	*place = (struct ask_place){0};
	if (colon == NULL || strlen(url) > URL_MAX_SIZE)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if ((size_t)(colon - url) == strlen(schemes[i].scheme) &&
		    strncasecmp(url, schemes[i].scheme, strlen(schemes[i].scheme)) == 0)
			*place = (struct ask_place){
			    .scheme = schemes[i].scheme, .port = schemes[i].port};
	for (const char *at = url; *at != '\0'; at++)
		if (*at <= ' ' || *at == 0x7f)
			return false;
	if (place->scheme == NULL)
		return false;
	authority = colon + 3;
	size = strcspn(authority, "/?#");
	place->path = authority[size] == '/'
			  ? arena_string(job, authority + size, strcspn(authority + size, "#"))
			  : "/";
	return place->path != NULL && read_authority(job, target, authority, size, place);
}

const struct service *
ask_web_service(const struct target *target, unsigned port)
{
	for (size_t i = 0; i < target->service_count; i++) {
		const struct service *service = &target->services[i];

		if (service->port == port && !service->udp &&
		    (strcmp(service->name, "http") == 0 || strcmp(service->name, "https") == 0))
			return service;
	}
	return NULL;
}
