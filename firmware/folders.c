/* An archive names each file by its whole path; a table of the folders seen keeps a million of them
 * linear. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/tree.h"

struct folders {
	struct tree *tree;
	struct node *top;
	struct node **slots; /* open addressing; room is a power of two */
	size_t room, count;
};

struct folders *
folders_new(struct job *job, struct tree *tree, struct node *top)
{
	struct folders *folders = arena_allocate(job, sizeof *folders);

	if (folders == NULL)
		return NULL;
	*folders = (struct folders){.tree = tree, .top = top, .room = 64};
	folders->slots = arena_array(job, folders->room, sizeof(struct node *));
	return folders->slots == NULL ? NULL : folders;
}

/* FNV-1a over the parent's place in memory would differ from run to run: the path is hashed. */
static size_t
hash_of(const struct node *parent, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (const char *at = parent->path; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * 0x100000001b3;
	hash = (hash ^ '/') * 0x100000001b3;
	for (const char *at = name; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * 0x100000001b3;
	return (size_t)(hash ^ hash >> 32);
}

static struct node **
slot_of(const struct folders *folders, const struct node *parent, const char *name)
{
	size_t at = hash_of(parent, name) & (folders->room - 1);

	while (folders->slots[at] != NULL && (folders->slots[at]->parent != parent ||
						 strcmp(folders->slots[at]->name, name) != 0))
		at = (at + 1) & (folders->room - 1);
	return &folders->slots[at];
}

static enum status
grow(struct job *job, struct folders *folders)
{
	struct folders larger = *folders;

	larger.room *= 2;
	larger.slots = arena_array(job, larger.room, sizeof(struct node *));
	if (larger.slots == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < folders->room; i++)
		if (folders->slots[i] != NULL)
			*slot_of(&larger, folders->slots[i]->parent, folders->slots[i]->name) =
			    folders->slots[i];
	*folders = larger;
	return STATUS_OK;
}

enum status
folders_enter(struct job *job, struct folders *folders, struct node *parent,
    const struct entry *entry, struct node **node)
{
	struct node **slot;
	char *name;

	if (!tree_name_is_good(entry->name))
		return fail(job, STATUS_MALFORMED, "a name no folder may have");
	if (folders->count * 2 >= folders->room)
		TRY(grow(job, folders));
	name = text_from_bytes(job, entry->name.at, entry->name.size, 4 * TREE_MAX_NAME + 4);
	if (name == NULL)
		return STATUS_LIMIT;
	slot = slot_of(folders, parent, name);
	if (*slot == NULL) {
		TRY(tree_add(job, folders->tree, parent, entry, slot));
		folders->count++;
	} else {
		/* made for a file in it before its own entry came */
		(*slot)->mode = entry->mode & 07777;
		(*slot)->uid = entry->uid;
		(*slot)->gid = entry->gid;
	}
	*node = *slot;
	return STATUS_OK;
}

/* The next component of a path; false at its end. */
static bool
next_component(struct span *path, struct span *component)
{
	while (path->size > 0 && path->at[0] == '/')
		*path = span_from(*path, 1);
	if (path->size == 0)
		return false;
	*component = (struct span){.at = path->at};
	while (component->size < path->size && path->at[component->size] != '/')
		component->size++;
	*path = span_from(*path, component->size);
	return true;
}

enum status
folders_split(struct job *job, struct folders *folders, struct span path, struct node **folder,
    struct span *last)
{
	struct span component;

	*folder = folders->top;
	*last = (struct span){0};
	while (next_component(&path, &component)) {
		struct entry made = {.name = *last, .type = NODE_FOLDER, .mode = 0755};
		struct node **slot;

		if (component.size == 1 && component.at[0] == '.')
			continue;
		if (!tree_name_is_good(component))
			return fail(job, STATUS_MALFORMED, "a path that leaves its archive");
		if (last->size != 0) {
			const char *name =
			    text_from_bytes(job, last->at, last->size, 4 * TREE_MAX_NAME + 4);

			if (name == NULL)
				return STATUS_LIMIT;
			slot = slot_of(folders, *folder, name);
			if (*slot != NULL)
				*folder = *slot;
			else
				TRY(folders_enter(job, folders, *folder, &made, folder));
		}
		*last = component;
	}
	return STATUS_OK;
}
