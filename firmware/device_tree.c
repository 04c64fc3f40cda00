/* A device tree is a string of tokens aligned to four bytes; names of properties lie elsewhere. */
#include "firmware/device_tree.h"

#include <string.h>

#include "base/arena.h"

#define LARGEST_STRINGS ((size_t)64 << 10) /* more than names need is not taken for them */
#define HEADER_SIZE 40u
#define FIRST_VERSION 16u /* before it names were whole paths, and values aligned to eight */
#define LAST_VERSION 17u
#define MAX_RESERVED 256u /* entries of the memory reservation block */

enum { TOKEN_NODE = 1, TOKEN_NODE_END = 2, TOKEN_PROPERTY = 3, TOKEN_NOP = 4, TOKEN_END = 9 };

/* How long the list of pairs is, its end included; 0 when it has none. */
static uint64_t
reserved_size(struct span at)
{
	struct reader reader = {.rest = at};

	for (unsigned i = 0; i < MAX_RESERVED; i++) {
		uint64_t address = read_u64_be(&reader), size = read_u64_be(&reader);

		if (reader.overrun)
			return 0;
		if (address == 0 && size == 0)
			return at.size - reader.rest.size;
	}
	return 0;
}

bool
device_tree_open(struct span at, struct device_tree *tree)
{
	struct reader reader = {.rest = at};
	uint32_t magic = read_u32_be(&reader), compatible, structure_size, strings_size;
	struct span whole;

	*tree = (struct device_tree){.total = read_u32_be(&reader)};
	tree->structure_at = read_u32_be(&reader);
	tree->strings_at = read_u32_be(&reader);
	tree->reserved_at = read_u32_be(&reader);
	tree->version = read_u32_be(&reader);
	compatible = read_u32_be(&reader);
	read_bytes(&reader, 4); /* the processor to boot on */
	strings_size = read_u32_be(&reader);
	structure_size = read_u32_be(&reader);
	if (reader.overrun || magic != 0xd00dfeed || compatible > tree->version ||
	    tree->version == 0 || tree->version > 64 || tree->total < HEADER_SIZE ||
	    tree->structure_at % 4 != 0 || tree->structure_at < HEADER_SIZE - 4 ||
	    tree->strings_at < HEADER_SIZE - 4 || tree->reserved_at < HEADER_SIZE - 4 ||
	    tree->structure_at >= tree->total || tree->strings_at > tree->total ||
	    tree->reserved_at >= tree->total)
		return false;
	if (tree->version == FIRST_VERSION) /* its size is not said */
		structure_size =
		    (uint32_t)((tree->strings_at > tree->structure_at ? tree->strings_at
								      : tree->total) -
			       tree->structure_at);
	whole = span_part(at, 0, tree->total < at.size ? tree->total : at.size);
	tree->structure = span_part(whole, tree->structure_at, structure_size);
	tree->strings = span_part(whole, tree->strings_at, strings_size);
	tree->reserved_size = reserved_size(span_from(whole, tree->reserved_at));
	tree->readable = tree->version >= FIRST_VERSION && compatible <= LAST_VERSION &&
			 tree->structure.size != 0 &&
			 (tree->strings.size != 0 || strings_size == 0) && tree->reserved_size != 0;
	return true;
}

struct device_tree_walk
device_tree_walk(const struct device_tree *tree)
{
	return (struct device_tree_walk){.tree = tree, .reader = {.rest = tree->structure}};
}

static void
align(struct device_tree_walk *walk)
{
	size_t done = walk->tree->structure.size - walk->reader.rest.size;

	read_bytes(&walk->reader, -done & 3);
}

/* The bytes up to the next NUL; false when there is none within reach. */
static bool
read_name(struct span at, struct span *name)
{
	size_t reach = at.size <= DEVICE_TREE_MAX_NAME ? at.size : DEVICE_TREE_MAX_NAME + 1;
	size_t size = reach == 0 ? 0 : strnlen((const char *)at.at, reach);

	*name = span_part(at, 0, size);
	return size < reach;
}

static enum device_tree_token
begin_node(struct device_tree_walk *walk)
{
	if (walk->depth >= DEVICE_TREE_MAX_DEPTH || !read_name(walk->reader.rest, &walk->name))
		return DEVICE_TREE_DAMAGED;
	read_bytes(&walk->reader, walk->name.size + 1);
	align(walk);
	walk->depth++;
	return walk->reader.overrun ? DEVICE_TREE_DAMAGED : DEVICE_TREE_NODE;
}

static enum device_tree_token
read_property(struct device_tree_walk *walk)
{
	uint32_t size = read_u32_be(&walk->reader), name_at = read_u32_be(&walk->reader);

	walk->value = read_bytes(&walk->reader, size);
	align(walk);
	if (walk->reader.overrun || walk->depth == 0 ||
	    !read_name(span_from(walk->tree->strings, name_at), &walk->name))
		return DEVICE_TREE_DAMAGED;
	return DEVICE_TREE_PROPERTY;
}

enum device_tree_token
device_tree_next(struct device_tree_walk *walk)
{
	uint32_t token;

	do
		token = read_u32_be(&walk->reader);
	while (token == TOKEN_NOP && !walk->reader.overrun);
	switch (walk->reader.overrun ? 0 : token) {
	case TOKEN_NODE:
		return begin_node(walk);
	case TOKEN_NODE_END:
		if (walk->depth == 0)
			return DEVICE_TREE_DAMAGED;
		walk->depth--;
		return DEVICE_TREE_NODE_END;
	case TOKEN_PROPERTY:
		return read_property(walk);
	case TOKEN_END:
		return walk->depth == 0 ? DEVICE_TREE_END : DEVICE_TREE_DAMAGED;
	default:
		return DEVICE_TREE_DAMAGED;
	}
}

struct span
device_tree_string(struct span value)
{
	if (value.size != 0)
		value.size = strnlen((const char *)value.at, value.size);
	return value;
}

uint64_t
device_tree_number(struct span value)
{
	struct reader reader = {.rest = value};

	if (value.size == 4)
		return read_u32_be(&reader);
	return value.size == 8 ? read_u64_be(&reader) : UINT64_MAX;
}

/* "NODE.PROPERTY" */
static struct span
file_name(struct job *job, struct span node, struct span property)
{
	size_t size = node.size + 1 + property.size; /* each at most DEVICE_TREE_MAX_NAME */
	char *name = arena_allocate(job, size);

	if (name == NULL)
		return (struct span){0};
	if (node.size != 0)
		memcpy(name, node.at, node.size);
	name[node.size] = '.';
	if (property.size != 0)
		memcpy(name + node.size + 1, property.at, property.size);
	return (struct span){(const uint8_t *)name, size};
}

enum status
device_tree_tell_large(struct job *job, struct unpack *unpack, struct node *container,
    const struct device_tree *tree, const struct span *known, size_t known_count)
{
	struct device_tree_walk walk = device_tree_walk(tree);
	struct span node = {0};
	enum device_tree_token token;
	size_t k = 0;

	while ((token = device_tree_next(&walk)) < DEVICE_TREE_END) {
		struct arena_mark mark = arena_mark(job->arena);
		struct entry entry = {.type = NODE_FILE, .mode = 0644};

		if (token == DEVICE_TREE_NODE)
			node = walk.name;
		if (token != DEVICE_TREE_PROPERTY || walk.value.size < DEVICE_TREE_LARGE)
			continue;
		while (k < known_count && known[k].at < walk.value.at)
			k++;
		if (k < known_count && known[k].at == walk.value.at)
			continue;
		entry.name = file_name(job, node, walk.name);
		if (entry.name.at == NULL)
			return STATUS_LIMIT;
		TRY(unpack_file(unpack, container, &entry, walk.value, NULL));
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}

enum status
device_tree_cover(struct job *job, struct extents *extents, const struct device_tree *tree,
    uint64_t structure_end)
{
	TRY(extents_add(job, extents, 0, HEADER_SIZE));
	TRY(extents_add(job, extents, tree->reserved_at, tree->reserved_size));
	TRY(extents_add(job, extents, tree->structure_at, structure_end - tree->structure_at));
	return tree->strings.size > LARGEST_STRINGS
		   ? STATUS_OK
		   : extents_add(job, extents, tree->strings_at, tree->strings.size);
}
