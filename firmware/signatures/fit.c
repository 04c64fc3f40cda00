/* What a FIT signs is its configurations, each over the nodes of its images and their hashes; or,
 * of little use, images one by one. */
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/hashes.h"
#include "firmware/reading.h"
#include "firmware/signature.h"
#include "firmware/signatures/fit.h"

#define MAX_HASHED 8u                    /* times the bytes there are: images may overlap */
#define LISTED 5u                        /* times a list is gone through for one image */
#define MAX_LISTED ((uint64_t)256 << 20) /* bytes of lists gone through */

enum hashed { HASHED_UNKNOWN, HASHED_GOOD, HASHED_BAD, HASHED_OTHER };

struct judge {
	struct signing *signing;
	struct fit fit;
	struct fit_nodes nodes;
	uint64_t budget;                       /* of bytes hashed */
	uint64_t listed;                       /* of bytes of lists gone through */
	enum hashed (*hashed)[FIT_MAX_HASHES]; /* of each image, once */
	const char *bad;                       /* whose data are not those hashed */
	const char *uncovered;
	const char *weak;
};

static const char *
text_of(struct judge *judge, struct span bytes)
{
	const char *text = text_from_bytes(judge->signing->job, bytes.at, bytes.size, 64);

	return text == NULL ? "" : text;
}

/* "sha256,rsa2048" */
static bool
read_algorithm(const struct fit_signature *signature, struct raw_signature *raw, size_t *bits)
{
	static const struct {
		const char *name;
		bool is_rsa;
		size_t bits;
	} keys[] = {{"rsa1024", true, 1024}, {"rsa2048", true, 2048}, {"rsa3072", true, 3072},
	    {"rsa4096", true, 4096}, {"ecdsa256", false, 256}, {"ecdsa384", false, 384},
	    {"secp521r1", false, 521}};
	static const struct {
		const char *name;
		enum digest_kind kind;
	} kinds[] = {{"md5", DIGEST_MD5}, {"sha1", DIGEST_SHA1}, {"sha256", DIGEST_SHA256},
	    {"sha384", DIGEST_SHA384}, {"sha512", DIGEST_SHA512}};
	struct span rest = signature->algorithm, digest = field_next(&rest, ',');

	*bits = 0;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (span_is(rest, keys[i].name)) {
			*bits = keys[i].bits;
			raw->scheme = !keys[i].is_rsa                      ? SIGN_ECDSA_RAW
				      : span_is(signature->padding, "pss") ? SIGN_RSA_PSS
									   : SIGN_RSA;
		}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (span_is(digest, kinds[i].name)) {
			raw->digest = kinds[i].kind;
			return *bits != 0;
		}
	return false;
}

/* A key of a device tree is called "key-HINT". */
static bool
names(const struct raw_signature *signature, const struct key *key)
{
	const char *name = key->name;

	if (name == NULL || key->given || !text_starts_with(name, "key-"))
		return false;
	return span_is(signature->named, name + 4);
}

static enum status
try_one(struct judge *judge, const struct fit_signature *signature, const struct span *parts,
    size_t count, struct trial *trial)
{
	struct signing *signing = judge->signing;
	uint8_t digest[DIGEST_LARGEST];
	struct raw_signature raw = {
	    .value = signature->value, .named = signature->hint, .names = names};
	size_t bits;

	*trial = (struct trial){.outcome = OUTCOME_NO_KEY};
	if (!read_algorithm(signature, &raw, &bits)) {
		signing->fact.scheme = "opaque";
		signing_say(signing, "algorithm %s is not known here",
		    text_of(judge, signature->algorithm));
		return STATUS_OK;
	}
	raw.signed_bytes = (struct span){digest, signing_digest(raw.digest, parts, count, digest)};
	/* a weak hash of any signature is the hash of all */
	if (signing->fact.algorithm == NULL || raw.digest == DIGEST_SHA1 ||
	    raw.digest == DIGEST_MD5)
		TRY(signing_name(signing, &raw, bits));
	*trial = signing_try(signing, &raw);
	return STATUS_OK;
}

/* Are the data those of this hash?  Each is computed once. */
static enum hashed
check_hash(struct judge *judge, const struct fit_image *image, size_t i)
{
	static const enum hashed verdicts[] = {
	    [HASH_GOOD] = HASHED_GOOD, [HASH_BAD] = HASHED_BAD, [HASH_UNKNOWN] = HASHED_OTHER};
	enum hashed *hashed = &judge->hashed[image - judge->fit.images][i];

	if (*hashed != HASHED_UNKNOWN)
		return *hashed;
	if (image->size > judge->budget || image->data.size != image->size) {
		judge->signing->uncompared = text_of(judge, image->name);
		return *hashed = HASHED_OTHER;
	}
	judge->budget -= image->size;
	*hashed =
	    verdicts[hash_check(image->hashes[i].algorithm, image->data, image->hashes[i].value)];
	return *hashed;
}

/* Are the data those of a hash that the list of the signature holds?  One that it does not hold
 * whoever changes the data changes as well. */
static enum status
is_hashed(struct judge *judge, struct span list, const struct fit_image *image, const char *node,
    bool *covered)
{
	bool strong = false;

	*covered = false;
	for (size_t i = 0; i < image->hash_count; i++) {
		const struct fit_hash *hash = &image->hashes[i];
		const char *path =
		    arena_printf(judge->signing->job, "%s/%s", node, text_of(judge, hash->name));
		enum hashed hashed = check_hash(judge, image, i);

		if (path == NULL)
			return STATUS_LIMIT;
		if (hashed == HASHED_BAD)
			judge->bad = text_of(judge, image->name);
		if (hashed != HASHED_GOOD || span_is(hash->algorithm, "crc32") ||
		    !fit_list_has(list, path, strlen(path)))
			continue;
		*covered = true;
		strong = strong || span_begins(hash->algorithm, "sha2") ||
			 span_begins(hash->algorithm, "sha3") ||
			 span_begins(hash->algorithm, "sha5");
	}
	if (*covered && !strong)
		judge->weak = text_of(judge, image->name);
	return STATUS_OK;
}

static const struct fit_image *
image_named(const struct judge *judge, struct span name)
{
	for (size_t i = 0; i < judge->fit.image_count; i++)
		if (span_equal(judge->fit.images[i].name, name))
			return &judge->fit.images[i];
	return NULL;
}

/* Are all images the configuration names covered? */
static enum status
judge_configuration(struct judge *judge, const struct fit_signature *signature)
{
	struct job *job = judge->signing->job;
	const char *own = arena_printf(job, "/configurations/%s", text_of(judge, signature->owner));

	if (own == NULL)
		return STATUS_LIMIT;
	if (!fit_list_has(signature->nodes, own, strlen(own)))
		judge->uncovered = own;
	for (size_t i = 0; i < judge->nodes.reference_count; i++) {
		const struct fit_reference *reference = &judge->nodes.references[i];
		const struct fit_image *image = image_named(judge, reference->image);
		bool covered = false;
		const char *node;

		if (!span_equal(reference->configuration, signature->owner) || image == NULL)
			continue;
		node = arena_printf(job, "/images/%s", text_of(judge, reference->image));
		if (node == NULL)
			return STATUS_LIMIT;
		if (judge->listed < LISTED * (uint64_t)signature->nodes.size) {
			judge->signing->uncompared = "more than is looked through";
			return STATUS_OK;
		}
		judge->listed -= LISTED * (uint64_t)signature->nodes.size;
		if (fit_list_has(signature->nodes, node, strlen(node)))
			TRY(is_hashed(judge, signature->nodes, image, node, &covered));
		if (!covered)
			judge->uncovered = node;
	}
	return STATUS_OK;
}

/* False, and said, when too much would have to be hashed or looked through. */
static bool
pay_for_parts(struct judge *judge, const struct span *parts, size_t count)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += parts[i].size;
	if (bytes <= judge->budget && judge->listed > FIT_MAX_PARTS) {
		judge->budget -= bytes;
		return true;
	}
	judge->signing->uncompared = "more than is hashed";
	return false;
}

/* The best of a configuration's signatures; all configurations together are as good as the worst.
 */
static enum status
try_configurations(struct judge *judge, struct trial *trial)
{
	struct span *parts = arena_array(judge->signing->job, FIT_MAX_PARTS, sizeof *parts);
	bool first = true;

	if (parts == NULL)
		return STATUS_LIMIT;
	for (size_t c = 0; c < judge->nodes.configuration_count; c++) {
		struct span name = judge->nodes.configurations[c];
		struct trial best = {.outcome = OUTCOME_BAD}, one;
		size_t tried = 0;

		for (size_t i = 0; i < judge->nodes.signature_count; i++) {
			const struct fit_signature *signature = &judge->nodes.signatures[i];
			size_t count;

			if (!signature->of_configuration || signature->value.size == 0 ||
			    !span_equal(signature->owner, name))
				continue;
			count = fit_nodes_parts(&judge->fit.tree, signature, parts, &judge->listed);
			if (!pay_for_parts(judge, parts, count))
				return STATUS_OK;
			TRY(try_one(judge, signature, parts, count, &one));
			if (count == 0)
				one.outcome = OUTCOME_BAD;
			if (tried++ == 0 || one.outcome < best.outcome)
				best = one;
			TRY(judge_configuration(judge, signature));
		}
		if (tried == 0) {
			judge->uncovered = text_of(judge, name);
			continue;
		}
		*trial = first ? best : trial_worse(*trial, best);
		first = false;
	}
	return STATUS_OK;
}

static enum status
try_images(struct judge *judge, struct trial *trial)
{
	bool first = true;

	for (size_t i = 0; i < judge->nodes.signature_count; i++) {
		const struct fit_signature *signature = &judge->nodes.signatures[i];
		const struct fit_image *image = image_named(judge, signature->owner);
		struct trial one;

		if (signature->value.size == 0 || image == NULL || image->size > judge->budget ||
		    image->data.size != image->size)
			continue;
		judge->budget -= image->size;
		TRY(try_one(judge, signature, &image->data, 1, &one));
		*trial = first ? one : trial_worse(*trial, one);
		first = false;
	}
	return STATUS_OK;
}

static void
say_cover(struct judge *judge, bool configurations)
{
	struct signing *signing = judge->signing;

	signing->fact.covers = "everything";
	if (!configurations) {
		signing->fact.covers = "part";
		signing_say(signing, "images are signed one by one and no configuration is: "
				     "signed parts may be put together at will");
	} else if (judge->uncovered != NULL) {
		signing->fact.covers = "part";
		signing_say(signing, "not covered: %s", judge->uncovered);
	} else if (judge->nodes.cut) {
		signing->fact.covers = NULL;
	}
	/* a signature by sha1 says so already */
	if (judge->weak != NULL && signing->fact.algorithm != NULL &&
	    strstr(signing->fact.algorithm, "sha1") == NULL) {
		const char *algorithm = arena_printf(
		    signing->job, "%s, sha1 of %s", signing->fact.algorithm, judge->weak);

		signing->fact.algorithm = algorithm == NULL ? signing->fact.algorithm : algorithm;
		signing_say(
		    signing, "%s is covered by a weak hash alone (sha1 or md5)", judge->weak);
	}
	if (judge->bad != NULL)
		signing_say(signing, "the data of %s are not those of its hash", judge->bad);
}

static enum status
judge_all(struct judge *judge)
{
	struct signing *signing = judge->signing;
	struct trial trial = {.outcome = OUTCOME_NO_KEY};
	size_t configurations = 0, images = 0;

	for (size_t i = 0; i < judge->nodes.signature_count; i++) {
		const struct fit_signature *signature = &judge->nodes.signatures[i];

		configurations += signature->of_configuration && signature->value.size != 0;
		images += !signature->of_configuration && signature->value.size != 0;
	}
	signing->fact.present = configurations + images != 0;
	if (configurations + images == 0) {
		bool hashed = judge->fit.image_count != 0 && judge->fit.images[0].hash_count != 0;

		signing->fact.scheme = hashed ? "checksum" : "none";
		signing->fact.algorithm =
		    hashed ? text_of(judge, judge->fit.images[0].hashes[0].algorithm) : NULL;
		return STATUS_OK;
	}
	if (configurations != 0)
		TRY(try_configurations(judge, &trial));
	else
		TRY(try_images(judge, &trial));
	if (judge->bad != NULL)
		trial.outcome = OUTCOME_BAD;
	say_cover(judge, configurations != 0);
	signing->fact.rollback_protected = 0;
	return signing_conclude(signing, &trial);
}

static enum status
read_signature(struct signing *signing)
{
	struct judge *judge = arena_allocate(signing->job, sizeof *judge);

	if (judge == NULL)
		return STATUS_LIMIT;
	judge->signing = signing;
	judge->budget = (uint64_t)signing->content.size * MAX_HASHED;
	judge->listed = MAX_LISTED;
	if (!fit_read(signing->job, signing->content, &judge->fit))
		return STATUS_OK;
	judge->hashed =
	    arena_array(signing->job, judge->fit.image_count + 1, sizeof *judge->hashed);
	if (judge->hashed == NULL)
		return STATUS_LIMIT;
	signing->found = true;
	fit_nodes_read(&judge->fit, &judge->nodes);
	return judge_all(judge);
}

static bool
begins(struct span head)
{
	return span_starts_with(head, "\xd0\x0d\xfe\xed", 4);
}

const struct signature_kind signature_kind_fit = {
    .name = "fit",
    .title = "FIT: RSA (PKCS #1, PSS) or ECDSA over configurations and the hashes of their images",
    .source = "U-Boot doc/usage/fit/signature.rst, boot/image-fit-sig.c, boot/fdt_region.c",
    .gaps = "the flags by which a boot loader requires a key",
    .formats = {"fit"},
    .begins = begins,
    .read = read_signature,
};
