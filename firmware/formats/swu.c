/* A SWUpdate package is a cpio archive whose first entry says what to do with the others. */
#include "firmware/swu_description.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/cms.h"

#define MAX_ENTRIES 4096u
#define MAX_TEXT 80u

/* What is known of a package before its files are looked at. */
struct package {
	struct swu_description description;
	struct span signature;
	bool is_signed;
	size_t good, encrypted;
	const char *bad; /* whose hash is not what the description says */
};

static bool
is_description(const struct newc *entry)
{
	return span_equal(entry->name, span_of_string("sw-description"));
}

static const char *
text_of(struct job *job, struct span bytes)
{
	const char *text = text_from_bytes(job, bytes.at, bytes.size, MAX_TEXT);

	return text == NULL ? "" : text;
}

/* A compressed one may be hashed before or after; an encrypted one is not what it will be. */
static enum status
check_entry(struct job *job, struct package *package, const struct newc *entry)
{
	const struct swu_artefact *artefact = swu_artefact_of(&package->description, entry->name);
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	if (artefact == NULL)
		return STATUS_OK;
	package->encrypted += artefact->encrypted;
	if (artefact->encrypted || artefact->compressed || artefact->sha256.size == 0 ||
	    artefact->sha256.at[0] == '@') /* a value swupdate's caller was to fill in */
		return STATUS_OK;
	TRY(digest_of(job, entry->content, &digest));
	digest_to_hex(&digest, hex);
	if (text_equal_ignoring_case(text_of(job, artefact->sha256), hex))
		package->good++;
	else
		package->bad =
		    arena_printf(job, "the sha256 of %s is bad", text_of(job, entry->name));
	return STATUS_OK;
}

/* Reads the package; false when it does not begin with a description. */
static bool
read_package(struct job *job, struct span content, bool check, struct package *package)
{
	struct reader reader = {.rest = content};
	struct newc entry;
	bool known;

	*package = (struct package){0};
	if (!newc_next(&reader, content, &entry, &known) || !is_description(&entry))
		return false;
	swu_read_description(entry.content, &package->description);
	for (unsigned i = 0; i < MAX_ENTRIES && newc_next(&reader, content, &entry, &known) &&
			     !newc_is_trailer(&entry);
	     i++) {
		if (span_equal(entry.name, span_of_string("sw-description.sig"))) {
			package->signature = entry.content;
			package->is_signed = true;
		} else if (check && check_entry(job, package, &entry) != STATUS_OK) {
			return false;
		}
	}
	return true;
}

static void
put_signature(struct job *job, struct text *detail, const struct package *package)
{
	struct cms cms;

	if (!package->is_signed) {
		text_put(detail, ", not signed");
		return;
	}
	if (cms_read(job, package->signature, &cms) == STATUS_OK && cms.type == CMS_SIGNED)
		text_printf(detail, ", signed by \"%s\"", cms.name == NULL ? "" : cms.name);
	else
		text_printf(detail, ", a signature of %zu bytes", package->signature.size);
}

static const char *
describe(struct job *job, const struct package *package, const char *archive)
{
	const struct swu_description *description = &package->description;
	struct text detail = text_new(job);
	const char *string;

	if (!description->readable)
		text_put(&detail, "its description cannot be read");
	else
		text_printf(&detail, "version \"%s\"", text_of(job, description->version));
	if (description->hardware.size != 0)
		text_printf(&detail, ", for hardware \"%s\"", text_of(job, description->hardware));
	put_signature(job, &detail, package);
	if (package->bad != NULL)
		text_printf(&detail, ", %s", package->bad);
	else if (package->good != 0)
		text_printf(&detail, ", %zu hashes good: sha256", package->good);
	if (package->encrypted != 0)
		text_printf(&detail, ", %zu encrypted", package->encrypted);
	text_printf(&detail, ", %s", archive);
	return text_finish(&detail, &string) == STATUS_OK ? string : NULL;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct package *package;

	/* the name stands right behind the header */
	if (!span_starts_with(span_from(at, 110), "sw-description", 15))
		return;
	package = arena_allocate(job, sizeof *package);
	if (package == NULL || !read_package(job, at, true, package))
		return;
	newc_measure(job, at, claim);
	if (claim->bytes == 0 || claim->detail == NULL)
		return;
	claim->detail = describe(job, package, claim->detail);
	if (claim->incomplete == NULL && !package->description.readable)
		claim->incomplete = "what in it is encrypted is not known";
	if (claim->incomplete == NULL && package->description.cut)
		claim->incomplete = "limit: its description is too large";
	if (claim->incomplete == NULL && package->bad != NULL) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = package->bad;
	}
}

static const char *
judge(void *context, struct job *job, const struct newc *entry)
{
	const struct package *package = context;
	const struct swu_artefact *artefact = swu_artefact_of(&package->description, entry->name);

	if (artefact == NULL || !artefact->encrypted)
		return NULL;
	return arena_printf(job, "swu: %s is encrypted", text_of(job, entry->name));
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct package *package = arena_allocate(job, sizeof *package);
	struct newc_judge encrypted = {judge, package, COVERAGE_ENCRYPTED};

	if (package == NULL || !read_package(job, content, false, package))
		return fail(job, STATUS_LIMIT, "swu: cannot be read again");
	return newc_extract(job, unpack, container, content, &encrypted);
}

static const struct magic magics[] = {{.pattern = "07070[12]", .length = 6}};

const struct format format_swu = {
    .name = "swu",
    .title = "SWUpdate package",
    .source = "SWUpdate documentation, \"SWUpdate: syntax and tags with the default parser\", "
	      "\"Update images from verified source\", \"Symmetrically Encrypted Update Images\"",
    .gaps = "encrypted descriptions and artefacts; descriptions in XML or Lua; signatures are "
	    "verified by the collector update_signature",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
