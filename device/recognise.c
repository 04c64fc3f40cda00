/* SSH, FTP and telnet speak first; TLS, HTTP, RTSP and MQTT wait to be spoken to. */
#include "device/recognise.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/tls_hello.h"

#define BANNER_PATIENCE_MS 600
#define LATE_BANNER_PATIENCE_MS 5000 /* some look the caller's name up first */
#define ANSWER_PATIENCE_MS 3000
#define IAC 0xff

static const char http_request[] = "GET / HTTP/1.0\r\n\r\n";
static const char rtsp_request[] = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
/* MQTT 3.1.1 section 3.1: a clean session, no name, no password. */
static const char mqtt_request[] = "\x10\x12\x00\x04MQTT\x04\x02\x00\x05\x00\x06hopquy";

static bool
says(struct span words, const char *what)
{
	return span_find(words, what, strlen(what), 0) != SIZE_MAX;
}

const char *
recognise_banner(struct span banner)
{
	if (banner.size == 0)
		return "unknown";
	if (banner.at[0] == IAC || says(banner, "login:") || says(banner, "Login:") ||
	    says(banner, "sername:") || says(banner, "assword:"))
		return "telnet";
	if (span_starts_with(banner, "SSH-", 4))
		return "ssh";
	if (span_starts_with(banner, "RFB 00", 6))
		return "vnc";
	if (span_starts_with(banner, "220", 3))
		return says(banner, "SMTP") ? "smtp" : "ftp";
	if (span_starts_with(banner, "+OK", 3))
		return "pop3";
	if (span_starts_with(banner, "* OK", 4))
		return "imap";
	return "unknown";
}

const char *
recognise_answer(struct span answer)
{
	if (span_starts_with(answer, "HTTP/", 5))
		return "http";
	if (span_starts_with(answer, "RTSP/", 5))
		return "rtsp";
	if (answer.size == 4 && answer.at[0] == 0x20 && answer.at[1] == 2)
		return "mqtt";
	return "unknown";
}

/* A fault of ours ends the job; what the unit does only ends the attempt. */
static bool
is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO;
}

/* Says `request` (nothing when empty) over an open channel, keeps the first words of the answer. */
static enum status
exchange(struct job *job, struct channel *channel, struct span request, int patience_ms,
    struct recognition *recognition)
{
	uint8_t bytes[BANNER_SIZE];
	size_t got = 0;
	enum status status = STATUS_OK;

	recognition->talked = true;
	if (request.size != 0)
		status = channel_send(job, channel, request);
	if (status == STATUS_OK)
		status = channel_receive(job, channel, bytes, sizeof bytes, patience_ms, &got);
	if (is_ours(status))
		return status;
	if (got == 0)
		return STATUS_OK;
	/* Said unasked it is no answer, whatever it looks like. */
	if (request.size != 0)
		recognition->service = recognise_answer((struct span){bytes, got});
	if (request.size == 0 || strcmp(recognition->service, "unknown") == 0)
		recognition->service = recognise_banner((struct span){bytes, got});
	if (strcmp(recognition->service, "ssh") == 0) /* what follows the first line is a packet */
		got = span_find((struct span){bytes, got}, "\n", 1, 0) == SIZE_MAX
			  ? got
			  : span_find((struct span){bytes, got}, "\n", 1, 0);
	while (got > 0 && (bytes[got - 1] == '\r' || bytes[got - 1] == '\n'))
		got--;
	recognition->banner = text_from_bytes(job, bytes, got, 4 * BANNER_SIZE);
	recognition->exchange = channel->exchange;
	return recognition->banner == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* The same over a connection of its own. */
static enum status
attempt(struct job *job, struct target *target, uint16_t port, struct span request, int patience_ms,
    struct recognition *recognition)
{
	struct channel channel;
	struct tls_peer peer;
	enum status status = channel_open(job, target, port, &channel);

	if (status == STATUS_OK && recognition->tls)
		status = channel_start_tls(job, &channel, &peer);
	if (status == STATUS_OK)
		status = exchange(job, &channel, request, patience_ms, recognition);
	channel_hang_up(job, &channel);
	return is_ours(status) ? status : STATUS_OK;
}

static enum status
find_tls(struct job *job, struct target *target, uint16_t port, struct recognition *recognition)
{
	/* What nearly every server of the last twenty years has at least one of. */
	static const uint16_t usual[] = {0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0xc013,
	    0xc009, 0xc014, 0xc00a, 0x009c, 0x002f, 0x0035, 0x000a, 0x0005};
	struct tls_offer offer = {.version = TLS_1_2, .suites = usual, .count = ARRAY_SIZE(usual)};
	struct arena_mark mark = arena_mark(job->arena);
	struct tls_answer answer = {0};
	int64_t number;
	enum status status = tls_ask(job, target, port, &offer, &answer, &number);

	if (status == STATUS_OK)
		recognition->talked = true;
	recognition->tls =
	    status == STATUS_OK && (answer.type == TLS_HELLO || answer.type == TLS_ALERT);
	if (recognition->tls)
		recognition->exchange = number;
	arena_release(job->arena, mark);
	return is_ours(status) ? status : STATUS_OK;
}

static bool
is_unknown(const struct recognition *recognition)
{
	return strcmp(recognition->service, "unknown") == 0;
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
look_behind_tunnel(struct job *job, struct target *target, uint16_t port, struct span request,
    struct recognition *recognition)
{
	struct recognition behind = {
	    .service = "unknown", .exchange = UNKNOWN, .tls = recognition->tls};

	TRY(attempt(job, target, port, request, ANSWER_PATIENCE_MS, &behind));
	if (strcmp(behind.service, "rtsp") == 0)
		*recognition = behind;
	return STATUS_OK;
}

enum status
recognise(struct job *job, struct target *target, uint16_t port, struct recognition *recognition)
{
	const struct span requests[] = {
	    {(const uint8_t *)http_request, sizeof http_request - 1},
	    {(const uint8_t *)rtsp_request, sizeof rtsp_request - 1},
	    {(const uint8_t *)mqtt_request, sizeof mqtt_request - 1},
	};

	*recognition = (struct recognition){.service = "unknown", .exchange = UNKNOWN};
	TRY(attempt(job, target, port, (struct span){0}, BANNER_PATIENCE_MS, recognition));
	if (recognition->banner != NULL)
		return STATUS_OK;
	TRY(find_tls(job, target, port, recognition));
	for (size_t i = 0; i < ARRAY_SIZE(requests) && is_unknown(recognition); i++)
		TRY(attempt(job, target, port, requests[i], ANSWER_PATIENCE_MS, recognition));
	if (may_be_tunnel(recognition))
		TRY(look_behind_tunnel(job, target, port, requests[1], recognition));
	if (is_unknown(recognition) && !recognition->tls && recognition->banner == NULL)
		TRY(attempt(
		    job, target, port, (struct span){0}, LATE_BANNER_PATIENCE_MS, recognition));
	if (recognition->tls && strcmp(recognition->service, "http") == 0)
		recognition->service = "https";
	else if (recognition->tls && is_unknown(recognition))
		recognition->service = "tls";
	return STATUS_OK;
}
