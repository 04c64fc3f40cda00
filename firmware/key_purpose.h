/*
 * What a key is for, as far as its place tells.
 */
#ifndef FIRMWARE_KEY_PURPOSE_H
#define FIRMWARE_KEY_PURPOSE_H

#include <stdbool.h>

/* `local` is the file's path within its file system; NULL where its place tells nothing. */
const char *key_purpose(const char *local, const char *format, bool private);

#endif
