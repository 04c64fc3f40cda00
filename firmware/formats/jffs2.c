/* There is no superblock: a file system is all nodes of one byte order that lie near each other. */
#include "firmware/formats/jffs2.h"

#include <inttypes.h>

#include "base/arena.h"

#define LARGEST_NODE ((uint32_t)4 << 20)
#define MOST_LOST ((uint64_t)128 << 10) /* bytes that are no nodes between two that are */

uint32_t
jffs2_crc(struct span bytes)
{
	return bytes.size == 0 ? 0 : ~crc32_of(UINT32_MAX, bytes);
}

uint32_t
jffs2_u32(struct reader *reader, bool big)
{
	return big ? read_u32_be(reader) : read_u32_le(reader);
}

uint16_t
jffs2_u16(struct reader *reader, bool big)
{
	return big ? read_u16_be(reader) : read_u16_le(reader);
}

/* The checksum is that of the header before the node became obsolete. */
static bool
header_is_good(const struct jffs2_node *node, uint32_t crc)
{
	uint16_t magic = 0x1985, type = (uint16_t)(node->type | JFFS2_ACCURATE);
	uint8_t header[8];

	for (size_t i = 0; i < sizeof header; i++) {
		size_t place = i < 4 ? i % 2 : i % 4;
		size_t shift = (node->big ? (i < 4 ? 1 : 3) - place : place) * 8;
		uint32_t value = i < 2 ? magic : i < 4 ? type : node->bytes;

		header[i] = (uint8_t)(value >> shift);
	}
	return jffs2_crc((struct span){header, sizeof header}) == crc;
}

bool
jffs2_read_node(struct span image, uint64_t at, bool big, struct jffs2_node *node)
{
	struct reader reader = {.rest = span_from(image, at)};
	uint16_t magic = jffs2_u16(&reader, big);

	node->big = big;
	node->type = jffs2_u16(&reader, big);
	node->bytes = jffs2_u32(&reader, big);
	if (magic != 0x1985 || node->bytes < JFFS2_HEADER || node->bytes > LARGEST_NODE ||
	    !header_is_good(node, jffs2_u32(&reader, big)) || reader.overrun)
		return false;
	node->whole = span_part(image, at, node->bytes);
	return true;
}

bool
jffs2_next_node(struct span image, bool big, uint64_t *at, struct jffs2_node *node, uint64_t *lost)
{
	for (*lost = 0; *at + JFFS2_HEADER <= image.size; *at += 4) {
		const uint8_t *word = image.at + *at;
		uint8_t fill = word[0];

		if (fill == word[1] && fill == word[2] && fill == word[3] &&
		    (fill == 0xff || fill == 0))
			continue;
		if (jffs2_read_node(image, *at, big, node))
			return true;
		*lost += 4;
		if (*lost > MOST_LOST)
			return false;
	}
	return false;
}

/* What tells one file system from another behind it. */
struct extent {
	uint64_t nodes, end, marker; /* where the marker before this node begins */
	bool cut, has_first;
	uint32_t parent, version;
	struct span first; /* name node */
};

/* Within a folder no version is given twice: a second one is of another file system. */
static bool
begins_anew(struct extent *extent, const struct jffs2_node *node)
{
	struct reader reader = {.rest = span_from(node->whole, JFFS2_HEADER)};
	uint32_t parent = jffs2_u32(&reader, node->big), version = jffs2_u32(&reader, node->big);

	if (node->type != JFFS2_NAME || reader.overrun)
		return false;
	if (extent->has_first)
		return parent == extent->parent && version == extent->version &&
		       !span_equal(node->whole, extent->first);
	extent->has_first = true;
	extent->parent = parent;
	extent->version = version;
	extent->first = node->whole;
	return false;
}

static void
find_end(struct span at, bool big, struct extent *extent)
{
	uint64_t place = 0, lost, begin = 0;
	struct jffs2_node node;

	while (jffs2_next_node(at, big, &place, &node, &lost)) {
		uint64_t end = place + ((node.bytes + (uint64_t)3) & ~(uint64_t)3);

		if (begins_anew(extent, &node)) {
			/* the marker before it is the other one's too */
			if (begin == extent->end)
				extent->end = extent->marker;
			return;
		}
		if (node.type == JFFS2_CLEAN_MARKER) {
			extent->marker = extent->end;
			begin = end;
		}
		extent->nodes++;
		extent->cut = node.whole.size == 0;
		extent->end = end > at.size ? at.size : end;
		place = end;
	}
}

/* Do the last bytes begin a node, too few even for its header? */
static bool
ends_in_header(struct span at, bool big, uint64_t end)
{
	struct span rest = span_from(at, end);

	return rest.size != 0 && rest.size < JFFS2_HEADER &&
	       span_starts_with(big ? (struct span){(const uint8_t *)"\x19\x85", 2}
				    : (struct span){(const uint8_t *)"\x85\x19", 2},
		   rest.at, rest.size < 2 ? rest.size : 2);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	bool big = at.size != 0 && at.at[0] == 0x19;
	struct extent extent = {0};
	struct jffs2_node node;

	if (!jffs2_read_node(at, 0, big, &node))
		return;
	find_end(at, big, &extent);
	if (ends_in_header(at, big, extent.end)) {
		extent.cut = true;
		extent.end = at.size;
	}
	claim->bytes = extent.end;
	claim->detail = arena_printf(job, "%s-endian, %" PRIu64 " nodes%s", big ? "big" : "little",
	    extent.nodes, extent.cut ? ", cut short" : "");
	if (extent.cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "jffs2: the last node is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct jffs2 fs = {.job = job, .unpack = unpack, .container = container, .image = content};

	fs.big = content.size != 0 && content.at[0] == 0x19;
	TRY(jffs2_collect(&fs));
	return jffs2_walk(&fs);
}

static const struct magic magics[] = {
    {.pattern = "\\x85\\x19[\\x01-\\x09][\\x20\\xe0]", .length = 4},
    {.pattern = "\\x19\\x85[\\x20\\xe0][\\x01-\\x09]", .length = 4},
};

const struct format format_jffs2 = {
    .name = "jffs2",
    .title = "JFFS2, either byte order",
    .source = "Linux include/uapi/linux/jffs2.h, fs/jffs2",
    .gaps = "what older and deleted nodes held is not shown; no sample shows rubin",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
