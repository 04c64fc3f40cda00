/* One question a connection: what a unit makes of a second one says nothing about the first. */
#include "device/http_client.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define PATIENCE_MS 8000
#define PORTION 4096

static bool
tells_length(const struct http_response *response)
{
	size_t from = 0, other = 0;

	return http_header(response, "Content-Length", &from) != NULL ||
	       http_header(response, "Transfer-Encoding", &other) != NULL;
}

/* Reads on until the response is whole; silence and farewell end a body whose head is there. */
static enum status
receive(struct job *job, struct channel *channel, size_t limit, struct http_response *response)
{
	size_t room = HTTP_HEAD_MAX_SIZE + 2 * (limit > 0 ? limit : HTTP_BODY_MAX_SIZE);
	uint8_t *bytes = arena_allocate(job, room);
	struct arena_mark mark = arena_mark(job->arena);
	size_t size = 0;
	bool whole = false;

	if (bytes == NULL)
		return STATUS_LIMIT;
	response->exchange = channel->exchange;
	while (!whole) {
		size_t got;
		/* Where the beginning is enough, little more is taken and written down. */
		size_t most = limit > 0 && room - size > PORTION ? PORTION : room - size;
		enum status status =
		    channel_receive(job, channel, bytes + size, most, PATIENCE_MS, &got);

		if (fault_is_ours(status) || (status != STATUS_OK && size == 0))
			return status;
		if (status == STATUS_OK && got == 0 && size == 0)
			return fail(job, STATUS_UNAVAILABLE,
			    "port %u: it hung up without an answer", channel->port);
		size += got;
		arena_release(job->arena, mark);
		TRY(http_read_response(job, (struct span){bytes, size},
		    status != STATUS_OK || got == 0 || size == room, response, &whole));
		response->cut = status != STATUS_OK && tells_length(response);
		whole = whole || (limit > 0 && response->body.size >= limit);
	}
	return STATUS_OK;
}

static enum status
send_request(struct job *job, struct channel *channel, bool tls, const struct http_request *request)
{
	struct text out = text_new(job);
	bool ipv6 = strchr(channel->target->address, ':') != NULL;
	const char *bytes;

	text_printf(&out, "%s %s %s\r\n", request->method, request->path, request->protocol);
	/* a page of the unit's own may be what some look for before they answer */
	if (strcmp(request->protocol, "HTTP/1.1") == 0)
		text_printf(&out,
		    ipv6 ? "Host: [%s]:%u\r\nReferer: %s://[%s]:%u/\r\n"
			 : "Host: %s:%u\r\nReferer: %s://%s:%u/\r\n",
		    channel->target->address, channel->port, tls ? "https" : "http",
		    channel->target->address, channel->port);
	text_printf(&out,
	    "User-Agent: " HTTP_USER_AGENT "\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
	    "Connection: close\r\n%s",
	    request->headers);
	if (request->body != NULL)
		text_printf(&out,
		    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
		    strlen(request->body));
	text_printf(&out, "\r\n%s", request->body == NULL ? "" : request->body);
	TRY(text_finish(&out, &bytes));
	return request->secret ? channel_send_secret(job, channel, span_of_string(bytes))
			       : channel_send(job, channel, span_of_string(bytes));
}

enum status
http_say(struct job *job, struct target *target, uint16_t port, bool tls,
    const struct http_request *request, struct channel *channel)
{
	struct tls_peer peer;
	enum status status = channel_open(job, target, port, channel);

	if (status == STATUS_OK && tls)
		status = channel_start_tls(job, channel, &peer);
	return status == STATUS_OK ? send_request(job, channel, tls, request) : status;
}

enum status
http_hear(struct job *job, struct channel *channel, size_t limit, struct http_response *response)
{
	*response = (struct http_response){0};
	return receive(job, channel, limit, response);
}

enum status
http_ask(struct job *job, struct target *target, uint16_t port, bool tls,
    const struct http_request *request, struct http_response *response)
{
	struct channel channel;
	enum status status = http_say(job, target, port, tls, request, &channel);

	*response = (struct http_response){0};
	if (status == STATUS_OK)
		status = http_hear(job, &channel, request->body_limit, response);
	channel_hang_up(job, &channel);
	return status;
}
