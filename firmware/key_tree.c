/* A boot loader keeps the keys it verifies with in a node "signature" of its own device tree. */
#include "base/arena.h"
#include "firmware/device_tree.h"
#include "firmware/key_ring.h"

#define MAX_TOKENS 65536u

enum { DEPTH_SIGNATURE = 2, DEPTH_KEY = 3 };

static bool
is(struct span name, const char *string)
{
	return span_equal(name, span_of_string(string));
}

enum status
key_ring_read_tree(struct key_ring *ring, struct span bytes)
{
	struct device_tree tree;
	struct device_tree_walk walk;
	enum device_tree_token token;
	struct span name = {0}, modulus = {0}, exponent = {0};
	bool inside = false;

	if (!device_tree_open(bytes, &tree) || !tree.readable)
		return STATUS_OK;
	walk = device_tree_walk(&tree);
	for (unsigned i = 0; i < MAX_TOKENS; i++) {
		token = device_tree_next(&walk);
		if (token >= DEVICE_TREE_END)
			break;
		if (token == DEVICE_TREE_NODE && walk.depth == DEPTH_SIGNATURE)
			inside = is(walk.name, "signature");
		if (token == DEVICE_TREE_NODE && walk.depth == DEPTH_KEY) {
			name = walk.name;
			modulus = exponent = (struct span){0};
		}
		if (token == DEVICE_TREE_PROPERTY && walk.depth == DEPTH_KEY) {
			if (is(walk.name, "rsa,modulus"))
				modulus = walk.value;
			else if (is(walk.name, "rsa,exponent"))
				exponent = walk.value;
		}
		if (token == DEVICE_TREE_NODE_END && inside && walk.depth + 1 == DEPTH_KEY &&
		    modulus.size != 0) {
			const char *copy =
			    arena_string(ring->job, (const char *)name.at, name.size);

			if (copy == NULL)
				return STATUS_LIMIT;
			TRY(key_ring_add_rsa(ring, copy, modulus, exponent));
			modulus = (struct span){0};
		}
	}
	return STATUS_OK;
}
