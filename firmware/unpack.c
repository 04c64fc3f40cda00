/* A file is hashed, told of, looked into, offered and forgotten, in that order and once. */
#include "firmware/unpack.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/arena.h"
#include "firmware/collect.h"
#include "firmware/search.h"

struct unpack *
unpack_new(struct job *job, const struct unpack_options *options)
{
	struct unpack *unpack = arena_allocate(job, sizeof *unpack);
	struct digest empty;

	if (unpack == NULL)
		return NULL;
	*unpack = (struct unpack){.options = *options, .job = job};
	unpack->scratch = job_new(options->memory);
	unpack->scanner = unpack->scratch == NULL ? NULL : scanner_new(job);
	if (unpack->scanner != NULL && options->collect)
		unpack->seeker = seeker_new(job);
	if (unpack->scanner != NULL && (unpack->seeker != NULL || !options->collect))
		unpack->pool = pool_new(job, options->helpers);
	/* the digest's library reads its configuration at its first use */
	if (unpack->pool != NULL && digest_of(job, (struct span){0}, &empty) == STATUS_OK)
		return unpack;
	unpack_free(unpack);
	return NULL;
}

void
unpack_free(struct unpack *unpack)
{
	if (unpack == NULL)
		return;
	pool_free(unpack->pool);
	scanner_free(unpack->scanner);
	seeker_free(unpack->seeker);
	job_free(unpack->scratch);
	buffer_free(&unpack->spare);
}

struct pool *
unpack_pool(struct unpack *unpack)
{
	return unpack->pool;
}

struct tree *
unpack_tree(struct unpack *unpack)
{
	return unpack->tree;
}

struct job *
unpack_tree_job(struct unpack *unpack)
{
	return unpack->job;
}

size_t
unpack_room(const struct unpack *unpack)
{
	size_t limit = unpack->options.memory / 2;

	return limit < unpack->output_left ? limit : (size_t)unpack->output_left;
}

enum status
unpack_allow(struct unpack *unpack, struct job *job, uint64_t bytes)
{
	if (bytes <= unpack->output_left) {
		unpack->output_left -= bytes;
		unpack->reserved += bytes;
		return STATUS_OK;
	}
	unpack->exhausted = true;
	return fail(job, STATUS_LIMIT,
	    "limit: more would be unpacked than an image of %zu bytes may hold",
	    unpack->image.size);
}

/* Pays for a file: with what was reserved, then with what is left. */
static enum status
pay(struct unpack *unpack, uint64_t bytes)
{
	uint64_t paid = unpack->reserved < bytes ? unpack->reserved : bytes;

	unpack->reserved -= paid;
	TRY(unpack_allow(unpack, unpack->job, bytes - paid));
	unpack->reserved -= bytes - paid;
	return STATUS_OK;
}

void
unpack_waste(struct unpack *unpack, uint64_t bytes)
{
	unpack->output_left -= bytes < unpack->output_left ? bytes : unpack->output_left;
}

const char *
unpack_reason(const struct unpack *unpack)
{
	return unpack->scratch->reason[0] != '\0' ? unpack->scratch->reason : unpack->job->reason;
}

enum status
unpack_send_region(struct unpack *unpack, const struct region *region)
{
	return collect_region(unpack->scratch, region, unpack->options.evidence);
}

void
unpack_set_incomplete(struct unpack *unpack, const char *path, const char *why)
{
	char reason[sizeof unpack->job->reason];

	if (path[0] == '\0')
		path = "image";
	snprintf(reason, sizeof reason, "%.200s: %.250s", path, why);
	tree_set_incomplete(unpack->job, unpack->tree, reason);
}

enum status
unpack_damage(struct unpack *unpack, const struct node *node, uint64_t offset, uint64_t bytes,
    enum coverage coverage, const char *format, ...)
{
	char detail[sizeof unpack->job->reason];
	struct region region = {
	    .path = node->path,
	    .parent = node->path,
	    .offset = offset,
	    .bytes = bytes,
	    .format = "",
	    .coverage = coverage,
	};
	struct region *added;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(detail, sizeof detail, format, arguments);
	va_end(arguments);
	unpack_set_incomplete(unpack, node->path, detail);
	if (unpack->damages++ >= UNPACK_MAX_DAMAGES)
		return STATUS_OK; /* said often enough; the tree is incomplete already */
	region.detail = arena_copy_string(unpack->job, detail);
	if (region.detail == NULL)
		return STATUS_LIMIT;
	TRY(tree_add_region(unpack->job, unpack->tree, &region, &added));
	return unpack_send_region(unpack, added);
}

enum status
unpack_entry(
    struct unpack *unpack, struct node *parent, const struct entry *entry, struct node **node)
{
	enum status status = tree_add(unpack->job, unpack->tree, parent, entry, node);

	if (status == STATUS_MALFORMED) {
		*node = NULL;
		return unpack_damage(
		    unpack, parent, 0, entry->bytes, COVERAGE_DAMAGED, "%s", unpack->job->reason);
	}
	for (size_t i = 0; i < entry->attribute_count && status == STATUS_OK; i++) {
		const struct attribute *attribute = &entry->attributes[i];

		/* many entries may share what is stored once */
		TRY(pay(unpack, attribute->name.size + attribute->value.size));
		status =
		    collect_attribute(unpack->scratch, *node, attribute, unpack->options.evidence);
	}
	return status;
}

/* Looks for containers in a file: anywhere in what was packed or compressed, at its first byte
 * elsewhere. */
static enum status
look_inside(struct unpack *unpack, struct node *node, struct span content)
{
	bool anywhere = unpack->nature == NATURE_ARCHIVE || unpack->nature == NATURE_STREAM;
	struct layer layer = {
	    .node = node,
	    .bytes = content,
	    .is_file = true,
	    .seen = true,
	    .begins_within = anywhere ? UINT64_MAX : 1,
	};
	bool found;

	return search_layer(unpack, &layer, NULL, 0, &found);
}

/* Hashes a file and tells of it; `*node` is NULL when its name is refused. */
static enum status
tell_file(struct unpack *unpack, struct node *parent, const struct entry *entry,
    struct span content, const struct digest *digest, struct node **node)
{
	struct entry own = *entry;
	struct digest computed;

	own.bytes = content.size;
	TRY(pay(unpack, content.size));
	TRY(unpack_entry(unpack, parent, &own, node));
	if (*node == NULL)
		return STATUS_OK;
	if (digest == NULL) {
		TRY(digest_of(unpack->scratch, content, &computed));
		digest = &computed;
	}
	if (unpack->options.content != NULL)
		TRY(unpack->options.content(
		    unpack->options.context, unpack->scratch, *node, content));
	return collect_node(unpack->scratch, *node, digest, unpack->options.evidence);
}

/* Offers a file to whoever wants it. */
static enum status
offer_file(struct unpack *unpack, const struct node *node, struct span content)
{
	if (node == NULL || !unpack->options.collect)
		return STATUS_OK;
	return collect_file(unpack->scratch, unpack->seeker, &unpack->collection, node, content,
	    unpack->options.evidence);
}

enum status
unpack_file(struct unpack *unpack, struct node *parent, const struct entry *entry,
    struct span content, const struct digest *digest)
{
	struct node *node;
	enum status status;

	TRY(tell_file(unpack, parent, entry, content, digest, &node));
	if (node == NULL)
		return STATUS_OK;
	/* first, so that collectors know whether its parts were offered by themselves */
	status = look_inside(unpack, node, content);
	TRY(offer_file(unpack, node, content));
	return status;
}

/* The content of a stream, or of a wrapper nobody knows the inside of. */
static const struct entry data_entry = {
    .name = {(const uint8_t *)"data", 4}, .type = NODE_FILE, .mode = 0644};

enum status
unpack_part(struct unpack *unpack, struct node *container, const char *name, struct span content)
{
	struct entry entry = {.name = span_of_string(name), .type = NODE_FILE, .mode = 0644};

	return unpack_file(unpack, container, &entry, content, NULL);
}

enum status
unpack_stream(struct unpack *unpack, struct node *container, struct span content)
{
	return unpack_file(unpack, container, &data_entry, content, NULL);
}

enum status
unpack_search(struct unpack *unpack, struct node *container, struct span content, uint64_t from,
    const struct hint *hints, size_t hint_count)
{
	struct layer layer = {
	    .node = container, .bytes = content, .from = from, .begins_within = UINT64_MAX};
	struct span rest = span_from(content, from);
	struct node *node;
	bool found;

	TRY(search_layer(unpack, &layer, hints, hint_count, &found));
	if (found || rest.size == 0)
		return STATUS_OK;
	/* a file system nobody knows may be in it: that it was searched as one file is not enough
	 */
	TRY(tell_file(unpack, container, &data_entry, rest, NULL, &node));
	TRY(offer_file(unpack, node, rest));
	return search_add_gap(unpack, &layer, from, content.size);
}

static bool
is_empty(struct span bytes)
{
	size_t at = 0;

	if (bytes.size == 0 || (bytes.at[0] != 0 && bytes.at[0] != 0xff))
		return bytes.size == 0;
	while (at < bytes.size && bytes.at[at] == bytes.at[0])
		at++;
	return at == bytes.size;
}

enum status
unpack_search_part(struct unpack *unpack, struct node *container, struct span content,
    uint64_t from, uint64_t to, const char *name)
{
	struct layer layer = {.node = container, .from = from, .begins_within = UINT64_MAX};
	struct entry entry = data_entry;
	struct span rest;
	struct node *node;
	bool found;

	layer.bytes = span_part(content, 0, to);
	rest = span_from(layer.bytes, from);
	if (rest.size == 0)
		return STATUS_OK;
	TRY(search_layer(unpack, &layer, NULL, 0, &found));
	if (found)
		return STATUS_OK;
	if (name != NULL && !is_empty(rest)) {
		entry.name = span_of_string(name);
		TRY(tell_file(unpack, container, &entry, rest, NULL, &node));
		TRY(offer_file(unpack, node, rest));
	}
	return search_add_gap(unpack, &layer, from, to);
}

/* The run ended before the image did: nobody can say what was not looked at, so all of it was not.
 */
static enum status
give_up(struct unpack *unpack)
{
	struct region region = {
	    .path = "",
	    .parent = "",
	    .bytes = unpack->image.size,
	    .format = "",
	    .detail = "the search ended at a limit",
	    .coverage = COVERAGE_DAMAGED,
	};

	unpack->tree->unread_bytes = unpack->image.size;
	return unpack_send_region(unpack, &region);
}

/* All layers, then what collectors conclude. */
static enum status
walk(struct unpack *unpack, struct span image)
{
	struct layer layer = {
	    .node = unpack->tree->root, .bytes = image, .begins_within = UINT64_MAX};
	bool found = false;
	enum status status;

	status = search_layer(unpack, &layer, NULL, 0, &found);
	if (status == STATUS_LIMIT || status == STATUS_MALFORMED) {
		unpack_set_incomplete(unpack, "", unpack_reason(unpack));
		TRY(give_up(unpack));
		found = true;
	} else if (status != STATUS_OK) {
		return status;
	}
	if (!found) {
		TRY(search_add_gap(unpack, &layer, 0, image.size));
		return fail(unpack->job, STATUS_MALFORMED, "nothing in it is recognised");
	}
	return collect_conclude(unpack->scratch, &unpack->collection, unpack->options.collect,
	    unpack->options.evidence);
}

/* The keys somebody gave; one that is none would be a question nobody answers. */
static enum status
read_trusted(struct unpack *unpack)
{
	struct key_ring *keys = unpack->collection.keys;

	if (keys == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < unpack->options.trusted_count; i++) {
		const struct key_file *file = &unpack->options.trusted[i];
		size_t added;

		TRY(key_ring_read(keys, file->name, file->bytes, true, &added));
		if (added == 0)
			return fail(unpack->job, STATUS_MALFORMED,
			    "%s holds no public key or certificate", file->name);
	}
	return STATUS_OK;
}

enum status
unpack_run(struct unpack *unpack, struct span image, const struct tree **tree)
{
	enum status status;

	unpack->depth = unpack->false_starts = unpack->damages = 0;
	unpack->exhausted = false;
	unpack->reserved = 0;
	unpack->false_bytes = 0;
	unpack->image = image;
	unpack->output_left = UNPACK_OUTPUT_BASE + image.size * UNPACK_OUTPUT_RATIO;
	unpack->comparable = UNPACK_COMPARE_BASE + image.size * UNPACK_COMPARE_RATIO;
	*tree = unpack->tree = tree_new(unpack->job, image.size);
	if (unpack->tree == NULL)
		return STATUS_LIMIT;
	unpack->kept = (struct kept){.job = unpack->job};
	unpack->collection = (struct collection){
	    .tree = unpack->tree,
	    .candidates = unpack->options.candidates,
	    .candidate_count = unpack->options.candidate_count,
	    .milliseconds = unpack->options.milliseconds,
	    .kept = &unpack->kept,
	    .image = image,
	    .keys = key_ring_new(unpack->job),
	};
	status = read_trusted(unpack);
	if (status == STATUS_OK)
		status = walk(unpack, image);
	key_ring_free(unpack->collection.keys);
	unpack->collection.keys = NULL;
	return status;
}
