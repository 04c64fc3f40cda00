/* Each object names its folder; what was deleted lies in a folder that nobody sees. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/yaffs.h"

#define MAX_DEPTH 64u
#define CHUNK_COST ((uint64_t)64) /* bytes as long to write as it takes to look at a page */

/* Copies the newest page of each place; false when one is missing. */
static bool
read_file(const struct yaffs *fs, const struct yaffs_object *object, uint8_t *out, uint8_t *have)
{
	uint64_t chunk_bytes = fs->layout.chunk;
	uint64_t wanted = (object->bytes + chunk_bytes - 1) / chunk_bytes, found = 0;

	for (size_t i = object->from; i < object->to; i++) {
		const struct yaffs_chunk *chunk = &fs->chunks[i];
		uint64_t index = (uint64_t)chunk->tags.chunk - 1, room, expected;
		struct span data = span_part(fs->image, chunk->at, chunk->tags.bytes);
		uint8_t bit = (uint8_t)(1u << index % 8);

		if (chunk->tags.chunk == 0 || index >= wanted || (have[index / 8] & bit) != 0 ||
		    data.size == 0)
			continue;
		room = object->bytes - index * chunk_bytes;
		expected = room < chunk_bytes ? room : chunk_bytes;
		memcpy(out + index * chunk_bytes, data.at,
		    data.size < expected ? data.size : (size_t)expected);
		have[index / 8] |= bit;
		found += data.size >= expected;
	}
	return found == wanted;
}

static enum status
damage(struct yaffs *fs, struct node *folder, const struct entry *entry, const char *why)
{
	const char *name = text_from_bytes(fs->job, entry->name.at, entry->name.size, 200);

	return name == NULL ? STATUS_LIMIT
			    : unpack_damage(fs->unpack, folder, 0, entry->bytes, COVERAGE_DAMAGED,
				  "yaffs: %s: %s", name, why);
}

static enum status
add_file(
    struct yaffs *fs, struct node *folder, struct entry *entry, const struct yaffs_object *object)
{
	uint8_t *bytes = NULL, *have = NULL;

	entry->bytes = object->bytes;
	unpack_waste(fs->unpack, (object->to - object->from) * CHUNK_COST);
	if (object->bytes <= unpack_room(fs->unpack)) {
		bytes = arena_allocate(fs->job, (size_t)object->bytes);
		have = arena_allocate(fs->job, (size_t)(object->bytes / fs->layout.chunk / 8 + 1));
	}
	if (bytes == NULL || have == NULL)
		return damage(fs, folder, entry, "limit: larger than the memory allowed");
	if (!read_file(fs, object, bytes, have)) {
		unpack_waste(fs->unpack, object->bytes);
		return damage(fs, folder, entry, "pages are missing");
	}
	return unpack_file(
	    fs->unpack, folder, entry, (struct span){bytes, (size_t)object->bytes}, NULL);
}

static enum status walk(struct yaffs *fs, struct node *folder, uint32_t number);

static void
set_device(struct entry *entry, const struct yaffs_header *header)
{
	entry->major = header->device >> 8 & 0xfff;
	entry->minor = (header->device & 0xff) | (header->device >> 12 & 0xfff00);
	entry->is_block = (header->mode & 0170000) == 0060000;
}

/* The object whose content this one has: another's when it is a second name. */
static const struct yaffs_object *
target_of(const struct yaffs *fs, const struct yaffs_object *object)
{
	const struct yaffs_object *target = object;

	if (object->header.type == YAFFS_HARD_LINK)
		target = yaffs_find(fs, object->header.target);
	return target == NULL || !target->named || target->header.type == YAFFS_HARD_LINK ||
		       (target != object && target->header.type == YAFFS_FOLDER)
		   ? NULL
		   : target;
}

static enum status
enter(struct yaffs *fs, struct node *folder, uint32_t number)
{
	enum status status;

	if (fs->depth >= MAX_DEPTH)
		return unpack_damage(fs->unpack, folder, 0, 0, COVERAGE_DAMAGED,
		    "yaffs: folder %" PRIu32 " is too deep", number);
	fs->depth++;
	status = walk(fs, folder, number);
	fs->depth--;
	return status;
}

static enum status
add_object(struct yaffs *fs, struct node *folder, struct yaffs_object *object)
{
	const struct yaffs_object *target = target_of(fs, object);
	struct entry entry = {.name = object->header.name};
	struct node *node;

	object->seen = true;
	if (target == NULL)
		return damage(fs, folder, &entry, "a link to nothing");
	entry.mode = target->header.mode;
	entry.uid = target->header.uid;
	entry.gid = target->header.gid;
	switch (target->header.type) {
	case YAFFS_FILE:
		entry.type = NODE_FILE;
		return add_file(fs, folder, &entry, target);
	case YAFFS_LINK:
		entry.type = NODE_LINK;
		entry.target = target->header.alias;
		break;
	case YAFFS_FOLDER:
		entry.type = NODE_FOLDER;
		break;
	default:
		entry.type = node_type_of(entry.mode);
		if (entry.type == NODE_FILE || entry.type == NODE_FOLDER)
			return damage(fs, folder, &entry, "a special file of no kind");
		set_device(&entry, &target->header);
		break;
	}
	TRY(unpack_entry(fs->unpack, folder, &entry, &node));
	if (entry.type != NODE_FOLDER || node == NULL)
		return STATUS_OK;
	return enter(fs, node, object->number);
}

/* Every object has one parent, so that the way from the root down never meets itself. */
static enum status
walk(struct yaffs *fs, struct node *folder, uint32_t number)
{
	size_t low = 0, high = fs->child_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->children[middle]->header.parent < number)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < fs->child_count && fs->children[low]->header.parent == number; low++) {
		struct arena_mark mark = arena_mark(fs->job->arena);

		TRY(add_object(fs, folder, fs->children[low]));
		arena_release(fs->job->arena, mark);
	}
	return STATUS_OK;
}

/* The folder for what was found without one need not have a header. */
static enum status
walk_lost(struct yaffs *fs)
{
	static const struct entry entry = {
	    .name = {(const uint8_t *)"lost+found", 10}, .type = NODE_FOLDER, .mode = 0755};
	const struct yaffs_object *object = yaffs_find(fs, YAFFS_LOST_FOUND);
	struct node *node;

	if (object != NULL && object->named)
		return STATUS_OK;
	for (size_t i = 0; i < fs->child_count; i++) {
		if (fs->children[i]->header.parent != YAFFS_LOST_FOUND)
			continue;
		TRY(unpack_entry(fs->unpack, fs->container, &entry, &node));
		return walk(fs, node, YAFFS_LOST_FOUND);
	}
	return STATUS_OK;
}

enum status
yaffs_walk(struct yaffs *fs)
{
	uint64_t unreached = 0, nameless = 0;

	TRY(walk(fs, fs->container, YAFFS_ROOT));
	TRY(walk_lost(fs));
	for (size_t i = 0; i < fs->object_count; i++) {
		const struct yaffs_object *object = &fs->objects[i];

		nameless += !object->named;
		unreached += object->named && !object->seen && object->number != YAFFS_ROOT &&
			     object->header.parent != YAFFS_UNLINKED &&
			     object->header.parent != YAFFS_DELETED;
	}
	if (nameless != 0)
		TRY(unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
		    "yaffs: %" PRIu64 " objects have no name", nameless));
	if (unreached != 0)
		TRY(unpack_damage(fs->unpack, fs->container, 0, 0, COVERAGE_DAMAGED,
		    "yaffs: %" PRIu64 " objects are in no folder", unreached));
	return STATUS_OK;
}
