/* A FIT is a device tree whose nodes are a kernel, its ramdisk and how they are signed; the data
 * may lie behind it. */
#include "firmware/fit_read.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/hashes.h"

#define MAX_HASHED 8u /* times the bytes there are: images may overlap */
#define MAX_TEXT 64u

/* What became of the hashes of all images. */
struct verdict {
	size_t good, unknown, left;
	struct span algorithms[FIT_MAX_HASHES]; /* of good ones, each once */
	size_t algorithm_count;
	const char *bad; /* "sha256 of kernel-1" */
};

static const char *
text_of(struct job *job, struct span bytes)
{
	const char *text = text_from_bytes(job, bytes.at, bytes.size, MAX_TEXT);

	return text == NULL ? "" : text;
}

static void
note_good(struct verdict *verdict, struct span algorithm)
{
	verdict->good++;
	for (size_t i = 0; i < verdict->algorithm_count; i++)
		if (span_equal(verdict->algorithms[i], algorithm))
			return;
	if (verdict->algorithm_count < FIT_MAX_HASHES)
		verdict->algorithms[verdict->algorithm_count++] = algorithm;
}

static void
check_image(
    struct job *job, const struct fit_image *image, uint64_t *budget, struct verdict *verdict)
{
	for (size_t i = 0; i < image->hash_count; i++) {
		const struct fit_hash *hash = &image->hashes[i];

		if (image->size > *budget || image->data.size != image->size) {
			verdict->left++;
			continue;
		}
		*budget -= image->size;
		switch (hash_check(hash->algorithm, image->data, hash->value)) {
		case HASH_GOOD:
			note_good(verdict, hash->algorithm);
			break;
		case HASH_UNKNOWN:
			verdict->unknown++;
			break;
		case HASH_BAD:
			verdict->bad = arena_printf(job, "the %s of %s is bad",
			    text_of(job, hash->algorithm), text_of(job, image->name));
			break;
		}
	}
}

static struct verdict
check_hashes(struct job *job, const struct fit *fit, size_t bytes)
{
	struct verdict verdict = {0};
	uint64_t budget = (uint64_t)bytes * MAX_HASHED;

	for (size_t i = 0; i < fit->image_count && verdict.bad == NULL; i++)
		check_image(job, &fit->images[i], &budget, &verdict);
	return verdict;
}

static void
put_hashes(struct job *job, struct text *detail, const struct verdict *verdict)
{
	if (verdict->bad != NULL)
		text_printf(detail, ", %s", verdict->bad);
	if (verdict->good != 0)
		text_printf(detail, ", %zu hashes good", verdict->good);
	for (size_t i = 0; i < verdict->algorithm_count; i++)
		text_printf(
		    detail, "%s%s", i == 0 ? ": " : " ", text_of(job, verdict->algorithms[i]));
	if (verdict->good == 0 && verdict->bad == NULL && verdict->unknown + verdict->left == 0)
		text_put(detail, ", no hashes");
	if (verdict->unknown + verdict->left != 0)
		text_printf(detail, ", %zu hashes not checked", verdict->unknown + verdict->left);
}

static const char *
describe(struct job *job, const struct fit *fit, const struct verdict *verdict)
{
	struct text detail = text_new(job);
	size_t encrypted = 0;
	const char *string;

	for (size_t i = 0; i < fit->image_count; i++)
		encrypted += fit->images[i].encrypted;
	text_printf(
	    &detail, "\"%s\", %zu images", text_of(job, fit->description), fit->image_count);
	put_hashes(job, &detail, verdict);
	text_printf(&detail, ", %zu configurations", fit->configurations);
	if (fit->preferred.size != 0)
		text_printf(&detail, ", default %s", text_of(job, fit->preferred));
	if (fit->signatures == 0)
		text_put(&detail, ", not signed");
	else
		text_printf(&detail, ", %zu signatures: %s by key \"%s\" (%s)", fit->signatures,
		    text_of(job, fit->signed_thing), text_of(job, fit->signature_key),
		    text_of(job, fit->signature_algorithm));
	if (encrypted != 0)
		text_printf(&detail, ", %zu encrypted", encrypted);
	return text_finish(&detail, &string) == STATUS_OK ? string : NULL;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct fit fit;
	struct verdict verdict;

	if (!fit_read(job, at, &fit))
		return;
	verdict = check_hashes(job, &fit, at.size);
	claim->bytes = fit.end;
	claim->detail = describe(job, &fit, &verdict);
	claim->incomplete = fit.damaged ? "its description is damaged" : fit.missing;
	if (claim->incomplete == NULL)
		claim->incomplete = verdict.bad;
	if (claim->incomplete != NULL)
		claim->coverage = COVERAGE_DAMAGED;
}

static enum status
add_image(
    struct job *job, struct unpack *unpack, struct node *container, const struct fit_image *image)
{
	struct entry entry = {.name = image->name, .type = NODE_FILE, .mode = 0644};

	if (image->encrypted)
		return unpack_damage(unpack, container, image->at, image->size, COVERAGE_ENCRYPTED,
		    "fit: image %s is encrypted (%s, key \"%s\")", text_of(job, image->name),
		    text_of(job, image->cipher), text_of(job, image->cipher_key));
	if (!image->has_data || image->data.size != image->size)
		TRY(unpack_damage(unpack, container, image->at, image->size - image->data.size,
		    COVERAGE_DAMAGED, "fit: not all data of image %s are there",
		    text_of(job, image->name)));
	if (image->data.size == 0 && image->size != 0)
		return STATUS_OK;
	return unpack_file(unpack, container, &entry, image->data, NULL);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct span *inside;
	size_t inside_count = 0;
	struct fit fit;

	if (!fit_read(job, content, &fit))
		return fail(job, STATUS_LIMIT, "fit: cannot be read again");
	inside = arena_array(job, fit.image_count, sizeof *inside);
	if (inside == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < fit.image_count; i++) {
		struct arena_mark mark;

		if (!fit.images[i].external)
			inside[inside_count++] = fit.images[i].data;
		else
			TRY(extents_add(job, &extents, fit.images[i].at, fit.images[i].data.size));
		mark = arena_mark(job->arena);
		TRY(add_image(job, unpack, container, &fit.images[i]));
		arena_release(job->arena, mark);
	}
	TRY(device_tree_tell_large(job, unpack, container, &fit.tree, inside, inside_count));
	if (fit.damaged)
		fit.structure_end = fit.tree.structure_at;
	TRY(device_tree_cover(job, &extents, &fit.tree, fit.structure_end));
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "\\xd0\\x0d\\xfe\\xed", .length = 4}};

const struct format format_fit = {
    .name = "fit",
    .title = "Flattened Image Tree (FIT), data inside or behind it",
    .source = "Flattened Image Tree specification (fitspec.osfw.foundation); U-Boot "
	      "doc/usage/fit; Devicetree Specification 0.4",
    .gaps = "signatures are verified by the collector update_signature; hashes but crc32, md5 and "
	    "sha1 to sha512",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
