/*
 * The parts of FAT: where its things lie, and its folders.
 */
#ifndef FIRMWARE_FORMATS_FAT_H
#define FIRMWARE_FORMATS_FAT_H

#include "firmware/unpack.h"

#define FAT_ENTRY_SIZE 32u

enum fat_attribute {
	FAT_READ_ONLY = 1,
	FAT_LABEL = 8,
	FAT_FOLDER = 16,
	FAT_LONG_NAME = 15,
};

struct fat_boot {
	uint32_t sector_size, cluster_sectors, reserved, tables, root_entries, sectors;
	uint32_t media, table_sectors, flags, root_cluster;
	bool is_32;
	struct span label;
};

struct fat_volume {
	struct fat_boot boot;
	unsigned bits; /* of an entry of the table */
	uint32_t clusters, cluster_size;
	uint64_t bytes, root_at, data_at;
	struct span table, copy; /* the one in use, and the other where it should be the same */
};

/* Where everything lies; false when that cannot be. */
bool fat_read_volume(struct span at, struct fat_volume *volume);
/* What the table says of a cluster: the next one, or a mark. */
uint32_t fat_table_entry(const struct fat_volume *volume, uint32_t cluster);
uint64_t fat_cluster_at(const struct fat_volume *volume, uint32_t cluster);

/* Adds all below the root folder. */
enum status fat_walk(struct job *job, struct unpack *unpack, struct node *container,
    const struct fat_volume *volume, struct span image);

#endif
