/*
 * Hashes by the names that headers of firmware call them.
 */
#ifndef FIRMWARE_HASHES_H
#define FIRMWARE_HASHES_H

#include "base/span.h"

enum hash_verdict { HASH_GOOD, HASH_BAD, HASH_UNKNOWN /* no such algorithm here */ };

/* Is `said` the hash of `bytes`?  crc32 (big-endian), md5, sha1, sha224, sha256, sha384, sha512. */
enum hash_verdict hash_check(struct span algorithm, struct span bytes, struct span said);

#endif
