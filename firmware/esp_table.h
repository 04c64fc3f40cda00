/*
 * The partition table of ESP-IDF: entries of 32 bytes, the last of which may be their MD5.
 */
#ifndef FIRMWARE_ESP_TABLE_H
#define FIRMWARE_ESP_TABLE_H

#include "base/text.h"
#include "firmware/unpack.h"

#define ESP_TABLE_SIZE ((uint64_t)0xc00)
#define ESP_MAX_PARTITIONS 95u

enum {
	ESP_TYPE_APP = 0,
	ESP_TYPE_DATA = 1,
	ESP_DATA_OTA = 0,
	ESP_DATA_PHY = 1,
	ESP_DATA_NVS = 2,
	ESP_DATA_COREDUMP = 3,
	ESP_DATA_FAT = 0x81,
	ESP_DATA_SPIFFS = 0x82,
	ESP_DATA_LITTLEFS = 0x83,
	ESP_FLAG_ENCRYPTED = 1,
};

struct esp_partition {
	uint8_t type, subtype;
	uint32_t offset, size, flags;
	struct span label;
};

struct esp_table {
	struct esp_partition partitions[ESP_MAX_PARTITIONS]; /* by offset, none over another */
	size_t count;
	bool has_md5, md5_good;
	bool is_signed; /* by secure boot v1 */
	uint64_t bytes; /* up to the end of the table and its signature */
};

/* Reads the table that begins at `at`; false when there is none. */
bool esp_table_read(struct span at, struct esp_table *table);

/* "md5 good, 3 partitions: nvs (NVS 24 KiB), …" */
void esp_table_describe(struct job *job, struct text *text, const struct esp_table *table);

#endif
