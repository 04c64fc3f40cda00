/* What a probe decides rests on nothing but the events, so the same events lead to the same facts.
 */
#include "device/transcript.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/frames.h"
#include "base/json.h"
#include "base/text.h"
#include "device/dialer.h"

/* Bytes as an auditor reads them: text where they are text, else hexadecimal. */
static void
write_bytes(struct job *job, struct json *json, struct span bytes)
{
	bool text = text_is_utf8((const char *)bytes.at, bytes.size) &&
		    memchr(bytes.at, 0, bytes.size) == NULL;

	if (text)
		json_member_string(
		    json, "text", arena_string(job, (const char *)bytes.at, bytes.size));
	else
		json_member_string(json, "hex", hex_of_bytes(job, bytes));
}

static enum status
send_line(struct job *job, struct target *target, struct json *json)
{
	struct transcript *transcript = &target->transcript;
	const char *line;

	TRY(json_finish(json, &line));
	transcript->size += strlen(line) + 1;
	return transcript->descriptor < 0
		   ? STATUS_OK
		   : frame_send(job, transcript->descriptor, FRAME_EVENT, span_of_string(line));
}

enum status
transcript_write(struct job *job, struct target *target, const struct event *event)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct json json = json_new(job);
	enum status status;

	target->clock = target_live_ms(target);
	if (target->transcript.descriptor < 0)
		return STATUS_OK;
	if (target->transcript.size >= TRANSCRIPT_MAX_SIZE)
		return fail(job, STATUS_UNAVAILABLE, "the transcript is full");
	json_open_object(&json);
	json_member_integer(&json, "exchange", event->exchange);
	json_member_integer(&json, "port", event->port);
	json_member_integer(&json, "at", target->clock);
	json_member_string(&json, "event", event->name);
	if (event->bytes.size != 0)
		write_bytes(job, &json, event->bytes);
	if (event->secret)
		json_member_boolean(&json, "secret", true);
	if (event->status != STATUS_OK) {
		json_member_integer(&json, "status", event->status);
		json_member_string(&json, "reason", event->reason);
	}
	json_close_object(&json);
	status = send_line(job, target, &json);
	arena_release(job->arena, mark);
	return status;
}

static enum status
write_guesses(struct job *job, struct json *json, const struct target *target)
{
	struct text out = text_new(job);
	const char *string;

	for (size_t i = 0; i < target->guess_count; i++)
		text_printf(&out, "%s\t%s\t%s\n", target->guesses[i].user,
		    target->guesses[i].password, target->guesses[i].origin);
	TRY(text_finish(&out, &string));
	json_member_string(json, "guesses", string);
	out = text_new(job);
	for (size_t i = 0; i < target->credential_count; i++)
		text_printf(&out, "%s\t%s\t%s\t%s\n",
		    target->credentials[i].protocol == NULL ? "" : target->credentials[i].protocol,
		    target->credentials[i].user, target->credentials[i].password,
		    target->credentials[i].role == NULL ? "" : target->credentials[i].role);
	TRY(text_finish(&out, &string));
	json_member_string(json, "credentials", string);
	return STATUS_OK;
}

enum status
transcript_write_head(struct job *job, struct target *target, const struct transcript_head *head)
{
	struct json json = json_new(job);
	struct text scan = text_new(job);

	scan_encode(&scan, &target->scan);
	if (scan.failed)
		return STATUS_LIMIT;
	json_open_object(&json);
	json_member_integer(&json, "transcript", TRANSCRIPT_VERSION);
	json_member_string(&json, "program", head->program);
	json_member_string(&json, "address", target->address);
	json_member_string(&json, "state", head->state == NULL ? "" : head->state);
	json_member_string(&json, "reach", head->reach == NULL ? "" : head->reach);
	json_member_string(&json, "level", head->level == NULL ? "" : head->level);
	json_member_string(&json, "only", head->only == NULL ? "" : head->only);
	json_member_integer(&json, "now", head->now);
	json_member_integer(&json, "sources", target->source_count);
	json_member_integer(&json, "limit", target->limit);
	json_member_integer(&json, "connections", target->connections);
	json_member_integer(&json, "guess_budget", target->guess_budget);
	json_member_integer(&json, "min_pairs", target->min_pairs);
	json_member_string(
	    &json, "nonce", hex_of_bytes(job, (struct span){target->nonce, TARGET_NONCE_SIZE}));
	json_member_string(
	    &json, "scan", hex_of_bytes(job, (struct span){(const uint8_t *)scan.at, scan.size}));
	TRY(write_guesses(job, &json, target));
	json_close_object(&json);
	return send_line(job, target, &json);
}

enum status
transcript_mark(struct job *job, struct target *target, const char *name)
{
	struct event event = {.name = name};

	if (target->transcript.replay == NULL)
		return transcript_write(job, target, &event);
	TRY(transcript_next(job, target, 0, name, &event));
	return strcmp(event.name, name) == 0
		   ? STATUS_OK
		   : transcript_diverged(
			 job, target, "\"%s\" where \"%s\" was recorded", name, event.name);
}

enum status
transcript_tell(struct job *job, struct target *target, const char *name, const char **text)
{
	struct event event = {.name = name};

	if (target->transcript.replay == NULL) {
		event.bytes = span_of_string(*text);
		return transcript_write(job, target, &event);
	}
	TRY(transcript_next(job, target, 0, name, &event));
	if (strcmp(event.name, name) != 0)
		return transcript_diverged(
		    job, target, "\"%s\" where \"%s\" was recorded", name, event.name);
	*text = text_from_bytes(job, event.bytes.at, event.bytes.size, 4000);
	return *text == NULL ? STATUS_LIMIT : STATUS_OK;
}
