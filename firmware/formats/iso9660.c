/* Descriptors of one sector each begin at the seventeenth; they lead to the same files under
 * different names. */
#include "firmware/formats/iso9660.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"

#define DESCRIPTORS_AT (UINT64_C(16) * ISO_SECTOR)
#define MAX_DESCRIPTORS 64u
#define ROOT_RECORD_AT 156u
#define RECORD_HEAD 33u
#define CATALOG_ENTRY 32u

enum descriptor { DESCRIPTOR_BOOT, DESCRIPTOR_PRIMARY, DESCRIPTOR_OTHER, DESCRIPTOR_END = 255 };

bool
iso_read_record(struct span rest, uint64_t block_size, struct iso_record *record)
{
	struct reader reader = {.rest = rest};
	uint8_t size = read_u8(&reader), extended = read_u8(&reader), name_size;
	size_t name_end;

	record->size = size;
	record->place = ((uint64_t)read_u32_le(&reader) + extended) * block_size;
	read_bytes(&reader, 4); /* the same, big-endian */
	record->bytes = read_u32_le(&reader);
	read_bytes(&reader, 11); /* the same, and a date */
	record->flags = read_u8(&reader);
	record->interleave = read_u8(&reader);
	read_bytes(&reader, 5);
	name_size = read_u8(&reader);
	record->name = read_bytes(&reader, name_size);
	if (reader.overrun || name_size == 0 || size < RECORD_HEAD + name_size || size > rest.size)
		return false;
	name_end = RECORD_HEAD + (name_size | 1u); /* padded to even */
	record->system_use =
	    name_end < size ? span_part(rest, name_end, size - name_end) : (struct span){0};
	return true;
}

static struct iso_extent
root_of(struct span descriptor, uint64_t block_size)
{
	struct iso_record record;

	if (!iso_read_record(span_from(descriptor, ROOT_RECORD_AT), block_size, &record))
		return (struct iso_extent){0};
	return (struct iso_extent){record.place, record.bytes};
}

static bool
read_primary(struct span descriptor, struct iso_volume *volume)
{
	struct reader size = {.rest = span_from(descriptor, 80)};
	struct reader block = {.rest = span_from(descriptor, 128)};
	uint64_t blocks = read_u32_le(&size), blocks_again = read_u32_be(&size);

	volume->block_size = read_u16_le(&block);
	if ((volume->block_size != 2048 && volume->block_size != 1024 &&
		volume->block_size != 512) ||
	    read_u16_be(&block) != volume->block_size || blocks != blocks_again)
		return false;
	volume->bytes = blocks * volume->block_size;
	volume->label = span_part(descriptor, 40, 32);
	volume->application = span_part(descriptor, 574, 128);
	volume->root = root_of(descriptor, volume->block_size);
	return volume->root.bytes != 0 && volume->bytes > DESCRIPTORS_AT + ISO_SECTOR;
}

/* Sizes of the floppies that an image may say it is. */
static uint64_t
boot_bytes(uint8_t media, uint64_t sectors)
{
	static const uint32_t floppies[] = {0, 1228800, 1474560, 2949120};

	return media >= 1 && media <= 3 ? floppies[media] : sectors * 512;
}

/* The catalog: a validation entry, a default one, then sections of others. */
static void
read_boot_catalog(struct span at, uint32_t block, struct iso_volume *volume)
{
	struct span catalog = span_part(at, (uint64_t)block * ISO_SECTOR, ISO_SECTOR);
	uint8_t platform = catalog.size == 0 ? 0 : catalog.at[1];

	if (catalog.size == 0 || catalog.at[0] != 1)
		return;
	for (size_t i = 1; i < ISO_SECTOR / CATALOG_ENTRY; i++) {
		struct reader reader = {
		    .rest = span_part(catalog, i * CATALOG_ENTRY, CATALOG_ENTRY)};
		uint8_t kind = read_u8(&reader), second = read_u8(&reader);
		struct iso_boot boot = {.media = second & 0xf};

		if (kind == 0x90 || kind == 0x91) /* of a section: 0x91 is the last */
			platform = second;
		if (kind != 0x88 || volume->boot_count == ISO_MAX_BOOTS)
			continue;
		read_bytes(&reader, 4); /* where it is loaded */
		boot.platform = platform;
		boot.bytes = boot_bytes(boot.media, read_u16_le(&reader));
		boot.place = (uint64_t)read_u32_le(&reader) * ISO_SECTOR;
		volume->boots[volume->boot_count++] = boot;
	}
}

static bool
is_joliet(struct span descriptor)
{
	struct span escape = span_part(descriptor, 88, 3);

	return span_starts_with(escape, "%/@", 3) || span_starts_with(escape, "%/C", 3) ||
	       span_starts_with(escape, "%/E", 3);
}

static void
read_descriptor(struct span at, struct span descriptor, struct iso_volume *volume)
{
	struct reader catalog = {.rest = span_from(descriptor, 0x47)};

	if (descriptor.at[0] == DESCRIPTOR_BOOT &&
	    span_starts_with(span_from(descriptor, 7), "EL TORITO SPECIFICATION", 23))
		read_boot_catalog(at, read_u32_le(&catalog), volume);
	if (descriptor.at[0] == DESCRIPTOR_OTHER && is_joliet(descriptor))
		volume->joliet_root = root_of(descriptor, volume->block_size);
}

bool
iso_read_volume(struct span at, struct iso_volume *volume)
{
	struct span descriptor = span_part(at, DESCRIPTORS_AT, ISO_SECTOR);
	struct iso_record first;

	*volume = (struct iso_volume){0};
	if (descriptor.size == 0 || !span_starts_with(descriptor, "\1CD001\1", 7) ||
	    !read_primary(descriptor, volume))
		return false;
	for (unsigned i = 1; i < MAX_DESCRIPTORS; i++) {
		descriptor = span_part(at, DESCRIPTORS_AT + (uint64_t)i * ISO_SECTOR, ISO_SECTOR);
		if (descriptor.size == 0)
			break;
		if (span_starts_with(span_from(descriptor, 1), "CD001", 5))
			read_descriptor(at, descriptor, volume);
		else if (span_starts_with(span_from(descriptor, 1), "NSR0", 4))
			volume->has_udf = true;
		else if (!span_starts_with(span_from(descriptor, 1), "BEA0", 4) &&
			 !span_starts_with(span_from(descriptor, 1), "TEA0", 4))
			break;
	}
	if (iso_read_record(span_from(at, volume->root.place), volume->block_size, &first))
		volume->has_rock_ridge = iso_has_rock(first.system_use, &volume->skip);
	return true;
}

/* A field that ends in blanks: `, words "text"`, or nothing. */
static const char *
field(struct job *job, const char *words, struct span bytes)
{
	const char *text;

	while (
	    bytes.size != 0 && (bytes.at[bytes.size - 1] == ' ' || bytes.at[bytes.size - 1] == 0))
		bytes.size--;
	text = text_from_bytes(job, bytes.at, bytes.size, 60);
	if (bytes.size == 0 || text == NULL)
		return "";
	text = arena_printf(job, ", %s \"%s\"", words, text);
	return text == NULL ? "" : text;
}

static const char *
describe_boots(struct job *job, const struct iso_volume *volume)
{
	const char *text = "";

	for (size_t i = 0; i < volume->boot_count && text != NULL; i++) {
		uint8_t platform = volume->boots[i].platform;

		text = arena_printf(job, "%s, boot image at 0x%" PRIx64 " for %s", text,
		    volume->boots[i].place,
		    platform == 0xef ? "EFI"
		    : platform == 0  ? "BIOS"
				     : "another platform");
	}
	return text == NULL ? "" : text;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct iso_volume volume;
	bool cut;

	if (!iso_read_volume(at, &volume))
		return;
	cut = volume.bytes > at.size;
	claim->bytes = cut ? at.size : volume.bytes;
	claim->detail = arena_printf(job, "%s%s%s%s%s%s",
	    volume.has_rock_ridge           ? "Rock Ridge"
	    : volume.joliet_root.bytes != 0 ? "Joliet"
					    : "plain names",
	    field(job, "volume", volume.label), field(job, "made by", volume.application),
	    describe_boots(job, &volume), volume.has_udf ? ", UDF beside it" : "",
	    cut ? ", cut short" : "");
	if (volume.has_udf)
		claim->incomplete = "the UDF beside it is not read";
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct iso_volume volume;

	if (!iso_read_volume(content, &volume))
		return fail(job, STATUS_MALFORMED, "iso9660: no descriptor");
	return iso_walk(job, unpack, container, &volume, content);
}

static const struct magic magics[] = {
    {.pattern = "\\x01CD001\\x01", .length = 7, .offset = 0x8000}};

const struct format format_iso9660 = {
    .name = "iso9660",
    .title = "ISO 9660 with Rock Ridge or Joliet",
    .source = "ECMA-119; SUSP 1.12, RRIP 1.12; Joliet 1.0; El Torito 1.0",
    .gaps =
	"the first 32 KiB, where a disc may carry a loader; one tree is read: that of Rock Ridge, "
	"else of Joliet, else the plain one; UDF beside it "
	"is "
	"told; zisofs and sparse files, interleaved files; extended attributes of AAIP; earlier "
	"sessions; sectors of 2352 bytes",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
