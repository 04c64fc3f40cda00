/* The first packets of SSH travel in the clear, so what a server offers is read without any
 * cryptography. */
#include <string.h>

#include "base/text.h"
#include "device/ssh_client.h"

#define LINE_MAX_SIZE 255
#define LINES_MAX 50 /* a server may say other lines first (RFC 4253 section 4.2) */
#define NAME_MAX_SIZE 64
#define PACKET_MAX_SIZE 35000
#define KEXINIT 20

static enum status
read_names(struct job *job, struct span text, struct ssh_list *list)
{
	list->count = 0;
	while (text.size > 0) {
		size_t comma = span_find(text, ",", 1, 0);
		size_t size = comma == SIZE_MAX ? text.size : comma;

		if (size == 0 || size > NAME_MAX_SIZE || list->count == SSH_NAMES_MAX)
			return fail(job, STATUS_MALFORMED,
			    "ssh: KEXINIT: a name of %zu bytes, number %zu", size, list->count);
		list->names[list->count] = text_from_bytes(job, text.at, size, 4 * NAME_MAX_SIZE);
		if (list->names[list->count++] == NULL)
			return STATUS_LIMIT;
		text = comma == SIZE_MAX ? (struct span){0} : span_from(text, comma + 1);
	}
	return STATUS_OK;
}

enum status
ssh_read_kexinit(struct job *job, struct span payload, struct ssh_hello *hello)
{
	struct reader reader = {.rest = payload};

	read_bytes(&reader, 16); /* cookie */
	for (size_t i = 0; i < SSH_LISTS; i++) {
		struct span names = read_bytes(&reader, read_u32_be(&reader));

		if (reader.overrun)
			return fail(
			    job, STATUS_MALFORMED, "ssh: KEXINIT: list %zu is cut short", i);
		TRY(read_names(job, names, &hello->lists[i]));
	}
	read_bytes(&reader, read_u32_be(&reader)); /* languages */
	read_bytes(&reader, read_u32_be(&reader));
	read_bytes(&reader, 5);
	if (reader.overrun || reader.rest.size > 0)
		return fail(job, STATUS_MALFORMED, "ssh: KEXINIT: %s",
		    reader.overrun ? "cut short" : "trailing bytes");
	return STATUS_OK;
}

/* The identification line; *rest is what follows, *before how many bytes came first.  at NULL: not
 * there yet. */
static struct span
find_line(struct span received, struct span *rest, size_t *before)
{
	*before = 0;
	for (unsigned i = 0; i < LINES_MAX; i++) {
		size_t end = span_find(received, "\n", 1, 0);
		struct span line = span_part(received, 0, end == SIZE_MAX ? 0 : end);

		if (end == SIZE_MAX)
			break;
		*rest = span_from(received, end + 1);
		if (span_starts_with(line, "SSH-", 4)) {
			line.size -= line.at[line.size - 1] == '\r';
			return line;
		}
		*before += end + 1;
		received = *rest;
	}
	return (struct span){0};
}

/* What stands in the identification line and before it. */
static enum status
read_line(struct job *job, struct span line, struct span preface, struct ssh_hello *hello)
{
	struct span version = span_from(line, 4);
	size_t dash = span_find(version, "-", 1, 0);

	while (preface.size > 0 && strchr("\r\n ", preface.at[preface.size - 1]) != NULL)
		preface.size--;
	hello->banner = text_from_bytes(job, line.at, line.size, 4 * LINE_MAX_SIZE);
	hello->version =
	    text_from_bytes(job, version.at, dash == SIZE_MAX ? version.size : dash, NAME_MAX_SIZE);
	hello->preface =
	    preface.size == 0 ? NULL : text_from_bytes(job, preface.at, preface.size, 1000);
	return hello->banner == NULL || hello->version == NULL ||
		       (preface.size != 0 && hello->preface == NULL)
		   ? STATUS_LIMIT
		   : STATUS_OK;
}

bool
ssh_is_old(const struct ssh_hello *hello)
{
	return text_starts_with(hello->version, "1.") && strcmp(hello->version, "1.99") != 0;
}

enum status
ssh_read_message(
    struct job *job, struct span received, uint8_t *type, struct span *payload, size_t *used)
{
	struct reader reader = {.rest = received};
	uint32_t size = read_u32_be(&reader);
	uint8_t padding = read_u8(&reader);

	*used = 0;
	*type = read_u8(&reader);
	if (reader.overrun)
		return STATUS_OK;
	if (size > PACKET_MAX_SIZE || size < (uint32_t)padding + 2)
		return fail(job, STATUS_MALFORMED, "ssh: a packet of %u bytes, %u of padding", size,
		    padding);
	*payload = read_bytes(&reader, size - padding - 2);
	read_bytes(&reader, padding);
	if (!reader.overrun)
		*used = (size_t)size + 4;
	return STATUS_OK;
}

enum status
ssh_read_hello(
    struct job *job, struct span received, struct ssh_hello *hello, size_t *used, bool *whole)
{
	struct span rest = {0}, payload = {0};
	size_t before, packet;
	struct span line = find_line(received, &rest, &before);
	uint8_t type;

	*whole = false;
	*used = 0;
	if (line.at == NULL && received.size > (size_t)LINE_MAX_SIZE * LINES_MAX)
		return fail(job, STATUS_MALFORMED, "ssh: no identification line in %zu bytes",
		    received.size);
	if (line.at == NULL)
		return STATUS_OK;
	TRY(read_line(job, line, span_part(received, 0, before), hello));
	*used = received.size - rest.size;
	*whole = ssh_is_old(hello);
	if (*whole)
		return STATUS_OK;
	TRY(ssh_read_message(job, rest, &type, &payload, &packet));
	if (rest.size >= 6 && type != KEXINIT)
		return fail(job, STATUS_MALFORMED,
		    "ssh: the first packet is of type %u, wanted KEXINIT", type);
	*whole = packet != 0;
	*used += packet;
	return *whole ? ssh_read_kexinit(job, payload, hello) : STATUS_OK;
}
