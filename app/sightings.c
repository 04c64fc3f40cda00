/* Names join what was seen in many places; a file's path finds its digest. */
#include "app/sightings.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/component.h"

const struct component_fact *
sighting_component(const struct sighting *sighting)
{
	return &sighting->fact->as.component;
}

/* Names of language packages mean nothing outside their own repository. */
static const char *
world_of(const char *purl)
{
	static const char *const worlds[] = {"npm", "pypi", "golang", "maven", "luarocks"};

	for (size_t i = 0; i < ARRAY_SIZE(worlds); i++)
		if (purl != NULL && text_starts_with(purl, "pkg:") &&
		    text_starts_with(purl + 4, worlds[i]) && purl[4 + strlen(worlds[i])] == '/')
			return worlds[i];
	return "";
}

int
sighting_compare_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_key(const struct sighting *a, const struct sighting *b)
{
	int order = strcmp(a->world, b->world);

	if (order == 0)
		order =
		    sighting_compare_text(sighting_component(a)->name, sighting_component(b)->name);
	if (order == 0)
		order = sighting_compare_text(
		    sighting_component(a)->version, sighting_component(b)->version);
	return order;
}

static int
compare_sightings(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;
	int order = compare_key(a, b);

	if (order == 0)
		order = sighting_compare_text(a->fact->path, b->fact->path);
	if (order == 0)
		order = (a->fact->offset > b->fact->offset) - (a->fact->offset < b->fact->offset);
	return order != 0 ? order : fact_compare(a->fact, b->fact);
}

static int
compare_files(const void *left, const void *right)
{
	const struct fact *const *a = left, *const *b = right;

	return sighting_compare_text((*a)->path, (*b)->path);
}

static const char *
digest_of_file(const struct fact *const *files, size_t count, const char *path)
{
	struct fact key = {.path = path};
	const struct fact *wanted = &key;
	const struct fact *const *found =
	    path == NULL || count == 0
		? NULL
		: bsearch(&wanted, files, count, sizeof *files, compare_files);

	return found == NULL ? NULL : (*found)->as.file.sha256;
}

/* The distribution the image names, when it names one alone. */
static const struct component_fact *
distribution_of(const struct fact_list *facts)
{
	const struct component_fact *found = NULL;

	for (size_t i = 0; i < facts->count; i++) {
		const struct component_fact *one = &facts->facts[i].as.component;

		if (facts->facts[i].kind != FACT_component || one->name == NULL ||
		    sighting_compare_text(one->origin, "distribution") != 0)
			continue;
		if (found != NULL && strcmp(found->name, one->name) != 0)
			return NULL;
		/* "12" of os-release is enough; "12.5" of debian_version is the same */
		if (found == NULL || sighting_compare_text(one->version, found->version) < 0)
			found = one;
	}
	return found;
}

/*
 * The namespace of a system's package is its distribution, and so is the
 * qualifier: pkg:deb/debian/zlib1g@1.2.13?arch=armhf&distro=debian-12.
 */
static enum status
set_purl(struct job *job, const struct component_fact *distribution, struct sighting *sighting)
{
	static const struct {
		const char *prefix, *type;
	} types[] = {{"pkg:deb/debian/", "pkg:deb"}, {"pkg:apk/alpine/", "pkg:apk"},
	    {"pkg:rpm/", "pkg:rpm"}, {"pkg:generic/", "pkg:generic"}};
	const char *purl = sighting_component(sighting)->purl;

	sighting->purl = purl;
	if (distribution == NULL || purl == NULL || !sighting_is_package(sighting))
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		bool generic = strcmp(types[i].type, "pkg:generic") == 0;

		if (!text_starts_with(purl, types[i].prefix))
			continue;
		sighting->purl = arena_printf(job, "%s/%s%s%s%sdistro=%s%s%s", types[i].type,
		    generic ? "" : distribution->name, generic ? "" : "/",
		    purl + strlen(types[i].prefix), strchr(purl, '?') == NULL ? "?" : "&",
		    distribution->name, distribution->version == NULL ? "" : "-",
		    distribution->version == NULL ? "" : distribution->version);
		return sighting->purl == NULL ? STATUS_LIMIT : STATUS_OK;
	}
	return STATUS_OK;
}

enum status
sightings_gather(
    struct job *job, const struct fact_list *facts, struct sighting **list, size_t *count)
{
	const struct fact **files = arena_array(job, facts->count + 1, sizeof *files);
	const struct component_fact *distribution = distribution_of(facts);
	size_t file_count = 0;

	*list = arena_array(job, facts->count + 1, sizeof **list);
	*count = 0;
	if (files == NULL || *list == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_file)
			files[file_count++] = &facts->facts[i];
	if (file_count != 0)
		qsort(files, file_count, sizeof *files, compare_files);
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind != FACT_component || fact->as.component.name == NULL)
			continue;
		(*list)[*count] = (struct sighting){.fact = fact,
		    .sha256 = digest_of_file(files, file_count, fact->path),
		    .world = world_of(fact->as.component.purl)};
		TRY(set_purl(job, distribution, &(*list)[(*count)++]));
	}
	if (*count != 0)
		qsort(*list, *count, sizeof **list, compare_sightings);
	return STATUS_OK;
}

bool
sighting_is_package(const struct sighting *sighting)
{
	return sighting_compare_text(sighting_component(sighting)->origin, "package") == 0;
}

/* How sure, in tenths. */
unsigned
sighting_confidence(const struct sighting *sighting)
{
	const char *confidence = sighting_component(sighting)->confidence;

	if (confidence == NULL || strcmp(confidence, "possible") == 0)
		return 4;
	return strcmp(confidence, "certain") == 0 ? 10 : 8;
}

/* The sighting that says most: a package before a string, the surer before the less sure. */
const struct sighting *
group_best(const struct group *group)
{
	const struct sighting *best = &group->list[0];

	for (size_t i = 1; i < group->count; i++) {
		const struct sighting *one = &group->list[i];

		if (sighting_is_package(one) != sighting_is_package(best)
			? sighting_is_package(one)
			: sighting_confidence(one) > sighting_confidence(best))
			best = one;
	}
	return best;
}

const char *
group_purl(struct job *job, const struct group *group)
{
	const struct sighting *best = group_best(group);
	const struct component_fact *component = sighting_component(best);
	const char *name, *version;

	if (best->purl == NULL || !text_starts_with(best->purl, "pkg:generic/") ||
	    upstream_named(component->name) == NULL || !component_is_release(component))
		return best->purl;
	name = purl_encode(job, span_of_string(component->name));
	version = purl_encode(job, span_of_string(component->version));
	if (name == NULL || version == NULL)
		return NULL;
	return arena_printf(job, "pkg:generic/%s@%s", name, version);
}

struct group
sightings_first(const struct sighting *list, size_t count)
{
	struct group group = {.list = list, .count = 1};

	while (group.count < count && compare_key(list, &list[group.count]) == 0)
		group.count++;
	return group;
}
