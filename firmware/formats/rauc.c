/* A RAUC bundle is a SquashFS, perhaps its hash tree, and a CMS message that signs them; encrypted
 * ones can be told by their end alone. */
#include "firmware/rauc_bundle.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"

#define MAX_TEXT 48u

static const char *
text_of(struct job *job, struct span bytes)
{
	const char *text = text_from_bytes(job, bytes.at, bytes.size, MAX_TEXT);

	return text == NULL ? "" : text;
}

static const char *
describe(struct job *job, const struct rauc *rauc)
{
	static const char *const names[] = {"plain", "verity", "crypt", "unknown format"};
	struct text detail = text_new(job);
	const char *string;

	text_put(&detail, names[rauc->format]);
	if (rauc->compatible.size != 0)
		text_printf(&detail, ", for \"%s\"", text_of(job, rauc->compatible));
	if (rauc->version.size != 0)
		text_printf(&detail, ", version \"%s\"", text_of(job, rauc->version));
	if (rauc->cms.type == CMS_ENVELOPED)
		text_printf(
		    &detail, ", manifest encrypted for %zu recipients", rauc->cms.recipients);
	else
		text_printf(
		    &detail, ", signed by \"%s\"", rauc->cms.name == NULL ? "" : rauc->cms.name);
	if (rauc->format == RAUC_VERITY)
		text_printf(&detail, ", hash tree %s", rauc->verity_good ? "good" : "bad");
	return text_finish(&detail, &string) == STATUS_OK ? string : NULL;
}

/* Type 2, signed, or 3, enveloped, behind the head of an ASN.1 sequence. */
static bool
is_cms(struct span message)
{
	static const uint8_t type[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};

	for (size_t head = 2; head <= 5; head++) {
		struct span behind = span_from(message, head);

		if (span_starts_with(behind, type, sizeof type) && behind.size > sizeof type)
			return behind.at[sizeof type] == 2 || behind.at[sizeof type] == 3;
	}
	return false;
}

static bool
ends(struct span at)
{
	return is_cms(rauc_message(at));
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct rauc rauc;

	if (!ends(at) || !rauc_read(job, at, &rauc) || rauc.payload.size == 0)
		return;
	claim->bytes = at.size;
	claim->detail = describe(job, &rauc);
	if (rauc.format == RAUC_VERITY && !rauc.verity_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "its hash tree is not that of the manifest";
	}
}

static enum status
add(struct unpack *unpack, struct node *container, const char *name, struct span content)
{
	return content.size == 0 ? STATUS_OK : unpack_part(unpack, container, name, content);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct rauc rauc;

	if (!rauc_read(job, content, &rauc))
		return fail(job, STATUS_LIMIT, "rauc: cannot be read again");
	if (rauc.format == RAUC_CRYPT)
		TRY(unpack_damage(unpack, container, 0, rauc.payload.size, COVERAGE_ENCRYPTED,
		    "rauc: the payload is encrypted"));
	else
		TRY(unpack_search(unpack, container, rauc.payload, 0, NULL, 0));
	if (rauc.format == RAUC_VERITY && !rauc.verity_good && rauc.hashes.size != 0)
		TRY(unpack_search_part(unpack, container, content, rauc.payload.size,
		    rauc.payload.size + rauc.hashes.size, NULL));
	TRY(add(unpack, container, "manifest.raucm", rauc.manifest));
	return add(unpack, container, "signature.p7s", rauc.message);
}

/* for those that something stands before; encrypted ones begin with nothing */
static const struct magic magics[] = {{.pattern = "hsqs", .length = 4}};

const struct format format_rauc = {
    .name = "rauc",
    .title = "RAUC update bundle: plain, verity, crypt",
    .source = "RAUC reference, \"Bundle Formats\" and \"Manifest\"; RFC 5652",
    .gaps = "encrypted (crypt) payloads; signatures are verified by the collector "
	    "update_signature; a bundle that is not the end of its layer is read as SquashFS",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .ends = ends,
    .measure = measure,
    .extract = extract,
};
