/* The first valid claim from the left is the outermost: what begins inside it belongs to it. */
#include "firmware/unpack.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/collect.h"
#include "firmware/gap.h"
#include "firmware/scan.h"

#define MAX_PIECES 4096u /* of one gap */

struct counts {
	uint64_t files, folders, links, others;
};

struct unpack {
	struct unpack_options options;
	struct job *job;     /* what stays: tree, regions */
	struct job *scratch; /* what is let go file by file */
	struct scanner *scanner;
	struct pool *pool;
	struct tree *tree;
	struct collection collection;
	struct span image;
	uint64_t output_left;
	unsigned depth, false_starts, damages;
	enum nature nature;   /* of the innermost container */
	const char *format;   /* its format */
	struct counts counts; /* of its entries */
	bool exhausted;       /* the output limit was reached: stop looking */
};

/* Bytes in which things are looked for. */
struct layer {
	struct node *node;
	struct span bytes;
	bool is_file;           /* collectors have seen it whole */
	uint64_t begins_within; /* things may begin in so many first bytes */
};

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
	unpack->pool = unpack->scanner == NULL ? NULL : pool_new(job, options->helpers);
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
	job_free(unpack->scratch);
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

enum status
unpack_allow(struct unpack *unpack, struct job *job, uint64_t bytes)
{
	if (bytes <= unpack->output_left)
		return STATUS_OK;
	unpack->exhausted = true;
	return fail(job, STATUS_LIMIT, "limit: more would be unpacked than an image of %zu bytes may hold",
	    unpack->image.size);
}

/* Both jobs record reasons; what failed last stands in one of them. */
static const char *
reason_of(const struct unpack *unpack)
{
	return unpack->scratch->reason[0] != '\0' ? unpack->scratch->reason : unpack->job->reason;
}

static void
clear_reasons(struct unpack *unpack)
{
	unpack->scratch->reason[0] = '\0';
	unpack->job->reason[0] = '\0';
}

static enum status
send_region(struct unpack *unpack, const struct region *region)
{
	return collect_region(unpack->scratch, region, unpack->options.evidence);
}

/* "PATH: why", for the looked rows. */
static void
set_incomplete(struct unpack *unpack, const char *path, const char *why)
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
	    .parent = node->parent == NULL ? "" : node->parent->path,
	    .offset = offset,
	    .bytes = bytes,
	    .format = unpack->format == NULL ? "" : unpack->format,
	    .coverage = coverage,
	};
	struct region *added;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(detail, sizeof detail, format, arguments);
	va_end(arguments);
	set_incomplete(unpack, node->path, detail);
	if (unpack->damages++ >= UNPACK_MAX_DAMAGES)
		return STATUS_OK; /* said often enough; the tree is incomplete already */
	region.detail = arena_copy_string(unpack->job, detail);
	if (region.detail == NULL)
		return STATUS_LIMIT;
	TRY(tree_add_region(unpack->job, unpack->tree, &region, &added));
	return send_region(unpack, added);
}

enum status
unpack_entry(struct unpack *unpack, struct node *parent, const struct entry *entry,
    struct node **node)
{
	enum status status = tree_add(unpack->job, unpack->tree, parent, entry, node);

	if (status == STATUS_MALFORMED) {
		*node = NULL;
		return unpack_damage(unpack, parent, 0, entry->bytes, COVERAGE_DAMAGED, "%s",
		    unpack->job->reason);
	}
	if (status != STATUS_OK)
		return status;
	switch (entry->type) {
	case NODE_FILE:
		unpack->counts.files++;
		break;
	case NODE_FOLDER:
		unpack->counts.folders++;
		break;
	case NODE_LINK:
		unpack->counts.links++;
		break;
	default:
		unpack->counts.others++;
	}
	return STATUS_OK;
}

static enum status search(struct unpack *unpack, const struct layer *layer, uint64_t from,
    const struct hint *hints, size_t hint_count, bool *found);

/* Looks for containers in a file: anywhere in what was packed or compressed, at its first byte elsewhere. */
static enum status
look_inside(struct unpack *unpack, struct node *node, struct span content)
{
	bool anywhere = unpack->nature == NATURE_ARCHIVE || unpack->nature == NATURE_STREAM;
	struct layer layer = {
	    .node = node,
	    .bytes = content,
	    .is_file = true,
	    .begins_within = anywhere ? UINT64_MAX : 1,
	};
	bool found;

	return search(unpack, &layer, 0, NULL, 0, &found);
}

/* Hashes a file, tells of it and offers it to whoever wants it. */
static enum status
pass_file(struct unpack *unpack, struct node *parent, const struct entry *entry,
    struct span content, const struct digest *digest, struct node **node)
{
	struct entry own = *entry;
	struct digest computed;

	own.bytes = content.size;
	TRY(unpack_allow(unpack, unpack->job, content.size));
	unpack->output_left -= content.size;
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
	TRY(collect_node(unpack->scratch, *node, digest, unpack->options.evidence));
	if (!unpack->options.collect)
		return STATUS_OK;
	return collect_file(
	    unpack->scratch, &unpack->collection, *node, content, unpack->options.evidence);
}

enum status
unpack_file(struct unpack *unpack, struct node *parent, const struct entry *entry,
    struct span content, const struct digest *digest)
{
	struct node *node;

	TRY(pass_file(unpack, parent, entry, content, digest, &node));
	return node == NULL ? STATUS_OK : look_inside(unpack, node, content);
}

/* The content of a stream, or of a wrapper nobody knows the inside of. */
static const struct entry data_entry = {
    .name = {(const uint8_t *)"data", 4}, .type = NODE_FILE, .mode = 0644};

/* Sets where the parser is, and returns where it was. */
static struct progress
set_progress(struct unpack *unpack, struct progress now)
{
	volatile struct progress *shared = unpack->options.progress;
	struct progress before = {0};

	if (shared == NULL)
		return before;
	before.format = shared->format;
	before.offset = shared->offset;
	shared->format = now.format;
	shared->offset = now.offset;
	return before;
}

static bool
lies_in_image(const struct unpack *unpack, struct span bytes)
{
	uintptr_t image = (uintptr_t)unpack->image.at, at = (uintptr_t)bytes.at;

	return at >= image && at - image <= unpack->image.size &&
	    bytes.size <= unpack->image.size - (at - image);
}

static struct progress
progress_at(const struct unpack *unpack, const struct layer *layer, const struct hit *hit)
{
	uint64_t base = lies_in_image(unpack, layer->bytes)
	    ? (uint64_t)(layer->bytes.at - unpack->image.at)
	    : 0;

	return (struct progress){.format = hit->format + 1, .offset = base + hit->offset};
}

/* One piece of what nobody claimed. */
static enum status
add_piece(struct unpack *unpack, const struct layer *layer, struct span piece, bool is_fill)
{
	struct region region = {
	    .path = layer->node->path,
	    .parent = layer->node->path,
	    .offset = (uint64_t)(piece.at - layer->bytes.at),
	    .bytes = piece.size,
	    .format = "",
	    .coverage = is_fill ? COVERAGE_PADDING : COVERAGE_GAP,
	    .content = lies_in_image(unpack, piece) ? piece : (struct span){0},
	};
	bool dense;
	struct region *added;

	if (is_fill) {
		region.detail = arena_printf(unpack->job, "0x%02x", piece.at[0]);
	} else {
		region.entropy_millibits = gap_entropy(piece);
		dense = piece.size >= GAP_DENSE_SIZE &&
		    region.entropy_millibits >= GAP_DENSE_MILLIBITS;
		region.detail = dense ? "looks compressed or encrypted" : NULL;
		if (layer->is_file && !dense) {
			region.coverage = COVERAGE_READ;
			region.detail = "read as part of its file";
		}
	}
	TRY(tree_add_region(unpack->job, unpack->tree, &region, &added));
	return send_region(unpack, added);
}

static enum status
add_gap(struct unpack *unpack, const struct layer *layer, uint64_t from, uint64_t to)
{
	struct span gap = span_part(layer->bytes, from, to - from);
	struct span piece;
	size_t at = 0;
	bool is_fill;

	for (unsigned i = 0; i < MAX_PIECES && gap_next(gap, &at, &piece, &is_fill); i++)
		TRY(add_piece(unpack, layer, piece, is_fill));
	if (at < gap.size)
		return add_piece(unpack, layer, span_from(gap, at), false);
	return STATUS_OK;
}

/* A file in which nothing was found hides something when it looks it and says nothing of what it is. */
static enum status
add_dense_file(struct unpack *unpack, const struct layer *layer)
{
	static const char *const known[] = {"\x7f" "ELF", "\x89PNG", "\xff\xd8\xff", "GIF8", "OggS"};

	if (layer->begins_within != UINT64_MAX || layer->bytes.size < GAP_DENSE_SIZE)
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (span_starts_with(layer->bytes, known[i], strlen(known[i])))
			return STATUS_OK;
	if (gap_entropy(layer->bytes) < GAP_DENSE_MILLIBITS)
		return STATUS_OK;
	return add_piece(unpack, layer, layer->bytes, false);
}

/* Asks measure() about a hit; claim->bytes is 0 when it is none. */
static void
measure(struct unpack *unpack, const struct layer *layer, const struct hit *hit, struct claim *claim)
{
	const struct format *format = firmware_formats[hit->format];
	struct progress before = set_progress(unpack, progress_at(unpack, layer, hit));
	struct span at = span_from(layer->bytes, hit->offset);
	uint64_t limit = unpack->options.memory / 2;

	*claim = (struct claim){.expected = hit->expected || hit->offset == 0};
	claim->decoded.limit = (size_t)(limit < unpack->output_left ? limit : unpack->output_left);
	format->measure(unpack->job, at, claim);
	if (claim->bytes > at.size)
		claim->bytes = at.size;
	if (claim->bytes == 0) {
		if (format->nature == NATURE_STREAM)
			unpack->false_starts++;
		unpack->output_left -= claim->decoded.size;
		buffer_free(&claim->decoded);
	}
	set_progress(unpack, before);
}

/* Adds the thing's component and region. */
static enum status
enter(struct unpack *unpack, const struct layer *layer, const struct hit *hit,
    const struct claim *claim, struct node **node, size_t *region_index)
{
	const struct format *format = firmware_formats[hit->format];
	struct span content = span_part(layer->bytes, hit->offset, claim->bytes);
	struct region region = {
	    .parent = layer->node->path,
	    .offset = hit->offset,
	    .bytes = claim->bytes,
	    .format = format->name,
	    .detail = claim->detail,
	    .coverage = claim->coverage,
	    .content = lies_in_image(unpack, content) ? content : (struct span){0},
	};
	struct region *added;

	TRY(tree_add_container(
	    unpack->job, unpack->tree, layer->node, hit->offset, format->name, node));
	region.path = (*node)->path;
	*region_index = unpack->tree->region_count;
	TRY(tree_add_region(unpack->job, unpack->tree, &region, &added));
	if (claim->incomplete != NULL)
		set_incomplete(unpack, region.path, claim->incomplete);
	return STATUS_OK;
}

/* What the thing holds goes below `node`; a limit or a fault of the input ends with it. */
static enum status
extract(struct unpack *unpack, const struct format *format, const struct claim *claim,
    struct node *node, struct span content)
{
	struct arena_mark mark = arena_mark(unpack->scratch->arena);
	enum status status;

	if (claim->coverage == COVERAGE_UNSUPPORTED || claim->coverage == COVERAGE_ENCRYPTED)
		return STATUS_OK;
	if (unpack->depth >= UNPACK_MAX_DEPTH)
		return fail(unpack->scratch, STATUS_LIMIT, "limit: nested deeper than %u layers",
		    UNPACK_MAX_DEPTH);
	clear_reasons(unpack);
	unpack->depth++;
	if (format->nature == NATURE_STREAM)
		status = unpack_file(unpack, node, &data_entry, buffer_span(&claim->decoded), NULL);
	else
		status = format->extract(unpack->scratch, unpack, node, content);
	unpack->depth--;
	arena_release(unpack->scratch->arena, mark);
	return status;
}

/* The region's last words: how it went and how much there was. */
static enum status
leave(struct unpack *unpack, const struct format *format, size_t region_index, enum status status)
{
	struct region *region = &unpack->tree->regions[region_index];
	const struct counts *counts = &unpack->counts;
	const char *detail = region->detail == NULL ? "" : region->detail;
	const char *comma = detail[0] == '\0' ? "" : ", ";

	if (status == STATUS_MALFORMED || status == STATUS_LIMIT) {
		set_incomplete(unpack, region->path, reason_of(unpack));
		detail = arena_printf(
		    unpack->job, "%s%s%s", detail, comma, reason_of(unpack));
		tree_set_coverage(unpack->tree, region, COVERAGE_DAMAGED);
		status = STATUS_OK;
	} else if (format->nature >= NATURE_ARCHIVE && region->coverage != COVERAGE_UNSUPPORTED) {
		detail = arena_printf(unpack->job,
		    "%s%s%" PRIu64 " files, %" PRIu64 " folders, %" PRIu64 " links, %" PRIu64
		    " others",
		    detail, comma, counts->files, counts->folders, counts->links, counts->others);
	}
	TRY(status);
	clear_reasons(unpack);
	if (detail == NULL)
		return STATUS_LIMIT;
	region->detail = detail;
	return send_region(unpack, region);
}

/* Takes what a claim spans into the tree. */
static enum status
take(struct unpack *unpack, const struct layer *layer, const struct hit *hit, struct claim *claim)
{
	const struct format *format = firmware_formats[hit->format];
	struct progress before = set_progress(unpack, progress_at(unpack, layer, hit));
	enum nature nature = unpack->nature;
	const char *name = unpack->format;
	struct counts counts = unpack->counts;
	struct node *node;
	size_t region_index;
	enum status status = enter(unpack, layer, hit, claim, &node, &region_index);

	unpack->nature = format->nature;
	unpack->format = format->name;
	unpack->counts = (struct counts){0};
	if (status == STATUS_OK) {
		status = extract(unpack, format, claim, node,
		    span_part(layer->bytes, hit->offset, claim->bytes));
		status = leave(unpack, format, region_index, status);
	}
	unpack->nature = nature;
	unpack->format = name;
	unpack->counts = counts;
	set_progress(unpack, before);
	return status;
}

/* The hits of a layer with those its container names. */
static enum status
find_hits(struct unpack *unpack, const struct layer *layer, const struct hint *hints,
    size_t hint_count, struct hits *hits)
{
	TRY(scanner_find(unpack->scratch, unpack->scanner, layer->bytes, layer->begins_within,
	    hint_count, hits));
	for (size_t i = 0; i < hint_count; i++)
		for (uint32_t f = 0; f < firmware_format_count; f++)
			if (strcmp(firmware_formats[f]->name, hints[i].format) == 0)
				hits->hits[hits->count++] = (struct hit){
				    .offset = hints[i].offset, .format = f, .expected = true};
	hits_sort(hits);
	if (hits->cut)
		set_incomplete(unpack, layer->node->path, "limit: too many magics");
	return STATUS_OK;
}

static enum status
search(struct unpack *unpack, const struct layer *layer, uint64_t from, const struct hint *hints,
    size_t hint_count, bool *found)
{
	struct arena_mark mark = arena_mark(unpack->scratch->arena);
	struct hits hits;
	uint64_t cursor = from;

	*found = false;
	TRY(find_hits(unpack, layer, hints, hint_count, &hits));
	for (size_t i = 0; i < hits.count && !unpack->exhausted; i++) {
		const struct hit *hit = &hits.hits[i];
		struct claim claim;
		enum status status;

		if (hit->offset < cursor)
			continue;
		if (unpack->false_starts >= UNPACK_MAX_FALSE_STARTS) {
			set_incomplete(unpack, layer->node->path, "limit: too many false starts");
			break;
		}
		measure(unpack, layer, hit, &claim);
		if (claim.bytes == 0)
			continue;
		status = add_gap(unpack, layer, cursor, hit->offset);
		if (status == STATUS_OK)
			status = take(unpack, layer, hit, &claim);
		buffer_free(&claim.decoded);
		TRY(status);
		cursor = hit->offset + claim.bytes;
		*found = true;
	}
	arena_release(unpack->scratch->arena, mark);
	if (*found || !layer->is_file)
		return *found ? add_gap(unpack, layer, cursor, layer->bytes.size) : STATUS_OK;
	return add_dense_file(unpack, layer);
}

enum status
unpack_search(struct unpack *unpack, struct node *container, struct span content, uint64_t from,
    const struct hint *hints, size_t hint_count)
{
	struct layer layer = {.node = container, .bytes = content, .begins_within = UINT64_MAX};
	struct span rest = span_from(content, from);
	struct node *node;
	bool found;

	TRY(search(unpack, &layer, from, hints, hint_count, &found));
	if (found || rest.size == 0)
		return STATUS_OK;
	TRY(pass_file(unpack, container, &data_entry, rest, NULL, &node));
	layer.is_file = true;
	return add_gap(unpack, &layer, from, content.size);
}

enum status
unpack_run(struct unpack *unpack, struct span image, const struct tree **tree)
{
	struct layer layer = {.bytes = image, .begins_within = UINT64_MAX};
	bool found = false;
	enum status status;

	unpack->image = image;
	unpack->output_left = UNPACK_OUTPUT_BASE + image.size * UNPACK_OUTPUT_RATIO;
	*tree = unpack->tree = tree_new(unpack->job, image.size);
	if (unpack->tree == NULL)
		return STATUS_LIMIT;
	unpack->collection = (struct collection){
	    .tree = unpack->tree,
	    .candidates = unpack->options.candidates,
	    .candidate_count = unpack->options.candidate_count,
	};
	layer.node = unpack->tree->root;
	status = search(unpack, &layer, 0, NULL, 0, &found);
	if (status == STATUS_LIMIT || status == STATUS_MALFORMED) {
		set_incomplete(unpack, "", reason_of(unpack));
		found = true;
	} else if (status != STATUS_OK) {
		return status;
	}
	if (!found) {
		TRY(add_gap(unpack, &layer, 0, image.size));
		return fail(unpack->job, STATUS_MALFORMED, "nothing in it is recognised");
	}
	return collect_conclude(unpack->scratch, &unpack->collection, unpack->options.collect,
	    unpack->options.evidence);
}
