/* A bzip2 stream opens with the digits of π, so its magic is a long one. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = bzip2_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
	claim->costly = true; /* each attempt takes megabytes of tables */
}

static const struct magic magics[] = {
    {.pattern = "BZh[1-9]\\x31\\x41\\x59", .length = 7},
    {.pattern = "BZh[1-9]\\x17\\x72\\x45", .length = 7}, /* empty */
};

const struct format format_bzip2 = {
    .name = "bzip2",
    .title = "bzip2 stream",
    .source = "bzip2 1.0 manual; the format has no other specification",
    .gaps = "none known",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
