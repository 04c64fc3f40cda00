/* What was said is evidence only when somebody can read it: the bytes of a talk, without our
 * secrets. */
#include "app/exchange.h"

#include <inttypes.h>
#include <string.h>

#include "assess/report_screen.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/message.h"
#include "device/transcript.h"

enum {
	MEMBERS_MAX = 24,
	ROW_BYTES = 16,    /* of a dump */
	TEXT_COLUMNS = 66, /* behind eleven columns of time */
	SECRET_MIN = 3,    /* a shorter password stands everywhere by chance */
};

struct showing {
	struct screen screen;
	struct json json;
	const struct exchange_view *view;
	struct exchange_talk talk;
	int64_t port;
};

/* "protocol, user, password, role" a line, with tabs between. */
static void
read_passwords(struct job *job, const char *lines, struct exchange_talk *talk)
{
	while (*lines != '\0' && talk->passwords.count < ARRAY_SIZE(talk->passwords.at)) {
		size_t size = strcspn(lines, "\n");
		const char *at = lines;

		for (int tabs = 0; tabs < 2 && at < lines + size; at++)
			tabs += *at == '\t';
		if (at < lines + size && strcspn(at, "\t\n") >= SECRET_MIN)
			talk->passwords.at[talk->passwords.count++] =
			    arena_string(job, at, strcspn(at, "\t\n"));
		lines += size + (lines[size] == '\n');
	}
}

enum status
exchange_read_head(struct job *job, struct span transcript, struct exchange_talk *talk)
{
	static const char start[] = "{\"transcript\":";
	struct json_member members[MEMBERS_MAX];
	struct span line;
	size_t count;

	memset(talk, 0, sizeof *talk);
	if (!span_starts_with(transcript, start, sizeof start - 1) ||
	    !span_next_line(&transcript, &line))
		return fail(job, STATUS_MALFORMED, "not a transcript of hopquy probe");
	TRY(json_read_flat(job, line, members, ARRAY_SIZE(members), &count));
	talk->address = json_find_string(members, count, "address");
	talk->state = json_find_string(members, count, "state");
	talk->reach = json_find_string(members, count, "reach");
	talk->level = json_find_string(members, count, "level");
	talk->began = json_find_integer(members, count, "now", 0);
	if (talk->address == NULL || talk->state == NULL || talk->reach == NULL ||
	    talk->level == NULL)
		return fail(job, STATUS_MALFORMED, "transcript: its first line lacks a member");
	if (json_find_string(members, count, "credentials") != NULL)
		read_passwords(job, json_find_string(members, count, "credentials"), talk);
	return STATUS_OK;
}

/* The next line of that exchange. */
static bool
next_event(struct job *job, struct span *rest, int64_t exchange, struct span *line)
{
	const char *start = arena_printf(job, "{\"exchange\":%" PRId64 ",", exchange);

	while (start != NULL && span_next_line(rest, line))
		if (span_starts_with(*line, start, strlen(start)))
			return true;
	return false;
}

int64_t
exchange_port(struct job *job, struct span transcript, int64_t exchange)
{
	struct json_member members[MEMBERS_MAX];
	struct span line;
	size_t count;

	if (exchange <= 0 || !next_event(job, &transcript, exchange, &line) ||
	    json_read_flat(job, line, members, ARRAY_SIZE(members), &count) != STATUS_OK)
		return -1;
	return json_find_integer(members, count, "port", 0);
}

/* What the laboratory knows is nobody else's business, where a unit says it back too. */
static void
mask(const struct exchange_talk *talk, struct span bytes, uint8_t *copy)
{
	memcpy(copy, bytes.at, bytes.size);
	for (size_t i = 0; i < talk->passwords.count; i++) {
		size_t size = strlen(talk->passwords.at[i]);
		uint8_t *at = copy, *end = copy + bytes.size;

		while ((at = memmem(at, (size_t)(end - at), talk->passwords.at[i], size)) != NULL)
			memset(at, '*', size);
	}
}

static void
put_text_line(struct screen *screen, const char *line)
{
	const char *clean = report_clean(screen->job, line), *at = clean;
	size_t column = 0;

	screen->out.failed |= clean == NULL;
	text_put(&screen->out, "           ");
	while (at != NULL && *at != '\0') {
		const char *start = at;
		const char *letter;
		size_t cells;

		report_next_character(&at);
		letter = arena_string(screen->job, start, (size_t)(at - start));
		cells = letter == NULL ? 0 : screen_cells(letter);
		if (column + cells > TEXT_COLUMNS) {
			text_put(&screen->out, "\n             ");
			column = 2;
		}
		column += cells;
		text_put(&screen->out, letter == NULL ? "" : letter);
	}
	text_put(&screen->out, "\n");
}

static void
put_text(struct screen *screen, const char *words)
{
	while (*words != '\0') {
		size_t size = strcspn(words, "\n");
		size_t shown = size - (size > 0 && words[size - 1] == '\r');
		const char *line = arena_string(screen->job, words, shown);

		put_text_line(screen, line == NULL ? "" : line);
		words += size + (words[size] == '\n');
	}
}

static void
put_dump(struct screen *screen, struct span bytes)
{
	for (size_t row = 0; row < bytes.size; row += ROW_BYTES) {
		size_t size = bytes.size - row < ROW_BYTES ? bytes.size - row : ROW_BYTES;

		text_printf(&screen->out, "   %06zx  ", row);
		for (size_t i = 0; i < ROW_BYTES; i++)
			text_printf(&screen->out, i < size ? "%02x " : "   ",
			    i < size ? (unsigned)bytes.at[row + i] : 0U);
		text_put(&screen->out, " ");
		for (size_t i = 0; i < size; i++) {
			uint8_t byte = bytes.at[row + i];

			text_printf(&screen->out, "%c", byte >= 0x20 && byte < 0x7f ? byte : '.');
		}
		text_put(&screen->out, "\n");
	}
}

struct said {
	const char *event, *reason;
	int64_t at;
	bool secret, is_text;
	struct span bytes;
};

static enum status
read_event(struct job *job, const struct showing *showing, struct span line, struct said *said)
{
	struct json_member members[MEMBERS_MAX];
	const char *hex, *text;
	uint8_t *copy;
	size_t count;

	TRY(json_read_flat(job, line, members, ARRAY_SIZE(members), &count));
	text = json_find_string(members, count, "text");
	hex = json_find_string(members, count, "hex");
	*said = (struct said){.event = json_find_string(members, count, "event"),
	    .reason = json_find_string(members, count, "reason"),
	    .at = json_find_integer(members, count, "at", 0),
	    .secret = json_find_integer(members, count, "secret", 0) != 0,
	    .is_text = text != NULL};
	if (said->event == NULL)
		return fail(job, STATUS_MALFORMED, "transcript: an event without a name");
	if (text != NULL)
		said->bytes = span_of_string(text);
	else if (hex != NULL)
		TRY(transcript_bytes_of_hex(job, hex, &said->bytes));
	copy = arena_allocate(job, said->bytes.size + 1);
	if (copy == NULL)
		return STATUS_LIMIT;
	if (said->bytes.size != 0 && !showing->view->secrets) {
		mask(&showing->talk, said->bytes, copy);
		said->bytes.at = copy;
	}
	return STATUS_OK;
}

static void
put_event(struct showing *showing, const struct said *said)
{
	struct screen *screen = &showing->screen;
	const char *arrow = strcmp(said->event, "sent") == 0       ? "→ "
			    : strcmp(said->event, "received") == 0 ? "← "
								   : "";
	bool hidden = said->secret && !showing->view->secrets;
	const char *words = arena_printf(screen->job, "%s%s%s%s%s%s", arrow,
	    screen_words(screen, said->event), said->bytes.size != 0 && !hidden ? ", " : "",
	    said->bytes.size != 0 && !hidden ? arena_printf(screen->job, "%zu %s", said->bytes.size,
						   screen_words(screen, "bytes"))
					     : "",
	    hidden ? arena_printf(screen->job, " (%s)",
			 screen_words(screen, "a secret of the laboratory; --secrets shows it"))
		   : "",
	    said->reason == NULL ? "" : ":");

	if (said->reason != NULL && words != NULL)
		words = arena_printf(screen->job, "%s %s", words,
		    report_translate(screen->job, screen->options->language, said->reason));
	text_printf(&screen->out, "%5" PRId64 ".%03" PRId64 "  ", said->at / 1000, said->at % 1000);
	screen_continue(screen, 11, 11, words);
	if (hidden || said->bytes.size == 0)
		return;
	if (said->is_text)
		put_text(screen,
		    arena_string(screen->job, (const char *)said->bytes.at, said->bytes.size));
	else
		put_dump(screen, said->bytes);
}

static void
put_event_json(struct showing *showing, const struct said *said)
{
	struct json *json = &showing->json;
	bool hidden = said->secret && !showing->view->secrets;

	json_open_object(json);
	json_member_string(json, "is", "event");
	json_member_integer(json, "at", said->at);
	json_member_string(json, "event", said->event);
	if (said->secret)
		json_member_boolean(json, "secret", true);
	if (said->bytes.size != 0 && !hidden && said->is_text)
		json_member_string(json, "text",
		    arena_string(
			showing->screen.job, (const char *)said->bytes.at, said->bytes.size));
	else if (said->bytes.size != 0 && !hidden)
		json_member_string(json, "hex", hex_of_bytes(showing->screen.job, said->bytes));
	if (said->reason != NULL)
		json_member_string(json, "reason", said->reason);
	json_close_object(json);
	json_newline(json);
}

/* The words of the options, as a reader takes them; others as they are. */
static const char *
words_of_option(const struct screen *screen, const char *word)
{
	static const char *const words[][2] = {{"local", "local: its own network"},
	    {"remote", "remote: outside its network"},
	    {"observe", "observe: it was only looked at"}, {"login", "login: passwords were tried"},
	    {"stress", "stress: it may have been locked or restarted"}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i][0]) == 0)
			return screen_words(screen, words[i][1]);
	return word;
}

static void
put_head(struct showing *showing)
{
	struct screen *screen = &showing->screen;
	const struct exchange_view *view = showing->view;
	const struct exchange_talk *talk = &showing->talk;
	char began[32];

	text_format_time(talk->began, began);
	screen_paragraph(screen, 0, 2, "",
	    arena_printf(screen->job, "%s %" PRId64 " — %s%s%s", screen_words(screen, "Exchange"),
		view->exchange, view->unit == NULL ? "" : view->unit, view->unit == NULL ? "" : " ",
		talk->address));
	screen_labelled(screen, 2, "state", screen_words(screen, talk->state));
	screen_labelled(screen, 2, "seen from", words_of_option(screen, talk->reach));
	screen_labelled(screen, 2, "level of probing", words_of_option(screen, talk->level));
	screen_labelled(screen, 2, "port",
	    arena_printf(screen->job, "%" PRId64 "%s%s%s", showing->port,
		view->service == NULL ? "" : " (", view->service == NULL ? "" : view->service,
		view->service == NULL ? "" : ")"));
	screen_labelled(screen, 2, "seconds since", began);
	text_put(&screen->out, "\n");
}

static void
put_head_json(struct showing *showing)
{
	struct json *json = &showing->json;

	json_open_object(json);
	json_member_string(json, "is", "exchange");
	json_member_integer(json, "exchange", showing->view->exchange);
	json_member_string(json, "unit", showing->view->unit);
	json_member_string(json, "address", showing->talk.address);
	json_member_string(json, "state", showing->talk.state);
	json_member_string(json, "reach", showing->talk.reach);
	json_member_string(json, "level", showing->talk.level);
	json_member_integer(json, "began", showing->talk.began);
	json_member_integer(json, "port", showing->port);
	json_member_string(json, "service", showing->view->service);
	json_close_object(json);
	json_newline(json);
}

enum status
exchange_print(
    struct job *job, struct span transcript, const struct exchange_view *view, const char **out)
{
	struct report_options options = {.language = view->language};
	struct showing showing = {.screen = {job, NULL, &options, false, text_new(job)},
	    .json = json_new(job),
	    .view = view};
	struct span rest = transcript, line;

	TRY(exchange_read_head(job, transcript, &showing.talk));
	showing.port = exchange_port(job, transcript, view->exchange);
	if (showing.port < 0)
		return fail(job, STATUS_USAGE, "the talk has no exchange %" PRId64, view->exchange);
	if (view->json)
		put_head_json(&showing);
	else
		put_head(&showing);
	while (next_event(job, &rest, view->exchange, &line)) {
		struct said said;

		TRY(read_event(job, &showing, line, &said));
		if (view->json)
			put_event_json(&showing, &said);
		else
			put_event(&showing, &said);
	}
	return view->json ? json_finish(&showing.json, out) : text_finish(&showing.screen.out, out);
}
