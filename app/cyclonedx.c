/* What was seen in many places is one component, and each place is its evidence. */
#include "app/cyclonedx.h"

#include <string.h>

#include "app/licences.h"
#include "app/sightings.h"
#include "base/arena.h"
#include "base/text.h"

#define MOST_REASONS 16

static const char *
type_of(const struct group *group)
{
	static const char *const systems[] = {"linux", "debian", "ubuntu", "alpine", "openwrt",
	    "freertos", "zephyr", "vxworks", "riot", "contiki"};
	const struct sighting *best = group_best(group);
	const char *name = sighting_component(best)->name;
	bool library = text_starts_with(name, "lib");

	for (size_t i = 0; i < ARRAY_SIZE(systems); i++)
		if (strcmp(name, systems[i]) == 0)
			return "operating-system";
	if (sighting_component(best)->origin != NULL &&
	    strcmp(sighting_component(best)->origin, "distribution") == 0)
		return "operating-system";
	if (group->list[0].world[0] != '\0')
		return "library";
	for (size_t i = 0; i < group->count; i++)
		library |= group->list[i].fact->path != NULL &&
			   strstr(group->list[i].fact->path, ".so") != NULL;
	return library ? "library" : "application";
}

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

static void
write_property(struct json *json, const char *name, const char *value)
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
				write_property(json, "hopquy:origin", origins[i]);
				break;
			}
	write_property(json, "hopquy:confidence",
	    sighting_component(group_best(group))->confidence == NULL
		? "possible"
		: sighting_component(group_best(group))->confidence);
	if (architecture != NULL)
		write_property(json, "hopquy:architecture", architecture);
	json_close_array(json);
}

static enum status
write_component(struct json *json, struct job *job, const struct group *group)
{
	const struct component_fact *best = sighting_component(group_best(group));
	const char *supplier = first_of(group, supplier_of), *cpe = first_of(group, cpe_of);
	const char *reference = arena_printf(job, "%s%s%s%s%s", group->list[0].world,
	    group->list[0].world[0] == '\0' ? "" : ":", best->name,
	    best->version == NULL ? "" : "@", best->version == NULL ? "" : best->version);

	if (reference == NULL)
		return STATUS_LIMIT;
	json_open_object(json);
	json_member_string(json, "type", type_of(group));
	json_member_string(json, "bom-ref", reference);
	if (supplier != NULL) {
		json_name(json, "supplier");
		json_open_object(json);
		json_member_string(json, "name", supplier);
		json_close_object(json);
	}
	json_member_string(json, "name", best->name);
	if (best->version != NULL)
		json_member_string(json, "version", best->version);
	write_hashes(json, group);
	write_licence(json, first_of(group, licence_of));
	if (cpe != NULL)
		json_member_string(json, "cpe", cpe);
	if (group_best(group)->purl != NULL)
		json_member_string(json, "purl", group_best(group)->purl);
	TRY(write_evidence(json, job, group));
	write_properties(json, group);
	json_close_object(json);
	return STATUS_OK;
}

/* What was not looked at, so that nobody takes the list for the whole. */
static bool
write_reasons(struct json *json, const struct fact_list *facts)
{
	size_t reasons = 0;

	json_name(json, "properties");
	json_open_array(json);
	for (size_t i = 0; i < facts->count; i++) {
		const struct looked_fact *looked = &facts->facts[i].as.looked;

		if (facts->facts[i].kind != FACT_looked || looked->complete == 1 ||
		    sighting_compare_text(looked->kind, "component") != 0)
			continue;
		if (reasons++ < MOST_REASONS)
			write_property(
			    json, "hopquy:not-read", looked->reason == NULL ? "?" : looked->reason);
	}
	json_close_array(json);
	return reasons == 0;
}

static bool
write_metadata(
    struct json *json, const struct fact_list *facts, const struct cyclonedx_image *image)
{
	char hex[DIGEST_HEX_SIZE], time[32];
	bool complete;

	digest_to_hex(&image->digest, hex);
	json_name(json, "metadata");
	json_open_object(json);
	if (image->time != UNKNOWN) {
		text_format_time(image->time, time);
		json_member_string(json, "timestamp", time);
	}
	json_name(json, "tools");
	json_open_object(json);
	json_name(json, "components");
	json_open_array(json);
	json_open_object(json);
	json_member_string(json, "type", "application");
	json_member_string(json, "name", "hopquy");
	json_member_string(json, "version", HOPQUY_VERSION);
	json_close_object(json);
	json_close_array(json);
	json_close_object(json);
	json_name(json, "component");
	json_open_object(json);
	json_member_string(json, "type", "firmware");
	json_member_string(json, "bom-ref", "image");
	json_member_string(json, "name", image->name);
	json_name(json, "hashes");
	json_open_array(json);
	json_open_object(json);
	json_member_string(json, "alg", "SHA-256");
	json_member_string(json, "content", hex);
	json_close_object(json);
	json_close_array(json);
	json_close_object(json);
	complete = write_reasons(json, facts);
	json_close_object(json);
	return complete;
}

/* UUID version 8 (RFC 9562): the first bytes of the image's digest. */
static const char *
serial_of(struct job *job, const struct digest *digest)
{
	uint8_t b[16];

	memcpy(b, digest->bytes, sizeof b);
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x80);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	return arena_printf(job,
	    "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
	    b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
}

static enum status
write_components(struct json *json, struct job *job, const struct fact_list *facts)
{
	struct sighting *list;
	size_t count;

	TRY(sightings_gather(job, facts, &list, &count));
	json_name(json, "components");
	json_open_array(json);
	for (size_t i = 0; i < count;) {
		struct group group = sightings_first(&list[i], count - i);

		TRY(write_component(json, job, &group));
		i += group.count;
	}
	json_close_array(json);
	return STATUS_OK;
}

enum status
cyclonedx_write(struct job *job, const struct fact_list *facts, const struct cyclonedx_image *image,
    const char **document)
{
	struct json json = json_new(job);
	const char *serial = serial_of(job, &image->digest);
	bool complete;

	if (serial == NULL)
		return STATUS_LIMIT;
	json_open_object(&json);
	json_member_string(&json, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
	json_member_string(&json, "bomFormat", "CycloneDX");
	json_member_string(&json, "specVersion", "1.6");
	json_member_string(&json, "serialNumber", serial);
	json_member_integer(&json, "version", 1);
	complete = write_metadata(&json, facts, image);
	TRY(write_components(&json, job, facts));
	json_name(&json, "compositions");
	json_open_array(&json);
	json_open_object(&json);
	/* that everything was read does not mean that everything was recognised */
	json_member_string(&json, "aggregate", complete ? "unknown" : "incomplete");
	json_name(&json, "assemblies");
	json_open_array(&json);
	json_string(&json, "image");
	json_close_array(&json);
	json_close_object(&json);
	json_close_array(&json);
	json_close_object(&json);
	json_newline(&json);
	return json_finish(&json, document);
}
