/*
 * The parts of ISO 9660: its descriptors, the system use area of a record (Rock Ridge), its
 * folders.
 */
#ifndef FIRMWARE_FORMATS_ISO9660_H
#define FIRMWARE_FORMATS_ISO9660_H

#include "base/text.h"
#include "firmware/unpack.h"

#define ISO_SECTOR 2048u
#define ISO_MAX_BOOTS 16u

/* A boot image, by El Torito. */
struct iso_boot {
	uint64_t place, bytes;
	uint8_t platform, media;
	bool seen; /* it is a file of the tree */
};

struct iso_extent {
	uint64_t place, bytes; /* in the image */
};

struct iso_volume {
	uint64_t block_size, bytes;
	struct iso_extent root, joliet_root; /* the latter of no bytes: none */
	bool has_rock_ridge, has_udf;
	size_t skip; /* bytes before system use entries */
	struct span label, application;
	struct iso_boot boots[ISO_MAX_BOOTS];
	size_t boot_count;
};

/* A record of a folder. */
struct iso_record {
	uint64_t place, bytes; /* of its content */
	uint8_t flags, interleave;
	struct span name, system_use;
	size_t size; /* of the record */
};

enum iso_flags { ISO_FOLDER = 2, ISO_ASSOCIATED = 4, ISO_MORE_EXTENTS = 128 };

/* What Rock Ridge says of a record; what it does not say stays as it was. */
struct iso_rock {
	struct text name, target;
	bool has_name, has_mode, moved, has_child, compressed, sparse, damaged;
	uint32_t mode, uid, gid, major, minor;
	uint64_t child; /* place of a folder that lies elsewhere */
};

bool iso_read_volume(struct span at, struct iso_volume *volume);
/* The record that begins at `rest`; false when there is none or it is damaged. */
bool iso_read_record(struct span rest, uint64_t block_size, struct iso_record *record);
/* The system use entries of a record, those that are continued elsewhere too. */
void iso_read_rock(struct job *job, struct span image, const struct iso_volume *volume,
    struct span area, struct iso_rock *rock);
/* Does the first record of the root folder announce such entries?  How many bytes to skip in
 * others. */
bool iso_has_rock(struct span area, size_t *skip);

enum status iso_walk(struct job *job, struct unpack *unpack, struct node *container,
    struct iso_volume *volume, struct span image);

#endif
