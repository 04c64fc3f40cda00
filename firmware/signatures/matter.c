/* A Matter OTA header holds a digest: what vouches for it is the ledger, which no file carries. */
#include "firmware/signature.h"

static enum status
read_signature(struct signing *signing)
{
	struct reader reader = {.rest = signing->content};

	if (read_u32_le(&reader) != 0x1beef11e)
		return STATUS_OK;
	signing->found = true;
	signing->fact.scheme = "checksum";
	signing->fact.algorithm = "sha256";
	signing->fact.covers = "part";
	signing->fact.present = 0;
	signing_say(signing, "the header's digest covers the payload and is signed by nobody; the "
			     "payload has to carry a signature of the maker's own");
	return STATUS_OK;
}

const struct signature_kind signature_kind_matter = {
    .name = "matter",
    .title = "Matter OTA: a digest of the payload, no signature",
    .source = "Matter core specification 1.3, 11.21 \"OTA Software Image File Format\"",
    .gaps = "what the distributed compliance ledger says of the image",
    .formats = {"matter_ota"},
    .read = read_signature,
};
