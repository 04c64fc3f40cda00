/* A name may go on elsewhere in the message, but only further back: so it ends. */
#include "device/dns_message.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define NAME_SIZE_MAX 255
#define LABEL_SIZE_MAX 63
#define RECORDS_READ 512
#define QUESTIONS_READ 64
#define CLASS_IN_UNICAST 0x8001 /* RFC 6762 section 5.4: answer the asker alone */

enum status
dns_make_question(
    struct job *job, uint16_t id, const char *name, uint16_t type, struct span *question)
{
	const uint8_t head[12] = {(uint8_t)(id >> 8), (uint8_t)id, 0, 0, 0, 1};
	const uint8_t tail[5] = {
	    0, (uint8_t)(type >> 8), (uint8_t)type, CLASS_IN_UNICAST >> 8, CLASS_IN_UNICAST & 0xff};
	struct text out = text_new(job);

	text_put_bytes(&out, head, sizeof head);
	for (const char *at = name; *at != '\0';) {
		struct text label = text_new(job);
		uint8_t size;

		/* dns_read's own escapes are undone. */
		for (; *at != '\0' && *at != '.'; at++) {
			if (*at == '\\' && at[1] != '\0')
				at++;
			text_put_bytes(&label, at, 1);
		}
		if (label.failed || label.size > LABEL_SIZE_MAX)
			return fail(job, STATUS_LIMIT, "dns: a label of more than 63 bytes");
		size = (uint8_t)label.size;
		text_put_bytes(&out, &size, 1);
		if (size > 0)
			text_put_bytes(&out, label.at, size);
		at += *at == '.';
	}
	text_put_bytes(&out, tail, sizeof tail);
	*question = (struct span){(const uint8_t *)out.at, out.size};
	return out.failed ? STATUS_LIMIT : STATUS_OK;
}

static bool
put_label(struct text *out, struct reader *reader, size_t size, size_t *whole)
{
	struct span label = read_bytes(reader, size);

	*whole += size + 1;
	if (reader->overrun || *whole > NAME_SIZE_MAX)
		return false;
	if (out->size > 0)
		text_put(out, ".");
	for (size_t i = 0; i < label.size; i++) {
		if (label.at[i] == '.' || label.at[i] == '\\')
			text_put(out, "\\");
		text_put_bytes(out, &label.at[i], 1);
	}
	return true;
}

/* RFC 1035 section 4.1.4.  Each pointer must lead further back than the one before. */
static bool
put_name(struct text *out, struct span message, struct reader *reader)
{
	struct reader part = *reader;
	size_t limit = message.size - reader->rest.size, whole = 0;
	bool jumped = false;

	while (!part.overrun) {
		uint8_t size = read_u8(&part);

		if ((size & 0xc0) == 0xc0) {
			size_t to = (size_t)(size & 0x3f) << 8 | read_u8(&part);

			if (!jumped)
				*reader = part;
			jumped = true;
			if (part.overrun || to >= limit)
				return false;
			limit = to;
			part = (struct reader){.rest = span_from(message, to)};
			continue;
		}
		if ((size & 0xc0) != 0 || part.overrun)
			return false;
		if (size == 0) {
			if (!jumped)
				*reader = part;
			return true;
		}
		if (!put_label(out, &part, size, &whole))
			return false;
	}
	return false;
}

static enum status
cut_short(struct job *job)
{
	return fail(job, STATUS_MALFORMED, "dns: a message that is cut short, or points in a ring");
}

static enum status
read_name(struct job *job, struct span message, struct reader *reader, const char **name)
{
	struct text out = text_new(job);
	char *words;

	if (!put_name(&out, message, reader))
		return out.failed ? STATUS_LIMIT : cut_short(job);
	if (out.failed)
		return STATUS_LIMIT;
	/* Words as they are, bytes that are none escaped. */
	if (out.size == 0 || (text_is_utf8(out.at, out.size) && strlen(out.at) == out.size)) {
		*name = out.size == 0 ? "" : out.at;
		return STATUS_OK;
	}
	words = text_from_bytes(job, out.at, out.size, 4 * NAME_SIZE_MAX);
	*name = words;
	return words == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* RFC 1035 section 3.3.14: strings, each behind its length. */
static enum status
read_strings(struct job *job, struct span data, struct dns_record *record)
{
	struct reader reader = {.rest = data};

	while (reader.rest.size > 0 && record->string_count < DNS_STRINGS_MAX) {
		struct span string = read_bytes(&reader, read_u8(&reader));
		const char *words;

		if (reader.overrun)
			return cut_short(job);
		if (string.size == 0)
			continue;
		words = text_from_bytes(job, string.at, string.size, 400);
		if (words == NULL)
			return STATUS_LIMIT;
		record->strings[record->string_count++] = words;
	}
	return STATUS_OK;
}

static enum status
read_data(struct job *job, struct span message, struct reader data, size_t size,
    struct dns_record *record)
{
	struct span bytes = span_part(data.rest, 0, size);

	if (record->type == DNS_TYPE_TXT)
		return read_strings(job, bytes, record);
	if (record->type == DNS_TYPE_SRV) {
		read_bytes(&data, 4); /* priority, weight */
		record->port = read_u16_be(&data);
		if (size < 7)
			return cut_short(job);
	}
	if (record->type == DNS_TYPE_SRV || record->type == DNS_TYPE_PTR)
		return read_name(job, message, &data, &record->target);
	return STATUS_OK;
}

static enum status
read_record(struct job *job, struct span message, struct reader *reader, struct dns_record *record)
{
	uint16_t size;

	*record = (struct dns_record){0};
	TRY(read_name(job, message, reader, &record->name));
	record->type = read_u16_be(reader);
	read_bytes(reader, 6); /* class, time to live */
	size = read_u16_be(reader);
	if (reader->overrun || size > reader->rest.size)
		return cut_short(job);
	TRY(read_data(job, message, *reader, size, record));
	read_bytes(reader, size);
	return STATUS_OK;
}

enum status
dns_read(struct job *job, struct span bytes, struct dns_message *message)
{
	struct reader reader = {.rest = bytes};
	struct dns_record spare;
	uint32_t questions, records;
	uint16_t flags;

	message->count = 0;
	read_u16_be(&reader);
	flags = read_u16_be(&reader);
	questions = read_u16_be(&reader);
	records = read_u16_be(&reader);
	records += read_u16_be(&reader);
	records += read_u16_be(&reader);
	if (reader.overrun || (flags & 0x8000) == 0)
		return fail(job, STATUS_MALFORMED, "dns: no response");
	if (questions > QUESTIONS_READ || records > RECORDS_READ)
		return fail(job, STATUS_MALFORMED, "dns: more records than are read");
	for (uint32_t i = 0; i < questions; i++) {
		const char *name;

		TRY(read_name(job, bytes, &reader, &name));
		read_bytes(&reader, 4);
	}
	for (uint32_t i = 0; i < records; i++) {
		bool keep = message->count < DNS_RECORDS_MAX;

		TRY(read_record(
		    job, bytes, &reader, keep ? &message->records[message->count] : &spare));
		message->count += keep;
	}
	return STATUS_OK;
}
