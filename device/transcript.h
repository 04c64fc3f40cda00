/*
 * The talk with a unit as it was, one JSON line an event, above the
 * cryptography; and the same talk played again without a network.
 *
 * The first line tells what the prober knew before it spoke: address, state,
 * level, nonce, plan of passwords, scan.  Each further line is an event: its
 * exchange (the connection's number, 0 for what belongs to none), the port,
 * `at` in milliseconds since the talk began, bytes as "text" or "hex", and of a
 * failure the status and the reason.  Events that carry a password sent, or
 * another secret of ours, are marked "secret":true.
 */
#ifndef DEVICE_TRANSCRIPT_H
#define DEVICE_TRANSCRIPT_H

#include "device/target.h"

#define TRANSCRIPT_VERSION 1
#define TRANSCRIPT_MAX_SIZE ((size_t)64 << 20)
#define TRANSCRIPT_GUESSES_MAX 4096

struct event {
	int64_t exchange;
	uint16_t port;
	const char *name; /* connected, sent, received, silence, ended, failed, closed … */
	struct span bytes;
	bool secret;
	enum status status; /* of a failure; STATUS_OK elsewhere */
	const char *reason;
};

/*
 * Live: writes the event with the time, and moves the clock.  STATUS_UNAVAILABLE
 * when the transcript is full: what cannot be shown again is not evidence.
 */
enum status transcript_write(struct job *job, struct target *target, const struct event *event);

/*
 * Replayed: the next event of an exchange, and moves the clock.  An exchange
 * that is not there, or has ended, is a divergence.
 *
 * wanted  the event the probe asks for; NULL: whatever was received
 */
enum status transcript_next(struct job *job, struct target *target, int64_t exchange,
    const char *wanted, struct event *event);

/*
 * A unit that says these bytes whatever it is asked, for tests that damage and
 * fuzz: each receive takes a byte that says what happens (farewell, silence,
 * reset, or so many bytes), and then the bytes.
 */
enum status transcript_feed(struct job *job, struct target *target, struct span bytes);
bool transcript_is_fed(const struct target *target);

/* The transcript does not fit what the probe does; the first such reason stands. */
enum status transcript_diverged(struct job *job, struct target *target, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An event of exchange 0 without bytes: written, or read back and compared. */
enum status transcript_mark(struct job *job, struct target *target, const char *name);
/* The same with text that only a live talk knows: written, or read back into *text. */
enum status transcript_tell(
    struct job *job, struct target *target, const char *name, const char **text);

/* What stands in the first line, beside what is in the target. */
struct transcript_head {
	const char *state;
	const char *reach;
	const char *level;
	const char *only;    /* probes chosen; NULL: all */
	const char *program; /* version that wrote it */
	int64_t now;         /* Unix seconds */
};

/* The first line, of `target` and `head`. */
enum status transcript_write_head(
    struct job *job, struct target *target, const struct transcript_head *head);

/* Of replay_head.c, used by replay.c. */
enum status transcript_read_head(
    struct job *job, struct span line, struct target *target, struct transcript_head *head);
enum status transcript_bytes_of_hex(struct job *job, const char *hex, struct span *bytes);

/*
 * Reads a transcript, and fills in `target` and `head` from its first line.
 * STATUS_MALFORMED when it is none.  `bytes` must stay.
 */
enum status transcript_read(
    struct job *job, struct span bytes, struct target *target, struct transcript_head *head);

/* After a replay: why it does not fit; NULL when every event was used in its order. */
const char *transcript_difference(struct job *job, const struct target *target);

#endif
