/*
 * What the parts of the UEFI volume reader share: names of GUIDs, and sections.
 *
 * Source: UEFI Platform Initialization 1.8, volume 3.
 */
#ifndef FIRMWARE_UEFI_H
#define FIRMWARE_UEFI_H

#include "firmware/extents.h"

#define GUID_SIZE 16u

/* "8c8ce578-8a3d-4f1c-9935-896185c32dd3" of 16 bytes, in the arena; NULL when out of budget. */
const char *uefi_guid_text(struct job *job, struct span guid);

/* Does it read "8c8ce578-8a3d-…"? */
bool uefi_guid_is(struct span guid, const char *text);

/* UCS-2 up to its NUL, as a file may be called: what is not printable ASCII becomes "_". */
const char *uefi_text(struct job *job, struct span ucs2);

/*
 * Adds what the sections of a file hold below `folder`, those in compressed
 * sections with them.
 */
enum status uefi_add_sections(
    struct job *job, struct unpack *unpack, struct node *folder, struct span sections);

/* What a file calls itself in a section of its own; empty when it does not. */
struct span uefi_file_name(struct span sections);

/*
 * Adds the variables of a store that begins at `start`, as files NAME-GUID, deleted
 * ones too, and covers what it read.  What is no store it knows is left alone.
 */
enum status uefi_add_variables(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, uint64_t start, struct extents *extents);

#endif
