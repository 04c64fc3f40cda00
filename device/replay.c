/* A recorded talk is played again: the same outcomes, in the same order, or it does not fit. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/text.h"
#include "device/dialer.h"
#include "device/transcript.h"

#define MEMBERS_MAX 24

/* ---- reading ---- */

/* A line that is not looked at before its exchange is. */
struct line {
	struct span text;
	size_t next; /* line of the same exchange; 0: none, for line 0 is the head */
};

struct place {
	int64_t exchange;
	size_t next; /* line to be read next; 0: all are read */
	size_t last;
};

struct replay {
	struct line *lines;
	size_t line_count;
	struct place *places; /* by exchange, ascending */
	size_t place_count;
	const char *difference; /* NULL, or in `words`: a probe lets go of what it allocates */
	char words[512];
	bool fed; /* there are no lines: what is said is taken from `feed` */
	struct span feed;
};

/* "{"exchange":N," begins every event, so that a line need not be parsed to know where it belongs.
 */
static bool
exchange_of(struct span line, int64_t *exchange)
{
	static const char start[] = "{\"exchange\":";
	const size_t size = sizeof start - 1;
	int64_t value = 0;
	size_t i;

	if (!span_starts_with(line, start, size))
		return false;
	for (i = size; i < line.size && i < size + 9 && line.at[i] >= '0' && line.at[i] <= '9'; i++)
		value = value * 10 + (line.at[i] - '0');
	*exchange = value;
	return i > size && i < line.size && line.at[i] == ',';
}

static struct place *
place_of(const struct replay *replay, int64_t exchange)
{
	size_t from = 0, to = replay->place_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (replay->places[middle].exchange == exchange)
			return &replay->places[middle];
		if (replay->places[middle].exchange < exchange)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* Exchanges begin in ascending order, exchange 0 being the first of all. */
static enum status
index_line(struct job *job, struct replay *replay, size_t number)
{
	struct place *place;
	int64_t exchange;

	if (!exchange_of(replay->lines[number].text, &exchange))
		return fail(job, STATUS_MALFORMED, "transcript: line %zu is no event", number + 1);
	place = place_of(replay, exchange);
	if (place == NULL) {
		if (exchange < replay->places[replay->place_count - 1].exchange)
			return fail(job, STATUS_MALFORMED,
			    "transcript: line %zu: exchange %lld begins late", number + 1,
			    (long long)exchange);
		place = &replay->places[replay->place_count++];
		*place = (struct place){.exchange = exchange};
	}
	if (place->last != 0)
		replay->lines[place->last].next = number;
	if (place->next == 0)
		place->next = number;
	place->last = number;
	return STATUS_OK;
}

static enum status
index_lines(struct job *job, struct span bytes, struct replay *replay)
{
	struct span rest = bytes, line;
	size_t count = 0;

	while (span_next_line(&rest, &line))
		count++;
	replay->lines = arena_array(job, count, sizeof *replay->lines);
	replay->places = arena_array(job, count + 1, sizeof *replay->places);
	if (replay->lines == NULL || replay->places == NULL)
		return STATUS_LIMIT;
	replay->place_count = 1; /* exchange 0 */
	for (rest = bytes; span_next_line(&rest, &line); replay->line_count++) {
		replay->lines[replay->line_count].text = line;
		if (replay->line_count > 0)
			TRY(index_line(job, replay, replay->line_count));
	}
	return STATUS_OK;
}

enum status
transcript_read(
    struct job *job, struct span bytes, struct target *target, struct transcript_head *head)
{
	struct replay *replay = arena_allocate(job, sizeof *replay);

	if (replay == NULL)
		return STATUS_LIMIT;
	TRY(index_lines(job, bytes, replay));
	if (replay->line_count == 0)
		return fail(job, STATUS_MALFORMED, "transcript: empty");
	TRY(transcript_read_head(job, replay->lines[0].text, target, head));
	target->dial = -1;
	target->transcript = (struct transcript){.descriptor = -1, .replay = replay};
	return STATUS_OK;
}

/* ---- playing again ---- */

enum status
transcript_diverged(struct job *job, struct target *target, const char *format, ...)
{
	struct replay *replay = target->transcript.replay;
	char words[sizeof replay->words];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	if (replay->difference == NULL) {
		const char *shown = text_from_bytes(job, words, strlen(words), 400);

		snprintf(replay->words, sizeof replay->words, "%s", shown == NULL ? "" : shown);
		replay->difference = replay->words;
	}
	return fail(job, STATUS_UNAVAILABLE, "transcript: %s", words);
}

static enum status
read_event(struct job *job, struct span line, struct target *target, struct event *event)
{
	struct json_member members[MEMBERS_MAX];
	const char *text, *hex;
	int64_t status;
	size_t count;

	TRY(json_read_flat(job, line, members, MEMBERS_MAX, &count));
	*event = (struct event){.exchange = json_find_integer(members, count, "exchange", -1),
	    .port = (uint16_t)json_find_integer(members, count, "port", 0),
	    .name = json_find_string(members, count, "event"),
	    .reason = json_find_string(members, count, "reason")};
	status = json_find_integer(members, count, "status", STATUS_OK);
	if (event->name == NULL ||
	    (status != STATUS_OK && (status != STATUS_UNAVAILABLE && status != STATUS_UNDECIDED &&
					status != STATUS_MALFORMED)))
		return fail(job, STATUS_MALFORMED, "transcript: an event that makes no sense");
	event->status = (enum status)status;
	text = json_find_string(members, count, "text");
	hex = json_find_string(members, count, "hex");
	if (text != NULL)
		event->bytes = span_of_string(text);
	else if (hex != NULL)
		TRY(transcript_bytes_of_hex(job, hex, &event->bytes));
	target->clock = json_find_integer(members, count, "at", target->clock);
	return STATUS_OK;
}

enum status
transcript_feed(struct job *job, struct target *target, struct span bytes)
{
	struct replay *replay = arena_allocate(job, sizeof *replay);

	if (replay == NULL)
		return STATUS_LIMIT;
	*replay = (struct replay){.fed = true, .feed = bytes};
	target->dial = -1;
	target->transcript = (struct transcript){.descriptor = -1, .replay = replay};
	return STATUS_OK;
}

bool
transcript_is_fed(const struct target *target)
{
	return target->transcript.replay != NULL && target->transcript.replay->fed;
}

/* An event made of fed bytes; the clock goes on, so that every probe comes to its end. */
static enum status
feed_event(struct target *target, int64_t exchange, const char *wanted, struct event *event)
{
	struct reader reader = {.rest = target->transcript.replay->feed};
	uint8_t how = reader.rest.size == 0 ? 0 : read_u8(&reader);

	target->clock += 5;
	*event = (struct event){.exchange = exchange, .name = wanted == NULL ? "ended" : wanted};
	if (wanted != NULL && strncmp(wanted, "ssh", 3) != 0 && strcmp(wanted, "tls") != 0)
		return STATUS_OK;
	if (how == 1 || how == 2) {
		event->status = how == 1 ? STATUS_UNDECIDED : STATUS_UNAVAILABLE;
		event->reason = how == 1 ? "silence" : "reset";
		target->clock += 1000;
	} else if (how != 0) {
		size_t size = how < 128 ? how : (size_t)(how - 127) * 32;

		event->bytes =
		    read_bytes(&reader, size < reader.rest.size ? size : reader.rest.size);
		if (wanted == NULL && event->bytes.size != 0)
			event->name = "received";
	}
	target->transcript.replay->feed = reader.rest;
	return STATUS_OK;
}

enum status
transcript_next(struct job *job, struct target *target, int64_t exchange, const char *wanted,
    struct event *event)
{
	struct replay *replay = target->transcript.replay;
	struct place *place = replay->fed ? NULL : place_of(replay, exchange);
	size_t number;

	if (replay->fed)
		return feed_event(target, exchange, wanted, event);

	if (place == NULL || place->next == 0)
		return transcript_diverged(
		    job, target, "exchange %lld has no more events", (long long)exchange);
	number = place->next;
	place->next = replay->lines[number].next;
	if (read_event(job, replay->lines[number].text, target, event) == STATUS_OK)
		return STATUS_OK;
	return transcript_diverged(
	    job, target, "line %zu: %s", number + 1, arena_copy_string(job, job->reason));
}

const char *
transcript_difference(struct job *job, const struct target *target)
{
	const struct replay *replay = target->transcript.replay;

	if (replay == NULL || replay->difference != NULL)
		return replay == NULL ? NULL : replay->difference;
	for (size_t i = 0; i < replay->place_count; i++)
		if (replay->places[i].next != 0)
			return arena_printf(job, "exchange %lld was recorded and not asked for",
			    (long long)replay->places[i].exchange);
	return NULL;
}
