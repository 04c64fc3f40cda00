/* What was seen in many places is one component, and each place is its evidence. */
#include "app/cyclonedx_component.h"

#include <string.h>

#include "app/component_type.h"
#include "app/licences.h"
#include "base/arena.h"
#include "base/text.h"

/* The first value of a field among the sightings, packages first. */
static const char *
first_of(const struct group *group, const char *(*field)(const struct component_fact *))
{
	const char *value = field(sighting_component(group_best(group)));

	for (size_t i = 0; i < group->count && value == NULL; i++)
		value = field(sighting_component(&group->list[i]));
	return value;
}

static const char *
cpe_of(const struct component_fact *component)
{
	return component->cpe;
}

static const char *
licence_of(const struct component_fact *component)
{
	return component->licence;
}

static const char *
supplier_of(const struct component_fact *component)
{
	return component->supplier;
}

/* An expression where it is one of SPDX, else the words of the package. */
static void
write_licence(struct json *json, const char *licence)
{
	if (licence == NULL || licence[0] == '\0')
		return;
	json_name(json, "licenses");
	json_open_array(json);
	json_open_object(json);
	if (licence_is_expression(licence)) {
		json_member_string(json, "expression", licence);
	} else {
		json_name(json, "license");
		json_open_object(json);
		json_member_string(json, "name", licence);
		json_close_object(json);
	}
	json_close_object(json);
	json_close_array(json);
}

/* Of the one file that holds it; a database of packages is no such file. */
static void
write_hashes(struct json *json, const struct group *group)
{
	const char *sha256 = NULL;

	for (size_t i = 0; i < group->count; i++) {
		const struct sighting *one = &group->list[i];

		if (sighting_is_package(one) || one->sha256 == NULL)
			continue;
		if (sha256 != NULL && strcmp(sha256, one->sha256) != 0)
			return;
		sha256 = one->sha256;
	}
	if (sha256 == NULL)
		return;
	json_name(json, "hashes");
	json_open_array(json);
	json_open_object(json);
	json_member_string(json, "alg", "SHA-256");
	json_member_string(json, "content", sha256);
	json_close_object(json);
	json_close_array(json);
}

static const char *
technique_of(const struct sighting *sighting)
{
	if (sighting_is_package(sighting) ||
	    sighting_compare_text(sighting_component(sighting)->origin, "distribution") == 0)
		return "manifest-analysis";
	/* at a file's very first byte no string can stand: its name said it */
	if (sighting->fact->offset == 0 && sighting->sha256 != NULL)
		return "filename";
	return "binary-analysis";
}

static void
write_identity(struct json *json, const struct sighting *sighting)
{
	json_open_object(json);
	json_member_string(json, "field", "purl");
	json_name(json, "confidence");
	json_tenths(json, sighting_confidence(sighting));
	json_member_string(json, "concludedValue", sighting->purl);
	json_name(json, "methods");
	json_open_array(json);
	json_open_object(json);
	json_member_string(json, "technique", technique_of(sighting));
	json_name(json, "confidence");
	json_tenths(json, sighting_confidence(sighting));
	json_member_string(json, "value", sighting_component(sighting)->origin);
	json_close_object(json);
	json_close_array(json);
	json_close_object(json);
}

/* Each package URL it was seen under once, as sure as the surest sighting of it. */
static void
write_identities(struct json *json, const struct group *group)
{
	json_name(json, "identity");
	json_open_array(json);
	for (size_t i = 0; i < group->count; i++) {
		const struct sighting *best = &group->list[i];
		bool first = best->purl != NULL;

		for (size_t k = 0; k < group->count && first; k++) {
			const struct sighting *other = &group->list[k];

			if (sighting_compare_text(other->purl, group->list[i].purl) != 0)
				continue;
			first = k >= i;
			if (sighting_confidence(other) > sighting_confidence(best))
				best = other;
		}
		if (first)
			write_identity(json, best);
	}
	json_close_array(json);
}

static enum status
write_evidence(struct json *json, struct job *job, const struct group *group)
{
	json_name(json, "evidence");
	json_open_object(json);
	write_identities(json, group);
	json_name(json, "occurrences");
	json_open_array(json);
	for (size_t i = 0; i < group->count; i++) {
		const struct sighting *one = &group->list[i];
		const char *context;

		json_open_object(json);
		json_member_string(
		    json, "location", one->fact->path == NULL ? "" : one->fact->path);
		if (one->fact->offset != UNKNOWN)
			json_member_integer(json, "offset", one->fact->offset);
		if (one->sha256 != NULL) {
			context = arena_printf(job, "sha256:%s", one->sha256);
			if (context == NULL)
				return STATUS_LIMIT;
			json_member_string(json, "additionalContext", context);
		}
		json_close_object(json);
	}
	json_close_array(json);
	json_close_object(json);
	return STATUS_OK;
}

void
cyclonedx_property(struct json *json, const char *name, const char *value)
{
	json_open_object(json);
	json_member_string(json, "name", name);
	json_member_string(json, "value", value);
	json_close_object(json);
}

static void
write_properties(struct json *json, const struct group *group)
{
	static const char *const origins[] = {
	    "package", "distribution", "elf", "string", "kernel", "banner", "descriptor"};
	const char *architecture = sighting_component(group_best(group))->architecture;

	json_name(json, "properties");
	json_open_array(json);
	for (size_t i = 0; i < ARRAY_SIZE(origins); i++)
		for (size_t k = 0; k < group->count; k++)
			if (sighting_compare_text(
				sighting_component(&group->list[k])->origin, origins[i]) == 0) {
				cyclonedx_property(json, "hopquy:origin", origins[i]);
				break;
			}
	cyclonedx_property(json, "hopquy:confidence",
	    sighting_component(group_best(group))->confidence == NULL
		? "possible"
		: sighting_component(group_best(group))->confidence);
	if (architecture != NULL)
		cyclonedx_property(json, "hopquy:architecture", architecture);
	json_close_array(json);
}

const char *
cyclonedx_reference(struct job *job, const struct group *group)
{
	const struct component_fact *best = sighting_component(group_best(group));

	return arena_printf(job, "%s%s%s%s%s", group->list[0].world,
	    group->list[0].world[0] == '\0' ? "" : ":", best->name,
	    best->version == NULL ? "" : "@", best->version == NULL ? "" : best->version);
}

void
cyclonedx_supplier(struct json *json, const char *name)
{
	json_name(json, "supplier");
	json_open_object(json);
	json_member_string(json, "name", name);
	json_close_object(json);
}

enum status
cyclonedx_component(struct json *json, struct job *job, const struct group *group)
{
	const struct component_fact *best = sighting_component(group_best(group));
	const char *supplier = first_of(group, supplier_of), *cpe = first_of(group, cpe_of);
	const char *reference = cyclonedx_reference(job, group), *purl = group_purl(job, group);

	if (reference == NULL || (purl == NULL && group_best(group)->purl != NULL))
		return STATUS_LIMIT;
	json_open_object(json);
	json_member_string(json, "type", component_type_of(group));
	json_member_string(json, "bom-ref", reference);
	if (supplier != NULL)
		cyclonedx_supplier(json, supplier);
	json_member_string(json, "name", best->name);
	if (best->version != NULL)
		json_member_string(json, "version", best->version);
	write_hashes(json, group);
	write_licence(json, first_of(group, licence_of));
	if (cpe != NULL)
		json_member_string(json, "cpe", cpe);
	if (purl != NULL)
		json_member_string(json, "purl", purl);
	TRY(write_evidence(json, job, group));
	write_properties(json, group);
	json_close_object(json);
	return STATUS_OK;
}
