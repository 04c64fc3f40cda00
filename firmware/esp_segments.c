/* The boot ROM loads one segment after another and adds all their bytes without carry. */
#include "firmware/esp_segments.h"

#include <stdio.h>
#include <string.h>

#define LARGEST_SEGMENT ((uint32_t)64 << 20)
#define SUM_SEED 0xefu

struct esp_segments
esp_segments_read(struct span image, uint64_t from, unsigned count, bool (*fits)(uint32_t address))
{
	struct esp_segments segments = {.end = from, .plausible = true};
	struct reader reader = {.rest = span_from(image, from)};

	for (unsigned i = 0; i < count && i < ESP_MAX_SEGMENTS; i++) {
		struct esp_segment *segment = &segments.segments[segments.count];
		uint32_t size;

		segment->address = read_u32_le(&reader);
		size = read_u32_le(&reader);
		segments.cut = reader.overrun;
		segments.plausible =
		    segments.cut || (size <= LARGEST_SEGMENT && size % 4 == 0 &&
					(segment->address == 0 || fits(segment->address)));
		if (segments.cut || !segments.plausible)
			break;
		segment->content = read_bytes(&reader, size);
		segments.cut = reader.overrun;
		if (segments.cut)
			break;
		segments.end += 8 + (uint64_t)size;
		segments.count++;
	}
	return segments;
}

uint8_t
esp_segments_sum(const struct esp_segments *segments)
{
	uint8_t sum = SUM_SEED;

	for (size_t i = 0; i < segments->count; i++) {
		struct span content = segments->segments[i].content;

		for (size_t b = 0; b < content.size; b++)
			sum ^= content.at[b];
	}
	return sum;
}

uint64_t
esp_sum_end(uint64_t end)
{
	return (end + 16) & ~(uint64_t)15;
}

bool
esp_is_fill(struct span bytes)
{
	return bytes.size < 2 || memcmp(bytes.at, bytes.at + 1, bytes.size - 1) == 0;
}

enum status
esp_segments_add(struct unpack *unpack, struct node *container, const struct esp_segments *segments)
{
	for (size_t i = 0; i < segments->count; i++) {
		const struct esp_segment *segment = &segments->segments[i];
		char name[32];

		if (segment->address == 0 && esp_is_fill(segment->content))
			continue; /* brings the next one to a page of its own */
		snprintf(name, sizeof name, "0x%08x.bin", segment->address);
		TRY(unpack_part(unpack, container, name, segment->content));
	}
	return STATUS_OK;
}

enum status
esp_add_slack(struct unpack *unpack, struct node *container, const char *name, struct span bytes)
{
	return esp_is_fill(bytes) ? STATUS_OK : unpack_part(unpack, container, name, bytes);
}
