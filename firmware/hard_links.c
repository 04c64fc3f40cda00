/* A hard link in an archive is a path met before: a hash and a place are kept of each, no path and
 * no content. */
#include "firmware/hard_links.h"

#include "base/arena.h"

#define FIRST_ROOM ((size_t)64)

/* The next component that says anything; empty at the end. */
static struct span
next_component(struct span *path)
{
	struct span component;
	size_t end;

	do {
		while (path->size != 0 && path->at[0] == '/')
			*path = span_from(*path, 1);
		for (end = 0; end < path->size && path->at[end] != '/';)
			end++;
		component = span_part(*path, 0, end);
		*path = span_from(*path, end);
	} while (component.size == 1 && component.at[0] == '.');
	return component;
}

bool
hard_links_same_path(struct span a, struct span b)
{
	struct span left, right;

	do {
		left = next_component(&a);
		right = next_component(&b);
	} while (left.size != 0 && span_equal(left, right));
	return left.size == 0 && right.size == 0;
}

/* FNV-1a over the components, each behind a slash. */
static uint64_t
hash_of(struct span path)
{
	uint64_t hash = 0xcbf29ce484222325;
	struct span component;

	while ((component = next_component(&path)).size != 0) {
		hash = (hash ^ '/') * 0x100000001b3;
		for (size_t i = 0; i < component.size; i++)
			hash = (hash ^ component.at[i]) * 0x100000001b3;
	}
	return hash == 0 ? 1 : hash;
}

/* The place of this hash, or the empty one where it belongs. */
static struct hard_link_place *
place_of(const struct hard_links *links, uint64_t hash)
{
	size_t at = (size_t)(hash ^ hash >> 32) & (links->room - 1);

	while (links->places[at].path != 0 && links->places[at].path != hash)
		at = (at + 1) & (links->room - 1);
	return &links->places[at];
}

enum status
hard_links_reserve(struct job *job, struct hard_links *links)
{
	struct hard_links larger = {.room = links->room == 0 ? FIRST_ROOM : links->room * 2};

	if (links->count < links->room / 2)
		return STATUS_OK;
	larger.places = arena_array(job, larger.room, sizeof *larger.places);
	if (larger.places == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < links->room; i++)
		if (links->places[i].path != 0)
			*place_of(&larger, links->places[i].path) = links->places[i];
	larger.count = links->count;
	*links = larger;
	return STATUS_OK;
}

void
hard_links_put(struct hard_links *links, struct span path, uint64_t at)
{
	uint64_t hash = hash_of(path);
	struct hard_link_place *place = place_of(links, hash);

	links->count += place->path == 0;
	*place = (struct hard_link_place){.path = hash, .at = at};
}

bool
hard_links_find(const struct hard_links *links, struct span path, uint64_t *at)
{
	const struct hard_link_place *place;

	if (links->room == 0)
		return false;
	place = place_of(links, hash_of(path));
	if (place->path == 0)
		return false;
	*at = place->at;
	return true;
}
