/* A checksum finds an accident; only a signature finds an attacker.  The outermost container
 * carries it, or one that lies in what protects nothing. */
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/collector.h"
#include "firmware/reading.h"
#include "firmware/signature.h"

#define MAX_ENTRIES 4096 /* of a folder */
#define MAX_SIGNED 256   /* containers told apart by the keys that made them */
#define LARGEST_TREE ((uint64_t)4 << 20)

static const struct {
	const char *format, *scheme, *algorithm, *covers;
} protections[] = {
#define PROTECTION(format, scheme, algorithm, covers) {format, scheme, algorithm, covers},
#define MARK(format, words, scheme, algorithm, bits)
#include "firmware/protections.def"
#undef PROTECTION
#undef MARK
};

static const struct {
	const char *format, *words, *scheme, *algorithm;
	int64_t bits;
} marks[] = {
#define PROTECTION(format, scheme, algorithm, covers)
#define MARK(format, words, scheme, algorithm, bits) {format, words, scheme, algorithm, bits},
#include "firmware/protections.def"
#undef PROTECTION
#undef MARK
};

/* What was found of one container. */
struct row {
	struct fact fact;
	enum outcome outcome;
};

static const struct signature_kind *
kind_of(const char *format)
{
	for (size_t i = 0; i < firmware_signature_count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(firmware_signatures[i]->formats); k++)
			if (firmware_signatures[i]->formats[k] != NULL &&
			    strcmp(firmware_signatures[i]->formats[k], format) == 0)
				return firmware_signatures[i];
	return NULL;
}

static const struct signature_kind *
kind_that_begins(struct span head)
{
	for (size_t i = 0; i < firmware_signature_count; i++)
		if (firmware_signatures[i]->begins != NULL && firmware_signatures[i]->begins(head))
			return firmware_signatures[i];
	return NULL;
}

/* Where update programs look for keys; whatever else is a key belongs to something else. */
static bool
is_key_place(const struct node *node)
{
	static const char *const folders[] = {"/etc/swupdate", "/etc/rauc/", "/etc/mender/",
	    "/etc/opkg/keys/", "/etc/apk/keys/", "/usr/share/swupdate/", "/usr/share/mender/",
	    "/etc/update", "/etc/ota", "/etc/fwupd/", "/etc/firmware"};
	static const char *const words[] = {
	    "update", "swu", "ota", "firmware", "fwkey", "verify", "sign", "upgrade"};
	static const char *const endings[] = {".pem", ".pub", ".crt", ".cer", ".der", ".key"};
	const char *name = node->name, *local = node->local;
	bool ends = false;

	for (size_t i = 0; local != NULL && i < ARRAY_SIZE(folders); i++)
		if (text_starts_with(local, folders[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		ends = ends || text_ends_with(name, endings[i]);
	for (size_t i = 0; ends && i < ARRAY_SIZE(words); i++)
		if (strstr(name, words[i]) != NULL)
			return true;
	return false;
}

static bool
is_tree(struct span head)
{
	return span_starts_with(head, "\xd0\x0d\xfe\xed", 4);
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || head.size == 0)
		return false;
	return (node->bytes <= KEY_FILE_MAX && is_key_place(node)) || is_tree(head) ||
	       kind_that_begins(head) != NULL;
}

static bool
lies_in(struct span image, struct span bytes)
{
	return image.at != NULL && bytes.at >= image.at && bytes.at < image.at + image.size;
}

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* Asks a kind; `*found` tells whether the container is one. */
static enum status
ask(struct job *job, const struct signature_kind *kind, const struct collection *collection,
    const struct region *region, struct span content, struct row *row, bool *found)
{
	struct signing signing = {.job = job,
	    .content = content,
	    .format = region == NULL ? NULL : region->format,
	    .keys = collection->keys,
	    .fact = row->fact.as.update_signature,
	    .detail = text_new(job)};
	enum status status;

	/* of its own layer, which lies in the image as a whole */
	if (region != NULL && lies_in(collection->image, content) &&
	    region->offset <= (uint64_t)(content.at - collection->image.at))
		signing.before = (struct span){content.at - region->offset, region->offset};
	if (collection->keys != NULL && collection->keys->trials > KEY_RING_MAX_TRIALS)
		return fail(
		    job, STATUS_LIMIT, "limit: more than %zu trials of keys", KEY_RING_MAX_TRIALS);
	status = kind->read(&signing);
	EVP_PKEY_free(signing.own.public_key);
	*found = status == STATUS_OK && signing.found;
	if (!*found)
		return status;
	row->outcome = signing.outcome;
	row->fact.as.update_signature = signing.fact;
	if (signing.detail.size != 0)
		TRY(text_finish(&signing.detail, &row->fact.as.update_signature.detail));
	return STATUS_OK;
}

/* A file that is a container, in a stream whose bytes are let go after this. */
static enum status
read_passing(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct span head =
	    span_part(offer->content, 0, offer->content.size < 64 ? offer->content.size : 64);
	const struct signature_kind *kind = kind_that_begins(head);
	struct row row = {.fact = fact_new(FACT_update_signature)};
	bool found;

	if (kind == NULL || lies_in(collection->image, offer->content) ||
	    key_ring_noted(collection->keys, offer->node->path))
		return STATUS_OK;
	row.fact.path = offer->node->path;
	row.fact.as.update_signature.container = kind->formats[0];
	TRY(ask(job, kind, collection, NULL, offer->content, &row, &found));
	if (!found || row.fact.as.update_signature.present != 1)
		return STATUS_OK;
	TRY(key_ring_note(collection->keys, row.fact.path));
	return evidence_add(evidence, job, &row.fact);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	size_t added;

	if (collection->keys != NULL && offer->node->bytes <= KEY_FILE_MAX &&
	    is_key_place(offer->node))
		TRY(key_ring_read(
		    collection->keys, last_name(offer->node->path), offer->content, false, &added));
	if (collection->keys != NULL && is_tree(offer->content) &&
	    offer->content.size <= LARGEST_TREE)
		TRY(key_ring_read_tree(collection->keys, offer->content));
	return read_passing(job, collection, offer, evidence);
}

/* A file beside the others, named as a signature: that it is one, nobody has seen. */
static bool
has_signature_file(const struct tree *tree, const struct region *region)
{
	static const char *const endings[] = {".sig", ".sign", ".p7s", ".asc", ".gpg", ".minisig"};
	const struct node *top = tree->root == NULL ? NULL : tree->root->child;

	while (top != NULL && strcmp(top->path, region->path) != 0)
		top = top->next;
	top = top == NULL ? NULL : top->child;
	for (size_t steps = 0; top != NULL && steps < MAX_ENTRIES; steps++, top = top->next)
		for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
			if (top->type == NODE_FILE && text_ends_with(top->name, endings[i]))
				return true;
	return false;
}

static bool
has_unknown_bytes(const struct tree *tree)
{
	for (size_t i = 0; i < tree->region_count; i++)
		if (tree->regions[i].parent[0] == '\0' &&
		    tree->regions[i].coverage != COVERAGE_READ &&
		    tree->regions[i].coverage != COVERAGE_PADDING)
			return true;
	return false;
}

/* Made to carry an update, its own checksum included. */
static bool
is_wrapper(const char *format)
{
	return text_starts_with(format, "uimage") || strcmp(format, "trx") == 0;
}

static void
describe_by_table(const struct region *region, struct update_signature_fact *signature)
{
	for (size_t i = 0; i < ARRAY_SIZE(protections); i++) {
		if (strcmp(protections[i].format, region->format) != 0)
			continue;
		signature->scheme = protections[i].scheme;
		signature->algorithm = protections[i].algorithm;
		signature->covers = protections[i].covers;
		signature->present = 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (strcmp(marks[i].format, region->format) != 0 || region->detail == NULL ||
		    strstr(region->detail, marks[i].words) == NULL)
			continue;
		signature->scheme = marks[i].scheme;
		signature->algorithm = marks[i].algorithm;
		signature->key_bits = marks[i].bits;
		signature->covers = NULL;
		signature->present = 1;
		signature->detail =
		    "a signature of the maker's own: it is there, what it covers and "
		    "whether it verifies is not known here";
	}
}

/* Absence is proven only where nothing is left that might be a signature. */
static void
doubt(const struct tree *tree, const struct region *region, struct update_signature_fact *signature)
{
	if (signature->present != 0)
		return;
	if (has_signature_file(tree, region)) {
		signature->scheme = "opaque";
		signature->present = UNKNOWN;
		signature->detail = "a file in it is named as a signature";
	} else if (has_unknown_bytes(tree)) {
		/* this may be no more than a part of a container nobody recognised */
		signature->present = UNKNOWN;
		signature->detail = "a signature may lie in the bytes that were not read";
		if (!is_wrapper(region->format)) {
			signature->scheme = signature->algorithm = NULL;
			signature->covers = NULL;
		}
	}
}

/* An outermost container always has a row; one inside only if it is signed, or might be. */
static enum status
read_region(struct job *job, const struct collection *collection, const struct region *region,
    struct row *row, bool *wanted)
{
	const struct signature_kind *kind = kind_of(region->format);
	struct update_signature_fact *signature = &row->fact.as.update_signature;
	bool outermost = region->parent[0] == '\0', found = false;
	bool held = region->content.size != 0;

	*row = (struct row){.fact = fact_new(FACT_update_signature)};
	row->fact.path = region->path;
	row->fact.offset = region->offset > INT64_MAX ? UNKNOWN : (int64_t)region->offset;
	signature->container = region->format;
	if (kind != NULL && held)
		TRY(ask(job, kind, collection, region, region->content, row, &found));
	if (!found)
		describe_by_table(region, signature);
	if (signature->present == 1)
		TRY(key_ring_note(collection->keys, region->path));
	if (outermost)
		doubt(collection->tree, region, signature);
	*wanted = outermost || signature->present == 1;
	if (outermost || kind == NULL || held || strcmp(kind->formats[0], region->format) != 0)
		return STATUS_OK;
	*wanted = true;
	signature->present = UNKNOWN;
	signature->scheme = signature->algorithm = signature->covers = NULL;
	signature->detail = "its bytes lie in a stream and were not held: it may be signed";
	return STATUS_OK;
}

/* A given key that verifies another container was not given for this one. */
static enum status
settle(struct job *job, struct row *rows, size_t count)
{
	bool known = false;

	for (size_t i = 0; i < count; i++) {
		const struct update_signature_fact *signature = &rows[i].fact.as.update_signature;

		known = known || (signature->verified == 1 && rows[i].outcome == OUTCOME_GOOD &&
				     strcmp(signature->verified_with, "embedded") != 0);
	}
	for (size_t i = 0; known && i < count; i++) {
		struct update_signature_fact *signature = &rows[i].fact.as.update_signature;

		if (signature->verified != 0 || rows[i].outcome != OUTCOME_OTHER_KEY)
			continue;
		signature->verified = UNKNOWN;
		signature->detail = arena_printf(
		    job, "%s; the given keys verify another part of the image", signature->detail);
		if (signature->detail == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}

static enum status
read_keys(const struct collection *collection)
{
	const struct tree *tree = collection->tree;

	for (size_t i = 0; collection->keys != NULL && i < tree->region_count; i++)
		if (strcmp(tree->regions[i].format, "dtb") == 0)
			TRY(key_ring_read_tree(collection->keys, tree->regions[i].content));
	return STATUS_OK;
}

static bool
is_container(const struct region *region)
{
	return region->format[0] != '\0' && region->coverage != COVERAGE_PADDING &&
	       region->coverage != COVERAGE_GAP;
}

static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct tree *tree = collection->tree;
	struct row *rows = arena_array(job, MAX_SIGNED, sizeof *rows);
	size_t count = 0;

	if (tree == NULL)
		return STATUS_OK;
	if (rows == NULL)
		return STATUS_LIMIT;
	TRY(read_keys(collection));
	for (size_t i = 0; i < tree->region_count; i++) {
		struct row row;
		bool wanted;

		if (!is_container(&tree->regions[i]) ||
		    key_ring_noted(collection->keys, tree->regions[i].path))
			continue;
		TRY(read_region(job, collection, &tree->regions[i], &row, &wanted));
		if (!wanted)
			continue;
		if (row.fact.as.update_signature.present == 1 && count < MAX_SIGNED)
			rows[count++] = row;
		else
			TRY(evidence_add(evidence, job, &row.fact));
	}
	TRY(settle(job, rows, count));
	for (size_t i = 0; i < count; i++)
		TRY(evidence_add(evidence, job, &rows[i].fact));
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_update_signature};

const struct collector collector_update_signature = {
    .name = "update_signature",
    .title = "how the image is protected as an update: signatures, what they cover, who made them",
    .source = "the specifications of firmware/signatures, each named there",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .whole_files = true,
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
