/* A kernel names itself in its banner, its modules, their folder, and its configuration if it
 * holds it. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/codecs/codec.h"
#include "firmware/collector.h"
#include "firmware/component.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define MAX_NODES ((size_t)1 << 20)
#define MAX_BANNERS 16 /* different ones of one file */
#define LONGEST_VERSION 96
#define LARGEST_CONFIGURATION ((size_t)4 << 20)

static const char *const options[] = {
#define OPTION(name) name,
#include "firmware/collectors/kernel_options.def"
#undef OPTION
};

enum sought { BANNER, VERMAGIC, CONFIGURATION };

static const struct pattern seeks[] = {
    [BANNER] = {.expression = "\\QLinux version \\E", .length = 14},
    [VERMAGIC] = {.expression = "\\Qvermagic=\\E", .length = 9},
    [CONFIGURATION] = {.expression = "\\QIKCFG_ST\\E", .length = 8},
};

static bool
may_be_configuration(const char *name)
{
	return text_starts_with(name, "config-") || strcmp(name, "config.gz") == 0 ||
	       strcmp(name, ".config") == 0 || strcmp(name, "kconfig") == 0 ||
	       strcmp(name, "config") == 0;
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || node->bytes < 32)
		return false;
	return may_be_configuration(node->name) || !span_looks_like_text(head);
}

/* "3.0.8-gm+": up to a blank. */
static struct span
version_at(struct span rest)
{
	size_t size = 0;

	while (size < rest.size && size < LONGEST_VERSION && rest.at[size] > ' ' &&
	       rest.at[size] < 0x7f)
		size++;
	return release_size(rest, true) == 0 ? (struct span){0} : span_part(rest, 0, size);
}

static enum status
add_kernel(struct job *job, const struct node *node, size_t offset, struct span version,
    const char *confidence, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_kernel, node, offset);
	struct fact linux_fact = fact_in(FACT_component, node, offset);
	struct component_fact *component = &linux_fact.as.component;

	fact.as.kernel.version = span_text(job, version);
	component->name = "linux";
	component->version = span_text(job, span_part(version, 0, release_size(version, true)));
	component->origin = "kernel";
	component->confidence = confidence;
	if (fact.as.kernel.version == NULL || component->version == NULL)
		return STATUS_LIMIT;
	TRY(evidence_add(evidence, job, &fact));
	return component_add(job, evidence, &linux_fact);
}

/* A banner goes on with who built it, in brackets; a mention does not. */
static bool
read_banner(struct span rest, struct span *version)
{
	*version = version_at(rest);
	return version->size != 0 && span_begins(span_from(rest, version->size), " (");
}

static enum status
read_banners(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	struct span seen[MAX_BANNERS];
	size_t count = 0;

	for (size_t i = 0; i < offer->find_count && count < MAX_BANNERS; i++) {
		size_t at = offer->finds[i].at;
		struct span version;
		bool known = false;

		if (offer->finds[i].sought != BANNER ||
		    !read_banner(span_from(offer->content, at + 14), &version))
			continue;
		for (size_t k = 0; k < count; k++)
			known |= span_equal(seen[k], version);
		if (known)
			continue;
		seen[count++] = version;
		TRY(add_kernel(job, offer->node, at, version, "certain", evidence));
	}
	return STATUS_OK;
}

/* The folder of its kernel says the same of all modules in it. */
static bool
stands_in_its_folder(struct job *job, const char *local, struct span version)
{
	char *folder =
	    arena_printf(job, "lib/modules/%.*s/", (int)version.size, (const char *)version.at);

	return folder != NULL && strstr(local, folder) != NULL;
}

static enum status
read_module(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	for (size_t i = 0; i < offer->find_count; i++) {
		size_t at = offer->finds[i].at;
		struct span version;

		if (offer->finds[i].sought != VERMAGIC || at == 0 ||
		    offer->content.at[at - 1] != '\0')
			continue;
		version = version_at(span_from(offer->content, at + 9));
		if (version.size == 0 || stands_in_its_folder(job, offer->node->local, version))
			return STATUS_OK;
		return add_kernel(job, offer->node, at, version, "likely", evidence);
	}
	return STATUS_OK;
}

static const char *
option_named(struct span name)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (span_is(name, options[i]))
			return options[i];
	return NULL;
}

static enum status
add_option(struct job *job, const struct offer *offer, size_t offset, const char *version,
    const char *option, struct span value, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_kernel, offer->node, offset);

	fact.as.kernel.version = version;
	fact.as.kernel.option = option;
	fact.as.kernel.value = span_text(job, span_unquote(value));
	return fact.as.kernel.value == NULL ? STATUS_LIMIT : evidence_add(evidence, job, &fact);
}

/* "# Linux/arm 6.1.0 Kernel Configuration", older ones "# Linux kernel version: 2.6.30" */
static const char *
version_of_configuration(struct job *job, struct span line)
{
	struct span rest = line, word;

	while (word_next(&rest, &word))
		if (release_size(word, true) != 0)
			return span_text(job, word);
	return NULL;
}

/*
 * `embedded`: the lines are not those of the file, so all facts are at `offset`.
 */
static enum status
read_configuration(struct job *job, const struct offer *offer, struct span text, bool embedded,
    size_t offset, struct evidence *evidence)
{
	struct span rest = text, line;
	const char *version = NULL;

	while (line_next(&rest, &line)) {
		size_t at = embedded ? offset : (size_t)(line.at - text.at);
		struct span name, value = line;
		const char *option;

		if (version == NULL && (span_ends(line, "Kernel Configuration") ||
					   span_begins(line, "# Linux kernel version:")))
			version = version_of_configuration(job, line);
		if (span_begins(line, "# CONFIG_") && span_ends(line, " is not set")) {
			name = span_part(line, 2, line.size - 2 - 11);
			value = span_of_string("n");
		} else {
			name = field_next(&value, '=');
		}
		option = option_named(name);
		if (option != NULL && value.size != 0)
			TRY(add_option(job, offer, at, version, option, value, evidence));
	}
	return STATUS_OK;
}

static bool
is_configuration(struct span text)
{
	struct span head = span_part(text, 0, text.size < 512 ? text.size : 512);

	return span_find(head, "Kernel Configuration", 20, 0) != SIZE_MAX ||
	       span_find(head, "# Linux kernel version:", 23, 0) != SIZE_MAX;
}

/* A gzip stream with the configuration in it. */
static enum status
read_packed(struct job *job, const struct offer *offer, size_t stream, size_t offset,
    struct evidence *evidence)
{
	struct buffer buffer = {.limit = LARGEST_CONFIGURATION};
	size_t used;
	enum stream_end end = gzip_decode(span_from(offer->content, stream), &buffer, &used);
	enum status status = STATUS_OK;
	const char *why;

	if (end == STREAM_ENDED && is_configuration(buffer_span(&buffer))) {
		status =
		    read_configuration(job, offer, buffer_span(&buffer), true, offset, evidence);
	} else if (end != STREAM_FOREIGN && end != STREAM_ENDED) {
		why = arena_printf(
		    job, "%s: its configuration cannot be unpacked", offer->node->path);
		status = why == NULL
			     ? STATUS_LIMIT
			     : evidence_looked(evidence, job, FACT_kernel, false, why, UNKNOWN);
	}
	buffer_free(&buffer);
	return status;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	(void)collection;
	if (may_be_configuration(offer->node->name)) {
		if (span_starts_with(offer->content, "\x1f\x8b", 2))
			return read_packed(job, offer, 0, 0, evidence);
		if (is_configuration(offer->content))
			return read_configuration(job, offer, offer->content, false, 0, evidence);
	}
	TRY(read_banners(job, offer, evidence));
	TRY(read_module(job, offer, evidence));
	for (size_t i = 0; i < offer->find_count; i++)
		if (offer->finds[i].sought == CONFIGURATION &&
		    span_starts_with(
			span_from(offer->content, offer->finds[i].at + 8), "\x1f\x8b", 2))
			return read_packed(
			    job, offer, offer->finds[i].at + 8, offer->finds[i].at, evidence);
	return STATUS_OK;
}

/* /lib/modules/RELEASE names the kernel even where the kernel itself cannot be read. */
static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct node *node = collection->tree == NULL ? NULL : collection->tree->root;

	for (size_t steps = 0; node != NULL && steps < MAX_NODES;
	     steps++, node = node_after(node)) {
		struct span name;

		if (node->type != NODE_FOLDER || node->parent == NULL ||
		    !text_ends_with(node->parent->local, "lib/modules"))
			continue;
		name = version_at(span_of_string(node->name));
		if (name.size != 0)
			TRY(add_kernel(job, node, 0, name, "likely", evidence));
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_kernel, FACT_component};

const struct collector collector_kernel = {
    .name = "kernel",
    .title = "the Linux kernel: version by banner and modules, options by its configuration",
    .source = "Linux init/version.c, kernel/configs.c, scripts/mod/modpost.c",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
