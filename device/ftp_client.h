/*
 * FTP as far as a visitor goes: questions, answers, one list of files.
 *
 * Source: RFC 959, RFC 1635 (anonymous), RFC 2389 (FEAT), RFC 2428 (EPSV),
 * RFC 4217 (TLS).
 */
#ifndef DEVICE_FTP_CLIENT_H
#define DEVICE_FTP_CLIENT_H

#include "device/channel.h"

#define FTP_REPLY_MAX_SIZE ((size_t)16 << 10)
#define FTP_LIST_MAX_SIZE ((size_t)16 << 10)

struct ftp_reply {
	int code;          /* 100 to 599 */
	const char *text;  /* all its lines, without codes, as text */
	struct span words; /* the reply as it came */
};

/*
 * Reads one reply at the beginning of `received`; *used 0 while more is needed.
 * STATUS_MALFORMED when it is none, or has more than FTP_REPLY_MAX_SIZE bytes.
 */
enum status ftp_read_reply(
    struct job *job, struct span received, struct ftp_reply *reply, size_t *used);

/* The port a reply to EPSV or PASV names, whatever address stands beside it; 0: none. */
uint16_t ftp_data_port(const struct ftp_reply *reply);

struct ftp {
	struct channel channel;
	uint8_t *bytes;
	size_t size;
	size_t used;
};

/*
 * Connects, with TLS from the first byte when `tls`, and reads the welcome.
 * ftp_end also after a failure.
 */
enum status ftp_begin(struct job *job, struct target *target, uint16_t port, bool tls,
    struct ftp *ftp, struct ftp_reply *welcome);
/*
 * Sends VERB, with its argument where it is not NULL, and reads the reply.  An
 * argument with a line end is not sent: STATUS_UNDECIDED.  One of PASS is kept
 * out of the transcript as a secret unless it is `anonymous`.
 */
enum status ftp_ask(struct job *job, struct ftp *ftp, const char *verb, const char *argument,
    struct ftp_reply *reply);
/* The next reply, unasked. */
enum status ftp_hear(struct job *job, struct ftp *ftp, struct ftp_reply *reply);
/* AUTH TLS and the handshake; *secured false when it is not offered. */
enum status ftp_secure(struct job *job, struct ftp *ftp, bool *secured);
/* LIST over a passive connection; *listed false, with the refusal's words, when it gives none. */
enum status ftp_list(struct job *job, struct ftp *ftp, bool *listed, const char **words);
void ftp_end(struct job *job, struct ftp *ftp);

#endif
