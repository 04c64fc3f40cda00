/*
 * Settings in groups, in the syntax of libconfig or in JSON, as update packages describe
 * themselves.
 *
 * Strings are given as they stand between their quotes; what is no such text
 * gives some tokens and an end.
 */
#ifndef FIRMWARE_SETTINGS_H
#define FIRMWARE_SETTINGS_H

#include "base/span.h"

struct settings {
	struct span rest;
	unsigned depth;         /* of open groups */
	struct span key, value; /* of the last value; elements of a list have one key */
	uint8_t sign;
};

enum settings_event {
	SETTINGS_END,
	SETTINGS_OPEN,  /* a group: `depth` is one more */
	SETTINGS_CLOSE, /* and one less */
	SETTINGS_KEY,   /* in `key` alone */
	SETTINGS_VALUE,
};

enum settings_event settings_next(struct settings *settings);

#endif
