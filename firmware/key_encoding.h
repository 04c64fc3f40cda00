/*
 * Keys and certificates in the encodings they are kept in.
 *
 * Every reader is given bytes that begin where the thing begins and may go on
 * behind it, and takes nothing on trust: a word or a prefix is no key, what
 * parses to its end and fits together is one.
 *
 * Source: RFC 7468, RFC 5958, RFC 7292, RFC 8017, RFC 5915, RFC 5280, OpenSSH
 * PROTOCOL.key, RFC 4253, dropbear signkey.c, PuTTY sshpubk.c, signify(1).
 */
#ifndef FIRMWARE_KEY_ENCODING_H
#define FIRMWARE_KEY_ENCODING_H

#include <openssl/types.h>

#include "base/job.h"
#include "base/span.h"

/* What was read; key_held_free lets go of it. */
struct held_key {
	EVP_PKEY *key;         /* NULL where its numbers cannot be had */
	X509 *certificate;     /* a certificate instead of a key */
	const char *algorithm; /* of a key whose numbers cannot be had; may be NULL */
	const char *format;
	bool private, encrypted;
	size_t size; /* bytes it takes from its beginning */
};

void key_held_free(struct held_key *held);

/* A DER value: a private or public key, PKCS #12, a certificate. */
bool key_read_der(struct span bytes, struct held_key *held);
/* The same, known to be what an RFC 7468 label and RFC 1421 headers say. */
bool key_read_labelled_der(
    const char *label, const char *header, struct span der, struct held_key *held);

/*
 * At "-----BEGIN ": also where the lines are cut off, escaped, or quoted as in
 * a program's source.  `held->size` is that of the block also where it holds
 * neither key nor certificate; 0 where there is no block.
 *
 * STATUS_LIMIT  out of budget
 */
enum status key_read_pem(struct job *job, struct span bytes, struct held_key *held, bool *found);

/*
 * The base64 of a DER value without a frame, as far as the value says it goes.
 *
 * STATUS_LIMIT  out of budget
 */
enum status key_read_base64(struct job *job, struct span bytes, struct held_key *held, bool *found);

/* The decoded body of an OPENSSH PRIVATE KEY. */
bool key_read_openssh(struct span blob, struct held_key *held);
/* At the length of the type's name: a host key of dropbear, the private number behind the public.
 */
bool key_read_dropbear(struct span bytes, struct held_key *held);
/* At the type of a line of authorized_keys: "ssh-rsa AAAA…". */
bool key_read_ssh_line(struct span bytes, struct held_key *held);
/* At "PuTTY-User-Key-File-". */
bool key_read_putty(struct span bytes, struct held_key *held);
/* At "untrusted comment: " of signify, usign and minisign. */
bool key_read_signify(struct span bytes, struct held_key *held);

/* Bytes that base64 text stands for; 0 when it is none or does not fit. */
size_t key_from_base64(struct span text, uint8_t *bytes, size_t room);

#endif
