/* The bill around its components: of what, by whom, and what it leaves open. */
#include "app/cyclonedx.h"

#include <string.h>

#include "app/cyclonedx_component.h"
#include "app/sightings.h"
#include "base/arena.h"
#include "base/text.h"

#define MOST_REASONS 16

/* Why the fact says that not all components were looked for; NULL: it says no such thing. */
static const char *
reason_of(const struct fact *fact)
{
	const struct looked_fact *looked = &fact->as.looked;

	if (fact->kind != FACT_looked || looked->complete == 1 ||
	    sighting_compare_text(looked->kind, "component") != 0)
		return NULL;
	return looked->reason == NULL ? "?" : looked->reason;
}

/* What was not looked at, so that nobody takes the list for the whole; each reason once. */
static bool
write_reasons(struct json *json, const struct fact_list *facts)
{
	const char *told[MOST_REASONS];
	size_t count = 0;
	bool complete = true;

	json_name(json, "properties");
	json_open_array(json);
	for (size_t i = 0; i < facts->count; i++) {
		const char *reason = reason_of(&facts->facts[i]);
		size_t k = 0;

		if (reason == NULL)
			continue;
		complete = false;
		while (k < count && strcmp(told[k], reason) != 0)
			k++;
		if (k < count || count == MOST_REASONS)
			continue;
		told[count++] = reason;
		cyclonedx_property(json, "hopquy:not-read", reason);
	}
	json_close_array(json);
	return complete;
}

static void
write_tools(struct json *json)
{
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
}

/* Who answers for the bill, beside the tool that wrote it. */
static void
write_author(struct json *json, const char *name)
{
	json_name(json, "authors");
	json_open_array(json);
	json_open_object(json);
	json_member_string(json, "name", name);
	json_close_object(json);
	json_close_array(json);
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
	write_tools(json);
	if (image->author != NULL)
		write_author(json, image->author);
	json_name(json, "component");
	json_open_object(json);
	json_member_string(json, "type", "firmware");
	json_member_string(json, "bom-ref", "image");
	if (image->supplier != NULL)
		cyclonedx_supplier(json, image->supplier);
	json_member_string(json, "name", image->name);
	if (image->version != NULL)
		json_member_string(json, "version", image->version);
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
write_components(struct json *json, struct job *job, const struct sighting *list, size_t count)
{
	json_name(json, "components");
	json_open_array(json);
	for (size_t i = 0; i < count;) {
		struct group group = sightings_first(&list[i], count - i);

		TRY(cyclonedx_component(json, job, &group));
		i += group.count;
	}
	json_close_array(json);
	return STATUS_OK;
}

/* The image has them all.  What they need of each other nobody looked at: they have no line. */
static enum status
write_dependencies(struct json *json, struct job *job, const struct sighting *list, size_t count)
{
	json_name(json, "dependencies");
	json_open_array(json);
	json_open_object(json);
	json_member_string(json, "ref", "image");
	json_name(json, "dependsOn");
	json_open_array(json);
	for (size_t i = 0; i < count;) {
		struct group group = sightings_first(&list[i], count - i);
		const char *reference = cyclonedx_reference(job, &group);

		if (reference == NULL)
			return STATUS_LIMIT;
		json_string(json, reference);
		i += group.count;
	}
	json_close_array(json);
	json_close_object(json);
	json_close_array(json);
	return STATUS_OK;
}

/* How far the two lists above can be trusted to be whole. */
static void
write_compositions(struct json *json, bool complete)
{
	static const char *const lists[] = {"assemblies", "dependencies"};

	json_name(json, "compositions");
	json_open_array(json);
	json_open_object(json);
	/* that everything was read does not mean that everything was recognised */
	json_member_string(json, "aggregate", complete ? "unknown" : "incomplete");
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		json_name(json, lists[i]);
		json_open_array(json);
		json_string(json, "image");
		json_close_array(json);
	}
	json_close_object(json);
	json_close_array(json);
}

enum status
cyclonedx_write(struct job *job, const struct fact_list *facts, const struct cyclonedx_image *image,
    const char **document)
{
	struct json json = json_new(job);
	const char *serial = serial_of(job, &image->digest);
	struct sighting *list;
	size_t count;
	bool complete;

	if (serial == NULL)
		return STATUS_LIMIT;
	TRY(sightings_gather(job, facts, &list, &count));
	json_open_object(&json);
	json_member_string(&json, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
	json_member_string(&json, "bomFormat", "CycloneDX");
	json_member_string(&json, "specVersion", "1.6");
	json_member_string(&json, "serialNumber", serial);
	json_member_integer(&json, "version", 1);
	complete = write_metadata(&json, facts, image);
	TRY(write_components(&json, job, list, count));
	TRY(write_dependencies(&json, job, list, count));
	write_compositions(&json, complete);
	json_close_object(&json);
	json_newline(&json);
	return json_finish(&json, document);
}
