/* A stage that verifies the next leaves traces: a key that is required, a tree of hashes, a
 * signature behind a module.  Whether the fuses ask for it, no image tells. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/boot_verification.h"
#include "firmware/device_tree.h"
#include "firmware/reading.h"

#define MAX_WALKED ((size_t)64 << 20) /* bytes of all device trees in one file */
#define MAX_FACTS 64u                 /* of one file */
#define MAX_IN_GAP 4096u              /* places looked at in one gap */
#define MODULE_TRAILER "~Module signature appended~\n"

#define SWITCHED_OFF "switched off: "

/* What the words of a region say; the first row that fits. */
static const struct {
	const char *format, *words, *stage, *mechanism;
	int64_t active;
	bool off; /* signatures are there, or could be, and are not asked for */
} told[] = {
    {"avb", "verification disabled", "boot loader", "AVB", 0, true},
    {"avb", "hash trees disabled", "boot loader", "AVB", 0, true},
    {"avb", ", not signed", "boot loader", "AVB", 0, false},
    {"avb", "vbmeta 1", "boot loader", "AVB", UNKNOWN, false},
    {"mcuboot", ", unsigned", "boot loader", "MCUboot", 0, false},
    {"mcuboot", " signature", "boot loader", "MCUboot", UNKNOWN, false},
    {"esp_image", "secure boot v2", "boot ROM", "ESP secure boot v2", UNKNOWN, false},
    {"esp_image", "secure boot v1", "boot ROM", "ESP secure boot v1", UNKNOWN, false},
    {"imx", "with a HAB signature block", "boot ROM", "i.MX HAB", UNKNOWN, false},
    {"imx", "not signed", "boot ROM", "i.MX HAB", 0, false},
    {"fit", ", not signed", "boot loader", "FIT signature", 0, false},
    {"fit", " signatures: ", "boot loader", "FIT signature", UNKNOWN, false},
    {"verity", "", "kernel", "dm-verity", UNKNOWN, false},
};

static const struct pattern seeks[] = {
    [DEVICE_TREE] = {.expression = "\\xd0\\x0d\\xfe\\xed", .length = 4},
    [VERITY_TABLE] = {.expression = "dm-mod\\.create=", .length = 14},
    [VERITY_DEVICE] = {.expression = "root=/dev/dm-", .length = 13},
    [ROOT_HASH] = {.expression = "roothash=", .length = 9},
    [VERITY_SETUP] = {.expression = "veritysetup ", .length = 12},
    [IMA_APPRAISE] = {.expression = "ima_appraise=", .length = 13},
    [IMA_POLICY] = {.expression = "ima_policy=", .length = 11},
    [MODULE_ENFORCE] = {.expression = "module\\.sig_enforce", .length = 18},
    [OVERLAY] = {.expression = "lowerdir=", .length = 9},
};

static bool
wants(const struct node *node, struct span head)
{
	(void)head;
	return node->type == NODE_FILE && node->bytes != 0;
}

enum status
boot_verification_add(struct job *job, struct fact fact, const struct finding *finding,
    const char *words, struct evidence *evidence)
{
	fact.as.boot_verification.stage = finding->stage;
	fact.as.boot_verification.mechanism = finding->mechanism;
	fact.as.boot_verification.active = finding->active;
	fact.as.boot_verification.evidence = words;
	return words == NULL ? STATUS_LIMIT : evidence_add(evidence, job, &fact);
}

/* The keys in a control device tree, as it is walked. */
struct signing {
	bool inside; /* the node "signature" of the root */
	struct span key, required, algorithm;
	bool enforced; /* some key of the tree is required */
};

static bool
is_required(const struct signing *signing)
{
	return span_is(signing->required, "conf") || span_is(signing->required, "image");
}

/* A key that is not required is a mistake where no other is. */
static enum status
add_key(struct job *job, const struct fact *place, const struct signing *signing,
    struct evidence *evidence)
{
	const bool needed = is_required(signing), off = !needed && !signing->enforced;
	const struct finding finding = {
	    "boot loader", "FIT signature", needed || off ? needed : UNKNOWN};
	const char *name = span_text(job, signing->key);
	const char *algorithm = span_text(job, signing->algorithm);

	if (name == NULL || algorithm == NULL)
		return STATUS_LIMIT;
	return boot_verification_add(job, *place, &finding,
	    arena_printf(job, "%s%s%s%s, %s", off ? SWITCHED_OFF : "", name,
		algorithm[0] == '\0' ? "" : ", ", algorithm, needed ? "required" : "not required"),
	    evidence);
}

static void
read_property(struct signing *signing, const struct device_tree_walk *walk)
{
	if (span_is(walk->name, "required"))
		signing->required = device_tree_string(walk->value);
	else if (span_is(walk->name, "algo"))
		signing->algorithm = device_tree_string(walk->value);
}

/* Walks to the end of the next key: /signature/key-NAME { required; algo }. */
static bool
next_key(struct device_tree_walk *walk, struct signing *signing)
{
	for (;;) {
		switch (device_tree_next(walk)) {
		case DEVICE_TREE_NODE:
			if (walk->depth == 2)
				signing->inside = span_is(walk->name, "signature");
			else if (walk->depth == 3)
				signing->key = walk->name;
			signing->required = signing->algorithm = (struct span){0};
			break;
		case DEVICE_TREE_PROPERTY:
			if (signing->inside && walk->depth == 3)
				read_property(signing, walk);
			break;
		case DEVICE_TREE_NODE_END:
			if (signing->inside && walk->depth == 2 &&
			    span_begins(signing->key, "key-"))
				return true;
			signing->inside = signing->inside && walk->depth != 1;
			break;
		case DEVICE_TREE_END:
		case DEVICE_TREE_DAMAGED:
			return false;
		}
	}
}

/* U-Boot's control tree. */
static enum status
add_keys(struct job *job, const struct fact *place, struct span at, struct budget *budget,
    struct evidence *evidence)
{
	struct device_tree tree;
	struct device_tree_walk walk;
	struct signing signing = {0};

	if (!device_tree_open(at, &tree) || !tree.readable)
		return STATUS_OK;
	if (tree.structure.size >= budget->bytes) {
		budget->bytes = 0;
		return STATUS_OK;
	}
	budget->bytes -= tree.structure.size;
	walk = device_tree_walk(&tree);
	while (next_key(&walk, &signing))
		signing.enforced |= is_required(&signing);
	walk = device_tree_walk(&tree);
	while (budget->facts != 0 && next_key(&walk, &signing)) {
		TRY(add_key(job, place, &signing, evidence));
		budget->facts--;
	}
	return STATUS_OK;
}

/* A program of UEFI with a table of certificates (PE/COFF, optional header, data directory 4). */
static bool
is_signed_uefi_program(struct span content)
{
	struct reader reader = {.rest = span_from(content, 0x3c)};
	struct span optional;
	uint16_t magic, subsystem;
	uint32_t at = read_u32_le(&reader), size;

	if (!span_starts_with(content, "MZ", 2) || reader.overrun ||
	    !span_starts_with(span_from(content, at), "PE\0\0", 4))
		return false;
	optional = span_from(content, (uint64_t)at + 24);
	reader = (struct reader){.rest = optional};
	magic = read_u16_le(&reader);
	reader.rest = span_from(optional, 68);
	subsystem = read_u16_le(&reader);
	reader.rest = span_from(optional, (magic == 0x20b ? 112u : 96u) + 4 * 8);
	at = read_u32_le(&reader);
	size = read_u32_le(&reader);
	return !reader.overrun && subsystem >= 10 && subsystem <= 13 && at != 0 && size >= 8;
}

/* The last word of the firmware's variables, by their names (UEFI 2.10, section 3.3). */
static enum status
add_variable(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	const char *name = offer->node->name;
	struct finding finding = {"boot loader", "UEFI secure boot", UNKNOWN};
	const char *said;

	if (strcmp(name, "SecureBootEnable-f0a30bc7") != 0 &&
	    strcmp(name, "SecureBoot-8be4df61") != 0)
		return STATUS_OK;
	finding.active = offer->content.at[0] != 0;
	said = arena_printf(job, "%.30s is %u", name, offer->content.at[0]);
	return boot_verification_add(
	    job, fact_in(FACT_boot_verification, offer->node, 0), &finding, said, evidence);
}

/* A rule that lets nothing run whose hash or signature is not good. */
static enum status
add_policy(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	static const struct finding finding = {"kernel", "IMA", UNKNOWN};
	struct span rest = offer->content, line;

	while (line_next(&rest, &line))
		if (span_begins(span_trim(line), "appraise "))
			return boot_verification_add(job,
			    fact_in(FACT_boot_verification, offer->node,
				(uint64_t)(line.at - offer->content.at)),
			    &finding, span_text(job, span_trim(line)), evidence);
	return STATUS_OK;
}

static enum status
add_whole(struct job *job, const struct offer *offer, struct evidence *evidence)
{
	static const struct finding module = {"kernel", "module signature", UNKNOWN};
	static const struct finding program = {"boot loader", "UEFI secure boot", UNKNOWN};
	const struct span content = offer->content;
	const size_t trailer = strlen(MODULE_TRAILER);

	if (content.size > trailer &&
	    memcmp(content.at + content.size - trailer, MODULE_TRAILER, trailer) == 0)
		return boot_verification_add(job,
		    fact_in(FACT_boot_verification, offer->node, content.size - trailer), &module,
		    "a signature is appended to the module", evidence);
	if (is_signed_uefi_program(content))
		return boot_verification_add(job, fact_in(FACT_boot_verification, offer->node, 0),
		    &program, "a signed program of UEFI", evidence);
	if (text_ends_with(offer->node->local, "/etc/ima/ima-policy"))
		return add_policy(job, offer, evidence);
	return content.size == 0 ? STATUS_OK : add_variable(job, offer, evidence);
}

/* What was not looked at any more makes it incomplete. */
static enum status
tell_limit(struct job *job, const struct budget *budget, struct evidence *evidence)
{
	if (budget->bytes != 0 && budget->facts != 0)
		return STATUS_OK;
	return evidence_looked(evidence, job, FACT_boot_verification, false,
	    "limit: a file has too many traces of verification", UNKNOWN);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct budget budget = {MAX_WALKED, MAX_FACTS};

	(void)collection;
	TRY(add_whole(job, offer, evidence));
	for (size_t i = 0; i < offer->find_count && budget.facts != 0; i++) {
		const struct find *find = &offer->finds[i];
		struct fact fact = fact_in(FACT_boot_verification, offer->node, find->at);

		if (find->sought == DEVICE_TREE)
			TRY(add_keys(
			    job, &fact, span_from(offer->content, find->at), &budget, evidence));
		else
			TRY(boot_verification_add_line(job, fact, offer->content, find,
			    seeks[find->sought].length, &budget, evidence));
	}
	return tell_limit(job, &budget, evidence);
}

/* "0.trx/1c.uimage": every part is OFFSET.FORMAT, so that no file of it was offered. */
static bool
is_in_no_file(const char *path)
{
	while (*path != '\0') {
		size_t digits = strspn(path, "0123456789abcdef");
		size_t name = strcspn(path, "/");

		if (digits == 0 || path[digits] != '.' || name <= digits + 1)
			return false;
		path += name + (path[name] == '/');
	}
	return true;
}

static struct fact
fact_of(const struct region *region, uint64_t at)
{
	struct fact fact = fact_new(FACT_boot_verification);

	fact.path = region->format[0] == '\0' ? region->parent : region->path;
	fact.offset = (int64_t)((region->format[0] == '\0' ? region->offset : 0) + at);
	return fact;
}

static enum status
add_told(struct job *job, const struct region *region, struct evidence *evidence)
{
	for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
		const struct finding finding = {told[i].stage, told[i].mechanism, told[i].active};

		if (strcmp(region->format, told[i].format) != 0 || region->detail == NULL ||
		    strstr(region->detail, told[i].words) == NULL)
			continue;
		return boot_verification_add(job, fact_of(region, 0), &finding,
		    arena_printf(job, "%s%.900s", told[i].off ? SWITCHED_OFF : "", region->detail),
		    evidence);
	}
	return STATUS_OK;
}

/* The environment of a boot loader lies bare in flash, its lines are strings; a boot image of
 * Android has a command line in its header. */
static enum status
add_command_lines(struct job *job, const struct region *region, struct span content,
    struct budget *budget, struct evidence *evidence)
{
	static const struct {
		const char *words;
		enum sought sought;
	} needles[] = {{"dm-mod.create=", VERITY_TABLE}, {"root=/dev/dm-", VERITY_DEVICE},
	    {"roothash=", ROOT_HASH}, {"ima_appraise=", IMA_APPRAISE}};
	const bool in_place = content.at == region->content.at;

	for (size_t i = 0; i < ARRAY_SIZE(needles); i++) {
		size_t at = 0;

		for (unsigned n = 0; n < MAX_IN_GAP && budget->facts != 0; n++) {
			struct find find = {.sought = needles[i].sought};

			at = span_find(content, needles[i].words, strlen(needles[i].words), at);
			if (at == SIZE_MAX)
				break;
			find.at = at++;
			TRY(boot_verification_add_line(job, fact_of(region, in_place ? find.at : 0),
			    content, &find, strlen(needles[i].words), budget, evidence));
		}
	}
	return STATUS_OK;
}

static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct tree *tree = collection->tree;

	for (size_t i = 0; i < tree->region_count; i++) {
		const struct region *region = &tree->regions[i];
		struct budget budget = {MAX_WALKED, MAX_FACTS};
		struct fact fact = fact_of(region, 0);

		TRY(add_told(job, region, evidence));
		if (strcmp(region->format, "bootimg") == 0 && region->detail != NULL)
			TRY(add_command_lines(
			    job, region, span_of_string(region->detail), &budget, evidence));
		if (region->content.size == 0 || !is_in_no_file(region->parent))
			continue;
		if (strcmp(region->format, "dtb") == 0)
			TRY(add_keys(job, &fact, region->content, &budget, evidence));
		else if (region->format[0] == '\0' && region->coverage == COVERAGE_GAP)
			TRY(add_command_lines(job, region, region->content, &budget, evidence));
		TRY(tell_limit(job, &budget, evidence));
	}
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_boot_verification};

const struct collector collector_boot_verification = {
    .name = "boot_verification",
    .title = "traces of verified boot: signed boot images, keys a boot loader requires, dm-verity, "
	     "AVB, IMA, module signatures, UEFI secure boot; what fuses ask for is not in an image",
    .source =
	"U-Boot doc/usage/fit/signature.rst; AOSP external/avb; Linux Documentation: "
	"dm-verity, dm-init, module-signing, ima_policy; NXP AN4581; ESP-IDF secure boot; MCUboot "
	"design; UEFI 2.10 chapters 3 and 32; PE/COFF",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
