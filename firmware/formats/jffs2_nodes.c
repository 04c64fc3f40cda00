/* Each node carries checksums of its own parts; one that is not whole may have held anything. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/jffs2.h"

#define ATTRIBUTE_BYTES ((size_t)32)
#define REFERENCE_BYTES ((size_t)28)

/* What could not be used. */
struct losses {
	uint64_t bytes, first; /* that are no nodes */
	uint64_t nodes, unknown;
};

static bool
read_piece(const struct jffs2_node *node, struct jffs2_piece *piece)
{
	struct reader reader = {.rest = span_from(node->whole, JFFS2_HEADER)};
	uint32_t packed, data_crc, node_crc;

	piece->inode = jffs2_u32(&reader, node->big);
	piece->version = jffs2_u32(&reader, node->big);
	piece->mode = jffs2_u32(&reader, node->big);
	piece->uid = jffs2_u16(&reader, node->big);
	piece->gid = jffs2_u16(&reader, node->big);
	piece->size = jffs2_u32(&reader, node->big);
	read_bytes(&reader, 3 * 4); /* times */
	piece->offset = jffs2_u32(&reader, node->big);
	packed = jffs2_u32(&reader, node->big);
	piece->bytes = jffs2_u32(&reader, node->big);
	piece->codec = read_u8(&reader);
	read_bytes(&reader, 3); /* codec asked for, flags */
	data_crc = jffs2_u32(&reader, node->big);
	node_crc = jffs2_u32(&reader, node->big);
	piece->data = read_bytes(&reader, packed);
	if (node_crc != jffs2_crc(span_part(node->whole, 0, JFFS2_INODE_BYTES - 8)))
		return false;
	piece->good = !reader.overrun && jffs2_crc(piece->data) == data_crc;
	return node->whole.size >= JFFS2_INODE_BYTES;
}

static bool
read_name(const struct jffs2_node *node, struct jffs2_name *name)
{
	struct reader reader = {.rest = span_from(node->whole, JFFS2_HEADER)};
	uint32_t node_crc, name_crc;
	uint8_t size;

	name->parent = jffs2_u32(&reader, node->big);
	name->version = jffs2_u32(&reader, node->big);
	name->inode = jffs2_u32(&reader, node->big);
	read_bytes(&reader, 4); /* time */
	size = read_u8(&reader);
	read_bytes(&reader, 3);
	node_crc = jffs2_u32(&reader, node->big);
	name_crc = jffs2_u32(&reader, node->big);
	name->text = read_bytes(&reader, size);
	return !reader.overrun &&
	       node_crc == jffs2_crc(span_part(node->whole, 0, JFFS2_NAME_BYTES - 8)) &&
	       name_crc == jffs2_crc(name->text);
}

static bool
read_attribute(const struct jffs2_node *node, struct jffs2_attribute *attribute)
{
	struct reader reader = {.rest = span_from(node->whole, JFFS2_HEADER)};
	uint32_t node_crc, data_crc;
	uint16_t value_size;
	uint8_t name_size;
	struct span data;

	attribute->number = jffs2_u32(&reader, node->big);
	attribute->version = jffs2_u32(&reader, node->big);
	attribute->prefix = read_u8(&reader);
	name_size = read_u8(&reader);
	value_size = jffs2_u16(&reader, node->big);
	data_crc = jffs2_u32(&reader, node->big);
	node_crc = jffs2_u32(&reader, node->big);
	data = read_bytes(&reader, (size_t)name_size + 1 + value_size);
	attribute->name = span_part(data, 0, name_size);
	attribute->value = span_from(data, (size_t)name_size + 1);
	return !reader.overrun && data_crc == jffs2_crc(data) &&
	       node_crc == jffs2_crc(span_part(node->whole, 0, ATTRIBUTE_BYTES - 4));
}

static bool
read_reference(const struct jffs2_node *node, struct jffs2_reference *reference)
{
	struct reader reader = {.rest = span_from(node->whole, JFFS2_HEADER)};

	reference->inode = jffs2_u32(&reader, node->big);
	reference->number = jffs2_u32(&reader, node->big);
	reference->version = jffs2_u32(&reader, node->big);
	return jffs2_u32(&reader, node->big) ==
		   jffs2_crc(span_part(node->whole, 0, REFERENCE_BYTES - 4)) &&
	       !reader.overrun;
}

/* Keeps a node; false when it is damaged. */
static bool
keep(struct jffs2 *fs, const struct jffs2_node *node)
{
	switch (node->type) {
	case JFFS2_INODE:
		return read_piece(node, &fs->pieces[fs->piece_count]) && ++fs->piece_count != 0;
	case JFFS2_NAME:
		return read_name(node, &fs->names[fs->name_count]) && ++fs->name_count != 0;
	case JFFS2_ATTRIBUTE:
		return read_attribute(node, &fs->attributes[fs->attribute_count]) &&
		       ++fs->attribute_count != 0;
	case JFFS2_REFERENCE:
		return read_reference(node, &fs->references[fs->reference_count]) &&
		       ++fs->reference_count != 0;
	default:
		return true;
	}
}

static bool
is_known(uint16_t type)
{
	return (type & JFFS2_ACCURATE) == 0 || type == JFFS2_NAME || type == JFFS2_INODE ||
	       type == JFFS2_CLEAN_MARKER || type == JFFS2_PADDING || type == JFFS2_SUMMARY ||
	       type == JFFS2_ATTRIBUTE || type == JFFS2_REFERENCE;
}

static int
compare_pieces(const void *a, const void *b)
{
	const struct jffs2_piece *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->version != y->version)
		return x->version < y->version ? -1 : 1;
	return x->data.at < y->data.at ? -1 : x->data.at > y->data.at;
}

static int
compare_names(const void *a, const void *b)
{
	const struct jffs2_name *x = a, *y = b;
	size_t common = x->text.size < y->text.size ? x->text.size : y->text.size;
	int order;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	order = common == 0 ? 0 : memcmp(x->text.at, y->text.at, common);
	if (order != 0)
		return order;
	if (x->text.size != y->text.size)
		return x->text.size < y->text.size ? -1 : 1;
	if (x->version != y->version)
		return x->version > y->version ? -1 : 1;
	return x->text.at < y->text.at ? -1 : x->text.at > y->text.at;
}

static int
compare_attributes(const void *a, const void *b)
{
	const struct jffs2_attribute *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->version != y->version)
		return x->version > y->version ? -1 : 1;
	return x->value.at < y->value.at ? -1 : x->value.at > y->value.at;
}

static int
compare_references(const void *a, const void *b)
{
	const struct jffs2_reference *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->version > y->version ? -1 : x->version < y->version;
}

/* Tables with room for all nodes of their kind. */
static enum status
make_tables(struct jffs2 *fs)
{
	size_t pieces = 0, names = 0, attributes = 0, references = 0;
	struct jffs2_node node;
	uint64_t at = 0, lost;

	while (jffs2_next_node(fs->image, fs->big, &at, &node, &lost)) {
		pieces += node.type == JFFS2_INODE;
		names += node.type == JFFS2_NAME;
		attributes += node.type == JFFS2_ATTRIBUTE;
		references += node.type == JFFS2_REFERENCE;
		at += (node.bytes + (uint64_t)3) & ~(uint64_t)3;
	}
	fs->pieces = arena_array(fs->job, pieces, sizeof *fs->pieces);
	fs->names = arena_array(fs->job, names, sizeof *fs->names);
	fs->attributes = arena_array(fs->job, attributes, sizeof *fs->attributes);
	fs->references = arena_array(fs->job, references, sizeof *fs->references);
	fs->entered = arena_allocate(fs->job, pieces / 8 + 1);
	return fs->pieces == NULL || fs->names == NULL || fs->attributes == NULL ||
		       fs->references == NULL || fs->entered == NULL
		   ? STATUS_LIMIT
		   : STATUS_OK;
}

static enum status
tell_losses(struct jffs2 *fs, const struct losses *losses)
{
	if (losses->bytes != 0)
		TRY(unpack_damage(fs->unpack, fs->container, losses->first, losses->bytes,
		    COVERAGE_DAMAGED, "jffs2: %" PRIu64 " bytes are no good nodes", losses->bytes));
	if (losses->nodes != 0)
		TRY(unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
		    "jffs2: %" PRIu64 " nodes have bad checksums", losses->nodes));
	if (losses->unknown != 0)
		TRY(unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_UNSUPPORTED,
		    "jffs2: %" PRIu64 " nodes of an unknown type", losses->unknown));
	return STATUS_OK;
}

/* One version of an inode is one piece, or a copy of it. */
static enum status
tell_conflicts(struct jffs2 *fs)
{
	for (size_t i = 1; i < fs->piece_count; i++) {
		const struct jffs2_piece *a = &fs->pieces[i - 1], *b = &fs->pieces[i];

		if (a->inode == b->inode && a->version == b->version &&
		    (a->offset != b->offset || a->size != b->size || a->mode != b->mode ||
			!span_equal(a->data, b->data)))
			return unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
			    "jffs2: inode %" PRIu32
			    " has two versions of one number: two file systems in one?",
			    a->inode);
	}
	return STATUS_OK;
}

enum status
jffs2_collect(struct jffs2 *fs)
{
	struct losses losses = {0};
	struct jffs2_node node;
	uint64_t at = 0, lost;

	TRY(make_tables(fs));
	while (jffs2_next_node(fs->image, fs->big, &at, &node, &lost)) {
		if (lost != 0 && losses.bytes == 0)
			losses.first = at - lost;
		losses.bytes += lost;
		if (!is_known(node.type))
			losses.unknown++;
		else if (node.whole.size != 0 && !keep(fs, &node))
			losses.nodes++;
		at += (node.bytes + (uint64_t)3) & ~(uint64_t)3;
	}
	qsort(fs->pieces, fs->piece_count, sizeof *fs->pieces, compare_pieces);
	qsort(fs->names, fs->name_count, sizeof *fs->names, compare_names);
	qsort(fs->attributes, fs->attribute_count, sizeof *fs->attributes, compare_attributes);
	qsort(fs->references, fs->reference_count, sizeof *fs->references, compare_references);
	TRY(tell_losses(fs, &losses));
	return tell_conflicts(fs);
}

/* The first piece of that inode, or of the next one there is. */
static size_t
first_piece(const struct jffs2 *fs, uint64_t inode)
{
	size_t low = 0, high = fs->piece_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->pieces[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
jffs2_pieces_of(const struct jffs2 *fs, uint32_t inode, size_t *from, size_t *to)
{
	*from = first_piece(fs, inode);
	*to = first_piece(fs, (uint64_t)inode + 1);
}
