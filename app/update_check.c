/* A yes needs a given key, for every byte; whatever else is no, or cannot be told. */
#include "app/update_check.h"

#include <string.h>

#include "app/command.h"
#include "assess/report_screen.h"
#include "base/arena.h"
#include "base/text.h"

static const struct update_answer answers[] = {
    {STATUS_OK, "verified", "VERIFIED", "All of it is signed, and given keys verify it."},
    {STATUS_NO, "not verified", "DOES NOT VERIFY",
	"A signature does not verify, or none of the given keys made it."},
    {STATUS_NO, "not signed", "NOT SIGNED",
	"Nothing in it is a signature: a checksum finds accidents, not attackers."},
    {STATUS_UNDECIDED, "undecided", "CANNOT BE TOLD",
	"It is signed; give the signer's key with --trust to verify it."},
    {STATUS_UNDECIDED, "undecided", "CANNOT BE TOLD",
	"It is signed, and its key comes with it, which does not show who made it; give the "
	"signer's key with --trust to verify it."},
    {STATUS_UNDECIDED, "undecided", "CANNOT BE TOLD",
	"A given key verifies a signature that does not cover all of the image."},
    {STATUS_UNDECIDED, "undecided", "CANNOT BE TOLD",
	"Not all of it could be read: it may be signed, or may not."},
};

enum { VERIFIED, NOT_VERIFIED, NOT_SIGNED, NO_KEY, OWN_KEY, NOT_ALL, NOT_READ };

static const struct update_signature_fact *
signature_of(const struct fact_list *facts, size_t i)
{
	return facts->facts[i].kind == FACT_update_signature ? &facts->facts[i].as.update_signature
							     : NULL;
}

static bool
is_genuine(const struct update_signature_fact *signature)
{
	return signature->present == 1 && signature->verified == 1 &&
	       signature->verified_with != NULL &&
	       strcmp(signature->verified_with, "embedded") != 0;
}

static bool
covers_all(const struct update_signature_fact *signature)
{
	return signature->covers != NULL && strcmp(signature->covers, "everything") == 0;
}

/* Is the container at the beginning of this file all of it?  A cpio archive is filled up to a
 * block.
 */
static bool
fills_file(const struct fact_list *facts, const char *path, const char *format)
{
	int64_t file = UNKNOWN, container = UNKNOWN;
	int64_t fill = strcmp(format, "swu") == 0 ? 511 : 0;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_file && fact->path != NULL && strcmp(fact->path, path) == 0)
			file = fact->as.file.bytes;
		if (fact->kind == FACT_region && fact->as.region.parent != NULL &&
		    strcmp(fact->as.region.parent, path) == 0 && fact->offset == 0 &&
		    fact->as.region.format != NULL && fact->as.region.format[0] != '\0')
			container = fact->as.region.bytes;
	}
	return file != UNKNOWN && container != UNKNOWN && container <= file &&
	       file - container <= fill;
}

/* A container without a signature of its own, that a genuine one covers: what stands before
 * OpenWrt's, and the stream that holds nothing else. */
static bool
is_covered(const struct fact_list *facts, const struct fact *bare)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct update_signature_fact *signature = signature_of(facts, i);
		const struct fact *fact = &facts->facts[i];
		size_t size = bare->path == NULL ? 0 : strlen(bare->path);

		if (signature == NULL || !is_genuine(signature) || !covers_all(signature) ||
		    fact->path == NULL || size == 0)
			continue;
		if (strcmp(signature->container, "fwtool") == 0 &&
		    strchr(fact->path, '/') == NULL && fact->offset > bare->offset)
			return true;
		if (strncmp(fact->path, bare->path, size) == 0 &&
		    strcmp(fact->path + size, "/data") == 0 &&
		    fills_file(facts, fact->path, signature->container))
			return true;
	}
	return false;
}

static bool
was_read(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_looked && fact->as.looked.kind != NULL &&
		    strcmp(fact->as.looked.kind, "update_signature") == 0)
			return fact->as.looked.complete == 1;
	}
	return false;
}

/* Bytes beside all containers, that nobody knows. */
static bool
has_loose_bytes(const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct region_fact *region = &facts->facts[i].as.region;

		if (facts->facts[i].kind == FACT_region && region->parent != NULL &&
		    region->parent[0] == '\0' && region->coverage != NULL &&
		    strcmp(region->coverage, "gap") == 0)
			return true;
	}
	return false;
}

struct update_answer
update_answer_of(const struct fact_list *facts)
{
	size_t found = 0, genuine = 0, unknown = 0, part = 0, own = 0;

	for (size_t i = 0; i < facts->count; i++) {
		const struct update_signature_fact *signature = signature_of(facts, i);

		if (signature == NULL)
			continue;
		if (signature->verified == 0)
			return answers[NOT_VERIFIED];
		found += signature->present == 1;
		unknown += signature->present == UNKNOWN;
		genuine += is_genuine(signature);
		own += signature->verified_with != NULL && !is_genuine(signature);
		part += signature->present == 1 ? !covers_all(signature)
						: !is_covered(facts, &facts->facts[i]);
	}
	if (found == 0)
		return answers[unknown != 0 || !was_read(facts) ? NOT_READ : NOT_SIGNED];
	if (genuine == 0)
		return answers[own != 0 ? OWN_KEY : NO_KEY];
	return answers[genuine < found || part != 0 || has_loose_bytes(facts) ? NOT_ALL : VERIFIED];
}

static void
put_row(struct screen *screen, const char *label, const char *value)
{
	if (value != NULL)
		screen_labelled(screen, 4, label, screen_words(screen, value));
}

static const char *
words_of_presence(const struct update_signature_fact *signature, bool was_all_read)
{
	if (signature->present == 0 && !was_all_read)
		return "no signature in what could be read";
	if (signature->present == 1)
		return "signed";
	if (signature->present == UNKNOWN)
		return "whether it is signed cannot be told";
	return signature->scheme != NULL && strcmp(signature->scheme, "checksum") == 0
		   ? "not signed: a checksum only, which is no protection"
		   : "not signed";
}

static const char *
words_of_verification(const struct update_signature_fact *signature)
{
	if (signature->verified == 0)
		return "no";
	if (signature->verified == UNKNOWN)
		return "cannot be told";
	return is_genuine(signature) ? signature->verified_with
				     : "only with a key that comes with the image: it is whole, "
				       "who made it is not shown";
}

static const char *
words_of_rollback(const struct update_signature_fact *signature)
{
	if (signature->rollback_protected == UNKNOWN)
		return "cannot be told";
	return signature->rollback_protected == 1
		   ? "the signature binds a version, by which a unit can refuse an older one"
		   : "no version is bound: an older image verifies as well";
}

static void
put_container(struct screen *screen, const struct fact *fact, bool was_all_read)
{
	const struct update_signature_fact *signature = &fact->as.update_signature;
	const char *algorithm =
	    signature->algorithm == NULL ? signature->scheme : signature->algorithm;

	screen_line(screen, 2,
	    arena_printf(screen->job, "%s (%s): %s", fact->path == NULL ? "" : fact->path,
		signature->container == NULL ? "" : signature->container,
		screen_words(screen, words_of_presence(signature, was_all_read))));
	if (algorithm != NULL && strcmp(algorithm, "none") != 0)
		put_row(screen, "Algorithm", algorithm);
	put_row(screen, "Key (SHA-256)", signature->key_fingerprint);
	if (signature->present == 1) {
		put_row(screen, is_genuine(signature) ? "Verified with" : "Verified",
		    words_of_verification(signature));
		put_row(
		    screen, "Covers", signature->covers == NULL ? "not known" : signature->covers);
		put_row(screen, "Rollback", words_of_rollback(signature));
	}
	put_row(screen, "Version", signature->version);
	put_row(screen, "Detail", signature->detail);
}

enum status
update_answer_print(struct job *job, int language, const struct fact_list *facts,
    const struct update_answer *answer)
{
	struct report_options options = {.language = language};
	struct screen screen = {job, NULL, &options, false, text_new(job)};
	const char *out;

	screen_line(&screen, 0, screen_words(&screen, answer->headline));
	screen_line(&screen, 2, screen_words(&screen, answer->reason));
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_update_signature)
			put_container(&screen, &facts->facts[i], was_read(facts));
	TRY(text_finish(&screen.out, &out));
	say("%s", out);
	return STATUS_OK;
}
