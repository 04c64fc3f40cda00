/* Rock Ridge hides in the rest of a record what POSIX wants: entries of two letters, a length and a
 * version. */
#include "firmware/formats/iso9660.h"

#define MAX_AREAS 32u /* the record's own and those it is continued in */
#define MAX_ENTRIES 1024u

enum { NAME_CONTINUES = 1, NAME_SELF = 2, NAME_PARENT = 4, PART_ROOT = 8 };

/* Numbers stand there in both byte orders. */
static uint32_t
read_both(struct reader *reader)
{
	uint32_t value = read_u32_le(reader);

	read_bytes(reader, 4);
	return value;
}

static void
read_mode(struct reader *reader, struct iso_rock *rock)
{
	rock->mode = read_both(reader);
	read_both(reader); /* links */
	rock->uid = read_both(reader);
	rock->gid = read_both(reader);
	rock->has_mode = !reader->overrun;
}

static void
read_device(struct reader *reader, struct iso_rock *rock)
{
	rock->major = read_both(reader);
	rock->minor = read_both(reader);
	if (rock->major == 0 && rock->minor > 0xff) { /* both in one number */
		rock->major = rock->minor >> 8;
		rock->minor &= 0xff;
	}
}

static void
read_name(struct reader *reader, struct iso_rock *rock)
{
	uint8_t flags = read_u8(reader);

	if (flags & (NAME_SELF | NAME_PARENT))
		return;
	text_put_bytes(&rock->name, reader->rest.at, reader->rest.size);
	rock->has_name = true;
}

/* A link's target is told by its components. */
static void
read_link(struct reader *reader, struct iso_rock *rock, bool *part_continues)
{
	read_u8(reader); /* whether another such entry follows */
	while (reader->rest.size >= 2) {
		uint8_t flags = read_u8(reader), size = read_u8(reader);
		struct span part = read_bytes(reader, size);
		struct text *target = &rock->target;

		if (target->size != 0 && !*part_continues && target->at[target->size - 1] != '/')
			text_put(target, "/");
		if (flags & PART_ROOT)
			text_put(target, "/");
		else if (flags & (NAME_SELF | NAME_PARENT))
			text_put(target, flags & NAME_SELF ? "." : "..");
		else
			text_put_bytes(target, part.at, part.size);
		*part_continues = (flags & NAME_CONTINUES) != 0;
	}
	if (reader->overrun)
		rock->damaged = true;
}

static bool
is(struct span entry, const char *letters)
{
	return span_starts_with(entry, letters, 2);
}

struct continuation {
	uint64_t place, bytes;
};

static void
read_entry(struct span entry, const struct iso_volume *volume, struct iso_rock *rock,
    struct continuation *next, bool *part_continues)
{
	struct reader reader = {.rest = span_from(entry, 4)};

	if (is(entry, "CE")) {
		next->place = read_both(&reader) * volume->block_size;
		next->place += read_both(&reader);
		next->bytes = read_both(&reader);
	} else if (is(entry, "PX")) {
		read_mode(&reader, rock);
	} else if (is(entry, "PN")) {
		read_device(&reader, rock);
	} else if (is(entry, "NM")) {
		read_name(&reader, rock);
	} else if (is(entry, "SL")) {
		read_link(&reader, rock, part_continues);
	} else if (is(entry, "CL")) {
		rock->child = read_both(&reader) * volume->block_size;
		rock->has_child = true;
	} else if (is(entry, "RE")) {
		rock->moved = true;
	} else if (is(entry, "ZF")) {
		rock->compressed = true;
	} else if (is(entry, "SF")) {
		rock->sparse = true;
	}
	if (reader.overrun)
		rock->damaged = true;
}

void
iso_read_rock(struct job *job, struct span image, const struct iso_volume *volume, struct span area,
    struct iso_rock *rock)
{
	bool part_continues = false;
	unsigned left = MAX_ENTRIES;

	*rock = (struct iso_rock){.name = text_new(job), .target = text_new(job)};
	area = span_from(area, volume->skip);
	for (unsigned i = 0; i < MAX_AREAS && area.size != 0; i++) {
		struct continuation next = {0};

		while (area.size >= 4 && left != 0 && area.at[2] >= 4 && !is(area, "ST")) {
			struct span entry = span_part(area, 0, area.at[2]);

			if (entry.size == 0) {
				rock->damaged = true;
				break;
			}
			read_entry(entry, volume, rock, &next, &part_continues);
			area = span_from(area, entry.size);
			left--;
		}
		area = span_part(image, next.place, next.bytes);
		if (area.size != next.bytes || (next.bytes != 0 && i + 1 == MAX_AREAS))
			rock->damaged = true;
	}
}

bool
iso_has_rock(struct span area, size_t *skip)
{
	/* of a disc with extended attributes (CD-ROM XA) 14 bytes come first */
	static const size_t places[] = {0, 14};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct span entry = span_part(area, places[i], 7);

		if (entry.size != 0 && is(entry, "SP") && entry.at[4] == 0xbe &&
		    entry.at[5] == 0xef) {
			*skip = entry.at[6];
			return true;
		}
	}
	return false;
}
