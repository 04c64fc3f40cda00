/*
 * A checkpoint is the log's signed word on its size, root and time: short
 * enough to print, and enough to catch a log that was rewritten.
 *
 *     hopquy.vn/registry
 *     SIZE
 *     base64 of the root hash
 *     time YYYY-MM-DDThh:mm:ssZ
 *
 *     — hopquy.vn/registry base64 of key hash (4 bytes) and Ed25519 signature
 *
 * Source: C2SP signed-note and tlog-checkpoint.
 */
#ifndef CERT_CHECKPOINT_H
#define CERT_CHECKPOINT_H

#include "cert/key.h"

#define CHECKPOINT_MAX_SIZE 1024

struct checkpoint {
	const char *log; /* its name */
	uint64_t size;   /* events in it */
	struct digest root;
	int64_t time; /* Unix seconds */
};

/* The signed note; log_key is Ed25519. */
enum status checkpoint_write(struct job *job, const struct checkpoint *checkpoint,
    const struct key *log_key, const char **note);

/*
 * Reads and verifies a note of the log of that name and public key.
 *
 * STATUS_MALFORMED  no checkpoint, or not in its one spelling
 * STATUS_REFUSED    of another log, or not signed by it
 */
enum status checkpoint_read(struct job *job, struct span note, const char *log,
    const struct digest *log_key, struct checkpoint *checkpoint);

#endif
