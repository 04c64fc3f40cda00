/*
 * The key exchanges of SSH that can be begun here, and what a client sends first.
 *
 * Source: RFC 4253 section 8, RFC 4419, RFC 4432, RFC 5656, RFC 8731, RFC 8268;
 * draft-ietf-sshm-ntruprime-ssh, draft-ietf-sshm-mlkem-hybrid-kex.
 */
#ifndef DEVICE_SSH_KEXES_H
#define DEVICE_SSH_KEXES_H

#include "device/ssh_client.h"

#define SSH_NUMBER_SIZE 32
#define SSH_PUBLIC_KEY_MAX 1216

enum ssh_kex_way {
	KEX_WAY_RANDOM, /* any bytes are a public key */
	KEX_WAY_POINT,
	KEX_WAY_MLKEM,
	KEX_WAY_NUMBER, /* of a group both know */
	KEX_WAY_GROUP,  /* of a group the server is asked for */
	KEX_WAY_RSA     /* the server speaks first */
};

struct ssh_kex {
	const char *name;
	enum ssh_kex_way way;
	size_t size; /* of the client's public key */
	const uint8_t *point;
};

/* NULL for one that is not known here. */
const struct ssh_kex *ssh_find_kex(const char *name);
/* The one of a list that costs the unit least; NULL. */
const struct ssh_kex *ssh_choose_kex(const struct ssh_list *offered);

#endif
