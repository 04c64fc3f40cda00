/*
 * An SSH server as far as its first answer, which lies as a test tells it to.
 */
#ifndef TESTS_SUPPORT_SSH_SERVER_H
#define TESTS_SUPPORT_SSH_SERVER_H

#include "base/text.h"
#include "facts/evidence.h"

enum ssh_manner {
	SSH_HONEST,
	SSH_NO_BLOB,
	SSH_LONG_BLOB,
	SSH_FILLING,
	SSH_OTHER,
	SSH_FAREWELL,
	SSH_SILENT
};

struct ssh_server {
	struct job *own; /* the thread that serves has a job of its own */
	const char *banner;
	const char *kex;
	const char *host_keys;
	enum ssh_manner manner;
	struct span blob;
	unsigned smallest; /* prime it hands out */
	uint32_t asked[8][3];
	unsigned groups;
};

/* For a scripted unit, with a server as its context. */
void ssh_server_serve(void *context, int socket, unsigned number);

/* Big-endian numbers and strings, as SSH writes them. */
void ssh_put_u32(struct text *out, uint32_t value);
void ssh_put_string(struct text *out, const void *at, size_t size);

#endif
