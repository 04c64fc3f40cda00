/* A FIT is a device tree of three levels that matter: /images/NAME/hash. */
#include <string.h>

#include "base/arena.h"
#include "firmware/fit_read.h"

enum { DEPTH_ROOT = 1, DEPTH_PART = 2, DEPTH_ITEM = 3, DEPTH_DETAIL = 4 };

/* Where in the tree the walk is. */
struct place {
	struct span part, item, detail; /* names of the nodes at these depths */
	struct fit_image *image;        /* NULL outside /images/NAME */
	bool first_signature;           /* in the first node of one, or no other had a value */
};

static bool
is(struct span name, const char *string)
{
	return span_equal(name, span_of_string(string));
}

static bool
begins(struct span name, const char *string)
{
	return span_starts_with(name, string, strlen(string));
}

/* How many nodes /images has; SIZE_MAX when there is no such node. */
static size_t
count_images(const struct device_tree *tree)
{
	struct device_tree_walk walk = device_tree_walk(tree);
	enum device_tree_token token;
	bool inside = false, found = false;
	size_t count = 0;

	while ((token = device_tree_next(&walk)) < DEVICE_TREE_END) {
		if (token != DEVICE_TREE_NODE)
			continue;
		if (walk.depth == DEPTH_PART)
			inside = is(walk.name, "images");
		found = found || inside;
		count += inside && walk.depth == DEPTH_ITEM;
	}
	return found ? count : SIZE_MAX;
}

static void
enter(struct fit *fit, struct place *place, const struct device_tree_walk *walk)
{
	struct fit_image *image = place->image;

	if (walk->depth == DEPTH_PART) {
		place->part = walk->name;
		return;
	}
	if (walk->depth == DEPTH_ITEM) {
		place->item = walk->name;
		place->image = NULL;
		fit->configurations += is(place->part, "configurations");
		if (!is(place->part, "images") || fit->image_count >= fit->image_room)
			return;
		place->image = &fit->images[fit->image_count++];
		place->image->name = walk->name;
	}
	if (walk->depth != DEPTH_DETAIL)
		return;
	place->detail = walk->name;
	if (begins(walk->name, "signature"))
		place->first_signature = fit->signatures == 0;
	if (image != NULL && begins(walk->name, "hash") && image->hash_count < FIT_MAX_HASHES)
		image->hashes[image->hash_count++].name = walk->name;
	if (image != NULL && is(walk->name, "cipher"))
		image->encrypted = true;
}

static void
read_image_property(struct fit_image *image, const struct device_tree_walk *walk)
{
	uint64_t number = device_tree_number(walk->value);

	if (is(walk->name, "data") && !image->has_data) { /* of two the first is read */
		image->has_data = true;
		image->data = walk->value;
		image->size = walk->value.size;
	} else if (is(walk->name, "data-size") && !image->has_data) {
		image->size = number;
	} else if (is(walk->name, "data-position")) {
		image->external = image->by_position = true;
		image->at = number;
	} else if (is(walk->name, "data-offset") && !image->by_position) {
		image->external = true;
		image->at = number;
	}
}

static void
read_detail_property(
    struct fit *fit, const struct place *place, const struct device_tree_walk *walk)
{
	struct fit_image *image = place->image;
	struct span text = device_tree_string(walk->value);

	if (begins(place->detail, "signature")) {
		bool value = is(walk->name, "value");

		fit->signatures += value; /* without it somebody meant to sign */
		if (value && place->first_signature)
			fit->signed_thing = place->item;
	}
	if (begins(place->detail, "signature") && place->first_signature) {
		if (is(walk->name, "algo"))
			fit->signature_algorithm = text;
		else if (is(walk->name, "key-name-hint"))
			fit->signature_key = text;
	}
	if (image == NULL)
		return;
	if (begins(place->detail, "hash") && image->hash_count != 0) {
		struct fit_hash *hash = &image->hashes[image->hash_count - 1];

		if (is(walk->name, "algo"))
			hash->algorithm = text;
		else if (is(walk->name, "value"))
			hash->value = walk->value;
	} else if (is(place->detail, "cipher")) {
		if (is(walk->name, "algo"))
			image->cipher = text;
		else if (is(walk->name, "key-name-hint"))
			image->cipher_key = text;
	}
}

static void
read_property(struct fit *fit, const struct place *place, const struct device_tree_walk *walk)
{
	if (walk->depth == DEPTH_ROOT && is(walk->name, "description"))
		fit->description = device_tree_string(walk->value);
	if (walk->depth == DEPTH_PART && is(place->part, "configurations") &&
	    is(walk->name, "default"))
		fit->preferred = device_tree_string(walk->value);
	if (walk->depth == DEPTH_ITEM && place->image != NULL)
		read_image_property(place->image, walk);
	if (walk->depth == DEPTH_DETAIL)
		read_detail_property(fit, place, walk);
}

/* Gives external data their place, and what is not there a reason. */
static void
place_data(struct fit *fit, struct span at, struct fit_image *image)
{
	uint64_t base = (fit->tree.total + 3) & ~(uint64_t)3, end;

	if (image->has_data && !image->external) {
		image->at = image->size == 0 ? 0 : (uint64_t)(image->data.at - at.at);
		return;
	}
	if (!image->external || image->size == UINT64_MAX || image->at == UINT64_MAX) {
		fit->missing = "an image has no data";
		return;
	}
	image->has_data = true;
	image->data = (struct span){0};
	if (!image->by_position && __builtin_add_overflow(image->at, base, &image->at))
		image->at = UINT64_MAX;
	if (__builtin_add_overflow(image->at, image->size, &end) || end > at.size)
		end = at.size;
	if (image->at < fit->tree.total) {
		fit->missing = "an image lies in the description of the images";
		return;
	}
	if (image->at < end)
		image->data = span_part(at, image->at, end - image->at);
	if (image->data.size != image->size)
		fit->missing = "the data of an image are cut short";
	if (end > fit->end && image->data.size != 0)
		fit->end = end;
}

bool
fit_read(struct job *job, struct span at, struct fit *fit)
{
	struct device_tree_walk walk;
	struct place place = {0};
	enum device_tree_token token;
	size_t count;

	*fit = (struct fit){0};
	if (!device_tree_open(at, &fit->tree) || !fit->tree.readable)
		return false;
	count = count_images(&fit->tree);
	if (count == SIZE_MAX)
		return false;
	fit->image_room = count < FIT_MAX_IMAGES ? count : FIT_MAX_IMAGES;
	fit->images = arena_array(job, fit->image_room, sizeof *fit->images);
	if (fit->images == NULL)
		return false;
	if (fit->image_room < count)
		fit->missing = "limit: too many images";
	fit->end = fit->tree.total;
	walk = device_tree_walk(&fit->tree);
	while ((token = device_tree_next(&walk)) < DEVICE_TREE_END) {
		if (token == DEVICE_TREE_NODE)
			enter(fit, &place, &walk);
		else if (token == DEVICE_TREE_PROPERTY)
			read_property(fit, &place, &walk);
	}
	fit->damaged = token == DEVICE_TREE_DAMAGED;
	fit->structure_end = fit->tree.structure_at + fit->tree.structure.size;
	if (!fit->damaged)
		fit->structure_end -= walk.reader.rest.size;
	for (size_t i = 0; i < fit->image_count; i++)
		place_data(fit, at, &fit->images[i]);
	return true;
}
