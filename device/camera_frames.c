/* Both families put a length before their JSON, at another place each. */
#include "device/camera_frames.h"

#include <string.h>

#include "base/arena.h"

#define DVRIP_HEAD 20
#define DHIP_HEAD 32
#define FRAMES_MAX 16 /* others, that come before the answer */
#define FRAME_PATIENCE_MS 5000

static uint32_t
read_32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static void
write_32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

bool
camera_frame_read(
    enum camera_framing kind, struct span received, struct camera_frame *frame, size_t *size)
{
	size_t head = kind == CAMERA_DVRIP ? DVRIP_HEAD : DHIP_HEAD, body;
	bool begins = kind == CAMERA_DVRIP ? received.size == 0 || received.at[0] == 0xff
					   : span_starts_with(received, " \0\0\0DHIP",
						 received.size < 8 ? received.size : 8);

	*frame = (struct camera_frame){.kind = kind};
	*size = 0;
	if (!begins)
		return false;
	if (received.size < head)
		return true;
	body = read_32(received.at + 16);
	if (body > CAMERA_BODY_MAX)
		return false;
	frame->session = read_32(received.at + (kind == CAMERA_DVRIP ? 4 : 8));
	if (kind == CAMERA_DVRIP)
		frame->type = (uint16_t)(received.at[14] | received.at[15] << 8);
	else
		frame->number = read_32(received.at + 12);
	if (received.size < head + body)
		return true;
	frame->body = span_part(received, head, body);
	/* Its JSON ends in a line feed and a NUL. */
	while (frame->body.size > 0 && (frame->body.at[frame->body.size - 1] == '\0' ||
					   frame->body.at[frame->body.size - 1] == '\n'))
		frame->body.size--;
	*size = head + body;
	return true;
}

enum status
camera_frame_write(struct job *job, const struct camera_frame *frame, struct span *bytes)
{
	bool dvrip = frame->kind == CAMERA_DVRIP;
	size_t head = dvrip ? DVRIP_HEAD : DHIP_HEAD, body = frame->body.size + (dvrip ? 2 : 0);
	uint8_t *at = arena_allocate(job, head + body);

	if (at == NULL)
		return STATUS_LIMIT;
	memset(at, 0, head + body);
	write_32(at + 16, (uint32_t)body);
	if (dvrip) {
		at[0] = 0xff;
		write_32(at + 4, frame->session);
		at[14] = (uint8_t)frame->type;
		at[15] = (uint8_t)(frame->type >> 8);
		at[head + body - 2] = '\n';
	} else {
		memcpy(at, " \0\0\0DHIP", 8);
		write_32(at + 8, frame->session);
		write_32(at + 12, frame->number);
		write_32(at + 24, (uint32_t)body);
	}
	if (frame->body.size > 0)
		memcpy(at + head, frame->body.at, frame->body.size);
	*bytes = (struct span){at, head + body};
	return STATUS_OK;
}

enum status
camera_frame_ask(struct job *job, struct channel *channel, const struct camera_frame *question,
    bool secret, struct camera_frame *answer)
{
	const size_t room = DHIP_HEAD + CAMERA_BODY_MAX;
	uint8_t *at = arena_allocate(job, room);
	size_t size = 0, used;
	struct span bytes;

	if (at == NULL)
		return STATUS_LIMIT;
	TRY(camera_frame_write(job, question, &bytes));
	TRY(secret ? channel_send_secret(job, channel, bytes) : channel_send(job, channel, bytes));
	for (unsigned frames = 0; frames < FRAMES_MAX;) {
		size_t got;

		if (!camera_frame_read(question->kind, (struct span){at, size}, answer, &used))
			return fail(job, STATUS_MALFORMED, "port %u: no frame of its protocol",
			    channel->port);
		if (used > 0 &&
		    (question->kind == CAMERA_DHIP || answer->type == question->type + 1))
			return STATUS_OK;
		if (used > 0) {
			frames++;
			size -= used;
			memmove(at, at + used, size);
			continue;
		}
		TRY(channel_receive(job, channel, at + size, room - size, FRAME_PATIENCE_MS, &got));
		if (got == 0)
			return fail(job, STATUS_UNAVAILABLE,
			    "port %u: it hung up without an answer", channel->port);
		size += got;
	}
	return fail(job, STATUS_MALFORMED, "port %u: other frames without end", channel->port);
}
