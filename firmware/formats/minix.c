/* MINIX file systems have three versions and two byte orders, all told by where the magic stands
 * and how it is spelt. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/pieces.h"
#include "firmware/unpack.h"

#define SUPER_AT 1024u
#define ROOT_INODE 1u
#define MAX_DEPTH 64u
#define DIRECT_ZONES 7u
#define MAX_ZONES 10u /* direct ones, then up to three levels of indirection */
#define LARGEST_FOLDER ((uint64_t)16 << 20)
#define LONGEST_TARGET ((uint64_t)65536)

struct super {
	bool big;
	unsigned version;
	uint32_t inodes, zones, inode_maps, zone_maps, first_zone, log_zone;
	uint32_t block_size;
	size_t name_size, inode_size, zone_size; /* the last: of the number of a zone */
	uint64_t bytes, table_at;
};

struct inode {
	uint32_t number, mode, uid, gid, links, size;
	uint32_t zones[MAX_ZONES];
};

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct super super;
	uint8_t *visited; /* a bit for each inode of a folder */
	unsigned depth;
};

static enum status walk_folder(struct walk *walk, struct node *folder, const struct inode *inode);

static uint32_t
read_u16(struct reader *reader, bool big)
{
	return big ? read_u16_be(reader) : read_u16_le(reader);
}

static uint32_t
read_u32(struct reader *reader, bool big)
{
	return big ? read_u32_be(reader) : read_u32_le(reader);
}

/* What a magic, read as little-endian, says; false when it is none. */
static bool
know_magic(uint32_t magic, struct super *super)
{
	static const struct {
		uint16_t magic;
		uint8_t version, name_size;
	} known[] = {{0x137f, 1, 14}, {0x138f, 1, 30}, {0x2468, 2, 14}, {0x2478, 2, 30}};
	uint32_t swapped = (magic >> 8 | magic << 8) & 0xffff;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (magic != known[i].magic && swapped != known[i].magic)
			continue;
		super->big = magic != known[i].magic;
		super->version = known[i].version;
		super->name_size = known[i].name_size;
		return true;
	}
	return false;
}

static bool
read_old_super(struct span at, struct super *super)
{
	struct reader magic = {.rest = span_part(at, 16, 2)}, reader = {.rest = at};

	if (!know_magic(read_u16_le(&magic), super))
		return false;
	super->inodes = read_u16(&reader, super->big);
	super->zones = read_u16(&reader, super->big);
	super->inode_maps = read_u16(&reader, super->big);
	super->zone_maps = read_u16(&reader, super->big);
	super->first_zone = read_u16(&reader, super->big);
	super->log_zone = read_u16(&reader, super->big);
	read_bytes(&reader, 8); /* largest file, magic, state */
	if (super->version == 2)
		super->zones = read_u32(&reader, super->big);
	super->block_size = 1024;
	super->inode_size = super->version == 1 ? 32 : 64;
	super->zone_size = super->version == 1 ? 2 : 4;
	return !reader.overrun;
}

static bool
read_new_super(struct span at, struct super *super)
{
	struct reader magic = {.rest = span_part(at, 24, 2)}, reader = {.rest = at};
	uint32_t spelt = read_u16_le(&magic);

	if (spelt != 0x4d5a && spelt != 0x5a4d)
		return false;
	super->version = 3;
	super->big = spelt != 0x4d5a;
	super->inodes = read_u32(&reader, super->big);
	read_bytes(&reader, 2);
	super->inode_maps = read_u16(&reader, super->big);
	super->zone_maps = read_u16(&reader, super->big);
	super->first_zone = read_u16(&reader, super->big);
	super->log_zone = read_u16(&reader, super->big);
	read_bytes(&reader, 6); /* padding, largest file */
	super->zones = read_u32(&reader, super->big);
	read_bytes(&reader, 4); /* magic, padding */
	super->block_size = read_u16(&reader, super->big);
	super->name_size = 60;
	super->inode_size = 64;
	super->zone_size = 4;
	return !reader.overrun && super->block_size >= 1024 && super->block_size <= 32768 &&
	       (super->block_size & (super->block_size - 1)) == 0;
}

static bool
read_inode(struct span image, const struct super *super, uint32_t number, struct inode *inode)
{
	struct reader reader = {
	    .rest = span_part(image, super->table_at + (number - 1) * (uint64_t)super->inode_size,
		super->inode_size)};
	size_t zones = super->version == 1 ? 9 : MAX_ZONES;
	bool big = super->big;

	*inode = (struct inode){.number = number};
	if (number == 0 || number > super->inodes)
		return false;
	inode->mode = read_u16(&reader, big);
	if (super->version == 1) {
		inode->uid = read_u16(&reader, big);
		inode->size = read_u32(&reader, big);
		read_bytes(&reader, 4); /* time */
		inode->gid = read_u8(&reader);
		inode->links = read_u8(&reader);
	} else {
		inode->links = read_u16(&reader, big);
		inode->uid = read_u16(&reader, big);
		inode->gid = read_u16(&reader, big);
		inode->size = read_u32(&reader, big);
		read_bytes(&reader, 12); /* times */
	}
	for (size_t i = 0; i < zones; i++)
		inode->zones[i] =
		    super->zone_size == 2 ? read_u16(&reader, big) : read_u32(&reader, big);
	return !reader.overrun && inode->links != 0;
}

/* Magics of two bytes come by chance, so all numbers have to fit one another. */
static bool
read_super(struct span at, struct super *super)
{
	struct span place = span_from(at, SUPER_AT);
	uint64_t maps, table_blocks, map_bits;
	struct inode root;

	*super = (struct super){0};
	if (!read_old_super(place, super) && !read_new_super(place, super))
		return false;
	maps = (uint64_t)super->inode_maps + super->zone_maps;
	map_bits = super->block_size * UINT64_C(8);
	table_blocks = ((uint64_t)super->inodes * super->inode_size + super->block_size - 1) /
		       super->block_size;
	if (super->inodes == 0 || super->log_zone != 0 || super->first_zone >= super->zones ||
	    super->first_zone < 2 + maps + table_blocks ||
	    super->inode_maps * map_bits < super->inodes + UINT64_C(1) ||
	    super->zone_maps * map_bits < super->zones - super->first_zone + UINT64_C(1))
		return false;
	super->bytes = (uint64_t)super->zones * super->block_size;
	super->table_at = (2 + maps) * super->block_size;
	return read_inode(at, super, ROOT_INODE, &root) && (root.mode & 0170000) == 0040000 &&
	       root.size != 0 && root.zones[0] >= super->first_zone && root.zones[0] < super->zones;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct super super;
	bool cut;

	if (!read_super(at, &super))
		return;
	cut = super.bytes > at.size;
	claim->bytes = cut ? at.size : super.bytes;
	claim->detail = arena_printf(job, "version %u, %s-endian, names of %zu bytes%s",
	    super.version, super.big ? "big" : "little", super.name_size, cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the file system is cut short";
	}
}

/* A zone of data, or one of numbers of zones, `level` deep; what is 0 is a hole. */
static bool
add_zone(struct walk *walk, struct pieces *pieces, uint32_t zone, unsigned level, uint64_t *at)
{
	const struct super *super = &walk->super;
	uint64_t block = super->block_size, count = block / super->zone_size, covered = block;
	uint64_t place = zone * block;
	struct reader reader = {.rest = span_part(walk->image, place, block)};

	for (unsigned i = 0; i < level; i++)
		covered *= count;
	if (zone == 0) {
		*at += covered;
		return true;
	}
	if (zone < super->first_zone || zone >= super->zones) {
		pieces->why = "its zones make no sense";
		return false;
	}
	if (level == 0) {
		*at += block;
		return pieces_add(pieces, *at - block, place, block);
	}
	for (uint64_t i = 0; i < count && *at < pieces->size; i++) {
		uint32_t next = super->zone_size == 2 ? read_u16(&reader, super->big)
						      : read_u32(&reader, super->big);

		/* at most three levels deep */
		if (reader.overrun || !add_zone(walk, pieces, next, level - 1, at)) {
			pieces->why =
			    pieces->why == NULL ? "a piece of it lies outside" : pieces->why;
			return false;
		}
	}
	return true;
}

static const char *
read_content(struct walk *walk, const struct inode *inode, uint64_t room, struct span *content)
{
	struct pieces pieces = {
	    .job = walk->job, .image = walk->image, .size = inode->size, .room = room};
	size_t levels = walk->super.version == 1 ? 2 : 3;
	uint64_t at = 0;
	bool good = true;
	const char *why;

	if (inode->size > room && inode->size > walk->image.size)
		return "limit: larger than what may be unpacked";
	for (size_t i = 0; i < DIRECT_ZONES + levels && good && at < inode->size; i++)
		good = add_zone(walk, &pieces, inode->zones[i],
		    i < DIRECT_ZONES ? 0 : (unsigned)(i - DIRECT_ZONES + 1), &at);
	if (good && at < inode->size)
		return "its size makes no sense";
	why = pieces_end(&pieces, content);
	if (why != NULL)
		unpack_waste(walk->unpack, pieces.bytes == NULL ? 0 : inode->size);
	return why;
}

static enum status
damaged(struct walk *walk, struct node *folder, struct span name, const struct inode *inode,
    const char *why)
{
	const char *text = text_from_bytes(walk->job, name.at, name.size, 255);

	if (text == NULL)
		return STATUS_LIMIT;
	return unpack_damage(walk->unpack, folder, 0, inode->size, COVERAGE_DAMAGED,
	    "minix: %s, inode %u: %s", text, inode->number, why);
}

static bool
visit(struct walk *walk, uint32_t number)
{
	uint8_t *byte = &walk->visited[number / 8], bit = (uint8_t)(1u << (number & 7));

	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static enum status
add_other(struct walk *walk, struct node *folder, struct entry *entry, const struct inode *inode)
{
	struct node *node;
	const char *why = NULL;

	if (entry->type == NODE_LINK)
		why = read_content(walk, inode, LONGEST_TARGET, &entry->target);
	if (entry->type == NODE_FOLDER && (walk->depth >= MAX_DEPTH || !visit(walk, inode->number)))
		why = "a folder too deep, or seen before";
	if (why != NULL)
		return damaged(walk, folder, entry->name, inode, why);
	TRY(unpack_entry(walk->unpack, folder, entry, &node));
	return entry->type == NODE_FOLDER && node != NULL ? walk_folder(walk, node, inode)
							  : STATUS_OK;
}

static enum status
add_inode(struct walk *walk, struct node *folder, struct span name, uint32_t number)
{
	struct entry entry = {.name = name};
	struct inode inode;
	struct span content;
	const char *why;

	if (!read_inode(walk->image, &walk->super, number, &inode))
		return damaged(walk, folder, name, &inode, "it is outside or not in use");
	entry.type = node_type_of(inode.mode);
	entry.mode = inode.mode;
	entry.uid = inode.uid;
	entry.gid = inode.gid;
	entry.bytes = inode.size;
	entry.major = inode.zones[0] >> 8 & 0xff;
	entry.minor = inode.zones[0] & 0xff;
	entry.is_block = (inode.mode & 0170000) == 0060000;
	if (entry.type != NODE_FILE)
		return add_other(walk, folder, &entry, &inode);
	if ((inode.mode & 0170000) != 0100000)
		return damaged(walk, folder, name, &inode, "a file of no known type");
	why = read_content(walk, &inode, unpack_room(walk->unpack), &content);
	if (why != NULL)
		return damaged(walk, folder, name, &inode, why);
	return unpack_file(walk->unpack, folder, &entry, content, NULL);
}

static bool
is_dot(struct span name)
{
	return name.size != 0 && name.at[0] == '.' &&
	       (name.size == 1 || (name.size == 2 && name.at[1] == '.'));
}

static enum status
walk_folder(struct walk *walk, struct node *folder, const struct inode *inode)
{
	struct arena_mark outer = arena_mark(walk->job->arena);
	const struct super *super = &walk->super;
	struct reader reader = {0};
	enum status status = STATUS_OK;
	const char *why = read_content(walk, inode, LARGEST_FOLDER, &reader.rest);

	if (why != NULL)
		return unpack_damage(walk->unpack, folder, 0, inode->size, COVERAGE_DAMAGED,
		    "minix: folder, inode %u: %s", inode->number, why);
	walk->depth++;
	while (reader.rest.size != 0 && status == STATUS_OK) {
		struct arena_mark mark = arena_mark(walk->job->arena);
		uint32_t number = super->version == 3 ? read_u32(&reader, super->big)
						      : read_u16(&reader, super->big);
		struct span name = read_bytes(&reader, super->name_size);

		if (reader.overrun) {
			status = unpack_damage(walk->unpack, folder, 0, inode->size,
			    COVERAGE_DAMAGED, "minix: folder, inode %u, is damaged", inode->number);
			break;
		}
		name.size = strnlen((const char *)name.at, name.size);
		if (number != 0 && !is_dot(name))
			status = add_inode(walk, folder, name, number);
		arena_release(walk->job->arena, mark);
	}
	walk->depth--;
	arena_release(walk->job->arena, outer);
	return status;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct walk walk = {.job = job, .unpack = unpack, .image = content};
	struct inode root;

	if (!read_super(content, &walk.super) ||
	    !read_inode(content, &walk.super, ROOT_INODE, &root))
		return fail(job, STATUS_MALFORMED, "minix: no superblock");
	/* inodes that are not there need no bit */
	walk.visited = arena_allocate(job, content.size / walk.super.inode_size / 8 + 2);
	if (walk.visited == NULL)
		return STATUS_LIMIT;
	visit(&walk, ROOT_INODE);
	return walk_folder(&walk, container, &root);
}

/* With what stands beside them: the state of old ones, the block size of new ones. */
static const struct magic magics[] = {
    {.pattern = "[\\x7f\\x8f]\\x13[\\x00-\\x03]\\x00", .length = 4, .offset = 1040},
    {.pattern = "\\x13[\\x7f\\x8f]\\x00[\\x00-\\x03]", .length = 4, .offset = 1040},
    {.pattern = "[\\x68\\x78]\\x24[\\x00-\\x03]\\x00", .length = 4, .offset = 1040},
    {.pattern = "\\x24[\\x68\\x78]\\x00[\\x00-\\x03]", .length = 4, .offset = 1040},
    {.pattern = "\\x5a\\x4d..\\x00[\\x04-\\x80]", .length = 6, .offset = 1048},
    {.pattern = "\\x4d\\x5a..[\\x04-\\x80]\\x00", .length = 6, .offset = 1048},
};

const struct format format_minix = {
    .name = "minix",
    .title = "MINIX file systems, versions 1 to 3, either byte order",
    .source = "Linux include/uapi/linux/minix_fs.h, fs/minix; MINIX 3 servers/mfs",
    .gaps = "zones of several blocks; deleted files; what the bitmaps say",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
