/* SSH, FTP and telnet speak first; TLS, HTTP and most others wait to be spoken to. */
#include "device/recognise.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/tls_hello.h"

#define EARLY_BANNER_PATIENCE_MS 50 /* before TLS is tried, which speaks only when spoken to */
#define BANNER_PATIENCE_MS 600
#define LATE_BANNER_PATIENCE_MS 4000 /* some look the caller's name up first */
#define STRANGERS_MAX                                                                              \
	12 /* ports that say nothing we know; further ones get the usual questions only */
#define FOLLOWUP_PATIENCE_MS 1500
#define WAVE_MAX 10       /* connections at once */
#define WAVE_LATER_MS 100 /* for each further answer of a wave */

struct question {
	const char *service;
	const char *ports; /* where it is asked first: numbers between blanks */
	int patience_ms;
	bool under_tls; /* it is asked there too */
	struct span request;
};

#define QUESTION(service, ports, patience, under_tls, request, source)                             \
	{service, ports, patience, under_tls, {(const uint8_t *)(request), sizeof(request) - 1}},
static const struct question questions[] = {
#include "device/tcp_questions.def"
};
#undef QUESTION

static bool
is_unknown(const struct recognition *recognition)
{
	return strcmp(recognition->service, "unknown") == 0;
}

/* Keeps the first words heard; of SSH the first line alone, since a packet follows. */
static enum status
keep_words(struct job *job, const struct channel *channel, struct span words,
    struct recognition *recognition)
{
	size_t size = words.size < BANNER_SIZE ? words.size : BANNER_SIZE;
	size_t line = span_find(words, "\n", 1, 0);

	if (strcmp(recognition->service, "ssh") == 0 && line < size)
		size = line;
	while (size > 0 && (words.at[size - 1] == '\r' || words.at[size - 1] == '\n'))
		size--;
	recognition->banner = text_from_bytes(job, words.at, size, 4 * BANNER_SIZE);
	recognition->exchange = channel->exchange;
	return recognition->banner == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Asks a service that has greeted whether it starts TLS. */
static enum status
follow_up(
    struct job *job, struct channel *channel, struct span greeting, struct recognition *recognition)
{
	const char *words = recognition->tls ? NULL : recognise_followup(recognition->service);
	uint8_t bytes[1024];
	size_t got = 0;

	if (words != NULL) {
		enum status status = channel_send(job, channel, span_of_string(words));

		if (status == STATUS_OK)
			status = channel_receive(
			    job, channel, bytes, sizeof bytes, FOLLOWUP_PATIENCE_MS, &got);
		if (fault_is_ours(status))
			return status;
	}
	if (!recognition->tls)
		recognition->starttls =
		    recognise_starttls(recognition->service, greeting, (struct span){bytes, got});
	return STATUS_OK;
}

/* To run a command is to use a log-in nobody gave us: a visitor only presses Enter. */
static struct span
words_of(const struct target *target, const struct question *question)
{
	if (strcmp(question->service, "shell") == 0 && target->granted < INTRUSION_LOGIN)
		return span_of_string("\n");
	return question->request;
}

/* Reads what the answer to a question (none: the greeting) over an open channel is. */
static enum status
hear(struct job *job, struct channel *channel, const struct question *question, int patience_ms,
    struct recognition *recognition)
{
	uint8_t bytes[1024];
	struct span words;
	size_t got = 0;
	enum status status = channel_receive(job, channel, bytes, sizeof bytes, patience_ms, &got);

	if (fault_is_ours(status))
		return status;
	if (got == 0)
		return STATUS_OK;
	words = (struct span){bytes, got};
	/* Said unasked it is no answer, whatever it looks like. */
	if (question != NULL)
		recognition->service = recognise_answer(question->service, words);
	if (question != NULL && !is_unknown(recognition) && !recognition->tls)
		recognition->starttls =
		    recognise_starttls(recognition->service, (struct span){0}, words);
	if (question != NULL && !is_unknown(recognition))
		return keep_words(job, channel, words, recognition);
	recognition->service = recognise_banner(words);
	if (recognition->banner == NULL || !is_unknown(recognition))
		TRY(keep_words(job, channel, words, recognition));
	return is_unknown(recognition) ? STATUS_OK : follow_up(job, channel, words, recognition);
}

/* Says a question (none: listens only) over an open channel, and reads what the answer is. */
static enum status
exchange(struct job *job, struct channel *channel, const struct question *question, int patience_ms,
    struct recognition *recognition)
{
	enum status status = STATUS_OK;

	recognition->talked = true;
	if (question != NULL)
		status = channel_send(job, channel, words_of(channel->target, question));
	if (status != STATUS_OK)
		return fault_is_ours(status) ? status : STATUS_OK;
	return hear(job, channel, question, patience_ms, recognition);
}

/* The same over a connection of its own. */
static enum status
attempt(struct job *job, struct target *target, uint16_t port, const struct question *question,
    int patience_ms, struct recognition *recognition)
{
	struct channel channel;
	struct tls_peer peer;
	enum status status = channel_open(job, target, port, &channel);

	if (status == STATUS_OK && recognition->tls)
		status = channel_start_tls(job, &channel, &peer);
	if (status == STATUS_OK)
		status = exchange(job, &channel, question, patience_ms, recognition);
	channel_hang_up(job, &channel);
	return fault_is_ours(status) ? status : STATUS_OK;
}

/* *silent: not a word came, to the hello or before it. */
static enum status
find_tls(struct job *job, struct target *target, uint16_t port, struct recognition *recognition,
    bool *silent)
{
	/* What nearly every server of the last twenty years has at least one of. */
	static const uint16_t usual[] = {0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0xc013,
	    0xc009, 0xc014, 0xc00a, 0x009c, 0x002f, 0x0035, 0x000a, 0x0005};
	/* Fixed lists: a table that grows elsewhere must not change what recorded talks sent. */
	static const uint16_t groups[] = {29, 23, 24, 25, 30};
	static const uint16_t schemes[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805,
	    0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201};
	struct tls_offer offer = {.version = TLS_1_2,
	    .suites = usual,
	    .count = ARRAY_SIZE(usual),
	    .groups = groups,
	    .group_count = ARRAY_SIZE(groups),
	    .schemes = schemes,
	    .scheme_count = ARRAY_SIZE(schemes)};
	struct arena_mark mark = arena_mark(job->arena);
	struct tls_answer answer = {0};
	int64_t number;
	enum status status = tls_ask(job, target, port, &offer, &answer, &number);

	if (status == STATUS_OK)
		recognition->talked = true;
	recognition->tls =
	    status == STATUS_OK && (answer.type == TLS_HELLO || answer.type == TLS_ALERT);
	if (status == STATUS_OK && answer.type == TLS_CLOSED) { /* SSL 2.0 knows no such hello */
		struct ssl2_answer old;

		status = ssl2_ask(job, target, port, NULL, &old, &number);
		recognition->tls = status == STATUS_OK && old.type == TLS_HELLO;
	}
	if (recognition->tls)
		recognition->exchange = number;
	*silent = status == STATUS_OK && answer.type == TLS_SILENT;
	arena_release(job->arena, mark);
	return fault_is_ours(status) ? status : STATUS_OK;
}

/* Is the port one of those where the question is asked first? */
static bool
is_likely(const struct question *question, uint16_t port)
{
	char word[8];

	snprintf(word, sizeof word, " %u ", port);
	return strstr(question->ports, word) != NULL;
}

/* One question after the other: those likely there, or all the others. */
static enum status
ask_in_turn(struct job *job, struct target *target, uint16_t port, bool likely,
    struct recognition *recognition)
{
	for (size_t i = 0; i < ARRAY_SIZE(questions) && is_unknown(recognition); i++) {
		const struct question *question = &questions[i];

		if (is_likely(question, port) != likely ||
		    (recognition->tls && !question->under_tls))
			continue;
		if (target_time_is_up(target))
			return STATUS_OK;
		TRY(attempt(job, target, port, question,
		    target_patience(target, question->patience_ms), recognition));
	}
	return STATUS_OK;
}

/* Some questions at once, each over a connection of its own; the last of all may only listen. */
struct wave {
	const struct question *questions[WAVE_MAX];
	struct channel channels[WAVE_MAX];
	bool said[WAVE_MAX];
	size_t count;
};

static enum status
say_all(struct job *job, struct target *target, uint16_t port, struct wave *wave)
{
	for (size_t i = 0; i < wave->count; i++) {
		enum status status = channel_open(job, target, port, &wave->channels[i]);

		if (status == STATUS_OK && wave->questions[i] != NULL)
			status = channel_send(
			    job, &wave->channels[i], words_of(target, wave->questions[i]));
		if (fault_is_ours(status))
			return status;
		wave->said[i] = status == STATUS_OK;
	}
	return STATUS_OK;
}

/* What the n-th of a wave is waited for, which was said some time ago. */
static int
patience_of(const struct target *target, const struct wave *wave, size_t n, int64_t began)
{
	int64_t left, most = 0;

	if (wave->questions[n] == NULL) {
		left = began + LATE_BANNER_PATIENCE_MS - target_now(target);
		return left < WAVE_LATER_MS ? WAVE_LATER_MS : (int)left;
	}
	for (size_t i = 0; i < wave->count; i++)
		if (wave->questions[i] != NULL && wave->questions[i]->patience_ms > most)
			most = wave->questions[i]->patience_ms;
	left = began + target_patience(target, (int)most) - target_now(target);
	/* A server that serves one at a time turns to it when the one before is hung up. */
	most = WAVE_LATER_MS + 2 * (target->slowest_ms < 500 ? target->slowest_ms : 500);
	return left < most ? (int)most : (int)left;
}

/*
 * In the order of the table, as if they were asked in turn: the first that is understood is
 * the service, and each is hung up before the next is heard.
 */
static enum status
run_wave(struct job *job, struct target *target, uint16_t port, struct wave *wave,
    struct recognition *recognition)
{
	enum status status = say_all(job, target, port, wave);
	int64_t began = target_now(target);

	for (size_t i = 0; i < wave->count; i++) {
		bool wanted = wave->questions[i] != NULL || recognition->banner == NULL;

		if (!fault_is_ours(status) && wave->said[i] && wanted && is_unknown(recognition)) {
			recognition->talked = true;
			status = hear(job, &wave->channels[i], wave->questions[i],
			    patience_of(target, wave, i, began), recognition);
		}
		channel_hang_up(job, &wave->channels[i]);
	}
	return fault_is_ours(status) ? status : STATUS_OK;
}

/*
 * A port without TLS that nothing likely fits: what is left, several at once,
 * since silence is what most of it is answered by.  Some greet late: they get
 * their time beside the first wave.
 */
static enum status
ask_at_once(struct job *job, struct target *target, uint16_t port, struct recognition *recognition)
{
	bool listened = false;

	for (size_t i = 0; i < ARRAY_SIZE(questions) && is_unknown(recognition);) {
		struct wave *wave = arena_allocate(job, sizeof *wave);

		if (wave == NULL)
			return STATUS_LIMIT;
		*wave = (struct wave){0};
		/* HTTP, the first of the table and the commonest, goes alone. */
		for (; i < ARRAY_SIZE(questions) && wave->count < (i <= 1 ? 1 : WAVE_MAX - 1); i++)
			if (!is_likely(&questions[i], port))
				wave->questions[wave->count++] = &questions[i];
		if (wave->count > 1 && !listened) {
			wave->questions[wave->count++] = NULL;
			listened = true;
		}
		if (target_time_is_up(target))
			return STATUS_OK;
		TRY(run_wave(job, target, port, wave, recognition));
	}
	return STATUS_OK;
}

/* An RTSP server that also takes its clients through HTTP (RTSP in tunnels) answers a page with an
 * error. */
static bool
may_be_tunnel(const struct recognition *recognition)
{
	const char *status = recognition->banner == NULL ? NULL : strchr(recognition->banner, ' ');

	return strcmp(recognition->service, "http") == 0 && status != NULL &&
	       (status[1] == '4' || status[1] == '5') && strncmp(status + 1, "401", 3) != 0;
}

static enum status
look_behind_tunnel(
    struct job *job, struct target *target, uint16_t port, struct recognition *recognition)
{
	struct recognition behind = {
	    .service = "unknown", .exchange = UNKNOWN, .tls = recognition->tls};

	for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
		if (strcmp(questions[i].service, "rtsp") == 0)
			TRY(attempt(
			    job, target, port, &questions[i], questions[i].patience_ms, &behind));
	/* An error in RTSP's own name is an echo of the question: some web servers write what was
	 * asked. */
	if (strcmp(behind.service, "rtsp") == 0 && behind.banner != NULL &&
	    (text_starts_with(behind.banner, "RTSP/1.0 200") ||
		text_starts_with(behind.banner, "RTSP/1.0 401")))
		*recognition = behind;
	return STATUS_OK;
}

/* A unit may have thousands of ports that only keep us waiting. */
static bool
is_crowd(const struct target *target)
{
	size_t strangers = 0;

	for (size_t i = 0; i < target->service_count; i++)
		strangers += strcmp(target->services[i].name, "unknown") == 0;
	return strangers >= STRANGERS_MAX;
}

enum status
recognise(struct job *job, struct target *target, uint16_t port, struct recognition *recognition)
{
	bool silent = false;

	*recognition = (struct recognition){.service = "unknown", .exchange = UNKNOWN};
	/* Most of what is silent at first speaks TLS; what does not gets its time to greet
	 * afterwards, unless it had that beside the hello. */
	TRY(attempt(job, target, port, NULL, EARLY_BANNER_PATIENCE_MS, recognition));
	if (recognition->banner != NULL)
		return STATUS_OK;
	TRY(find_tls(job, target, port, recognition, &silent));
	TRY(ask_in_turn(job, target, port, true, recognition));
	if (!recognition->tls && !silent && is_unknown(recognition) && recognition->banner == NULL)
		TRY(attempt(job, target, port, NULL, BANNER_PATIENCE_MS, recognition));
	if (!is_crowd(target) && recognition->tls)
		TRY(ask_in_turn(job, target, port, false, recognition));
	else if (!is_crowd(target))
		TRY(ask_at_once(job, target, port, recognition));
	if (may_be_tunnel(recognition))
		TRY(look_behind_tunnel(job, target, port, recognition));
	if (recognition->tls && strcmp(recognition->service, "http") == 0)
		recognition->service = "https";
	else if (recognition->tls && is_unknown(recognition))
		recognition->service = "tls";
	return STATUS_OK;
}
