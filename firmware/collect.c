/* A collector that fails leaves its kinds unproven; it never takes the others' facts with it. */
#include "firmware/collect.h"

#include "base/arena.h"
#include "base/text.h"
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

enum status
collect_file(struct job *job, const struct collection *collection, const struct node *node,
    struct span content, struct evidence *evidence)
{
	struct span head = span_part(content, 0, content.size < HEAD ? content.size : HEAD);

	for (size_t i = 0; i < firmware_collector_count; i++) {
		const struct collector *collector = firmware_collectors[i];
		struct arena_mark mark;
		enum status status;

		if (!collector->wants(node, head))
			continue;
		mark = arena_mark(job->arena);
		evidence->source = collector->name;
		status = collector->collect(job, collection, node, content, evidence);
		arena_release(job->arena, mark);
		evidence->source = collector->name;
		TRY(note_failure(job, collector, status, node, evidence));
		arena_release(job->arena, mark);
	}
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
