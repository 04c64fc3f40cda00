/* A signature of a configuration hashes tokens of nodes on a list, without the data themselves: the
 * nodes' own hashes stand for those. */
#include <string.h>

#include "firmware/signatures/fit.h"

#define MAX_PATH 1024u
#define MAX_TOKENS 65536u
#define LARGEST_LIST 16384u
#define TOKEN_NOP 4u

enum { DEPTH_PART = 2, DEPTH_ITEM = 3, DEPTH_DETAIL = 4 };

static bool
is(struct span name, const char *string)
{
	return span_equal(name, span_of_string(string));
}

static void
add_references(
    const struct fit *fit, struct fit_nodes *nodes, struct span configuration, struct span value)
{
	if (value.size > LARGEST_LIST)
		return;
	while (value.size != 0) {
		struct span one = {value.at, strnlen((const char *)value.at, value.size)};

		for (size_t i = 0; i < fit->image_count && one.size != 0; i++) {
			if (!span_equal(fit->images[i].name, one))
				continue;
			nodes->cut |= nodes->reference_count == FIT_MAX_REFERENCES;
			if (nodes->reference_count < FIT_MAX_REFERENCES)
				nodes->references[nodes->reference_count++] =
				    (struct fit_reference){configuration, fit->images[i].name};
			break;
		}
		value = span_from(value, one.size + 1);
	}
}

/* Of two properties of one name the first is read. */
static void
take(struct span *field, struct span value)
{
	if (field->at == NULL)
		*field = value;
}

static void
read_signature_property(struct fit_signature *signature, const struct device_tree_walk *walk)
{
	struct span text = device_tree_string(walk->value);

	if (is(walk->name, "algo"))
		take(&signature->algorithm, text);
	else if (is(walk->name, "padding"))
		take(&signature->padding, text);
	else if (is(walk->name, "key-name-hint"))
		take(&signature->hint, text);
	else if (is(walk->name, "value"))
		take(&signature->value, walk->value);
	else if (is(walk->name, "hashed-nodes"))
		take(&signature->nodes, walk->value);
	else if (is(walk->name, "hashed-strings"))
		take(&signature->strings, walk->value);
}

struct place {
	struct span part, item;
	struct fit_signature *signature;
};

static void
enter(struct fit_nodes *nodes, struct place *place, const struct device_tree_walk *walk)
{
	bool configuration = is(place->part, "configurations");

	place->signature = NULL;
	if (walk->depth == DEPTH_PART)
		place->part = walk->name;
	if (walk->depth == DEPTH_ITEM) {
		place->item = walk->name;
		if (configuration && nodes->configuration_count < FIT_MAX_CONFIGURATIONS)
			nodes->configurations[nodes->configuration_count++] = walk->name;
		else
			nodes->cut |= configuration;
	}
	if (walk->depth != DEPTH_DETAIL || !span_starts_with(walk->name, "signature", 9) ||
	    !(configuration || is(place->part, "images")))
		return;
	nodes->cut |= nodes->signature_count == FIT_MAX_SIGNATURES;
	if (nodes->signature_count == FIT_MAX_SIGNATURES)
		return;
	place->signature = &nodes->signatures[nodes->signature_count++];
	*place->signature =
	    (struct fit_signature){.of_configuration = configuration, .owner = place->item};
}

void
fit_nodes_read(const struct fit *fit, struct fit_nodes *nodes)
{
	struct device_tree_walk walk = device_tree_walk(&fit->tree);
	struct place place = {0};
	enum device_tree_token token;
	unsigned tokens = 0;

	while ((token = device_tree_next(&walk)) < DEVICE_TREE_END) {
		if (++tokens > MAX_TOKENS) {
			nodes->cut = true;
			return;
		}
		if (token == DEVICE_TREE_NODE)
			enter(nodes, &place, &walk);
		else if (token == DEVICE_TREE_NODE_END)
			place.signature = NULL;
		else if (place.signature != NULL)
			read_signature_property(place.signature, &walk);
		else if (walk.depth == DEPTH_ITEM && is(place.part, "configurations") &&
			 !is(walk.name, "description") && !is(walk.name, "compatible"))
			add_references(fit, nodes, place.item, walk.value);
	}
	nodes->cut |= token == DEVICE_TREE_DAMAGED;
}

bool
fit_list_has(struct span list, const char *path, size_t size)
{
	if (list.size > LARGEST_LIST)
		return false;
	while (list.size != 0) {
		size_t length = strnlen((const char *)list.at, list.size);

		if (length == size && memcmp(list.at, path, size) == 0)
			return true;
		list = span_from(list, length + 1);
	}
	return false;
}

/* The path of the node the walk is in. */
struct path {
	char text[MAX_PATH];
	size_t size;
	size_t sizes[DEVICE_TREE_MAX_DEPTH + 1];
	uint8_t wants[DEVICE_TREE_MAX_DEPTH + 1]; /* 2: listed; 1: child of one; 0: neither */
	unsigned depth;
	uint8_t want;
};

static bool
enter_path(struct path *path, struct span name, struct span list)
{
	if (path->depth >= DEVICE_TREE_MAX_DEPTH || path->size + 1 + name.size >= MAX_PATH)
		return false;
	path->sizes[path->depth] = path->size;
	path->wants[path->depth++] = path->want;
	if (path->size != 1)
		path->text[path->size++] = '/';
	if (name.size != 0)
		memcpy(path->text + path->size, name.at, name.size);
	path->size += name.size;
	if (fit_list_has(list, path->text, path->size))
		path->want = 2;
	else if (path->want != 0)
		path->want--;
	return true;
}

static bool
is_data(struct span name)
{
	return is(name, "data") || is(name, "data-size") || is(name, "data-position") ||
	       is(name, "data-offset");
}

/* Adds bytes, joined to those before where they touch. */
static bool
add_part(struct span parts[FIT_MAX_PARTS], size_t *count, struct span bytes)
{
	if (bytes.size == 0)
		return true;
	if (*count != 0 && parts[*count - 1].at + parts[*count - 1].size == bytes.at) {
		parts[*count - 1].size += bytes.size;
		return true;
	}
	if (*count == FIT_MAX_PARTS)
		return false;
	parts[(*count)++] = bytes;
	return true;
}

/* The token just read; false: it is too deep.  `*take` tells whether it is hashed. */
static bool
take_token(struct path *path, enum device_tree_token token, const struct device_tree_walk *walk,
    struct span list, bool *take)
{
	switch (token) {
	case DEVICE_TREE_NODE:
		if (!enter_path(path, walk->name, list))
			return false;
		*take = path->want != 0;
		return true;
	case DEVICE_TREE_NODE_END:
		*take = path->want != 0;
		if (path->depth == 0)
			return false;
		path->depth--;
		path->want = path->wants[path->depth];
		path->size = path->sizes[path->depth];
		return true;
	case DEVICE_TREE_PROPERTY:
		*take = path->want == 2 && !is_data(walk->name);
		return true;
	default:
		*take = true;
		return token == DEVICE_TREE_END;
	}
}

/* The list is gone through at each node. */
static bool
pay(uint64_t *budget, uint64_t bytes)
{
	if (bytes > *budget)
		return false;
	*budget -= bytes;
	return true;
}

size_t
fit_nodes_parts(const struct device_tree *tree, const struct fit_signature *signature,
    struct span parts[FIT_MAX_PARTS], uint64_t *budget)
{
	struct device_tree_walk walk = device_tree_walk(tree);
	struct reader strings = {.rest = signature->strings};
	struct path path = {.size = 0};
	enum device_tree_token token;
	size_t count = 0;
	unsigned tokens = 0;

	do {
		struct span before = walk.reader.rest;
		bool take = false;

		for (struct reader skip = walk.reader;
		     read_u32_be(&skip) == TOKEN_NOP && !skip.overrun;) {
			if (path.want == 2 && !add_part(parts, &count, span_part(before, 0, 4)))
				return 0;
			walk.reader = skip;
			before = skip.rest;
		}
		token = device_tree_next(&walk);
		if (!pay(budget, token == DEVICE_TREE_NODE ? signature->nodes.size : 16))
			return 0;
		if (++tokens > MAX_TOKENS ||
		    !take_token(&path, token, &walk, signature->nodes, &take))
			return 0;
		if (take && !add_part(parts, &count,
				span_part(before, 0, before.size - walk.reader.rest.size)))
			return 0;
	} while (token != DEVICE_TREE_END);
	read_u32_be(&strings); /* where they begin: always at the first */
	if (signature->strings.size != 0) {
		struct span names = span_part(tree->strings, 0, read_u32_be(&strings));

		if (strings.overrun || !add_part(parts, &count, names))
			return 0;
	}
	return count;
}
