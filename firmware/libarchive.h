/*
 * Archives that libarchive reads, from memory and with one format enabled.
 */
#ifndef FIRMWARE_LIBARCHIVE_H
#define FIRMWARE_LIBARCHIVE_H

#include "firmware/unpack.h"

enum libarchive_format {
	LIBARCHIVE_TAR,
	LIBARCHIVE_7ZIP,
	LIBARCHIVE_CAB,
	LIBARCHIVE_RAR,
	LIBARCHIVE_RAR5,
};

/* Adds all entries below `container`; what cannot be read is a finding. */
enum status libarchive_extract(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, enum libarchive_format format);

#endif
