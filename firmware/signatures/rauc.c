/* A RAUC bundle ends in a CMS message: over the payload of a plain one, over the manifest with the
 * root of the payload's hash tree of a verity one. */
#include "base/arena.h"
#include "firmware/rauc_bundle.h"
#include "firmware/signature.h"

static enum status
read_version(struct signing *signing, const struct rauc *rauc)
{
	if (rauc->format == RAUC_PLAIN)
		return STATUS_OK; /* the manifest lies in the payload */
	signing->fact.rollback_protected = rauc->version.size != 0;
	if (rauc->version.size == 0)
		return STATUS_OK;
	signing->fact.version =
	    text_from_bytes(signing->job, rauc->version.at, rauc->version.size, 64);
	return signing->fact.version == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
read_signature(struct signing *signing)
{
	struct update_signature_fact *fact = &signing->fact;
	struct trial trial = {.outcome = OUTCOME_NO_KEY};
	struct rauc rauc;
	bool found, plain;

	if (!rauc_read(signing->job, signing->content, &rauc))
		return STATUS_OK;
	signing->found = true;
	fact->container = "raucb";
	if (rauc.cms.type == CMS_ENVELOPED) {
		fact->scheme = "opaque";
		signing_say(signing, "the manifest is encrypted: a signature may lie in it");
		return STATUS_OK;
	}
	plain = rauc.format == RAUC_PLAIN;
	TRY(signing_try_cms(signing, rauc.message, &rauc.payload, plain ? 1 : 0, &trial, &found));
	if (!found) {
		signing->found = false;
		return STATUS_OK;
	}
	fact->covers = plain || rauc.format == RAUC_VERITY ? "everything" : NULL;
	if (rauc.format == RAUC_VERITY && !rauc.verity_good) {
		trial.outcome = OUTCOME_BAD;
		signing_say(signing, "the payload is not that whose hash tree is signed");
	} else if (fact->covers == NULL) {
		signing->uncompared = "the payload";
	}
	TRY(read_version(signing, &rauc));
	return signing_conclude(signing, &trial);
}

const struct signature_kind signature_kind_rauc = {
    .name = "rauc",
    .title = "RAUC: CMS over payload or manifest",
    .source = "RAUC reference, \"Bundle Formats\"; RFC 5652",
    .gaps = "encrypted bundles; chunks of casync, which lie outside the bundle; revocation and "
	    "the validity of certificates in time",
    .formats = {"rauc"},
    .read = read_signature,
};
