/* SWUpdate signs its description; a file is covered when the description holds its digest. */
#include <string.h>

#include "base/arena.h"
#include "firmware/signature.h"
#include "firmware/swu_description.h"

#define MAX_ENTRIES 4096u
#define LARGEST_DESCRIPTION ((size_t)256 << 10) /* it is searched for each file */

struct package {
	struct span description, signature;
	bool has_description, has_signature;
	struct swu_description words;
};

static bool
is(struct span name, const char *string)
{
	return span_equal(name, span_of_string(string));
}

static void
read_package(struct span content, struct package *package)
{
	struct reader reader = {.rest = content};
	struct newc entry;
	bool known;

	for (unsigned i = 0; i < MAX_ENTRIES && newc_next(&reader, content, &entry, &known) &&
			     !newc_is_trailer(&entry);
	     i++) {
		/* the first of a name is what is installed by */
		if (is(entry.name, "sw-description") && !package->has_description) {
			package->description = entry.content;
			package->has_description = entry.content.size <= LARGEST_DESCRIPTION;
		} else if (is(entry.name, "sw-description.sig") && !package->has_signature) {
			package->signature = entry.content;
			package->has_signature = true;
		}
	}
	if (package->has_description)
		swu_read_description(package->description, &package->words);
}

/* Does the description hold this file's digest?  `*changed`: it holds another one. */
static enum status
is_covered(struct signing *signing, const struct package *package, const struct newc *entry,
    bool *covered, bool *changed)
{
	const struct swu_artefact *artefact = swu_artefact_of(&package->words, entry->name);
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	TRY(digest_of(signing->job, entry->content, &digest));
	digest_to_hex(&digest, hex);
	*covered = span_find(package->description, hex, DIGEST_HEX_SIZE - 1, 0) <
		   package->description.size;
	if (*covered || artefact == NULL || artefact->sha256.size != DIGEST_HEX_SIZE - 1)
		return STATUS_OK;
	/* that of a compressed or encrypted one may be of what it becomes */
	*covered = artefact->compressed || artefact->encrypted;
	if (*covered)
		signing->uncompared = "a compressed or encrypted file";
	*changed = *changed || !*covered;
	return STATUS_OK;
}

static enum status
judge_cover(struct signing *signing, const struct package *package, bool *changed)
{
	struct reader reader = {.rest = signing->content};
	struct newc entry;
	bool known, whole = false;

	signing->fact.covers = "everything";
	for (unsigned i = 0;
	     i < MAX_ENTRIES && newc_next(&reader, signing->content, &entry, &known); i++) {
		const char *name = "";
		bool covered = true;

		whole = newc_is_trailer(&entry);
		if (whole)
			break;

		if (!is(entry.name, "sw-description") && !is(entry.name, "sw-description.sig"))
			TRY(is_covered(signing, package, &entry, &covered, changed));
		if (covered)
			continue;
		name = text_from_bytes(signing->job, entry.name.at, entry.name.size, 80);
		if (name == NULL)
			return STATUS_LIMIT;
		if (package->words.readable && !package->words.cut &&
		    swu_artefact_of(&package->words, entry.name) == NULL) {
			signing_say(signing, "%s is in it, and no part of the update", name);
			continue;
		}
		if (strcmp(signing->fact.covers, "everything") == 0)
			signing_say(signing, "the description holds no digest of %s", name);
		signing->fact.covers = "part";
	}
	if (!whole)
		signing->uncompared = "what is behind the last file that was read";
	return STATUS_OK;
}

/* PKCS #1 or PSS over the description; which of them only a key can tell. */
static enum status
try_raw(struct signing *signing, const struct package *package, struct trial *trial)
{
	uint8_t digest[DIGEST_LARGEST];
	struct raw_signature raw = {.scheme = SIGN_RSA,
	    .digest = DIGEST_SHA256,
	    .value = package->signature,
	    .signed_bytes = {
		digest, signing_digest(DIGEST_SHA256, &package->description, 1, digest)}};
	struct trial pss;
	size_t bits = package->signature.size * 8;

	*trial = signing_try(signing, &raw);
	raw.scheme = SIGN_RSA_PSS;
	pss = signing_try(signing, &raw);
	if (pss.outcome == OUTCOME_GOOD || pss.embedded_good) {
		*trial = pss;
		return signing_name(signing, &raw, bits);
	}
	raw.scheme = SIGN_RSA;
	TRY(signing_name(signing, &raw, bits));
	if (trial->key == NULL) /* nor is the hash known before */
		signing->fact.algorithm = NULL;
	return STATUS_OK;
}

static enum status
read_version(struct signing *signing, const struct package *package)
{
	struct span version = package->words.version;

	if (!package->words.readable)
		return STATUS_OK;
	signing->fact.rollback_protected = version.size != 0;
	if (version.size == 0)
		return STATUS_OK;
	signing->fact.version = text_from_bytes(signing->job, version.at, version.size, 64);
	return signing->fact.version == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
try_package(struct signing *signing, const struct package *package)
{
	struct update_signature_fact *fact = &signing->fact;
	struct trial trial = {.outcome = OUTCOME_NO_KEY};
	bool found, changed = false;

	TRY(signing_try_cms(signing, package->signature, &package->description, 1, &trial, &found));
	if (!found) {
		if (package->signature.size < 128 || package->signature.size > 1024 ||
		    package->signature.size % 64 != 0) {
			fact->scheme = "opaque";
			return judge_cover(signing, package, &changed);
		}
		TRY(try_raw(signing, package, &trial));
	}
	TRY(judge_cover(signing, package, &changed));
	if (changed)
		trial.outcome = OUTCOME_BAD;
	TRY(read_version(signing, package));
	return signing_conclude(signing, &trial);
}

static enum status
read_signature(struct signing *signing)
{
	struct package *package = arena_allocate(signing->job, sizeof *package);

	if (package == NULL)
		return STATUS_LIMIT;
	read_package(signing->content, package);
	if (!package->has_description)
		return STATUS_OK;
	signing->found = true;
	signing->fact.container = "swu";
	if (package->has_signature)
		return try_package(signing, package);
	signing->fact.scheme = "none";
	signing->fact.present = 0;
	return STATUS_OK;
}

static bool
begins(struct span head)
{
	return span_starts_with(head, "070701", 6) || span_starts_with(head, "070702", 6);
}

const struct signature_kind signature_kind_swupdate = {
    .name = "swupdate",
    .title = "SWUpdate: CMS or RSA over sw-description, which holds the digests of the files",
    .source = "SWUpdate documentation, \"Update images from verified source\"",
    .gaps = "encrypted descriptions",
    .formats = {"swu", "cpio"},
    .begins = begins,
    .read = read_signature,
};
