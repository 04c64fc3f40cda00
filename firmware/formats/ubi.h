/*
 * UBI: where the eraseblocks of an image lie and what each of them holds.
 */
#ifndef FIRMWARE_FORMATS_UBI_H
#define FIRMWARE_FORMATS_UBI_H

#include "firmware/unpack.h"

#define UBI_MAX_VOLUMES 128u
#define UBI_LAYOUT_VOLUME 0x7fffefffu
#define UBI_LAYOUT_BLOCKS 2u
#define UBI_FASTMAP_VOLUME (UBI_LAYOUT_VOLUME + 1)
#define UBI_FASTMAP_DATA_VOLUME (UBI_LAYOUT_VOLUME + 2)
#define UBI_FIRST_INTERNAL UBI_LAYOUT_VOLUME
#define UBI_STATIC 2u

/* The header at the beginning of every physical eraseblock. */
struct ubi_erase_header {
	uint8_t version;
	uint32_t header_offset; /* of the volume identifier header */
	uint32_t data_offset;
	uint32_t sequence; /* of the image: the same in all its eraseblocks, or zero */
};

/* An eraseblock that belongs to a volume. */
struct ubi_leb {
	uint32_t volume, number;
	uint64_t sequence; /* the larger one is the newer one */
	uint64_t at;       /* where its data begin in the image */
	uint32_t data_size, used, data_pad, crc;
	uint8_t type;
	bool copied; /* the checksum tells whether the copy was finished */
};

struct ubi_volume {
	bool present;
	uint32_t reserved, data_pad; /* eraseblocks; bytes at the end of each */
	uint8_t type;
	bool updating, grows;
	struct span name;
};

struct ubi {
	struct span image;
	struct ubi_erase_header first;
	uint64_t block;       /* bytes of a physical eraseblock */
	uint64_t bytes;       /* to the end of the last of them */
	uint64_t blocks;      /* with an erase counter header */
	struct ubi_leb *lebs; /* by volume, number, the newest first */
	size_t leb_count;
	uint64_t unused;         /* blocks that are erased */
	uint64_t odd, first_odd; /* blocks that hold something nobody can place */
	struct ubi_volume volumes[UBI_MAX_VOLUMES];
	unsigned tables, volume_count; /* good copies of the volume table */
	bool cut;
};

bool ubi_read_erase_header(struct span at, struct ubi_erase_header *header);

/* Finds the size of an eraseblock and how far the image reaches; false when there is none. */
bool ubi_measure(struct span at, struct ubi *ubi);

/*
 * Reads the headers of all eraseblocks and the volume table, into the job's arena.
 *
 * STATUS_LIMIT  out of budget
 */
enum status ubi_read(struct job *job, struct ubi *ubi);

/* CRC-32 as UBI and UBIFS write it: from all ones, and not inverted at the end. */
uint32_t ubi_crc(struct span bytes);

/* Bytes of an eraseblock that are a volume's when `pad` of them are not used. */
uint64_t ubi_leb_size(const struct ubi *ubi, uint32_t pad);

#endif
