/* Numbers that do not fit their fields stand in an extra field, in the order in which they lacked
 * room.
 */
#include "firmware/formats/zip.h"

#define END_SIZE 22u
#define LOCATOR_SIZE 20u
#define END64_SIZE 56u
#define MAX_ENDS 1024u /* of archives stored inside it: each may be looked at from each header */
#define EXTRA_ZIP64 1u

/* The sizes of an entry, where 32 bits do not hold them. */
static bool
read_zip64(struct zip_entry *entry)
{
	uint64_t *const fields[] = {&entry->size, &entry->packed, &entry->offset};
	struct reader reader = {.rest = entry->extra}, field;

	while (reader.rest.size >= 4) {
		uint16_t id = read_u16_le(&reader), size = read_u16_le(&reader);

		field.rest = read_bytes(&reader, size);
		field.overrun = reader.overrun;
		if (id != EXTRA_ZIP64)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
			if (*fields[i] == UINT32_MAX)
				*fields[i] = read_u64_le(&field);
		return !field.overrun;
	}
	return true; /* it is as large as it says */
}

bool
zip_read_central(struct span at, struct zip_entry *entry)
{
	struct reader reader = {.rest = at};
	uint16_t name, extra, comment;

	*entry = (struct zip_entry){0};
	if (!span_starts_with(at, "PK\x01\x02", 4))
		return false;
	read_bytes(&reader, 4);
	entry->made_by = read_u16_le(&reader);
	read_bytes(&reader, 2); /* version needed */
	entry->flags = read_u16_le(&reader);
	entry->method = read_u16_le(&reader);
	read_bytes(&reader, 4); /* time */
	entry->crc = read_u32_le(&reader);
	entry->packed = read_u32_le(&reader);
	entry->size = read_u32_le(&reader);
	name = read_u16_le(&reader);
	extra = read_u16_le(&reader);
	comment = read_u16_le(&reader);
	read_bytes(&reader, 4); /* disk, text or not */
	entry->attributes = read_u32_le(&reader);
	entry->offset = read_u32_le(&reader);
	entry->name = read_bytes(&reader, name);
	entry->extra = read_bytes(&reader, extra);
	entry->comment = read_bytes(&reader, comment);
	entry->header = at.size - reader.rest.size;
	return !reader.overrun && read_zip64(entry);
}

bool
zip_read_local(struct span at, struct zip_entry *entry)
{
	struct reader reader = {.rest = at};
	uint16_t name, extra;

	*entry = (struct zip_entry){0};
	if (!span_starts_with(at, "PK\x03\x04", 4))
		return false;
	read_bytes(&reader, 6); /* magic, version needed */
	entry->flags = read_u16_le(&reader);
	entry->method = read_u16_le(&reader);
	read_bytes(&reader, 4); /* time */
	entry->crc = read_u32_le(&reader);
	entry->packed = read_u32_le(&reader);
	entry->size = read_u32_le(&reader);
	name = read_u16_le(&reader);
	extra = read_u16_le(&reader);
	entry->name = read_bytes(&reader, name);
	entry->extra = read_bytes(&reader, extra);
	entry->header = at.size - reader.rest.size;
	return !reader.overrun && read_zip64(entry);
}

uint64_t
zip_descriptor_size(struct span at, const struct zip_entry *entry)
{
	struct reader reader = {.rest = at};
	uint64_t marked = span_starts_with(at, "PK\x07\x08", 4) ? 4 : 0;

	if (!(entry->flags & ZIP_HAS_DESCRIPTOR))
		return 0;
	read_bytes(&reader, (size_t)marked);
	read_u32_le(&reader);
	/* eight bytes a size in the larger form */
	if (read_u64_le(&reader) == entry->packed && read_u64_le(&reader) == entry->size &&
	    !reader.overrun)
		return marked + 20;
	return marked + 12 <= at.size ? marked + 12 : 0;
}

/* Reads the larger end record the locator before `place` points to; its own place into `*stands`.
 */
static bool
read_end64(struct span at, uint64_t place, struct zip_end *end, uint64_t *stands)
{
	struct reader reader = {.rest = span_part(at, place - LOCATOR_SIZE, LOCATOR_SIZE)};
	uint64_t said;

	if (place < LOCATOR_SIZE || !span_starts_with(reader.rest, "PK\x06\x07", 4))
		return false;
	read_bytes(&reader, 8);
	said = read_u64_le(&reader);
	/* it stands right before its locator, wherever offsets count from */
	*stands = said;
	if (!span_starts_with(span_from(at, said), "PK\x06\x06", 4)) {
		*stands = place - LOCATOR_SIZE - END64_SIZE;
		if (place < LOCATOR_SIZE + END64_SIZE ||
		    !span_starts_with(span_from(at, *stands), "PK\x06\x06", 4))
			return false;
	}
	if (*stands > place - LOCATOR_SIZE || place - LOCATOR_SIZE - *stands < END64_SIZE)
		return false;
	end->loose_from = *stands + END64_SIZE;
	end->loose_to = place - LOCATOR_SIZE;
	reader = (struct reader){.rest = span_from(at, *stands)};
	read_bytes(&reader, 32); /* magic, size, versions, disks, entries on this disk */
	end->entries = read_u64_le(&reader);
	end->size = read_u64_le(&reader);
	end->directory = read_u64_le(&reader);
	end->is_zip64 = true;
	return !reader.overrun;
}

/* Do the offsets count from the archive's first byte, or from the first byte of what stands before
 * it?
 */
static bool
offsets_fit(struct span at, struct zip_end *end, uint64_t directory_end)
{
	uint64_t begin;
	struct zip_entry first;

	if (end->size > directory_end)
		return false;
	begin = directory_end - end->size;
	if (end->directory < begin)
		return false; /* of an archive stored inside */
	end->shift = end->directory - begin;
	end->directory = begin;
	if (end->size == 0)
		return end->shift == 0;
	if (!zip_read_central(span_part(at, begin, end->size), &first))
		return false;
	return end->shift == 0 || first.offset == end->shift;
}

/* Does an end record at `place` belong to an archive that begins with `at`? */
static bool
end_fits(struct span at, size_t place, struct zip_end *end)
{
	struct reader reader = {.rest = span_from(at, place)};
	uint64_t directory_end = place;
	uint16_t disk;

	*end = (struct zip_end){0};
	read_bytes(&reader, 4);
	disk = read_u16_le(&reader);
	read_bytes(&reader, 4); /* disk of the directory, entries on this disk */
	end->entries = read_u16_le(&reader);
	end->size = read_u32_le(&reader);
	end->directory = read_u32_le(&reader);
	end->comment = read_u16_le(&reader);
	read_bytes(&reader, end->comment);
	if (reader.overrun)
		return false;
	end->is_part = disk != 0 && disk != UINT16_MAX;
	end->bytes = (uint64_t)place + END_SIZE + end->comment;
	if ((end->size == UINT32_MAX || end->directory == UINT32_MAX ||
		end->entries == UINT16_MAX) &&
	    !read_end64(at, place, end, &directory_end) &&
	    (end->size == UINT32_MAX || end->directory == UINT32_MAX))
		return false;
	return offsets_fit(at, end, directory_end);
}

bool
zip_find_end(struct span at, struct zip_end *end)
{
	size_t place = 0;

	for (unsigned i = 0; i < MAX_ENDS; i++) {
		place = span_find(at, "PK\x05\x06", 4, place);
		if (place == SIZE_MAX)
			return false;
		if (end_fits(at, place, end))
			return true;
		place++;
	}
	return false;
}
