/* The length of a body is said in three ways, and a unit may contradict itself in all of them. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_client.h"

#define CHUNKS_MAX 20000
#define HEADER_VALUE_MAX 2000

const char *
http_header(const struct http_response *response, const char *name, size_t *from)
{
	for (; *from < response->header_count; (*from)++)
		if (text_equal_ignoring_case(response->headers[*from].name, name))
			return response->headers[(*from)++].value;
	return NULL;
}

static const char *
first_header(const struct http_response *response, const char *name)
{
	size_t from = 0;

	return http_header(response, name, &from);
}

static struct span
trim(struct span text)
{
	while (text.size > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
		text = span_from(text, 1);
	while (text.size > 0 && (text.at[text.size - 1] == ' ' || text.at[text.size - 1] == '\r' ||
				    text.at[text.size - 1] == '\t'))
		text.size--;
	return text;
}

static bool
is_plain(struct span bytes, size_t limit)
{
	bool plain = bytes.size == 0 ||
		     (bytes.size <= limit && text_is_utf8((const char *)bytes.at, bytes.size));

	for (size_t i = 0; i < bytes.size && plain; i++)
		plain = bytes.at[i] >= ' ' && bytes.at[i] != 0x7f;
	return plain;
}

/* Words as they are where they are words, escaped where they are not. */
static const char *
words_of(struct job *job, struct span bytes, size_t limit)
{
	if (bytes.size == 0)
		return "";
	return is_plain(bytes, limit) ? arena_string(job, (const char *)bytes.at, bytes.size)
				      : text_from_bytes(job, bytes.at, bytes.size, limit);
}

static enum status
read_header_line(struct job *job, struct span line, struct http_response *response)
{
	size_t colon = span_find(line, ":", 1, 0);
	struct http_header *header = &response->headers[response->header_count];
	struct span name = trim(span_part(line, 0, colon == SIZE_MAX ? 0 : colon));
	struct span value = trim(span_from(line, colon == SIZE_MAX ? line.size : colon + 1));

	if (colon == SIZE_MAX || name.size == 0)
		return STATUS_OK; /* a line that makes no sense says nothing */
	if (response->header_count == HTTP_HEADERS_MAX)
		return fail(job, STATUS_MALFORMED, "http: more than %d headers", HTTP_HEADERS_MAX);
	header->name = words_of(job, name, 256);
	header->value = words_of(job, value, HEADER_VALUE_MAX);
	header->escaped = !is_plain(value, HEADER_VALUE_MAX);
	response->header_count++;
	return header->name == NULL || header->value == NULL ? STATUS_LIMIT : STATUS_OK;
}

static bool
read_status_line(struct span line, struct http_response *response)
{
	size_t space = span_find(line, " ", 1, 0);

	if ((!span_starts_with(line, "HTTP/", 5) && !span_starts_with(line, "RTSP/", 5)) ||
	    space == SIZE_MAX || space + 4 > line.size)
		return false;
	response->status = 0;
	for (size_t i = space + 1; i < space + 4; i++) {
		if (line.at[i] < '0' || line.at[i] > '9')
			return false;
		response->status = response->status * 10 + (line.at[i] - '0');
	}
	return response->status >= 100;
}

/* A SETTINGS or GOAWAY frame of stream 0 comes first there: RFC 9113 section 3.4. */
static bool
is_http2(struct span received)
{
	struct reader reader = {.rest = received};
	uint32_t size = read_u24_be(&reader);
	uint8_t type = read_u8(&reader);

	read_u8(&reader); /* flags */
	return read_u32_be(&reader) == 0 && !reader.overrun && size <= 16384 &&
	       (type == 4 || type == 7);
}

/* *body is what follows the head; *whole is false while the head is not all there. */
static enum status
read_head(struct job *job, struct span received, struct http_response *response, struct span *body,
    bool *whole)
{
	struct span rest = received;

	*whole = false;
	response->header_count = 0;
	for (unsigned lines = 0;; lines++) {
		size_t end = span_find(rest, "\n", 1, 0);
		struct span line = span_part(rest, 0, end == SIZE_MAX ? 0 : end);

		if (received.size - rest.size > HTTP_HEAD_MAX_SIZE ||
		    (end == SIZE_MAX && rest.size > HTTP_HEAD_MAX_SIZE))
			return fail(job, STATUS_MALFORMED, "http: a head of more than %d bytes",
			    HTTP_HEAD_MAX_SIZE);
		if (lines == 0 && is_http2(received))
			end = 0;
		if (end == SIZE_MAX)
			return STATUS_OK;
		rest = span_from(rest, end + 1);
		if (lines == 0 && !read_status_line(line, response))
			return fail(job, STATUS_MALFORMED, "http: no status line%s",
			    is_http2(received) ? ": it speaks HTTP/2 only" : "");
		if (lines == 0)
			continue;
		if (trim(line).size == 0)
			break;
		TRY(read_header_line(job, line, response));
	}
	*whole = true;
	*body = rest;
	return STATUS_OK;
}

/* RFC 9112 section 7.1; false while chunks are missing. A broken chunk ends the body. */
static bool
decode_chunks(struct span body, struct text *out)
{
	struct span rest = body;

	for (unsigned i = 0; i < CHUNKS_MAX; i++) {
		size_t end = span_find(rest, "\n", 1, 0), size = 0;

		if (end == SIZE_MAX)
			return rest.size > 32;
		for (size_t j = 0; j < end && j < 8 && isxdigit(rest.at[j]); j++)
			size = size * 16 + (size_t)(isdigit(rest.at[j])
							? rest.at[j] - '0'
							: (rest.at[j] | 32) - 'a' + 10);
		rest = span_from(rest, end + 1);
		if (size == 0)
			return true;
		if (size > rest.size) {
			text_put_bytes(
			    out, rest.at == NULL ? (const uint8_t *)"" : rest.at, rest.size);
			return false;
		}
		text_put_bytes(out, rest.at, size);
		if (out->size > HTTP_BODY_MAX_SIZE)
			return true;
		rest = span_from(rest, size);
		if (span_starts_with(rest, "\r\n", 2))
			rest = span_from(rest, 2);
	}
	return true;
}

static bool
has_body(const struct http_response *response)
{
	return response->status >= 200 && response->status != 204 && response->status != 304;
}

enum status
http_read_response(
    struct job *job, struct span received, bool last, struct http_response *response, bool *whole)
{
	struct text chunks = text_new(job);
	const char *length_text, *coding;
	struct span body = {0};
	int64_t length;

	*response = (struct http_response){.exchange = response->exchange};
	TRY(read_head(job, received, response, &body, whole));
	if (!*whole)
		return last ? fail(job, STATUS_MALFORMED, "http: the head is cut short")
			    : STATUS_OK;
	length_text = first_header(response, "Content-Length");
	coding = first_header(response, "Transfer-Encoding");
	response->body = body;
	if (!has_body(response)) {
		response->body = (struct span){0};
	} else if (coding != NULL && text_equal_ignoring_case(coding, "chunked")) {
		*whole = decode_chunks(body, &chunks);
		if (chunks.failed)
			return STATUS_LIMIT;
		response->body = (struct span){(const uint8_t *)chunks.at, chunks.size};
	} else if (length_text != NULL && text_parse_integer(length_text, 0, INT64_MAX, &length)) {
		*whole = body.size >= (uint64_t)length;
		if (*whole)
			response->body.size = (size_t)length;
	} else {
		*whole = false; /* until it hangs up */
	}
	if (response->body.size >= HTTP_BODY_MAX_SIZE)
		*whole = true;
	if (response->body.size > HTTP_BODY_MAX_SIZE)
		response->body.size = HTTP_BODY_MAX_SIZE;
	*whole = *whole || last;
	coding = first_header(response, "Content-Encoding");
	response->unread = coding != NULL && coding[0] != '\0' &&
			   !text_equal_ignoring_case(coding, "identity") && has_body(response);
	if (response->unread)
		response->body = (struct span){0};
	return STATUS_OK;
}
