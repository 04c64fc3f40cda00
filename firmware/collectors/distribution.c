/* A distribution names itself and its release in a file that programs read. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/component.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define MAX_LINES 256

/* Keys as os-release(5) and OpenWrt write them. */
static const struct {
	const char *end, *name, *version;
} known[] = {
    {"/os-release", "ID", "VERSION_ID"},
    {"/openwrt_release", "DISTRIB_ID", "DISTRIB_RELEASE"},
};

static bool
wants(const struct node *node, struct span head)
{
	(void)head;
	if (node->type != NODE_FILE)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (text_ends_with(node->local, known[i].end))
			return true;
	return text_ends_with(node->local, "/debian_version") ||
	       text_ends_with(node->local, "/alpine-release");
}

static const char *
lower(struct job *job, struct span name)
{
	char *text = arena_string(job, (const char *)name.at, name.size);

	for (size_t i = 0; text != NULL && i < name.size; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] | 0x20);
	return text;
}

/* Of the system itself, not of a folder in it. */
static bool
is_of_root(const char *local)
{
	static const char *const places[] = {"/etc/os-release", "/usr/lib/os-release",
	    "/etc/openwrt_release", "/etc/debian_version", "/etc/alpine-release"};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strcmp(local, places[i]) == 0)
			return true;
	return false;
}

static enum status
add_distribution(struct job *job, const struct node *node, size_t offset, struct span name,
    struct span version, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_component, node, offset);
	struct component_fact *component = &fact.as.component;

	if (name.size == 0 || name.size > 32)
		return STATUS_OK;
	for (size_t i = 0; i < name.size; i++)
		if (!byte_is_letter(name, i) && !byte_is_digit(name, i) &&
		    (name.at[i] == 0 || strchr("._-", name.at[i]) == NULL))
			return STATUS_OK;
	component->name = lower(job, name);
	component->origin = "distribution";
	component->confidence = is_of_root(node->local) ? "certain" : "possible";
	if (component->name == NULL)
		return STATUS_LIMIT;
	/* a build of no release says so: "SNAPSHOT", "bookworm/sid" */
	if (byte_is_digit(version, 0) && version.size < RELEASE_MAX) {
		component->version = span_text(job, version);
		if (component->version == NULL)
			return STATUS_LIMIT;
	}
	return component_add(job, evidence, &fact);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const char *local = offer->node->local;
	struct span rest = offer->content, line, name = {0}, version = {0};
	size_t at = 0;

	(void)collection;
	if (text_ends_with(local, "/debian_version") || text_ends_with(local, "/alpine-release")) {
		if (!line_next(&rest, &line) || !byte_is_digit(line, 0))
			return STATUS_OK;
		name =
		    span_of_string(text_ends_with(local, "/debian_version") ? "debian" : "alpine");
		return add_distribution(job, offer->node, 0, name, span_trim(line), evidence);
	}
	for (size_t lines = 0; lines < MAX_LINES && line_next(&rest, &line); lines++) {
		struct span value = line, key = span_trim(field_next(&value, '='));

		for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
			if (!text_ends_with(local, known[i].end))
				continue;
			if (span_is(key, known[i].version)) {
				version = span_unquote(span_trim(value));
				at = (size_t)(line.at - offer->content.at);
			} else if (span_is(key, known[i].name)) {
				name = span_unquote(span_trim(value));
			}
		}
	}
	return add_distribution(job, offer->node, at, name, version, evidence);
}

static const enum fact_kind looks_for[] = {FACT_component};

const struct collector collector_distribution = {
    .name = "distribution",
    .title = "the distribution a firmware was built from, by its release file",
    .source = "os-release(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
};
