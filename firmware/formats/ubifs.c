/* Nothing is ever written over: the node with the highest sequence number is the one that counts.
 */
#include "firmware/formats/ubifs.h"

#include <inttypes.h>

#include "base/arena.h"

#define SUPER_BYTES ((uint32_t)4096)
#define SMALLEST_LEB ((uint32_t)15 << 10)
#define LARGEST_LEB ((uint32_t)64 << 20)
#define MAX_VERSION 5u

bool
ubifs_read_node(struct span image, uint64_t at, struct ubifs_node *node, bool *bad)
{
	struct reader reader = {.rest = span_from(image, at)};
	uint32_t magic = read_u32_le(&reader), crc = read_u32_le(&reader);
	struct span whole;

	*bad = false;
	node->sequence = read_u64_le(&reader);
	node->bytes = read_u32_le(&reader);
	node->kind = read_u8(&reader);
	read_bytes(&reader, 3);
	if (reader.overrun || magic != 0x06101831 || node->bytes < UBIFS_COMMON)
		return false;
	*bad = true;
	whole = span_part(image, at, node->bytes);
	node->body = span_from(whole, UBIFS_COMMON);
	if (whole.size == 0)
		return false;
	*bad = (uint32_t)~crc32_of(0, span_from(whole, 8)) != crc;
	return !*bad;
}

bool
ubifs_read_super(struct span at, struct ubifs_super *super)
{
	struct reader reader = {.rest = span_part(at, UBIFS_COMMON, SUPER_BYTES - UBIFS_COMMON)};
	struct ubifs_node node;
	bool bad;

	super->crc_good = ubifs_read_node(at, 0, &node, &bad);
	if ((!super->crc_good && !bad) || node.kind != UBIFS_SUPER || node.bytes != SUPER_BYTES)
		return false;
	read_bytes(&reader, 3); /* padding, hash of names */
	super->key_format = read_u8(&reader);
	super->flags = read_u32_le(&reader);
	read_u32_le(&reader); /* smallest write */
	super->leb_size = read_u32_le(&reader);
	super->leb_count = read_u32_le(&reader);
	read_bytes(&reader, 4 + 8);
	super->log_lebs = read_u32_le(&reader);
	read_bytes(&reader, 5 * 4);
	super->version = read_u32_le(&reader);
	super->codec = read_u16_le(&reader);
	read_bytes(&reader, 2 + 4 + 4 + 8 + 4 + 16 + 4 + 64 + 64);
	super->hash = read_u16_le(&reader);
	return !reader.overrun && super->leb_size >= SMALLEST_LEB &&
	       super->leb_size <= LARGEST_LEB && super->leb_size % 8 == 0 && super->leb_count > 2;
}

static const char *
codec_name(uint16_t codec)
{
	static const char *const names[] = {"stored", "lzo", "zlib", "zstd"};

	return codec < ARRAY_SIZE(names) ? names[codec] : "unknown codec";
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct ubifs_super super;
	uint64_t said;

	if (!ubifs_read_super(at, &super) || (!super.crc_good && !claim->expected))
		return;
	said = (uint64_t)super.leb_size * super.leb_count;
	claim->bytes = said > at.size ? at.size : said;
	claim->detail = arena_printf(job,
	    "format %" PRIu32 ", %" PRIu32 " eraseblocks of %" PRIu32
	    ", %s, superblock crc %s%s%s%s",
	    super.version, super.leb_count, super.leb_size, codec_name(super.codec),
	    super.crc_good ? "good" : "bad",
	    super.flags & UBIFS_AUTHENTICATED ? ", authenticated (not verified)" : "",
	    super.flags & UBIFS_ENCRYPTED ? ", holds encrypted files" : "",
	    said > at.size ? ", shorter than that" : "");
	if (!super.crc_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "ubifs: the superblock's checksum is bad";
	}
	if (super.version > MAX_VERSION || super.key_format != 0 ||
	    (super.flags & ~(uint32_t)UBIFS_KNOWN_FLAGS) != 0) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "ubifs: an unknown version, key format or flag";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct ubifs fs = {.job = job, .unpack = unpack, .container = container, .image = content};

	if (!ubifs_read_super(content, &fs.super))
		return fail(job, STATUS_MALFORMED, "ubifs: no superblock");
	TRY(ubifs_collect(&fs));
	return ubifs_walk(&fs);
}

static const struct magic magics[] = {
    {.pattern = "\\x31\\x18\\x10\\x06.{16}\\x06", .length = 21},
};

const struct format format_ubifs = {
    .name = "ubifs",
    .title = "UBIFS",
    .source = "Linux fs/ubifs/ubifs-media.h",
    .gaps =
	"files encrypted with fscrypt are named as such; signatures and authentication hashes "
	"are not verified; files deleted while open (orphans, which have no name) are not shown",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
