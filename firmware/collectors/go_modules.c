/* A program written in Go carries the list of its modules with their versions. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/component.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define HEADER 32
#define MAX_MODULES 4096
#define SENTINEL 16 /* bytes around the list of modules, which others find it by */

static const struct pattern seeks[] = {
    {.expression = "\\xff\\x20\\QGo buildinf:\\E", .length = 14},
};

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && node->bytes > HEADER &&
	       (span_starts_with(head, "\177ELF", 4) || span_starts_with(head, "MZ", 2));
}

/* A string behind its length as a varint. */
static bool
take_string(struct span *rest, struct span *string)
{
	uint64_t size = 0;

	for (unsigned i = 0; i < 5 && i < rest->size; i++) {
		size |= (uint64_t)(rest->at[i] & 0x7f) << (7 * i);
		if ((rest->at[i] & 0x80) != 0)
			continue;
		if (size > rest->size - i - 1)
			return false;
		*string = span_part(*rest, i + 1, size);
		*rest = span_from(*rest, i + 1 + size);
		return true;
	}
	return false;
}

static enum status
add_module(struct job *job, const struct offer *offer, size_t at, struct span path,
    struct span version, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_component, offer->node, at);
	struct component_fact *component = &fact.as.component;
	struct text purl = text_new(job);
	struct span rest = path;

	if (path.size == 0 || !span_begins(version, "v"))
		return STATUS_OK; /* what was built from a folder has no release: "(devel)" */
	component->name = span_text(job, path);
	component->version = span_text(job, span_from(version, 1));
	component->origin = "elf";
	component->confidence = "certain";
	text_put(&purl, "pkg:golang");
	while (rest.size != 0) {
		const char *part = purl_encode(job, field_next(&rest, '/'));

		if (part == NULL)
			return STATUS_LIMIT;
		text_printf(&purl, "/%s", part);
	}
	text_put(&purl, "@");
	if (component->version == NULL || component->name == NULL)
		return STATUS_LIMIT;
	text_put(&purl, purl_encode(job, version));
	TRY(text_finish(&purl, &component->purl));
	return component_add(job, evidence, &fact);
}

/* Lines of "dep", path, version, sum; "=>" replaces the one before it. */
static enum status
read_modules(struct job *job, const struct offer *offer, size_t at, struct span list,
    struct evidence *evidence)
{
	struct span line, path = {0}, version = {0};

	for (size_t count = 0; count < MAX_MODULES && line_next(&list, &line); count++) {
		struct span rest = line, kind = field_next(&rest, '\t');
		bool replaces = span_is(kind, "=>");

		if (!replaces)
			TRY(add_module(job, offer, at, path, version, evidence));
		path = version = (struct span){0};
		if (span_is(kind, "dep") || span_is(kind, "mod") || replaces) {
			path = field_next(&rest, '\t');
			version = field_next(&rest, '\t');
		}
	}
	return add_module(job, offer, at, path, version, evidence);
}

static enum status
read_information(struct job *job, const struct offer *offer, size_t at, struct evidence *evidence)
{
	struct span rest = span_from(offer->content, at), go, modules;
	struct fact fact = fact_in(FACT_component, offer->node, at);
	struct release release;

	/* before Go 1.18 both strings stood elsewhere, behind pointers */
	if (rest.size < HEADER || (rest.at[15] & 2) == 0)
		return STATUS_OK;
	rest = span_from(rest, HEADER);
	if (!take_string(&rest, &go) || !span_begins(go, "go"))
		return STATUS_OK;
	if (release_read(span_from(go, 2), false, &release)) {
		fact.as.component.name = "go";
		fact.as.component.version = arena_copy_string(job, release.version);
		fact.as.component.origin = "elf";
		fact.as.component.confidence = "certain";
		if (fact.as.component.version == NULL)
			return STATUS_LIMIT;
		TRY(component_add(job, evidence, &fact));
	}
	if (!take_string(&rest, &modules) || modules.size < (size_t)2 * SENTINEL)
		return STATUS_OK;
	modules = span_part(modules, SENTINEL, modules.size - (size_t)2 * SENTINEL);
	return read_modules(job, offer, at, modules, evidence);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	(void)collection;
	for (size_t i = 0; i < offer->find_count; i++)
		if (offer->finds[i].at % 16 == 0)
			return read_information(job, offer, (size_t)offer->finds[i].at, evidence);
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_component};

const struct collector collector_go_modules = {
    .name = "go_modules",
    .title = "the Go runtime and the modules a Go program was built from",
    .source = "Go debug/buildinfo",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
