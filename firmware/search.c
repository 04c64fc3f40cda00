/* The first valid claim from the left is the outermost: what begins inside it belongs to it. */
#include "firmware/search.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/gap.h"

#define MAX_PIECES 4096u                /* of one gap */
#define COSTLY_OUTPUT ((size_t)4096)    /* a false start that unpacked more was costly */
#define LEAST_DENSE_FILE ((size_t)4096) /* smaller ones are signatures and keys */
#define LARGEST_SPARE ((size_t)16 << 20)
#define STRIDE ((uint64_t)1 << 20) /* searched at a time: a claim saves searching what it spans */

struct counts {
	uint64_t files, folders, links, others;
};

static void
clear_reasons(struct unpack *unpack)
{
	unpack->scratch->reason[0] = '\0';
	unpack->job->reason[0] = '\0';
}

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

/* One piece of what nobody claimed; in a file that was read anyway it is told only when it looks
 * opaque. */
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
	struct region *added;
	bool dense;

	region.entropy_millibits = is_fill ? 0 : gap_entropy(piece);
	dense = piece.size >= GAP_DENSE_SIZE && region.entropy_millibits >= GAP_DENSE_MILLIBITS;
	if (layer->seen && !dense)
		return STATUS_OK;
	region.detail = dense ? "looks compressed or encrypted" : NULL;
	if (is_fill)
		region.detail = arena_printf(unpack->job, "0x%02x", piece.at[0]);
	TRY(tree_add_region(unpack->job, unpack->tree, &region, &added));
	return unpack_send_region(unpack, added);
}

enum status
search_add_gap(struct unpack *unpack, const struct layer *layer, uint64_t from, uint64_t to)
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

/* A file in which nothing was found hides something when it looks it and says nothing of what it
 * is. */
static enum status
add_dense_file(struct unpack *unpack, const struct layer *layer)
{
	static const char *const known[] = {"\x7f"
					    "ELF",
	    "\x89PNG", "\xff\xd8\xff", "GIF8", "OggS"};

	if (layer->begins_within != UINT64_MAX || layer->bytes.size < LEAST_DENSE_FILE)
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (span_starts_with(layer->bytes, known[i], strlen(known[i])))
			return STATUS_OK;
	if (gap_entropy(layer->bytes) < GAP_DENSE_MILLIBITS)
		return STATUS_OK;
	return add_piece(unpack, layer, layer->bytes, false);
}

/* What it took to find that a hit is nothing is paid for; a buffer that grew is kept for the next
 * one. */
static void
reject(struct unpack *unpack, struct claim *claim)
{
	if (claim->costly || claim->decoded.size >= COSTLY_OUTPUT)
		unpack->false_starts += UNPACK_COSTLY_START;
	else if (claim->tried)
		unpack->false_starts++;
	unpack->false_bytes += claim->searched;
	/* a buffer that grew so far was filled, whatever is left in it */
	unpack_waste(unpack,
	    claim->decoded.room > LARGEST_SPARE ? claim->decoded.room : claim->decoded.size);
	if (claim->decoded.room > unpack->spare.room && claim->decoded.room <= LARGEST_SPARE) {
		buffer_free(&unpack->spare);
		unpack->spare = claim->decoded;
	} else {
		buffer_free(&claim->decoded);
	}
}

/* Too much was tried for nothing: whoever wrote the image wants that. */
static bool
is_led_astray(const struct unpack *unpack)
{
	return unpack->false_starts >= UNPACK_MAX_FALSE_STARTS ||
	       unpack->false_bytes >=
		   UNPACK_FALSE_BYTES_BASE + UNPACK_FALSE_BYTES_RATIO * unpack->image.size;
}

/* Asks measure() about a hit; claim->bytes is 0 when it is none. */
static void
measure(
    struct unpack *unpack, const struct layer *layer, const struct hit *hit, struct claim *claim)
{
	const struct format *format = firmware_formats[hit->format];
	struct progress before = set_progress(unpack, progress_at(unpack, layer, hit));
	struct arena_mark mark = arena_mark(unpack->job->arena);
	size_t refusals = arena_refusals(unpack->job->arena);
	struct span at = span_from(layer->bytes, hit->offset);

	*claim = (struct claim){
	    .expected = hit->expected,
	    .in_file = layer->is_file,
	    .before = span_part(layer->bytes, 0, hit->offset),
	};
	claim->comparable = unpack->comparable;
	claim->decoded.limit = unpack_room(unpack);
	if (format->nature == NATURE_STREAM && unpack->spare.room <= claim->decoded.limit) {
		claim->decoded.at = unpack->spare.at;
		claim->decoded.room = unpack->spare.room;
		unpack->spare = (struct buffer){0};
	}
	format->measure(unpack->job, at, claim);
	unpack->comparable = claim->comparable;
	if (claim->bytes > at.size)
		claim->bytes = at.size;
	if (claim->bytes == 0) {
		reject(unpack, claim);
		arena_release(unpack->job->arena, mark);
	}
	/* without memory nobody can tell what it is */
	if (arena_refusals(unpack->job->arena) != refusals)
		unpack_set_incomplete(unpack, layer->node->path, "limit: out of memory");
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
		unpack_set_incomplete(unpack, region.path, claim->incomplete);
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
		status = unpack_stream(unpack, node, buffer_span(&claim->decoded));
	else
		status = format->extract(unpack->scratch, unpack, node, content);
	unpack->depth--;
	arena_release(unpack->scratch->arena, mark);
	return status;
}

/* What a container holds, without what lies in containers inside it. */
static struct counts
count_below(const struct node *container)
{
	const struct node *node = container->child;
	struct counts counts = {0};

	while (node != NULL && node != container) {
		bool enter = node->type == NODE_FOLDER && node->child != NULL;

		counts.files += node->type == NODE_FILE;
		counts.folders += node->type == NODE_FOLDER;
		counts.links += node->type == NODE_LINK;
		counts.others += node->type > NODE_LINK && node->type != NODE_CONTAINER;
		if (enter) {
			node = node->child;
			continue;
		}
		while (node != container && node->next == NULL)
			node = node->parent;
		if (node != container)
			node = node->next;
	}
	return counts;
}

/* The region's last words: how it went and how much there was. */
static enum status
leave(struct unpack *unpack, const struct format *format, const struct node *node,
    size_t region_index, enum status status)
{
	struct region *region = &unpack->tree->regions[region_index];
	struct counts counts;
	const char *detail = region->detail == NULL ? "" : region->detail;
	const char *comma = detail[0] == '\0' ? "" : ", ";

	if (status == STATUS_MALFORMED || status == STATUS_LIMIT) {
		unpack_set_incomplete(unpack, region->path, unpack_reason(unpack));
		detail = arena_printf(unpack->job, "%s%s%s", detail, comma, unpack_reason(unpack));
		tree_set_coverage(unpack->tree, region, COVERAGE_DAMAGED);
		status = STATUS_OK;
	} else if (format->nature >= NATURE_ARCHIVE && region->coverage != COVERAGE_UNSUPPORTED &&
		   region->coverage != COVERAGE_ENCRYPTED) {
		counts = count_below(node);
		detail = arena_printf(unpack->job,
		    "%s%s%" PRIu64 " files, %" PRIu64 " folders, %" PRIu64 " links, %" PRIu64
		    " others",
		    detail, comma, counts.files, counts.folders, counts.links, counts.others);
	}
	TRY(status);
	clear_reasons(unpack);
	if (detail == NULL)
		return STATUS_LIMIT;
	region->detail = detail;
	return unpack_send_region(unpack, region);
}

/* Takes what a claim spans into the tree. */
static enum status
take(struct unpack *unpack, const struct layer *layer, const struct hit *hit, struct claim *claim)
{
	const struct format *format = firmware_formats[hit->format];
	struct progress before = set_progress(unpack, progress_at(unpack, layer, hit));
	enum nature nature = unpack->nature;
	struct node *node;
	size_t region_index;
	enum status status = enter(unpack, layer, hit, claim, &node, &region_index);

	unpack->nature = format->nature;
	if (status == STATUS_OK) {
		status = extract(unpack, format, claim, node,
		    span_part(layer->bytes, hit->offset, claim->bytes));
		status = leave(unpack, format, node, region_index, status);
	}
	unpack->nature = nature;
	set_progress(unpack, before);
	return status;
}

/* Things known by their end alone begin where the layer begins; so many formats have such an end.
 */
static size_t
find_ends(const struct layer *layer, struct hits *hits)
{
	struct span bytes = span_from(layer->bytes, layer->from);
	size_t count = 0;

	for (uint32_t f = 0; f < firmware_format_count; f++) {
		if (firmware_formats[f]->ends == NULL)
			continue;
		count++;
		if (hits != NULL && firmware_formats[f]->ends(bytes))
			hits->hits[hits->count++] =
			    (struct hit){.offset = layer->from, .format = f, .expected = true};
	}
	return count;
}

/* The hits that begin in [start, start + within), with those the container names. */
static enum status
find_hits(struct unpack *unpack, const struct layer *layer, uint64_t start, uint64_t within,
    const struct hint *hints, size_t hint_count, struct hits *hits)
{
	TRY(scanner_find(unpack->scratch, unpack->scanner, span_from(layer->bytes, start), within,
	    hint_count + find_ends(layer, NULL), hits));
	for (size_t i = 0; i < hits->count; i++) {
		hits->hits[i].offset += start;
		hits->hits[i].expected = hits->hits[i].offset == layer->from;
		for (size_t h = 0; h < hint_count; h++)
			if (hints[h].format == NULL && hints[h].offset == hits->hits[i].offset)
				hits->hits[i].expected = true;
	}
	for (size_t i = 0; i < hint_count; i++)
		for (uint32_t f = 0; hints[i].format != NULL && f < firmware_format_count; f++)
			if (strcmp(firmware_formats[f]->name, hints[i].format) == 0 &&
			    hints[i].offset >= start && hints[i].offset - start < within)
				hits->hits[hits->count++] = (struct hit){
				    .offset = hints[i].offset, .format = f, .expected = true};
	if (start == layer->from)
		find_ends(layer, hits);
	hits_sort(hits);
	if (hits->cut)
		unpack_set_incomplete(unpack, layer->node->path, "limit: too many magics");
	return STATUS_OK;
}

/* Takes what a hit turns out to be; `*cursor` is the end of the last claim. */
static enum status
try_hit(struct unpack *unpack, const struct layer *layer, const struct hit *hit, uint64_t *cursor)
{
	struct hit own = *hit;
	struct claim claim;
	enum status status;

	measure(unpack, layer, hit, &claim);
	if (claim.bytes == 0)
		return STATUS_OK;
	if (claim.back > own.offset - *cursor)
		claim.back = own.offset - *cursor;
	own.offset -= claim.back;
	claim.bytes += claim.back;
	status = search_add_gap(unpack, layer, *cursor, own.offset);
	if (status == STATUS_OK)
		status = take(unpack, layer, &own, &claim);
	buffer_free(&claim.decoded);
	*cursor = own.offset + claim.bytes;
	return status;
}

/* Searches one stride; false in `*more` when there is no point in going on. */
static enum status
search_stride(struct unpack *unpack, const struct layer *layer, uint64_t start, uint64_t within,
    const struct hint *hints, size_t hint_count, uint64_t *cursor, bool *more)
{
	struct arena_mark mark = arena_mark(unpack->scratch->arena);
	struct hits hits;

	TRY(find_hits(unpack, layer, start, within, hints, hint_count, &hits));
	for (size_t i = 0; i < hits.count && *more; i++) {
		if (hits.hits[i].offset < *cursor)
			continue;
		if (is_led_astray(unpack))
			unpack_set_incomplete(
			    unpack, layer->node->path, "limit: too many false starts");
		else
			TRY(try_hit(unpack, layer, &hits.hits[i], cursor));
		*more = !unpack->exhausted && !is_led_astray(unpack);
	}
	arena_release(unpack->scratch->arena, mark);
	return STATUS_OK;
}

enum status
search_layer(struct unpack *unpack, const struct layer *layer, const struct hint *hints,
    size_t hint_count, bool *found)
{
	uint64_t cursor = layer->from, start = layer->from;
	bool more = true;

	*found = false;
	while (start < layer->bytes.size && more && (*found || start < layer->begins_within)) {
		/* what follows the first thing is searched to the end */
		uint64_t within =
		    *found || layer->begins_within > STRIDE ? STRIDE : layer->begins_within;

		TRY(search_stride(unpack, layer, start, within, hints, hint_count, &cursor, &more));
		*found = cursor != layer->from;
		start = cursor > start + within ? cursor : start + within;
	}
	if (*found)
		return search_add_gap(unpack, layer, cursor, layer->bytes.size);
	return layer->is_file ? add_dense_file(unpack, layer) : STATUS_OK;
}
