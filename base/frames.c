/* A frame is bounded before it is trusted: u32 length, u16 kind, payload. */
#include "base/frames.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/arena.h"

#define HEADER_SIZE 6
#define NO_STRING UINT32_MAX

static bool
write_parts(int descriptor, struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t done = writev(descriptor, parts, count);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		while (count > 0 && (size_t)done >= parts->iov_len) {
			done -= (ssize_t)parts->iov_len;
			parts++, count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
	return true;
}

enum status
frame_send(struct job *job, int descriptor, enum frame_kind kind, struct span payload)
{
	uint8_t header[HEADER_SIZE];
	union {
		const uint8_t *from;
		void *to;
	} at = {.from = payload.at};
	struct iovec parts[2] = {{header, sizeof header}, {at.to, payload.size}};

	if (payload.size > FRAME_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "frame: %zu bytes, at most %zu", payload.size,
		    FRAME_MAX_SIZE);
	for (size_t i = 0; i < 4; i++)
		header[i] = (uint8_t)(payload.size >> (8 * i));
	header[4] = (uint8_t)kind;
	header[5] = (uint8_t)(kind >> 8);
	if (!write_parts(descriptor, parts, 2))
		return fail(job, STATUS_IO, "frame: %s", strerror(errno));
	return STATUS_OK;
}

/* Bytes read; fewer than asked at the end of the stream; −1 on error, −2 after the time limit. */
static ssize_t
read_exactly(int descriptor, uint8_t *at, size_t size, int timeout_ms)
{
	size_t done = 0;

	while (done < size) {
		struct pollfd wait = {.fd = descriptor, .events = POLLIN};
		int ready = poll(&wait, 1, timeout_ms);
		ssize_t got;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0)
			return -2;
		got = read(descriptor, at + done, size - done);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return errno == ECONNRESET ? (ssize_t)done : -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

enum status
frame_receive(struct job *job, int descriptor, int timeout_ms, enum frame_kind *kind,
    struct span *payload, bool *ended)
{
	uint8_t header[HEADER_SIZE];
	struct reader reader = {.rest = {header, sizeof header}};
	ssize_t got = read_exactly(descriptor, header, sizeof header, timeout_ms);
	uint32_t size;
	uint16_t number;
	uint8_t *at;

	*ended = got == 0;
	if (*ended)
		return STATUS_OK;
	if (got == -2)
		return fail(job, STATUS_LIMIT, "frame: nothing for %d ms", timeout_ms);
	if (got != HEADER_SIZE)
		return fail(job, STATUS_MALFORMED, "frame: cut short in its header");
	size = read_u32_le(&reader);
	number = read_u16_le(&reader);
	if (size > FRAME_MAX_SIZE || number == 0 || number >= FRAME_KIND_COUNT)
		return fail(job, STATUS_MALFORMED, "frame: kind %u of %u bytes", number, size);
	at = arena_allocate(job, size);
	if (at == NULL)
		return STATUS_LIMIT;
	if (read_exactly(descriptor, at, size, timeout_ms) != (ssize_t)size)
		return fail(job, STATUS_MALFORMED, "frame: cut short in its payload");
	*kind = (enum frame_kind)number;
	*payload = (struct span){.at = at, .size = size};
	return STATUS_OK;
}

static void
put_le(struct text *out, uint64_t value, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	text_put_bytes(out, bytes, size);
}

void
put_u8(struct text *out, uint8_t value)
{
	put_le(out, value, 1);
}

void
put_u16(struct text *out, uint16_t value)
{
	put_le(out, value, 2);
}

void
put_u32(struct text *out, uint32_t value)
{
	put_le(out, value, 4);
}

void
put_u64(struct text *out, uint64_t value)
{
	put_le(out, value, 8);
}

void
put_string(struct text *out, const char *string)
{
	if (string == NULL) {
		put_u32(out, NO_STRING);
		return;
	}
	put_u32(out, (uint32_t)strlen(string));
	text_put(out, string);
}

bool
get_string(struct job *job, struct reader *reader, size_t limit, const char **string)
{
	uint32_t size = read_u32_le(reader);
	struct span bytes;

	*string = NULL;
	if (reader->overrun)
		return false;
	if (size == NO_STRING)
		return true;
	if (size > limit)
		return false;
	bytes = read_bytes(reader, size);
	if (reader->overrun || (size != 0 && memchr(bytes.at, 0, size) != NULL))
		return false;
	*string = arena_string(job, (const char *)bytes.at, size);
	return *string != NULL;
}
