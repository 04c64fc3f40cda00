/*
 * Base64 of bytes (RFC 4648, section 4), as signatures and keys are written in text.
 */
#ifndef FIRMWARE_BASE64_H
#define FIRMWARE_BASE64_H

#include "base/span.h"

/* Decodes all of `text`, line ends skipped; 0 when it is none or does not fit into `room` bytes. */
size_t base64_decode(struct span text, uint8_t *out, size_t room);

#endif
