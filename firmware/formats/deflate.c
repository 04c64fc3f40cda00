/* Bare deflate has neither magic nor sum: it is looked for only where its container names it. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;

	if (!claim->expected)
		return;
	claim_stream(job, claim, deflate_decode(at, &claim->decoded, &used), used, at.size, "");
}

const struct format format_deflate = {
    .name = "deflate",
    .title = "deflate stream without a header",
    .source = "RFC 1951",
    .gaps = "read only where its container says that it stands; of a damaged one nothing is kept",
    .nature = NATURE_STREAM,
    .measure = measure,
};
