/* A link leads within its own file system: what another one would be mounted over is not known. */
#include "firmware/places.h"

#include <string.h>

#include "base/arena.h"
#include "firmware/reading.h"

#define MAX_NODES ((size_t)1 << 20)
#define MAX_STEPS 256 /* components and links of one path */

struct place {
	const struct node *root, *node;
};

struct places {
	struct place *slots;
	size_t mask;
};

const struct node *
places_root(const struct node *node)
{
	const struct node *at = node->parent;

	while (at != NULL && at->type != NODE_CONTAINER && at->parent != NULL)
		at = at->parent;
	return at;
}

static size_t
hash_of(const struct node *root, const char *local)
{
	uint64_t hash = 14695981039346656037u ^ (uintptr_t)root;

	for (; *local != '\0'; local++)
		hash = (hash ^ (uint8_t)*local) * 1099511628211u;
	return (size_t)(hash ^ hash >> 29);
}

static void
put(struct places *places, const struct node *root, const struct node *node)
{
	size_t at = hash_of(root, node->local) & places->mask;

	/* The last of several of one name counts: later entries of an archive replace earlier ones.
	 */
	while (places->slots[at].node != NULL &&
	       (places->slots[at].root != root ||
		   strcmp(places->slots[at].node->local, node->local) != 0))
		at = (at + 1) & places->mask;
	places->slots[at] = (struct place){root, node};
}

const struct node *
places_at(const struct places *places, const struct node *root, const char *local)
{
	for (size_t at = hash_of(root, local) & places->mask; places->slots[at].node != NULL;
	     at = (at + 1) & places->mask)
		if (places->slots[at].root == root &&
		    strcmp(places->slots[at].node->local, local) == 0)
			return places->slots[at].node;
	return NULL;
}

struct places *
places_new(struct job *job, const struct tree *tree)
{
	struct places *places = arena_allocate(job, sizeof *places);
	const struct node *node = tree->root, *root = NULL, *parent = NULL;
	size_t count = 0, room = 64;

	for (; node != NULL && count <= MAX_NODES; node = node_after(node))
		count++;
	if (places == NULL || count > MAX_NODES)
		return NULL;
	while (room < 2 * count)
		room *= 2;
	places->mask = room - 1;
	places->slots = arena_array(job, room, sizeof *places->slots);
	if (places->slots == NULL)
		return NULL;
	for (node = tree->root; node != NULL; node = node_after(node)) {
		if (node->type == NODE_CONTAINER || node->parent == NULL)
			continue;
		if (node->parent != parent) /* brothers have one root */
			root = places_root(node);
		parent = node->parent;
		put(places, root, node);
	}
	return places;
}

struct walk {
	char at[PLACES_MAX_PATH];   /* what is resolved: "" or "/a/b" */
	char rest[PLACES_MAX_PATH]; /* what is yet to come */
};

static void
go_up(struct walk *walk)
{
	char *slash = strrchr(walk->at, '/');

	if (slash != NULL)
		*slash = '\0';
}

/* Puts a link's target before the rest of the path; false when that is too long. */
static bool
follow(struct walk *walk, const char *target)
{
	size_t size = strlen(target), rest = strlen(walk->rest);

	if (size + 1 + rest >= sizeof walk->rest)
		return false;
	memmove(walk->rest + size + 1, walk->rest, rest + 1);
	memcpy(walk->rest, target, size);
	walk->rest[size] = '/';
	if (target[0] == '/')
		walk->at[0] = '\0';
	else
		go_up(walk);
	return true;
}

/* Takes the next component off the rest and puts it behind what is resolved. */
static bool
step(struct walk *walk, bool *ended)
{
	char *begin = walk->rest + strspn(walk->rest, "/");
	size_t size = strcspn(begin, "/"), used = strlen(walk->at);

	*ended = size == 0;
	if (size == 0 || (size == 1 && begin[0] == '.')) {
		memmove(walk->rest, begin + size, strlen(begin + size) + 1);
		return true;
	}
	if (size == 2 && begin[0] == '.' && begin[1] == '.') {
		go_up(walk);
	} else {
		if (used + 1 + size >= sizeof walk->at)
			return false;
		walk->at[used] = '/';
		memcpy(walk->at + used + 1, begin, size);
		walk->at[used + 1 + size] = '\0';
	}
	memmove(walk->rest, begin + size, strlen(begin + size) + 1);
	return true;
}

const struct node *
places_find(
    const struct places *places, const struct node *root, const char *folder, const char *path)
{
	struct walk walk = {0};
	const struct node *node = root;
	bool ended = false;

	if (strlen(path) >= sizeof walk.rest)
		return NULL;
	memcpy(walk.rest, path, strlen(path) + 1);
	if (path[0] != '/' && folder != NULL) {
		if (strlen(folder) >= sizeof walk.at)
			return NULL;
		memcpy(walk.at, folder, strlen(folder) + 1);
	}
	for (int steps = 0; steps < MAX_STEPS; steps++) {
		if (!step(&walk, &ended))
			return NULL;
		if (ended)
			return walk.at[0] == '\0' ? root : node;
		node = places_at(places, root, walk.at);
		if (node == NULL && walk.at[0] != '\0')
			return NULL;
		if (node != NULL && node->type == NODE_LINK && node->link_target != NULL &&
		    !follow(&walk, node->link_target))
			return NULL;
	}
	return NULL;
}
