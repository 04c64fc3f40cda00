/*
 * Public keys as SSH writes them: the body of ssh-rsa lines, of OpenSSH private
 * key files and of dropbear's host keys.
 *
 * Source: RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4.
 */
#ifndef FIRMWARE_SSH_BLOB_H
#define FIRMWARE_SSH_BLOB_H

#include <openssl/types.h>

#include "base/span.h"

/* A string behind its u32 length. */
struct span ssh_blob_read_string(struct reader *reader);

/* The key at the reader, which is left behind it; the caller frees it.  NULL when there is none. */
EVP_PKEY *ssh_blob_read_key(struct reader *reader);

#endif
