/* No header says how large an eraseblock is: the distance from one header to the next does. */
#include <stdlib.h>

#include "base/arena.h"
#include "firmware/formats/ubi.h"

#define ERASE_HEADER ((size_t)64)
#define VOLUME_HEADER ((size_t)64)
#define RECORD ((size_t)172)
#define LARGEST_BLOCK ((uint64_t)8 << 20)
#define HEADERS_COMPARED 16u
#define MAX_BLOCKS_WITHOUT_HEADER 64u /* worn out ones between good ones */
#define GRANULE 512u                  /* no eraseblock is a broken number of these */

uint32_t
ubi_crc(struct span bytes)
{
	return ~crc32_of(0, bytes);
}

uint64_t
ubi_leb_size(const struct ubi *ubi, uint32_t pad)
{
	uint64_t taken = (uint64_t)ubi->first.data_offset + pad;

	return taken < ubi->block ? ubi->block - taken : 0;
}

bool
ubi_read_erase_header(struct span at, struct ubi_erase_header *header)
{
	struct reader reader = {.rest = at};
	struct span magic = read_bytes(&reader, 4);

	if (!span_starts_with(magic, "UBI#", 4))
		return false;
	header->version = read_u8(&reader);
	read_bytes(&reader, 3 + 8); /* how often it was erased */
	header->header_offset = read_u32_be(&reader);
	header->data_offset = read_u32_be(&reader);
	header->sequence = read_u32_be(&reader);
	read_bytes(&reader, 32);
	return read_u32_be(&reader) == ubi_crc(span_part(at, 0, ERASE_HEADER - 4)) &&
	       !reader.overrun;
}

static bool
same_image(const struct ubi_erase_header *a, const struct ubi_erase_header *b)
{
	return a->header_offset == b->header_offset && a->data_offset == b->data_offset &&
	       (a->sequence == b->sequence || a->sequence == 0 || b->sequence == 0);
}

static uint64_t
common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* What all distances between the first headers have in common; 0 when there is but one. */
static uint64_t
find_block(struct span at, const struct ubi_erase_header *first)
{
	struct span near = span_part(at, 0, at.size < LARGEST_BLOCK ? at.size : LARGEST_BLOCK);
	uint64_t block = 0;
	size_t place = 0;

	for (unsigned found = 0; found < HEADERS_COMPARED;) {
		struct ubi_erase_header header;

		place = span_find(near, "UBI#", 4, place + 1);
		if (place == SIZE_MAX)
			break;
		if (place % GRANULE != 0 ||
		    !ubi_read_erase_header(span_from(near, place), &header) ||
		    !same_image(first, &header))
			continue;
		block = common_divisor(place, block);
		found++;
	}
	return block;
}

/* Is it one byte over and over, as erased and as ruined blocks are? */
static bool
is_constant(struct span bytes)
{
	for (size_t i = 1; i < bytes.size; i++)
		if (bytes.at[i] != bytes.at[0])
			return false;
	return bytes.size == 0 || bytes.at[0] == 0xff || bytes.at[0] == 0;
}

bool
ubi_measure(struct span at, struct ubi *ubi)
{
	unsigned missing = 0;

	*ubi = (struct ubi){.image = at};
	if (!ubi_read_erase_header(at, &ubi->first))
		return false;
	ubi->block = find_block(at, &ubi->first);
	if (ubi->block == 0) {
		ubi->cut = true;
		ubi->blocks = 1;
		ubi->bytes = ubi->block = at.size < LARGEST_BLOCK ? at.size : LARGEST_BLOCK;
		return true;
	}
	for (uint64_t place = 0; place < at.size && missing < MAX_BLOCKS_WITHOUT_HEADER;
	     place += ubi->block) {
		struct ubi_erase_header header;

		if (!ubi_read_erase_header(span_from(at, place), &header)) {
			missing++;
			continue;
		}
		if (!same_image(&ubi->first, &header))
			break;
		missing = 0;
		ubi->blocks++;
		ubi->bytes = place + ubi->block;
	}
	if (ubi->bytes > at.size) {
		ubi->bytes = at.size;
		ubi->cut = true;
	}
	ubi->image = span_part(at, 0, ubi->bytes);
	return true;
}

static bool
read_volume_header(struct span at, struct ubi_leb *leb)
{
	struct reader reader = {.rest = at};
	struct span magic = read_bytes(&reader, 4);

	if (!span_starts_with(magic, "UBI!", 4))
		return false;
	read_u8(&reader); /* version */
	leb->type = read_u8(&reader);
	leb->copied = read_u8(&reader) != 0;
	read_u8(&reader); /* what to do with an unknown internal volume */
	leb->volume = read_u32_be(&reader);
	leb->number = read_u32_be(&reader);
	read_bytes(&reader, 4);
	leb->data_size = read_u32_be(&reader);
	leb->used = read_u32_be(&reader);
	leb->data_pad = read_u32_be(&reader);
	leb->crc = read_u32_be(&reader);
	read_bytes(&reader, 4);
	leb->sequence = read_u64_be(&reader);
	read_bytes(&reader, 12);
	return read_u32_be(&reader) == ubi_crc(span_part(at, 0, VOLUME_HEADER - 4)) &&
	       !reader.overrun;
}

/* Of UBI's own volumes only these have a meaning. */
static bool
has_place(const struct ubi_leb *leb)
{
	if (leb->volume == UBI_LAYOUT_VOLUME)
		return leb->number < UBI_LAYOUT_BLOCKS;
	return leb->volume < UBI_FIRST_INTERNAL || leb->volume == UBI_FASTMAP_VOLUME ||
	       leb->volume == UBI_FASTMAP_DATA_VOLUME;
}

/* Takes note of one eraseblock. */
static void
read_block(struct ubi *ubi, uint64_t place)
{
	struct span whole = span_from(ubi->image, place);
	struct ubi_leb *leb = &ubi->lebs[ubi->leb_count];
	struct ubi_erase_header header;
	struct span block = whole.size > ubi->block ? span_part(whole, 0, ubi->block) : whole;

	if (ubi_read_erase_header(block, &header)) {
		if (read_volume_header(span_from(block, header.header_offset), leb) &&
		    has_place(leb)) {
			leb->at = place + header.data_offset;
			ubi->leb_count++;
			return;
		}
		block = span_from(block, header.header_offset);
	}
	if (is_constant(block)) {
		ubi->unused++;
		return;
	}
	if (ubi->odd++ == 0)
		ubi->first_odd = place;
}

static int
compare_lebs(const void *a, const void *b)
{
	const struct ubi_leb *x = a, *y = b;

	if (x->volume != y->volume)
		return x->volume < y->volume ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->sequence != y->sequence)
		return x->sequence > y->sequence ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool
read_record(struct span at, struct ubi_volume *volume)
{
	struct reader reader = {.rest = at};
	uint16_t name_size;
	struct span name;
	uint32_t alignment;

	*volume = (struct ubi_volume){0};
	volume->reserved = read_u32_be(&reader);
	alignment = read_u32_be(&reader);
	volume->data_pad = read_u32_be(&reader);
	volume->type = read_u8(&reader);
	volume->updating = read_u8(&reader) != 0;
	name_size = read_u16_be(&reader);
	name = read_bytes(&reader, 128);
	volume->grows = (read_u8(&reader) & 1) != 0;
	read_bytes(&reader, 23);
	if (read_u32_be(&reader) != ubi_crc(span_part(at, 0, RECORD - 4)) || reader.overrun ||
	    name_size > 127)
		return false;
	volume->present = volume->reserved != 0 && alignment != 0;
	volume->name = span_part(name, 0, name_size);
	return true;
}

/* One copy of the volume table; false when a record of it is bad. */
static bool
read_table(struct ubi *ubi, const struct ubi_leb *leb)
{
	uint64_t count = ubi_leb_size(ubi, 0) / RECORD;
	struct ubi_volume volumes[UBI_MAX_VOLUMES];
	unsigned present = 0;

	if (count > UBI_MAX_VOLUMES)
		count = UBI_MAX_VOLUMES;
	for (size_t i = 0; i < count; i++) {
		if (!read_record(span_part(ubi->image, leb->at + i * RECORD, RECORD), &volumes[i]))
			return false;
		present += volumes[i].present;
	}
	if (ubi->tables++ != 0)
		return true;
	for (size_t i = 0; i < count; i++)
		ubi->volumes[i] = volumes[i];
	ubi->volume_count = present;
	return true;
}

enum status
ubi_read(struct job *job, struct ubi *ubi)
{
	uint64_t count = ubi->bytes / ubi->block + 1;

	ubi->lebs = arena_array(job, count, sizeof *ubi->lebs);
	if (ubi->lebs == NULL)
		return STATUS_LIMIT;
	for (uint64_t place = 0; place < ubi->bytes; place += ubi->block)
		read_block(ubi, place);
	if (ubi->leb_count != 0)
		qsort(ubi->lebs, ubi->leb_count, sizeof *ubi->lebs, compare_lebs);
	/* two copies: the first is written first, so it is the newer one where they differ */
	for (size_t i = 0; i < ubi->leb_count; i++)
		if (ubi->lebs[i].volume == UBI_LAYOUT_VOLUME &&
		    (i == 0 || ubi->lebs[i - 1].volume != UBI_LAYOUT_VOLUME ||
			ubi->lebs[i - 1].number != ubi->lebs[i].number))
			read_table(ubi, &ubi->lebs[i]);
	return STATUS_OK;
}
