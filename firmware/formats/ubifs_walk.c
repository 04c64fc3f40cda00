/* Names are leaves of their folder, and may share a hash: of those alike only the newest counts. */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/formats/ubifs.h"

#define ROOT 1u
#define MAX_DEPTH 64u
#define MAX_ALIKE 16u /* different names of one hash */
#define MAX_ATTRIBUTES 64u
#define INODE_ENCRYPTED 0x40u
#define KEY ((size_t)16)

/* A way through the names in leaves [at, end). */
struct names {
	const struct ubifs *fs;
	size_t at, end;
	uint32_t hash;
	unsigned alike;
	struct span known[MAX_ALIKE]; /* names of this hash, deleted ones as well */
	unsigned damaged;
};

struct name {
	struct span text;
	uint32_t inode;
};

bool
ubifs_read_inode(const struct ubifs *fs, uint32_t number, struct ubifs_inode *inode)
{
	struct ubifs_node node;
	struct reader reader;
	uint32_t data_size;
	size_t from, to;
	bool bad;

	ubifs_leaves_of(fs, number, UBIFS_INODE, &from, &to);
	if (from == to || fs->leaves[from].bad ||
	    !ubifs_read_node(fs->image, fs->leaves[from].at, &node, &bad))
		return false;
	reader = (struct reader){.rest = node.body};
	read_bytes(&reader, KEY + 8);
	inode->size = read_u64_le(&reader);
	read_bytes(&reader, 3 * 8 + 3 * 4); /* times */
	inode->links = read_u32_le(&reader);
	inode->uid = read_u32_le(&reader);
	inode->gid = read_u32_le(&reader);
	inode->mode = read_u32_le(&reader);
	inode->flags = read_u32_le(&reader);
	data_size = read_u32_le(&reader);
	read_bytes(&reader, 4 + 4 + 4 + 4 + 2 + 26);
	inode->data = read_bytes(&reader, data_size);
	return !reader.overrun;
}

/* Has a newer node of the same name been seen?  Remembers it if not. */
static bool
is_known(struct names *names, uint32_t hash, struct span text)
{
	if (names->alike == 0 || names->hash != hash) {
		names->hash = hash;
		names->alike = 0;
	}
	for (unsigned i = 0; i < names->alike; i++)
		if (span_equal(names->known[i], text))
			return true;
	if (names->alike == MAX_ALIKE) {
		names->damaged++;
		return true;
	}
	names->known[names->alike++] = text;
	return false;
}

/* The next name that is in use. */
static bool
next_name(struct names *names, struct name *name)
{
	while (names->at < names->end) {
		const struct ubifs_leaf *leaf = &names->fs->leaves[names->at++];
		struct ubifs_node node;
		struct reader reader;
		uint64_t inode;
		uint16_t size;
		bool bad;

		if (leaf->bad || !ubifs_read_node(names->fs->image, leaf->at, &node, &bad)) {
			names->damaged++;
			continue;
		}
		reader = (struct reader){.rest = node.body};
		read_bytes(&reader, KEY);
		inode = read_u64_le(&reader);
		read_bytes(&reader, 2);
		size = read_u16_le(&reader);
		read_u32_le(&reader);
		name->text = read_bytes(&reader, size);
		name->inode = (uint32_t)inode;
		if (reader.overrun || inode > UINT32_MAX) {
			names->damaged++;
			continue;
		}
		if (!is_known(names, leaf->place, name->text) && inode != 0)
			return true;
	}
	return false;
}

static struct names
names_of(const struct ubifs *fs, uint32_t inode, enum ubifs_kind kind)
{
	struct names names = {.fs = fs};

	ubifs_leaves_of(fs, inode, kind, &names.at, &names.end);
	return names;
}

/* The values of extended attributes lie in inodes of their own. */
static enum status
read_attributes(struct ubifs *fs, struct node *folder, uint32_t number,
    struct attribute attributes[MAX_ATTRIBUTES], size_t *count)
{
	struct names names = names_of(fs, number, UBIFS_ATTRIBUTE);
	struct ubifs_inode inode;
	struct name name;

	*count = 0;
	TRY(ubifs_charge(fs, names.end - names.at));
	while (next_name(&names, &name)) {
		if (*count == MAX_ATTRIBUTES || !ubifs_read_inode(fs, name.inode, &inode)) {
			names.damaged++;
			continue;
		}
		attributes[(*count)++] = (struct attribute){name.text, inode.data};
	}
	if (names.damaged == 0)
		return STATUS_OK;
	return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
	    "ubifs: %u extended attributes of inode %" PRIu32 " cannot be read", names.damaged,
	    number);
}

static enum status walk(
    struct ubifs *fs, struct node *folder, uint32_t number, const struct ubifs_inode *inode);

/* The current leaf of a folder is marked: one reached twice, or through itself, is a trap. */
static bool
visit(struct ubifs *fs, uint32_t number)
{
	size_t from, to;

	ubifs_leaves_of(fs, number, UBIFS_INODE, &from, &to);
	if (from == to || fs->leaves[from].seen)
		return false;
	fs->leaves[from].seen = true;
	return true;
}

static void
set_device(struct entry *entry, struct span data)
{
	struct reader reader = {.rest = data};
	uint32_t device = read_u32_le(&reader);

	entry->major = device >> 8 & 0xfff;
	entry->minor = (device & 0xff) | (device >> 12 & 0xfff00);
	entry->is_block = (entry->mode & 0170000) == 0060000;
}

static enum status
add_inode(
    struct ubifs *fs, struct node *folder, struct entry *entry, uint32_t number, bool encrypted)
{
	struct attribute attributes[MAX_ATTRIBUTES];
	struct ubifs_inode inode;
	struct node *node;

	if (!ubifs_read_inode(fs, number, &inode))
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "ubifs: inode %" PRIu32 " is damaged or missing", number);
	/* what was deleted has no name left: Linux would open this one */
	if (inode.links == 0)
		TRY(unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "ubifs: inode %" PRIu32 " has a name, and says that it has none", number));
	entry->type = node_type_of(inode.mode);
	entry->mode = inode.mode;
	entry->uid = inode.uid;
	entry->gid = inode.gid;
	entry->attributes = attributes;
	TRY(read_attributes(fs, folder, number, attributes, &entry->attribute_count));
	if (((inode.flags & INODE_ENCRYPTED) != 0 || encrypted) && entry->type != NODE_FOLDER)
		return unpack_damage(fs->unpack, folder, 0, inode.size, COVERAGE_ENCRYPTED,
		    "ubifs: inode %" PRIu32 " is encrypted (fscrypt)", number);
	if (entry->type == NODE_FILE)
		return ubifs_add_file(fs, folder, entry, number, &inode);
	if (entry->type == NODE_LINK)
		entry->target = inode.data;
	if (entry->type == NODE_DEVICE)
		set_device(entry, inode.data);
	TRY(unpack_entry(fs->unpack, folder, entry, &node));
	if (entry->type != NODE_FOLDER || node == NULL)
		return STATUS_OK;
	return walk(fs, node, number, &inode);
}

/* Names in an encrypted folder are encrypted as well. */
static enum status
add_name(struct ubifs *fs, struct node *folder, const struct name *name, bool encrypted)
{
	struct arena_mark mark = arena_mark(fs->job->arena);
	struct entry entry = {.name = name->text};
	enum status status;

	if (encrypted) {
		char *made = arena_printf(fs->job, "encrypted-%" PRIu32, name->inode);

		if (made == NULL)
			return STATUS_LIMIT;
		entry.name = span_of_string(made);
	}
	status = add_inode(fs, folder, &entry, name->inode, encrypted);
	arena_release(fs->job->arena, mark);
	return status;
}

static enum status
walk(struct ubifs *fs, struct node *folder, uint32_t number, const struct ubifs_inode *inode)
{
	struct names names = names_of(fs, number, UBIFS_NAME);
	enum status status = STATUS_OK;
	struct name name;

	if (fs->depth >= MAX_DEPTH || !visit(fs, number))
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "ubifs: folder %" PRIu32 " is too deep or was seen before", number);
	fs->depth++;
	while (status == STATUS_OK && next_name(&names, &name))
		status = add_name(fs, folder, &name, (inode->flags & INODE_ENCRYPTED) != 0);
	fs->depth--;
	if (status == STATUS_OK && names.damaged != 0)
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "ubifs: %u names in folder %" PRIu32 " cannot be read", names.damaged, number);
	return status;
}

enum status
ubifs_walk(struct ubifs *fs)
{
	struct ubifs_inode root;

	if (!ubifs_read_inode(fs, ROOT, &root))
		return fail(fs->job, STATUS_MALFORMED, "ubifs: no root folder");
	return walk(fs, fs->container, ROOT, &root);
}
