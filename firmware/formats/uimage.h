/*
 * The header that uImages of one thing and of many begin with.
 */
#ifndef FIRMWARE_FORMATS_UIMAGE_H
#define FIRMWARE_FORMATS_UIMAGE_H

#include "firmware/format.h"

#define UIMAGE_HEADER_SIZE 64

enum { UIMAGE_MULTI = 4, UIMAGE_SCRIPT = 6 };
enum { UIMAGE_LZMA = 3 };

struct uimage {
	uint32_t header_crc, size, data_crc;
	uint8_t system, machine, type, compression;
	struct span name;
	/* judged */
	bool header_good, whole, data_good;
	struct span payload; /* as much as is there */
};

/* False where none is expected and none is. */
bool uimage_read(struct span at, bool expected, struct uimage *image);

/* Fills in what is common to both: the claim's bytes, detail and coverage. */
void uimage_claim(struct job *job, const struct uimage *image, struct claim *claim);

#endif
