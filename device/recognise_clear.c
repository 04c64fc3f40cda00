/* One port can serve who says a TLS hello, who asks in clear, and who says nothing, each by another
 * program (sslh). */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/recognise.h"

#define ANSWER_PATIENCE_MS 2500
#define LATE_BANNER_PATIENCE_MS 4000 /* such a port waits two seconds or more for a hello */
#define WAVE_MAX 16                  /* ports listened to at once */
#define TLS_ALERT_RECORD 0x15
#define TLS_HANDSHAKE_RECORD 0x16

static const struct recognition nothing = {.service = "unknown", .exchange = UNKNOWN};

static bool
has(struct span words, const char *word)
{
	return span_find(words, word, strlen(word), 0) != SIZE_MAX;
}

static bool
begins(struct span words, const char *word)
{
	return words.size >= strlen(word) && memcmp(words.at, word, strlen(word)) == 0;
}

/* Many tell who speaks in clear to speak TLS: that is a courtesy, no second service. */
bool
recognise_only_tls(struct span words)
{
	static const char *const courtesies[] = {" 400", " 408", " 426"};
	size_t blank = span_find(words, " ", 1, 0);

	if (words.size >= 2 && words.at[1] == 3 &&
	    (words.at[0] == TLS_ALERT_RECORD || words.at[0] == TLS_HANDSHAKE_RECORD))
		return true;
	if (begins(words, "<"))
		return has(words, "400 Bad Request");
	if (!begins(words, "HTTP/") || blank == SIZE_MAX)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(courtesies); i++)
		if (begins(span_from(words, blank), courtesies[i]))
			return true;
	return false;
}

/* What comes over an open channel; `asked` as in recognise_answer, NULL: nothing was. */
static enum status
hear(struct job *job, struct channel *channel, const char *asked, int patience_ms,
    struct recognition *clear)
{
	uint8_t bytes[1024];
	struct span words;
	size_t got = 0;
	enum status status = channel_receive(job, channel, bytes, sizeof bytes, patience_ms, &got);

	if (fault_is_ours(status))
		return status;
	words = (struct span){bytes, got};
	if (got == 0 || recognise_only_tls(words))
		return STATUS_OK;
	if (asked != NULL)
		clear->service = recognise_answer(asked, words);
	if (strcmp(clear->service, "unknown") == 0)
		clear->service = recognise_banner(words);
	words.size = got < BANNER_SIZE ? got : BANNER_SIZE;
	while (words.size > 0 &&
	       (words.at[words.size - 1] == '\r' || words.at[words.size - 1] == '\n'))
		words.size--;
	clear->banner = text_from_bytes(job, words.at, words.size, 4 * BANNER_SIZE);
	clear->exchange = channel->exchange;
	return clear->banner == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
recognise_asking(struct job *job, struct target *target, uint16_t port, struct recognition *clear)
{
	const char *request = arena_printf(job,
	    strchr(target->address, ':') != NULL ? "GET / HTTP/1.0\r\nHost: [%s]\r\n\r\n"
						 : "GET / HTTP/1.0\r\nHost: %s\r\n\r\n",
	    target->address);
	struct channel channel;
	enum status status;

	*clear = nothing;
	if (request == NULL)
		return STATUS_LIMIT;
	status = channel_open(job, target, port, &channel);
	clear->talked = status == STATUS_OK;
	if (status == STATUS_OK)
		status = channel_send(job, &channel, span_of_string(request));
	if (status == STATUS_OK)
		status =
		    hear(job, &channel, "http", target_patience(target, ANSWER_PATIENCE_MS), clear);
	channel_hang_up(job, &channel);
	return fault_is_ours(status) ? status : STATUS_OK;
}

/* Some ports at once: what each waits for is the same silence. */
static enum status
listen_to(struct job *job, struct target *target, const uint16_t *ports, size_t count,
    struct recognition *clear)
{
	struct channel channels[WAVE_MAX];
	enum status status = STATUS_OK;
	int64_t until = target_now(target) + LATE_BANNER_PATIENCE_MS;

	for (size_t i = 0; i < count; i++) {
		clear[i] = nothing;
		channels[i] = (struct channel){.target = target, .descriptor = -1};
		if (fault_is_ours(status))
			continue;
		status = channel_open(job, target, ports[i], &channels[i]);
		clear[i].talked = status == STATUS_OK;
	}
	for (size_t i = 0; i < count; i++) {
		int64_t left = until - target_now(target);

		if (clear[i].talked && !fault_is_ours(status))
			status = hear(job, &channels[i], NULL, left < 0 ? 0 : (int)left, &clear[i]);
		channel_hang_up(job, &channels[i]);
	}
	return fault_is_ours(status) ? status : STATUS_OK;
}

enum status
recognise_listening(struct job *job, struct target *target, const uint16_t *ports, size_t count,
    struct recognition *clear)
{
	for (size_t i = 0; i < count; i += WAVE_MAX)
		TRY(listen_to(job, target, ports + i, count - i < WAVE_MAX ? count - i : WAVE_MAX,
		    clear + i));
	return STATUS_OK;
}
