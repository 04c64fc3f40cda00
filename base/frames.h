/*
 * Messages between our processes: u32 length (at most 1 MiB), u16 kind, payload.
 *
 * The receiver trusts nothing: length and kind are bounded here, every field
 * by the decoder of its kind.  Numbers are little-endian.
 */
#ifndef BASE_FRAMES_H
#define BASE_FRAMES_H

#include "base/job.h"
#include "base/span.h"
#include "base/text.h"

#define FRAME_MAX_SIZE ((size_t)1 << 20)

enum frame_kind {
	FRAME_FACT = 1, /* payload: fact_encode */
	FRAME_LISTING,  /* payload: one line of `unpack --list`, or one row of the tree */
	FRAME_CONTENT,  /* payload: u32 length of path, path, bytes: for `unpack -C` */
	FRAME_NOTE,     /* payload: progress for a person */
	FRAME_REQUEST,  /* prober asks the dialer for a connection; signer's request */
	FRAME_REPLY,    /* the answer to a request */
	FRAME_EVENT,    /* one event of a transcript */
	FRAME_PASSWORD, /* what a unit's password is about to become: see device/target.h */
	FRAME_DONE,     /* payload: u16 status, reason */
	FRAME_KIND_COUNT
};

/* Sends one frame whole; STATUS_IO when the peer is gone, STATUS_LIMIT when too large. */
enum status frame_send(struct job *job, int descriptor, enum frame_kind kind, struct span payload);
/*
 * Receives one frame; the payload lives in the arena.  `*ended` is set, and
 * nothing else, at an orderly end.  STATUS_MALFORMED for a bad length or kind
 * or a frame cut short; STATUS_LIMIT after `timeout_ms` (−1 = no limit).
 */
enum status frame_receive(struct job *job, int descriptor, int timeout_ms, enum frame_kind *kind,
    struct span *payload, bool *ended);

/* Little-endian writers into a text used as a byte buffer. */
void put_u8(struct text *out, uint8_t value);
void put_u16(struct text *out, uint16_t value);
void put_u32(struct text *out, uint32_t value);
void put_u64(struct text *out, uint64_t value);
/* A string as u32 length and bytes; NULL as length 0xffffffff. */
void put_string(struct text *out, const char *string);
/* The inverse: false on overrun or length over `limit`; *string NULL for NULL. Copies into the
 * arena. */
bool get_string(struct job *job, struct reader *reader, size_t limit, const char **string);

#endif
