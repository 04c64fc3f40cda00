/* RTSP looks like HTTP; its answers may come without a length, and its requests are numbered. */
#include "device/rtsp_client.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define SDP_LINES_MAX 1000
#define WORD_MAX 60

enum status
rtsp_begin(struct job *job, struct target *target, const struct service *service, struct rtsp *rtsp)
{
	rtsp->sequence = 0;
	TRY(ask_begin(job, target, service->port, service->tls, &rtsp->ask));
	rtsp->ask.rtsp = true;
	return STATUS_OK;
}

void
rtsp_end(struct rtsp *rtsp)
{
	ask_end(&rtsp->ask);
}

const char *
rtsp_uri(struct rtsp *rtsp, const char *path)
{
	const char *host = ask_host(rtsp->ask.job, rtsp->ask.target);

	return host == NULL ? NULL
			    : arena_printf(rtsp->ask.job, "%s://%s:%u%s",
				  rtsp->ask.tls ? "rtsps" : "rtsp", host, rtsp->ask.port, path);
}

enum status
rtsp_request(struct rtsp *rtsp, const char *method, const char *uri, const char *headers,
    bool secret, struct http_response *response)
{
	const char *request;

	if (uri == NULL)
		return STATUS_LIMIT;
	request = arena_printf(rtsp->ask.job,
	    "%s %s RTSP/1.0\r\nCSeq: %u\r\nUser-Agent: " RTSP_USER_AGENT "\r\n%s\r\n", method, uri,
	    ++rtsp->sequence, headers);
	if (request == NULL)
		return STATUS_LIMIT;
	return ask_for(&rtsp->ask, span_of_string(request), secret, response);
}

enum status
rtsp_describe(
    struct rtsp *rtsp, const char *path, const char *authorization, struct http_response *response)
{
	const char *headers = arena_printf(rtsp->ask.job, "Accept: application/sdp\r\n%s",
	    authorization == NULL ? "" : authorization);

	if (headers == NULL)
		return STATUS_LIMIT;
	return rtsp_request(
	    rtsp, "DESCRIBE", rtsp_uri(rtsp, path), headers, authorization != NULL, response);
}

enum status
rtsp_describe_as(struct rtsp *rtsp, const char *path, const char *scheme, const char *user,
    const char *password, bool *asked, struct http_response *response)
{
	struct job *job = rtsp->ask.job;
	struct http_challenge *challenges =
	    arena_array(job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	const char *line, *uri = rtsp_uri(rtsp, path);
	size_t count;

	*asked = false;
	if (challenges == NULL || uri == NULL)
		return STATUS_LIMIT;
	TRY(rtsp_describe(rtsp, path, NULL, response));
	if (response->status != 401)
		return STATUS_OK;
	TRY(http_read_challenges(job, response, challenges, &count));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(challenges[i].scheme, scheme) != 0 || !http_can_answer(&challenges[i]))
			continue;
		*asked = true;
		TRY(http_answer(
		    job, rtsp->ask.target, &challenges[i], "DESCRIBE", uri, user, password, &line));
		return rtsp_describe(rtsp, path, line, response);
	}
	return STATUS_OK;
}

/* The next word of a line, as text; *line is behind it. */
static const char *
next_word(struct job *job, struct span *line)
{
	size_t size = 0;
	const char *word;

	while (line->size > 0 && line->at[0] == ' ')
		*line = span_from(*line, 1);
	while (size < line->size && line->at[size] > ' ')
		size++;
	word = size == 0 ? "?" : text_from_bytes(job, line->at, size, WORD_MAX);
	*line = span_from(*line, size);
	return word;
}

/* RFC 8866 section 5.14: m=<media> <port> <proto> <fmt> … */
static enum status
read_media(struct job *job, struct span line, struct sdp *sdp)
{
	struct sdp_media *media = &sdp->media[sdp->count];
	const char *port;

	media->type = next_word(job, &line);
	port = next_word(job, &line);
	media->transport = next_word(job, &line);
	if (media->type == NULL || port == NULL || media->transport == NULL)
		return STATUS_LIMIT;
	sdp->count++;
	return STATUS_OK;
}

enum status
sdp_read(struct job *job, struct span body, struct sdp *sdp, bool *found)
{
	struct span rest = body;

	*sdp = (struct sdp){0};
	*found = false;
	while (rest.size > 0 && rest.at[0] <= ' ')
		rest = span_from(rest, 1);
	if (!span_starts_with(rest, "v=", 2))
		return STATUS_OK;
	for (unsigned i = 0; i < SDP_LINES_MAX && rest.size > 0; i++) {
		size_t end = 0;

		while (end < rest.size && rest.at[end] != '\n' && rest.at[end] != '\r')
			end++;
		if (span_starts_with(rest, "m=", 2) && end > 2 && sdp->count < SDP_MEDIA_MAX)
			TRY(read_media(job, span_part(rest, 2, end - 2), sdp));
		rest = span_from(rest, end + 1);
	}
	*found = sdp->count > 0;
	return STATUS_OK;
}

const char *
sdp_words(struct job *job, const struct sdp *sdp)
{
	struct text out = text_new(job);
	const char *words;

	for (size_t i = 0; i < sdp->count; i++)
		text_printf(&out, "%s%s %s", i == 0 ? "" : ", ", sdp->media[i].type,
		    sdp->media[i].transport);
	return text_finish(&out, &words) == STATUS_OK ? words : NULL;
}
