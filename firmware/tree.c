/* A hostile image chooses every name in it, so no name reaches a path before tree_name_is_good has
 * seen it. */
#include "firmware/tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

struct counted_tree {
	struct tree tree; /* first: struct tree is what others see */
	size_t nodes;
	size_t region_room;
};

static struct counted_tree *
counted(struct tree *tree)
{
	return (struct counted_tree *)tree;
}

struct tree *
tree_new(struct job *job, uint64_t image_bytes)
{
	struct counted_tree *counts = arena_allocate(job, sizeof *counts);
	struct node *root = arena_allocate(job, sizeof *root);

	if (counts == NULL || root == NULL)
		return NULL;
	*root = (struct node){.name = "", .path = "", .local = "", .type = NODE_CONTAINER};
	counts->tree = (struct tree){.root = root, .image_bytes = image_bytes, .complete = true};
	return &counts->tree;
}

bool
tree_name_is_good(struct span name)
{
	if (name.size == 0 || name.size > TREE_MAX_NAME)
		return false;
	if (name.at[0] == '.' && (name.size == 1 || (name.size == 2 && name.at[1] == '.')))
		return false;
	return memchr(name.at, '/', name.size) == NULL && memchr(name.at, 0, name.size) == NULL;
}

/* Hangs a node below its parent and gives it its paths. */
static enum status
hang(struct job *job, struct tree *tree, struct node *parent, struct node *node)
{
	const char *separator = parent->path[0] == '\0' ? "" : "/";
	size_t size = strlen(parent->path) + strlen(separator) + strlen(node->name);

	if (size > FACT_TEXT_MAX)
		return fail(
		    job, STATUS_MALFORMED, "path of %zu bytes, at most %d", size, FACT_TEXT_MAX);
	if (counted(tree)->nodes >= TREE_MAX_NODES)
		return fail(job, STATUS_LIMIT, "more than %zu files", TREE_MAX_NODES);
	node->path = arena_printf(job, "%s%s%s", parent->path, separator, node->name);
	if (node->path == NULL)
		return STATUS_LIMIT;
	/* the local path is the tail of the whole one */
	node->local =
	    node->type == NODE_CONTAINER
		? ""
		: node->path + strlen(node->path) - strlen(parent->local) - strlen(node->name) - 1;
	if (parent == tree->root && node->type != NODE_CONTAINER)
		node->local = node->path;
	counted(tree)->nodes++;
	node->parent = parent;
	if (parent->last_child == NULL)
		parent->child = node;
	else
		parent->last_child->next = node;
	parent->last_child = node;
	return STATUS_OK;
}

enum status
tree_add(struct job *job, struct tree *tree, struct node *parent, const struct entry *entry,
    struct node **added)
{
	struct node *node;

	if (!tree_name_is_good(entry->name))
		return fail(
		    job, STATUS_MALFORMED, "a name no file may have (%zu bytes)", entry->name.size);
	node = arena_allocate(job, sizeof *node);
	if (node == NULL)
		return STATUS_LIMIT;
	*node = (struct node){
	    .name = text_from_bytes(job, entry->name.at, entry->name.size, 4 * TREE_MAX_NAME + 4),
	    .type = entry->type,
	    .mode = entry->mode & 07777,
	    .uid = entry->uid,
	    .gid = entry->gid,
	    .bytes = entry->type == NODE_FILE ? entry->bytes : 0,
	    .major = entry->major,
	    .minor = entry->minor,
	    .is_block = entry->is_block,
	};
	if (entry->type == NODE_LINK)
		node->link_target =
		    text_from_bytes(job, entry->target.at, entry->target.size, FACT_TEXT_MAX);
	if (node->name == NULL || (entry->type == NODE_LINK && node->link_target == NULL))
		return STATUS_LIMIT;
	TRY(hang(job, tree, parent, node));
	*added = node;
	return STATUS_OK;
}

enum status
tree_add_container(struct job *job, struct tree *tree, struct node *parent, uint64_t offset,
    const char *format, struct node **added)
{
	struct node *node = arena_allocate(job, sizeof *node);

	if (node == NULL)
		return STATUS_LIMIT;
	*node = (struct node){
	    .name = arena_printf(job, "%" PRIx64 ".%s", offset, format),
	    .type = NODE_CONTAINER,
	};
	if (node->name == NULL)
		return STATUS_LIMIT;
	TRY(hang(job, tree, parent, node));
	*added = node;
	return STATUS_OK;
}

static bool
is_unread(enum coverage coverage)
{
	return coverage != COVERAGE_READ && coverage != COVERAGE_PADDING;
}

/* Sums of sizes a hostile image claims stop at the largest number. */
static void
count_unread(struct tree *tree, const struct region *region)
{
	if (is_unread(region->coverage) &&
	    __builtin_add_overflow(tree->unread_bytes, region->bytes, &tree->unread_bytes))
		tree->unread_bytes = UINT64_MAX;
}

enum status
tree_add_region(
    struct job *job, struct tree *tree, const struct region *region, struct region **added)
{
	struct counted_tree *counts = counted(tree);

	if (tree->region_count == counts->region_room) {
		size_t room = counts->region_room == 0 ? 32 : counts->region_room * 2;
		struct region *regions = arena_array(job, room, sizeof *regions);

		if (regions == NULL)
			return STATUS_LIMIT;
		if (tree->region_count != 0)
			memcpy(regions, tree->regions, tree->region_count * sizeof *regions);
		tree->regions = regions;
		counts->region_room = room;
	}
	tree->regions[tree->region_count] = *region;
	*added = &tree->regions[tree->region_count++];
	count_unread(tree, region);
	return STATUS_OK;
}

void
tree_set_coverage(struct tree *tree, struct region *region, enum coverage coverage)
{
	bool counted = is_unread(region->coverage);

	region->coverage = coverage;
	if (!counted)
		count_unread(tree, region);
}

void
tree_set_incomplete(struct job *job, struct tree *tree, const char *reason)
{
	if (!tree->complete)
		return;
	tree->complete = false;
	tree->incomplete_reason = arena_copy_string(job, reason);
	if (tree->incomplete_reason == NULL)
		tree->incomplete_reason = "out of memory";
}

const char *
coverage_name(enum coverage coverage)
{
	static const char *const names[] = {
	    [COVERAGE_READ] = "read",
	    [COVERAGE_GAP] = "gap",
	    [COVERAGE_PADDING] = "padding",
	    [COVERAGE_ENCRYPTED] = "encrypted",
	    [COVERAGE_DAMAGED] = "damaged",
	    [COVERAGE_UNSUPPORTED] = "unsupported",
	};

	return names[coverage];
}

const char *
node_type_name(enum node_type type)
{
	static const char *const names[] = {
	    [NODE_FILE] = "file",
	    [NODE_FOLDER] = "folder",
	    [NODE_LINK] = "link",
	    [NODE_DEVICE] = "device",
	    [NODE_FIFO] = "fifo",
	    [NODE_SOCKET] = "socket",
	    [NODE_CONTAINER] = "container",
	};

	return names[type];
}

enum node_type
node_type_of(uint32_t mode)
{
	switch (mode & 0170000) {
	case 0040000:
		return NODE_FOLDER;
	case 0120000:
		return NODE_LINK;
	case 0020000:
	case 0060000:
		return NODE_DEVICE;
	case 0010000:
		return NODE_FIFO;
	case 0140000:
		return NODE_SOCKET;
	default:
		return NODE_FILE;
	}
}
