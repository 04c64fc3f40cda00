/* A collector that fails leaves its kinds unproven; it never takes the others' facts with it. */
#include "firmware/collect.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/excerpt.h"
#include "firmware/reading.h"
#include "firmware/tree.h"

#define HEAD ((size_t)64)
#define LARGEST_VALUE ((size_t)1024) /* bytes of an attribute that are told */

static int64_t
integer_of(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

enum status
collect_region(struct job *job, const struct region *region, struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_region);

	fact.path = region->path;
	fact.offset = integer_of(region->offset);
	fact.as.region.parent = region->parent;
	fact.as.region.bytes = integer_of(region->bytes);
	fact.as.region.format = region->format;
	fact.as.region.detail = region->detail;
	fact.as.region.coverage = coverage_name(region->coverage);
	if (region->coverage == COVERAGE_GAP)
		fact.as.region.entropy = region->entropy_millibits;
	evidence->source = COLLECT_SOURCE;
	return evidence_add(evidence, job, &fact);
}

enum status
collect_node(struct job *job, const struct node *node, const struct digest *digest,
    struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_file);
	char hex[DIGEST_HEX_SIZE];

	fact.path = node->path;
	fact.as.file.type = node_type_name(node->type);
	fact.as.file.mode = node->mode;
	fact.as.file.uid = node->uid;
	fact.as.file.gid = node->gid;
	if (digest != NULL) {
		digest_to_hex(digest, hex);
		fact.as.file.bytes = integer_of(node->bytes);
		fact.as.file.sha256 = hex;
	}
	fact.as.file.link_target = node->link_target;
	if (node->type == NODE_DEVICE) {
		fact.as.file.major = node->major;
		fact.as.file.minor = node->minor;
	}
	evidence->source = COLLECT_SOURCE;
	return evidence_add(evidence, job, &fact);
}

enum status
collect_attribute(struct job *job, const struct node *node, const struct attribute *attribute,
    struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_attribute);
	size_t shown =
	    attribute->value.size < LARGEST_VALUE ? attribute->value.size : LARGEST_VALUE;
	struct arena_mark mark = arena_mark(job->arena);
	enum status status;

	fact.path = node->path;
	fact.as.attribute.name =
	    text_from_bytes(job, attribute->name.at, attribute->name.size, 4 * TREE_MAX_NAME + 4);
	fact.as.attribute.value = hex_of_bytes(job, (struct span){attribute->value.at, shown});
	fact.as.attribute.bytes = integer_of(attribute->value.size);
	if (fact.as.attribute.name == NULL || fact.as.attribute.value == NULL)
		return STATUS_LIMIT;
	evidence->source = COLLECT_SOURCE;
	status = evidence_add(evidence, job, &fact);
	arena_release(job->arena, mark);
	return status;
}

/* The rows of a collector that failed; a failure to hand on evidence is not its own. */
static enum status
note_failure(struct job *job, const struct collector *collector, enum status status,
    const struct node *node, struct evidence *evidence)
{
	const char *reason;

	if (status == STATUS_OK || status == STATUS_IO)
		return status;
	reason =
	    arena_printf(job, "%s: %.500s", node == NULL ? "conclusion" : node->path, job->reason);
	if (reason == NULL)
		reason = "out of memory";
	job->reason[0] = '\0';
	for (size_t i = 0; i < collector->looks_for_count; i++)
		TRY(evidence_looked(
		    evidence, job, collector->looks_for[i], false, reason, UNKNOWN));
	return STATUS_OK;
}

/* Between a collector and where its facts go: each fact at a place of the file gets its excerpt. */
struct showing {
	struct evidence *under;
	const struct offer *offer;
};

static enum status
add_shown(struct evidence *self, struct job *job, const struct fact *fact)
{
	struct showing *showing = self->context;
	struct fact shown = *fact;

	if (fact->excerpt == NULL && fact->offset != UNKNOWN && fact->path != NULL &&
	    strcmp(fact->path, showing->offer->node->path) == 0) {
		shown.excerpt =
		    excerpt_make(job, showing->offer->content, (uint64_t)fact->offset, fact->hide);
		if (shown.excerpt == NULL)
			return STATUS_LIMIT;
	}
	if (shown.excerpt != NULL && shown.excerpt[0] == '\0')
		shown.excerpt = NULL;
	return evidence_add(showing->under, job, &shown);
}

static enum status
offer_to(struct job *job, const struct collection *collection, const struct collector *collector,
    const struct offer *offer, struct evidence *evidence)
{
	struct showing showing = {.under = evidence, .offer = offer};
	struct evidence shown = {.add = add_shown, .context = &showing, .source = collector->name};

	return collector->collect(
	    job, collection, offer, collector->whole_files ? evidence : &shown);
}

/* Who wants the file, and what is found in it for them. */
static enum status
seek_for(struct job *job, struct seeker *seeker, const struct node *node, struct span content,
    bool *wanted, struct finds *finds)
{
	struct span head = span_part(content, 0, content.size < HEAD ? content.size : HEAD);
	bool seeks = false;

	for (size_t i = 0; i < firmware_collector_count; i++) {
		wanted[i] = firmware_collectors[i]->wants(node, head);
		seeks |= wanted[i] && firmware_collectors[i]->seeks_count != 0;
	}
	return seeks ? seeker_find(job, seeker, content, wanted, finds) : STATUS_OK;
}

enum status
collect_file(struct job *job, struct seeker *seeker, const struct collection *collection,
    const struct node *node, struct span content, struct evidence *evidence)
{
	struct arena_mark whole = arena_mark(job->arena);
	bool *wanted = arena_array(job, firmware_collector_count, sizeof *wanted);
	struct finds *finds = arena_array(job, firmware_collector_count, sizeof *finds);

	if (wanted == NULL || finds == NULL)
		return STATUS_LIMIT;
	TRY(seek_for(job, seeker, node, content, wanted, finds));
	for (size_t i = 0; i < firmware_collector_count; i++) {
		const struct collector *collector = firmware_collectors[i];
		struct offer offer = {.node = node,
		    .content = content,
		    .finds = finds[i].finds,
		    .find_count = finds[i].count};
		struct arena_mark mark;
		enum status status;

		if (!wanted[i])
			continue;
		mark = arena_mark(job->arena);
		evidence->source = collector->name;
		status = offer_to(job, collection, collector, &offer, evidence);
		if (status == STATUS_OK && finds[i].cut)
			status = fail(job, STATUS_LIMIT, "limit: more than %u places to look at",
			    COLLECTOR_MAX_FINDS);
		arena_release(job->arena, mark);
		evidence->source = collector->name;
		TRY(note_failure(job, collector, status, node, evidence));
		arena_release(job->arena, mark);
	}
	arena_release(job->arena, whole);
	return STATUS_OK;
}

enum status
collect_conclude(struct job *job, const struct collection *collection, bool collectors,
    struct evidence *evidence)
{
	const struct node *node = collection->tree->root;

	while ((node = node_after(node)) != NULL)
		if (node->type != NODE_FILE && node->type != NODE_CONTAINER)
			TRY(collect_node(job, node, NULL, evidence));
	for (size_t i = 0; collectors && i < firmware_collector_count; i++) {
		const struct collector *collector = firmware_collectors[i];
		struct arena_mark mark = arena_mark(job->arena);
		enum status status = STATUS_OK;

		evidence->source = collector->name;
		if (collector->conclude != NULL)
			status = collector->conclude(job, collection, evidence);
		arena_release(job->arena, mark);
		evidence->source = collector->name;
		TRY(note_failure(job, collector, status, NULL, evidence));
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}
