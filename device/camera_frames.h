/*
 * JSON in frames over TCP, as two families of cameras speak it: DVRIP of
 * Xiongmai (port 34567) and DHIP of Dahua (port 37777).
 *
 * No vendor's device was at hand: the formats are those that public clients agree on.
 *
 * Source: python-dvr, DVRIP; DahuaConsole, DHIP.
 */
#ifndef DEVICE_CAMERA_FRAMES_H
#define DEVICE_CAMERA_FRAMES_H

#include "device/interfaces.h"

#define CAMERA_BODY_MAX ((size_t)16 << 10)

enum camera_framing { CAMERA_DVRIP, CAMERA_DHIP };

struct camera_frame {
	enum camera_framing kind;
	uint32_t session;
	uint32_t number; /* of the question; DHIP */
	uint16_t type;   /* what is asked or answered; DVRIP */
	struct span body;
};

/*
 * The frame that stands first.  *size is 0 while more is wanted.  False: there
 * is none, or one that is too large.
 */
bool camera_frame_read(
    enum camera_framing kind, struct span received, struct camera_frame *frame, size_t *size);
/* The bytes of a frame.  STATUS_LIMIT. */
enum status camera_frame_write(
    struct job *job, const struct camera_frame *frame, struct span *bytes);

/*
 * Asks, and reads until a frame of the answer's type (DVRIP) or any (DHIP) is
 * there.  *answer's body is in the arena.  Statuses as of channel_receive, and
 * STATUS_MALFORMED for what is no frame.
 */
enum status camera_frame_ask(struct job *job, struct channel *channel,
    const struct camera_frame *question, bool secret, struct camera_frame *answer);

/* Eight letters in place of a password, the same each time. NULL: out of memory. */
const char *dvrip_hash(struct job *job, const char *password);
/* The answer to a log-in; *session as it writes it. */
enum status dvrip_read(struct job *job, struct span body, enum interface_says *says,
    const char **class, const char **session);

/* The challenge of DHIP, which is that of RPC2. */
enum status dhip_begin(struct job *job, struct channel *channel, const char *user,
    struct rpc2_answer *challenge, struct camera_frame *answer);

#endif
