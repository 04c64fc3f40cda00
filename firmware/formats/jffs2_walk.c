/* Of all nodes with one name in one folder the newest counts; if it names no inode, the name is
 * gone.
 */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/jffs2.h"

#define ROOT 1u
#define MAX_DEPTH 64u
#define MAX_ATTRIBUTES 64u
#define REFERENCE_COST 64u /* bytes as long to write as it takes to look at one */
#define DELETED UINT32_MAX

static const char *const prefixes[] = {
    "", "user.", "security.", "system.posix_acl_access", "system.posix_acl_default", "trusted."};

/* The newest value under that number; NULL when there is none. */
static const struct jffs2_attribute *
find_attribute(const struct jffs2 *fs, uint32_t number)
{
	size_t low = 0, high = fs->attribute_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->attributes[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == fs->attribute_count || fs->attributes[low].number != number ||
	    fs->attributes[low].version == DELETED)
		return NULL;
	return &fs->attributes[low];
}

static size_t
first_reference(const struct jffs2 *fs, uint32_t inode)
{
	size_t low = 0, high = fs->reference_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->references[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
add_attribute(struct jffs2 *fs, const struct jffs2_reference *reference, struct entry *entry,
    struct attribute *attributes)
{
	const struct jffs2_attribute *attribute = find_attribute(fs, reference->number);
	struct attribute *next = &attributes[entry->attribute_count];
	char *name;

	if (attribute == NULL || attribute->prefix >= ARRAY_SIZE(prefixes) ||
	    entry->attribute_count == MAX_ATTRIBUTES)
		return false;
	name = arena_printf(fs->job, "%s%.*s", prefixes[attribute->prefix],
	    (int)attribute->name.size, (const char *)attribute->name.at);
	if (name == NULL)
		return false;
	next->name = span_of_string(name);
	next->value = attribute->value;
	entry->attribute_count++;
	return true;
}

/* References whose number is odd have been taken back. */
static enum status
add_attributes(struct jffs2 *fs, struct node *folder, uint32_t inode, struct entry *entry,
    struct attribute *attributes)
{
	unsigned lost = 0;

	for (size_t i = first_reference(fs, inode);
	     i < fs->reference_count && fs->references[i].inode == inode; i++) {
		const struct jffs2_reference *reference = &fs->references[i];

		unpack_waste(fs->unpack, REFERENCE_COST);
		if (i != 0 && reference[-1].inode == inode &&
		    reference[-1].number == reference->number)
			continue;
		if (reference->version % 2 == 0)
			lost += !add_attribute(fs, reference, entry, attributes);
	}
	entry->attributes = attributes;
	if (lost == 0)
		return STATUS_OK;
	return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
	    "jffs2: %u extended attributes of inode %" PRIu32 " cannot be read", lost, inode);
}

static void
set_device(const struct jffs2 *fs, struct entry *entry, const struct jffs2_piece *piece)
{
	struct reader reader = {.rest = piece->data};

	if (piece->data.size == 2) {
		uint16_t device = jffs2_u16(&reader, fs->big);

		entry->major = device >> 8;
		entry->minor = device & 0xff;
	} else {
		uint32_t device = jffs2_u32(&reader, fs->big);

		entry->major = device >> 8 & 0xfff;
		entry->minor = (device & 0xff) | (device >> 12 & 0xfff00);
	}
	entry->is_block = (piece->mode & 0170000) == 0060000;
}

static enum status walk(struct jffs2 *fs, struct node *folder, uint32_t inode);

/* A folder reached twice, or through itself, is a trap. */
static enum status
enter(struct jffs2 *fs, struct node *folder, uint32_t inode, size_t piece)
{
	uint8_t bit = (uint8_t)(1u << piece % 8);
	enum status status;

	if (inode == ROOT || fs->depth >= MAX_DEPTH || (fs->entered[piece / 8] & bit) != 0)
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "jffs2: folder %" PRIu32 " is too deep or was seen before", inode);
	fs->entered[piece / 8] |= bit;
	fs->depth++;
	status = walk(fs, folder, inode);
	fs->depth--;
	return status;
}

static enum status
add_content(struct jffs2 *fs, struct node *folder, struct entry *entry, size_t from, size_t to)
{
	const struct jffs2_piece *newest = &fs->pieces[to - 1];
	struct span content = {0};
	struct node *node;
	const char *why;

	jffs2_read(fs, from, to, newest->size, &content, &why);
	if (why != NULL) {
		const char *name = text_from_bytes(fs->job, entry->name.at, entry->name.size, 200);

		return name == NULL ? STATUS_LIMIT
				    : unpack_damage(fs->unpack, folder, 0, newest->size,
					  COVERAGE_DAMAGED, "jffs2: %s: %s", name, why);
	}
	if (entry->type == NODE_FILE)
		return unpack_file(fs->unpack, folder, entry, content, NULL);
	entry->target = content;
	return unpack_entry(fs->unpack, folder, entry, &node);
}

static enum status
add_inode(struct jffs2 *fs, struct node *folder, const struct jffs2_name *name)
{
	struct attribute attributes[MAX_ATTRIBUTES];
	struct entry entry = {.name = name->text};
	const struct jffs2_piece *newest;
	struct node *node;
	size_t from, to;

	jffs2_pieces_of(fs, name->inode, &from, &to);
	if (from == to)
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "jffs2: inode %" PRIu32 " is missing", name->inode);
	newest = &fs->pieces[to - 1];
	entry.type = node_type_of(newest->mode);
	entry.mode = newest->mode;
	entry.uid = newest->uid;
	entry.gid = newest->gid;
	TRY(add_attributes(fs, folder, name->inode, &entry, attributes));
	if (entry.type == NODE_FILE || entry.type == NODE_LINK)
		return add_content(fs, folder, &entry, from, to);
	if (entry.type == NODE_DEVICE)
		set_device(fs, &entry, newest);
	TRY(unpack_entry(fs->unpack, folder, &entry, &node));
	if (entry.type != NODE_FOLDER || node == NULL)
		return STATUS_OK;
	return enter(fs, node, name->inode, from);
}

static bool
same_name(const struct jffs2_name *a, const struct jffs2_name *b)
{
	return a->parent == b->parent && span_equal(a->text, b->text);
}

static enum status
walk(struct jffs2 *fs, struct node *folder, uint32_t inode)
{
	size_t low = 0, high = fs->name_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->names[middle].parent < inode)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < fs->name_count && fs->names[low].parent == inode; low++) {
		const struct jffs2_name *name = &fs->names[low];
		struct arena_mark mark = arena_mark(fs->job->arena);

		if (name->inode == 0 || (low != 0 && same_name(&name[-1], name)))
			continue;
		TRY(add_inode(fs, folder, name));
		arena_release(fs->job->arena, mark);
	}
	return STATUS_OK;
}

enum status
jffs2_walk(struct jffs2 *fs)
{
	return walk(fs, fs->container, ROOT);
}
