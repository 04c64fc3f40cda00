/* Packets and answers share a connection; a description tells where they are asked for. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/rtsp_play.h"

#define BODY_MAX ((size_t)64 << 10) /* of an answer: more is never there whole */
#define RTP_HEAD 12

/* ---- what comes ---- */

static size_t
head_size(struct span received)
{
	size_t end = span_find(received, "\r\n\r\n", 4, 0),
	       bare = span_find(received, "\n\n", 2, 0);

	if (end != SIZE_MAX && (bare == SIZE_MAX || end < bare))
		return end + 4;
	return bare == SIZE_MAX ? 0 : bare + 2;
}

/* The length an answer tells of its body; 0 where it tells none. */
static size_t
body_size(struct span head)
{
	static const char name[] = "content-length:";
	const size_t size = sizeof name - 1;

	for (size_t at = 0; at + size < head.size; at++) {
		size_t i = at + size, value = 0;

		if ((at > 0 && head.at[at - 1] != '\n') ||
		    strncasecmp((const char *)head.at + at, name, size) != 0)
			continue;
		while (i < head.size && head.at[i] == ' ')
			i++;
		for (; i < head.size && isdigit(head.at[i]) && value < BODY_MAX; i++)
			value = value * 10 + (size_t)(head.at[i] - '0');
		return value;
	}
	return 0;
}

void
rtsp_next_item(struct span received, struct rtsp_item *item)
{
	*item = (struct rtsp_item){.type = RTSP_MORE};
	if (received.size == 0)
		return;
	if (received.at[0] == '$') { /* RFC 2326 section 10.12 */
		size_t size = received.size < 4 ? 0 : (size_t)received.at[2] << 8 | received.at[3];

		if (received.size < 4 || received.size < 4 + size)
			return;
		*item = (struct rtsp_item){.type = RTSP_FRAME,
		    .size = 4 + size,
		    .channel = received.at[1],
		    .body = span_part(received, 4, size)};
		return;
	}
	if (!span_starts_with(received, "RTSP/", received.size < 5 ? received.size : 5)) {
		item->type = RTSP_NOISE;
		return;
	}
	item->size = head_size(received);
	if (item->size > 0)
		item->body = span_part(received, 0, item->size);
	if (item->size == 0 || received.size < item->size + body_size(item->body))
		*item = (struct rtsp_item){
		    .type = item->size == 0 && received.size > HTTP_HEAD_MAX_SIZE ? RTSP_NOISE
										  : RTSP_MORE};
	else
		*item = (struct rtsp_item){.type = RTSP_ANSWER,
		    .size = item->size + body_size(item->body),
		    .body = item->body};
}

bool
rtsp_is_media(struct span packet)
{
	size_t head;

	/* RFC 3550 section 5.1; packets of control (section 6.1) have these types */
	if (packet.size < RTP_HEAD || packet.at[0] >> 6 != 2 ||
	    (packet.at[1] >= 200 && packet.at[1] <= 207))
		return false;
	head = RTP_HEAD + (size_t)(packet.at[0] & 15) * 4;
	if ((packet.at[0] & 16) != 0 && packet.size >= head + 4)
		head += 4 + ((size_t)packet.at[head + 2] << 8 | packet.at[head + 3]) * 4;
	return packet.size > head;
}

/* ---- where it is ---- */

/* Is it on this unit, and of one line? */
static bool
is_own(struct job *job, const struct target *target, const char *uri)
{
	struct ask_place place;

	return uri != NULL && ask_read_url(job, target, uri, &place);
}

/* RFC 2326 section C.1.1; a relative one stands behind the base, as all clients have it. */
static const char *
resolve(struct job *job, const char *base, const char *control)
{
	if (control == NULL || strcmp(control, "*") == 0)
		return base;
	if (strncasecmp(control, "rtsp://", 7) == 0 || strncasecmp(control, "rtsps://", 8) == 0)
		return control;
	return arena_printf(job, "%s%s%s", base,
	    base[0] != '\0' && base[strlen(base) - 1] == '/' ? "" : "/",
	    control + (control[0] == '/'));
}

bool
rtsp_find_track(struct job *job, const struct target *target, const struct http_response *response,
    const struct sdp *sdp, const char *uri, struct rtsp_track *track)
{
	const struct sdp_media *media = &sdp->media[0];
	size_t from = 0;
	const char *base = http_header(response, "Content-Base", &from);

	for (size_t i = 0; i < sdp->count; i++)
		if (strcmp(sdp->media[i].type, "video") == 0) {
			media = &sdp->media[i];
			break;
		}
	from = 0;
	if (base == NULL)
		base = http_header(response, "Content-Location", &from);
	/* A unit behind another address tells one that is not its own. */
	if (!is_own(job, target, base))
		base = uri;
	*track = (struct rtsp_track){.uri = resolve(job, base, media->control),
	    .session = resolve(job, base, sdp->control),
	    .transport = media->transport};
	if (!is_own(job, target, track->session))
		track->session = base;
	return is_own(job, target, track->uri) && text_starts_with(media->transport, "RTP/");
}

const char *
rtsp_played_words(struct job *job, const char *words, const struct rtsp_played *played)
{
	if (played->result == RTSP_MEDIA)
		return arena_printf(job, "%s; media came", words);
	if (played->result == RTSP_EMPTY)
		return arena_printf(job, "%s; played, no media came", words);
	if (played->result == RTSP_NO_WAY)
		return arena_printf(
		    job, "%s; described, not played: not over this connection", words);
	if (played->step == NULL)
		return arena_printf(job, "%s; described, not played: no address", words);
	if (played->status == 0)
		return arena_printf(
		    job, "%s; described, not played: %s without an answer", words, played->step);
	return arena_printf(
	    job, "%s; described, not played: %s %d", words, played->step, played->status);
}
