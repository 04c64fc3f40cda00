/* Blocks of RAR follow one another to a last one; each has a checksum, so walking them measures it.
 */
#include "base/arena.h"
#include "firmware/libarchive.h"

#define MAX_BLOCKS ((size_t)1 << 20)
#define OLD_MAGIC 7u
#define NEW_MAGIC 8u

struct walk {
	uint64_t place;
	bool encrypted, ended, volume;
	size_t blocks;
};

/* Seven bits a byte, the low ones first; the eighth: another follows. */
static uint64_t
read_number(struct reader *reader)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint8_t byte = read_u8(reader);

		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return value;
	}
	reader->overrun = true;
	return 0;
}

/* A block of RAR 5; false when none begins here. */
static bool
step_new(struct span at, struct walk *walk)
{
	enum { MAIN = 1, ENCRYPTION = 4, END = 5, HAS_EXTRA = 1, HAS_DATA = 2 };
	struct span rest = span_from(at, walk->place), head;
	struct reader reader = {.rest = rest};
	uint32_t crc = read_u32_le(&reader);
	struct span summed = reader.rest;
	uint64_t size = read_number(&reader), type, flags, data = 0;
	size_t said = summed.size - reader.rest.size;

	head = read_bytes(&reader, size > (uint64_t)2 << 20 ? SIZE_MAX : (size_t)size);
	if (reader.overrun || crc32_of(0, span_part(summed, 0, said + head.size)) != crc)
		return false;
	reader.rest = head;
	type = read_number(&reader);
	flags = read_number(&reader);
	if (flags & HAS_EXTRA)
		read_number(&reader);
	if (flags & HAS_DATA)
		data = read_number(&reader);
	walk->volume |= type == MAIN && read_number(&reader) & 1;
	walk->encrypted |= type == ENCRYPTION;
	walk->ended = type == END;
	walk->place += 4 + said + head.size;
	if (reader.overrun || data > at.size - walk->place)
		return false;
	walk->place += data;
	return true;
}

/* A block of the formats before. */
static bool
step_old(struct span at, struct walk *walk)
{
	enum {
		MAIN = 0x73,
		FILE = 0x74,
		SERVICE = 0x7a,
		END = 0x7b,
		HAS_DATA = 0x8000,
		LARGE = 0x100
	};
	struct span rest = span_from(at, walk->place);
	struct reader reader = {.rest = rest};
	uint16_t crc = read_u16_le(&reader), flags, size;
	uint8_t type = read_u8(&reader);
	uint64_t data = 0;
	bool is_file = type == FILE || type == SERVICE;

	flags = read_u16_le(&reader);
	size = read_u16_le(&reader);
	if (reader.overrun || size < 7 || type < 0x72 || type > END || size > rest.size ||
	    (uint16_t)crc32_of(0, span_part(rest, 2, (size_t)size - 2)) != crc)
		return false;
	if (flags & HAS_DATA || is_file)
		data = read_u32_le(&reader);
	if (is_file && flags & LARGE) {
		read_bytes(&reader, 21);
		data |= (uint64_t)read_u32_le(&reader) << 32;
	}
	walk->volume |= type == MAIN && flags & 1;
	walk->encrypted |= type == MAIN && flags & 0x80;
	walk->ended = type == END;
	walk->place += size;
	if (reader.overrun || data > at.size - walk->place)
		return false;
	walk->place += data;
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	bool is_new = span_starts_with(at, "Rar!\x1a\x07\x01\x00", NEW_MAGIC);
	struct walk walk = {.place = is_new ? NEW_MAGIC : OLD_MAGIC};

	while (walk.blocks < MAX_BLOCKS && !walk.encrypted && !walk.ended &&
	       (is_new ? step_new(at, &walk) : step_old(at, &walk)))
		walk.blocks++;
	if (walk.blocks == 0 && !claim->expected)
		return;
	claim->bytes = walk.ended ? walk.place : at.size;
	claim->detail = arena_printf(job, "version %s%s%s%s", is_new ? "5" : "4 or before",
	    walk.encrypted ? ", headers encrypted" : "",
	    walk.volume ? ", one of several volumes" : "",
	    walk.ended || walk.encrypted ? "" : ", without its end");
	if (walk.encrypted) {
		claim->coverage = COVERAGE_ENCRYPTED;
		claim->incomplete = "the archive is encrypted";
	} else if (!walk.ended) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the archive is damaged or cut short";
	} else if (walk.volume) {
		claim->incomplete = "other volumes of the archive are elsewhere";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	bool is_new = span_starts_with(content, "Rar!\x1a\x07\x01\x00", NEW_MAGIC);

	return libarchive_extract(
	    job, unpack, container, content, is_new ? LIBARCHIVE_RAR5 : LIBARCHIVE_RAR);
}

static const struct magic magics[] = {{.pattern = "Rar!\\x1a\\x07\\x00", .length = 7},
    {.pattern = "Rar!\\x1a\\x07\\x01\\x00", .length = 8}};

const struct format format_rar = {
    .name = "rar",
    .title = "RAR archive",
    .source = "RAR 5.0 archive format (rarlab.com technote); unrar technote.txt for 4; read by "
	      "libarchive",
    .gaps =
	"encrypted entries are told as encrypted; volumes; old archives that have no last block "
	"are called damaged; hard links are told as links",
    .unproven = true,
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
