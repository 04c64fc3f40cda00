/*
 * dm-verity hash trees, checked against the data they speak of.
 *
 * Source: Linux Documentation/admin-guide/device-mapper/verity.rst, hash type 1.
 */
#ifndef FIRMWARE_VERITY_H
#define FIRMWARE_VERITY_H

#include "base/span.h"

#define VERITY_BLOCK ((size_t)4096)

/*
 * Are `data` those whose tree of SHA-256 hashes, `hashes` without a superblock,
 * has this root?  Data and hash blocks are of VERITY_BLOCK bytes.
 */
bool verity_is_good(struct span data, struct span hashes, struct span salt, struct span root);

#endif
