/*
 * What the ways to pack a Linux kernel have in common.
 */
#ifndef FIRMWARE_KERNEL_H
#define FIRMWARE_KERNEL_H

#include "firmware/unpack.h"

/* "Linux version 6.1.0 …" as it stands in an uncompressed kernel, cut to a line; NULL: not there.
 */
const char *kernel_banner(struct job *job, struct span kernel);

/* Adds a part of the kernel as a file; nothing when it is empty. */
enum status kernel_add(
    struct unpack *unpack, struct node *container, const char *name, struct span content);

/* "gzip" and so on by the first bytes; "unknown" when they tell nothing. */
const char *kernel_compression(struct span payload);

/*
 * All compressors but gzip have the kernel's size put behind what they wrote;
 * without it.
 */
struct span kernel_without_size(struct span payload);

/* Where the sections of a PE file end; 0 when it is none. */
uint64_t kernel_pe_end(struct span at);

#endif
