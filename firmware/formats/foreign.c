/* What nobody here can read is recognised and measured all the same: bytes not looked into must be
 * counted as such. */
#include "base/arena.h"
#include "firmware/unpack.h"

#define WHOLE_REST UINT64_MAX /* how far it reaches is not told where it begins */
#define SMALLEST_UBI_BLOCK ((uint64_t)16 << 10)
#define LARGEST_UBI_BLOCK ((uint64_t)2 << 20)

static uint64_t
little(struct span at, uint64_t offset, size_t size)
{
	struct span part = span_part(at, offset, size);
	uint64_t value = 0;

	for (size_t i = part.size; i-- > 0;)
		value = value << 8 | part.at[i];
	return value;
}

static uint64_t
big(struct span at, uint64_t offset, size_t size)
{
	struct span part = span_part(at, offset, size);
	uint64_t value = 0;

	for (size_t i = 0; i < part.size; i++)
		value = value << 8 | part.at[i];
	return value;
}

static bool
has(struct span at, uint64_t offset, const char *bytes, size_t size)
{
	return span_starts_with(span_from(at, offset), bytes, size);
}

/* `count` units of 2^`log` bytes; 0 when either makes no sense. */
static uint64_t
units(uint64_t count, uint64_t log)
{
	return log > 16 || count > UINT64_MAX >> 17 ? 0 : count << log;
}

static uint64_t
log_of(uint64_t power)
{
	return power != 0 && (power & (power - 1)) == 0 ? (uint64_t)__builtin_ctzll(power) : 64;
}

static uint64_t
ext_size(struct span at)
{
	bool good = has(at, 1080, "\x53\xef", 2) && little(at, 1024, 4) != 0 &&
		    little(at, 1044, 4) <= 1 && little(at, 1048, 4) <= 6 &&
		    little(at, 1056, 4) != 0 && little(at, 1064, 4) != 0 &&
		    little(at, 1100, 4) <= 1;

	return good ? units(little(at, 1028, 4), 10 + little(at, 1048, 4)) : 0;
}

static uint64_t
fat_size(struct span at)
{
	uint64_t log = log_of(little(at, 11, 2)), count = little(at, 19, 2);

	if (has(at, 3, "NTFS    ", 8))
		return log < 9 || log > 12 ? 0 : units(little(at, 40, 8), log);
	if (has(at, 3, "EXFAT   ", 8))
		return little(at, 108, 1) < 9 ? 0 : units(little(at, 72, 8), little(at, 108, 1));
	if (log < 9 || log > 12 || log_of(little(at, 13, 1)) > 7 || little(at, 14, 2) == 0 ||
	    little(at, 16, 1) - 1 > 1 || little(at, 21, 1) < 0xf0)
		return 0;
	return units(count != 0 ? count : little(at, 32, 4), log);
}

static uint64_t
iso_size(struct span at)
{
	uint64_t log = log_of(little(at, 0x8080, 2));

	return has(at, 0x8000, "\1CD001\1", 7) ? units(little(at, 0x8050, 4), log) : 0;
}

static uint64_t
xfs_size(struct span at)
{
	uint64_t log = log_of(big(at, 4, 4));

	return log < 9 || log > 16 ? 0 : units(big(at, 8, 8), log);
}

static uint64_t
romfs_size(struct span at)
{
	uint64_t size = big(at, 8, 4), summed = size < 512 ? size : 512;
	uint32_t sum = 0;

	for (uint64_t i = 0; i + 4 <= summed; i += 4)
		sum += (uint32_t)big(at, i, 4);
	return size >= 32 && sum == 0 ? size : 0;
}

/* Bytes of the node that begins here; 0 when none does. */
static uint64_t
jffs2_node(struct span at)
{
	bool is_big = has(at, 0, "\x19\x85", 2);
	uint64_t (*number)(struct span, uint64_t, size_t) = is_big ? big : little;
	uint64_t bytes = number(at, 4, 4);

	if (at.size < 12 || (!is_big && !has(at, 0, "\x85\x19", 2)) || bytes < 12)
		return 0;
	/* a CRC that starts at zero and is not inverted */
	if (number(at, 8, 4) != (uint32_t)~crc32_of(UINT32_MAX, span_part(at, 0, 8)))
		return 0;
	return (bytes + 3) & ~(uint64_t)3;
}

/* Nodes and what was erased between them. */
static uint64_t
jffs2_size(struct span at)
{
	uint64_t end = 0, cursor = 0;

	while (cursor < at.size) {
		uint64_t bytes = jffs2_node(span_from(at, cursor));

		if (bytes != 0)
			end = cursor + bytes;
		else if (!has(at, cursor, "\xff\xff\xff\xff", 4) && !has(at, cursor, "\0\0\0\0", 4))
			break;
		cursor += bytes != 0 ? bytes : 4;
	}
	return end;
}

static uint64_t
ubi_size(struct span at)
{
	uint64_t block = SMALLEST_UBI_BLOCK, end;

	if (at.size < 64 || big(at, 60, 4) != (uint32_t)~crc32_of(0, span_part(at, 0, 60)))
		return 0;
	while (block <= LARGEST_UBI_BLOCK && !has(at, block, "UBI#", 4))
		block *= 2;
	if (block > LARGEST_UBI_BLOCK)
		return WHOLE_REST;
	for (end = block; has(at, end, "UBI#", 4) || has(at, end, "\xff\xff\xff\xff", 4);)
		end += block;
	return end;
}

static uint64_t
ubifs_size(struct span at)
{
	/* the superblock node comes first */
	return little(at, 20, 1) == 6 && little(at, 16, 4) == 4096
		   ? little(at, 36, 4) * little(at, 40, 4)
		   : 0;
}

struct foreign {
	const char *title;
	uint64_t offset;
	const char *bytes;
	size_t length;
	uint64_t (*size)(struct span at); /* 0: it is none; NULL: its magic is all there is */
};

static const struct foreign foreigns[] = {
    {"ext2, ext3 or ext4", 1080, "\x53\xef", 2, ext_size},
    {"FAT, exFAT or NTFS", 0, "\xeb", 1, fat_size},
    {"ISO 9660", 0x8001, "CD001", 5, iso_size},
    {"XFS", 0, "XFSB", 4, xfs_size},
    {"romfs", 0, "-rom1fs-", 8, romfs_size},
    {"JFFS2", 0, "\x85\x19", 2, jffs2_size},
    {"JFFS2, big-endian", 0, "\x19\x85", 2, jffs2_size},
    {"UBI", 0, "UBI#", 4, ubi_size},
    {"UBIFS", 0, "\x31\x18\x10\x06", 4, ubifs_size},
    {"LUKS", 0, "LUKS\xba\xbe", 6, NULL},
    {"7z", 0, "7z\xbc\xaf\x27\x1c", 6, NULL},
    {"RAR", 0, "Rar!\x1a\x07", 6, NULL},
};

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	for (size_t i = 0; i < ARRAY_SIZE(foreigns) && claim->bytes == 0; i++) {
		const struct foreign *foreign = &foreigns[i];
		uint64_t size = 0;

		if (!has(at, foreign->offset, foreign->bytes, foreign->length))
			continue;
		if (foreign->size != NULL)
			size = foreign->size(at);
		else if (claim->expected) /* programs that know such a thing hold its magic too */
			size = WHOLE_REST;
		if (size == 0)
			continue;
		claim->bytes = size > at.size ? at.size : size;
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = arena_printf(job, "%s is not read", foreign->title);
		claim->detail = foreign->title;
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)unpack;
	(void)container;
	(void)content;
	return fail(job, STATUS_MALFORMED, "a format that is not read");
}

#define MAGIC(text, count, at)                                                                     \
	{                                                                                          \
		.pattern = text, .length = count, .offset = at                                     \
	}

static const struct magic magics[] = {
    MAGIC("\\x53\\xef", 2, 1080),
    MAGIC("\\xeb.\\x90", 3, 0),
    MAGIC("CD001", 5, 0x8001),
    MAGIC("XFSB", 4, 0),
    MAGIC("-rom1fs-", 8, 0),
    MAGIC("\\x85\\x19[\\x01-\\x09][\\x20\\xe0]", 4, 0),
    MAGIC("\\x19\\x85[\\x20\\xe0][\\x01-\\x09]", 4, 0),
    MAGIC("UBI#\\x01", 5, 0),
    MAGIC("\\x31\\x18\\x10\\x06", 4, 0),
    MAGIC("LUKS\\xba\\xbe", 6, 0),
    MAGIC("7z\\xbc\\xaf\\x27\\x1c", 6, 0),
    MAGIC("Rar!\\x1a\\x07", 6, 0),
};

const struct format format_foreign = {
    .name = "foreign",
    .title = "ext2 to ext4, FAT, exFAT, NTFS, ISO 9660, XFS, romfs, JFFS2, UBI, "
	     "UBIFS, LUKS, 7z and RAR",
    .source = "Linux fs/ and drivers/mtd/ubi: the superblocks",
    .gaps = "recognised and measured only: nothing in it is read",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
