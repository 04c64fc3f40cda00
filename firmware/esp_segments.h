/*
 * What images for Espressif's chips of all kinds share: segments, each with the
 * address it is loaded to, and one byte that sums them up.
 */
#ifndef FIRMWARE_ESP_SEGMENTS_H
#define FIRMWARE_ESP_SEGMENTS_H

#include "firmware/unpack.h"

#define ESP_MAX_SEGMENTS 16u

struct esp_segments {
	struct esp_segment {
		uint32_t address;
		struct span content;
	} segments[ESP_MAX_SEGMENTS];
	size_t count;   /* those that are whole */
	uint64_t end;   /* of the last of them, in bytes from the beginning of the image */
	bool plausible; /* false: one has a size or an address that none can have */
	bool cut;
};

/*
 * Reads `count` segments that follow one another from `from` on.  `fits` tells
 * whether a chip has memory at that address.
 */
struct esp_segments esp_segments_read(
    struct span image, uint64_t from, unsigned count, bool (*fits)(uint32_t address));

/* The sum of all segments, as it stands in the last byte of the sixteen they end in. */
uint8_t esp_segments_sum(const struct esp_segments *segments);

/* Where the sum ends that follows `end`. */
uint64_t esp_sum_end(uint64_t end);

/* Each segment as a file named by its address; padding is left out. */
enum status esp_segments_add(
    struct unpack *unpack, struct node *container, const struct esp_segments *segments);

/* Are they all the same? */
bool esp_is_fill(struct span bytes);

/* Bytes that no field accounts for become a file of that name, unless they are fill. */
enum status esp_add_slack(
    struct unpack *unpack, struct node *container, const char *name, struct span bytes);

#endif
