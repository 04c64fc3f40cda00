/*
 * What a RAUC bundle ends in.
 */
#ifndef FIRMWARE_RAUC_BUNDLE_H
#define FIRMWARE_RAUC_BUNDLE_H

#include "firmware/cms.h"
#include "firmware/unpack.h"

enum rauc_format { RAUC_PLAIN, RAUC_VERITY, RAUC_CRYPT, RAUC_OTHER };

struct rauc {
	enum rauc_format format;
	struct span payload, hashes, message; /* parts of the bundle */
	struct cms cms;
	struct span manifest; /* when the message holds it */
	struct span compatible, version;
	bool verity_good; /* the payload's hash tree has the root the manifest says */
};

/* The message `at` ends in, before its size; empty when the size makes no sense. */
struct span rauc_message(struct span at);

/* Reads the end of `at`, which is to begin with its payload; false when it is no bundle's. */
bool rauc_read(struct job *job, struct span at, struct rauc *rauc);

#endif
