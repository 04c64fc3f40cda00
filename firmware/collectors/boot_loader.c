/* How long the boot loader waits for a key, and on which line the kernel talks, stand in its
 * environment. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_FACTS 32 /* of one file */
#define MAX_VALUE ((size_t)48)
#define MAX_REGION ((size_t)4 << 20) /* of an environment, or a device tree */

enum { BOOTDELAY, CONSOLE, SOUGHT };

static const struct pattern seeks[SOUGHT] = {
    [BOOTDELAY] = {"bootdelay=", 10, false},
    [CONSOLE] = {"console=tty", 11, false},
};

/* Text is a setting only where boot loaders read it: elsewhere it explains one. */
static bool
is_boot_text(const char *name)
{
	static const char *const names[] = {"cmdline.txt", "extlinux.conf", "grub.cfg", "uEnv.txt",
	    "boot.cmd", "boot.scr", "armbianEnv.txt", "u-boot.env", "uboot.env", "env.txt"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return text_ends_with(name, ".env");
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || node->bytes < 16)
		return false;
	return !span_looks_like_text(head) || is_boot_text(node->name);
}

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* "3", "-2": up to what no number goes on with; empty when it is none. */
static struct span
delay_at(struct span rest)
{
	size_t size = span_begins(rest, "-");

	while (size < rest.size && size < 6 && is_digit(rest.at[size]))
		size++;
	if (size == 0 || !is_digit(rest.at[size - 1]) || size == 6)
		return (struct span){0};
	return span_part(rest, 0, size);
}

/* "ttyS0,115200n8": a serial line has letters behind "tty"; empty for a screen's console. */
static struct span
line_at(struct span rest)
{
	size_t letters = 3, size;

	while (letters < rest.size && letters < 12 &&
	       ((rest.at[letters] >= 'A' && rest.at[letters] <= 'Z') ||
		   (rest.at[letters] >= 'a' && rest.at[letters] <= 'z')))
		letters++;
	for (size = letters; size < rest.size && is_digit(rest.at[size]);)
		size++;
	if (letters == 3 || size == letters)
		return (struct span){0};
	while (size < rest.size && size < MAX_VALUE &&
	       (is_digit(rest.at[size]) || rest.at[size] == ',' || rest.at[size] == 'n' ||
		   rest.at[size] == 'r'))
		size++;
	return span_part(rest, 0, size);
}

struct seen {
	struct span values[MAX_FACTS];
	size_t count;
};

/* The same value once a file. */
static bool
is_new(struct seen *seen, struct span value)
{
	for (size_t i = 0; i < seen->count; i++)
		if (span_equal(seen->values[i], value))
			return false;
	if (seen->count == MAX_FACTS)
		return false;
	seen->values[seen->count++] = value;
	return true;
}

static enum status
add(struct job *job, struct fact *fact, struct span content, size_t at, int sought,
    struct seen *seen, struct evidence *evidence)
{
	struct span value = sought == BOOTDELAY ? delay_at(span_from(content, at + 10))
						: line_at(span_from(content, at + 8));

	if (value.size == 0 || !is_new(seen, value))
		return STATUS_OK;
	fact->as.setting.name =
	    sought == BOOTDELAY ? "boot_loader.bootdelay" : "boot_loader.console";
	fact->as.setting.value = span_text(job, value);
	return fact->as.setting.value == NULL ? STATUS_LIMIT : evidence_add(evidence, job, fact);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct seen seen = {.count = 0};

	(void)collection;
	for (size_t i = 0; i < offer->find_count; i++) {
		struct fact fact = fact_in(FACT_setting, offer->node, offer->finds[i].at);

		TRY(add(job, &fact, offer->content, (size_t)offer->finds[i].at,
		    (int)offer->finds[i].sought, &seen, evidence));
	}
	return STATUS_OK;
}

/* An environment lies beside what is recognised, a command line within a device tree. */
static enum status
read_region(struct job *job, const struct region *region, struct evidence *evidence)
{
	static const char *const words[SOUGHT] = {"bootdelay=", "console=tty"};
	struct span content = span_part(region->content, 0,
	    region->content.size < MAX_REGION ? region->content.size : MAX_REGION);
	struct seen seen = {.count = 0};

	for (int sought = 0; sought < SOUGHT; sought++)
		for (size_t at = span_find(content, words[sought], strlen(words[sought]), 0);
		     at != SIZE_MAX;
		     at = span_find(content, words[sought], strlen(words[sought]), at + 1)) {
			struct fact fact = fact_new(FACT_setting);

			fact.path = region->path;
			fact.offset = (int64_t)(region->offset + at);
			TRY(add(job, &fact, content, at, sought, &seen, evidence));
		}
	return STATUS_OK;
}

static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct tree *tree = collection->tree;

	for (size_t i = 0; tree != NULL && i < tree->region_count; i++) {
		const struct region *region = &tree->regions[i];

		if (region->content.size != 0 &&
		    (region->coverage == COVERAGE_GAP || strcmp(region->format, "dtb") == 0))
			TRY(read_region(job, region, evidence));
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_setting};

const struct collector collector_boot_loader = {
    .name = "boot_loader",
    .title = "what the boot loader is told: how long it waits for a key, and the kernel's console",
    .source = "U-Boot documentation, environment variables; Linux admin guide, kernel-parameters; "
	      "Devicetree Specification 0.4, /chosen",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
