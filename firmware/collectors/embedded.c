/* A microcontroller's image has no files: what it is made of stands in descriptors and boot
 * banners. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/component.h"
#include "firmware/reading.h"
#include "firmware/release.h"

#define DESCRIPTOR 256u /* bytes of Espressif's application descriptor */
#define LONGEST_WORD 40
#define MAX_FACTS 32 /* of one file */

enum sought {
	ESPRESSIF,
	ZEPHYR_BUILD,
	ZEPHYR_VERSION,
	ZEPHYR_USING,
	ZEPHYR_OLD,
	NCS_BOOTING,
	NCS_USING,
	NORDIC_SDK,
	TUYA_SDK
};

/* What stands behind the words: a release with v, or the commit it was built from. */
static const struct {
	const char *words, *name;
} banners[] = {
    [ZEPHYR_BUILD] = {"Booting Zephyr OS build ", "zephyr"},
    [ZEPHYR_VERSION] = {"Booting Zephyr OS version ", "zephyr"},
    [ZEPHYR_USING] = {"Using Zephyr OS ", "zephyr"},
    [ZEPHYR_OLD] = {"BOOTING ZEPHYR OS ", "zephyr"},
    [NCS_BOOTING] = {"Booting nRF Connect SDK ", "nrf-connect-sdk"},
    [NCS_USING] = {"Using nRF Connect SDK ", "nrf-connect-sdk"},
    [NORDIC_SDK] = {"nRF5_SDK_", "nrf5-sdk"},
    [TUYA_SDK] = {"TUYA IOT SDK V:", "tuya-iot-sdk"},
};

#define WORDS(text)                                                                                \
	{                                                                                          \
		.expression = "\\Q" text "\\E", .length = sizeof(text) - 1                         \
	}

static const struct pattern seeks[] = {
    [ESPRESSIF] = {.expression = "\\x32\\x54\\xcd\\xab", .length = 4},
    [ZEPHYR_BUILD] = WORDS("Booting Zephyr OS build "),
    [ZEPHYR_VERSION] = WORDS("Booting Zephyr OS version "),
    [ZEPHYR_USING] = WORDS("Using Zephyr OS "),
    [ZEPHYR_OLD] = WORDS("BOOTING ZEPHYR OS "),
    [NCS_BOOTING] = WORDS("Booting nRF Connect SDK "),
    [NCS_USING] = WORDS("Using nRF Connect SDK "),
    [NORDIC_SDK] = WORDS("nRF5_SDK_"),
    [TUYA_SDK] = WORDS("TUYA IOT SDK V:"),
};

static bool
wants(const struct node *node, struct span head)
{
	return node->type == NODE_FILE && node->bytes >= 64 && !span_looks_like_text(head);
}

/* A field of fixed size: text up to its NUL; empty when it is no text. */
static struct span
text_field(struct reader *reader, size_t size)
{
	struct span field = read_bytes(reader, size), text = field_next(&field, '\0');

	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] < ' ' || text.at[i] >= 0x7f)
			return (struct span){0};
	return text;
}

static enum status
add(struct job *job, const struct node *node, size_t offset, const char *name, struct span version,
    const char *origin, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_component, node, offset);
	struct component_fact *component = &fact.as.component;

	component->name = name;
	component->origin = origin;
	component->confidence = "certain";
	if (version.size != 0) {
		component->version = span_text(job, version);
		if (component->version == NULL)
			return STATUS_LIMIT;
	}
	return component_add(job, evidence, &fact);
}

/* "v5.0-beta1-427-g4532e6e0b2" is 5.0-beta1 and what came after it. */
static struct span
release_of(struct span version)
{
	size_t size;

	if (span_begins(version, "v") || span_begins(version, "V"))
		version = span_from(version, 1);
	size = release_size(version, false);
	if (size == 0)
		size = release_size(version, true);
	return span_part(version, 0, size);
}

/* esp_app_desc_t: magic, security version, 8 reserved, version, project, time, date, ESP-IDF. */
static enum status
read_descriptor(struct job *job, const struct offer *offer, size_t at, struct evidence *evidence)
{
	struct reader reader = {.rest = span_part(offer->content, at, DESCRIPTOR)};
	struct span version, project, idf;
	const char *name;

	read_bytes(&reader, 16);
	version = text_field(&reader, 32);
	project = text_field(&reader, 32);
	read_bytes(&reader, 32); /* time and date */
	idf = text_field(&reader, 32);
	/* four bytes alone may stand anywhere; a version of ESP-IDF behind them does not */
	if (reader.overrun || release_of(idf).size == 0)
		return STATUS_OK;
	TRY(add(job, offer->node, at, "esp-idf", release_of(idf), "descriptor", evidence));
	if (project.size == 0 || version.size == 0)
		return STATUS_OK;
	name = span_text(job, project);
	return name == NULL ? STATUS_LIMIT
			    : add(job, offer->node, at, name, version, "descriptor", evidence);
}

/* A release, or nothing where the words are followed by a commit alone. */
static enum status
read_banner(
    struct job *job, const struct offer *offer, const struct find *find, struct evidence *evidence)
{
	size_t at = find->at, words = strlen(banners[find->sought].words);
	struct span rest = span_from(offer->content, at + words), word;

	rest = span_part(rest, 0, rest.size < LONGEST_WORD ? rest.size : LONGEST_WORD);
	rest = field_next(&rest, '\0');
	if (!word_next(&rest, &word) || word.at[0] == '%')
		return STATUS_OK;
	word = release_of(word);
	/* an SDK is named in paths too, and only with its release */
	if (word.size == 0 && find->sought != ZEPHYR_BUILD)
		return STATUS_OK;
	/* kits print the version of the Zephyr in them where they should print their own */
	if (find->sought == NCS_BOOTING && span_find(word, "-ncs", 4, 0) != SIZE_MAX)
		return add(job, offer->node, at, "zephyr", word, "banner", evidence);
	return add(job, offer->node, at, banners[find->sought].name, word, "banner", evidence);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	bool seen[ARRAY_SIZE(banners)] = {false};
	size_t count = 0;

	(void)collection;
	for (size_t i = 0; i < offer->find_count && count < MAX_FACTS; i++) {
		const struct find *find = &offer->finds[i];

		if (find->sought == ESPRESSIF) {
			TRY(read_descriptor(job, offer, (size_t)find->at, evidence));
			count++;
		} else if (!seen[find->sought]) {
			seen[find->sought] = true;
			TRY(read_banner(job, offer, find, evidence));
		}
	}
	return STATUS_OK;
}

static enum status
add_of_region(struct job *job, const struct region *region, const char *name, struct span version,
    struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_component);
	struct component_fact *component = &fact.as.component;

	fact.path = region->path;
	component->name = name;
	component->version = span_text(job, version);
	component->origin = "descriptor";
	component->confidence = "certain";
	return component->version == NULL ? STATUS_LIMIT : component_add(job, evidence, &fact);
}

/* What a header of the image says of its software. */
static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct tree *tree = collection->tree;

	for (size_t i = 0; tree != NULL && i < tree->region_count; i++) {
		const struct region *region = &tree->regions[i];
		struct span detail, part;

		if (region->detail == NULL || region->format == NULL)
			continue;
		detail = span_of_string(region->detail);
		if (strcmp(region->format, "esp_image") == 0) {
			/* a boot loader has a descriptor of its own, which its format reads */
			size_t at = span_find(detail, ", boot loader, IDF ", 19, 0);

			part = at == SIZE_MAX ? (struct span){0}
					      : release_of(span_from(detail, at + 19));
			if (part.size != 0)
				TRY(add_of_region(job, region, "esp-idf", part, evidence));
		} else if (strcmp(region->format, "mcuboot") == 0 &&
			   span_begins(detail, "version ")) {
			detail = span_from(detail, 8);
			part = field_next(&detail, ',');
			if (!span_is(part, "0.0.0+0") && byte_is_digit(part, 0))
				TRY(add_of_region(
				    job, region, "mcuboot-application", part, evidence));
		}
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_component};

const struct collector collector_embedded = {
    .name = "embedded",
    .title = "software of images without a file system: ESP-IDF, Zephyr, MCUboot, Nordic's and "
	     "Tuya's kits",
    .source = "ESP-IDF esp_app_format, Zephyr kernel/banner.c, MCUboot design",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
